/* SPDX-License-Identifier: GPL-2.0-or-later
 * Quoted bytes in a scenario: "text\r\n\x00" * 3 "more". */
#include "quoted.h"

#include <string.h>

enum { MAX_REPEAT = 1000000, MAX_BYTES = 4000000 };

static const gchar *append_escape(GString *bytes, const gchar **at)
{
    static const struct {
        gchar letter, byte;
    } letters[] = {{'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'0', '\0'}, {'"', '"'}, {'\\', '\\'}};
    const gchar *p = *at;

    if (*p == 'x') {
        if (!g_ascii_isxdigit(p[1]) || !g_ascii_isxdigit(p[2]))
            return "\\x needs two hexadecimal digits";
        g_string_append_c(bytes,
                          (gchar)(g_ascii_xdigit_value(p[1]) * 16 + g_ascii_xdigit_value(p[2])));
        *at = p + 3;
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(letters); i++) {
        if (*p == letters[i].letter) {
            g_string_append_c(bytes, letters[i].byte);
            *at = p + 1;
            return NULL;
        }
    }
    return "unknown escape (known: \\r \\n \\t \\0 \\\" \\\\ \\xHH)";
}

static void skip_blanks(const gchar **at)
{
    *at += strspn(*at, " \t");
}

/* One "..." with its repetition; *at is on the opening quote. */
static const gchar *append_one(GString *bytes, const gchar **at)
{
    gsize start = bytes->len;
    const gchar *p = *at + 1;
    const gchar *reason = NULL;

    while (*p && *p != '"' && !reason) {
        if (*p != '\\') {
            g_string_append_c(bytes, *p++);
            continue;
        }
        p++;
        reason = append_escape(bytes, &p);
    }
    if (reason)
        return reason;
    if (!*p)
        return "closing quote missing";
    p++;
    skip_blanks(&p);
    if (*p == '*') {
        gchar *end = NULL;
        gsize len = bytes->len - start;
        guint64 times = g_ascii_strtoull(p + 1, &end, 10);

        if (times < 1 || times > MAX_REPEAT || len * times > MAX_BYTES)
            return "a repetition is * and a number, up to 4000000 bytes in all";
        GString *unit = g_string_new_len(bytes->str + start, (gssize)len);
        for (guint64 i = 1; i < times; i++)
            g_string_append_len(bytes, unit->str, (gssize)len);
        g_string_free(unit, TRUE);
        p = end;
        skip_blanks(&p);
    }
    *at = p;
    return NULL;
}

const gchar *quoted_append(GString *bytes, const gchar *text, const gchar **rest)
{
    const gchar *at = text;
    const gchar *reason = NULL;

    skip_blanks(&at);
    if (*at != '"')
        return "\"quoted text\" expected";
    while (*at == '"' && !reason)
        reason = append_one(bytes, &at);
    if (!reason && *at && !rest)
        return "something follows the quoted text";
    if (rest)
        *rest = at;
    return reason;
}
