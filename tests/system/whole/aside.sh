#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Another program has port 53: sottod takes another address, or another port, and the system is told
# of that one.
#
# Usage: aside.sh FOLDER-OF-PROGRAMS INSTALLED-LEASE-KEEPER WORLD
# WORLD is static, where 127.0.0.1 is taken, or resolved, where all addresses are.

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:?the folder of the programs}
keeper=${2:?where sottod finds the lease keeper}
world=${3:?which world}

# shellcheck source=tests/system/whole/all.bash
source "$here/all.bash"

needMachinePrograms
the needs
enterMachine "$@"
the layOut
laySotto
the state >"$sandbox/before"

case $world in
static)
    startProgram "$sandbox/other.log" "${ownLibraries[@]}" "$(serverProgram dnsmasq)" \
        --keep-in-foreground --conf-file=/dev/null --user=root --pid-file= --no-resolv --no-hosts \
        --bind-interfaces --listen-address=127.0.0.1 --address=/#/192.0.2.3
    ;;
resolved)
    # Without TCP, which it could not share with the stub of systemd-resolved.
    cat >"$sandbox/other.conf" <<CONF
server:
    interface: 0.0.0.0
    interface: ::0
    do-tcp: no
    directory: "$sandbox"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    num-threads: 1
    local-zone: "." redirect
    local-data: ". 5 IN A 192.0.2.3"
remote-control:
    control-enable: no
CONF
    startProgram "$sandbox/other.log" "$(serverProgram unbound)" -d -p -c "$sandbox/other.conf"
    ;;
esac
otherAnswers() {
    [[ $(dig +short +notcp +tries=1 +time=1 @127.0.0.1 any.example A) == 192.0.2.3 ]]
}
eventually 10 otherAnswers || skip "port 53 cannot be taken here: $(tail -n 1 "$sandbox/other.log")"

startSotto "$keeper"
check "the system's DNS is Sotto's" eventually 20 systemDnsIs on
startCapture
check "it is told why" grep -q '127\.0\.0\.1:53 is taken by' <(sottoctl status)
case $world in
static)
    check "the file names the other address" \
        test "$(sed -n 's/^nameserver *//p' /etc/resolv.conf)" = 127.0.0.2
    ;;
resolved)
    check "systemd-resolved is told the other port" \
        grep -qxF 'DNS=127.0.0.1:535 [::1]:535' /run/systemd/resolved.conf.d/zz-sotto.conf
    ;;
esac
checkAsks "on" provider
check "nothing left in clear text" nothingLeft
check "the other one is still there" otherAnswers

# Killed, it comes back to where the system asks, or the system to what it had.
killSottod
startProgram "$sandbox/sottod.log" "$bin/sottod" --user sotto
sottodId=$programId
check "killed and started again: names are answered" eventually 13 asks provider

sottoctl disable >/dev/null
check "off" eventually 10 systemDnsIs off
the state >"$sandbox/after"
check "all is as it was" diff "$sandbox/before" "$sandbox/after"
check "the network is asked" asks lan

finish
