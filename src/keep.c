/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a trace keeps of messages.
 */
#include "keep.h"

#include <string.h>

#include "body.h"
#include "offer.h"

struct SipwhyKept {
    uint32_t length;
    SipwhyMessage
        *scanned; /* of a whole message: what the scanner said, behind the bytes; or NULL */
    char bytes[];
};

enum {
    WHOLE_BYTES_MOST = 16384, /* of a pending request */
    FIRST_REFUSAL = 300,
};

/* What a header is kept for. Call-ID and CSeq stand in the trace. */
enum {
    REFUSED = 1,      /* of a request that was refused, or never answered */
    CHALLENGED = 2,   /* of one that was challenged: what it had already */
    REPAIR = 4,       /* of one that repairs a refused one, and was accepted: what is new in it */
    ACCEPTED = 8,     /* of one that was accepted: what tells of another transaction */
    REFUSAL = 16,     /* of a response */
    CHALLENGE = 32,   /* of a 401 or 407 */
    DESCRIPTION = 64, /* of an offer or an answer */
};

static const uint8_t kept_for[SIPWHY_HEADER_COUNT] = {
    [SIPWHY_HEADER_ACCEPT] = REFUSED | REPAIR | REFUSAL,
    [SIPWHY_HEADER_ACCEPT_CONTACT] = REFUSED,
    [SIPWHY_HEADER_ACCEPT_ENCODING] = REFUSAL,
    [SIPWHY_HEADER_ACCEPT_LANGUAGE] = REFUSAL,
    [SIPWHY_HEADER_ALLOW] = REFUSAL,
    [SIPWHY_HEADER_ALLOW_EVENTS] = REFUSAL,
    [SIPWHY_HEADER_AUTHORIZATION] = REFUSED | CHALLENGED | REPAIR,
    [SIPWHY_HEADER_CALL_INFO] = REFUSAL,
    [SIPWHY_HEADER_CONTACT] = REFUSED | CHALLENGED | REPAIR | REFUSAL,
    [SIPWHY_HEADER_CONTENT_DISPOSITION] = REFUSED,
    [SIPWHY_HEADER_CONTENT_ENCODING] = REFUSED,
    [SIPWHY_HEADER_CONTENT_LANGUAGE] = REFUSED,
    [SIPWHY_HEADER_CONTENT_TYPE] = REFUSED | REPAIR | ACCEPTED | REFUSAL | DESCRIPTION,
    [SIPWHY_HEADER_DATE] = REFUSED,
    [SIPWHY_HEADER_ERROR_INFO] = REFUSAL,
    [SIPWHY_HEADER_EVENT] = REFUSED | REPAIR | ACCEPTED,
    [SIPWHY_HEADER_EXPIRES] = REFUSED | REPAIR | ACCEPTED,
    [SIPWHY_HEADER_FROM] = REFUSED,
    [SIPWHY_HEADER_IDENTITY] = REFUSED | REPAIR,
    [SIPWHY_HEADER_INFO_PACKAGE] = REFUSED,
    [SIPWHY_HEADER_JOIN] = REFUSED,
    [SIPWHY_HEADER_MAX_FORWARDS] = REFUSED | REPAIR,
    [SIPWHY_HEADER_MIN_EXPIRES] = REFUSAL,
    [SIPWHY_HEADER_MIN_SE] = REFUSED | REPAIR | REFUSAL,
    [SIPWHY_HEADER_PATH] = REFUSED,
    [SIPWHY_HEADER_PRIVACY] = REFUSED,
    [SIPWHY_HEADER_PROXY_AUTHENTICATE] = REFUSAL | CHALLENGE,
    [SIPWHY_HEADER_PROXY_AUTHORIZATION] = REFUSED | CHALLENGED | REPAIR,
    [SIPWHY_HEADER_PROXY_REQUIRE] = REFUSED | REPAIR,
    [SIPWHY_HEADER_P_ASSERTED_IDENTITY] = REFUSED,
    [SIPWHY_HEADER_RACK] = REFUSED,
    [SIPWHY_HEADER_REASON] = REFUSED | REPAIR | ACCEPTED | REFUSAL,
    [SIPWHY_HEADER_REFERRED_BY] = REFUSED,
    [SIPWHY_HEADER_REFER_SUB] = REFUSED | REPAIR | ACCEPTED,
    [SIPWHY_HEADER_REFER_TO] = REFUSED | REPAIR | ACCEPTED,
    [SIPWHY_HEADER_REJECT_CONTACT] = REFUSED,
    [SIPWHY_HEADER_REPLACES] = REFUSED,
    [SIPWHY_HEADER_REQUIRE] = REFUSED | REPAIR | ACCEPTED | REFUSAL,
    [SIPWHY_HEADER_RESOURCE_PRIORITY] = REFUSED,
    [SIPWHY_HEADER_RETRY_AFTER] = REFUSAL,
    [SIPWHY_HEADER_ROUTE] = REFUSED,
    [SIPWHY_HEADER_SERVER] = REFUSAL,
    [SIPWHY_HEADER_SESSION_EXPIRES] = REFUSED | REPAIR,
    [SIPWHY_HEADER_SIP_IF_MATCH] = REFUSED,
    [SIPWHY_HEADER_SUBSCRIPTION_STATE] = REFUSED | REPAIR | ACCEPTED,
    [SIPWHY_HEADER_SUPPORTED] = REFUSED | REPAIR,
    [SIPWHY_HEADER_TO] = REFUSED,
    [SIPWHY_HEADER_UNSUPPORTED] = REFUSAL,
    [SIPWHY_HEADER_VIA] = REFUSED,
    [SIPWHY_HEADER_WARNING] = REFUSAL,
    [SIPWHY_HEADER_WWW_AUTHENTICATE] = REFUSAL | CHALLENGE,
};

static SipwhyKept *make_kept(const char *bytes, size_t length)
{
    SipwhyKept *kept = g_malloc(sizeof *kept + length);

    kept->length = (uint32_t)length;
    kept->scanned = NULL;
    memcpy(kept->bytes, bytes, length);
    return kept;
}

static void move_slice(SipwhySlice *slice, const char *from, const char *to)
{
    if (slice->data)
        slice->data = to + (slice->data - from);
}

SipwhyKept *sipwhy_keep_whole(const SipwhyMessage *message)
{
    const char *from = message->line.data;

    if (message->length > WHOLE_BYTES_MOST)
        return make_kept(from, WHOLE_BYTES_MOST);
    size_t room = (message->length + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
    SipwhyKept *kept = g_malloc(sizeof *kept + room + sizeof *kept->scanned);
    kept->length = (uint32_t)message->length;
    memcpy(kept->bytes, from, message->length);
    kept->scanned = (SipwhyMessage *)(void *)(kept->bytes + room);
    *kept->scanned = *message;
    SipwhySlice *slices[] = {&kept->scanned->line,   &kept->scanned->phrase,  &kept->scanned->uri,
                             &kept->scanned->method, &kept->scanned->headers, &kept->scanned->body};
    for (size_t i = 0; i < G_N_ELEMENTS(slices); i++)
        move_slice(slices[i], from, kept->bytes);
    for (size_t i = 0; i < G_N_ELEMENTS(message->known); i++)
        move_slice(&kept->scanned->known[i], from, kept->bytes);
    return kept;
}

static bool has_sdp(const SipwhyMessage *message)
{
    return sipwhy_body_may_hold(message, "sdp");
}

/* Whether a NOTIFY tells of a transfer (RFC 3515 2.4.5). */
static bool has_sipfrag(const SipwhyMessage *message)
{
    return sipwhy_body_may_hold(message, "sipfrag");
}

static size_t line_bytes_most(int header)
{
    return header == SIPWHY_HEADER_IDENTITY ? SIPWHY_KEPT_IDENTITY_BYTES_MOST
                                            : SIPWHY_KEPT_LINE_BYTES_MOST;
}

static void append_line(GString *text, int header, SipwhySlice value)
{
    if (text->len > SIPWHY_KEPT_BYTES_MOST)
        return;
    g_string_append(text, sipwhy_header_name((SipwhyHeaderId)header));
    g_string_append_c(text, ':');
    g_string_append_len(text, value.data, (gssize)MIN(value.length, line_bytes_most(header)));
    g_string_append_c(text, '\n');
}

/* All lines of the headers that are kept for a purpose. */
static void append_all(GString *text, const SipwhyMessage *message, unsigned purpose)
{
    SipwhySlice name;
    SipwhySlice value;
    size_t position = 0;

    while (sipwhy_message_next_any(message, &position, &name, &value)) {
        int header = sipwhy_header_find(name);
        if (header >= 0 && (kept_for[header] & purpose))
            append_line(text, header, value);
    }
}

static bool is_line_of(const SipwhyMessage *message, size_t position, int header)
{
    SipwhySlice name;
    SipwhySlice value;

    return sipwhy_message_next_any(message, &position, &name, &value) &&
           sipwhy_header_find(name) == header;
}

/* Those that follow the first line of each header. Where the messages are many they are found
 * sooner than all. */
static void append_first(GString *text, const SipwhyMessage *message, unsigned purpose)
{
    SipwhySlice name;
    SipwhySlice value;

    for (int header = 0; header < SIPWHY_HEADER_COUNT; header++) {
        if (!(kept_for[header] & purpose) || message->first[header] == 0)
            continue;
        size_t position = message->first[header] - 1;
        const int initial = message->headers.data[position] | 0x20;
        bool same = true; /* the first line is of that header, as the scanner knows */
        while (same && sipwhy_message_next_any(message, &position, &name, &value)) {
            append_line(text, header, value);
            same = position < message->headers.length &&
                   (message->headers.data[position] | 0x20) == initial &&
                   is_line_of(message, position, header);
        }
    }
}

/* The lines of a message that are kept for a purpose, and its body if that is wanted. */
static SipwhyKept *keep_lines(const SipwhyMessage *message, unsigned purpose, bool body)
{
    GString *text = g_string_sized_new(512);

    g_string_append_len(text, message->line.data,
                        (gssize)MIN(message->line.length, SIPWHY_KEPT_LINE_BYTES_MOST));
    g_string_append_c(text, '\n');
    if (purpose & (REFUSED | REFUSAL))
        append_all(text, message, purpose);
    else
        append_first(text, message, purpose);
    g_string_append_c(text, '\n');
    if (body)
        g_string_append_len(text, message->body.data,
                            (gssize)MIN(message->body.length, SIPWHY_KEPT_BODY_BYTES_MOST));
    SipwhyKept *kept = make_kept(text->str, text->len);
    g_string_free(text, TRUE);
    return kept;
}

/* Whether a request and its response may hold an offer and its answer. */
static bool may_negotiate(const SipwhyTransaction *transaction, const SipwhyMessage *response)
{
    switch (transaction->method) {
    case SIPWHY_METHOD_INVITE:
        return transaction->invite->offer && has_sdp(response);
    case SIPWHY_METHOD_PRACK:
    case SIPWHY_METHOD_UPDATE:
        return has_sdp(response);
    default:
        return false;
    }
}

/* Whether the offer of an accepted request is not taken as it is. */
static bool is_offer_refused(const SipwhyMessage *request, const SipwhyMessage *response)
{
    SipwhySlice offer;
    SipwhySlice answer;

    return sipwhy_body_sdp(request, &offer) && sipwhy_body_sdp(response, &answer) &&
           sipwhy_answer_refuses(offer, answer);
}

bool sipwhy_keeps_request(const SipwhyMessage *response, const SipwhyTransaction *transaction)
{
    if (response->status >= FIRST_REFUSAL || transaction->repairs)
        return true;
    switch (transaction->method) {
    case SIPWHY_METHOD_CANCEL:
    case SIPWHY_METHOD_BYE:
        return transaction->has_reason;
    case SIPWHY_METHOD_REFER:
    case SIPWHY_METHOD_NOTIFY:
    case SIPWHY_METHOD_SUBSCRIBE:
        return true;
    default:
        return may_negotiate(transaction, response);
    }
}

SipwhyKept *sipwhy_keep_request(const SipwhyMessage *request, const SipwhyMessage *response,
                                const SipwhyTransaction *transaction)
{
    bool fragment = transaction->method == SIPWHY_METHOD_NOTIFY && has_sipfrag(request);

    if (!response)
        return keep_lines(request, REFUSED, has_sdp(request));
    if (response->status == 401 || response->status == 407)
        return keep_lines(request, CHALLENGED, false);
    if (response->status >= FIRST_REFUSAL)
        return keep_lines(request, REFUSED, true);
    if (may_negotiate(transaction, response)) {
        if (is_offer_refused(request, response))
            return keep_lines(request, DESCRIPTION | (transaction->repairs ? REPAIR : 0), true);
        if (!transaction->repairs)
            return NULL;
    }
    return keep_lines(request, transaction->repairs ? REPAIR : ACCEPTED, fragment);
}

SipwhyKept *sipwhy_keep_response(const SipwhyMessage *response,
                                 const SipwhyTransaction *transaction)
{
    const SipwhyInvite *invite = transaction->invite;

    if (response->status == 401 || response->status == 407)
        return keep_lines(response, CHALLENGE, false);
    if (response->status >= FIRST_REFUSAL)
        return keep_lines(response, REFUSAL, has_sdp(response));
    /* an offer, whose answer comes in the ACK (RFC 3261 13.2.2.4) */
    if (invite && !invite->offer && transaction->request.count > 0 && has_sdp(response))
        return keep_lines(response, DESCRIPTION, true);
    return NULL;
}

bool sipwhy_kept_message(const SipwhyKept *kept, SipwhyMessage *message)
{
    if (kept && kept->scanned) {
        *message = *kept->scanned;
        return true;
    }
    return kept && sipwhy_message_scan(kept->bytes, kept->length, SIPWHY_FRAMING_DATAGRAM, message);
}
