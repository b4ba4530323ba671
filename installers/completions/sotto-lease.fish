# SPDX-License-Identifier: GPL-3.0-or-later
#
# What sotto-lease can do is read from its own help, so that the two cannot differ.

function __sotto_lease_verbs
    sotto-lease --help 2>/dev/null |
        sed -n 's/^  \(-., \)\{0,1\}\(--\)\{0,1\}\([a-z][a-z-]*\).*/\2\3/p'
end

complete -c sotto-lease -f
complete -c sotto-lease -n 'test (count (commandline -opc)) = 1' -a '(__sotto_lease_verbs)'
