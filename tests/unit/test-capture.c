/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture as reports see it: what is collected, its calls, their findings, its JSON Lines.
 */
#include "report/capture.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "report/capture_json.h"
#include "trace-kit.h"

#define HOP "10.0.0.1>10.0.0.2"

/* Collects the message of a frame as the trace has it, with or without its bytes. */
static void collect(SipwhyCapture *capture, Kit *kit, unsigned frame, bool bytes)
{
    SipwhyMessage message;
    const SipwhySubject subject = kit_subject(kit, frame, &message);
    const SipwhyPacket packet = {
        .frame = frame, .time = subject.event->time, .quoted = subject.event->quoted};

    sipwhy_capture_add(capture, subject.event, &packet, bytes ? subject.message : NULL);
}

static JsonArray *write_lines(const SipwhyCapture *capture, Kit *kit, const char *filter)
{
    const SipwhyReportSettings settings = {
        .trace = kit_trace(kit), .filter = filter, .version = "1"};
    JsonArray *lines = json_array_new();
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    sipwhy_trace_set_whole(kit_trace(kit), true);
    sipwhy_capture_write_json(capture, &settings, out);
    fclose(out);
    char **split = g_strsplit(text, "\n", -1);
    for (char **line = split; **line; line++) {
        GError *error = NULL;
        JsonNode *node = json_from_string(*line, &error);
        g_assert_no_error(error);
        json_array_add_element(lines, node);
    }
    g_strfreev(split);
    free(text);
    return lines;
}

/* The n-th line of a type. */
static JsonObject *line_of(JsonArray *lines, const char *type, guint n)
{
    for (guint i = 0; i < json_array_get_length(lines); i++) {
        JsonObject *line = json_array_get_object_element(lines, i);
        if (strcmp(json_object_get_string_member(line, "type"), type) == 0 && n-- == 0)
            return line;
    }
    g_error("there is no such %s", type);
}

static void test_empty(void)
{
    Kit *kit = kit_new();
    SipwhyCapture *capture = sipwhy_capture_new();
    JsonArray *lines = write_lines(capture, kit, NULL);

    g_assert_cmpuint(json_array_get_length(lines), ==, 1);
    g_assert_cmpint(json_object_get_int_member(line_of(lines, "summary", 0), "packets"), ==, 0);
    g_assert_false(json_object_has_member(line_of(lines, "summary", 0), "filter"));
    json_array_unref(lines);
    sipwhy_capture_free(capture);
    sipwhy_capture_free(NULL);
    kit_free(kit);
}

static void test_call(void)
{
    Kit *kit = kit_new();
    SipwhyCapture *capture = sipwhy_capture_new();

    kit_say(kit, 0, HOP, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 1, "10.0.0.2>10.0.0.1", NULL, "180 Ringing");
    kit_say(kit, 2, "10.0.0.2>10.0.0.1", NULL, "486 Busy Here");
    kit_say(kit, 2, HOP, NULL, "ACK sip:b@example.com");
    for (unsigned frame = 1; frame <= 4; frame++)
        collect(capture, kit, frame, true);
    g_assert_cmpuint(sipwhy_capture_count(capture), ==, 4);
    g_assert_cmpuint(sipwhy_capture_packets(capture), ==, 4);
    g_assert_null(sipwhy_capture_call(capture, 1));

    JsonArray *lines = write_lines(capture, kit, "sip");
    JsonObject *call = line_of(lines, "call", 0);
    g_assert_cmpuint(json_array_get_length(lines), ==, 6);
    g_assert_true(json_object_get_boolean_member(call, "is_call"));
    g_assert_cmpint(json_object_get_int_member(call, "bare"), ==, 3);
    g_assert_true(json_object_get_null_member(call, "leading"));
    g_assert_cmpstr(json_object_get_string_member(call, "client"), ==, "10.0.0.1:5060");
    g_assert_cmpint(json_object_get_int_member(line_of(lines, "request", 0), "response_in"), ==, 3);
    g_assert_true(json_object_get_null_member(line_of(lines, "request", 1), "response_in"));
    g_assert_false(json_object_has_member(line_of(lines, "response", 1), "causes"));
    g_assert_cmpstr(json_object_get_string_member(call, "outcome"), ==, "failed");
    g_assert_cmpstr(json_object_get_string_member(call, "severity"), ==, "note");
    g_assert_cmpint(json_object_get_int_member(call, "final_in"), ==, 3);
    g_assert_cmpfloat(json_object_get_double_member(call, "pdd"), ==, 1.0);
    g_assert_cmpstr(json_object_get_string_member(line_of(lines, "summary", 0), "filter"), ==,
                    "sip");
    json_array_unref(lines);

    sipwhy_capture_clear(capture);
    g_assert_cmpuint(sipwhy_capture_count(capture), ==, 0);
    g_assert_cmpuint(sipwhy_capture_packets(capture), ==, 0);
    g_assert_null(sipwhy_capture_call(capture, 0));
    sipwhy_capture_free(capture);
    kit_free(kit);
}

/* A request that nobody answered has no response to stand on, and says it once. */
static void test_unanswered(void)
{
    Kit *kit = kit_new();
    SipwhyCapture *capture = sipwhy_capture_new();

    kit_say(kit, 0, HOP, NULL, "OPTIONS sip:b@example.com");
    kit_repeat(kit, 0.5, 1);
    kit_repeat(kit, 1.5, 1);
    kit_wait(kit, 40);
    for (unsigned frame = 1; frame <= 3; frame++)
        collect(capture, kit, frame, true);
    JsonArray *lines = write_lines(capture, kit, NULL);
    JsonObject *call = line_of(lines, "call", 0);
    JsonArray *findings = json_object_get_array_member(call, "findings");
    GHashTable *said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    JsonObject *leading = json_object_get_object_member(call, "leading");
    bool leads = false;
    g_assert_true(json_object_get_null_member(call, "outcome"));
    g_assert_cmpuint(json_array_get_length(findings), >, 0);
    g_assert_nonnull(leading);
    for (guint i = 0; i < json_array_get_length(findings); i++) {
        JsonObject *one = json_array_get_object_element(findings, i);
        JsonNode *evidence = json_object_get_member(one, "evidence");
        char *frames = json_to_string(evidence, FALSE);
        g_assert_true(g_hash_table_add(
            said, g_strconcat(json_object_get_string_member(one, "id"), frames, NULL)));
        g_free(frames);
        leads |= strcmp(json_object_get_string_member(one, "id"),
                        json_object_get_string_member(leading, "id")) == 0 &&
                 json_object_get_int_member(one, "frame") ==
                     json_object_get_int_member(leading, "frame");
    }
    g_assert_true(leads);
    g_hash_table_destroy(said);
    json_array_unref(lines);
    sipwhy_capture_free(capture);
    kit_free(kit);
}

/* What an ICMP error quotes has no transaction, but belongs to its call all the same. */
static void test_quoted(void)
{
    Kit *kit = kit_new();
    SipwhyCapture *capture = sipwhy_capture_new();

    kit_say(kit, 0, HOP, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 1, "10.0.0.2>10.0.0.1", NULL, "486 Busy Here");
    kit_unreachable(kit, 1, 2);
    collect(capture, kit, 3, true); /* also before its call is known */
    collect(capture, kit, 1, true);
    collect(capture, kit, 2, true);
    g_assert_nonnull(sipwhy_capture_call(capture, 0)->call);
    g_assert_null(sipwhy_capture_call(capture, 1));

    JsonArray *lines = write_lines(capture, kit, NULL);
    JsonObject *summary = line_of(lines, "summary", 0);
    JsonObject *quoted = line_of(lines, "response", 0);
    g_assert_true(json_object_get_boolean_member(quoted, "quoted"));
    g_assert_false(json_object_has_member(quoted, "severity"));
    g_assert_true(json_object_has_member(line_of(lines, "response", 1), "severity"));
    g_assert_cmpint(json_object_get_int_member(summary, "responses"), ==, 1);
    g_assert_cmpint(json_object_get_int_member(summary, "quoted"), ==, 1);
    json_array_unref(lines);
    sipwhy_capture_free(capture);
    kit_free(kit);
}

static void test_no_bytes(void)
{
    Kit *kit = kit_new();
    SipwhyCapture *capture = sipwhy_capture_new();

    kit_say(kit, 0, HOP, NULL, "INVITE sip:b@example.com");
    kit_say(kit, 1, "10.0.0.2>10.0.0.1", NULL, "999 \xff\xfe");
    kit_say(kit, 1, "10.0.0.2>10.0.0.1", NULL, "486 Busy Here");
    for (unsigned frame = 1; frame <= 3; frame++)
        collect(capture, kit, frame, false);
    JsonArray *lines = write_lines(capture, kit, NULL);
    JsonObject *request = line_of(lines, "request", 0);
    JsonObject *refusal = line_of(lines, "response", 1);
    g_assert_cmpstr(json_object_get_string_member(request, "method"), ==, "INVITE");
    g_assert_true(json_object_get_null_member(request, "agent"));
    g_assert_false(json_object_get_boolean_member(request, "sdp"));
    g_assert_cmpint(json_object_get_int_member(line_of(lines, "response", 0), "code"), ==, 999);
    g_assert_cmpstr(json_object_get_string_member(refusal, "call_id"), ==, "c1");
    g_assert_cmpstr(json_object_get_string_member(refusal, "method"), ==, "INVITE");
    g_assert_true(json_object_get_null_member(refusal, "from"));
    json_array_unref(lines);
    sipwhy_capture_free(capture);
    kit_free(kit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capture/empty", test_empty);
    g_test_add_func("/capture/call", test_call);
    g_test_add_func("/capture/unanswered", test_unanswered);
    g_test_add_func("/capture/quoted", test_quoted);
    g_test_add_func("/capture/no-bytes", test_no_bytes);
    return g_test_run();
}
