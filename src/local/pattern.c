/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A regular expression of the user's, whose costs are bounded whatever stands in it.
 */
#include "local/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

/* What GRegex compiles takes some ten bytes for each of these at most. */
enum { COST_MOST = 20000 };

/* PCRE2 counts its steps anew at each place where a match might begin. So the pattern is made to
 * begin at the start, with a lazy gap of its own that is counted like the rest. */
static const char LIMITS[] =
    "(*LIMIT_MATCH=100000)(*LIMIT_DEPTH=10000)(*LIMIT_HEAP=16384)(*NO_JIT)";
static const char GAP[] = "\\A(?s:.*?)(?:";

struct SipwhyPattern {
    char *text;
    GRegex *regex;
};

size_t sipwhy_pattern_cost(const char *text)
{
    size_t cost = strlen(text);

    /* Of a repeated group there are as many copies; a single character is only counted. With (?x),
     * blanks may stand before and in the braces. */
    for (const char *at = text; (at = strchr(at, '{')); at++) {
        const char *before = at;
        while (before > text && g_ascii_isspace(before[-1]))
            before--;
        if (before == text || before[-1] != ')')
            continue;
        char *end;
        unsigned long copies = strtoul(at + 1, &end, 10);
        while (g_ascii_isspace(*end))
            end++;
        if (*end == ',')
            copies = MAX(strtoul(end + 1, NULL, 10), copies + 1);
        cost = MIN(cost * CLAMP(copies, 1, COST_MOST), COST_MOST + 1);
    }
    return cost;
}

/* What GRegex says is wrong, without the pattern itself: "missing closing parenthesis". */
static char *reason_of(const GError *error)
{
    const char *colon = g_strrstr(error->message, ": ");

    return sipwhy_printable_text(colon ? colon + 2 : error->message,
                                 strlen(colon ? colon + 2 : error->message));
}

/* Whether it calls itself as a whole: that would begin at the start each time, with the gap. */
static bool calls_itself(const char *text)
{
    static const char *const calls[] = {"(?R)", "(?0)", "\\g<0>", "\\g'0'"};

    for (unsigned i = 0; i < G_N_ELEMENTS(calls); i++)
        if (strstr(text, calls[i]))
            return true;
    return false;
}

/* What PCRE2 would take, and is not wanted. */
static bool is_refused(const char *text, SipwhyLanguage language, char **error)
{
    char *most = g_strdup_printf("%d", SIPWHY_PATTERN_BYTES_MOST);

    *error = NULL;
    if (!*text)
        *error = g_strdup(sipwhy_text(language, SIPWHY_TEXT_LOCAL_EMPTY));
    else if (strlen(text) > SIPWHY_PATTERN_BYTES_MOST)
        *error = sipwhy_text_format(language, SIPWHY_TEXT_LOCAL_PATTERN_LONG, "most", most, NULL);
    else if (g_str_has_prefix(text, "(*"))
        *error = g_strdup(sipwhy_text(language, SIPWHY_TEXT_LOCAL_PATTERN_VERB));
    else if (strstr(text, "\\C")) /* would leave a character in its middle */
        *error = g_strdup(sipwhy_text(language, SIPWHY_TEXT_LOCAL_PATTERN_BYTE));
    else if (calls_itself(text))
        *error = g_strdup(sipwhy_text(language, SIPWHY_TEXT_LOCAL_PATTERN_WHOLE));
    else if (sipwhy_pattern_cost(text) > COST_MOST)
        *error = g_strdup(sipwhy_text(language, SIPWHY_TEXT_LOCAL_PATTERN_COSTLY));
    g_free(most);
    return *error != NULL;
}

static GRegex *compile(const char *before, const char *text, const char *behind, GError **fault)
{
    char *whole = g_strconcat(LIMITS, before, text, behind, NULL);
    GRegex *regex = g_regex_new(whole, G_REGEX_CASELESS, 0, fault);

    g_free(whole);
    return regex;
}

SipwhyPattern *sipwhy_pattern_new(const char *text, SipwhyLanguage language, char **error)
{
    GError *fault = NULL;

    if (is_refused(text, language, error))
        return NULL;
    /* By itself first: in a group, "a)|(b" would be right. */
    GRegex *regex = compile("(?#)", text, "", &fault);
    if (regex) {
        g_regex_unref(regex);
        /* A line end closes a comment of (?x), in which the bracket would stand. */
        regex = compile(GAP, text, ")", NULL);
        if (!regex)
            regex = compile(GAP, text, "\n)", &fault);
    }
    if (fault) {
        char *reason = reason_of(fault);
        *error = sipwhy_text_format(language, SIPWHY_TEXT_LOCAL_PATTERN, "reason", reason, NULL);
        g_free(reason);
        g_error_free(fault);
        return NULL;
    }
    SipwhyPattern *pattern = g_new(SipwhyPattern, 1);
    pattern->text = g_strdup(text);
    pattern->regex = regex;
    return pattern;
}

void sipwhy_pattern_free(SipwhyPattern *pattern)
{
    if (!pattern)
        return;
    g_regex_unref(pattern->regex);
    g_free(pattern->text);
    g_free(pattern);
}

bool sipwhy_pattern_is_slow(const SipwhyPattern *pattern)
{
    enum { ROWS_MOST = 12 };
    char *letters = g_strconcat("a1 .", pattern->text, NULL);
    char tried[ROWS_MOST + 1] = "";
    bool is_slow = false;

    for (const char *c = letters; *c && !is_slow && strlen(tried) < ROWS_MOST; c++) {
        if (!g_ascii_isprint(*c) || strchr(tried, *c))
            continue;
        tried[strlen(tried)] = *c;
        /* What stands behind the row keeps it from matching, and has the characters without which
         * PCRE2 would not even begin. */
        char *line = g_strnfill(SIPWHY_SUBJECT_BYTES_MOST - strlen(pattern->text), *c);
        char *row = g_strconcat(line, *c == '!' ? "\"" : "!", pattern->text, NULL);
        g_free(line);
        is_slow = sipwhy_pattern_match(pattern, row) == SIPWHY_PATTERN_TAKES_LONG;
        g_free(row);
    }
    g_free(letters);
    return is_slow;
}

SipwhyMatch sipwhy_pattern_match(const SipwhyPattern *pattern, const char *subject)
{
    GError *fault = NULL;
    const gboolean matches = g_regex_match_full(pattern->regex, subject, -1, 0, 0, NULL, &fault);

    if (fault) {
        g_error_free(fault);
        return SIPWHY_PATTERN_TAKES_LONG;
    }
    return matches ? SIPWHY_PATTERN_MATCHES : SIPWHY_PATTERN_FAILS;
}
