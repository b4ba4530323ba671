# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck source=scripts/processes.bash
source scripts/processes.bash

readonly listenAddress=127.0.0.1:5300
readonly bin=build/dev/bin
readonly stateRoot=build/dev/run

runHelp() {
    cat <<'TEXT'
Usage: ./dev run [--demo] [-y]

Builds Sotto and starts it as the current user: sottod answers on 127.0.0.1:5300 (UDP and TCP),
and the app opens where there is a display. The system's DNS is not touched. Ctrl-C ends it all.

  -y, --yes  do not ask before installing packages
  --demo     ask small DNS-over-TLS servers of the project's own instead of a provider, so that
             everything, the choice of a provider too, can be tried without internet. Their answers
             are made up.

What is chosen in the app is kept in build/dev/run.
TEXT
}

# Says who has the port, and ends, where it is taken.
refuseTakenPort() {
    local port=${listenAddress##*:} owners
    command -v ss >/dev/null || return 0
    owners=$(ss -Hlntup "sport = :$port" | awk '{ print $1, $5, $7 }' | sort -u)
    [[ -n $owners ]] || return 0
    warn "Port $port is taken:"
    sed -E 's/users:\(\("([^"]*)",pid=([0-9]+).*/by "\1", process \2/; s/^/  /' <<<"$owners" >&2
    [[ $owners == *users:* ]] || warn "The owner is another user's process; \"sudo ss -lntup\" names it."
    die "End that program (perhaps another ./dev run), then start again."
}

sottoctl() {
    "$bin/sottoctl" --socket "$runtimeDir/sottod.sock" "$@"
}

# The value of a top-level key in the one JSON object on standard input.
jsonValue() {
    sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1
}

startDemoServer() {
    startProgram "$runtimeDir/demo.log" "$bin/sotto-demo-server" --port 0 \
        --ca-file "$runtimeDir/demo-ca.pem" --ready-file "$runtimeDir/demo-ready" \
        --settings "$runtimeDir/sottod.toml" --listen "$listenAddress"
    demoPid=$startedPid
    if ! waitUntil 10 test -s "$runtimeDir/demo-ready"; then
        cat "$runtimeDir/demo.log" >&2
        die "The demo server did not start."
    fi
}

startSottod() {
    startProgram "$runtimeDir/sottod.log" "$bin/sottod" --config "$runtimeDir/sottod.toml" \
        --state-dir "$stateDir" --socket "$runtimeDir/sottod.sock"
    sottodPid=$startedPid
    if ! waitUntil 10 sottodAnswers; then
        cat "$runtimeDir/sottod.log" >&2
        die "sottod did not start."
    fi
}

# True once sottod can be asked; ends the wait at once where it has ended.
sottodAnswers() {
    if ! isRunning "$sottodPid"; then
        cat "$runtimeDir/sottod.log" >&2
        die "sottod did not start (its message is above)."
    fi
    sottoctl --json status >/dev/null 2>&1
}

startApp() {
    startProgram "$runtimeDir/app.log" "$bin/sotto" --socket "$runtimeDir/sottod.sock"
    appPid=$startedPid
}

introduce() {
    local demo=$1
    printf '\n'
    if [[ $demo == 1 ]]; then
        cat <<TEXT
*** DEMO: every answer is made up by servers on this machine. Nothing is asked of the internet. ***

TEXT
    fi
    cat <<TEXT
Sotto answers on $listenAddress, UDP and TCP. The system's DNS is as it was.
In another terminal:

    dig @127.0.0.1 -p 5300 example.com
TEXT
    if [[ $demo == 1 ]]; then
        cat <<'TEXT'
    dig @127.0.0.1 -p 5300 example.com AAAA
    dig @127.0.0.1 -p 5300 www.example.com
    dig @127.0.0.1 -p 5300 weather.example HTTPS
    dig @127.0.0.1 -p 5300 +tcp example.com TXT
    dig @127.0.0.1 -p 5300 lost.example

TEXT
        sed -n 's/^Providers to choose from: */Choose among the demo providers in the app, or with sottoctl use: /p' \
            "$runtimeDir/demo.log"
        sed -n 's/^Names under: */The demo knows names under: /p' "$runtimeDir/demo.log"
        printf '\n'
    fi
    cat <<TEXT
    $bin/sottoctl --socket $runtimeDir/sottod.sock status

Ctrl-C ends it.
TEXT
    printf '\n'
}

# One line: state, queries, cache.
statusLine() {
    local status statistics
    status=$(sottoctl --json status 2>/dev/null) || return 1
    statistics=$(sottoctl --json stats 2>/dev/null) || return 1
    printf '%s · queries: %s · from the cache: %s · failed: %s' \
        "$(jsonValue protection <<<"$status")" \
        "$(jsonValue queries <<<"$statistics")" \
        "$(jsonValue cache_hits <<<"$statistics")" \
        "$(jsonValue failed <<<"$statistics")"
}

clearLine() {
    [[ ! -t 1 ]] || printf '\r\033[K'
}

lastLine=''

showStatusLine() {
    local line
    line=$(statusLine) || return 0
    if [[ -t 1 ]]; then
        printf '\r\033[K%s' "$line"
    elif [[ $line != "$lastLine" ]]; then
        say "$line"
    fi
    lastLine=$line
}

# Asks one harmless question (the root's name servers) so that a connection is tried.
probeProviders() {
    sottoctl query . NS >/dev/null 2>&1 || true
}

# True where every provider has failed, or questions fail and none has answered yet.
noProviderAnswers() {
    local protection failed
    protection=$(sottoctl --json status 2>/dev/null | jsonValue protection)
    failed=$(sottoctl --json stats 2>/dev/null | jsonValue failed)
    [[ $protection == trouble || ($protection == starting && ${failed:-0} -gt 0) ]]
}

# Says it once where no provider can be reached.
warnOfTrouble() {
    local demo=$1
    noProviderAnswers || return 1
    clearLine
    say "No provider can be reached, so questions fail. sottod says:"
    sottoctl status | sed 's/^/    /'
    if [[ $demo == 0 ]]; then
        say "Without internet (or where port 853 is blocked) everything can be tried with:"
        say "    ./dev run --demo"
    fi
    printf '\n'
}

# Starts sottod again when it ended, as a system's service manager would; gives up at the third
# time.
restartSottod() {
    local status=0
    wait "$sottodPid" || status=$?
    clearLine
    ((++restarts < 3)) || {
        cat "$runtimeDir/sottod.log" >&2
        die "sottod ended again (exit status $status); it is not started another time."
    }
    say "sottod ended (exit status $status). Starting it again…"
    pause 2
    startSottod
    say "sottod answers again."
}

watchOver() {
    local demo=$1 seconds=0 warned=0 restarts=0
    probeProviders &
    startedPids+=("$!")
    while true; do
        if ! isRunning "$sottodPid"; then
            restartSottod
        fi
        if [[ -n $demoPid ]] && ! isRunning "$demoPid"; then
            clearLine
            cat "$runtimeDir/demo.log" >&2
            die "The demo server ended."
        fi
        if [[ -n $appPid ]] && ! isRunning "$appPid"; then
            local status=0
            wait "$appPid" || status=$?
            appPid=''
            clearLine
            [[ $status == 0 ]] || sed 's/^/    /' "$runtimeDir/app.log"
            say "The app was closed (exit status $status). sottod goes on answering until Ctrl-C; open it again with:"
            say "    $bin/sotto --socket $runtimeDir/sottod.sock"
        fi
        if [[ $warned == 0 && $seconds -le 30 ]] && warnOfTrouble "$demo"; then
            warned=1
        fi
        showStatusLine
        pause 1
        ((++seconds))
    done
}

runCommand() {
    local demo=0 demoPid='' appPid='' sottodPid='' startedPid='' stateDir
    while [[ $# -gt 0 ]]; do
        case $1 in
        --demo) demo=1 ;;
        *) wrongUsage run "unknown argument: $1" ;;
        esac
        shift
    done
    ensurePackages build run
    refuseTakenPort
    configurePreset dev
    local targets=(sottod sottoctl)
    [[ $demo == 0 ]] || targets+=(sotto-demo-server)
    ! hasDisplay || targets+=(sotto)
    buildPreset dev "${targets[@]}"

    makeRuntimeDir
    if [[ $demo == 1 ]]; then
        stateDir=$runtimeDir/state
        startDemoServer
    else
        stateDir=$stateRoot/state
        printf 'listen = ["%s"]\n' "$listenAddress" >"$runtimeDir/sottod.toml"
    fi
    mkdir -p "$stateDir"
    startSottod
    ! hasDisplay || startApp
    introduce "$demo"
    hasDisplay || say "There is no display, so the app was not opened."
    watchOver "$demo"
}
