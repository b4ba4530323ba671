# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# unbound as a server of the sample zone in the system tests. Servers are told apart by the name of
# their certificate.

declare -A unboundIds=()

# startUnbound CERTIFICATE PORT tls|plain [ADDRESS]
startUnbound() {
    local name=$1 port=$2 kind=$3 address=${4-127.0.0.1} tls=''
    if [[ $kind == tls ]]; then
        tls="tls-port: $port
    tls-service-pem: $sandbox/$name.pem
    tls-service-key: $sandbox/$name.key"
    fi
    cat >"$sandbox/unbound-$name.conf" <<CONF
server:
    interface: $address@$port
    $tls
    directory: "$sandbox"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    module-config: "iterator"
    num-threads: 1
    so-reuseport: no
    minimal-responses: no
    rrset-roundrobin: no
    access-control: 127.0.0.0/8 allow
    access-control: $address allow
    local-zone: "example." nodefault
auth-zone:
    name: "quietzone.example"
    zonefile: "$sourceDir/tests/system/quietzone.example.zone"
    for-downstream: no
    for-upstream: yes
    fallback-enabled: no
remote-control:
    control-enable: yes
    control-interface: "$sandbox/unbound-$name.ctl"
    control-use-cert: no
CONF
    startProgram "$sandbox/unbound-$name.log" "$(serverProgram unbound)" -d -p \
        -c "$sandbox/unbound-$name.conf"
    unboundIds[$name]=$programId
    if ! eventually 10 unboundControl "$name" status; then
        cat "$sandbox/unbound-$name.log" >&2
        skip "unbound does not start here"
    fi
}

stopUnbound() {
    endProgram "${unboundIds[$1]}"
    unset "unboundIds[$1]"
}

unboundControl() {
    local name=$1
    shift
    "$(serverProgram unbound-control)" -c "$sandbox/unbound-$name.conf" "$@"
}

# How many queries it has had.
unboundQueries() {
    unboundControl "$1" stats_noreset | sed -n 's/^total\.num\.queries=//p'
}
