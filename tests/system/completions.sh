#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The completions of bash, zsh and fish know every command of the programs, and what may follow it.
#
# Usage: completions.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}
completions=$sourceDir/installers/completions
export PATH=$bin:$PATH

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"

needPrograms bash zsh fish
makeSandbox

# Each prints what the shell offers after the words; the last one is what was begun.

# shellcheck disable=SC2016 # for the inner shell
byBash() {
    bash -c 'source "$1/$2.bash"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        "_${1//-/_}" "$1"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$completions" "$@"
}

# zsh without its line editor: what adds to the list prints instead.
# shellcheck disable=SC2016 # for the inner shell
byZsh() {
    zsh -f -c 'file=$1/_$2; shift
        compadd() { local name
            if [[ $1 == -a ]]; then print -l -- ${(P)2}; else [[ $1 == -- ]] && shift; print -l -- $@; fi }
        _describe() { print -l -- ${${(P)4}%%:*}; }
        _files() { print files; }
        words=("$@") CURRENT=$#
        source $file' zsh "$completions" "$@"
}

byFish() {
    # shellcheck disable=SC2016 # for the inner shell
    XDG_CONFIG_HOME=$sandbox XDG_DATA_HOME=$sandbox HOME=$sandbox fish --no-config -c '
        source $argv[1]/$argv[2].fish
        complete -C (string join " " -- $argv[2..-1])' "$completions" "$@" | cut -f1
}

# offers SHELL WANTED WORD…
offers() {
    local shell=$1 wanted=$2 offered
    shift 2
    offered=$("by$shell" "$@" 2>&1)
    grep -qxF -- "$wanted" <<<"$offered"
}

# The commands, as the help lists them between two headings.
commandsOf() {
    sottoctl --help | sed -n '/^Commands:/,/^Options:/s/^  \([a-z-]*\).*/\1/p'
}

commands=$(commandsOf)
check "sottoctl has commands" grep -qx status <<<"$commands"
for shell in Bash Zsh Fish; do
    for command in $commands; do
        check "$shell knows sottoctl $command" offers "$shell" "$command" sottoctl ''
        check "$shell knows it after an option" offers "$shell" "$command" sottoctl --json ''
    done
    check "$shell: an option of a command" offers "$shell" --follow sottoctl log --
    check "$shell: a sub-command" offers "$shell" unset sottoctl settings ''
    check "$shell: no commands after one" refuse offers "$shell" stats sottoctl log ''
    check "$shell: the program's own options" offers "$shell" --json sottoctl --
    for verb in describe restore serve; do
        check "$shell knows sotto-lease $verb" offers "$shell" "$verb" sotto-lease ''
    done
    check "$shell: an option of a verb" offers "$shell" --json sotto-lease describe --
    check "$shell: an option of all" offers "$shell" --state-dir sotto-lease restore --
    check "$shell: no option of another verb" refuse offers "$shell" --json sotto-lease serve --
done

finish
