#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A listen address that comes and goes, as that of Docker's bridge does: sottod starts without it,
# says that it waits, answers there once the bridge is there, and again after that was gone.
#
# Usage: docker_bridge.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"

needPrograms dig ip unshare
enterOwnNetwork "$@"
makeSandbox
mkdir "$sandbox/state"
ip link add docker0 type bridge 2>/dev/null || skip "a bridge cannot be made here"
ip link del docker0

readonly bridge=172.17.0.1:5300

# Without upstreams that answer; names of its own it answers anyway.
start() {
    startProgram "$sandbox/sottod.log" "$bin/sottod" --config "$sandbox/sottod.toml" \
        --state-dir "$sandbox/state" --socket "$sandbox/sottod.sock"
    sottodId=$programId
    eventually 10 sottoctl status
}

doesNotStart() {
    timeout 10 "$bin/sottod" --config "$sandbox/sottod.toml" --state-dir "$sandbox/state" \
        --socket "$sandbox/sottod.sock" >"$sandbox/sottod.log" 2>&1
    [[ $? == 1 ]]
}

sottoctl() {
    "$bin/sottoctl" --socket "$sandbox/sottod.sock" "$@"
}

answersAt() {
    local transport
    for transport in +notcp +tcp; do
        dig "@$1" -p 5300 "$transport" +tries=1 +time=1 +short localhost A |
            grep -qx 127.0.0.1 || return 1
    done
}

listensAtBridge() {
    sottoctl status | grep '^Listening' | grep -qF "$bridge"
}

waits() {
    sottoctl status | grep -qF "$bridge: this computer does not have that address now" &&
        ! listensAtBridge
}

waitsNot() {
    ! sottoctl status | grep -qF 'does not have that address now' && listensAtBridge
}

bridgeComes() {
    ip link add docker0 type bridge && ip address add 172.17.0.1/16 dev docker0 &&
        ip link set docker0 up
}

comesAndGoes() {
    local what=$1
    check "$what: it waits, and says so" waits
    check "$what: it answers elsewhere" answersAt 127.0.0.1
    bridgeComes
    check "$what: it answers at the bridge" eventually 10 answersAt 172.17.0.1
    check "$what: and waits no more" eventually 10 waitsNot
    ip link del docker0
    check "$what: it waits once the bridge is gone" eventually 10 waits
    bridgeComes
    check "$what: it answers once the bridge is back" eventually 10 answersAt 172.17.0.1
    check "$what: and says so" eventually 10 waitsNot
    ip link del docker0
    eventually 10 waits
}

settings='listen = ["127.0.0.1:5300", "172.17.0.1:5300"]'
printf -- '--- set in the file\n'
printf '%s\nupstreams = ["tls://192.0.2.1"]\n' "$settings" >"$sandbox/sottod.toml"
check "it starts without the bridge" start
comesAndGoes "in the file"
bridgeComes
eventually 10 waitsNot
ip link del docker0
eventually 10 waits
printf 'workers = 2\n' >>"$sandbox/sottod.toml"
kill -HUP "$sottodId"
check "settings can change meanwhile" eventually 10 grep -q 'settings read again' "$sandbox/sottod.log"
bridgeComes
check "and it answers once the bridge is back" eventually 10 answersAt 172.17.0.1
ip link del docker0
eventually 10 waits

printf -- '--- its port is taken\n'
printf '%s\nupstreams = ["tls://192.0.2.1"]\n' 'listen = ["0.0.0.0:5301", "172.17.0.1:5300"]' \
    >"$sandbox/sottod.toml"
endProgram "$sottodId"
printf 'listen = ["172.17.0.1:5300"]\nupstreams = ["tls://192.0.2.1"]\n' >"$sandbox/other.toml"
bridgeComes
startProgram "$sandbox/other.log" "$bin/sottod" --config "$sandbox/other.toml" \
    --state-dir "$sandbox/other.state" --socket "$sandbox/other.sock"
otherId=$programId
eventually 10 answersAt 172.17.0.1
check "where it is taken at the start, it does not start" doesNotStart
ip link del docker0
check "without the bridge it starts" start
check "and waits" waits
bridgeComes
takenIsSaid() {
    sottoctl status | grep -qF "172.17.0.1:5300 (UDP): Address already in use"
}
check "where it is taken as it comes, that is said" eventually 10 takenIsSaid
check "and it can be switched nevertheless" sottoctl disable
endProgram "$otherId"
ip address add 192.0.2.77/32 dev docker0 # any news of addresses
check "once it is free, it is had" eventually 10 waitsNot
endProgram "$sottodId"
ip link del docker0

printf -- '--- set in the app\n'
printf 'upstreams = ["tls://192.0.2.1"]\n' >"$sandbox/sottod.toml"
printf '%s\npolicy = "random"\n' "$settings" >"$sandbox/state/settings.toml"
check "it starts without the bridge" start
comesAndGoes "in the app"
check "what else was set there stays" grep -q '^Policy *random' <(sottoctl status)
check "and is still kept" grep -qF '"172.17.0.1:5300"' "$sandbox/state/settings.toml"
endProgram "$sottodId"
printf 'listen = ["172.17.0.1:5300"]\npolicy = "random"\n' >"$sandbox/state/settings.toml"
check "it starts where it has no other address" start
check "and says that it waits" waits
bridgeComes
check "and answers there once it can" eventually 10 answersAt 172.17.0.1
endProgram "$sottodId"

printf -- '--- what is said of Docker\n'
rm "$sandbox/state/settings.toml"
docker() {
    "$bin/mechanism_console" file coverage 127.0.0.1 53 '{}' | grep -o '{[^{]*"subject":"Docker"'
}
listenAt() {
    endProgram "$sottodId"
    printf 'listen = [%s]\nupstreams = ["tls://192.0.2.1"]\n' "$1" >"$sandbox/sottod.toml"
    start
}
if [[ -e /etc/docker/daemon.json || ! -x $bin/mechanism_console ]]; then
    printf 'not tried: this computer has settings of Docker, or no mechanism_console\n'
else
    listenAt '"127.0.0.1:53"'
    check "both lines are missing" grep -qF 'add \"172.17.0.1:53\" to listen, and \"dns\": [' <(docker)
    listenAt '"127.0.0.1:53", "172.17.0.1:53"'
    check "one is missing" grep -qF 'Sotto listens at 172.17.0.1 already' <(docker)
    listenAt '"0.0.0.0:53"'
    check "likewise, at all addresses" grep -qF 'Sotto listens at 172.17.0.1 already' <(docker)
fi
endProgram "$sottodId"

printf -- '--- what is an error\n'
ip address del 127.0.0.1/8 dev lo
ip address add 127.0.0.1/32 dev lo
printf 'listen = ["127.0.0.1:5300", "127.0.0.9:5300"]\n' >"$sandbox/sottod.toml"
check "a loopback address that is not there" doesNotStart
check "which is named" grep -qF '127.0.0.9:5300' "$sandbox/sottod.log"

finish
