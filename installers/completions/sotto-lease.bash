# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What sotto-lease can do is read from its own help, so that the two cannot differ.

# _sotto_lease_words PROGRAM [VERB]: the verbs, or the options of one.
_sotto_lease_words() {
    "$1" --help 2>/dev/null | awk -v verb="${2-}" '
        verb == "" && /^  [a-z]/ { print $1 }
        /^Options of / { on = $3 == verb ":" || verb != "" && $3 == "all:"; next }
        on && /^  --/ { print $1 }'
}

_sotto_lease() {
    local words previous=${COMP_WORDS[COMP_CWORD - 1]} current=${COMP_WORDS[COMP_CWORD]}
    COMPREPLY=()
    case $previous in
    --socket | --state-dir | --root)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --user | --port | --bus) return ;;
    esac
    if [[ $COMP_CWORD == 1 ]]; then
        words="--help --version $(_sotto_lease_words "$1")"
    else
        words=$(_sotto_lease_words "$1" "${COMP_WORDS[1]}")
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _sotto_lease sotto-lease
