#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test-translations.sh DATA: each language has the files, groups, keys and placeholders of the first
# one, in its order and within its limits; in French nothing stands in English, and its no-break
# spaces are there. Then a copy is broken in every one of these ways, and each must be noticed.
set -u
export LC_ALL=C

data=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
nbsp=$'\302\240'

fail() {
    echo "FAILED: $1" >&2
    failed=1
}

# check DATA: a line for each fault.
check() {
    (
        cd "$1" || exit
        first=$(sed -n 's/^\[\(.*\)\]$/\1/p' languages.ini | head -n 1)
        for language in $(sed -n 's/^\[\(.*\)\]$/\1/p' languages.ini | tail -n +2); do
            covers=$(sed -n "/^\[$language\]\$/,/^\$/s/^covers=//p" languages.ini)
            for name in $( (cd "$first" && find . -name '*.ini') | sort) \
                $( (cd "$language" && find . -name '*.ini') | sort); do
                name=${name#./}
                part=tables
                [ "$name" = interface.ini ] && part=interface
                case ";$covers;" in *";$part;"*) ;; *) continue ;; esac
                echo "$language $name"
            done | sort -u | while read -r language name; do
                if [ ! -f "$first/$name" ]; then
                    echo "$language/$name: $first has no such file"
                elif [ ! -f "$language/$name" ]; then
                    echo "$language/$name: is missing"
                else
                    awk -f "$here/english.awk" -f "$here/translations.awk" "$name" "$language" \
                        "$first/$name" "$language/$name" || true
                fi
            done
        done
    )
}

# The data as it is.
faults=$(check "$data")
[ -z "$faults" ] || fail "$faults"
[ "$(sed -n 's/^\[\(.*\)\]$/\1/p' "$data/languages.ini" | wc -l)" -ge 2 ] || fail 'found no translation'

# A few files of it, to be broken.
restore() {
    rm -rf "$dir/data"
    mkdir -p "$dir/data/en/findings" "$dir/data/fr/findings"
    cp "$data/languages.ini" "$dir/data"
    for name in interface.ini warnings.ini findings/timers.ini; do
        cp "$data/en/$name" "$dir/data/en/$name"
        cp "$data/fr/$name" "$dir/data/fr/$name"
    done
    chmod -R u+w "$dir/data"
}

# broken LINE: check finds one fault, a line that matches the pattern. Then the copy is whole again.
broken() {
    faults=$(check "$dir/data")
    # shellcheck disable=SC2254 # a pattern is meant
    case $faults in
    *$'\n'*) fail "$1: more than one line: $faults" ;;
    $1) ;;
    *) fail "expected \"$1\", got: \"$faults\"" ;;
    esac
    restore
}

# edit FILE GROUP SED-COMMAND: edits the lines of one group.
edit() {
    sed "/^\[$2\]\$/,/^\$/{
$3
}" "$dir/data/$1" > "$dir/edited"
    ! cmp -s "$dir/edited" "$dir/data/$1" || fail "the edit \"$3\" changed nothing in [$2] of $1"
    cp "$dir/edited" "$dir/data/$1"
}

# text FILE GROUP KEY TEXT: writes a French text.
text() {
    edit "fr/$1" "$2" "s|^$3=.*|$3=$4|"
}

restore
broken ''

# Files, groups and keys.
rm "$dir/data/fr/warnings.ini"
broken 'fr/warnings.ini: is missing'
cp "$dir/data/fr/warnings.ini" "$dir/data/fr/strangers.ini"
broken 'fr/strangers.ini: en has no such file'
edit fr/warnings.ini 370 '/^cause1=/d'
broken 'fr/warnings.ini: \[370\] cause1: is missing'
edit en/warnings.ini 370 '/^cause1=/d'
broken 'fr/warnings.ini:*: \[370\] cause1: English has no such key'
sed -i '$d' "$dir/data/en/warnings.ini" # its last text
broken 'fr/warnings.ini:*: English has no such key'
printf '\n[398]\n' >> "$dir/data/fr/warnings.ini"
broken 'fr/warnings.ini:*: \[398\] *: English has no such group'
printf '\n[398]\n' >> "$dir/data/en/warnings.ini"
broken 'fr/warnings.ini: \[398\]: is missing'
edit fr/warnings.ini 370 '/^fix1=/{
h
d
}
/^fix2=/G'
broken 'fr/warnings.ini: \[370\] fix2: stands where English has \[370\] fix1'
edit fr/warnings.ini 370 '/^cause1=/{
p
}'
broken 'fr/warnings.ini: *: stands *'

# What holds in any language: placeholders, ends, lengths, WHO.
edit fr/findings/timers.ini request-retransmitted '/^text=/s/{count}/{number}/'
broken 'fr/findings/timers.ini:*: \[request-retransmitted\] text: has placeholders *{number}*, English has *'
edit fr/interface.ini pages '/^any-method=/s/$/ {count}/'
broken 'fr/interface.ini:*: \[pages\] any-method: has placeholders {count}, English has '
edit fr/warnings.ini 370 '/^cause1=/s/$/ /'
broken 'fr/warnings.ini:*: \[370\] cause1: begins or ends with white space'
edit fr/warnings.ini 370 "/^cause1=/s/\$/$nbsp/"
broken 'fr/warnings.ini:*: \[370\] cause1: begins or ends with white space'
edit fr/interface.ini pages "/^any-method=/s/=/=$nbsp/"
broken 'fr/interface.ini:*: \[pages\] any-method: begins or ends with white space'
text warnings.ini 370 cause1 "$(printf '%0200d' 0)."
broken 'fr/warnings.ini:*: \[370\] cause1: has 201 bytes, 200 are allowed'
text warnings.ini 370 cause1 "$(printf '%0100d' 0 | sed 's/0/é/g')."
broken 'fr/warnings.ini:*: \[370\] cause1: has 201 bytes, 200 are allowed'
text findings/timers.ini request-retransmitted label "$(printf '%061d' 0)"
broken 'fr/findings/timers.ini:*: \[request-retransmitted\] label: has 61 bytes, 60 are allowed'
edit en/findings/timers.ini request-retransmitted 's/^title=.*/title=x/'
text findings/timers.ini request-retransmitted title "$(printf '%0101d' 0)"
broken 'fr/findings/timers.ini:*: \[request-retransmitted\] title: has 101 bytes, 100 are allowed'
text interface.ini terms sender-gateway "$(printf '%0201d' 0)"
broken 'fr/interface.ini:*: \[terms\] sender-gateway: has 201 bytes, 200 are allowed'
text interface.ini pages any-method "$(printf '%0900d' 0)" # whatever has no limit
broken ''
edit fr/warnings.ini 370 's/^fix1=[a-z]*: /fix1=nobody: /'
broken 'fr/warnings.ini:*: \[370\] fix1: is for "nobody:", in English for "*:"'

# English in French.
edit en/warnings.ini 370 's/^cause1=.*/cause1=Kamailio, OpenSIPS, Asterisk, FreeSWITCH./'
text warnings.ini 370 cause1 'Kamailio, OpenSIPS, Asterisk, FreeSWITCH.'
broken 'fr/warnings.ini:*: \[370\] cause1: is the English text'
for word in the and with which of is are The; do
    text warnings.ini 370 cause1 "Une passerelle $word une limite."
    broken "fr/warnings.ini:*: \[370\] cause1: English: $word"
done
text warnings.ini 370 cause1 "Limite ($word), ou le lien."
broken "fr/warnings.ini:*: \[370\] cause1: English: The"
text interface.ini pages any-method 'Any method that you like'
broken 'fr/interface.ini:*: \[pages\] any-method: English: that you'
text warnings.ini 370 cause1 "La phrase «${nbsp}the call is gone${nbsp}» et From, To, Call-ID, method=is, a;b=of."
broken ''

# French typography.
text warnings.ini 370 cause1 "La phrase « x$nbsp» le dit."
broken 'fr/warnings.ini:*: \[370\] cause1: has an ordinary blank inside *'
text warnings.ini 370 cause1 "La phrase «${nbsp}x » le dit."
broken 'fr/warnings.ini:*: \[370\] cause1: has an ordinary blank inside *'
text warnings.ini 370 cause1 "La phrase «${nbsp}x le dit."
broken 'fr/warnings.ini:*: \[370\] cause1: has a quote that is not closed, or not opened'
text warnings.ini 370 cause1 'La phrase "x" le dit.'
broken 'fr/warnings.ini:*: \[370\] cause1: has straight quotes'
text interface.ini pages any-method 'Toute "méthode"'
broken 'fr/interface.ini:*: \[pages\] any-method: has straight quotes'
edit en/interface.ini pages 's/^any-method=.*/any-method=sip.Method == "INVITE"/'
text interface.ini pages any-method 'sip.Method == "BYE"'
broken ''
text warnings.ini 370 cause1 $'La limite de l\342\200\231appel.'
broken 'fr/warnings.ini:*: \[370\] cause1: has a typographic apostrophe'
text interface.ini pages any-method $'Toute méthode d\342\200\231ici'
broken 'fr/interface.ini:*: \[pages\] any-method: has a typographic apostrophe'
for mark in : ';' '?' '!'; do
    for blank in '' ' '; do
        text warnings.ini 370 cause1 "Une limite$blank$mark le lien."
        broken 'fr/warnings.ini:*: \[370\] cause1: wants U+00A0 before : ; ? !'
        text interface.ini pages any-method "Méthode$blank$mark"
        broken 'fr/interface.ini:*: \[pages\] any-method: wants U+00A0 before : ; ? !'
    done
    text warnings.ini 370 cause1 "Une limite$nbsp$mark le lien."
    broken ''
done
text warnings.ini 370 cause1 "À 12:30, en tel: ou sips:, sip:a@b;lr?x=y, https://example.org, «${nbsp}Reason: SIP${nbsp}» et m= suivent."
broken ''
text warnings.ini 370 cause1 'Après 32 s sans réponse.'
broken 'fr/warnings.ini:*: \[370\] cause1: has an ordinary blank before a unit'

exit $failed
