# SPDX-License-Identifier: GPL-2.0-or-later
#
# english(TEXT): the common English words in a French text, each behind a blank. What stands in
# « », in braces or in straight quotes is somebody's own words, and does not count.
# For any awk that takes bytes (LC_ALL=C): NBSP, OPEN and CLOSE are two bytes each.

BEGIN {
    NBSP = "\302\240"
    OPEN = "\302\253"
    CLOSE = "\302\273"
    # As they are written: From, To, Call and Not are header names and phrases. "on" and "an", say, are French.
    n = split("the and with which of is are that this these was were when where what how then than should " \
              "must has have had been its it be by not from to into will can cannot does did other others each " \
              "every only because before after between their there they you your " \
              "The And With Which Of Is Are That This These When Where What How If It Its Then You Your", list, " ")
    for (i = 1; i <= n; i++)
        english_words[list[i]] = 1
}

# Without what stands between two marks, the marks included; the marks differ.
function without(text, from, to, mark,    at, end, rest) {
    while ((at = index(text, from)) > 0) {
        rest = substr(text, at + length(from))
        if ((end = index(rest, to)) == 0)
            break
        text = substr(text, 1, at - 1) mark substr(rest, end + length(to))
    }
    return text
}

function english(text,    words, count, i, word, found) {
    text = without(text, OPEN, CLOSE, "_")
    gsub(/\{[^}]*\}/, "_", text)
    gsub(/"[^"]*"/, "_", text)
    gsub(NBSP, " ", text)
    count = split(text, words, /[ \t]+/)
    found = ""
    for (i = 1; i <= count; i++) {
        word = words[i]
        gsub(/^[(\[*'`]+|[])*'`.,;:!?]+$/, "", word)
        if (word in english_words)
            found = found " " word
    }
    return found
}
