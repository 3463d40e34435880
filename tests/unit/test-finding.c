/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * finding.h: values, their shapes, evidence, and what findings make of a severity.
 */
#include "finding.h"

#include <string.h>

#include "language.h"

/* A list with one finding in it, of no id that matters. */
typedef struct {
    GPtrArray *list;
    SipwhyFinding *finding;
} One;

static One one_new(void)
{
    One one = {sipwhy_findings_new(), g_new0(SipwhyFinding, 1)};

    g_ptr_array_add(one.list, one.finding);
    return one;
}

static void one_free(One one)
{
    g_ptr_array_free(one.list, TRUE);
}

/* A value as English writes it; the last few of them stay. */
static const char *shown(const SipwhyValue *value)
{
    static char *texts[4];
    static guint next;
    char **text = &texts[next++ % G_N_ELEMENTS(texts)];

    g_free(*text);
    *text = sipwhy_value_text(value, 0);
    return *text;
}

static const char *value_of(const SipwhyFinding *finding, const char *name)
{
    for (unsigned i = 0; i < finding->value_count; i++)
        if (strcmp(finding->names[i], name) == 0)
            return shown(&finding->values[i]);
    return NULL;
}

static void test_values(void)
{
    One one = one_new();

    sipwhy_finding_set(one.finding, "status", "%u", 486u);
    sipwhy_finding_set(one.finding, "method", "%s", "INVITE");
    g_assert_cmpstr(value_of(one.finding, "status"), ==, "486");
    g_assert_cmpstr(value_of(one.finding, "method"), ==, "INVITE");
    g_assert_cmpuint(one.finding->value_count, ==, 2);
    /* set again: the last one counts */
    sipwhy_finding_set(one.finding, "status", "%u", 200u);
    g_assert_cmpstr(value_of(one.finding, "status"), ==, "200");
    g_assert_cmpuint(one.finding->value_count, ==, 2);
    one_free(one);
}

/* One too many is left out; those that stand there can still be set. */
static void test_many_values(void)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g",
                                        "h", "i", "j", "k", "l", "m"};
    One one = one_new();

    G_STATIC_ASSERT(G_N_ELEMENTS(names) == SIPWHY_FINDING_VALUES_MOST + 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        sipwhy_finding_set(one.finding, names[i], "%u", i);
    g_assert_cmpuint(one.finding->value_count, ==, SIPWHY_FINDING_VALUES_MOST);
    g_assert_null(value_of(one.finding, "m"));
    sipwhy_finding_set(one.finding, "l", "again");
    g_assert_cmpstr(value_of(one.finding, "l"), ==, "again");
    one_free(one);
}

static void assert_slice(const char *bytes, size_t length, const char *expected)
{
    One one = one_new();

    sipwhy_finding_set_slice(one.finding, "x", (SipwhySlice){bytes, length});
    g_assert_cmpstr(value_of(one.finding, "x"), ==, expected);
    g_assert_cmpuint(strlen(value_of(one.finding, "x")), <=, 60);
    g_assert_true(g_utf8_validate(value_of(one.finding, "x"), -1, NULL));
    one_free(one);
}

#define DIGITS_50 "01234567890123456789012345678901234567890123456789"

static void test_slices(void)
{
    assert_slice("example.com", 11, "example.com");
    assert_slice("example.com", 7, "example");
    assert_slice(NULL, 0, "");
    assert_slice("", 0, "");
    assert_slice(DIGITS_50 "0123456789", 60, DIGITS_50 "0123456789");
    assert_slice(DIGITS_50 "01234567890", 61, DIGITS_50 "0123456...");
    /* between two characters: the 58th byte is inside of the last one */
    assert_slice(DIGITS_50 "012345\u00e9\u00e9\u00e9\u00e9", 64, DIGITS_50 "012345...");
    assert_slice(DIGITS_50 "01234\u20ac\u20ac\u20ac", 64, DIGITS_50 "01234...");
    assert_slice(DIGITS_50 "0123\u20ac\u20ac\u20ac", 63, DIGITS_50 "0123\u20ac...");
    /* cut where the slice is, inside of a character */
    assert_slice(DIGITS_50 "012345678\u00e9", 61, DIGITS_50 "0123456...");
}

static void test_hostile_slices(void)
{
    char zeros[300] = {0};
    char high[300];

    assert_slice("a\0b", 3, "a\uFFFDb");
    assert_slice("a\xff\xfe", 3, "a\uFFFD\uFFFD");
    assert_slice("a\x1b[31m", 6, "a\uFFFD[31m");
    assert_slice("\xe2\x80\xae"
                 "abc",
                 6,
                 "\uFFFD"
                 "abc"); /* right-to-left override */
    assert_slice("one\r\n two", 9, "one two");
    assert_slice("%s%n{realm}", 11, "%s%n{realm}");
    /* 19 characters of three bytes, and the dots */
    memset(high, 0xFF, sizeof high);
    for (size_t length = 0; length < sizeof zeros; length++) {
        One one = one_new();
        sipwhy_finding_set_slice(one.finding, "x", (SipwhySlice){zeros, length});
        sipwhy_finding_set_slice(one.finding, "y", (SipwhySlice){high, length});
        g_assert_cmpuint(strlen(value_of(one.finding, "x")), ==, length > 20 ? 60 : 3 * length);
        g_assert_cmpstr(value_of(one.finding, "x"), ==, value_of(one.finding, "y"));
        one_free(one);
    }
}

static void assert_duration(int64_t microseconds, const char *expected)
{
    One one = one_new();

    sipwhy_finding_set_duration(one.finding, "x", microseconds);
    g_assert_cmpstr(value_of(one.finding, "x"), ==, expected);
    one_free(one);
}

static void test_durations(void)
{
    const int64_t second = 1000000;

    assert_duration(0, "0 ms");
    assert_duration(-second, "0 ms"); /* packets in the wrong order */
    assert_duration(INT64_MIN, "0 ms");
    assert_duration(400, "0.4 ms");
    assert_duration(35000, "35 ms");
    assert_duration(35499, "35 ms");
    assert_duration(999499, "999 ms");
    assert_duration(999500, "1 s");
    assert_duration(second, "1 s");
    assert_duration(3 * second / 2, "1.5 s");
    assert_duration(9949999, "9.9 s");
    assert_duration(9950000, "10 s");
    assert_duration(32 * second, "32 s");
    assert_duration(119 * second, "119 s");
    assert_duration(120 * second, "2 min");
    assert_duration(150 * second, "2.5 min");
    assert_duration(180 * second, "3 min");
    assert_duration(3600 * second, "60 min");
    assert_duration(7200 * second, "2 h");
    assert_duration(129600 * second, "36 h");
    assert_duration(INT64_MAX, "53375996 d");
}

static void assert_endpoint(SipwhyEndpoint endpoint, const char *expected)
{
    One one = one_new();

    sipwhy_finding_set_endpoint(one.finding, "x", &endpoint);
    g_assert_cmpstr(value_of(one.finding, "x"), ==, expected);
    one_free(one);
}

static void test_endpoints(void)
{
    const SipwhyEndpoint ipv4 = {{[10] = 0xFF, 0xFF, 192, 0, 2, 1}, 5060};
    const SipwhyEndpoint ipv6 = {{0x20, 0x01, 0x0D, 0xB8, [15] = 1}, 65535};
    const SipwhyEndpoint nowhere = {{0}, 0};
    SipwhyEndpoint no_port = ipv4;

    no_port.port = 0;
    assert_endpoint(ipv4, "192.0.2.1:5060");
    assert_endpoint(ipv6, "[2001:db8::1]:65535");
    assert_endpoint(no_port, "192.0.2.1");
    assert_endpoint(nowhere, "::");
}

static void test_evidence(void)
{
    One one = one_new();

    sipwhy_finding_prove(one.finding, 0);
    g_assert_cmpuint(one.finding->frame_count, ==, 0);
    sipwhy_finding_prove(one.finding, 7);
    sipwhy_finding_prove(one.finding, 3);
    sipwhy_finding_prove(one.finding, 7);
    g_assert_cmpuint(one.finding->frame_count, ==, 2);
    g_assert_cmpuint(one.finding->frames[0], ==, 7);
    g_assert_cmpuint(one.finding->frames[1], ==, 3);
    for (unsigned frame = 100; frame < 200; frame++)
        sipwhy_finding_prove(one.finding, frame);
    g_assert_cmpuint(one.finding->frame_count, ==, SIPWHY_FINDING_FRAMES_MOST);
    one_free(one);
}

/* Adds the {placeholders} of a template to `names`. */
static void note_placeholders(const char *template, GHashTable *names)
{
    for (const char *open = strchr(template, '{'); open; open = strchr(open + 1, '{'))
        g_hash_table_add(names, g_strndup(open + 1, strcspn(open + 1, "}")));
}

/* A finding can hold a value for each placeholder of each of its texts. */
static void check_words(const SipwhyFindingWords *words)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    note_placeholders(words->title, names);
    note_placeholders(words->text, names);
    for (size_t i = 0; i < words->fixes.count; i++)
        note_placeholders(words->fixes.fix[i].text, names);
    g_assert_cmpuint(g_hash_table_size(names), <=, SIPWHY_FINDING_VALUES_MOST);
    g_hash_table_destroy(names);
}

/* What is counted under one label is one finding. */
static void check_labels(void)
{
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        GHashTable *labels = g_hash_table_new(g_str_hash, g_str_equal);
        for (unsigned id = 0; id < SIPWHY_FINDING_COUNT; id++) {
            const char *label = sipwhy_finding_label((SipwhyFindingId)id, language);
            g_assert_nonnull(label);
            g_assert_true(g_hash_table_add(labels, (char *)label));
        }
        g_hash_table_destroy(labels);
    }
}

static void test_all(void)
{
    GPtrArray *findings = sipwhy_findings_new();

    for (unsigned id = 0; id < SIPWHY_FINDING_COUNT; id++) {
        g_assert_false(sipwhy_findings_have(findings, (SipwhyFindingId)id));
        const SipwhyFinding *finding = sipwhy_findings_add(findings, (SipwhyFindingId)id);
        const SipwhyFindingFacts *facts = sipwhy_finding_facts((SipwhyFindingId)id);
        g_assert_true(sipwhy_findings_have(findings, (SipwhyFindingId)id));
        g_assert_cmpint(finding->decides, ==, facts->decides);
        g_assert_cmpuint(facts->sources.count, >=, 1);
        char *title = sipwhy_finding_title(finding, 0);
        g_assert_cmpstr(title, ==, sipwhy_finding_words(finding->wording, 0)->title);
        g_free(title);
    }
    check_labels();
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++)
        for (unsigned wording = 0; wording < SIPWHY_WORDING_COUNT; wording++)
            check_words(sipwhy_finding_words((SipwhyWording)wording, language));
    g_ptr_array_free(findings, TRUE);
}

static void test_find(void)
{
    SipwhyFindingId found = SIPWHY_FINDING_COUNT;

    for (unsigned id = 0; id < SIPWHY_FINDING_COUNT; id++) {
        g_assert_true(sipwhy_finding_find(sipwhy_finding_facts((SipwhyFindingId)id)->id, &found));
        g_assert_cmpuint(found, ==, id);
    }
    g_assert_true(sipwhy_finding_find("Auth-Loop", &found));
    g_assert_cmpuint(found, ==, SIPWHY_FINDING_AUTH_LOOP);
    g_assert_false(sipwhy_finding_find("", &found));
    g_assert_false(sipwhy_finding_find("auth-loop ", &found));
    g_assert_false(sipwhy_finding_find("challenge-unanswered/token", &found));
}

/* Each wording belongs to one finding, whose own is the first. */
static void test_wordings(void)
{
    unsigned count = 0;

    for (unsigned id = 0; id < SIPWHY_FINDING_COUNT; id++) {
        const SipwhyFindingWords *words;
        const char *label = sipwhy_finding_label((SipwhyFindingId)id, 0);
        size_t n = 0;
        for (; (words = sipwhy_finding_wording_at((SipwhyFindingId)id, n, 0)); n++, count++)
            g_assert_cmpstr(words->label, ==, label);
        g_assert_cmpuint(n, >=, 1);
    }
    g_assert_cmpuint(count, ==, SIPWHY_WORDING_COUNT);
}

/* A list of findings, written as "+warn" (only raises) and "=chat" (decides). */
static GPtrArray *list_of(const char *text)
{
    GPtrArray *list = sipwhy_findings_new();
    char **items = g_strsplit(text, " ", -1);

    for (char **item = items; *item && **item; item++) {
        unsigned id = 0;
        while (id < SIPWHY_FINDING_COUNT &&
               strcmp(sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY,
                                     (int)sipwhy_finding_facts((SipwhyFindingId)id)->severity),
                      *item + 1) != 0)
            id++;
        g_assert_cmpuint(id, <, SIPWHY_FINDING_COUNT);
        sipwhy_findings_add(list, (SipwhyFindingId)id)->decides = **item == '=';
    }
    g_strfreev(items);
    return list;
}

/* Of `status` (0: a request) with those findings. */
static void assert_severity(unsigned status, const char *findings, const char *severity,
                            bool expected)
{
    GPtrArray *list = list_of(findings);
    SipwhyExplanation explanation;
    bool found_expected = !expected;

    if (status > 0)
        g_assert_true(sipwhy_explain(status, 0, &explanation));
    const SipwhySeverity found =
        sipwhy_findings_severity(list, status > 0 ? &explanation : NULL, &found_expected);
    g_assert_cmpstr(sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)found), ==, severity);
    g_assert_cmpint(found_expected, ==, expected);
    g_ptr_array_free(list, TRUE);
}

static void test_severity_of_codes(void)
{
    static const unsigned ordinary[] = {100, 180, 183, 200, 202, 302, 401, 407, 487, 494};
    static const unsigned refusals[] = {300, 301, 433, 480, 486, 600, 603, 607, 608};
    static const unsigned faults[] = {403, 404, 408, 481, 488, 500, 503, 604, 606};

    for (unsigned i = 0; i < G_N_ELEMENTS(ordinary); i++)
        assert_severity(ordinary[i], "", "chat", true);
    for (unsigned i = 0; i < G_N_ELEMENTS(refusals); i++)
        assert_severity(refusals[i], "", "note", false);
    for (unsigned i = 0; i < G_N_ELEMENTS(faults); i++)
        assert_severity(faults[i], "", "warn", false);
    /* without an entry: the class's, or, where there is no class either, warn */
    assert_severity(198, "", "chat", false);
    assert_severity(498, "", "warn", false);
    assert_severity(999, "", "warn", false);
    assert_severity(0, "", "chat", true);
}

static void test_severity_of_findings(void)
{
    if (SIPWHY_FINDING_COUNT == 0) {
        g_test_skip("there are no findings");
        return;
    }
    /* what decides replaces the code's, in either direction */
    assert_severity(488, "=chat", "chat", true);
    assert_severity(401, "=error", "error", false);
    assert_severity(503, "=note", "note", false);
    assert_severity(498, "=chat", "chat", true);
    /* the highest of those that decide */
    assert_severity(401, "=chat =warn", "warn", false);
    assert_severity(401, "=error =chat", "error", false);
    /* what does not decide only raises */
    assert_severity(488, "+chat", "warn", false);
    assert_severity(486, "+chat", "note", false);
    assert_severity(486, "+warn", "warn", false);
    assert_severity(200, "+chat", "chat", true);
    assert_severity(200, "+note", "note", false);
    assert_severity(401, "=chat +error", "error", false);
    assert_severity(488, "+warn =chat", "warn", false);
    assert_severity(488, "+chat =chat", "chat", true);
    /* requests */
    assert_severity(0, "+chat", "chat", true);
    assert_severity(0, "+warn", "warn", false);
    assert_severity(0, "=error", "error", false);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/finding/values", test_values);
    g_test_add_func("/finding/many-values", test_many_values);
    g_test_add_func("/finding/slices", test_slices);
    g_test_add_func("/finding/hostile-slices", test_hostile_slices);
    g_test_add_func("/finding/durations", test_durations);
    g_test_add_func("/finding/endpoints", test_endpoints);
    g_test_add_func("/finding/evidence", test_evidence);
    g_test_add_func("/finding/all", test_all);
    g_test_add_func("/finding/find", test_find);
    g_test_add_func("/finding/wordings", test_wordings);
    g_test_add_func("/finding/severity-of-codes", test_severity_of_codes);
    g_test_add_func("/finding/severity-of-findings", test_severity_of_findings);
    return g_test_run();
}
