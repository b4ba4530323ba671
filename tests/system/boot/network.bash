# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the machine is connected to: a network whose own resolver and whose DNS-over-TLS provider give
# different answers, so that an answer says who was asked.

readonly gateway=10.99.0.1
readonly networkAnswer=192.0.2.53
readonly providerAnswer=192.0.2.85

# Every name below "quietzone.example" has the address $2, for no time.
startResolver() {
    local name=$1 answer=$2 port=$3 tls=$4
    cat >"$sandbox/$name.conf" <<CONF
server:
    interface: $gateway@$port
    $tls
    directory: "$sandbox"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    module-config: "iterator"
    num-threads: 1
    access-control: 0.0.0.0/0 allow
    local-zone: "." static
    local-zone: "quietzone.example" redirect
    local-data: "quietzone.example 0 IN A $answer"
remote-control:
    control-enable: no
CONF
    startProgram "$sandbox/$name.log" "$(serverProgram unbound)" -d -c "$sandbox/$name.conf"
    if ! eventually 30 grep -q 'start of service' "$sandbox/$name.log"; then
        cat "$sandbox/$name.log" >&2
        skip "unbound does not start here"
    fi
}

startNetwork() {
    ip link add lan type bridge
    ip address add "$gateway/24" dev lan
    ip link set lan up
    makeAuthority authority
    makeCertificate provider authority "DNS:dot.example,IP:$gateway"
    startResolver network "$networkAnswer" 53 ''
    startResolver provider "$providerAnswer" 853 "tls-port: 853
    tls-service-pem: $sandbox/provider.pem
    tls-service-key: $sandbox/provider.key"
}
