#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The system's DNS set by /etc/resolv.conf and by the real resolvconf and openresolv, in a throw-away
# root: programs that are told nothing then ask here, and everything comes back as it was.
#
# Usage: lease_by_files.sh FOLDER-OF-PROGRAMS

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"
# shellcheck source=tests/system/unbound.bash
source "$here/unbound.bash"
# shellcheck source=tests/system/throwaway_root.bash
source "$here/throwaway_root.bash"

needPrograms unbound unbound-control dig getent ip mount unshare chroot
enterOwnMounts "$@"

readonly networkServer=198.51.100.1 newerServer=198.51.100.2
for address in "$networkServer" "$newerServer"; do
    ip address add "$address/32" dev lo
done
startUnbound sotto 53 plain 127.0.0.1
startUnbound network 53 plain "$networkServer"
startUnbound newer 53 plain "$newerServer"

# chooses MECHANISM
chooses() {
    [[ $(inRoot /bin.d/mechanism_console detect 127.0.0.1 53 | field chosen) == "$1" ]]
}

# setTo MECHANISM [ADDRESSES] and giveBack MECHANISM
setTo() {
    lease apply "$@" 2>"$sandbox/fault"
}
giveBack() {
    lease restore "$@" 2>"$sandbox/fault"
}

# saysWhy PATTERN: why the last of these failed.
saysWhy() {
    grep -q -e "$1" "$sandbox/fault"
}

# same BEFORE AFTER
same() {
    diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") >&2
}

# goesAndComesBack DESCRIPTION MECHANISM FILE…: on, off, off again.
goesAndComesBack() {
    local what=$1 mechanism=$2 earlier
    shift 2
    earlier=$(state "$@")
    check "$what: $mechanism is chosen" chooses "$mechanism"
    check "$what: before, the network is asked" asks network sotto
    captureFor "$mechanism"
    check "$what: looking changes nothing" same "$earlier" "$(state "$@")"
    check "$what: can be set" setTo "$mechanism"
    check "$what: Sotto is asked, and nobody else" asks sotto network
    check "$what: holds it" holds us "$mechanism"
    check "$what: can be set again" setTo "$mechanism"
    check "$what: can be given back" giveBack "$mechanism"
    check "$what: the network is asked again" asks network sotto
    check "$what: is as it was" same "$earlier" "$(state "$@")"
    check "$what: can be given back again" giveBack "$mechanism"
    check "$what: is still as it was" same "$earlier" "$(state "$@")"
}

byHand() {
    printf '# by hand\nsearch quietzone.example\nnameserver %s\noptions timeout:2\n' "$networkServer"
}

printf -- '--- /etc/resolv.conf\n'
makeRoot
byHand >"$root/etc/resolv.conf"
chmod 0764 "$root/etc/resolv.conf"
chown 12:34 "$root/etc/resolv.conf"
touch -d '2001-02-03 04:05:06.789' "$root/etc/resolv.conf"
goesAndComesBack 'a file' file /etc/resolv.conf
captureFor file
setTo file
check 'the search list is kept' \
    test "$(inRoot getent ahostsv4 any.wild | awk 'NR == 1 { print $1 }')" = 192.0.2.77
check 'that it is Sotto'"'"'s shows without a record' \
    test "$(lease leftover file | field addresses)" = 127.0.0.1
check 'its first line says how to get the earlier one back' \
    grep -q 'sotto-lease restore' <(head -n 1 "$root/etc/resolv.conf")
giveBack file
check 'the earlier one is not' refuse lease leftover file

rm "$root/etc/resolv.conf"
mkdir "$root/run/NetworkManager"
byHand >"$root/run/NetworkManager/resolv.conf"
ln -s ../run/NetworkManager/resolv.conf "$root/etc/resolv.conf"
goesAndComesBack 'a link' file /etc/resolv.conf /run/NetworkManager/resolv.conf

printf -- '--- where it is a mount\n'
rm "$root/etc/resolv.conf"
byHand >"$root/etc/resolv.conf"
byHand >"$root/srv/mounted"
mount --bind "$root/srv/mounted" "$root/etc/resolv.conf"
goesAndComesBack 'a mount' file /etc/resolv.conf /srv/mounted
captureFor file
mount -o remount,ro,bind "$root/etc/resolv.conf"
check 'a mount that is read-only: cannot be set' refuse setTo file
check 'and is as it was' cmp -s "$root/srv/mounted" <(byHand)
check 'nothing is left beside it' test ! -e "$root/etc/.resolv.conf.sotto-new"
umount "$root/etc/resolv.conf"

printf -- '--- where it cannot be changed\n'
if chattr +i "$root/etc/resolv.conf" 2>/dev/null; then
    check 'protected: is seen' grep -q 'chattr -i' <(lease look file)
    check 'protected: cannot be set' refuse setTo file
    check 'protected: says what to do' saysWhy 'chattr -i'
    check 'protected: is as it was' cmp -s "$root/etc/resolv.conf" <(byHand)
    chattr -i "$root/etc/resolv.conf"
else
    printf 'not tried: this file system knows no protected files\n'
fi
mount --bind "$root/etc" "$root/etc"
mount -o remount,ro,bind "$root/etc"
check 'a read-only /etc: is seen' grep -q 'read-only' <(lease look file)
check 'a read-only /etc: cannot be set' refuse setTo file
check 'a read-only /etc: says so' saysWhy read-only
umount "$root/etc"

printf -- '--- killed at any point\n'
captureFor file
earlier=$(state /etc/resolv.conf)
for delay in 0 0.001 0.002 0.003 0.004 0.006 0.008 0.012 0.02; do
    for verb in apply restore; do
        { inRoot timeout -s KILL "$delay" /bin.d/mechanism_console file "$verb" 127.0.0.1 53 \
            "$before"; } >/dev/null 2>&1
        check "killed after $delay s of $verb: the file is whole" \
            test "$(grep -c '^nameserver' "$root/etc/resolv.conf")" -eq 1
    done
done
check 'and it can be given back' giveBack file
check 'and is as it was' same "$earlier" "$(state /etc/resolv.conf)"

printf -- '--- a DHCP client that writes the file\n'
install isc-dhcp-client
# dhclient's own lease file, and its script as it calls it with a lease.
newLease() {
    mkdir -p "$root/var/lib/dhcp"
    printf 'lease {\n  option domain-name-servers %s;\n}\n' "$1" \
        >>"$root/var/lib/dhcp/dhclient.eth0.leases"
    inRoot env reason=BOUND interface=lo new_ip_address=127.0.0.99 new_subnet_mask=255.255.255.255 \
        new_domain_name=quietzone.example new_domain_name_servers="$1" /sbin/dhclient-script \
        2>/dev/null
}
rm "$root/etc/resolv.conf"
touch "$root/etc/resolv.conf"
newLease "$networkServer"
goesAndComesBack 'of dhclient' file /etc/resolv.conf
captureFor file
setTo file
newLease "$newerServer"
newest=$(state /etc/resolv.conf)
check 'a new lease: is told from a person' holds agent file
before=$(lease standing file | sed 's/^{"before"://; s/,"holder".*//')
check 'a new lease: can be set again' setTo file
check 'a new lease: Sotto is asked' asks sotto newer
check 'a new lease: is given back' giveBack file
check 'a new lease: the new network is asked' asks newer sotto
check 'a new lease: is as dhclient wrote it last' same "$newest" "$(state /etc/resolv.conf)"
captureFor file
setTo file
printf 'nameserver %s\n' "$networkServer" >"$root/etc/resolv.conf"
rm "$root/var/lib/dhcp/dhclient.eth0.leases"
check 'a person is told from a new lease' holds person file
check 'and keeps it' giveBack file
check 'which is the network' asks network sotto

printf -- '--- a VPN that writes the file\n'
makeRoot
install vpnc-scripts
byHand >"$root/etc/resolv.conf"
ip link add vpn0 type veth peer name vpn1
# The script of vpnc and openconnect, as they call it.
callVpn() {
    inRoot env reason="$1" TUNDEV=vpn0 VPNPID=4711 VPNGATEWAY=203.0.113.1 \
        INTERNAL_IP4_ADDRESS=203.0.113.2 INTERNAL_IP4_NETMASK=255.255.255.255 \
        INTERNAL_IP4_DNS="$newerServer" /usr/share/vpnc-scripts/vpnc-script >/dev/null 2>&1
}
captureFor file
setTo file
callVpn connect
check 'it is seen' holds vpn file
check 'and asked' asks newer sotto
check 'Sotto can go off meanwhile' giveBack file
check 'which it does not notice' asks newer sotto
callVpn disconnect
check 'at its end the earlier file is there' cmp -s "$root/etc/resolv.conf" <(byHand)
check 'and the network is asked' asks network sotto
setTo file
callVpn connect
callVpn disconnect
check 'Sotto holds it again where it stayed on' holds us file
giveBack file

printf -- '--- resolvconf of Debian\n'
makeRoot
install resolvconf
mkdir -p "$root/run/resolvconf/interface"
ln -s ../run/resolvconf/resolv.conf "$root/etc/resolv.conf"
inRoot resolvconf --enable-updates
addRecord() {
    printf 'nameserver %s\nsearch quietzone.example\n' "$2" | inRoot resolvconf -a "$1"
}
addRecord eth0.dhclient "$networkServer"
# The file is made anew each time, and so has a new time.
content() {
    stat -c '%N %f %u:%g %s' "$root/etc/resolv.conf"
    cat "$root/etc/resolv.conf"
}
resolvconfComesBack() {
    local what=$1 earlier
    earlier=$(content)
    check "$what: is chosen" chooses resolvconf
    check "$what: before, the network is asked" asks network sotto
    captureFor resolvconf
    check "$what: can be set" setTo resolvconf 127.0.0.1,::1
    check "$what: Sotto is asked, and nobody else" asks sotto network
    check "$what: can be set again" setTo resolvconf
    check "$what: holds it" holds us resolvconf
    addRecord eth0.dhclient "$newerServer"
    check "$what: with a new lease Sotto is still asked" asks sotto newer
    check "$what: and holds it" holds us resolvconf
    check "$what: can be given back" giveBack resolvconf
    check "$what: the new network is asked" asks newer sotto
    addRecord eth0.dhclient "$networkServer"
    check "$what: all is as it was" same "$earlier" "$(content)"
    check "$what: can be given back again" giveBack resolvconf
    check "$what: all is still as it was" same "$earlier" "$(content)"
    check "$what: nothing is Sotto's" refuse lease leftover resolvconf
    setTo resolvconf 127.0.0.1,::1
    check "$what: what is Sotto's shows without a record" \
        test "$(lease leftover resolvconf | field addresses)" = '127.0.0.1 ::1'
    before='{}'
    check "$what: and is taken away without one" giveBack resolvconf 127.0.0.1,::1
    check "$what: then all is as it was" same "$earlier" "$(content)"
    check "$what: and nothing is Sotto's" refuse lease leftover resolvconf
}
resolvconfComesBack resolvconf
setTo resolvconf
inRoot resolvconf --disable-updates
check 'switched off meanwhile: is not taken for given back' refuse giveBack resolvconf
check 'switched off meanwhile: says why' saysWhy --enable-updates
inRoot resolvconf --enable-updates
check 'switched on again: is given back' giveBack resolvconf
check 'switched on again: the network is asked' asks network sotto
printf 'TRUNCATE_NAMESERVER_LIST_AFTER_LOOPBACK_ADDRESS=no\n' >"$root/etc/default/resolvconf"
earlier=$(content)
check 'with others beside it: cannot be set' refuse setTo resolvconf
check 'with others beside it: says why' saysWhy TRUNCATE_
check 'with others beside it: nothing is left' same "$earlier" "$(content)"
rm "$root/etc/default/resolvconf"
setTo resolvconf
rm "$root/etc/resolv.conf"
byHand >"$root/etc/resolv.conf"
check 'a person who replaced the file is seen' holds person resolvconf
check 'and the file is the next way' chooses file
giveBack resolvconf
check 'and stays' cmp -s "$root/etc/resolv.conf" <(byHand)

printf -- '--- openresolv\n'
makeRoot
install openresolv
addRecord eth0.dhclient "$networkServer"
resolvconfComesBack openresolv
setTo resolvconf
printf 'nameserver %s\n' "$newerServer" | inRoot resolvconf -x -m 0 -a tun.wg0
check 'a VPN: is seen' holds vpn resolvconf
check 'a VPN: is asked' asks newer sotto
inRoot resolvconf -d tun.wg0
check 'a VPN: at its end Sotto is asked again' asks sotto newer
check 'a VPN: and holds it' holds us resolvconf
rm -r "$root/run/resolvconf"
check 'after a reboot: can be given back' giveBack resolvconf
check 'after a reboot: Sotto is not named' refuse grep -q 127.0.0.1 "$root/etc/resolv.conf"
addRecord eth0.dhclient "$networkServer"
check 'after a reboot: the network is asked' asks network sotto
setTo resolvconf
rm "$root/usr/sbin/resolvconf"
check 'without the program: says that it cannot be given back' refuse giveBack resolvconf

printf -- '--- systemd in the name of resolvconf\n'
makeRoot
cp /usr/bin/env "$root/usr/bin/resolvectl"
ln -sf ../bin/resolvectl "$root/usr/sbin/resolvconf"
byHand >"$root/etc/resolv.conf"
check 'is not taken for it' grep -q resolvectl <(lease look resolvconf)
check 'and the file is chosen' chooses file

finish
