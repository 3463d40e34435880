/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report on a capture that a person reads: digest.h groups, capture_text.h tells.
 */
#include "report/capture_text.h"

#include <string.h>

#include "language.h"
#include "report/render.h"
#include "trace-kit.h"

/* The first `count` frames of a trace, collected. */
static SipwhyCapture *collect(Kit *kit, unsigned count)
{
    SipwhyCapture *capture = sipwhy_capture_new();

    for (unsigned frame = 1; frame <= count; frame++) {
        SipwhyMessage message;
        const SipwhySubject subject = kit_subject(kit, frame, &message);
        const SipwhyTransaction *of = subject.event->transaction;
        SipwhyPacket packet = {.frame = frame,
                               .time = subject.event->time,
                               .transport = SIPWHY_TRANSPORT_UDP,
                               .quoted = subject.event->quoted};
        if (of) {
            packet.source = subject.event->status > 0 ? of->server : of->client;
            packet.destination = subject.event->status > 0 ? of->client : of->server;
        }
        sipwhy_capture_add(capture, subject.event, &packet, subject.message);
    }
    return capture;
}

static char *report(Kit *kit, unsigned count, const char *filter, const char *language)
{
    SipwhyReportSettings settings = {.trace = kit_trace(kit), .filter = filter, .version = "0"};
    const SipwhyTextStyle style = {FALSE, 100};

    g_assert_true(sipwhy_language_find(language, &settings.language));
    sipwhy_trace_set_whole(kit_trace(kit), true);
    SipwhyCapture *capture = collect(kit, count);
    SipwhyPage *page = sipwhy_capture_page(capture, &settings);
    GString *text = g_string_new(NULL);
    sipwhy_render_text(text, page, &style);
    sipwhy_page_free(page);
    sipwhy_capture_free(capture);
    return g_string_free(text, FALSE);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("\"%s\" is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        g_error("\"%s\" is in:\n%s", part, text);
}

static unsigned count_lines(const char *text)
{
    unsigned count = 0;

    for (; (text = strchr(text, '\n')); text++)
        count++;
    return count;
}

/* A call that gets `final`, in three frames. */
static unsigned say_call(Kit *kit, double seconds, unsigned number, const char *final)
{
    char *invite = g_strdup_printf("INVITE sip:b@example.com\nCall-ID: call%u", number);
    char *response = g_strdup_printf("%s\nCall-ID: call%u", final, number);
    char *ack = g_strdup_printf("ACK sip:b@example.com\nCall-ID: call%u", number);

    kit_say(kit, seconds, "10.0.0.1>10.0.0.2", NULL, invite);
    kit_say(kit, seconds + 0.1, "10.0.0.2>10.0.0.1", NULL, response);
    unsigned frame = kit_say(kit, seconds + 0.2, "10.0.0.1>10.0.0.2", NULL, ack);
    g_free(ack);
    g_free(response);
    g_free(invite);
    return frame;
}

static void test_failed_call(void)
{
    Kit *kit = kit_new();
    unsigned frames = say_call(kit, 0, 1, "503 Service Unavailable");
    char *text = report(kit, frames, NULL, "en");

    assert_has(text, "  Packets  3 with SIP; responses: 1\n");
    assert_has(text, "  Calls    1 failed\n");
    assert_has(text, "  Warn  503 Service Unavailable: frame 2 [503]\n");
    assert_has(text, "\n1. Call failed: 503 Service Unavailable in frame 2\n");
    assert_has(text, "  Path     10.0.0.1:5060 -> 10.0.0.2:5060, UDP, frames 1 to 3\n");
    assert_has(text, "final response after 100 ms\n");
    assert_has(text, "  Often    ");
    assert_has(text, "  Do       ");
    assert_has(text, "  Filter   sip.Call-ID == \"call1\"\n");
    assert_lacks(text, "  Same ");
    g_free(text);
    kit_free(kit);
}

/* The reason is the finding on the response that decided, and its fixes go before those for the
 * code. */
static void test_finding_leads(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, "10.0.0.1>10.0.0.2", NULL,
            "INVITE sip:b@example.com\n\nv=0\no=- 1 1 IN IP4 10.0.0.1\ns=-\nc=IN IP4 10.0.0.1\n"
            "t=0 0\nm=audio 4000 RTP/AVP 18\na=rtpmap:18 G729/8000\n");
    kit_say(kit, 0.1, "10.0.0.2>10.0.0.1", NULL,
            "488 Not Acceptable Here\n\nv=0\no=- 1 1 IN IP4 10.0.0.2\ns=-\nc=IN IP4 10.0.0.2\n"
            "t=0 0\nm=audio 0 RTP/AVP 0\na=rtpmap:0 PCMU/8000\n");
    unsigned frames = kit_say(kit, 0.2, "10.0.0.1>10.0.0.2", NULL, "ACK sip:b@example.com");
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "  Warn  no codec in common: frame 2 [no-common-codec]\n");
    assert_has(text, "1. Call failed: 488 Not Acceptable Here in frame 2 - no codec in common\n");
    assert_has(text, "(frames 1, 2)");
    assert_lacks(text, "Often");
    g_free(text);
    kit_free(kit);
}

#define BRANCH(address, call) "\nVia: SIP/2.0/UDP " address ";branch=z9hG4bK" call
#define FORKED "\nCSeq: 1 INVITE\nCall-ID: fork"

/* Of two branches that are refused alike, the one that decided the call is explained. */
static void test_fork(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, "10.0.0.1>10.0.0.2", NULL,
            "INVITE sip:b@example.com" FORKED BRANCH("10.0.0.1", "a"));
    for (unsigned i = 3; i < 5; i++) {
        char *hop = g_strdup_printf("10.0.0.2>10.0.0.%u", i);
        char *head = g_strdup_printf("INVITE sip:b@10.0.0.%u" FORKED BRANCH("10.0.0.2", "p%u")
                                         BRANCH("10.0.0.1", "a"),
                                     i, i);
        kit_say(kit, 0.1, hop, NULL, head);
        g_free(head);
        g_free(hop);
    }
    kit_say(kit, 0.2, "10.0.0.3>10.0.0.2", NULL,
            "486 Busy Here\nTo: <sip:b@example.com>;tag=b3" FORKED BRANCH("10.0.0.2", "p3")
                BRANCH("10.0.0.1", "a"));
    kit_say(kit, 5, "10.0.0.4>10.0.0.2", NULL,
            "603 Decline\nTo: <sip:b@example.com>;tag=b4" FORKED BRANCH("10.0.0.2", "p4")
                BRANCH("10.0.0.1", "a"));
    unsigned frames =
        kit_say(kit, 2.1, "10.0.0.2>10.0.0.1", NULL,
                "603 Decline\nTo: <sip:b@example.com>;tag=b4" FORKED BRANCH("10.0.0.1", "a"));
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "  Note  603 Decline: frame 5 [603]\n");
    assert_has(text, "\n1. Call failed: 603 Decline in frame 6\n");
    g_free(text);
    kit_free(kit);
}

/* What stands on the refusal that a story is about is told, though another response decided. */
static void test_refused_later(void)
{
    Kit *kit = kit_new();

    say_call(kit, 0, 1, "200 OK\nTo: <sip:b@example.com>;tag=t\nContact: <sip:b@10.0.0.2>");
    kit_say(kit, 5, "10.0.0.1>10.0.0.2", NULL,
            "INVITE sip:b@10.0.0.2\nCall-ID: call1\nCSeq: 2 INVITE\n"
            "To: <sip:b@example.com>;tag=t\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKre");
    unsigned frames =
        kit_say(kit, 5.1, "10.0.0.2>10.0.0.1", NULL,
                "500 Server Internal Error\nCall-ID: call1\nCSeq: 2 INVITE\nRetry-After: 3\n"
                "To: <sip:b@example.com>;tag=t\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKre");
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "1. Call answered: 200 OK in frame 2");
    assert_has(text, "Retry-After: 3. The failure is meant to pass");
    g_free(text);
    kit_free(kit);
}

/* A title that is not the same for all gives way to the label. */
static void test_titles(void)
{
    Kit *kit = kit_new();
    unsigned frames = 0;

    for (unsigned i = 0; i < 2; i++) {
        char *head = g_strdup_printf("PUBLISH sip:b@example.com\nEvent: e%u\nCall-ID: p%u", i, i);
        char *answer = g_strdup_printf("489 Bad Event\nAllow-Events: dialog\nCall-ID: p%u", i);
        kit_say(kit, i, "10.0.0.1>10.0.0.2", NULL, head);
        frames = kit_say(kit, i + 0.1, "10.0.0.2>10.0.0.1", "PUBLISH", answer);
        g_free(answer);
        g_free(head);
    }
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, ": 2 times, first in frame 2 [event-unsupported]\n");
    assert_lacks(text, "event \"e0\" is not offered: 2 times");
    g_free(text);
    kit_free(kit);
}

/* What is alike is told once; where it happened and when it ended is counted. */
static void test_alike(void)
{
    Kit *kit = kit_new();
    unsigned frames = 0;

    for (unsigned i = 0; i < 40; i++)
        frames = say_call(kit, i, i, i % 4 ? "200 OK" : "503 Service Unavailable");
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "  Calls    10 failed, 30 answered\n");
    assert_has(text, "503 Service Unavailable: 10 times, first in frame 2 [503]\n");
    assert_has(text, "  Same     9 more until ");
    assert_has(text, " 13, 25, 37, 49, 61");
    assert_has(text, "  At       10.0.0.2:5060 (10)\n");
    assert_has(text, "  Filter   sipwhy.call.final_code == 503\n");
    assert_lacks(text, "\n2. ");
    g_free(text);
    kit_free(kit);
}

/* However many kinds of trouble there are: the report stays a few screens long, and counts the
 * rest. */
static void test_bounded(void)
{
    Kit *kit = kit_new();
    unsigned frames = 0;

    for (unsigned i = 0; i < 200; i++) {
        char *final = g_strdup_printf("%u X", 500 + i);
        frames = say_call(kit, i, i, final);
        g_free(final);
    }
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "\n20. Call failed: ");
    assert_lacks(text, "\n21. ");
    assert_has(text, " more kinds of findings");
    assert_has(text, " other kinds: sipwhy.severity == \"warn\"\n");
    g_assert_cmpuint(count_lines(text), <, 600);
    g_free(text);
    kit_free(kit);
}

/* Calls in order are counted where there is trouble, and told where there is none. */
static void test_ordinary(void)
{
    Kit *kit = kit_new();

    say_call(kit, 0, 1, "200 OK");
    unsigned frames = say_call(kit, 40, 2, "200 OK");
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "No finding in this capture calls for repair.");
    assert_has(text, "\n1. Call answered: 200 OK in frame 2\n");
    g_free(text);
    frames = say_call(kit, 80, 3, "503 Service Unavailable");
    text = report(kit, frames, NULL, "en");
    assert_has(text, "\n1. Call failed: 503 Service Unavailable in frame 8\n");
    assert_has(text, "\nNothing to repair\n  - Call answered: 200 OK in frame 2, and 1 more alike: "
                     "sipwhy.call.outcome == \"answered\"\n");
    g_free(text);
    kit_free(kit);
}

static void test_request(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, "10.0.0.1>10.0.0.2", NULL, "SUBSCRIBE sip:b@example.com\nEvent: presence");
    unsigned frames = kit_say(kit, 0.1, "10.0.0.2>10.0.0.1", "SUBSCRIBE", "500 Server Error");
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "  Outside calls  1 SUBSCRIBE (refused: 1)\n");
    assert_has(text, "1. SUBSCRIBE refused: 500 Server Internal Error in frame 2");
    g_free(text);
    kit_free(kit);
}

static void test_nothing(void)
{
    Kit *kit = kit_new();
    char *text = report(kit, 0, NULL, "en");

    assert_has(text, "No SIP was found in this capture.");
    g_free(text);
    text = report(kit, 0, "sip.Method == \"BYE\"", "en");
    assert_has(text, "  Filter  sip.Method == \"BYE\"\n  No SIP message passes this filter.\n");
    g_free(text);
    kit_free(kit);
}

/* What comes from packets writes no line of its own, and no filter that would not work. */
static void test_hostile(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, "10.0.0.1>10.0.0.2", NULL,
            "INVITE sip:b@example.com\nCall-ID: a\"b\\c\nFrom: <sip:\033[31m@example.com>;tag=f");
    unsigned frames =
        kit_say(kit, 0.1, "10.0.0.2>10.0.0.1", NULL, "503 Service Unavailable\nCall-ID: a\"b\\c");
    char *text = report(kit, frames, NULL, "en");
    assert_has(text, "1. Call failed: 503 Service Unavailable in frame 2");
    assert_lacks(text, "\033");
    assert_lacks(text, "sip.Call-ID ==");
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_free(text);
    kit_free(kit);
}

static void test_language(void)
{
    Kit *kit = kit_new();
    unsigned frames = say_call(kit, 0, 1, "503 Service Unavailable");
    char *text = report(kit, frames, "sip", "fr");

    assert_has(text, "  Filtre   sip\n");
    assert_has(text, "\n1. Appel \xc3\xa9"
                     "chou\xc3\xa9\xc2\xa0: 503 Service Unavailable dans la trame 2\n");
    assert_has(text, "  Filtre    sip.Call-ID == \"call1\"\n");
    g_free(text);
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capture-text/failed-call", test_failed_call);
    g_test_add_func("/capture-text/finding-leads", test_finding_leads);
    g_test_add_func("/capture-text/fork", test_fork);
    g_test_add_func("/capture-text/refused-later", test_refused_later);
    g_test_add_func("/capture-text/titles", test_titles);
    g_test_add_func("/capture-text/alike", test_alike);
    g_test_add_func("/capture-text/bounded", test_bounded);
    g_test_add_func("/capture-text/ordinary", test_ordinary);
    g_test_add_func("/capture-text/request", test_request);
    g_test_add_func("/capture-text/nothing", test_nothing);
    g_test_add_func("/capture-text/hostile", test_hostile);
    g_test_add_func("/capture-text/language", test_language);
    return g_test_run();
}
