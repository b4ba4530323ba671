# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which Debian packages the commands need, and how they get here.

# Sets that need the package (comma-separated), its name, and why.
packageTable() {
    cat <<'TABLE'
build        g++                  the C++20 compiler
build        cmake                describes and drives the build
build        ninja-build          runs the build
build        ccache               makes the second build quick
build        qt6-base-dev         Qt 6: Core, Network, Widgets, DBus, Test
build        pkg-config           finds toml++
build        qt6-tools-dev        lets CMake find the translation tools
build        qt6-l10n-tools       turns translations into what the app reads
build        libssl-dev           OpenSSL: TLS to the providers
build        libpsl-dev           the Public Suffix List: which names have one owner
build        libasio-dev          Asio: sockets and timers of the forwarder
build        libtomlplusplus-dev  reads and writes the settings files
run,test     ca-certificates      the authorities that the providers' certificates are checked against
run,test,boot bind9-dnsutils      dig, to ask questions
run,test,boot iproute2            ss, to name the owner of a taken port; ip, to set up test networks
run,test     fonts-dejavu-core    a font for the window
test         openssl              makes throw-away certificates
test         tcpdump              looks at what leaves for a provider
test         zsh                  is completed for
test         fish                 is completed for
test         knot-dnsutils        kdig, a DNS-over-TLS client of others
test         dbus-daemon          a bus of the tests' own
test         dbus-bin             dbus-send, to ask daemons on it
lint         shellcheck           checks the shell scripts
lint         clang-format         checks the source format
lint         clang-tidy           static analysis
screenshots  bind9-dnsutils       dig, to give the pages something to show
screenshots  ca-certificates      the certificate authorities that sottod loads at start
screenshots  fonts-noto-core      the font in the pictures
package      dpkg-dev             finds the libraries that the .deb depends on
package      file                 tells programs from other files, for the .deb
package      desktop-file-utils   checks the desktop entries
package      appstream            checks what software centres show
package      lintian              checks the .deb
package      rpm                  packs the .rpm
package      systemd              systemd-analyze, which checks the units
boot         debootstrap          makes the system that the packages are installed into
boot         openssl              makes throw-away certificates
TABLE
}

# Test servers are not installed but unpacked into build/test-servers: installing such a package
# would start it as a service on the developer's machine (a temporary policy-rc.d or a mask could
# be left behind by an interrupted run), and Debian's AppArmor profile for /usr/sbin/unbound would
# keep it from reading a configuration made by a test. Only their libraries are installed; one that
# must be of the very same version is unpacked beside the server, and named after it with a comma.
testServerTable() {
    cat <<'TABLE'
unbound  usr/sbin/unbound  a DNS-over-TLS server to compare with
dnsdist  usr/bin/dnsdist   another one
systemd-resolved,libsystemd-shared  lib/systemd/systemd-resolved  has the DNS of most desktops
network-manager  usr/sbin/NetworkManager  has it, too, or gives it to others
dnsmasq-base  usr/sbin/dnsmasq  gives NetworkManager leases with DNS servers
TABLE
}

# Packages that set the system's DNS, and some exclude each other: each is unpacked into a folder of
# its own, from where a test puts it into a throw-away root.
testPackageTable() {
    cat <<'TABLE'
resolvconf       one of the two that make /etc/resolv.conf
openresolv       the other one
isc-dhcp-client  writes /etc/resolv.conf itself
vpnc-scripts     takes /etc/resolv.conf over for a VPN
TABLE
}

readonly testServerDir=build/test-servers
readonly testPackageDir=build/test-packages

hasApt() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
}

# "package reason…" of every package in the given sets, each once.
wantedPackages() {
    packageTable | awk -v wanted=" $* " '
        { count = split($1, sets, ","); package = $2; $1 = $2 = ""; sub(/^ +/, "") }
        { for (i = 1; i <= count; ++i)
              if (index(wanted, " " sets[i] " ") && !(package in seen)) {
                  seen[package] = 1; print package, $0
              } }'
}

# The wanted packages, read from standard input, that are not installed.
missingOf() {
    local wanted installed
    wanted=$(cat)
    # shellcheck disable=SC2046 # package names are words
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' \
        $(awk '{ print $1 }' <<<"$wanted") 2>/dev/null || true)
    awk 'NR == FNR { if ($1 == "installed") have[$2] = 1; next } !($1 in have)' \
        <(printf '%s\n' "$installed") <(printf '%s\n' "$wanted")
}

# Whether a test server runs from build/test-servers. They do not agree on how to ask for a version.
testServerRuns() {
    local option libraries
    libraries=$(printf '%s:' "$PWD/$testServerDir"/usr/lib/*/systemd/)
    for option in -V --version; do
        LD_LIBRARY_PATH=$libraries "$testServerDir/$1" "$option" >/dev/null 2>&1 && return
    done
    return 1
}

# Test servers that do not run, as "package reason…".
missingTestServers() {
    local package program reason
    while read -r package program reason; do
        testServerRuns "$program" || printf '%s %s\n' "$package" "$reason"
    done < <(testServerTable)
}

missingTestPackages() {
    local package reason
    while read -r package reason; do
        [[ -d $testPackageDir/$package ]] || printf '%s %s\n' "$package" "$reason"
    done < <(testPackageTable)
}

asRoot() {
    if [[ $EUID == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "Installing needs root, and there is no sudo. As root, run: apt-get install --no-install-recommends ${packagesToInstall-}"
    fi
}

aptGet() {
    asRoot env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}

aptRefreshed=0

refreshApt() {
    say "Fetching apt's package lists…"
    aptGet update || true
    aptRefreshed=1
}

# True where apt knows all the packages and could install them from the lists it has.
aptCanInstall() {
    compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null &&
        apt-get install --simulate --no-install-recommends "$@" >/dev/null 2>&1
}

aptInstall() {
    local packagesToInstall="$*"
    aptCanInstall "$@" || refreshApt
    aptGet install -y --no-install-recommends "$@" && return
    if [[ $aptRefreshed == 0 ]]; then
        # The lists may be older than what the mirror still keeps.
        refreshApt
        aptGet install -y --no-install-recommends "$@" && return
    fi
    die "apt could not install the packages (its own message is above). Is there a network connection?"
}

# The library packages that a package depends on; the first where there are alternatives, which
# apt-cache marks by a bar on all but the last.
librariesOf() {
    apt-cache depends --important "$1" | awk '
        /^ [ |]Depends: / { alternative = /^ \|/; if (!chosen && $NF ~ /^lib/) print $NF; chosen = alternative }'
}

# unpackPackages FOLDER PACKAGE…: unpacks them, one over the other.
unpackPackages() {
    local folder=$1 package download
    shift
    compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || [[ $aptRefreshed == 1 ]] || refreshApt
    download=$(mktemp -d)
    if ! (cd "$download" && apt-get -q -o APT::Sandbox::User="$(id -un)" download "$@"); then
        rm -rf "$download"
        die "apt could not download $*. Is there a network connection?"
    fi
    mkdir -p "$folder"
    for package in "$@"; do
        dpkg-deb -x "$download/$package"_*.deb "$folder"
    done
    rm -rf "$download"
}

# Unpacks a test server, with what is named after it, and installs the libraries that it is linked to.
unpackTestServer() {
    local packages libraries
    IFS=, read -r -a packages <<<"$1"
    aptCanInstall "${packages[@]}" || [[ $aptRefreshed == 1 ]] || refreshApt
    libraries=$(librariesOf "${packages[0]}" | missingOf)
    # shellcheck disable=SC2086 # package names are words
    [[ -z $libraries ]] || aptInstall $libraries
    unpackPackages "$testServerDir" "${packages[@]}"
}

# What a system without apt needs; the build then finds out whether it is there.
explainByHand() {
    say "This system has no apt, so nothing is installed. Needed are the equivalents of:"
    wantedPackages "$@" | awk '{ name = $1; $1 = ""; printf "  %-20s%s\n", name, $0 }'
}

# Makes sure that the packages of the given sets are installed. Quick when they are.
ensurePackages() {
    if ! hasApt; then
        explainByHand "$@"
        return
    fi
    local missing servers='' testPackages=''
    missing=$(wantedPackages "$@" | missingOf)
    if [[ " $* " == *" test "* ]]; then
        servers=$(missingTestServers)
        testPackages=$(missingTestPackages)
    fi
    [[ -n $missing || -n $servers || -n $testPackages ]] || return 0

    if [[ -n $missing ]]; then
        say "These packages are missing and will be installed:"
        awk '{ name = $1; $1 = ""; printf "  %-20s%s\n", name, $0 }' <<<"$missing"
    fi
    if [[ -n $servers ]]; then
        say "These will be unpacked into $testServerDir (and their libraries installed):"
        awk '{ name = $1; $1 = ""; printf "  %-20s%s\n", name, $0 }' <<<"$servers"
    fi
    if [[ -n $testPackages ]]; then
        say "These will be unpacked into $testPackageDir, and nothing else:"
        awk '{ name = $1; $1 = ""; printf "  %-20s%s\n", name, $0 }' <<<"$testPackages"
    fi
    confirm "Go on?" || die "Nothing was installed."

    # shellcheck disable=SC2046 # package names are words
    [[ -z $missing ]] || aptInstall $(awk '{ print $1 }' <<<"$missing")
    local package
    while read -r package _ <&3; do
        unpackTestServer "$package"
    done 3< <(printf '%s' "${servers:+$servers$'\n'}")
    while read -r package _ <&3; do
        unpackPackages "$testPackageDir/$package" "$package"
    done 3< <(printf '%s' "${testPackages:+$testPackages$'\n'}")
}
