# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the machine is connected to by its link lan0: a network of its own with a DNS-over-TLS provider
# and two resolvers in clear text, "lan" and "hotel", each over IPv4 and IPv6. Who answers is seen from
# the address that every name has there, and who was asked from their logs. All that leaves the machine
# passes the link, where it is captured.

declare -A resolver4=([lan]=10.99.0.1 [hotel]=10.99.1.1)
declare -A resolver6=([lan]=fd00:99::1 [hotel]=fd00:99:1::1)
declare -A answer4=([lan]=192.0.2.1 [hotel]=192.0.2.2 [provider]=192.0.2.85)
declare -A answer6=([lan]=2001:db8::1 [hotel]=2001:db8::2 [provider]=2001:db8::85)
declare -A resolverIds=()

# "${nearby[@]}" PROGRAM… runs it in the network.
nearby=()

# connectNetwork: the link has no addresses on the machine's side yet.
connectNetwork() {
    startProgram "$sandbox/network.log" unshare --net sleep infinity
    networkId=$programId
    eventually 5 isApart || skip "a second network cannot be made here"
    nearby=(nsenter "--net=/proc/$networkId/ns/net")
    ip link add lan0 type veth peer name lan1 netns "$networkId" 2>/dev/null ||
        skip "a pair of links cannot be made here"
    # An address that is still being checked for duplicates cannot be listened on.
    printf 0 >/proc/sys/net/ipv6/conf/lan0/accept_dad 2>/dev/null
    "${nearby[@]}" ip link set lo up
    local name
    for name in lan hotel; do
        "${nearby[@]}" ip address add "${resolver4[$name]}/24" dev lan1
        "${nearby[@]}" ip address add "${resolver6[$name]}/64" dev lan1 nodad
    done
    "${nearby[@]}" ip link set lan1 up
    ip link set lan0 up
}
isApart() {
    [[ $(readlink "/proc/$networkId/ns/net") != "$(readlink /proc/self/ns/net)" ]]
}

# addAddresses: those that a person or ifupdown gives the link, and routes to everywhere through it.
addAddresses() {
    ip address add 10.99.0.2/24 dev lan0
    ip address add fd00:99::2/64 dev lan0 nodad
    ip route add default via "${resolver4[lan]}"
    ip -6 route add default via "${resolver6[lan]}"
}

# startResolver NAME [DNSMASQ-OPTION…]: in clear text; with more options also by DHCP.
startResolver() {
    local name=$1
    shift
    startProgram "$sandbox/$name.log" "${nearby[@]}" "${ownLibraries[@]}" "$(serverProgram dnsmasq)" \
        --keep-in-foreground --conf-file=/dev/null --user=root --pid-file= --no-resolv --no-hosts \
        --no-ping --bind-interfaces --except-interface=lo \
        --listen-address="${resolver4[$name]},${resolver6[$name]}" \
        --address="/#/${answer4[$name]}" --address="/#/${answer6[$name]}" \
        --log-queries --log-dhcp --log-facility=- --dhcp-leasefile="$sandbox/$name.leases" "$@"
    resolverIds[$name]=$programId
    if ! eventually 10 answers "$name"; then
        cat "$sandbox/$name.log"
        skip "dnsmasq does not start here"
    fi
}
answers() {
    "${nearby[@]}" dig +tries=1 +time=1 "@${resolver6[$1]}" started.example A
}

# startProvider: the one that sottod asks.
startProvider() {
    cat >"$sandbox/provider.conf" <<CONF
server:
    interface: ${resolver4[lan]}@853
    tls-port: 853
    tls-service-pem: $sandbox/provider.pem
    tls-service-key: $sandbox/provider.key
    directory: "$sandbox"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    logfile: ""
    log-queries: yes
    num-threads: 1
    module-config: "iterator"
    access-control: 0.0.0.0/0 allow
    local-zone: "." redirect
    local-data: ". 5 IN A ${answer4[provider]}"
    local-data: ". 5 IN AAAA ${answer6[provider]}"
remote-control:
    control-enable: no
CONF
    startProgram "$sandbox/provider.log" "${nearby[@]}" "$(serverProgram unbound)" -d -p \
        -c "$sandbox/provider.conf"
    providerId=$programId
    if ! eventually 10 grep -q 'start of service' "$sandbox/provider.log"; then
        cat "$sandbox/provider.log"
        skip "unbound does not start here"
    fi
}

# startNetwork [DNSMASQ-OPTION…]: all of it. The options are for the resolver "lan".
startNetwork() {
    connectNetwork
    makeAuthority authority
    makeCertificate provider authority "DNS:dot.example"
    startProvider
    startResolver lan "$@"
    startResolver hotel
}

# startCapture: of what is for port 53 of anybody, as it leaves the machine. AppArmor lets tcpdump write
# only to names that end in .pcap.
startCapture() {
    startProgram "$sandbox/tcpdump.log" "${nearby[@]}" "$(serverProgram tcpdump)" -i lan1 -n -Z root \
        --immediate-mode -U -w "$sandbox/plain.pcap" 'dst port 53'
    captureId=$programId
    eventually 10 grep -q 'listening on' "$sandbox/tcpdump.log" ||
        skip "tcpdump cannot capture here: $(tail -n 1 "$sandbox/tcpdump.log")"
}

# endCapture: what was captured is in $captured, a line a packet.
endCapture() {
    endProgram "$captureId"
    captured=$("$(serverProgram tcpdump)" -n -Z root -r "$sandbox/plain.pcap" 2>/dev/null)
}

# nothingLeft: since startCapture.
nothingLeft() {
    endCapture
    [[ -z $captured ]] && return
    printf '%s\n' "$captured" | sed 's/^/    /' >&2
    return 1
}
somethingLeft() {
    endCapture
    [[ -n $captured ]]
}
