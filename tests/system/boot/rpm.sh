#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The .rpm of sotto-service with the real rpm, on a machine that boots: its scripts install, hand over
# on an upgrade, and give the system's DNS back before a file goes. What the programs need is there
# from Debian's packages, so that rpm is told not to look for it.
#
# Usage: rpm.sh WORLD FOLDER-OF-PACKAGES

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
world=$1
packageFolder=$(cd -- "$2" && pwd -P)
# shellcheck source=tests/system/boot/story.bash
source "$here/story.bash"

prepare() {
    [[ -n $serviceRpm ]] || skip "there is no .rpm in $packageFolder"
    rootFor rpm
}

enterRoom prepare "$@"

# rpmDoes OPTION…: without what only Debian's packages know of. It says on standard error what its
# scripts say, and must have nothing to say.
rpmDoes() {
    quietly rpm --nodeps "$@" && ! grep -i 'error\|fail' "$sandbox/said"
}

startNetwork
makeWorld "$world"
beginStory
putInside "$serviceRpm" /var/tmp/service.rpm

section "installed"
check "rpm installs it" rpmDoes -i /var/tmp/service.rpm
check "the administrator's file is kept" quietly grep -q dot.example /etc/sotto/sotto.toml
check "what the package brings lies beside it" quietly test -f /etc/sotto/sotto.toml.rpmnew
check "sottod is active" inside systemctl --quiet is-active sottod.service
check "sottod starts with the system" inside systemctl --quiet is-enabled sottod.service
check "the keeper's socket is active" inside systemctl --quiet is-active sotto-lease.socket
protects "installed"
check "sottod runs as its user" test "$(mainUser sottod.service)" = sotto
check "the journal is root's alone" \
    test "$(inside stat -c '%a %U' /var/lib/sotto-lease)" = '700 root'
check "no file differs from the package's" quietly sh -c '! rpm -V --nodeps sotto-service | grep -v " c "'

section "rebooted"
reboot
check "the machine is up" test "$(bootState)" = running
protects "rebooted"

section "upgraded"
rememberDns held
inside sottoctl settings set log.entries 123 >/dev/null
process=$(mainProcess sottod.service)
watchDns
check "rpm installs it over itself" rpmDoes -U --replacepkgs --force /var/tmp/service.rpm
check "the system's DNS never changed meanwhile" dnsStayed
check "another sottod runs" test "$(mainProcess sottod.service)" != "$process"
protects "upgraded"
check "the system's DNS was left as it was" sameAs held
check "what was set in the app is kept" settingIs log.entries 123

section "erased"
check "rpm erases it" rpmDoes -e sotto-service
givesBack "erased"
check "no sottod runs" refuse inside pgrep -x sottod
check "no keeper runs" refuse inside pgrep -x sotto-lease
reboot
check "the machine is up" test "$(bootState)" = running
givesBack "erased and rebooted"

section "erased where another service manager starts sottod again and again"
check "rpm has kept the administrator's file" quietly test -f /etc/sotto/sotto.toml.rpmsave
putSettings
check "rpm installs it again" rpmDoes -i /var/tmp/service.rpm
protects "installed again"
inside systemctl stop sottod.service
givesBack "stopped"
inside systemd-run --quiet --unit=other -p Restart=always -p RestartSec=5 \
    /usr/sbin/sottod --config /etc/sotto/sotto.toml --state-dir /var/lib/sotto \
    --socket /run/sotto/sottod.sock --user sotto
protects "by the other one"
check "rpm erases it" rpmDoes -e sotto-service
check "nothing of it runs" refuse inside pgrep '^sotto'
inside systemctl stop other.service
givesBack "erased"
inside rm -rf /var/lib/sotto /etc/sotto
check "nothing of it is left" nothingLeft
rememberSystem after
check "every file of /etc is as before" diff -u "$sandbox/before" "$sandbox/after"

shutDown
finish
