# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A system of a test's own for daemons that set DNS: a network, a bus, /etc, /run and /var/lib that
# nobody else sees. It is read together with sandbox.bash.

# Runs this script again in namespaces where /etc and /var/lib are throw-away copies, /run is empty,
# and there is a link "lan0" with 10.99.0.2, whose other end has 10.99.0.1 and 10.99.1.1.
enterOwnSystem() {
    [[ ${SOTTO_IN_OWN_SYSTEM-} == 1 ]] && return
    [[ $EUID == 0 ]] || skip "only root may lay an /etc of its own over this one"
    local unshare=(unshare --net --mount --uts)
    "${unshare[@]}" true 2>/dev/null || skip "namespaces cannot be made here"
    SOTTO_IN_OWN_SYSTEM=1 exec "${unshare[@]}" bash "$0" "$@"
}

# The copies stay where they are until the namespace ends: a daemon that writes as it is ended must
# not find the computer's own folders.
leaveOwnSystem() {
    isScriptItself || return 0
    endPrograms
    umount -l "$sandbox/upper" 2>/dev/null
    leaveSandbox
}

layOwnSystem() {
    local upper="$sandbox/upper" folder
    trap leaveOwnSystem EXIT
    mkdir "$upper"
    if ! mount --make-rprivate / || ! mount -t tmpfs tmpfs "$upper"; then
        skip "a file system cannot be mounted here"
    fi
    for folder in etc var/lib; do
        mkdir -p "$upper/$folder/over" "$upper/$folder/work"
        protectFolder "/$folder"
        mount -t overlay overlay "/$folder" \
            -o "lowerdir=/$folder,upperdir=$upper/$folder/over,workdir=$upper/$folder/work" ||
            skip "an overlay cannot be mounted here"
    done
    mount -t tmpfs -o mode=755 tmpfs /run
    # Of this network namespace; read-only, or NetworkManager would wait for udev.
    mount -t sysfs -o ro sysfs /sys || skip "sysfs cannot be mounted here"
    hostname sotto-test
    if ! ip link set lo up || ! ip link add lan0 type veth peer name lan1; then
        skip "a pair of links cannot be made here"
    fi
    ip address add 10.99.0.1/24 dev lan1
    ip address add 10.99.1.1/24 dev lan1
    ip link set lan1 up
    ip link set lan0 up
}

# Unpacked programs find their libraries beside them. "${ownLibraries[@]}" PROGRAM… is the program
# itself, so that startProgram has its id.
ownLibraries=(env "LD_LIBRARY_PATH=$(printf '%s:' "$sourceDir"/build/test-servers/usr/lib/{*,*/systemd}/)")

unpackedProgram() {
    local unpacked="$sourceDir/build/test-servers"
    PATH="$unpacked/lib/systemd:$unpacked/usr/sbin:$unpacked/usr/bin:/lib/systemd:$PATH:/usr/sbin" \
        type -P "$1"
}

needUnpacked() {
    local program
    for program in "$@"; do
        unpackedProgram "$program" >/dev/null ||
            skip "$program is neither installed nor in build/test-servers (./dev test fetches it)"
        "${ownLibraries[@]}" "$(unpackedProgram "$program")" --version >/dev/null 2>&1 ||
            skip "$program does not run here"
    done
}

startBus() {
    mkdir -p /run/dbus
    cat >"$sandbox/bus.conf" <<'CONF'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF
    startProgram "$sandbox/bus.log" dbus-daemon --config-file="$sandbox/bus.conf" --nofork
    export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
    eventually 10 onBus org.freedesktop.DBus || skip "dbus-daemon does not start here"
}

onBus() {
    dbus-send --system --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
        org.freedesktop.DBus.NameHasOwner "string:$1" 2>/dev/null | grep -q 'boolean true'
}

# layResolved: what systemd-resolved needs to run; its settings come from standard input.
layResolved() {
    getent passwd systemd-resolve >/dev/null ||
        printf 'systemd-resolve:x:990:990::/:/usr/sbin/nologin\n' >>/etc/passwd
    getent group systemd-resolve >/dev/null || printf 'systemd-resolve:x:990:\n' >>/etc/group
    rm -rf /etc/systemd/resolved.conf.d /etc/systemd/resolved.conf
    mkdir -p /run/systemd/resolve /etc/systemd
    cat >/etc/systemd/resolved.conf
    chown systemd-resolve:systemd-resolve /run/systemd/resolve
}

# The script says how resolvectl is run.
restartResolved() {
    dbus-send --system --print-reply --dest=org.freedesktop.systemd1 /org/freedesktop/systemd1 \
        org.freedesktop.systemd1.Manager.RestartUnit string:systemd-resolved.service string:replace \
        >/dev/null
    eventually 10 resolve status
}

# startResponder NAME ADDRESS RECORD: a DNS server that has that A record for every name.
startResponder() {
    cat >"$sandbox/$1.conf" <<CONF
server:
    interface: $2
    port: 53
    directory: "$sandbox"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    logfile: ""
    log-queries: yes
    num-threads: 1
    access-control: 0.0.0.0/0 allow
    local-zone: "." redirect
    local-data: ". 5 IN A $3"
remote-control:
    control-enable: no
CONF
    startProgram "$sandbox/$1.log" "$(serverProgram unbound)" -d -p -c "$sandbox/$1.conf"
    eventually 10 dig +tries=1 +time=1 "@$2" started.example A ||
        skip "unbound does not start here"
}

# How often a responder was asked for a name.
asked() {
    grep -c " $2\. A IN" "$sandbox/$1.log"
}

nameCount=0

# newName ZONE: a name there that no cache knows, in $name.
newName() {
    nameCount=$((nameCount + 1))
    name=n$nameCount.$1
}

# reaches RESPONDER RECORD NOT-RESPONDER LOOK-UP…: a new name, looked up in this way, is answered by
# the one and not asked at the other.
reaches() {
    local responder=$1 record=$2 other=$3 found
    shift 3
    newName names.example
    found=$("$@" "$name" 2>/dev/null)
    [[ $found == *"$record"* && $(asked "$responder" "$name") -gt 0 &&
        $(asked "$other" "$name") == 0 ]]
}

byGetent() {
    getent -s dns ahostsv4 "$1"
}

byDig() {
    dig +short +tries=1 +time=3 "$1" A
}

byChild() {
    "$bin/mechanism_console" lookup "$1"
}

# filesBelow FOLDER…: each file, with its sum, its mode, or where it leads.
filesBelow() {
    local folder
    for folder in "$@"; do
        find "$folder" \( -type f -printf '%p %m ' -exec sha256sum '{}' ';' \) \
            -o -printf '%p %y %m %l\n' 2>/dev/null
    done | sort
}

# startWatching MECHANISM: its changes are told from now on.
startWatching() {
    startProgram "$sandbox/watch.log" "$bin/mechanism_console" "$1" watch
    watchId=$programId
    eventually 10 grep -q watching "$sandbox/watch.log" || fail "$1 is watched"
}

endWatching() {
    endProgram "$watchId"
}

hasChanged() {
    grep -q changed "$sandbox/watch.log"
}
