# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later

testHelp() {
    cat <<'TEXT'
Usage: ./dev test [-y] [--asan | --tsan] [CTEST ARGUMENT…]

Builds everything and runs the tests. What is skipped is listed with its reason, and the last line
is "N passed, N failed, N skipped". Ends with 0 only if nothing failed.

  -y, --yes  do not ask before installing packages
  --asan     run them under AddressSanitizer and UndefinedBehaviorSanitizer
  --tsan     run them under ThreadSanitizer
  --clean    build from nothing

Further arguments go to ctest, for example:
  ./dev test -R cache      the tests whose name contains "cache"
  ./dev test -L wire       the tests of one layer
TEXT
}

# Reads the JUnit file that ctest wrote and prints "passed failed skipped", then a line for each
# skip and each failure: "skip NAME: reason" or "fail NAME: reason".
#
# A Qt Test program counts as its test functions (each row of data is one); another test, and a
# program that ended before it could tell, counts as one.
summariseTests() {
    awk '
        function plain(text) {
            gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text)
            gsub(/&apos;/, "\x27", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        function attribute(line, name,    rest) {
            if (!match(line, " " name "=\"[^\"]*\"")) return ""
            rest = substr(line, RSTART, RLENGTH)
            sub(/^[^"]*"/, "", rest); sub(/"$/, "", rest)
            return plain(rest)
        }
        function note(kind, what, reason) { notes[++noteCount] = kind " " what (reason == "" ? "" : ": " reason) }
        /<testcase / {
            name = attribute($0, "name"); status = attribute($0, "status")
            ok = bad = left = 0; reason = ""; skipKind = ""
        }
        /<skipped message=/ { skipKind = attribute($0, "message") }
        {
            line = plain($0); sub(/^.*<system-out>/, "", line)
            if (line ~ /^PASS   : / && line !~ /::(init|cleanup)TestCase\(\)$/) ++ok
            else if (line ~ /^(FAIL!  |XPASS  ): /) {
                ++bad; sub(/^[A-Z!]+ +: /, "", line); note("fail", line, "")
            } else if (line ~ /^SKIP   : /) {
                ++left; sub(/^SKIP   : /, "", line)
                what = line; sub(/\) .*/, ")", what)
                why = substr(line, length(what) + 2); note("skip", what, why)
            } else if (line ~ /^SKIP: /) { reason = line; sub(/^SKIP: /, "", reason) }
        }
        /<\/testcase>/ {
            if (status == "notrun" && skipKind !~ /^SKIP_/) {
                ++failed; note("fail", name, skipKind)
            } else if (status == "notrun" || status == "disabled") {
                ++skipped; note("skip", name, reason == "" ? "gave no reason" : reason)
            } else if (status == "fail") {
                if (!bad) { bad = 1; note("fail", name, "as a whole (its output is above)") }
                passed += ok; failed += bad; skipped += left
            } else {
                if (!ok && !left) ok = 1
                passed += ok; failed += bad; skipped += left
            }
        }
        END {
            printf "%d %d %d\n", passed, failed, skipped
            for (i = 1; i <= noteCount; ++i) print notes[i]
        }' "$1"
}

testCommand() {
    local preset=dev clean=0 ctestArguments=()
    while [[ $# -gt 0 ]]; do
        case $1 in
        --asan) preset=asan-ubsan ;;
        --tsan) preset=tsan ;;
        --clean) clean=1 ;;
        --)
            shift
            ctestArguments+=("$@")
            break
            ;;
        *) ctestArguments+=("$1") ;;
        esac
        shift
    done
    ensurePackages build run test
    [[ $clean == 0 ]] || rm -rf "build/$preset"
    configurePreset "$preset"
    buildPreset "$preset"

    local junit="$PWD/build/$preset/tests.xml" status=0 counts notes
    rm -f "$junit"
    # Many tests wait for time to pass rather than work.
    CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-2} \
        ctest --preset "$preset" --output-on-failure --output-junit "$junit" \
        --test-output-size-passed 10000000 --test-output-size-failed 10000000 \
        "${ctestArguments[@]}" || status=$?
    [[ -f $junit ]] || die "ctest did not run (its message is above)."

    notes=$(summariseTests "$junit")
    read -r passed failed skipped <<<"$(head -n 1 <<<"$notes")"
    counts="$passed passed, $failed failed, $skipped skipped"
    printf '\n'
    sed -n 's/^skip /Skipped: /p' <<<"$notes"
    sed -n 's/^fail /Failed:  /p' <<<"$notes"
    say "$counts"
    if [[ $failed -gt 0 || $status -ne 0 ]]; then
        exit 1
    fi
    if [[ $passed -eq 0 ]]; then
        warn "No test was run."
        exit 1
    fi
}
