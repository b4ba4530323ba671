# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

packageHelp() {
    cat <<'TEXT'
Usage: ./dev package [-y]

Builds what is shipped (release preset) and packs it as .tar.gz and .deb into build/package:
sotto-service (sottod, sottoctl) and sotto (the desktop application).

  -y, --yes  do not ask before installing packages

The packages hold the programs only: they start no service and leave the system's DNS alone.
TEXT
}

packageCommand() {
    [[ $# -eq 0 ]] || wrongUsage package "unknown argument: $1"
    ensurePackages build run package
    desktop-file-validate resources/*.desktop || die "The desktop entry is not valid."
    configurePreset release -DSOTTO_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr
    buildPreset release
    rm -rf build/package
    cpack --config build/release/CPackConfig.cmake -G 'TGZ;DEB' -B build/package
    rm -rf build/package/_CPack_Packages
    say "Packed:"
    find build/package -type f | sort | sed 's/^/  /'
    say "These install the programs only. There is no system service in them yet, and nothing in"
    say "them changes the system's DNS: start sottod by hand, as the README describes."
}
