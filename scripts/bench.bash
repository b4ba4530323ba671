# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck source=scripts/peers.bash
source scripts/peers.bash

benchHelp() {
    cat <<'TEXT'
Usage: ./dev bench [-y] [--newest] [--fetch] [BENCHMARK ARGUMENT…]

Builds as shipped (release preset) and measures Sotto, other DNS programs of Debian and a bare echo
server, in networks of their own on this machine. The figures are printed, never judged: they depend
on the machine. docs/PERFORMANCE.md explains them.

  -y, --yes  do not ask before fetching packages
  --newest   compare with what is in Debian's development suite, not in this system's release
  --fetch    fetch the others anew, even where they are there already

Further arguments go to sotto-bench:
  --quick      one short round, to see that all works
  --rounds N   --seconds N   --only NAME,NAME   --parts PART,PART   --list   --json FILE
./dev bench -- --help lists them all.
TEXT
}

benchCommand() {
    local newest=0 anew=0 arguments=()
    while [[ $# -gt 0 ]]; do
        case $1 in
        --newest) newest=1 ;;
        --fetch) anew=1 ;;
        --) ;;
        *) arguments+=("$1") ;;
        esac
        shift
    done
    ensurePackages build run
    if hasApt; then
        ensurePeers "$newest" "$anew"
    else
        say "This system has no apt, so there is nobody to compare with and no load generator."
    fi
    configurePreset release -DSOTTO_TESTS=ON
    buildPreset release sotto-bench sotto-bench-host sottod
    exec build/release/bin/sotto-bench --peers "$(peersRoot "$newest")" "${arguments[@]}"
}
