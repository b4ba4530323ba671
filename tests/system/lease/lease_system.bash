# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A system of the lease tests' own: network and mounts of their own, an /etc and a /run that nobody
# else sees, a name service that goes by /etc/resolv.conf alone, and a responder in place of sottod.

# Runs this script again inside namespaces of its own.
enterLeaseSystem() {
    [[ ${SOTTO_IN_LEASE_SYSTEM-} == 1 ]] && return
    [[ $EUID == 0 ]] || skip "only root may make an /etc of its own"
    unshare --net --mount true 2>/dev/null || skip "no namespaces can be made here"
    SOTTO_IN_LEASE_SYSTEM=1 exec unshare --net --mount --propagation private bash "$0" "$@"
}

# What would otherwise be somebody else's: /etc, /run, and a folder for the state.
makeLeaseSystem() {
    makeSandbox
    chmod 0711 "$sandbox"
    trap 'leaveLeaseSystem' EXIT
    mkdir "$sandbox/layers"
    mount -t tmpfs tmpfs "$sandbox/layers" || skip "no file system in memory can be mounted"
    mkdir "$sandbox/layers/"{upper,work}
    umount /etc/resolv.conf 2>/dev/null
    protectFolder /etc
    mount -t overlay overlay \
        -o "lowerdir=/etc,upperdir=$sandbox/layers/upper,workdir=$sandbox/layers/work" /etc ||
        skip "no overlay of /etc can be mounted"
    mount -t tmpfs -o mode=755 tmpfs /run
    ip link set lo up
    printf 'hosts: files dns\n' >/etc/nsswitch.conf
    mkdir "$sandbox/disk"
    mount -t tmpfs -o mode=755,size=256k tmpfs "$sandbox/disk"
    useLeaseFolders
}

# Where a keeper has its state and its socket.
useLeaseFolders() {
    mkdir -p "$sandbox/disk"
    state=$sandbox/disk/state
    socket=$sandbox/lease.sock
    places=(--state-dir "$state" --socket "$socket")
}

leaveLeaseSystem() {
    isScriptItself || return 0
    endPrograms
    # /etc stays a copy until the namespace ends, whoever may still write there.
    cd / && umount -l "$sandbox/layers" "$sandbox/disk" 2>/dev/null
    leaveSandbox
}

# The system's settings, as a person wrote them once.
writeEarlier() {
    rm -f /etc/resolv.conf
    printf '# by hand, with two  spaces\nnameserver 192.0.2.53\nsearch example\n\n' >/etc/resolv.conf
    chmod 0640 /etc/resolv.conf
    touch -d '2020-02-03 04:05:06.789' /etc/resolv.conf
    cp -p /etc/resolv.conf "$sandbox/earlier"
}

isEarlier() {
    cmp -s "$sandbox/earlier" /etc/resolv.conf &&
        [[ $(stat -c '%a %u %g %Y' /etc/resolv.conf) == "$(stat -c '%a %u %g %Y' "$sandbox/earlier")" ]]
}

isOurs() {
    [[ $(sed -n 's/^nameserver *//p' /etc/resolv.conf) == 127.0.0.1 ]]
}

hasNoJournal() {
    ! compgen -G "$state/journal*" >/dev/null
}

# startCheckResponder [KEY]: with another key than the service's it is an impostor.
checkKey=00112233445566778899aabbccddeeff
startCheckResponder() {
    startProgram "$sandbox/responder.log" "$bin/check_responder" 53 "${1:-$checkKey}"
    responderId=$programId
    eventually 5 grep -q ready "$sandbox/responder.log" || fail "the responder starts"
}

# startKeeper [PROGRAM…]: the real one, unless another program is given.
startKeeper() {
    local program=("$bin/sotto-lease")
    [[ $# == 0 ]] || program=("$@")
    : >"$sandbox/keeper.log"
    startProgram "$sandbox/keeper.log" "${program[@]}" serve --user 65533 "${places[@]}"
    keeperId=$programId
}

keeperAnswers() {
    "$bin/lease_client" "$socket" once
}

# Gives a keeper its time to come up, or to end.
awaitKeeper() {
    eventually 5 keeperSettled
}
keeperSettled() {
    keeperAnswers || ! kill -0 "$keeperId" 2>/dev/null
}

# startService [MEMBER=JSON…]: a client that asks for the lease and stays.
startService() {
    : >"$sandbox/service.log"
    startProgram "$sandbox/service.log" "$bin/lease_client" "$socket" stay 'verb="apply"' \
        'addresses=["127.0.0.1"]' "check_key=\"$checkKey\"" "$@"
    serviceId=$programId
}

# The last report that the service got says so: reports STATE.
reports() {
    tail -n 1 "$sandbox/service.log" | grep -q "\"state\":\"$1\""
}

describes() {
    "$bin/sotto-lease" describe --json "${places[@]}" | grep -q "\"state\": \"$1\""
}

restore() {
    "$bin/sotto-lease" restore "${places[@]}" "$@" >"$sandbox/restore.log" 2>&1
}

# Ends a program at once, as a crash does.
killProgram() {
    kill -KILL "$1" 2>/dev/null
    endProgram "$1" 2>/dev/null
}

# endsWith STATUS ID: the status of a program that ends, or has ended.
endsWith() {
    local status
    wait "$2" 2>/dev/null
    status=$?
    [[ $status == "$1" ]]
}
