#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The first process of a machine, in namespaces of its own: lays out what a kernel and an initial
# RAM disk would, then becomes systemd.
#
# Usage: machine_init.bash LOWER-ROOT DISK-FOLDER NAMESPACE-OF-THE-NETWORK ADDRESS
#
# DISK-FOLDER is kept over a reboot. ADDRESS is what the device lan0 has from the start; empty where
# a program of the machine sets it.

set -euo pipefail
lower=$1 disk=$2 outerNetwork=$3 address=$4
machine=$disk/machine

hostname sottobox
mount --make-rprivate /

ip link add lan0 type veth peer name port0
ip link set port0 netns "$outerNetwork"
nsenter --net="$outerNetwork" ip link set port0 master lan up
if [[ -n $address ]]; then
    ip address add "$address" dev lan0
    ip link set lan0 up
fi

mount -t overlay overlay -o "lowerdir=$lower,upperdir=$disk/upper,workdir=$disk/work" "$machine"
cd "$machine"
mount -t proc proc proc
# Read-only, as in a container: NetworkManager and networkd then do not wait for udev.
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755,size=4m tmpfs dev
mkdir dev/pts dev/shm dev/net
for device in null zero full random urandom tty net/tun; do
    [[ -e /dev/$device ]] || continue
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs run

mkdir -p .outside
pivot_root . .outside
umount -l /.outside
rmdir /.outside
exec env -i container=sotto-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init --log-target=journal
