/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules on the way of a request: loops, hops that are used up, other targets, hops that cannot be
 * reached, and what proxies make of the answers.
 */
#include "hops.h"
#include "near.h"
#include "rules.h"

enum {
    SECOND = 1000000,                     /* microseconds */
    TRANSACTION_TIME = 32 * SECOND,       /* 64*T1 (RFC 3261 17) */
    SILENCE_BEFORE_FAILOVER = 2 * SECOND, /* less may be parallel forking */
    LOOP_TIMES = 3,                       /* a spiral may pass an element twice (RFC 3261 6) */
    MAX_FORWARDS_START = 70,              /* RFC 3261 8.1.1.6 */
    FRAMES_AHEAD = 256, /* how far another call is looked for that follows a redirection */
    CONTACTS_MOST = 8,  /* of a redirection that are looked at */
    ANSWERS_SHOWN = 6,
};

/* Adds a finding about a transaction, whose ends most texts name. */
static SipwhyFinding *add(GPtrArray *findings, SipwhyFindingId id, SipwhyWording wording,
                          const SipwhyTransaction *transaction)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_word(finding, wording);
    sipwhy_finding_set_endpoint(finding, "client", &transaction->client);
    sipwhy_finding_set_endpoint(finding, "server", &transaction->server);
    return finding;
}

static bool was_answered(const SipwhyTransaction *transaction)
{
    return transaction->final.frame > 0 || transaction->provisional_in > 0;
}

/* The message itself, or what was kept of the final response. */
static bool read_response(const SipwhySubject *subject, SipwhyMessage *response)
{
    if (subject->message) {
        *response = *subject->message;
        return true;
    }
    return sipwhy_kept_message(subject->transaction->kept_response, response);
}

/* ---- 482 ---- */

/* The hop on which the request reached the same server before, on its own way there. */
static const SipwhyTransaction *find_pass(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *hop = transaction;

    for (unsigned i = 0; i < SIPWHY_LOOK_MOST; i++) {
        hop = sipwhy_transaction_received(hop);
        if (!hop || sipwhy_same_endpoint(&hop->server, &transaction->server))
            return hop;
    }
    return NULL;
}

/* Another copy of the request that came to the same server before, by another way (RFC 3261
 * 8.2.2.2). */
static const SipwhyTransaction *find_merged(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *one = transaction->previous;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->previous)
        if (sipwhy_same_request(one, transaction) && one->branch != transaction->branch &&
            one->request.frame > 0 && sipwhy_same_endpoint(&one->server, &transaction->server) &&
            (one->final.frame == 0 || one->final.frame > transaction->request.frame) &&
            one->status != transaction->status &&
            transaction->request.time - one->request.time < TRANSACTION_TIME)
            return one;
    return NULL;
}

/* The Via value that names the server of the hop itself. */
static bool find_own_via(const SipwhyTransaction *transaction, SipwhySlice *sent_by)
{
    SipwhyMessage request;
    SipwhySlice rest = {0};
    SipwhySlice via;
    size_t position = 0;

    if (!sipwhy_kept_message(transaction->kept_request, &request))
        return false;
    for (unsigned i = 0; i < SIPWHY_LOOK_MOST; i++) {
        if (!sipwhy_message_next_value(&request, SIPWHY_HEADER_VIA, &position, &rest, &via))
            return false;
        *sent_by = sipwhy_via_sent_by(via);
        if (sipwhy_sent_by_is(*sent_by, &transaction->server, transaction->transport))
            return true;
    }
    return false;
}

static bool has_other_uri(const SipwhyTransaction *one, const SipwhyTransaction *other)
{
    SipwhyMessage first;
    SipwhyMessage second;

    return sipwhy_kept_message(one->kept_request, &first) &&
           sipwhy_kept_message(other->kept_request, &second) &&
           !sipwhy_slice_equal(first.uri, second.uri);
}

static void add_pass(GPtrArray *findings, const SipwhyTransaction *transaction,
                     const SipwhyTransaction *first)
{
    const bool spiral = has_other_uri(first, transaction);
    SipwhyFinding *finding =
        add(findings, spiral ? SIPWHY_FINDING_SPIRAL_REFUSED : SIPWHY_FINDING_LOOP,
            spiral ? SIPWHY_WORDING_SPIRAL_REFUSED : SIPWHY_WORDING_LOOP, transaction);

    sipwhy_finding_set_frame(finding, "first", first->request.frame);
    sipwhy_finding_set_frame(finding, "request", transaction->request.frame);
    sipwhy_finding_set(finding, "vias", "%u", transaction->vias);
}

/* What the element that made a 482 saw. */
static void explain_loop(GPtrArray *findings, const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *other = find_pass(transaction);
    SipwhySlice sent_by;
    SipwhyFinding *finding;

    if (transaction->request.frame == 0)
        return;
    if (other) {
        add_pass(findings, transaction, other);
    } else if (find_own_via(transaction, &sent_by)) {
        finding = add(findings, SIPWHY_FINDING_LOOP, SIPWHY_WORDING_LOOP_VIA, transaction);
        sipwhy_finding_set_slice(finding, "via", sent_by);
        sipwhy_finding_set_frame(finding, "request", transaction->request.frame);
    } else if (transaction->to_tag == 0 && (other = find_merged(transaction))) {
        finding = add(findings, SIPWHY_FINDING_MERGED_REQUEST, SIPWHY_WORDING_MERGED_REQUEST,
                      transaction);
        sipwhy_finding_set_frame(finding, "first", other->request.frame);
        sipwhy_finding_prove(finding, transaction->request.frame);
    }
}

/* The same finding on a response that a proxy passes on. */
static void pass_on(GPtrArray *findings, const GPtrArray *there, const SipwhyTransaction *here,
                    const SipwhyTransaction *hop)
{
    static const struct {
        SipwhyFindingId id;
        SipwhyWording wording;
    } passed[] = {
        {SIPWHY_FINDING_LOOP, SIPWHY_WORDING_LOOP_FURTHER},
        {SIPWHY_FINDING_MERGED_REQUEST, SIPWHY_WORDING_MERGED_REQUEST_FURTHER},
        {SIPWHY_FINDING_HOPS_EXHAUSTED, SIPWHY_WORDING_HOPS_EXHAUSTED_FURTHER},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(passed); i++)
        if (sipwhy_findings_have(there, passed[i].id))
            sipwhy_finding_set_frame(add(findings, passed[i].id, passed[i].wording, here),
                                     "further", hop->final.frame);
}

typedef void (*Explain)(GPtrArray *findings, const SipwhyTransaction *transaction);

/* Explains a response where it was made, and elsewhere names that place. */
static void explain_at_origin(const SipwhySubject *subject, GPtrArray *findings, Explain explain)
{
    const SipwhyTransaction *hop =
        sipwhy_hop_of_final(subject->transaction, subject->transaction->final_tag);

    if (hop == subject->transaction) {
        explain(findings, hop);
        return;
    }
    GPtrArray *there = sipwhy_findings_new();
    explain(there, hop);
    pass_on(findings, there, subject->transaction, hop);
    g_ptr_array_free(there, TRUE);
}

/* ---- 483 ---- */

static bool read_max_forwards(const SipwhyTransaction *transaction, unsigned *hops)
{
    SipwhyMessage request;

    return sipwhy_kept_message(transaction->kept_request, &request) &&
           sipwhy_message_number(&request, SIPWHY_HEADER_MAX_FORWARDS, hops);
}

/* Where the request began its way, if the trace shows that: with one Via. */
static const SipwhyTransaction *find_start(const SipwhyTransaction *transaction)
{
    for (unsigned i = 0; transaction && i < SIPWHY_LOOK_MOST; i++) {
        if (transaction->vias == 1)
            return transaction;
        transaction = sipwhy_transaction_received(transaction);
    }
    return NULL;
}

static bool add_circle(GPtrArray *findings, const SipwhyTransaction *transaction)
{
    SipwhyMessage request;
    SipwhySlice via;
    unsigned times;

    if (!sipwhy_kept_message(transaction->kept_request, &request))
        return false;
    times = sipwhy_vias_repeated(&request, &via);
    if (times < LOOP_TIMES)
        return false;
    SipwhyFinding *finding =
        add(findings, SIPWHY_FINDING_LOOP, SIPWHY_WORDING_LOOP_HOPS, transaction);
    sipwhy_finding_set_slice(finding, "via", via);
    sipwhy_finding_set(finding, "times", "%u", times);
    sipwhy_finding_set_frame(finding, "request", transaction->request.frame);
    return true;
}

static void explain_hops(GPtrArray *findings, const SipwhyTransaction *transaction)
{
    unsigned left;
    unsigned begun;

    if (sipwhy_findings_have(findings, SIPWHY_FINDING_PING_REFUSED) ||
        transaction->request.frame == 0 || !read_max_forwards(transaction, &left) || left > 0 ||
        add_circle(findings, transaction))
        return;
    const SipwhyTransaction *start = find_start(transaction);
    const bool low = start && read_max_forwards(start, &begun) && begun < MAX_FORWARDS_START;
    SipwhyFinding *finding = add(
        findings, SIPWHY_FINDING_HOPS_EXHAUSTED,
        low ? SIPWHY_WORDING_HOPS_EXHAUSTED_LOW_START : SIPWHY_WORDING_HOPS_EXHAUSTED, transaction);
    if (low) {
        sipwhy_finding_set(finding, "start", "%u", begun);
        sipwhy_finding_set_frame(finding, "first", start->request.frame);
    }
    sipwhy_finding_set_frame(finding, "request", transaction->request.frame);
    sipwhy_finding_set(finding, "vias", "%u", transaction->vias);
}

/* ---- 3xx ---- */

/* The n-th Contact that a SIP client can go to (from 0). */
static bool read_contact(const SipwhyMessage *response, unsigned n, SipwhySlice *uri)
{
    SipwhySlice rest = {0};
    SipwhySlice value;
    size_t position = 0;

    for (unsigned i = 0; i < SIPWHY_LOOK_MOST; i++) {
        if (!sipwhy_message_next_value(response, SIPWHY_HEADER_CONTACT, &position, &rest, &value))
            return false;
        *uri = sipwhy_slice_uri(value);
        const bool usable = uri->length > 4 && (g_ascii_strncasecmp(uri->data, "sip", 3) == 0 ||
                                                g_ascii_strncasecmp(uri->data, "tel:", 4) == 0);
        if (usable && n-- == 0)
            return true;
    }
    return false;
}

/* Whether a Request-URI is what the client made of a Contact: in practice it may have a port more
 * or parameters less, and behind a PBX another domain. */
static bool goes_to_uri(SipwhySlice uri, SipwhySlice before, SipwhySlice contact)
{
    const SipwhySlice user = sipwhy_slice_user(contact);

    if (sipwhy_slice_equal(uri, contact))
        return true;
    if (!sipwhy_slice_equal(user, sipwhy_slice_user(uri)))
        return false;
    return sipwhy_slice_alike(sipwhy_slice_host(uri), sipwhy_slice_host(contact)) ||
           (user.length > 0 && !sipwhy_slice_equal(user, sipwhy_slice_user(before)));
}

static bool goes_to_contact(const SipwhyTransaction *one, const SipwhyTransaction *redirected,
                            const SipwhyMessage *response)
{
    SipwhyMessage request;
    SipwhyMessage before = {0};
    SipwhySlice contact;
    const bool kept = sipwhy_kept_message(one->kept_request, &request);

    sipwhy_kept_message(redirected->kept_request, &before);
    for (unsigned n = 0; n < CONTACTS_MOST && read_contact(response, n, &contact); n++) {
        SipwhyEndpoint there = one->server;
        there.port = 5060;
        if (kept ? goes_to_uri(request.uri, before.uri, contact)
                 : sipwhy_sent_by_is(sipwhy_slice_host(contact), &there, one->transport))
            return true;
    }
    return false;
}

static bool may_follow(const SipwhyTransaction *one, const SipwhyTransaction *redirected)
{
    return one->method == redirected->method && one->request.frame > redirected->final.frame &&
           sipwhy_same_address(&one->client, &redirected->client);
}

/* The request that follows a redirection: in the same call, or soon in another one (RFC 3261
 * 8.1.3.4). */
static const SipwhyTransaction *find_followed(const SipwhySubject *subject,
                                              const SipwhyMessage *response)
{
    const SipwhyTransaction *redirected = subject->transaction;
    const SipwhyTransaction *one = redirected->next;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (may_follow(one, redirected) && goes_to_contact(one, redirected, response))
            return one;
    for (uint32_t i = 1; i <= FRAMES_AHEAD; i++) {
        size_t count;
        const SipwhyEvent *event =
            sipwhy_trace_frame(subject->trace, redirected->final.frame + i, &count);
        for (size_t j = 0; j < MIN(count, 8); j++)
            if (event[j].status == 0 && event[j].transaction &&
                event[j].transaction->call != redirected->call &&
                may_follow(event[j].transaction, redirected) &&
                goes_to_contact(event[j].transaction, redirected, response))
                return event[j].transaction;
    }
    return NULL;
}

static void add_target(SipwhyFinding *finding, const SipwhyTransaction *next)
{
    sipwhy_finding_set_endpoint(finding, "target", &next->server);
    sipwhy_finding_set_frame(finding, "next", next->request.frame);
    if (next->status == 0)
        return;
    sipwhy_finding_set(finding, "status", "%u", next->status);
    sipwhy_finding_set_frame(finding, "final", next->final.frame);
}

/* The redirected request, this one or one before it, that went to a URI. */
static const SipwhyTransaction *find_tried(const SipwhyTransaction *redirected, SipwhySlice uri)
{
    const SipwhyTransaction *one = redirected;
    SipwhyMessage request;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->previous)
        if (one->method == redirected->method && one->status / 100 == 3 &&
            sipwhy_same_address(&one->client, &redirected->client) &&
            sipwhy_kept_message(one->kept_request, &request) &&
            sipwhy_slice_equal(request.uri, uri))
            return one;
    return NULL;
}

/* Whether every Contact leads back; `*first` becomes where to. */
static bool leads_back(const SipwhyTransaction *redirected, const SipwhyMessage *response,
                       const SipwhyTransaction **first)
{
    SipwhySlice contact;
    unsigned n = 0;

    for (; n < CONTACTS_MOST && read_contact(response, n, &contact); n++) {
        const SipwhyTransaction *tried = find_tried(redirected, contact);
        if (!tried)
            return false;
        *first = tried;
    }
    return n > 0;
}

static void add_redirect_loop(GPtrArray *findings, const SipwhyTransaction *redirected,
                              const SipwhyTransaction *first)
{
    const bool itself = first == redirected;
    SipwhyFinding *finding =
        add(findings, SIPWHY_FINDING_LOOP,
            itself ? SIPWHY_WORDING_LOOP_REDIRECT : SIPWHY_WORDING_LOOP_REDIRECT_BACK, redirected);

    sipwhy_finding_set_frame(finding, itself ? "request" : "first", first->request.frame);
    sipwhy_finding_prove(finding, redirected->request.frame);
}

/* It was seen to arrive, and long enough nothing came of it. */
static void add_ignored(const SipwhySubject *subject, GPtrArray *findings, SipwhySlice contact)
{
    const SipwhyTransaction *redirected = subject->transaction;
    const int64_t wait = sipwhy_trace_left(subject->trace, redirected->final.time);
    const SipwhyInvite *invite = redirected->invite;

    if (wait < TRANSACTION_TIME || (invite && invite->ack.frame == 0) ||
        redirected->request.frame == 0)
        return;
    SipwhyFinding *finding =
        add(findings, SIPWHY_FINDING_REDIRECT_IGNORED, SIPWHY_WORDING_REDIRECT_IGNORED, redirected);
    sipwhy_finding_set_duration(finding, "wait", wait);
    sipwhy_finding_set_slice(finding, "contact", contact);
    if (invite)
        sipwhy_finding_prove(finding, invite->ack.frame);
}

static bool has_contact(const SipwhyMessage *response)
{
    SipwhySlice value;

    return sipwhy_message_first(response, SIPWHY_HEADER_CONTACT, &value);
}

static bool is_passed_on(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *before = sipwhy_transaction_received(transaction);

    return before && before->status == transaction->status;
}

static void explain_redirection(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *redirected = subject->transaction;
    const SipwhyTransaction *other;
    SipwhyMessage response;
    SipwhySlice contact;

    /* 300 may list its choices in the body, 380 does so always */
    if (redirected->status == 380 || subject->event->cut || !read_response(subject, &response) ||
        (redirected->status == 300 && response.body.length > 0))
        return;
    if (!has_contact(&response)) {
        add(findings, SIPWHY_FINDING_REDIRECT_EMPTY, SIPWHY_WORDING_REDIRECT_EMPTY, redirected);
    } else if (leads_back(redirected, &response, &other)) {
        add_redirect_loop(findings, redirected, other);
    } else if ((other = find_followed(subject, &response))) {
        add_target(add(findings, SIPWHY_FINDING_REDIRECT_FOLLOWED,
                       other->status ? SIPWHY_WORDING_REDIRECT_FOLLOWED
                                     : SIPWHY_WORDING_REDIRECT_FOLLOWED_PENDING,
                       redirected),
                   other);
    } else if (!is_passed_on(redirected) && read_contact(&response, 0, &contact)) {
        add_ignored(subject, findings, contact);
    }
}

/* ---- other servers ---- */

/* When a request failed, and until when another attempt may still belong to it. */
typedef struct {
    uint32_t frame;
    int64_t first;
    int64_t last;
} Failure;

/* The same request, sent to another server afterwards. */
static const SipwhyTransaction *find_failover(const SipwhyTransaction *failed, Failure failure)
{
    const SipwhyTransaction *one = failed->next;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (one->method == failed->method && one->vias == failed->vias &&
            one->to_tag == failed->to_tag && one->cseq - failed->cseq <= 1 &&
            one->request.frame > failure.frame && one->request.time >= failure.first &&
            one->request.time <= failure.last &&
            sipwhy_same_address(&one->client, &failed->client) &&
            !sipwhy_same_endpoint(&one->server, &failed->server))
            return one;
    return NULL;
}

static void add_failover(GPtrArray *findings, const SipwhyTransaction *failed, Failure failure)
{
    const SipwhyTransaction *next = find_failover(failed, failure);

    if (next)
        add_target(add(findings, SIPWHY_FINDING_FAILOVER_TRIED,
                       next->status ? SIPWHY_WORDING_FAILOVER_TRIED
                                    : SIPWHY_WORDING_FAILOVER_TRIED_PENDING,
                       failed),
                   next);
}

/* A request that nobody answered. */
static void explain_request(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;

    if (subject->event->method == SIPWHY_METHOD_ACK || was_answered(transaction) ||
        transaction->request.frame == 0)
        return;
    if (transaction->unreachable == SIPWHY_REACHED) {
        add_failover(findings, transaction,
                     (Failure){transaction->request.frame,
                               transaction->request.time + SILENCE_BEFORE_FAILOVER,
                               transaction->request.last_time + TRANSACTION_TIME});
        return;
    }
    const bool reset = transaction->unreachable == SIPWHY_UNREACHABLE_RESET;
    SipwhyFinding *finding =
        add(findings, SIPWHY_FINDING_NEXT_HOP_UNREACHABLE,
            reset ? SIPWHY_WORDING_NEXT_HOP_UNREACHABLE_RESET : SIPWHY_WORDING_NEXT_HOP_UNREACHABLE,
            transaction);
    sipwhy_finding_set_frame(finding, "error", transaction->unreachable_in);
    add_failover(findings, transaction,
                 (Failure){transaction->unreachable_in, transaction->request.time,
                           transaction->request.last_time + TRANSACTION_TIME});
}

/* The branch of a request that could not be delivered, when no other branch was answered. */
static const SipwhyTransaction *find_unreachable(const SipwhyTransaction *transaction)
{
    const SipwhyTransaction *one = transaction->next;
    const SipwhyTransaction *found = NULL;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next) {
        if (!sipwhy_transaction_leads_to(transaction, one))
            continue;
        if (was_answered(one))
            return NULL;
        if (one->unreachable != SIPWHY_REACHED && one->unreachable_in < transaction->final.frame)
            found = one;
    }
    return found;
}

static void explain_upstream(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const SipwhyTransaction *lost = find_unreachable(transaction);

    if (!lost)
        return;
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_NEXT_HOP_UNREACHABLE);
    sipwhy_finding_word(finding, lost->unreachable == SIPWHY_UNREACHABLE_RESET
                                     ? SIPWHY_WORDING_NEXT_HOP_UNREACHABLE_UPSTREAM_RESET
                                     : SIPWHY_WORDING_NEXT_HOP_UNREACHABLE_UPSTREAM);
    sipwhy_finding_set_endpoint(finding, "server", &lost->server);
    sipwhy_finding_set_endpoint(finding, "proxy", &transaction->server);
    sipwhy_finding_set(finding, "status", "%u", transaction->status);
    sipwhy_finding_set_frame(finding, "request", lost->request.frame);
    sipwhy_finding_set_frame(finding, "error", lost->unreachable_in);
}

/* ---- what a proxy makes of the answers ---- */

/* The final responses that a proxy had from further on when it sent its own. */
typedef struct {
    const SipwhyTransaction *best; /* by RFC 3261 16.7 step 6: a 6xx, else the lowest class */
    GString *list;                 /* "486 (5), 500 (7)"; NULL when nobody wants it */
    uint32_t frames[ANSWERS_SHOWN];
    unsigned count;
    bool same;    /* one of them has the status of its own */
    bool others;  /* one of them has not */
    bool missing; /* a branch has none */
} Answers;

static int rank(const SipwhyTransaction *one)
{
    const int class = one->status / 100;

    return class == 6 ? 0 : one->status == 503 ? 9 : class;
}

static void add_answer(Answers *answers, const SipwhyTransaction *one, unsigned status)
{
    if (answers->count < ANSWERS_SHOWN) {
        g_string_append_printf(answers->list, "%s%u (%u)", answers->count ? ", " : "", one->status,
                               one->final.frame);
        answers->frames[answers->count] = one->final.frame;
    }
    answers->count++;
    if (one->status == status)
        answers->same = true;
    else
        answers->others = true;
    if (!answers->best || rank(one) < rank(answers->best))
        answers->best = one;
}

/* Whether a proxy has nothing to do about it but to pass it on: not a redirection or a challenge,
 * the end of a branch that it has cancelled, or a broken flow, which it keeps to itself (RFC 5626
 * 5.3.1). */
static bool is_passed_along(unsigned status)
{
    return status >= 400 && status != 401 && status != 407 && status != 430 && status != 487;
}

static Answers read_answers(const SipwhyTransaction *transaction)
{
    Answers answers = {.list = g_string_new(NULL)};
    const SipwhyTransaction *one = transaction->next;

    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next) {
        if (!sipwhy_transaction_leads_to(transaction, one))
            continue;
        if (one->status != 0 && one->final.frame <= transaction->final.frame &&
            is_passed_along(one->status))
            add_answer(&answers, one, transaction->status);
        else
            answers.missing = true;
    }
    return answers;
}

static void add_changed(GPtrArray *findings, const SipwhyTransaction *transaction,
                        const Answers *answers)
{
    SipwhyFinding *finding =
        add(findings, SIPWHY_FINDING_CODE_CHANGED, SIPWHY_WORDING_CODE_CHANGED, transaction);

    sipwhy_finding_set(finding, "status", "%u", transaction->status);
    sipwhy_finding_set(finding, "answer", "%u", answers->best->status);
    sipwhy_finding_set_endpoint(finding, "answerer", &answers->best->server);
    sipwhy_finding_set_frame(finding, "further", answers->best->final.frame);
}

static void add_best(GPtrArray *findings, const SipwhyTransaction *transaction,
                     const Answers *answers)
{
    SipwhyFinding *finding = add(findings, SIPWHY_FINDING_BEST_RESPONSE,
                                 transaction->status >= 600 ? SIPWHY_WORDING_BEST_RESPONSE_GLOBAL
                                                            : SIPWHY_WORDING_BEST_RESPONSE,
                                 transaction);

    sipwhy_finding_set(finding, "count", "%u", answers->count);
    sipwhy_finding_set(finding, "answers", "%s%s", answers->list->str,
                       answers->count > ANSWERS_SHOWN ? ", ..." : "");
    for (unsigned i = 0; i < MIN(answers->count, ANSWERS_SHOWN); i++)
        sipwhy_finding_prove(finding, answers->frames[i]);
}

static void explain_choice(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;

    if (transaction->status < 400 || transaction->status == 401 || transaction->status == 407 ||
        transaction->request.frame == 0 || (transaction->invite && transaction->invite->cancel))
        return;
    Answers answers = read_answers(transaction);
    if (answers.count > 1 && answers.same && answers.others)
        add_best(findings, transaction, &answers);
    /* a 503 that becomes a 500 is as it should be (RFC 3261 16.7 step 6) */
    else if (answers.count > 0 && !answers.same && !answers.missing &&
             (transaction->status != 500 || answers.best->status != 503))
        add_changed(findings, transaction, &answers);
    g_string_free(answers.list, TRUE);
}

/* Another branch of the same fork that was cancelled after `frame`. */
static const SipwhyTransaction *find_cancelled(const SipwhyTransaction *transaction, uint32_t frame)
{
    const SipwhyTransaction *one = transaction;

    for (unsigned i = 0; one->previous && i < SIPWHY_LOOK_MOST; i++)
        one = one->previous;
    for (unsigned i = 0; one && i < 2 * SIPWHY_LOOK_MOST; i++, one = one->next)
        if (one != transaction && one->invite && one->invite->cancel &&
            sipwhy_same_request(one, transaction) && one->vias == transaction->vias &&
            one->invite->cancel->request.frame > frame &&
            sipwhy_same_address(&one->client, &transaction->client))
            return one->invite->cancel;
    return NULL;
}

static void explain_search_end(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const SipwhyTransaction *cancel =
        transaction->invite ? find_cancelled(transaction, transaction->final.frame) : NULL;

    if (cancel)
        sipwhy_finding_set_frame(
            add(findings, SIPWHY_FINDING_SEARCH_ENDED, SIPWHY_WORDING_SEARCH_ENDED, transaction),
            "cancel", cancel->request.frame);
}

/* ---- several answers to one INVITE ---- */

static void explain_fork(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyInvite *invite = subject->transaction->invite;
    const uint32_t tag = subject->message ? sipwhy_message_to_tag(subject->message) : 0;

    if (tag == 0 || invite->tag_count < 2 || tag == invite->tags[0] ||
        invite->progress.frame == 0 || subject->event->frame <= invite->progress.frame)
        return;
    sipwhy_finding_set_frame(
        add(findings, SIPWHY_FINDING_FORKED, SIPWHY_WORDING_FORKED, subject->transaction),
        "progress", invite->progress.frame);
}

static void explain_late_final(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const bool fork = transaction->status / 100 == 2 && subject->event->status / 100 == 2;
    SipwhyFinding *finding =
        add(findings, SIPWHY_FINDING_LATE_FINAL,
            fork ? SIPWHY_WORDING_LATE_FINAL_FORK : SIPWHY_WORDING_LATE_FINAL, transaction);

    sipwhy_finding_set(finding, "status", "%u", transaction->status);
    sipwhy_finding_set_frame(finding, "final", transaction->final.frame);
}

/* ---- 416 ---- */

static SipwhySlice read_scheme(const SipwhyTransaction *transaction)
{
    SipwhyMessage request;
    size_t length = 0;

    if (!sipwhy_kept_message(transaction->kept_request, &request))
        return (SipwhySlice){0};
    while (length < request.uri.length && request.uri.data[length] != ':')
        length++;
    return (SipwhySlice){request.uri.data, length < request.uri.length ? length : 0};
}

static void explain_scheme(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *refused = subject->transaction;
    const SipwhyTransaction *one = refused->next;
    const SipwhySlice scheme = read_scheme(refused);

    if (scheme.length == 0 || sipwhy_slice_is(scheme, "sip") || refused->request.frame == 0)
        return;
    for (unsigned i = 0; one && i < SIPWHY_LOOK_MOST; i++, one = one->next)
        if (one->repairs == refused && sipwhy_slice_is(read_scheme(one), "sip"))
            break;
    const bool replaced = one && one->repairs == refused;
    SipwhyFinding *finding = add(
        findings, replaced ? SIPWHY_FINDING_URI_SCHEME_REPLACED : SIPWHY_FINDING_URI_SCHEME_REFUSED,
        replaced ? SIPWHY_WORDING_URI_SCHEME_REPLACED : SIPWHY_WORDING_URI_SCHEME_REFUSED, refused);
    sipwhy_finding_set_slice(finding, "scheme", scheme);
    sipwhy_finding_set_frame(finding, "request", refused->request.frame);
    if (replaced)
        sipwhy_finding_set_frame(finding, "next", one->request.frame);
}

/* ---- */

static void explain_final(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;

    switch (transaction->status) {
    case 416:
        explain_scheme(subject, findings);
        break;
    case 482:
        explain_at_origin(subject, findings, explain_loop);
        break;
    case 483:
        explain_at_origin(subject, findings, explain_hops);
        break;
    case 408:
    case 480:
    case 500:
    case 502:
    case 503:
    case 504:
        explain_upstream(subject, findings);
        break;
    default:
        break;
    }
    if (transaction->status / 100 == 3)
        explain_redirection(subject, findings);
    if (transaction->status / 100 == 6)
        explain_search_end(subject, findings);
    if (transaction->status == 503 ||
        (transaction->status == 500 && transaction->method == SIPWHY_METHOD_REGISTER))
        add_failover(findings, transaction,
                     (Failure){transaction->final.frame, transaction->final.time,
                               transaction->final.time + TRANSACTION_TIME});
    explain_choice(subject, findings);
}

void sipwhy_rule_routing(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = subject->transaction;
    const SipwhyEvent *event = subject->event;

    if (!transaction || event->quoted)
        return;
    if (event->status == 0) {
        explain_request(subject, findings);
        return;
    }
    if (transaction->invite && event->frame == transaction->invite->later_final_in)
        explain_late_final(subject, findings);
    else if (event->status == transaction->status)
        explain_final(subject, findings);
    if (transaction->invite && event->status > 100 && event->status < 300)
        explain_fork(subject, findings);
}
