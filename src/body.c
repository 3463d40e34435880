/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The body of a SIP message, and the parts of a multipart one.
 */
#include "body.h"

#include <glib.h>
#include <string.h>

/* Takes a line off `rest`, which is not empty. */
static SipwhySlice take_line(SipwhySlice *rest)
{
    SipwhySlice line = {0};

    sipwhy_slice_next_line(rest, &line);
    return line;
}

bool sipwhy_media_type_is(SipwhySlice value, const char *type)
{
    const char *semicolon = value.length > 0 ? memchr(value.data, ';', value.length) : NULL;
    size_t length = strlen(type);

    if (semicolon)
        value.length = (size_t)(semicolon - value.data);
    value = sipwhy_slice_strip(value);
    if (length > 0 && type[length - 1] == '/')
        return value.length > length && g_ascii_strncasecmp(value.data, type, length) == 0;
    return sipwhy_slice_is(value, type);
}

/* Whether a line is a delimiter of `boundary` (RFC 2046 5.1.1): white space may follow it. */
static bool is_delimiter(SipwhySlice line, SipwhySlice boundary, bool *last)
{
    if (line.length < boundary.length + 2 || line.data[0] != '-' || line.data[1] != '-' ||
        memcmp(line.data + 2, boundary.data, boundary.length) != 0)
        return false;
    SipwhySlice after =
        sipwhy_slice_between(line.data + 2 + boundary.length, sipwhy_slice_end(line));
    *last = after.length >= 2 && after.data[0] == '-' && after.data[1] == '-';
    if (*last)
        after = sipwhy_slice_between(after.data + 2, sipwhy_slice_end(after));
    return sipwhy_slice_strip(after).length == 0;
}

/* Takes what stands before the next delimiter off `rest`, without the line end that belongs to the
 * delimiter. Returns whether there is a delimiter; `*last` when nothing follows it. */
static bool take_until_delimiter(SipwhySlice *rest, SipwhySlice boundary, SipwhySlice *taken,
                                 bool *last)
{
    const char *begin = rest->data;

    while (rest->length > 0) {
        SipwhySlice line = take_line(rest);
        if (!is_delimiter(line, boundary, last))
            continue;
        const char *end = line.data;
        if (end > begin)
            end--;
        if (end > begin && end[-1] == '\r')
            end--;
        *taken = sipwhy_slice_between(begin, end);
        return true;
    }
    *last = true;
    *taken = sipwhy_slice_between(begin, rest->data);
    return false;
}

static bool is_encoded(SipwhySlice coding)
{
    return coding.length > 0 && !sipwhy_slice_is(coding, "identity") &&
           !sipwhy_slice_is(coding, "binary") && !sipwhy_slice_is(coding, "8bit") &&
           !sipwhy_slice_is(coding, "7bit");
}

/* Fills in what the header lines of a part, taken for a message, say of its content. */
static void read_part_headers(const SipwhyMessage *message, SipwhyBodyPart *part)
{
    size_t position = 0;
    SipwhySlice name;
    SipwhySlice value;

    while (sipwhy_message_next_any(message, &position, &name, &value)) {
        int header = sipwhy_header_find(name);
        if (header == SIPWHY_HEADER_CONTENT_TYPE && part->type.length == 0)
            part->type = value;
        else if (header == SIPWHY_HEADER_CONTENT_DISPOSITION && part->disposition.length == 0)
            part->disposition = value;
        else if (header == SIPWHY_HEADER_CONTENT_ENCODING ||
                 sipwhy_slice_is(name, "Content-Transfer-Encoding"))
            part->encoded |= is_encoded(value);
    }
}

/* The headers and the content of the bytes between two delimiters (RFC 2046 5.1). */
static SipwhyBodyPart read_part(SipwhySlice bytes, bool whole)
{
    SipwhyBodyPart part = {.whole = whole};
    SipwhySlice rest = bytes;
    const char *end = bytes.data; /* of the headers */

    while (rest.length > 0) {
        SipwhySlice line = take_line(&rest);
        if (line.length == 0)
            break;
        end = rest.data;
    }
    part.headers = sipwhy_slice_between(bytes.data, end);
    part.content = rest;
    SipwhyMessage message = {.headers = part.headers};
    read_part_headers(&message, &part);
    return part;
}

/* Steps into a part if it is a multipart with a boundary, and there is room; else false. */
static bool enter(SipwhyBodyWalk *walk, const SipwhyBodyPart *part)
{
    SipwhySlice boundary;
    SipwhySlice rest = part->content;
    SipwhySlice preamble;
    bool last;

    if (walk->depth >= SIPWHY_BODY_DEPTH_MOST || part->encoded ||
        !sipwhy_media_type_is(part->type, "multipart/") ||
        !sipwhy_slice_parameter(part->type, "boundary", &boundary) || boundary.length == 0)
        return false;
    if (!take_until_delimiter(&rest, boundary, &preamble, &last) || last)
        return false;
    walk->level[walk->depth].boundary = boundary;
    walk->level[walk->depth].rest = rest;
    walk->level[walk->depth].whole = part->whole;
    walk->depth++;
    return true;
}

/* The next part of the innermost multipart, or false when it has none; then it is left. */
static bool take_part(SipwhyBodyWalk *walk, SipwhyBodyPart *part)
{
    SipwhySlice *rest = &walk->level[walk->depth - 1].rest;
    SipwhySlice bytes;
    bool last;

    if (rest->length == 0) {
        walk->depth--;
        return false;
    }
    bool delimited =
        take_until_delimiter(rest, walk->level[walk->depth - 1].boundary, &bytes, &last);
    if (last)
        rest->length = 0; /* what follows is the epilogue */
    *part = read_part(bytes, delimited);
    return true;
}

SipwhyBodyWalk sipwhy_body_walk(const SipwhyMessage *message)
{
    SipwhyBodyWalk walk = {.next = {.content = message->body, .whole = !message->cut}};

    SipwhySlice coding;

    if (message->body.length == 0)
        return walk;
    sipwhy_message_first(message, SIPWHY_HEADER_CONTENT_TYPE, &walk.next.type);
    sipwhy_message_first(message, SIPWHY_HEADER_CONTENT_DISPOSITION, &walk.next.disposition);
    if (sipwhy_message_first(message, SIPWHY_HEADER_CONTENT_ENCODING, &coding))
        walk.next.encoded = is_encoded(coding);
    return walk;
}

bool sipwhy_body_next(SipwhyBodyWalk *walk, SipwhyBodyPart *part)
{
    if (!walk->begun) {
        walk->begun = true;
        if (walk->next.content.length == 0)
            return false;
        if (!enter(walk, &walk->next)) {
            *part = walk->next;
            return true;
        }
    }
    while (walk->depth > 0 && walk->parts < SIPWHY_BODY_PARTS_MOST) {
        if (!take_part(walk, part))
            continue;
        walk->parts++;
        if (!enter(walk, part))
            return true;
    }
    return false;
}

bool sipwhy_body_find(const SipwhyMessage *message, const char *type, SipwhyBodyPart *part)
{
    SipwhyBodyWalk walk = sipwhy_body_walk(message);

    while (sipwhy_body_next(&walk, part))
        if (!part->encoded && sipwhy_media_type_is(part->type, type))
            return true;
    return false;
}

bool sipwhy_body_may_hold(const SipwhyMessage *message, const char *name)
{
    SipwhySlice type;

    return message->body.length > 0 &&
           sipwhy_message_first(message, SIPWHY_HEADER_CONTENT_TYPE, &type) &&
           (sipwhy_slice_contains(type, name) || sipwhy_slice_contains(type, "multipart"));
}

bool sipwhy_body_may_hold_sdp(const SipwhyMessage *message)
{
    return sipwhy_body_may_hold(message, "sdp");
}

bool sipwhy_body_sdp(const SipwhyMessage *message, SipwhySlice *sdp)
{
    SipwhyBodyWalk walk = sipwhy_body_walk(message);
    SipwhyBodyPart part;

    while (sipwhy_body_next(&walk, &part)) {
        bool untyped = part.type.length == 0 && part.content.length >= 2 &&
                       !memcmp(part.content.data, "v=", 2);
        if (part.encoded || (!untyped && !sipwhy_media_type_is(part.type, "application/sdp")))
            continue;
        *sdp = part.content;
        return true;
    }
    return false;
}

bool sipwhy_body_sipfrag(const SipwhyMessage *message, SipwhyMessage *fragment)
{
    SipwhyBodyPart part;

    if (!sipwhy_body_find(message, "message/sipfrag", &part) &&
        !sipwhy_body_find(message, "message/sip", &part))
        return false;
    SipwhySlice content = part.content;
    while (content.length > 0 && (content.data[0] == '\r' || content.data[0] == '\n'))
        content = sipwhy_slice_between(content.data + 1, sipwhy_slice_end(content));
    return content.length > 0 &&
           sipwhy_message_scan(content.data, content.length, SIPWHY_FRAMING_DATAGRAM, fragment);
}
