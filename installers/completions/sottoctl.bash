# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What sottoctl can do is read from its own help, so that the two cannot differ.

# The indented lines under "Commands:", each "command arguments   summary".
_sottoctl_commands() {
    "$1" --help 2>/dev/null |
        awk '/^Commands:/ { on = 1; next } on && !/^ / { exit } on { print $1 }'
}

# What may follow a command: its options and sub-commands, and PROVIDER, KEY where it takes them.
_sottoctl_arguments() {
    "$1" "$2" --help 2>/dev/null | sed -n "1s/^Usage: .*\] $2//p" |
        grep -oE -- '--[a-z-]+|[A-Za-z][A-Za-z-]*'
}

_sottoctl() {
    local program=$1 current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' word words skip=0 index
    COMPREPLY=()
    if [[ $previous == --socket ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
    fi
    for ((index = 1; index < COMP_CWORD; ++index)); do
        word=${COMP_WORDS[index]}
        if [[ $skip == 1 ]]; then
            skip=0
        elif [[ $word == --socket ]]; then
            skip=1
        elif [[ $word != -* ]]; then
            command=$word
            break
        fi
    done
    words='--socket --json --help'
    if [[ -z $command ]]; then
        words+=" --version $(_sottoctl_commands "$program")"
    else
        for word in $(_sottoctl_arguments "$program" "$command"); do
            case $word in
            PROVIDER) words+=" $("$program" providers 2>/dev/null | awk 'NR > 1 { print $1 }')" ;;
            KEY) [[ $previous != set && $previous != unset ]] ||
                words=$("$program" settings 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
            *[A-Z]*) ;;
            *) words+=" $word" ;;
            esac
        done
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _sottoctl sottoctl
