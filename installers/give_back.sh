# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Before any file of the package goes, the system gets its earlier DNS settings back: by sottod when
# it is stopped, and by the keeper where sottod was not there to do it. How a unit is stopped,
# stop_units says, which is the package manager's own.

# root_of PROCESS: of what it takes for "/".
root_of() {
    stat -Lc %d:%i "/proc/$1/root" 2>/dev/null
}

# Processes of a program that belong to this system: not to one of its containers, and not to the
# computer whose folder this system is in.
processes_of() {
    for exe in /proc/[0-9]*/exe; do
        process=${exe#/proc/}
        process=${process%/exe}
        if [ "$(readlink "$exe" 2>/dev/null)" = "$1" ] &&
            [ "$(readlink "/proc/$process/ns/pid" 2>/dev/null)" = "$(readlink /proc/self/ns/pid)" ] &&
            [ "$(root_of "$process")" = "$(root_of self)" ]; then
            echo "$process"
        fi
    done
}

# end_program PATH: in order, and after ten seconds whatever it is at.
end_program() {
    tries=100
    while [ "$tries" -gt 0 ]; do
        left=$(processes_of "$1")
        [ -n "$left" ] || return 0
        # shellcheck disable=SC2086 # numbers
        [ "$tries" -lt 100 ] || kill -TERM $left 2>/dev/null || true
        tries=$((tries - 1))
        sleep 0.1
    done
    # shellcheck disable=SC2086
    kill -KILL $left 2>/dev/null || true
}

give_back() {
    stop_units sottod.service
    # One that goes on (another service manager, a policy that lets nothing be stopped) would take
    # the system's DNS again.
    end_program /usr/sbin/sottod
    if ! sotto-lease restore; then
        cat >&2 <<'TEXT'
sotto-service: the system's DNS settings could not be given back, for the reason above. The package
stays, so that it can be tried again: sotto-lease restore. Where the record of them is damaged, set the
system's DNS by hand, then: sotto-lease restore --forget
TEXT
        return 1
    fi
    stop_units sotto-lease.socket sotto-lease.service
    end_program /usr/sbin/sotto-lease
}
