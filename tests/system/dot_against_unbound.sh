#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sottod in front of unbound as a DNS-over-TLS server, in a network namespace of its own: answers
# are the server's, the cache saves queries, the wire shows TLS only, and a server that is not who
# it should be gets not one query.
#
# Usage: dot_against_unbound.sh FOLDER-OF-PROGRAMS

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
# shellcheck source=tests/system/comparison.bash
source "$here/comparison.bash"

needPrograms unbound unbound-control dig openssl tcpdump ip ss unshare
enterOwnNetwork "$@"
makeSandbox

serverQueries() {
    unboundQueries good
}

# How many connections sottod holds to the server.
openConnections() {
    ss -Htn state established '( dport = :853 )' | wc -l
}

# upstream PORT [NAME]: without a name the certificate must be for the address.
upstream() {
    printf '{ address = "127.0.0.1", port = %s, %sca_file = "%s" }' \
        "$1" "${2:+name = \"$2\", }" "$sandbox/authority.pem"
}

# Nothing that is wrong with a server may cost more than its own connection.
refusesServer() {
    local what=$1 server=$2 port=$3 name=$4 reason=$5 answer status
    startUnbound "$server" "$port" tls
    startSottod "$(upstream "$port" "$name")"
    answer=$(ask quietzone.example A)
    check "$what: SERVFAIL" grep -q 'status: SERVFAIL' <<<"$answer"
    check "$what: within two seconds" \
        test "$(sed -n 's/^;; Query time: \([0-9]*\) msec/\1/p' <<<"$answer")" -le 2000
    check "$what: SERVFAIL again" grep -q 'status: SERVFAIL' <<<"$(ask +tcp end.quietzone.example A)"
    check "$what: the server had no query" test "$(unboundQueries "$server")" -eq 0
    status=$(sottoctl --json status)
    check "$what: the status is trouble" grep -q '"protection": *"trouble"' <<<"$status"
    check "$what: the status says why: $(lastError <<<"$status")" \
        grep -q "$reason" <<<"$(lastError <<<"$status")"
    endSottod
    stopUnbound "$server"
}

lastError() {
    sed -n 's/.*"last_error": *"\([^"]*\)".*/\1/p' | head -n 1
}

makeAuthority authority
makeAuthority stranger
makeCertificate good authority DNS:dot.example,IP:127.0.0.1
makeCertificate elsewhere authority DNS:elsewhere.example,IP:192.0.2.1
makeCertificate parent authority DNS:example
makeCertificate unknown stranger DNS:dot.example,IP:127.0.0.1
makeCertificate expired authority DNS:dot.example,IP:127.0.0.1 20200101000000Z 20200201000000Z
makeCertificate early authority DNS:dot.example,IP:127.0.0.1 20900101000000Z 20910101000000Z

printf -- '--- the answers of the server\n'
startUnbound good 853 tls
startCapture
startSottod "$(upstream 853 dot.example)"
compareAnswers
compareTruncation
compareCaching
check "few connections carry it all" test "$(openConnections)" -le 4
inspectCapture
status=$(sottoctl --json status)
check "the status is protected" grep -q '"protection": *"protected"' <<<"$status"
endSottod

printf -- '--- verified by its address\n'
startSottod "$(upstream 853)"
check "a certificate for the address is enough" \
    grep -q 'status: NOERROR' <<<"$(ask quietzone.example A)"
endSottod

printf -- '--- servers that are not who they should be\n'
refusesServer "wrong name" elsewhere 8531 dot.example 'not for dot\.example'
refusesServer "the parent's name" parent 8531 dot.example 'not for dot\.example'
refusesServer "wrong address" elsewhere 8531 '' 'not for 127\.0\.0\.1'
refusesServer "unknown authority" unknown 8531 dot.example 'not signed by a trusted authority'
refusesServer "expired" expired 8531 dot.example 'expired on 2020-02-01'
refusesServer "not yet valid" early 8531 dot.example 'valid only from 2090-01-01'

printf -- '--- the next server takes over\n'
startUnbound elsewhere 8531 tls
startSottod "$(upstream 8531 dot.example)" "$(upstream 853 dot.example)"
check "the second server answers" grep -q 'status: NOERROR' <<<"$(ask quietzone.example A)"
check "the first had no query" test "$(unboundQueries elsewhere)" -eq 0
endSottod
stopUnbound elsewhere
stopUnbound good

finish
