/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words that people type for codes and classes.
 */
#include "parse.h"

#include <string.h>

#include <glib.h>

bool sipwhy_is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

bool sipwhy_parse_number(const char *text, unsigned most, unsigned *number)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 0, most, &value, NULL))
        return false;
    *number = (unsigned)value;
    return true;
}

unsigned sipwhy_parse_class(const char *text)
{
    if (strlen(text) == 3 && text[0] >= '1' && text[0] <= '6' &&
        g_ascii_strcasecmp(text + 1, "xx") == 0)
        return (unsigned)(text[0] - '0');
    return 0;
}

bool sipwhy_is_no_class(const char *text)
{
    return strlen(text) == 3 && g_ascii_isdigit(text[0]) &&
           g_ascii_strcasecmp(text + 1, "xx") == 0 && !sipwhy_parse_class(text);
}
