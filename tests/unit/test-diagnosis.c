/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * report/diagnosis.h: the order of cases, their findings and tables, and what is written of them.
 * Recordings are read from lines, in which ' stands for ".
 */
#include "report/diagnosis.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "report/case_text.h"
#include "report/render.h"

#define CLIENT "192.0.2.10:5060"
#define SERVER "198.51.100.5:5060"
#define CODEC "'no-common-codec','severity':'warn'"

/* Captures while they are being made, and their diagnosis. */
typedef struct {
    SipwhyRecordingReader *reader;
    GPtrArray *captures;
    GPtrArray *unread;
    SipwhyDiagnosis *diagnosis;
    const char *filter; /* of the summary: "" or a member */
} Kit;

static void free_recording(void *recording)
{
    sipwhy_recording_free(recording);
}

static void kit_open(Kit *kit, const char *file)
{
    if (!kit->captures)
        kit->captures = g_ptr_array_new_with_free_func(free_recording);
    kit->reader = sipwhy_recording_reader_new(file);
}

G_GNUC_PRINTF(2, 3)
static void kit_line(Kit *kit, const char *format, ...)
{
    char *error = NULL;
    va_list arguments;

    va_start(arguments, format);
    char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_strdelimit(line, "'", '"');
    if (!sipwhy_recording_read(kit->reader, line, strlen(line), &error))
        g_error("%s: %s", error, line);
    g_free(line);
}

static void kit_close(Kit *kit)
{
    kit_line(kit, "{'type':'summary','packets':%u,'sip_packets':1,'version':'1'%s}", 7,
             kit->filter ? kit->filter : "");
    g_ptr_array_add(kit->captures, sipwhy_recording_end(kit->reader));
}

static void kit_fail(Kit *kit, const char *file, const char *text)
{
    SipwhyUnread *unread = g_new0(SipwhyUnread, 1);

    if (!kit->unread)
        kit->unread = g_ptr_array_new();
    unread->file = file;
    unread->text = g_strdup(text);
    g_ptr_array_add(kit->unread, unread);
}

static const SipwhyDiagnosis *kit_diagnose(Kit *kit)
{
    if (!kit->captures)
        kit->captures = g_ptr_array_new_with_free_func(free_recording);
    kit->diagnosis = sipwhy_diagnosis_new(kit->captures, kit->unread);
    return kit->diagnosis;
}

static void kit_clear(Kit *kit)
{
    sipwhy_diagnosis_free(kit->diagnosis);
    g_ptr_array_free(kit->captures, TRUE);
}

/* ---- lines ---- */

static void add_request(Kit *kit, unsigned frame, const char *method, const char *id,
                        const char *source, const char *destination)
{
    kit_line(kit,
             "{'type':'request','frame':%u,'time':'2026-01-15T09:00:%02u.%06uZ','method':'%s',"
             "'call_id':'%s','src':'%s','dst':'%s','transport':'UDP','agent':'Phone/1',"
             "'quoted':false,'repeated':false,'sdp':true,'response_in':null}",
             frame, frame / 1000 % 60, frame % 1000 * 1000, method, id, source, destination);
}

/* What differs between responses; {0} is an ordinary one. */
typedef struct {
    unsigned request_in;
    const char *severity;
    const char *origin;
    const char *findings; /* members of "findings" */
    const char *phrase;
    bool quoted;
    bool repeated;
} Response;

static void add_response(Kit *kit, unsigned frame, unsigned code, const char *method,
                         const char *id, const char *source, const char *destination,
                         Response response)
{
    char *request =
        response.request_in ? g_strdup_printf("%u", response.request_in) : g_strdup("null");

    kit_line(kit,
             "{'type':'response','frame':%u,'time':'2026-01-15T09:00:%02u.%06uZ','method':'%s',"
             "'code':%u,'phrase':'','wire_phrase':'%s','call_id':'%s','src':'%s','dst':'%s',"
             "'transport':'UDP','agent':'PBX 2','severity':'%s','expected':false,'origin':'%s',"
             "'quoted':%s,'repeated':%s,'sdp':false,'request_in':%s,'outcome_in':null,"
             "'findings':[%s]}",
             frame, frame / 1000 % 60, frame % 1000 * 1000, method, code,
             response.phrase ? response.phrase : "", id, source, destination,
             response.severity ? response.severity : "chat",
             response.origin ? response.origin : "unknown", response.quoted ? "true" : "false",
             response.repeated ? "true" : "false", request,
             response.findings ? response.findings : "");
    g_free(request);
}

/* The caller frees it. `what` is an id and a severity (CODEC). */
static char *finding(const char *what, unsigned frame, const char *text, const char *evidence)
{
    return g_strdup_printf("{'id':%s,'category':'media','inferred':false,'title':'about %u',"
                           "'text':'%s','fix':null,'fixes':['Both sides: Enable a common codec.',"
                           "'You: Look at it.'],'frame':%u,'evidence':[%s]}",
                           what, frame, text, frame, evidence);
}

/* What differs between calls; {0} is a fine one that was answered. */
typedef struct {
    bool is_other; /* no call */
    const char *method;
    const char *outcome;
    unsigned code;
    unsigned code_in;
    const char *severity;
    const char *leading; /* id; in frame code_in */
    unsigned bare;
    const char *pdd;
    const char *from;
    const char *to;
    const char *findings;
} Call;

static char *number_or_null(unsigned number)
{
    return number ? g_strdup_printf("%u", number) : g_strdup("null");
}

static void add_call(Kit *kit, const char *id, unsigned first, Call call)
{
    char *code = number_or_null(call.code);
    char *code_in = number_or_null(call.code_in);
    char *bare = number_or_null(call.bare);
    char *leading = call.leading
                        ? g_strdup_printf("{'id':'%s','frame':%u}", call.leading, call.code_in)
                        : g_strdup("null");
    char *outcome = call.is_other
                        ? g_strdup("null")
                        : g_strdup_printf("'%s'", call.outcome ? call.outcome : "answered");

    kit_line(kit,
             "{'type':'call','call_id':'%s','is_call':%s,'method':'%s','from':'%s','to':'%s',"
             "'outcome':%s,'final_code':%s,'final_in':%s,'first_in':%u,'pdd':%s,'messages':2,"
             "'client':'" CLIENT "','server':'" SERVER "','agent':'Phone/1','server_agent':'PBX 2',"
             "'severity':'%s','leading':%s,'bare':%s,'findings':[%s]}",
             id, call.is_other ? "false" : "true", call.method ? call.method : "INVITE",
             call.from ? call.from : "sip:alice@example.com",
             call.to ? call.to : "sip:bob@example.org", outcome, code, code_in, first,
             call.pdd ? call.pdd : "null", call.severity ? call.severity : "chat", leading, bare,
             call.findings ? call.findings : "");
    g_free(outcome);
    g_free(leading);
    g_free(bare);
    g_free(code_in);
    g_free(code);
}

/* An INVITE in that frame, and its response in the next. */
static void add_invite(Kit *kit, const char *id, unsigned frame, unsigned code, Response response,
                       Call call)
{
    response.request_in = frame;
    call.code = code;
    call.code_in = frame + 1;
    add_request(kit, frame, "INVITE", id, CLIENT, SERVER);
    add_response(kit, frame + 1, code, "INVITE", id, SERVER, CLIENT, response);
    add_call(kit, id, frame, call);
}

static void add_answered(Kit *kit, const char *id, unsigned frame)
{
    add_invite(kit, id, frame, 200, (Response){0}, (Call){.pdd = "0.5"});
}

static void add_busy(Kit *kit, const char *id, unsigned frame)
{
    add_invite(kit, id, frame, 486, (Response){.severity = "note"},
               (Call){.outcome = "failed", .severity = "note", .bare = frame + 1});
}

static void add_no_codec(Kit *kit, const char *id, unsigned frame)
{
    char *findings = finding(CODEC, frame + 1, "No codec is in both.", "1, 2");

    add_invite(kit, id, frame, 488, (Response){.severity = "warn", .findings = findings},
               (Call){.outcome = "failed", .severity = "warn", .leading = "no-common-codec"});
    g_free(findings);
}

static void add_not_found(Kit *kit, const char *id, unsigned frame)
{
    add_invite(kit, id, frame, 404, (Response){.severity = "warn", .origin = "proxy"},
               (Call){.outcome = "failed", .severity = "warn", .bare = frame + 1});
}

/* ---- what is written ---- */

static SipwhyLanguage french(void)
{
    SipwhyLanguage language = 0;

    g_assert_true(sipwhy_language_find("fr", &language));
    return language;
}

static char *page_text(const Kit *kit, SipwhyLanguage language, unsigned width)
{
    const SipwhyTextStyle style = {.colour = FALSE, .width = width};
    SipwhyPage *page = sipwhy_diagnosis_page(kit->diagnosis, language);
    GString *text = g_string_new(NULL);

    sipwhy_render_text(text, page, &style);
    sipwhy_page_free(page);
    return g_string_free(text, FALSE);
}

static char *markdown(const Kit *kit)
{
    SipwhyPage *page = sipwhy_diagnosis_page(kit->diagnosis, 0);
    GString *text = g_string_new(NULL);

    sipwhy_render_markdown(text, page);
    sipwhy_page_free(page);
    return g_string_free(text, FALSE);
}

static char *csv(const Kit *kit)
{
    GString *text = g_string_new(NULL);

    sipwhy_diagnosis_csv(text, kit->diagnosis, 0);
    return g_string_free(text, FALSE);
}

/* Read back as a machine would. */
static JsonNode *json(const Kit *kit, SipwhyLanguage language)
{
    GString *text = g_string_new(NULL);
    GError *error = NULL;

    sipwhy_diagnosis_json(text, kit->diagnosis, language);
    g_assert_true(g_str_has_suffix(text->str, "}\n"));
    g_assert_true(g_utf8_validate(text->str, -1, NULL));
    JsonNode *node = json_from_string(text->str, &error);
    g_assert_no_error(error);
    g_assert_true(JSON_NODE_HOLDS_OBJECT(node));
    g_string_free(text, TRUE);
    return node;
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

static unsigned count_lines(const char *text)
{
    unsigned count = 0;

    for (; (text = strchr(text, '\n')); text++)
        count++;
    return count;
}

static const SipwhyCase *case_at(const SipwhyDiagnosis *diagnosis, unsigned n)
{
    g_assert_cmpuint(n, <, diagnosis->cases->len);
    return diagnosis->cases->pdata[n];
}

static void assert_case(const SipwhyDiagnosis *diagnosis, unsigned n, const char *id, size_t kind)
{
    g_assert_cmpstr(case_at(diagnosis, n)->call->call_id, ==, id);
    g_assert_cmpuint(case_at(diagnosis, n)->kind, ==, kind);
}

/* ---- the model ---- */

static void test_order(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_answered(&kit, "fine", 1);
    add_busy(&kit, "busy", 3);
    add_no_codec(&kit, "codec", 5);
    add_not_found(&kit, "gone 1", 7);
    add_not_found(&kit, "gone 2", 9);
    add_request(&kit, 11, "REGISTER", "lost", CLIENT, SERVER);
    add_call(&kit, "lost", 11, (Call){.is_other = true, .method = "REGISTER", .severity = "error"});
    add_request(&kit, 12, "INVITE", "open", CLIENT, SERVER);
    add_call(&kit, "open", 12, (Call){.outcome = "unanswered"});
    kit_close(&kit);
    const SipwhyDiagnosis *diagnosis = kit_diagnose(&kit);
    assert_case(diagnosis, 0, "lost", 1);
    assert_case(diagnosis, 1, "gone 1", 2);
    assert_case(diagnosis, 2, "gone 2", 2);
    assert_case(diagnosis, 3, "codec", 3);
    assert_case(diagnosis, 4, "busy", 4);
    assert_case(diagnosis, 5, "open", 5);
    assert_case(diagnosis, 6, "fine", 6);
    g_assert_cmpuint(diagnosis->cases->len, ==, 7);
    g_assert_cmpuint(diagnosis->calls, ==, 6);
    g_assert_cmpuint(diagnosis->outcomes[SIPWHY_OUTCOME_FAILED], ==, 4);
    g_assert_cmpuint(diagnosis->outcomes[SIPWHY_OUTCOME_UNANSWERED], ==, 1);
    /* nobody answered: that is at least worth a note */
    g_assert_cmpuint(diagnosis->by_severity[SIPWHY_SEVERITY_NOTE], ==, 2);
    g_assert_cmpuint(diagnosis->by_severity[SIPWHY_SEVERITY_CHAT], ==, 1);
    g_assert_cmpint(diagnosis->last_time - diagnosis->first_time, ==, 11000);
    kit_clear(&kit);
}

/* A call with many findings, of which one that is chat leads. */
static void add_mixed(Kit *kit)
{
    static const char phrase[] = "'phrase-carries-cause','severity':'chat'";
    char *chat = finding("'challenge-answered','severity':'chat'", 3, "x", "");
    char *mild = finding("'slow-answer','severity':'note'", 4, "x", "");
    char *first = finding(CODEC, 4, "One.", "");
    char *second = finding(CODEC, 6, "Other.", "");
    char *lead = finding(phrase, 6, "x", "");
    char *on_fourth = g_strdup_printf("%s,%s", mild, first);
    char *on_sixth = g_strdup_printf("%s,%s", second, lead);

    add_request(kit, 2, "INVITE", "a", CLIENT, SERVER);
    add_response(kit, 3, 401, "INVITE", "a", SERVER, CLIENT, (Response){.findings = chat});
    add_response(kit, 4, 183, "INVITE", "a", SERVER, CLIENT, (Response){.findings = on_fourth});
    add_response(kit, 5, 183, "INVITE", "a", SERVER, CLIENT, (Response){.repeated = true});
    add_response(kit, 6, 500, "INVITE", "a", SERVER, CLIENT,
                 (Response){.severity = "warn", .findings = on_sixth, .request_in = 2});
    add_response(kit, 7, 503, "INVITE", "a", SERVER, CLIENT, (Response){.quoted = true});
    add_call(kit, "a", 2,
             (Call){.outcome = "failed",
                    .code = 500,
                    .code_in = 6,
                    .severity = "warn",
                    .leading = "phrase-carries-cause"});
    g_free(on_sixth);
    g_free(on_fourth);
    g_free(lead);
    g_free(second);
    g_free(first);
    g_free(mild);
    g_free(chat);
}

static void test_findings(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_mixed(&kit);
    kit_close(&kit);
    const SipwhyDiagnosis *diagnosis = kit_diagnose(&kit);
    const SipwhyCase *one = case_at(diagnosis, 0);
    static const char *const ids[] = {"phrase-carries-cause", "no-common-codec", "slow-answer"};
    g_assert_cmpuint(one->findings->len, ==, G_N_ELEMENTS(ids));
    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++) {
        const SipwhyRecordedFinding *known = one->findings->pdata[i];
        g_assert_cmpstr(known->id, ==, ids[i]);
    }
    g_assert_cmpuint(one->all->len, ==, 5);
    kit_clear(&kit);
}

static void assert_tally(const GPtrArray *tallies, unsigned n, const char *name, size_t messages,
                         size_t calls)
{
    g_assert_cmpuint(n, <, tallies->len);
    const SipwhyTally *tally = tallies->pdata[n];
    g_assert_cmpstr(tally->name, ==, name);
    g_assert_cmpuint(tally->messages, ==, messages);
    g_assert_cmpuint(tally->calls, ==, calls);
}

static void test_tables(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_mixed(&kit);
    add_no_codec(&kit, "b", 9);
    kit_close(&kit);
    const SipwhyDiagnosis *diagnosis = kit_diagnose(&kit);
    /* what is quoted was never received, and a repeat is the same once more */
    g_assert_cmpuint(diagnosis->responses, ==, 4);
    g_assert_cmpuint(diagnosis->codes->len, ==, 4);
    assert_tally(diagnosis->codes, 0, "183", 1, 1);
    assert_tally(diagnosis->codes, 1, "401", 1, 1);
    assert_tally(diagnosis->codes, 2, "488", 1, 1);
    assert_tally(diagnosis->codes, 3, "500", 1, 1);
    g_assert_cmpuint(diagnosis->findings->len, ==, 2);
    assert_tally(diagnosis->findings, 0, "no-common-codec", 3, 2);
    assert_tally(diagnosis->findings, 1, "slow-answer", 1, 1);
    kit_clear(&kit);
}

/* ---- text ---- */

static void test_text(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_no_codec(&kit, "a@x", 1);
    kit_close(&kit);
    kit_diagnose(&kit);
    char *text = page_text(&kit, 0, 0);
    g_assert_cmpstr(text, ==,
                    "SIP Why: diagnosis\n"
                    "  File     a.pcap\n"
                    "  Packets  7 with SIP; responses: 1\n"
                    "  Time     2026-01-15 09:00:00.001 to 2026-01-15 09:00:00.002 UTC, 1 ms\n"
                    "  Calls    1 failed\n"
                    "  Cases    1; 1 Warn\n"
                    "\n"
                    "By finding, worst first\n"
                    "  Warn  No codec in common (cases: 1, messages: 1) [no-common-codec]\n"
                    "\n"
                    "By code\n"
                    "  488  Not Acceptable Here (cases: 1, responses: 1)\n"
                    "\n"
                    "1. Call failed: 488 Not Acceptable Here in frame 2 - about 2\n"
                    "  Who       sip:alice@example.com -> sip:bob@example.org\n"
                    "  Path      " CLIENT " -> " SERVER ", UDP, frames 1 to 2\n"
                    "  Time      2026-01-15 09:00:00.001 UTC, final response after 1 ms\n"
                    "  Software  Phone/1 (client), PBX 2 (server)\n"
                    "  Warn      No codec is in both. (frames 1, 2)\n"
                    "  Do        Both sides: Enable a common codec.\n"
                    "  Do        You: Look at it.\n"
                    "  Sent by   Nothing in this trace tells whether " SERVER
                    " made it or passed it on.\n"
                    "  Filter    sip.Call-ID == \"a@x\"\n"
                    "\n"
                    "Filters\n"
                    "  They are Wireshark's display filters; in a terminal: tshark -2 -r FILE -Y "
                    "'FILTER'. What stands in brackets is shown by sipwhy.finding == \"ID\" or "
                    "sipwhy.code == CODE.\n");
    g_free(text);
    kit_clear(&kit);
}

/* What no finding explains, the table of codes does; who made it is told by the hops behind. */
static void test_unexplained(void)
{
    static const char callee[] = "203.0.113.20:5060";
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_request(&kit, 1, "INVITE", "a", CLIENT, SERVER);
    add_request(&kit, 2, "INVITE", "a", SERVER, callee);
    add_response(&kit, 3, 404, "INVITE", "a", callee, SERVER,
                 (Response){.severity = "warn", .origin = "user-agent", .request_in = 2});
    add_response(&kit, 4, 404, "INVITE", "a", SERVER, CLIENT,
                 (Response){.severity = "warn", .origin = "user-agent", .request_in = 1});
    add_call(&kit, "a", 1,
             (Call){.outcome = "failed", .code = 404, .code_in = 4, .severity = "warn", .bare = 4});
    kit_close(&kit);
    kit_diagnose(&kit);
    char *text = page_text(&kit, 0, 0);
    assert_has(text, "1. Call failed: 404 Not Found in frame 4\n");
    assert_has(text, CLIENT " -> " SERVER " -> 203.0.113.20:5060, UDP, frames 1 to 4\n");
    assert_has(text, "  Often     The number or name is not provisioned");
    assert_has(text, "  Do        You: Read the Request-URI");
    assert_has(text, "  More      sipwhy explain 404\n");
    assert_has(text, "application server). It came from 203.0.113.20:5060.\n");
    g_free(text);
    char *fix = sipwhy_case_fix(case_at(kit.diagnosis, 0), 0);
    g_assert_true(g_str_has_prefix(fix, "You: Read the Request-URI"));
    g_free(fix);
    kit_clear(&kit);
}

/* Ten thousand calls stay readable: the first in full, some in a line, the others counted. */
static void test_many(void)
{
    enum { CALLS = 10000 };
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    for (unsigned i = 0; i < CALLS; i++) {
        char *id = g_strdup_printf("call-%u@x", i);
        if (i % 10 == 0)
            add_answered(&kit, id, 2 * i + 1);
        else
            add_no_codec(&kit, id, 2 * i + 1);
        g_free(id);
    }
    kit_close(&kit);
    kit_diagnose(&kit);
    char *text = page_text(&kit, 0, 100);
    g_assert_cmpuint(count_lines(text), <, 100);
    assert_has(text, "\n3. Call failed");
    assert_has(text, "  Do        as in 1\n");
    assert_has(text, "The same as 1: 8997 more\n  - 4: sip:alice@example.com -> ");
    assert_has(text, "8987 more of this kind; --format csv or json names each of them\n");
    assert_has(text, "  At        " SERVER " (9000)\n");
    assert_has(text, "Nothing to repair\n  - 9001: Call answered: 200 OK in frame 2. sip:alice");
    assert_has(text, "995 more of this kind;");
    g_free(text);
    text = csv(&kit);
    g_assert_cmpuint(count_lines(text), ==, 1 + CALLS);
    g_free(text);
    JsonNode *node = json(&kit, 0);
    JsonArray *cases = json_object_get_array_member(json_node_get_object(node), "cases");
    g_assert_cmpuint(json_array_get_length(cases), ==, CALLS);
    json_node_unref(node);
    kit_clear(&kit);
}

static void test_several_files(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_answered(&kit, "same", 1);
    kit_close(&kit);
    kit_open(&kit, "b.pcap");
    add_not_found(&kit, "same", 1);
    kit_close(&kit);
    kit_fail(&kit, "c.pcap", "this is no capture");
    kit_diagnose(&kit);
    char *text = page_text(&kit, 0, 0);
    g_assert_true(
        g_str_has_prefix(text, "SIP Why: diagnosis\n\n"
                               "Not read, or not to the end\n  - c.pcap: this is no capture\n"));
    assert_has(text, "  - a.pcap: 7 packets with SIP; calls: 1 answered\n"
                     "  - b.pcap: 7 packets with SIP; calls: 1 failed\n");
    assert_has(text, "  File      b.pcap\n");
    assert_has(text, "a.pcap, frame 1, 2026-01-15 09:00:00.001, post-dial delay 500 ms\n");
    g_free(text);
    text = csv(&kit);
    assert_has(text, "\r\n,,,c.pcap,");
    assert_has(text, ",this is no capture,,\r\n");
    g_free(text);
    kit_clear(&kit);
}

static void test_nothing(void)
{
    Kit kit = {.filter = ",'filter':'sip.Method == X'"};

    kit_open(&kit, "a.pcap");
    kit_close(&kit);
    kit_diagnose(&kit);
    char *text = page_text(&kit, 0, 0);
    g_assert_cmpstr(text, ==,
                    "SIP Why: diagnosis\n"
                    "  File    a.pcap\n"
                    "  Filter  sip.Method == X\n"
                    "  No SIP message passes this filter.\n");
    g_free(text);
    kit_clear(&kit);
    kit = (Kit){0};
    kit_fail(&kit, "c.pcap", "no such file");
    kit_diagnose(&kit);
    text = page_text(&kit, 0, 0);
    g_assert_cmpstr(
        text, ==, "SIP Why: diagnosis\n\nNot read, or not to the end\n  - c.pcap: no such file\n");
    g_free(text);
    kit_clear(&kit);
}

static void test_fine(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_answered(&kit, "a", 1);
    add_request(&kit, 3, "REGISTER", "r", CLIENT, SERVER);
    add_response(&kit, 4, 200, "REGISTER", "r", SERVER, CLIENT, (Response){.request_in = 3});
    add_call(&kit, "r", 3,
             (Call){.is_other = true,
                    .method = "REGISTER",
                    .code = 200,
                    .code_in = 4,
                    .to = "sip:alice@example.com"});
    kit_close(&kit);
    kit_diagnose(&kit);
    char *text = page_text(&kit, 0, 0);
    assert_has(text, "  Outside calls  1 REGISTER\n");
    assert_has(text, "  Nothing here calls for repair.\n");
    assert_has(text, "  - 2: REGISTER answered: 200 OK in frame 4. sip:alice@example.com, frame 3, "
                     "2026-01-15 09:00:00.003\n");
    assert_lacks(text, "By finding");
    g_free(text);
    kit_clear(&kit);
}

/* ---- hostile input ---- */

static void add_hostile(Kit *kit)
{
    add_invite(kit, "=cmd|\\u0022a\\u0022,b", 1, 404,
               (Response){.severity = "warn", .phrase = "<b>|\\u001b[31m"},
               (Call){.outcome = "failed",
                      .severity = "warn",
                      .bare = 2,
                      .from = "=1+1,<script>alert(1)</script>",
                      .to = "sip:a|b`*_[x](http://evil)\\u001b]0;x\\u0007\\u000a\\u202e@x"});
    add_invite(kit, "zero", 3, 0, (Response){.severity = "warn", .phrase = "\\u000d\\u000a@x"},
               (Call){.outcome = "failed", .severity = "warn", .bare = 4, .from = "@SUM(A1)"});
}

static void test_hostile(void)
{
    Kit kit = {0};

    kit_open(&kit, "-x|<i>.pcap");
    kit_line(&kit, "{'type':'unknown'}");
    add_hostile(&kit);
    kit_close(&kit);
    kit_diagnose(&kit);
    char *text = page_text(&kit, 0, 0);
    assert_lacks(text, "\033");
    assert_lacks(text, "\007");
    assert_lacks(text, "\xe2\x80\xae"); /* U+202E */
    g_free(text);
    text = markdown(&kit);
    assert_lacks(text, "<script>");
    assert_lacks(text, "[x](");
    assert_has(text, "\\<script\\>");
    assert_has(text, "a\\|b\\`\\*\\_\\[x\\]");
    g_free(text);
    text = csv(&kit);
    assert_has(text, ",\"'=cmd|\"\"a\"\",b\",");
    assert_has(text, ",\"'=1+1,<script>alert(1)</script>\",");
    assert_has(text, ",'@SUM(A1),");
    assert_has(text, ",'-x|<i>.pcap,");
    g_assert_cmpuint(count_lines(text), ==, 3);
    g_free(text);
    json_node_unref(json(&kit, french()));
    kit_clear(&kit);
}

/* ---- CSV and JSON ---- */

static unsigned count_cells(const char *line)
{
    unsigned cells = 1;
    bool quoted = false;

    for (; *line && *line != '\r'; line++) {
        if (*line == '"')
            quoted = !quoted;
        cells += *line == ',' && !quoted;
    }
    return cells;
}

static void test_csv(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_no_codec(&kit, "a", 1);
    add_answered(&kit, "b", 3);
    kit_close(&kit);
    kit_fail(&kit, "c.pcap", "cut");
    kit_diagnose(&kit);
    char *text = csv(&kit);
    char **lines = g_strsplit(text, "\r\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 5);
    for (unsigned i = 1; i < 4; i++)
        g_assert_cmpuint(count_cells(lines[i]), ==, count_cells(lines[0]));
    g_assert_cmpstr(lines[2], ==,
                    "1,1,warn,a.pcap,a,INVITE,true,failed,488,2,no-common-codec,2,about 2,,,"
                    "sip:alice@example.com,sip:bob@example.org,2026-01-15T09:00:00.001000Z,"
                    "2026-01-15T09:00:00.002000Z,,1,2,2," CLIENT "," SERVER
                    ",Phone/1,PBX 2,Both sides: Enable a common codec.,,,");
    g_assert_cmpstr(lines[3], ==,
                    "2,2,chat,a.pcap,b,INVITE,true,answered,200,4,,,,,,"
                    "sip:alice@example.com,sip:bob@example.org,2026-01-15T09:00:00.003000Z,"
                    "2026-01-15T09:00:00.004000Z,0.500000,3,4,2," CLIENT "," SERVER
                    ",Phone/1,PBX 2,,,,");
    g_strfreev(lines);
    g_free(text);
    kit_clear(&kit);
}

static void test_json(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_not_found(&kit, "a", 1);
    add_mixed(&kit);
    kit_close(&kit);
    kit_fail(&kit, "c.pcap", "no capture");
    kit_fail(&kit, "a.pcap", "cut");
    kit_diagnose(&kit);
    JsonNode *node = json(&kit, 0);
    JsonObject *root = json_node_get_object(node);
    g_assert_cmpstr(json_object_get_string_member(root, "language"), ==, "en");
    JsonArray *files = json_object_get_array_member(root, "files");
    g_assert_cmpuint(json_array_get_length(files), ==, 2);
    JsonObject *file = json_array_get_object_element(files, 0);
    g_assert_cmpstr(json_object_get_string_member(file, "file"), ==, "a.pcap");
    g_assert_cmpstr(json_object_get_string_member(file, "error"), ==, "cut");
    g_assert_cmpint(json_object_get_int_member(file, "calls"), ==, 2);
    JsonArray *cases = json_object_get_array_member(root, "cases");
    g_assert_cmpuint(json_array_get_length(cases), ==, 2);
    JsonObject *one = json_array_get_object_element(cases, 0);
    g_assert_cmpint(json_object_get_int_member(one, "final_code"), ==, 404);
    JsonObject *bare = json_object_get_object_member(one, "bare");
    g_assert_cmpint(json_object_get_int_member(bare, "frame"), ==, 2);
    one = json_array_get_object_element(cases, 1);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(one, "findings")), ==, 5);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(one, "messages")), ==, 6);
    json_node_unref(node);
    kit_clear(&kit);
}

/* ---- languages, and twice the same ---- */

static void test_french(void)
{
    Kit kit = {0};

    kit_open(&kit, "a.pcap");
    add_mixed(&kit);
    add_not_found(&kit, "b", 9);
    add_busy(&kit, "c", 11);
    add_answered(&kit, "d", 13);
    kit_close(&kit);
    kit_fail(&kit, "c.pcap", "x");
    kit_diagnose(&kit);
    char *text = page_text(&kit, french(), 0);
    char *again = page_text(&kit, french(), 0);
    g_assert_cmpstr(text, ==, again);
    assert_has(text, "Par code\n");
    assert_lacks(text, "{");
    assert_lacks(text, "frame");
    g_free(again);
    g_free(text);
    kit_clear(&kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diagnosis/order", test_order);
    g_test_add_func("/diagnosis/findings", test_findings);
    g_test_add_func("/diagnosis/tables", test_tables);
    g_test_add_func("/diagnosis/text", test_text);
    g_test_add_func("/diagnosis/unexplained", test_unexplained);
    g_test_add_func("/diagnosis/many", test_many);
    g_test_add_func("/diagnosis/several-files", test_several_files);
    g_test_add_func("/diagnosis/nothing", test_nothing);
    g_test_add_func("/diagnosis/fine", test_fine);
    g_test_add_func("/diagnosis/hostile", test_hostile);
    g_test_add_func("/diagnosis/csv", test_csv);
    g_test_add_func("/diagnosis/json", test_json);
    g_test_add_func("/diagnosis/french", test_french);
    return g_test_run();
}
