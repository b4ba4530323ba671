# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the system tests share: a network namespace of their own, throw-away certificates, programs
# that are started and ended by their ids, and checks.

# Exit status that ctest takes for "skipped"; the reason is printed.
skip() {
    printf 'SKIP: %s\n' "$*"
    exit 77
}

fail() {
    printf 'FAIL: %s\n' "$*" >&2
    failures=$((failures + 1))
}

failures=0
passes=0

# check DESCRIPTION COMMAND…
check() {
    local description=$1
    shift
    if "$@"; then
        passes=$((passes + 1))
        printf 'ok: %s\n' "$description"
    else
        fail "$description"
    fi
}

# Prints the path of a test server: the unpacked one (see scripts/packages.bash), else an
# installed one.
serverProgram() {
    local unpacked="$sourceDir/build/test-servers/usr"
    PATH="$unpacked/sbin:$unpacked/bin:$PATH:/usr/sbin:/sbin" command -v "$1"
}

needPrograms() {
    local program
    for program in "$@"; do
        serverProgram "$program" >/dev/null || skip "$program is not installed"
    done
}

# Runs this script again inside a network namespace that holds nothing but a loopback device.
enterOwnNetwork() {
    [[ ${SOTTO_IN_OWN_NETWORK-} == 1 ]] && return
    local unshare=(unshare --net)
    [[ $EUID == 0 ]] || unshare+=(--user --map-current-user --keep-caps)
    "${unshare[@]}" true 2>/dev/null || skip "this user may not make a network namespace"
    "${unshare[@]}" ip link set lo up 2>/dev/null ||
        skip "a loopback device cannot be brought up in a network namespace"
    SOTTO_IN_OWN_NETWORK=1 exec "${unshare[@]}" bash -c 'ip link set lo up && exec "$@"' \
        bash bash "$0" "$@"
}

# refuse COMMAND…: true if the command fails.
refuse() {
    ! "$@" >/dev/null
}

# protectFolder FOLDER: it cannot be written any more in this namespace of mounts. What a test lays
# over it can, and whatever becomes of that, the computer's own files stay as they are.
protectFolder() {
    if ! mount --bind "$1" "$1" || ! mount -o remount,ro,bind "$1"; then
        skip "$1 cannot be protected here"
    fi
}

programIds=()

makeSandbox() {
    sandbox=$(mktemp -d /tmp/sotto-test.XXXXXX)
    trap leaveSandbox EXIT
    trap 'exit 1' INT TERM HUP
}

# Only the script itself cleans up: bash may run the trap in one of its subshells, too.
isScriptItself() {
    [[ $BASHPID == "$$" ]]
}

leaveSandbox() {
    isScriptItself || return 0
    endPrograms
    rm -rf "$sandbox"
}

# endPrograms: all that startProgram started.
endPrograms() {
    local id
    for id in "${programIds[@]}"; do
        kill "$id" 2>/dev/null || true
    done
    wait
}

# startProgram LOGFILE PROGRAM…: its id is then in programId.
startProgram() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 </dev/null &
    programId=$!
    programIds+=("$programId")
}

# endProgram ID: ends it and waits until it has ended.
endProgram() {
    local id=$1 kept=() other
    kill "$id" 2>/dev/null || true
    wait "$id" 2>/dev/null || true
    for other in "${programIds[@]}"; do
        [[ $other == "$id" ]] || kept+=("$other")
    done
    programIds=("${kept[@]}")
}

# eventually SECONDS COMMAND…: true as soon as the command succeeds.
eventually() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [[ $SECONDS -lt $end ]] || return 1
        read -r -t 0.05 <><(:) || true
    done
}

# makeAuthority NAME: NAME.pem and NAME.key, a certificate authority.
makeAuthority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj "/CN=$1" -keyout "$sandbox/$1.key" -out "$sandbox/$1.pem" 2>/dev/null
}

# makeCertificate NAME AUTHORITY SUBJECTALTNAMES [START END]: NAME.pem and NAME.key; the times are
# YYYYMMDDHHMMSSZ.
makeCertificate() {
    local name=$1 authority=$2 names=$3 start=${4:-} end=${5:-}
    local files="$sandbox/$authority.files"
    mkdir -p "$files"
    : >"$files/index"
    printf 'subjectAltName = %s\nextendedKeyUsage = serverAuth\n' "$names" >"$sandbox/$name.ext"
    cat >"$sandbox/$authority.conf" <<CONF
[ca]
default_ca = authority
[authority]
database = $files/index
new_certs_dir = $files
rand_serial = yes
default_md = sha256
default_days = 2
policy = anything
[anything]
commonName = supplied
CONF
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" \
        -keyout "$sandbox/$name.key" -out "$sandbox/$name.csr" 2>/dev/null
    openssl ca -batch -notext -config "$sandbox/$authority.conf" -cert "$sandbox/$authority.pem" \
        -keyfile "$sandbox/$authority.key" -in "$sandbox/$name.csr" -out "$sandbox/$name.pem" \
        -extfile "$sandbox/$name.ext" ${start:+-startdate "$start"} ${end:+-enddate "$end"} \
        2>/dev/null
}

finish() {
    printf '%d checks passed, %d failed\n' "$passes" "$failures"
    [[ $failures == 0 && $passes -gt 0 ]]
}
