/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * JSON Lines, written member by member.
 */
#include "json_line.h"

#include <glib.h>
#include <string.h>

#include "text.h"

/* ---- bytes ---- */

/* Makes room for `more` bytes, and returns where they go. */
static char *reserve(SipwhyJsonLine *line, size_t more)
{
    enum { FIRST_SIZE = 4096 };

    if (more > line->size - line->length) {
        line->size = MAX(MAX(line->size * 2, line->length + more), FIRST_SIZE);
        line->text = g_realloc(line->text, line->size);
    }
    return line->text + line->length;
}

static void add_bytes(SipwhyJsonLine *line, const char *bytes, size_t length)
{
    memcpy(reserve(line, length), bytes, length);
    line->length += length;
}

static void add_byte(SipwhyJsonLine *line, char byte)
{
    *reserve(line, 1) = byte;
    line->length++;
}

/* The comma before a member or an element, unless it is the first. A text ends with its quote. */
static void separate(SipwhyJsonLine *line)
{
    char last = '[';

    if (line->length > 0)
        last = line->text[line->length - 1];
    if (last != '{' && last != '[')
        add_byte(line, ',');
}

static void begin_value(SipwhyJsonLine *line, const char *key)
{
    separate(line);
    if (!key)
        return;
    add_byte(line, '"');
    add_bytes(line, key, strlen(key));
    add_bytes(line, "\":", 2);
}

/* ---- texts ---- */

static bool is_plain(char byte)
{
    return (unsigned char)byte >= ' ' && byte != '"' && byte != '\\' && byte != '\x7f';
}

/* RFC 8259 7, and DEL. */
static void add_escape(SipwhyJsonLine *line, char byte)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    static const char digits[] = "0123456789abcdef";

    for (const char *one = shorts; *one; one += 2) {
        if (*one == byte) {
            add_bytes(line, (const char[]){'\\', one[1]}, 2);
            return;
        }
    }
    add_bytes(line, "\\u00", 4);
    add_byte(line, digits[(unsigned char)byte >> 4]);
    add_byte(line, digits[(unsigned char)byte & 0xf]);
}

static void add_text(SipwhyJsonLine *line, const char *text, size_t length)
{
    const char *end = text + length;

    add_byte(line, '"');
    while (text < end) {
        const char *plain = text;
        while (text < end && is_plain(*text))
            text++;
        add_bytes(line, plain, (size_t)(text - plain));
        if (text < end)
            add_escape(line, *text++);
    }
    add_byte(line, '"');
}

/* ---- members ---- */

void sipwhy_json_line_string(SipwhyJsonLine *line, const char *key, const char *value)
{
    begin_value(line, key);
    if (value)
        add_text(line, value, strlen(value));
    else
        add_bytes(line, "null", 4);
}

void sipwhy_json_line_taken(SipwhyJsonLine *line, const char *key, char *value)
{
    sipwhy_json_line_string(line, key, value);
    g_free(value);
}

/* Most slices are shown as they are. */
void sipwhy_json_line_slice(SipwhyJsonLine *line, const char *key, SipwhySlice slice)
{
    if (slice.data && sipwhy_is_printable_ascii(slice.data, slice.length)) {
        begin_value(line, key);
        add_text(line, slice.data, slice.length);
        return;
    }
    sipwhy_json_line_taken(line, key,
                           slice.data ? sipwhy_printable_text(slice.data, slice.length) : NULL);
}

void sipwhy_json_line_number(SipwhyJsonLine *line, const char *key, size_t number)
{
    char digits[24];
    char *first = digits + sizeof digits;

    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    begin_value(line, key);
    add_bytes(line, first, (size_t)(digits + sizeof digits - first));
}

void sipwhy_json_line_positive(SipwhyJsonLine *line, const char *key, unsigned number)
{
    if (number > 0)
        sipwhy_json_line_number(line, key, number);
    else
        sipwhy_json_line_string(line, key, NULL);
}

void sipwhy_json_line_double(SipwhyJsonLine *line, const char *key, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_dtostr(text, sizeof text, number);
    begin_value(line, key);
    add_bytes(line, text, strlen(text));
    if (!strpbrk(text, ".e"))
        add_bytes(line, ".0", 2);
}

void sipwhy_json_line_boolean(SipwhyJsonLine *line, const char *key, bool value)
{
    const char *word = value ? "true" : "false";

    begin_value(line, key);
    add_bytes(line, word, strlen(word));
}

void sipwhy_json_line_term(SipwhyJsonLine *line, const char *key, SipwhyTermKind kind, int value)
{
    sipwhy_json_line_string(line, key, sipwhy_term_id(kind, value));
}

void sipwhy_json_line_lines(SipwhyJsonLine *line, const char *key, SipwhyLines lines)
{
    sipwhy_json_line_open_array(line, key);
    for (size_t i = 0; i < lines.count; i++)
        sipwhy_json_line_string(line, NULL, lines.line[i]);
    sipwhy_json_line_close_array(line);
}

void sipwhy_json_line_again(SipwhyJsonLine *line, const char *members, size_t length)
{
    add_bytes(line, members, length);
}

/* ---- brackets ---- */

void sipwhy_json_line_open_object(SipwhyJsonLine *line, const char *key)
{
    begin_value(line, key);
    add_byte(line, '{');
}

void sipwhy_json_line_close_object(SipwhyJsonLine *line)
{
    add_byte(line, '}');
}

void sipwhy_json_line_open_array(SipwhyJsonLine *line, const char *key)
{
    begin_value(line, key);
    add_byte(line, '[');
}

void sipwhy_json_line_close_array(SipwhyJsonLine *line)
{
    add_byte(line, ']');
}

/* ---- lines ---- */

void sipwhy_json_line_begin(SipwhyJsonLine *line, const char *type)
{
    line->length = 0;
    add_byte(line, '{');
    sipwhy_json_line_string(line, "type", type);
}

void sipwhy_json_line_end(SipwhyJsonLine *line, FILE *out)
{
    add_bytes(line, "}\n", 2);
    fwrite(line->text, 1, line->length, out);
}

void sipwhy_json_line_clear(SipwhyJsonLine *line)
{
    g_free(line->text);
    *line = (SipwhyJsonLine){0};
}
