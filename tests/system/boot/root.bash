# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The system that the packages are installed into: Debian from debootstrap, kept in build/boot/root.
# Tests see it through an overlay and never write to it.

readonly bootFolder=$sourceDir/build/boot
readonly bootRoot=$bootFolder/root
rootFailure=''

rootPackages() {
    local packages=(systemd systemd-sysv dbus dbus-bin systemd-resolved libnss-resolve libnss-systemd
        libpam-systemd polkitd pkexec network-manager iproute2 procps ca-certificates bind9-dnsutils
        libcap2-bin adduser)
    (
        IFS=,
        printf '%s' "${packages[*]}"
    )
}

# Makes the system where there is none. False, with the reason in rootFailure, where that fails.
makeRoot() {
    [[ ! -d $bootRoot ]] || return 0
    local part=$bootFolder/root.part log=$bootFolder/debootstrap.log
    mkdir -p "$bootFolder"
    rm -rf "$part"
    printf 'Making a Debian system in %s (once; it takes a minute or two)…\n' "$bootRoot"
    if ! nice debootstrap --variant=minbase --include="$(rootPackages)" bookworm "$part" \
        >"$log" 2>&1; then
        rootFailure="debootstrap failed; is there a network? See $log"
        return 1
    fi
    rm -rf "$part"/var/cache/apt/archives/*.deb
    mv "$part" "$bootRoot"
}

# Installs what the packages $@ depend on, where that is not there yet.
addDependencies() {
    local archives=$bootFolder/archives log=$bootFolder/dependencies.log options package
    mkdir -p "$archives/partial"
    options=(-q -y --no-install-recommends -o APT::Sandbox::User=root
        -o Dir::State::status="$bootRoot/var/lib/dpkg/status" -o Dir::Cache::archives="$archives")
    rm -f "$archives"/*.deb
    if ! apt-get "${options[@]}" --download-only install "$@" >"$log" 2>&1; then
        rootFailure="apt could not download what the packages depend on; see $log"
        return 1
    fi
    for package in "$@"; do
        rm -f "$archives/$(basename "$package")"
    done
    compgen -G "$archives/*.deb" >/dev/null || return 0
    printf 'Installing what the packages depend on…\n'
    mkdir -p "$bootRoot/opt/archives"
    mount --bind "$archives" "$bootRoot/opt/archives"
    if ! DEBIAN_FRONTEND=noninteractive chroot "$bootRoot" \
        sh -c 'dpkg -i --force-confold /opt/archives/*.deb' >>"$log" 2>&1; then
        rootFailure="the dependencies could not be installed; see $log"
    fi
    umount "$bootRoot/opt/archives"
    rmdir "$bootRoot/opt/archives"
    [[ -z $rootFailure ]]
}
