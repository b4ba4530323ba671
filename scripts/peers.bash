# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The programs that `./dev bench` compares with, and its load generator: Debian's packages with all
# that they depend on, unpacked into a root of their own, in which sotto-bench runs them. Nothing is
# installed, no maintainer script runs and no service starts; the root can be deleted at any time.
# apt works with lists and a cache of its own here, so this needs no rights.

readonly peersDir=build/bench-peers

# Package, and why. tests/bench/peers knows how each is configured.
peerTable() {
    cat <<'TABLE'
dnsperf           the load generator
unbound           peer: recursive resolver, forwards over TLS
dnsdist           peer: load balancer with a packet cache, forwards over TLS
knot-resolver     peer: recursive resolver, forwards over TLS
pdns-recursor     peer: recursive resolver, forwards over TLS
smartdns          peer: forwarder for the home, over TLS
bind9             peer: recursive resolver, forwards over TLS from version 9.20 on
dnsmasq-base      peer: forwarder for the home, in clear text
dnscrypt-proxy    peer: encrypting forwarder for the desktop
systemd-resolved  peer: the desktop's stub resolver, over TLS
stubby            peer: DNS-over-TLS forwarder without a cache
TABLE
}

# Debian's release that this system is, or the current stable one.
hostSuite() {
    local suite
    suite=$(. /etc/os-release && [[ ${ID-} == debian ]] && printf '%s' "${VERSION_CODENAME-}") || true
    printf '%s' "${suite:-stable}"
}

# The mirror that this system's apt uses for Debian's main archive.
debianMirror() {
    local mirror
    # shellcheck disable=SC2016 # apt's own placeholders
    mirror=$(apt-get indextargets --format '$(SITE) $(COMPONENT) $(REPO_URI)' 'ORIGIN: Debian' 'LABEL: Debian' \
        2>/dev/null | awk '$2 == "main" { print $3; exit }') || true
    printf '%s' "${mirror:-http://deb.debian.org/debian/}"
}

# peersRoot NEWEST: the folder of the root.
peersRoot() {
    if [[ $1 == 1 ]]; then
        printf '%s/sid' "$peersDir"
    else
        printf '%s/%s' "$peersDir" "$(hostSuite)"
    fi
}

# Writes what makes apt work in this folder alone. Where a package has left the development suite,
# the newest release's is taken: apt chooses the highest version.
writeAptWorkspace() {
    local apt=$1 suites=("${@:2}") suite mirror
    mirror=$(debianMirror)
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    : >"$apt/status"
    for suite in "${suites[@]}"; do
        printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
            "$mirror" "$suite"
    done >"$apt/sources.list"
    cat >"$apt/apt.conf" <<CONF
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Acquire::Languages "none";
APT::Sandbox::User "";
CONF
}

# Brings /bin, /lib and so on of older packages to where they are symbolic links to today.
mergeUsr() {
    local tree=$1 folder
    for folder in bin sbin lib lib64; do
        if [[ -d $tree/$folder && ! -L $tree/$folder ]]; then
            mkdir -p "$tree/usr/$folder"
            cp -a "$tree/$folder/." "$tree/usr/$folder/"
            rm -rf "${tree:?}/$folder"
        fi
        [[ -L $tree/$folder ]] || ln -s "usr/$folder" "$tree/$folder"
    done
}

# What the programs expect of a system: somebody to be, and folders to be bound over.
furnishRoot() {
    local tree=$1
    mkdir -p "$tree"/{dev,proc,run,tmp,etc,root}
    cat >"$tree/etc/passwd" <<'TEXT'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
systemd-resolve:x:997:997:systemd Resolver:/:/usr/sbin/nologin
TEXT
    printf 'root:x:0:\nnogroup:x:65534:\nsystemd-resolve:x:997:\n' >"$tree/etc/group"
}

# fetchPeers NEWEST: makes the root anew.
fetchPeers() {
    local newest=$1 tree fresh apt suites wanted=() archive
    tree=$PWD/$(peersRoot "$newest")
    fresh=$tree.new
    apt=$tree.apt
    suites=("$(hostSuite)")
    [[ $newest == 0 ]] || suites=(sid stable)
    rm -rf "$fresh" "$apt"
    mkdir -p "$fresh"
    writeAptWorkspace "$apt" "${suites[@]}"
    say "Fetching Debian's package lists (${suites[*]})…"
    APT_CONFIG=$apt/apt.conf apt-get -q update ||
        die "apt could not fetch the lists (its own message is above). Is there a network connection?"
    mapfile -t wanted < <(peerTable | awk '{ print $1 }' |
        APT_CONFIG=$apt/apt.conf xargs apt-cache policy |
        awk '/^[^ ]/ { sub(/:$/, ""); name = $0 } /^  Candidate: / && $2 != "(none)" { print name }')
    say "Fetching ${wanted[*]}…"
    APT_CONFIG=$apt/apt.conf apt-get -q install -y --download-only --no-install-recommends \
        "${wanted[@]}" >"$apt/download.log" 2>&1 || {
        tail -n 20 "$apt/download.log" >&2
        die "apt could not fetch the packages (its own message is above)."
    }
    for archive in "$apt"/cache/archives/*.deb; do
        dpkg-deb -x "$archive" "$fresh"
        # shellcheck disable=SC2016 # dpkg-deb's own placeholders
        dpkg-deb --show --showformat '${Package} ${Version}\n' "$archive"
    done >"$apt/versions"
    mergeUsr "$fresh"
    furnishRoot "$fresh"
    printf '%s\n' "${suites[*]}" >"$fresh/suite"
    mv "$apt/versions" "$fresh/versions"
    rm -rf "$tree" "$apt"
    mv "$fresh" "$tree"
}

# ensurePeers NEWEST ANEW: makes the root where there is none, or where it shall be made anew.
ensurePeers() {
    local newest=$1 anew=$2 tree
    tree=$(peersRoot "$newest")
    [[ $anew == 1 || ! -f $tree/versions ]] || return 0
    say "These Debian packages and what they need will be unpacked (not installed) into $tree:"
    peerTable | awk '{ name = $1; $1 = ""; printf "  %-20s%s\n", name, $0 }'
    confirm "Go on? (about 70 MB to fetch, 300 MB on disk)" || die "Nothing was fetched."
    fetchPeers "$newest"
}
