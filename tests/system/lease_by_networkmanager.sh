#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real NetworkManager as a mechanism, in a system of the test's own, where it writes resolv.conf
# itself: switched on, every look-up reaches the target and none the network's server; switched off,
# all is as it was, or as the network is by then; also where NetworkManager is gone by then.
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
needUnpacked NetworkManager nmcli dnsmasq
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

# newest BEFORE: what is to be kept now in its place.
newest() {
    local found
    found=$(mechanism standing 127.0.0.1 53 "$1" | sed -n 's/^{"before":\(.*\),"holder".*/\1/p')
    printf '%s\n' "${found:-$1}"
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
printf '[main]\nplugins=keyfile\ndns=default\ndhcp=internal\nno-auto-default=*\n[keyfile]\nunmanaged-devices=interface-name:lan1\n' \
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
check "there is no global configuration" grep -q '"global":{}' <<<"$before"
check "the network's servers are captured" grep -q '"servers":\["10.99.0.1"\]' <<<"$before"
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
first=$before
before=$(newest "$before")
check "the new network's servers are to be kept" grep -q '"servers":\["10.99.1.1"\]' <<<"$before"
endProgram "$networkManagerId"
check "while NetworkManager is gone it is held" isHeldBy us "$before"
startNetworkManager
nmcli connection up hotel >/dev/null
check "it is held after a restart" isHeldBy us "$before"
check "and names reach us" reaches ours 192.0.2.53 hotel byGetent

printf -- '--- off, where NetworkManager is gone\n'
endProgram "$networkManagerId"
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
check "the file names the newest network's server" fileSays 'nameserver 10.99.1.1'
check "and its search domain" fileSays 'search hotel.example'
check "names reach it" reaches hotel 192.0.2.2 ours byGetent
check "it is given back again without a word" mechanism restore 127.0.0.1 53 "$before"
memory >"$sandbox/memory.after"
check "nothing of us is remembered" diff "$sandbox/memory.before" "$sandbox/memory.after"
startNetworkManager
nmcli connection up hotel >/dev/null
eventually 10 fileSays '# Generated by NetworkManager'
check "NetworkManager comes back without us" fileSays 'nameserver 10.99.1.1'
check "and names nobody else" test "$(grep -c ^nameserver /etc/resolv.conf)" -eq 1
nmcli connection up lan >/dev/null
eventually 10 fileSays 'nameserver 10.99.0.1'
check "it is applied in the first network" mechanism apply 127.0.0.1 53 "$first"
endProgram "$networkManagerId"
check "where the network has not changed, it is given back" mechanism restore 127.0.0.1 53 "$first"
check "the file is the same, octet for octet" diff "$sandbox/resolv.before" /etc/resolv.conf
startNetworkManager
nmcli connection up hotel >/dev/null
before=$(mechanism capture)
check "it is applied once more" mechanism apply 127.0.0.1 53 "$before"

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
personsGlobal='{"domains":{"dict":{"*":{"dict":{"options":{"as":["timeout:2"]},"servers":{"as":["10.99.1.1"]}}},"corp.example":{"dict":{"servers":{"as":["10.99.0.1"]}}}}},"options":{"as":["rotate"]},"searches":{"as":["own.example"]}}'
# Ours, then "given back" from a made journal: this sets the person's.
check "a made configuration is applied over" mechanism apply 127.0.0.1 53 "{\"global\":$personsGlobal}"
check "and set" mechanism restore 127.0.0.1 53 "{\"global\":$personsGlobal}"
global >"$sandbox/global.before"
memory >"$sandbox/memory.before"
cp /etc/resolv.conf "$sandbox/resolv.before"
before=$(mechanism capture)
check "all of it is captured" grep -qF "\"global\":$personsGlobal," <<<"$before"
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

check "it is applied" mechanism apply 127.0.0.1 53 "$before"
endProgram "$networkManagerId"
check "it is given back where NetworkManager is gone" mechanism restore 127.0.0.1 53 "$before"
check "the file is the same then" diff "$sandbox/resolv.before" /etc/resolv.conf
memory | sort >"$sandbox/memory.after"
check "the same is remembered" diff <(sort "$sandbox/memory.before") "$sandbox/memory.after"
startNetworkManager
nmcli connection up hotel >/dev/null
global >"$sandbox/global.after"
check "and the bus says the same" diff "$sandbox/global.before" "$sandbox/global.after"
printf -- '--- without a record\n'
check "a person's configuration is not Sotto's" refuse mechanism leftover
busctl set-property org.freedesktop.NetworkManager /org/freedesktop/NetworkManager \
    org.freedesktop.NetworkManager GlobalDnsConfiguration 'a{sv}' 1 \
    domains 'a{sv}' 1 '*' 'a{sv}' 1 servers as 1 127.0.0.1
check "nor one that names a server of their own here" refuse mechanism leftover
busctl set-property org.freedesktop.NetworkManager /org/freedesktop/NetworkManager \
    org.freedesktop.NetworkManager GlobalDnsConfiguration 'a{sv}' 0
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

printf -- '--- leases\n'
# In a network namespace of its own: a DHCP server, and two DNS servers, which it names in turn.
inOtherNetwork() {
    nsenter -t "$otherNetworkId" -n "$@"
}

isOtherNetwork() {
    [[ $(readlink "/proc/$otherNetworkId/ns/net") != $(readlink /proc/self/ns/net) ]]
}

# startDnsmasq NAME OPTION…
startDnsmasq() {
    local log="$sandbox/$1.log"
    shift
    startProgram "$log" nsenter -t "$otherNetworkId" -n \
        "${ownLibraries[@]}" "$(unpackedProgram dnsmasq)" --keep-in-foreground --conf-file=/dev/null \
        --user=root --pid-file= --log-facility=- --bind-interfaces "$@"
}

# startServer NAME ADDRESS RECORD: it has that record for every name.
startServer() {
    startDnsmasq "$1" --no-resolv --no-hosts --listen-address="$2" --address="/#/$3"
}

# startLeases SERVER SERVER6: they are renewed every few seconds.
startLeases() {
    startDnsmasq leases --port=0 --interface=wan1 --except-interface=lo --no-ping \
        --dhcp-range=10.99.7.50,10.99.7.60,2m --dhcp-leasefile="$sandbox/leases" \
        --dhcp-option="option:dns-server,$1" --dhcp-option=option:T1,3s --dhcp-option=option:T2,60s \
        --enable-ra --ra-param=wan1,4,30 --dhcp-range=fd00:99:7::,ra-only \
        --dhcp-option="option6:dns-server,[$2]"
    leasesId=$programId
}

answeredBy() {
    [[ $(byGetent "$RANDOM.names.example") == "$1 "* ]]
}

quietly() {
    "$@" >/dev/null
}

isToBeKept() {
    newest "$before" | grep -q "\"servers\":\[[^]]*\"$1\""
}

startProgram "$sandbox/network.log" unshare --net sleep 3600
otherNetworkId=$programId
eventually 10 isOtherNetwork || skip "another network namespace cannot be made here"
ip link add wan0 type veth peer name wan1 netns "$otherNetworkId"
inOtherNetwork ip link set lo up
inOtherNetwork ip address add 10.99.7.1/24 dev wan1
inOtherNetwork ip address add 10.99.7.2/24 dev wan1
inOtherNetwork ip address add fd00:99:7::1/64 dev wan1 nodad
inOtherNetwork ip link set wan1 up
startServer older 10.99.7.1 192.0.2.61
startServer newer 10.99.7.2 192.0.2.62
startLeases 10.99.7.1 fd00:99:7::1
mechanism apply 127.0.0.1 53 '{"global":{}}'
mechanism restore 127.0.0.1 53 '{"global":{}}' # and with that the person's configuration goes
nmcli connection down hotel >/dev/null 2>&1
nmcli connection add type ethernet ifname wan0 con-name wan autoconnect no \
    ipv4.method auto ipv6.method auto >/dev/null
check "a lease is had" quietly nmcli connection up wan
check "its server is in force" eventually 10 fileSays 'nameserver 10.99.7.1'
check "that of IPv6 as well" eventually 20 fileSays 'nameserver fd00:99:7::1'
check "and answers" answeredBy 192.0.2.61
before=$(mechanism capture)
check "both are captured" grep -q '"servers":\["10.99.7.1","fd00:99:7::1"\]' <<<"$before"
check "it is applied" mechanism apply 127.0.0.1 53 "$before"
check "names reach us" answeredBy 192.0.2.53
endProgram "$leasesId"
startLeases 10.99.7.2 fd00:99:7::2
check "a renewed lease names another server, which is to be kept" eventually 30 isToBeKept 10.99.7.2
check "that of IPv6 as well" eventually 30 isToBeKept fd00:99:7::2
check "we still hold it" isHeldBy us "$before"
check "names reach us" answeredBy 192.0.2.53
first=$before
before=$(newest "$before")
check "it is given back" mechanism restore 127.0.0.1 53 "$before"
check "the file names the new server" fileSays 'nameserver 10.99.7.2'
check "and not the old one" refuse fileSays 'nameserver 10.99.7.1'
check "which answers" answeredBy 192.0.2.62
check "it is applied" mechanism apply 127.0.0.1 53 "$first"
endProgram "$networkManagerId"
check "it is given back where NetworkManager is gone" mechanism restore 127.0.0.1 53 "$before"
check "the file names the new server then, too" fileSays 'nameserver 10.99.7.2'
check "which answers" answeredBy 192.0.2.62

finish
