# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Starting and asking sottod in the system tests. One runs at a time, on 127.0.0.1:5300.

# startSottod UPSTREAM-TABLE…: each an inline TOML table.
startSottod() {
    local state
    state=$(mktemp -d "$sandbox/state.XXXXXX")
    {
        printf 'listen = ["127.0.0.1:5300"]\npolicy = "sequential"\nupstreams = [\n'
        printf '  %s,\n' "$@"
        printf ']\n'
    } >"$sandbox/sottod.toml"
    startProgram "$sandbox/sottod.log" "$bin/sottod" --config "$sandbox/sottod.toml" \
        --state-dir "$state" --socket "$sandbox/sottod.sock"
    sottodId=$programId
    if ! eventually 10 sottoctl status; then
        cat "$sandbox/sottod.log" >&2
        fail "sottod starts"
        exit 1
    fi
}

endSottod() {
    endProgram "$sottodId"
}

sottoctl() {
    "$bin/sottoctl" --socket "$sandbox/sottod.sock" "$@"
}

# statistic KEY: one figure of sottod.
statistic() {
    sottoctl --json stats | sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p"
}

# ask OPTION… NAME TYPE: the whole of dig's answer, through sottod.
ask() {
    dig @127.0.0.1 -p 5300 +tries=1 +time=5 "$@"
}
