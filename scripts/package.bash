# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

packageHelp() {
    cat <<'TEXT'
Usage: ./dev package [-y]

Builds what is shipped (release preset) and packs it as .tar.gz, .deb and .rpm into build/package:
sotto-service (sottod, sotto-lease, sottoctl, the units of systemd) and sotto (the desktop
application). Then it lets lintian, rpmlint, desktop-file-validate and appstreamcli look at them.

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
    ! dpkg-deb --field build/package/sotto-service_*.deb Depends | grep -Ei 'gui|widgets' ||
        die "The service depends on libraries of the desktop."
    local package errors
    for package in build/package/*.rpm; do
        rpm --query --package --nosignature "$package" >/dev/null || die "$package cannot be read."
    done
    # Who publishes them signs them.
    errors=$(rpmlint build/package/*.rpm | grep ' E: ' | grep -v ' no-signature$' || true)
    [[ -z $errors ]] || die "rpmlint found errors in the packages: $errors"
}

# The units as they are packed: without mistakes, and closed off as docs/SERVICE.md says.
checkUnits() {
    local unpacked unit complaints
    command -v systemd-analyze >/dev/null || die "systemd-analyze, which checks the units, is missing."
    unpacked=$(mktemp -d)
    dpkg-deb -x build/package/sotto-service_*.deb "$unpacked"
    ln -s usr/lib "$unpacked/lib" # the rest of a system is missing there: what is told of it does not count
    complaints=$(systemd-analyze verify --man=no --root="$unpacked" sottod.service sotto-lease.service \
        sotto-lease.socket sotto-lease-check.service sotto-lease-restore.service 2>&1 |
        grep -i sotto | grep -Ev 'sysinit.target not found|/bin/kill is not executable' || true)
    for unit in sottod:15 sotto-lease:21; do
        systemd-analyze security --offline=true --no-pager --threshold="${unit#*:}" \
            "$unpacked/usr/lib/systemd/system/${unit%:*}.service" >/dev/null ||
            complaints+="${unit%:*}.service is more open than it should be"
    done
    rm -rf "$unpacked"
    [[ -z $complaints ]] || die "The units are not right: $complaints"
}

packageCommand() {
    [[ $# -eq 0 ]] || wrongUsage package "unknown argument: $1"
    ensurePackages build run package
    checkDesktopFiles
    makePackages
    checkPackages
    checkUnits
    say "Packed:"
    find build/package -type f | sort | sed 's/^/  /'
}
