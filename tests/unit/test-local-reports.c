/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Local knowledge all the way: matched in a capture, in the report, in the lines for machines, read
 * back from them, and in what diagnose and check make of that.
 */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/verdict.h"
#include "recording/recording.h"
#include "report/capture_json.h"
#include "report/capture_text.h"
#include "report/diagnosis.h"
#include "report/render.h"
#include "trace-kit.h"

#define CLIENT_TO_SERVER "10.0.0.1>10.0.0.2"
#define SERVER_TO_CLIENT "10.0.0.2>10.0.0.1"

/* A trace, what is known of it here, and all that is written of it. */
typedef struct {
    Kit *kit;
    unsigned frames;
    SipwhyLocal *local;
    SipwhyCapture *capture;
    char *lines;
    SipwhyRecording *recording;
    GPtrArray *recordings;
    SipwhyDiagnosis *diagnosis;
} Chain;

static SipwhyLocal *read_local(const char *text)
{
    char *file = NULL;
    const int descriptor = g_file_open_tmp("local-XXXXXX.ini", &file, NULL);
    const char *const paths[] = {file, NULL};
    GPtrArray *faults = NULL;

    g_assert_cmpint(descriptor, >=, 0);
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    g_close(descriptor, NULL);
    SipwhyLocal *local = sipwhy_local_read(paths, 0, &faults);
    for (unsigned i = 0; i < faults->len; i++)
        g_assert_true(((SipwhyLocalFault *)faults->pdata[i])->warning);
    g_ptr_array_free(faults, TRUE);
    g_unlink(file);
    g_free(file);
    return local;
}

/* Adds a call that gets that final response. */
static void say_call(Chain *chain, const char *id, const char *final)
{
    char *invite = g_strdup_printf("INVITE sip:b@example.com\nCall-ID: %s", id);
    char *response = g_strdup_printf("%s\nCall-ID: %s", final, id);
    char *ack = g_strdup_printf("ACK sip:b@example.com\nCall-ID: %s", id);
    const double seconds = chain->frames;

    if (!chain->kit)
        chain->kit = kit_new();
    kit_say(chain->kit, seconds, CLIENT_TO_SERVER, NULL, invite);
    kit_say(chain->kit, seconds + 0.1, SERVER_TO_CLIENT, NULL, response);
    chain->frames = kit_say(chain->kit, seconds + 0.2, CLIENT_TO_SERVER, NULL, ack);
    g_free(ack);
    g_free(response);
    g_free(invite);
}

static void collect(Chain *chain)
{
    chain->capture = sipwhy_capture_new();
    for (unsigned frame = 1; frame <= chain->frames; frame++) {
        SipwhyMessage message;
        const SipwhySubject subject = kit_subject(chain->kit, frame, &message);
        const SipwhyPacket packet = {
            .frame = frame, .time = subject.event->time, .quoted = subject.event->quoted};
        sipwhy_capture_add(chain->capture, subject.event, &packet, subject.message);
    }
    sipwhy_capture_match(chain->capture, chain->local);
}

static SipwhyReportSettings settings_of(const Chain *chain)
{
    return (SipwhyReportSettings){
        .trace = kit_trace(chain->kit), .version = "0", .sip_packets = 1, .knowledge = true};
}

static void write_lines(Chain *chain)
{
    const SipwhyReportSettings settings = settings_of(chain);
    size_t size = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);

    sipwhy_capture_write_json(chain->capture, &settings, out);
    fclose(out);
    chain->lines = g_strdup(text);
    free(text);
}

static void read_back(Chain *chain)
{
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("a.pcap");
    char **lines = g_strsplit(chain->lines, "\n", -1);

    for (char **line = lines; **line; line++) {
        char *error = NULL;
        if (!sipwhy_recording_read(reader, *line, strlen(*line), &error))
            g_error("%s: %s", error, *line);
    }
    g_strfreev(lines);
    chain->recording = sipwhy_recording_end(reader);
    g_assert_nonnull(chain->recording);
    chain->recordings = g_ptr_array_new();
    g_ptr_array_add(chain->recordings, chain->recording);
    chain->diagnosis = sipwhy_diagnosis_new(chain->recordings, NULL);
}

/* Everything, once all calls are said. */
static void pull(Chain *chain, const char *local)
{
    chain->local = read_local(local);
    sipwhy_trace_set_whole(kit_trace(chain->kit), true);
    collect(chain);
    write_lines(chain);
    read_back(chain);
}

static void clear(Chain *chain)
{
    sipwhy_diagnosis_free(chain->diagnosis);
    g_ptr_array_free(chain->recordings, TRUE);
    sipwhy_recording_free(chain->recording);
    g_free(chain->lines);
    sipwhy_capture_free(chain->capture);
    sipwhy_local_free(chain->local);
    kit_free(chain->kit);
}

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

static char *text_of(SipwhyPage *page)
{
    const SipwhyTextStyle style = {FALSE, 100};
    GString *text = g_string_new(NULL);

    sipwhy_render_text(text, page, &style);
    sipwhy_page_free(page);
    return g_string_free(text, FALSE);
}

static char *report(const Chain *chain)
{
    const SipwhyReportSettings settings = settings_of(chain);

    return text_of(sipwhy_capture_page(chain->capture, &settings));
}

static char *written(const Chain *chain, SipwhyDiagnosisWriter write)
{
    GString *text = g_string_new(NULL);

    write(text, chain->diagnosis, 0);
    return g_string_free(text, FALSE);
}

static SipwhyVerdict *check(const Chain *chain, SipwhyPolicy *policy)
{
    return sipwhy_verdict_new(chain->recordings, NULL, policy, NULL, 0, 0);
}

static const char DESK[] = "[desk]\n"
                           "code=486\n"
                           "title=The desk is busy\n"
                           "description=So says the PBX.\n"
                           "cause=Both lines are taken.\n"
                           "fix=operator: Add a line.\n"
                           "severity=error\n"
                           "category=overload\n"
                           "url=https://wiki.example.com/a?b=1&c=2\n";

static const SipwhyRecordedMessage *message_at(const Chain *chain, unsigned n)
{
    return chain->recording->messages->pdata[n];
}

/* ---- tests ---- */

static void test_lines(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "486 Busy Here");
    say_call(&chain, "b", "404 Not Found");
    pull(&chain, DESK);
    assert_has(chain.lines, "\"severity\":\"error\",\"expected\":false,\"category\":\"overload\"");
    assert_has(chain.lines,
               "\"local\":[{\"id\":\"desk\",\"title\":\"The desk is busy\",\"text\":[\"So says the "
               "PBX.\",\"Both lines are taken.\",\"Proxy or SBC operator: Add a line.\"],"
               "\"fixes\":[\"Proxy or SBC operator: Add a line.\"],\"instead_of\":[],"
               "\"severity\":\"error\",\"category\":\"overload\","
               "\"url\":\"https://wiki.example.com/a?b=1&c=2\",\"file\":\"local-");
    g_assert_null(strstr(strstr(chain.lines, "\"local\":[") + 1, "\"local\":["));
    const SipwhyRecordedMessage *response = message_at(&chain, 1);
    g_assert_cmpint((int)response->severity, ==, SIPWHY_SEVERITY_ERROR);
    g_assert_cmpuint(response->local->len, ==, 1);
    const SipwhyRecordedLocal *local = response->local->pdata[0];
    g_assert_cmpstr(local->id, ==, "desk");
    g_assert_cmpstr(local->fixes[0], ==, "Proxy or SBC operator: Add a line.");
    g_assert_cmpint(local->severity, ==, SIPWHY_SEVERITY_ERROR);
    g_assert_false(local->replaces[SIPWHY_LOCAL_PART_FIXES]);
    g_assert_cmpuint(message_at(&chain, 4)->local->len, ==, 0);
    clear(&chain);
}

static void test_pages(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "486 Busy Here");
    pull(&chain, DESK);
    char *pages[] = {report(&chain), text_of(sipwhy_diagnosis_page(chain.diagnosis, 0))};
    for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++) {
        assert_has(pages[i], "1. Call failed: 486 Busy Here in frame 2 - The desk is busy\n");
        assert_has(pages[i], "The desk is busy (local-");
        assert_has(pages[i], "; frame 2)\n");
        assert_has(pages[i], "So says the PBX.\n");
        assert_has(pages[i], "Both lines are taken.\n");
        assert_has(pages[i], "Proxy or SBC operator: Add a line.\n");
        assert_has(pages[i], "Runbook");
        assert_has(pages[i], "https://wiki.example.com/a?b=1&c=2\n");
        assert_has(pages[i], "  Often ");
        g_free(pages[i]);
    }
    clear(&chain);
}

static void test_files(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "486 Busy Here");
    pull(&chain, DESK);
    char *csv = written(&chain, sipwhy_diagnosis_csv);
    char *json = written(&chain, sipwhy_diagnosis_json);
    char *html = written(&chain, sipwhy_diagnosis_html);
    assert_has(csv, ",fix,error,local,runbook\r\n");
    assert_has(csv, ",Proxy or SBC operator: Add a line.,,desk,"
                    "https://wiki.example.com/a?b=1&c=2\r\n");
    assert_has(json, "\"fix\":\"Proxy or SBC operator: Add a line.\"");
    assert_has(json, "\"local\":[{\"id\":\"desk\",\"title\":\"The desk is busy\",");
    assert_has(json, "\"frame\":2}],\"bare\":{");
    assert_has(html, "<a rel=\"noreferrer\" href=\"https://wiki.example.com/a?b=1&amp;c=2\">");
    assert_has(html, "Local: The desk is busy (local-");
    assert_has(html, "<b>Proxy or SBC operator</b><span>Add a line.</span>");
    g_free(html);
    g_free(json);
    g_free(csv);
    clear(&chain);
}

/* What gives way is nowhere; what is not replaced stays. */
static void test_replaced(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "404 Not Found");
    pull(&chain,
         "[own]\ncode=4xx\ndescription=All of it.\nfix=caller: Dial again.\nreplace=true\n");
    SipwhyExplanation table;
    g_assert_true(sipwhy_explain(404, 0, &table));
    char *text = report(&chain);
    char *page = text_of(sipwhy_diagnosis_page(chain.diagnosis, 0));
    char *html = written(&chain, sipwhy_diagnosis_html);
    assert_has(chain.lines, "\"instead_of\":[\"description\",\"fixes\"]");
    assert_has(chain.lines, "\"description\":\"\",\"causes\":[\"");
    assert_has(chain.lines, "],\"fixes\":[],\"next\"");
    assert_has(text, "  Often ");
    assert_has(page, "  Often ");
    assert_has(text, "Caller: Dial again.\n");
    assert_has(page, "Caller: Dial again.\n");
    assert_lacks(text, "Do       You:");
    assert_lacks(page, table.fixes.fix[0].text);
    assert_lacks(html, table.fixes.fix[0].text);
    assert_lacks(html, table.description.line[0]);
    assert_has(html, table.causes.line[0]);
    assert_has(page, " own (local-"); /* without a title its id stands there */
    g_free(html);
    g_free(page);
    g_free(text);
    clear(&chain);
}

/* What happens for different reasons is not the same kind. */
static void test_kinds(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "486 Busy Here");
    say_call(&chain, "b", "486 Desk");
    say_call(&chain, "c", "486 Busy Here");
    pull(&chain, "[desk]\nphrase=desk\ntitle=The desk is busy\n");
    char *text = report(&chain);
    g_assert_cmpuint(chain.diagnosis->cases->len, ==, 3);
    g_assert_cmpuint(((const SipwhyCase *)chain.diagnosis->cases->pdata[1])->kind, ==, 1);
    g_assert_cmpuint(((const SipwhyCase *)chain.diagnosis->cases->pdata[2])->kind, ==, 2);
    assert_has(text, "\n1. Call failed: 486 Busy Here in frame 2\n");
    assert_has(text, "\n2. Call failed: 486 Busy Here in frame 5 - The desk is busy\n");
    g_free(text);
    clear(&chain);
}

/* The last entry that says a severity, or has a title, is right. */
static void test_last(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "404 Not Found");
    pull(&chain, "[one]\ncode=any\ntitle=First\nseverity=error\ncategory=media\n"
                 "[two]\ncode=404\ntitle=Second\nseverity=note\n"
                 "[three]\ncode=404\ndescription=No title.\ncategory=size\n");
    char *text = text_of(sipwhy_diagnosis_page(chain.diagnosis, 0));
    assert_has(text, "Call failed: 404 Not Found in frame 2 - Second\n");
    assert_has(chain.lines, "\"severity\":\"note\",\"expected\":false,\"category\":\"size\"");
    g_assert_cmpint((int)message_at(&chain, 1)->severity, ==, SIPWHY_SEVERITY_NOTE);
    g_free(text);
    clear(&chain);
}

/* A finding keeps its severity, also where an entry calls the response harmless. */
static void test_finding_stays(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "503 Service Unavailable\nTo: <sip:b@example.com>"); /* without a tag */
    pull(&chain, "[calm]\ncode=503\ntitle=Known\nseverity=chat\n");
    const SipwhyRecordedCall *call = chain.recording->calls->pdata[0];
    SipwhySeverity found = SIPWHY_SEVERITY_CHAT;
    const GPtrArray *findings = message_at(&chain, 1)->findings;
    for (unsigned i = 0; i < findings->len; i++)
        found = MAX(found, ((const SipwhyRecordedFinding *)findings->pdata[i])->severity);
    g_assert_cmpint((int)found, >, SIPWHY_SEVERITY_CHAT);
    g_assert_cmpint((int)message_at(&chain, 1)->severity, ==, SIPWHY_SEVERITY_CHAT);
    g_assert_true(message_at(&chain, 1)->expected);
    g_assert_cmpint((int)call->severity, ==, (int)found);
    clear(&chain);
}

static void test_check(void)
{
    Chain chain = {0};
    SipwhyPolicy *policy = sipwhy_policy_default();

    say_call(&chain, "a", "486 Busy Here");
    say_call(&chain, "b", "404 Not Found");
    pull(&chain, "[desk]\ncode=486\ntitle=The desk is busy\ndescription=So says the PBX.\n"
                 "fix=operator: Add a line.\nseverity=error\nurl=https://wiki.example.com/\n"
                 "[lab]\ncode=404\nseverity=chat\n");
    SipwhyVerdict *verdict = check(&chain, policy);
    g_assert_false(verdict->passed);
    g_assert_cmpuint(verdict->failing, ==, 1); /* a 486 alone does not fail, a 404 does */
    const SipwhyProblem *problem = verdict->problems->pdata[0];
    g_assert_cmpstr(problem->rule, ==, "code-486");
    g_assert_cmpint((int)problem->severity, ==, SIPWHY_SEVERITY_ERROR);
    g_assert_cmpstr(problem->title, ==, "486 Busy Here - The desk is busy");
    g_assert_true(g_str_has_prefix(problem->text, "So says the PBX. The callee's "));
    g_assert_cmpstr(problem->fixes[0], ==, "Proxy or SBC operator: Add a line.");
    g_assert_cmpstr(problem->fixes[1], ==, "Runbook: https://wiki.example.com/");
    g_assert_nonnull(problem->fixes[2]);
    sipwhy_verdict_free(verdict);
    sipwhy_policy_free(policy);
    clear(&chain);
}

/* What an ICMP error quotes was never received. */
static void test_quoted(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "486 Busy Here");
    chain.frames = kit_unreachable(chain.kit, 1, 2);
    pull(&chain, DESK);
    g_assert_true(message_at(&chain, 3)->quoted);
    g_assert_cmpuint(message_at(&chain, 3)->local->len, ==, 0);
    clear(&chain);
}

/* Files are read anew, or not there any longer. */
static void test_again(void)
{
    Chain chain = {0};

    say_call(&chain, "a", "486 Busy Here");
    pull(&chain, DESK);
    g_assert_nonnull(sipwhy_capture_message(chain.capture, 1)->local);
    sipwhy_capture_match(chain.capture, NULL);
    g_assert_null(sipwhy_capture_message(chain.capture, 1)->local);
    clear(&chain);
}

/* ---- lines that are wrong ---- */

static bool is_read(const char *local)
{
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("a.pcap");
    char *error = NULL;
    char *line = g_strdup_printf(
        "{'type':'response','frame':1,'time':null,'code':486,'phrase':'','wire_phrase':'',"
        "'call_id':'a','method':'INVITE','severity':'note','expected':false,'origin':'proxy',"
        "'src':'a','dst':'b','transport':null,'quoted':false,'repeated':false,'agent':null,"
        "'sdp':false,'request_in':null,'outcome_in':null,'local':%s,'findings':[]}",
        local);

    g_strdelimit(line, "'", '"');
    const bool read = sipwhy_recording_read(reader, line, strlen(line), &error);
    g_assert_true(read == !error);
    g_free(error);
    g_free(line);
    sipwhy_recording_free(sipwhy_recording_end(reader));
    return read;
}

static void test_wrong_lines(void)
{
#define ENTRY(id, texts, severity)                                                               \
    "{'id':" id ",'title':null,'text':" texts ",'fixes':[],'instead_of':[],'severity':" severity \
    ",'category':null,'url':null,'file':'f'}"
    g_assert_true(is_read("[]"));
    g_assert_true(is_read("[" ENTRY("'a'", "['x']", "null") "]"));
    g_assert_true(is_read("[" ENTRY("'a'", "['x']", "'warn'") "," ENTRY("'a'", "[]", "null") "]"));
    g_assert_false(is_read("null"));
    g_assert_false(is_read("{}"));
    g_assert_false(is_read("[1]"));
    g_assert_false(is_read("[{}]"));
    g_assert_false(is_read("[" ENTRY("null", "[]", "null") "]"));
    g_assert_false(is_read("[" ENTRY("'a'", "[1]", "null") "]"));
    g_assert_false(is_read("[" ENTRY("'a'", "'x'", "null") "]"));
    g_assert_false(is_read("[" ENTRY("'a'", "[]", "'grave'") "]"));
#undef ENTRY
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/local-reports/lines", test_lines);
    g_test_add_func("/local-reports/pages", test_pages);
    g_test_add_func("/local-reports/files", test_files);
    g_test_add_func("/local-reports/replaced", test_replaced);
    g_test_add_func("/local-reports/kinds", test_kinds);
    g_test_add_func("/local-reports/last", test_last);
    g_test_add_func("/local-reports/finding-stays", test_finding_stays);
    g_test_add_func("/local-reports/check", test_check);
    g_test_add_func("/local-reports/quoted", test_quoted);
    g_test_add_func("/local-reports/again", test_again);
    g_test_add_func("/local-reports/wrong-lines", test_wrong_lines);
    return g_test_run();
}
