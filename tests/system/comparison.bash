# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Compares what sottod answers with what a DNS-over-TLS server on 127.0.0.1:853 answers itself. The
# script that uses this has set: sandbox, bin, and serverQueries (a command that prints how many
# queries the server has had).

readonly questions='
quietzone.example A
quietzone.example AAAA
quietzone.example HTTPS
quietzone.example TXT
quietzone.example MX
quietzone.example CAA
quietzone.example NS
quietzone.example SOA
svc.quietzone.example HTTPS
_sip._tcp.quietzone.example SRV
odd.quietzone.example TYPE65280
any.wild.quietzone.example A
one.quietzone.example A
one.quietzone.example AAAA
dangling.quietzone.example A
end.quietzone.example AAAA
nothing.quietzone.example A
big.quietzone.example TXT
'

otherPorts=()

# The server's own answer, over TLS.
askServer() {
    dig @127.0.0.1 -p 853 +tls-ca="$sandbox/authority.pem" +tls-hostname=dot.example \
        +tries=1 +time=5 "$@"
}

# Of dig's output: status, flags, and the records of answer and authority, sorted, without TTLs.
essence() {
    awk '
        /^;; ->>HEADER<<-/ { sub(/.*status: /, ""); sub(/,.*/, ""); print "status", $0 }
        /^;; flags:/ { sub(/;; flags: /, ""); sub(/;.*/, ""); print "flags", $0 }
        /^;; [A-Z]+ SECTION:/ { section = $2 }
        /^[^;]/ && (section == "ANSWER" || section == "AUTHORITY") { $2 = "TTL"; print section, $0 }
    ' | sort
}

# The owners and types of the answer section, in order: the shape of a CNAME chain.
chainOf() {
    awk '/^;; [A-Z]+ SECTION:/ { section = $2 } /^[^;]/ && section == "ANSWER" { print $1, $4 }'
}

firstTtl() {
    awk '/^;; [A-Z]+ SECTION:/ { section = $2 } /^[^;]/ && section == "ANSWER" { print $2; exit }'
}

same() {
    diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") >&2
}

# Every question, over UDP (with room for the answer) and over TCP, each twice.
compareAnswers() {
    local name type option direct
    while read -r name type; do
        [[ -n $name ]] || continue
        direct=$(askServer "$name" "$type" | essence)
        check "the server answers $name $type" grep -q '^status N' <<<"$direct"
        for option in +notcp +tcp; do
            check "$name $type $option is as from the server" \
                same "$direct" "$(ask "$option" +bufsize=4096 "$name" "$type" | essence)"
            check "$name $type $option is so again" \
                same "$direct" "$(ask "$option" +bufsize=4096 "$name" "$type" | essence)"
        done
    done <<<"$questions"
    check "a chain of CNAMEs keeps its order" \
        same "$(askServer one.quietzone.example A | chainOf)" \
        "$(ask one.quietzone.example A | chainOf)"
}

compareTruncation() {
    local answer
    answer=$(ask +notcp +ignore +bufsize=512 big.quietzone.example TXT)
    check "an answer too long for UDP is cut and says so" grep -q '^;; flags:.* tc' <<<"$answer"
    check "and dig then gets it over TCP" \
        same "$(askServer big.quietzone.example TXT | essence)" \
        "$(ask +bufsize=512 big.quietzone.example TXT | essence)"
}

ttlIsBelow() {
    local ttl
    ttl=$(ask short.quietzone.example A | firstTtl)
    [[ -n $ttl && $ttl -lt $1 ]]
}

compareCaching() {
    local before hits ttl
    ttl=$(ask short.quietzone.example A | firstTtl)
    check "a fresh answer has the record's TTL ($ttl)" test "$ttl" -gt 50 -a "$ttl" -le 60
    before=$(serverQueries)
    hits=$(statistic cache_hits)
    check "the second answer's TTL is counted down" eventually 5 ttlIsBelow "$ttl"
    check "and comes from the cache" test "$(statistic cache_hits)" -gt "$hits"
    ask +tcp SHORT.QuietZone.example A >"$sandbox/mixed"
    check "names match whatever their case" grep -q '192\.0\.2\.60' "$sandbox/mixed"
    check "the client's spelling comes back" grep -q '^;SHORT\.QuietZone\.example\.' "$sandbox/mixed"
    check "the server had no further query" test "$(serverQueries)" -eq "$before"
}

# startCapture: everything on this namespace's loopback device. AppArmor lets tcpdump write only
# to names that end in .pcap.
startCapture() {
    startProgram "$sandbox/tcpdump.log" "$(serverProgram tcpdump)" -i lo -n -Z root -B 16384 --immediate-mode \
        -U -w "$sandbox/all.pcap"
    captureId=$programId
    if ! eventually 10 grep -q 'listening on' "$sandbox/tcpdump.log"; then
        skip "tcpdump cannot capture here: $(tail -n 1 "$sandbox/tcpdump.log")"
    fi
}

# packets FILTER: how many of the captured packets match.
packets() {
    "$(serverProgram tcpdump)" -n -Z root -r "$sandbox/all.pcap" "$@" 2>/dev/null | wc -l
}

# What went to the server's port was TLS, and nothing was sent anywhere else but between the test's
# own programs, whose ports are in otherPorts.
inspectCapture() {
    endProgram "$captureId"
    local others='not port 853 and not port 5300' port
    for port in "${otherPorts[@]}"; do
        others+=" and not port $port"
    done
    check "all that was captured to and from the server is TLS records" \
        "$bin/tls_capture_check" "$sandbox/all.pcap" 853
    check "(the same look is not content with what dig sent to sottod)" \
        refuse "$bin/tls_capture_check" "$sandbox/all.pcap" 5300
    check "nothing went to any other port" test "$(packets "$others")" -eq 0

    "$(serverProgram tcpdump)" -n -Z root -r "$sandbox/all.pcap" -w "$sandbox/server.pcap" \
        'port 853' 2>/dev/null
    "$(serverProgram tcpdump)" -n -Z root -r "$sandbox/all.pcap" -w "$sandbox/client.pcap" \
        'port 5300' 2>/dev/null
    check "no name that was asked for is readable on the way to the server" \
        test "$(grep -c -a quietzone "$sandbox/server.pcap")" -eq 0
    check "(the same search finds it on the way to sottod)" \
        grep -q -a quietzone "$sandbox/client.pcap"
}
