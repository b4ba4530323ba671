# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A root of its own for tests that change the system's DNS: this computer's, with every change kept
# in memory, in namespaces of mounts and network that end with the script.

# Runs this script again inside namespaces of its own, with an empty file system in memory as
# $sandbox, which ends with them: nothing is ever removed there, where other file systems are
# mounted. Only root may lay one file system over another and change files of root in it.
enterOwnMounts() {
    if [[ -n ${SOTTO_MOUNTED_SANDBOX-} ]]; then
        sandbox=$SOTTO_MOUNTED_SANDBOX
        trap endPrograms EXIT
        trap 'exit 1' INT TERM HUP
        return
    fi
    [[ $EUID == 0 ]] || skip "only root can lay a throw-away root over this computer's"
    unshare --mount --net true 2>/dev/null ||
        skip "this user may not make namespaces of mounts and network"
    local folder status=0
    folder=$(mktemp -d /tmp/sotto-test.XXXXXX)
    # shellcheck disable=SC2016 # the inner shell expands it
    SOTTO_MOUNTED_SANDBOX=$folder unshare --mount --net --kill-child=TERM --fork bash -c '
        mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs "$SOTTO_MOUNTED_SANDBOX" &&
            ip link set lo up && exec "$@"' bash bash "$0" "$@" || status=$?
    rmdir "$folder"
    exit "$status"
}

# makeRoot: a new one in $root; the one before is given up. The programs of the build are in
# /bin.d, which cannot be written.
makeRoot() {
    local layers device
    layers=$(mktemp -d "$sandbox/layers.XXXXXX")
    mkdir "$layers/upper" "$layers/work" "$layers/root"
    root=$layers/root
    mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$root" \
        2>/dev/null || skip "this computer's root cannot be laid under another one"
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for device in null zero urandom; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mkdir "$root/bin.d"
    mount --bind "$bin" "$root/bin.d"
    mount -o remount,ro,bind "$root/bin.d"
    printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
    rm -rf "$root"/etc/resolv.conf* "$root"/etc/resolvconf* "$root"/var/lib/dhcp/*
}

inRoot() {
    chroot "$root" "$@"
}

# install PACKAGE: unpacks into the root what scripts/packages.bash has fetched. None of its own
# scripts run.
install() {
    local unpacked="$sourceDir/build/test-packages/$1"
    [[ -d $unpacked ]] || skip "$1 is not unpacked in build/test-packages (./dev test does that)"
    tar -C "$unpacked" -c . | tar -C "$root" -x --keep-directory-symlink
}

# lease VERB MECHANISM [ADDRESSES]: what mechanism_console answers; the journal's part is in $before.
before='{}'
lease() {
    inRoot /bin.d/mechanism_console "$2" "$1" "${3-127.0.0.1}" 53 "$before"
}

captureFor() {
    before='{}'
    before=$(lease capture "$1")
}

# field NAME: of the JSON object on standard input, a text's or number's or truth's value.
field() {
    sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\)[\",}].*/\1/p"
}

# holds HOLDER MECHANISM: who holds the system's DNS.
holds() {
    [[ $(lease standing "$2" | field holder) == "$1" ]]
}

# state FILE…: all that files and links of the root have but inode and status change.
state() {
    local file
    for file in "$@"; do
        if [[ -L $root$file ]]; then
            stat -c "$file -> $(readlink "$root$file") %f %u:%g %s %y" "$root$file"
        elif [[ -f $root$file ]]; then
            stat -c "$file %f %u:%g %s %y" "$root$file"
            sha256sum <"$root$file"
        else
            printf '%s is not there\n' "$file"
        fi
    done
}

# asks SERVER OTHER: whether look-ups of the root's programs, through the C library and by dig, both
# without being told whom to ask, are answered by that unbound and do not come to the other.
asks() {
    local name="n$RANDOM.wild.quietzone.example" had others
    had=$(unboundQueries "$1")
    others=$(unboundQueries "$2")
    [[ $(inRoot getent ahostsv4 "$name" | awk 'NR == 1 { print $1 }') == 192.0.2.77 ]] || return 1
    [[ $(inRoot dig +short +tries=1 +time=2 "$name" A) == 192.0.2.77 ]] || return 1
    [[ $(unboundQueries "$1") -gt $((had + 1)) && $(unboundQueries "$2") == "$others" ]]
}
