# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

packageHelp() {
    cat <<'TEXT'
Usage: ./dev package [-y]

Builds what is shipped (release preset) and packs it as .tar.gz, .deb and .rpm into build/package:
sotto-service (sottod, sotto-lease, sottoctl, the units of systemd) and sotto (the desktop
application). Then it lets lintian, desktop-file-validate and appstreamcli look at them.

  -y, --yes  do not ask before installing packages

Installing sotto-service starts the service and switches the system's DNS: see docs/SERVICE.md.
./dev boottest installs the packages into a system of its own.
TEXT
}

checkDesktopFiles() {
    desktop-file-validate resources/*.desktop || die "A desktop entry is not valid."
    appstreamcli validate --no-net resources/*.metainfo.xml ||
        die "What software centres show is not valid."
}

# Builds the packages into build/package.
makePackages() {
    configurePreset release -DSOTTO_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr
    buildPreset release
    rm -rf build/package
    cpack --config build/release/CPackConfig.cmake -G 'TGZ;DEB;RPM' -B build/package ||
        die "Packing failed (the message is above)."
    rm -rf build/package/_CPack_Packages
}

checkPackages() {
    # Packages are built by ordinary users and by root alike.
    lintian --allow-root --fail-on error --suppress-tags initial-upload-closes-no-bugs \
        build/package/*.deb || die "lintian found errors in the packages."
    local package
    for package in build/package/*.rpm; do
        rpm --query --package --nosignature "$package" >/dev/null || die "$package cannot be read."
    done
}

packageCommand() {
    [[ $# -eq 0 ]] || wrongUsage package "unknown argument: $1"
    ensurePackages build run package
    checkDesktopFiles
    makePackages
    checkPackages
    say "Packed:"
    find build/package -type f | sort | sed 's/^/  /'
}
