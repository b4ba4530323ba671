#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The computer comes into another network: a new address appears, or a link goes down and up again.
# sottod must have a new connection before the next question, and leave the old one; and it must
# leave its connection alone where the news of the system are no change.
#
# Usage: network_watch.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"
# shellcheck source=tests/system/sottod.bash
source "$here/sottod.bash"
# shellcheck source=tests/system/unbound.bash
source "$here/unbound.bash"

needPrograms unbound unbound-control dig openssl ip ss unshare
enterOwnNetwork "$@"
makeSandbox

# Handshakes that were finished since sottod started.
handshakes() {
    sottoctl --json status | sed -n 's/.*"connections": *\([0-9]*\).*/\1/p' | head -n 1
}

handshakesAre() {
    test "$(handshakes)" -eq "$1"
}

hasOneConnection() {
    test "$(ss -Htn state established '( dport = :853 )' | wc -l)" -eq 1
}

# connectsAnew DESCRIPTION COMMAND…: by the command, with no question asked.
connectsAnew() {
    local what=$1 made queries
    shift
    made=$(handshakes)
    queries=$(unboundQueries good)
    "$@" || fail "$what: $*"
    check "$what: connected anew" eventually 10 handshakesAre $((made + 1))
    check "$what: the old connection is left" eventually 10 hasOneConnection
    check "$what: nothing was asked" test "$(unboundQueries good)" -eq "$queries"
    sottoctl flush >/dev/null
    check "$what: the next question is answered" \
        grep -q 'status: NOERROR' <<<"$(ask quietzone.example A)"
    check "$what: on the new connection" handshakesAre $((made + 1))
}

# staysConnected DESCRIPTION COMMAND…
staysConnected() {
    local what=$1 made
    shift
    made=$(handshakes)
    "$@" || fail "$what: $*"
    check "$what: no other connection" refuse eventually 2 refuse handshakesAre "$made"
}

ip link add net0 type veth peer name net1 2>/dev/null ||
    skip "a pair of network devices cannot be made here"
ip link set net1 up

makeAuthority authority
makeCertificate good authority DNS:dot.example
startUnbound good 853 tls
startSottod "{ address = \"127.0.0.1\", name = \"dot.example\", ca_file = \"$sandbox/authority.pem\" }"
check "connected before the first question" eventually 10 handshakesAre 1
check "answers" grep -q 'status: NOERROR' <<<"$(ask quietzone.example A)"

staysConnected "a link without an address" ip link set net0 up
connectsAnew "a new address" ip address add 192.0.2.1/24 dev net0
staysConnected "a longer life of the address" \
    ip address change 192.0.2.1/24 dev net0 valid_lft 3600 preferred_lft 3600
staysConnected "another size of packets" ip link set net0 mtu 1400
connectsAnew "the link goes down" ip link set net0 down
connectsAnew "the link comes up again" ip link set net0 up
connectsAnew "no carrier" ip link set net1 down
connectsAnew "a carrier again" ip link set net1 up
connectsAnew "another address" ip address add 198.51.100.1/24 dev net0
connectsAnew "an address less" ip address del 192.0.2.1/24 dev net0

# Whatever happens meanwhile: a container's devices may come and go all the time.
newsWithoutEnd() {
    while ip link set net1 mtu 1400 && ip link set net1 mtu 1401; do :; done
}
newsWithoutEnd &
news=$!
programIds+=("$news")
connectsAnew "an address, amid news without end" ip address add 203.0.113.1/24 dev net0
connectsAnew "an address less, amid news without end" ip address del 203.0.113.1/24 dev net0
kill "$news"

endSottod
stopUnbound good
finish
