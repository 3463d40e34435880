/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A key file of the user's, line by line.
 */
#include "settings/key_file.h"

#include <glib.h>
#include <string.h>

static bool read_line(const SipwhyKeyFileReader *reader, void *data, unsigned number, char *line)
{
    char *equals = strchr(g_strstrip(line), '=');
    const size_t length = strlen(line);

    if (length == 0 || line[0] == '#')
        return true;
    if (line[0] == '[' && line[length - 1] == ']') {
        line[length - 1] = '\0';
        return reader->group(data, number, g_strstrip(line + 1));
    }
    if (!equals || line[0] == '[')
        return reader->other(data, number, line);
    *equals = '\0';
    return reader->key(data, number, g_strstrip(line), g_strstrip(equals + 1));
}

bool sipwhy_key_file_read(const char *text, const SipwhyKeyFileReader *reader, void *data)
{
    char **lines = g_strsplit(text, "\n", -1);
    bool right = true;

    for (unsigned i = 0; right && lines[i]; i++)
        right = read_line(reader, data, i + 1, lines[i]);
    g_strfreev(lines);
    return right;
}
