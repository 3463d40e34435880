/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The HTML report: it is well-formed, hostile texts stay texts, and it has bounds.
 */
#include <string.h>

#include "language.h"
#include "report/diagnosis.h"
#include "report/html.h"
#include "report/html_chart.h"

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

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

/* ---- is it a document ---- */

/* What a walk through the document notes: each id once, and each place that a link leads to. */
typedef struct {
    GHashTable *ids;
    GPtrArray *links;
} Document;

static void note_element(GMarkupParseContext *context, const char *name, const char **names,
                         const char **values, void *data, GError **error)
{
    Document *document = data;

    (void)context;
    (void)error;
    g_assert_cmpstr(name, !=, "script");
    for (size_t i = 0; names[i]; i++) {
        g_assert_false(g_str_has_prefix(names[i], "on"));
        if (strcmp(names[i], "id") == 0)
            g_assert_true(g_hash_table_add(document->ids, g_strdup(values[i])));
        if (strcmp(names[i], "href") != 0 && strcmp(names[i], "src") != 0)
            continue;
        g_assert_true(g_str_has_prefix(values[i], "#")); /* it leads nowhere but into the page */
        g_ptr_array_add(document->links, g_strdup(values[i] + 1));
    }
}

static void assert_document(const GString *page)
{
    static const GMarkupParser parser = {.start_element = note_element};
    Document document = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                         g_ptr_array_new_with_free_func(g_free)};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &document, NULL);
    GError *error = NULL;

    g_assert_true(g_utf8_validate(page->str, (gssize)page->len, NULL));
    g_markup_parse_context_parse(context, page->str, (gssize)page->len, &error);
    g_assert_no_error(error);
    g_assert_true(g_markup_parse_context_end_parse(context, &error));
    g_assert_no_error(error);
    for (unsigned i = 0; i < document.links->len; i++)
        if (!g_hash_table_contains(document.ids, document.links->pdata[i]))
            g_error("nothing has the id %s", (char *)document.links->pdata[i]);
    g_markup_parse_context_free(context);
    g_ptr_array_free(document.links, TRUE);
    g_hash_table_destroy(document.ids);
}

/* ---- captures ---- */

/* A capture that is written down as lines. */
static SipwhyRecording *read_lines(const char *file, const char *lines)
{
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new(file);
    char **all = g_strsplit(lines, "\n", -1);
    char *error = NULL;

    for (char **line = all; *line; line++)
        if (**line && !sipwhy_recording_read(reader, *line, strlen(*line), &error))
            g_error("%s: %s", *line, error);
    g_strfreev(all);
    SipwhyRecording *recording = sipwhy_recording_end(reader);
    g_assert_nonnull(recording);
    return recording;
}

static GString *render(const char *language, SipwhyRecording *const *recordings, size_t count)
{
    GPtrArray *captures = g_ptr_array_new();
    GString *page = g_string_new(NULL);
    SipwhyLanguage spoken;

    g_assert_true(sipwhy_language_find(language, &spoken));
    for (size_t i = 0; i < count; i++)
        g_ptr_array_add(captures, recordings[i]);
    SipwhyDiagnosis *diagnosis = sipwhy_diagnosis_new(captures, g_ptr_array_new());
    sipwhy_diagnosis_html(page, diagnosis, spoken);
    sipwhy_diagnosis_free(diagnosis);
    g_ptr_array_free(captures, TRUE);
    assert_document(page);
    return page;
}

static GString *render_lines(const char *language, const char *file, const char *lines)
{
    SipwhyRecording *recording = read_lines(file, lines);
    GString *page = render(language, &recording, 1);

    sipwhy_recording_free(recording);
    return page;
}

static void add_request(GString *lines, const char *call, unsigned frame, const char *agent)
{
    g_string_append_printf(
        lines,
        "{\"type\":\"request\",\"frame\":%u,\"time\":\"2026-11-20T09:00:00.%06uZ\","
        "\"method\":\"INVITE\",\"call_id\":\"%s\",\"from\":\"sip:alice@example.com\","
        "\"to\":\"sip:bob@example.org\",\"src\":\"192.0.2.1:5060\",\"dst\":\"192.0.2.2:5060\","
        "\"transport\":\"UDP\",\"agent\":\"%s\",\"quoted\":false,\"repeated\":false,\"sdp\":true,"
        "\"response_in\":%u}\n",
        frame, frame % 1000000, call, agent, frame + 1);
}

static void add_response(GString *lines, const char *call, unsigned frame, const char *phrase,
                         const char *severity, const char *findings)
{
    g_string_append_printf(
        lines,
        "{\"type\":\"response\",\"frame\":%u,\"time\":\"2026-11-20T09:00:00.%06uZ\",\"code\":488,"
        "\"phrase\":\"Not Acceptable Here\",\"wire_phrase\":\"%s\",\"registered\":true,"
        "\"method\":\"INVITE\",\"call_id\":\"%s\",\"from\":\"sip:alice@example.com\","
        "\"to\":\"sip:bob@example.org\",\"src\":\"192.0.2.2:5060\",\"dst\":\"192.0.2.1:5060\","
        "\"transport\":\"UDP\",\"agent\":null,\"sdp\":false,\"quoted\":false,\"repeated\":false,"
        "\"severity\":\"%s\",\"expected\":false,\"category\":\"media\",\"origin\":\"user-agent\","
        "\"origin_evidence\":\"\",\"origin_frames\":[],\"request_in\":%u,\"outcome_in\":null,"
        "\"notes\":[],\"findings\":[%s]}\n",
        frame, frame % 1000000, phrase, call, severity, frame - 1, findings);
}

static void add_call(GString *lines, const char *call, unsigned frame, const char *from,
                     const char *severity, const char *leading)
{
    g_string_append_printf(
        lines,
        "{\"type\":\"call\",\"call_id\":\"%s\",\"is_call\":true,\"method\":\"INVITE\","
        "\"from\":\"%s\",\"to\":\"sip:bob@example.org\",\"outcome\":\"failed\","
        "\"final_code\":488,\"final_in\":%u,\"first_in\":%u,\"pdd\":null,\"messages\":2,"
        "\"severity\":\"%s\",\"client\":\"192.0.2.1:5060\",\"server\":\"192.0.2.2:5060\","
        "\"agent\":null,\"server_agent\":null,\"leading\":%s,\"bare\":null,\"findings\":[]}\n",
        call, from, frame + 1, frame, severity, leading);
}

static void add_summary(GString *lines)
{
    g_string_append(
        lines, "{\"type\":\"summary\",\"packets\":2,\"sip_packets\":2,\"responses\":1,\"quoted\":0,"
               "\"calls\":1,\"exchanges\":0,\"by_code\":{},\"by_finding\":{},\"by_severity\":{},"
               "\"by_outcome\":{},\"filter\":null,\"language\":\"en\",\"version\":\"1\"}\n");
}

#define FINDING(text)                                                       \
    "{\"id\":\"no-common-codec\",\"severity\":\"warn\",\"inferred\":false," \
    "\"category\":\"media\",\"title\":\"" text "\",\"text\":\"" text "\","  \
    "\"fixes\":[\"Both sides: Enable a codec.\",\"" text "\"],\"frame\":2,\"evidence\":[1]}"

static const char LEADING[] = "{\"id\":\"no-common-codec\",\"frame\":2}";

/* A call that a 488 refuses, with that finding. */
static GString *refused_call(const char *finding)
{
    GString *lines = g_string_new(NULL);

    add_request(lines, "a", 1, "Telephone/1");
    add_response(lines, "a", 2, "Not Acceptable Here", "warn", finding);
    add_call(lines, "a", 1, "sip:alice@example.com", "warn", LEADING);
    add_summary(lines);
    return lines;
}

/* ---- tests ---- */

static void test_text(void)
{
    GString *out = g_string_new(NULL);

    sipwhy_html_text(out, NULL);
    g_assert_cmpstr(out->str, ==, "");
    sipwhy_html_text(out, "<b a=\"1\" c='2'>&amp;</b>");
    g_assert_cmpstr(out->str, ==, "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;");
    g_string_truncate(out, 0);
    sipwhy_html_text(out, "a\x01\xE2\x80\xAE\xFF\xEF\xBF\xBE\xEF\xB7\x90z");
    g_assert_cmpstr(out->str, ==, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
    g_string_truncate(out, 0);
    char *flood = g_strnfill(100000, '<');
    sipwhy_html_text(out, flood);
    g_assert_cmpuint(out->len, <, 5000);
    g_free(flood);
    g_string_truncate(out, 0);
    sipwhy_html_element(out, "td class=\"n\"", "1 < 2");
    g_assert_cmpstr(out->str, ==, "<td class=\"n\">1 &lt; 2</td>");
    g_string_free(out, TRUE);
}

static void test_cut(void)
{
    static const struct {
        const char *text;
        unsigned most;
        const char *cut;
    } cases[] = {{"abc", 3, "abc"},
                 {"abcd", 3, "ab\xE2\x80\xA6"},
                 {"a cd", 3, "a\xE2\x80\xA6"},
                 {"\xC3\xA9\xC3\xA9\xC3\xA9", 2, "\xC3\xA9\xE2\x80\xA6"},
                 {"", 0, ""},
                 {NULL, 4, ""}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *cut = sipwhy_html_cut(cases[i].text, cases[i].most);
        g_assert_cmpstr(cut, ==, cases[i].cut);
        g_free(cut);
    }
}

static void test_wrap(void)
{
    static const struct {
        const char *text;
        unsigned width;
        unsigned most;
        const char *lines; /* joined with | */
    } cases[] = {{"one two three", 7, 5, "one two|three"},
                 {"one two three", 5, 2, "one|two\xE2\x80\xA6"},
                 {"abcdefgh", 3, 5, "abc|def|gh"},
                 {"[2001:db8::1]:5060", 15, 5, "[2001:db8::1]:|5060"},
                 {"  a  b  ", 1, 5, "a|b"},
                 {"", 5, 5, ""},
                 {NULL, 5, 5, ""}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char **lines = sipwhy_html_wrap(cases[i].text, cases[i].width, cases[i].most);
        char *joined = g_strjoinv("|", lines);
        g_assert_cmpstr(joined, ==, cases[i].lines);
        g_free(joined);
        g_strfreev(lines);
    }
}

static void test_chart(void)
{
    const SipwhyBar bars[] = {{"failed", "error", 3}, {"<answered>", "ok", 0}};
    GString *out = g_string_new(NULL);
    SipwhyLanguage english;

    g_assert_true(sipwhy_language_find("en", &english));
    sipwhy_html_chart(out, "c", "Calls", bars, G_N_ELEMENTS(bars), english);
    assert_document(out);
    assert_has(out->str, "role=\"img\" aria-labelledby=\"c-t\" aria-describedby=\"c-d\"");
    assert_has(out->str, "<desc id=\"c-d\">failed: 3; &lt;answered&gt;: 0</desc>");
    g_string_free(out, TRUE);
}

static void test_page(void)
{
    GString *lines = refused_call(FINDING("no codec in common"));
    GString *page = render_lines("en", "night.pcap", lines->str);
    GString *again = render_lines("en", "night.pcap", lines->str);

    g_assert_cmpstr(page->str, ==, again->str);
    assert_has(page->str, "<html lang=\"en\">");
    assert_has(page->str, "content=\"default-src 'none';");
    assert_has(page->str, "night.pcap</title>");
    assert_has(page->str, "prefers-color-scheme:dark");
    assert_has(page->str, "<article class=\"case warn\" id=\"call-1\">");
    assert_has(page->str, "Call failed: 488 Not Acceptable Here in frame 2");
    assert_has(page->str, "<b>Both sides</b><span>Enable a codec.</span>");
    assert_has(page->str, "frames 1, 2");
    assert_has(page->str, "<a href=\"#call-1\">#1</a>");
    assert_has(page->str, "<svg class=\"ladder\" role=\"img\"");
    assert_has(page->str, "Telephone/1");
    assert_lacks(page->str, "http://");
    assert_lacks(page->str, "https://");
    g_string_free(again, TRUE);
    g_string_free(page, TRUE);
    g_string_free(lines, TRUE);
}

static void test_french(void)
{
    GString *lines = refused_call("{\"id\":\"no-common-codec\",\"severity\":\"warn\","
                                  "\"inferred\":true,\"category\":\"media\",\"title\":\"t\","
                                  "\"text\":\"t\",\"fixes\":[\"Les deux c\xC3\xB4t\xC3\xA9s\xC2\xA0"
                                  ": Activer un codec.\"],\"frame\":2,\"evidence\":[]}");
    GString *page = render_lines("fr", "-", lines->str);

    assert_has(page->str, "<html lang=\"fr\">");
    assert_has(page->str, "entr\xC3\xA9"
                          "e standard</title>");
    assert_has(page->str, "<b>Les deux c\xC3\xB4t\xC3\xA9s</b><span>Activer un codec.</span>");
    assert_has(page->str, "d\xC3\xA9"
                          "duit");
    g_string_free(page, TRUE);
    g_string_free(lines, TRUE);
}

/* Markup wherever a packet can have a say. */
static void test_hostile(void)
{
    static const char evil[] =
        "\\\"'><script>alert(1)</script><a href=javascript:x>&\\u202e\\u0001";
    GString *lines = g_string_new(NULL);

    add_request(lines, evil, 1, evil);
    add_response(lines, evil, 2, evil, "warn",
                 FINDING("\\\"'><script>alert(1)</script><img src=x onerror=y>&\\u202e"));
    add_call(lines, evil, 1, evil, "warn", LEADING);
    add_summary(lines);
    GString *page = render_lines("en", "<script>\"'&\xFF\x01.pcap", lines->str);
    assert_lacks(page->str, "<script");
    assert_lacks(page->str, "<img");
    assert_lacks(page->str, "\xE2\x80\xAE");
    assert_has(page->str, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_has(page->str, "&lt;script&gt;&quot;&#39;&amp;\xEF\xBF\xBD\xEF\xBF\xBD.pcap");
    g_string_free(page, TRUE);
    g_string_free(lines, TRUE);
}

/* Calls without number: each has its place, few of them a ladder. */
static void test_many(void)
{
    enum { CALLS = 10000 };
    GString *lines = g_string_new(NULL);
    GString *calls = g_string_new(NULL);

    for (unsigned i = 0; i < CALLS; i++) {
        char *call = g_strdup_printf("call-%u@example.com", i);
        const bool ordinary = i % 2 > 0;
        add_request(lines, call, 2 * i + 1, "Telephone/1");
        add_response(lines, call, 2 * i + 2, "Not Acceptable Here", "warn",
                     ordinary ? "" : FINDING("no codec in common"));
        add_call(calls, call, 2 * i + 1, "sip:alice@example.com", "warn", "null");
        g_free(call);
    }
    g_string_append(lines, calls->str);
    add_summary(lines);
    GString *page = render_lines("en", "many.pcap", lines->str);
    g_assert_cmpuint(page->len, <, (gsize)5 * 1024 * 1024);
    g_assert_cmpuint(count_of(page->str, "id=\"call-"), ==, CALLS);
    g_assert_cmpuint(count_of(page->str, "<svg class=\"ladder\""), <=, 150);
    g_assert_cmpuint(count_of(page->str, "<svg class=\"ladder\""), >=, 3);
    assert_has(page->str, "of the same kind</summary>");
    g_string_free(page, TRUE);
    g_string_free(calls, TRUE);
    g_string_free(lines, TRUE);
}

static void test_files(void)
{
    GString *lines = refused_call(FINDING("no codec in common"));
    GString *none = g_string_new(NULL);
    add_summary(none);
    SipwhyRecording *recordings[] = {read_lines("one.pcap", lines->str),
                                     read_lines("two.pcap", lines->str),
                                     read_lines("three.pcap", none->str)};
    GString *page = render("en", recordings, G_N_ELEMENTS(recordings));

    assert_has(page->str, "3 captures</title>");
    assert_has(page->str, "<th scope=\"row\" class=\"u\">three.pcap</th>");
    assert_has(page->str, "<dd>two.pcap</dd>");
    g_string_free(page, TRUE);
    page = render("en", &recordings[2], 1);
    assert_has(page->str, "No SIP messages were found.");
    g_string_free(page, TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(recordings); i++)
        sipwhy_recording_free(recordings[i]);
    g_string_free(none, TRUE);
    g_string_free(lines, TRUE);
}

/* A capture that was not read is named, whatever its name is. */
static void test_unread(void)
{
    GPtrArray *captures = g_ptr_array_new();
    GPtrArray *unread = g_ptr_array_new();
    GString *page = g_string_new(NULL);
    SipwhyUnread *one = g_new0(SipwhyUnread, 1);
    SipwhyLanguage english;

    g_assert_true(sipwhy_language_find("en", &english));
    one->file = "night<1>.pcap";
    one->text = g_strdup("is empty");
    g_ptr_array_add(unread, one);
    SipwhyDiagnosis *diagnosis = sipwhy_diagnosis_new(captures, unread);
    sipwhy_diagnosis_html(page, diagnosis, english);
    assert_document(page);
    g_assert_nonnull(strstr(page->str, "<bdi>night&lt;1&gt;.pcap</bdi>: <bdi>is empty</bdi>"));
    sipwhy_diagnosis_free(diagnosis);
    g_ptr_array_free(captures, TRUE);
    g_string_free(page, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html/text", test_text);
    g_test_add_func("/html/cut", test_cut);
    g_test_add_func("/html/wrap", test_wrap);
    g_test_add_func("/html/chart", test_chart);
    g_test_add_func("/html/page", test_page);
    g_test_add_func("/html/french", test_french);
    g_test_add_func("/html/hostile", test_hostile);
    g_test_add_func("/html/many", test_many);
    g_test_add_func("/html/files", test_files);
    g_test_add_func("/html/unread", test_unread);
    return g_test_run();
}
