/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A page of words before it is known how it will be shown: a title, then blocks in order.
 *
 * Made by explain.c and compare.c, shown by report/. Texts that are handed over are copied.
 */
#ifndef SIPWHY_PAGE_H
#define SIPWHY_PAGE_H

#include <glib.h>

#include "language.h"

typedef enum {
    SIPWHY_BLOCK_PARAGRAPH, /**< items are sentences that run on */
    SIPWHY_BLOCK_NUMBERED,  /**< items in an order that matters */
    SIPWHY_BLOCK_BULLETS,
    SIPWHY_BLOCK_FACTS,  /**< items with a label each */
    SIPWHY_BLOCK_GROUPS, /**< an item without a label heads those that follow */
} SipwhyBlockKind;

typedef struct {
    char *label; /**< NULL when there is none; of a fix, who carries it out */
    char *text;
} SipwhyItem;

typedef struct {
    SipwhyBlockKind kind;
    char *heading;    /**< NULL when there is none */
    GPtrArray *items; /**< SipwhyItem */
} SipwhyBlock;

typedef struct {
    char *title;
    GPtrArray *blocks;       /**< SipwhyBlock */
    SipwhyLanguage language; /**< whose typography the labels follow; the default one at first */
} SipwhyPage;

SipwhyPage *sipwhy_page_new(const char *title);
void sipwhy_page_free(SipwhyPage *page);

/** Adds a block; an empty one is not shown. `heading` may be NULL. The page owns the result. */
SipwhyBlock *sipwhy_page_add(SipwhyPage *page, SipwhyBlockKind kind, const char *heading);

/** The same, but as the n-th block. */
SipwhyBlock *sipwhy_page_insert(SipwhyPage *page, unsigned n, SipwhyBlockKind kind,
                                const char *heading);

/** Adds an item; `label` may be NULL, and nothing is added when `text` is NULL. */
void sipwhy_block_add(SipwhyBlock *block, const char *label, const char *text);

#endif
