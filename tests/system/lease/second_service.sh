#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two services ask one keeper for the system's DNS: the first one keeps it as long as it is connected,
# and the second is told why it does not get it.
#
# Usage: second_service.sh FOLDER-OF-PROGRAMS

# shellcheck disable=SC2119 # functions with arguments of their own
set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sourceDir=$(cd -- "$here/../../.." && pwd -P)
bin=${1:-$sourceDir/build/dev/bin}

# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/lease/lease_system.bash
source "$here/lease_system.bash"

needPrograms ip unshare
enterLeaseSystem "$@"
makeLeaseSystem
startCheckResponder
writeEarlier

startSecond() {
    startProgram "$sandbox/second.log" "$bin/lease_client" "$socket" stay 'verb="apply"' \
        'addresses=["127.0.0.1"]' "check_key=\"$checkKey\""
    secondId=$programId
}

secondIsTold() {
    tail -n 1 "$sandbox/second.log" | grep -q "\"state\":\"$1\""
}

startKeeper
awaitKeeper
startService
check "the first one gets it" eventually 10 reports held

startSecond
check "the second one does not" eventually 5 secondIsTold failed
check "and is told that another has it" grep -q 'another sottod' "$sandbox/second.log"
check "the first one has it still" isOurs
endProgram "$secondId"
check "and after the second one's end" eventually 5 keeperAnswers
check "the system is as the first one wants it" isOurs

startSecond
check "the second one asks again" eventually 5 secondIsTold failed
endProgram "$serviceId"
endProgram "$secondId"
startSecond
check "once the first one has ended it gets it" eventually 15 secondIsTold held
endProgram "$secondId"
check "root gives it back" restore
check "as it was" isEarlier

finish
