# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Lets a running sottod make way for the new one: it ends without giving the system's DNS back, and
# is started again at once. The keeper goes first; a lease outlives it.
hand_over() {
    systemctl try-restart sotto-lease.service || true
    before=$(systemctl show --property=MainPID --value sottod.service)
    systemctl kill --kill-who=main --signal=SIGUSR1 sottod.service || true
    tries=100
    while [ "$tries" -gt 0 ]; do
        after=$(systemctl show --property=MainPID --value sottod.service)
        if [ "$after" != 0 ] && [ "$after" != "$before" ] && systemctl --quiet is-active sottod.service; then
            return 0
        fi
        tries=$((tries - 1))
        sleep 0.1
    done
    systemctl restart sottod.service
}
