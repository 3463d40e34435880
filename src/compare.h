/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two or more response codes beside each other: computed from their facts.
 */
#ifndef SIPWHY_COMPARE_H
#define SIPWHY_COMPARE_H

#include "facts.h"
#include "page.h"

/** One fact, for each of the codes. */
typedef struct {
    const SipwhyFact *fact;
    char **values; /**< as many as codes; "" where the fact has nothing to say of one */
    bool same;     /**< all codes have the same value */
} SipwhyComparisonRow;

/** What tells two of the codes apart. */
typedef struct {
    unsigned codes[2];
    const char *text;
} SipwhyDistinction;

typedef struct {
    SipwhyLanguage language;
    size_t count;
    SipwhyExplanation *codes;
    GPtrArray *rows;      /**< SipwhyComparisonRow; facts that say nothing of any are left out */
    GArray *distinctions; /**< SipwhyDistinction */
} SipwhyComparison;

/**
 * Compares `count` codes (two or more, each one that sipwhy_explain knows, no two the same).
 * The caller frees the result with sipwhy_comparison_free.
 */
SipwhyComparison *sipwhy_compare(const unsigned *codes, size_t count, SipwhyLanguage language);
void sipwhy_comparison_free(SipwhyComparison *comparison);

/** The comparison as a page on which no sentence stands twice; free with sipwhy_page_free. */
SipwhyPage *sipwhy_comparison_page(const SipwhyComparison *comparison);

#endif
