# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck source=scripts/processes.bash
source scripts/processes.bash

screenshotsHelp() {
    cat <<'TEXT'
Usage: ./dev screenshots [-y] [FOLDER]

Lets the app draw each of its pages, light and dark, into FOLDER (docs/screenshots), without a
display. It runs against sottod and the demo server, after some real questions, so that the pages
show something. States that no service can be brought into at will (the system's DNS taken over,
a password awaited, ...) are drawn against a stand-in, into FOLDER/states. Needs no internet.

  -y, --yes  do not ask before installing packages
TEXT
}

# Questions of a usual morning: names of the demo zone, some twice for the cache.
askAround() {
    local port=$1 name type
    while read -r name type; do
        dig @127.0.0.1 -p "$port" +tries=1 +time=3 "$name" "$type" >/dev/null || true
    done <<'QUESTIONS'
news.example A
news.example AAAA
news.example HTTPS
mail.example A
mail.example MX
weather.example HTTPS
weather.example A
library.example A
library.example AAAA
news.example A
news.example AAAA
bakery.example A
florist.example A
maps.example A
tiles.maps.example A
www.example.com A
www.example.com AAAA
www.example.com HTTPS
time.example A
lost.example A
radio.example A
mail.example A
news.example A
example.org A
v4.example.org AAAA
weather.example A
library.example A
example.com TXT
www.example.com A
news.example A
news.example AAAA
QUESTIONS
    dig @127.0.0.1 -p "$port" +tcp +tries=1 +time=3 long.example.com TXT >/dev/null || true
}

screenshotsCommand() {
    local folder=${1:-docs/screenshots} bin=build/dev/bin startedPid='' address=127.0.0.1:5300 port
    [[ $# -le 1 && $folder != -* ]] || wrongUsage screenshots "unknown argument: ${2:-$1}"
    ensurePackages build run screenshots
    configurePreset dev
    buildPreset dev sottod sottoctl sotto sotto-demo-server sotto-state-pictures

    # Another port where that one is taken, e.g. by ./dev run.
    [[ -z $(ss -Hlntu 'sport = :5300') ]] || address=127.0.0.1:0
    makeRuntimeDir
    startProgram "$runtimeDir/demo.log" "$bin/sotto-demo-server" --port 0 \
        --ca-file "$runtimeDir/demo-ca.pem" --ready-file "$runtimeDir/demo-ready" \
        --settings "$runtimeDir/sottod.toml" --listen "$address"
    waitUntil 10 test -s "$runtimeDir/demo-ready" ||
        die "The demo server did not start: $(<"$runtimeDir/demo.log")"
    mkdir "$runtimeDir/state"
    startProgram "$runtimeDir/sottod.log" "$bin/sottod" --config "$runtimeDir/sottod.toml" \
        --state-dir "$runtimeDir/state" --socket "$runtimeDir/sottod.sock"
    waitUntil 10 "$bin/sottoctl" --socket "$runtimeDir/sottod.sock" --json status \
        >"$runtimeDir/status" 2>/dev/null ||
        die "sottod did not start: $(<"$runtimeDir/sottod.log")"
    port=$(sed -n 's/.*"listen": *\["127\.0\.0\.1:\([0-9]*\)".*/\1/p' "$runtimeDir/status")
    [[ -n $port ]] || die "sottod does not say where it listens: $(<"$runtimeDir/status")"
    askAround "$port"

    mkdir -p "$folder"
    QT_QPA_PLATFORM=offscreen "$bin/sotto" --socket "$runtimeDir/sottod.sock" \
        --screenshots "$folder"
    QT_QPA_PLATFORM=offscreen "$bin/sotto-state-pictures" "$folder/states"
    find "$folder" -name '*.png' -newer "$runtimeDir/status" | sort
}
