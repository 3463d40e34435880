/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What somebody who mistyped a name is likely to have meant.
 */
#include "settings/nearest.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { BYTES_MOST = 63 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    return MIN(MIN(a, b), c);
}

static bool same(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

unsigned sipwhy_distance(const char *one, const char *other)
{
    const size_t rows = strlen(one);
    const size_t columns = strlen(other);
    unsigned slips[BYTES_MOST + 1][BYTES_MOST + 1];

    if (rows > BYTES_MOST || columns > BYTES_MOST)
        return (unsigned)MIN(MAX(rows, columns), G_MAXUINT);
    for (unsigned i = 0; i <= rows; i++)
        slips[i][0] = i;
    for (unsigned j = 0; j <= columns; j++)
        slips[0][j] = j;
    for (unsigned i = 1; i <= rows; i++) {
        for (unsigned j = 1; j <= columns; j++) {
            slips[i][j] = least(slips[i - 1][j] + 1, slips[i][j - 1] + 1,
                                slips[i - 1][j - 1] + (same(one[i - 1], other[j - 1]) ? 0 : 1));
            if (i > 1 && j > 1 && same(one[i - 1], other[j - 2]) && same(one[i - 2], other[j - 1]))
                slips[i][j] = MIN(slips[i][j], slips[i - 2][j - 2] + 1);
        }
    }
    return slips[rows][columns];
}

static size_t common_start(const char *one, const char *other)
{
    size_t length = 0;

    while (one[length] && same(one[length], other[length]))
        length++;
    return length;
}

const char *sipwhy_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    unsigned fewest = (unsigned)MIN(strlen(word), BYTES_MOST) / 3 + 1; /* one more than may be */
    size_t longest = 0;

    for (; *names; names++) {
        const unsigned slips = sipwhy_distance(word, *names);
        const size_t common = common_start(word, *names);
        if (slips < fewest || (slips == fewest && nearest && common > longest)) {
            nearest = *names;
            fewest = slips;
            longest = common;
        }
    }
    return nearest;
}

char *sipwhy_suggest(SipwhyLanguage language, char *text, const char *name)
{
    if (!name)
        return text;
    char *longer = sipwhy_text_format(language, SIPWHY_TEXT_SETTINGS_NEAREST, "text", text, "name",
                                      name, NULL);
    g_free(text);
    return longer;
}
