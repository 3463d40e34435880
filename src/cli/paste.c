/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SIP responses in a text that somebody pasted.
 */
#include "paste.h"

#include <string.h>

#include "message.h"

static const char QUOTE_MARKS[] = " \t>|";

gboolean paste_is_capture(const GString *bytes)
{
    static const unsigned char magics[][4] = {{0xd4, 0xc3, 0xb2, 0xa1},
                                              {0xa1, 0xb2, 0xc3, 0xd4},
                                              {0x4d, 0x3c, 0xb2, 0xa1},
                                              {0xa1, 0xb2, 0x3c, 0x4d},
                                              {0x0a, 0x0d, 0x0d, 0x0a}};

    for (unsigned i = 0; i < G_N_ELEMENTS(magics); i++)
        if (bytes->len >= sizeof magics[i] && memcmp(bytes->str, magics[i], sizeof magics[i]) == 0)
            return TRUE;
    return FALSE;
}

/* A log that writes each message in one line has its line ends as \r\n, written out. */
static void unescape_line_ends(GString *text)
{
    g_string_replace(text, "\\r\\n", "\n", 0);
    g_string_replace(text, "\\n", "\n", 0);
}

/* Where "SIP/2.0 ddd" begins in a line, or NULL. */
static const char *find_version(const char *line)
{
    static const char version[] = "SIP/2.0 ";

    for (const char *at = line; *at; at++) {
        SipwhyMessage message;
        if (g_ascii_strncasecmp(at, version, strlen(version)) == 0 &&
            sipwhy_message_scan(at, strcspn(at, "\r\n"), SIPWHY_FRAMING_DATAGRAM, &message) &&
            message.is_response)
            return at;
    }
    return NULL;
}

/* A line below the status line without what stood before that in its own line. Quote marks and
 * blanks go as far as they went there; of a log, a prefix of the same length and ending. Behind a
 * name ("Status-Line: ", as Wireshark copies its tree) leading blanks show depth, no fold. */
static const char *strip_prefix(const char *line, const char *prefix, size_t length)
{
    enum { ENDING = 2 };

    if (length == 0)
        return line;
    if (strspn(prefix, QUOTE_MARKS) >= length)
        return line + MIN(strspn(line, QUOTE_MARKS), length);
    if (length > ENDING && strlen(line) >= length && !g_ascii_isspace(line[0]) &&
        memcmp(line + length - ENDING, prefix + length - ENDING, ENDING) == 0)
        return line + length;
    return line + strspn(line, " \t");
}

/* Adds a response, which it takes over; its headers end here if no empty line says so. */
static void add_response(GPtrArray *responses, GString *response)
{
    g_string_append(response, "\n\n");
    g_ptr_array_add(responses, g_string_free(response, FALSE));
}

/* ngrep shows each line end as a full stop, and so the empty line as one alone. */
static void strip_full_stops(char **lines)
{
    gboolean shown = FALSE;

    for (char **line = lines; *line; line++)
        shown = shown || strcmp(g_strchomp(*line), ".") == 0;
    for (char **line = lines; shown && *line; line++)
        if (g_str_has_suffix(*line, "."))
            (*line)[strlen(*line) - 1] = '\0';
}

static void add_status_lines(GPtrArray *responses, char **lines)
{
    GString *response = NULL;
    const char *prefix = NULL;
    size_t prefix_length = 0;

    for (char **line = lines; *line; line++) {
        const char *version = find_version(*line);
        if (version) {
            if (response)
                add_response(responses, response);
            prefix = *line;
            prefix_length = (size_t)(version - *line);
            response = g_string_new(version);
            char *quote =
                prefix_length > 0 && version[-1] == '"' ? strchr(response->str, '"') : NULL;
            if (quote)
                g_string_truncate(response, (gsize)(quote - response->str));
        } else if (response) {
            g_string_append_printf(response, "\n%s", strip_prefix(*line, prefix, prefix_length));
        }
    }
    if (response)
        add_response(responses, response);
}

/* "Status: 488 Not Acceptable Here |", "Got SIP response 488 "Not Acceptable Here" back". */
static void add_bare_codes(GPtrArray *responses, char **lines)
{
    GRegex *regex = g_regex_new("(?:^[\\s>|]*|\\bStatus:\\s*|\\bresponse\\s+)([1-6]\\d\\d)\\s+\"?"
                                "([A-Za-z][^\"|\\r\\n]*)",
                                G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);

    for (char **line = lines; *line; line++) {
        GMatchInfo *match;
        if (g_regex_match(regex, *line, 0, &match)) {
            char *code = g_match_info_fetch(match, 1);
            char *phrase = g_strchomp(g_match_info_fetch(match, 2));
            g_ptr_array_add(responses, g_strdup_printf("SIP/2.0 %s %s", code, phrase));
            g_free(phrase);
            g_free(code);
        }
        g_match_info_free(match);
    }
    g_regex_unref(regex);
}

GPtrArray *paste_find_responses(GString *text)
{
    GPtrArray *responses = g_ptr_array_new_with_free_func(g_free);

    /* From here on it is a string: a NUL becomes another byte that is shown as unprintable. */
    for (gsize i = 0; i < text->len; i++)
        if (text->str[i] == '\0')
            text->str[i] = '\1';
    unescape_line_ends(text);
    char **lines = g_strsplit(text->str, "\n", -1);
    strip_full_stops(lines);
    add_status_lines(responses, lines);
    if (responses->len == 0)
        add_bare_codes(responses, lines);
    g_strfreev(lines);
    return responses;
}
