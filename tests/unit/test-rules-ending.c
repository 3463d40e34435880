/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules on how calls end: CANCEL and 487, 481, 491.
 */
#include "trace-kit.h"

static const char there[] = "10.0.0.1>10.0.0.2";
static const char back[] = "10.0.0.2>10.0.0.1";
static const char next_there[] = "10.0.0.2>10.0.0.3"; /* a proxy's next hop, */
static const char next_back[] = "10.0.0.3>10.0.0.2";
static const char fork_there[] = "10.0.0.2>10.0.0.4"; /* and its other branch */
static const char fork_back[] = "10.0.0.4>10.0.0.2";

/* Requests as a proxy at 10.0.0.2 sends them on. */
#define TWO_VIAS \
    "\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp1, SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1"
#define FORK_VIAS \
    "\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp2, SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1"

static const char invite_line[] = "INVITE sip:b@example.com";
static const char cancel_line[] = "CANCEL sip:b@example.com";

/* Asserts which finding of this family a frame has; "" for none. */
static void expect(Kit *kit, unsigned frame, const char *id)
{
    static const char *const ids[] = {
        "cancelled-by-caller",   "cancelled-by-proxy", "answered-elsewhere",
        "cancel-crossed-answer", "cancel-too-early",   "terminated-without-cancel",
        "dialog-gone",           "ended-already",      "glare"};

    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++)
        if (g_str_equal(id, ids[i]))
            kit_expect_one(kit, frame, id);
        else
            kit_expect_none(kit, frame, ids[i]);
}

/* A call that rings since 1 s: frames 1 and 2. */
static Kit *begin_ringing(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 1, back, "INVITE", "180 Ringing");
    return kit;
}

/* A call that stands since 2 s: frames 1 to 4. */
static Kit *begin_call(void)
{
    Kit *kit = begin_ringing();

    kit_say(kit, 2, back, "INVITE", "200 OK");
    kit_say(kit, 2.1, there, NULL,
            "ACK sip:b@10.0.0.2\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKack");
    return kit;
}

static void test_cancelled(void)
{
    Kit *kit = begin_ringing();
    unsigned cancel = kit_say(kit, 9, there, NULL, cancel_line);
    unsigned done = kit_say(kit, 9.01, back, "CANCEL", "200 OK");
    unsigned ended = kit_say(kit, 9.02, back, "INVITE", "487 Request Terminated");
    unsigned again = kit_repeat(kit, 9.6, ended); /* its ACK was lost */

    expect(kit, ended, "cancelled-by-caller");
    expect(kit, again, "cancelled-by-caller");
    kit_expect_frames(kit, ended, "cancelled-by-caller", "1 3 2");
    kit_expect_text(kit, ended, "cancelled-by-caller", "after 9 s");
    expect(kit, done, "");
    expect(kit, cancel, "");
    expect(kit, 2, "");
    kit_free(kit);
}

static void test_cancelled_quiet(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 0.1, back, "INVITE", "100 Trying");
    kit_say(kit, 3, there, NULL, cancel_line);
    kit_say(kit, 3.01, back, "CANCEL", "200 OK");
    unsigned ended = kit_say(kit, 3.02, back, "INVITE", "487 Request Terminated");
    kit_expect_text(kit, ended, "cancelled-by-caller", "until then no 18x");
    kit_free(kit);

    kit = kit_new(); /* so late that only-trying says more */
    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 0.1, back, "INVITE", "100 Trying");
    kit_say(kit, 8, there, NULL, cancel_line);
    kit_say(kit, 8.01, back, "CANCEL", "200 OK");
    ended = kit_say(kit, 8.02, back, "INVITE", "487 Request Terminated");
    kit_expect_none(kit, ended, "cancelled-by-caller");
    kit_expect_one(kit, ended, "only-trying");
    kit_free(kit);
}

static void test_cancelled_reason(void)
{
    Kit *kit = begin_ringing();

    kit_say(kit, 9, there, NULL,
            "CANCEL sip:b@example.com\nReason: Q.850;cause=19;text=\"NO_ANSWER\"");
    kit_say(kit, 9.01, back, "CANCEL", "200 OK");
    unsigned ended = kit_say(kit, 9.02, back, "INVITE", "487 Request Terminated");
    kit_expect_text(kit, ended, "cancelled-by-caller", "gives a reason: \"NO_ANSWER\"");
    kit_free(kit);
}

static void test_cancelled_ordinary_reason(void)
{
    Kit *kit = begin_ringing();

    kit_say(kit, 9, there, NULL, "CANCEL sip:b@example.com\nReason: Q.850;cause=16");
    unsigned ended = kit_say(kit, 9.02, back, "INVITE", "487 Request Terminated");
    kit_say(kit, 9.03, there, NULL, "ACK sip:b@example.com");
    kit_expect_text(kit, ended, "cancelled-by-caller", "the first 18x had come in frame 2");
    kit_expect_severity(kit, ended, "chat");
    kit_free(kit);
}

/* A proxy with its next hop: INVITE in frames 1 and 2, ringing in 3. */
static Kit *begin_proxied(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 0.01, next_there, NULL, "INVITE sip:b@10.0.0.3" TWO_VIAS);
    kit_say(kit, 1, next_back, "INVITE", "180 Ringing" TWO_VIAS);
    return kit;
}

static void test_cancelled_hops(void)
{
    Kit *kit = begin_proxied();

    kit_say(kit, 5, there, NULL, cancel_line);
    kit_say(kit, 5.01, next_there, NULL,
            "CANCEL sip:b@10.0.0.3\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp1");
    unsigned far = kit_say(kit, 5.03, next_back, "INVITE", "487 Request Terminated" TWO_VIAS);
    unsigned near = kit_say(kit, 5.04, back, "INVITE", "487 Request Terminated");
    expect(kit, far, "cancelled-by-caller");
    kit_expect_frames(kit, far, "cancelled-by-caller", "2 5 4 3");
    expect(kit, near, "cancelled-by-caller");
    kit_free(kit);
}

static void test_cancelled_upstream(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, next_there, NULL, "INVITE sip:b@10.0.0.3" TWO_VIAS);
    kit_say(kit, 5.01, next_there, NULL,
            "CANCEL sip:b@10.0.0.3\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp1");
    unsigned ended = kit_say(kit, 5.03, next_back, "INVITE", "487 Request Terminated" TWO_VIAS);
    kit_expect_text(kit, ended, "cancelled-by-caller", "Whether the caller hung up or a proxy");
    kit_free(kit);
}

static void test_cancelled_by_proxy(void)
{
    static const char cancel[] =
        "CANCEL sip:b@10.0.0.3\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp1";
    Kit *kit = begin_proxied();

    kit_say(kit, 20, next_there, NULL, cancel);
    unsigned far = kit_say(kit, 20.03, next_back, "INVITE", "487 Request Terminated" TWO_VIAS);
    expect(kit, far, "cancelled-by-proxy");
    kit_expect_frames(kit, far, "cancelled-by-proxy", "2 4 1");
    kit_expect_text(kit, far, "cancelled-by-proxy", "the proxy's own");
    /* it ends the call with that: then its timer is what matters */
    unsigned near = kit_say(kit, 20.04, back, "INVITE", "487 Request Terminated");
    expect(kit, far, "");
    kit_expect_one(kit, far, "ringing-timed-out");
    expect(kit, near, "");
    kit_expect_one(kit, near, "ringing-timed-out");
    kit_free(kit);

    kit = kit_new(); /* it did not even ring */
    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 0.01, next_there, NULL, "INVITE sip:b@10.0.0.3" TWO_VIAS);
    kit_say(kit, 20, next_there, NULL, cancel);
    far = kit_say(kit, 20.03, next_back, "INVITE", "487 Request Terminated" TWO_VIAS);
    near = kit_say(kit, 20.04, back, "INVITE", "487 Request Terminated");
    expect(kit, far, "cancelled-by-proxy");
    expect(kit, near, "terminated-without-cancel");
    kit_expect_text(kit, near, "terminated-without-cancel", "cancelled the next hop by itself");
    kit_free(kit);
}

/* Two branches; the second one is cancelled. */
static Kit *begin_forked(const char *final, const char *cancel, unsigned *ended)
{
    Kit *kit = begin_proxied();

    kit_say(kit, 1, fork_there, NULL, "INVITE sip:b@10.0.0.4" FORK_VIAS);
    kit_say(kit, 3, next_back, "INVITE", final);
    kit_say(kit, 3.01, fork_there, NULL, cancel);
    *ended = kit_say(kit, 3.03, fork_back, "INVITE", "487 Request Terminated" FORK_VIAS);
    return kit;
}

static void test_elsewhere(void)
{
    unsigned ended;
    Kit *kit =
        begin_forked("200 OK" TWO_VIAS,
                     "CANCEL sip:b@10.0.0.4\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp2", &ended);

    expect(kit, ended, "answered-elsewhere");
    kit_expect_text(kit, ended, "answered-elsewhere", "does not say why");
    kit_expect_frames(kit, ended, "answered-elsewhere", "4 6 5");
    kit_free(kit);
    kit = begin_forked("200 OK" TWO_VIAS,
                       "CANCEL sip:b@10.0.0.4\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp2\n"
                       "Reason: SIP ;cause=200 ;text=\"Call completed elsewhere\"",
                       &ended);
    expect(kit, ended, "answered-elsewhere");
    kit_expect_text(kit, ended, "answered-elsewhere", "tells this phone so (\"Call completed");
    kit_free(kit);
    /* the other branch is not in the capture */
    kit = begin_ringing();
    kit_say(kit, 9, there, NULL, "CANCEL sip:b@example.com\nReason: SIP;cause=200");
    ended = kit_say(kit, 9.02, back, "INVITE", "487 Request Terminated");
    expect(kit, ended, "answered-elsewhere");
    kit_expect_text(kit, ended, "answered-elsewhere", "SIP;cause=200");
    kit_free(kit);
}

/* A phone that only said 100 lost to another one: nobody was silent. */
static void test_lost_race(void)
{
    Kit *kit = begin_proxied();

    kit_say(kit, 1, fork_there, NULL, "INVITE sip:b@10.0.0.4" FORK_VIAS);
    kit_say(kit, 1.1, fork_back, "INVITE", "100 Trying" FORK_VIAS);
    kit_say(kit, 9, next_back, "INVITE", "200 OK" TWO_VIAS);
    kit_say(kit, 9.01, fork_there, NULL,
            "CANCEL sip:b@10.0.0.4\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp2");
    unsigned ended = kit_say(kit, 9.03, fork_back, "INVITE", "487 Request Terminated" FORK_VIAS);
    expect(kit, ended, "answered-elsewhere");
    kit_expect_none(kit, ended, "only-trying");
    kit_free(kit);
}

static void test_refused_for_all(void)
{
    unsigned ended;
    Kit *kit =
        begin_forked("603 Decline" TWO_VIAS,
                     "CANCEL sip:b@10.0.0.4\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp2", &ended);

    expect(kit, ended, "cancelled-by-proxy");
    kit_expect_text(kit, ended, "cancelled-by-proxy", "refused with 603 in frame 5");
    kit_free(kit);
    kit = begin_forked("486 Busy Here" TWO_VIAS,
                       "CANCEL sip:b@10.0.0.4\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp2", &ended);
    kit_expect_text(kit, ended, "cancelled-by-proxy", "the proxy's own");
    kit_free(kit);
}

static void test_crossed(void)
{
    Kit *kit = begin_ringing();

    kit_say(kit, 7, there, NULL, cancel_line);
    unsigned answer = kit_say(kit, 7.004, back, "INVITE", "200 OK");
    unsigned done = kit_say(kit, 7.02, back, "CANCEL", "200 OK");
    expect(kit, answer, "cancel-crossed-answer");
    kit_expect_text(kit, answer, "cancel-crossed-answer", "the call stands until");
    expect(kit, done, "cancel-crossed-answer");
    kit_expect_severity(kit, done, "note");
    kit_say(kit, 7.03, there, NULL,
            "ACK sip:b@10.0.0.2\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKack");
    kit_say(kit, 7.04, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE");
    kit_expect_text(kit, done, "cancel-crossed-answer", "BYE in frame 7 then ended the call");
    kit_free(kit);
}

static void test_not_crossed(void)
{
    Kit *kit = begin_call();
    unsigned bye = kit_say(kit, 9, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE");

    kit_expect_none(kit, 3, "cancel-crossed-answer");
    expect(kit, bye, "");
    kit_free(kit);
}

static void test_cancel_when_up(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 8, there, NULL, cancel_line);
    unsigned refused = kit_say(kit, 8.1, back, "CANCEL", "481 No such call");
    expect(kit, refused, "cancel-crossed-answer");
    kit_expect_text(kit, refused, "cancel-crossed-answer", "acknowledged (frame 4)");
    kit_expect_severity(kit, refused, "warn");
    kit_free(kit);
}

static void test_too_early(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 0.2, there, NULL, cancel_line);
    unsigned refused = kit_say(kit, 0.21, back, "CANCEL", "481 No such call");
    expect(kit, refused, "cancel-too-early");
    kit_say(kit, 0.4, back, "INVITE", "180 Ringing");
    expect(kit, refused, "cancel-too-early");
    kit_expect_text(kit, refused, "cancel-too-early", "went on in frame 4");
    kit_expect_severity(kit, refused, "warn");
    kit_free(kit);
    /* it worked all the same */
    kit = kit_new();
    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 0.2, there, NULL, cancel_line);
    unsigned done = kit_say(kit, 0.21, back, "CANCEL", "200 OK");
    unsigned ended = kit_say(kit, 0.22, back, "INVITE", "487 Request Terminated");
    expect(kit, done, "cancel-too-early");
    expect(kit, ended, "cancelled-by-caller");
    kit_free(kit);
}

static void test_not_too_early(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 0.1, back, "INVITE", "100 Trying");
    kit_say(kit, 0.2, there, NULL, cancel_line);
    unsigned done = kit_say(kit, 0.21, back, "CANCEL", "200 OK");
    expect(kit, done, "");
    kit_free(kit);
    /* one way of the capture: no response shows that one would be seen */
    kit = kit_new();
    kit_say(kit, 0, there, NULL, invite_line);
    unsigned cancel = kit_say(kit, 4, there, NULL, cancel_line);
    kit_expect_none(kit, cancel, "cancel-too-early");
    kit_free(kit);
    /* the capture begins behind the INVITE */
    kit = kit_new();
    kit_say(kit, 4, there, NULL, cancel_line);
    done = kit_say(kit, 4.1, back, "CANCEL", "200 OK");
    unsigned ended = kit_say(kit, 4.2, back, "INVITE", "487 Request Terminated");
    expect(kit, done, "");
    expect(kit, ended, "");
    kit_free(kit);
}

static void test_without_cancel(void)
{
    Kit *kit = begin_ringing();
    unsigned ended = kit_say(kit, 6, back, "INVITE", "487 Request Terminated");

    kit_whole(kit, false);
    kit_expect_none(kit, ended, "terminated-without-cancel");
    kit_whole(kit, true);
    kit_say(kit, 6.1, there, NULL, "ACK sip:b@example.com");
    expect(kit, ended, "terminated-without-cancel");
    kit_expect_text(kit, ended, "terminated-without-cancel", "neither a CANCEL nor a BYE");
    kit_expect_severity(kit, ended, "note");
    kit_free(kit);
    /* only responses are in the capture */
    kit = kit_new();
    kit_say(kit, 1, back, "INVITE", "180 Ringing");
    ended = kit_say(kit, 6, back, "INVITE", "487 Request Terminated");
    expect(kit, ended, "");
    kit_free(kit);
}

static void test_early_bye(void)
{
    Kit *kit = begin_ringing();

    kit_say(kit, 5, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE");
    kit_say(kit, 5.1, back, "BYE", "200 OK\nCSeq: 2 BYE");
    unsigned ended = kit_say(kit, 5.2, back, "INVITE", "487 Request Terminated");
    expect(kit, ended, "terminated-without-cancel");
    kit_expect_text(kit, ended, "terminated-without-cancel", "the BYE in frame 3");
    kit_free(kit);
}

static void test_expired(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, "INVITE sip:b@example.com\nExpires: 20");
    kit_say(kit, 1, back, "INVITE", "180 Ringing");
    unsigned ended = kit_say(kit, 20.1, back, "INVITE", "487 Request Terminated");
    expect(kit, ended, "terminated-without-cancel");
    kit_expect_text(kit, ended, "terminated-without-cancel", "20 s (Expires)");
    kit_free(kit);
}

/* 481 in a dialog */

static void test_dialog_lost(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 60, there, NULL,
            "INVITE sip:b@10.0.0.2\nCSeq: 2 INVITE\nTo: <sip:b@example.com>;tag=t");
    unsigned lost = kit_say(kit, 60.1, back, NULL, "481 Gone\nCSeq: 2 INVITE");
    kit_say(kit, 60.2, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 3 BYE");
    unsigned bye = kit_say(kit, 60.3, back, NULL, "481 Gone\nCSeq: 3 BYE");
    expect(kit, lost, "dialog-gone");
    kit_expect_text(kit, lost, "dialog-gone", "the dialog of frame 3");
    kit_expect_severity(kit, lost, "warn");
    expect(kit, bye, "dialog-gone");
    kit_expect_text(kit, bye, "dialog-gone", "does not know the call that this BYE ends");
    kit_free(kit);
}

static void test_dialog_unseen(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 60, there, NULL, "INFO sip:b@10.0.0.2\nTo: <sip:b@example.com>;tag=t");
    unsigned lost = kit_say(kit, 60.1, back, "INFO", "481 Gone");
    kit_expect_text(kit, lost, "dialog-gone", "beginning is not in this capture");
    kit_free(kit);
    /* the response alone tells nothing */
    kit = kit_new();
    lost = kit_say(kit, 60.1, back, "INFO", "481 Gone");
    kit_expect_none(kit, lost, "dialog-gone");
    kit_free(kit);
}

static void test_dialog_tags(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 60, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE\nTo: <sip:b@e.com>;tag=other");
    unsigned lost = kit_say(kit, 60.1, back, NULL, "481 Gone\nCSeq: 2 BYE");
    kit_expect_text(kit, lost, "dialog-gone", "not that of the dialog which frame 3");
    kit_free(kit);
    /* on another hop a B2BUA may have other tags: nothing is proved */
    kit = begin_call();
    kit_say(kit, 60, next_there, NULL,
            "BYE sip:b@10.0.0.3\nCSeq: 2 BYE\nTo: <sip:b@e.com>;tag=other");
    lost = kit_say(kit, 60.1, next_back, NULL, "481 Gone\nCSeq: 2 BYE");
    kit_expect_text(kit, lost, "dialog-gone", "does not know the call");
    kit_free(kit);
    kit = begin_call();
    kit_say(kit, 60, there, NULL, "INFO sip:b@10.0.0.2\nCSeq: 2 INFO\nTo: <sip:b@e.com>");
    lost = kit_say(kit, 60.1, back, NULL, "481 Gone\nCSeq: 2 INFO");
    kit_expect_text(kit, lost, "dialog-gone", "INFO has no To tag");
    kit_free(kit);
}

#define FROM_CALLEE "\nFrom: <sip:b@e.com>;tag=t\nTo: <sip:a@e.com>;tag=f"

static void test_both_hang_up(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 60, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE");
    kit_say(kit, 60.01, back, NULL, "BYE sip:a@10.0.0.1\nCSeq: 1 BYE" FROM_CALLEE);
    unsigned one = kit_say(kit, 60.02, back, NULL, "481 Gone\nCSeq: 2 BYE");
    unsigned other = kit_say(kit, 60.03, there, NULL, "481 Gone\nCSeq: 1 BYE" FROM_CALLEE);
    expect(kit, one, "ended-already");
    kit_expect_none(kit, one, "dialog-gone");
    kit_expect_severity(kit, one, "chat");
    expect(kit, other, "ended-already");
    kit_expect_text(kit, other, "ended-already", "The BYE in frame 5");
    kit_free(kit);
}

static void test_after_bye(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 60, back, NULL, "BYE sip:a@10.0.0.1\nCSeq: 1 BYE" FROM_CALLEE);
    kit_say(kit, 60.01, there, NULL, "200 OK\nCSeq: 1 BYE" FROM_CALLEE);
    kit_say(kit, 90, there, NULL, "UPDATE sip:b@10.0.0.2\nCSeq: 2 UPDATE\nTo: <sip:b@e.com>;tag=t");
    unsigned lost = kit_say(kit, 90.1, back, NULL, "481 Gone\nCSeq: 2 UPDATE");
    kit_expect_text(kit, lost, "dialog-gone", "had ended this dialog 30 s before the UPDATE");
    kit_say(kit, 91, there, NULL,
            "NOTIFY sip:b@10.0.0.2\nCSeq: 3 NOTIFY\nTo: <sip:b@e.com>;tag=t\nEvent: refer\n"
            "Subscription-State: active");
    lost = kit_say(kit, 91.1, back, NULL, "481 Gone\nCSeq: 3 NOTIFY");
    kit_expect_text(kit, lost, "dialog-gone", "dropped the subscription with it");
    kit_free(kit);
}

static void test_cancel_unknown(void)
{
    Kit *kit = begin_ringing();

    kit_say(kit, 5, there, NULL,
            "CANCEL sip:b@example.com\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKwrong");
    unsigned refused =
        kit_say(kit, 5.1, back, "CANCEL",
                "481 No such transaction\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKwrong");
    expect(kit, refused, "dialog-gone");
    kit_expect_text(kit, refused, "dialog-gone", "another topmost Via branch");
    kit_expect_frames(kit, refused, "dialog-gone", "3 1");
    kit_free(kit);
    kit = begin_ringing();
    kit_say(kit, 5, there, NULL, cancel_line);
    refused = kit_say(kit, 5.1, back, "CANCEL", "481 No such transaction");
    kit_expect_text(kit, refused, "dialog-gone", "found no INVITE");
    kit_free(kit);
    /* too late: nothing is wrong */
    kit = begin_ringing();
    kit_say(kit, 5, back, "INVITE", "486 Busy Here");
    kit_say(kit, 5.01, there, NULL, cancel_line);
    refused = kit_say(kit, 5.1, back, "CANCEL", "481 No such transaction");
    expect(kit, refused, "ended-already");
    kit_expect_text(kit, refused, "ended-already", "its 486 in frame 3");
    kit_expect_severity(kit, refused, "chat");
    kit_free(kit);
}

static void test_prack(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, invite_line);
    kit_say(kit, 1, back, "INVITE", "183 Progress\nRequire: 100rel\nRSeq: 700");
    kit_say(kit, 1.1, there, NULL, "PRACK sip:b@10.0.0.2\nCSeq: 2 PRACK\nRAck: 699 1 INVITE");
    unsigned refused = kit_say(kit, 1.2, back, NULL, "481 Gone\nCSeq: 2 PRACK");
    kit_say(kit, 1.3, there, NULL, "PRACK sip:b@10.0.0.2\nCSeq: 3 PRACK\nRAck: 705 1 INVITE");
    unsigned other = kit_say(kit, 1.4, back, NULL, "481 Gone\nCSeq: 3 PRACK");
    kit_say(kit, 2, back, "INVITE", "486 Busy Here");
    kit_say(kit, 2.1, there, NULL, "PRACK sip:b@10.0.0.2\nCSeq: 4 PRACK\nRAck: 701 1 INVITE");
    unsigned late = kit_say(kit, 2.2, back, NULL, "481 Gone\nCSeq: 4 PRACK");
    kit_expect_text(kit, refused, "dialog-gone", "has RSeq 700");
    kit_expect_text(kit, other, "dialog-gone", "is \"705 1 INVITE\", and the far end has no");
    expect(kit, late, "ended-already");
    kit_expect_text(kit, late, "ended-already", "its 486 in frame 7");
    kit_free(kit);
}

static void test_subscriptions(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL,
            "NOTIFY sip:b@10.0.0.2\nTo: <sip:b@e.com>;tag=t\nEvent: dialog\n"
            "Subscription-State: active");
    unsigned refused = kit_say(kit, 0.1, back, "NOTIFY", "481 Gone");
    kit_say(kit, 1, there, NULL,
            "SUBSCRIBE sip:b@10.0.0.2\nCSeq: 2 SUBSCRIBE\nTo: <sip:b@e.com>;tag=t\nEvent: dialog");
    unsigned refresh = kit_say(kit, 1.1, back, NULL, "481 Gone\nCSeq: 2 SUBSCRIBE");
    kit_expect_text(kit, refused, "dialog-gone", "knows no subscription");
    kit_expect_text(kit, refresh, "dialog-gone", "to refresh or end a subscription");
    kit_free(kit);
}

static void test_replaces(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL,
            "INVITE sip:b@example.com\nReplaces: abc@host;to-tag=1;from-tag=2");
    unsigned refused = kit_say(kit, 0.1, back, "INVITE", "481 Gone");
    kit_expect_text(kit, refused, "dialog-gone", "replace or join \"abc@host;to-tag=1");
    kit_free(kit);
    kit = kit_new();
    kit_say(kit, 0, there, NULL, invite_line);
    refused = kit_say(kit, 0.1, back, "INVITE", "481 Gone");
    kit_expect_text(kit, refused, "dialog-gone", "neither To tag nor Replaces");
    kit_free(kit);
}

/* 491 */

#define REINVITE "INVITE sip:b@10.0.0.2\nTo: <sip:b@example.com>;tag=t\nCSeq: "
#define OTHER_REINVITE "INVITE sip:a@10.0.0.1" FROM_CALLEE "\nCSeq: "

/* Both sides ask; both get 491 in frames 7 and 8. */
static Kit *begin_glare(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 10, there, NULL, REINVITE "2 INVITE");
    kit_say(kit, 10.01, back, NULL, OTHER_REINVITE "7 INVITE");
    kit_say(kit, 10.02, back, NULL, "491 Request Pending\nCSeq: 2 INVITE");
    kit_say(kit, 10.03, there, NULL, "491 Request Pending\nCSeq: 7 INVITE" FROM_CALLEE);
    kit_say(kit, 10.04, there, NULL, "ACK sip:b@10.0.0.2\nCSeq: 2 ACK");
    kit_say(kit, 10.05, back, NULL, "ACK sip:a@10.0.0.1\nCSeq: 7 ACK" FROM_CALLEE);
    return kit;
}

static void test_glare(void)
{
    Kit *kit = begin_glare();

    kit_wait(kit, 12);
    kit_expect_text(kit, 7, "glare", "may come again within 4 s");
    kit_expect_severity(kit, 7, "warn");
    kit_say(kit, 13, there, NULL, REINVITE "3 INVITE");
    kit_say(kit, 13.1, back, NULL, "200 OK\nCSeq: 3 INVITE");
    expect(kit, 7, "glare");
    kit_expect_frames(kit, 7, "glare", "5 6 11 12");
    kit_expect_text(kit, 7, "glare", "Sent again in frame 11, it was accepted in frame 12");
    kit_expect_severity(kit, 7, "chat");
    kit_expect_text(kit, 8, "glare", "this one has not come again");
    kit_expect_severity(kit, 8, "chat");
    kit_free(kit);
}

static void test_glare_unresolved(void)
{
    Kit *kit = begin_glare();

    kit_wait(kit, 30);
    kit_expect_text(kit, 7, "glare", "in the 20 s after that neither");
    kit_expect_severity(kit, 7, "warn");
    /* what comes much later is another matter */
    kit_say(kit, 900, there, NULL, REINVITE "3 INVITE");
    kit_say(kit, 900.1, back, NULL, "200 OK\nCSeq: 3 INVITE");
    kit_expect_text(kit, 7, "glare", "in the 32 s after that neither");
    kit_free(kit);
    kit = begin_glare();
    kit_say(kit, 11, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 3 BYE");
    kit_wait(kit, 30);
    kit_expect_text(kit, 7, "glare", "BYE in frame 11 ended the call");
    kit_expect_severity(kit, 7, "chat");
    kit_free(kit);
}

static void test_glare_other_accepted(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 10, there, NULL, REINVITE "2 INVITE");
    kit_say(kit, 10.01, back, NULL, OTHER_REINVITE "7 INVITE");
    unsigned refused = kit_say(kit, 10.02, back, NULL, "491 Request Pending\nCSeq: 2 INVITE");
    kit_say(kit, 10.03, there, NULL, "200 OK\nCSeq: 7 INVITE" FROM_CALLEE);
    kit_wait(kit, 30);
    kit_expect_text(kit, refused, "glare", "The other one was accepted in frame 8");
    kit_free(kit);
}

static void test_glare_unseen(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 10, there, NULL, REINVITE "2 INVITE");
    unsigned refused = kit_say(kit, 10.02, back, NULL, "491 Request Pending\nCSeq: 2 INVITE");
    kit_say(kit, 10.03, there, NULL, "ACK sip:b@10.0.0.2\nCSeq: 2 ACK");
    kit_expect_text(kit, refused, "glare", "none is in this capture");
    kit_expect_severity(kit, refused, "warn");
    kit_say(kit, 13, there, NULL, REINVITE "3 INVITE");
    kit_say(kit, 13.1, back, NULL, "200 OK\nCSeq: 3 INVITE");
    kit_expect_text(kit, refused, "glare", "was accepted in frame 9");
    kit_expect_severity(kit, refused, "chat");
    kit_free(kit);
}

static void test_glare_same_side(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 10, there, NULL, REINVITE "2 INVITE");
    kit_say(kit, 10.1, there, NULL,
            "UPDATE sip:b@10.0.0.2\nTo: <sip:b@e.com>;tag=t\nCSeq: 3 UPDATE");
    unsigned refused = kit_say(kit, 10.2, back, NULL, "491 Request Pending\nCSeq: 3 UPDATE");
    kit_say(kit, 11, back, NULL, "200 OK\nCSeq: 2 INVITE");
    kit_expect_text(kit, refused, "glare", "the INVITE of frame 5 from the same side");
    kit_free(kit);
}

/* A proxy's second leg is not a second request of the same side. */
static void test_glare_two_legs(void)
{
    Kit *kit = begin_call();

    kit_say(kit, 10, there, NULL, REINVITE "2 INVITE");
    kit_say(kit, 10.01, next_there, NULL,
            "INVITE sip:b@10.0.0.3\nTo: <sip:b@example.com>;tag=t\nCSeq: 2 INVITE" TWO_VIAS);
    unsigned far =
        kit_say(kit, 10.1, next_back, NULL, "491 Request Pending\nCSeq: 2 INVITE" TWO_VIAS);
    unsigned near = kit_say(kit, 10.2, back, NULL, "491 Request Pending\nCSeq: 2 INVITE");
    kit_expect_text(kit, far, "glare", "none is in this capture");
    kit_expect_text(kit, near, "glare", "none is in this capture");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ending/cancelled", test_cancelled);
    g_test_add_func("/ending/cancelled-quiet", test_cancelled_quiet);
    g_test_add_func("/ending/cancelled-reason", test_cancelled_reason);
    g_test_add_func("/ending/cancelled-ordinary-reason", test_cancelled_ordinary_reason);
    g_test_add_func("/ending/cancelled-hops", test_cancelled_hops);
    g_test_add_func("/ending/cancelled-upstream", test_cancelled_upstream);
    g_test_add_func("/ending/cancelled-by-proxy", test_cancelled_by_proxy);
    g_test_add_func("/ending/elsewhere", test_elsewhere);
    g_test_add_func("/rules/ending/lost-race", test_lost_race);
    g_test_add_func("/ending/refused-for-all", test_refused_for_all);
    g_test_add_func("/ending/crossed", test_crossed);
    g_test_add_func("/ending/not-crossed", test_not_crossed);
    g_test_add_func("/ending/cancel-when-up", test_cancel_when_up);
    g_test_add_func("/ending/too-early", test_too_early);
    g_test_add_func("/ending/not-too-early", test_not_too_early);
    g_test_add_func("/ending/without-cancel", test_without_cancel);
    g_test_add_func("/ending/early-bye", test_early_bye);
    g_test_add_func("/ending/expired", test_expired);
    g_test_add_func("/ending/dialog-lost", test_dialog_lost);
    g_test_add_func("/ending/dialog-unseen", test_dialog_unseen);
    g_test_add_func("/ending/dialog-tags", test_dialog_tags);
    g_test_add_func("/ending/both-hang-up", test_both_hang_up);
    g_test_add_func("/ending/after-bye", test_after_bye);
    g_test_add_func("/ending/cancel-unknown", test_cancel_unknown);
    g_test_add_func("/ending/prack", test_prack);
    g_test_add_func("/ending/subscriptions", test_subscriptions);
    g_test_add_func("/ending/replaces", test_replaces);
    g_test_add_func("/ending/glare", test_glare);
    g_test_add_func("/ending/glare-unresolved", test_glare_unresolved);
    g_test_add_func("/ending/glare-other-accepted", test_glare_other_accepted);
    g_test_add_func("/ending/glare-unseen", test_glare_unseen);
    g_test_add_func("/ending/glare-same-side", test_glare_same_side);
    g_test_add_func("/ending/glare-two-legs", test_glare_two_legs);
    return g_test_run();
}
