#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The package of the app on a machine that boots: with what it depends on and nothing else, somebody
# who sits there starts it, from the menu and with the session, and switches the service.
#
# Usage: application.sh WORLD FOLDER-OF-PACKAGES
# With SOTTO_PICTURES set, the screen is left in that folder, in the format of xwd.

set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
world=$1
# shellcheck disable=SC2034 # of story.bash
packageFolder=$(cd -- "$2" && pwd -P)
# shellcheck source=tests/system/boot/story.bash
source "$here/story.bash"

prepare() {
    needPrograms Xvfb xwininfo desktop-file-validate
    # shellcheck disable=SC2119 # it takes packages, not what this script takes
    rootFor
}

enterRoom prepare "$@"

# A display on the machine's network, without a window manager; its socket is there for nobody else.
startDisplay() {
    mkdir "$sandbox/screen"
    startProgram "$sandbox/display.log" Xvfb -displayfd 3 -screen 0 1280x800x24 -ac -listen tcp \
        -nolisten unix -nolisten local -fbdir "$sandbox/screen" 3>"$sandbox/display"
    eventually 20 test -s "$sandbox/display" || skip "Xvfb does not start here"
    display=$gateway:$(<"$sandbox/display")
}

# inSession COMMAND…: as joe, who sits before the display.
inSession() {
    atSeat env "DISPLAY=$display" "$@"
}

# startsInSession NAME COMMAND…: likewise, and it goes on.
startsInSession() {
    local name=$1
    shift
    inside systemd-run --quiet --unit="$name" -p User=joe -p PAMName=seat \
        -p Environment=XDG_SEAT=seat0 -p Environment=XDG_SESSION_TYPE=x11 \
        -p Environment="DISPLAY=$display" "$@"
}

# The windows that can be seen and have a title.
windows() {
    local id
    xwininfo -display "$display" -root -tree | awk '$2 ~ /^"/ { print $1 }' | while read -r id; do
        xwininfo -display "$display" -id "$id" |
            awk -F'"' '/xwininfo: Window id/ { title = $2 } /Map State: IsViewable/ { print title }'
    done
}

showsWindow() {
    windows | grep -q "$1"
}

# entryStarts FILE: what a desktop entry starts is installed, and so is its picture.
entryStarts() {
    local entry=$sandbox/entry.desktop program picture
    inside cat "$1" >"$entry"
    desktop-file-validate "$entry" || return 1
    program=$(sed -n 's/^Exec=\([^ ]*\).*/\1/p' "$entry")
    picture=$(sed -n 's/^Icon=//p' "$entry")
    # shellcheck disable=SC2016 # for the inner shell
    quietly sh -c 'command -v "$1" && ls "/usr/share/icons/hicolor/48x48/apps/$2.png" \
        "/usr/share/icons/hicolor/scalable/apps/$2.svg"' sh "$program" "$picture"
}

keepPicture() {
    [[ -z ${SOTTO_PICTURES-} ]] || cp "$sandbox"/screen/* "$SOTTO_PICTURES/$1.xwd"
}

startNetwork
makeWorld "$world"
beginStory
startDisplay
putInside "$servicePackage" /var/tmp/service.deb
putInside "$appPackage" /var/tmp/app.deb

section "installed"
check "dpkg installs both" install /var/tmp/service.deb /var/tmp/app.deb
protects "installed"
readonly menu=/usr/share/applications/org.sottodns.Sotto.desktop
readonly autostart=/etc/xdg/autostart/org.sottodns.Sotto.desktop
check "the menu's entry is right" entryStarts "$menu"
check "and the session's" entryStarts "$autostart"
check "the app says its version" inSession sotto --version

section "started from the menu"
check "no window yet" refuse showsWindow Sotto
check "it starts" startsInSession menu sotto
check "its window comes up" eventually 20 showsWindow Sotto
check "it goes on" inside systemctl --quiet is-active menu.service
check "it has nothing to say" test -z "$(inside journalctl --quiet -o cat _COMM=sotto)"
inside journalctl --quiet -o cat _COMM=sotto
keepPicture menu
check "a second start ends at once" endsWith 0 inSession timeout 10 sotto
check "somebody at the seat switches it off" endsWith 0 atSeat sottoctl disable
givesBack "switched off"
keepPicture off
check "and on" endsWith 0 atSeat sottoctl enable
protects "switched on"
check "settings need an administrator" endsWith 4 atSeat sottoctl settings set log.entries 5
check "it is ended" inside systemctl stop menu.service
check "its window is gone" eventually 10 refuse showsWindow Sotto

section "started with the session"
# shellcheck disable=SC2046 # the words of the line
check "it starts" startsInSession session \
    $(inside sed -n 's/^Exec=//p' "$autostart")
check "it goes on" eventually 10 inside systemctl --quiet is-active session.service
check "a second start shows its window" endsWith 0 inSession timeout 20 sotto
check "which comes up" eventually 20 showsWindow Sotto
inside systemctl stop session.service

section "removed"
check "dpkg purges both" quietly dpkg --purge sotto sotto-service
givesBack "purged"
inside rm -rf /home/joe/.config /home/joe/.cache /home/joe/.local
check "nothing of them is left" nothingLeft
rememberSystem after
check "every file of /etc is as before" diff -u "$sandbox/before" "$sandbox/after"

shutDown
finish
