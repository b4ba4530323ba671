# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What sotto-lease can do is read from its own help, so that the two cannot differ.

_sotto_lease() {
    local words
    COMPREPLY=()
    [[ $COMP_CWORD == 1 ]] || return
    words=$("$1" --help 2>/dev/null | sed -n 's/^  \(-., \)\{0,1\}\(--\)\{0,1\}\([a-z][a-z-]*\).*/\2\3/p')
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")
}

complete -F _sotto_lease sotto-lease
