/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * text.h: what the software itself says, filled in.
 */
#include "text.h"

#include <glib.h>
#include <string.h>

#include "language.h"

enum { TREE_BYTES_MAX = 240 };

static SipwhyLanguage french(void)
{
    SipwhyLanguage language = 0;

    g_assert_true(sipwhy_language_find("fr", &language));
    return language;
}

/* Compares and frees. */
static void assert_taken(char *text, const char *expected)
{
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void test_all(void)
{
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        for (int text = 0; text < SIPWHY_TEXT_COUNT; text++) {
            const char *found = sipwhy_text(language, (SipwhyText)text);
            g_assert_nonnull(found);
            g_assert_true(g_utf8_validate(found, -1, NULL));
            g_assert_cmpuint(strlen(found), >, 0);
        }
    }
    g_assert_cmpstr(sipwhy_text(0, SIPWHY_TEXT_OR), ==, "or");
    g_assert_cmpstr(sipwhy_text(french(), SIPWHY_TEXT_OR), ==, "ou");
}

/* title-warning=Warning {code} {text} */
static void test_format(void)
{
    const SipwhyText text = SIPWHY_TEXT_TITLE_WARNING;

    g_assert_cmpstr(sipwhy_text(0, text), ==, "Warning {code} {text}");
    assert_taken(sipwhy_text_format(0, text, "code", "370", "text", "x", NULL), "Warning 370 x");
    assert_taken(sipwhy_text_format(0, text, "text", "x", "code", "370", NULL), "Warning 370 x");
    assert_taken(sipwhy_text_format(0, text, "code", "", "text", "%s%n", NULL), "Warning  %s%n");
    /* what no pair names stays; what is put in is not filled in again */
    assert_taken(sipwhy_text_format(0, text, NULL), "Warning {code} {text}");
    assert_taken(sipwhy_text_format(0, text, "cod", "1", "codes", "2", NULL),
                 "Warning {code} {text}");
    assert_taken(sipwhy_text_format(0, text, "code", "{text}", "text", "{code}", NULL),
                 "Warning {text} {code}");
    assert_taken(sipwhy_text_format(0, text, "code", "1", "code", "2", NULL), "Warning 1 {text}");
    /* a text without placeholders */
    assert_taken(sipwhy_text_format(0, SIPWHY_TEXT_OR, "code", "1", NULL), "or");
}

static void test_terms(void)
{
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        for (int kind = 0; kind < SIPWHY_TERM_KIND_COUNT; kind++) {
            int value = 0;
            for (; sipwhy_term_id((SipwhyTermKind)kind, value); value++)
                g_assert_nonnull(sipwhy_term_label(language, (SipwhyTermKind)kind, value));
            g_assert_null(sipwhy_term_label(language, (SipwhyTermKind)kind, value));
            g_assert_null(sipwhy_term_label(language, (SipwhyTermKind)kind, -1));
        }
    }
    g_assert_cmpstr(sipwhy_term_label(0, SIPWHY_TERM_KIND_ROLE, SIPWHY_ROLE_CALLER), ==, "Caller");
}

static void test_fix(void)
{
    const SipwhyFix fix = {SIPWHY_ROLE_CALLER, "Send {who} {fix}."};

    assert_taken(sipwhy_fix_text(0, &fix), "Caller: Send {who} {fix}.");
    char *text = sipwhy_fix_text(french(), &fix);
    g_assert_true(g_str_has_prefix(
        text, sipwhy_term_label(french(), SIPWHY_TERM_KIND_ROLE, SIPWHY_ROLE_CALLER)));
    g_assert_true(g_str_has_suffix(text, fix.text));
    g_free(text);
}

static void test_labelled(void)
{
    assert_taken(sipwhy_labelled_text(0, "Label", "text"), "Label: text");
    assert_taken(sipwhy_labelled_text(0, "", ""), ": ");
}

static void test_registration(void)
{
    g_assert_null(sipwhy_registration_text(0, 486));
    assert_taken(sipwhy_registration_text(0, 450),
                 "450 is not registered with IANA; a client treats it as 400 (RFC 3261 8.1.3.2).");
    assert_taken(sipwhy_registration_text(0, 150),
                 "150 is not registered with IANA; a client treats it as 183 (RFC 3261 8.1.3.2).");
    /* an entry, but not a registered one */
    g_assert_nonnull(sipwhy_code_find(687));
    assert_taken(sipwhy_registration_text(0, 687),
                 "687 is not registered with IANA; a client treats it as 600 (RFC 3261 8.1.3.2).");
    assert_taken(sipwhy_registration_text(0, 999),
                 "999 is not a SIP status code: these run from 100 to 699 (RFC 3261 7.2)");
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        char *text = sipwhy_registration_text(language, 450);
        g_assert_nonnull(strstr(text, "450"));
        g_assert_nonnull(strstr(text, "400"));
        g_assert_null(strchr(text, '{'));
        g_free(text);
    }
}

static void test_description(void)
{
    SipwhyExplanation explanation;
    char **lines;

    sipwhy_explain(486, 0, &explanation);
    lines = sipwhy_description_lines(0, &explanation);
    g_assert_cmpuint(g_strv_length(lines), ==, explanation.description.count);
    g_assert_cmpstr(lines[0], ==, explanation.description.line[0]);
    g_strfreev(lines);

    sipwhy_explain(450, 0, &explanation);
    lines = sipwhy_description_lines(0, &explanation);
    g_assert_cmpuint(g_strv_length(lines), ==, explanation.description.count + 1);
    g_assert_true(g_str_has_prefix(lines[0], "450 is not registered"));
    g_strfreev(lines);
}

/* Wireshark cuts a line of the packet tree at 240 bytes. */
static void test_length(void)
{
    for (unsigned status = 0; status < 1000; status++) {
        for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
            SipwhyExplanation explanation;
            if (!sipwhy_explain(status, language, &explanation))
                continue;
            char **lines = sipwhy_description_lines(language, &explanation);
            for (char **line = lines; *line; line++)
                g_assert_cmpuint(strlen(*line), <=, TREE_BYTES_MAX);
            g_strfreev(lines);
            for (size_t i = 0; i < explanation.fixes.count; i++) {
                char *fix = sipwhy_fix_text(language, &explanation.fixes.fix[i]);
                g_assert_cmpuint(strlen(fix), <=, TREE_BYTES_MAX);
                g_free(fix);
            }
        }
    }
}

static void test_title(void)
{
    SipwhyExplanation explanation;

    sipwhy_explain(488, 0, &explanation);
    assert_taken(sipwhy_code_title(&explanation), "488 Not Acceptable Here");
    sipwhy_explain(450, 0, &explanation);
    assert_taken(sipwhy_code_title(&explanation), "450");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/all", test_all);
    g_test_add_func("/text/format", test_format);
    g_test_add_func("/text/terms", test_terms);
    g_test_add_func("/text/fix", test_fix);
    g_test_add_func("/text/labelled", test_labelled);
    g_test_add_func("/text/registration", test_registration);
    g_test_add_func("/text/description", test_description);
    g_test_add_func("/text/length", test_length);
    g_test_add_func("/text/title", test_title);
    return g_test_run();
}
