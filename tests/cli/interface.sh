#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every text of data/en/interface.ini is used by the code, each language has the same keys in the
# same order, and French has its no-break spaces.
#
# usage: interface.sh SOURCE
set -u
export LC_ALL=C.UTF-8
data=$1/data
failed=0

complain() {
    echo "FAILED: $1"
    failed=$((failed + 1))
}

groups_and_keys() {
    sed -n -e 's/^\(\[.*\]\)$/\1/p' -e 's/^\([a-z0-9-]*\)=.*/\1/p' "$1"
}

# [terms] is checked by the generator.
keys=0
group=
while IFS= read -r key; do
    case $key in
    '['*) group=$key ;;
    *)
        case $group in
        '[terms]') continue ;;
        esac
        keys=$((keys + 1))
        name=SIPWHY_TEXT_$(tr 'a-z-' 'A-Z_' <<<"$key")
        grep -rqw --include='*.[ch]' "$name" "$1/src" "$1/plugin" ||
            complain "$group $key is used nowhere in src/ or plugin/"
        ;;
    esac
done < <(groups_and_keys "$data/en/interface.ini")
[ "$keys" -gt 50 ] || complain "found only $keys keys"

for file in "$data"/*/interface.ini; do
    difference=$(diff <(groups_and_keys "$data/en/interface.ini") <(groups_and_keys "$file")) ||
        complain "$file: keys differ from the English ones: $difference"
done

ordinary=$(grep -nE '^[a-z0-9-]+=.*( [:;?!»]|« )' "$data/fr/interface.ini") &&
    complain "French wants U+00A0 here: $ordinary"

[ "$failed" -eq 0 ] && echo "$keys keys"
exit "$((failed > 0))"
