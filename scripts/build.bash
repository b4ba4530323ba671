# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Configuring and building a preset of CMakePresets.json.

# configurePreset PRESET [cmake option…]: only where something changed that ninja does not see.
configurePreset() {
    local preset=$1 stamp=build/$1/.configured
    shift
    if [[ -f build/$preset/build.ninja && -f $stamp && $stamp -nt CMakePresets.json &&
        $(<"$stamp") == "$*" ]]; then
        return
    fi
    cmake --preset "$preset" "$@" || die "CMake could not configure the build (its message is above)."
    printf '%s\n' "$*" >"$stamp"
}

# buildPreset PRESET [target…]
buildPreset() {
    local preset=$1
    shift
    cmake --build "build/$preset" --parallel "$(nproc)" ${1:+--target "$@"} ||
        die "The build failed (the compiler's message is above)."
}
