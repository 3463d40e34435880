/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * 401, 407 and what they lead to: an ordinary challenge told from credentials that do not do
 * (RFC 3261 22, RFC 7616, RFC 8760).
 */
#include "rules.h"

#include <string.h>

#include "exchange.h"

enum {
    FORBIDDEN = 403,
    LOOP_REFUSALS = 3,             /* so many refusals in a row are no accident */
    LOOP_FRAMES_MOST = 14,         /* of them that are named */
    PATIENCE = 10 * G_USEC_PER_SEC /* a client that has an account has answered by then */
};

/* What the client did after a challenge. */
typedef struct {
    const SipwhyTransaction *transaction; /* that answers it; NULL: none does */
    const SipwhyTransaction *again;       /* the next request, where that does not answer it */
    SipwhySlice realm;
    SipwhySlice nonce;
    bool unknown; /* the capture does not tell */
} Reaction;

static bool is_success(const SipwhyTransaction *transaction)
{
    return transaction->status >= 200 && transaction->status < 300;
}

/* ---- what follows a challenge ---- */

/* Takes the credentials of a later request into account; tells whether they settle the matter. */
static bool note_request(const SipwhyExchange *exchange, const SipwhyTransaction *later,
                         Reaction *reaction)
{
    SipwhyCredentialsList given;

    if (!sipwhy_exchange_given(later, &given) ||
        (given.count == 0 &&
         sipwhy_trace_was_cut(exchange->subject->trace, later->request.frame))) {
        reaction->unknown = true;
        return true;
    }
    for (size_t i = 0; i < exchange->asked.count; i++) {
        for (size_t j = 0; j < given.count; j++) {
            const SipwhyChallenge *challenge = &exchange->asked.list[i];
            bool answers = sipwhy_credentials_answer(&given.list[j], challenge);
            /* with another nonce only the very next one counts */
            if (!answers && (reaction->again || !sipwhy_credentials_fit(&given.list[j], challenge)))
                continue;
            reaction->transaction = later;
            reaction->realm = challenge->realm.length > 0 ? challenge->realm : challenge->scheme;
            reaction->nonce = given.list[j].nonce;
            if (answers)
                return true;
        }
    }
    if (!reaction->again)
        reaction->again = later;
    return false;
}

static Reaction find_reaction(const SipwhyExchange *exchange)
{
    const SipwhyTransaction *transaction = exchange->transaction;
    const SipwhyTransaction *later = transaction->next;
    Reaction reaction = {0};

    for (unsigned i = 0; later && i < SIPWHY_LOOK_MOST; i++, later = later->next)
        if (sipwhy_exchange_same_client(transaction, later) &&
            later->request.frame > transaction->final.frame &&
            note_request(exchange, later, &reaction))
            break;
    return reaction;
}

static SipwhyFinding *add(const SipwhyExchange *exchange, GPtrArray *findings, SipwhyFindingId id)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, id);

    sipwhy_finding_prove(finding, exchange->transaction->request.frame);
    return finding;
}

static void find_answered(const SipwhyExchange *exchange, const Reaction *reaction,
                          GPtrArray *findings)
{
    const SipwhyTransaction *answer = reaction->transaction;
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CHALLENGE_ANSWERED);

    sipwhy_finding_set_slice(finding, "realm", reaction->realm);
    sipwhy_finding_set(finding, "request", "%u", answer->request.frame);
    sipwhy_finding_prove(finding, answer->request.frame);
    if (answer->status == 0) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CHALLENGE_ANSWERED_OPEN);
        return;
    }
    sipwhy_finding_set(finding, "status", "%u", answer->status);
    sipwhy_finding_prove(finding, answer->final.frame);
}

/* Whether any challenge is Digest with MD5, which every client can do. */
static bool offers_md5(const SipwhyChallenges *asked)
{
    for (size_t i = 0; i < asked->count; i++)
        if (sipwhy_challenge_is_digest(&asked->list[i]) &&
            sipwhy_slice_is(asked->list[i].algorithm, "MD5"))
            return true;
    return false;
}

static const SipwhyChallenge *choose_challenge(const SipwhyChallenges *asked)
{
    for (size_t i = 0; i < asked->count; i++)
        if (sipwhy_challenge_is_digest(&asked->list[i]))
            return &asked->list[i];
    return &asked->list[0];
}

static void add_unanswered(const SipwhyExchange *exchange, const SipwhyTransaction *again,
                           int64_t waited, GPtrArray *findings)
{
    const SipwhyChallenge *challenge = choose_challenge(&exchange->asked);
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CHALLENGE_UNANSWERED);

    sipwhy_finding_set_realm(finding, challenge);
    sipwhy_finding_set(finding, "header", "%s",
                       sipwhy_header_name(sipwhy_credentials_header(challenge->by)));
    sipwhy_finding_set_duration(finding, "time", waited);
    if (again) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CHALLENGE_UNANSWERED_REPEATED);
        sipwhy_finding_set(finding, "request", "%u", again->request.frame);
        sipwhy_finding_prove(finding, again->request.frame);
    } else if (!sipwhy_challenge_is_digest(challenge)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CHALLENGE_UNANSWERED_TOKEN);
        sipwhy_finding_set_slice(finding, "scheme", challenge->scheme);
    } else if (!offers_md5(&exchange->asked)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CHALLENGE_UNANSWERED_ALGORITHM);
        sipwhy_finding_set_slice(finding, "algorithm", challenge->algorithm);
    }
}

/* No credentials follow. That can be said at the end of the file only. */
static void find_unanswered(const SipwhyExchange *exchange, const Reaction *reaction,
                            GPtrArray *findings)
{
    const SipwhyTransaction *transaction = exchange->transaction;
    const SipwhyTrace *trace = exchange->subject->trace;
    const SipwhyTransaction *received = sipwhy_transaction_received(transaction);
    int64_t waited = sipwhy_trace_left(trace, transaction->final.last_time);

    if (!sipwhy_trace_is_whole(trace) || reaction->unknown)
        return;
    if (received && !sipwhy_status_challenges(received->status))
        return; /* a proxy kept it to itself, and gave its client another branch's answer */
    if (transaction->method == SIPWHY_METHOD_OPTIONS) {
        add(exchange, findings, SIPWHY_FINDING_PING_CHALLENGED);
        return;
    }
    if (reaction->again ? !is_success(reaction->again) : waited >= PATIENCE)
        add_unanswered(exchange, reaction->again, waited, findings);
}

/* ---- credentials that were refused ---- */

/* Frames of a loop, the last ones. */
typedef struct {
    unsigned refusals;
    unsigned count;
    uint32_t frames[LOOP_FRAMES_MOST];
} Loop;

static void note_refusal(Loop *loop, const SipwhyTransaction *transaction)
{
    loop->refusals++;
    if (loop->count + 2 > LOOP_FRAMES_MOST)
        return;
    loop->frames[loop->count++] = transaction->final.frame;
    loop->frames[loop->count++] = transaction->request.frame;
}

/* Whether a transaction ended with a refusal of credentials for the same realm, of the same kind.
 */
static bool is_same_refusal(const SipwhyTransaction *transaction, const SipwhyChallenge *challenge)
{
    SipwhyCredentialsList given;
    SipwhyChallenges asked;

    sipwhy_exchange_asked(transaction, &asked);
    if (asked.count == 0 || !sipwhy_exchange_given(transaction, &given))
        return false;
    SipwhyRefusal refusal = sipwhy_exchange_refusal(&given, &asked);
    return refusal.credentials && !refusal.credentials->resync &&
           refusal.challenge->stale == challenge->stale && refusal.challenge->by == challenge->by &&
           sipwhy_slice_equal(refusal.challenge->realm, challenge->realm);
}

/* Refusals one after the other, up to this one, with no success between them. Those of parallel
 * branches are one: the next must have been sent when the one before was refused. */
static Loop count_refusals(const SipwhyTransaction *transaction, const SipwhyChallenge *challenge)
{
    uint32_t next_request = transaction->request.frame;
    unsigned looked = 0;
    const SipwhyTransaction *other = sipwhy_exchange_before(transaction, transaction, &looked);
    Loop loop = {0};

    note_refusal(&loop, transaction);
    for (; other && !is_success(other);
         other = sipwhy_exchange_before(transaction, other, &looked)) {
        if (other->final.frame >= next_request ||
            !sipwhy_same_address(&other->server, &transaction->server) ||
            !is_same_refusal(other, challenge))
            continue;
        note_refusal(&loop, other);
        next_request = other->request.frame;
    }
    return loop;
}

static void add_loop(const SipwhyExchange *exchange, SipwhyRefusal refusal, const Loop *loop,
                     GPtrArray *findings)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_AUTH_LOOP);

    if (refusal.challenge->stale)
        sipwhy_finding_word(finding, SIPWHY_WORDING_AUTH_LOOP_STALE);
    sipwhy_finding_set(finding, "count", "%u", loop->refusals);
    sipwhy_finding_set_realm(finding, refusal.challenge);
    sipwhy_finding_set_slice(finding, "user", refusal.credentials->user);
    sipwhy_finding_set_endpoint(finding, "client", &exchange->transaction->client);
    for (unsigned i = loop->count; i > 0; i--)
        sipwhy_finding_prove(finding, loop->frames[i - 1]);
}

/* The transaction before it that was accepted with the same nonce; NULL: none is known. */
static const SipwhyTransaction *find_accepted(const SipwhyTransaction *transaction,
                                              const SipwhyCredentials *credentials)
{
    unsigned looked = 0;
    const SipwhyTransaction *other = sipwhy_exchange_before(transaction, transaction, &looked);

    for (; other; other = sipwhy_exchange_before(transaction, other, &looked)) {
        SipwhyCredentialsList given;
        if (!is_success(other) || !sipwhy_exchange_given(other, &given))
            continue;
        for (size_t i = 0; i < given.count; i++)
            if (sipwhy_slice_equal(given.list[i].nonce, credentials->nonce) &&
                sipwhy_slice_equal(given.list[i].user, credentials->user))
                return other;
    }
    return NULL;
}

static SipwhyFinding *add_stale(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                                GPtrArray *findings)
{
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_NONCE_STALE);

    sipwhy_finding_set(finding, "request", "%u", exchange->transaction->request.frame);
    sipwhy_finding_set_slice(finding, "user", refusal.credentials->user);
    return finding;
}

static void find_stale(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                       const Reaction *reaction, GPtrArray *findings)
{
    Loop loop = count_refusals(exchange->transaction, refusal.challenge);

    if (loop.refusals >= LOOP_REFUSALS)
        add_loop(exchange, refusal, &loop, findings);
    if (sipwhy_find_old_nonce(exchange, refusal, findings) || loop.refusals >= LOOP_REFUSALS)
        return;
    add_stale(exchange, refusal, findings);
    if (!reaction->transaction)
        find_unanswered(exchange, reaction, findings);
}

/* Some servers say in their phrase what they should say with stale=true. */
static bool blames_nonce(const SipwhyEvent *event)
{
    SipwhySlice phrase = {event->phrase, event->phrase ? strlen(event->phrase) : 0};

    return sipwhy_slice_contains(phrase, "nonce") || sipwhy_slice_contains(phrase, "stale");
}

static void add_rejected(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                         const SipwhyTransaction *challenger, GPtrArray *findings)
{
    const SipwhyTransaction *transaction = exchange->transaction;
    SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CREDENTIALS_REJECTED);

    sipwhy_finding_set(finding, "request", "%u", transaction->request.frame);
    sipwhy_finding_set_slice(finding, "scheme", refusal.challenge->scheme);
    sipwhy_finding_set_slice(finding, "user", refusal.credentials->user);
    sipwhy_finding_set_realm(finding, refusal.challenge);
    if (!sipwhy_challenge_is_digest(refusal.challenge)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CREDENTIALS_REJECTED_TOKEN);
    } else if (challenger && blames_nonce(exchange->subject->event)) {
        sipwhy_finding_word(finding, SIPWHY_WORDING_CREDENTIALS_REJECTED_NONCE);
        sipwhy_finding_set(finding, "challenge", "%u", challenger->final.frame);
        sipwhy_finding_set_duration(finding, "time",
                                    transaction->request.time - challenger->final.time);
        sipwhy_finding_prove(finding, challenger->final.frame);
    }
}

/* Refused without stale=true: the nonce may be old all the same. That is known when the server took
 * it before, or takes the same user with a new one at once. */
static const SipwhyTransaction *find_unsaid_stale(const SipwhyExchange *exchange,
                                                  SipwhyRefusal refusal, const Reaction *reaction,
                                                  bool fresh)
{
    const SipwhyTransaction *accepted = find_accepted(exchange->transaction, refusal.credentials);

    if (accepted || fresh || !reaction->transaction || !is_success(reaction->transaction) ||
        sipwhy_slice_equal(reaction->nonce, refusal.credentials->nonce))
        return accepted;
    return reaction->transaction;
}

static void find_rejected(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                          const Reaction *reaction, GPtrArray *findings)
{
    SipwhyChallenges asked;
    const SipwhyTransaction *challenger =
        sipwhy_exchange_challenger(exchange->transaction, refusal.credentials, &asked);
    const SipwhyTransaction *accepted =
        find_unsaid_stale(exchange, refusal, reaction, challenger != NULL);

    if (accepted) {
        SipwhyFinding *finding = add_stale(exchange, refusal, findings);
        sipwhy_finding_word(finding, SIPWHY_WORDING_NONCE_STALE_UNSAID);
        sipwhy_finding_set(finding, "accepted", "%u", accepted->request.frame);
        sipwhy_finding_prove(finding, accepted->request.frame);
        sipwhy_finding_prove(finding, accepted->final.frame);
        return;
    }
    Loop loop = count_refusals(exchange->transaction, refusal.challenge);
    if (loop.refusals >= LOOP_REFUSALS)
        add_loop(exchange, refusal, &loop, findings);
    bool broken = sipwhy_find_old_nonce(exchange, refusal, findings);
    broken |= sipwhy_find_broken_credentials(exchange, refusal, findings);
    /* with a nonce from before the capture, the next request will tell */
    if (!broken && loop.refusals < LOOP_REFUSALS) {
        if (!challenger && !sipwhy_trace_is_whole(exchange->subject->trace))
            return;
        add_rejected(exchange, refusal, challenger, findings);
    }
    sipwhy_find_missing_qop(exchange, refusal, findings);
    sipwhy_find_other_uri(exchange, refusal, findings);
}

static void find_refused(const SipwhyExchange *exchange, SipwhyRefusal refusal,
                         const Reaction *reaction, GPtrArray *findings)
{
    if (refusal.credentials->resync) {
        SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_AKA_RESYNC);
        sipwhy_finding_set(finding, "request", "%u", exchange->transaction->request.frame);
    } else if (refusal.challenge->stale) {
        find_stale(exchange, refusal, reaction, findings);
    } else {
        find_rejected(exchange, refusal, reaction, findings);
    }
}

/* ---- the rule ---- */

static void look_at_challenge(const SipwhyExchange *exchange, GPtrArray *findings)
{
    SipwhyRefusal refusal = sipwhy_exchange_refusal(&exchange->given, &exchange->asked);

    if (!refusal.credentials && sipwhy_find_misdirected_credentials(exchange, findings))
        return;
    Reaction reaction = find_reaction(exchange);
    if (refusal.credentials)
        find_refused(exchange, refusal, &reaction, findings);
    else if (reaction.transaction)
        find_answered(exchange, &reaction, findings);
    else
        find_unanswered(exchange, &reaction, findings);
}

/* A 403 to credentials that answer a challenge: it takes the place of another challenge. */
static void find_forbidden(const SipwhyExchange *exchange, GPtrArray *findings)
{
    const char *phrase = exchange->subject->event->phrase;

    if (phrase && g_ascii_strncasecmp(phrase, "Stale", 5) == 0)
        return; /* "Stale Date" speaks of the Identity header (RFC 8224 6.2.2) */
    for (size_t i = 0; i < exchange->given.count; i++) {
        const SipwhyCredentials *credentials = &exchange->given.list[i];
        SipwhyChallenges asked;
        const SipwhyTransaction *challenger =
            sipwhy_exchange_challenger(exchange->transaction, credentials, &asked);
        if (!challenger || find_accepted(exchange->transaction, credentials))
            continue;
        SipwhyFinding *finding = add(exchange, findings, SIPWHY_FINDING_CREDENTIALS_REJECTED);
        sipwhy_finding_word(finding, SIPWHY_WORDING_CREDENTIALS_REJECTED_FORBIDDEN);
        sipwhy_finding_set(finding, "request", "%u", exchange->transaction->request.frame);
        sipwhy_finding_set(finding, "challenge", "%u", challenger->final.frame);
        sipwhy_finding_set_slice(finding, "user", credentials->user);
        sipwhy_finding_prove(finding, challenger->final.frame);
        return;
    }
}

/* ACK and CANCEL cannot be sent again, so nobody may challenge them (RFC 3261 22.1). */
static bool find_challenge_of_ack(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyEvent *event = subject->event;
    bool cancel = event->method == SIPWHY_METHOD_CANCEL;

    if (!sipwhy_status_challenges(event->status) || (!cancel && event->method != SIPWHY_METHOD_ACK))
        return false;
    SipwhyFinding *finding =
        sipwhy_findings_add(findings, SIPWHY_FINDING_CHALLENGE_OF_ACK_OR_CANCEL);
    if (!cancel)
        sipwhy_finding_word(finding, SIPWHY_WORDING_CHALLENGE_OF_ACK_OR_CANCEL_ACK);
    else if (subject->transaction)
        sipwhy_finding_prove(finding, subject->transaction->request.frame);
    return true;
}

/* Reads both messages of a transaction; false when the capture lacks one of them, or its end. */
static bool read_exchange(const SipwhySubject *subject, SipwhyExchange *exchange)
{
    const SipwhyTransaction *transaction = subject->transaction;
    SipwhyMessage request;

    if (!transaction || transaction->request.frame == 0 || subject->event->cut ||
        subject->event->status != transaction->status ||
        !sipwhy_kept_message(transaction->kept_request, &request) ||
        sipwhy_trace_was_cut(subject->trace, transaction->request.frame))
        return false;
    exchange->subject = subject;
    exchange->transaction = transaction;
    exchange->uri = request.uri;
    sipwhy_credentials_read(&request, &exchange->given);
    sipwhy_exchange_asked(transaction, &exchange->asked);
    return true;
}

void sipwhy_rule_authentication(const SipwhySubject *subject, GPtrArray *findings)
{
    const SipwhyEvent *event = subject->event;
    SipwhyExchange exchange;

    if (event->status < 300 || event->quoted || find_challenge_of_ack(subject, findings) ||
        !read_exchange(subject, &exchange))
        return;
    if (exchange.asked.count > 0)
        look_at_challenge(&exchange, findings);
    else if (event->status == FORBIDDEN)
        find_forbidden(&exchange, findings);
    if (exchange.given.count > 0)
        sipwhy_find_old_cseq(&exchange, findings);
}
