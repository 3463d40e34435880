/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings on times to wait, intervals and sizes.
 */
#include "trace-kit.h"

#include <string.h>

static const char to[] = "10.0.0.1>10.0.0.2";
static const char back[] = "10.0.0.2>10.0.0.1";
static const char on[] = "10.0.0.2>10.0.0.3";
static const char on_back[] = "10.0.0.3>10.0.0.2";

#define BEHIND                                      \
    "\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n" \
    "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1"

static void test_retry_after(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    unsigned server = kit_say(kit, 0.1, back, NULL, "503 Service Unavailable\nRetry-After: 120");
    kit_say(kit, 1, to, NULL, "INVITE sip:b@example.com\nCall-ID: 2");
    unsigned callee = kit_say(kit, 1.1, back, NULL,
                              "486 Busy Here\nCall-ID: 2\nRetry-After: 18000 (out);duration=3600");
    kit_say(kit, 2, to, NULL, "MESSAGE sip:b@example.com\nCall-ID: 3");
    unsigned body = kit_say(kit, 2.1, back, "MESSAGE",
                            "413 Request Entity Too Large\nCall-ID: 3\nRetry-After: 5");
    kit_say(kit, 3, to, NULL, "INVITE sip:b@example.com\nCall-ID: 4");
    unsigned plain = kit_say(kit, 3.1, back, NULL, "503 Service Unavailable\nCall-ID: 4");
    kit_expect_one(kit, server, "retry-after");
    kit_expect_text(kit, server, "retry-after", "after 2 min");
    kit_expect_text(kit, server, "retry-after", "10.0.0.2:5060");
    kit_expect(kit, callee, "retry-after");
    kit_expect_text(kit, callee, "retry-after", "18000 (out);duration=3600");
    kit_expect_severity(kit, callee, "note");
    kit_expect(kit, body, "retry-after");
    kit_expect(kit, plain, "");
    kit_free(kit);
}

static void test_too_early(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    unsigned first = kit_say(kit, 0.1, back, NULL, "503 Service Unavailable\nRetry-After: 60");
    kit_expect(kit, first, "retry-after");
    kit_say(kit, 5.1, to, NULL, "INVITE sip:c@example.com\nCall-ID: 2");
    kit_expect(kit, first, "retry-after retry-too-early");
    kit_expect_text(kit, first, "retry-too-early", "after 5 s");
    kit_expect_frames(kit, first, "retry-too-early", "3");
    kit_free(kit);
}

/* Later, elsewhere, from another client, in a dialog, or only a ping or a repeated request. */
static void test_not_too_early(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    unsigned first = kit_say(kit, 0.1, back, NULL, "503 Service Unavailable\nRetry-After: 60");
    kit_say(kit, 0.2, to, NULL, "ACK sip:b@example.com");
    kit_repeat(kit, 1, invite);
    kit_say(kit, 2, "10.0.0.1>10.0.0.9", NULL, "INVITE sip:b@example.com\nCSeq: 2 INVITE");
    kit_say(kit, 3, "10.0.0.7>10.0.0.2", NULL, "INVITE sip:b@example.com\nCall-ID: 3");
    kit_say(kit, 4, to, NULL, "OPTIONS sip:example.com\nCall-ID: 4");
    kit_say(kit, 5, to, NULL, "BYE sip:b@example.com\nCall-ID: 5");
    kit_say(kit, 70, to, NULL, "INVITE sip:b@example.com\nCall-ID: 6");
    kit_expect(kit, first, "retry-after");
    kit_free(kit);
}

static void test_same_too_early(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    unsigned first = kit_say(kit, 0.1, back, NULL, "480 Temporarily Unavailable\nRetry-After: 60");
    kit_say(kit, 5, to, NULL, "INVITE sip:c@example.com\nCall-ID: 2"); /* somebody else */
    kit_expect(kit, first, "retry-after");
    kit_say(kit, 10, to, NULL, "INVITE sip:b@example.com\nCSeq: 2 INVITE");
    kit_expect(kit, first, "retry-after retry-too-early");
    kit_expect_text(kit, first, "retry-too-early", "The same request");
    kit_free(kit);
}

#define REINVITE(cseq) "INVITE sip:b@10.0.0.2\nTo: <sip:b@example.com>;tag=t\nCSeq: " cseq " INVITE"

static void test_overlap(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 1, back, NULL, "200 OK");
    kit_say(kit, 5, to, NULL, REINVITE("2"));
    kit_say(kit, 5.1, to, NULL, REINVITE("3"));
    unsigned refused =
        kit_say(kit, 5.2, back, NULL, "500 Server Internal Error\nCSeq: 3 INVITE\nRetry-After: 7");
    kit_say(kit, 5.3, back, NULL, "200 OK\nCSeq: 2 INVITE");
    kit_say(kit, 20, to, NULL, REINVITE("4"));
    unsigned alone =
        kit_say(kit, 20.2, back, NULL, "500 Server Internal Error\nCSeq: 4 INVITE\nRetry-After: 7");
    kit_expect_one(kit, refused, "requests-overlap");
    kit_expect_none(kit, refused, "retry-after");
    kit_expect_severity(kit, refused, "note");
    kit_expect_frames(kit, refused, "requests-overlap", "4 3 6");
    kit_expect_one(kit, alone, "retry-after");
    kit_expect_none(kit, alone, "requests-overlap");
    kit_free(kit);
}

static void test_masked(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, on, NULL, "INVITE sip:b@10.0.0.3" BEHIND);
    kit_say(kit, 0.2, on_back, NULL, "503 Service Unavailable" BEHIND);
    unsigned masked = kit_say(kit, 0.3, back, NULL, "500 Server Internal Error");
    kit_expect(kit, masked, "unavailable-masked");
    kit_expect_text(kit, masked, "unavailable-masked", "10.0.0.3:5060 in frame 3");
    kit_free(kit);
}

/* Another branch failed otherwise: the 500 may be its. */
static void test_not_masked(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, on, NULL, "INVITE sip:b@10.0.0.3" BEHIND);
    kit_say(kit, 0.2, on_back, NULL, "503 Service Unavailable" BEHIND);
    kit_say(kit, 0.3, "10.0.0.2>10.0.0.4", NULL,
            "INVITE sip:b@10.0.0.4\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKq\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1");
    kit_say(kit, 0.4, "10.0.0.4>10.0.0.2", NULL,
            "500 Server Internal Error\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKq\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1");
    unsigned own = kit_say(kit, 0.5, back, NULL, "500 Server Internal Error");
    kit_expect(kit, own, "");
    kit_free(kit);
}

static unsigned refuse_interval(Kit *kit, const char *lines, const char *contact, unsigned least)
{
    char *head =
        g_strdup_printf("REGISTER sip:example.com\nContact: <sip:a@10.0.0.1>%s%s", contact, lines);
    kit_say(kit, 0, to, NULL, head);
    g_free(head);
    head = g_strdup_printf("423 Interval Too Brief\nMin-Expires: %u", least);
    unsigned frame = kit_say(kit, 0.1, back, "REGISTER", head);
    g_free(head);
    return frame;
}

static void test_raised(void)
{
    Kit *kit = kit_new();
    unsigned brief = refuse_interval(kit, "\nExpires: 60", "", 300);
    kit_expect(kit, brief, "");
    kit_say(kit, 0.2, to, NULL, "REGISTER sip:example.com\nCSeq: 2 REGISTER\nExpires: 300");
    kit_expect(kit, brief, "interval-raised");
    kit_say(kit, 0.3, back, "REGISTER", "200 OK\nCSeq: 2 REGISTER");
    kit_expect(kit, brief, "interval-raised");
    kit_expect_text(kit, brief, "interval-raised", "300 s instead of 60 s");
    kit_expect_severity(kit, brief, "chat");
    kit_free(kit);
}

/* What stands at the Contact counts, in the accepted repetition, too. */
static void test_raised_in_contact(void)
{
    Kit *kit = kit_new();
    unsigned brief = refuse_interval(kit, "\nExpires: 3600", ";expires=60", 300);
    kit_say(kit, 0.2, to, NULL,
            "REGISTER sip:example.com\nCSeq: 2 REGISTER\nExpires: 60\n"
            "Contact: <sip:a@10.0.0.1>;expires=400");
    kit_say(kit, 0.3, back, "REGISTER", "200 OK\nCSeq: 2 REGISTER");
    kit_expect(kit, brief, "interval-raised");
    kit_expect_text(kit, brief, "interval-raised", "with 400 s");
    kit_free(kit);
}

static void test_not_raised(void)
{
    Kit *kit = kit_new();
    unsigned brief = refuse_interval(kit, "\nExpires: 60", "", 300);
    kit_say(kit, 0.2, to, NULL, "REGISTER sip:example.com\nCSeq: 2 REGISTER\nExpires: 120");
    kit_expect(kit, brief, "interval-not-raised");
    kit_expect_text(kit, brief, "interval-not-raised", "asks for 120 s");
    kit_expect_severity(kit, brief, "warn");
    kit_free(kit);
}

static void test_not_repeated(void)
{
    Kit *kit = kit_new();
    unsigned brief = refuse_interval(kit, "\nExpires: 60", "", 300);
    kit_wait(kit, 60);
    kit_whole(kit, false);
    kit_expect(kit, brief, "");
    kit_whole(kit, true);
    kit_expect(kit, brief, "interval-not-raised");
    kit_expect_text(kit, brief, "interval-not-raised", "goes on");
    kit_free(kit);
}

static void test_session_interval(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com\nSession-Expires: 90;refresher=uac");
    unsigned first = kit_say(kit, 0.1, back, NULL, "422 Too Small\nMin-SE: 1800");
    kit_say(kit, 0.2, to, NULL,
            "INVITE sip:b@example.com\nCSeq: 2 INVITE\nSession-Expires: 1800\nMin-SE: 1800");
    unsigned second = kit_say(kit, 0.3, back, NULL, "422 Too Small\nCSeq: 2 INVITE\nMin-SE: 3600");
    kit_say(kit, 0.4, to, NULL, "INVITE sip:b@example.com\nCSeq: 3 INVITE");
    kit_say(kit, 0.5, back, NULL, "200 OK\nCSeq: 3 INVITE");
    kit_expect(kit, first, "interval-raised");
    kit_expect(kit, second, "interval-raised");
    kit_expect_text(kit, second, "interval-raised", "without Session-Expires");
    kit_free(kit);
}

static void test_wrongly_refused(void)
{
    static const struct {
        const char *expires;
        unsigned least;
        const char *part;
    } cases[] = {{"\nExpires: 3600", 7200, "an hour or more"},
                 {"\nExpires: 600", 300, "is no shorter"},
                 {"\nExpires: 0", 300, "which ends the registration"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Kit *kit = kit_new();
        unsigned brief = refuse_interval(kit, cases[i].expires, "", cases[i].least);
        kit_expect(kit, brief, "interval-wrongly-refused");
        kit_expect_text(kit, brief, "interval-wrongly-refused", cases[i].part);
        kit_free(kit);
    }
}

/* A publication may be refused whatever it asks for, but 0 (RFC 3903 6). */
static void test_publication_refused(void)
{
    Kit *kit = kit_new();
    kit_say(kit, 0, to, NULL, "PUBLISH sip:a@example.com\nExpires: 3600");
    unsigned brief =
        kit_say(kit, 0.1, back, "PUBLISH", "423 Interval Too Brief\nMin-Expires: 7200");
    kit_say(kit, 0.2, to, NULL, "PUBLISH sip:a@example.com\nCSeq: 2 PUBLISH\nExpires: 7200");
    kit_expect(kit, brief, "interval-raised");
    kit_free(kit);
}

static void test_interval_one_way(void)
{
    Kit *kit = kit_new();
    unsigned brief = kit_say(kit, 0.1, back, "REGISTER", "423 Interval Too Brief\nMin-Expires: 60");
    kit_wait(kit, 60);
    kit_expect(kit, brief, "");
    kit_free(kit);
}

static char *make_large(const char *head)
{
    char *body = g_strnfill(1500, 'x');
    char *message = g_strconcat(head, "\nContent-Type: text/plain\n\n", body, NULL);

    g_free(body);
    return message;
}

static void test_too_large(void)
{
    Kit *kit = kit_new();
    char *large = make_large("MESSAGE sip:b@example.com");
    kit_say(kit, 0, to, NULL, large);
    unsigned udp = kit_say(kit, 0.1, back, "MESSAGE", "513 Message Too Large");
    kit_say(kit, 1, "tcp 10.0.0.1>10.0.0.5", NULL, large);
    unsigned tcp = kit_say(kit, 1.1, "tcp 10.0.0.5>10.0.0.1", "MESSAGE", "513 Message Too Large");
    unsigned alone = kit_say(kit, 2, back, "MESSAGE", "513 Message Too Large\nCall-ID: unknown");
    kit_expect(kit, udp, "message-too-large");
    kit_expect_text(kit, udp, "message-too-large", "over UDP");
    kit_expect(kit, tcp, "message-too-large");
    kit_expect_text(kit, tcp, "message-too-large", "more than the server takes");
    kit_expect(kit, alone, "");
    g_free(large);
    kit_free(kit);
}

/* A large INVITE without any answer; the OPTIONS before it is answered, or not. */
static unsigned lose_large(Kit *kit, bool answered, unsigned sendings)
{
    char *large = make_large("INVITE sip:b@example.com\nCall-ID: large");
    unsigned options = kit_say(kit, 0, to, NULL, "OPTIONS sip:b@example.com\nCall-ID: small");

    if (answered)
        kit_say(kit, 0.1, back, "OPTIONS", "200 OK\nCall-ID: small");
    else
        kit_repeat(kit, 0.5, options);
    unsigned invite = kit_say(kit, 1, to, NULL, large);
    for (unsigned i = 1; i < sendings; i++)
        kit_repeat(kit, 1 + i, invite);
    g_free(large);
    return invite;
}

static void test_lost(void)
{
    Kit *kit = kit_new();
    unsigned invite = lose_large(kit, true, 4);
    kit_whole(kit, false);
    kit_expect(kit, invite, "");
    kit_wait(kit, 40);
    kit_expect(kit, invite, "large-request-lost");
    kit_expect_text(kit, invite, "large-request-lost", "none of the 4 sends");
    kit_expect_frames(kit, invite, "large-request-lost", "3 6 1 2");
    kit_free(kit);
}

static void test_not_lost(void)
{
    Kit *kit = kit_new();
    unsigned silent = lose_large(kit, false, 4); /* the server answers nothing at all */
    kit_wait(kit, 40);
    kit_expect(kit, silent, "");
    kit_free(kit);
    kit = kit_new();
    unsigned once = lose_large(kit, true, 1); /* nobody misses an answer */
    kit_wait(kit, 40);
    kit_expect(kit, once, "");
    kit_free(kit);
    kit = kit_new();
    unsigned late = lose_large(kit, true, 4);
    kit_say(kit, 5, back, NULL, "100 Trying\nCall-ID: large");
    kit_wait(kit, 40);
    kit_expect(kit, late, "");
    kit_free(kit);
}

static void test_lost_behind(void)
{
    Kit *kit = kit_new();
    char *large = make_large("INVITE sip:b@10.0.0.3" BEHIND);
    kit_say(kit, 0, to, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, on, NULL, "OPTIONS sip:10.0.0.3\nCall-ID: small");
    kit_say(kit, 0.2, on_back, "OPTIONS", "200 OK\nCall-ID: small");
    unsigned behind = kit_say(kit, 0.3, on, NULL, large);
    kit_repeat(kit, 0.8, behind);
    kit_repeat(kit, 1.8, behind);
    unsigned timeout = kit_say(kit, 32.3, back, NULL, "408 Request Timeout");
    kit_expect(kit, timeout, "large-request-lost");
    kit_expect_text(kit, timeout, "large-request-lost", "Frame 4 passes it on");
    g_free(large);
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/retry-after", test_retry_after);
    g_test_add_func("/limits/too-early", test_too_early);
    g_test_add_func("/limits/too-early/not", test_not_too_early);
    g_test_add_func("/limits/too-early/same", test_same_too_early);
    g_test_add_func("/limits/overlap", test_overlap);
    g_test_add_func("/limits/masked", test_masked);
    g_test_add_func("/limits/masked/not", test_not_masked);
    g_test_add_func("/limits/interval/raised", test_raised);
    g_test_add_func("/limits/interval/raised-in-contact", test_raised_in_contact);
    g_test_add_func("/limits/interval/not-raised", test_not_raised);
    g_test_add_func("/limits/interval/not-repeated", test_not_repeated);
    g_test_add_func("/limits/interval/session", test_session_interval);
    g_test_add_func("/limits/interval/wrongly-refused", test_wrongly_refused);
    g_test_add_func("/limits/interval/publication", test_publication_refused);
    g_test_add_func("/limits/interval/one-way", test_interval_one_way);
    g_test_add_func("/limits/size/too-large", test_too_large);
    g_test_add_func("/limits/size/lost", test_lost);
    g_test_add_func("/limits/size/not-lost", test_not_lost);
    g_test_add_func("/limits/size/lost-behind", test_lost_behind);
    return g_test_run();
}
