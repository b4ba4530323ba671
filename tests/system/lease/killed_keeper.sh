#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The lease keeper is killed at every step of taking, giving back and yielding. Whoever comes next
# puts it right: a new keeper, or "restore" alone.
#
# Usage: killed_keeper.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/lease/own_system.bash
source "$here/own_system.bash"

needPrograms ip unshare
enterOwnSystem "$@"
makeOwnSystem
startResponder

isTheirs() {
    [[ $(cat /etc/resolv.conf) == 'nameserver 192.0.2.99' ]]
}

isGone() {
    ! kill -0 "$keeperId" 2>/dev/null
}

# story NAME STEP: false once STEP is behind the end of the story.
play() {
    : >"$sandbox/steps"
    writeEarlier
    startKeeper "$bin/lease_under_fault" "$2" "$sandbox/steps"
    awaitKeeper
    startService
    eventually 10 heldOrGone
    case $1 in
    taking) ;;
    giving-back) "$bin/lease_client" "$socket" once 'verb="restore"' >/dev/null 2>&1 ;;
    yielding)
        isGone || printf 'nameserver 192.0.2.99\n' >/etc/resolv.conf
        eventually 5 yieldedOrGone
        ;;
    esac
    # What was asked of it may be done before it is dead.
    [[ $(wc -l <"$sandbox/steps") -lt $2 ]] || eventually 5 isGone
    if isGone; then
        endProgram "$serviceId"
        return 0
    fi
    endProgram "$serviceId"
    killProgram "$keeperId"
    return 1
}
heldOrGone() { reports held || isGone; }
yieldedOrGone() { reports yielded || isGone; }

isWell() {
    isOurs || isEarlier || { [[ $1 == yielding ]] && isTheirs; }
}
isBack() {
    isEarlier || { [[ $1 == yielding ]] && isTheirs; }
}

for story in taking giving-back yielding; do
    printf -- '--- killed while %s\n' "$story"
    step=1
    while play "$story" "$step"; do
        where="step $step, $(tail -n 1 "$sandbox/steps")"
        if ((step % 2)); then
            startKeeper
            awaitKeeper
            check "$where: a new keeper puts it right" eventually 5 isWell "$story"
        fi
        check "$where: restore ends it" restore
        check "$where: the earlier file is back" isBack "$story"
        check "$where: no journal is left" hasNoJournal
        ((step % 2)) && killProgram "$keeperId"
        ((++step))
        ((step < 100)) || break
    done
    check "$story has steps" test "$step" -gt 8
    restore
done

finish
