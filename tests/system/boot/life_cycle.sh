#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The life of the package sotto-service on a machine that boots: installed, restarted, killed, cut
# off, upgraded, switched off, removed, purged. After each the system looks names up, through the
# provider or as it did before; at the end every file is as it was.
#
# Usage: life_cycle.sh WORLD FOLDER-OF-PACKAGES
# WORLD is one of worlds.bash.

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
world=$1
# shellcheck disable=SC2034 # of story.bash
packageFolder=$(cd -- "$2" && pwd -P)
# shellcheck source=tests/system/boot/story.bash
source "$here/story.bash"

enterRoom rootFor "$@"

startNetwork
makeWorld "$world"
makeNewer
beginStory
putInside "$servicePackage" /var/tmp/first.deb
putInside "$sandbox/newer.deb" /var/tmp/newer.deb

section "installed"
check "dpkg installs it" install /var/tmp/first.deb
check "sottod is active" inside systemctl --quiet is-active sottod.service
check "sottod starts with the system" inside systemctl --quiet is-enabled sottod.service
check "the keeper's socket is active" inside systemctl --quiet is-active sotto-lease.socket
for address in 127.0.0.1 ::1; do
    check "$address answers" eventually 5 addressAnswers "$address"
    check "$address answers over TCP" eventually 5 addressAnswers "$address" +tcp
done
protects "installed"
check "sottod runs as its user" test "$(mainUser sottod.service)" = sotto
check "others cannot reach the keeper" othersCannotReachKeeper
check "the journal is root's alone" \
    test "$(inside stat -c '%a %U' /var/lib/sotto-lease)" = '700 root'
check "the settings are root's to write" \
    test "$(inside stat -c '%U' /etc/sotto /etc/sotto/sotto.toml | sort -u)" = root
recordExposure

section "who may"
readonly notAllowed=4
check "polkit knows the actions" endsWith 0 inside pkaction --action-id org.sottodns.configure
check "a stranger may look" endsWith 0 asJoe sottoctl status
check "a stranger may not switch" endsWith $notAllowed asJoe sottoctl disable
check "nor read the log" endsWith $notAllowed asJoe sottoctl log
check "whoever sits at the computer may switch" endsWith 0 atSeat sottoctl disable
check "and switch on again" endsWith 0 atSeat sottoctl enable
check "but reads no log without a password" endsWith $notAllowed atSeat sottoctl log
check "and changes no settings" endsWith $notAllowed atSeat sottoctl settings set log.entries 5
inside sh -c 'echo root:sesame | chpasswd'
check "but with an administrator's" endsWith 0 withPassword sesame sottoctl settings set log.entries 6
check "which are in force" settingIs log.entries 6
check "a wrong one does not do" \
    endsWith $notAllowed withPassword sesam sottoctl settings set log.entries 7
check "the settings are as they were" settingIs log.entries 6
protects "switched from the seat"

section "rebooted"
reboot
check "the machine is up" test "$(bootState)" = running
protects "rebooted"

section "killed"
inside systemctl kill --signal=KILL sottod.service
protects "sottod killed"
check "sottod killed: it runs again" inside systemctl --quiet is-active sottod.service
inside systemctl kill --signal=KILL sotto-lease.service
protects "the keeper killed"
inside systemctl kill --signal=KILL sottod.service sotto-lease.service
protects "both killed"

section "the power was cut"
cutPower
bootMachine
check "the machine is up" test "$(bootState)" = running
protects "after a power cut"
inside systemctl --quiet disable sottod.service
cutPower
bootMachine
givesBack "after a power cut, with sottod disabled"
inside systemctl --quiet enable --now sottod.service
protects "enabled again"

section "broken for good"
inside mv /usr/sbin/sottod /usr/sbin/sottod.away
inside systemctl kill --signal=KILL sottod.service
givesBack "no sottod can start"
inside mv /usr/sbin/sottod.away /usr/sbin/sottod
inside systemctl reset-failed sottod.service
inside systemctl start sottod.service
protects "repaired"

section "broken for good, where no names are better than names in clear text"
inside sottoctl settings set system.when_lost closed >/dev/null
inside mv /usr/sbin/sottod /usr/sbin/sottod.away
inside systemctl kill --signal=KILL sottod.service
check "systemd gives it up" eventually 20 inside systemctl --quiet is-failed sottod.service
check "the keeper says that nobody answers" eventually 20 leaseIs unanswered
check "the network is not asked" refuse systemAsks "$networkAnswer"
inside mv /usr/sbin/sottod.away /usr/sbin/sottod
inside sotto-lease restore >/dev/null
givesBack "restored by hand"
inside systemctl reset-failed sottod.service
inside systemctl start sottod.service
inside sottoctl settings unset system.when_lost >/dev/null
protects "repaired again"

section "upgraded"
inside sottoctl settings set log.entries 123 >/dev/null
rememberDns held
before=$(mainProcess sottod.service)
watchDns
watchNames
check "dpkg installs a higher version" install /var/tmp/newer.deb
check "the system's DNS never changed meanwhile" dnsStayed
check "names were found all the time" namesFound
check "another sottod runs" test "$(mainProcess sottod.service)" != "$before"
check "sottod is active" inside systemctl --quiet is-active sottod.service
protects "upgraded"
check "the system's DNS was left as it was" sameAs held
check "what was set in the app is kept" settingIs log.entries 123

section "switched off and on"
inside sottoctl disable >/dev/null
givesBack "disabled"
inside sottoctl enable >/dev/null
protects "enabled"
inside systemctl stop sottod.service
givesBack "stopped"
check "dpkg installs it while it is stopped" install /var/tmp/newer.deb
check "it stays stopped" refuse inside systemctl --quiet is-active sottod.service
givesBack "upgraded while stopped"
inside systemctl start sottod.service
protects "started"

section "shut down and booted without it"
inside systemctl --quiet disable sottod.service
reboot
givesBack "not started"
inside systemctl --quiet enable --now sottod.service
protects "enabled again"

section "removed"
check "dpkg removes it" dpkgDoes --remove
givesBack "removed"
check "no sottod runs" refuse inside pgrep -x sottod
check "no keeper runs" refuse inside pgrep -x sotto-lease
reboot
givesBack "removed and rebooted"

section "purged while sottod was dead"
check "dpkg installs it again" install /var/tmp/first.deb
protects "installed again"
inside sh -c 'mkdir -p /run/systemd/system/sottod.service.d &&
    printf "[Service]\nRestart=no\nRestartForceExitStatus=\n[Unit]\nOnFailure=\n" \
        >/run/systemd/system/sottod.service.d/no-restart.conf'
inside systemctl daemon-reload
inside systemctl kill --signal=KILL sottod.service
check "dpkg purges it" dpkgDoes --purge
givesBack "purged"
inside rm -rf /run/systemd/system/sottod.service.d
check "nothing of it is left" nothingLeft
rememberSystem after
check "every file of /etc is as before" diff -u "$sandbox/before" "$sandbox/after"

shutDown
finish
