/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules: capture.
 */
#include "trace-kit.h"

#include <string.h>

static const char out[] = "10.0.0.1>10.0.0.2"; /* from the client */
static const char back[] = "10.0.0.2>10.0.0.1";
static const char tcp_out[] = "tcp 10.0.0.1>10.0.0.2";
static const char tcp_back[] = "tcp 10.0.0.2>10.0.0.1";
static const char ack_2xx[] = "ACK sip:b@10.0.0.2\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKanother";

static void test_whole_call(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, back, NULL, "180 Ringing");
    kit_say(kit, 1, back, NULL, "200 OK");
    kit_say(kit, 1.1, out, NULL, ack_2xx);
    kit_say(kit, 9, out, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE");
    kit_say(kit, 9.1, back, "BYE", "200 OK\nCSeq: 2 BYE");
    for (unsigned frame = 1; frame <= 6; frame++)
        kit_expect(kit, frame, "");
    kit_free(kit);
}

static void test_quoted(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned quote = kit_unreachable(kit, 0.01, invite);
    unsigned second = kit_say(kit, 1, out, NULL, "INVITE sip:b@example.com\nCall-ID: c2");
    unsigned busy = kit_say(kit, 1.1, back, NULL, "486 Busy Here\nCall-ID: c2");
    unsigned quoted = kit_unreachable(kit, 1.2, busy);

    kit_wait(kit, 60);
    kit_expect(kit, invite, ""); /* the ICMP error explains its silence */
    kit_expect(kit, quote, "quoted-by-icmp");
    kit_expect_text(kit, quote, "quoted-by-icmp", "This request never arrived");
    kit_expect(kit, quoted, "quoted-by-icmp");
    kit_expect_text(kit, quoted, "quoted-by-icmp", "It is not counted");
    kit_expect_severity(kit, quoted, "note");
    kit_expect(kit, second, "");
    kit_free(kit);
}

static unsigned add_cut(Kit *kit, double seconds, const char *bytes)
{
    return kit_raw(kit, seconds, back, bytes, strlen(bytes));
}

static void test_cut(void)
{
    Kit *kit = kit_new();
    unsigned body = add_cut(kit, 0,
                            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
                            "Call-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 100\r\n\r\nv=0\r\n");
    unsigned headers = add_cut(kit, 1, "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP 10.0.0.1;bra");
    unsigned whole = add_cut(kit, 2,
                             "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1"
                             "\r\nCall-ID: d\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");

    kit_expect_text(kit, body, "message-cut", "Content-Length says 100, and 5 bytes");
    kit_expect_text(kit, headers, "message-cut", "Only its first 52 bytes");
    kit_expect_none(kit, whole, "message-cut");
    kit_free(kit);
}

static void test_copies(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned copy = kit_repeat(kit, 0.001, invite);
    unsigned ringing = kit_say(kit, 0.1, back, NULL, "180 Ringing\nTo: <sip:b>;tag=t1");
    unsigned other = kit_say(kit, 0.11, back, NULL, "180 Ringing\nTo: <sip:b>;tag=t2");
    unsigned busy = kit_say(kit, 1, back, NULL, "486 Busy Here");
    unsigned twice = kit_repeat(kit, 1.001, busy);
    unsigned again = kit_repeat(kit, 1.5, busy);

    kit_say(kit, 1.6, out, NULL, "ACK sip:b@example.com");
    kit_expect(kit, invite, "");
    kit_expect(kit, copy, "captured-twice");
    kit_expect(kit, ringing, "");
    kit_expect(kit, other, ""); /* another phone */
    kit_expect(kit, busy, "");
    kit_expect(kit, twice, "captured-twice");
    kit_expect(kit, again, ""); /* a retransmission */
    kit_free(kit);
}

static void test_request_not_captured(void)
{
    Kit *kit = kit_new();
    unsigned ringing = kit_say(kit, 0, back, NULL, "180 Ringing");
    unsigned answer = kit_say(kit, 1, back, NULL, "200 OK");
    unsigned bye = kit_say(kit, 300, back, "BYE", "200 OK\nCSeq: 2 BYE");
    unsigned more = kit_say(kit, 301, back, "OPTIONS", "200 OK\nCall-ID: c9\nCSeq: 1 OPTIONS");
    kit_expect_text(kit, ringing, "one-way-capture", "3 messages with this Call-ID");
    kit_expect(kit, answer, "one-way-capture");
    kit_say(kit, 310, out, NULL, "INFO sip:b@10.0.0.2\nCSeq: 3 INFO");
    kit_expect_text(kit, ringing, "request-not-captured", "before the capture began");
    kit_expect_text(kit, bye, "request-not-captured", "not in the capture");
    kit_expect_severity(kit, bye, "chat");
    kit_expect(kit, more, "request-not-captured");
    kit_free(kit);
}

static void test_hidden_answers(void)
{
    Kit *kit = kit_new();
    unsigned request = kit_say(kit, 0, out, NULL, "REGISTER sip:example.com");
    unsigned retry = kit_say(kit, 0.1, out, NULL,
                             "REGISTER sip:example.com\nCSeq: 2 REGISTER\n"
                             "Authorization: Digest username=\"a\", realm=\"r\", nonce=\"n\"");
    unsigned invite = kit_say(kit, 20, out, NULL, "INVITE sip:b@example.com\nCall-ID: c2");
    unsigned ack = kit_say(kit, 22, out, NULL,
                           "ACK sip:b@10.0.0.2\nCall-ID: c2\n"
                           "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKanother");
    unsigned bye = kit_say(kit, 30, out, NULL, "BYE sip:b@10.0.0.2\nCall-ID: c2\nCSeq: 2 BYE");

    kit_wait(kit, 60);
    kit_expect_text(kit, request, "one-way-capture", "Frame 2 goes on");
    kit_expect_frames(kit, request, "one-way-capture", "2");
    kit_expect_text(kit, invite, "one-way-capture", "ACK in frame 4");
    kit_expect(kit, ack, "");
    kit_expect_text(kit, bye, "one-way-capture", "this one is not, within 30 s");
    kit_expect(kit, retry, ""); /* too near to the beginning: it may be the last of several */
    kit_free(kit);
}

/* A client that tries again after a timeout has had no answer. */
static void test_new_attempt(void)
{
    Kit *kit = kit_new();
    unsigned request = kit_say(kit, 0, out, NULL, "REGISTER sip:example.com");

    kit_repeat(kit, 0.5, request);
    kit_say(kit, 30, out, NULL, "REGISTER sip:example.com\nCSeq: 2 REGISTER");
    kit_expect(kit, request, "");
    kit_free(kit);
}

static void test_early_end(void)
{
    Kit *kit = kit_new();
    unsigned options = kit_say(kit, 0, out, NULL, "OPTIONS sip:b@example.com");

    kit_wait(kit, 1);
    kit_expect(kit, options, "capture-ends-early");
    kit_whole(kit, false);
    kit_expect(kit, options, "");
    kit_say(kit, 1, back, "OPTIONS", "200 OK");
    kit_whole(kit, true);
    kit_expect(kit, options, "");
    kit_free(kit);
}

static void test_open_end(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned trying = kit_say(kit, 0.1, back, NULL, "100 Trying");
    unsigned ringing = kit_say(kit, 1, back, NULL, "180 Ringing");

    kit_wait(kit, 10);
    kit_expect(kit, invite, "");
    kit_expect(kit, trying, "");
    kit_expect(kit, ringing, "capture-ends-early");
    unsigned answer = kit_say(kit, 11, back, NULL, "200 OK");
    kit_expect(kit, ringing, "");
    kit_expect_text(kit, answer, "capture-ends-early", "before the ACK");
    kit_say(kit, 11.1, out, NULL, ack_2xx);
    kit_expect(kit, answer, "");
    kit_free(kit);
}

/* Once a CANCEL is out, or the proxy has answered, the end is known. */
static void test_known_end(void)
{
    static const char vias[] = "\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
                               "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKc";
    char *request = g_strconcat("INVITE sip:b@10.0.0.3", vias, NULL);
    char *response = g_strconcat("100 Trying", vias, NULL);
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL,
            "INVITE sip:b@example.com\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKc");
    kit_say(kit, 0.1, "10.0.0.2>10.0.0.3", NULL, request);
    unsigned trying = kit_say(kit, 0.2, "10.0.0.3>10.0.0.2", NULL, response);
    kit_expect(kit, trying, "capture-ends-early");
    kit_say(kit, 5, back, NULL, "408 Request Timeout\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKc");
    kit_expect(kit, trying, "");
    g_free(request);
    g_free(response);
    kit_free(kit);
}

static void test_ack_not_captured(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, out, NULL, "INVITE sip:b@example.com");
    unsigned answer = kit_say(kit, 1, back, NULL, "200 OK");
    kit_wait(kit, 20);
    kit_expect_text(kit, answer, "ack-not-captured", "in the 19 s that follow");
    kit_say(kit, 21, out, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE");
    kit_expect_text(kit, answer, "ack-not-captured", "does have frame 3");
    kit_free(kit);
}

/* Over TCP a refusal is not repeated: its silence says nothing. */
static void test_ack_over_tcp(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, tcp_out, NULL, "INVITE sip:b@example.com");
    unsigned refusal = kit_say(kit, 1, tcp_back, NULL, "486 Busy Here");
    kit_wait(kit, 20);
    kit_expect(kit, refusal, "");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capture/whole-call", test_whole_call);
    g_test_add_func("/capture/quoted", test_quoted);
    g_test_add_func("/capture/cut", test_cut);
    g_test_add_func("/capture/copies", test_copies);
    g_test_add_func("/capture/request-not-captured", test_request_not_captured);
    g_test_add_func("/capture/hidden-answers", test_hidden_answers);
    g_test_add_func("/capture/new-attempt", test_new_attempt);
    g_test_add_func("/capture/early-end", test_early_end);
    g_test_add_func("/capture/open-end", test_open_end);
    g_test_add_func("/capture/known-end", test_known_end);
    g_test_add_func("/capture/ack-not-captured", test_ack_not_captured);
    g_test_add_func("/capture/ack-over-tcp", test_ack_over_tcp);
    return g_test_run();
}
