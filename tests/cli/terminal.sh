#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Colour and wrapping are for terminals only. Needs script(1) of util-linux for a terminal of its
# own; exit code 77: there is none.
#
# usage: terminal.sh SIPWHY
# shellcheck disable=SC2016,SC2317 # check evaluates what stands in single quotes
set -u
export LC_ALL=C.UTF-8 TERM=xterm
unset LANGUAGE NO_COLOR COLUMNS POSIXLY_CORRECT
SIPWHY=$(realpath "$1")
export SIPWHY
failed=0

if [ "$(script -qec 'echo terminal' /dev/null </dev/null 2>/dev/null | tr -d '\r')" != terminal ]; then
    echo "there is no script(1), or it gets no terminal"
    exit 77
fi

check() {
    if ! eval "$2"; then
        echo "FAILED: $1"
        failed=$((failed + 1))
    fi
}

# What a command line writes to a terminal of $1 columns.
on_terminal() {
    script -qec "stty cols $1 2>/dev/null; $2" /dev/null </dev/null | tr -d '\r'
}

has_colour() {
    grep -q $'\e\\['
}

# The number of columns of the longest line that could have been broken: addresses cannot, and
# titles and headings are left to the terminal.
widest() {
    sed 's/\x1b\[[0-9;]*m//g' | grep '^ ' | grep -v 'https://' | wc -L
}

check 'colour on a terminal' \
    'on_terminal 80 "\$SIPWHY explain 488" | has_colour'
check 'no colour in a pipe' \
    '! "$SIPWHY" explain 488 | has_colour'
check 'no colour in a pipe although standard error is a terminal' \
    '! on_terminal 80 "\$SIPWHY explain 488 | cat" | has_colour'
check 'no colour with NO_COLOR' \
    '! on_terminal 80 "NO_COLOR=1 \$SIPWHY explain 488" | has_colour'
check 'an empty NO_COLOR does not count' \
    'on_terminal 80 "NO_COLOR= \$SIPWHY explain 488" | has_colour'
check 'no colour on a dumb terminal' \
    '! on_terminal 80 "TERM=dumb \$SIPWHY explain 488" | has_colour'
check 'no colour without TERM' \
    '! on_terminal 80 "env -u TERM \$SIPWHY explain 488" | has_colour'
check 'no colour in Markdown' \
    '! on_terminal 80 "\$SIPWHY explain 488 --format markdown" | has_colour'
check 'no colour in JSON' \
    '! on_terminal 80 "\$SIPWHY explain 488 --format json" | has_colour'
check 'no colour in help' \
    '! on_terminal 80 "\$SIPWHY --help" | has_colour'
check 'colour changes no word' \
    'cmp -s <(on_terminal 80 "\$SIPWHY explain 488" | sed "s/\x1b\[[0-9;]*m//g") \
            <(on_terminal 80 "NO_COLOR=1 \$SIPWHY explain 488")'

check 'one line a sentence in a pipe' \
    '[ "$("$SIPWHY" explain 488 | widest)" -gt 120 ]'
for columns in 40 60 80 100; do
    for line in 'explain 488' 'explain 401 --lang fr' 'compare 486 600 603' 'explain reason:STIR'; do
        check "$line: wrapped at $columns columns" \
            '[ "$(on_terminal $columns "\$SIPWHY $line" | widest)" -le $columns ]'
    done
done
check 'the width is used' \
    '[ "$(on_terminal 80 "\$SIPWHY explain 488" | widest)" -gt 70 ]'
check 'not narrower than 40 columns' \
    '[ "$(on_terminal 10 "\$SIPWHY explain 488" | widest)" -gt 30 ]'
check 'not wider than 100 columns' \
    '[ "$(on_terminal 200 "\$SIPWHY explain 488" | widest)" -le 100 ]'
check 'wrapping loses no word' \
    'cmp -s <(on_terminal 50 "NO_COLOR=1 \$SIPWHY explain 488" | tr -s " \n" "\n\n") \
            <("$SIPWHY" explain 488 | tr -s " \n" "\n\n")'

[ "$failed" -eq 0 ] && echo "all passed"
exit "$((failed > 0))"
