# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a test sees of the machine: whom the system asks, and which files it has.

labels=0

# A name that nobody has asked for yet, so that no cache of the system knows it.
newName() {
    labels=$((labels + 1))
    name=n$labels.quietzone.example
}

# systemAsks ANSWER: whoever gives this answer is the one that getaddrinfo reaches.
systemAsks() {
    local answer
    newName
    answer=$(inside timeout 5 getent ahostsv4 "$name" | awk 'NR == 1 { print $1 }')
    [[ $answer == "$1" ]]
}

# addressAnswers ADDRESS [dig option…]
addressAnswers() {
    local address=$1
    shift
    newName
    [[ $(inside dig +short +tries=1 +time=2 "@$address" "$@" "$name" A) == "$providerAnswer" ]]
}

mainProcess() {
    inside systemctl show --property=MainPID --value "$1"
}

mainUser() {
    inside ps -o user= -p "$(mainProcess "$1")"
}

# settingIs KEY VALUE
settingIs() {
    inside sottoctl settings |
        awk -v key="$1" -v value="$2" '$1 == key { found = $NF == value } END { exit !found }'
}

# leaseIs STATE: as the keeper has it.
leaseIs() {
    [[ $(inside sotto-lease describe --json) =~ \"state\":\ *\"$1\" ]]
}

othersCannotReachKeeper() {
    [[ $(inside stat -c '%a %U' /run/sotto-lease/socket) == '600 sotto' ]]
}

# Runs a command as joe, who is logged in nowhere.
asJoe() {
    inside setpriv --reuid=joe --regid=joe --clear-groups "$@"
}

# The same as joe, who sits at the computer.
atSeat() {
    inside systemd-run --quiet --pipe --wait -p User=joe -p PAMName=seat \
        -p Environment=XDG_SEAT=seat0 -p Environment=XDG_SESSION_TYPE=x11 "$@"
}

# shellcheck disable=SC2094 # it is answered while it asks
# withPassword PASSWORD COMMAND…: as joe at the computer, on a terminal with an agent of polkit, and
# types this once he is asked.
withPassword() {
    local password=$1 status=0
    shift
    cat >"$sandbox/on-terminal" <<'SH'
#!/bin/sh
# The agent is there for this process, which becomes the command, and ends with it.
mkfifo /tmp/agent.$$
pkttyagent --process $$ --notify-fd 3 3>/tmp/agent.$$ &
cat /tmp/agent.$$
exec "$@"
SH
    putInside "$sandbox/on-terminal" /var/tmp/on-terminal
    : >"$sandbox/asked"
    {
        eventually 20 grep -q Password: "$sandbox/asked" && printf '%s\n' "$password"
        eventually 20 grep -q 'AUTHENTICATION [A-Z]' "$sandbox/asked"
        true
    } | inside systemd-run --quiet --pty --wait -p User=joe -p PAMName=seat \
        -p Environment=XDG_SEAT=seat0 -p Environment=XDG_SESSION_TYPE=x11 \
        sh /var/tmp/on-terminal "$@" >"$sandbox/asked" 2>&1 || status=$?
    return "$status"
}

# endsWith STATUS COMMAND…: the command's exit status.
endsWith() {
    local expected=$1 status=0
    shift
    "$@" >/dev/null 2>&1 || status=$?
    [[ $status == "$expected" ]]
}

# What the system's DNS consists of: the file with its kind, and what systemd-resolved and
# NetworkManager were told beside it.
dnsFiles() {
    # shellcheck disable=SC2016 # for the inner shell
    inside sh -c '
        stat -c "%n %F %a %u:%g %N" /etc/resolv.conf
        cat /etc/resolv.conf
        find /run/systemd/resolved.conf.d /etc/systemd/resolved.conf* -type f 2>/dev/null | sort | xargs -r sha256sum
        grep -s -A9 "global-dns" /var/lib/NetworkManager/NetworkManager-intern.conf
        true'
}

# rememberDns NAME
rememberDns() {
    dnsFiles >"$sandbox/dns.$1"
}

sameAs() {
    dnsFiles | diff -u "$sandbox/dns.$1" -
}

sameDnsFiles() {
    sameAs before
}

# rememberSystem NAME: every file of /etc with its kind, mode, owner and content. Users stay.
rememberSystem() {
    rememberDns "$1"
    inside find /etc -xdev ! -type d \
        ! -path '/etc/passwd*' ! -path '/etc/group*' ! -path '/etc/shadow*' ! -path '/etc/gshadow*' \
        ! -path '/etc/subuid*' ! -path '/etc/subgid*' ! -path /etc/.pwd.lock \
        -printf '%p %y %m %u:%g %l ' \
        \( -type f -exec sha256sum {} \; -o -printf '\n' \) | sort >"$sandbox/$1"
    inside find /etc -xdev -type d -printf '%p %y %m %u:%g\n' | sort >>"$sandbox/$1"
}

nothingLeft() {
    local left
    left=$(inside find / -xdev \( -name '*sotto*' -o -path '*/run/sotto*' \) \
        ! -path '/proc/*' ! -path '/sys/*' ! -path '/var/log/*' \
        ! -path '/var/lib/dpkg/*' ! -path '/tmp/systemd-private-*' ! -path '/var/tmp/systemd-private-*')
    [[ -z $left ]] || {
        printf '%s\n' "$left" >&2
        return 1
    }
}

# Notes each change of the system's DNS from now on, until dnsStayed.
watchDns() {
    inside rm -f /run/dns-changes
    inside touch /run/watching
    # shellcheck disable=SC2016 # for the inner shell
    inside sh -c '
        look() { readlink /etc/resolv.conf; cat /etc/resolv.conf; cat /run/systemd/resolved.conf.d/* 2>/dev/null
            grep -s -A9 global-dns /var/lib/NetworkManager/NetworkManager-intern.conf; }
        first=$(look)
        while [ -e /run/watching ]; do
            [ "$(look)" = "$first" ] || look >>/run/dns-changes
        done' >/dev/null 2>&1 &
    watcher=$!
    programIds+=("$watcher")
}

dnsStayed() {
    inside rm -f /run/watching
    wait "$watcher"
    inside test ! -e /run/dns-changes || {
        inside cat /run/dns-changes >&2
        return 1
    }
}

# Looks a new name up again and again from now on, until namesFound: each until the provider has
# answered, two seconds long at the most.
watchNames() {
    inside rm -f /run/not-found
    inside touch /run/asking
    # shellcheck disable=SC2016 # for the inner shell
    inside sh -c '
        asked=0
        ask() {
            for try in 1 2 3 4 5; do
                getent ahostsv4 "w$asked-$try.quietzone.example" | grep -q "^$1 " && return
                sleep 0.4
            done
            false
        }
        while [ -e /run/asking ]; do
            asked=$((asked + 1))
            ask "$1" || echo "$asked" >>/run/not-found
        done
        echo "$asked" >/run/asked' sh "$providerAnswer" >/dev/null 2>&1 &
    asker=$!
    programIds+=("$asker")
}

namesFound() {
    inside rm -f /run/asking
    wait "$asker"
    inside test -s /run/asked -a ! -e /run/not-found
}

# How open the units are, by systemd's own measure.
recordExposure() {
    local unit
    for unit in sottod.service sotto-lease.service; do
        printf 'exposure: %s\n' "$(inside systemd-analyze security --no-pager "$unit" | tail -n 1)"
    done
    check "sottod.service is exposed by 1.5 at the most" exposedWithin 15 sottod.service
}

exposedWithin() {
    inside systemd-analyze security --no-pager --threshold="$1" "$2" >/dev/null
}

# For a person who has to find out why: all that matters to the system's DNS.
explainDns() {
    {
        dnsFiles
        inside sotto-lease describe
        inside sottoctl status
        inside systemctl --no-pager --full status sottod.service sotto-lease.service
        inside journalctl --no-pager -b -n 60 -o short-precise
    } 2>&1 | sed 's/^/    /' >&2
}
