/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One SIP message, scanned in place: nothing is copied, nothing is allocated.
 *
 * The bytes are hostile: they may be cut anywhere, hold NUL, and be no UTF-8. A slice points into
 * them and lives as long as they do.
 */
#ifndef SIPWHY_MESSAGE_H
#define SIPWHY_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

/** Bytes inside a message; not terminated. data is NULL when there is nothing. */
typedef struct {
    const char *data;
    size_t length;
} SipwhySlice;

/** What follows a message in the bytes that hold it. */
typedef enum {
    SIPWHY_FRAMING_DATAGRAM, /**< nothing: the message ends with the bytes (RFC 3261 18.3) */
    SIPWHY_FRAMING_STREAM,   /**< perhaps another one: Content-Length tells (RFC 3261 18.3) */
} SipwhyFraming;

typedef struct {
    bool is_response;
    unsigned status;     /**< the three digits of a status line (000 to 999); 0 in a request */
    SipwhySlice line;    /**< the whole start line, without its end */
    SipwhySlice phrase;  /**< of a response; may be empty */
    SipwhySlice method;  /**< of a request */
    SipwhySlice uri;     /**< of a request */
    SipwhySlice headers; /**< the lines between start line and empty line */
    SipwhySlice body;
    bool cut;      /**< the bytes end before the message does */
    size_t length; /**< bytes of the message, from the start line to the end of the body */
} SipwhyMessage;

/**
 * Scans the message that begins with the first of `length` bytes.
 * Returns false when they begin with neither a status line with three digits nor a request line
 * of SIP/2.0 (RFC 3261 7.1, 7.2).
 */
bool sipwhy_message_scan(const char *data, size_t length, SipwhyFraming framing,
                         SipwhyMessage *message);

/**
 * The next header line of a name, in full or compact form (RFC 3261 7.3.1, 7.3.3), from
 * `*position` on, which starts at 0 and is moved behind it. `value` is stripped at both ends and
 * holds the raw line ends of a folded header. Returns false when there is none left.
 */
bool sipwhy_message_header(const SipwhyMessage *message, const char *name, size_t *position,
                           SipwhySlice *value);

/** The method of a message: of the request line, or of a response's CSeq. Empty when unknown. */
SipwhySlice sipwhy_message_method(const SipwhyMessage *message);

/**
 * The next of the values that a header line separates with commas; quoted strings and <...> are
 * kept whole. `rest` is shortened. Returns false when nothing is left.
 */
bool sipwhy_slice_next_value(SipwhySlice *rest, SipwhySlice *value);

/** Whether a slice is `text`, without regard to case. */
bool sipwhy_slice_is(SipwhySlice slice, const char *text);

/** The number that the slice begins with; false when it begins with no digit, or overflows. */
bool sipwhy_slice_number(SipwhySlice slice, unsigned *number);

/**
 * A parameter of a header value (";cause=16"): its value without quotes. Parameters of a URI in
 * <...> are not looked at. Returns false when the value has no such parameter.
 */
bool sipwhy_slice_parameter(SipwhySlice value, const char *name, SipwhySlice *parameter);

#endif
