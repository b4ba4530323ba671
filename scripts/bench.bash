# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

benchHelp() {
    cat <<'TEXT'
Usage: ./dev bench [-y] [BENCHMARK ARGUMENT…]

Builds as shipped (release preset) and measures the forwarder on this machine's loopback.
The figures are printed, never judged: they depend on the machine.

  -y, --yes  do not ask before installing packages

Further arguments go to sotto-bench; ./dev bench -- --help lists them.
TEXT
}

benchCommand() {
    [[ ${1-} != -- ]] || shift
    ensurePackages build run
    configurePreset release -DSOTTO_TESTS=ON
    buildPreset release sotto-bench
    exec "build/release/bin/sotto-bench" "$@"
}
