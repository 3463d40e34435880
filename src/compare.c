/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two or more response codes beside each other.
 */
#include "compare.h"

#include <string.h>

#include "text.h"

static void free_row(void *data)
{
    SipwhyComparisonRow *row = data;
    g_strfreev(row->values);
    g_free(row);
}

static SipwhyComparisonRow *make_row(const SipwhyComparison *comparison, const SipwhyFact *fact)
{
    SipwhyComparisonRow *row = g_new0(SipwhyComparisonRow, 1);
    bool empty = true;

    row->fact = fact;
    row->same = true;
    row->values = g_new0(char *, comparison->count + 1);
    for (size_t i = 0; i < comparison->count; i++) {
        char *value = fact->say(&comparison->codes[i], comparison->language);
        row->values[i] = value ? value : g_strdup("");
        empty = empty && !*row->values[i];
        row->same = row->same && strcmp(row->values[i], row->values[0]) == 0;
    }
    if (!empty)
        return row;
    free_row(row);
    return NULL;
}

/* What `from` says of `to`, or NULL. */
static const char *find_distinction(const SipwhyExplanation *from, const SipwhyExplanation *to)
{
    if (!from->code)
        return NULL;
    for (size_t i = 0; i < from->code->related.count; i++)
        if (from->words->related[i].code == to->status)
            return from->words->related[i].text;
    return NULL;
}

SipwhyComparison *sipwhy_compare(const unsigned *codes, size_t count, SipwhyLanguage language)
{
    SipwhyComparison *comparison = g_new0(SipwhyComparison, 1);
    const SipwhyFact *fact;

    comparison->language = language;
    comparison->count = count;
    comparison->codes = g_new0(SipwhyExplanation, count);
    comparison->rows = g_ptr_array_new_with_free_func(free_row);
    comparison->distinctions = g_array_new(FALSE, FALSE, sizeof(SipwhyDistinction));
    for (size_t i = 0; i < count; i++)
        sipwhy_explain(codes[i], language, &comparison->codes[i]);
    for (size_t i = 0; (fact = sipwhy_fact_at(i)); i++) {
        SipwhyComparisonRow *row = make_row(comparison, fact);
        if (row)
            g_ptr_array_add(comparison->rows, row);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            const char *text = find_distinction(&comparison->codes[i], &comparison->codes[j]);
            SipwhyDistinction distinction = {
                {comparison->codes[i].status, comparison->codes[j].status}, text};
            if (i != j && text)
                g_array_append_val(comparison->distinctions, distinction);
        }
    }
    return comparison;
}

void sipwhy_comparison_free(SipwhyComparison *comparison)
{
    if (!comparison)
        return;
    g_array_free(comparison->distinctions, TRUE);
    g_ptr_array_free(comparison->rows, TRUE);
    g_free(comparison->codes);
    g_free(comparison);
}

/* Ends of sentences: a full stop and a blank before a capital letter. */
static const char *sentence_end(const char *text)
{
    for (const char *stop = strstr(text, ". "); stop; stop = strstr(stop + 1, ". "))
        if (g_ascii_isupper(stop[2]))
            return stop + 1;
    return NULL;
}

/* `text` without the sentences that stand in `seen`, which learns the others; NULL if none is left.
 */
static char *unseen_sentences(GHashTable *seen, const char *text)
{
    GString *kept = g_string_new(NULL);

    while (*text) {
        const char *end = sentence_end(text);
        char *sentence = end ? g_strndup(text, (gsize)(end - text)) : g_strdup(text);
        text = end ? end + 1 : "";
        if (!g_hash_table_contains(seen, sentence)) {
            g_string_append_printf(kept, "%s%s", kept->len ? " " : "", sentence);
            g_hash_table_add(seen, sentence);
        } else {
            g_free(sentence);
        }
    }
    if (kept->len > 0)
        return g_string_free(kept, FALSE);
    g_string_free(kept, TRUE);
    return NULL;
}

static void add_unseen(GHashTable *seen, SipwhyBlock *block, const char *label, const char *text)
{
    char *kept = unseen_sentences(seen, text);
    sipwhy_block_add(block, label, kept);
    g_free(kept);
}

static char *number_of(const SipwhyExplanation *explanation)
{
    return g_strdup_printf("%u", explanation->status);
}

static void add_descriptions(const SipwhyComparison *comparison, SipwhyPage *page, GHashTable *seen)
{
    SipwhyBlock *block = sipwhy_page_add(
        page, SIPWHY_BLOCK_FACTS, sipwhy_text(comparison->language, SIPWHY_TEXT_HEADING_EACH_SAYS));

    for (size_t i = 0; i < comparison->count; i++) {
        char *number = number_of(&comparison->codes[i]);
        char **lines = sipwhy_description_lines(comparison->language, &comparison->codes[i]);
        char *text = g_strjoinv(" ", lines);
        add_unseen(seen, block, number, text);
        g_free(text);
        g_strfreev(lines);
        g_free(number);
    }
}

/* The codes that share the value of code `first`, as "600, 603". */
static char *codes_with_value(const SipwhyComparison *comparison, char *const *values, size_t first)
{
    GString *codes = g_string_new(NULL);

    for (size_t i = first; i < comparison->count; i++)
        if (strcmp(values[i], values[first]) == 0)
            g_string_append_printf(codes, "%s%u", codes->len ? ", " : "",
                                   comparison->codes[i].status);
    return g_string_free(codes, FALSE);
}

static bool value_stood_before(char *const *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(values[i], values[n]) == 0)
            return true;
    return false;
}

static char *first_cause(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    (void)language;
    return g_strdup(explanation->causes.line[0]);
}

static char *first_fix(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    return sipwhy_fix_text(language, &explanation->fixes.fix[0]);
}

static char *next_step(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    (void)language;
    return g_strdup(explanation->next);
}

/* A block with one text a code; codes that share a text stand together. */
static void add_texts(const SipwhyComparison *comparison, SipwhyPage *page, SipwhyText heading,
                      char *(*say)(const SipwhyExplanation *explanation, SipwhyLanguage language),
                      GHashTable *seen)
{
    SipwhyBlock *block =
        sipwhy_page_add(page, SIPWHY_BLOCK_FACTS, sipwhy_text(comparison->language, heading));
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < comparison->count; i++)
        g_ptr_array_add(texts, say(&comparison->codes[i], comparison->language));
    char *const *values = (char *const *)texts->pdata;
    for (size_t i = 0; i < comparison->count; i++) {
        if (value_stood_before(values, i))
            continue;
        char *codes = codes_with_value(comparison, values, i);
        add_unseen(seen, block, codes, values[i]);
        g_free(codes);
    }
    g_ptr_array_free(texts, TRUE);
}

static void add_rows(const SipwhyComparison *comparison, SipwhyPage *page)
{
    SipwhyLanguage language = comparison->language;
    SipwhyBlock *differences = sipwhy_page_add(
        page, SIPWHY_BLOCK_GROUPS, sipwhy_text(language, SIPWHY_TEXT_HEADING_DIFFERENCES));
    SipwhyBlock *common = sipwhy_page_add(page, SIPWHY_BLOCK_FACTS,
                                          sipwhy_text(language, SIPWHY_TEXT_HEADING_COMMON));

    for (unsigned i = 0; i < comparison->rows->len; i++) {
        const SipwhyComparisonRow *row = comparison->rows->pdata[i];
        const char *label = sipwhy_text(language, row->fact->label);
        if (row->same) {
            sipwhy_block_add(common, label, row->values[0]);
            continue;
        }
        sipwhy_block_add(differences, NULL, label);
        for (size_t j = 0; j < comparison->count; j++) {
            if (value_stood_before(row->values, j))
                continue;
            char *codes = codes_with_value(comparison, row->values, j);
            sipwhy_block_add(differences, codes,
                             *row->values[j] ? row->values[j]
                                             : sipwhy_text(language, SIPWHY_TEXT_NOTHING));
            g_free(codes);
        }
    }
}

/* Of more than two codes, each sentence is marked with the two that it is about. */
static void add_distinction(const SipwhyComparison *comparison, unsigned n, GHashTable *seen,
                            SipwhyBlock *block)
{
    const SipwhyDistinction *distinction =
        &g_array_index(comparison->distinctions, SipwhyDistinction, n);
    char *pair = g_strdup_printf("%u, %u", MIN(distinction->codes[0], distinction->codes[1]),
                                 MAX(distinction->codes[0], distinction->codes[1]));

    add_unseen(seen, block, comparison->count > 2 ? pair : NULL, distinction->text);
    g_free(pair);
}

SipwhyPage *sipwhy_comparison_page(const SipwhyComparison *comparison)
{
    SipwhyLanguage language = comparison->language;
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GString *title = g_string_new(NULL);

    for (size_t i = 0; i < comparison->count; i++) {
        char *name = sipwhy_code_title(&comparison->codes[i]);
        g_string_append_printf(title, "%s%s", i ? " / " : "", name);
        g_free(name);
    }
    SipwhyPage *page = sipwhy_page_new(title->str);
    page->language = language;
    g_string_free(title, TRUE);

    add_descriptions(comparison, page, seen);
    SipwhyBlock *apart = sipwhy_page_add(page, SIPWHY_BLOCK_BULLETS,
                                         sipwhy_text(language, SIPWHY_TEXT_HEADING_APART));
    for (unsigned i = 0; i < comparison->distinctions->len; i++)
        add_distinction(comparison, i, seen, apart);
    add_rows(comparison, page);

    add_texts(comparison, page, SIPWHY_TEXT_HEADING_SEEN_WHEN, first_cause, seen);
    add_texts(comparison, page, SIPWHY_TEXT_HEADING_DO_FIRST, first_fix, seen);
    add_texts(comparison, page, SIPWHY_TEXT_HEADING_NEXT, next_step, seen);
    g_hash_table_destroy(seen);
    return page;
}
