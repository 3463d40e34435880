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
#include <stdint.h>

/** The header fields that are looked for by number: name, and compact form or 0 (RFC 3261 7.3.3 and
 * 20; RFC 3515, 3841, 3892, 3911, 4028, 6665, 8224). */
#define SIPWHY_HEADERS(X)                                      \
    X(ACCEPT, "Accept", 0)                                     \
    X(ACCEPT_CONTACT, "Accept-Contact", 'a')                   \
    X(ACCEPT_ENCODING, "Accept-Encoding", 0)                   \
    X(ACCEPT_LANGUAGE, "Accept-Language", 0)                   \
    X(ACCEPT_RESOURCE_PRIORITY, "Accept-Resource-Priority", 0) \
    X(ALERTMSG_ERROR, "AlertMsg-Error", 0)                     \
    X(ALLOW, "Allow", 0)                                       \
    X(ALLOW_EVENTS, "Allow-Events", 'u')                       \
    X(AUTHENTICATION_INFO, "Authentication-Info", 0)           \
    X(AUTHORIZATION, "Authorization", 0)                       \
    X(CALL_ID, "Call-ID", 'i')                                 \
    X(CALL_INFO, "Call-Info", 0)                               \
    X(CONTACT, "Contact", 'm')                                 \
    X(CONTENT_DISPOSITION, "Content-Disposition", 0)           \
    X(CONTENT_ENCODING, "Content-Encoding", 'e')               \
    X(CONTENT_LANGUAGE, "Content-Language", 0)                 \
    X(CONTENT_LENGTH, "Content-Length", 'l')                   \
    X(CONTENT_TYPE, "Content-Type", 'c')                       \
    X(CSEQ, "CSeq", 0)                                         \
    X(DATE, "Date", 0)                                         \
    X(ERROR_INFO, "Error-Info", 0)                             \
    X(EVENT, "Event", 'o')                                     \
    X(EXPIRES, "Expires", 0)                                   \
    X(FROM, "From", 'f')                                       \
    X(GEOLOCATION_ERROR, "Geolocation-Error", 0)               \
    X(HISTORY_INFO, "History-Info", 0)                         \
    X(IDENTITY, "Identity", 'y')                               \
    X(IDENTITY_INFO, "Identity-Info", 'n')                     \
    X(INFO_PACKAGE, "Info-Package", 0)                         \
    X(JOIN, "Join", 0)                                         \
    X(MAX_FORWARDS, "Max-Forwards", 0)                         \
    X(MIN_EXPIRES, "Min-Expires", 0)                           \
    X(MIN_SE, "Min-SE", 0)                                     \
    X(P_ASSERTED_IDENTITY, "P-Asserted-Identity", 0)           \
    X(PATH, "Path", 0)                                         \
    X(PERMISSION_MISSING, "Permission-Missing", 0)             \
    X(PRIVACY, "Privacy", 0)                                   \
    X(PROXY_AUTHENTICATE, "Proxy-Authenticate", 0)             \
    X(PROXY_AUTHORIZATION, "Proxy-Authorization", 0)           \
    X(PROXY_REQUIRE, "Proxy-Require", 0)                       \
    X(RACK, "RAck", 0)                                         \
    X(REASON, "Reason", 0)                                     \
    X(RECORD_ROUTE, "Record-Route", 0)                         \
    X(RECV_INFO, "Recv-Info", 0)                               \
    X(REFER_SUB, "Refer-Sub", 0)                               \
    X(REFER_TO, "Refer-To", 'r')                               \
    X(REFERRED_BY, "Referred-By", 'b')                         \
    X(REJECT_CONTACT, "Reject-Contact", 'j')                   \
    X(REPLACES, "Replaces", 0)                                 \
    X(REQUEST_DISPOSITION, "Request-Disposition", 'd')         \
    X(REQUIRE, "Require", 0)                                   \
    X(RESOURCE_PRIORITY, "Resource-Priority", 0)               \
    X(RETRY_AFTER, "Retry-After", 0)                           \
    X(ROUTE, "Route", 0)                                       \
    X(RSEQ, "RSeq", 0)                                         \
    X(SECURITY_SERVER, "Security-Server", 0)                   \
    X(SERVER, "Server", 0)                                     \
    X(SESSION_EXPIRES, "Session-Expires", 'x')                 \
    X(SIP_ETAG, "SIP-ETag", 0)                                 \
    X(SIP_IF_MATCH, "SIP-If-Match", 0)                         \
    X(SUBJECT, "Subject", 's')                                 \
    X(SUBSCRIPTION_STATE, "Subscription-State", 0)             \
    X(SUPPORTED, "Supported", 'k')                             \
    X(TO, "To", 't')                                           \
    X(UNSUPPORTED, "Unsupported", 0)                           \
    X(USER_AGENT, "User-Agent", 0)                             \
    X(VIA, "Via", 'v')                                         \
    X(WARNING, "Warning", 0)                                   \
    X(WWW_AUTHENTICATE, "WWW-Authenticate", 0)

typedef enum {
#define SIPWHY_HEADER_MEMBER(member, name, compact) SIPWHY_HEADER_##member,
    SIPWHY_HEADERS(SIPWHY_HEADER_MEMBER)
#undef SIPWHY_HEADER_MEMBER
        SIPWHY_HEADER_COUNT
} SipwhyHeaderId;

/** Methods that rules know (RFC 3261, 3262, 3311, 3428, 3515, 3903, 6086, 6665). */
typedef enum {
    SIPWHY_METHOD_OTHER,
    SIPWHY_METHOD_INVITE,
    SIPWHY_METHOD_ACK,
    SIPWHY_METHOD_BYE,
    SIPWHY_METHOD_CANCEL,
    SIPWHY_METHOD_REGISTER,
    SIPWHY_METHOD_OPTIONS,
    SIPWHY_METHOD_PRACK,
    SIPWHY_METHOD_UPDATE,
    SIPWHY_METHOD_INFO,
    SIPWHY_METHOD_SUBSCRIBE,
    SIPWHY_METHOD_NOTIFY,
    SIPWHY_METHOD_REFER,
    SIPWHY_METHOD_MESSAGE,
    SIPWHY_METHOD_PUBLISH,
    SIPWHY_METHOD_COUNT
} SipwhyMethod;

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
    /** Where in `headers` the first line of each header field begins, plus one; 0: there is none.
     */
    uint32_t first[SIPWHY_HEADER_COUNT];
    /** A bit for each header field that has more than one line. */
    uint64_t repeated[(SIPWHY_HEADER_COUNT + 63) / 64];
    /** Values of the first lines of what is asked of every message: From, To, Call-ID, CSeq, Via,
     * Content-Length, Content-Type, in that order; NULL where the line is folded or unusual. For
     * sipwhy_message_first. */
    SipwhySlice known[7];
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

/** The value of the first line of a header field, stripped as above; false when there is none. */
bool sipwhy_message_first(const SipwhyMessage *message, SipwhyHeaderId header, SipwhySlice *value);

/** The next line of a header field from `*position` on, as sipwhy_message_header; faster. */
bool sipwhy_message_next(const SipwhyMessage *message, SipwhyHeaderId header, size_t *position,
                         SipwhySlice *value);

/** The next of all values of a header field: lines may be several, and each a list (RFC 3261
 * 7.3.1). `*position` and `rest` start as 0 and {0}. Not for challenges and credentials, whose
 * commas separate parameters. */
bool sipwhy_message_next_value(const SipwhyMessage *message, SipwhyHeaderId header,
                               size_t *position, SipwhySlice *rest, SipwhySlice *value);

/** Whether a header field has a value or token `token` in any of its lines, without regard to
 * case; parameters of the value do not matter. */
bool sipwhy_message_lists(const SipwhyMessage *message, SipwhyHeaderId header, const char *token);

/** The number that the first line of a header field begins with; false when there is none. */
bool sipwhy_message_number(const SipwhyMessage *message, SipwhyHeaderId header, unsigned *number);

/** The next header line, whatever its name, from `*position` on, which starts at 0. */
bool sipwhy_message_next_any(const SipwhyMessage *message, size_t *position, SipwhySlice *name,
                             SipwhySlice *value);

/** The next header line as it stands, with its folds and its end, and its SipwhyHeaderId, or -1,
 * from `*position` on, which starts at 0. */
bool sipwhy_message_next_line(const SipwhyMessage *message, size_t *position, int *header,
                              SipwhySlice *line);

/** The SipwhyHeaderId of a name in full or compact form; -1 of one that is not in the list. */
int sipwhy_header_find(SipwhySlice name);

/** A header field's full name. */
const char *sipwhy_header_name(SipwhyHeaderId header);

/** The method of that name (methods are case-sensitive, RFC 3261 7.1), or SIPWHY_METHOD_OTHER. */
SipwhyMethod sipwhy_method_find(SipwhySlice name);

/** "INVITE"; NULL of SIPWHY_METHOD_OTHER. */
const char *sipwhy_method_name(SipwhyMethod method);

/** Number and method of CSeq (RFC 3261 20.16); false when there is no such header. */
bool sipwhy_message_cseq(const SipwhyMessage *message, unsigned *number, SipwhySlice *method);

/** The method of a message: of the request line, or of a response's CSeq. Empty when unknown. */
SipwhySlice sipwhy_message_method(const SipwhyMessage *message);

/**
 * The next of the values that a header line separates with commas; quoted strings and <...> are
 * kept whole. `rest` is shortened. Returns false when nothing is left.
 */
bool sipwhy_slice_next_value(SipwhySlice *rest, SipwhySlice *value);

/** The URI of a From, To, Contact, Route or Refer-To value: what stands in <...>, or before the
 * first semicolon (RFC 3261 20.10). Its parameters are part of it only in <...>. */
SipwhySlice sipwhy_slice_uri(SipwhySlice value);

/** The user part of a sip or sips URI without password, the number of a tel URI; may be empty. */
SipwhySlice sipwhy_slice_user(SipwhySlice uri);

/** The host of a sip or sips URI, without port and brackets; may be empty. */
SipwhySlice sipwhy_slice_host(SipwhySlice uri);

/** The bytes from `begin` up to `end`, which is not part of them. */
SipwhySlice sipwhy_slice_between(const char *begin, const char *end);

/** The place behind a slice; NULL when it has no data. */
const char *sipwhy_slice_end(SipwhySlice slice);

/** A slice without white space at its ends. */
SipwhySlice sipwhy_slice_strip(SipwhySlice slice);

/** Takes one line off `rest` (CRLF, LF, or the end of the bytes ends it; a lone CR may be content);
 * false when nothing is left. */
bool sipwhy_slice_next_line(SipwhySlice *rest, SipwhySlice *line);

/** Whether two slices are the same bytes. */
bool sipwhy_slice_equal(SipwhySlice one, SipwhySlice other);

/** The same without regard to the case of ASCII letters. */
bool sipwhy_slice_alike(SipwhySlice one, SipwhySlice other);

/** As much of a slice as stands before any of the bytes `stops`. */
SipwhySlice sipwhy_slice_until(SipwhySlice slice, const char *stops);

/** Whether `text` stands somewhere in a slice, without regard to case. */
bool sipwhy_slice_contains(SipwhySlice slice, const char *text);

/** Whether a slice is `text`, without regard to case. */
bool sipwhy_slice_is(SipwhySlice slice, const char *text);

/** The number that the slice begins with; false when it begins with no digit, or overflows. */
bool sipwhy_slice_number(SipwhySlice slice, unsigned *number);

/**
 * A parameter of a header value (";cause=16"): its value without quotes. Parameters of a URI in
 * <...> are not looked at. Returns false when the value has no such parameter.
 */
bool sipwhy_slice_parameter(SipwhySlice value, const char *name, SipwhySlice *parameter);

/** The same of what commas separate behind a scheme, as in challenges and credentials: 'Digest
 * realm="x", nonce="y"' (RFC 3261 20.7, 20.44). */
bool sipwhy_slice_auth_parameter(SipwhySlice value, const char *name, SipwhySlice *parameter);

/** The first word of a challenge or of credentials: "Digest". */
SipwhySlice sipwhy_slice_auth_scheme(SipwhySlice value);

#endif
