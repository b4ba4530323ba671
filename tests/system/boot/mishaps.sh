#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What goes wrong on a computer beside its programs: the power fails while the record of the earlier
# settings is written, the disk is full, /etc cannot be written, somebody starts a second sottod, the
# computer stands still for a while. After each the system looks names up, and what it had before
# comes back.
#
# Usage: mishaps.sh WORLD FOLDER-OF-PACKAGES
# WORLD is one of worlds.bash but networkmanager: what NetworkManager keeps for itself nobody can put
# right by hand without it.

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
world=$1
# shellcheck disable=SC2034 # of story.bash
packageFolder=$(cd -- "$2" && pwd -P)
# shellcheck source=tests/system/boot/story.bash
source "$here/story.bash"

enterRoom rootFor "$@"

readonly journal=/var/lib/sotto-lease/journal

# cutRecords LENGTH RECORD…: the power fails, and of each record only so much has reached the disk.
cutRecords() {
    cutLength=$1
    shift
    cut=("$@")
    cutPower
    onDisk cutOnDisk
    bootMachine
}

# cutOnDisk ROOT
cutOnDisk() {
    local record
    for record in "${cut[@]}"; do
        [[ -s $1$record ]] || fail "the power fails: there is $record"
        truncate --size "$cutLength" "$1$record"
    done
}

journalSize() {
    inside stat -c %s "$journal"
}

switchesOff() {
    inside sottoctl disable >/dev/null 2>&1
    givesBack "$1, switched off"
    inside sottoctl enable >/dev/null 2>&1
    protects "$1, switched on again"
}

# Of the worlds, those whose settings are not in /etc.
needsNoEtc() {
    [[ $world == resolved || $world == desktop ]]
}

isSuspended() {
    [[ $(inside systemctl show --property=ActiveState --value systemd-suspend.service) == activating ]]
}

startNetwork
makeWorld "$world"
beginStory
putInside "$servicePackage" /var/tmp/first.deb

section "installed where the settings leave the system's DNS alone"
inside sed -i 's/manage = true/manage = false/' /etc/sotto/sotto.toml
watchDns
check "dpkg installs it" install /var/tmp/first.deb
check "sottod answers" eventually 5 addressAnswers 127.0.0.1
check "the system asks its network" eventually 10 systemAsks "$networkAnswer"
check "the system's DNS never changed meanwhile" dnsStayed
inside sed -i 's/manage = false/manage = true/' /etc/sotto/sotto.toml
inside systemctl reload sottod.service
protects "with other settings"

for length in 0 1 half all-but-one; do
    section "the power failed, and $length of the record was written"
    size=$(journalSize)
    case $length in
    half) length=$((size / 2)) ;;
    all-but-one) length=$((size - 1)) ;;
    esac
    cutRecords "$length" "$journal"
    protects "of $size octets $length"
    switchesOff "of $size octets $length"
done

# It is not known what was there before: nothing is guessed, and a person has to say it.
section "the power failed, and nothing of the record is left"
cutRecords 10 "$journal" "$journal.earlier"
if needsNoEtc; then
    # Ours was not on the disk, so that what was there before is what there is.
    check "the system asks its network" eventually 10 systemAsks "$networkAnswer"
else
    protects "no record"
fi
inside systemctl stop sottod.service sotto-lease.service 2>/dev/null
check "it says that the record is damaged" endsWith 3 inside sotto-lease restore
if [[ $world == file ]]; then
    inside sh -c "printf 'nameserver $gateway\n' >/etc/resolv.conf"
    rememberDns before
fi
check "the damaged record can be given up" endsWith 0 inside sotto-lease restore --forget
inside systemctl start sottod.service
protects "after that"
switchesOff "after that"

section "the disk is full"
inside sottoctl disable >/dev/null 2>&1
givesBack "switched off"
inside systemctl stop sotto-lease.service 2>/dev/null
inside mount -t tmpfs -o size=4k,mode=700 tmpfs /var/lib/sotto-lease
inside dd if=/dev/zero of=/var/lib/sotto-lease/full bs=4k count=1 status=none
check "it cannot be switched on" refuse inside sottoctl enable
check "it says why" quietly sh -c 'sottoctl status | grep -i "no space left"'
givesBack "with a full disk"
inside systemctl stop sotto-lease.service 2>/dev/null
inside umount /var/lib/sotto-lease
inside sottoctl enable >/dev/null 2>&1
protects "with space again"

section "/etc cannot be written"
inside sottoctl disable >/dev/null 2>&1
givesBack "switched off"
inside systemctl stop sotto-lease.service 2>/dev/null
inside sh -c 'mount --bind /etc /etc && mount -o remount,ro,bind /etc'
if needsNoEtc; then
    inside sottoctl enable >/dev/null 2>&1
    protects "with an /etc that cannot be written"
    inside sottoctl disable >/dev/null 2>&1
else
    check "it cannot be switched on" refuse inside sottoctl enable
    check "it says why" quietly sh -c 'sottoctl status | grep -i "read-only"'
fi
givesBack "with an /etc that cannot be written"
inside systemctl stop sotto-lease.service 2>/dev/null
inside umount /etc
inside sottoctl enable >/dev/null 2>&1
protects "with an /etc that can be written"

section "a second sottod"
rememberDns held
watchDns
check "in the place of the first it does not start" endsWith 1 inside timeout 10 \
    sottod --config /etc/sotto/sotto.toml --state-dir /var/lib/sotto --socket /run/sotto/sottod.sock
inside systemd-run --quiet --unit=second sottod --config /etc/sotto/sotto.toml \
    --state-dir /var/tmp/second --socket /run/second.sock
check "elsewhere it does" eventually 10 inside sottoctl --socket /run/second.sock status
inside sottoctl --socket /run/second.sock disable >/dev/null 2>&1
inside sottoctl --socket /run/second.sock enable >/dev/null 2>&1
check "the first one has the lease" eventually 10 leaseIs held
inside systemctl stop second.service
check "the system's DNS never changed meanwhile" dnsStayed
protects "after the second one"
check "the system's DNS is as it was" sameAs held
inside rm -rf /var/tmp/second

section "everything stands still for a while"
watchDns
process=$(mainProcess sotto-lease.service)
freezeMachine 15
protects "awake again"
check "the lease is held" eventually 10 leaseIs held
check "it is the same keeper" test "$(mainProcess sotto-lease.service)" = "$process"
check "the system's DNS never changed meanwhile" dnsStayed

# Asleep, for all that logind and who listens to it can tell: what would put this computer to sleep
# makes sottod and the keeper stand still. In a real sleep no watchdog's time goes by.
section "suspended and woken"
inside mkdir -p /run/systemd/system/{sottod,sotto-lease,systemd-suspend}.service.d
for unit in sottod sotto-lease; do
    inside sh -c "printf '[Service]\nWatchdogSec=0\n' >/run/systemd/system/$unit.service.d/asleep.conf"
done
cat >"$sandbox/asleep.conf" <<'CONF'
[Service]
ExecStart=
ExecStart=systemctl freeze sottod.service sotto-lease.service
ExecStart=sleep 15
ExecStart=systemctl thaw sottod.service sotto-lease.service
CONF
putInside "$sandbox/asleep.conf" /run/systemd/system/systemd-suspend.service.d/asleep.conf
inside mount -t tmpfs tmpfs /sys/power
inside sh -c 'echo mem >/sys/power/state'
inside systemctl restart systemd-logind.service
inside systemctl daemon-reload
inside systemctl restart sottod.service sotto-lease.service
protects "started anew"
check "the lease is held" eventually 10 leaseIs held
watchDns
process=$(mainProcess sottod.service)
check "logind is asked" inside systemctl suspend
check "it sleeps" eventually 20 isSuspended
check "it wakes" eventually 60 refuse isSuspended
check "logind has told of both" eventually 10 quietly sh -c 'journalctl -b -u systemd-logind |
    grep -A99 "will suspend now" | grep "returned from sleep\|Operation .sleep. finished"'
protects "awake again"
check "the lease is held" eventually 10 leaseIs held
check "it is the same sottod" test "$(mainProcess sottod.service)" = "$process"
check "the system's DNS never changed meanwhile" dnsStayed
switchesOff "awake again"

shutDown
finish
