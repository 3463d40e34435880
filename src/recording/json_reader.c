/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads one line of JSON.
 */
#include "recording/json_reader.h"

#include <string.h>

enum { UNIT_DIGITS = 4, SURROGATES = 0xd800, LOW_SURROGATES = 0xdc00, BEHIND_SURROGATES = 0xe000 };

struct SipwhyJsonReader {
    GArray *values; /* SipwhyJsonValue */
    const char *at;
    const char *end;
    uint32_t open[SIPWHY_JSON_DEPTH_MOST]; /* places of the arrays and objects that are open */
    unsigned depth;
    bool ascii; /* no string has had anything else */
};

static SipwhyJsonValue *value_at(SipwhyJsonReader *reader, uint32_t place)
{
    return &g_array_index(reader->values, SipwhyJsonValue, place);
}

/* Its text begins here. */
static SipwhyJsonValue *add_value(SipwhyJsonReader *reader, SipwhyJsonKind kind)
{
    const SipwhyJsonValue value = {.text = reader->at, .size = 1, .kind = kind};

    g_array_append_val(reader->values, value);
    return value_at(reader, reader->values->len - 1);
}

/* The next byte; NUL, which JSON has nowhere: there is none. */
static char peek(const SipwhyJsonReader *reader)
{
    if (reader->at < reader->end)
        return *reader->at;
    return '\0';
}

static char peek_behind_blanks(SipwhyJsonReader *reader)
{
    char byte;

    while ((byte = peek(reader)) == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
        reader->at++;
    return byte;
}

/* ---- strings ---- */

/* Four hexadecimal digits; -1: they are none. */
static int read_unit(const char *at, const char *end)
{
    int unit = 0;

    if (end - at < UNIT_DIGITS)
        return -1;
    for (unsigned i = 0; i < UNIT_DIGITS; i++) {
        const int digit = g_ascii_xdigit_value(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* The length of an escape behind its backslash, a surrogate pair (RFC 8259 7) being one, and what
 * it stands for; 0: it is none. */
static size_t read_escape(const char *at, const char *end, gunichar *character)
{
    static const char shorts[] = "\"\"\\\\//b\bf\fn\nr\rt\t";

    if (at == end)
        return 0;
    for (const char *one = shorts; *at != 'u' && *one; one += 2) {
        *character = (unsigned char)one[1];
        if (*one == *at)
            return 1;
    }
    const int unit = *at == 'u' ? read_unit(at + 1, end) : -1;
    if (unit < 0 || (unit >= LOW_SURROGATES && unit < BEHIND_SURROGATES))
        return 0;
    *character = (gunichar)unit;
    at += 1 + UNIT_DIGITS;
    if (unit < SURROGATES || unit >= BEHIND_SURROGATES)
        return 1 + UNIT_DIGITS;
    const int low = end - at > 2 && at[0] == '\\' && at[1] == 'u' ? read_unit(at + 2, end) : -1;
    if (low < LOW_SURROGATES || low >= BEHIND_SURROGATES)
        return 0;
    *character = 0x10000 + (((gunichar)unit - SURROGATES) << 10) + ((gunichar)low - LOW_SURROGATES);
    return 2 * (1 + UNIT_DIGITS) + 1;
}

/* Whether one of eight bytes ends a run of characters that stand for themselves, in ASCII: a
 * control character, a quote, a backslash, or a byte above 127. A byte behind such a one may be
 * taken for one too. */
static bool is_mixed(const char *bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = ones << 7;
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    const uint64_t quotes = word ^ (ones * '"');
    const uint64_t backslashes = word ^ (ones * '\\');
    return ((word | (word - ones * ' ') | (quotes - ones) | (backslashes - ones)) & highs) != 0;
}

/* The end of the characters that stand for themselves. */
static const char *find_end_of_run(SipwhyJsonReader *reader, const char *at)
{
    const char *end = reader->end;

    while ((size_t)(end - at) >= sizeof(uint64_t) && !is_mixed(at))
        at += sizeof(uint64_t);
    for (; at < end && *at != '"' && *at != '\\'; at++) {
        if ((unsigned char)*at < ' ')
            break;
        reader->ascii = reader->ascii && (unsigned char)*at < 0x80;
    }
    return at;
}

/* At its opening quote. */
static bool read_string(SipwhyJsonReader *reader)
{
    reader->at++;
    SipwhyJsonValue *string = add_value(reader, SIPWHY_JSON_STRING);
    const char *at = find_end_of_run(reader, reader->at);
    gunichar character;

    while (at < reader->end && *at == '\\') {
        const size_t length = read_escape(at + 1, reader->end, &character);
        if (length == 0)
            return false;
        string->escaped = true;
        at = find_end_of_run(reader, at + 1 + length);
    }
    if (at == reader->end || *at != '"')
        return false;
    string->length = (uint32_t)(at - string->text);
    reader->at = at + 1;
    return true;
}

/* ---- numbers and words ---- */

/* Whether there was one at least. */
static bool pass_digits(SipwhyJsonReader *reader)
{
    const char *first = reader->at;

    while (g_ascii_isdigit(peek(reader)))
        reader->at++;
    return reader->at > first;
}

static bool pass_exponent(SipwhyJsonReader *reader)
{
    reader->at++;
    if (peek(reader) == '+' || peek(reader) == '-')
        reader->at++;
    return pass_digits(reader);
}

static bool read_number(SipwhyJsonReader *reader)
{
    SipwhyJsonValue *number = add_value(reader, SIPWHY_JSON_INTEGER);

    if (peek(reader) == '-')
        reader->at++;
    if (peek(reader) == '0')
        reader->at++;
    else if (!pass_digits(reader))
        return false;
    if (peek(reader) == '.') {
        number->kind = SIPWHY_JSON_DECIMAL;
        reader->at++;
        if (!pass_digits(reader))
            return false;
    }
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        number->kind = SIPWHY_JSON_DECIMAL;
        if (!pass_exponent(reader))
            return false;
    }
    number->length = (uint32_t)(reader->at - number->text);
    return true;
}

static bool read_word(SipwhyJsonReader *reader, const char *word, SipwhyJsonKind kind)
{
    const size_t length = strlen(word);

    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
        return false;
    add_value(reader, kind);
    reader->at += length;
    return true;
}

/* ---- arrays and objects ---- */

static bool open_value(SipwhyJsonReader *reader, SipwhyJsonKind kind)
{
    if (reader->depth == SIPWHY_JSON_DEPTH_MOST)
        return false;
    reader->open[reader->depth++] = reader->values->len;
    add_value(reader, kind);
    reader->at++;
    return true;
}

static SipwhyJsonKind open_kind(SipwhyJsonReader *reader)
{
    return value_at(reader, reader->open[reader->depth - 1])->kind;
}

static void close_value(SipwhyJsonReader *reader)
{
    const uint32_t place = reader->open[--reader->depth];

    value_at(reader, place)->size = reader->values->len - place;
    reader->at++;
}

/* The key of a member, if it is one of an object that comes. */
static bool read_key(SipwhyJsonReader *reader)
{
    if (open_kind(reader) == SIPWHY_JSON_ARRAY)
        return true;
    if (peek_behind_blanks(reader) != '"' || !read_string(reader) ||
        peek_behind_blanks(reader) != ':')
        return false;
    reader->at++;
    return true;
}

static bool is_end(SipwhyJsonReader *reader, char byte)
{
    return byte == (open_kind(reader) == SIPWHY_JSON_ARRAY ? ']' : '}');
}

/* A value, or the beginning of one: `*opened` then. */
static bool begin_value(SipwhyJsonReader *reader, bool *opened)
{
    const char byte = peek_behind_blanks(reader);

    *opened = byte == '{' || byte == '[';
    switch (byte) {
    case '{':
        return open_value(reader, SIPWHY_JSON_OBJECT);
    case '[':
        return open_value(reader, SIPWHY_JSON_ARRAY);
    case '"':
        return read_string(reader);
    case 't':
        return read_word(reader, "true", SIPWHY_JSON_TRUE);
    case 'f':
        return read_word(reader, "false", SIPWHY_JSON_FALSE);
    case 'n':
        return read_word(reader, "null", SIPWHY_JSON_NULL);
    default:
        return read_number(reader);
    }
}

/* Closes what ends here; false: it is followed by what may not follow. Another value may come where
 * something is open still. */
static bool end_values(SipwhyJsonReader *reader)
{
    while (reader->depth > 0) {
        const char byte = peek_behind_blanks(reader);
        if (byte == ',') {
            reader->at++;
            return read_key(reader);
        }
        if (!is_end(reader, byte))
            return false;
        close_value(reader);
    }
    return true;
}

static bool read_all(SipwhyJsonReader *reader)
{
    bool opened;

    do {
        if (!begin_value(reader, &opened))
            return false;
        if (opened && !is_end(reader, peek_behind_blanks(reader))) {
            if (!read_key(reader))
                return false;
        } else if (!end_values(reader)) {
            return false;
        }
    } while (reader->depth > 0);
    peek_behind_blanks(reader);
    return reader->at == reader->end;
}

SipwhyJsonReader *sipwhy_json_reader_new(void)
{
    SipwhyJsonReader *reader = g_new0(SipwhyJsonReader, 1);

    reader->values = g_array_new(FALSE, FALSE, sizeof(SipwhyJsonValue));
    return reader;
}

void sipwhy_json_reader_free(SipwhyJsonReader *reader)
{
    g_array_free(reader->values, TRUE);
    g_free(reader);
}

const SipwhyJsonValue *sipwhy_json_reader_read(SipwhyJsonReader *reader, const char *line,
                                               size_t length)
{
    g_array_set_size(reader->values, 0);
    reader->at = line;
    reader->end = line + length;
    reader->depth = 0;
    reader->ascii = true;
    if (length >= UINT32_MAX || !read_all(reader))
        return NULL;
    if (!reader->ascii && !g_utf8_validate(line, (gssize)length, NULL))
        return NULL;
    return value_at(reader, 0);
}

/* ---- values ---- */

static bool has_key(const SipwhyJsonValue *member, const char *key, size_t length)
{
    return member->length == length && memcmp(member->text, key, length) == 0;
}

const SipwhyJsonValue *sipwhy_json_member(const SipwhyJsonValue *object, const char *key,
                                          const SipwhyJsonValue **place)
{
    const SipwhyJsonValue *first = object + 1;
    const SipwhyJsonValue *end = object + object->size;
    const SipwhyJsonValue *start = *place ? *place : first;
    const size_t length = strlen(key);
    const SipwhyJsonValue *member = start;

    for (unsigned turn = 0; turn < 2; turn++) { /* to the end, then up to the start */
        const SipwhyJsonValue *stop = turn == 0 ? end : start;
        for (; member < stop; member += 1 + member[1].size) {
            if (has_key(member, key, length)) {
                *place = member + 1 + member[1].size;
                return member + 1;
            }
        }
        member = first;
    }
    return NULL;
}

unsigned sipwhy_json_count(const SipwhyJsonValue *array)
{
    const SipwhyJsonValue *end = array + array->size;
    unsigned count = 0;

    for (const SipwhyJsonValue *one = array + 1; one < end; one += one->size)
        count++;
    return count;
}

bool sipwhy_json_integer(const SipwhyJsonValue *integer, int64_t *number)
{
    const bool negative = *integer->text == '-';
    int64_t sum = 0; /* below zero, where there is room for one more */

    for (uint32_t i = negative; i < integer->length; i++)
        if (__builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, integer->text[i] - '0', &sum))
            return false;
    if (!negative && sum == INT64_MIN)
        return false;
    *number = negative ? sum : -sum;
    return true;
}

double sipwhy_json_number(const SipwhyJsonValue *number)
{
    char *text = g_strndup(number->text, number->length);
    const double result = g_ascii_strtod(text, NULL);

    g_free(text);
    return result;
}

const char *sipwhy_json_unescape(const SipwhyJsonValue *string, GString *room, size_t *length)
{
    const char *at = string->text;
    const char *end = at + string->length;
    const char *backslash;
    gunichar character = 0;

    *length = string->length;
    if (!string->escaped)
        return string->text;
    g_string_truncate(room, 0);
    while ((backslash = memchr(at, '\\', (size_t)(end - at)))) {
        g_string_append_len(room, at, backslash - at);
        at = backslash + 1 + read_escape(backslash + 1, end, &character);
        g_string_append_unichar(room, character ? character : 0xFFFD);
    }
    g_string_append_len(room, at, end - at);
    *length = room->len;
    return room->str;
}
