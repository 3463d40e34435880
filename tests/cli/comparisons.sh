#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No sentence stands twice in what `sipwhy compare` says: all pairs of 4xx codes, each other code
# with its successor, and whole classes at once.
#
# usage: comparisons.sh SIPWHY
set -u
export LC_ALL=C.UTF-8
unset LANGUAGE NO_COLOR POSIXLY_CORRECT
sipwhy=$1

codes_of() {
    "$sipwhy" list "$1" | sed -n 's/^  \([1-6][0-9][0-9]\) .*/\1/p'
}

compare() {
    echo "@ $*"
    "$sipwhy" compare "$@" || echo "@@ exit code $?"
}

compare_all() {
    mapfile -t clients < <(codes_of 4xx)
    for ((i = 0; i < ${#clients[@]}; i++)); do
        for ((j = i + 1; j < ${#clients[@]}; j++)); do
            compare "${clients[i]}" "${clients[j]}"
        done
    done
    before=
    for code in $(codes_of codes); do
        [ -z "$before" ] || compare "$code" "$before"
        before=$code
    done
    for class in 1xx 2xx 3xx 4xx 5xx 6xx; do
        mapfile -t codes < <(codes_of "$class")
        compare "${codes[@]}"
    done
    compare 497 498
    compare 199 299 399 499 599 699
    compare 497 698 400 600
    compare 486 600 --lang fr
    compare 497 498 --lang fr
}

# A sentence: of three words or more, up to a full stop that a capital or the line's end follows.
compare_all | awk '
    function judge(sentence) {
        if (sentence !~ / .* .*\.$/ || sentence !~ /[a-z]/) # methods are no sentence
            return
        if (sentence in seen) {
            printf "FAILED compare %s: stands twice: %s\n", pair, sentence
            failed++
        }
        seen[sentence] = 1
    }
    /^@@/ { printf "FAILED compare %s: %s\n", pair, $0; failed++; next }
    /^@ / { pair = substr($0, 3); pairs++; delete seen; delete values; next }
    /^    [1-6][0-9][0-9]/ { # one value of a fact: those that are equal stand together
        value = $0
        sub(/^    [0-9, ]+  /, "", value)
        if (value in values) {
            printf "FAILED compare %s: not grouped: %s\n", pair, value
            failed++
        }
        values[value] = 1
    }
    /^  [^ ]/ { delete values }
    {
        line = $0
        sub(/^ +/, "", line)
        sub(/^- /, "", line)
        sub(/^[1-6][0-9][0-9](, [1-6][0-9][0-9])*  +/, "", line)
        sub(/^[A-Z][A-Za-z0-9.\/ ]*  +/, "", line) # the label of a fact
        sub(/^[A-Z][A-Za-z0-9 ]*: /, "", line)     # who carries out a fix
        while (match(line, /\. [A-Z]/)) {
            judge(substr(line, 1, RSTART))
            line = substr(line, RSTART + 2)
        }
        judge(line)
    }
    END {
        printf "%d comparisons, %d failed\n", pairs, failed
        exit failed > 0 || pairs < 1000
    }'
