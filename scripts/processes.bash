# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs that a command starts in the background and ends again, by their own process id.

# Process ids in the order of their start, and a private folder for sockets and the like.
startedPids=()
runtimeDir=''
pausePid=''

# A short path (a socket's path may have 107 octets at most) that only this user can enter.
makeRuntimeDir() {
    local base=/tmp
    [[ -n ${XDG_RUNTIME_DIR-} && -w $XDG_RUNTIME_DIR && ${#XDG_RUNTIME_DIR} -lt 60 ]] &&
        base=$XDG_RUNTIME_DIR
    runtimeDir=$(mktemp -d "$base/sotto-dev.XXXXXX")
    trap endStarted EXIT
    trap 'exit 0' INT TERM HUP
}

# startProgram LOGFILE PROGRAM [ARGUMENT…]: its id is then in startedPid.
startProgram() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 </dev/null &
    startedPid=$!
    startedPids+=("$startedPid")
}

# True while the program with this id, which we started, runs.
isRunning() {
    [[ $'\n'$(jobs -pr)$'\n' == *$'\n'"$1"$'\n'* ]]
}

# Ends one program: asks, and after five seconds no longer asks.
endProgram() {
    local pid=$1 tries
    isRunning "$pid" || return 0
    kill -TERM "$pid" 2>/dev/null || true
    for ((tries = 0; tries < 50; ++tries)); do
        isRunning "$pid" || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
}

# Ends what was started, the last first, and removes the private folder.
endStarted() {
    trap '' INT TERM HUP
    # Off the line that shows ^C.
    [[ ! -t 1 ]] || printf '\n'
    [[ -z $pausePid ]] || kill "$pausePid" 2>/dev/null || true
    local i
    for ((i = ${#startedPids[@]} - 1; i >= 0; --i)); do
        endProgram "${startedPids[i]}"
    done
    [[ -z $runtimeDir ]] || rm -rf "$runtimeDir"
}

# Sleeps so that a signal is answered at once.
pause() {
    sleep "$1" &
    pausePid=$!
    # What bash says of a program that was killed meanwhile is no use to the person.
    wait "$pausePid" 2>/dev/null || true
    pausePid=''
}

# waitUntil SECONDS COMMAND…: true once the command succeeds.
waitUntil() {
    local tries=$(($1 * 10))
    shift
    while ! "$@"; do
        ((tries-- > 0)) || return 1
        pause 0.1
    done
}
