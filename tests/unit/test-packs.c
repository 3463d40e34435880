/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The packs in data/local/: nothing in them is wrong or odd, and each of their entries matches what
 * that server sends, and not what others do.
 */
#include <stdio.h>
#include <string.h>

#include "local/local.h"

#define KAMAILIO "\nServer: kamailio (5.7.4 (x86_64/linux))"
#define ASTERISK "\nServer: Asterisk PBX 20.5.0"
#define FREEPBX "\nServer: FPBX-16.0.40(18.19.0)"
#define CHAN_SIP "\nServer: Asterisk PBX 16.28.0"
#define CAUSE(n) "\nReason: Q.850;cause=" n

/* A status line with headers behind it, and the entries that it matches. */
static const struct {
    const char *message;
    const char *ids;
} cases[] = {
    {"477 Unfortunately error on sending to next hop occurred (477/TM)" KAMAILIO,
     "kamailio-send-failed"},
    {"477 Unfortunately error on sending to next hop occurred (477/SL)", "kamailio-send-failed"},
    {"478 Unresolvable destination (478/TM)" KAMAILIO, "kamailio-unresolvable"},
    {"479 Regretfully, we were not able to process the URI (479/TM)" KAMAILIO, "kamailio-bad-uri"},
    {"487 Transaction canceled (487/TM)" KAMAILIO, "kamailio-canceled"},
    {"487 Request Terminated" KAMAILIO, ""},
    {"500 Forking capacity exceeded (12/TM)" KAMAILIO, "kamailio-forking"},
    {"500 Internal processing error (2/TM)" KAMAILIO, "kamailio-memory"},
    {"500 I'm terribly sorry, server error occurred (7/TM)" KAMAILIO,
     "kamailio-no-socket kamailio-terribly-sorry"},
    {"500 I'm terribly sorry, server error occurred (1/SL)" KAMAILIO, "kamailio-terribly-sorry"},
    {"500 No error (0/SL)" KAMAILIO, "kamailio-no-error"},
    {"500 Server Internal Error", ""},
    {"100 trying -- your call is important to us" KAMAILIO, "kamailio-100"},
    {"100 Trying" KAMAILIO, ""},
    {"408 Request Timeout" KAMAILIO, "kamailio-408"},
    {"408 Request Timeout", ""},
    {"404 Not Found" KAMAILIO, "kamailio-not-registered"},
    {"404 Not Found", ""},
    {"405 Method Not Allowed" KAMAILIO, "kamailio-no-contact-for-method"},
    {"503 Service Unavailable" KAMAILIO, "kamailio-max-contacts"},
    {"400 Bad Request" KAMAILIO, "kamailio-registrar-400"},
    {"500 Server Internal Error" KAMAILIO, "kamailio-registrar-500"},
    {"423 Interval Too Brief" KAMAILIO, "kamailio-min-expires"},
    {"400 Content-Length mis-match" KAMAILIO, "kamailio-content-length"},
    {"400 CSeq method does not match request method" KAMAILIO, "kamailio-cseq"},
    {"400 Missing number in CSeq header" KAMAILIO, "kamailio-cseq"},
    {"400 Bad Request URI" KAMAILIO, "kamailio-sanity"},
    {"400 Bad From header" KAMAILIO, "kamailio-sanity"},
    {"400 Bad Contact URI" KAMAILIO, "kamailio-sanity"},
    {"400 Missing Required Header in Request" KAMAILIO, "kamailio-sanity"},
    {"400 Missing To Header" KAMAILIO, "kamailio-sanity"},
    {"400 Expires value is illegal" KAMAILIO, "kamailio-sanity"},
    {"400 Missing number in Expires header" KAMAILIO, "kamailio-sanity"},
    {"416 Unsupported URI Scheme in Request URI" KAMAILIO, "kamailio-sanity"},
    {"505 Version Not Supported (R-URI)" KAMAILIO, "kamailio-sanity"},
    {"420 Bad Proxy Require Extension" KAMAILIO, "kamailio-proxy-require"},
    {"403 Not relaying" KAMAILIO, "kamailio-not-relaying"},
    {"403 Forbidden auth ID" KAMAILIO, "kamailio-auth-id"},
    {"403 Forbidden" KAMAILIO, ""},
    {"404 Not here" KAMAILIO, "kamailio-not-here"},
    {"483 Too Many Hops" KAMAILIO, "kamailio-hops"},
    {"484 Address Incomplete" KAMAILIO, "kamailio-no-user"},
    {"401 Unauthorized" KAMAILIO
     "\nWarning: 392 [::1]:5060 \"Noisy feedback tells:  pid=455 req_src_ip=::1 req_src_port=5070 "
     "in_uri=sip:example.com out_uri=sip:example.com via_cnt==1\"",
     "kamailio-feedback"},
    {"404 Not Found" ASTERISK CAUSE("1"), "asterisk-unallocated"},
    {"404 Not Found" FREEPBX CAUSE("3"), "asterisk-unallocated"},
    {"404 Not Found" ASTERISK, "asterisk-no-extension"},
    {"404 Not Found" CAUSE("1"), ""},
    {"486 Busy Here" ASTERISK CAUSE("17"), "asterisk-busy"},
    {"486 Busy Here" ASTERISK, ""},
    {"408 Request Timeout" ASTERISK CAUSE("18"), "asterisk-no-response"},
    {"480 Temporarily Unavailable" ASTERISK CAUSE("19"), "asterisk-no-answer"},
    {"480 Temporarily Unavailable" ASTERISK CAUSE("20"), "asterisk-unregistered"},
    {"480 Temporarily Unavailable" ASTERISK CAUSE("31"), "asterisk-unspecified"},
    {"403 Forbidden" ASTERISK CAUSE("21"), "asterisk-rejected"},
    {"403 Forbidden" ASTERISK, "asterisk-forbidden"},
    {"410 Gone" ASTERISK CAUSE("22"), "asterisk-number-changed"},
    {"502 Bad Gateway" ASTERISK CAUSE("27"), "asterisk-out-of-order"},
    {"484 Address Incomplete" ASTERISK CAUSE("28"), "asterisk-number-format"},
    {"501 Not Implemented" ASTERISK CAUSE("29"), "asterisk-facility"},
    {"503 Service Unavailable" ASTERISK CAUSE("34"), "asterisk-congestion"},
    {"503 Service Unavailable" ASTERISK CAUSE("42"), "asterisk-congestion"},
    {"503 Service Unavailable" ASTERISK CAUSE("66"), "asterisk-no-channel-driver"},
    {"503 Service Unavailable" ASTERISK, "asterisk-queue"},
    {"488 Not Acceptable Here" ASTERISK CAUSE("58"), "asterisk-codec"},
    {"488 Not Acceptable Here" ASTERISK, "asterisk-offer"},
    {"500 Internal Server Error" ASTERISK CAUSE("38"), "asterisk-failure"},
    {"500 Internal Server Error" ASTERISK CAUSE("127"), "asterisk-interworking"},
    {"603 Decline" ASTERISK CAUSE("0"), "asterisk-hangup"},
    {"603 Decline" ASTERISK CAUSE("16"), "asterisk-hangup"},
    {"603 Decline" ASTERISK CAUSE("102"), "asterisk-timer"},
    {"603 Decline" ASTERISK CAUSE("21"), ""},
    {"401 Unauthorized" ASTERISK, "asterisk-challenge"},
    {"481 Call/Transaction Does Not Exist" ASTERISK, "asterisk-no-dialog"},
    {"403 Forbidden (Bad auth)" CHAN_SIP, "asterisk-bad-auth"},
    {"480 Temporarily Unavailable (Call limit) " CHAN_SIP, "asterisk-call-limit"},
    {"603 Declined (policy)" CHAN_SIP, "asterisk-transfer"},
    {"603 Declined (No dialog)" CHAN_SIP, "asterisk-transfer"},
    {"481 Call Leg Does Not Exist (Replaces)" CHAN_SIP, "asterisk-no-dialog asterisk-replaces"},
    {"200 OK" KAMAILIO, ""},
    {"200 OK" ASTERISK, ""},
};

static const char *source; /* the checkout */
static SipwhyLocal *packs;
static GHashTable *met; /* ids that a case has matched */

static void test_sound(void)
{
    char *folder = g_build_filename(source, "data", "local", NULL);
    const char *const paths[] = {folder, NULL};
    GPtrArray *faults;

    packs = sipwhy_local_read(paths, 0, &faults);
    for (unsigned i = 0; i < faults->len; i++)
        g_test_message("%s", ((const SipwhyLocalFault *)faults->pdata[i])->text);
    g_assert_cmpuint(faults->len, ==, 0);
    g_assert_nonnull(sipwhy_local_at(packs, 0));
    g_ptr_array_free(faults, TRUE);
    g_free(folder);
}

static void assert_case(const char *message, const char *expected)
{
    char *text = g_strdup_printf("SIP/2.0 %s\n\n", message);
    GString *ids = g_string_new(NULL);
    SipwhyMessage scanned;

    g_assert_true(sipwhy_message_scan(text, strlen(text), SIPWHY_FRAMING_DATAGRAM, &scanned));
    char *phrase = g_strndup(scanned.phrase.data, scanned.phrase.length);
    const SipwhyLocalEntry **matched = sipwhy_local_match(packs, scanned.status, phrase, &scanned);
    for (unsigned i = 0; matched[i]; i++) {
        g_string_append_printf(ids, "%s%s", i ? " " : "", matched[i]->id);
        g_hash_table_add(met, (char *)matched[i]->id);
    }
    g_test_message("%s", message);
    g_assert_cmpstr(ids->str, ==, expected);
    g_free(matched);
    g_free(phrase);
    g_string_free(ids, TRUE);
    g_free(text);
}

static void test_cases(void)
{
    const SipwhyLocalEntry *entry;

    met = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_case(cases[i].message, cases[i].ids);
    for (size_t i = 0; (entry = sipwhy_local_at(packs, i)); i++) {
        g_test_message("%s", entry->id);
        g_assert_true(g_hash_table_contains(met, entry->id));
    }
    g_hash_table_destroy(met);
    g_assert_null(sipwhy_local_given_up(packs));
    sipwhy_local_free(packs);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    source = g_getenv("SIPWHY_SOURCE");
    if (!source) {
        puts("skipped: SIPWHY_SOURCE names no checkout");
        return 0;
    }
    g_test_add_func("/packs/sound", test_sound);
    g_test_add_func("/packs/cases", test_cases);
    return g_test_run();
}
