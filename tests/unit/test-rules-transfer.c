/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules on transfers: REFER and the NOTIFYs that report on it.
 */
#include "trace-kit.h"

#include "outcome.h"

static const char there[] = "10.0.0.1>10.0.0.2"; /* from who transfers to who is transferred */
static const char back[] = "10.0.0.2>10.0.0.1";
static const char next_there[] = "10.0.0.2>10.0.0.3"; /* with a proxy between them */
static const char next_back[] = "10.0.0.3>10.0.0.2";

#define IN_DIALOG "\nTo: <sip:b@example.com>;tag=t"
#define FROM_CALLEE "\nFrom: <sip:b@e.com>;tag=t\nTo: <sip:a@e.com>;tag=f"
#define REFER "REFER sip:b@10.0.0.2" IN_DIALOG "\nRefer-To: <sip:carol@example.net>\nCSeq: "
#define NOTIFY "NOTIFY sip:a@10.0.0.1" FROM_CALLEE "\nCSeq: "
#define ACTIVE "\nSubscription-State: active;expires=60\nContent-Type: message/sipfrag\n\n"
#define OVER "\nSubscription-State: terminated;reason=noresource\nContent-Type: message/sipfrag\n\n"
#define TWO_VIAS \
    "\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKp1, SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKREFER2"

/* A REFER of CSeq 2, accepted: frames 1 and 2. */
static Kit *begin(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, REFER "2 REFER");
    kit_say(kit, 0.1, back, NULL, "202 Accepted\nCSeq: 2 REFER");
    return kit;
}

static unsigned say_notify(Kit *kit, double seconds, const char *head)
{
    return kit_say(kit, seconds, back, NULL, head);
}

static void test_succeeded(void)
{
    Kit *kit = begin();
    unsigned first =
        say_notify(kit, 0.2, NOTIFY "10 NOTIFY\nEvent: refer" ACTIVE "SIP/2.0 100 Trying\n");
    unsigned done = kit_say(kit, 0.3, there, NULL, "200 OK\nCSeq: 10 NOTIFY" FROM_CALLEE);
    unsigned last = say_notify(kit, 5, NOTIFY "11 NOTIFY\nEvent: refer" OVER "SIP/2.0 200 OK\n");

    kit_expect_one(kit, 2, "transfer-succeeded");
    kit_expect_none(kit, 2, "transfer-unreported");
    kit_expect_frames(kit, 2, "transfer-succeeded", "1 5");
    kit_expect_text(kit, 2, "transfer-succeeded", "sip:carol@example.net");
    kit_expect_severity(kit, 2, "chat");
    kit_expect_one(kit, first, "transfer-pending");
    kit_expect_text(kit, first, "transfer-pending", "REFER of frame 1");
    kit_expect_none(kit, done, "transfer-pending");
    kit_expect_one(kit, last, "transfer-succeeded");
    kit_expect_frames(kit, last, "transfer-succeeded", "1 5");
    kit_free(kit);
}

/* The frame that tells how what the response in `frame` left open ended. */
static uint32_t outcome_in(Kit *kit, unsigned frame)
{
    size_t count;
    const SipwhyEvent *event = sipwhy_trace_frame(kit_trace(kit), frame, &count);

    return sipwhy_response_outcome_in(event);
}

static void test_failed(void)
{
    Kit *kit = begin();
    unsigned last = say_notify(kit, 5, NOTIFY "11 NOTIFY\no: refer" OVER "SIP/2.0 486 Busy Here\n");

    kit_expect_one(kit, 2, "transfer-failed");
    kit_expect_text(kit, 2, "transfer-failed", "486 Busy Here");
    kit_expect_severity(kit, 2, "warn");
    kit_expect_one(kit, last, "transfer-failed");
    g_assert_cmpuint(outcome_in(kit, 2), ==, last);
    kit_free(kit);
}

/* A sipfrag that is a whole response, longer than what is kept of other bodies. */
static void test_long_report(void)
{
    Kit *kit = begin();
    GString *head = g_string_new(NOTIFY "11 NOTIFY\nEvent: refer" OVER "SIP/2.0 503 Overloaded\n");

    for (unsigned i = 0; i < 100; i++)
        g_string_append(head, "Warning: 399 example.net \"no\"\n");
    say_notify(kit, 5, head->str);
    kit_say(kit, 5.1, there, NULL, "200 OK\nCSeq: 11 NOTIFY" FROM_CALLEE);
    kit_expect_text(kit, 2, "transfer-failed", "503 Overloaded");
    g_string_free(head, TRUE);
    kit_free(kit);
}

static void test_pending(void)
{
    Kit *kit = begin();

    say_notify(kit, 0.2, NOTIFY "10 NOTIFY\nEvent: refer" ACTIVE "SIP/2.0 180 Ringing\n");
    kit_whole(kit, false);
    g_assert_cmpuint(outcome_in(kit, 2), ==, 0);
    kit_expect_none(kit, 2, "transfer-pending");
    kit_wait(kit, 40);
    kit_expect_text(kit, 2, "transfer-pending", "none with the outcome has come since");
    kit_say(kit, 41, there, NULL, "BYE sip:b@10.0.0.2\nCSeq: 3 BYE");
    kit_expect_text(kit, 2, "transfer-pending", "The BYE in frame 4 then ended the call");
    kit_free(kit);
    kit = begin();
    unsigned last =
        say_notify(kit, 0.2, NOTIFY "10 NOTIFY\nEvent: refer" OVER "SIP/2.0 100 Trying\n");
    kit_expect_text(kit, 2, "transfer-pending", "will not tell how it went");
    kit_expect_text(kit, last, "transfer-pending", "the outcome will not be told");
    kit_free(kit);
}

static void test_unreported(void)
{
    Kit *kit = begin();

    kit_wait(kit, 20);
    kit_expect_none(kit, 2, "transfer-unreported"); /* the capture ends too early */
    kit_wait(kit, 40);
    kit_expect_one(kit, 2, "transfer-unreported");
    kit_expect_severity(kit, 2, "warn");
    /* a NOTIFY of another package is no report */
    say_notify(kit, 41, NOTIFY "10 NOTIFY\nEvent: message-summary\nSubscription-State: active");
    kit_expect_one(kit, 2, "transfer-unreported");
    /* a report from somebody with another tag is one that cannot be placed */
    say_notify(kit, 42,
               "NOTIFY sip:a@10.0.0.1\nCSeq: 11 NOTIFY\nEvent: refer" OVER "SIP/2.0 200 OK\n");
    kit_expect_none(kit, 2, "transfer-unreported");
    kit_free(kit);
}

static void test_no_subscription(void)
{
    static const char *const wishes[] = {"Refer-Sub: false", "Require: norefersub",
                                         "Require: nosub", "Require: explicitsub"};

    for (unsigned i = 0; i < G_N_ELEMENTS(wishes); i++) {
        Kit *kit = kit_new();
        char *head = g_strconcat(REFER "2 REFER\n", wishes[i], NULL);
        kit_say(kit, 0, there, NULL, head);
        kit_say(kit, 0.1, back, NULL, "200 OK\nCSeq: 2 REFER");
        kit_wait(kit, 60);
        kit_expect_text(kit, 2, "transfer-pending", "wants no reports");
        kit_expect_severity(kit, 2, "chat");
        g_free(head);
        kit_free(kit);
    }
}

/* A proxy without Record-Route sees no NOTIFY of a REFER outside of a dialog. */
static void test_out_of_dialog(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, "REFER sip:b@e.com\nRefer-To: <sip:c@e.com>\nCSeq: 2 REFER");
    kit_say(kit, 0.01, next_there, NULL,
            "REFER sip:b@10.0.0.3\nRefer-To: <sip:c@e.com>\nCSeq: 2 REFER" TWO_VIAS);
    unsigned far = kit_say(kit, 0.1, next_back, NULL, "202 Accepted\nCSeq: 2 REFER" TWO_VIAS);
    unsigned near = kit_say(kit, 0.11, back, NULL, "202 Accepted\nCSeq: 2 REFER");
    kit_wait(kit, 60);
    kit_expect_none(kit, far, "transfer-unreported");
    kit_expect_none(kit, near, "transfer-unreported");
    /* it comes straight from the other side */
    unsigned notify = kit_say(kit, 61, "10.0.0.3>10.0.0.1", NULL,
                              NOTIFY "1 NOTIFY\nEvent: refer" OVER "SIP/2.0 200 OK\n");
    kit_expect_one(kit, far, "transfer-succeeded");
    kit_expect_one(kit, near, "transfer-succeeded");
    kit_expect_one(kit, notify, "transfer-succeeded");
    kit_free(kit);
}

/* Both hops of a proxy, and each message twice (a mirror port). */
static void test_hops_and_copies(void)
{
    Kit *kit = kit_new();
    unsigned refer = kit_say(kit, 0, there, NULL, REFER "2 REFER");

    kit_repeat(kit, 0.001, refer);
    kit_say(kit, 0.01, next_there, NULL, REFER "2 REFER" TWO_VIAS);
    unsigned far = kit_say(kit, 0.1, next_back, NULL, "202 Accepted\nCSeq: 2 REFER" TWO_VIAS);
    unsigned near = kit_say(kit, 0.11, back, NULL, "202 Accepted\nCSeq: 2 REFER");
    unsigned notify = kit_say(kit, 1, next_back, NULL,
                              NOTIFY "1 NOTIFY\nEvent: refer" OVER "SIP/2.0 404 Not Found\n");
    unsigned copy = kit_repeat(kit, 1.001, notify);
    unsigned passed = kit_say(kit, 1.01, back, NULL,
                              NOTIFY "1 NOTIFY\nEvent: refer" OVER "SIP/2.0 404 Not Found\n");
    kit_expect_one(kit, far, "transfer-failed");
    kit_expect_one(kit, near, "transfer-failed");
    kit_expect_one(kit, notify, "transfer-failed");
    kit_expect_one(kit, copy, "transfer-failed");
    kit_expect_one(kit, passed, "transfer-failed");
    kit_expect_frames(kit, near, "transfer-failed", "1 8");
    kit_expect_frames(kit, far, "transfer-failed", "3 6");
    kit_free(kit);
}

static void test_two_transfers(void)
{
    Kit *kit = begin();

    kit_say(kit, 1, there, NULL, REFER "3 REFER");
    kit_say(kit, 1.1, back, NULL, "202 Accepted\nCSeq: 3 REFER");
    unsigned second =
        say_notify(kit, 2, NOTIFY "10 NOTIFY\nEvent: refer;id=3" OVER "SIP/2.0 200 OK\n");
    unsigned first =
        say_notify(kit, 3, NOTIFY "11 NOTIFY\nEvent: refer" OVER "SIP/2.0 603 Decline\n");
    kit_expect_one(kit, 2, "transfer-failed");
    kit_expect_one(kit, 4, "transfer-succeeded");
    kit_expect_frames(kit, second, "transfer-succeeded", "3 5");
    kit_expect_frames(kit, first, "transfer-failed", "1 6");
    kit_free(kit);
    /* one after the other, without any id */
    kit = begin();
    say_notify(kit, 0.5, NOTIFY "10 NOTIFY\nEvent: refer" OVER "SIP/2.0 603 Decline\n");
    kit_say(kit, 1, there, NULL, REFER "3 REFER");
    unsigned accepted = kit_say(kit, 1.1, back, NULL, "202 Accepted\nCSeq: 3 REFER");
    say_notify(kit, 2, NOTIFY "11 NOTIFY\nEvent: refer" OVER "SIP/2.0 200 OK\n");
    kit_expect_one(kit, 2, "transfer-failed");
    kit_expect_one(kit, accepted, "transfer-succeeded");
    kit_free(kit);
}

static void test_refused(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, there, NULL, REFER "2 REFER");
    unsigned declined = kit_say(kit, 0.1, back, NULL, "603 Decline\nCSeq: 2 REFER");
    kit_say(kit, 1, there, NULL, REFER "3 REFER");
    unsigned unable = kit_say(kit, 1.1, back, NULL, "501 Not Implemented\nCSeq: 3 REFER");
    kit_say(kit, 2, there, NULL, REFER "4 REFER");
    unsigned unsigned_one =
        kit_say(kit, 2.1, back, NULL, "429 Provide Referrer Identity\nCSeq: 4 REFER");
    kit_say(kit, 3, there, NULL, REFER "5 REFER");
    unsigned challenged = kit_say(kit, 3.1, back, NULL,
                                  "401 Unauthorized\nCSeq: 5 REFER\n"
                                  "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"");
    kit_expect_text(kit, declined, "refer-refused", "so \"sip:carol@example.net\" was not called");
    kit_expect_severity(kit, declined, "note");
    kit_expect_text(kit, unable, "refer-refused", "does not do REFER at all");
    kit_expect_text(kit, unsigned_one, "refer-refused", "Referred-By");
    kit_expect_none(kit, challenged, "refer-refused");
    kit_free(kit);
}

/* What is missing from the capture is no evidence. */
static void test_cut(void)
{
    Kit *kit = kit_new();
    unsigned answer = kit_say(kit, 0.1, back, NULL, "202 Accepted\nCSeq: 2 REFER");

    kit_wait(kit, 60);
    kit_expect_none(kit, answer, "transfer-unreported");
    kit_free(kit);
    /* a NOTIFY without its REFER, and one whose body was cut off */
    kit = kit_new();
    unsigned notify = say_notify(kit, 1, NOTIFY "10 NOTIFY\nEvent: refer" OVER "SIP/2.0 200 OK\n");
    kit_expect_none(kit, notify, "transfer-succeeded");
    kit_free(kit);
    kit = begin();
    notify = say_notify(kit, 1,
                        NOTIFY "10 NOTIFY\nEvent: refer\nSubscription-State: active\n"
                               "Content-Type: message/sipfrag");
    kit_wait(kit, 60);
    kit_expect_none(kit, notify, "transfer-pending");
    kit_expect_none(kit, 2, "transfer-unreported");
    kit_expect_none(kit, 2, "transfer-pending");
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transfer/succeeded", test_succeeded);
    g_test_add_func("/transfer/failed", test_failed);
    g_test_add_func("/transfer/long-report", test_long_report);
    g_test_add_func("/transfer/pending", test_pending);
    g_test_add_func("/transfer/unreported", test_unreported);
    g_test_add_func("/transfer/no-subscription", test_no_subscription);
    g_test_add_func("/transfer/out-of-dialog", test_out_of_dialog);
    g_test_add_func("/transfer/hops-and-copies", test_hops_and_copies);
    g_test_add_func("/transfer/two-transfers", test_two_transfers);
    g_test_add_func("/transfer/refused", test_refused);
    g_test_add_func("/transfer/cut", test_cut);
    return g_test_run();
}
