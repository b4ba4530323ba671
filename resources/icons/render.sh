#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Renders svg/*.svg to png/NAME-SIZE.png (needs rsvg-convert). The PNGs are kept in the tree so
# that neither the build nor the program needs an SVG renderer.
set -eu
cd "$(dirname "$0")"
mkdir -p png
render() { # NAME SIZE...
    name=$1
    shift
    for size in "$@"; do
        rsvg-convert -w "$size" -h "$size" "svg/$name.svg" -o "png/$name-$size.png"
    done
}
for svg in svg/*.svg; do
    name=$(basename "$svg" .svg)
    case $name in
    sotto) render "$name" 16 22 24 32 48 64 128 256 ;;
    chevron-* | mark-*) rsvg-convert -w 16 -h 16 "$svg" -o "png/$name.png" && rsvg-convert -w 32 -h 32 "$svg" -o "png/$name@2x.png" ;;
    tray-*) render "$name" 16 22 24 32 48 64 128 256 ;;
    unplugged) render "$name" 16 20 24 32 40 48 64 96 128 ;;
    *) render "$name" 16 20 24 32 40 48 ;;
    esac
done
