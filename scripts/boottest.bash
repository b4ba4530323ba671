# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

boottestHelp() {
    cat <<'TEXT'
Usage: ./dev boottest [-y] [--keep-packages] [STORY[:WORLD]…]

Installs the packages into a Debian system of its own, boots that in namespaces, and tries them there.
Needs root. The first time it also needs a network, to make that system in build/boot (500 MB). This
computer is not changed.

  -y, --yes        do not ask before installing packages
  --keep-packages  use build/package as it is, instead of building it anew

Stories:
  life     installed, killed, cut off, upgraded, switched off, removed, purged
  mishaps  a torn record, a full disk, a second sottod, a computer that stands still
  rpm      the .rpm: installed, upgraded, erased
  app      the app, started by somebody who sits there

Worlds, by who sets the system's DNS: file, resolved, networkmanager, desktop. Without one a story is
tried in those where it differs. Without a story all are tried, which takes five minutes or more.
TEXT
}

# The worlds in which a story differs.
worldsOf() {
    case $1 in
    life) printf 'file resolved networkmanager desktop' ;;
    mishaps) printf 'file desktop' ;;
    rpm) printf 'file desktop' ;;
    app) printf 'desktop' ;;
    *) return 1 ;;
    esac
}

scriptOf() {
    case $1 in
    life) printf 'life_cycle.sh' ;;
    app) printf 'application.sh' ;;
    *) printf '%s.sh' "$1" ;;
    esac
}

boottestCommand() {
    local stories=() build=1 argument story world failed=() passed=()
    while [[ $# -gt 0 ]]; do
        case $1 in
        --keep-packages) build=0 ;;
        *) stories+=("$1") ;;
        esac
        shift
    done
    [[ ${#stories[@]} -gt 0 ]] || stories=(life mishaps rpm app)
    for argument in "${stories[@]}"; do
        worldsOf "${argument%%:*}" >/dev/null || wrongUsage boottest "there is no story: $argument"
        case $argument in
        *:file | *:resolved | *:networkmanager | *:desktop) ;;
        *:*) wrongUsage boottest "there is no such world: $argument" ;;
        esac
    done
    ensurePackages build run test package boot
    if [[ $build == 1 ]]; then
        # shellcheck source=scripts/package.bash
        source scripts/package.bash
        makePackages
    fi
    for argument in "${stories[@]}"; do
        story=${argument%%:*}
        local worlds
        read -r -a worlds <<<"$(worldsOf "$story")"
        [[ $argument != *:* ]] || worlds=("${argument#*:}")
        for world in "${worlds[@]}"; do
            say "=== $story: $world"
            local status=0
            "tests/system/boot/$(scriptOf "$story")" "$world" build/package || status=$?
            case $status in
            0) passed+=("$story:$world") ;;
            77) exit 77 ;;
            *) failed+=("$story:$world") ;;
            esac
        done
    done
    [[ ${#failed[@]} == 0 ]] || die "Failed: ${failed[*]}"
    say "Passed: ${passed[*]}"
}
