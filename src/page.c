/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A page of words before it is known how it will be shown.
 */
#include "page.h"

static void free_item(void *data)
{
    SipwhyItem *item = data;
    g_free(item->label);
    g_free(item->text);
    g_free(item);
}

static void free_block(void *data)
{
    SipwhyBlock *block = data;
    g_free(block->heading);
    g_ptr_array_free(block->items, TRUE);
    g_free(block);
}

SipwhyPage *sipwhy_page_new(const char *title)
{
    SipwhyPage *page = g_new0(SipwhyPage, 1);

    page->title = g_strdup(title);
    page->blocks = g_ptr_array_new_with_free_func(free_block);
    return page;
}

void sipwhy_page_free(SipwhyPage *page)
{
    if (!page)
        return;
    g_free(page->title);
    g_ptr_array_free(page->blocks, TRUE);
    g_free(page);
}

SipwhyBlock *sipwhy_page_insert(SipwhyPage *page, unsigned n, SipwhyBlockKind kind,
                                const char *heading)
{
    SipwhyBlock *block = g_new0(SipwhyBlock, 1);

    block->kind = kind;
    block->heading = g_strdup(heading);
    block->items = g_ptr_array_new_with_free_func(free_item);
    g_ptr_array_insert(page->blocks, (int)MIN(n, page->blocks->len), block);
    return block;
}

SipwhyBlock *sipwhy_page_add(SipwhyPage *page, SipwhyBlockKind kind, const char *heading)
{
    return sipwhy_page_insert(page, page->blocks->len, kind, heading);
}

void sipwhy_block_add(SipwhyBlock *block, const char *label, const char *text)
{
    if (!text)
        return;
    SipwhyItem *item = g_new(SipwhyItem, 1);
    item->label = g_strdup(label);
    item->text = g_strdup(text);
    g_ptr_array_add(block->items, item);
}
