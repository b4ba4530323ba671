# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Where a test with a machine runs: in mount and network namespaces of its own, with all that the
# machine writes in memory.

# enterRoom PREPARATION ARGUMENT…: runs this script again inside, after PREPARATION, which still has
# the network of this computer.
enterRoom() {
    local preparation=$1
    shift
    case ${SOTTO_ROOM-} in
    '')
        [[ $EUID == 0 ]] || skip "a machine can be booted by root only"
        unshare --mount --net --pid --fork true 2>/dev/null || skip "namespaces cannot be made here"
        SOTTO_ROOM=mounts exec unshare --mount bash "$0" "$@"
        ;;
    mounts)
        "$preparation"
        SOTTO_ROOM=network exec unshare --net bash "$0" "$@"
        ;;
    network)
        ip link set lo up
        makeSandbox
        mount -t tmpfs tmpfs "$sandbox"
        trap leaveRoom EXIT
        ;;
    esac
}

leaveRoom() {
    [[ -z $machineInit ]] || kill -KILL "$machineInit" 2>/dev/null
    umount -l "$sandbox"
    leaveSandbox
    removeCgroup
}
