# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

lintHelp() {
    cat <<'TEXT'
Usage: ./dev lint [-y] [--fix] [--no-tidy]

Checks the source format (clang-format), the scripts (shellcheck), the rules of the house
(tests/house) and the code (clang-tidy, which takes minutes). Ends with 0 if all is well.

  -y, --yes  do not ask before installing packages
  --fix      let clang-format rewrite the files instead of complaining
  --no-tidy  leave clang-tidy out
TEXT
}

lintFormat() {
    local fix=$1 options=(--dry-run -Werror)
    [[ $fix == 0 ]] || options=(-i)
    git ls-files -z -- '*.cpp' '*.h' | xargs -0 -r clang-format "${options[@]}"
}

lintScripts() {
    {
        git ls-files -z -- '*.sh' '*.bash'
        printf '%s\0' dev .ci/run
    } | xargs -0 shellcheck -x
}

lintHouse() {
    buildPreset dev test_house_rules && build/dev/bin/test_house_rules -silent
}

# Every source file that the dev preset compiles.
lintTidy() {
    local compiled
    compiled=$(sed -n 's/^ *"file": "\(.*\)".*/\1/p' build/dev/compile_commands.json)
    # Generated sources (moc, resources) must exist before they are included.
    buildPreset dev >/dev/null || return 1
    git ls-files -- '*.cpp' | sed "s|^|$PWD/|" | grep -Fx -f <(printf '%s\n' "$compiled") |
        xargs -P 2 -n 4 clang-tidy --quiet -p build/dev 2> >(grep -v 'warnings generated' >&2)
}

lintCommand() {
    local fix=0 tidy=1 failed=()
    while [[ $# -gt 0 ]]; do
        case $1 in
        --fix) fix=1 ;;
        --no-tidy) tidy=0 ;;
        *) wrongUsage lint "unknown argument: $1" ;;
        esac
        shift
    done
    ensurePackages build run lint
    configurePreset dev

    say "Format…"
    (lintFormat "$fix") || failed+=(format)
    say "Scripts…"
    (lintScripts) || failed+=(scripts)
    say "Rules of the house…"
    (lintHouse) || failed+=("rules of the house")
    if [[ $tidy == 1 ]]; then
        say "Static analysis…"
        (lintTidy) || failed+=("static analysis")
    fi
    if [[ ${#failed[@]} -gt 0 ]]; then
        die "Not clean: $(printf '%s, ' "${failed[@]}" | sed 's/, $//')."
    fi
    say "Clean."
}
