# SPDX-License-Identifier: GPL-3.0-or-later
#
# What sottoctl can do is read from its own help, so that the two cannot differ.

# The first word that is no option.
function __sottoctl_command
    set -l skip 0
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        if test $skip = 1
            set skip 0
        else if test "$word" = --socket
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

# "command<tab>summary" of every command.
function __sottoctl_commands
    sottoctl --help 2>/dev/null | awk '/^Commands:/ { on = 1; next } on && !/^ / { exit }
        on { name = $1; sub(/^ +.*  +/, ""); print name "\t" $0 }'
end

# Options, sub-commands and values that may follow the command.
function __sottoctl_arguments
    set -l command (__sottoctl_command)
    set -l previous (commandline -opc)[-1]
    for word in (sottoctl $command --help 2>/dev/null | sed -n "1s/^Usage: .*\] $command//p" |
            grep -oE -- '--[a-z-]+|[A-Za-z][A-Za-z-]*')
        switch $word
            case PROVIDER
                sottoctl providers 2>/dev/null | awk 'NR > 1 { print $1 }'
            case KEY
                if contains -- $previous set unset
                    sottoctl settings 2>/dev/null | awk 'NR > 1 { print $1 }'
                end
            case '*'
                if test "$word" = (string lower -- $word)
                    echo $word
                end
        end
    end
end

complete -c sottoctl -f
complete -c sottoctl -l socket -r -F -d 'The socket of the service'
complete -c sottoctl -l json -d 'Nothing but JSON on standard output'
complete -c sottoctl -s h -l help -d 'A help, after a command that command\'s'
complete -c sottoctl -n 'not __sottoctl_command' -s V -l version -d 'The version'
complete -c sottoctl -n 'not __sottoctl_command' -a '(__sottoctl_commands)'
complete -c sottoctl -n '__sottoctl_command' -a '(__sottoctl_arguments)'
