/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One SIP message, scanned in place.
 */
#include "message.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__) && !defined(SIPWHY_PORTABLE)
#define HAS_SSE2 1
#include <emmintrin.h>
#else
#define HAS_SSE2 0
#endif

static const char version[] = "SIP/2.0";
enum { VERSION_LENGTH = sizeof version - 1, STATUS_DIGITS = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static SipwhySlice strip(SipwhySlice slice)
{
    while (slice.length > 0 && is_space(slice.data[0])) {
        slice.data++;
        slice.length--;
    }
    while (slice.length > 0 && is_space(slice.data[slice.length - 1]))
        slice.length--;
    return slice;
}

static SipwhySlice slice_of(const char *data, size_t length)
{
    return (SipwhySlice){data, length};
}

static const uint64_t each_byte = UINT64_C(0x0101010101010101);

/* A walk over the line ends of some bytes: most of the work on a message is done here, so 64 bytes
 * are looked at together. */
typedef struct {
    const char *window;
    const char *end;
    uint64_t stops; /* bytes of the window that end a line, and have not been walked over */
    uint64_t carry; /* 1: the window before ends with CR */
} LineEnds;

enum { WINDOW = 64 };

#if !HAS_SSE2
/* The bytes of a word that are `wanted`: as many bits, the lowest for the first. */
static uint64_t find_bytes(uint64_t word, char wanted)
{
    const uint64_t differs = word ^ (each_byte * (unsigned char)wanted);
    const uint64_t most = each_byte * 0x7f;
    const uint64_t found = ~(((differs & most) + most) | differs) & (each_byte * 0x80);

    return (found >> 7) * UINT64_C(0x0102040810204080) >> 56; /* gathered in the highest byte */
}
#endif

/* Which of 64 bytes are CR, and which are LF. */
static void find_ends(const char *window, uint64_t *returns, uint64_t *feeds)
{
    *returns = *feeds = 0;
#if HAS_SSE2
    const __m128i cr = _mm_set1_epi8('\r');
    const __m128i lf = _mm_set1_epi8('\n');
    for (unsigned i = 0; i < WINDOW; i += sizeof cr) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(window + i));
        *returns |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, cr)) << i;
        *feeds |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, lf)) << i;
    }
#else
    uint64_t word;
    for (unsigned i = 0; i < WINDOW; i += sizeof word) {
        memcpy(&word, window + i, sizeof word);
        *returns |= find_bytes(GUINT64_FROM_LE(word), '\r') << i;
        *feeds |= find_bytes(GUINT64_FROM_LE(word), '\n') << i;
    }
#endif
}

/* CR, and LF that is not behind one, end a line. */
static void look_at_window(LineEnds *ends)
{
    const ptrdiff_t left = ends->end - ends->window;
    char last[WINDOW];
    uint64_t returns;
    uint64_t feeds;

    if (left < WINDOW) {
        memset(last, ' ', sizeof last);
        if (left > 0)
            memcpy(last, ends->window, (size_t)left);
    }
    find_ends(left < WINDOW ? last : ends->window, &returns, &feeds);
    ends->stops = returns | (feeds & ~(returns << 1 | ends->carry));
    ends->carry = returns >> (WINDOW - 1);
}

static LineEnds begin_line_ends(SipwhySlice bytes)
{
    LineEnds ends = {bytes.data, bytes.data + bytes.length, 0, 0};

    look_at_window(&ends);
    return ends;
}

/* The CR or LF of the next line, or NULL. */
static const char *next_line_end(LineEnds *ends)
{
    while (ends->stops == 0) {
        if (ends->end - ends->window <= WINDOW)
            return NULL;
        ends->window += WINDOW;
        look_at_window(ends);
    }
    const char *at = ends->window + __builtin_ctzll(ends->stops);
    ends->stops &= ends->stops - 1;
    return at;
}

/* The first CR or LF, or NULL. */
static const char *find_line_end(SipwhySlice bytes)
{
    const char *feed = bytes.length > 0 ? memchr(bytes.data, '\n', bytes.length) : NULL;
    const size_t before = feed ? (size_t)(feed - bytes.data) : bytes.length;
    const char *back = before > 0 ? memchr(bytes.data, '\r', before) : NULL;

    return back ? back : feed;
}

static bool ends_line(char c)
{
    return c == '\r' || c == '\n';
}

/* Takes one line off `rest`: CRLF, LF or CR ends it, and so does the end of the bytes (then
 * `*ended` is false). */
static SipwhySlice take_line(SipwhySlice *rest, bool *ended)
{
    const char *end = find_line_end(*rest);
    SipwhySlice line = {rest->data, end ? (size_t)(end - rest->data) : rest->length};
    size_t taken = line.length;

    *ended = end != NULL;
    if (end)
        taken++;
    if (end && *end == '\r' && taken < rest->length && end[1] == '\n')
        taken++;
    rest->data += taken;
    rest->length -= taken;
    return line;
}

static SipwhySlice take_parameter(SipwhySlice *rest);

static bool is_version(const char *bytes)
{
    return (bytes[0] | 0x20) == 's' && (memcmp(bytes, version, VERSION_LENGTH) == 0 ||
                                        g_ascii_strncasecmp(bytes, version, VERSION_LENGTH) == 0);
}

static bool starts_with_version(SipwhySlice line)
{
    return line.length >= VERSION_LENGTH && is_version(line.data);
}

/* Status-Line = SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 7.2) */
static bool scan_status_line(SipwhySlice line, SipwhyMessage *message)
{
    enum { CODE = VERSION_LENGTH + 1, PHRASE = CODE + STATUS_DIGITS + 1 };

    if (!starts_with_version(line) || line.length < CODE + STATUS_DIGITS ||
        line.data[VERSION_LENGTH] != ' ')
        return false;
    for (size_t i = CODE; i < CODE + STATUS_DIGITS; i++) {
        if (!is_digit(line.data[i]))
            return false;
        message->status = message->status * 10 + (unsigned)(line.data[i] - '0');
    }
    if (line.length > CODE + STATUS_DIGITS && line.data[CODE + STATUS_DIGITS] != ' ')
        return false;
    message->is_response = true;
    message->phrase = line.length > PHRASE
                          ? strip(slice_of(line.data + PHRASE, line.length - PHRASE))
                          : slice_of(line.data + line.length, 0);
    return true;
}

/* Request-Line = Method SP Request-URI SP SIP-Version (RFC 3261 7.1) */
static bool scan_request_line(SipwhySlice line, SipwhyMessage *message)
{
    const char *begin = line.data;

    line = strip(line); /* white space at the end is tolerated, in front it is not */
    if (line.data != begin || line.length < VERSION_LENGTH + 2)
        return false;
    const char *first = memchr(line.data, ' ', line.length);
    if (!first)
        return false;
    const char *last = line.data + line.length - VERSION_LENGTH - 1;
    if (*last != ' ' || last <= first || !is_version(last + 1))
        return false;
    message->method = slice_of(line.data, (size_t)(first - line.data));
    message->uri = strip(slice_of(first, (size_t)(last - first)));
    return true;
}

static const struct {
    const char *name;
    uint8_t length;
    char compact;
} headers[] = {
#define HEADER_ROW(member, name, compact) {name, sizeof name - 1, compact},
    SIPWHY_HEADERS(HEADER_ROW)
#undef HEADER_ROW
};

enum {
    NAME_WORDS = 3,
    NAME_BYTES_MOST = NAME_WORDS * 8,
    NAME_PLACES = 256,
    NO_HEADER = SIPWHY_HEADER_COUNT
};

/* A name as it is looked up: in words of eight bytes, letters in lower case, filled up with zeros.
 * A token has no other bytes that differ from one another as letters do by their case (RFC 3261
 * 25.1). */
typedef struct {
    uint64_t words[NAME_WORDS];
} Name;

/* The headers by their names: every line of every message is looked up here. */
typedef struct {
    Name names[SIPWHY_HEADER_COUNT];
    uint8_t places[NAME_PLACES]; /* header plus one, at place_of() its name or behind; or 0 */
    uint8_t compact[256];        /* header plus one, by letter, or 0 */
} HeaderIndex;

static const uint64_t lower_case = UINT64_C(0x2020202020202020);

/* Of a name that is not longer than NAME_BYTES_MOST. */
static Name make_name(const char *text, size_t length)
{
    Name name = {{0}};

    for (size_t i = 0; i < length; i++)
        name.words[i / 8] |= (uint64_t)((unsigned char)text[i] | 0x20U) << (i % 8 * 8);
    return name;
}

static unsigned place_of(const Name *name)
{
    const uint64_t mixed = name->words[0] ^ (name->words[1] << 1) ^ (name->words[2] << 2);

    return (unsigned)((mixed * UINT64_C(0x9E3779B97F4A7C15)) >> 56);
}

static void fill_index(HeaderIndex *index)
{
    for (unsigned i = 0; i < SIPWHY_HEADER_COUNT; i++) {
        const uint8_t compact = (uint8_t)headers[i].compact;
        index->names[i] = make_name(headers[i].name, headers[i].length);
        unsigned place = place_of(&index->names[i]);
        while (index->places[place])
            place = (place + 1) % NAME_PLACES;
        index->places[place] = (uint8_t)(i + 1);
        if (compact) {
            index->compact[compact] = (uint8_t)(i + 1);
            index->compact[(uint8_t)g_ascii_toupper((char)compact)] = (uint8_t)(i + 1);
        }
    }
}

static const HeaderIndex *header_index(void)
{
    static HeaderIndex index;
    static gsize done;

    if (g_once_init_enter(&done)) {
        fill_index(&index);
        g_once_init_leave(&done, 1);
    }
    return &index;
}

/* The header of a full name, or NO_HEADER. */
static inline unsigned find_name(const HeaderIndex *index, const Name *name)
{
    unsigned place = place_of(name);

    for (; index->places[place]; place = (place + 1) % NAME_PLACES) {
        const unsigned header = index->places[place] - 1U;
        const uint64_t *words = index->names[header].words;
        if (words[0] == name->words[0] && words[1] == name->words[1] && words[2] == name->words[2])
            return header;
    }
    return NO_HEADER;
}

/* The header of a name in full or compact form, or NO_HEADER. */
static unsigned find_header(const HeaderIndex *index, const char *text, size_t length)
{
    if (length == 1) {
        const unsigned found = index->compact[(uint8_t)text[0]];
        return found ? found - 1 : NO_HEADER;
    }
    if (length == 0 || length > NAME_BYTES_MOST)
        return NO_HEADER;
    const Name name = make_name(text, length);
    const unsigned header = find_name(index, &name);
    const bool same = header != NO_HEADER && headers[header].length == length &&
                      g_ascii_strncasecmp(headers[header].name, text, length) == 0;
    return same ? header : NO_HEADER;
}

/* What a line begins with. */
typedef struct {
    unsigned header; /* or NO_HEADER; a fold holds none */
    size_t length;   /* of the name where the colon follows it at once, else 0 */
} LineHead;

/* Any line, white space before its colon too (RFC 3261 7.3.1). */
static LineHead read_unusual_head(const HeaderIndex *index, const char *line, const char *stop)
{
    enum { PADDING = 16 };
    size_t most = MIN((size_t)(stop - line), NAME_BYTES_MOST + PADDING);
    size_t length = 0;

    while (length < most && line[length] > ' ' && line[length] != ':')
        length++;
    size_t colon = length;
    while (colon < most && (line[colon] == ' ' || line[colon] == '\t'))
        colon++;
    if (colon == most || line[colon] != ':')
        return (LineHead){NO_HEADER, 0};
    return (LineHead){find_header(index, line, length), colon == length ? length : 0};
}

/* Reads what stands before the first colon of NAME_BYTES_MOST bytes. Returns its length; 0: there
 * is none. */
static inline size_t read_name(const char *line, Name *name)
{
    *name = (Name){{0}};
    for (unsigned i = 0; i < NAME_WORDS; i++) {
        uint64_t word;
        memcpy(&word, line + i * sizeof word, sizeof word);
        word = GUINT64_FROM_LE(word);
        const uint64_t differs = word ^ (each_byte * ':');
        const uint64_t colons = (differs - each_byte) & ~differs & (each_byte * 0x80);
        name->words[i] = word | lower_case;
        if (colons == 0)
            continue;
        /* the lowest of them is right, and what it leaves of its word stands before the colon */
        name->words[i] &= ((colons & -colons) - 1) >> 7;
        return i * sizeof word + (unsigned)__builtin_ctzll(colons) / 8;
    }
    return 0;
}

/* The head of a line that ends at `stop`; bytes up to `end` can be read. */
static inline LineHead read_head(const HeaderIndex *index, const char *line, const char *stop,
                                 const char *end)
{
    char last[NAME_BYTES_MOST];
    const char *text = line;
    Name name;

    if (end - line < NAME_BYTES_MOST) {
        memset(last, 0, sizeof last);
        text = memcpy(last, line, (size_t)(end - line));
    }
    const size_t length = read_name(text, &name);
    if (length < 2 || length >= (size_t)(stop - line) || line[length - 1] <= ' ')
        return read_unusual_head(index, line, stop);
    return (LineHead){find_name(index, &name), length};
}

/* Where the next line begins. */
static const char *behind_line(const char *stop, const char *end)
{
    if (!stop)
        return end;
    return stop + (*stop == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1);
}

/* The value of the first Content-Length; false when there is none. What is no number counts as 0,
 * so that it takes no other message of a stream with it (and so does Wireshark); one that overflows
 * is more than any bytes hold. */
static bool content_length(const SipwhyMessage *message, size_t *length)
{
    SipwhySlice value;
    unsigned number = 0;
    size_t digits = 0;

    if (!sipwhy_message_first(message, SIPWHY_HEADER_CONTENT_LENGTH, &value))
        return false;
    while (digits < value.length && is_digit(value.data[digits]))
        digits++;
    if (digits == 0 || digits < value.length)
        *length = 0;
    else
        *length = sipwhy_slice_number(value, &number) ? number : SIZE_MAX;
    return true;
}

static bool scan_start_line(SipwhySlice line, SipwhyMessage *message)
{
    if (scan_status_line(line, message))
        return true;
    message->status = 0;
    return scan_request_line(line, message);
}

/* The place of a header in SipwhyMessage.known, plus one, or 0. */
static const uint8_t known_places[SIPWHY_HEADER_COUNT] = {
    [SIPWHY_HEADER_FROM] = 1,         [SIPWHY_HEADER_TO] = 2,  [SIPWHY_HEADER_CALL_ID] = 3,
    [SIPWHY_HEADER_CSEQ] = 4,         [SIPWHY_HEADER_VIA] = 5, [SIPWHY_HEADER_CONTENT_LENGTH] = 6,
    [SIPWHY_HEADER_CONTENT_TYPE] = 7,
};

/* Takes the header lines and the empty line off `rest`; false when the latter is missing. */
static bool scan_headers(SipwhySlice *rest, SipwhyMessage *message)
{
    const HeaderIndex *index = header_index();
    const char *begin = rest->data;
    const char *end = begin + rest->length;
    const char *at = begin;
    LineEnds ends = begin_line_ends(*rest);
    bool ended = false;

    while (at < end && !ends_line(*at)) {
        const char *line = at;
        const char *stop = next_line_end(&ends);
        const LineHead head = read_head(index, line, stop ? stop : end, end);
        at = behind_line(stop, end);
        if (head.header == NO_HEADER)
            continue;
        if (message->first[head.header] != 0) {
            message->repeated[head.header / 64] |= UINT64_C(1) << (head.header % 64);
            continue;
        }
        message->first[head.header] = (uint32_t)(line - begin) + 1;
        const unsigned known = known_places[head.header];
        if (known > 0 && head.length > 0 && stop && at < end && *at != ' ' && *at != '\t') {
            const char *value = line + head.length + 1;
            message->known[known - 1] = strip(slice_of(value, (size_t)(stop - value)));
        }
    }
    message->headers = slice_of(begin, (size_t)(at - begin));
    *rest = slice_of(at, (size_t)(end - at));
    if (at == end)
        return false;
    take_line(rest, &ended);
    return ended;
}

bool sipwhy_message_scan(const char *data, size_t length, SipwhyFraming framing,
                         SipwhyMessage *message)
{
    SipwhySlice rest = {data, length};
    bool ended;

    *message = (SipwhyMessage){0};
    if (length == 0)
        return false;
    message->line = take_line(&rest, &ended);
    if (!scan_start_line(message->line, message))
        return false;

    const bool complete = scan_headers(&rest, message);
    /* a CR at the very end may be the first half of a CRLF */
    message->cut = !complete || (rest.length == 0 && rest.data[-1] == '\r');

    size_t announced;
    bool known = content_length(message, &announced);
    message->body = rest;
    if (known && announced > rest.length)
        message->cut = true;
    else if (known && framing == SIPWHY_FRAMING_STREAM)
        message->body.length = announced;
    message->length = (size_t)(message->body.data - data) + message->body.length;
    return true;
}

bool sipwhy_message_next_any(const SipwhyMessage *message, size_t *position, SipwhySlice *name,
                             SipwhySlice *value)
{
    SipwhySlice rest = message->headers;

    if (*position > rest.length)
        return false;
    rest.data += *position;
    rest.length -= *position;
    while (rest.length > 0) {
        bool ended;
        SipwhySlice line = take_line(&rest, &ended);
        while (rest.length > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t')) {
            SipwhySlice fold = take_line(&rest, &ended);
            line.length = (size_t)(fold.data + fold.length - line.data);
        }
        *position = (size_t)(rest.data - message->headers.data);
        const char *colon = memchr(line.data, ':', line.length);
        if (!colon)
            continue;
        *name = strip(slice_of(line.data, (size_t)(colon - line.data)));
        *value = strip(slice_of(colon + 1, (size_t)(line.data + line.length - (colon + 1))));
        return true;
    }
    *position = message->headers.length;
    return false;
}

bool sipwhy_message_next_line(const SipwhyMessage *message, size_t *position, int *header,
                              SipwhySlice *whole)
{
    const char *end = message->headers.data + message->headers.length;
    const char *begin = message->headers.data + *position;

    if (*position >= message->headers.length)
        return false;
    const char *stop = find_line_end(slice_of(begin, (size_t)(end - begin)));
    const LineHead head = read_head(header_index(), begin, stop ? stop : end, end);
    const char *at = behind_line(stop, end);
    *header = head.header == NO_HEADER ? -1 : (int)head.header;
    while (at < end && (*at == ' ' || *at == '\t'))
        at = behind_line(find_line_end(slice_of(at, (size_t)(end - at))), end);
    *position = (size_t)(at - message->headers.data);
    *whole = slice_of(begin, (size_t)(at - begin));
    return true;
}

static bool is_repeated(const SipwhyMessage *message, SipwhyHeaderId header)
{
    return (message->repeated[header / 64] >> (header % 64) & 1) != 0;
}

bool sipwhy_message_next(const SipwhyMessage *message, SipwhyHeaderId header, size_t *position,
                         SipwhySlice *value)
{
    const HeaderIndex *index = header_index();
    const size_t first = (size_t)message->first[header] - 1;
    SipwhySlice name;

    if (message->first[header] == 0 || (*position > first && !is_repeated(message, header))) {
        *position = message->headers.length;
        return false;
    }
    *position = MAX(*position, first);
    while (sipwhy_message_next_any(message, position, &name, value))
        if (find_header(index, name.data, name.length) == (unsigned)header)
            return true;
    return false;
}

bool sipwhy_message_first(const SipwhyMessage *message, SipwhyHeaderId header, SipwhySlice *value)
{
    size_t position = (size_t)message->first[header] - 1;
    const unsigned known = known_places[header];
    SipwhySlice name;

    if (message->first[header] == 0)
        return false;
    if (known > 0 && message->known[known - 1].data) {
        *value = message->known[known - 1];
        return true;
    }
    return sipwhy_message_next_any(message, &position, &name, value);
}

bool sipwhy_message_header(const SipwhyMessage *message, const char *name, size_t *position,
                           SipwhySlice *value)
{
    unsigned header = find_header(header_index(), name, strlen(name));
    SipwhySlice found;

    if (header != NO_HEADER)
        return sipwhy_message_next(message, (SipwhyHeaderId)header, position, value);
    while (sipwhy_message_next_any(message, position, &found, value))
        if (sipwhy_slice_is(found, name))
            return true;
    return false;
}

bool sipwhy_message_next_value(const SipwhyMessage *message, SipwhyHeaderId header,
                               size_t *position, SipwhySlice *rest, SipwhySlice *value)
{
    for (;;) {
        while (rest->length > 0)
            if (sipwhy_slice_next_value(rest, value) && value->length > 0)
                return true;
        if (!sipwhy_message_next(message, header, position, rest))
            return false;
    }
}

bool sipwhy_message_lists(const SipwhyMessage *message, SipwhyHeaderId header, const char *token)
{
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice value;

    while (sipwhy_message_next_value(message, header, &position, &rest, &value)) {
        SipwhySlice parameters = value;
        if (sipwhy_slice_is(take_parameter(&parameters), token))
            return true;
    }
    return false;
}

bool sipwhy_message_number(const SipwhyMessage *message, SipwhyHeaderId header, unsigned *number)
{
    SipwhySlice value;

    return sipwhy_message_first(message, header, &value) && sipwhy_slice_number(value, number);
}

int sipwhy_header_find(SipwhySlice name)
{
    unsigned header = find_header(header_index(), name.data, name.length);

    return header == NO_HEADER ? -1 : (int)header;
}

const char *sipwhy_header_name(SipwhyHeaderId header)
{
    return headers[header].name;
}

static const char *const methods[SIPWHY_METHOD_COUNT] = {
    NULL,     "INVITE", "ACK",       "BYE",    "CANCEL", "REGISTER", "OPTIONS", "PRACK",
    "UPDATE", "INFO",   "SUBSCRIBE", "NOTIFY", "REFER",  "MESSAGE",  "PUBLISH",
};

SipwhyMethod sipwhy_method_find(SipwhySlice name)
{
    for (unsigned i = 1; i < SIPWHY_METHOD_COUNT; i++)
        if (name.length > 0 && name.data[0] == methods[i][0] && strlen(methods[i]) == name.length &&
            memcmp(name.data, methods[i], name.length) == 0)
            return (SipwhyMethod)i;
    return SIPWHY_METHOD_OTHER;
}

const char *sipwhy_method_name(SipwhyMethod method)
{
    return methods[method];
}

bool sipwhy_message_cseq(const SipwhyMessage *message, unsigned *number, SipwhySlice *method)
{
    SipwhySlice value;

    *number = 0;
    if (!sipwhy_message_first(message, SIPWHY_HEADER_CSEQ, &value))
        return false;
    sipwhy_slice_number(value, number);
    while (value.length > 0 && is_digit(value.data[0])) {
        value.data++;
        value.length--;
    }
    *method = strip(value);
    return true;
}

SipwhySlice sipwhy_message_method(const SipwhyMessage *message)
{
    SipwhySlice method;
    unsigned number;

    if (!message->is_response)
        return message->method;
    return sipwhy_message_cseq(message, &number, &method) ? method : slice_of(NULL, 0);
}

bool sipwhy_slice_next_value(SipwhySlice *rest, SipwhySlice *value)
{
    bool quoted = false;
    bool bracketed = false;
    size_t end = 0;

    if (rest->length == 0)
        return false;
    for (; end < rest->length; end++) {
        char c = rest->data[end];
        if (quoted) {
            if (c == '\\' && end + 1 < rest->length)
                end++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '<') {
            bracketed = true;
        } else if (c == '>') {
            bracketed = false;
        } else if (c == ',' && !bracketed) {
            break;
        }
    }
    *value = strip(slice_of(rest->data, end));
    size_t taken = end < rest->length ? end + 1 : end;
    rest->data += taken;
    rest->length -= taken;
    return true;
}

bool sipwhy_slice_is(SipwhySlice slice, const char *text)
{
    return slice.length == strlen(text) && slice.data &&
           g_ascii_strncasecmp(slice.data, text, slice.length) == 0;
}

bool sipwhy_slice_number(SipwhySlice slice, unsigned *number)
{
    uint64_t value = 0;

    if (slice.length == 0 || !is_digit(slice.data[0]))
        return false;
    for (size_t i = 0; i < slice.length && is_digit(slice.data[i]); i++) {
        value = value * 10 + (unsigned)(slice.data[i] - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *number = (unsigned)value;
    return true;
}

/* Takes what stands before the next semicolon off `rest`; quoted strings and <...> are kept
 * whole: the parameters of a URI are not those of its header. */
static SipwhySlice take_parameter(SipwhySlice *rest)
{
    bool quoted = false;
    bool bracketed = false;
    size_t end = 0;

    if (rest->length == 0)
        return *rest;
    for (; end < rest->length; end++) {
        char c = rest->data[end];
        if (quoted && c == '\\' && end + 1 < rest->length)
            end++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            bracketed = c == '<';
        else if (c == ';' && !quoted && !bracketed)
            break;
    }
    SipwhySlice taken = strip(slice_of(rest->data, end));
    size_t skipped = end < rest->length ? end + 1 : end;
    rest->data += skipped;
    rest->length -= skipped;
    return taken;
}

/* Whether `item` is `name`, or `name` = value; gives the value without its quotes. */
static bool read_assignment(SipwhySlice item, const char *name, SipwhySlice *value)
{
    const char *equals = item.length > 0 ? memchr(item.data, '=', item.length) : NULL;
    SipwhySlice found =
        strip(slice_of(item.data, equals ? (size_t)(equals - item.data) : item.length));

    if (!sipwhy_slice_is(found, name))
        return false;
    *value = slice_of(item.data + item.length, 0);
    if (equals)
        *value = strip(slice_of(equals + 1, (size_t)(item.data + item.length - (equals + 1))));
    if (value->length >= 2 && value->data[0] == '"' && value->data[value->length - 1] == '"')
        *value = slice_of(value->data + 1, value->length - 2);
    return true;
}

bool sipwhy_slice_parameter(SipwhySlice value, const char *name, SipwhySlice *parameter)
{
    SipwhySlice rest = value;

    take_parameter(&rest);
    while (rest.length > 0)
        if (read_assignment(take_parameter(&rest), name, parameter))
            return true;
    return false;
}

SipwhySlice sipwhy_slice_auth_scheme(SipwhySlice value)
{
    size_t length = 0;

    while (length < value.length && !is_space(value.data[length]))
        length++;
    return slice_of(value.data, length);
}

bool sipwhy_slice_auth_parameter(SipwhySlice value, const char *name, SipwhySlice *parameter)
{
    size_t scheme = sipwhy_slice_auth_scheme(value).length;
    SipwhySlice rest = value;
    SipwhySlice item;

    if (value.length == 0)
        return false;
    rest.data += scheme;
    rest.length -= scheme;
    while (sipwhy_slice_next_value(&rest, &item))
        if (read_assignment(item, name, parameter))
            return true;
    return false;
}

SipwhySlice sipwhy_slice_between(const char *begin, const char *end)
{
    return slice_of(begin, (size_t)(end - begin));
}

const char *sipwhy_slice_end(SipwhySlice slice)
{
    return slice.data ? slice.data + slice.length : NULL;
}

SipwhySlice sipwhy_slice_strip(SipwhySlice slice)
{
    return strip(slice);
}

bool sipwhy_slice_next_line(SipwhySlice *rest, SipwhySlice *line)
{
    if (rest->length == 0)
        return false;
    const char *feed = memchr(rest->data, '\n', rest->length);
    *line = slice_of(rest->data, feed ? (size_t)(feed - rest->data) : rest->length);
    const size_t taken = line->length + (feed ? 1 : 0);
    rest->data += taken;
    rest->length -= taken;
    if (line->length > 0 && line->data[line->length - 1] == '\r')
        line->length--;
    return true;
}

bool sipwhy_slice_equal(SipwhySlice one, SipwhySlice other)
{
    return one.length == other.length &&
           (one.length == 0 || memcmp(one.data, other.data, one.length) == 0);
}

bool sipwhy_slice_alike(SipwhySlice one, SipwhySlice other)
{
    return one.length == other.length &&
           (one.length == 0 || g_ascii_strncasecmp(one.data, other.data, one.length) == 0);
}

SipwhySlice sipwhy_slice_until(SipwhySlice slice, const char *stops)
{
    size_t length = 0;

    while (length < slice.length &&
           (slice.data[length] == '\0' || !strchr(stops, slice.data[length])))
        length++;
    return slice_of(slice.data, length);
}

bool sipwhy_slice_contains(SipwhySlice slice, const char *text)
{
    size_t length = strlen(text);

    const char first = g_ascii_tolower(text[0]);

    for (size_t i = 0; length <= slice.length && i <= slice.length - length; i++)
        if (g_ascii_tolower(slice.data[i]) == first &&
            g_ascii_strncasecmp(slice.data + i, text, length) == 0)
            return true;
    return false;
}

/* Where <...> begins, past a display name in quotes; NULL when there is none. */
static const char *find_bracket(SipwhySlice value)
{
    bool quoted = false;

    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (c == '<' && !quoted)
            return value.data + i;
    }
    return NULL;
}

SipwhySlice sipwhy_slice_uri(SipwhySlice value)
{
    const char *open = find_bracket(value);

    if (!open)
        return strip(take_parameter(&value));
    SipwhySlice rest = slice_of(open + 1, (size_t)(value.data + value.length - (open + 1)));
    const char *close = rest.length > 0 ? memchr(rest.data, '>', rest.length) : NULL;
    return strip(slice_of(rest.data, close ? (size_t)(close - rest.data) : rest.length));
}

/* What follows the scheme of a URI, up to its parameters and headers. */
static SipwhySlice after_scheme(SipwhySlice uri, bool *is_tel)
{
    const char *colon = uri.length > 0 ? memchr(uri.data, ':', uri.length) : NULL;

    *is_tel = colon && sipwhy_slice_is(slice_of(uri.data, (size_t)(colon - uri.data)), "tel");
    if (!colon)
        return slice_of(uri.data, 0);
    return slice_of(colon + 1, (size_t)(uri.data + uri.length - (colon + 1)));
}

SipwhySlice sipwhy_slice_user(SipwhySlice uri)
{
    bool is_tel;
    SipwhySlice rest = after_scheme(uri, &is_tel);
    const char *at = rest.length > 0 ? memchr(rest.data, '@', rest.length) : NULL;

    if (is_tel)
        return sipwhy_slice_until(rest, ";?");
    if (!at)
        return slice_of(rest.data, 0);
    return sipwhy_slice_until(slice_of(rest.data, (size_t)(at - rest.data)), ":;");
}

SipwhySlice sipwhy_slice_host(SipwhySlice uri)
{
    bool is_tel;
    SipwhySlice rest = after_scheme(uri, &is_tel);
    const char *at = rest.length > 0 ? memchr(rest.data, '@', rest.length) : NULL;

    if (is_tel)
        return slice_of(rest.data, 0);
    if (at)
        rest = slice_of(at + 1, (size_t)(rest.data + rest.length - (at + 1)));
    if (rest.length > 0 && rest.data[0] == '[')
        return sipwhy_slice_until(slice_of(rest.data + 1, rest.length - 1), "]");
    return sipwhy_slice_until(rest, ":;?");
}
