/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Limits that a server names or has: times to wait (Retry-After), least intervals (Min-Expires,
 * Min-SE), sizes.
 */
#include "rules.h"

enum {
    UDP_BYTES_MOST = 1300, /* where the path's MTU is not known (RFC 3261 18.1.1) */
    LEAST_SENDINGS = 3,    /* so often nobody sends a request of which he has heard */
    NEAR_EVENTS = 256,     /* messages that are looked at before or behind one */
    HOUR = 3600,           /* s: no 423 from there on (RFC 3261 10.3, RFC 6665 4.2.1.1) */
    SESSION_INTERVAL_TOO_SMALL = 422,
    INTERVAL_TOO_BRIEF = 423,
    SERVER_INTERNAL_ERROR = 500,
    SERVICE_UNAVAILABLE = 503,
    MESSAGE_TOO_LARGE = 513,
};

static const int64_t patience =
    (int64_t)10 * G_USEC_PER_SEC;                            /* a client that repeats has done it */
static const int64_t on_the_way = G_USEC_PER_SEC / 2;        /* sent before the response was read */
static const int64_t timer_b = 32 * (int64_t)G_USEC_PER_SEC; /* 64*T1 */

static SipwhyFinding *add(const SipwhyTransaction *transaction, GPtrArray *findings,
                          SipwhyFindingId id)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_prove(finding, transaction->request.frame);
    return finding;
}

static bool same_client(const SipwhyTransaction *one, const SipwhyTransaction *other)
{
    return one->request.frame > 0 && other->request.frame > 0 &&
           sipwhy_same_address(&one->client, &other->client);
}

static bool same_hop(const SipwhyTransaction *one, const SipwhyTransaction *other)
{
    return same_client(one, other) && one->server.port == other->server.port &&
           sipwhy_same_address(&one->server, &other->server);
}

/* ---- Retry-After ---- */

/* A request that was sent although the server did not want any, other calls' included; those
 * within dialogs, and pings, have no other place to go. */
static bool is_too_early(const SipwhyTransaction *refused, const SipwhyEvent *event, int64_t wait)
{
    const SipwhyTransaction *other = event->transaction;

    return event->status == 0 && other && !event->quoted && !event->repeated && other != refused &&
           other->to_tag == 0 && other->method != SIPWHY_METHOD_ACK &&
           other->method != SIPWHY_METHOD_CANCEL && other->method != SIPWHY_METHOD_OPTIONS &&
           event->time > refused->final.time + on_the_way &&
           event->time < refused->final.time + wait && same_hop(refused, other);
}

static const SipwhyTransaction *find_early_request(const SipwhySubject *subject, int64_t wait)
{
    const SipwhyTransaction *refused = subject->transaction;
    size_t place = sipwhy_trace_place(subject->trace, refused->final.frame);

    for (size_t i = 0; i < NEAR_EVENTS; i++) {
        const SipwhyEvent *event = sipwhy_trace_event_at(subject->trace, place + i);
        if (!event)
            break;
        if (is_too_early(refused, event, wait))
            return event->transaction;
    }
    return NULL;
}

/* The same request once more, in the same call. */
static const SipwhyTransaction *find_early_repeat(const SipwhyTransaction *refused, int64_t wait)
{
    const SipwhyTransaction *other = refused->next;

    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->next)
        if (other->method == refused->method && same_hop(refused, other) &&
            other->from_tag == refused->from_tag && other->cseq > refused->cseq &&
            other->request.time > refused->final.time &&
            other->request.time < refused->final.time + wait)
            return other;
    return NULL;
}

static void find_retry_too_early(const SipwhySubject *subject, int64_t wait, GPtrArray *findings)
{
    const SipwhyTransaction *refused = subject->transaction;
    bool all = refused->status == SERVICE_UNAVAILABLE;
    const SipwhyTransaction *early =
        all ? find_early_request(subject, wait) : find_early_repeat(refused, wait);

    if (refused->request.frame == 0 || !early)
        return;
    SipwhyFinding *finding = add(early, findings, SIPWHY_FINDING_RETRY_TOO_EARLY);
    if (!all)
        sipwhy_finding_word(finding, SIPWHY_WORDING_RETRY_TOO_EARLY_SAME);
    sipwhy_finding_set_endpoint(finding, "client", &refused->client);
    sipwhy_finding_set_duration(finding, "wait", wait);
    sipwhy_finding_set_duration(finding, "early", early->request.time - refused->final.time);
    sipwhy_finding_set(finding, "request", "%u", early->request.frame);
}

/* The request of the same side that had no final response yet when this one was refused (RFC 3261
 * 14.2, RFC 3311 5.2). */
static const SipwhyTransaction *find_open_request(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *other = transaction->previous;

    if (transaction->to_tag == 0 || (transaction->method != SIPWHY_METHOD_INVITE &&
                                     transaction->method != SIPWHY_METHOD_UPDATE))
        return NULL;
    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->previous)
        if (other->method == transaction->method && other->from_tag == transaction->from_tag &&
            other->cseq < transaction->cseq && same_client(transaction, other) &&
            other->request.frame < transaction->final.frame &&
            (other->final.frame == 0 || other->final.frame > transaction->final.frame))
            return other;
    return NULL;
}

static SipwhyWording choose_retry_wording(unsigned status)
{
    switch (status) {
    case 503:
        return SIPWHY_WORDING_RETRY_AFTER;
    case 500:
        return SIPWHY_WORDING_RETRY_AFTER_ERROR;
    case 404:
    case 480:
    case 486:
    case 600:
    case 603:
        return SIPWHY_WORDING_RETRY_AFTER_CALLEE;
    case 413:
        return SIPWHY_WORDING_RETRY_AFTER_BODY;
    default:
        return SIPWHY_WORDING_RETRY_AFTER_OTHER;
    }
}

static void find_retry_after(const SipwhySubject *subject, const SipwhyMessage *response,
                             GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    SipwhyFinding *finding;
    SipwhySlice value;
    unsigned seconds;

    if (!sipwhy_message_first(response, SIPWHY_HEADER_RETRY_AFTER, &value) ||
        !sipwhy_slice_number(value, &seconds))
        return;
    const SipwhyTransaction *open = transaction->status == SERVER_INTERNAL_ERROR && seconds <= 10
                                        ? find_open_request(transaction)
                                        : NULL;
    int64_t wait = seconds * (int64_t)G_USEC_PER_SEC;
    if (open) {
        finding = add(transaction, findings, SIPWHY_FINDING_REQUESTS_OVERLAP);
        sipwhy_finding_set(finding, "method", "%s", sipwhy_method_name(transaction->method));
        sipwhy_finding_set(finding, "request", "%u", transaction->request.frame);
        sipwhy_finding_set(finding, "open", "%u", open->request.frame);
        sipwhy_finding_prove(finding, open->request.frame);
        sipwhy_finding_prove(finding, open->final.frame);
    } else if (wait == 0) {
        return;
    } else {
        finding = sipwhy_findings_add(findings, SIPWHY_FINDING_RETRY_AFTER);
        sipwhy_finding_word(finding, choose_retry_wording(transaction->status));
        sipwhy_finding_set_duration(finding, "wait", wait);
        sipwhy_finding_set_endpoint(finding, "server", &transaction->server);
    }
    sipwhy_finding_set_slice(finding, "value", value);
    if (wait > 0)
        find_retry_too_early(subject, wait, findings);
}

/* ---- a 503 that a proxy may not pass on ---- */

/* Only where each branch that was tried ended with 503 (RFC 3261 16.7 step 6). */
static void find_masked(const SipwhyTransaction *transaction, GPtrArray *findings)
{
    const SipwhyTransaction *behind = sipwhy_transaction_forwarded(transaction);
    const SipwhyTransaction *other = behind;

    for (unsigned i = 0; other && i < SIPWHY_LOOK_MOST; i++, other = other->next)
        if (sipwhy_transaction_leads_to(transaction, other) && other->status != SERVICE_UNAVAILABLE)
            return;
    if (!behind || behind->final.frame > transaction->final.frame)
        return;
    SipwhyFinding *finding = add(behind, findings, SIPWHY_FINDING_UNAVAILABLE_MASKED);
    sipwhy_finding_set_endpoint(finding, "server", &behind->server);
    sipwhy_finding_set(finding, "frame", "%u", behind->final.frame);
    sipwhy_finding_prove(finding, behind->final.frame);
}

/* ---- intervals ---- */

/* Which headers a code speaks of. */
typedef struct {
    SipwhyHeaderId asked;
    SipwhyHeaderId least;
} Interval;

/* The shortest interval that a REGISTER asks for: expires of a Contact counts before Expires (RFC
 * 3261 10.3 step 7). `*seconds` is that of Expires, if `known`. */
static bool read_contacts(const SipwhyMessage *request, bool known, unsigned *seconds)
{
    unsigned general = *seconds;
    unsigned least = G_MAXUINT;
    size_t position = 0;
    SipwhySlice rest = {0};
    SipwhySlice contact;

    while (sipwhy_message_next_value(request, SIPWHY_HEADER_CONTACT, &position, &rest, &contact)) {
        SipwhySlice value;
        unsigned own;
        if (sipwhy_slice_parameter(contact, "expires", &value) && sipwhy_slice_number(value, &own))
            least = MIN(least, own);
        else if (known)
            least = MIN(least, general);
    }
    if (least == G_MAXUINT)
        return known;
    *seconds = least;
    return true;
}

static bool read_interval(const SipwhyMessage *request, SipwhyMethod method,
                          const Interval *interval, unsigned *seconds)
{
    bool known;

    *seconds = 0;
    known = sipwhy_message_number(request, interval->asked, seconds);
    return interval->asked == SIPWHY_HEADER_EXPIRES && method == SIPWHY_METHOD_REGISTER
               ? read_contacts(request, known, seconds)
               : known;
}

/* A request that was refused for its interval, and the one that comes after it. */
typedef struct {
    const SipwhySubject *subject;
    Interval interval;
    unsigned asked;
    unsigned least;
    const SipwhyTransaction *next; /* NULL: none */
    bool next_asks;                /* for an interval at all */
    unsigned raised;
    bool unknown; /* the capture does not tell */
} Refusal;

static void find_next(Refusal *refusal)
{
    const SipwhyTransaction *transaction = refusal->subject->transaction;
    const SipwhyTransaction *next = transaction->next;

    for (unsigned i = 0; next && i < SIPWHY_LOOK_MOST; i++, next = next->next) {
        SipwhyMessage request;
        if (next->method != transaction->method || !same_client(transaction, next) ||
            next->request.frame < transaction->final.frame)
            continue;
        refusal->unknown = !sipwhy_kept_message(next->kept_request, &request) ||
                           sipwhy_trace_was_cut(refusal->subject->trace, next->request.frame);
        if (refusal->unknown)
            return;
        refusal->next_asks =
            read_interval(&request, next->method, &refusal->interval, &refusal->raised);
        if (refusal->next_asks && refusal->raised == 0)
            continue; /* it ends something */
        refusal->next = next;
        return;
    }
}

static SipwhyFinding *add_interval(const Refusal *refusal, GPtrArray *findings, SipwhyFindingId id)
{
    SipwhyFinding *finding = add(refusal->subject->transaction, findings, id);

    sipwhy_finding_set(finding, "asked", "%u", refusal->asked);
    sipwhy_finding_set(finding, "min", "%u", refusal->least);
    sipwhy_finding_set(finding, "minimum", "%s", sipwhy_header_name(refusal->interval.least));
    sipwhy_finding_set(finding, "header", "%s", sipwhy_header_name(refusal->interval.asked));
    if (refusal->next) {
        sipwhy_finding_set(finding, "request", "%u", refusal->next->request.frame);
        sipwhy_finding_set(finding, "raised", "%u", refusal->raised);
        sipwhy_finding_prove(finding, refusal->next->request.frame);
    }
    return finding;
}

/* Tells whether the refusal itself was wrong. */
static bool find_wrongly_refused(const Refusal *refusal, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = refusal->subject->transaction;
    const bool brief = transaction->status == INTERVAL_TOO_BRIEF;
    /* RFC 3903 6 knows no such bound. */
    const bool is_bounded = transaction->method != SIPWHY_METHOD_PUBLISH;
    SipwhyFinding *finding;

    if (brief && refusal->asked == 0) {
        finding = add_interval(refusal, findings, SIPWHY_FINDING_INTERVAL_WRONGLY_REFUSED);
        sipwhy_finding_word(finding, SIPWHY_WORDING_INTERVAL_WRONGLY_REFUSED_ZERO);
    } else if (refusal->asked >= refusal->least) {
        add_interval(refusal, findings, SIPWHY_FINDING_INTERVAL_WRONGLY_REFUSED);
    } else if (brief && is_bounded && refusal->asked >= HOUR) {
        finding = add_interval(refusal, findings, SIPWHY_FINDING_INTERVAL_WRONGLY_REFUSED);
        sipwhy_finding_word(finding, SIPWHY_WORDING_INTERVAL_WRONGLY_REFUSED_HOUR);
    } else {
        return false;
    }
    return true;
}

static void find_not_repeated(const Refusal *refusal, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = refusal->subject->transaction;
    const SipwhyTrace *trace = refusal->subject->trace;
    const SipwhyTransaction *received = sipwhy_transaction_received(transaction);
    int64_t waited = sipwhy_trace_left(trace, transaction->final.last_time);

    if (!sipwhy_trace_is_whole(trace) || waited < patience ||
        (received && received->status != transaction->status))
        return;
    SipwhyFinding *finding = add_interval(refusal, findings, SIPWHY_FINDING_INTERVAL_NOT_RAISED);
    sipwhy_finding_word(finding, SIPWHY_WORDING_INTERVAL_NOT_RAISED_SILENT);
    sipwhy_finding_set_duration(finding, "time", waited);
}

static void find_interval(const SipwhySubject *subject, const SipwhyMessage *response,
                          GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    Refusal refusal = {.subject = subject};
    SipwhyMessage request;

    refusal.interval = transaction->status == INTERVAL_TOO_BRIEF
                           ? (Interval){SIPWHY_HEADER_EXPIRES, SIPWHY_HEADER_MIN_EXPIRES}
                           : (Interval){SIPWHY_HEADER_SESSION_EXPIRES, SIPWHY_HEADER_MIN_SE};
    if (!sipwhy_message_number(response, refusal.interval.least, &refusal.least) ||
        !sipwhy_kept_message(transaction->kept_request, &request) ||
        !read_interval(&request, transaction->method, &refusal.interval, &refusal.asked))
        return;
    find_next(&refusal);
    if (find_wrongly_refused(&refusal, findings) || refusal.unknown)
        return;
    if (!refusal.next) {
        find_not_repeated(&refusal, findings);
    } else if (!refusal.next_asks) {
        SipwhyFinding *finding = add_interval(&refusal, findings, SIPWHY_FINDING_INTERVAL_RAISED);
        sipwhy_finding_word(finding, SIPWHY_WORDING_INTERVAL_RAISED_DROPPED);
    } else if (refusal.raised >= refusal.least) {
        add_interval(&refusal, findings, SIPWHY_FINDING_INTERVAL_RAISED);
    } else {
        add_interval(&refusal, findings, SIPWHY_FINDING_INTERVAL_NOT_RAISED);
    }
}

/* ---- sizes ---- */

static bool is_large(const SipwhyTransaction *transaction)
{
    return transaction->transport == SIPWHY_TRANSPORT_UDP &&
           transaction->request_bytes > UDP_BYTES_MOST;
}

static void find_too_large(const SipwhyTransaction *transaction, GPtrArray *findings)
{
    if (transaction->request_bytes == 0)
        return;
    SipwhyFinding *finding = add(transaction, findings, SIPWHY_FINDING_MESSAGE_TOO_LARGE);
    if (is_large(transaction))
        sipwhy_finding_word(finding, SIPWHY_WORDING_MESSAGE_TOO_LARGE_UDP);
    sipwhy_finding_set(finding, "request", "%u", transaction->request.frame);
    sipwhy_finding_set(finding, "bytes", "%u", (unsigned)transaction->request_bytes);
}

static bool has_answer(const SipwhyTransaction *transaction)
{
    return transaction->final.frame > 0 || transaction->provisional_in > 0;
}

/* A request of ordinary size on the same hop that was answered: the server is there, and its
 * responses can be seen. NULL as well if another such request got no answer. */
static const SipwhyTransaction *find_small_answered(const SipwhyTrace *trace,
                                                    const SipwhyTransaction *large)
{
    size_t place = sipwhy_trace_place(trace, large->request.frame);
    size_t first = place > NEAR_EVENTS ? place - NEAR_EVENTS : 0;
    const SipwhyTransaction *found = NULL;

    for (size_t i = first; i < place + NEAR_EVENTS; i++) {
        const SipwhyEvent *event = sipwhy_trace_event_at(trace, i);
        if (!event)
            break;
        const SipwhyTransaction *other = event->transaction;
        if (event->status > 0 || !other || other->method == SIPWHY_METHOD_CANCEL ||
            event->method == SIPWHY_METHOD_ACK || is_large(other) || !same_hop(large, other))
            continue;
        if (has_answer(other))
            found = other;
        else if (other->request.count > 1)
            return NULL;
    }
    return found;
}

/* A large request that nobody answers, where a smaller one is answered. */
static SipwhyFinding *find_lost(const SipwhyTrace *trace, const SipwhyTransaction *transaction,
                                GPtrArray *findings)
{
    if (!is_large(transaction) || has_answer(transaction) ||
        transaction->unreachable != SIPWHY_REACHED || transaction->request.count < LEAST_SENDINGS)
        return NULL;
    const SipwhyTransaction *small = find_small_answered(trace, transaction);
    if (!small)
        return NULL;
    SipwhyFinding *finding = add(transaction, findings, SIPWHY_FINDING_LARGE_REQUEST_LOST);
    sipwhy_finding_set(finding, "request", "%u", transaction->request.frame);
    sipwhy_finding_set(finding, "bytes", "%u", (unsigned)transaction->request_bytes);
    sipwhy_finding_set(finding, "count", "%u", transaction->request.count);
    sipwhy_finding_set(finding, "small", "%u", small->request.frame);
    sipwhy_finding_set_endpoint(finding, "server", &transaction->server);
    sipwhy_finding_prove(finding, transaction->request.last_frame);
    sipwhy_finding_prove(finding, small->request.frame);
    sipwhy_finding_prove(finding,
                         small->final.frame > 0 ? small->final.frame : small->provisional_in);
    return finding;
}

/* On the request itself: there is no response to stand on. */
static void find_lost_request(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    int64_t waited = sipwhy_trace_left(subject->trace, transaction->request.time);

    if (subject->event->frame == transaction->request.frame &&
        (sipwhy_trace_is_whole(subject->trace) || waited >= timer_b))
        find_lost(subject->trace, transaction, findings);
}

/* On what a proxy says after it has waited in vain. */
static void find_lost_behind(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *behind = sipwhy_transaction_forwarded(subject->transaction);
    SipwhyFinding *finding = behind ? find_lost(subject->trace, behind, findings) : NULL;

    if (finding)
        sipwhy_finding_word(finding, SIPWHY_WORDING_LARGE_REQUEST_LOST_BEHIND);
}

/* ---- the rule ---- */

static void look_at_response(const SipwhySubject *subject, const SipwhyMessage *response,
                             GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;

    find_retry_after(subject, response, findings);
    switch (transaction->status) {
    case SESSION_INTERVAL_TOO_SMALL:
    case INTERVAL_TOO_BRIEF:
        if (transaction->request.frame > 0 && !subject->event->cut &&
            !sipwhy_trace_was_cut(subject->trace, transaction->request.frame))
            find_interval(subject, response, findings);
        break;
    case 408:
    case 504:
        find_lost_behind(subject, findings);
        break;
    case SERVER_INTERNAL_ERROR:
        find_masked(transaction, findings);
        break;
    case MESSAGE_TOO_LARGE:
        if (!sipwhy_trace_was_cut(subject->trace, transaction->request.frame))
            find_too_large(transaction, findings);
        break;
    default:
        break;
    }
}

void sipwhy_rule_limits(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyEvent *event = subject->event;
    const SipwhyTransaction *transaction = subject->transaction;
    SipwhyMessage response;

    if (!transaction || event->quoted)
        return;
    if (event->status == 0)
        find_lost_request(subject, findings);
    else if (event->status >= 300 && event->status == transaction->status &&
             sipwhy_kept_message(transaction->kept_response, &response))
        look_at_response(subject, &response, findings);
}
