/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * 491: the request that was in the way, and what became of both (RFC 3261 14.1, 14.2; RFC 3311
 * 5.2).
 */
#include "ending.h"
#include "reading.h"

#include "near.h"

enum { REFUSAL = 300 };

static const int64_t retry_most = (int64_t)4 * G_USEC_PER_SEC; /* RFC 3261 14.1 */
static const int64_t related =
    (int64_t)32 * G_USEC_PER_SEC; /* a later request is about something else */
static const int64_t pending_most = (int64_t)180 * G_USEC_PER_SEC; /* Timer C, RFC 3261 16.6 */

/* What stands beside a request that was refused with 491. */
typedef struct {
    const SipwhyTransaction *request;
    const SipwhyTransaction *clash;   /* what was in the way; NULL: not seen */
    const SipwhyTransaction *retry;   /* the same side's later request that was accepted */
    const SipwhyTransaction *yielded; /* the other side's */
    const SipwhyTransaction *bye;     /* ended the call before a retry was due */
    bool same_side;                   /* the clash is with a request of the same side */
    unsigned rank;                    /* how well the clash explains it */
} Glare;

static bool is_offer(const SipwhyTransaction *one)
{
    return (one->invite || one->method == SIPWHY_METHOD_UPDATE) && one->request.frame > 0;
}

static bool is_accepted(const SipwhyTransaction *one)
{
    return one->status >= 200 && one->status < REFUSAL;
}

static bool is_from_other_side(const SipwhyTransaction *request, const SipwhyTransaction *one)
{
    return request->to_tag != 0 && one->from_tag == request->to_tag &&
           (one->to_tag == 0 || one->to_tag == request->from_tag);
}

static bool is_from_same_side(const SipwhyTransaction *request, const SipwhyTransaction *one)
{
    return one->from_tag == request->from_tag &&
           (one->to_tag == 0 || one->to_tag == request->to_tag);
}

/* Whether a request was open while another one was on its way. */
static bool overlaps(const SipwhyTransaction *request, const SipwhyTransaction *one)
{
    int64_t end = one->final.frame > 0 ? one->final.time : one->request.time + pending_most;

    if (one->final.frame > 0 && one->invite && one->invite->ack.frame > 0)
        end = MAX(end, one->invite->ack.time);
    return one->request.time <= request->final.time && end >= request->request.time;
}

/* How well a request explains that another one was refused: best if it came from the other side,
 * and on the same hop. 0: not at all. */
static unsigned rank_clash(const SipwhyTransaction *request, const SipwhyTransaction *one)
{
    const bool other_side = is_from_other_side(request, one);

    if (sipwhy_same_request(one, request) || !overlaps(request, one) ||
        !(other_side || is_from_same_side(request, one)))
        return 0;
    return 1U + (other_side ? 2U : 0U) + (sipwhy_same_hop(one, request) ? 1U : 0U);
}

static void look_for_clash(Glare *glare, const SipwhyTransaction *one)
{
    const unsigned rank = rank_clash(glare->request, one);

    if (rank <= glare->rank)
        return;
    glare->rank = rank;
    glare->clash = one;
    glare->same_side = !is_from_other_side(glare->request, one);
}

static void look_for_retry(Glare *glare, const SipwhyTransaction *one)
{
    const SipwhyTransaction *request = glare->request;

    if (one->request.time < request->final.time ||
        one->request.time > request->final.time + related || !is_accepted(one))
        return;
    if (!glare->retry && one->method == request->method && is_from_same_side(request, one))
        glare->retry = one;
    else if (!glare->yielded && is_from_other_side(request, one))
        glare->yielded = one;
}

static Glare look_around(const SipwhyTransaction *request)
{
    Glare glare = {.request = request};
    SipwhyNear near = sipwhy_near(request);
    const SipwhyTransaction *one;

    while ((one = sipwhy_near_next(&near))) {
        if (is_offer(one)) {
            look_for_clash(&glare, one);
            look_for_retry(&glare, one);
        } else if (one->method == SIPWHY_METHOD_BYE && !glare.bye && one->request.frame > 0 &&
                   one->request.time >= request->final.time &&
                   one->request.time <= request->final.time + retry_most) {
            glare.bye = one;
        }
    }
    return glare;
}

static SipwhyFinding *add_glare(GPtrArray *findings, const Glare *glare, SipwhyWording wording,
                                bool decides)
{
    SipwhyFinding *finding = sipwhy_findings_add(findings, SIPWHY_FINDING_GLARE);

    sipwhy_finding_word(finding, wording);
    finding->decides = decides;
    sipwhy_finding_set(finding, "request", "%u", glare->request->request.frame);
    sipwhy_finding_set_method_of(finding, "method", glare->request);
    sipwhy_finding_prove(finding, glare->request->request.frame);
    if (glare->clash) {
        sipwhy_finding_set(finding, "clash", "%u", glare->clash->request.frame);
        sipwhy_finding_set_method_of(finding, "other", glare->clash);
        sipwhy_finding_prove(finding, glare->clash->request.frame);
    }
    return finding;
}

static void name_retry(SipwhyFinding *finding, const SipwhyTransaction *retry)
{
    sipwhy_finding_set(finding, "retry", "%u", retry->request.frame);
    sipwhy_finding_set(finding, "accepted", "%u", retry->final.frame);
    sipwhy_finding_prove(finding, retry->request.frame);
    sipwhy_finding_prove(finding, retry->final.frame);
}

static void explain_unseen(const Glare *glare, GPtrArray *findings)
{
    if (glare->retry)
        name_retry(add_glare(findings, glare, SIPWHY_WORDING_GLARE_UNSEEN_RESOLVED, true),
                   glare->retry);
    else
        add_glare(findings, glare, SIPWHY_WORDING_GLARE_UNSEEN, false);
}

/* Two requests of different sides. */
static void explain_crossing(const Glare *glare, int64_t since, GPtrArray *findings)
{
    SipwhyFinding *finding;

    if (glare->retry) {
        name_retry(add_glare(findings, glare, SIPWHY_WORDING_GLARE, true), glare->retry);
    } else if (is_accepted(glare->clash)) {
        finding = add_glare(findings, glare, SIPWHY_WORDING_GLARE_OTHER_ACCEPTED, true);
        sipwhy_finding_set(finding, "accepted", "%u", glare->clash->final.frame);
        sipwhy_finding_prove(finding, glare->clash->final.frame);
    } else if (glare->yielded) {
        name_retry(add_glare(findings, glare, SIPWHY_WORDING_GLARE_YIELDED, true), glare->yielded);
    } else if (glare->bye) {
        finding = add_glare(findings, glare, SIPWHY_WORDING_GLARE_ENDED, true);
        sipwhy_finding_set(finding, "bye", "%u", glare->bye->request.frame);
        sipwhy_finding_prove(finding, glare->bye->request.frame);
    } else if (since <= retry_most) {
        add_glare(findings, glare, SIPWHY_WORDING_GLARE_OPEN, false);
    } else {
        finding = add_glare(findings, glare, SIPWHY_WORDING_GLARE_UNRESOLVED, false);
        sipwhy_finding_set_duration(finding, "duration", MIN(since, related));
    }
}

void sipwhy_ending_glare(const SipwhySubject *subject, GPtrArray *findings)
{
    const Glare glare = look_around(subject->transaction);

    if (!glare.clash)
        explain_unseen(&glare, findings);
    else if (glare.same_side)
        add_glare(findings, &glare, SIPWHY_WORDING_GLARE_SAME_SIDE, false);
    else
        explain_crossing(
            &glare, sipwhy_trace_left(subject->trace, subject->transaction->final.time), findings);
}
