/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * knowledge.h: every table is whole, and the look-ups find what is in it and nothing else.
 */
#include "knowledge.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

#include "language.h"

/* IANA, Session Initiation Protocol (SIP) Parameters, Response Codes. */
static const struct {
    unsigned code;
    const char *phrase;
} registry[] = {
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {417, "Unknown Resource-Priority"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {424, "Bad Location Information"},
    {425, "Bad Alert Message"},
    {428, "Use Identity Header"},
    {429, "Provide Referrer Identity"},
    {430, "Flow Failed"},
    {433, "Anonymity Disallowed"},
    {436, "Bad Identity Info"},
    {437, "Unsupported Credential"},
    {438, "Invalid Identity Header"},
    {439, "First Hop Lacks Outbound Support"},
    {440, "Max-Breadth Exceeded"},
    {469, "Bad Info Package"},
    {470, "Consent Needed"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {555, "Push Notification Service Not Supported"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
    {607, "Unwanted"},
    {608, "Rejected"},
};

static void assert_text(const char *text)
{
    g_assert_nonnull(text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), >, 1);
    g_assert_cmpuint(strlen(text), <=, SIPWHY_LINE_BYTES_MAX);
    g_assert_true(g_str_has_suffix(text, "."));
}

static void assert_texts(SipwhyLines lines, size_t least, size_t most)
{
    g_assert_cmpuint(lines.count, >=, least);
    g_assert_cmpuint(lines.count, <=, most);
    for (size_t i = 0; i < lines.count; i++)
        assert_text(lines.line[i]);
}

static void assert_fixes(SipwhyFixes fixes, size_t least, size_t most)
{
    g_assert_cmpuint(fixes.count, >=, least);
    g_assert_cmpuint(fixes.count, <=, most);
    for (size_t i = 0; i < fixes.count; i++) {
        g_assert_cmpint((int)fixes.fix[i].who, >=, 0);
        g_assert_cmpint((int)fixes.fix[i].who, <, SIPWHY_ROLE_COUNT);
        assert_text(fixes.fix[i].text);
    }
}

static void assert_sources(SipwhyLines sources, const char *url)
{
    g_assert_cmpuint(sources.count, >=, 1);
    for (size_t i = 0; i < sources.count; i++)
        g_assert_cmpuint(strlen(sources.line[i]), >, 0);
    g_assert_true(g_str_has_prefix(url, "https://"));
    g_assert_null(strchr(url, ' '));
}

static void test_registry(void)
{
    size_t registered = 0;
    const SipwhyCode *code;

    for (size_t i = 0; i < G_N_ELEMENTS(registry); i++) {
        code = sipwhy_code_find(registry[i].code);
        g_assert_nonnull(code);
        g_assert_cmpuint(code->code, ==, registry[i].code);
        g_assert_cmpstr(code->phrase, ==, registry[i].phrase);
        g_assert_cmpint((int)code->registration, ==, SIPWHY_REGISTRATION_REGISTERED);
    }
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        registered += code->registration == SIPWHY_REGISTRATION_REGISTERED;
    g_assert_cmpuint(registered, ==, G_N_ELEMENTS(registry));
}

static void test_order(void)
{
    const SipwhyCode *code;
    unsigned last = 0;
    size_t count = 0;

    for (; (code = sipwhy_code_at(count)); count++) {
        g_assert_cmpuint(code->code, >, last);
        g_assert_true(sipwhy_code_find(code->code) == code);
        last = code->code;
    }
    g_assert_null(sipwhy_code_at(count + 1));
    g_assert_null(sipwhy_code_at(SIZE_MAX));
    for (unsigned status = 0; status < 1100; status++) {
        code = sipwhy_code_find(status);
        count -= code != NULL;
        g_assert_true(!code || code->code == status);
    }
    g_assert_cmpuint(count, ==, 0);
    g_assert_null(sipwhy_code_find(UINT_MAX));
}

static void check_facts(const SipwhyCode *code)
{
    assert_sources(code->sources, code->url);
    g_assert_cmpuint(strlen(code->phrase), >, 0);
    g_assert_cmpuint(code->methods.count, >=, 1);
    g_assert_cmpuint(code->senders, !=, 0);
    g_assert_cmpuint(code->senders, <, 1u << SIPWHY_SENDER_COUNT);
    g_assert_nonnull(sipwhy_term_id(SIPWHY_TERM_KIND_STATUS, (int)code->status));
    g_assert_nonnull(sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)code->category));
    g_assert_nonnull(sipwhy_term_id(SIPWHY_TERM_KIND_NEXT, (int)code->next));
    g_assert_true((code->scope == SIPWHY_SCOPE_NONE) == (code->code < 300 || code->code > 699));
    for (size_t i = 0; i < code->header_count; i++) {
        g_assert_nonnull(sipwhy_term_id(SIPWHY_TERM_KIND_LEVEL, (int)code->header[i].level));
        g_assert_cmpuint(strlen(code->header[i].names), >, 0);
        g_assert_null(strchr(code->header[i].names, ' '));
    }
    for (size_t i = 0; i < code->q850_in.count; i++)
        g_assert_nonnull(sipwhy_cause_find(code->q850_in.number[i]));
    for (size_t i = 0; i < code->q850_out.count; i++)
        g_assert_nonnull(sipwhy_cause_find(code->q850_out.number[i]));
    g_assert_cmpuint(code->related.count, >=, 1);
    for (size_t i = 0; i < code->related.count; i++) {
        g_assert_cmpuint(code->related.number[i], !=, code->code);
        g_assert_nonnull(sipwhy_code_find(code->related.number[i]));
    }
}

static void check_words(const SipwhyCode *code, SipwhyLanguage language)
{
    const SipwhyCodeWords *words = sipwhy_code_words(code, language);

    g_assert_nonnull(words);
    assert_texts(words->description, 1, 3);
    assert_texts(words->causes, 2, 5);
    assert_fixes(words->fixes, 2, 5);
    assert_texts(words->practice, 0, 3);
    assert_text(words->next);
    if (words->methods)
        assert_text(words->methods);
    if (words->q850)
        assert_text(words->q850);
    for (size_t i = 0; i < code->related.count; i++) {
        char *number = g_strdup_printf("%u", code->related.number[i]);
        g_assert_cmpuint(words->related[i].code, ==, code->related.number[i]);
        assert_text(words->related[i].text);
        g_assert_true(g_str_has_prefix(words->related[i].text, number));
        g_free(number);
    }
    for (size_t i = 0; i < code->header_count; i++) {
        if (words->header_notes[i])
            assert_text(words->header_notes[i]);
        else
            g_assert_cmpint((int)code->header[i].level, !=, SIPWHY_LEVEL_MUST_IF);
    }
}

static void test_codes(void)
{
    const SipwhyCode *code;

    for (size_t i = 0; (code = sipwhy_code_at(i)); i++) {
        g_test_message("%u", code->code);
        check_facts(code);
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++)
            check_words(code, language);
    }
}

static void test_classes(void)
{
    static const unsigned fallbacks[] = {183, 200, 300, 400, 500, 600};

    for (unsigned status = 0; status < 1100; status++) {
        const SipwhyClass *class = sipwhy_class_find(status);
        bool valid = status >= 100 && status <= 699;
        g_assert_true(sipwhy_status_is_valid(status) == valid);
        g_assert_true((class != NULL) == valid);
        if (!class)
            continue;
        g_assert_cmpuint(class->digit, ==, status / 100);
        g_assert_cmpuint(class->fallback, ==, fallbacks[class->digit - 1]); /* 8.1.3.2 */
        g_assert_nonnull(sipwhy_code_find(class->fallback));
    }
    g_assert_null(sipwhy_class_find(UINT_MAX));
    for (unsigned digit = 1; digit <= 6; digit++) {
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
            const SipwhyClassWords *words =
                sipwhy_class_words(sipwhy_class_find(digit * 100), language);
            g_assert_cmpuint(words->description.count, >, 0);
            assert_texts(words->description, 1, 3);
            assert_texts(words->causes, 1, 5);
            assert_fixes(words->fixes, 1, 5);
            assert_text(words->next);
        }
    }
}

static void check_note(const SipwhyNoteWords *words)
{
    g_assert_nonnull(words);
    assert_texts(words->description, 1, 2);
    assert_texts(words->causes, 0, 3);
    assert_fixes(words->fixes, 1, 3);
    if (words->note)
        assert_text(words->note);
}

static void test_warnings(void)
{
    const SipwhyWarning *warning;
    size_t count = 0;

    for (; (warning = sipwhy_warning_at(count)); count++) {
        g_assert_true(sipwhy_warning_find(warning->code) == warning);
        g_assert_cmpuint(warning->code / 100, ==, 3); /* RFC 3261 20.43 */
        g_assert_cmpuint(strlen(warning->text), >, 0);
        assert_sources(warning->sources, warning->url);
        g_assert_cmpuint(warning->codes.count, >=, 1);
        for (size_t i = 0; i < warning->codes.count; i++)
            g_assert_nonnull(sipwhy_code_find(warning->codes.number[i]));
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++)
            check_note(sipwhy_warning_words(warning, language));
    }
    g_assert_cmpuint(count, ==, 15); /* as many as IANA has */
    g_assert_null(sipwhy_warning_find(0));
    g_assert_null(sipwhy_warning_find(UINT_MAX));
    g_assert_cmpstr(sipwhy_warning_find(370)->text, ==, "Insufficient bandwidth");
}

static void test_causes(void)
{
    const SipwhyCause *cause;

    for (size_t i = 0; (cause = sipwhy_cause_at(i)); i++) {
        g_assert_true(sipwhy_cause_find(cause->cause) == cause);
        g_assert_cmpuint(strlen(cause->name), >, 0);
        const SipwhyCauseClass *class = sipwhy_cause_class_find(cause->cause);
        g_assert_true(class ? class->class == cause->class : cause->cause == 0);
        for (size_t n = 0; n < cause->sip.count; n++)
            g_assert_nonnull(sipwhy_code_find(cause->sip.number[n]));
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++)
            check_note(sipwhy_cause_words(cause, language));
    }
    for (unsigned number = 0; number <= 127; number++) { /* entries and classes leave no gap */
        const SipwhyCauseClass *class = sipwhy_cause_class_find(number);
        g_assert_true(class || sipwhy_cause_find(number));
        if (!class)
            continue;
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++)
            check_note(sipwhy_cause_class_words(class, language));
    }
    g_assert_null(sipwhy_cause_class_find(128));
    g_assert_null(sipwhy_cause_find(128));
    g_assert_null(sipwhy_cause_find(UINT_MAX));
    g_assert_cmpstr(sipwhy_cause_find(17)->name, ==, "User busy");
    g_assert_true(sipwhy_cause_find(17)->assigned);
    /* what nobody has assigned speaks through its class */
    cause = sipwhy_cause_find(10);
    g_assert_false(cause->assigned);
    g_assert_cmpstr(sipwhy_cause_words(cause, 0)->description.line[0], ==,
                    sipwhy_cause_class_words(sipwhy_cause_class_find(10), 0)->description.line[0]);
}

static void test_reasons(void)
{
    const SipwhyReason *reason;

    for (size_t i = 0; (reason = sipwhy_reason_at(i)); i++) {
        char *lower = g_ascii_strdown(reason->protocol, -1);
        g_assert_true(sipwhy_reason_find(reason->protocol) == reason);
        g_assert_true(sipwhy_reason_find(lower) == reason);
        g_free(lower);
        assert_sources(reason->sources, reason->url);
        g_assert_true((reason->value_count > 0) == (reason->values == SIPWHY_REASON_VALUES_LIST));
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
            check_note(sipwhy_reason_words(reason, language));
            for (size_t n = 0; n < reason->value_count; n++)
                if (sipwhy_reason_value_words(reason, n, language))
                    assert_text(sipwhy_reason_value_words(reason, n, language));
            g_assert_null(sipwhy_reason_value_words(reason, reason->value_count, language));
        }
    }
    g_assert_null(sipwhy_reason_find(""));
    g_assert_null(sipwhy_reason_find("SIP "));
    g_assert_nonnull(sipwhy_reason_find("q.850"));
}

static void test_explain(void)
{
    SipwhyExplanation out;

    g_assert_true(sipwhy_explain(488, 0, &out));
    g_assert_cmpuint(out.status, ==, 488);
    g_assert_cmpstr(out.phrase, ==, "Not Acceptable Here");
    g_assert_true(out.registered);
    g_assert_true(out.code == sipwhy_code_find(488));
    g_assert_true(out.class == sipwhy_class_find(488));
    g_assert_true(out.causes.line == sipwhy_code_words(out.code, 0)->causes.line);
    g_assert_cmpstr(out.reference, ==, "RFC 3261 21.4.26");
    g_assert_cmpstr(out.url, ==, "https://www.rfc-editor.org/rfc/rfc3261#section-21.4.26");

    /* no entry: the class speaks */
    g_assert_null(sipwhy_code_find(450));
    g_assert_true(sipwhy_explain(450, 0, &out));
    g_assert_null(out.code);
    g_assert_null(out.words);
    g_assert_false(out.registered);
    g_assert_cmpstr(out.phrase, ==, "");
    g_assert_true(out.causes.line == sipwhy_class_words(out.class, 0)->causes.line);
    g_assert_cmpstr(out.reference, ==, "RFC 3261 8.1.3.2");

    /* an entry, and no status code */
    g_assert_true(sipwhy_explain(999, 0, &out));
    g_assert_null(out.class);
    g_assert_null(out.class_words);
    g_assert_nonnull(out.code);
    g_assert_false(out.registered);
}

static void test_explain_nothing(void)
{
    static const unsigned none[] = {0, 1, 99, 700, 998, 1000, 4294967295u};

    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        SipwhyExplanation out = {.status = 4711};
        g_assert_false(sipwhy_explain(none[i], 0, &out));
        g_assert_cmpuint(out.status, ==, 4711);
    }
}

static void test_explain_all(void)
{
    for (unsigned status = SIPWHY_STATUS_FIRST; status <= SIPWHY_STATUS_LAST; status++) {
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
            SipwhyExplanation out;
            g_assert_true(sipwhy_explain(status, language, &out));
            assert_texts(out.description, 1, 3);
            assert_texts(out.causes, 1, 5);
            assert_fixes(out.fixes, 1, 5);
            assert_text(out.next);
            g_assert_nonnull(out.reference);
            g_assert_true(g_str_has_prefix(out.url, "https://"));
        }
    }
}

static void test_terms(void)
{
    for (int kind = 0; kind < SIPWHY_TERM_KIND_COUNT; kind++) {
        int value = 0;
        const char *id;
        for (; (id = sipwhy_term_id((SipwhyTermKind)kind, value)); value++)
            g_assert_cmpint(sipwhy_term_value((SipwhyTermKind)kind, id), ==, value);
        g_assert_cmpint(value, >, 1);
        g_assert_null(sipwhy_term_id((SipwhyTermKind)kind, -1));
        g_assert_cmpint(sipwhy_term_value((SipwhyTermKind)kind, ""), ==, -1);
        g_assert_true(g_str_has_suffix(sipwhy_term_label_prefix((SipwhyTermKind)kind), "-"));
    }
    g_assert_cmpstr(sipwhy_term_id(SIPWHY_TERM_KIND_SEARCH, SIPWHY_SEARCH_MAY_CONTINUE), ==,
                    "may-continue");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/knowledge/registry", test_registry);
    g_test_add_func("/knowledge/order", test_order);
    g_test_add_func("/knowledge/codes", test_codes);
    g_test_add_func("/knowledge/classes", test_classes);
    g_test_add_func("/knowledge/warnings", test_warnings);
    g_test_add_func("/knowledge/causes", test_causes);
    g_test_add_func("/knowledge/reasons", test_reasons);
    g_test_add_func("/knowledge/explain", test_explain);
    g_test_add_func("/knowledge/explain-nothing", test_explain_nothing);
    g_test_add_func("/knowledge/explain-all", test_explain_all);
    g_test_add_func("/knowledge/terms", test_terms);
    return g_test_run();
}
