#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sottod in front of dnsdist as a DNS-over-TLS server (which asks unbound in clear text on this
# namespace's loopback device): answers are the server's, the cache saves queries, the wire shows
# TLS only.
#
# Usage: dot_against_dnsdist.sh FOLDER-OF-PROGRAMS

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

needPrograms dnsdist unbound unbound-control dig openssl tcpdump ip unshare
enterOwnNetwork "$@"
makeSandbox

# dnsdist keeps no answers here, so what it is asked arrives at unbound.
serverQueries() {
    unboundQueries backend
}

serverAnswers() {
    askServer quietzone.example SOA | grep -q 'status: NOERROR'
}

# The clear text between dnsdist and unbound.
readonly backendPort=5353
otherPorts=("$backendPort")

makeAuthority authority
makeCertificate good authority DNS:dot.example,IP:127.0.0.1
startUnbound backend "$backendPort" plain
cat >"$sandbox/dnsdist.conf" <<CONF
setLocal("127.0.0.1:$((backendPort + 1))")
addTLSLocal("127.0.0.1:853", "$sandbox/good.pem", "$sandbox/good.key")
newServer("127.0.0.1:$backendPort"):setUp()
setSecurityPollSuffix("")
CONF
startProgram "$sandbox/dnsdist.log" "$(serverProgram dnsdist)" --supervised -C "$sandbox/dnsdist.conf"
if ! eventually 10 serverAnswers; then
    cat "$sandbox/dnsdist.log" >&2
    skip "dnsdist does not start here"
fi

startCapture
startSottod "{ address = \"127.0.0.1\", name = \"dot.example\", ca_file = \"$sandbox/authority.pem\" }"
compareAnswers
compareTruncation
compareCaching
inspectCapture
endSottod

finish
