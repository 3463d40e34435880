/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ladders: what is folded, what is left out, and what is drawn.
 */
#include "report/ladder.h"

#include <string.h>

#include "language.h"

static const int64_t BEGIN = INT64_C(1795165200000000);

/* A call that is being written down. */
typedef struct {
    SipwhyRecordedCall call;
    GPtrArray *made; /* what is to be freed */
} Kit;

static Kit *kit_new(void)
{
    Kit *kit = g_new0(Kit, 1);

    kit->made = g_ptr_array_new_with_free_func(g_free);
    kit->call.messages = g_ptr_array_new();
    kit->call.findings = g_ptr_array_new();
    return kit;
}

static void kit_free(Kit *kit)
{
    for (unsigned i = 0; i < kit->call.messages->len; i++)
        g_ptr_array_free(((SipwhyRecordedMessage *)kit->call.messages->pdata[i])->findings, TRUE);
    g_ptr_array_free(kit->call.messages, TRUE);
    g_ptr_array_free(kit->call.findings, TRUE);
    g_ptr_array_free(kit->made, TRUE);
    g_free(kit);
}

/* Adds a message: "INVITE" or "200", from one endpoint to another, so many ms after the first. */
static SipwhyRecordedMessage *add(Kit *kit, const char *what, const char *from, const char *to,
                                  int milliseconds)
{
    SipwhyRecordedMessage *message = g_new0(SipwhyRecordedMessage, 1);

    message->is_response = g_ascii_isdigit(*what);
    message->code = message->is_response ? (uint16_t)g_ascii_strtoull(what, NULL, 10) : 0;
    message->phrase = message->is_response ? "Phrase" : NULL;
    message->method = message->is_response ? "INVITE" : what;
    message->source = from;
    message->destination = to;
    message->time = BEGIN + INT64_C(1000) * milliseconds;
    message->frame = kit->call.messages->len + 1;
    message->severity = SIPWHY_SEVERITY_CHAT;
    message->findings = g_ptr_array_new();
    g_ptr_array_add(kit->call.messages, message);
    g_ptr_array_add(kit->made, message);
    return message;
}

static void repeat(Kit *kit, const char *what, const char *from, const char *to, int milliseconds)
{
    add(kit, what, from, to, milliseconds)->repeated = true;
}

static SipwhyRecordedFinding *new_finding(Kit *kit, const char *id, SipwhySeverity severity,
                                          uint32_t frame)
{
    SipwhyRecordedFinding *finding = g_new0(SipwhyRecordedFinding, 1);

    finding->id = id;
    finding->title = id;
    finding->severity = severity;
    finding->frame = frame;
    g_ptr_array_add(kit->made, finding);
    return finding;
}

static SipwhyLanguage english(void)
{
    SipwhyLanguage language;

    g_assert_true(sipwhy_language_find("en", &language));
    return language;
}

/* The rows as "0>1 INVITE; 1>0 200 Phrase; -3", where -3 stands for three that are left out. */
static char *rows_text(const SipwhyLadder *ladder)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < ladder->rows->len; i++) {
        const SipwhyLadderRow *row = ladder->rows->pdata[i];
        g_string_append(text, i ? "; " : "");
        if (!row->message) {
            g_string_append_printf(text, "-%d", (int)row->count);
            continue;
        }
        char *label = sipwhy_ladder_label(row, english());
        g_string_append_printf(text, "%u>%u %s", row->from, row->to, label);
        g_free(label);
    }
    return g_string_free(text, FALSE);
}

static void assert_rows(const SipwhyLadder *ladder, const char *expected)
{
    char *text = rows_text(ladder);

    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void ignore_element(GMarkupParseContext *context, const char *name, const char **names,
                           const char **values, void *data, GError **error)
{
    (void)context;
    (void)name;
    (void)names;
    (void)values;
    (void)data;
    (void)error;
}

static void assert_markup(const char *text)
{
    static const GMarkupParser parser = {.start_element = ignore_element};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, NULL, NULL);
    GError *error = NULL;

    g_markup_parse_context_parse(context, text, -1, &error);
    g_assert_no_error(error);
    g_assert_true(g_markup_parse_context_end_parse(context, &error));
    g_assert_no_error(error);
    g_markup_parse_context_free(context);
}

/* Diagram and table, both well-formed. The caller frees it. */
static char *draw(const SipwhyLadder *ladder)
{
    GString *svg = g_string_new(NULL);
    GString *table = g_string_new(NULL);

    sipwhy_ladder_svg(svg, ladder, "l", english());
    sipwhy_ladder_table(table, ladder, english());
    assert_markup(svg->str);
    assert_markup(table->str);
    g_string_append(svg, table->str);
    g_string_free(table, TRUE);
    return g_string_free(svg, FALSE);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("\"%s\" is not in:\n%s", part, text);
}

static void test_call(void)
{
    Kit *kit = kit_new();
    add(kit, "INVITE", "a:1", "b:2", 0)->has_sdp = true;
    add(kit, "486", "b:2", "a:1", 1500)->severity = SIPWHY_SEVERITY_NOTE;
    add(kit, "ACK", "a:1", "b:2", 1600);
    g_ptr_array_add(kit->call.findings, new_finding(kit, "bad-ack", SIPWHY_SEVERITY_ERROR, 3));
    SipwhyLadder *ladder = sipwhy_ladder_new(&kit->call);
    assert_rows(ladder, "0>1 INVITE; 1>0 486 Phrase; 0>1 ACK");
    g_assert_cmpint(((SipwhyLadderRow *)ladder->rows->pdata[2])->severity, ==,
                    SIPWHY_SEVERITY_ERROR);
    char *drawn = draw(ladder);
    assert_has(drawn, "<title id=\"l-t\">");
    assert_has(drawn, ">SDP</text>");
    assert_has(drawn, ">1.500 s</text>");
    assert_has(drawn, "<g class=\"note\">");
    assert_has(drawn, "href=\"#i-error\"");
    assert_has(drawn, ">bad-ack</text>");
    assert_has(drawn, "<span class=\"mark\">SDP</span>");
    g_free(drawn);
    sipwhy_ladder_free(ladder);
    kit_free(kit);
}

static void test_folded(void)
{
    Kit *kit = kit_new();
    add(kit, "INVITE", "a:1", "b:2", 0);
    add(kit, "INVITE", "b:2", "c:3", 1); /* a proxy passes it on, and both are repeated */
    repeat(kit, "INVITE", "a:1", "b:2", 500);
    repeat(kit, "INVITE", "b:2", "c:3", 501);
    repeat(kit, "INVITE", "a:1", "b:2", 3500);
    add(kit, "200", "b:2", "a:1", 4000);
    add(kit, "ACK", "a:1", "b:2", 4010);
    repeat(kit, "200", "b:2", "a:1", 4500); /* and its ACK with it */
    repeat(kit, "ACK", "a:1", "b:2", 4510);
    add(kit, "BYE", "a:1", "b:2", 5000);
    repeat(kit, "INVITE", "a:1", "b:2", 6000); /* too late to belong to the first one */
    SipwhyLadder *ladder = sipwhy_ladder_new(&kit->call);
    assert_rows(ladder, "0>1 3 \xC3\x97 INVITE, over 3.5 s; 1>2 2 \xC3\x97 INVITE, over 500 ms; "
                        "1>0 2 \xC3\x97 200 Phrase, over 500 ms; 0>1 2 \xC3\x97 ACK, over 500 ms; "
                        "0>1 BYE; 0>1 INVITE");
    char *drawn = draw(ladder);
    assert_has(drawn, ">frames 1\xE2\x80\x93"
                      "5</text>");
    g_free(drawn);
    sipwhy_ladder_free(ladder);
    kit_free(kit);
}

static void test_long(void)
{
    Kit *kit = kit_new();
    for (int i = 0; i < 1000; i++)
        add(kit, "INFO", i % 2 ? "b:2" : "a:1", i % 2 ? "a:1" : "b:2", i);
    g_ptr_array_add(kit->call.findings, new_finding(kit, "worst", SIPWHY_SEVERITY_ERROR, 500));
    SipwhyLadder *ladder = sipwhy_ladder_new(&kit->call);
    size_t shown = 0;
    size_t left = 0;
    bool worst = false;
    for (unsigned i = 0; i < ladder->rows->len; i++) {
        const SipwhyLadderRow *row = ladder->rows->pdata[i];
        *(row->message ? &shown : &left) += row->count;
        worst = worst || (row->message && row->message->frame == 500);
    }
    g_assert_cmpuint(shown, <=, SIPWHY_LADDER_ROWS_MOST);
    g_assert_cmpuint(shown + left, ==, 1000);
    g_assert_true(worst);
    char *drawn = draw(ladder);
    assert_has(drawn, "messages left out");
    g_free(drawn);
    sipwhy_ladder_free(ladder);
    kit_free(kit);
}

static void test_endpoints(void)
{
    Kit *kit = kit_new();
    for (int i = 0; i < 30; i++) {
        char *to = g_strdup_printf("198.51.100.%d:5060", i);
        g_ptr_array_add(kit->made, to);
        add(kit, "INVITE", "192.0.2.1:5060", to, i);
    }
    add(kit, "OPTIONS", "198.51.100.28:5060", "198.51.100.29:5060", 40);
    SipwhyLadder *ladder = sipwhy_ladder_new(&kit->call);
    g_assert_cmpuint(ladder->columns->len, ==, SIPWHY_LADDER_COLUMNS_MOST);
    g_assert_cmpuint(ladder->endpoints, ==, 31);
    char *drawn = draw(ladder);
    assert_has(drawn, ">24 more endpoints</text>");
    assert_has(drawn, "<td class=\"a\">198.51.100.29:5060</td>");
    g_free(drawn);
    sipwhy_ladder_free(ladder);
    kit_free(kit);
}

/* Who is called what it calls itself: a proxy passes that on, in both directions. */
static void test_agents(void)
{
    Kit *kit = kit_new();
    add(kit, "INVITE", "a:1", "p:2", 0)->agent = "Telephone";
    add(kit, "INVITE", "p:2", "b:3", 1)->agent = "Telephone";
    add(kit, "180", "b:3", "p:2", 2)->agent = "Telephone";
    add(kit, "180", "p:2", "a:1", 3)->agent = "Telephone";
    add(kit, "100", "p:2", "a:1", 4)->agent = "Proxy";
    SipwhyLadder *ladder = sipwhy_ladder_new(&kit->call);
    static const char *const agents[] = {"Telephone", "Proxy", "Telephone"};
    for (unsigned i = 0; i < G_N_ELEMENTS(agents); i++)
        g_assert_cmpstr(((SipwhyLadderColumn *)ladder->columns->pdata[i])->agent, ==, agents[i]);
    sipwhy_ladder_free(ladder);
    kit_free(kit);
}

static void test_odd(void)
{
    Kit *kit = kit_new();
    add(kit, "INVITE", "a:1", "a:1", 0)->has_sdp = true; /* to itself */
    add(kit, "INVITE", "r:0", "a:1", 1)->quoted = true;
    SipwhyRecordedMessage *unknown = add(kit, "200", NULL, "a:1", -5);
    unknown->time = SIPWHY_NO_TIME;
    unknown->phrase = "<b>\x01\xE2\x80\xAE\xFF]]>";
    unknown->agent = "\"><script>";
    SipwhyRecordedMessage *nameless = add(kit, "BYE", "a:1", "b:2", -7);
    nameless->method = NULL;
    for (int i = 0; i < 100; i++) {
        char *id = g_strdup_printf("finding-%03d", i);
        g_ptr_array_add(kit->made, id);
        g_ptr_array_add(nameless->findings, new_finding(kit, id, SIPWHY_SEVERITY_WARN, 4));
    }
    SipwhyLadder *ladder = sipwhy_ladder_new(&kit->call);
    char *drawn = draw(ladder);
    assert_has(drawn, ">not delivered</text>");
    assert_has(drawn, ">ICMP error: INVITE</text>");
    assert_has(drawn, "&lt;b&gt;");
    assert_has(drawn, ">-0.007000 s</text>");
    assert_has(drawn, "&quot;&gt;&lt;script&gt;");
    assert_has(drawn, ">finding-002</text>");
    g_assert_null(strstr(drawn, ">finding-003</text>"));
    g_free(drawn);
    sipwhy_ladder_free(ladder);
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ladder/call", test_call);
    g_test_add_func("/ladder/folded", test_folded);
    g_test_add_func("/ladder/long", test_long);
    g_test_add_func("/ladder/endpoints", test_endpoints);
    g_test_add_func("/ladder/agents", test_agents);
    g_test_add_func("/ladder/odd", test_odd);
    return g_test_run();
}
