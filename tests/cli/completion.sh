#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the bash completion offers: alone, and beside the package bash-completion where it is
# installed.
#
# usage: completion.sh SIPWHY SOURCE
set -u
export LC_ALL=C.UTF-8
unset LANGUAGE NO_COLOR POSIXLY_CORRECT
sipwhy=$(realpath "$1")
completion=$2/src/cli/sipwhy.bash
package=/usr/share/bash-completion/bash_completion
failed=0
all_breaks=$' \t\n"\'><=;|&(:' # what readline cuts words at, unless told otherwise
blanks=$' \t\n'

# Prints what is offered behind $2, a command line, in one line; $1 is a script to source first, $3
# what cuts words.
offers() {
    bash --norc --noprofile -c '
        [ -z "$1" ] || . "$1"
        . "$2"
        complete -p sipwhy >/dev/null || exit 1
        COMP_LINE=$4 COMP_POINT=${#4} COMP_WORDBREAKS=$5
        COMP_LINE="$3${COMP_LINE#sipwhy}"
        COMP_POINT=${#COMP_LINE}
        _sipwhy
        echo "${COMPREPLY[*]}"
        ' completion "$1" "$completion" "$sipwhy" "$2" "$3" 2>&1
}

# $1: script to source, $2: command line, $3: what must be offered, exactly or as part ("* ... *")
check() {
    local actual
    actual=$(offers "$1" "$2" "${4-$all_breaks}")
    # shellcheck disable=SC2053 # it is a pattern
    if [[ " $actual " != $3 ]]; then
        echo "FAILED (${1:-alone}) $2: $actual"
        failed=$((failed + 1))
    fi
}

check_all() {
    check "$1" 'sipwhy ' ' explain compare list diagnose check local doctor '
    check "$1" 'sipwhy c' ' compare check '
    check "$1" 'sipwhy co' ' compare '
    check "$1" 'sipwhy d' ' diagnose doctor '
    check "$1" 'sipwhy di' ' diagnose '
    check "$1" 'sipwhy doctor ' '  '
    check "$1" 'sipwhy doctor -' ' --format --tshark --lang -h --help -V --version '
    check "$1" 'sipwhy doctor --format ' ' text json '
    check "$1" 'sipwhy doctor --tshark one' ' one.pcap '
    check "$1" 'sipwhy 48' '* 488 *'
    check "$1" 'sipwhy 488 60' '* 600 *'
    check "$1" 'sipwhy -' '* --format --search --local -o --output *'
    check "$1" 'sipwhy -' '* --lang -h --help -V --version *'
    check "$1" 'sipwhy explain -' ' --format --local --lang -h --help -V --version - '
    check "$1" 'sipwhy diagnose --b' '  '
    check "$1" 'sipwhy check --b' ' --baseline '
    check "$1" 'sipwhy check --lo' ' --local '
    check "$1" 'sipwhy diagnose --format ' ' text markdown json csv html '
    check "$1" 'sipwhy check --format=' ' text json junit sarif github '
    check "$1" 'sipwhy check --jobs 4 --f' ' --format --filter '
    check "$1" 'sipwhy diagnose one' ' one.pcap '
    check "$1" 'sipwhy diagnose -o x.html one.pcap f' ' folder '
    check "$1" 'sipwhy check --policy one' ' one.pcap '
    check "$1" 'sipwhy check --jobs ' '  '
    check "$1" 'sipwhy check ~/on' " $HOME/one.pcap "
    check "$1" 'sipwhy explain --f' ' --format '
    check "$1" 'sipwhy explain --format ' ' text markdown json '
    check "$1" 'sipwhy explain --format m' ' markdown '
    check "$1" 'sipwhy explain --format=m' ' markdown '
    check "$1" 'sipwhy explain --format=m' ' --format=markdown ' "$blanks"
    check "$1" 'sipwhy --lang ' ' en fr '
    check "$1" 'sipwhy --lang=' ' en fr '
    check "$1" 'sipwhy --lang fr exp' ' explain '
    check "$1" 'sipwhy --lang fr explain 48' '* 488 *'
    check "$1" 'sipwhy list --search ' '  '
    check "$1" 'sipwhy explain ' '* 4xx *'
    check "$1" 'sipwhy explain ' '* warning: q850: reason: finding: - *'
    check "$1" 'sipwhy explain ' '* 488 *'
    check "$1" 'sipwhy explain 486 6' '* 600 *'
    check "$1" 'sipwhy explain warning:' '* 370 *'
    check "$1" 'sipwhy explain warning:37' ' 370 '
    check "$1" 'sipwhy explain warning:37' ' warning:370 ' "$blanks"
    check "$1" 'sipwhy explain q850:3' '* 34 *'
    check "$1" 'sipwhy explain reason:Q' ' Q.850 '
    check "$1" 'sipwhy explain reason:ST' ' STIR '
    check "$1" 'sipwhy explain no-c' ' no-common-codec '
    check "$1" 'sipwhy explain finding:no-c' ' no-common-codec '
    check "$1" 'sipwhy compare 48' '* 486 *'
    check "$1" 'sipwhy compare w' '  '
    check "$1" 'sipwhy list ' ' 1xx 2xx 3xx 4xx 5xx 6xx codes warnings q850 reasons findings local '
    check "$1" 'sipwhy list w' ' warnings '
    check "$1" 'sipwhy local ' ' check '
    check "$1" 'sipwhy local check one' ' one.pcap '
    check "$1" 'sipwhy local check --format ' ' text json '
    check "$1" 'sipwhy explain --local one' ' one.pcap '
    check "$1" 'sipwhy explain --local one.pcap 48' '* 488 *'
}

# Files to be completed.
HOME=$(mktemp -d)
export HOME
trap 'rm -rf "$HOME"' EXIT
completion=$(realpath "$completion")
touch "$HOME/one.pcap"
mkdir "$HOME/folder"
cd "$HOME" || exit 3

check_all ''
if [ -r "$package" ]; then
    check_all "$package"
fi
[ "$failed" -eq 0 ] && echo "all passed"
exit "$((failed > 0))"
