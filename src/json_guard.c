/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What json-glib had better not see.
 */
#include "json_guard.h"

#include <glib.h>
#include <string.h>

/* The four hexadecimal digits of an escape that begins at `escape` ("\ud83d"); -1: it is none. */
static int read_unit(const char *escape, const char *end)
{
    enum { DIGITS = 4 };
    int unit = 0;

    if (end - escape < DIGITS + 2 || escape[0] != '\\' || escape[1] != 'u')
        return -1;
    for (unsigned i = 2; i < DIGITS + 2; i++) {
        if (!g_ascii_isxdigit(escape[i]))
            return -1;
        unit = unit * 16 + g_ascii_xdigit_value(escape[i]);
    }
    return unit;
}

/* How long an escape is, a surrogate pair (RFC 8259 7) being one; 0: half a pair. */
static size_t escape_length(const char *escape, const char *end)
{
    enum { SHORT = 2, UNIT = 6, HIGH = 0xd800, LOW = 0xdc00, BEHIND = 0xe000 };
    const int unit = read_unit(escape, end);

    if (unit < HIGH || unit >= BEHIND)
        return SHORT;
    const int low = unit < LOW ? read_unit(escape + UNIT, end) : -1;
    return low >= LOW && low < BEHIND ? (size_t)2 * UNIT : 0;
}

/* What stands outside of strings in JSON. */
static bool is_structure(char byte)
{
    static const bool structure[256] = {
        [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true, ['['] = true, [']'] = true,
        ['{'] = true, ['}'] = true,  [':'] = true,  [','] = true,  ['"'] = true, ['+'] = true,
        ['-'] = true, ['.'] = true,  ['E'] = true,  ['e'] = true,  ['t'] = true, ['r'] = true,
        ['u'] = true, ['f'] = true,  ['a'] = true,  ['l'] = true,  ['s'] = true, ['n'] = true};

    return structure[(unsigned char)byte] || g_ascii_isdigit(byte);
}

/* The end of the string whose opening quote is before `at`, or NULL. */
static const char *end_of_string(const char *at, const char *end)
{
    while (at < end && *at != '"') {
        const size_t length = *at == '\\' ? escape_length(at, end) : 1;
        if (length == 0 || length > (size_t)(end - at))
            return NULL;
        at += length;
    }
    return at < end ? at : NULL;
}

bool sipwhy_json_is_harmless(const char *text, size_t length, unsigned depth_most)
{
    const char *end = text + length;
    unsigned depth = 0;

    for (const char *at = text; at < end; at++) {
        if (*at == '"')
            at = end_of_string(at + 1, end);
        else if (!is_structure(*at) || ((*at == '[' || *at == '{') && ++depth > depth_most))
            return false;
        else if ((*at == ']' || *at == '}') && depth > 0)
            depth--;
        if (!at)
            return false;
    }
    return true;
}
