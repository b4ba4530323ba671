#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sottod under OpenRC and under runit, with the scripts that the package brings, in a throw-away root
# and with processes of its own: started as root, it switches the system's DNS, comes back when it is
# killed, and what was there before is back when it is stopped.
#
# Usage: service_managers.sh FOLDER-OF-PROGRAMS INSTALLED-LEASE-KEEPER

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../.." && pwd -P)
bin=${1:?the folder of the programs}
keeper=${2:?where sottod finds the lease keeper}

# shellcheck source=tests/system/sandbox.bash
source "$here/sandbox.bash"
# shellcheck source=tests/system/unbound.bash
source "$here/unbound.bash"
# shellcheck source=tests/system/throwaway_root.bash
source "$here/throwaway_root.bash"

needPrograms unbound unbound-control openssl ip mount unshare chroot pgrep
if [[ ${SOTTO_OWN_PROCESSES-} != 1 ]]; then
    [[ $EUID == 0 ]] || skip "only root can lay a throw-away root over this computer's"
    unshare --pid --fork true 2>/dev/null || skip "this user may not make a namespace of processes"
    SOTTO_OWN_PROCESSES=1 exec unshare --pid --fork --kill-child bash "$0" "$@"
fi
enterOwnMounts "$@"

readonly networkServer=198.51.100.1 provider=198.51.100.2
for address in "$networkServer" "$provider"; do
    ip address add "$address/32" dev lo
done
makeAuthority authority
makeCertificate provider authority DNS:dot.example
startUnbound network 53 plain "$networkServer"
startUnbound provider 853 tls "$provider"

# layOut PACKAGE: a root with a service manager, and with Sotto as its package installs it.
layOut() {
    local program
    makeRoot
    install "$1"
    for program in sottod sotto-lease; do
        cp "$bin/$program" "$root/usr/sbin/"
    done
    mkdir -p "$root$(dirname "$keeper")" "$root/etc/sotto"
    cp "$bin/sotto-lease" "$root$keeper"
    cp "$sandbox/authority.pem" "$root/etc/sotto/ca.pem"
    cat >"$root/etc/sotto/sotto.toml" <<CONF
upstreams = [{ address = "$provider", name = "dot.example", ca_file = "/etc/sotto/ca.pem" }]
[system]
manage = true
CONF
    inRoot useradd --system --user-group --no-create-home --home-dir /var/lib/sotto \
        --shell /usr/sbin/nologin sotto
    rm -rf "$root/var/lib/sotto" "$root/var/lib/sotto-lease"
    printf '# by hand\nnameserver %s\noptions timeout:2\n' "$networkServer" >"$root/etc/resolv.conf"
    earlier=$(state /etc/resolv.conf)
}

# asks SERVER OTHER: a new look-up of the root's programs comes to the one and not to the other.
asks() {
    local name="n$RANDOM$RANDOM.wild.quietzone.example" had others
    had=$(unboundQueries "$1")
    others=$(unboundQueries "$2")
    [[ $(inRoot getent ahostsv4 "$name" | awk 'NR == 1 { print $1 }') == 192.0.2.77 ]] &&
        [[ $(unboundQueries "$1") -gt $had && $(unboundQueries "$2") == "$others" ]]
}

isAsBefore() {
    [[ $(state /etc/resolv.conf) == "$earlier" ]]
}

# processOf PROGRAM: of the root's.
processOf() {
    inRoot pgrep --exact "$1"
}

isAnother() {
    local now
    now=$(processOf "$1")
    [[ -n $now && $now != "$2" ]]
}

# runsUnprivileged: as its user, with the right to low ports and no other.
runsUnprivileged() {
    local process
    process=$(processOf sottod)
    [[ $(stat -c %u "$root/proc/$process") == "$(inRoot id -u sotto)" ]] &&
        grep -qE $'^CapPrm:\t0{13}400$' "$root/proc/$process/status"
}

# life MANAGER: what start, status, reload and stop do, each a function of that name.
life() {
    local manager=$1 process
    check "$manager: before, the network is asked" asks network provider
    check "$manager: sottod is started" "start_$manager"
    check "$manager: the provider is asked" eventually 15 asks provider network
    check "$manager: it says that it runs" "status_$manager"
    check "$manager: sottod runs as its user" runsUnprivileged
    check "$manager: the keeper runs as root" inRoot pgrep --exact --euid root --count sotto-lease

    process=$(processOf sottod)
    kill -KILL "$process"
    check "$manager: killed, it is started again" eventually 15 isAnother sottod "$process"
    check "$manager: the provider is asked again" eventually 15 asks provider network

    process=$(processOf sottod)
    printf '[log]\nentries = 77\n' >>"$root/etc/sotto/sotto.toml"
    check "$manager: it reads its settings again" "reload_$manager"
    check "$manager: which are in force" eventually 10 settingIs log.entries 77
    check "$manager: it is still the same" test "$(processOf sottod)" = "$process"

    kill -USR1 "$process"
    check "$manager: it makes way for a new one" eventually 15 isAnother sottod "$process"
    check "$manager: which the system asks" eventually 15 asks provider network

    check "$manager: sottod is stopped" "stop_$manager"
    check "$manager: the network is asked again" asks network provider
    check "$manager: the file is as before" isAsBefore
    check "$manager: no sottod is left" refuse processOf sottod
    check "$manager: it says that it does not run" refuse "status_$manager"

    check "$manager: sottod is started again" "start_$manager"
    check "$manager: the provider is asked" eventually 15 asks provider network
    # With the guards that would bring another; one of a later start of sottod waits for its turn.
    # shellcheck disable=SC2046 # numbers
    kill -KILL $(processOf sotto-guard) $(processOf sotto-lease)
    check "$manager: without a keeper sottod is stopped" "stop_$manager"
    check "$manager: the network is asked again" asks network provider
    check "$manager: the file is as before" isAsBefore
}

settingIs() {
    inRoot /bin.d/sottoctl settings |
        awk -v key="$1" -v value="$2" '$1 == key { found = $NF == value } END { exit !found }'
}

printf -- '--- OpenRC\n'
layOut openrc
rm -rf "$root"/etc/init.d/* "$root"/etc/runlevels
# As its start of the system leaves it.
mkdir -p "$root"/etc/runlevels/default \
    "$root"/run/openrc/{daemons,exclusive,failed,inactive,options,scheduled,started,starting,stopping,tmp}
touch "$root/run/openrc/softlevel"
cp "$sourceDir/installers/openrc/sottod" "$root/etc/init.d/sottod"

start_openrc() { service start; }
stop_openrc() { service stop; }
status_openrc() { service status; }
reload_openrc() { service reload; }
service() {
    inRoot /sbin/rc-service sottod "$1" >"$sandbox/service.log" 2>&1 || {
        [[ $1 == status ]] || cat "$sandbox/service.log" >&2
        return 1
    }
}
check "rc-update knows it" inRoot /sbin/rc-update add sottod default
life openrc

printf -- '--- runit\n'
layOut runit
mkdir -p "$root/etc/sv" "$root/srv/services"
cp -r "$sourceDir/installers/runit/sottod" "$root/etc/sv/"
touch "$root/etc/sv/sottod/down"
ln -s /etc/sv/sottod "$root/srv/services/sottod"
startProgram "$sandbox/runsvdir.log" chroot "$root" /usr/bin/runsvdir /srv/services

sv() {
    inRoot env SVDIR=/srv/services SVWAIT=15 /usr/bin/sv "$@"
}
start_runit() { sv up sottod >/dev/null; }
stop_runit() { sv force-stop sottod >/dev/null && eventually 10 isAsBefore; }
status_runit() { sv status sottod | grep -q '^run:'; }
reload_runit() { sv hup sottod >/dev/null; }
check "runsvdir knows it" eventually 15 sv status sottod
life runit

finish
