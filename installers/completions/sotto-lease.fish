# SPDX-License-Identifier: GPL-3.0-or-later
#
# What sotto-lease can do is read from its own help, so that the two cannot differ.

# The verbs, or the options of the one that was given.
function __sotto_lease_words
    set -l words (commandline -opc)
    set -l verb ''
    if test (count $words) -gt 1
        set verb $words[2]
    end
    sotto-lease --help 2>/dev/null | awk -v verb=$verb '
        verb == "" && /^  [a-z]/ { print $1 }
        /^Options of / { on = $3 == verb ":" || verb != "" && $3 == "all:"; next }
        on && /^  --/ { print $1 }'
end

# Whether a file is to follow.
function __sotto_lease_file
    set -l words (commandline -opc)
    contains -- $words[-1] --socket --state-dir --root
end

complete -c sotto-lease -f
complete -c sotto-lease -n __sotto_lease_file -F
complete -c sotto-lease -n 'not __sotto_lease_file' -a '(__sotto_lease_words)'
complete -c sotto-lease -n 'test (count (commandline -opc)) = 1' -s h -l help -s V -l version
