# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How the machine's programs look names up without being told whom to ask, and who answers them.

byHosts4() {
    getent ahostsv4 "$1"
}
byHosts6() {
    getent ahostsv6 "$1"
}
byHosts() {
    getent hosts "$1"
}
byDig4() {
    dig +short +tries=1 +time=3 "$1" A
}
byDig6() {
    dig +short +tries=1 +time=3 "$1" AAAA
}
byResolvectl4() {
    resolve query --cache=no --legend=no -4 "$1"
}
byResolvectl6() {
    resolve query --cache=no --legend=no -6 "$1"
}

# The ways that there are on this machine; where systemd-resolved runs, also its own.
lookups=(byHosts4 byHosts6 byHosts byDig4 byDig6)

nameCount=0

# newName: a name that no cache knows, in $name.
newName() {
    nameCount=$((nameCount + 1))
    name=n$nameCount.names.example
}

# answersBy WHO LOOK-UP: a new name, looked up in this way, is answered by the provider, lan or hotel.
answersBy() {
    local answer
    newName
    answer=$("$2" "$name" 2>/dev/null) || return 1
    [[ $answer == *"${answer4[$1]}"* || $answer == *"${answer6[$1]}"* ]] && wasAsked "$1" "$name"
}
# wasAsked WHO NAME: their log has it.
wasAsked() {
    grep -q -e "[] ]$2[. ]" "$sandbox/$1.log"
}

# asks WHO: every way to look a name up ends there.
asks() {
    local way
    for way in "${lookups[@]}"; do
        answersBy "$1" "$way" || return 1
    done
}

# checkAsks WHAT WHO: the same, a check for each way.
checkAsks() {
    local way
    for way in "${lookups[@]}"; do
        check "$1: $way is answered by $2" answersBy "$2" "$way"
    done
}
