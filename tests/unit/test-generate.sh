#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test-generate.sh GENERATE-TABLES DATA: every kind of fault in data/ gives status 1, one line
# "file: [group] key: reason" for it, and no output.
set -u

tool=$1
data=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0

fail() {
    echo "FAILED: $1" >&2
    failed=1
}

# broken LINE: `generate-tables` on ./data (or $folder) prints the line that matches the pattern,
# the count of faults, and nothing else. Then ./data is whole again.
broken() {
    rm -f tables.c interface.h
    "$tool" "${folder:-data}" tables.c interface.h > stdout 2> stderr
    status=$?
    [ $status -eq 1 ] || fail "$1: status $status instead of 1"
    [ -s stdout ] && fail "$1: something on stdout"
    [ -e tables.c ] || [ -e interface.h ] && fail "$1: output was written"
    # shellcheck disable=SC2254 # a pattern is meant
    case $(sed -n 1p stderr) in
    $1) ;;
    *) fail "expected \"$1\", got: $(sed -n 1p stderr)" ;;
    esac
    case $(sed -n 2p stderr) in
    'data: 1 fault'*) ;;
    *) fail "$1: not the only line: $(sed -n 2p stderr)" ;;
    esac
    [ "$(wc -l < stderr)" -eq 2 ] || fail "$1: $(wc -l < stderr) lines"
    restore
}

# What is said of the knowledge is said of English: French covers the interface alone.
restore() {
    rm -rf data
    cp -R "$data" data
    chmod -R u+w data
    french interface
}

# french PARTS: what French covers.
french() {
    sed "/^\[fr\]\$/,/^\$/s/^covers=.*/covers=$1/" data/languages.ini > edited
    cp edited data/languages.ini
}

# in_group FILE GROUP SED-COMMAND: edits the lines of one group.
in_group() {
    sed "/^\[$2\]\$/,/^\$/{
$3
}" "data/$1" > edited && ! cmp -s edited "data/$1" ||
        fail "the edit \"$3\" changed nothing in [$2] of $1"
    cp edited "data/$1"
}

# take_group FILE GROUP: deletes a group.
take_group() {
    in_group "$1" "$2" d
}

append() {
    printf '%b' "$2" >> "data/$1"
}

restore

# What is whole goes through, twice the same.
"$tool" data tables.c interface.h > stdout 2> stderr || fail 'whole data: refused'
[ -s stderr ] && fail "whole data: $(cat stderr)"
[ -s tables.c ] && [ -s interface.h ] || fail 'whole data: no output'
"$tool" data again.c again.h
cmp -s tables.c again.c && cmp -s interface.h again.h || fail 'whole data: another output'

# Groups and keys that stand twice, or nowhere.
append responses/4xx.ini '\n[486]\n'
broken 'responses/4xx.ini: \[486\] group stands twice (line *)'
append en/q850.ini '\n[17]\n'
broken 'en/q850.ini: \[17\] group stands twice (line *)'
in_group responses/4xx.ini 486 's/^category=.*/&\n&/'
broken 'responses/4xx.ini: \[486\] category: key stands twice (line *)'
in_group en/responses/4xx.ini 486 's/^next=.*/&\nnext = Something else./'
broken 'en/responses/4xx.ini: \[486\] next: key stands twice (line *)'
in_group responses/4xx.ini 486 's/^category=.*/&\ncolour=blue/'
broken 'responses/4xx.ini: \[486\] colour: is unknown here'
in_group en/responses/4xx.ini 486 's/^next=.*/&\ncause6=One too many./'
broken 'en/responses/4xx.ini: \[486\] cause6: is unknown here'
in_group en/responses/4xx.ini 486 's/^next=.*/&\nrelated-698=698 is not among the facts./'
broken 'en/responses/4xx.ini: \[486\] related-698: is unknown here'
in_group en/responses/4xx.ini 486 's/^next=.*/&\nnext[de]=Nichts./'
broken 'en/responses/4xx.ini: \[486\] next\[de\]: is unknown here'
in_group warnings.ini 370 's/^text=.*/&\ncolour=blue/'
broken 'warnings.ini: \[370\] colour: is unknown here'

# Texts.
in_group en/responses/4xx.ini 486 '/^next=/d'
broken 'en/responses/4xx.ini: \[486\] next: is missing'
in_group responses/4xx.ini 486 '/^phrase=/d'
broken 'responses/4xx.ini: \[486\] phrase: is missing'
in_group responses/4xx.ini 486 's/^phrase=.*/phrase=/'
broken 'responses/4xx.ini: \[486\] phrase: is empty'
in_group en/warnings.ini 370 '/^description1=/d'
broken 'en/warnings.ini: \[370\] description1: is missing'
in_group en/classes.ini 4xx '/^next=/d'
broken 'en/classes.ini: \[4xx\] next: is missing'
long=$(printf '%0200d' 0)
in_group en/responses/4xx.ini 486 "s/^next=.*/next=$long./"
broken 'en/responses/4xx.ini: \[486\] next: has 201 bytes, 200 are allowed'
accents=$(printf '%0100d' 0 | sed 's/0/é/g')
in_group en/responses/4xx.ini 486 "s/^next=.*/next=$accents./"
broken 'en/responses/4xx.ini: \[486\] next: has 201 bytes, 200 are allowed'
in_group en/responses/4xx.ini 486 's/^next=.*/next=No full stop/'
broken 'en/responses/4xx.ini: \[486\] next: does not end with a full stop'
in_group en/responses/4xx.ini 486 's/^next=.*/& /'
broken 'en/responses/4xx.ini: \[486\] next: begins or ends with white space'
in_group responses/4xx.ini 486 's/^phrase=.*/& /'
broken 'responses/4xx.ini: \[486\] phrase: begins or ends with white space'
in_group responses/4xx.ini 486 's/^phrase=.*/phrase=Busy\\\\Here/'
broken 'responses/4xx.ini: \[486\] phrase: holds a control character or a backslash'
in_group responses/4xx.ini 486 's/^phrase=.*/phrase=Busy\tHere/'
broken 'responses/4xx.ini: \[486\] phrase: holds a control character or a backslash'
in_group en/responses/4xx.ini 486 's/^fix1=[a-z]*: /fix1=/'
broken 'en/responses/4xx.ini: \[486\] fix*: does not begin with WHO and a colon (caller, *'
in_group en/responses/4xx.ini 486 '/^practice/d
s/^next=.*/&\npractice2=After a gap./'
broken 'en/responses/4xx.ini: \[486\] practice2: stands after a gap'

# Terms and numbers.
in_group responses/4xx.ini 486 's/^category=.*/category=weather/'
broken 'responses/4xx.ini: \[486\] category: "weather" is not one of: progress, *'
in_group responses/4xx.ini 486 's/^senders=.*/senders=user-agent;postman/'
broken 'responses/4xx.ini: \[486\] senders: "postman" is not one of: user-agent, *'
in_group responses/4xx.ini 486 's/^expected=.*/expected=maybe/'
broken 'responses/4xx.ini: \[486\] expected: "maybe" is neither yes nor no'
in_group responses/4xx.ini 486 '/^headers=/d
s/^category=.*/&\nheaders=perhaps Warning/'
broken 'responses/4xx.ini: \[486\] headers: "perhaps Warning" is not LEVEL HEADER*'
in_group q850.ini 17 's/^status=.*/status=retired/'
broken 'q850.ini: \[17\] status: is neither assigned nor unassigned'
in_group languages.ini fr 's/^covers=.*/covers=interface;menus/'
broken 'languages.ini: \[fr\] covers: "menus" is neither interface nor tables'
in_group classes.ini 4xx 's/^fallback=.*/fallback=four/'
broken 'classes.ini: \[4xx\] fallback: "four" is no number from 100 to 699'
in_group classes.ini 4xx 's/^fallback=.*/fallback=4000/'
broken 'classes.ini: \[4xx\] fallback: "4000" is no number from 100 to 699'
in_group q850.ini 17 's/^sip=.*/sip=486;-1/'
broken 'q850.ini: \[17\] sip: "-1" is no number from 100 to 699'
in_group q850.ini 17 's/^sip=.*/sip=486;486/'
broken 'q850.ini: \[17\] sip: 486 stands twice'

# Codes: related ones, their class, their order.
in_group responses/4xx.ini 486 's/^related=.*/&;698/'
in_group en/responses/4xx.ini 486 's/^next=.*/&\nrelated-698=698 does not exist./'
broken 'responses/4xx.ini: \[486\] related: 698 has no entry'
in_group responses/4xx.ini 486 's/^related=.*/&;486/'
in_group en/responses/4xx.ini 486 's/^next=.*/&\nrelated-486=486 is itself./'
broken 'responses/4xx.ini: \[486\] related: names the code itself'
in_group en/responses/4xx.ini 486 's/^related-600=600 /related-600=It /'
broken 'en/responses/4xx.ini: \[486\] related-600: does not begin with 600'
append responses/4xx.ini '\n[577]\nphrase=Out of Class\nstatus=vendor\n'
append en/responses/4xx.ini '\n[577]\nnext=Nothing.\n'
broken "responses/4xx.ini: \[577\] the group's name is no number from 400 to 499"
append responses/4xx.ini '\n[4x6]\nphrase=No Number\n'
broken "responses/4xx.ini: \[4x6\] the group's name is no number from 400 to 499"
append warnings.ini '\n[400]\ntext=x\nsource=RFC 3261 20.43\n'
append en/warnings.ini '\n[400]\ndescription1=x.\nfix1=reader: x.\n'
broken "warnings.ini: \[400\] the group's name is no number from 300 to 399"
sed -n '/^\[486\]$/,/^$/p' data/responses/4xx.ini > moved
take_group responses/4xx.ini 486
{ echo; cat moved; } >> data/responses/4xx.ini
broken 'responses/4xx.ini: \[486\] is not in ascending order'

# Words without facts, facts without words.
take_group en/responses/4xx.ini 486
broken 'en/responses/4xx.ini: \[486\] group is missing'
append en/responses/4xx.ini '\n[451]\ndescription1=Nobody knows.\nnext=Nothing.\n'
broken 'en/responses/4xx.ini: \[451\] has no facts'
append en/warnings.ini '\n[388]\ndescription1=Nobody knows.\n'
broken 'en/warnings.ini: \[388\] has no facts'
append en/classes.ini '\n[7xx]\nname=Seventh\n'
broken 'en/classes.ini: \[7xx\] is no class (1xx to 6xx)'

# Languages: a gap, {placeholders} that differ.
sed '/^any-method=/d' data/fr/interface.ini > edited && cp edited data/fr/interface.ini
broken 'fr/interface.ini: \[pages\] any-method: is missing'
sed '/^role-caller=/d' data/fr/interface.ini > edited && cp edited data/fr/interface.ini
broken 'fr/interface.ini: \[terms\] role-caller: is missing'
sed 's/^any-method=.*/& /' data/en/interface.ini > edited && cp edited data/en/interface.ini
broken 'en/interface.ini: \[pages\] any-method: begins or ends with white space'
sed 's/^\(title-reason=.*\){protocol}/\1{protocole}/' data/fr/interface.ini > edited &&
    cp edited data/fr/interface.ini
broken 'fr/interface.ini: \[pages\] title-reason: has placeholders {protocole}, * {protocol}'
sed 's/^any-method=.*/any-method={x}/' data/fr/interface.ini > edited &&
    cp edited data/fr/interface.ini
broken 'fr/interface.ini: \[pages\] any-method: has placeholders {x}, the default language has *'
in_group languages.ini en 's/^covers=.*/covers=interface/'
broken 'languages.ini: \[en\] covers: a language covers interface, and the first one tables too'

# A language that covers the knowledge has the texts of the default one, no fewer and no others.
french 'interface;tables'
take_group fr/responses/4xx.ini 486
broken 'fr/responses/4xx.ini: \[486\] group is missing'
french 'interface;tables'
take_group fr/findings/timers.ini 'never-answered'
broken 'fr/findings/timers.ini: \[never-answered\] group is missing'
french 'interface;tables'
in_group fr/responses/4xx.ini 486 '/^practice2=/d'
broken 'fr/responses/4xx.ini: \[486\] practice2: is missing'
french 'interface;tables'
in_group fr/responses/4xx.ini 404 's/^next=.*/&\npractice9=Rien de plus./'
broken 'fr/responses/4xx.ini: \[404\] practice9: has no counterpart in the default language'
french 'interface;tables'
in_group fr/findings/timers.ini request-retransmitted 's/^text=\(.*\){count}/text=\1{number}/'
broken 'fr/findings/timers.ini: \[request-retransmitted\] text: has placeholders *'
french 'interface;tables'
in_group fr/q850.ini 17 's/^description1=.*/description1=/'
broken 'fr/q850.ini: \[17\] description1: is empty'

# Files that cannot be used: that line only, not what follows from it.
folder=no-such-folder
broken 'languages.ini: cannot be read: *'
folder=
rm data/warnings.ini
broken 'warnings.ini: cannot be read: *'
rm data/en/responses/4xx.ini
broken 'en/responses/4xx.ini: cannot be read: *'
rm data/responses/4xx.ini && mkdir data/responses/4xx.ini
broken 'responses/4xx.ini: cannot be read: *'
append en/q850.ini '# \0351t\0351\n'
broken 'en/q850.ini: is not UTF-8*'
append en/q850.ini '# \0000\n[900]\n'
broken 'en/q850.ini: is not UTF-8*'
append en/q850.ini 'neither group nor key\n'
broken 'en/q850.ini: is no key file: *'
echo 'name=English' > data/languages.ini
broken 'languages.ini: is no key file: *'

# Facts that cannot be.
in_group responses/4xx.ini 486 's/^methods=.*/methods=INVTE/'
broken 'responses/4xx.ini: \[486\] methods: "INVTE" is no SIP method'
in_group responses/4xx.ini 486 's/^methods=.*/methods=any;INVITE/'
broken 'responses/4xx.ini: \[486\] methods: "any" stands beside others'
in_group responses/4xx.ini 486 's/^methods=.*/methods=INVITE;INVITE/'
broken 'responses/4xx.ini: \[486\] methods: INVITE stands twice'
in_group responses/4xx.ini 486 's/^source=.*/source=RFC 32611 21.4.24/'
broken 'responses/4xx.ini: \[486\] source: "RFC 32611 21.4.24" is not RFC NUMBER SECTION'
in_group responses/4xx.ini 486 's/^source=.*/source=somewhere/'
broken 'responses/4xx.ini: \[486\] source: a registered code has an RFC in the first place'
in_group en/responses/4xx.ini 486 's/^cause1=\(.*\)/cause1=Twice./; s/^cause2=.*/cause2=Twice./'
broken 'en/responses/4xx.ini: \[486\] cause2: says the same as another one'
cp data/responses/6xx.ini data/responses/7xx.ini
broken 'data: responses/7xx.ini is read by nobody'
in_group responses/4xx.ini 486 's/^severity=.*/severity=grave/'
broken 'responses/4xx.ini: \[486\] severity: "grave" is not one of: chat, *'

# Findings. with_finding: ./data has one, [some-thing] with a variant; the words follow their facts.
with_finding() {
    append findings/timers.ini '
[some-thing]
severity=warn
category=timeout
inferred=no
decides=yes
source=RFC 3261 17.1.1.2;some paper
variants=other

'
    append en/findings/timers.ini '
[some-thing]
label=Something there
title=something in frame {frame_a}
text=It is there, in "{frame_a}" {of}{them}.
fix1=caller: Look at {it}.

[some-thing/other]
title=something else
text=It is there.

'
}

facts=findings/timers.ini
words=en/findings/timers.ini
with_finding
"$tool" data tables.c interface.h 2> stderr || fail "a whole finding: $(cat stderr)"
grep -qx '    SIPWHY_FINDING_SOME_THING,' interface.h &&
    grep -A 1 -x '    SIPWHY_WORDING_SOME_THING,' interface.h |
    grep -qx '    SIPWHY_WORDING_SOME_THING_OTHER,' || fail 'a whole finding: not in interface.h'
restore

with_finding
in_group $facts some-thing 's/^severity=.*/severity=grave/'
broken "$facts: \[some-thing\] severity: \"grave\" is not one of: chat, *"
with_finding
in_group $facts some-thing 's/^category=.*/category=weather/'
broken "$facts: \[some-thing\] category: \"weather\" is not one of: *"
with_finding
in_group $facts some-thing 's/^inferred=.*/inferred=perhaps/'
broken "$facts: \[some-thing\] inferred: \"perhaps\" is neither yes nor no"
with_finding
in_group $facts some-thing '/^decides=/d'
broken "$facts: \[some-thing\] decides: is missing"
with_finding
in_group $facts some-thing '/^source=/d'
broken "$facts: \[some-thing\] source: is missing"
with_finding
in_group $facts some-thing 's/^source=.*/source=RFC 3261/'
broken "$facts: \[some-thing\] source: \"RFC 3261\" is not RFC NUMBER SECTION"
with_finding
in_group $facts some-thing 's/^decides=.*/&\ncolour=blue/'
broken "$facts: \[some-thing\] colour: is unknown here"
with_finding
in_group $words some-thing 's/^text=.*/&\nfix4=caller: Do it./'
broken "$words: \[some-thing\] fix4: is unknown here"
with_finding
in_group $words some-thing\\/other 's/^text=.*/&\ntext2=More./'
broken "$words: \[some-thing/other\] text2: is unknown here"
with_finding
in_group $words some-thing '/^text=/d'
broken "$words: \[some-thing\] text: is missing"
with_finding
in_group $words some-thing\\/other '/^title=/d'
broken "$words: \[some-thing/other\] title: is missing"
with_finding
in_group $words some-thing 's/^title=.*/&./'
broken "$words: \[some-thing\] title: ends with a full stop"
with_finding
in_group $words some-thing "s/^title=.*/title=$(printf '%0101d' 0)/"
broken "$words: \[some-thing\] title: has 101 bytes, 100 are allowed"
with_finding
in_group $words some-thing "s/^text=.*/text=$long./"
broken "$words: \[some-thing\] text: has 201 bytes, 200 are allowed"
with_finding
in_group $words some-thing 's/^fix1=.*/fix1=Look at it./'
broken "$words: \[some-thing\] fix1: does not begin with WHO and a colon (caller, *"

# Their labels, which their variants share.
with_finding
in_group $words some-thing '/^label=/d'
broken "$words: \[some-thing\] label: is missing"
with_finding
in_group $words some-thing 's/^label=.*/&./'
broken "$words: \[some-thing\] label: ends with a full stop"
with_finding
in_group $words some-thing "s/^label=.*/label=$(printf '%061d' 0)/"
broken "$words: \[some-thing\] label: has 61 bytes, 60 are allowed"
with_finding
in_group $words some-thing 's/^label=.*/label=Something in {frame_a}/'
broken "$words: \[some-thing\] label: holds a brace, but a label has no placeholders"
with_finding
in_group $words some-thing 's/^label=.*/label=something there/'
broken "$words: \[some-thing\] label: begins with a small letter"
with_finding
in_group $words some-thing\\/other 's/^title=.*/&\nlabel=Something else/'
broken "$words: \[some-thing/other\] label: is unknown here"

# Their placeholders.
for text in '{' '}' '{}' '{A}' '{a1}' '{a-b}' '{ a}' '{{a}}' '{a'; do
    with_finding
    in_group $words some-thing "s/^text=.*/text=It is $text./"
    broken "$words: \[some-thing\] text: holds a brace that is not of {a_placeholder}"
done
with_finding
in_group $words some-thing 's/^title=.*/title=in frame {}/'
broken "$words: \[some-thing\] title: holds a brace that is not of {a_placeholder}"
with_finding
in_group $words some-thing 's/^fix1=.*/fix1=caller: Look {there./'
broken "$words: \[some-thing\] fix1: holds a brace that is not of {a_placeholder}"

# Their ids, their variants, and words without facts.
with_finding
sed -i 's/^\[some-thing/[some_thing/' data/$facts data/$words
broken "$facts: \[some_thing\] \"some_thing\" is not of a-z, 0-9 and - alone"
with_finding
sed -i 's/^\[some-thing/[Something/' data/$facts data/$words
broken "$facts: \[Something\] \"Something\" is not of a-z, 0-9 and - alone"
with_finding
in_group $facts some-thing 's/^variants=other/variants=other one/'
sed -i 's/^\[some-thing.other/& one/' data/$words
broken "$facts: \[some-thing\] variants: \"other one\" is not of a-z, 0-9 and - alone"
with_finding
take_group $words some-thing
broken "$words: \[some-thing\] group is missing"
with_finding
take_group $words some-thing\\/other
broken "$words: \[some-thing/other\] group is missing"
with_finding
in_group $facts some-thing 's/^variants=.*/&;third/'
broken "$words: \[some-thing/third\] group is missing"
with_finding
in_group $facts some-thing '/^variants=/d'
broken "$words: \[some-thing/other\] is not among the variants of its facts"
with_finding
in_group $facts some-thing 's/^variants=.*/variants=other;other/'
broken "$facts: \[some-thing\] makes the name SOME_THING_OTHER, which $facts makes too"
append $words '\n[nowhere]\ntitle=x\ntext=It is.\n'
broken "$words: \[nowhere\] has no facts"
append $words '\n[nowhere/other]\ntitle=x\ntext=It is.\n'
broken "$words: \[nowhere/other\] has no facts"
with_finding
for file in findings/causes.ini en/findings/causes.ini; do
    sed -n '/^\[some-thing/,$p' "data/$(dirname $file)/timers.ini" |
        sed '/^variants=/d; /^\[.*other/,$d' > moved
    { echo; cat moved; } >> data/$file
done
broken "$facts: \[some-thing\] makes the name SOME_THING, which findings/causes.ini makes too"
with_finding
sed -i 's/^\[some-thing/[count/' data/$facts data/$words
broken "$facts: \[count\] makes the name COUNT, which the enumeration's end makes too"
cp data/findings/timers.ini data/findings/times.ini
broken 'data: findings/times.ini is read by nobody'
cp data/$words data/en/findings/times.ini
broken 'data: en/findings/times.ini is read by nobody'
rm data/$facts
broken "$facts: cannot be read: *"

# Two faults are two lines, and both are counted.
in_group responses/4xx.ini 486 's/^category=.*/category=weather/'
in_group q850.ini 17 's/^sip=.*/sip=4/'
"$tool" data none.c none.h 2> stderr
[ $? -eq 1 ] && [ "$(wc -l < stderr)" -eq 3 ] && grep -q '^data: 2 faults' stderr ||
    fail "two faults: $(cat stderr)"
[ -e none.c ] || [ -e none.h ] && fail 'two faults: output was written'
restore

# What stood there before stays as it was.
echo old > old.c
echo old > old.h
rm data/warnings.ini
"$tool" data old.c old.h 2> stderr
[ "$(cat old.c old.h)" = "old
old" ] || fail 'a refused run changed its output files'
restore

# Wrong usage, and an output that cannot be written.
"$tool" data > stdout 2> stderr
[ $? -eq 2 ] && grep -q '^usage: ' stderr || fail 'wrong usage: not status 2'
"$tool" data no-such-folder/tables.c interface.h > stdout 2> stderr
[ $? -eq 3 ] && [ "$(wc -l < stderr)" -eq 1 ] || fail 'unwritable output: not status 3 and a line'

exit $failed
