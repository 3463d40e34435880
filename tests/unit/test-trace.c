/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Transactions and calls of a trace.
 */
#include "trace-kit.h"

#include "outcome.h"

#include <string.h>

static const char to_server[] = "10.0.0.1>10.0.0.2";
static const char to_client[] = "10.0.0.2>10.0.0.1";
static const char to_next[] = "10.0.0.2>10.0.0.3";

static const SipwhyTransaction *transaction_of(Kit *kit, unsigned frame)
{
    size_t count;
    const SipwhyEvent *event = sipwhy_trace_frame(kit_trace(kit), frame, &count);

    g_assert_cmpuint(count, ==, 1);
    return event->transaction;
}

static void test_call(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");
    unsigned trying = kit_say(kit, 0.1, to_client, "INVITE", "100 Trying");
    unsigned ringing = kit_say(kit, 1, to_client, "INVITE", "180 Ringing");
    unsigned answer = kit_say(kit, 5, to_client, "INVITE", "200 OK");
    unsigned ack = kit_say(kit, 5.1, to_server, NULL,
                           "ACK sip:b@10.0.0.2\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKother");
    unsigned bye = kit_say(kit, 9, to_server, NULL, "BYE sip:b@10.0.0.2\nCSeq: 2 BYE");
    const SipwhyTransaction *transaction = transaction_of(kit, invite);

    g_assert_nonnull(transaction);
    g_assert_true(transaction_of(kit, trying) == transaction);
    g_assert_true(transaction_of(kit, ringing) == transaction);
    g_assert_true(transaction_of(kit, answer) == transaction);
    g_assert_true(transaction_of(kit, ack) == transaction);
    g_assert_true(transaction_of(kit, bye) != transaction);
    g_assert_true(transaction_of(kit, bye)->call == transaction->call);
    g_assert_cmpuint(transaction->request.frame, ==, invite);
    g_assert_cmpuint(transaction->request.count, ==, 1);
    g_assert_cmpuint(transaction->status, ==, 200);
    g_assert_cmpuint(transaction->final.frame, ==, answer);
    g_assert_cmpuint(transaction->invite->trying.frame, ==, trying);
    g_assert_cmpuint(transaction->invite->progress.frame, ==, ringing);
    g_assert_cmpuint(transaction->invite->progress_status, ==, 180);
    g_assert_cmpuint(transaction->invite->ringing_in, ==, ringing);
    g_assert_cmpuint(transaction->invite->ack.frame, ==, ack);
    g_assert_cmpuint(transaction->vias, ==, 1);
    g_assert_cmpuint(transaction->call->message_count, ==, 6);
    g_assert_cmpuint(transaction->call->request_count, ==, 3);
    g_assert_cmpuint(transaction->call->transaction_count, ==, 2);
    g_assert_true(transaction->call->first_invite == transaction);
    g_assert_cmpstr(transaction->call->id, ==, "c1");
    g_assert_cmpint(transaction->client.port, ==, 5060);
    g_assert_null(transaction->kept_request);
    g_assert_true(sipwhy_trace_calls(kit_trace(kit)) == transaction->call);
    kit_free(kit);
}

static void test_repeats_and_copies(void)
{
    Kit *kit = kit_new();
    unsigned first = kit_say(kit, 0, to_server, NULL, "OPTIONS sip:b@example.com");
    kit_say(kit, 0.001, to_server, NULL, "OPTIONS sip:b@example.com");
    unsigned third = kit_say(kit, 0.5, to_server, NULL, "OPTIONS sip:b@example.com");
    kit_say(kit, 0.501, to_server, NULL, "OPTIONS sip:b@example.com");
    unsigned final = kit_say(kit, 0.6, to_client, "OPTIONS", "200 OK");
    const SipwhyTransaction *transaction = transaction_of(kit, final);

    g_assert_cmpuint(transaction->request.frame, ==, first);
    g_assert_cmpuint(transaction->request.count, ==, 2);
    g_assert_cmpuint(transaction->request.last_frame, ==, third);
    kit_free(kit);
}

static void test_hops(void)
{
    Kit *kit = kit_new();
    unsigned first = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");
    unsigned second = kit_say(kit, 0.01, to_next, NULL,
                              "INVITE sip:b@10.0.0.3\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp\n"
                              "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKINVITE1");
    const SipwhyTransaction *one = transaction_of(kit, first);
    const SipwhyTransaction *other = transaction_of(kit, second);

    g_assert_true(one != other);
    g_assert_cmpuint(other->vias, ==, 2);
    g_assert_true(sipwhy_transaction_forwarded(one) == other);
    g_assert_true(sipwhy_transaction_received(other) == one);
    g_assert_null(sipwhy_transaction_forwarded(other));
    g_assert_null(sipwhy_transaction_received(one));
    kit_free(kit);
}

static void test_kept(void)
{
    Kit *kit = kit_new();
    SipwhyMessage message;
    SipwhySlice value;
    unsigned first =
        kit_say(kit, 0, to_server, NULL, "REGISTER sip:example.com\nExpires: 60\nX-Mine: 1");
    const SipwhyTransaction *transaction = transaction_of(kit, first);

    g_assert_true(sipwhy_kept_message(transaction->kept_request, &message));
    g_assert_true(sipwhy_message_first(&message, SIPWHY_HEADER_EXPIRES, &value));
    kit_say(kit, 0.1, to_client, "REGISTER", "423 Interval Too Brief\nMin-Expires: 600");
    g_assert_true(sipwhy_kept_message(transaction->kept_request, &message));
    g_assert_true(sipwhy_message_first(&message, SIPWHY_HEADER_EXPIRES, &value));
    size_t position = 0;
    g_assert_false(sipwhy_message_header(&message, "X-Mine", &position, &value));
    g_assert_true(sipwhy_kept_message(transaction->kept_response, &message));
    g_assert_true(sipwhy_message_first(&message, SIPWHY_HEADER_MIN_EXPIRES, &value));
    unsigned second = kit_say(kit, 0.2, to_server, NULL,
                              "REGISTER sip:example.com\nCSeq: 2 REGISTER\nExpires: 600");
    g_assert_true(transaction_of(kit, second)->repairs == transaction);
    kit_say(kit, 0.3, to_client, "REGISTER",
            "200 OK\nCSeq: 2 REGISTER\nVia: SIP/2.0/UDP "
            "10.0.0.1;branch=z9hG4bKREGISTER2");
    g_assert_true(sipwhy_kept_message(transaction_of(kit, second)->kept_request, &message));
    kit_free(kit);
}

static void test_response_first(void)
{
    Kit *kit = kit_new();
    unsigned answer = kit_say(kit, 0, to_client, "INVITE", "486 Busy Here");
    const SipwhyTransaction *transaction = transaction_of(kit, answer);

    g_assert_cmpuint(transaction->request.frame, ==, 0);
    g_assert_cmpuint(transaction->status, ==, 486);
    unsigned invite = kit_say(kit, -0.01, to_server, NULL, "INVITE sip:b@example.com");
    g_assert_true(transaction_of(kit, invite) == transaction);
    g_assert_cmpuint(transaction->request.frame, ==, invite);
    g_assert_cmpuint(transaction->client.address[15], ==, 1);
    kit_free(kit);
}

static void test_unreachable(void)
{
    Kit *kit = kit_new();
    unsigned first = kit_say(kit, 0, to_server, NULL, "OPTIONS sip:b@example.com");
    unsigned quote = kit_unreachable(kit, 0.1, first);
    unsigned second = kit_say(kit, 1, "tcp 10.0.0.1:5071>10.0.0.2:5060", NULL,
                              "OPTIONS sip:b@example.com\nCall-ID: c2");
    unsigned reset = kit_reset(kit, 1.1, "tcp 10.0.0.2:5060>10.0.0.1:5071");

    g_assert_cmpuint(transaction_of(kit, first)->unreachable, ==, SIPWHY_UNREACHABLE_ICMP);
    g_assert_cmpuint(transaction_of(kit, first)->unreachable_in, ==, quote);
    g_assert_cmpuint(transaction_of(kit, second)->unreachable, ==, SIPWHY_UNREACHABLE_RESET);
    g_assert_cmpuint(transaction_of(kit, second)->unreachable_in, ==, reset);
    kit_free(kit);
}

static void test_forget(void)
{
    Kit *kit = kit_new();
    size_t count;
    unsigned first = kit_say(kit, 0, to_server, NULL, "OPTIONS sip:b@example.com");
    unsigned second = kit_say(kit, 1, to_client, "OPTIONS", "200 OK");

    sipwhy_trace_forget(kit_trace(kit), second);
    g_assert_null(sipwhy_trace_frame(kit_trace(kit), second, &count));
    g_assert_nonnull(sipwhy_trace_frame(kit_trace(kit), first, &count));
    g_assert_true(transaction_of(kit, first)->disowned);
    kit_free(kit);
}

/* Blanks around "=" change nothing (RFC 3261 25.1). */
static void test_blanks(void)
{
    Kit *kit = kit_new();
    unsigned request = kit_say(kit, 0, to_server, NULL,
                               "OPTIONS sip:b@example.com\nCSeq: 1 OPTIONS\n"
                               "Via: SIP / 2.0 / UDP 10.0.0.1 ;\n branch\t= z9hG4bKo ; rport");
    unsigned response = kit_say(kit, 0.1, to_client, NULL,
                                "200 OK\nCSeq: 1 OPTIONS\n"
                                "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKo;rport=5060");

    g_assert_nonnull(transaction_of(kit, response));
    g_assert_true(transaction_of(kit, response) == transaction_of(kit, request));
    kit_free(kit);
}

static SipwhyOutcome outcome_of(Kit *kit, unsigned frame)
{
    SipwhyCallOutcome outcome;

    g_assert_true(sipwhy_call_outcome(kit_trace(kit), transaction_of(kit, frame)->call, &outcome));
    return outcome.outcome;
}

/* An INVITE without a response: Timer B runs from the first one; what follows may show that there
 * was a response, which the capture lacks. */
static void test_unanswered(void)
{
    Kit *kit = kit_new();
    unsigned invite = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.5, to_server, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 31.5, to_server, NULL, "INVITE sip:b@example.com");
    g_assert_cmpint(outcome_of(kit, invite), ==, SIPWHY_OUTCOME_INCOMPLETE);
    kit_say(kit, 33, to_server, NULL, "OPTIONS sip:b@example.com\nCall-ID: o");
    g_assert_cmpint(outcome_of(kit, invite), ==, SIPWHY_OUTCOME_UNANSWERED);
    kit_free(kit);

    kit = kit_new();
    invite = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 40, to_server, NULL, "OPTIONS sip:b@example.com\nCall-ID: o");
    g_assert_cmpint(outcome_of(kit, invite), ==, SIPWHY_OUTCOME_INCOMPLETE); /* never repeated */
    kit_free(kit);

    kit = kit_new();
    invite = kit_say(kit, 0, to_server, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 0.1, to_client, "INVITE", "100 Trying");
    kit_say(kit, 60, to_server, NULL, "OPTIONS sip:b@example.com\nCall-ID: o");
    g_assert_cmpint(outcome_of(kit, invite), ==, SIPWHY_OUTCOME_INCOMPLETE);
    kit_say(kit, 200, to_server, NULL, "OPTIONS sip:b@example.com\nCall-ID: o");
    g_assert_cmpint(outcome_of(kit, invite), ==, SIPWHY_OUTCOME_UNANSWERED);
    kit_free(kit);
}

/* A re-INVITE sets up no call, whichever of its messages comes first. */
static void test_reordered(void)
{
    Kit *kit = kit_new();
    unsigned answer = kit_say(kit, 0, to_client, NULL,
                              "200 OK\nCSeq: 7 INVITE\nTo: <sip:b@example.com>;tag=t\n"
                              "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKr");
    kit_say(kit, 0.001, to_server, NULL,
            "INVITE sip:b@example.com\nCSeq: 7 INVITE\nTo: <sip:b@example.com>;tag=t\n"
            "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKr");
    g_assert_cmpint(outcome_of(kit, answer), ==, SIPWHY_OUTCOME_INCOMPLETE);
    kit_free(kit);
}

/* Messages that nothing identifies, and requests that nobody answers. */
static void test_poor(void)
{
    static const char bare[] = "SIP/2.0 200 OK\r\n\r\n";
    Kit *kit = kit_new();
    size_t count;
    unsigned frame = kit_raw(kit, 0, to_server, bare, strlen(bare));
    const SipwhyEvent *event = sipwhy_trace_frame(kit_trace(kit), frame, &count);

    g_assert_cmpuint(count, ==, 1);
    g_assert_null(event->transaction);
    for (unsigned i = 0; i < 3000; i++) {
        char *head = g_strdup_printf("OPTIONS sip:b@example.com\nCall-ID: x%u", i);
        kit_say(kit, 1 + i * 0.001, to_server, NULL, head);
        g_free(head);
    }
    kit_free(kit);
}

/* A file may be put together from captures of different days. */
static void test_left(void)
{
    const int64_t second = G_USEC_PER_SEC;
    const int64_t day = second * 24 * 3600;
    SipwhyTrace *trace = sipwhy_trace_new();

    sipwhy_trace_reach(trace, 10 * second);
    sipwhy_trace_reach(trace, 20 * second + day - 10 * second - 1);
    g_assert_cmpint(sipwhy_trace_left(trace, 10 * second), ==, day - 1);
    sipwhy_trace_reach(trace, 3 * day);
    sipwhy_trace_reach(trace, 10 * day);
    g_assert_cmpint(sipwhy_trace_left(trace, 15 * second), ==, day - 1 - 5 * second);
    g_assert_cmpint(sipwhy_trace_left(trace, 3 * day), ==, 0);
    g_assert_cmpint(sipwhy_trace_left(trace, 10 * day - 1), ==, 1);
    sipwhy_trace_reach(trace, 5 * second); /* the merged files may overlap */
    g_assert_cmpint(sipwhy_trace_left(trace, 10 * day), ==, 0);
    g_assert_cmpint(sipwhy_trace_left(trace, 5 * second), ==, 0);
    sipwhy_trace_reach(trace, 8 * second);
    g_assert_cmpint(sipwhy_trace_left(trace, 5 * second), ==, 3 * second);
    g_assert_cmpint(sipwhy_trace_end(trace), ==, 10 * day);
    sipwhy_trace_free(trace);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trace/call", test_call);
    g_test_add_func("/trace/repeats-and-copies", test_repeats_and_copies);
    g_test_add_func("/trace/hops", test_hops);
    g_test_add_func("/trace/kept", test_kept);
    g_test_add_func("/trace/response-first", test_response_first);
    g_test_add_func("/trace/unreachable", test_unreachable);
    g_test_add_func("/trace/forget", test_forget);
    g_test_add_func("/trace/blanks", test_blanks);
    g_test_add_func("/trace/unanswered", test_unanswered);
    g_test_add_func("/trace/reordered", test_reordered);
    g_test_add_func("/trace/poor", test_poor);
    g_test_add_func("/trace/left", test_left);
    return g_test_run();
}
