/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file of the user's, whole: a policy, a baseline, local knowledge.
 */
#include "settings/read_file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

char *sipwhy_file_error(const char *file, unsigned line, char *text)
{
    char *shown = sipwhy_printable_text(file, strlen(file));
    char *error = line > 0 ? g_strdup_printf("%s:%u: %s", shown, line, text)
                           : g_strdup_printf("%s: %s", shown, text);

    g_free(shown);
    g_free(text);
    return error;
}

static char *unreadable(const char *file, int reason, SipwhyLanguage language)
{
    return sipwhy_file_error(file, 0,
                             sipwhy_text_format(language, SIPWHY_TEXT_FILE_UNREADABLE, "reason",
                                                g_strerror(reason), NULL));
}

static unsigned line_of(const char *text, const char *place)
{
    unsigned line = 1;

    for (; text < place; text++)
        line += *text == '\n';
    return line;
}

/* What is wrong with the bytes as a text; NULL: nothing. */
static char *find_fault(const char *file, const GString *bytes, size_t most,
                        SipwhyLanguage language)
{
    const char *end = NULL;

    if (bytes->len > most)
        return sipwhy_file_error(file, 0,
                                 g_strdup(sipwhy_text(language, SIPWHY_TEXT_FILE_TOO_LONG)));
    if (g_utf8_validate(bytes->str, (gssize)bytes->len, &end))
        return NULL;
    const SipwhyText text = *end == '\0' ? SIPWHY_TEXT_FILE_HAS_NUL : SIPWHY_TEXT_FILE_IS_NOT_UTF8;
    return sipwhy_file_error(file, line_of(bytes->str, end), g_strdup(sipwhy_text(language, text)));
}

/* Reads no more than it has to: it may be a device without an end. */
static bool read_bytes(FILE *stream, size_t most, GString *bytes)
{
    char piece[4096];
    size_t length;

    while (bytes->len <= most && (length = fread(piece, 1, sizeof piece, stream)) > 0)
        g_string_append_len(bytes, piece, (gssize)length);
    return !ferror(stream);
}

char *sipwhy_file_read(const char *file, size_t most, SipwhyLanguage language, char **error)
{
    GString *bytes = g_string_new(NULL);
    FILE *stream = g_fopen(file, "rb");

    *error = NULL;
    if (!stream || !read_bytes(stream, most, bytes))
        *error = unreadable(file, errno, language);
    else
        *error = find_fault(file, bytes, most, language);
    if (stream)
        fclose(stream);
    if (!*error && g_str_has_prefix(bytes->str, BYTE_ORDER_MARK))
        g_string_erase(bytes, 0, (gssize)strlen(BYTE_ORDER_MARK));
    return g_string_free(bytes, *error != NULL);
}
