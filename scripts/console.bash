# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Talking to the person at the terminal.

say() {
    printf '%s\n' "$*"
}

warn() {
    printf 'dev: %s\n' "$*" >&2
}

die() {
    warn "$*"
    exit 1
}

# A wrong argument of the command $1: says what is wrong, shows the usage, ends with 2.
wrongUsage() {
    local command=$1
    shift
    printf 'dev %s: %s\n\n' "$command" "$*" >&2
    "${command}Help" >&2
    exit 2
}

inCi() {
    [[ -n ${CI-} && ${CI-} != false && ${CI-} != 0 ]]
}

hasDisplay() {
    [[ -n ${DISPLAY-} || -n ${WAYLAND_DISPLAY-} ]]
}

# Qt and ctest want a UTF-8 locale. A bare system has none set, but glibc always brings C.UTF-8.
useUtf8() {
    case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
    *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
    esac
}

# 1 once -y was given.
assumeYes=0

# Asks a yes/no question, unless assumeYes is 1 or nobody could be asked. Fails on "no".
confirm() {
    if [[ $assumeYes == 1 ]] || inCi; then
        return 0
    fi
    if [[ ! -t 0 ]]; then
        [[ $EUID == 0 ]] && return 0
        die "There is no terminal to ask at. Say yes beforehand with -y."
    fi
    local answer
    read -r -p "$1 [Y/n] " answer || return 1
    [[ -z $answer || $answer == [Yy]* ]]
}
