# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A machine for one script: this computer's file system with all changes in memory, and namespaces of
# mounts, network, processes and names that end with the script. Nothing of the computer but devices,
# the sources and the build is in reach, and those two cannot be written.

# enterMachine ARGUMENT…: runs this script again in there.
enterMachine() {
    if [[ -n ${SOTTO_MACHINE-} ]]; then
        layMachine "$SOTTO_MACHINE"
        return
    fi
    [[ $EUID == 0 ]] || skip "only root can lay a throw-away file system over this computer's"
    local kinds=(--net --mount --pid --uts --ipc --fork) folder status=0
    unshare "${kinds[@]}" true 2>/dev/null || skip "namespaces cannot be made here"
    folder=$(mktemp -d /tmp/sotto-test.XXXXXX)
    SOTTO_MACHINE=$folder setpriv --pdeathsig KILL unshare "${kinds[@]}" --kill-child=KILL \
        bash "$0" "$@" || status=$?
    rmdir "$folder"
    exit "$status"
}

layMachine() {
    local root=$1/root device folder
    [[ $$ == 1 ]] || skip "this is no namespace of its own"
    { mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs "$1"; } ||
        skip "a file system cannot be mounted here"
    mkdir "$1"/{upper,work,root}
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$root" 2>/dev/null ||
        skip "this computer's root cannot be laid under another one"
    mount -t proc proc "$root/proc"
    # Read-only, as in a container: NetworkManager then does not wait for udev.
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys" || skip "sysfs cannot be mounted here"
    mount -t tmpfs -o mode=755,size=1m tmpfs "$root/dev"
    for device in null zero full random urandom; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    ln -s /proc/self/fd "$root/dev/fd"
    for folder in run tmp; do
        mount -t tmpfs -o mode=755 tmpfs "$root/$folder"
    done
    chmod 1777 "$root/tmp"
    for folder in "$sourceDir" "$bin"; do
        mkdir -p "$root/$folder"
        { mount --bind "$folder" "$root/$folder" && mount -o remount,ro,bind "$root/$folder"; } ||
            skip "$folder cannot be shown in there"
    done
    mkdir "$root/.outside"
    { cd "$root" && pivot_root . .outside && cd / && umount -l /.outside; } ||
        skip "the root cannot be exchanged here"
    [[ $(stat -f -c %T /) == overlayfs ]] || skip "the root is still the computer's own"
    makeSandbox
    chmod 0711 "$sandbox"
    hostname sotto-test
    export PATH=/usr/sbin:/usr/bin:/sbin:/bin
    ip link set lo up
    rm -rf /etc/resolv.conf* /etc/resolvconf* /etc/NetworkManager /etc/sotto \
        /var/lib/{dhcp,NetworkManager,sotto,sotto-lease}
    printf '127.0.0.1 localhost\n::1 localhost\n' >/etc/hosts
    printf 'hosts: files dns\n' >/etc/nsswitch.conf
    printf 'root:x:0:0::/root:/bin/sh\nsotto:x:998:998::/:/usr/sbin/nologin\n' >/etc/passwd
    printf 'nobody:x:65534:65534::/:/usr/sbin/nologin\n' >>/etc/passwd
    printf 'root:x:0:\nsotto:x:998:\nnogroup:x:65534:\n' >/etc/group
}

# install PACKAGE: unpacks what scripts/packages.bash has fetched. None of its own scripts run.
install() {
    local unpacked="$sourceDir/build/test-packages/$1"
    [[ -d $unpacked ]] || skip "$1 is not unpacked in build/test-packages (./dev test does that)"
    tar -C "$unpacked" -c . | tar -C / -x --keep-directory-symlink
}

# needTestPackages PACKAGE…: that they can be installed, before the machine is entered.
needTestPackages() {
    local package
    for package in "$@"; do
        [[ -d $sourceDir/build/test-packages/$package ]] ||
            skip "$package is not unpacked in build/test-packages (./dev test does that)"
    done
}

# stateOfFiles FILE…: all that files and links have but inode and status change.
stateOfFiles() {
    local file
    for file in "$@"; do
        if [[ -L $file || -e $file ]]; then
            stat -c '%n %N %f %u:%g %y' "$file"
        else
            printf '%s is not there\n' "$file"
        fi
        [[ ! -f $file ]] || sha256sum <"$file"
    done
}
