# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A machine that boots systemd as its first process, in namespaces. What it writes is in $sandbox/disk
# and outlives a reboot.

disk=''
machineAddress=''
machineProgram=''
machineInit=''

if [[ -d /sys/fs/cgroup/unified ]]; then
    readonly machineCgroup=/sys/fs/cgroup/unified/sotto-test-$$
else
    readonly machineCgroup=/sys/fs/cgroup/sotto-test-$$
fi

makeDisk() {
    disk=$sandbox/disk
    mkdir -p "$disk"/{upper,work,machine}
}

# Runs a command on the disk of the machine that is switched off; $1 is given its folder.
onDisk() {
    mount -t overlay overlay \
        -o "lowerdir=$bootRoot,upperdir=$disk/upper,workdir=$disk/work" "$disk/machine"
    "$1" "$disk/machine"
    umount "$disk/machine"
}

# Runs a command inside the machine, as root.
inside() {
    nsenter -t "$machineInit" -m -p -u -i -n -C --root --wd \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# becameSystemd: the first process is past machine_init.bash.
becameSystemd() {
    [[ $(readlink "/proc/$machineInit/exe") == */systemd ]]
}

# How the boot ended: "running", "degraded" …; waits until it has.
bootState() {
    local state
    state=$(inside systemctl is-system-running --wait 2>/dev/null)
    [[ $state == running || $state == degraded ]] && printf '%s\n' "$state"
}

bootMachine() {
    mkdir -p "$machineCgroup"
    # shellcheck disable=SC2016 # for the inner shell
    bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' bash "$machineCgroup" \
        unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child=SIGKILL \
        bash "$here/machine_init.bash" "$bootRoot" "$disk" "/proc/$$/ns/net" "$machineAddress" \
        >"$sandbox/machine.log" 2>&1 </dev/null &
    machineProgram=$!
    programIds+=("$machineProgram")
    machineInit=''
    eventually 30 findInit || fail "the machine's first process starts"
    if ! eventually 30 becameSystemd || ! eventually 120 bootState; then
        cat "$sandbox/machine.log" >&2
        fail "the machine boots"
        exit 1
    fi
}

findInit() {
    machineInit=$(pgrep -P "$machineProgram")
    [[ -n $machineInit ]]
}

hasEnded() {
    [[ ! -e /proc/$machineInit ]]
}

# Waits until the machine is off, and forgets it.
awaitOff() {
    local kept=() id
    eventually 60 hasEnded || fail "the machine switches off"
    kill -KILL "$machineInit" 2>/dev/null
    wait "$machineProgram" 2>/dev/null
    for id in "${programIds[@]}"; do
        [[ $id == "$machineProgram" ]] || kept+=("$id")
    done
    programIds=("${kept[@]}")
    removeCgroup
}

removeCgroup() {
    [[ ! -d $machineCgroup ]] || find "$machineCgroup" -depth -type d -exec rmdir {} \; 2>/dev/null
}

shutDown() {
    inside systemctl poweroff >/dev/null 2>&1
    awaitOff
}

reboot() {
    inside systemctl reboot >/dev/null 2>&1
    awaitOff
    bootMachine
}

# Everything in the machine ends at once, with no time to tidy up.
cutPower() {
    kill -KILL "$machineInit"
    awaitOff
}

# freezeMachine SECONDS: nothing in it runs for so long, its systemd neither.
freezeMachine() {
    echo 1 >"$machineCgroup/cgroup.freeze"
    eventually 10 grep -q '^frozen 1' "$machineCgroup/cgroup.events" || fail "the machine stands still"
    sleep "$1"
    echo 0 >"$machineCgroup/cgroup.freeze"
}
