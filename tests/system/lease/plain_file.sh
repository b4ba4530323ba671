#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real lease keeper on a system whose DNS is a plain /etc/resolv.conf: taken, watched, given
# back octet for octet, by whoever is left.
#
# Usage: plain_file.sh FOLDER-OF-PROGRAMS

# shellcheck disable=SC2119 # functions with arguments of their own
set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/lease/lease_system.bash
source "$here/lease_system.bash"

needPrograms ip unshare setpriv getent
enterLeaseSystem "$@"
makeLeaseSystem

# Takes the lease with a responder, a keeper and a service.
taken() {
    startCheckResponder
    startKeeper
    awaitKeeper
    startService "$@"
    eventually 10 reports held
}

printf -- '--- taken and given back\n'
writeEarlier
check "where there is no record's folder, nothing is known" refuse describes free
check "nor said to be restored" refuse restore
mkdir -m 0700 "$state"
check "describe says that it is not Sotto's" describes free
check "others cannot tell" refuse describesAs 65534 free
check "and are told so" describesAs 65534 null
check "restore has nothing to do" restore
"$bin/sotto-lease" serve --user nobody-of-that-name "${places[@]}" 2>"$sandbox/keeper.log"
check "a keeper for a user that is not there does not run" test $? -eq 1
check "and says why" grep -q 'no user "nobody-of-that-name"' "$sandbox/keeper.log"
check "the lease is taken" taken
check "the file names Sotto" isOurs
check "and keeps what else it said" grep -q '^search example' /etc/resolv.conf
check "everybody can read it" test "$(stat -c %a /etc/resolv.conf)" = 644
check "describe says so" describes held
check "the state is root's alone" test "$(stat -c %a "$state")" = 700
check "restore asks the keeper" restore
check "the earlier file is back" isEarlier
check "the service is told that it stays so" eventually 5 reports yielded
check "and by whom" grep -q '"winner_kind":"restored"' "$sandbox/service.log"
check "no journal is left" hasNoJournal
check "restore can be repeated" restore
check "describe says so" describes yielded
quietClient() {
    "$bin/lease_client" "$@" >/dev/null 2>&1
}
quietClient "$socket" once 'verb="apply"' 'addresses=["127.0.0.1"]' "check_key=\"$checkKey\""
check "it is not taken again" refuse eventually 2 isOurs
quietClient "$socket" once 'verb="apply"' 'addresses=["127.0.0.1"]' "check_key=\"$checkKey\"" 'take_over=true'
check "unless it is to be taken over" eventually 10 isOurs
endProgram "$serviceId"
check "restore again" restore
check "without a service it just gives back" describes free
check "an unneeded keeper ends by itself" eventually 15 refuse kill -0 "$keeperId"
check "and well" endsWith 0 "$keeperId"
endProgram "$responderId"

printf -- '--- a keeper that is ended\n'
check "the lease is taken" taken
endProgram "$keeperId"
check "SIGTERM leaves the lease" isOurs
startKeeper
check "the next keeper does not know whom to expect" eventually 5 describes unanswered
check "and changes nothing" isOurs
endProgram "$serviceId"
startService
check "until the service comes again" eventually 5 describes held
check "which changes nothing" isOurs
killProgram "$keeperId"
endProgram "$serviceId"
killProgram "$responderId"
check "without anybody, restore works alone" restore
check "the earlier file is back" isEarlier
check "no journal is left" hasNoJournal

printf -- '--- a service that is gone\n'
check "the lease is taken" taken
killProgram "$serviceId"
killProgram "$responderId"
check "it is seen at once" eventually 3 describes unanswered
startCheckResponder
check "a restart is no loss" eventually 3 describes held
check "and changes nothing" isOurs
killProgram "$responderId"
begin=$SECONDS
check "after ten seconds it is given back" eventually 12 isEarlier
check "not before" test $((SECONDS - begin)) -ge 8
check "the keeper says why" grep -q 'nobody has answered' "$sandbox/keeper.log"
endProgram "$keeperId"

printf -- '--- an impostor\n'
check "the lease is taken" taken
killProgram "$serviceId"
killProgram "$responderId"
startCheckResponder ffffffffffffffffffffffffffffffff
check "it does not pass for the service" eventually 12 isEarlier
check "the keeper says why" grep -q 'nobody has answered' "$sandbox/keeper.log"
endProgram "$keeperId"
killProgram "$responderId"
startCheckResponder ffffffffffffffffffffffffffffffff
startKeeper
awaitKeeper
startService
check "to it, nothing is given" eventually 5 reports failed
check "and it is said who is there" grep -q 'another program than sottod' "$sandbox/service.log"
check "nothing was changed" isEarlier
endProgram "$serviceId"
endProgram "$keeperId"
killProgram "$responderId"

printf -- '--- closed\n'
check "the lease is taken" taken 'when_lost="closed"'
killProgram "$serviceId"
killProgram "$responderId"
check "nobody answers" eventually 3 describes unanswered
check "it stays" refuse eventually 12 isEarlier
check "until it is given back" restore
check "the earlier file is back" isEarlier
endProgram "$keeperId"

printf -- '--- nothing without a listener\n'
startKeeper
awaitKeeper
startService
check "it is refused" eventually 5 reports failed
check "nothing was changed" isEarlier
check "and nothing kept" hasNoJournal
endProgram "$serviceId"
startCheckResponder
printf 'hosts: files\n' >/etc/nsswitch.conf
startService
check "look-ups that go elsewhere are noticed" eventually 10 reports failed
check "the earlier file is back" isEarlier
printf 'hosts: files dns\n' >/etc/nsswitch.conf
endProgram "$serviceId"

printf -- '--- a person\n'
startService
check "the lease is taken" eventually 10 reports held
printf 'nameserver 192.0.2.99\n' >/etc/resolv.conf
check "a person wins" eventually 5 reports yielded
endProgram "$keeperId"
check "at boot there is nothing to do" restore --at-boot
check "and they are remembered" refuse hasNoJournal
check "restore leaves theirs" restore
check "to the letter" test "$(cat /etc/resolv.conf)" = 'nameserver 192.0.2.99'
check "no journal is left" hasNoJournal
endProgram "$serviceId"

printf -- '--- two keepers\n'
writeEarlier
startKeeper
awaitKeeper
first=$keeperId
startProgram "$sandbox/stays.log" "$bin/lease_client" "$socket" stay
startKeeper
check "the second one ends" eventually 15 grep -q 'another lease keeper' "$sandbox/keeper.log"
check "with status 1" endsWith 1 "$keeperId"
check "the first one serves" eventually 5 keeperAnswers
endProgram "$first"

printf -- '--- disks\n'
startKeeper
awaitKeeper
mount -o remount,ro "$sandbox/disk"
startService
check "a read-only disk is refused" eventually 5 reports failed
check "before anything was changed" isEarlier
endProgram "$serviceId"
mount -o remount,rw "$sandbox/disk"
dd if=/dev/zero of="$sandbox/disk/filling" bs=1k 2>/dev/null
startService
check "a full disk is refused" eventually 5 reports failed
check "before anything was changed" isEarlier
endProgram "$serviceId"
rm "$sandbox/disk/filling"
startService
check "with room it is taken" eventually 10 reports held
dd if=/dev/zero of="$sandbox/disk/filling" bs=1k 2>/dev/null
check "a full disk does not keep it" restore
check "the earlier file is back" isEarlier
rm "$sandbox/disk/filling"
endProgram "$serviceId"
endProgram "$keeperId"

printf -- '--- a damaged journal\n'
startKeeper
awaitKeeper
startService
check "the lease is taken" eventually 10 reports held
killProgram "$keeperId"
endProgram "$serviceId"
for file in "$state"/journal*; do
    printf '?' | dd of="$file" bs=1 seek=40 conv=notrunc 2>/dev/null
done
restore
check "restore says so by its status" test $? -eq 3
check "and what to do" grep -q 'restore --forget' "$sandbox/restore.log"
check "nothing is made up" isOurs
startKeeper
awaitKeeper
restore
check "a keeper that runs gives the same status" test $? -eq 3
check "and says the same" grep -q 'restore --forget' "$sandbox/restore.log"
check "it says what the system asks" describes failed
check "which is the service" grep -q '"127.0.0.1"' <("$bin/sotto-lease" describe --json "${places[@]}")
asUser() {
    setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"
}
eventually 5 asUser 65533 "$bin/lease_client" "$socket" once 'verb="restore"' 'forget=true'
check "the service may not have it forgotten" refuse hasNoJournal
check "what Sotto wrote does not pass for what was there before" refuse restore --forget
check "and it is said what to write" grep -q 'lines like: nameserver' "$sandbox/restore.log"
check "the record can be forgotten while a keeper runs" hasNoJournal
check "which then has the same reason" refuse restore
check "to say what to write" grep -q 'lines like: nameserver' "$sandbox/restore.log"
endProgram "$keeperId"
check "as it is without one" refuse restore
writeEarlier
check "until a person has" restore
for file in journal journal.earlier; do
    printf 'noise' >"$state/$file"
done
restore
check "what is damaged is so without anything of Sotto's in the system" test $? -eq 3
check "and can be forgotten" restore --forget
check "no journal is left" hasNoJournal

printf -- '--- a record that is removed while a keeper has it\n'
startKeeper
awaitKeeper
startService
check "the lease is taken" eventually 10 reports held
rm -r "$state"
check "restore asks the keeper" restore
check "which knows the earlier file" isEarlier
endProgram "$serviceId"
endProgram "$keeperId"

printf -- '--- strangers\n'
startKeeper
awaitKeeper
chmod 0666 "$socket"
check "another user is not answered" \
    refuse asUser 65534 "$bin/lease_client" "$socket" once
check "nor obeyed" \
    refuse asUser 65534 "$bin/lease_client" "$socket" once 'verb="apply"' 'addresses=["127.0.0.1"]' "check_key=\"$checkKey\""
check "the service's user is" eventually 1 asUser 65533 "$bin/lease_client" "$socket" once
head -c 70000 /dev/zero >"$sandbox/large"
check "a large packet is refused" refuse "$bin/lease_client" "$socket" raw "$sandbox/large"
for round in $(seq 30); do
    head -c $((round * 37)) /dev/urandom >"$sandbox/noise"
    "$bin/lease_client" "$socket" raw "$sandbox/noise" >/dev/null 2>&1
done
check "the keeper goes on" eventually 5 keeperAnswers
check "nothing was changed" isEarlier
endProgram "$keeperId"
endProgram "$responderId"

printf -- '--- started by a socket\n'
if command -v systemd-socket-activate >/dev/null; then
    startCheckResponder
    rm -f "$socket"
    startProgram "$sandbox/keeper.log" systemd-socket-activate --seqpacket -l "$socket" \
        "$bin/sotto-lease" serve --user 65533 "${places[@]}"
    keeperId=$programId
    eventually 5 test -S "$socket"
    startService
    check "the lease is taken" eventually 10 reports held
    check "restore" restore
    check "the earlier file is back" isEarlier
    endProgram "$serviceId"
    endProgram "$keeperId"
    endProgram "$responderId"
else
    printf 'not tried: systemd-socket-activate is not installed\n'
fi

finish
