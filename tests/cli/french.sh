#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What sipwhy says in French: every text of data/fr is shown somewhere, and no line has English in
# it, a doubled blank, a placeholder that nobody filled in, or "null".
#
# usage: french.sh SIPWHY SOURCE
set -u
export LC_ALL=C
unset LANGUAGE NO_COLOR COLUMNS POSIXLY_CORRECT SIPWHY_TSHARK
sipwhy=$(realpath "$1")
source=$(realpath "$2")
cd "$source/tests/cli/input" || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export HOME=$dir XDG_CONFIG_HOME=$dir
failed=0

fail() {
    echo "FAILED: $1"
    failed=$((failed + 1))
}

# say STATUS WORD...: what `sipwhy WORD...` prints, behind a line "@ WORD...".
say() {
    local expected=$1
    shift
    echo "@ $*"
    "$sipwhy" --lang fr "$@" 2>&1
    local status=$?
    [ "$status" -eq "$expected" ] || echo "@@ exit status $status instead of $expected"
}

groups() {
    sed -n 's/^\[\([^]/]*\)\]$/\1/p' "$@"
}

# Commands that say nothing of findings.
say_codes() {
    for format in text markdown; do
        say 0 explain 1xx 2xx 3xx 4xx 5xx 6xx --format $format
        # shellcheck disable=SC2046 # these are words
        say 0 explain $(groups "$source"/data/responses/[1-6]xx.ini) --format $format
        say 1 explain 999 --format $format
        # shellcheck disable=SC2046
        say 0 explain $(groups "$source"/data/warnings.ini | sed 's/^/warning:/') --format $format
        # shellcheck disable=SC2046
        say 0 explain $(seq 0 127 | sed 's/^/q850:/') --format $format
        # shellcheck disable=SC2046
        say 0 explain $(groups "$source"/data/reasons.ini | sed 's/^/reason:/') --format $format
        say 0 explain 418 499 599 --format $format # without an entry of its own, or a bucket
        for codes in '401 407' '403 603' '404 410 480' '408 504' '486 600 603' '488 606 415' '302 305' \
            '100 180 183 199' '200 202' '481 482 483' '500 502 503 504' '497 498' '478 479 699'; do
            # shellcheck disable=SC2086
            say 0 compare $codes --format $format
        done
        for list in codes 1xx 2xx 3xx 4xx 5xx 6xx warnings q850 reasons findings; do
            say 0 list $list --format $format
        done
        say 0 list --search SDP --format $format
    done
    for input in plain mail tree line headers no-challenge; do
        say 0 explain - < $input.txt
    done
    say 0 --help
    for command in explain compare list diagnose check local doctor; do
        say 0 $command --help
    done
    say 0 --version
    say 2
    say 2 explain
    say 2 explain busy
    say 1 explain 700 warning:388 q850:128 reason:WIDGET finding:no-such
    say 2 explain 486 --format csv
    say 2 compare 486
    say 2 compare 486 busy
    say 2 list 4xx 5xx
    say 2 list nothing-such
    say 1 list --search no-such-word
    say 2 nothing-such
    say 2 --nothing-such
    say 2 list --search
    say 2 diagnose
    say 2 check
    say 2 local
    say 3 local check no-such-file
}

# Their wordings stand there as they are in data/fr, placeholders and all.
say_findings() {
    for format in text markdown; do
        # shellcheck disable=SC2046
        say 0 explain $(groups "$source"/data/findings/*.ini) --format $format
    done
}

# What is not translated: registered names and phrases, what is referred to, and the phrases of input/.
sed -n -E 's,^((phrase|text|name|q931-name|source|value-[0-9]+)=|.*SIP/2\.0 [0-9]+ ),,p' \
    "$source"/data/*.ini "$source"/data/responses/*.ini "$source"/data/findings/*.ini ./*.txt | tr ';' '\n' | sed '/ /!d' |
    awk '{ print length($0) "\t" $0 }' | sort -u | sort -rn | cut -f 2- > "$dir/facts"

# A line for each fault of what say_... printed.
judge() {
    awk -f "$source/tests/unit/english.awk" -f <(cat << 'END'
!judging {
    if (english($0) != "")
        facts[++count] = $0
    next
}
/^@@ / { complain(substr($0, 4)); next }
/^@ / { command = substr($0, 3); said++; next }
{
    lines++
    line = $0
    if (command ~ /markdown/)
        gsub(/\\/, "", line)
    for (i = 1; i <= count; i++)
        while ((at = index(line, facts[i])) > 0)
            line = substr(line, 1, at - 1) "_" substr(line, at + length(facts[i]))
    if ((words = english(line)) != "")
        complain("English:" words)
    if (line ~ /(^|[^A-Za-z])null([^A-Za-z]|$)/)
        complain("null")
    # A display filter has sets of numbers.
    gsub(/\{[0-9., ]+\}/, "_", line)
    if (templates)
        gsub(/\{[a-z_]+\}/, "_", line)
    if (line ~ /[{}]/)
        complain("a placeholder")
    gsub(NBSP, " ", line)
    sub(/^ +/, "", line)
    # What stands in columns has blanks between them, once.
    if (command !~ /markdown/)
        sub(/  +/, " ", line)
    if (line ~ /  /)
        complain("a doubled blank")
    if (line ~ / [,.]( |$)/ || line ~ /[^.]\.\.( |$)/)
        complain("a blank or a full stop too many")
}
function complain(reason) { printf "%s: %s: %s\n", substr(command, 1, 40), reason, $0 }
END
) -v templates="$1" "$dir/facts" judging=1 -
}

# What it must notice, and must not.
noticed() {
    case $(printf '@ %s\n%s\n' "${3-explain}" "$2" | judge 0) in
    *": $1: "*) [ -n "$1" ] || fail "complains of: $2" ;;
    '') [ -z "$1" ] || fail "does not notice: $2" ;;
    *) fail "not noticed as $1: $2" ;;
    esac
}
noticed '' '  486  Occupé : « the line is busy » ; not-found, Call-ID, filtre {201, 203..204}...'
noticed '' '477 Unfortunately error on sending to next hop occurred'
noticed 'English: the' '  1. Vous : Regardez the trace.'
noticed 'English: is not' '- **486** : Busy is (not).' 'explain --format markdown'
noticed null '  Émis par  (null)'
noticed null 'Cause null'
noticed 'a placeholder' 'La trame {frame} le dit.'
noticed 'a placeholder' 'La trame {frame'
noticed 'a doubled blank' '  486  La trame  le dit.'
noticed 'a doubled blank' '- La trame  le dit.' 'explain --format markdown'
noticed 'a doubled blank' $'  486  La trame \302\240: le dit.'
noticed 'a blank or a full stop too many' 'La trame , elle, le dit.'
noticed 'a blank or a full stop too many' 'La trame le dit..'
noticed 'exit status 1' '@@ exit status 1'

say_codes > "$dir/codes"
say_findings > "$dir/findings"
faults=$(judge 0 < "$dir/codes"; judge 1 < "$dir/findings")
[ -z "$faults" ] || fail "$faults"

# not_shown PRINTED FILE...: the texts of these files that what was printed does not have.
not_shown() {
    local printed=$1
    shift
    sed -n -E -e '/^(#|$|\[)/d' -e 's/^fix[0-9]=[a-z]*: //' -e 's/^[A-Za-z0-9-]*=//' -e p "$@" |
        awk -v printed="$printed" '
            BEGIN { RS = "\001"; getline all < printed; RS = "\n" }
            { texts++ }
            !index(all, $0)
            END { if (texts < 100) print "only " texts " texts" }'
}

french=$source/data/fr
missing=$(not_shown "$dir/codes" "$french"/{classes,warnings,q850,reasons}.ini "$french"/responses/*.ini)
[ -z "$missing" ] || fail "not shown: $missing"
missing=$(not_shown "$dir/findings" "$french"/findings/*.ini)
[ -z "$missing" ] || fail "not shown: $missing"

[ "$failed" -eq 0 ] && echo "$(cat "$dir/codes" "$dir/findings" | wc -l) lines"
exit "$((failed > 0))"
