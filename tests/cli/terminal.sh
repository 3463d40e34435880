#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Colour and wrapping are for terminals only, and so is ASCII in the C locale. Needs script(1) of util-linux for a terminal of its
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

# What stands in for what, byte by byte, and one note where letters are lacking.
is_ascii() {
    ! LC_ALL=C grep -q '[^ -~[:cntrl:]]'
}
for locale in C POSIX xx_YY.NOPE; do
    for line in 'explain 401 --lang fr' '--help --lang fr' 'explain 401 --lang fr --format markdown' \
        'list 4xx --lang fr' 'compare 486 --lang fr'; do
        check "$locale: ASCII on a terminal: $line" \
            'on_terminal 60 "LC_ALL=$locale \$SIPWHY $line" | is_ascii'
        check "$locale: one note on a terminal: $line" \
            '[ "$(on_terminal 200 "LC_ALL=$locale \$SIPWHY $line 2>&1" | grep -c "jeu de caracteres ASCII")" -eq 1 ]'
    done
done
check 'letters, guillemets and no-break blanks in ASCII' \
    'on_terminal 200 "LC_ALL=C \$SIPWHY describe --lang fr" |
        grep -qF "il n'\''y a pas de commande \"describe\" ; \"sipwhy --help\" montre celles qui existent"'
check 'no note in English' \
    '! on_terminal 80 "LC_ALL=C \$SIPWHY list 4xx 2>&1" | grep -q "character set"'
check 'JSON is UTF-8 on a terminal of the C locale, without a note' \
    'cmp -s <(on_terminal 80 "LC_ALL=C \$SIPWHY explain 401 --lang fr --format json 2>&1") \
            <("$SIPWHY" explain 401 --lang fr --format json)'
check 'a pipe of the C locale is UTF-8, without a note' \
    'cmp -s <(on_terminal 80 "LC_ALL=C \$SIPWHY explain 401 --lang fr 2>&1 | cat") \
            <("$SIPWHY" explain 401 --lang fr)'
check 'UTF-8 by the name of a locale that is not installed' \
    'cmp -s <(on_terminal 60 "LC_ALL=fr_XX.utf8 \$SIPWHY explain 401") \
            <(on_terminal 60 "\$SIPWHY explain 401 --lang fr")'
check 'no-break blanks break no line in the C locale' \
    '! on_terminal 60 "LC_ALL=C \$SIPWHY explain 401 --lang fr" | grep -qE "^ *[:;?!]( |\$)"'
for columns in 40 60 80; do
    check "ASCII wrapped at $columns columns" \
        '[ "$(on_terminal $columns "LC_ALL=C \$SIPWHY explain 401 --lang fr" | grep "^ " | widest)" -le $columns ]'
done

# A locale of another character set is made here: hardly any system has one.
locales=$(mktemp -d)
trap 'rm -rf "$locales"' EXIT
export LOCPATH=$locales
if localedef -i fr_FR -f ISO-8859-1 "$locales/fr_FR.ISO-8859-1" 2>/dev/null &&
    localedef -i pl_PL -f ISO-8859-2 "$locales/pl_PL.ISO-8859-2" 2>/dev/null &&
    [ "$(LC_ALL=fr_FR.ISO-8859-1 locale charmap)" = ISO-8859-1 ]; then
    for words in 'explain 401' 'explain q850:79'; do
        check "ISO-8859-1 in a pipe has all of French but a ligature: $words" \
            'cmp -s <(LC_ALL=fr_FR.ISO-8859-1 "$SIPWHY" $words 2>/dev/null | iconv -f ISO-8859-1 -t UTF-8) \
                    <("$SIPWHY" $words --lang fr | sed "s/œ/oe/g")'
    done
    check 'no note where no letter is lacking' \
        '[ -z "$(LC_ALL=fr_FR.ISO-8859-1 "$SIPWHY" list 4xx 2>&1 >/dev/null)" ]'
    check 'the note in ISO-8859-1, once, for a ligature' \
        '[ "$(LC_ALL=fr_FR.ISO-8859-1 "$SIPWHY" explain q850:79 2>&1 >/dev/null | iconv -f ISO-8859-1 -t UTF-8 |
            grep -c "jeu de caractères ISO-8859-1")" -eq 1 ]'
    check 'ISO-8859-2 lacks some' \
        'LC_ALL=pl_PL.ISO-8859-2 "$SIPWHY" explain 401 --lang fr 2>/dev/null | iconv -f ISO-8859-2 -t UTF-8 |
            grep -q "qui fait la requete.*porte son défi"'
    check 'and says so once' \
        '[ "$(LC_ALL=pl_PL.ISO-8859-2 "$SIPWHY" explain 401 --lang fr 2>&1 >/dev/null | wc -l)" -eq 1 ]'
    check 'JSON is UTF-8 in ISO-8859-1' \
        'cmp -s <(LC_ALL=fr_FR.ISO-8859-1 "$SIPWHY" explain 401 --format json 2>&1) \
                <("$SIPWHY" explain 401 --lang fr --format json)'
else
    echo "other character sets are left out: localedef makes no locale here"
fi

[ "$failed" -eq 0 ] && echo "all passed"
exit "$((failed > 0))"
