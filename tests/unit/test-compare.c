/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * compare.h: rows, distinctions, and a page without repetition.
 */
#include "compare.h"

#include <string.h>

#include "language.h"
#include "text.h"

static const SipwhyComparisonRow *find_row(const SipwhyComparison *comparison, const char *id)
{
    for (unsigned i = 0; i < comparison->rows->len; i++) {
        const SipwhyComparisonRow *row = comparison->rows->pdata[i];
        if (strcmp(row->fact->id, id) == 0)
            return row;
    }
    return NULL;
}

static SipwhyComparison *compare_two(unsigned one, unsigned other, SipwhyLanguage language)
{
    const unsigned codes[] = {one, other};
    return sipwhy_compare(codes, G_N_ELEMENTS(codes), language);
}

static void test_two(void)
{
    SipwhyComparison *comparison = compare_two(486, 600, 0);

    g_assert_cmpuint(comparison->count, ==, 2);
    g_assert_cmpuint(comparison->codes[0].status, ==, 486);
    g_assert_cmpuint(comparison->codes[1].status, ==, 600);
    const SipwhyComparisonRow *row = find_row(comparison, "class");
    g_assert_nonnull(row);
    g_assert_false(row->same);
    g_assert_true(g_str_has_prefix(row->values[0], "4xx"));
    g_assert_true(g_str_has_prefix(row->values[1], "6xx"));
    row = find_row(comparison, "standing");
    g_assert_true(row->same);
    g_assert_cmpstr(row->values[0], ==, row->values[1]);
    /* each names the other among its related codes */
    g_assert_cmpuint(comparison->distinctions->len, ==, 2);
    g_assert_true(g_str_has_prefix(
        g_array_index(comparison->distinctions, SipwhyDistinction, 0).text, "600"));
    g_assert_true(g_str_has_prefix(
        g_array_index(comparison->distinctions, SipwhyDistinction, 1).text, "486"));
    sipwhy_comparison_free(comparison);
    sipwhy_comparison_free(NULL);
}

static void test_three(void)
{
    static const unsigned codes[] = {603, 607, 608};
    SipwhyComparison *comparison = sipwhy_compare(codes, G_N_ELEMENTS(codes), 0);
    SipwhyPage *page = sipwhy_comparison_page(comparison);

    g_assert_cmpstr(page->title, ==, "603 Decline / 607 Unwanted / 608 Rejected");
    g_assert_true(find_row(comparison, "class")->same);
    sipwhy_page_free(page);
    sipwhy_comparison_free(comparison);
}

/* The first and the last may agree without the one between them. */
static void test_between(void)
{
    static const unsigned codes[] = {600, 486, 603};
    SipwhyComparison *comparison = sipwhy_compare(codes, G_N_ELEMENTS(codes), 0);
    const SipwhyComparisonRow *row = find_row(comparison, "class");

    g_assert_false(row->same);
    g_assert_cmpstr(row->values[0], ==, row->values[2]);
    sipwhy_comparison_free(comparison);
}

/* Codes without an entry have facts of their class only. */
static void test_unknown(void)
{
    SipwhyComparison *comparison = compare_two(450, 451, 0);

    g_assert_cmpuint(comparison->distinctions->len, ==, 0);
    g_assert_nonnull(find_row(comparison, "class"));
    g_assert_null(find_row(comparison, "methods"));
    g_assert_null(find_row(comparison, "senders"));
    sipwhy_comparison_free(comparison);

    comparison = compare_two(450, 486, 0);
    const SipwhyComparisonRow *row = find_row(comparison, "methods");
    g_assert_nonnull(row);
    g_assert_false(row->same);
    g_assert_cmpstr(row->values[0], ==, "");
    g_assert_cmpuint(strlen(row->values[1]), >, 0);
    SipwhyPage *page = sipwhy_comparison_page(comparison);
    g_assert_true(g_str_has_prefix(page->title, "450 / 486 "));
    sipwhy_page_free(page);
    sipwhy_comparison_free(comparison);
}

/* Takes one sentence off: a full stop, a blank and a capital end it. */
static char *take_sentence(const char **text)
{
    const char *begin = *text;
    const char *c = begin;

    while (*c && !(c[0] == '.' && c[1] == ' ' && g_ascii_isupper(c[2])))
        c++;
    *text = *c ? c + 2 : c;
    return g_strndup(begin, (gsize)(c - begin));
}

/* Complains of a sentence of a block that stands on the page already. */
static void check_sentences(GHashTable *seen, const SipwhyBlock *block, const char *title)
{
    for (unsigned i = 0; i < block->items->len; i++) {
        const SipwhyItem *item = block->items->pdata[i];
        const char *text = item->text;
        while (*text) {
            char *sentence = take_sentence(&text);
            if (g_hash_table_contains(seen, sentence))
                g_error("%s says twice: %s", title, sentence);
            g_hash_table_add(seen, sentence);
        }
    }
}

static void check_page(const SipwhyComparison *comparison)
{
    SipwhyPage *page = sipwhy_comparison_page(comparison);
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *common = sipwhy_text(comparison->language, SIPWHY_TEXT_HEADING_COMMON);

    for (unsigned i = 0; i < page->blocks->len; i++) {
        const SipwhyBlock *block = page->blocks->pdata[i];
        g_assert_nonnull(block->heading);
        for (unsigned n = 0; n < block->items->len; n++)
            g_assert_cmpuint(strlen(((SipwhyItem *)block->items->pdata[n])->text), >, 0);
        /* the facts are values, no sentences */
        if (block->kind != SIPWHY_BLOCK_GROUPS && strcmp(block->heading, common) != 0)
            check_sentences(seen, block, page->title);
    }
    g_hash_table_destroy(seen);
    sipwhy_page_free(page);
}

static void check_rows(const SipwhyComparison *comparison)
{
    for (unsigned i = 0; i < comparison->rows->len; i++) {
        const SipwhyComparisonRow *row = comparison->rows->pdata[i];
        g_assert_true(*row->values[0] || *row->values[1]);
        g_assert_null(row->values[2]);
        g_assert_true(row->same == (strcmp(row->values[0], row->values[1]) == 0));
    }
}

static void test_all_pairs(void)
{
    const SipwhyCode *one;
    const SipwhyCode *other;

    for (size_t i = 0; (one = sipwhy_code_at(i)); i++) {
        for (size_t j = i + 1; (other = sipwhy_code_at(j)); j++) {
            SipwhyComparison *comparison = compare_two(one->code, other->code, 0);
            check_rows(comparison);
            check_page(comparison);
            sipwhy_comparison_free(comparison);
        }
    }
}

/* 450 and 451 have no entry: the page says what the class says, once. */
static void test_class_twice(void)
{
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++) {
        SipwhyComparison *comparison = compare_two(450, 451, language);
        check_page(comparison);
        sipwhy_comparison_free(comparison);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/two", test_two);
    g_test_add_func("/compare/three", test_three);
    g_test_add_func("/compare/between", test_between);
    g_test_add_func("/compare/unknown", test_unknown);
    g_test_add_func("/compare/all-pairs", test_all_pairs);
    g_test_add_func("/compare/class-twice", test_class_twice);
    return g_test_run();
}
