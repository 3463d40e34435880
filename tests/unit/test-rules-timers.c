/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: timers.
 */
#include "trace-kit.h"

static const char out[] = "10.0.0.1>10.0.0.2"; /* from the client */
static const char back[] = "10.0.0.2>10.0.0.1";
static const char on[] = "10.0.0.2>10.0.0.3"; /* from the proxy */
static const char home[] = "10.0.0.3>10.0.0.2";
static const char tcp_out[] = "tcp 10.0.0.1>10.0.0.2";
static const char tcp_back[] = "tcp 10.0.0.2>10.0.0.1";

/* Headers of a request that a proxy has sent on, and of responses to it. */
#define VIA_CLIENT "\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKclient"
#define VIAS_ON "\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKproxy" VIA_CLIENT

static const double timer_a[] = {0.5, 1.5, 3.5, 7.5, 15.5, 31.5};
static const double timer_e[] = {0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5};

/* Repeats a frame, first sent at `start`, `count` times; the last one's frame. */
static unsigned repeat(Kit *kit, double start, unsigned frame, const double *times, unsigned count)
{
    unsigned last = frame;

    for (unsigned i = 0; i < count; i++)
        last = kit_repeat(kit, start + times[i], frame);
    return last;
}

/* ---- requests ---- */

static void test_never_answered(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned last = repeat(kit, 0, invite, timer_a, 6);
    unsigned options = kit_say(kit, 100, out, NULL, "OPTIONS sip:example.com\nCSeq: 2 OPTIONS");

    repeat(kit, 100, options, timer_e, 10);
    kit_wait(kit, 140);
    kit_expect(kit, invite, "never-answered");
    kit_expect_text(kit, invite, "never-answered", "7 times in 32 s to 10.0.0.2:5060");
    kit_expect_frames(kit, invite, "never-answered", "1 7");
    kit_expect(kit, last, "request-retransmitted");
    kit_expect_text(kit, last, "request-retransmitted", "frame 1, sent again 32 s later");
    kit_expect_text(kit, options, "never-answered", "Timer F");
    kit_whole(kit, false);
    kit_expect(kit, invite, "never-answered"); /* enough time has passed */
    kit_free(kit);
}

static void test_answered_late(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");

    repeat(kit, 0, invite, timer_a, 6);
    unsigned busy = kit_say(kit, 31.9, back, NULL, "486 Busy Here");
    kit_say(kit, 31.95, out, NULL, "ACK sip:b@example.com");
    kit_wait(kit, 80);
    kit_expect_none(kit, invite, "never-answered");
    kit_expect(kit, busy, "request-retransmitted");
    kit_expect_text(kit, busy, "request-retransmitted", "7 times in 32 s (Timer A");
    kit_free(kit);
}

static void test_answer_missing(void)
{
    Kit *kit = kit_new();
    unsigned options = kit_say(kit, 0, out, NULL, "OPTIONS sip:example.com");

    repeat(kit, 0, options, timer_e, 3);
    kit_wait(kit, 4);
    kit_expect_text(kit, options, "answer-missing", "when the capture ends 500 ms after");
    kit_whole(kit, false);
    kit_expect_none(kit, options, "answer-missing");
    kit_wait(kit, 30);
    kit_expect_text(kit, options, "answer-missing", "then no more");
    kit_free(kit);
}

static void test_silence_over_tcp(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, tcp_out, NULL, "INVITE sip:b@example.com");

    kit_wait(kit, 20);
    kit_expect_none(kit, invite, "answer-missing");
    kit_wait(kit, 40);
    kit_expect(kit, invite, "answer-missing");
    kit_expect_text(kit, invite, "answer-missing", "goes on for 40 s");
    kit_free(kit);
}

/* What an ICMP error or a reset explains, and what the capture alone lacks. */
static void test_silence_explained(void)
{
    Kit *kit = kit_new();
    unsigned options = kit_say(kit, 0, out, NULL, "OPTIONS sip:example.com");
    unsigned invite = kit_say(kit, 10, out, NULL, "INVITE sip:b@example.com\nCall-ID: c2");

    kit_unreachable(kit, 0.1, options);
    repeat(kit, 0, options, timer_e, 10);
    repeat(kit, 10, invite, timer_a, 2);
    kit_say(kit, 12, out, NULL,
            "ACK sip:b@example.com\nCall-ID: c2\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKother");
    kit_wait(kit, 100);
    kit_expect_none(kit, options, "never-answered");
    kit_expect_none(kit, invite, "answer-missing");
    kit_free(kit);
}

static void test_copies(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned copy = kit_repeat(kit, 0.0001, invite);
    unsigned trying = kit_say(kit, 0.02, back, NULL, "100 Trying");
    kit_repeat(kit, 0.0201, trying);
    unsigned busy = kit_say(kit, 1, back, NULL, "486 Busy Here");
    unsigned again = kit_repeat(kit, 1.0001, busy);
    unsigned ack = kit_say(kit, 1.01, out, NULL, "ACK sip:b@example.com");

    kit_repeat(kit, 1.0101, ack);
    kit_expect_none(kit, copy, "request-retransmitted");
    kit_expect_none(kit, trying, "request-retransmitted");
    kit_expect_none(kit, busy, "response-retransmitted");
    kit_expect_none(kit, again, "response-retransmitted");
    kit_free(kit);
}

static void test_repeats_over_tcp(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, tcp_out, NULL, "INVITE sip:b@example.com");
    unsigned again = kit_repeat(kit, 0.5, invite);
    unsigned busy = kit_say(kit, 0.6, tcp_back, NULL, "486 Busy Here");

    kit_say(kit, 0.61, tcp_out, NULL, "ACK sip:b@example.com");
    kit_expect_text(kit, again, "request-retransmitted", "Over TCP SIP is not to repeat");
    kit_expect_none(kit, busy, "request-retransmitted");
    kit_free(kit);
}

/* ---- responses that are not heard, or late ---- */

static void test_repeat_after_response(void)
{
    Kit *kit = kit_new();
    unsigned bye = kit_say(kit, 0, out, NULL, "BYE sip:b@example.com");
    unsigned ok = kit_say(kit, 0.02, back, "BYE", "200 OK");

    kit_repeat(kit, 0.5, bye);
    unsigned again = kit_repeat(kit, 0.52, ok);
    kit_expect_text(kit, ok, "request-retransmitted", "Frame 3 repeats the request 480 ms after");
    kit_expect_text(kit, again, "response-retransmitted", "same response as in frame 2");
    kit_free(kit);
}

static void test_crossing(void)
{
    Kit *kit = kit_new();
    unsigned bye = kit_say(kit, 0, out, NULL, "BYE sip:b@example.com");
    unsigned ok = kit_say(kit, 0.45, back, "BYE", "200 OK");

    kit_repeat(kit, 0.5, bye);
    kit_expect_none(kit, ok, "request-retransmitted");
    kit_free(kit);
}

static void test_slow_answer(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, tcp_out, NULL, "INVITE sip:b@example.com");
    unsigned trying = kit_say(kit, 1.5, tcp_back, NULL, "100 Trying");
    unsigned ringing = kit_say(kit, 12, tcp_back, NULL, "180 Ringing");
    unsigned more = kit_say(kit, 30, tcp_back, NULL, "180 Ringing");
    kit_say(kit, 40, out, NULL, "OPTIONS sip:b@example.com\nCSeq: 2 OPTIONS");
    unsigned ok = kit_say(kit, 40.9, back, "OPTIONS", "200 OK\nCSeq: 2 OPTIONS");
    kit_expect_text(kit, trying, "slow-answer", "waited 1.5 s");
    kit_expect_text(kit, ringing, "slow-answer", "heard nothing for 12 s");
    kit_expect_none(kit, more, "slow-answer");
    kit_expect(kit, ok, "");
    kit_free(kit);
}

static void test_slow_refusal(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, back, NULL, "100 Trying");
    unsigned refused = kit_say(kit, 11, back, NULL, "503 Service Unavailable");
    kit_say(kit, 11.1, out, NULL, "ACK sip:b@example.com");
    kit_expect_one(kit, refused, "slow-answer");
    kit_say(kit, 20, out, NULL, "INVITE sip:b@example.com\nCSeq: 3 INVITE\nTo: <sip:b>;tag=t");
    kit_say(kit, 20.1, back, NULL, "100 Trying\nCSeq: 3 INVITE");
    unsigned again = kit_say(kit, 31, back, NULL, "488 Not Acceptable Here\nCSeq: 3 INVITE");
    kit_say(kit, 31.1, out, NULL, "ACK sip:b@example.com\nCSeq: 3 ACK");
    kit_expect_none(kit, again, "slow-answer"); /* nobody waits for it to ring */
    kit_free(kit);
}

/* ---- ACK ---- */

static unsigned say_call(Kit *kit, const char *answer)
{
    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, back, NULL, "180 Ringing");
    return kit_say(kit, 1, back, NULL, answer);
}

static const char ack_2xx[] = "ACK sip:b@10.0.0.2\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKanother";

static void test_acknowledged(void)
{
    Kit *kit = kit_new();
    unsigned answer = say_call(kit, "200 OK");
    kit_say(kit, 1.1, out, NULL, ack_2xx);

    kit_wait(kit, 100);
    kit_expect(kit, answer, "");
    kit_free(kit);
}

static void test_acknowledged_late(void)
{
    Kit *kit = kit_new();
    unsigned answer = say_call(kit, "200 OK");
    unsigned last = repeat(kit, 1, answer, timer_e, 2);

    unsigned ack = kit_say(kit, 2.6, out, NULL, ack_2xx);
    kit_wait(kit, 100);
    kit_expect(kit, answer, "response-retransmitted");
    kit_expect_text(kit, answer, "response-retransmitted", "3 times in 1.5 s");
    kit_expect_frames(kit, answer, "response-retransmitted", "3 5 6");
    kit_expect(kit, last, "response-retransmitted");
    kit_expect(kit, ack, "");
    kit_free(kit);
}

static void test_never_acknowledged(void)
{
    Kit *kit = kit_new();
    unsigned answer = say_call(kit, "200 OK");

    repeat(kit, 1, answer, timer_e, 10);
    kit_whole(kit, false);
    kit_expect_text(kit, answer, "dropped-for-lack-of-ack", "gave up (64*T1");
    unsigned bye = kit_say(kit, 33.1, back, NULL,
                           "BYE sip:a@10.0.0.1\nFrom: <sip:b@example.com>;tag=t\n"
                           "To: <sip:a@example.com>;tag=f");
    kit_expect_text(kit, answer, "dropped-for-lack-of-ack", "BYE in frame 14");
    kit_expect_severity(kit, answer, "error");
    kit_expect_one(kit, bye, "dropped-for-lack-of-ack");
    kit_free(kit);
}

static void test_ack_missing(void)
{
    Kit *kit = kit_new();
    unsigned answer = say_call(kit, "200 OK");

    repeat(kit, 1, answer, timer_e, 3);
    kit_expect(kit, answer, "ack-missing");
    kit_whole(kit, false);
    kit_expect(kit, answer, ""); /* it may still come */
    kit_whole(kit, true);
    kit_wait(kit, 20);
    kit_expect(kit, answer, "response-retransmitted"); /* the repeats stopped: it came unseen */
    kit_expect_text(kit, answer, "response-retransmitted", "and then no more");
    kit_free(kit);
}

static void test_refusal_unacknowledged(void)
{
    Kit *kit = kit_new();
    unsigned refusal = say_call(kit, "404 Not Found");

    repeat(kit, 1, refusal, timer_e, 10);
    kit_expect(kit, refusal, "ack-missing");
    kit_expect_frames(kit, refusal, "ack-missing", "3 13");
    kit_free(kit);
}

static void test_ack_not_heard(void)
{
    Kit *kit = kit_new();
    unsigned refusal = say_call(kit, "486 Busy Here");
    unsigned ack = kit_say(kit, 1.05, out, NULL, "ACK sip:b@example.com");

    for (unsigned i = 0; i < 3; i++) {
        kit_repeat(kit, 1 + timer_e[i], refusal);
        kit_repeat(kit, 1.05 + timer_e[i], ack);
    }
    kit_wait(kit, 60);
    kit_expect_text(kit, refusal, "ack-not-heard", "up to 3.5 s after it (frame 9)");
    kit_free(kit);
}

/* One ACK that is lost is an ordinary loss. */
static void test_one_ack_lost(void)
{
    Kit *kit = kit_new();
    unsigned refusal = say_call(kit, "486 Busy Here");
    unsigned ack = kit_say(kit, 1.05, out, NULL, "ACK sip:b@example.com");

    kit_repeat(kit, 1.5, refusal);
    kit_repeat(kit, 1.55, ack);
    kit_expect(kit, refusal, "response-retransmitted");
    kit_free(kit);
}

/* Without Record-Route, the ACK goes round the proxy. */
static void test_ack_elsewhere(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com" VIA_CLIENT);
    kit_say(kit, 0.01, on, NULL, "INVITE sip:b@10.0.0.3" VIAS_ON);
    kit_say(kit, 0.02, home, NULL, "100 Trying" VIAS_ON);
    kit_say(kit, 0.03, back, NULL, "100 Trying" VIA_CLIENT);
    unsigned near_callee = kit_say(kit, 1, home, NULL, "200 OK" VIAS_ON);
    unsigned near_caller = kit_say(kit, 1.01, back, NULL, "200 OK" VIA_CLIENT);

    kit_repeat(kit, 1.5, near_callee);
    kit_repeat(kit, 1.51, near_caller);
    kit_say(kit, 1.6, "10.0.0.1>10.0.0.3", NULL, ack_2xx);
    kit_wait(kit, 100);
    kit_expect(kit, near_caller, "");
    kit_expect(kit, near_callee, "");
    kit_free(kit);
}

static void test_ack_not_forwarded(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com" VIA_CLIENT);
    kit_say(kit, 0.01, on, NULL, "INVITE sip:b@10.0.0.3" VIAS_ON);
    unsigned near_callee = kit_say(kit, 1, home, NULL, "200 OK" VIAS_ON);
    unsigned near_caller = kit_say(kit, 1.01, back, NULL, "200 OK" VIA_CLIENT);
    unsigned ack = kit_say(kit, 1.05, out, NULL, ack_2xx);

    for (unsigned i = 0; i < 10; i++) {
        kit_repeat(kit, 1 + timer_e[i], near_callee);
        kit_repeat(kit, 1.01 + timer_e[i], near_caller);
        kit_repeat(kit, 1.05 + timer_e[i], ack);
    }
    kit_say(kit, 33.1, home, NULL,
            "BYE sip:a@10.0.0.1\nFrom: <sip:b@example.com>;tag=t\nTo: <sip:a@example.com>;tag=f");
    kit_expect_text(kit, near_caller, "dropped-for-lack-of-ack",
                    "ACK in frame 5 reached 10.0.0.2:5060");
    kit_expect_text(kit, near_callee, "dropped-for-lack-of-ack", "did not send it on");
    kit_free(kit);
}

/* ---- PRACK ---- */

static unsigned say_reliable(Kit *kit)
{
    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com\nSupported: 100rel");
    return kit_say(kit, 0.1, back, NULL, "183 Session Progress\nRequire: 100rel\nRSeq: 7");
}

static void test_prack_missing(void)
{
    Kit *kit = kit_new();
    unsigned progress = say_reliable(kit);
    unsigned last = repeat(kit, 0.1, progress, timer_a, 6);
    unsigned refusal = kit_say(kit, 32.1, back, NULL, "504 Server Time-out");

    kit_say(kit, 32.2, out, NULL, "ACK sip:b@example.com");
    kit_expect(kit, progress, "prack-missing");
    kit_expect_text(kit, progress, "prack-missing", "RSeq 7");
    kit_expect(kit, last, "response-retransmitted");
    kit_expect(kit, refusal, "prack-missing");
    kit_free(kit);
}

static void test_prack(void)
{
    Kit *kit = kit_new();
    unsigned progress = say_reliable(kit);

    repeat(kit, 0.1, progress, timer_a, 2);
    kit_say(kit, 1.7, out, NULL, "PRACK sip:b@10.0.0.2\nCSeq: 2 PRACK\nRAck: 7 1 INVITE");
    kit_say(kit, 1.8, back, "PRACK", "200 OK\nCSeq: 2 PRACK");
    unsigned refusal = kit_say(kit, 3, back, NULL, "500 Server Internal Error");
    kit_say(kit, 3.1, out, NULL, "ACK sip:b@example.com");
    kit_expect_text(kit, progress, "response-retransmitted", "PRACK is frame 5");
    kit_expect_none(kit, refusal, "prack-missing");
    kit_free(kit);
}

/* The PRACK may go another way; an answer that comes does not wait for it. */
static void test_prack_unseen(void)
{
    Kit *kit = kit_new();
    unsigned progress = say_reliable(kit);

    repeat(kit, 0.1, progress, timer_a, 3);
    unsigned answer = kit_say(kit, 20, back, NULL, "200 OK");
    kit_say(kit, 20.1, out, NULL, ack_2xx);
    kit_expect(kit, progress, "");
    kit_expect(kit, answer, "");
    kit_free(kit);
}

static void test_prack_not_heard(void)
{
    Kit *kit = kit_new();
    unsigned progress = say_reliable(kit);
    unsigned prack =
        kit_say(kit, 0.2, out, NULL, "PRACK sip:b@10.0.0.2\nCSeq: 2 PRACK\nRAck: 7 1 INVITE");

    for (unsigned i = 0; i < 3; i++) {
        kit_repeat(kit, 0.1 + timer_a[i], progress);
        kit_repeat(kit, 0.2 + timer_a[i], prack);
    }
    kit_expect_text(kit, progress, "prack-missing", "A PRACK is in frame 3");
    unsigned refusal = kit_say(kit, 5, back, NULL, "500 Server Internal Error");
    kit_expect_one(kit, refusal, "prack-missing");
    kit_free(kit);
}

/* Two 180 are no retransmission: a phone repeats them at will. */
static void test_ringing_again(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned ringing = kit_say(kit, 0.1, back, NULL, "180 Ringing");
    unsigned again = kit_repeat(kit, 60, ringing);
    kit_expect(kit, ringing, "");
    kit_expect_none(kit, again, "response-retransmitted");
    kit_free(kit);
}

/* ---- timeouts ---- */

static void test_408_next_hop(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com" VIA_CLIENT);
    kit_say(kit, 0.01, back, NULL, "100 Trying" VIA_CLIENT);
    unsigned forwarded = kit_say(kit, 0.02, on, NULL, "INVITE sip:b@10.0.0.3" VIAS_ON);

    repeat(kit, 0.02, forwarded, timer_a, 6);
    unsigned timeout = kit_say(kit, 32.03, back, NULL, "408 Request Timeout" VIA_CLIENT);
    kit_say(kit, 32.1, out, NULL, "ACK sip:b@example.com" VIA_CLIENT);
    kit_expect(kit, timeout, "timeout-at-timer");
    kit_expect_text(kit, timeout, "timeout-at-timer",
                    "sent on to 10.0.0.3:5060 (first in frame 3, last in 9)");
    kit_free(kit);
}

static void expect_408(double seconds, const char *ringing, const char *id, const char *text)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.01, back, NULL, "100 Trying");
    if (ringing)
        kit_say(kit, 0.1, back, NULL, ringing);
    unsigned timeout = kit_say(kit, seconds, back, NULL, "408 Request Timeout");
    kit_say(kit, seconds + 0.1, out, NULL, "ACK sip:b@example.com");
    kit_expect(kit, timeout, id);
    if (text)
        kit_expect_text(kit, timeout, id, text);
    kit_free(kit);
}

static void test_408(void)
{
    expect_408(32.05, NULL, "timeout-at-timer", "as Timer B does");
    expect_408(5, NULL, "timeout-at-timer", "by a timer of the sender's own");
    expect_408(0.2, NULL, "timeout-at-timer", "no timer can have run out");
    expect_408(200, NULL, "", NULL);
    expect_408(30.1, "180 Ringing", "ringing-timed-out", "rang for 30 s");
}

static void test_408_trying(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com" VIA_CLIENT);
    kit_say(kit, 0.02, on, NULL, "INVITE sip:b@10.0.0.3" VIAS_ON);
    kit_say(kit, 0.03, home, NULL, "100 Trying" VIAS_ON);
    kit_say(kit, 0.04, back, NULL, "100 Trying" VIA_CLIENT);
    unsigned timeout = kit_say(kit, 20, back, NULL, "408 Request Timeout" VIA_CLIENT);
    kit_say(kit, 20.1, out, NULL, "ACK sip:b@example.com" VIA_CLIENT);

    kit_expect_text(kit, timeout, "timeout-at-timer", "10.0.0.3:5060 is alive (100 in frame 3)");
    kit_free(kit);
}

static unsigned say_proxied_call(Kit *kit)
{
    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com" VIA_CLIENT);
    kit_say(kit, 0.02, on, NULL, "INVITE sip:b@10.0.0.3" VIAS_ON);
    kit_say(kit, 0.1, home, NULL, "180 Ringing" VIAS_ON);
    return kit_say(kit, 0.11, back, NULL, "180 Ringing" VIA_CLIENT);
}

/* CANCEL by the proxy, 487 for it, and `status` upstream; the frame of the latter. */
static unsigned say_cancel(Kit *kit, double seconds, const char *status)
{
    char *text = g_strconcat(status, VIA_CLIENT, NULL);

    kit_say(kit, seconds, on, NULL,
            "CANCEL sip:b@10.0.0.3\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKproxy");
    kit_say(kit, seconds + 0.1, home, NULL, "487 Request Terminated" VIAS_ON);
    unsigned last = kit_say(kit, seconds + 0.2, back, NULL, text);
    g_free(text);
    return last;
}

static void test_proxy_cancels(void)
{
    Kit *kit = kit_new();

    say_proxied_call(kit);
    unsigned last = say_cancel(kit, 20.1, "480 Temporarily Unavailable");
    kit_expect_text(kit, last, "ringing-timed-out", "After 20 s of ringing 10.0.0.2:5060");
    kit_expect_one(kit, last - 1, "ringing-timed-out");
    kit_expect_severity(kit, last, "note");
    kit_free(kit);
}

static void test_timer_c(void)
{
    Kit *kit = kit_new();

    say_proxied_call(kit);
    unsigned last = say_cancel(kit, 181.2, "487 Request Terminated");
    kit_expect_text(kit, last, "ringing-timed-out", "Timer C");
    kit_free(kit);
}

/* A proxy also cancels because the caller does, or because another phone has answered. */
static void test_other_cancels(void)
{
    Kit *kit = kit_new();

    say_proxied_call(kit);
    unsigned last = say_cancel(kit, 20, "200 OK");
    kit_expect_none(kit, last - 1, "ringing-timed-out");
    kit_free(kit);
    kit = kit_new();
    say_proxied_call(kit);
    kit_say(kit, 20, out, NULL, "CANCEL sip:b@example.com" VIA_CLIENT);
    last = say_cancel(kit, 20.01, "487 Request Terminated");
    kit_expect_none(kit, last, "ringing-timed-out");
    kit_expect_none(kit, last - 1, "ringing-timed-out");
    kit_free(kit);
}

static void test_only_trying(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned trying = kit_say(kit, 0.1, back, NULL, "100 Trying");
    kit_wait(kit, 33);
    kit_expect(kit, trying, "final-missing");
    kit_say(kit, 40, out, NULL, "CANCEL sip:b@example.com");
    kit_say(kit, 40.1, back, "CANCEL", "200 OK\nCSeq: 1 CANCEL");
    kit_expect(kit, trying, "");
    unsigned cancelled = kit_say(kit, 40.2, back, NULL, "487 Request Terminated");
    kit_say(kit, 40.3, out, NULL, "ACK sip:b@example.com");
    kit_expect_one(kit, cancelled, "only-trying");
    kit_free(kit);
}

/* A caller who hangs up at once, or while it rings, has no silent server. */
static void test_cancelled_soon(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, back, NULL, "100 Trying");
    kit_say(kit, 2, out, NULL, "CANCEL sip:b@example.com");
    kit_say(kit, 2.1, back, "CANCEL", "200 OK\nCSeq: 1 CANCEL");
    unsigned cancelled = kit_say(kit, 2.2, back, NULL, "487 Request Terminated");
    kit_say(kit, 2.3, out, NULL, "ACK sip:b@example.com");
    kit_expect_none(kit, cancelled, "only-trying");
    kit_free(kit);
}

static void test_no_end(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned trying = kit_say(kit, 0.01, back, NULL, "100 Trying");
    unsigned ringing = kit_say(kit, 0.1, back, NULL, "180 Ringing");
    kit_wait(kit, 190);
    kit_expect(kit, ringing, "final-missing");
    kit_expect(kit, trying, "");
    kit_say(kit, 200, out, NULL, ack_2xx); /* it was answered, unseen */
    kit_expect(kit, ringing, "");
    kit_free(kit);
}

static void test_cancel_without_487(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, back, NULL, "180 Ringing");
    kit_say(kit, 2, out, NULL, "CANCEL sip:b@example.com");
    unsigned ok = kit_say(kit, 2.1, back, "CANCEL", "200 OK\nCSeq: 1 CANCEL");
    kit_wait(kit, 30);
    kit_expect_none(kit, ok, "cancel-without-487");
    kit_wait(kit, 35);
    kit_expect_text(kit, ok, "cancel-without-487", "INVITE of frame 1");
    kit_say(kit, 36, back, NULL, "487 Request Terminated");
    kit_expect_none(kit, ok, "cancel-without-487");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timers/never-answered", test_never_answered);
    g_test_add_func("/timers/answered-late", test_answered_late);
    g_test_add_func("/timers/answer-missing", test_answer_missing);
    g_test_add_func("/timers/silence-over-tcp", test_silence_over_tcp);
    g_test_add_func("/timers/silence-explained", test_silence_explained);
    g_test_add_func("/timers/copies", test_copies);
    g_test_add_func("/timers/repeats-over-tcp", test_repeats_over_tcp);
    g_test_add_func("/timers/repeat-after-response", test_repeat_after_response);
    g_test_add_func("/timers/crossing", test_crossing);
    g_test_add_func("/timers/slow-answer", test_slow_answer);
    g_test_add_func("/timers/slow-refusal", test_slow_refusal);
    g_test_add_func("/timers/acknowledged", test_acknowledged);
    g_test_add_func("/timers/acknowledged-late", test_acknowledged_late);
    g_test_add_func("/timers/never-acknowledged", test_never_acknowledged);
    g_test_add_func("/timers/ack-missing", test_ack_missing);
    g_test_add_func("/timers/refusal-unacknowledged", test_refusal_unacknowledged);
    g_test_add_func("/timers/ack-not-heard", test_ack_not_heard);
    g_test_add_func("/timers/one-ack-lost", test_one_ack_lost);
    g_test_add_func("/timers/ack-elsewhere", test_ack_elsewhere);
    g_test_add_func("/timers/ack-not-forwarded", test_ack_not_forwarded);
    g_test_add_func("/timers/prack-missing", test_prack_missing);
    g_test_add_func("/timers/prack", test_prack);
    g_test_add_func("/timers/prack-unseen", test_prack_unseen);
    g_test_add_func("/timers/prack-not-heard", test_prack_not_heard);
    g_test_add_func("/timers/ringing-again", test_ringing_again);
    g_test_add_func("/timers/408-next-hop", test_408_next_hop);
    g_test_add_func("/timers/408", test_408);
    g_test_add_func("/timers/408-trying", test_408_trying);
    g_test_add_func("/timers/proxy-cancels", test_proxy_cancels);
    g_test_add_func("/timers/timer-c", test_timer_c);
    g_test_add_func("/timers/other-cancels", test_other_cancels);
    g_test_add_func("/timers/only-trying", test_only_trying);
    g_test_add_func("/timers/cancelled-soon", test_cancelled_soon);
    g_test_add_func("/timers/no-end", test_no_end);
    g_test_add_func("/timers/cancel-without-487", test_cancel_without_487);
    return g_test_run();
}
