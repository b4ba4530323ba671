#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real systemd-resolved as a mechanism, in a system of the test's own: switched on, every look-up
# reaches the target and none the network's server; switched off, all is as it was, or as the network
# is by then.
#
# Usage: lease_by_resolved.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"
# shellcheck source=tests/system/own_system.bash
source "$here/own_system.bash"

needPrograms unbound dig dbus-daemon dbus-send ip unshare getent
needUnpacked systemd-resolved resolvectl
enterOwnSystem "$@"
makeSandbox
layOwnSystem
ip address add 10.99.0.2/24 dev lan0

mechanism() {
    local verb=$1
    shift
    "$bin/mechanism_console" systemd-resolved "$verb" "$@"
}

resolve() {
    "${ownLibraries[@]}" "$(unpackedProgram resolvectl)" "$@"
}

byResolvectl() {
    resolve query --cache=no -4 "$1"
}

byBus() {
    "$bin/mechanism_console" resolved-lookup "$1"
}

# What systemd-resolved says of its settings, without what it has just done.
busState() {
    local property
    for property in DNSEx FallbackDNSEx Domains DNSOverTLS DNSSEC LLMNR MulticastDNS \
        DNSStubListener ResolvConfMode; do
        printf '%s\n' "$property"
        dbus-send --system --print-reply=literal --dest=org.freedesktop.resolve1 \
            /org/freedesktop/resolve1 org.freedesktop.DBus.Properties.Get \
            string:org.freedesktop.resolve1.Manager "string:$property"
    done
}

# fallbackServers BUS-STATE: whether it has any.
fallbackServers() {
    grep -A 2 '^FallbackDNSEx' "$1" | grep -q struct
}

state() {
    busState
    filesBelow /etc/systemd /run/systemd/resolved.conf.d /etc/resolv.conf
    cat /run/systemd/resolve/*resolv.conf
}

# holder BEFORE: who holds it.
holder() {
    mechanism standing 127.0.0.1 53 "$1" | sed -n 's/.*"holder":"\([a-z]*\)".*/\1/p'
}

isHeldBy() {
    [[ $(holder "$2") == "$1" ]]
}

printf '[Resolve]\nDNS=10.99.1.1\nFallbackDNS=10.99.0.9\nDNSSEC=no\nDomains=home.example\n' | layResolved
rm -f /etc/resolv.conf
ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf

startBus
busId=$programId
startResponder ours 127.0.0.1 192.0.2.53
startResponder network 10.99.0.1 192.0.2.1
startResponder person 10.99.1.1 192.0.2.2
startProgram "$sandbox/resolved.log" "${ownLibraries[@]}" "$bin/unit_restarter" systemd-resolved.service \
    "$(unpackedProgram systemd-resolved)"
restarterId=$programId
eventually 10 resolve status || {
    cat "$sandbox/resolved.log"
    skip "systemd-resolved does not start here"
}
resolve dns lan0 10.99.0.1
resolve default-route lan0 yes

printf -- '--- before\n'
check "it is found" mechanism look
busState >"$sandbox/bus.before"
check "there are others to fall back to" fallbackServers "$sandbox/bus.before"
check "names are asked where a person and the network say" byGetent before.example
before=$(mechanism capture)
state >"$sandbox/state.before"

printf -- '--- on\n'
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
check "it is held" isHeldBy us "$before"
for way in byGetent byDig byChild byResolvectl byBus; do
    check "$way reaches us, not the network" reaches ours 192.0.2.53 network "$way"
    check "$way reaches us, not the person's server" reaches ours 192.0.2.53 person "$way"
done
busState >"$sandbox/bus.on"
check "nobody is asked in case we do not answer" refuse fallbackServers "$sandbox/bus.on"
startWatching systemd-resolved
restartResolved
check "it tells of a restart by others" eventually 10 hasChanged
endWatching
check "which keeps it" isHeldBy us "$before"
check "and names still reach us" reaches ours 192.0.2.53 network byGetent
check "it is applied again without a word" mechanism apply 127.0.0.1 53 "$before"

printf -- '--- what is asked beside us\n'
check "an ordinary link is no exception" grep -q '"exceptions":\[\]' <(mechanism coverage)
resolve domain lan0 corp.example
check "a link's domain is named" grep -q '"kind":"link_domains","subject":"lan0"' <(
    mechanism coverage | sed 's/{"detail":"[^"]*",/{/g'
)
newName corp.example
byGetent "$name" >/dev/null
check "and goes to its server" test "$(asked network "$name")" -gt 0
resolve domain lan0 '~.'
check "a link for every name is named" grep -q '"kind":"link_route_all","subject":"lan0"' <(
    mechanism coverage | sed 's/{"detail":"[^"]*",/{/g'
)
resolve domain lan0 ''

printf -- '--- off\n'
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
state >"$sandbox/state.after"
check "bus and files are as before" diff "$sandbox/state.before" "$sandbox/state.after"
newName names.example
byGetent "$name" >/dev/null
check "names are asked at the earlier servers" \
    test "$(asked person "$name")$(asked network "$name")" != 00
check "and not here" test "$(asked ours "$name")" -eq 0
check "it is given back again without a word" mechanism restore 127.0.0.1 53 "$before"

printf -- '--- another port, and another network meanwhile\n'
rm /etc/systemd/resolved.conf
restartResolved
before=$(mechanism capture)
check "another port and IPv6 are applied" mechanism apply 127.0.0.1,::1 5300 "$before"
check "they are named" \
    grep -qxF 'DNS=127.0.0.1:5300 [::1]:5300' /run/systemd/resolved.conf.d/zz-sotto.conf
check "they are held" grep -q '"holder":"us"' <(mechanism standing 127.0.0.1,::1 5300 "$before")
check "another target is taken over" mechanism apply 127.0.0.1 53 "$before"
resolve dns lan0 10.99.1.1
check "the new network is not asked" reaches ours 192.0.2.53 person byGetent
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
check "the new network's server is asked" reaches person 192.0.2.2 network byGetent
check "and not ours" reaches person 192.0.2.2 ours byDig

printf -- '--- given back while it cannot be seen\n'
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
kill "$(pgrep -P "$restarterId")" # systemd takes it for active still
check "it is not on the bus" eventually 10 refuse onBus org.freedesktop.resolve1
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
check "it is back, and asks the network" reaches person 192.0.2.2 ours byDig
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
endProgram "$busId"
mechanism restore 127.0.0.1 53 "$before" 2>"$sandbox/fault"
check "without a bus it is not believed to be off" grep -q 'the system bus' "$sandbox/fault"
check "but the drop-in is gone" test ! -e /run/systemd/resolved.conf.d/zz-sotto.conf
printf 'nameserver 10.99.1.1\n' >/run/systemd/resolve/resolv.conf # as it writes once it has others
check "where its file names others, all is given back" mechanism restore 127.0.0.1 53 "$before"

finish
