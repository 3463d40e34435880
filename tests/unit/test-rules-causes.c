/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * rules/causes.c: Reason headers, and whether they fit the status line.
 */
#include "trace-kit.h"

#include <string.h>

#include "reason.h"

static const char hop[] = "10.0.0.1>10.0.0.2";
static const char back[] = "10.0.0.2>10.0.0.1";

static void test_explained(void)
{
    static const char id[] = "reason-explained";
    static const struct {
        const char *response;
        const char *text; /* NULL: no finding */
    } cases[] = {
        {"486 Busy Here\nReason: Q.850;cause=17;text=\"User busy\"", "The called line is busy"},
        {"486 Busy Here\nReason: q.850 ; cause=17", "Reason: Q.850 17, User busy."},
        {"503 Service Unavailable\nReason: Q.850;cause=34", "SBC operator: Count"},
        {"480 Temporarily Unavailable\nReason: Q.850;cause=300", "Reason: Q.850 300."},
        {"480 Temporarily Unavailable\nReason: Q.850", "Reason: Q.850."},
        {"437 Unsupported Credential\nReason: STIR;cause=437", NULL}, /* says it itself */
        {"607 Unwanted\nReason: SIP;cause=607", NULL},
        {"183 Session Progress\nReason: STIR;cause=438", NULL}, /* identity-verdict */
        {"486 Busy Here\nReason: Q.850;cause=16", NULL}, /* reason-disagrees: believe the 486 */
        {"200 OK\nReason: Q.850;cause=31", "Reason: Q.850 31, Normal unspecified."},
        {"199 Early Dialog Terminated\nReason: SIP;cause=480",
         "This 199 follows from another leg or branch of the call, which ended with SIP 480"},
        {"603 Network Blocked\nReason: Q.850;cause=21;text=\"v=analytics1;url=https://a.example\"",
         NULL},
        {"480 Temporarily Unavailable\nReason: X-Own;cause=4", "\"X-Own\" is not registered"},
        {"480 Temporarily Unavailable\nReason: SIP;cause=477", "Reason: SIP 477"},
        {"480 Temporarily Unavailable\nReason: ;;;cause=", NULL},
        {"480 Temporarily Unavailable\nReason:", NULL},
        {"480 Temporarily Unavailable", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Kit *kit = kit_new();
        const unsigned frame = kit_say(kit, 0, back, "INVITE", cases[i].response);
        if (cases[i].text)
            kit_expect_text(kit, frame, id, cases[i].text);
        else
            kit_expect_none(kit, frame, id);
        kit_free(kit);
    }
}

static void test_requests(void)
{
    Kit *kit = kit_new();

    kit_say(kit, 0, hop, NULL, "BYE sip:b@example.com\nReason: Q.850;cause=16");
    kit_say(kit, 1, hop, NULL,
            "CANCEL sip:b@example.com\nReason: SIP;cause=200;text=\"Call completed elsewhere\"");
    kit_say(kit, 2, hop, NULL, "CANCEL sip:b@example.com\nCSeq: 2 CANCEL\nReason: SIP;cause=607");
    kit_say(kit, 3, hop, NULL,
            "BYE sip:b@example.com\nCSeq: 3 BYE\nReason: Preemption;cause=2, SIP;cause=580");
    kit_say(kit, 4, hop, NULL, "BYE sip:b@example.com\nCSeq: 4 BYE");
    kit_expect(kit, 1, "reason-explained");
    kit_expect_text(kit, 1, "reason-explained", "Normal call clearing");
    kit_expect_severity(kit, 1, "chat");
    kit_expect(kit, 2, "reason-explained");
    kit_expect_text(kit, 2, "reason-explained", "no missed call");
    kit_expect_text(kit, 3, "reason-explained", "This CANCEL follows from another leg");
    kit_expect(kit, 4, "reason-explained reason-explained");
    kit_expect_text(kit, 4, "reason-explained", "Reserved Resources Preempted");
    kit_expect(kit, 5, "");
    kit_free(kit);
}

static void test_disagrees(void)
{
    static const char id[] = "reason-disagrees";
    static const struct {
        unsigned status;
        unsigned cause;
        const char *text; /* NULL: they fit, or nothing can be told */
    } cases[] = {
        {503, 17, "stands for 486, not for 503"},
        {404, 34, "stands for 503, not for 404"},
        {480, 21, "stands for 403 or 603, not for 480"},
        {500, 17, "stands for 486, not for 500"},
        {486, 16, "believe the status line"},
        {404, 31, "believe the status line"},
        {404, 1, NULL},
        {486, 17, NULL},
        {600, 17, NULL},
        {480, 18, NULL},
        {408, 19, NULL},
        {500, 34, NULL}, /* a proxy makes 503 a 500 */
        {500, 25, NULL}, /* what is in no table becomes 500 */
        {404, 4, NULL},  /* in no table either */
        {607, 21, NULL},
        {487, 19, NULL},
        {302, 17, NULL},
        {183, 17, NULL},
        {200, 34, NULL},
        {480, 0, NULL},
        {499, 17, NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Kit *kit = kit_new();
        char *response =
            g_strdup_printf("%u\nReason: Q.850;cause=%u", cases[i].status, cases[i].cause);
        const unsigned frame = kit_say(kit, 0, back, "INVITE", response);
        if (cases[i].text)
            kit_expect_text(kit, frame, id, cases[i].text);
        else
            kit_expect_none(kit, frame, id);
        g_free(response);
        kit_free(kit);
    }
}

/* Whatever cause a Reason names, what is said of it fits into a line: the kit looks at that. */
static void test_every_cause(void)
{
    const SipwhyReason *reason;

    for (size_t i = 0; (reason = sipwhy_reason_at(i)); i++)
        for (unsigned cause = 0; cause < 700; cause++) {
            Kit *kit = kit_new();
            char *head = g_strdup_printf("480\nReason: %s;cause=%u", reason->protocol, cause);
            kit_say(kit, 0, back, "INVITE", head);
            kit_expect_none(kit, 1, "");
            g_free(head);
            kit_free(kit);
            if (reason->values == SIPWHY_REASON_VALUES_DECIMAL)
                break;
        }
}

static void test_read(void)
{
    static const char bytes[] = "Q.850\0;cause=17";
    SipwhyGivenReason given = sipwhy_reason_read((SipwhySlice){bytes, sizeof bytes - 1});

    g_assert_cmpuint(given.protocol.length, ==, 5);
    given = sipwhy_reason_read((SipwhySlice){NULL, 0});
    g_assert_null(given.entry);
    g_assert_null(sipwhy_reason_name(&given));
    g_assert_null(sipwhy_reason_meaning(&given, 0));
    g_assert_null(sipwhy_reason_fix(&given, 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/causes/explained", test_explained);
    g_test_add_func("/rules/causes/requests", test_requests);
    g_test_add_func("/rules/causes/disagrees", test_disagrees);
    g_test_add_func("/rules/causes/every-cause", test_every_cause);
    g_test_add_func("/rules/causes/read", test_read);
    return g_test_run();
}
