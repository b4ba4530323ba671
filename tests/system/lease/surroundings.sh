#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What happens around a lease that the real lease keeper has by the real systemd-resolved: interfaces
# and addresses come and go, the network is down, and others take /etc/resolv.conf away from
# systemd-resolved's stub.
#
# Usage: surroundings.sh FOLDER-OF-PROGRAMS

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

needPrograms dbus-daemon dbus-send dig ip unshare getent
needUnpacked systemd-resolved resolvectl
enterOwnSystem "$@"
makeSandbox
layOwnSystem
ip address add 10.99.0.2/24 dev lan0
useLeaseFolders

resolve() {
    "${ownLibraries[@]}" "$(unpackedProgram resolvectl)" "$@"
}

putStub() {
    ln -sfn ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf.new
    mv -T /etc/resolv.conf.new /etc/resolv.conf
}

isStub() {
    [[ $(readlink /etc/resolv.conf) == ../run/systemd/resolve/stub-resolv.conf ]]
}

# write TEXT: another file in the place of /etc/resolv.conf.
write() {
    # shellcheck disable=SC2059 # it has the new lines
    printf "$1" >/etc/resolv.conf.new
    cp /etc/resolv.conf.new "$sandbox/theirs"
    mv -T /etc/resolv.conf.new /etc/resolv.conf
}

isTheirs() {
    cmp -s /etc/resolv.conf "$sandbox/theirs"
}

asksSotto() {
    resolve dns | grep -q '^Global: 127.0.0.1'
}

# covers INTERFACE: as the last report has it.
covers() {
    tail -n 1 "$sandbox/service.log" | grep -q "\"interfaces\":\[[^]]*\"$1\""
}

coversNot() {
    ! covers "$1"
}

# by NAME…: the mechanisms in the last report.
by() {
    local names
    names=$(printf ',"%s"' "$@")
    tail -n 1 "$sandbox/service.log" | grep -qF "\"mechanisms\":[${names:1}]"
}

excepts() {
    tail -n 1 "$sandbox/service.log" | grep -q "\"kind\":\"$1\""
}

isOfKind() {
    tail -n 1 "$sandbox/service.log" | grep -q "\"winner_kind\":\"$1\""
}

# The one that stands in for sottod refuses what it does not know.
digReachesUs() {
    dig +tries=1 +time=2 names.example | grep -q 'status: REFUSED'
}

printf '[Resolve]\nFallbackDNS=\nDNSSEC=no\n' | layResolved
printf 'hosts: files dns\n' >/etc/nsswitch.conf
umount /etc/resolv.conf 2>/dev/null
putStub
startBus
startProgram "$sandbox/resolved.log" "${ownLibraries[@]}" "$bin/unit_restarter" \
    systemd-resolved.service "$(unpackedProgram systemd-resolved)"
eventually 10 resolve status || {
    cat "$sandbox/resolved.log"
    skip "systemd-resolved does not start here"
}
resolve dns lan0 10.99.0.1
startCheckResponder
startKeeper
awaitKeeper
ip link add new0 type veth peer name new1
ip link set new1 up

# comesAndGoes: an interface that comes and goes is in the reports without anybody asking.
comesAndGoes() {
    check "it covers the interface that is there" covers lan0
    ip link set new0 up
    ip address add 192.0.2.7/24 dev new0
    check "a new address is covered" eventually 10 covers new0
    ip link set new0 down
    check "an interface that is down is not" eventually 10 coversNot new0
    ip link set new0 up
    check "once it is up again, it is" eventually 10 covers new0
    ip address del 192.0.2.7/24 dev new0
    check "without an address it is not" eventually 10 coversNot new0
    check "the lease is held" reports held
}

printf -- '--- by the file alone\n'
startService 'mechanism="file"'
check "the lease is taken" eventually 60 reports held
comesAndGoes
ip link set lan0 down
check "no network is no reason to give it back" refuse eventually 7 refuse reports held
ip link set lan0 up
printf 'hosts: files\n' >/etc/nsswitch.conf
check "that no program asks any server is one" eventually 60 reports failed
check "it says so" grep -q 'do not come to Sotto' "$sandbox/service.log"
check "the link is back" isStub
printf 'hosts: files dns\n' >/etc/nsswitch.conf
endProgram "$serviceId"

printf -- '--- by systemd-resolved\n'
startService
check "the lease is taken" eventually 60 reports held
check "by it alone" by systemd-resolved
check "the link is as it was" isStub
comesAndGoes
ip link set lan0 down
check "no network is no reason to give it back" refuse eventually 7 refuse reports held
ip link set lan0 up
resolve dns lan0 10.99.0.1
check "nor is it once there is one again" refuse eventually 7 refuse reports held
check "it still asks Sotto" asksSotto
check "and so does dig" eventually 10 digReachesUs

# takenOver: an agent's file is overwritten, and comes back in the end.
takenOver() {
    check "it is overwritten" eventually 10 isOurs
    check "the lease goes on, by both" eventually 10 by systemd-resolved file
    check "dig reaches us" digReachesUs
    check "programs that read it are no exception" refuse excepts resolv_conf
    check "the lease is held" reports held
    check "restore" restore
    check "the agent's is back" isTheirs
    check "systemd-resolved asks others" refuse asksSotto
    check "no journal is left" hasNoJournal
    endProgram "$serviceId"
    endProgram "$keeperId" # it would remember that root gave it back
    putStub
    startKeeper
    awaitKeeper
}

printf -- '--- NetworkManager replaces the link\n'
write '# Generated by NetworkManager\nnameserver 10.99.0.1\n'
takenOver

printf -- '--- dhclient replaces the link, while the keeper was gone\n'
startService
check "the lease is taken" eventually 60 reports held
killProgram "$keeperId"
endProgram "$serviceId"
mkdir -p /var/lib/dhcp
cat >/var/lib/dhcp/dhclient.lan0.leases <<'LEASE'
lease {
  interface "lan0";
  fixed-address 10.99.0.2;
  option domain-name-servers 10.99.0.1;
  renew 4 2037/01/01 00:00:00;
  rebind 4 2037/01/01 00:00:00;
  expire 4 2037/01/01 00:00:00;
}
LEASE
write 'search home.example\nnameserver 10.99.0.1\n'
startKeeper
awaitKeeper
startService
takenOver

printf -- '--- a VPN replaces the link\n'
startService
check "the lease is taken" eventually 60 reports held
write '#@VPNC_GENERATED@ -- this file is generated by vpnc\nnameserver 10.99.0.1\n'
check "it wins" eventually 60 reports yielded
check "it is known for a VPN's" isOfKind vpn
check "its file stays" isTheirs
check "systemd-resolved asks others" refuse asksSotto
putStub
check "once it has ended, the lease is taken again" eventually 60 reports held
check "by systemd-resolved alone" by systemd-resolved
check "the link is as it was" isStub

printf -- '--- a person replaces the link\n'
write 'nameserver 10.99.1.1\n'
check "that wins" eventually 60 reports yielded
check "it is known for a person's" isOfKind person
check "it stays" isTheirs
check "systemd-resolved asks others" refuse asksSotto
check "restore" restore
check "it still stays" isTheirs
check "no journal is left" hasNoJournal
endProgram "$serviceId"
endProgram "$keeperId"

finish
