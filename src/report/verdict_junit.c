/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A verdict as JUnit XML: a suite for each capture, with a test case for each call, one for each
 * capture that could not be checked, and one for what the policy expects.
 *
 * There are several schemas of this format. What stands here is what all of them take, and what
 * Jenkins and GitLab show: a test case has one failure, with all problems of its call in it;
 * <testsuites> has no attributes. A call whose problems are all tolerated or known is skipped, as
 * pytest does with failures that are expected: it is seen, and does not fail.
 */
#include "check/verdict.h"

#include <string.h>

#include "language.h"
#include "machine.h"

enum { MILLISECOND = 1000 };

/* What is written of one suite. */
typedef struct {
    char *name;
    int64_t start; /* SIPWHY_NO_TIME: not known */
    int64_t length;
    unsigned tests;
    unsigned failures;
    unsigned errors;
    unsigned skipped;
    GString *properties;
    GString *cases;
    GString *output; /* text, not yet escaped */
} Suite;

typedef struct {
    GString *out;
    SipwhyLanguage language;
    unsigned suites;
    GHashTable *problems; /* of a call, or of the recording where they belong to none: GPtrArray */
} Writer;

/* ---- XML ---- */

/* XML 1.0, 2.2: what is no Char may not even stand there as a reference. */
static bool is_char(gunichar c)
{
    return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           c >= 0x10000;
}

static void append_escaped(GString *out, const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_new(NULL);

    for (const char *c = valid; *c; c = g_utf8_next_char(c))
        g_string_append_unichar(clean, is_char(g_utf8_get_char(c)) ? g_utf8_get_char(c) : 0xFFFD);
    char *escaped = g_markup_escape_text(clean->str, -1);
    g_string_append(out, escaped);
    g_free(escaped);
    g_string_free(clean, TRUE);
    g_free(valid);
}

static void append_attribute(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, " %s=\"", name);
    append_escaped(out, value);
    g_string_append_c(out, '"');
}

static void append_number(GString *out, const char *name, unsigned value)
{
    g_string_append_printf(out, " %s=\"%u\"", name, value);
}

/* "1.234", whatever the locale; a clock that ran backwards took no time. */
static void append_seconds(GString *out, const char *name, int64_t microseconds)
{
    const int64_t milliseconds = MAX(microseconds, 0) / MILLISECOND;

    g_string_append_printf(out, " %s=\"%" G_GINT64_FORMAT ".%03d\"", name, milliseconds / 1000,
                           (int)(milliseconds % 1000));
}

/* When the capture began, not when it was checked: the same report of the same captures. */
static void append_timestamp(GString *out, int64_t time)
{
    GDateTime *utc = g_date_time_new_from_unix_utc(time >= 0 ? time / G_USEC_PER_SEC : 0);
    char *text = utc ? g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S") : NULL;

    append_attribute(out, "timestamp", text ? text : "1970-01-01T00:00:00");
    g_free(text);
    if (utc)
        g_date_time_unref(utc);
}

/* ---- suites ---- */

static void suite_add_property(Suite *suite, const char *name, const char *value)
{
    char *shown = sipwhy_machine_shown(value);

    g_string_append(suite->properties, "      <property");
    append_attribute(suite->properties, "name", name);
    append_attribute(suite->properties, "value", shown);
    g_string_append(suite->properties, "/>\n");
    g_free(shown);
}

/* Takes the name. Jenkins' schema wants a property. */
static Suite suite_new(char *name)
{
    Suite suite = {.name = name,
                   .start = SIPWHY_NO_TIME,
                   .properties = g_string_new(NULL),
                   .cases = g_string_new(NULL),
                   .output = g_string_new(NULL)};

    suite_add_property(&suite, "sipwhy.version", SIPWHY_VERSION);
    return suite;
}

static void suite_add_output(Suite *suite, const char *line)
{
    g_string_append_printf(suite->output, "%s\n", line);
}

static void append_block(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, "    <%s>", name);
    append_escaped(out, text);
    g_string_append_printf(out, "</%s>\n", name);
}

/* Writes the suite, and frees what it holds. */
static void suite_end(Suite *suite, Writer *writer)
{
    GString *out = writer->out;

    g_string_append(out, "  <testsuite");
    append_attribute(out, "name", *suite->name ? suite->name : "?");
    append_attribute(out, "package", "sipwhy");
    append_number(out, "id", writer->suites++);
    append_number(out, "tests", suite->tests);
    append_number(out, "failures", suite->failures);
    append_number(out, "errors", suite->errors);
    append_number(out, "skipped", suite->skipped);
    append_seconds(out, "time", suite->length);
    append_timestamp(out, suite->start);
    append_attribute(out, "hostname", "localhost");
    g_string_append(out, ">\n    <properties>\n");
    g_string_append(out, suite->properties->str);
    g_string_append(out, "    </properties>\n");
    g_string_append(out, suite->cases->str);
    append_block(out, "system-out", suite->output->str);
    append_block(out, "system-err", "");
    g_string_append(out, "  </testsuite>\n");
    g_string_free(suite->output, TRUE);
    g_string_free(suite->cases, TRUE);
    g_string_free(suite->properties, TRUE);
    g_free(suite->name);
}

/* A test case. `element` NULL: it passed; else "failure", "error" or "skipped". */
static void suite_add_case(Suite *suite, const char *name, int64_t length, const char *element,
                           const char *type, const char *message, const char *text)
{
    GString *out = suite->cases;

    suite->tests++;
    g_string_append(out, "    <testcase");
    append_attribute(out, "name", name);
    append_attribute(out, "classname", suite->name);
    append_seconds(out, "time", length);
    if (element) {
        g_string_append_printf(out, ">\n      <%s", element);
        append_attribute(out, "type", type);
        append_attribute(out, "message", message);
        g_string_append_c(out, '>');
        append_escaped(out, text);
        g_string_append_printf(out, "</%s>\n    </testcase>\n", element);
    } else {
        g_string_append(out, "/>\n");
    }
}

/* ---- calls ---- */

static int compare_problems(const void *one, const void *other)
{
    const SipwhyProblem *a = *(const SipwhyProblem *const *)one;
    const SipwhyProblem *b = *(const SipwhyProblem *const *)other;

    if (a->state != b->state) /* those that fail first */
        return a->state < b->state ? -1 : 1;
    if (sipwhy_machine_gravity(a) != sipwhy_machine_gravity(b))
        return sipwhy_machine_gravity(a) > sipwhy_machine_gravity(b) ? -1 : 1;
    return a->frame < b->frame ? -1 : a->frame > b->frame;
}

static char *problem_text(const SipwhyProblem *problem, SipwhyLanguage language)
{
    GPtrArray *lines = sipwhy_machine_lines(problem, false, language);
    GString *text = g_string_new(NULL);
    char *title = sipwhy_machine_shown(problem->title);

    g_string_append_printf(
        text, "%s [%s], %s\n", title, problem->rule,
        sipwhy_term_label(language, SIPWHY_TERM_KIND_SEVERITY, (int)problem->severity));
    for (unsigned i = 0; i < lines->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)lines->pdata[i]);
    g_free(title);
    g_ptr_array_free(lines, TRUE);
    return g_string_free(text, FALSE);
}

/* "no codec in common", with what stands behind it if there is more than one problem of that state.
 */
static char *headline(const GPtrArray *problems, SipwhyLanguage language)
{
    const SipwhyProblem *first = problems->pdata[0];
    unsigned more = 0;
    char *text = sipwhy_machine_shown(first->title);

    for (unsigned i = 1; i < problems->len; i++)
        more += ((const SipwhyProblem *)problems->pdata[i])->state == first->state;
    if (more > 0) {
        char *count = g_strdup_printf("%u", more);
        char *longer = sipwhy_text_format(language, SIPWHY_TEXT_MACHINE_AND_MORE, "title", text,
                                          "count", count, NULL);
        g_free(count);
        g_free(text);
        text = longer;
    }
    if (first->state != SIPWHY_PROBLEM_FAILS) {
        char *state = sipwhy_machine_state(first, language);
        char *longer = g_strdup_printf("%s - %s", text, state);
        g_free(state);
        g_free(text);
        text = longer;
    }
    return text;
}

/* How long the messages of a call, or of a capture, went on. */
static int64_t span(const GPtrArray *messages, int64_t *start)
{
    int64_t first = SIPWHY_NO_TIME;
    int64_t last = SIPWHY_NO_TIME;

    for (unsigned i = 0; i < messages->len; i++) {
        const int64_t time = ((const SipwhyRecordedMessage *)messages->pdata[i])->time;
        if (time == SIPWHY_NO_TIME)
            continue;
        first = first == SIPWHY_NO_TIME ? time : MIN(first, time);
        last = MAX(last, time);
    }
    *start = first;
    return first == SIPWHY_NO_TIME ? 0 : last - first;
}

static void add_call(Suite *suite, Writer *writer, const SipwhyRecordedCall *call,
                     GPtrArray *problems)
{
    int64_t start;
    const int64_t length = call ? span(call->messages, &start) : 0;
    char *name = sipwhy_machine_call(call, writer->language);

    if (problems) {
        GString *text = g_string_new(NULL);
        g_ptr_array_sort(problems, compare_problems);
        for (unsigned i = 0; i < problems->len; i++) {
            char *part = problem_text(problems->pdata[i], writer->language);
            g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", part);
            g_free(part);
        }
        const SipwhyProblem *worst = problems->pdata[0];
        const bool fails = worst->state == SIPWHY_PROBLEM_FAILS;
        char *message = headline(problems, writer->language);
        suite_add_case(suite, name, length, fails ? "failure" : "skipped", worst->rule, message,
                       text->str);
        suite->failures += fails;
        suite->skipped += !fails;
        g_free(message);
        g_string_free(text, TRUE);
    } else {
        suite_add_case(suite, name, length, NULL, NULL, NULL, NULL);
    }
    g_free(name);
}

static void add_capture(Writer *writer, const SipwhyRecording *recording)
{
    Suite suite = suite_new(sipwhy_machine_file(recording->file, writer->language));
    GPtrArray *stray = g_hash_table_lookup(writer->problems, recording);

    if (recording->version)
        suite_add_property(&suite, "sipwhy.plugin", recording->version);
    if (recording->filter)
        suite_add_property(&suite, "sipwhy.filter", recording->filter);
    suite.length = span(recording->messages, &suite.start);
    for (unsigned i = 0; i < recording->calls->len; i++) {
        const SipwhyRecordedCall *call = recording->calls->pdata[i];
        add_call(&suite, writer, call, g_hash_table_lookup(writer->problems, call));
    }
    if (stray)
        add_call(&suite, writer, NULL, stray);
    suite_end(&suite, writer);
}

/* ---- the rest ---- */

static void add_unchecked(Writer *writer, const SipwhyUnchecked *unchecked)
{
    Suite suite = suite_new(sipwhy_machine_file(unchecked->file, writer->language));
    char *text = sipwhy_machine_shown(unchecked->text);
    const char *name = sipwhy_text(writer->language, SIPWHY_TEXT_MACHINE_CHECKABLE);

    suite_add_case(&suite, name, 0, unchecked->fails ? "failure" : "error", "unchecked", text,
                   text);
    suite.failures += unchecked->fails;
    suite.errors += !unchecked->fails;
    suite_end(&suite, writer);
    g_free(text);
}

static void add_policy(Writer *writer, const SipwhyVerdict *verdict)
{
    Suite suite = suite_new(g_strdup(sipwhy_text(writer->language, SIPWHY_TEXT_MACHINE_POLICY)));

    for (unsigned i = 0; i < verdict->expectations->len; i++) {
        const SipwhyExpectation *expectation = verdict->expectations->pdata[i];
        char *text = sipwhy_machine_shown(expectation->text);
        suite_add_case(&suite, expectation->id, 0, expectation->met ? NULL : "failure",
                       expectation->id, text, text);
        suite.failures += !expectation->met;
        if (expectation->met)
            suite_add_output(&suite, text);
        g_free(text);
    }
    for (unsigned i = 0; i < verdict->expired->len; i++) {
        char *text = sipwhy_machine_expired(verdict->expired->pdata[i], writer->language);
        suite_add_output(&suite, text);
        g_free(text);
    }
    suite_end(&suite, writer);
}

static void free_list(void *list)
{
    g_ptr_array_free(list, TRUE);
}

static GHashTable *by_call(const GPtrArray *problems)
{
    GHashTable *lists = g_hash_table_new_full(NULL, NULL, NULL, free_list);

    for (unsigned i = 0; i < problems->len; i++) {
        SipwhyProblem *problem = problems->pdata[i];
        const void *key = problem->call ? (const void *)problem->call : problem->recording;
        GPtrArray *list = g_hash_table_lookup(lists, key);
        if (!list) {
            list = g_ptr_array_new();
            g_hash_table_insert(lists, (void *)key, list);
        }
        g_ptr_array_add(list, problem);
    }
    return lists;
}

void sipwhy_verdict_junit(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    Writer writer = {.out = out, .language = language, .problems = by_call(verdict->problems)};

    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (unsigned i = 0; i < verdict->captures->len; i++)
        add_capture(&writer, verdict->captures->pdata[i]);
    for (unsigned i = 0; i < verdict->unchecked->len; i++)
        add_unchecked(&writer, verdict->unchecked->pdata[i]);
    if (verdict->expectations->len > 0 || verdict->expired->len > 0)
        add_policy(&writer, verdict);
    g_string_append(out, "</testsuites>\n");
    g_hash_table_destroy(writer.problems);
}
