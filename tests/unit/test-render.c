/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * render.h: a page as text and as Markdown, and texts that want to be more than text.
 */
#include "report/render.h"

#include <string.h>

#include "explain.h"
#include "language.h"

/* One block of each kind, and an empty one. */
static SipwhyPage *make_page(void)
{
    SipwhyPage *page = sipwhy_page_new("488 Title");
    SipwhyBlock *block = sipwhy_page_add(page, SIPWHY_BLOCK_PARAGRAPH, NULL);

    sipwhy_block_add(block, NULL, "First sentence.");
    sipwhy_block_add(block, NULL, "Second sentence.");
    block = sipwhy_page_add(page, SIPWHY_BLOCK_NUMBERED, "Steps");
    sipwhy_block_add(block, "Caller", "Do this.");
    sipwhy_block_add(block, NULL, "Do that.");
    sipwhy_block_add(block, NULL, NULL);
    sipwhy_page_add(page, SIPWHY_BLOCK_FACTS, "Empty");
    block = sipwhy_page_add(page, SIPWHY_BLOCK_BULLETS, "Points");
    sipwhy_block_add(block, NULL, "One.");
    block = sipwhy_page_add(page, SIPWHY_BLOCK_FACTS, "Facts");
    sipwhy_block_add(block, "Class", "4xx");
    sipwhy_block_add(block,
                     "D\xc3\xa9"
                     "fini",
                     "RFC 3261");
    sipwhy_block_add(block, "A label that is longer than its column", "x");
    block = sipwhy_page_add(page, SIPWHY_BLOCK_GROUPS, "Groups");
    sipwhy_block_add(block, NULL, "Head");
    sipwhy_block_add(block, "486, 600", "same");
    return page;
}

static char *as_text(const SipwhyPage *page, gboolean colour, unsigned width)
{
    const SipwhyTextStyle style = {colour, width};
    GString *out = g_string_new(NULL);

    sipwhy_render_text(out, page, &style);
    return g_string_free(out, FALSE);
}

static char *as_markdown(const SipwhyPage *page)
{
    GString *out = g_string_new(NULL);

    sipwhy_render_markdown(out, page);
    return g_string_free(out, FALSE);
}

static void test_text(void)
{
    SipwhyPage *page = make_page();
    char *text = as_text(page, FALSE, 0);

    g_assert_cmpstr(text, ==,
                    "488 Title\n"
                    "  First sentence. Second sentence.\n"
                    "\n"
                    "Steps\n"
                    "  1. Caller: Do this.\n"
                    "  2. Do that.\n"
                    "\n"
                    "Points\n"
                    "  - One.\n"
                    "\n"
                    "Facts\n"
                    "  Class                     4xx\n"
                    "  D\xc3\xa9"
                    "fini                    RFC 3261\n"
                    "  A label that is longer than its column\n"
                    "                            x\n"
                    "\n"
                    "Groups\n"
                    "  Head\n"
                    "    486, 600  same\n");
    g_free(text);
    sipwhy_page_free(page);
    sipwhy_page_free(NULL);
}

static void test_markdown(void)
{
    SipwhyPage *page = make_page();
    char *text = as_markdown(page);

    g_assert_cmpstr(text, ==,
                    "## 488 Title\n"
                    "\n"
                    "First sentence.\n"
                    "Second sentence.\n"
                    "\n"
                    "### Steps\n"
                    "\n"
                    "1. **Caller**: Do this.\n"
                    "2. Do that.\n"
                    "\n"
                    "### Points\n"
                    "\n"
                    "- One.\n"
                    "\n"
                    "### Facts\n"
                    "\n"
                    "- **Class**: 4xx\n"
                    "- **D\xc3\xa9"
                    "fini**: RFC 3261\n"
                    "- **A label that is longer than its column**: x\n"
                    "\n"
                    "### Groups\n"
                    "\n"
                    "- Head\n"
                    "  - **486, 600**: same\n");
    g_free(text);
    sipwhy_page_free(page);
}

/* Colour adds escape sequences and nothing else; each is ended in its line. */
static void test_colour(void)
{
    SipwhyPage *page = make_page();
    char *plain = as_text(page, FALSE, 0);
    char *coloured = as_text(page, TRUE, 0);
    GRegex *escape = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    char *stripped = g_regex_replace_literal(escape, coloured, -1, 0, "", 0, NULL);
    char **lines = g_strsplit(coloured, "\n", -1);

    g_assert_cmpstr(stripped, ==, plain);
    g_assert_true(g_str_has_prefix(coloured, "\033[1m488 Title\033[0m\n"));
    g_assert_null(strchr(plain, '\033'));
    for (char **line = lines; *line; line++) {
        const char *last = strrchr(*line, '\033');
        g_assert_true(!last || g_str_has_prefix(last, "\033[0m"));
    }
    g_strfreev(lines);
    g_free(stripped);
    g_regex_unref(escape);
    g_free(coloured);
    g_free(plain);
    sipwhy_page_free(page);
}

static char *without_white_space(const char *text)
{
    GString *out = g_string_new(NULL);

    for (; *text; text++)
        if (!g_ascii_isspace(*text))
            g_string_append_c(out, *text);
    return g_string_free(out, FALSE);
}

/* Every page fits into the width, and wrapping loses nothing. */
static void test_width(void)
{
    static const unsigned widths[] = {72, 100};
    const SipwhyCode *code;

    for (size_t i = 0; (code = sipwhy_code_at(i)); i++) {
        SipwhyExplanation explanation;
        sipwhy_explain(code->code, 0, &explanation);
        SipwhyPage *page = sipwhy_explain_code(&explanation, 0);
        char *whole = as_text(page, FALSE, 0);
        char *all = without_white_space(whole);
        for (size_t w = 0; w < G_N_ELEMENTS(widths); w++) {
            char *text = as_text(page, FALSE, widths[w]);
            char *kept = without_white_space(text);
            char **lines = g_strsplit(text, "\n", -1);
            for (char **line = lines; *line; line++) {
                g_assert_false(g_str_has_suffix(*line, " "));
                /* only what has no blank in it may stick out, an address for instance */
                if (g_utf8_strlen(*line, -1) > (glong)widths[w])
                    g_assert_nonnull(strstr(*line, "https://"));
            }
            g_assert_cmpstr(kept, ==, all);
            g_strfreev(lines);
            g_free(kept);
            g_free(text);
        }
        g_free(all);
        g_free(whole);
        sipwhy_page_free(page);
    }
}

static void test_wrap(void)
{
    SipwhyPage *page = sipwhy_page_new("T");
    SipwhyBlock *block = sipwhy_page_add(page, SIPWHY_BLOCK_BULLETS, NULL);
    char *text;

    sipwhy_block_add(block, NULL, "aaa bbb ccc");
    sipwhy_block_add(block, NULL, "a-word-longer-than-the-line b");
    sipwhy_block_add(block, "L", "\xc3\xa9\xc3\xa9 b");
    text = as_text(page, FALSE, 11);
    g_assert_cmpstr(text, ==,
                    "T\n"
                    "  - aaa bbb\n"
                    "    ccc\n"
                    "  - a-word-longer-than-the-line\n"
                    "    b\n"
                    "  - L: \xc3\xa9\xc3\xa9 b\n");
    g_free(text);
    sipwhy_page_free(page);
}

static void test_links(void)
{
    static const struct {
        const char *text;
        const char *shown;
    } cases[] = {
        {"https://www.rfc-editor.org/rfc/rfc3261#section-8.1_x",
         "<https://www.rfc-editor.org/rfc/rfc3261#section-8.1_x>"},
        {"https://example.com/ *x*", "https://example.com/ \\*x\\*"},
        {"https://example.com/>*x*", "https://example.com/\\>\\*x\\*"},
        {"https://example.com/\n***", "https://example.com/ \\*\\*\\*"},
        {"javascript:alert(1)", "javascript:alert(1)"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhyPage *page = sipwhy_page_new("T");
        sipwhy_block_add(sipwhy_page_add(page, SIPWHY_BLOCK_BULLETS, NULL), NULL, cases[i].text);
        char *found = as_markdown(page);
        char *expected = g_strdup_printf("## T\n\n- %s\n", cases[i].shown);
        g_assert_cmpstr(found, ==, expected);
        g_free(expected);
        g_free(found);
        sipwhy_page_free(page);
    }
}

/* What Markdown or HTML would read is escaped in title, heading, label and text alike. */
static void test_escaping(void)
{
    static const char hostile[] =
        "<b>&amp; `code` *i* _u_ [l](http://x) ![p](y) |c| ~~s~~ # \\ \n# h\r\n> q\t.";
    static const char escaped[] =
        "\\<b\\>\\&amp; \\`code\\` \\*i\\* \\_u\\_ \\[l\\](http://x) !\\[p\\](y) \\|c\\| "
        "\\~\\~s\\~\\~ \\# \\\\  \\# h  \\> q .";
    SipwhyPage *page = sipwhy_page_new(hostile);
    sipwhy_block_add(sipwhy_page_add(page, SIPWHY_BLOCK_FACTS, hostile), hostile, hostile);
    char *found = as_markdown(page);
    char *expected =
        g_strdup_printf("## %s\n\n### %s\n\n- **%s**: %s\n", escaped, escaped, escaped, escaped);

    g_assert_cmpstr(found, ==, expected);
    g_free(expected);
    g_free(found);
    sipwhy_page_free(page);
}

/* A response that attacks the terminal, the ticket and the reader's eyes. */
static const char hostile_response[] =
    "SIP/2.0 488 \033[2J\033]0;owned\a<script>\x9b"
    "31m\xc2\x9b"
    "31m\0\x7f\xff*b*\r\n"
    "Warning: 305 a \"\033[1m<img src=x>\",399 b \"|x|\r\n \033[0m\"\r\n"
    "Reason: <b>;cause=16, Q.850;cause=16;text=\"`id`\033\"\r\n"
    "Reason: SIP;cause=99999999999999999999\r\n"
    "\r\n";

static SipwhyPage *explain_hostile(SipwhyLanguage language)
{
    SipwhyExplanation explanation;
    SipwhyMessage message;

    g_assert_true(sipwhy_message_scan(hostile_response, sizeof hostile_response - 1,
                                      SIPWHY_FRAMING_DATAGRAM, &message));
    g_assert_cmpuint(message.status, ==, 488);
    g_assert_true(sipwhy_explain(message.status, language, &explanation));
    SipwhyPage *page = sipwhy_explain_code(&explanation, language);
    sipwhy_explain_message(page, &message, &explanation, language);
    return page;
}

static void assert_printable(const char *text)
{
    g_assert_true(g_utf8_validate(text, -1, NULL));
    for (const char *c = text; *c; c = g_utf8_next_char(c))
        g_assert_true(*c == '\n' || !g_unichar_iscntrl(g_utf8_get_char(c)));
}

static void test_hostile(void)
{
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        SipwhyPage *page = explain_hostile(language);
        char *text = as_text(page, FALSE, 80);
        char *markdown = as_markdown(page);
        assert_printable(text);
        assert_printable(markdown);
        g_assert_nonnull(strstr(text, "<script>"));
        g_assert_nonnull(strstr(markdown, "\\<script\\>"));
        g_assert_nonnull(strstr(markdown, "\\`id\\`"));
        /* nothing of it is markup: each "<" is escaped, or begins a link of ours */
        for (const char *c = strchr(markdown, '<'); c; c = strchr(c + 1, '<'))
            g_assert_true(c[-1] == '\\' || g_str_has_prefix(c, "<https://www.rfc-editor.org/"));
        g_free(markdown);
        g_free(text);
        sipwhy_page_free(page);
    }
}

/* What the hostile response says is still explained. */
static void test_hostile_is_explained(void)
{
    SipwhyPage *page = explain_hostile(0);
    char *text = as_text(page, FALSE, 0);

    g_assert_nonnull(
        strstr(text, sipwhy_warning_words(sipwhy_warning_find(305), 0)->description.line[0]));
    g_assert_nonnull(
        strstr(text, sipwhy_cause_words(sipwhy_cause_find(16), 0)->description.line[0]));
    g_free(text);
    sipwhy_page_free(page);
}

/* Every page that there is, in each language: valid, printable, no placeholder left, unless it is a
 * template, whose words in braces a trace fills in. */
static void check_page(SipwhyPage *page, gboolean template)
{
    char *text = as_text(page, TRUE, 80);
    char *markdown = as_markdown(page);

    assert_printable(markdown);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_null(strstr(markdown, "(null)"));
    if (!template)
        g_assert_false(g_regex_match_simple("\\{[a-z]+\\}", markdown, 0, 0));
    g_free(markdown);
    g_free(text);
    sipwhy_page_free(page);
}

static void check_all(SipwhyPage *page)
{
    check_page(page, FALSE);
}

static void test_all_pages(void)
{
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        const SipwhyWarning *warning;
        const SipwhyReason *reason;
        for (unsigned status = 0; status < 1000; status++) {
            SipwhyExplanation explanation;
            if (sipwhy_explain(status, language, &explanation))
                check_all(sipwhy_explain_code(&explanation, language));
        }
        for (unsigned digit = 1; digit <= 6; digit++)
            check_all(sipwhy_explain_class(sipwhy_class_find(digit * 100), language));
        for (size_t i = 0; (warning = sipwhy_warning_at(i)); i++)
            check_all(sipwhy_explain_warning(warning, language));
        for (unsigned cause = 0; cause <= 127; cause++)
            check_all(sipwhy_explain_cause(cause, language));
        g_assert_null(sipwhy_explain_cause(128, language));
        for (size_t i = 0; (reason = sipwhy_reason_at(i)); i++)
            check_all(sipwhy_explain_reason(reason, language));
        for (unsigned id = 0; id < SIPWHY_FINDING_COUNT; id++)
            check_page(sipwhy_explain_finding((SipwhyFindingId)id, language), TRUE);
    }
}

/* Headers that a response must carry are missed, and not if one of them is there. */
static void test_missing_header(void)
{
    static const struct {
        const char *text;
        gboolean missing;
    } cases[] = {
        {"SIP/2.0 401 Unauthorized\r\nCSeq: 1 REGISTER\r\n\r\n", TRUE},
        {"SIP/2.0 401 Unauthorized\r\nCSeq: 1 REGISTER\r\nwww-authenticate: x\r\n\r\n", FALSE},
        {"SIP/2.0 401 Unauthorized\r\n\r\n", FALSE}, /* a status line alone was pasted */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SipwhyMessage message;
        SipwhyExplanation explanation;
        sipwhy_message_scan(cases[i].text, strlen(cases[i].text), SIPWHY_FRAMING_DATAGRAM,
                            &message);
        sipwhy_explain(401, 0, &explanation);
        SipwhyPage *page = sipwhy_page_new("401");
        sipwhy_explain_message(page, &message, &explanation, 0);
        const SipwhyBlock *block = page->blocks->pdata[0];
        g_assert_cmpuint(block->items->len, ==, cases[i].missing ? 1 : 0);
        if (cases[i].missing)
            g_assert_cmpstr(((SipwhyItem *)block->items->pdata[0])->label, ==, "WWW-Authenticate");
        sipwhy_page_free(page);
    }
}

/* A display filter is copied in one piece; a heading may need more than a line. */
static void test_filter_in_one_piece(void)
{
    SipwhyPage *page = sipwhy_page_new("T");
    SipwhyBlock *block = sipwhy_page_add(page, SIPWHY_BLOCK_BULLETS, "A heading of two lines");

    sipwhy_block_add(block, NULL, "Seen by: code == 488 alone");
    char *text = as_text(page, FALSE, 18);
    g_assert_cmpstr(text, ==,
                    "T\n\n"
                    "A heading of two\n"
                    "    lines\n"
                    "  - Seen by:\n"
                    "    code == 488\n"
                    "    alone\n");
    g_free(text);
    sipwhy_page_free(page);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/text", test_text);
    g_test_add_func("/render/markdown", test_markdown);
    g_test_add_func("/render/colour", test_colour);
    g_test_add_func("/render/width", test_width);
    g_test_add_func("/render/wrap", test_wrap);
    g_test_add_func("/render/links", test_links);
    g_test_add_func("/render/escaping", test_escaping);
    g_test_add_func("/render/hostile", test_hostile);
    g_test_add_func("/render/hostile-is-explained", test_hostile_is_explained);
    g_test_add_func("/render/all-pages", test_all_pages);
    g_test_add_func("/render/missing-header", test_missing_header);
    g_test_add_func("/render/filter-in-one-piece", test_filter_in_one_piece);
    return g_test_run();
}
