/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the sources that data/ names can be read.
 */
#include "reference.h"

#include <string.h>

#include <glib.h>

char *sipwhy_source_url(const char *source)
{
    char **words = g_strsplit(source, " ", -1);
    const unsigned count = g_strv_length(words);
    char *url = NULL;

    if (count == 3 && strcmp(words[0], "RFC") == 0)
        url =
            g_strdup_printf("https://www.rfc-editor.org/rfc/rfc%s#section-%s", words[1], words[2]);
    else if (count == 2 && strcmp(words[0], "RFC") == 0)
        url = g_strdup_printf("https://www.rfc-editor.org/rfc/rfc%s", words[1]);
    g_strfreev(words);
    return url;
}
