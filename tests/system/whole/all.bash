# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of the script that reads this file
# SPDX-License-Identifier: GPL-3.0-or-later
#
# All that the tests of the whole read.

# shellcheck source=tests/system/sandbox.bash
source "$here/../sandbox.bash"
# shellcheck source=tests/system/own_system.bash
source "$here/../own_system.bash"
# shellcheck source=tests/system/whole/machine.bash
source "$here/machine.bash"
# shellcheck source=tests/system/whole/network.bash
source "$here/network.bash"
# shellcheck source=tests/system/whole/lookups.bash
source "$here/lookups.bash"
# shellcheck source=tests/system/whole/sotto.bash
source "$here/sotto.bash"
# shellcheck source=tests/system/whole/worlds.bash
source "$here/worlds.bash"

needMachinePrograms() {
    needPrograms unbound dnsmasq dig getent openssl tcpdump ip unshare setpriv nsenter pivot_root
}
