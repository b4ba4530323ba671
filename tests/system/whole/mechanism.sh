#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sottod and the lease keeper beside the real program that sets a system's DNS: while Sotto is on,
# every look-up reaches it, and nothing leaves in clear text, whatever that program does meanwhile; off,
# all is as it was, or as the network is by then.
#
# Usage: mechanism.sh FOLDER-OF-PROGRAMS INSTALLED-LEASE-KEEPER WORLD
# WORLD is one of worlds.bash.

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:?the folder of the programs}
keeper=${2:?where sottod finds the lease keeper}
world=${3:?which world}

# shellcheck source=tests/system/whole/all.bash
source "$here/all.bash"

needMachinePrograms
the needs
enterMachine "$@"

place=lan
the layOut
laySotto

# on WHAT: from here on nothing may leave.
isOn() {
    check "$1: the system's DNS is Sotto's" eventually 20 systemDnsIs on
    startCapture
}
# asksSotto WHAT
asksSotto() {
    local before=$failures
    checkAsks "$1" provider
    check "$1: nothing left in clear text" nothingLeft
    [[ $failures == "$before" ]] || explain
}
# isOff WHAT: the network that the machine is in by now is asked.
isOff() {
    local before=$failures
    check "$1: the system's DNS is not Sotto's" eventually 10 systemDnsIs off
    check "$1: the network is asked" asks "$place"
    check "$1: no record is left" hasNoJournal
    [[ $failures == "$before" ]] || explain
}
# moveTo NAME: the agent connects anew, and Sotto is told of that by its own watching alone.
moveTo() {
    place=$1
    the moveTo "$1" || fail "the agent connects in $1"
    check "in $1: Sotto is told again" eventually 15 isTold
    startCapture
}
same() {
    diff "$sandbox/$1" "$sandbox/$2" >&2
}

printf -- '--- before\n'
startCapture
checkAsks "before" lan
check "which is seen as it leaves" somethingLeft
the state >"$sandbox/before"

printf -- '--- on and off\n'
startSotto "$keeper"
isOn "on"
asksSotto "on"
if [[ $searches == 1 ]]; then
    getent hosts printer >/dev/null
    check "the search domain is kept" wasAsked provider printer.lan.example
fi
sottoctl disable >/dev/null
isOff "off"
the state >"$sandbox/after"
check "off: all is as it was" same before after
sottoctl enable >/dev/null
isOn "on again"
asksSotto "on again"

if has moveTo; then
    printf -- '--- another network\n'
    moveTo hotel
    asksSotto "in another network"
    check "in another network: the system's DNS is still Sotto's" systemDnsIs on
    sottoctl disable >/dev/null
    isOff "off in another network"
    sottoctl enable >/dev/null
    isOn "on in another network"
    asksSotto "on in another network"
    moveTo lan
    asksSotto "in the first network again"
fi

if has restart; then
    printf -- '--- the agent is started anew\n'
    the restart
    check "after its restart: Sotto is told again" eventually 15 isTold
    startCapture
    asksSotto "after its restart"
    check "after its restart: the system's DNS is still Sotto's" systemDnsIs on
fi

printf -- '--- a person\n'
the edit
check "a person: wins" eventually 10 systemDnsIs yielded
check "a person: is named" test "$(systemDns winner_kind)" = person
check "a person: is told how to go on" grep -q 'sottoctl system take' <(sottoctl system)
check "a person: theirs stands" the isEdited
check "a person: theirs is asked" asks lan
sottoctl system take >/dev/null
isOn "taken again"
asksSotto "taken again"
endProgram "$sottodId"
check "ended: theirs is back" eventually 10 the isEdited
check "ended: theirs is asked" asks lan
check "ended: no record is left" hasNoJournal

finish
