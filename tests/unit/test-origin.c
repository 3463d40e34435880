/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who sent a response.
 */
#include "origin.h"

#include <string.h>

#include "trace-kit.h"

#define VIA(host, branch) "\nVia: SIP/2.0/UDP " host ";branch=z9hG4bK" branch
#define ONE VIA("192.0.2.1:5060", "a")
#define TWO VIA("192.0.2.2:5060", "b") ONE
#define CALL "INVITE sip:b@example.com"

static Kit *kit;

static void set_up(void)
{
    kit = kit_new();
}

static void tear_down(void)
{
    kit_free(kit);
}

/* Asserts the origin, a part of its words, and the frames that show it ("1 2"). */
static void expect(unsigned frame, const char *origin, const char *part, const char *frames)
{
    SipwhyMessage message;
    SipwhyOriginEvidence evidence;
    const SipwhySubject subject = kit_subject(kit, frame, &message);
    const SipwhyOrigin found = sipwhy_origin(&subject, &evidence);
    GString *proof = g_string_new(NULL);

    for (unsigned i = 0; i < evidence.filled.frame_count; i++)
        g_string_append_printf(proof, "%s%u", i ? " " : "", evidence.filled.frames[i]);
    for (SipwhyLanguage language = 0; language < 2; language++) {
        char *text = sipwhy_origin_text(&evidence, language);
        if (strchr(text, '{') || (language == 0 && !strstr(text, part)))
            g_error("frame %u: \"%s\"", frame, text);
        g_free(text);
    }
    g_assert_cmpstr(sipwhy_term_id(SIPWHY_TERM_KIND_ORIGIN, (int)found), ==, origin);
    g_assert_cmpstr(proof->str, ==, frames);
    g_string_free(proof, TRUE);
    sipwhy_origin_clear(&evidence);
}

static void test_request(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    expect(1, "unknown", "", "");
    tear_down();
}

static void test_further_on(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.0, "192.0.2.2>192.0.2.1", NULL, "100 Trying" ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.1, "192.0.2.3>192.0.2.2", NULL, "100 Trying" TWO);
    kit_say(kit, 0.2, "192.0.2.3>192.0.2.2", NULL, "180 Ringing" TWO);
    kit_say(kit, 0.2, "192.0.2.2>192.0.2.1", NULL, "180 Ringing" ONE);
    kit_say(kit, 0.3, "192.0.2.3>192.0.2.2", NULL, "603 Decline" TWO);
    kit_say(kit, 0.4, "192.0.2.2>192.0.2.1", NULL, "603 Decline" ONE);
    expect(2, "proxy", "one hop only: 192.0.2.2:5060", "3");
    expect(4, "unknown", "one hop only", "");
    expect(5, "user-agent", "own Contact", "");
    expect(6, "user-agent", "192.0.2.3:5060 had sent the same 180 before, in frame 5", "5");
    expect(7, "user-agent", "the 180 in frame 5", "5");
    expect(8, "user-agent", "192.0.2.3:5060 had sent the same 603 before", "7 5");
    tear_down();
}

/* Two phones answer: each 180 is that of its own branch, by the To tag. */
static void test_branches(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.4", NULL, CALL VIA("192.0.2.2", "x") ONE);
    kit_say(kit, 0.2, "192.0.2.3>192.0.2.2", NULL, "180 Ringing\nTo: <sip:b@b>;tag=3" TWO);
    kit_say(kit, 0.3, "192.0.2.4>192.0.2.2", NULL,
            "180 Ringing\nTo: <sip:b@b>;tag=4" VIA("192.0.2.2", "x") ONE);
    kit_say(kit, 0.4, "192.0.2.2>192.0.2.1", NULL, "180 Ringing\nTo: <sip:b@b>;tag=4" ONE);
    kit_say(kit, 0.5, "192.0.2.2>192.0.2.1", NULL, "180 Ringing\nTo: <sip:b@b>;tag=3" ONE);
    kit_say(kit, 0.6, "192.0.2.2>192.0.2.1", NULL, "199 Gone\nTo: <sip:b@b>;tag=3\n-Contact" ONE);
    expect(6, "user-agent", "in frame 5", "5");
    expect(7, "user-agent", "in frame 4", "4");
    expect(8, "proxy", "made this one itself", "2");
    tear_down();
}

static void test_made_by_the_proxy(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.3, "192.0.2.3>192.0.2.2", NULL, "486 Busy" TWO);
    kit_say(kit, 0.4, "192.0.2.2>192.0.2.1", NULL, "503 Unavailable" ONE);
    expect(3, "user-agent", "from an endpoint", "");
    expect(4, "proxy", "made this one itself", "2");
    tear_down();
}

/* Of the far side of the proxy only requests are in the capture. */
static void test_one_direction(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.4, "192.0.2.2>192.0.2.1", NULL, "503 Unavailable" ONE);
    expect(3, "unknown", "Nothing in this trace", "");
    tear_down();
}

static void test_timers(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 32.1, "192.0.2.2>192.0.2.1", NULL, "408 Request Timeout" ONE);
    expect(3, "local-timeout", "32 s later this 408", "2");
    kit_say(kit, 100.0, "192.0.2.1>192.0.2.2", NULL, "OPTIONS sip:b@example.com");
    kit_say(kit, 132.0, "192.0.2.2>192.0.2.1", "OPTIONS", "408 Request Timeout");
    expect(5, "local-timeout", "64*T1", "4");
    kit_say(kit, 200.0, "192.0.2.1>192.0.2.2", NULL, "OPTIONS sip:b@example.com\nCSeq: 2 OPTIONS");
    kit_say(kit, 205.0, "192.0.2.2>192.0.2.1", NULL, "408 Request Timeout\nCSeq: 2 OPTIONS");
    expect(7, "unknown", "Nothing in this trace", "");
    tear_down();
}

static void test_registrar(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, "REGISTER sip:example.com");
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", "REGISTER", "401 Unauthorized");
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.2", NULL, "REGISTER sip:example.com\nCSeq: 2 REGISTER");
    kit_say(kit, 0.3, "192.0.2.2>192.0.2.1", NULL, "200 OK\nCSeq: 2 REGISTER");
    kit_say(kit, 0.4, "192.0.2.1>192.0.2.2", NULL, "REGISTER sip:example.com\nCSeq: 3 REGISTER");
    kit_say(kit, 0.5, "192.0.2.2>192.0.2.1", NULL, "407 Auth\nCSeq: 3 REGISTER");
    kit_say(kit, 0.6, "192.0.2.1>192.0.2.2", NULL, "REGISTER sip:example.com\nCSeq: 4 REGISTER");
    kit_say(kit, 0.7, "192.0.2.2>192.0.2.1", NULL,
            "403 Forbidden\nServer: kamailio\nCSeq: 4 REGISTER");
    expect(2, "registrar", "401 to a REGISTER", "");
    expect(4, "registrar", "Only a registrar", "");
    expect(6, "proxy", "A 407 comes from a proxy", "");
    expect(8, "unknown", "Nothing", "");
    tear_down();
}

static void test_gateway(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL,
            "503 Unavailable\nReason: SIP;cause=503, Q.850 ;cause=34;text=\"x\"\nServer: Box/2");
    expect(2, "gateway", "Q.850 cause 34", "");
    expect(2, "gateway", "It names itself Box/2.", "");
    kit_lose(kit, 2); /* kept: Reason and Server */
    expect(2, "gateway", "Q.850 cause 34", "");
    tear_down();
}

static void test_answers(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "200 OK\nUser-Agent: phone 1");
    expect(2, "user-agent", "carries the request out", "");
    expect(2, "user-agent", "phone 1", "");
    tear_down();
}

static void test_cancel(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL ONE);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.3", NULL, CALL TWO);
    kit_say(kit, 0.2, "192.0.2.1>192.0.2.2", NULL, "CANCEL sip:b@example.com" ONE);
    kit_say(kit, 0.3, "192.0.2.2>192.0.2.1", "CANCEL", "200 OK" ONE);
    expect(4, "proxy", "hop by hop", "2");
    tear_down();
}

static void test_headers(void)
{
    set_up();
    kit_say(kit, 0.0, "192.0.2.1>192.0.2.2", NULL, CALL);
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "404 Not Found\nServer: kamailio (5.6.3)");
    expect(2, "proxy", "kamailio (5.6.3) is the software of a proxy.", "");
    kit_say(kit, 1.0, "192.0.2.1>192.0.2.2", NULL, CALL "\nCSeq: 2 INVITE");
    kit_say(kit, 1.1, "192.0.2.2>192.0.2.1", NULL, "488 No\nCSeq: 2 INVITE\nAllow: INVITE, ACK");
    expect(4, "user-agent", "Allow", "");
    kit_say(kit, 2.0, "192.0.2.1>192.0.2.2", NULL, "OPTIONS sip:example.com");
    kit_say(kit, 2.1, "192.0.2.2>192.0.2.1", "OPTIONS", "200 OK\nServer: OpenSIPS (3.1)");
    expect(6, "proxy", "software of a proxy", "");
    tear_down();
}

static void test_stray(void)
{
    set_up();
    kit_say(kit, 0.1, "192.0.2.2>192.0.2.1", NULL, "500 Error\n-Call-ID");
    expect(1, "unknown", "Its request is not in this trace", "");
    kit_say(kit, 0.2, "192.0.2.2>192.0.2.1", NULL, "440 Max-Breadth Exceeded");
    expect(2, "proxy", "A 440 comes from a proxy", "");
    kit_say(kit, 0.3, "192.0.2.2>192.0.2.1", NULL, "499 What\nCSeq: 2 INVITE");
    expect(3, "unknown", "Nothing", "");
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/origin/request", test_request);
    g_test_add_func("/origin/further-on", test_further_on);
    g_test_add_func("/origin/branches", test_branches);
    g_test_add_func("/origin/made-by-the-proxy", test_made_by_the_proxy);
    g_test_add_func("/origin/one-direction", test_one_direction);
    g_test_add_func("/origin/timers", test_timers);
    g_test_add_func("/origin/registrar", test_registrar);
    g_test_add_func("/origin/gateway", test_gateway);
    g_test_add_func("/origin/answers", test_answers);
    g_test_add_func("/origin/cancel", test_cancel);
    g_test_add_func("/origin/headers", test_headers);
    g_test_add_func("/origin/stray", test_stray);
    return g_test_run();
}
