#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The system's DNS is Sotto's, and then its file cannot be written any more, or the provider is gone:
# names stay answered as long as they can be, it is said what is wrong, and all comes right by itself.
#
# Usage: trouble.sh FOLDER-OF-PROGRAMS INSTALLED-LEASE-KEEPER

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:?the folder of the programs}
keeper=${2:?where sottod finds the lease keeper}
world=static

# shellcheck source=tests/system/whole/all.bash
source "$here/all.bash"

needMachinePrograms
enterMachine "$@"
mkdir "$sandbox/etc"
mount -t tmpfs -o mode=755,size=64m tmpfs "$sandbox/etc"
cp -a /etc/. "$sandbox/etc" || skip "/etc is larger than 64 MiB"
mount --move "$sandbox/etc" /etc
layOut_static
laySotto
state_static >"$sandbox/before"

isAsBefore() {
    [[ $(state_static) == "$(cat "$sandbox/before")" ]]
}
tellsWhy() {
    grep -q -e "$1" "$sandbox/restore.log"
}

sottodTells() {
    sottoctl system | grep -q -e "$1"
}

# staysOurs WHAT REASON: what cannot be given back is answered for as before.
staysOurs() {
    check "$1: the earlier settings cannot come back" refuse restore
    check "$1: and it is said why" tellsWhy "$2"
    check "$1: sottod says it, too" eventually 10 sottodTells "$2"
    check "$1: names are still answered" asks provider
    check "$1: the file is whole" fileNames 127.0.0.1
}

startSotto "$keeper"
check "the system's DNS is Sotto's" eventually 20 systemDnsIs on
startCapture

printf -- '--- a full /etc\n'
dd if=/dev/zero of=/etc/filling bs=4k 2>/dev/null
check "full: it is as it was" asks provider
startProgram "$sandbox/sottoctl.log" "$bin/sottoctl" disable
staysOurs "full" 'No space left'
rm /etc/filling
check "with room the earlier settings are back by themselves" eventually 15 isAsBefore
check "sottod knows it" eventually 10 systemDnsIs off
check "no record is left" hasNoJournal

printf -- '--- a read-only /etc\n'
sottoctl enable >/dev/null
check "the system's DNS is Sotto's" eventually 20 systemDnsIs on
mount -o remount,ro /etc
check "read-only: it is as it was" asks provider
startProgram "$sandbox/sottoctl.log" "$bin/sottoctl" disable
staysOurs "read-only" 'read-only\|Read-only'
endProgram "$sottodId"
check "read-only: without sottod it is no other" fileNames 127.0.0.1
check "nothing has left in clear text" nothingLeft
mount -o remount,rw /etc
check "writable, the earlier settings are back by themselves" eventually 15 isAsBefore
check "the network is asked" asks lan

printf -- '--- the provider is gone\n'
startSottod
awaitSottod
sottoctl enable >/dev/null
check "the system's DNS is Sotto's" eventually 20 systemDnsIs on
check "names are answered" asks provider
state_static >"$sandbox/held"
startCapture
endProgram "$providerId"
fails() {
    newName
    dig +tries=1 +time=6 "$name" A >"$sandbox/dig.log"
    grep -q 'status: SERVFAIL' "$sandbox/dig.log"
}
check "names fail" eventually 10 fails
check "with an extended error" grep -q '; EDE: ' "$sandbox/dig.log"
isInTrouble() {
    sottoctl --json status | grep -q '"protection": *"trouble"'
}
check "the status says that there is trouble" eventually 5 isInTrouble
isGivenUp() {
    ! systemDnsIs on || [[ $(state_static) != "$(cat "$sandbox/held")" ]]
}
check "nothing is undone" refuse eventually 12 isGivenUp
check "nothing has left in clear text" nothingLeft
startProvider
check "with the provider names are answered" eventually 10 asks provider
sottoctl disable >/dev/null
check "and the earlier settings come back" eventually 10 isAsBefore

finish
