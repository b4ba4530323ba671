#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Without a service manager: a sottod that root starts with --user brings its keeper along, which is
# started again where it dies, and gives the settings back whoever is killed.
#
# Usage: keeper_guard.sh FOLDER-OF-PROGRAMS PATH-OF-THE-INSTALLED-KEEPER

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}
installed=${2:?where sottod looks for the keeper}

# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/lease/lease_system.bash
source "$here/lease_system.bash"

needPrograms ip unshare
[[ $(awk '{ print $3; exit }' /proc/self/uid_map) -ge 65535 ]] || skip "no other user exists here"
enterLeaseSystem "$@"
makeLeaseSystem
# Nothing of the computer's own: where the keeper is installed, and where it keeps its state.
mkdir -p "$(dirname "$installed")"
if ! mount -t tmpfs tmpfs "$(dirname "$installed")" ||
    ! mount -t tmpfs -o mode=755 tmpfs /var/lib; then
    skip "no file system in memory can be mounted"
fi
cp "$bin/sotto-lease" "$installed"

settings='listen = ["127.0.0.1:53"]
forward.source_address = ["127.0.0.1"]' # nothing leaves
startSottod() {
    printf '%s\n' "$settings" "$@" >"$sandbox/sotto.toml"
    startProgram "$sandbox/sottod.log" "$bin/sottod" --config "$sandbox/sotto.toml" \
        --state-dir /var/lib/sotto --socket /run/sotto/s --user nobody
    sottodId=$programId
}

ctl() {
    "$bin/sottoctl" --socket /run/sotto/s "$@"
}

isOn() {
    isOurs && ctl --json status | tr -d ' \n' | grep -q '"state":"on"'
}

# The processes of this namespace of mounts that run the installed keeper.
keeperIds() {
    local exe
    for exe in /proc/[0-9]*/exe; do
        [[ $(readlink "$exe") == "$installed" &&
            $(readlink "${exe%/exe}/ns/mnt") == "$(readlink /proc/self/ns/mnt)" ]] &&
            basename "${exe%/exe}"
    done
    return 0
}

isAnother() {
    local now
    now=$(keeperIds)
    [[ -n $now && $now != "$1" ]]
}

hasNoKeeper() {
    [[ -z $(keeperIds) ]]
}

guards() {
    pgrep -x sotto-guard --ns $$ --nslist mnt
}

writeEarlier
startSottod '[system]' 'manage = true'
check "the system's DNS is taken" eventually 20 isOn
first=$(keeperIds)
check "there is one keeper" test "$(wc -w <<<"$first")" = 1
kill -9 "$first"
check "a keeper that dies is started again" eventually 5 isAnother "$first"
check "and goes on" eventually 5 isOn
kill -9 "$(keeperIds)"
kill "$sottodId"
check "sottod ends though the keeper is dead" eventually 10 refuse kill -0 "$sottodId"
check "the earlier settings are back" eventually 15 isEarlier
check "the keeper ends" eventually 25 hasNoKeeper
check "and its guard" eventually 5 refuse guards
wait "$sottodId"

startSottod '[system]' 'manage = true'
check "the system's DNS is taken again" eventually 20 isOn
kill -9 "$sottodId"
wait "$sottodId" 2>/dev/null
check "given back though sottod was killed" eventually 15 isEarlier
check "then nothing is left" eventually 25 hasNoKeeper

startSottod
check "a sottod that leaves the system alone answers" eventually 10 ctl status
check "its keeper is there" eventually 5 refuse hasNoKeeper
first=$(keeperIds)
check "and stays, whoever needs it" refuse eventually 12 isAnother "$first"
check "for what is set later" ctl settings set system.manage true
check "which is done" eventually 20 isOn
endProgram "$sottodId"
check "given back at the end" isEarlier

finish
