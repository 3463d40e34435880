/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One SIP message, scanned in place.
 */
#include "message.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

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

/* The first CR or LF, or NULL. In steps, so that bytes with many line ends take no longer. */
static const char *find_line_end(SipwhySlice bytes)
{
    enum { STEP = 256 };

    while (bytes.length > 0) {
        size_t length = bytes.length < STEP ? bytes.length : STEP;
        const char *feed = memchr(bytes.data, '\n', length);
        const char *stop = memchr(bytes.data, '\r', feed ? (size_t)(feed - bytes.data) : length);
        if (stop || feed)
            return stop ? stop : feed;
        bytes.data += length;
        bytes.length -= length;
    }
    return NULL;
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

static bool starts_with_version(SipwhySlice line)
{
    return line.length >= VERSION_LENGTH &&
           g_ascii_strncasecmp(line.data, version, VERSION_LENGTH) == 0;
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
    if (*last != ' ' || last <= first ||
        g_ascii_strncasecmp(last + 1, version, VERSION_LENGTH) != 0)
        return false;
    message->method = slice_of(line.data, (size_t)(first - line.data));
    message->uri = strip(slice_of(first, (size_t)(last - first)));
    return true;
}

/* Whether a header line can be a Content-Length, in full or compact form. */
static bool may_be_content_length(SipwhySlice line)
{
    static const char name[] = "content-length";

    if (line.length == 0 || !strchr("CcLl", line.data[0]))
        return false;
    return line.data[0] == 'l' || line.data[0] == 'L' ||
           (line.length >= sizeof name - 1 &&
            g_ascii_strncasecmp(line.data, name, sizeof name - 1) == 0);
}

/* The value of the first Content-Length from `position` in the headers on; false when there is
 * none. What is no number counts as 0, so that it takes no other message of a stream with it (and
 * so does Wireshark); one that overflows is more than any bytes hold. */
static bool content_length(const SipwhyMessage *message, size_t position, size_t *length)
{
    SipwhySlice value;
    unsigned number = 0;
    size_t digits = 0;

    if (!sipwhy_message_header(message, "Content-Length", &position, &value))
        return false;
    while (digits < value.length && is_digit(value.data[digits]))
        digits++;
    if (digits == 0 || digits < value.length)
        *length = 0;
    else
        *length = sipwhy_slice_number(value, &number) ? number : SIZE_MAX;
    return true;
}

bool sipwhy_message_scan(const char *data, size_t length, SipwhyFraming framing,
                         SipwhyMessage *message)
{
    SipwhySlice rest = {data, length};
    bool complete = false; /* the empty line is there */
    bool ended;

    *message = (SipwhyMessage){0};
    if (length == 0)
        return false;
    message->line = take_line(&rest, &ended);
    if (!scan_status_line(message->line, message)) {
        message->status = 0;
        if (!scan_request_line(message->line, message))
            return false;
    }

    size_t candidate = SIZE_MAX; /* where the first Content-Length may stand */
    message->headers.data = rest.data;
    while (rest.length > 0 && !complete) {
        SipwhySlice line = take_line(&rest, &ended);
        complete = line.length == 0;
        if (complete)
            break;
        if (candidate == SIZE_MAX && may_be_content_length(line))
            candidate = (size_t)(line.data - message->headers.data);
        message->headers.length = (size_t)(rest.data - message->headers.data);
    }
    /* a CR at the very end may be the first half of a CRLF */
    message->cut = !complete || (rest.length == 0 && rest.data[-1] == '\r');

    size_t announced;
    bool known = candidate != SIZE_MAX && content_length(message, candidate, &announced);
    message->body = rest;
    if (known && announced > rest.length)
        message->cut = true;
    else if (known && framing == SIPWHY_FRAMING_STREAM)
        message->body.length = announced;
    message->length = (size_t)(message->body.data - data) + message->body.length;
    return true;
}

/* RFC 3261 7.3.3 and 20; RFC 3515, 3892, 3903, 4028, 6665, 8224 for the later ones. */
static char compact_form(const char *name)
{
    static const struct {
        const char *name;
        char compact;
    } forms[] = {
        {"Call-ID", 'i'},
        {"Contact", 'm'},
        {"Content-Encoding", 'e'},
        {"Content-Length", 'l'},
        {"Content-Type", 'c'},
        {"From", 'f'},
        {"Subject", 's'},
        {"Supported", 'k'},
        {"To", 't'},
        {"Via", 'v'},
        {"Event", 'o'},
        {"Allow-Events", 'u'},
        {"Refer-To", 'r'},
        {"Referred-By", 'b'},
        {"Session-Expires", 'x'},
        {"Identity", 'y'},
        {"Accept-Contact", 'a'},
        {"Reject-Contact", 'j'},
        {"Identity-Info", 'n'},
        {"Request-Disposition", 'd'},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (g_ascii_strcasecmp(forms[i].name, name) == 0)
            return forms[i].compact;
    return '\0';
}

/* Whether `name` is that header, in full or compact form. */
static bool is_header(SipwhySlice name, const char *header)
{
    if (name.length != 1)
        return sipwhy_slice_is(name, header);
    return g_ascii_tolower(name.data[0]) == compact_form(header);
}

/* The next header line, whatever its name, from `*position` on; folds are part of it. */
static bool next_header(const SipwhyMessage *message, size_t *position, SipwhySlice *name,
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

bool sipwhy_message_header(const SipwhyMessage *message, const char *name, size_t *position,
                           SipwhySlice *value)
{
    SipwhySlice found;

    while (next_header(message, position, &found, value))
        if (is_header(found, name))
            return true;
    return false;
}

SipwhySlice sipwhy_message_method(const SipwhyMessage *message)
{
    size_t position = 0;
    SipwhySlice value;

    if (!message->is_response)
        return message->method;
    if (!sipwhy_message_header(message, "CSeq", &position, &value))
        return slice_of(NULL, 0);
    while (value.length > 0 && is_digit(value.data[0])) {
        value.data++;
        value.length--;
    }
    return strip(value);
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
