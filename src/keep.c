/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a trace keeps of messages.
 */
#include "keep.h"

#include <string.h>

#include "body.h"
#include "offer.h"

/* There are more of these than of calls, each for as long as the trace. */
struct SipwhyKept {
    uint32_t length : 30;
    uint32_t scanned : 1; /* it stands behind a Whole that has what the scanner said */
    uint32_t spared : 1;  /* it stands behind a Whole that may take the place of another */
    char bytes[];
};

/* What stands before a whole copy, which is given back. */
struct SipwhyWhole {
    SipwhyMessage scanned;
    SipwhyWhole *next_spare; /* while nobody needs it */
};

enum {
    WHOLE_BYTES_MOST = 16384, /* of a pending request */
    SPARED_BYTES_MOST = 2048, /* most are shorter, and take the place of one another */
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

static SipwhyKept *fill_kept(SipwhyKept *kept, const char *bytes, size_t length)
{
    kept->length = (uint32_t)length & 0x3fffffff; /* it is far less */
    memcpy(kept->bytes, bytes, length);
    return kept;
}

static void move_slice(SipwhySlice *slice, const char *from, const char *to)
{
    if (slice->data)
        slice->data = to + (slice->data - from);
}

static SipwhyWhole *whole_of(SipwhyKept *kept)
{
    return (SipwhyWhole *)(void *)kept - 1;
}

/* Room for a whole copy of `length` bytes, which is given back often: what most messages fit in is
 * used again at once, as long as it is in the processor's cache. */
static SipwhyKept *take_room(SipwhyKeeper *keeper, size_t length)
{
    const bool spared = length <= SPARED_BYTES_MOST;
    const size_t size =
        sizeof(SipwhyWhole) + sizeof(SipwhyKept) + (spared ? SPARED_BYTES_MOST : length);
    SipwhyWhole *whole = keeper->spare;

    if (!spared)
        whole = g_malloc(size);
    else if (whole)
        keeper->spare = whole->next_spare;
    else
        whole = sipwhy_arena_take(keeper->arena, size);
    SipwhyKept *kept = (SipwhyKept *)(void *)(whole + 1);
    kept->spared = spared;
    kept->scanned = false;
    return kept;
}

SipwhyKept *sipwhy_keep_whole(SipwhyKeeper *keeper, const SipwhyMessage *message)
{
    const char *from = message->line.data;

    if (message->length > WHOLE_BYTES_MOST)
        return fill_kept(take_room(keeper, WHOLE_BYTES_MOST), from, WHOLE_BYTES_MOST);
    SipwhyKept *kept = fill_kept(take_room(keeper, message->length), from, message->length);
    SipwhyMessage *scanned = &whole_of(kept)->scanned;
    kept->scanned = true;
    *scanned = *message;
    SipwhySlice *slices[] = {&scanned->line,   &scanned->phrase,  &scanned->uri,
                             &scanned->method, &scanned->headers, &scanned->body};
    for (size_t i = 0; i < G_N_ELEMENTS(slices); i++)
        move_slice(slices[i], from, kept->bytes);
    for (size_t i = 0; i < G_N_ELEMENTS(message->known); i++)
        move_slice(&scanned->known[i], from, kept->bytes);
    return kept;
}

void sipwhy_keep_drop(SipwhyKeeper *keeper, SipwhyKept *whole)
{
    if (whole && whole->spared) {
        whole_of(whole)->next_spare = keeper->spare;
        keeper->spare = whole_of(whole);
    } else if (whole) {
        g_free(whole_of(whole));
    }
}

/* Whether a NOTIFY tells of a transfer (RFC 3515 2.4.5). */
static bool has_sipfrag(const SipwhyMessage *message)
{
    return sipwhy_body_may_hold(message, "sipfrag");
}

/* A copy in the making. No line is begun behind SIPWHY_KEPT_BYTES_MOST. */
typedef struct {
    size_t length;
    char bytes[SIPWHY_KEPT_BYTES_MOST + SIPWHY_KEPT_IDENTITY_BYTES_MOST +
               SIPWHY_KEPT_LINE_BYTES_MOST + SIPWHY_KEPT_BODY_BYTES_MOST];
} Copy;

static void append(Copy *copy, SipwhySlice bytes, size_t most)
{
    const size_t length = MIN(MIN(bytes.length, most), sizeof copy->bytes - copy->length);

    if (length > 0)
        memcpy(copy->bytes + copy->length, bytes.data, length);
    copy->length += length;
}

static void end_line(Copy *copy)
{
    const SipwhySlice end = {"\n", 1};

    append(copy, end, end.length);
}

/* A line without what its value has too much. */
static SipwhySlice shorten_line(SipwhySlice line, int header)
{
    const size_t most = header == SIPWHY_HEADER_IDENTITY ? SIPWHY_KEPT_IDENTITY_BYTES_MOST
                                                         : SIPWHY_KEPT_LINE_BYTES_MOST;

    if (line.length <= most)
        return line;
    const char *colon = memchr(line.data, ':', line.length);
    size_t begin = colon ? (size_t)(colon + 1 - line.data) : 0;
    while (begin < line.length && (line.data[begin] == ' ' || line.data[begin] == '\t'))
        begin++;
    line.length = MIN(line.length, MIN(begin, SIPWHY_KEPT_LINE_BYTES_MOST) + most);
    return line;
}

static void append_line(Copy *copy, int header, SipwhySlice whole)
{
    const SipwhySlice line = shorten_line(whole, header);

    if (copy->length > SIPWHY_KEPT_BYTES_MOST)
        return;
    append(copy, line, line.length);
    if (line.data[line.length - 1] != '\n')
        end_line(copy);
}

/* The lines of a message that are kept for a purpose, and its body if that is wanted. */
static SipwhyKept *keep_lines(SipwhyKeeper *keeper, const SipwhyMessage *message, unsigned purpose,
                              bool body)
{
    Copy copy; /* large: only what is used of it is touched */
    SipwhySlice line;
    size_t position = 0;
    int header;

    copy.length = 0;
    append(&copy, message->line, SIPWHY_KEPT_LINE_BYTES_MOST);
    end_line(&copy);
    while (sipwhy_message_next_line(message, &position, &header, &line))
        if (header >= 0 && (kept_for[header] & purpose))
            append_line(&copy, header, line);
    end_line(&copy);
    if (body)
        append(&copy, message->body, SIPWHY_KEPT_BODY_BYTES_MOST);
    SipwhyKept *kept = sipwhy_arena_take(keeper->arena, sizeof(SipwhyKept) + copy.length);
    return fill_kept(kept, copy.bytes, copy.length);
}

/* Whether a request and its response may hold an offer and its answer. */
static bool may_negotiate(const SipwhyTransaction *transaction, const SipwhyMessage *response)
{
    switch (transaction->method) {
    case SIPWHY_METHOD_INVITE:
        return transaction->invite->offer && sipwhy_body_may_hold_sdp(response);
    case SIPWHY_METHOD_PRACK:
    case SIPWHY_METHOD_UPDATE:
        return sipwhy_body_may_hold_sdp(response);
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

SipwhyKept *sipwhy_keep_request(SipwhyKeeper *keeper, const SipwhyMessage *request,
                                const SipwhyMessage *response, const SipwhyTransaction *transaction)
{
    bool fragment = transaction->method == SIPWHY_METHOD_NOTIFY && has_sipfrag(request);

    if (!response)
        return keep_lines(keeper, request, REFUSED, sipwhy_body_may_hold_sdp(request));
    if (response->status == 401 || response->status == 407)
        return keep_lines(keeper, request, CHALLENGED, false);
    if (response->status >= FIRST_REFUSAL)
        return keep_lines(keeper, request, REFUSED, true);
    if (may_negotiate(transaction, response)) {
        if (is_offer_refused(request, response))
            return keep_lines(keeper, request, DESCRIPTION | (transaction->repairs ? REPAIR : 0),
                              true);
        if (!transaction->repairs)
            return NULL;
    }
    return keep_lines(keeper, request, transaction->repairs ? REPAIR : ACCEPTED, fragment);
}

SipwhyKept *sipwhy_keep_response(SipwhyKeeper *keeper, const SipwhyMessage *response,
                                 const SipwhyTransaction *transaction)
{
    const SipwhyInvite *invite = transaction->invite;

    if (response->status == 401 || response->status == 407)
        return keep_lines(keeper, response, CHALLENGE, false);
    if (response->status >= FIRST_REFUSAL)
        return keep_lines(keeper, response, REFUSAL, sipwhy_body_may_hold_sdp(response));
    /* an offer, whose answer comes in the ACK (RFC 3261 13.2.2.4) */
    if (invite && !invite->offer && transaction->request.count > 0 &&
        sipwhy_body_may_hold_sdp(response))
        return keep_lines(keeper, response, DESCRIPTION, true);
    return NULL;
}

bool sipwhy_kept_message(const SipwhyKept *kept, SipwhyMessage *message)
{
    if (kept && kept->scanned) {
        *message = ((const SipwhyWhole *)(const void *)kept - 1)->scanned;
        return true;
    }
    return kept && sipwhy_message_scan(kept->bytes, kept->length, SIPWHY_FRAMING_DATAGRAM, message);
}
