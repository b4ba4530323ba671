# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What every story about the packages begins with: the system that they are put into, installing them
# there, asking where look-ups go. The script has $here, and $packageFolder with the packages.

sourceDir=$(cd -- "$here/../../.." && pwd -P)
# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/boot/root.bash
source "$here/root.bash"
# shellcheck source=tests/system/boot/network.bash
source "$here/network.bash"
# shellcheck source=tests/system/boot/machine.bash
source "$here/machine.bash"
# shellcheck source=tests/system/boot/worlds.bash
source "$here/worlds.bash"
# shellcheck source=tests/system/boot/room.bash
source "$here/room.bash"
# shellcheck source=tests/system/boot/observation.bash
source "$here/observation.bash"

servicePackage=$(find "$packageFolder" -name 'sotto-service_*.deb' | sort | tail -n 1)
appPackage=$(find "$packageFolder" -name 'sotto_*.deb' | sort | tail -n 1)
serviceRpm=$(find "$packageFolder" -name 'sotto-service-*.rpm' | sort | tail -n 1)

# rootFor PACKAGE…: the system, with what the packages depend on and what a story needs beside.
rootFor() {
    needPrograms unbound debootstrap openssl ip nsenter pgrep dpkg-deb
    [[ -n $servicePackage && -n $appPackage ]] || skip "there are no packages in $packageFolder"
    mkdir -p "$bootFolder"
    exec 9>"$bootFolder/lock" # several worlds may be tried at a time
    flock 9
    if ! makeRoot || ! addDependencies "$servicePackage" "$appPackage" "$@"; then
        skip "$rootFailure"
    fi
    exec 9>&-
}

# putInside FILE PATH
putInside() {
    # shellcheck disable=SC2016 # for the inner shell
    inside sh -c 'cat >"$1"' sh "$2" <"$1"
}

# The same package with a higher version.
makeNewer() {
    local folder=$sandbox/newer
    dpkg-deb -R "$servicePackage" "$folder"
    sed -i 's/^Version: .*/Version: 9.9.9-1/' "$folder/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone -b "$folder" "$sandbox/newer.deb" >/dev/null
    rm -rf "$folder"
}

# The administrator's settings, which are there before the package is.
putSettings() {
    inside mkdir -p /etc/sotto
    putInside "$sandbox/authority.pem" /etc/sotto/ca.pem
    cat >"$sandbox/sotto.toml" <<CONF
upstreams = [{ address = "$gateway", name = "dot.example", ca_file = "/etc/sotto/ca.pem" }]
[system]
manage = true
CONF
    putInside "$sandbox/sotto.toml" /etc/sotto/sotto.toml
}

# quietly COMMAND…: inside; what it said is shown only if it fails.
quietly() {
    inside "$@" >"$sandbox/said" 2>&1 || {
        cat "$sandbox/said" >&2
        return 1
    }
}

install() {
    quietly dpkg --force-confold -i "$@"
}

# dpkgDoes OPTION: with the package.
dpkgDoes() {
    quietly dpkg "$1" sotto-service
}

section() {
    printf -- '--- %s\n' "$*"
}

# protects WHAT: the system's look-ups reach the provider within ten seconds.
protects() {
    local before=$failures
    check "$1: the system asks the provider" eventually 10 systemAsks "$providerAnswer"
    [[ $failures == "$before" ]] || explainDns
}

# givesBack WHAT: they go where they went before.
givesBack() {
    local before=$failures
    check "$1: the system asks its network again" eventually 15 systemAsks "$networkAnswer"
    check "$1: the files of the system's DNS are as before" sameDnsFiles
    [[ $failures == "$before" ]] || explainDns
}

# The machine comes up, asks its network, and has the administrator's settings.
beginStory() {
    bootMachine
    section "before"
    check "the machine is up" test "$(bootState)" = running
    check "the system asks its network" eventually 20 systemAsks "$networkAnswer"
    if [[ $failures != 0 ]]; then
        explainDns
        exit 1
    fi
    rememberSystem before
    putSettings
}
