# SPDX-License-Identifier: GPL-2.0-or-later
#
# awk -f english.awk -f translations.awk NAME LANGUAGE ENGLISH TRANSLATION: a line for each fault of
# a translated file against the English one, and status 1 if there is any. NAME is what both are
# called ("interface.ini", "responses/4xx.ini").

function fault(reason) {
    printf "%s/%s:%d: [%s] %s: %s\n", language, name, at_line, group, key, reason
    faults++
}

# The placeholders of a text in alphabetical order, {count}{count}{time}.
function placeholders(text,    list, count, i, j, swap, all) {
    count = 0
    while (match(text, /\{[^}]*\}/)) {
        list[++count] = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
    }
    for (i = 2; i <= count; i++)
        for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
            swap = list[j]
            list[j] = list[j - 1]
            list[j - 1] = swap
        }
    all = ""
    for (i = 1; i <= count; i++)
        all = all list[i]
    return all
}

# How many bytes a text may have; 0: any number. Of what the software says, origin and terms stand
# in lines of the packet tree.
function bytes_most() {
    if (name == "interface.ini")
        return group == "origin" || group == "terms" ? 200 : 0
    if (name ~ /^findings\// && key == "label")
        return 60
    if (name ~ /^findings\// && key == "title")
        return 100
    return 200
}

function check_text(text, was,    most) {
    if (text ~ /^[ \t\r]/ || text ~ /[ \t\r]$/ || index(text, NBSP) == 1 ||
        substr(text, length(text) - 1) == NBSP)
        fault("begins or ends with white space")
    most = bytes_most()
    if (most && length(text) > most)
        fault("has " length(text) " bytes, " most " are allowed")
    if (placeholders(text) != placeholders(was))
        fault("has placeholders " placeholders(text) ", English has " placeholders(was))
    if (is_fix() && who(text) != who(was))
        fault("is for \"" who(text) "\", in English for \"" who(was) "\"")
}

function is_fix() {
    return name != "interface.ini" && key ~ /^fix[0-9]$/
}

function who(text) {
    return substr(text, 1, index(text, ":"))
}

function check_french(text, was,    plain, words) {
    # What is SIP's own from end to end.
    if (text == was && length(text) > 25 && key != "verdict-parties-id" && key != "machine-call-one")
        fault("is the English text")
    words = english(text)
    if (words != "")
        fault("English:" words)
    if (index(text, "\342\200\231"))
        fault("has a typographic apostrophe")
    if (index(text, OPEN " ") || index(text, " " CLOSE))
        fault("has an ordinary blank inside " OPEN " " CLOSE)
    if (text ~ /"/ && (name != "interface.ini" || was !~ /"/))
        fault("has straight quotes")
    plain = without(text, OPEN, CLOSE, "_")
    if (index(plain, OPEN) || index(plain, CLOSE))
        fault("has a quote that is not closed, or not opened")
    if (is_fix())
        sub(/^[a-z]*: /, "", plain)
    if (name != "interface.ini" && plain ~ /[0-9}] (s|ms|min|octets|kHz|kbit\/s|secondes|minutes)([^a-z]|$)/)
        fault("has an ordinary blank before a unit")
    # "sip:" alone is a token; "12:30" goes on without a blank.
    gsub(/(sips?|tel|urn|https?):/, "_", plain)
    gsub(NBSP "[:;?!]+", "_", plain)
    gsub(NBSP, " ", plain)
    if (plain ~ /[:;?!]([ )]|$)/)
        fault("wants U+00A0 before : ; ? !")
}

BEGIN {
    name = ARGV[1]
    language = ARGV[2]
    ARGV[1] = ARGV[2] = ""
}

FNR == 1 { file++; group = key = ""; at_line = 0 }
{ at_line = FNR }
/^[ \t]*(#|$)/ { next }
/^\[.*\]$/ {
    group = substr($0, 2, length($0) - 2)
    key = ""
    entry = "[" group "]"
}
!/^\[.*\]$/ {
    at = index($0, "=")
    key = substr($0, 1, at - 1)
    entry = "[" group "] " key
}
file == 1 {
    order[++wanted] = entry
    if (key != "")
        texts[entry] = substr($0, at + 1)
    known[entry] = 1
    next
}
{
    present[entry] = 1
    found[++have] = entry
    if (!(entry in known))
        fault("English has no such " (key == "" ? "group" : "key"))
    else if (key != "") {
        check_text(substr($0, at + 1), texts[entry])
        if (language == "fr")
            check_french(substr($0, at + 1), texts[entry])
    }
}

END {
    for (i = 1; i <= wanted; i++)
        if (!(order[i] in present)) {
            printf "%s/%s: %s: is missing\n", language, name, order[i]
            faults++
        }
    for (i = 1; !faults && i <= wanted; i++)
        if (order[i] != found[i]) {
            printf "%s/%s: %s: stands where English has %s\n", language, name, found[i], order[i]
            faults++
        }
    if (!faults && have != wanted) {
        printf "%s/%s: %s: stands twice\n", language, name, found[have]
        faults++
    }
    exit faults > 0
}
