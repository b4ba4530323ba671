# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

depsHelp() {
    cat <<'TEXT'
Usage: ./dev deps [-y] [--list]

Installs what all commands need, and does nothing else.

  -y, --yes  do not ask
  --list     only say what is needed and why
TEXT
}

depsCommand() {
    local sets=(build run test lint screenshots package boot)
    while [[ $# -gt 0 ]]; do
        case $1 in
        --list)
            wantedPackages "${sets[@]}" | awk '{ name = $1; $1 = ""; printf "%-20s%s\n", name, $0 }'
            exit 0
            ;;
        *) wrongUsage deps "unknown argument: $1" ;;
        esac
        shift
    done
    ensurePackages "${sets[@]}"
    ! hasApt || say "All that the commands need is installed."
}
