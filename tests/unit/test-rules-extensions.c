/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * rules/extensions.c: what one side asks for and the other one lacks.
 */
#include "trace-kit.h"

static const char hop[] = "10.0.0.1>10.0.0.2";
static const char back[] = "10.0.0.2>10.0.0.1";

/* A request and its answer, alone in a trace; `text` is part of what the answer's finding says. */
typedef struct {
    const char *request; /* NULL: not in the capture */
    const char *method;  /* where there is no request */
    const char *response;
    const char *id; /* NULL: nothing of this family */
    const char *text;
} Case;

static const char *const ids[] = {
    "extension-unsupported", "extension-required",     "event-unsupported",
    "method-unsupported",    "media-type-unsupported", "package-unsupported",
    "publication-lost",      "priority-unknown",       "ping-refused"};

static void check(const Case *one)
{
    Kit *kit = kit_new();

    if (one->request)
        kit_say(kit, 0, hop, NULL, one->request);
    const unsigned frame = kit_say(kit, 0.1, back, one->method, one->response);
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        if (g_strcmp0(ids[i], one->id) != 0)
            kit_expect_none(kit, frame, ids[i]);
    if (one->id) {
        kit_expect_one(kit, frame, one->id);
        kit_expect_text(kit, frame, one->id, one->text);
        kit_expect_frames(kit, frame, one->id, one->request ? "1" : "");
    }
    kit_free(kit);
}

static void check_all(const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&cases[i]);
}

static void test_unsupported(void)
{
    static const char id[] = "extension-unsupported";
    static const char refusal[] = "420 Bad Extension\nUnsupported: replaces, x-new";
    static const Case cases[] = {
        {"INVITE sip:b@example.com\nRequire: replaces, timer", "INVITE", refusal, id,
         "does not support replaces, x-new, which the Require header of frame 1"},
        {"INVITE sip:b@example.com\nProxy-Require: replaces", "INVITE", refusal, id,
         "Proxy-Require header of frame 1"},
        {"INVITE sip:b@example.com\nRequire: 100rel", "INVITE",
         "420 Bad Extension\nUnsupported: 100rel", id, "PRACK"},
        {"REGISTER sip:example.com\nPath: <sip:10.0.0.9;lr>", "REGISTER",
         "420 Bad Extension\nUnsupported: path", id, "A proxy put Path"},
        {"REGISTER sip:example.com\nPath: <sip:10.0.0.9;lr>\nk: path", "REGISTER",
         "420 Bad Extension\nUnsupported: path", id, "neither Require nor Proxy-Require"},
        {"INVITE sip:b@example.com\nSupported: replaces", "INVITE", refusal, id,
         "neither Require nor Proxy-Require"},
        {NULL, "INVITE", refusal, id, "not in this capture"},
        {"INVITE sip:b@example.com\nRequire: timer\nRequire: 100rel", "INVITE", "420 Bad Extension",
         id, "insists on timer, 100rel"},
        {"INVITE sip:b@example.com", "INVITE", "420 Bad Extension", NULL, NULL},
        {NULL, "INVITE", "420 Bad Extension", NULL, NULL},
        {"INVITE sip:b@example.com\nRequire: replaces", "INVITE",
         "421 Extension Required\nUnsupported: replaces", NULL, NULL},
        {"INVITE sip:b@example.com\nRequire: replaces", "INVITE", "200 OK\nUnsupported: replaces",
         NULL, NULL},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

/* The client asks for nothing; the proxy puts in what the next hop refuses. */
static void test_unsupported_further_on(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, hop, NULL, "REGISTER sip:example.com");
    kit_say(kit, 0.01, "10.0.0.2>10.0.0.3", NULL,
            "REGISTER sip:example.com\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKREGISTER1\nPath: <sip:10.0.0.2;lr>");
    kit_say(kit, 0.02, "10.0.0.3>10.0.0.2", "REGISTER",
            "420 Bad Extension\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKREGISTER1\nUnsupported: path");
    kit_say(kit, 0.03, back, "REGISTER", "420 Bad Extension\nUnsupported: path");
    kit_expect_text(kit, 3, "extension-unsupported", "REGISTER of frame 2");
    kit_expect_text(kit, 4, "extension-unsupported", "REGISTER of frame 2");
    kit_expect_frames(kit, 4, "extension-unsupported", "1 2");
    kit_free(kit);
}

static void test_required(void)
{
    static const char id[] = "extension-required";
    static const char refusal[] = "421 Extension Required\nRequire: timer, 100rel";
    static const Case cases[] = {
        {"INVITE sip:b@example.com\nSupported: timer", "INVITE", refusal, id,
         "demands 100rel, which Supported in frame 1"},
        {"INVITE sip:b@example.com", "INVITE", refusal, id, "demands timer, 100rel"},
        {"INVITE sip:b@example.com\nk: 100rel,timer", "INVITE", refusal, id, "lists it already"},
        {"REGISTER sip:example.com", "REGISTER",
         "421 Extension Required\nRequire: sec-agree\nSecurity-Server: tls", id, "RFC 3329"},
        {NULL, "INVITE", refusal, id, "not in this capture"},
        {"INVITE sip:b@example.com", "INVITE", "421 Extension Required", NULL, NULL},
        {"INVITE sip:b@example.com", "INVITE", "200 OK\nRequire: timer", NULL, NULL},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

static void test_event(void)
{
    static const char id[] = "event-unsupported";
    static const char refusal[] = "489 Bad Event\nAllow-Events: presence, dialog";
    static const Case cases[] = {
        {"SUBSCRIBE sip:b@example.com\nEvent: weather;id=1", "SUBSCRIBE", refusal, id,
         "frame 1 is \"weather\"; the server offers presence, dialog"},
        {"SUBSCRIBE sip:b@example.com\no: Presence", "SUBSCRIBE", refusal, id, "byte by byte"},
        {"PUBLISH sip:b@example.com\nEvent: presence", "PUBLISH", refusal, id,
         "Allow-Events lists \"presence\""},
        {"SUBSCRIBE sip:b@example.com\nEvent: weather", "SUBSCRIBE", "489 Bad Event", id,
         "does not say which packages"},
        {"SUBSCRIBE sip:b@example.com", "SUBSCRIBE", refusal, id, "has no Event header"},
        {"NOTIFY sip:b@example.com\nEvent: check-sync", "NOTIFY", "489 Bad Event", id,
         "notifies of \"check-sync\""},
        {NULL, "SUBSCRIBE", refusal, id, "not in this capture"},
        {NULL, "NOTIFY", refusal, NULL, NULL},
        {NULL, "SUBSCRIBE", "489 Bad Event", NULL, NULL},
        {"SUBSCRIBE sip:b@example.com\nEvent: weather", "SUBSCRIBE",
         "406 Not Acceptable\nAllow-Events: presence", NULL, NULL},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

static void test_method(void)
{
    static const char id[] = "method-unsupported";
    static const Case cases[] = {
        {"PUBLISH sip:b@example.com\nEvent: presence", "PUBLISH",
         "405 Method Not Allowed\nAllow: INVITE, BYE", id,
         "does not allow it for sip:b@example.com; it takes INVITE, BYE"},
        {"REFER sip:b@example.com", "REFER", "405 Method Not Allowed\nAllow: INVITE, REFER", id,
         "Allow lists REFER"},
        {"INVITE sip:b@example.com", "INVITE", "405 Method Not Allowed", id, "it does not say"},
        {"SERVICE sip:b@example.com", "SERVICE", "501 Not Implemented", id,
         "does not know SERVICE at all"},
        {"Invite sip:b@example.com", "Invite", "501 Not Implemented", id, "not INVITE"},
        {NULL, "INFO", "405 Method Not Allowed\nAllow: INVITE", id, "for this address"},
        {NULL, "INFO", "501 Not Implemented", id, "does not know INFO"},
        {"INVITE sip:b@example.com", "INVITE", "501 Not Implemented\nReason: Q.850;cause=79", NULL,
         NULL},
        {"PUBLISH sip:b@example.com", "PUBLISH", "403 Forbidden\nAllow: INVITE", NULL, NULL},
        {"REFER sip:b@example.com", "REFER", "405 Method Not Allowed\nAllow: INVITE", NULL, NULL},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

static void test_ping(void)
{
    static const char id[] = "ping-refused";
    static const Case cases[] = {
        {"OPTIONS sip:b@example.com", "OPTIONS", "405 Method Not Allowed\nAllow: INVITE", id,
         "405 says that it is"},
        {"OPTIONS sip:example.com", "OPTIONS", "404 Not Found", id, "404"},
        {"OPTIONS sip:example.com\nMax-Forwards: 0", "OPTIONS", "483 Too Many Hops", id, "483"},
        {"OPTIONS sip:example.com", "OPTIONS", "483 Too Many Hops", NULL, NULL},
        {"OPTIONS sip:example.com", "OPTIONS", "503 Service Unavailable", NULL, NULL},
        {"OPTIONS sip:example.com\nTo: <sip:b@example.com>;tag=t", "OPTIONS", "404 Not Found", NULL,
         NULL},
        {"MESSAGE sip:b@example.com", "MESSAGE", "404 Not Found", NULL, NULL},
        {NULL, "OPTIONS", "404 Not Found", NULL, NULL},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

static void test_body(void)
{
    static const char id[] = "media-type-unsupported";
    static const char refusal[] = "415 Unsupported Media Type\nAccept: application/sdp, text/*";
    static const Case cases[] = {
        {"INFO sip:b@example.com\nContent-Type: application/dtmf-relay;x=y\n\nSignal=1", "INFO",
         refusal, id, "type application/dtmf-relay; the server takes application/sdp, text/*"},
        {"MESSAGE sip:b@example.com\nc: text/html\n\n<p>", "MESSAGE", refusal, id,
         "which Accept lists"},
        {"MESSAGE sip:b@example.com\nContent-Type: text/plain\nContent-Encoding: gzip\n\nx",
         "MESSAGE", "415 Unsupported Media Type\nAccept-Encoding: identity", id, "encoded as gzip"},
        {"MESSAGE sip:b@example.com\nContent-Type: text/plain\nContent-Language: fr\n\nx",
         "MESSAGE", "415 Unsupported Media Type\nAccept-Language: en", id, "language fr"},
        {"MESSAGE sip:b@example.com\n\nhello", "MESSAGE", refusal, id, "no Content-Type"},
        {"MESSAGE sip:b@example.com", "MESSAGE", refusal, NULL, NULL},
        {"MESSAGE sip:b@example.com\nContent-Type: text/html\n\n<p>", "MESSAGE",
         "415 Unsupported Media Type", id, "does not say what it takes"},
        {NULL, "MESSAGE", refusal, id, "not in this capture"},
        {NULL, "MESSAGE", "415 Unsupported Media Type", NULL, NULL},
        {"SUBSCRIBE sip:b@example.com\nEvent: dialog\nAccept: application/pidf+xml", "SUBSCRIBE",
         "406 Not Acceptable", id, "nothing but application/pidf+xml"},
        {"INVITE sip:b@example.com\nAccept: text/plain", "INVITE", "406 Not Acceptable", id,
         "nothing but text/plain"},
        {"OPTIONS sip:b@example.com\nAccept:", "OPTIONS", "406 Not Acceptable", id,
         "nothing but no body at all"},
        /* a switch that means 488 */
        {"INVITE sip:b@example.com\nAccept: application/sdp", "INVITE", "406 Not Acceptable", NULL,
         NULL},
        {"INVITE sip:b@example.com\nAccept: */*", "INVITE", "406 Not Acceptable", NULL, NULL},
        {"INVITE sip:b@example.com", "INVITE", "406 Not Acceptable", NULL, NULL},
        {"INVITE sip:b@example.com\nContent-Type: application/sdp\n\nv=0", "INVITE",
         "488 Not Acceptable Here\nAccept: text/plain", NULL, NULL},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

static void test_package(void)
{
    static const char id[] = "package-unsupported";
    static const char info[] = "INFO sip:b@example.com\nInfo-Package: g.example.sign;x=y";
    static const Case cases[] = {
        {info, "INFO", "469 Bad Info Package\nRecv-Info: g.example.dtmf, g.example.chat", id,
         "\"g.example.sign\"; the receiver takes g.example.dtmf, g.example.chat"},
        {info, "INFO", "469 Bad Info Package\nRecv-Info: g.example.sign", id, "of this 469 lists"},
        {info, "INFO", "469 Bad Info Package\nRecv-Info:", id, "no package at all"},
        {"INFO sip:b@example.com", "INFO", "469 Bad Info Package\nRecv-Info: a", NULL, NULL},
        {NULL, "INFO", "469 Bad Info Package\nRecv-Info: a", NULL, NULL},
        {info, "INFO", "481 Call/Transaction Does Not Exist", NULL, NULL},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

static void test_priority(void)
{
    static const char id[] = "priority-unknown";
    static const char invite[] = "INVITE sip:b@example.com\nRequire: resource-priority\n"
                                 "Resource-Priority: dsn.flash\nResource-Priority: ets.0";
    static const Case cases[] = {
        {invite, "INVITE", "417 Unknown Resource-Priority\nAccept-Resource-Priority: q735.0", id,
         "dsn.flash, ets.0 (Require: resource-priority); the server knows q735.0"},
        {invite, "INVITE", "417 Unknown Resource-Priority", id, "does not say which"},
        {"INVITE sip:b@example.com\nResource-Priority: ets.0", "INVITE",
         "417 Unknown Resource-Priority", NULL, NULL},
        {NULL, "INVITE", "417 Unknown Resource-Priority", NULL, NULL},
        {invite, "INVITE", "420 Bad Extension\nUnsupported: x", "extension-unsupported", "x"},
    };

    check_all(cases, G_N_ELEMENTS(cases));
}

static void test_publication(void)
{
    static const char id[] = "publication-lost";
    static const char refresh[] = "PUBLISH sip:a@example.com\nEvent: presence\nSIP-If-Match: e1";
    static const Case cases[] = {
        {refresh, "PUBLISH", "412 Conditional Request Failed", id, "published as \"e1\""},
        {NULL, "PUBLISH", "412 Conditional Request Failed", NULL, NULL},
        {"PUBLISH sip:a@example.com\nEvent: presence", "PUBLISH", "412 Conditional Request Failed",
         NULL, NULL},
    };
    Kit *kit = kit_new();

    check_all(cases, G_N_ELEMENTS(cases));
    kit_say(kit, 0, hop, NULL, refresh);
    kit_say(kit, 0.1, back, "PUBLISH", "412 Conditional Request Failed");
    kit_say(kit, 0.2, hop, NULL, "PUBLISH sip:a@example.com\nEvent: presence\nCSeq: 2 PUBLISH");
    kit_say(kit, 0.3, back, "PUBLISH",
            "200 OK\nCSeq: 2 PUBLISH\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKPUBLISH2\n"
            "Expires: 60\nSIP-ETag: e2");
    kit_expect_text(kit, 2, id, "Frame 3 publishes it anew");
    kit_expect_frames(kit, 2, id, "1 3 4");
    kit_expect_severity(kit, 2, "note");
    kit_free(kit);
}

/* A request that was cut lacks nothing for certain; nor does a response. */
static void test_cut(void)
{
    static const char request[] = "INVITE sip:b@example.com SIP/2.0\r\n"
                                  "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKc\r\n"
                                  "From: <sip:a@example.com>;tag=f\r\nTo: <sip:b@example.com>\r\n"
                                  "Call-ID: c1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@10.0";
    static const char response[] = "SIP/2.0 405 Method Not Allowed\r\n"
                                   "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKd\r\n"
                                   "From: <sip:a@example.com>;tag=f\r\n"
                                   "To: <sip:b@example.com>;tag=t\r\n"
                                   "Call-ID: c1\r\nCSeq: 2 INVITE\r\nServer: x";
    Kit *kit = kit_new();

    kit_raw(kit, 0, hop, request, sizeof request - 1);
    kit_say(kit, 0.1, back, "INVITE",
            "421 Extension Required\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKc\nRequire: 100rel");
    kit_expect_text(kit, 2, "extension-required", "demands 100rel");
    kit_expect_text(kit, 2, "extension-required", "not in this capture");
    kit_raw(kit, 1, back, response, sizeof response - 1);
    kit_expect_none(kit, 3, "method-unsupported");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/extensions/unsupported", test_unsupported);
    g_test_add_func("/rules/extensions/unsupported-further-on", test_unsupported_further_on);
    g_test_add_func("/rules/extensions/required", test_required);
    g_test_add_func("/rules/extensions/event", test_event);
    g_test_add_func("/rules/extensions/method", test_method);
    g_test_add_func("/rules/extensions/ping", test_ping);
    g_test_add_func("/rules/extensions/body", test_body);
    g_test_add_func("/rules/extensions/package", test_package);
    g_test_add_func("/rules/extensions/priority", test_priority);
    g_test_add_func("/rules/extensions/publication", test_publication);
    g_test_add_func("/rules/extensions/cut", test_cut);
    return g_test_run();
}
