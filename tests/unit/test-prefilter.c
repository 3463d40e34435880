/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which display filters may be asked of a capture that lacks packets.
 */
#include <glib.h>

#include "prefilter/filter.h"

static void test_alone(void)
{
    static const char *const filters[] = {
        "sip",
        "sip.Method == \"INVITE\"",
        "sip.CSeq.method == \"INVITE\" and not ip.src == 192.0.2.1",
        "sip.Call-ID contains \"frame.number \\\" > 3\" && udp.port == 5060",
        "udp.port == 5060 || tcp.port in {5060 5061}",
        "sipwhy.evidence == 12 or sipwhy.call.outcome == \"failed\"",
        "ip.addr == 192.0.2.0/24 and lower(sip.from.host) matches \"x$\"",
        "sip.Status-Code >= 400",
        "ipv6.src == 2001:db8::1",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
        g_assert_true(sipwhy_filter_stands_alone(filters[i]));
}

/* Numbers and steps from one packet to another, and whatever is not understood. */
static void test_not_alone(void)
{
    static const char *const filters[] = {
        "frame.number > 3",
        "sip && frame.time_delta > 1",
        "udp.stream == 0",
        "sip.response-request == 4",
        "sip.resend-original == 4",
        "sip.response-time > 3",
        "rtp",
        "${macro:1}",
        "sip.Method == \"INVITE",
        "sip.Method == \"INVITE\\",
        "@sip.Method == \"INVITE\"",
        "sip.Method == 'x'",
        "rtp.setup-frame == 3",
        "\xc3\xa9",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
        g_assert_false(sipwhy_filter_stands_alone(filters[i]));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/filter/alone", test_alone);
    g_test_add_func("/filter/not-alone", test_not_alone);
    return g_test_run();
}
