#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real lease keeper with the real sottod, where things went wrong: the record is lost, root gives
# the settings back, a VPN ends when nobody is there. After each it is tried who answers this
# computer's look-ups, and what people are told.
#
# Usage: with_sottod.sh FOLDER-OF-PROGRAMS

# shellcheck disable=SC2119 # functions with arguments of their own
set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/lease/lease_system.bash
source "$here/lease_system.bash"

needPrograms ip unshare setpriv getent dig
enterLeaseSystem "$@"
makeLeaseSystem
startNetworksServer
# Without an address that is not loopback's, the C library looks nothing up (AI_ADDRCONFIG).
ip address add 192.0.2.77/32 dev lo

# The settings of a network that works.
writeNetwork() {
    rm -f /etc/resolv.conf
    printf '# by hand\nnameserver 127.0.0.2\nsearch example\n' >/etc/resolv.conf
    cp -p /etc/resolv.conf "$sandbox/earlier"
}

# startSottod USER: it finds names below "localhost" by itself, and refuses them while it is off.
startSottod() {
    mkdir -p "$sandbox/sottod"
    chown -R "$1" "$sandbox/sottod"
    chmod 0700 "$sandbox/sottod"
    cat >"$sandbox/sotto.toml" <<'CONF'
upstreams = [{ address = "127.0.0.9", name = "dot.example" }]
[system]
manage = true
CONF
    startProgram "$sandbox/sottod.log" setpriv --reuid="$1" --regid="$1" --clear-groups \
        --inh-caps=+net_bind_service --ambient-caps=+net_bind_service \
        "$bin/sottod" --config "$sandbox/sotto.toml" --state-dir "$sandbox/sottod/state" \
        --socket "$sandbox/sottod/s" --lease-socket "$socket"
    sottodId=$programId
    eventually 10 sottoctl status || fail "sottod starts"
}

sottoctl() {
    "$bin/sottoctl" --socket "$sandbox/sottod/s" "$@" >"$sandbox/sottoctl.log" 2>&1
}

# said TEXT: sottoctl said that last.
said() {
    grep -qF -- "$1" "$sandbox/sottoctl.log"
}

# is STATE: what sottod says of the system's DNS.
is() {
    "$bin/sottoctl" --socket "$sandbox/sottod/s" --json system | grep -q "\"state\": *\"$1\""
}

# lookUp: who answers this computer's programs: the C library's look-ups and dig's have to agree.
lookUp() {
    local byLibrary byDig
    byLibrary=$(getent -s dns ahostsv4 "n$RANDOM.localhost" | awk '$2 == "STREAM" { print $1 }')
    byDig=$(dig +short +tries=1 +time=2 "d$RANDOM.localhost" A)
    [[ $byLibrary == "$byDig" ]] && printf '%s' "$byLibrary"
}
asksSotto() {
    [[ $(lookUp) == 127.0.0.1 ]]
}
asksNetwork() {
    [[ $(lookUp) == 192.0.2.2 ]]
}
sottodRefuses() {
    dig +tries=1 +time=2 @127.0.0.1 "r.localhost" A | grep -q 'status: REFUSED'
}
isEarlierFile() {
    cmp -s "$sandbox/earlier" /etc/resolv.conf
}
hasEnded() {
    ! kill -0 "$1" 2>/dev/null
}

# lostRecord: a keeper that knows nothing, as after a rolled back /var.
lostRecord() {
    killProgram "$keeperId"
    rm -rf "$state"
    startKeeper
}

printf -- '--- as it should be\n'
writeNetwork
check "the network's server answers" asksNetwork
startKeeper
awaitKeeper
startSottod 65533
check "sottod takes the system's DNS" eventually 10 is on
check "it answers this computer" asksSotto

printf -- '--- the record is lost\n'
lostRecord
check "it is noticed" eventually 10 is failed
check "names are found" asksSotto
check "off is not done" refuse sottoctl off
check "it says why" said "/etc/resolv.conf is one that Sotto wrote"
check "and what to do" said "as lines like: nameserver"
check "names are found still" asksSotto
sottoctl status
check "the status says that sottod goes on" said "answers until the system's DNS has been given back"
check "and not that all is as before" refuse said "as it was before Sotto"
endProgram "$sottodId"
startSottod 65533
check "a sottod that starts off goes on as well" eventually 5 asksSotto
check "and says why" is failed
check "restore says the same" refuse restore
check "with what to do" grep -q 'as lines like: nameserver' "$sandbox/restore.log"
check "on is not done either" refuse sottoctl on
check "with the same reason" said "as lines like: nameserver"
check "names are found" asksSotto
check "what is Sotto's is not recorded as the earlier" hasNoJournal
sottoctl off
writeNetwork
check "a person's repair is noticed" eventually 5 is off
check "the network's server answers" asksNetwork
check "now sottod refuses" eventually 5 sottodRefuses
check "on takes it" sottoctl on
check "sottod answers" asksSotto
check "off gives it back" sottoctl off
check "to the letter" isEarlierFile
check "the network's server answers" asksNetwork
sottoctl on

printf -- '--- the record is damaged\n'
check "sottod answers" asksSotto
killProgram "$keeperId"
for file in "$state"/journal*; do
    printf '?' | dd of="$file" bs=1 seek=40 conv=notrunc 2>/dev/null
done
startKeeper
check "it is noticed" eventually 10 is failed
check "off is not done" refuse sottoctl off
check "it says why" said "restore --forget"
check "names are found" asksSotto
restore
check "restore has its own status for that" test $? -eq 3
writeNetwork
check "a repair is noticed" eventually 5 sottodRefuses
check "the network's server answers" asksNetwork
check "the record can be forgotten" restore --forget
check "on takes it" sottoctl on
check "sottod answers" asksSotto

printf -- '--- root gives it back\n'
check "restore" restore
check "the network's server answers" asksNetwork
check "sottod says who did" eventually 5 is yielded
sottoctl system
check "in words" said "given back by root, with sotto-lease restore"
check "and does not take it again" refuse eventually 8 asksSotto
endProgram "$sottodId"
startSottod 65533
check "a new sottod does not either" refuse eventually 3 asksSotto
check "and says so" is yielded
check "it takes it when it is told" sottoctl system take
check "sottod answers" asksSotto
check "restore" restore
check "the network's server answers" asksNetwork
check "on takes it as well" sottoctl on
check "sottod answers" asksSotto
check "restore" restore
check "off" sottoctl off
check "the network's server answers" asksNetwork
check "on after off likewise" sottoctl on
check "sottod answers" asksSotto
endProgram "$sottodId"
check "a sottod that ends gives it back" asksNetwork
check "restore has nothing to do" restore
startSottod 65533
check "and keeps no sottod from it that comes later" eventually 10 is on
check "sottod answers" asksSotto
endProgram "$sottodId"

printf -- '--- a sottod of root\n'
startSottod 0
check "it takes it" eventually 10 is on
check "off gives it back" sottoctl off
check "as its own wish" asksNetwork
check "on takes it" sottoctl on
check "sottod answers" asksSotto
check "restore by another root" restore
check "holds" refuse eventually 8 asksSotto
check "and is said" is yielded
check "off" sottoctl off
check "and on take it again" sottoctl on
check "sottod answers" asksSotto
endProgram "$sottodId"

# vpnTakes TEXT: what VPNs do; it keeps a copy of what it found.
vpnTakes() {
    cp /etc/resolv.conf "$vpnCopy"
    printf '%s\nnameserver 127.0.0.2\n' "$1" >/etc/resolv.conf
}
vpnEnds() {
    mv "$vpnCopy" /etc/resolv.conf
}

printf -- '--- a VPN ends when no sottod is there\n'
writeNetwork
startSottod 65533
check "sottod takes the system's DNS" eventually 10 is on
vpnCopy=$sandbox/saved # where Sotto does not find it
vpnTakes '# Generated by NordVPN'
check "the VPN wins" eventually 5 is yielded
endProgram "$sottodId"
check "the keeper stays" refuse eventually 13 hasEnded "$keeperId"
vpnEnds
check "the earlier file comes back" eventually 5 isEarlierFile
check "the network's server answers" asksNetwork
check "the keeper is done" eventually 15 hasEnded "$keeperId"

printf -- '--- a VPN ends after a restore\n'
startKeeper
awaitKeeper
startSottod 65533
check "sottod takes the system's DNS" eventually 10 is on
vpnTakes '# Generated by NordVPN'
check "the VPN wins" eventually 5 is yielded
check "off does not wait for it" sottoctl off
check "and sottod refuses" eventually 5 sottodRefuses
check "restore says that it is not the end" refuse restore
check "and what is" grep -q 'NordVPN .* end it, then run: sotto-lease restore' "$sandbox/restore.log"
check "the VPN's server answers" asksNetwork
vpnEnds
check "the earlier file comes back" eventually 5 isEarlierFile
check "also beside a sottod that is off" asksNetwork
check "for good" refuse eventually 7 asksSotto
check "now restore has nothing to do" restore
endProgram "$sottodId"

printf -- '--- a VPN ends when nobody is there\n'
startSottod 65533
check "on" sottoctl on
vpnTakes '# Generated by NordVPN'
check "the VPN wins" eventually 5 is yielded
endProgram "$sottodId"
killProgram "$keeperId"
check "restore alone does not call it done" refuse restore
check "it says what to do" grep -q 'NordVPN .* end it, then run: sotto-lease restore' "$sandbox/restore.log"
check "it keeps the record" refuse hasNoJournal
vpnEnds
check "then restore gives back" restore
check "the earlier file is back" isEarlierFile
check "the network's server answers" asksNetwork
check "no journal is left" hasNoJournal

printf -- '--- a VPN with a copy that is known\n'
startKeeper
awaitKeeper
startSottod 65533
check "sottod takes the system's DNS" eventually 10 is on
vpnCopy=/etc/resolv.pre-tailscale-backup.conf
vpnTakes '# resolv.conf(5) file generated by tailscale'
check "the VPN wins" eventually 5 is yielded
endProgram "$sottodId"
cp /etc/resolv.conf "$sandbox/of-vpn"
check "its copy is the earlier file already" cmp -s "$sandbox/earlier" "$vpnCopy"
check "so that restore has done all" restore
check "the VPN's file stays" cmp -s "$sandbox/of-vpn" /etc/resolv.conf
check "no journal is left" hasNoJournal
endProgram "$keeperId"
vpnEnds
check "the earlier file is back" isEarlierFile
check "the network's server answers" asksNetwork

finish
