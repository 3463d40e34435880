/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The reader of -z sipwhy,json, on lines as they are documented and on damaged ones.
 */
#include "recording/recording.h"

#include <string.h>

#define PLACE                                                                          \
    "\"src\":\"192.0.2.1:5060\",\"dst\":\"[2001:db8::9]:5060\",\"transport\":\"UDP\"," \
    "\"quoted\":false,\"repeated\":false,"
#define FINDING(id, frame)                                                                    \
    "{\"id\":\"" id "\",\"severity\":\"warn\",\"category\":\"media\",\"inferred\":true,"      \
    "\"title\":\"no codec\",\"text\":\"Of <b>\\\"none\\\"</b>.\",\"fix\":\"Caller: offer.\"," \
    "\"fixes\":[\"Caller: offer.\",\"Callee: take.\"],\"frame\":" frame ",\"evidence\":[1,2]}"
#define REQUEST                                                                              \
    "{\"type\":\"request\",\"frame\":1,\"time\":\"2026-11-20T09:00:00.123456Z\","            \
    "\"method\":\"INVITE\",\"call_id\":\"a\",\"from\":\"sip:a@x\",\"to\":\"sip:b@x\"," PLACE \
    "\"agent\":\"Phone/1\",\"sdp\":true,\"response_in\":2}"
#define RESPONSE                                                                                \
    "{\"type\":\"response\",\"frame\":2,\"time\":\"1969-12-31T23:59:59.999999Z\","              \
    "\"code\":488,\"phrase\":\"Not Acceptable Here\",\"wire_phrase\":\"No\",\"call_id\":\"a\"," \
    "\"method\":\"INVITE\",\"severity\":\"error\",\"expected\":false,\"origin\":\"user-"        \
    "agent\"," PLACE "\"agent\":null,\"sdp\":false,\"request_in\":1,\"outcome_in\":null,"       \
    "\"findings\":[" FINDING("no-common-codec", "2") "]}"
#define QUOTED                                                                                     \
    "{\"type\":\"response\",\"frame\":7,\"time\":null,\"code\":0,\"wire_phrase\":\"\","            \
    "\"call_id\":null,\"method\":null,\"src\":\"fe80::1\",\"dst\":\"fe80::1\",\"transport\":null," \
    "\"quoted\":true,\"repeated\":true,\"agent\":null,\"sdp\":false,\"origin\":\"unknown\","       \
    "\"request_in\":null,\"outcome_in\":9,\"findings\":[]}"
#define CALL                                                                                 \
    "{\"type\":\"call\",\"call_id\":\"a\",\"method\":\"INVITE\",\"from\":\"sip:a@x\","       \
    "\"to\":null,\"is_call\":true,\"outcome\":\"failed\",\"final_code\":488,\"final_in\":2," \
    "\"first_in\":1,\"pdd\":1.5,\"client\":\"192.0.2.1:5060\",\"server\":null,"              \
    "\"agent\":\"Phone/1\",\"server_agent\":null,\"messages\":2,\"severity\":\"error\","     \
    "\"leading\":{\"id\":\"no-common-codec\",\"frame\":2},\"bare\":2,"                       \
    "\"findings\":[" FINDING("never-acknowledged", "1") "]}"
#define NO_CALL                                                                      \
    "{\"type\":\"call\",\"call_id\":null,\"method\":null,\"from\":null,\"to\":null," \
    "\"is_call\":false,\"outcome\":null,\"final_code\":null,\"final_in\":null,"      \
    "\"first_in\":7,\"pdd\":null,\"client\":null,\"server\":null,\"agent\":null,"    \
    "\"server_agent\":null,\"messages\":1,\"severity\":\"chat\",\"leading\":null,"   \
    "\"bare\":null,\"findings\":[]}"
#define SUMMARY                                                                    \
    "{\"type\":\"summary\",\"packets\":3,\"sip_packets\":4,\"version\":\"0.1.0\"," \
    "\"filter\":\"sip\"}"

static const char *const whole[] = {REQUEST, RESPONSE, QUOTED, CALL, NO_CALL, SUMMARY};

static bool read_line(SipwhyRecordingReader *reader, const char *line)
{
    char *error = NULL;
    const bool good = sipwhy_recording_read(reader, line, strlen(line), &error);

    g_assert_true(good == !error);
    g_free(error);
    return good;
}

/* Reads lines until one is wrong; NULL: one was, or the summary is missing. */
static SipwhyRecording *read_lines(const char *const *lines, size_t count)
{
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("a.pcap");
    size_t good = 0;

    while (good < count && read_line(reader, lines[good]))
        good++;
    SipwhyRecording *recording = sipwhy_recording_end(reader);
    if (good < count) {
        sipwhy_recording_free(recording);
        return NULL;
    }
    return recording;
}

static void test_messages(void)
{
    SipwhyRecording *recording = read_lines(whole, G_N_ELEMENTS(whole));

    g_assert_nonnull(recording);
    g_assert_cmpuint(recording->messages->len, ==, 3);
    const SipwhyRecordedMessage *request = recording->messages->pdata[0];
    const SipwhyRecordedMessage *response = recording->messages->pdata[1];
    const SipwhyRecordedMessage *quoted = recording->messages->pdata[2];
    g_assert_false(request->is_response);
    g_assert_cmpuint(request->frame, ==, 1);
    g_assert_cmpint(request->time, ==, G_GINT64_CONSTANT(1795165200123456));
    g_assert_cmpstr(request->method, ==, "INVITE");
    g_assert_cmpstr(request->destination, ==, "[2001:db8::9]:5060");
    g_assert_cmpstr(request->agent, ==, "Phone/1");
    g_assert_true(request->has_sdp);
    g_assert_cmpuint(request->findings->len, ==, 0);
    g_assert_true(response->is_response);
    g_assert_cmpint(response->time, ==, -1);
    g_assert_cmpuint(response->code, ==, 488);
    g_assert_cmpstr(response->phrase, ==, "No");
    g_assert_cmpint((int)response->severity, ==, SIPWHY_SEVERITY_ERROR);
    g_assert_cmpstr(response->origin, ==, "user-agent");
    g_assert_cmpuint(response->request_in, ==, 1);
    g_assert_cmpuint(response->outcome_in, ==, 0);
    g_assert_true(request->source == response->source); /* kept once */
    g_assert_cmpint(quoted->time, ==, SIPWHY_NO_TIME);
    g_assert_true(quoted->quoted && quoted->repeated);
    g_assert_null(quoted->method);
    g_assert_null(quoted->transport);
    sipwhy_recording_free(recording);
}

static void test_calls(void)
{
    SipwhyRecording *recording = read_lines(whole, G_N_ELEMENTS(whole));

    g_assert_nonnull(recording);
    g_assert_cmpuint(recording->calls->len, ==, 2);
    const SipwhyRecordedCall *call = recording->calls->pdata[0];
    const SipwhyRecordedCall *other = recording->calls->pdata[1];
    g_assert_true(call->is_call);
    g_assert_cmpint(call->outcome, ==, SIPWHY_OUTCOME_FAILED);
    g_assert_cmpuint(call->code, ==, 488);
    g_assert_cmpuint(call->code_in, ==, 2);
    g_assert_true(call->pdd > 1.4 && call->pdd < 1.6);
    g_assert_cmpstr(call->client, ==, "192.0.2.1:5060");
    g_assert_null(call->to);
    g_assert_cmpuint(call->messages->len, ==, 2);
    g_assert_true(call->messages->pdata[0] == recording->messages->pdata[0]);
    g_assert_true(call->bare == recording->messages->pdata[1]);
    g_assert_true(call->leading == call->bare->findings->pdata[0]);
    g_assert_cmpstr(call->leading->text, ==, "Of <b>\"none\"</b>.");
    g_assert_cmpstr(call->leading->fixes[1], ==, "Callee: take.");
    g_assert_null(call->leading->fixes[2]);
    g_assert_cmpuint(call->leading->evidence->len, ==, 2);
    g_assert_cmpuint(g_array_index(call->leading->evidence, uint32_t, 1), ==, 2);
    g_assert_cmpuint(call->findings->len, ==, 1);
    g_assert_false(other->is_call);
    g_assert_null(other->call_id);
    g_assert_cmpint(other->outcome, ==, -1);
    g_assert_true(other->pdd < 0);
    g_assert_null(other->leading);
    g_assert_null(other->bare);
    g_assert_cmpuint(other->messages->len, ==, 1);
    sipwhy_recording_free(recording);
}

static void test_summary(void)
{
    SipwhyRecording *recording = read_lines(whole, G_N_ELEMENTS(whole));

    g_assert_nonnull(recording);
    g_assert_cmpstr(recording->file, ==, "a.pcap");
    g_assert_cmpuint(recording->packets, ==, 3);
    g_assert_cmpuint(recording->sip_packets, ==, 4);
    g_assert_cmpstr(recording->version, ==, "0.1.0");
    g_assert_cmpstr(recording->filter, ==, "sip");
    sipwhy_recording_free(recording);
    g_assert_null(read_lines(whole, 0));
    g_assert_null(read_lines(whole, G_N_ELEMENTS(whole) - 1));
    const char *const alone[] = {SUMMARY};
    recording = read_lines(alone, 1);
    g_assert_nonnull(recording);
    sipwhy_recording_free(recording);
    const char *const twice[] = {SUMMARY, SUMMARY};
    g_assert_null(read_lines(twice, 2));
}

/* Types and keys that are not known are passed over. */
static void test_unknown(void)
{
    const char *const lines[] = {
        "{\"type\":\"weather\",\"frame\":\"none\"}",
        "{\"news\":{\"a\":[[1]]},\"type\":\"summary\",\"packets\":0,\"sip_packets\":0,"
        "\"version\":\"2\"}"};
    SipwhyRecording *recording = read_lines(lines, G_N_ELEMENTS(lines));

    g_assert_nonnull(recording);
    g_assert_null(recording->filter);
    sipwhy_recording_free(recording);
}

/* Two Call-IDs that look the same: the number of their call tells them apart. */
static void test_numbers(void)
{
    char *lines[5];
    const char *const of[] = {REQUEST, RESPONSE, CALL, CALL, SUMMARY};
    static const char *const numbers[] = {"2", "1", "1", "2", "9"};

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        lines[i] = g_strdup_printf("{\"call\":%s,%s", numbers[i], of[i] + 1);
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("-");
    for (size_t i = 0; i < 3; i++)
        g_assert_true(read_line(reader, lines[i]));
    g_assert_false(read_line(reader, lines[3])); /* "leading" is in the other one */
    g_assert_true(read_line(reader, lines[4]));
    SipwhyRecording *recording = sipwhy_recording_end(reader);
    g_assert_cmpuint(recording->calls->len, ==, 1);
    const SipwhyRecordedCall *call = recording->calls->pdata[0];
    g_assert_cmpuint(call->messages->len, ==, 1);
    g_assert_true(call->messages->pdata[0] == recording->messages->pdata[1]);
    sipwhy_recording_free(recording);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        g_free(lines[i]);
}

/* ---- damage ---- */

static const char *const junk[] = {
    "",
    " ",
    "null",
    "[]",
    "3",
    "\"type\"",
    "{}",
    "{\"type\":3}",
    "{\"type\":null}",
    "{\"type\":\"summary\"",
    "{\"type\":\"summary\"}",
    "{\"type\":\"request\"}",
    "{\"type\":\"weather\\ud83d\"}",
    "{\"type\":\"weather\\udc00\\u0041\"}",
    "{\"type\":\"weather\xff\"}",
    "{'type':'weather'}",
    "/*\"*/{\"type\":\"weather\"}",
};

static void test_junk(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(junk); i++)
        g_assert_null(read_lines(&junk[i], 1));
}

/* A message that is wrong is in no call. */
static void test_wrong_call_number(void)
{
    SipwhyRecordingReader *reader = sipwhy_recording_reader_new("a.pcap");
    char *error = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(whole); i++) {
        char *wrong = g_strconcat("{\"call\":0,", whole[i] + 1, NULL);
        if (!strstr(wrong, "\"summary\"")) {
            g_assert_false(sipwhy_recording_read(reader, wrong, strlen(wrong), &error));
            g_assert_cmpstr(error, ==, "\"call\" is out of range");
            g_clear_pointer(&error, g_free);
        }
        g_assert_true(sipwhy_recording_read(reader, whole[i], strlen(whole[i]), &error));
        g_free(wrong);
    }
    sipwhy_recording_free(sipwhy_recording_end(reader));
}

static void test_deep(void)
{
    static const char *const starts[] = {"", "{\"type\":\"weather\",\"a\":", "/*\"*/", "'\"'"};

    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        GString *line = g_string_new(starts[i]);
        for (unsigned n = 0; n < 1000000; n++)
            g_string_append_c(line, '[');
        const char *const lines[] = {line->str};
        g_assert_null(read_lines(lines, 1));
        g_string_free(line, TRUE);
    }
}

/* What may stand in place of any value. */
static const char *const wrong[] = {
    "null",   "true",       "\"\"",
    "\"x\"",  "-1",         "0",
    "1",      "0.5",        "99999999999999999999",
    "1e999",  "4294967296", "[]",
    "{}",     "[null]",     "[{}]",
    "[[[]]]", "{\"id\":1}", "[\"\",1]",
};

/* Reads the lines with another one in place of the n-th. */
static bool read_with(size_t n, const char *line)
{
    const char *lines[G_N_ELEMENTS(whole)];

    memcpy(lines, whole, sizeof lines);
    lines[n] = line;
    SipwhyRecording *recording = read_lines(lines, G_N_ELEMENTS(lines));
    sipwhy_recording_free(recording);
    return recording;
}

/* Where the value ends that begins at `value`. */
static const char *end_of_value(const char *value)
{
    bool in_string = false;
    int depth = 0;

    for (;; value++) {
        if (*value == '\\')
            value++;
        else if (*value == '"')
            in_string = !in_string;
        else if (!in_string && (*value == '[' || *value == '{'))
            depth++;
        else if (!in_string && depth == 0 && strchr(",]}", *value))
            return value;
        else if (!in_string && (*value == ']' || *value == '}'))
            depth--;
    }
}

/* Every value of every line in turn is something else; it is read or refused. */
static void test_wrong_values(void)
{
    unsigned refused = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(whole); i++) {
        for (const char *colon = strstr(whole[i], "\":"); colon; colon = strstr(colon + 1, "\":")) {
            const char *value = colon + 2;
            for (size_t k = 0; k < G_N_ELEMENTS(wrong); k++) {
                char *line = g_strdup_printf("%.*s%s%s", (int)(value - whole[i]), whole[i],
                                             wrong[k], end_of_value(value));
                refused += !read_with(i, line);
                g_free(line);
            }
        }
    }
    g_assert_cmpuint(refused, >, 1000);
}

/* Every key in turn is missing: only what is not read may be. */
static void test_missing_keys(void)
{
    static const char *const unread[] = {"phrase",      "fix",    "messages",
                                         "response_in", "filter", NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(whole); i++) {
        const bool is_call = strstr(whole[i], "is_call") != NULL;
        for (const char *colon = strstr(whole[i], "\":"); colon; colon = strstr(colon + 1, "\":")) {
            char *line = g_strdup(whole[i]);
            const char *start = g_strrstr_len(whole[i], colon - whole[i], "\"") + 1;
            char *key = g_strndup(start, (size_t)(colon - start));
            line[start - whole[i]] = '!';
            const bool is_party = strcmp(key, "from") == 0 || strcmp(key, "to") == 0;
            const bool may = g_strv_contains(unread, key) || (is_party && !is_call);
            if (read_with(i, line) != may)
                g_error("without %s: %s", key, whole[i]);
            g_free(key);
            g_free(line);
        }
    }
}

/* Bytes changed, left out and cut off, the same ones in every run. */
static void test_damaged(void)
{
    GRand *random = g_rand_new_with_seed(3261);

    for (unsigned n = 0; n < 20000; n++) {
        const size_t i = n % G_N_ELEMENTS(whole);
        GString *line = g_string_new(whole[i]);
        for (int changes = g_rand_int_range(random, 1, 4); changes > 0 && line->len > 0;
             changes--) {
            const gsize at = (gsize)g_rand_int_range(random, 0, (gint32)line->len);
            switch (g_rand_int_range(random, 0, 4)) {
            case 0:
                line->str[at] = (char)g_rand_int_range(random, 1, 256);
                break;
            case 1:
                line->str[at] = "{}[],:\"\\0-"[g_rand_int_range(random, 0, 10)];
                break;
            case 2:
                g_string_erase(line, (gssize)at, MIN(5, (gssize)(line->len - at)));
                break;
            default:
                g_string_truncate(line, at);
            }
        }
        read_with(i, line->str);
        g_string_free(line, TRUE);
    }
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recording/messages", test_messages);
    g_test_add_func("/recording/calls", test_calls);
    g_test_add_func("/recording/summary", test_summary);
    g_test_add_func("/recording/unknown", test_unknown);
    g_test_add_func("/recording/numbers", test_numbers);
    g_test_add_func("/recording/junk", test_junk);
    g_test_add_func("/recording/wrong-call-number", test_wrong_call_number);
    g_test_add_func("/recording/deep", test_deep);
    g_test_add_func("/recording/wrong-values", test_wrong_values);
    g_test_add_func("/recording/missing-keys", test_missing_keys);
    g_test_add_func("/recording/damaged", test_damaged);
    return g_test_run();
}
