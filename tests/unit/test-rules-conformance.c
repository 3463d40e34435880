/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * rules/conformance.c: responses that break the rules of the protocol, and phrases that tell more.
 */
#include "trace-kit.h"

static const char hop[] = "10.0.0.1>10.0.0.2";
static const char back[] = "10.0.0.2>10.0.0.1";

/* A response to a request of its method; what it has of one finding. */
typedef struct {
    const char *method;
    const char *response;
    const char *text; /* part of what the finding says; NULL: it must not be there */
} Case;

static void check(const char *id, const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Kit *kit = kit_new();
        char *request = g_strdup_printf("%s sip:b@example.com", cases[i].method);
        kit_say(kit, 0, hop, NULL, request);
        const unsigned frame = kit_say(kit, 0.1, back, cases[i].method, cases[i].response);
        g_free(request);
        if (cases[i].text) {
            kit_expect_one(kit, frame, id);
            kit_expect_text(kit, frame, id, cases[i].text);
        } else {
            kit_expect_none(kit, frame, id);
        }
        kit_free(kit);
    }
}

static void test_header_missing(void)
{
    static const char no_contact[] = "SIP/2.0 200 OK\r\n"
                                     "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1\r\n"
                                     "From: <sip:a@example.com>;tag=f\r\n"
                                     "To: <sip:b@example.com>;tag=t\r\n"
                                     "Call-ID: c1\r\nCSeq: 1 INVITE\r\n\r\n";
    static const Case cases[] = {
        {"REGISTER", "401 Unauthorized", "must carry WWW-Authenticate"},
        {"INVITE", "407 Proxy Authentication Required", "neither realm nor nonce"},
        {"INVITE", "405 Method Not Allowed", "does not learn what it has to change"},
        {"INVITE", "415 Unsupported Media Type", "Accept / Accept-Encoding / Accept-Language"},
        {"REGISTER", "423 Interval Too Brief", "which interval would do"},
        {"SUBSCRIBE", "200 OK", "A 200 to SUBSCRIBE must carry Expires"},
        {"PUBLISH", "489 Bad Event", "must carry Allow-Events"},
        {"SUBSCRIBE", "489 Bad Event", NULL},
        {"REGISTER", "401 Unauthorized\nWWW-Authenticate: Digest realm=\"a\"", NULL},
        {"MESSAGE", "415 Unsupported Media Type\nAccept-Language: en", NULL},
        {"INVITE", "200 OK", NULL}, /* the kit adds Contact */
        {"BYE", "200 OK", NULL},
        {"INVITE", "486 Busy Here", NULL},
        {"INVITE", "479 Of a vendor", NULL},
    };
    Kit *kit = kit_new();

    check("mandatory-header-missing", cases, G_N_ELEMENTS(cases));
    kit_raw(kit, 0, back, no_contact, sizeof no_contact - 1);
    kit_expect_text(kit, 1, "mandatory-header-missing", "A 200 to INVITE must carry Contact");
    kit_expect_severity(kit, 1, "error");
    kit_raw(kit, 1, back, no_contact, sizeof no_contact - 3); /* cut: it may have stood there */
    kit_expect_none(kit, 2, "mandatory-header-missing");
    kit_say(kit, 2, back, "PUBLISH", "200 OK"); /* one a header */
    kit_expect_text(kit, 3, "mandatory-header-missing", "must carry Expires");
    kit_free(kit);
}

static void test_phrase(void)
{
    static const Case cases[] = {
        {"INVITE", "603 Network Blocked", "\"Network Blocked\" for \"Decline\""},
        {"INVITE", "403 Stale Date", "Stale Date"},
        {"INVITE", "404 User not registered", "User not registered"},
        {"INVITE", "503 Service Unavailable: foo", "foo"},
        {"INVITE", "403 Forbidden (Bad auth)", "Bad auth"},
        {"INVITE", "500 I'm terribly sorry, server error occurred (7/TM)", "7/TM"},
        {"INVITE", "400 Missing CSeq", "Missing CSeq"},
        {"INVITE", "438 Invalid PASSporT", "Invalid PASSporT"},
        {"INVITE", "182 Queued, 4 calls ahead", "4 calls"},
        {"INVITE", "500 Service Unavailable", "phrase of 503"},
        {"INVITE", "480 Busy Here", "phrase of 486"},
        {"INVITE", "480 User alerting, no answer", "no answer"},
        {"INVITE", "480 Normal call clearing", "Q.850 cause 16"},
        {"INVITE", "497 Something", "497 is not registered"},
        {"INVITE", "100 trying -- your call is important to us", NULL},
        {"INVITE", "180 Ringing...", NULL},
        {"INVITE", "200 Registered", NULL},
        {"INVITE", "302 Moved temporarily", NULL},
        {"INVITE", "401 Authentication required", NULL},
        {"INVITE", "404 Nicht gefunden", NULL},
        {"INVITE", "404 Non trouv\303\251", NULL},
        {"INVITE", "404 User Not Found", NULL},
        {"INVITE", "408 Request Time-out", NULL},
        {"INVITE", "413 Request Entity Too Large", NULL},
        {"INVITE", "414 Request-URI Too Long", NULL},
        {"INVITE", "480 Temporarily not available", NULL},
        {"INVITE", "481 Call Leg/Transaction Does Not Exist", NULL},
        {"INVITE", "486 BUSY HERE", NULL},
        {"INVITE", "486 486", NULL},
        {"INVITE", "487 Request Cancelled", NULL},
        {"INVITE", "500 Internal Server Error", NULL},
        {"INVITE", "503", NULL},
        {"INVITE", "504 Gateway Timeout", NULL},
        {"INVITE", "600 Busy", NULL},
        {"INVITE", "600 Busy Here", NULL},
        {"INVITE", "603 Declined", NULL},
        {"INVITE", "606 Not Acceptable Here", NULL},
        {"INVITE", "477 Unfortunately error on sending to next hop occurred (477/TM)", NULL},
    };

    check("phrase-carries-cause", cases, G_N_ELEMENTS(cases));
}

static void test_non_invite(void)
{
    static const Case provisional[] = {
        {"MESSAGE", "183 Session Progress", "response to MESSAGE"},
        {"BYE", "180 Ringing", "response to BYE"},
        {"MESSAGE", "100 Trying", NULL},
        {"INVITE", "183 Session Progress", NULL},
        {"MESSAGE", "200 OK", NULL},
    };
    static const Case timeout[] = {
        {"OPTIONS", "408 Request Timeout", "408 to OPTIONS"},
        {"CANCEL", "408 Request Timeout", "408 to CANCEL"},
        {"INVITE", "408 Request Timeout", NULL},
        {"OPTIONS", "480 Temporarily Unavailable", NULL},
    };

    check("provisional-to-non-invite", provisional, G_N_ELEMENTS(provisional));
    check("timeout-to-non-invite", timeout, G_N_ELEMENTS(timeout));
}

static void test_via(void)
{
    static const char id[] = "via-mismatch";
    static const struct {
        const char *asked;
        const char *answered;
        unsigned status;
        const char *text;
    } cases[] = {
        {"10.0.0.1:5060;branch=z9hG4bKv", "192.0.2.1;branch=z9hG4bKv", 404, "this response 192.0"},
        {"10.0.0.1:5060;branch=z9hG4bKv", "10.0.0.1:5070;branch=z9hG4bKv", 404, "10.0.0.1:5070"},
        {"10.0.0.1:5060;branch=z9hG4bKv",
         "10.0.0.1:5060;branch=z9hG4bKv, SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKw", 200,
         "1 Via, this response 2"},
        {"10.0.0.1;branch=z9hG4bKv\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKw",
         "10.0.0.1;branch=z9hG4bKv", 180, "its way back"},
        {"10.0.0.1:5060;branch=z9hG4bKv;rport",
         "10.0.0.1:5060;branch=z9hG4bKv;rport=1024;received=192.0.2.1", 404, NULL},
        {"Phone.example.com;branch=z9hG4bKv", "phone.example.com:5060 ;branch=z9hG4bKv", 404, NULL},
        {"10.0.0.1;branch=z9hG4bKv\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKw",
         "10.0.0.1;branch=z9hG4bKv, SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKw", 404, NULL},
        /* another transaction: its request is not there */
        {"10.0.0.1;branch=z9hG4bKother", "192.0.2.1;branch=z9hG4bKv", 404, NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Kit *kit = kit_new();
        char *request =
            g_strdup_printf("OPTIONS sip:b@example.com\nVia: SIP/2.0/UDP %s", cases[i].asked);
        char *response =
            g_strdup_printf("%u\nVia: SIP/2.0/UDP %s", cases[i].status, cases[i].answered);
        kit_say(kit, 0, hop, NULL, request);
        kit_say(kit, 0.1, back, "OPTIONS", response);
        if (cases[i].text) {
            kit_expect_text(kit, 2, id, cases[i].text);
            kit_expect_frames(kit, 2, id, "1");
        } else {
            kit_expect_none(kit, 2, id);
        }
        g_free(response);
        g_free(request);
        kit_free(kit);
    }
}

static void test_tag(void)
{
    static const char id[] = "to-tag-missing";
    static const Case cases[] = {
        {"OPTIONS", "404 Not Found\nTo: <sip:b@example.com>", "every response but 100"},
        {"INVITE", "180 Ringing\nTo: <sip:b@example.com;tag=x>", "Clients take"},
        {"SUBSCRIBE", "200 OK\nTo: b <sip:b@example.com>;tag=", "Clients take"},
        {"INVITE", "100 Trying\nTo: <sip:b@example.com>", NULL},
        {"MESSAGE", "183 Session Progress\nTo: <sip:b@example.com>", NULL},
        {"INVITE", "180 Ringing\nt: sip:b@example.com;tag=x", NULL},
        {"OPTIONS", "404 Not Found\nTo:", NULL},
    };
    Kit *kit = kit_new();

    check(id, cases, G_N_ELEMENTS(cases));
    kit_say(kit, 0, hop, NULL, "BYE sip:b@example.com\nTo: <sip:b@example.com>;tag=t");
    kit_say(kit, 0.1, back, "BYE", "200 OK\nTo: <sip:b@example.com>");
    kit_expect_text(kit, 2, id, "Frame 1 has a tag in To");
    kit_expect_frames(kit, 2, id, "1");
    kit_free(kit);
}

/* A SUBSCRIBE that is accepted at 0.1 s, and a NOTIFY at `notified`; the trace ends at `end`. */
static Kit *subscribe(const char *response, double notified, double end)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, hop, NULL, "SUBSCRIBE sip:b@example.com\nEvent: presence");
    kit_say(kit, 0.1, back, "SUBSCRIBE", response);
    if (notified > 0)
        kit_say(kit, notified, back, NULL,
                "NOTIFY sip:a@10.0.0.1\nEvent: presence\nSubscription-State: active");
    kit_wait(kit, end);
    return kit;
}

static void test_notify(void)
{
    static const char id[] = "subscription-without-notify";
    static const char accepted[] = "200 OK\nExpires: 3600";
    Kit *kit = subscribe(accepted, 0, 33);

    kit_expect_text(kit, 2, id, "This 200 promises a NOTIFY");
    kit_expect_frames(kit, 2, id, "1");
    kit_expect_severity(kit, 2, "warn");
    kit_free(kit);
    kit = subscribe("202 Accepted\nExpires: 3600", 40, 50); /* too late */
    kit_expect_one(kit, 2, id);
    kit_free(kit);
    kit = subscribe(accepted, 0, 30); /* it may still come */
    kit_expect_none(kit, 2, id);
    kit_free(kit);
    kit = subscribe(accepted, 20, 50);
    kit_expect_none(kit, 2, id);
    kit_free(kit);
    kit = subscribe(accepted, 0.05, 50); /* overtakes the response */
    kit_expect_none(kit, 2, id);
    kit_free(kit);
    kit = subscribe("204 No Notification\nExpires: 3600", 0, 50);
    kit_expect_none(kit, 2, id);
    kit_free(kit);
    kit = subscribe("403 Forbidden", 0, 50);
    kit_expect_none(kit, 2, id);
    kit_free(kit);
    kit = kit_new(); /* the request is not there, and the NOTIFY came before the response */
    kit_say(kit, 0, back, NULL, "NOTIFY sip:a@10.0.0.1\nEvent: presence");
    kit_say(kit, 0.1, back, "SUBSCRIBE", accepted);
    kit_wait(kit, 50);
    kit_expect_none(kit, 2, id);
    kit_free(kit);
}

/* Taken on the proxy: the NOTIFY counts for both hops, whichever way it goes. */
static void test_notify_past_the_proxy(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, hop, NULL, "SUBSCRIBE sip:b@example.com");
    kit_say(kit, 0.01, "10.0.0.2>10.0.0.3", NULL,
            "SUBSCRIBE sip:b@example.com\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKSUBSCRIBE1");
    kit_say(kit, 0.02, "10.0.0.3>10.0.0.2", "SUBSCRIBE",
            "200 OK\nExpires: 60\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKSUBSCRIBE1");
    kit_say(kit, 0.03, back, "SUBSCRIBE", "200 OK\nExpires: 60");
    kit_say(kit, 0.1, "10.0.0.3>10.0.0.1", NULL, "NOTIFY sip:a@10.0.0.1");
    kit_wait(kit, 50);
    kit_expect_none(kit, 3, "subscription-without-notify");
    kit_expect_none(kit, 4, "subscription-without-notify");
    kit_free(kit);
}

/* What is quoted never arrived; a mirror port's copy says what the message says. */
static void test_quoted_and_copied(void)
{
    static const char refusal[] = "404 User not registered\nTo: <sip:b@example.com>";
    Kit *kit = kit_new();

    kit_say(kit, 0, hop, NULL, "OPTIONS sip:b@example.com");
    kit_say(kit, 0.1, back, "OPTIONS", refusal);
    kit_say(kit, 0.1001, back, "OPTIONS", refusal);
    const unsigned quoted = kit_unreachable(kit, 0.2, 2);
    kit_expect(kit, quoted, "");
    kit_expect_one(kit, 2, "to-tag-missing");
    kit_expect_one(kit, 3, "to-tag-missing");
    kit_expect_one(kit, 3, "phrase-carries-cause");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/conformance/header-missing", test_header_missing);
    g_test_add_func("/rules/conformance/phrase", test_phrase);
    g_test_add_func("/rules/conformance/non-invite", test_non_invite);
    g_test_add_func("/rules/conformance/via", test_via);
    g_test_add_func("/rules/conformance/tag", test_tag);
    g_test_add_func("/rules/conformance/notify", test_notify);
    g_test_add_func("/rules/conformance/notify-past-the-proxy", test_notify_past_the_proxy);
    g_test_add_func("/rules/conformance/quoted-and-copied", test_quoted_and_copied);
    return g_test_run();
}
