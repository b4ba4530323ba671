#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Port 53 in a network namespace of its own: sottod names who has it, takes another address where
# it may, and gives up the rights of root with which it was started.
#
# Usage: port_taken.sh FOLDER-OF-PROGRAMS [INSTALLED-LEASE-KEEPER]

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck disable=SC2034 # of sandbox.bash
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:?the folder of the programs}
keeper=${2:-}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"

needPrograms ip unshare setpriv
enterOwnNetwork "$@"
makeSandbox
chmod 755 "$sandbox"

# run NAME OPTION…: starts a sottod whose settings come on standard input.
run() {
    local name=$1
    shift
    mkdir -p "$sandbox/$name"
    cat - >"$sandbox/$name/sotto.toml"
    startProgram "$sandbox/$name/log" "$bin/sottod" --config "$sandbox/$name/sotto.toml" \
        --state-dir "$sandbox/$name/state" --socket "$sandbox/$name/run/s" \
        --lease-socket "$sandbox/$name/no-keeper" "$@"
}

says() {
    grep -qF -- "$2" "$sandbox/$1/log"
}

status() {
    "$bin/sottoctl" --socket "$sandbox/$1/run/s" --json status
}

listens() {
    grep -qF "\"$2\"" <(status "$1" | tr -d '\n ' | sed 's/.*"listen":\(\[[^]]*\]\).*/\1/')
}

atHome='forward.source_address = ["127.0.0.1"]'

run first <<<"listen = [\"127.0.0.1:53\"]
$atHome"
firstId=$programId
check "the first one answers" eventually 10 says first "answers on"

run aside <<<"$atHome
[system]
manage = true"
asideId=$programId
check "beside it another takes 127.0.0.2" eventually 10 listens aside 127.0.0.2:53
check "and tells why" grep -qF "127.0.0.1:53 is taken by sottod (pid $firstId)" <(status aside)
kill -HUP "$asideId"
check "settings that are read again leave it there" eventually 10 says aside \
    "settings read again, listening on 127.0.0.2:53"
endProgram "$asideId"

run alone <<<"$atHome"
wait "$programId"
check "where the system's DNS is not managed it does not start" test $? -eq 1
check "and names the other one" says alone "127.0.0.1:53 is taken by sottod (pid $firstId)"

run chosen <<<"listen = [\"127.0.0.1:53\"]
$atHome
[system]
manage = true"
wait "$programId"
check "an address that somebody chose is not left" test $? -eq 1
check "and its owner is named" says chosen "is taken by sottod (pid $firstId)"
endProgram "$firstId"

run all <<<"listen = [\"0.0.0.0:53\", \"[::]:53\"]
$atHome"
allId=$programId
check "one at all addresses answers" eventually 10 says all "answers on"
run otherPort <<<"$atHome
[system]
manage = true"
check "beside it another takes port 535" eventually 10 listens otherPort 127.0.0.1:535
endProgram "$programId"
endProgram "$allId"

# A unit is told also to a user who may not look into other users' processes, by its cgroup.
cgroups=/sys/fs/cgroup
[[ -e $cgroups/cgroup.procs ]] || cgroups=/sys/fs/cgroup/unified
unit=$cgroups/sotto-check-$$.service
if [[ $EUID == 0 ]] && mkdir "$unit" 2>/dev/null; then
    mkdir -p "$sandbox/unit"
    printf 'listen = ["127.0.0.1:5353"]\n%s\n' "$atHome" >"$sandbox/unit/sotto.toml"
    # shellcheck disable=SC2016 # of the inner shell
    startProgram "$sandbox/unit/log" bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' \
        bash "$unit" "$bin/sottod" --config "$sandbox/unit/sotto.toml" \
        --state-dir "$sandbox/unit/state" --socket "$sandbox/unit/run/s" \
        --lease-socket "$sandbox/unit/no-keeper"
    unitId=$programId
    check "one in a unit answers" eventually 10 says unit "answers on"
    mkdir -p "$sandbox/user"
    chmod 777 "$sandbox/user"
    timeout 10 setpriv --reuid=65534 --regid=65534 --clear-groups "$bin/sottod" \
        --config "$sandbox/unit/sotto.toml" --state-dir "$sandbox/user/state" \
        --socket "$sandbox/user/s" --lease-socket "$sandbox/user/no-keeper" \
        2>"$sandbox/user/log"
    check "its unit is named to another user" \
        says user "127.0.0.1:5353 is taken by ${unit##*/} (sottod, pid $unitId)"
    endProgram "$unitId"
    check "the unit can be removed" eventually 10 rmdir "$unit"
else
    printf 'SKIP: units: this user may not make a cgroup\n'
fi

if [[ $(awk '{ print $3; exit }' /proc/self/uid_map) -lt 65535 ]]; then
    printf 'SKIP: --user: no other user exists here\n'
elif ! unshare --mount true 2>/dev/null; then
    printf 'SKIP: --user: this user may not make a namespace of mounts\n'
else
    mkdir -p "$(dirname "$keeper")"
    # shellcheck disable=SC2016 # of the other script
    printf '#!/bin/sh\nprintf "%%s\\n" "$* $(id -u) $PATH" >%q/keeper.args\n' "$sandbox" \
        >"$sandbox/keeper"
    chmod 755 "$sandbox/keeper"
    mkdir -p "$sandbox/plain"
    printf '%s\n' "$atHome" "[system]" "manage = true" >"$sandbox/plain/sotto.toml"
    # shellcheck disable=SC2016 # of the inner shell
    startProgram "$sandbox/plain/log" unshare --mount bash -c '
        mount --make-rprivate / && mount -t tmpfs tmpfs "$(dirname "$1")" &&
            cp "$2" "$1" && shift 2 && exec "$@"' bash "$keeper" "$sandbox/keeper" \
        "$bin/sottod" --config "$sandbox/plain/sotto.toml" --state-dir "$sandbox/plain/state" \
        --socket "$sandbox/plain/run/s" --lease-socket "$sandbox/plain/no-keeper" --user nobody
    plainId=$programId
    check "started by root it answers on port 53" eventually 10 says plain "answers on 127.0.0.1:53"
    check "as another user" grep -qE $'^Uid:(\t65534){4}$' "/proc/$plainId/status"
    check "without root's groups" grep -qE $'^Gid:(\t65534){4}$' "/proc/$plainId/status"
    for set in CapPrm CapEff CapBnd; do
        check "with the right to low ports only ($set)" \
            grep -qE $'^'$set$':\t0{13}400$' "/proc/$plainId/status"
    done
    check "and gains no other" grep -qE $'^NoNewPrivs:\t1$' "/proc/$plainId/status"
    check "the state is its own" test "$(stat -c %u:%a "$sandbox/plain/state")" = 65534:700
    check "a keeper was started for it" eventually 10 grep -qF "serve --user nobody --until-input-ends 0 " \
        "$sandbox/keeper.args"
    printf 'listen = ["127.0.0.5:53"]\n%s\n' "$atHome" >"$sandbox/plain/sotto.toml"
    kill -HUP "$plainId"
    check "it can open other low ports later" eventually 10 says plain "listening on 127.0.0.5:53"
    endProgram "$plainId"
    run stranger --user no-such-user <<<"$atHome"
    wait "$programId"
    check "an unknown user is refused" test $? -eq 1
fi

finish
