#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real NetworkManager as a mechanism, in a system of the test's own, where it writes resolv.conf
# itself: switched on, every look-up reaches the target and none the network's server; switched off,
# all is as it was, or as the network is by then.
#
# Usage: lease_by_networkmanager.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"
# shellcheck source=tests/system/own_system.bash
source "$here/own_system.bash"

needPrograms unbound dig dbus-daemon dbus-send ip unshare getent
needUnpacked NetworkManager nmcli
enterOwnSystem "$@"
makeSandbox
layOwnSystem

mechanism() {
    local verb=$1
    shift
    "$bin/mechanism_console" networkmanager "$verb" "$@"
}

nmcli() {
    "${ownLibraries[@]}" "$(unpackedProgram nmcli)" "$@"
}

startNetworkManager() {
    startProgram "$sandbox/nm.log" "${ownLibraries[@]}" "$(unpackedProgram NetworkManager)" --no-daemon
    networkManagerId=$programId
    eventually 20 nmcli general
}

# Its own memory of the global configuration, without comments.
memory() {
    sed '/^#/d; /^$/d' /var/lib/NetworkManager/NetworkManager-intern.conf 2>/dev/null
}

global() {
    dbus-send --system --print-reply=literal --dest=org.freedesktop.NetworkManager \
        /org/freedesktop/NetworkManager org.freedesktop.DBus.Properties.Get \
        string:org.freedesktop.NetworkManager string:GlobalDnsConfiguration
}

holder() {
    mechanism standing 127.0.0.1 53 "$1" | sed -n 's/.*"holder":"\([a-z]*\)".*/\1/p'
}

isHeldBy() {
    [[ $(holder "$2") == "$1" ]]
}

fileSays() {
    grep -qx "$1" /etc/resolv.conf
}

addConnection() {
    nmcli connection add type ethernet ifname lan0 con-name "$1" autoconnect no \
        ipv4.method manual ipv4.addresses "$2" ipv4.dns "$3" ipv4.dns-search "$4" \
        ipv4.dns-options "$5" ipv6.method disabled >/dev/null
}

rm -rf /etc/NetworkManager /var/lib/NetworkManager
mkdir -p /etc/NetworkManager/system-connections /var/lib/NetworkManager
printf '[main]\nplugins=keyfile\ndns=default\nno-auto-default=*\n[keyfile]\nunmanaged-devices=interface-name:lan1\n' \
    >/etc/NetworkManager/NetworkManager.conf
rm -f /etc/resolv.conf
: >/etc/resolv.conf

startBus
startResponder ours 127.0.0.1 192.0.2.53
startResponder lan 10.99.0.1 192.0.2.1
startResponder hotel 10.99.1.1 192.0.2.2
startNetworkManager || {
    cat "$sandbox/nm.log"
    skip "NetworkManager does not start here"
}
addConnection lan 10.99.0.2/24 10.99.0.1 lan.example 'timeout:3'
addConnection hotel 10.99.1.2/24 10.99.1.1 hotel.example ''
nmcli connection up lan >/dev/null || {
    tail -n 30 "$sandbox/nm.log"
    skip "NetworkManager brings no link up here"
}
eventually 10 fileSays 'nameserver 10.99.0.1' || fail "NetworkManager writes resolv.conf"

printf -- '--- before\n'
check "it is found" mechanism look
check "names reach the network's server" reaches lan 192.0.2.1 ours byGetent
before=$(mechanism capture)
check "there is no global configuration" test "$before" = '{"global":{}}'
cp /etc/resolv.conf "$sandbox/resolv.before"
memory >"$sandbox/memory.before"

printf -- '--- on\n'
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
check "it is held" isHeldBy us "$before"
check "the file names us" fileSays 'nameserver 127.0.0.1'
check "and nobody else" test "$(grep -c ^nameserver /etc/resolv.conf)" -eq 1
check "the search domain stays" fileSays 'search lan.example'
check "the options stay" fileSays 'options timeout:3'
for way in byGetent byDig byChild; do
    check "$way reaches us, not the network" reaches ours 192.0.2.53 lan "$way"
done
check "it is applied again without a word" mechanism apply 127.0.0.1 53 "$before"

printf -- '--- another network\n'
startWatching networkmanager
nmcli connection up hotel >/dev/null
check "it tells of the change" eventually 10 hasChanged
endWatching
check "the new network is not asked" reaches ours 192.0.2.53 hotel byGetent
check "its search domain is to be taken over" isHeldBy agent "$before"
check "it is applied anew" mechanism apply 127.0.0.1 53 "$before"
check "it is held" isHeldBy us "$before"
check "the new search domain is there" fileSays 'search hotel.example'
check "the old one is not" refuse grep -q 'lan.example' /etc/resolv.conf
endProgram "$networkManagerId"
check "while NetworkManager is gone it is held" isHeldBy us "$before"
check "and cannot be given back" refuse mechanism restore 127.0.0.1 53 "$before"
startNetworkManager
nmcli connection up hotel >/dev/null
check "it is held after a restart" isHeldBy us "$before"
check "and names reach us" reaches ours 192.0.2.53 hotel byGetent

printf -- '--- off\n'
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
check "the file names the new network's server" fileSays 'nameserver 10.99.1.1'
check "names reach it" reaches hotel 192.0.2.2 ours byGetent
memory >"$sandbox/memory.after"
check "NetworkManager remembers nothing of us" diff "$sandbox/memory.before" "$sandbox/memory.after"
nmcli connection up lan >/dev/null
eventually 10 fileSays 'nameserver 10.99.0.1'
check "back in the first network, the file is the same" \
    diff "$sandbox/resolv.before" /etc/resolv.conf

printf -- '--- a global configuration of a person\n'
"$bin/mechanism_console" networkmanager restore 127.0.0.1 53 '{}'
personsGlobal='{"global":{"domains":{"dict":{"*":{"dict":{"options":{"as":["timeout:2"]},"servers":{"as":["10.99.1.1"]}}},"corp.example":{"dict":{"servers":{"as":["10.99.0.1"]}}}}},"options":{"as":["rotate"]},"searches":{"as":["own.example"]}}}'
# Ours, then "given back" from a made journal: this sets the person's.
check "a made configuration is applied over" mechanism apply 127.0.0.1 53 "$personsGlobal"
check "and set" mechanism restore 127.0.0.1 53 "$personsGlobal"
global >"$sandbox/global.before"
memory >"$sandbox/memory.before"
cp /etc/resolv.conf "$sandbox/resolv.before"
before=$(mechanism capture)
check "all of it is captured" test "$before" = "$personsGlobal"
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
check "its search domain stays" fileSays 'search own.example'
check "names reach us" reaches ours 192.0.2.53 hotel byGetent
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
global >"$sandbox/global.after"
memory >"$sandbox/memory.after"
check "the bus says the same" diff "$sandbox/global.before" "$sandbox/global.after"
check "NetworkManager remembers the same" diff "$sandbox/memory.before" "$sandbox/memory.after"
check "the file is the same" diff "$sandbox/resolv.before" /etc/resolv.conf
check "names reach the person's server" reaches hotel 192.0.2.2 ours byGetent

printf -- '--- without a record\n'
check "a person's configuration is not Sotto's" refuse mechanism leftover
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
check "what is Sotto's shows" test "$(mechanism leftover)" = \
    '{"addresses":"127.0.0.1","port":53,"remedy":""}'
endProgram "$networkManagerId"
startNetworkManager
nmcli connection up hotel >/dev/null
check "also after a restart" mechanism leftover
check "it is taken away" mechanism restore 127.0.0.1 53 '{}'
check "the file names the network's server" eventually 5 fileSays 'nameserver 10.99.1.1'
check "names reach it" reaches hotel 192.0.2.2 ours byGetent
check "nothing is Sotto's" refuse mechanism leftover
check "NetworkManager remembers nothing of us" refuse grep -q 127.0.0.1 <(memory)
endProgram "$networkManagerId"
cp /etc/NetworkManager/NetworkManager.conf "$sandbox/manager.conf"
printf '[global-dns]\n[global-dns-domain-*]\nservers=127.0.0.1\n' >>/etc/NetworkManager/NetworkManager.conf
startNetworkManager
check "a local server in NetworkManager.conf is a person's" refuse mechanism leftover
check "which the bus would not tell" grep -q 127.0.0.1 <(global)
endProgram "$networkManagerId"
cp "$sandbox/manager.conf" /etc/NetworkManager/NetworkManager.conf
startNetworkManager
nmcli connection up hotel >/dev/null

printf -- '--- edits\n'
before='{"global":{}}'
global >"$sandbox/global.before"
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
printf 'nameserver 10.99.0.1\n' >/etc/resolv.conf
check "an edit of the file is a person's" isHeldBy person "$before"
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
global >"$sandbox/global.after"
check "the bus says the same" diff "$sandbox/global.before" "$sandbox/global.after"
check "and the edit stays" test "$(cat /etc/resolv.conf)" = 'nameserver 10.99.0.1'

finish
