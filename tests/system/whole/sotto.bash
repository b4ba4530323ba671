# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real sottod and the real lease keeper on the machine, with the files and sockets that they have
# where they are installed.

readonly keeperState=/var/lib/sotto-lease

# laySotto: the administrator's settings.
laySotto() {
    mkdir -p /etc/sotto
    cp "$sandbox/authority.pem" /etc/sotto/ca.pem
    {
        printf 'upstreams = [{ address = "%s", name = "dot.example", ca_file = "/etc/sotto/ca.pem" }]\n' \
            "${resolver4[lan]}"
        printf '[system]\nmanage = true\n'
    } >/etc/sotto/sotto.toml
}

# startSotto KEEPER: sottod as root starts it without systemd: it starts the keeper, which it expects
# at KEEPER, and becomes the user sotto.
startSotto() {
    mkdir -p "$(dirname "$1")"
    ln -sf "$bin/sotto-lease" "$1"
    startProgram "$sandbox/sottod.log" "$bin/sottod" --user sotto
    sottodId=$programId
    awaitSottod
}

# startKeeper [PROGRAM…] and startSottod: the two apart, as under systemd.
startKeeper() {
    local program=("$bin/sotto-lease")
    [[ $# == 0 ]] || program=("$@")
    startProgram "$sandbox/keeper.log" "${program[@]}" serve
    keeperId=$programId
    eventually 10 test -S /run/sotto-lease/socket
}
startSottod() {
    local folder
    for folder in /run/sotto /var/lib/sotto; do
        mkdir -p "$folder"
        chown sotto:sotto "$folder"
    done
    startProgram "$sandbox/sottod.log" setpriv --reuid=sotto --regid=sotto --clear-groups \
        --inh-caps=+net_bind_service --ambient-caps=+net_bind_service --no-new-privs "$bin/sottod"
    sottodId=$programId
}
awaitSottod() {
    eventually 10 sottoctl status && return
    cat "$sandbox/sottod.log" >&2
    fail "sottod starts"
    exit 1
}

# killSottod: at once, as a crash does.
killSottod() {
    kill -KILL "$sottodId"
    endProgram "$sottodId" 2>/dev/null
}

sottoctl() {
    "$bin/sottoctl" "$@"
}

# systemDns MEMBER: what the status says of the system's DNS.
systemDns() {
    sottoctl --json system | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"
}
systemDnsIs() {
    [[ $(systemDns state) == "$1" ]]
}

restore() {
    "$bin/sotto-lease" restore >"$sandbox/restore.log" 2>&1
}

hasNoJournal() {
    ! compgen -G "$keeperState/journal*" >/dev/null
}

# explain: for a person who has to find out why.
explain() {
    {
        stateOfFiles /etc/resolv.conf
        cat /etc/resolv.conf
        "$bin/sotto-lease" describe
        sottoctl status
        tail -n 40 "$sandbox"/{sottod,keeper}.log
    } 2>&1 | sed 's/^/    /' >&2
}
