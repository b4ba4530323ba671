#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sottod asks the real polkitd, on a message bus and with actions of their own, in namespaces of
# their own: whom it allows may, whom it does not may not, and nobody is asked where nobody is there.
#
# Usage: real_polkit.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck disable=SC2034 # of sandbox.bash
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:?the folder of the programs}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"

polkitd=/usr/lib/polkit-1/polkitd
needPrograms ip unshare setpriv dbus-daemon
[[ -x $polkitd ]] || skip "polkitd is not installed"
[[ $EUID == 0 ]] || skip "needs root to become somebody else"
id polkitd >/dev/null 2>&1 || skip "polkitd has no user of its own"
if [[ ${SOTTO_OWN_MOUNTS-} != 1 ]]; then
    unshare --mount true 2>/dev/null || skip "this user may not make a mount namespace"
    SOTTO_OWN_MOUNTS=1 exec unshare --mount --propagation private bash "$0" "$@"
fi
enterOwnNetwork "$@"
makeSandbox
chmod 755 "$sandbox"

mkdir -p "$sandbox/actions" "$sandbox/rules" "$sandbox/run"
cat >"$sandbox/actions/org.sottodns.policy" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE policyconfig PUBLIC
 "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd">
<policyconfig>
  <action id="org.sottodns.toggle">
    <description>t</description><message>t</message>
    <defaults><allow_any>auth_admin</allow_any></defaults>
  </action>
  <action id="org.sottodns.read-log">
    <description>r</description><message>r</message>
    <defaults><allow_any>auth_admin</allow_any></defaults>
  </action>
  <action id="org.sottodns.configure">
    <description>c</description><message>c</message>
    <defaults><allow_any>no</allow_any></defaults>
  </action>
</policyconfig>
XML
mount --bind "$sandbox/actions" /usr/share/polkit-1/actions ||
    skip "polkit's actions cannot be replaced in the namespace"
mkdir -p /etc/polkit-1/rules.d
cat >"$sandbox/rules/50-test.rules" <<'JS'
polkit.addRule(function(action, subject) {
    if (action.id == "org.sottodns.toggle" && subject.user == "nobody")
        return polkit.Result.YES;
});
JS
chmod 755 "$sandbox/rules"
mount --bind "$sandbox/rules" /etc/polkit-1/rules.d ||
    skip "polkit's rules cannot be replaced in the namespace"

cat >"$sandbox/bus.conf" <<XML
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=$sandbox/run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*" eavesdrop="true"/><allow own="*"/><allow user="*"/>
  </policy>
</busconfig>
XML
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$sandbox/run/bus
startProgram "$sandbox/bus.log" dbus-daemon --config-file="$sandbox/bus.conf" --nofork
eventually 10 test -S "$sandbox/run/bus" || fail "the bus starts"
startProgram "$sandbox/polkitd.log" "$polkitd" --no-debug
hasPolkit() {
    dbus-send --system --print-reply --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.GetNameOwner string:org.freedesktop.PolicyKit1
}
eventually 10 hasPolkit || { cat "$sandbox/polkitd.log" >&2; fail "polkitd starts"; }

printf 'listen = ["127.0.0.1:5300"]\nforward.source_address = ["127.0.0.1"]\n' \
    >"$sandbox/sotto.toml"
startProgram "$sandbox/sottod.log" "$bin/sottod" --config "$sandbox/sotto.toml" \
    --state-dir "$sandbox/state" --socket "$sandbox/run/s" --lease-socket "$sandbox/no-keeper"
check "sottod answers" eventually 10 grep -q "answers on" "$sandbox/sottod.log"

# as USER ARGUMENT…: sottoctl's exit status.
as() {
    local user=$1
    shift
    setpriv --reuid="$user" --regid=65534 --clear-groups "$bin/sottoctl" \
        --socket "$sandbox/run/s" "$@" >/dev/null 2>"$sandbox/said"
    printf '%s' $?
}
isEnabled() {
    "$bin/sottoctl" --socket "$sandbox/run/s" --json status | grep -q '"enabled": *true'
}

check "whom a rule allows may switch it off" test "$(as nobody disable)" = 0
check "and it is off" refuse isEnabled
check "and on again" test "$(as nobody enable)" = 0
check "another user may not, for there is nobody to ask" test "$(as daemon disable)" = 4
check "and it stays on" isEnabled
check "settings are refused" test "$(as nobody settings set policy random)" = 4
check "statistics too" test "$(as daemon stats)" = 4
check "root may everything" test "$(as root settings set policy random)" = 0

finish
