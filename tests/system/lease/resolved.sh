#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real lease keeper with the real systemd-resolved: taken, held over its restarts, given back,
# also where the keeper was killed, or the service is gone.
#
# Usage: resolved.sh FOLDER-OF-PROGRAMS

# shellcheck disable=SC2119 # functions with arguments of their own
set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/own_system.bash
source "$here/../own_system.bash"
# shellcheck source=tests/system/lease/lease_system.bash
source "$here/lease_system.bash"

needPrograms dbus-daemon dbus-send ip unshare getent
needUnpacked systemd-resolved resolvectl
enterOwnSystem "$@"
makeSandbox
layOwnSystem
ip address add 10.99.0.2/24 dev lan0
useLeaseFolders

resolve() {
    "${ownLibraries[@]}" "$(unpackedProgram resolvectl)" "$@"
}

dropIns() {
    find /run/systemd/resolved.conf.d -type f 2>/dev/null
}

isTaken() {
    [[ -n $(dropIns) ]] && resolve dns | grep -q '^Global: 127.0.0.1'
}

isBack() {
    [[ -z $(dropIns) ]] && ! resolve dns | grep -q '^Global: 127.0.0.1'
}

printf '[Resolve]\nFallbackDNS=\nDNSSEC=no\n' | layResolved
printf 'hosts: files dns\n' >/etc/nsswitch.conf
umount /etc/resolv.conf 2>/dev/null
rm -f /etc/resolv.conf
ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf

startBus
startProgram "$sandbox/resolved.log" "${ownLibraries[@]}" "$bin/unit_restarter" \
    systemd-resolved.service "$(unpackedProgram systemd-resolved)"
eventually 10 resolve status || {
    cat "$sandbox/resolved.log"
    skip "systemd-resolved does not start here"
}
resolve dns lan0 10.99.0.1
startCheckResponder

printf -- '--- taken and given back\n'
startKeeper
awaitKeeper
startService
check "the lease is taken" eventually 15 reports held
check "by systemd-resolved" grep -q '"mechanisms":\["systemd-resolved"\]' "$sandbox/service.log"
check "it asks Sotto" isTaken
restartResolved
check "which a restart of it does not change" eventually 10 isTaken
check "nor the lease" eventually 5 describes held
check "restore" restore
check "nothing of ours is left" isBack
check "the link has its server" grep -q 10.99.0.1 <(resolve dns lan0)
check "no journal is left" hasNoJournal
endProgram "$serviceId"

printf -- '--- a killed keeper\n'
startService
check "the lease is taken" eventually 15 reports held
killProgram "$keeperId"
endProgram "$serviceId"
check "it asks Sotto" isTaken
startKeeper
awaitKeeper
startService
check "the next keeper goes on" eventually 5 reports held
killProgram "$responderId"
endProgram "$serviceId"
check "without an answer it is given back" eventually 13 isBack
check "no journal is left" eventually 3 hasNoJournal
endProgram "$keeperId"

printf -- '--- restore alone\n'
startCheckResponder
startKeeper
awaitKeeper
startService
check "the lease is taken" eventually 15 reports held
killProgram "$keeperId"
endProgram "$serviceId"
check "restore" restore
check "nothing of ours is left" isBack
check "no journal is left" hasNoJournal

printf -- '--- a person\n'
startKeeper
awaitKeeper
startService
check "the lease is taken" eventually 15 reports held
rm -f "$(dropIns)"
restartResolved
check "a person wins" eventually 5 reports yielded
check "restore leaves it so" restore
check "nothing of ours is left" isBack
check "no journal is left" hasNoJournal
endProgram "$serviceId"
endProgram "$keeperId"

finish
