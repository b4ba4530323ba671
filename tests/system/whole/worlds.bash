# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who sets the machine's DNS before Sotto comes. Of each world WORLD there are
#
#     needs_WORLD      the programs of others that it is made of
#     layOut_WORLD     the machine with its agent, if it has one, in the network "lan"
#     state_WORLD      all that has to come back
#     moveTo_WORLD     NAME: the agent connects anew, with the servers of "lan" or "hotel"
#     restart_WORLD    the agent itself is started anew
#     edit_WORLD       a person does as they like: lan's servers, by hand
#     isEdited_WORLD   that stands
#
# and where one of the last three makes no sense, there is none.

searches=1 # whether names are looked for in the domain of the network

# writeByHand NAME: as a person writes the servers of a network.
writeByHand() {
    printf '# by hand\nsearch  %s.example\nnameserver %s\nnameserver %s\noptions timeout:2\n' \
        "$1" "${resolver4[$1]}" "${resolver6[$1]}"
}

fileNames() {
    [[ $(sed -n 's/^nameserver *//p' /etc/resolv.conf | head -n 1) == "$1" ]]
}

# isTold: what the agent has, or the file, is Sotto's.
isTold() {
    fileNames 127.0.0.1 ||
        { has resolvedAsks && the resolvedAsks; }
}

editFile() {
    rm -f /etc/resolv.conf
    writeByHand lan >/etc/resolv.conf
}
fileIsEdited() {
    [[ -f /etc/resolv.conf && ! -L /etc/resolv.conf ]] &&
        cmp -s /etc/resolv.conf <(writeByHand lan)
}

# --- /etc/resolv.conf, written by hand

needs_static() { :; }
layOut_static() {
    startNetwork
    addAddresses
    writeByHand lan >/etc/resolv.conf
    chown 12:34 /etc/resolv.conf
    chmod 0640 /etc/resolv.conf
    touch -d '2020-02-03 04:05:06.789' /etc/resolv.conf
}
state_static() { stateOfFiles /etc/resolv.conf; }
edit_static() { editFile; }
isEdited_static() { fileIsEdited; }

# --- dhclient, alone, and beside those that take its servers

needs_dhclient() { needTestPackages isc-dhcp-client; }
layOut_dhclient() {
    tellByDhcp lan
    startNetwork --dhcp-range=10.99.0.50,10.99.0.99,1h --dhcp-optsfile="$sandbox/dhcp.options"
    install isc-dhcp-client
    mkdir -p /var/lib/dhcp
    # It writes the lease by which its file is known only after all that others do on the occasion.
    printf 'sleep 1\n' >/etc/dhcp/dhclient-exit-hooks.d/slow
    moveTo_dhclient lan || skip "dhclient gets no address here: $(tail -n 3 "$sandbox/dhclient.log")"
    ip address add fd00:99::2/64 dev lan0 nodad
    ip -6 route add default via "${resolver6[lan]}"
}
# tellByDhcp NAME: what the next one is told who asks for an address.
tellByDhcp() {
    printf 'option:dns-server,%s\noption:domain-name,%s.example\n' "${resolver4[$1]}" "$1" \
        >"$sandbox/dhcp.options"
    [[ -n ${resolverIds[lan]-} ]] || return 0
    local before
    before=$(optionsRead)
    kill -HUP "${resolverIds[lan]}"
    eventually 10 readMoreThan "$before"
}
readMoreThan() {
    [[ $(optionsRead) -gt $1 ]]
}
optionsRead() {
    grep -c "read $sandbox/dhcp.options" "$sandbox/lan.log"
}
# It asks for its address again, as on resume or in another network.
moveTo_dhclient() {
    tellByDhcp "$1"
    restart_dhclient
}
restart_dhclient() {
    [[ -z ${dhclientId-} ]] || endProgram "$dhclientId"
    startProgram "$sandbox/dhclient.log" dhclient -d -4 lan0
    dhclientId=$programId
    eventually 20 grep -q 'bound to' "$sandbox/dhclient.log"
}
state_dhclient() { stateOfFiles /etc/resolv.conf; }
edit_dhclient() { editFile; }
isEdited_dhclient() { fileIsEdited; }

needs_resolvconf() { needTestPackages resolvconf isc-dhcp-client; }
layOut_resolvconf() {
    install resolvconf
    mkdir -p /run/resolvconf/interface
    ln -s ../run/resolvconf/resolv.conf /etc/resolv.conf
    resolvconf --enable-updates
    layOut_dhclient
}
# They make the file anew each time, and so its time is another.
state_resolvconf() {
    stateOfFiles /etc/resolv.conf
    cat /run/resolvconf/resolv.conf
    filesBelow /run/resolvconf/interface /etc/resolvconf
}
moveTo_resolvconf() { moveTo_dhclient "$1"; }
edit_resolvconf() { editFile; }
isEdited_resolvconf() { fileIsEdited; }

needs_openresolv() { needTestPackages openresolv isc-dhcp-client; }
layOut_openresolv() {
    install openresolv
    layOut_dhclient
}
state_openresolv() {
    stat -c '%N %f %u:%g %s' /etc/resolv.conf
    cat /etc/resolv.conf
    filesBelow /run/resolvconf /etc/resolvconf.conf
}
moveTo_openresolv() { moveTo_dhclient "$1"; }
edit_openresolv() { editFile; }
isEdited_openresolv() { fileIsEdited; }

# --- daemons on a bus

# busProperties SERVICE PATH INTERFACE [VOLATILE…]: all but what changes by itself.
busProperties() {
    local service=$1 path=$2 interface=$3
    shift 3
    printf '%s %s\n' "$path" "$interface"
    dbus-send --system --print-reply --dest="$service" "$path" \
        org.freedesktop.DBus.Properties.GetAll "string:$interface" | awk -v leaves=" $* " '
        NR > 1 && !/^      dict entry\(/ {
            if (awaited) { name = $2; gsub(/"/, "", name); awaited = 0 }
            if (!index(leaves, " " name " ")) print
        }
        /^      dict entry\(/ { awaited = 1 }'
}

needs_networkmanager() { needUnpacked NetworkManager nmcli; }
nmcli() {
    "${ownLibraries[@]}" "$(unpackedProgram nmcli)" "$@"
}
# connection NAME IPV4…: of NetworkManager, with IPv6 by hand.
connection() {
    local name=$1 host=${resolver6[$1]}
    shift
    nmcli connection add type ethernet ifname lan0 con-name "$name" autoconnect no "$@" \
        ipv6.method manual ipv6.addresses "${host%1}2/64" ipv6.gateway "$host" ipv6.dns "$host" \
        >/dev/null
}
layNetworkManager() {
    mkdir -p /etc/NetworkManager/system-connections /var/lib/NetworkManager
    printf '[main]\nplugins=keyfile\nno-auto-default=*\ndhcp=internal\n%s\n' "$@" \
        >/etc/NetworkManager/NetworkManager.conf
}
startNetworkManager() {
    startProgram "$sandbox/nm.log" "${ownLibraries[@]}" "$(unpackedProgram NetworkManager)" --no-daemon
    networkManagerId=$programId
    eventually 20 nmcli general
}
# lan is set by hand, hotel by DHCP.
connectByNetworkManager() {
    tellByDhcp hotel
    startNetwork --dhcp-range=10.99.0.50,10.99.0.99,1h --dhcp-optsfile="$sandbox/dhcp.options"
    startNetworkManager || {
        cat "$sandbox/nm.log"
        skip "NetworkManager does not start here"
    }
    connection lan ipv4.method manual ipv4.addresses 10.99.0.2/24 ipv4.gateway "${resolver4[lan]}" \
        ipv4.dns "${resolver4[lan]}"
    [[ $searches == 0 ]] || nmcli connection modify lan ipv4.dns-search lan.example
    connection hotel ipv4.method auto
    nmcli connection up lan >/dev/null || {
        tail -n 30 "$sandbox/nm.log"
        skip "NetworkManager brings no link up here"
    }
}
layOut_networkmanager() {
    layNetworkManager dns=default rc-manager=file
    : >/etc/resolv.conf
    startBus
    connectByNetworkManager
    eventually 10 fileNames "${resolver4[lan]}" || fail "NetworkManager writes resolv.conf"
}
state_networkmanager() {
    stat -c '%N %f %u:%g %s' /etc/resolv.conf
    cat /etc/resolv.conf
    sed '/^#/d; /^$/d' /var/lib/NetworkManager/NetworkManager-intern.conf 2>/dev/null
    filesBelow /etc/NetworkManager
    busProperties org.freedesktop.NetworkManager /org/freedesktop/NetworkManager/DnsManager \
        org.freedesktop.NetworkManager.DnsManager
    busProperties org.freedesktop.NetworkManager /org/freedesktop/NetworkManager \
        org.freedesktop.NetworkManager ActiveConnections PrimaryConnection ActivatingConnection
}
moveTo_networkmanager() { nmcli connection up "$1" >/dev/null; }
restart_networkmanager() {
    endProgram "$networkManagerId"
    startNetworkManager
    nmcli connection up "$place" >/dev/null
}
# NetworkManager may write the file once more after it has connected, and then theirs would be lost.
edit_networkmanager() {
    local before now
    now=$(stat -c '%i %Y' /etc/resolv.conf)
    until [[ $now == "${before-}" ]]; do
        before=$now
        sleep 2
        now=$(stat -c '%i %Y' /etc/resolv.conf)
    done
    editFile
}
isEdited_networkmanager() { fileIsEdited; }

needs_resolved() { needUnpacked systemd-resolved resolvectl; }
resolve() {
    "${ownLibraries[@]}" "$(unpackedProgram resolvectl)" "$@"
}
startResolved() {
    printf '[Resolve]\nFallbackDNS=10.99.0.9\nDNSSEC=no\nLLMNR=no\nMulticastDNS=no\n' | layResolved
    ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
    startProgram "$sandbox/resolved.log" "${ownLibraries[@]}" "$bin/unit_restarter" \
        systemd-resolved.service "$(unpackedProgram systemd-resolved)"
    eventually 10 resolve status || {
        cat "$sandbox/resolved.log"
        skip "systemd-resolved does not start here"
    }
    lookups+=(byResolvectl4 byResolvectl6)
    searches=0 # a link's domain stays with the link's servers
}
resolvedAsks_resolved() { resolve dns | grep -q '^Global: 127.0.0.1'; }
# What networkd would say of the link.
layOut_resolved() {
    startNetwork
    addAddresses
    startBus
    startResolved
    moveTo_resolved lan
}
state_resolved() {
    local link
    link=$(cat /sys/class/net/lan0/ifindex)
    busProperties org.freedesktop.resolve1 /org/freedesktop/resolve1 org.freedesktop.resolve1.Manager \
        CacheStatistics TransactionStatistics DNSSECStatistics CurrentDNSServer CurrentDNSServerEx \
        DNSSECNegativeTrustAnchors # in another order at each start
    busProperties org.freedesktop.resolve1 "$(resolvedLink "$link")" org.freedesktop.resolve1.Link \
        CurrentDNSServer CurrentDNSServerEx
    stateOfFiles /etc/resolv.conf
    filesBelow /etc/systemd /run/systemd/resolved.conf.d
    cat /run/systemd/resolve/*resolv.conf
}
resolvedLink() {
    dbus-send --system --print-reply=literal --dest=org.freedesktop.resolve1 \
        /org/freedesktop/resolve1 org.freedesktop.resolve1.Manager.GetLink "int32:$1" | tr -d ' '
}
moveTo_resolved() {
    resolve dns lan0 "${resolver4[$1]}" "${resolver6[$1]}" &&
        resolve default-route lan0 yes
}
restart_resolved() { restartResolved; }
edit_resolved() {
    rm -f /run/systemd/resolved.conf.d/*
    restartResolved
}
isEdited_resolved() { [[ -z $(find /run/systemd/resolved.conf.d -type f 2>/dev/null) ]]; }

# --- the usual desktop: NetworkManager tells systemd-resolved

needs_desktop() {
    needs_networkmanager
    needs_resolved
}
layOut_desktop() {
    layNetworkManager dns=systemd-resolved
    startBus
    startResolved
    connectByNetworkManager
    eventually 10 linkNames "${resolver4[lan]}" || fail "NetworkManager tells systemd-resolved"
}
linkNames() {
    resolve dns lan0 | grep -q -F "$1"
}
state_desktop() { state_resolved; }
resolvedAsks_desktop() { resolvedAsks_resolved; }
moveTo_desktop() { moveTo_networkmanager "$1"; }
restart_desktop() {
    restartResolved
    restart_networkmanager
}
edit_desktop() { edit_resolved; }
isEdited_desktop() { isEdited_resolved; }

# has WHAT: whether there is such a thing in this world.
has() {
    declare -F "$1_$world" >/dev/null
}
# the WHAT…: does it in this world.
the() {
    local what=$1
    shift
    "${what}_$world" "$@"
}
