/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words of the command line that name codes and classes.
 */
#include <string.h>

#include "cli.h"

gboolean cli_is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

gboolean cli_parse_number(const char *text, unsigned most, unsigned *number)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 0, most, &value, NULL))
        return FALSE;
    *number = (unsigned)value;
    return TRUE;
}

unsigned cli_parse_class(const char *text)
{
    if (strlen(text) == 3 && text[0] >= '1' && text[0] <= '6' &&
        g_ascii_strcasecmp(text + 1, "xx") == 0)
        return (unsigned)(text[0] - '0');
    return 0;
}

gboolean cli_is_no_class(const char *text)
{
    return strlen(text) == 3 && g_ascii_isdigit(text[0]) &&
           g_ascii_strcasecmp(text + 1, "xx") == 0 && !cli_parse_class(text);
}
