# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a first installation tells the person: only what is so, for something may have kept sottod
# from starting.
announce() {
    systemctl --quiet is-active sottod.service || return 0
    cat <<'TEXT'
sotto-service: sottod runs. Unless "manage = false" is in /etc/sotto/sotto.toml, this computer's DNS
goes through it from now on: "sottoctl status" says to whom, "sottoctl disable" brings the earlier
settings back.
TEXT
}
