# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

boottestHelp() {
    cat <<'TEXT'
Usage: ./dev boottest [-y] [--keep-packages] [WORLD…]

Installs the packages into a Debian system of its own, boots that in namespaces, and lets Sotto be
installed, killed, cut off, upgraded, removed and purged there. Needs root. The first time it also
needs a network, to make that system in build/boot (500 MB). This computer is not changed.

  -y, --yes        do not ask before installing packages
  --keep-packages  use build/package as it is, instead of building it anew

Worlds, by who sets the system's DNS: file, resolved, networkmanager, desktop. Without one all are
tried, which takes a few minutes.
TEXT
}

boottestCommand() {
    local worlds=() build=1 world failed=()
    while [[ $# -gt 0 ]]; do
        case $1 in
        --keep-packages) build=0 ;;
        file | resolved | networkmanager | desktop) worlds+=("$1") ;;
        *) wrongUsage boottest "unknown argument: $1" ;;
        esac
        shift
    done
    [[ ${#worlds[@]} -gt 0 ]] || worlds=(file resolved networkmanager desktop)
    ensurePackages build run test package boot
    if [[ $build == 1 ]]; then
        # shellcheck source=scripts/package.bash
        source scripts/package.bash
        makePackages
    fi
    for world in "${worlds[@]}"; do
        say "=== $world"
        local status=0
        tests/system/boot/life_cycle.sh "$world" build/package || status=$?
        case $status in
        0) ;;
        77) exit 77 ;;
        *) failed+=("$world") ;;
        esac
    done
    [[ ${#failed[@]} == 0 ]] || die "Failed: ${failed[*]}"
    say "Passed: ${worlds[*]}"
}
