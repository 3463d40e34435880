/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A page as Markdown (CommonMark), to be pasted into a ticket.
 */
#include <string.h>

#include "render.h"
#include "text.h"

/* Addresses are shown as links; in everything else what Markdown or HTML would read is escaped. */
static void append_escaped(GString *out, const char *text)
{
    if (g_str_has_prefix(text, "https://") && !strpbrk(text, " <>\t\r\n")) {
        g_string_append_printf(out, "<%s>", text);
        return;
    }
    for (; *text; text++) {
        if (strchr("\\`*_[]<>&|~#", *text))
            g_string_append_c(out, '\\');
        g_string_append_c(out, g_ascii_iscntrl(*text) ? ' ' : *text); /* a line break too */
    }
}

static void append_item(GString *out, const char *mark, const SipwhyItem *item, const char *colon)
{
    g_string_append(out, mark);
    if (item->label) {
        g_string_append(out, "**");
        append_escaped(out, item->label);
        g_string_append_printf(out, "**%s", colon);
    }
    append_escaped(out, item->text);
    g_string_append_c(out, '\n');
}

static void append_block(GString *out, const SipwhyBlock *block, const char *colon)
{
    for (unsigned i = 0; i < block->items->len; i++) {
        const SipwhyItem *item = block->items->pdata[i];
        char *mark;
        switch (block->kind) {
        case SIPWHY_BLOCK_PARAGRAPH:
            append_item(out, "", item, colon);
            break;
        case SIPWHY_BLOCK_NUMBERED:
            mark = g_strdup_printf("%u. ", i + 1);
            append_item(out, mark, item, colon);
            g_free(mark);
            break;
        case SIPWHY_BLOCK_BULLETS:
        case SIPWHY_BLOCK_FACTS:
            append_item(out, "- ", item, colon);
            break;
        case SIPWHY_BLOCK_GROUPS:
            append_item(out, item->label ? "  - " : "- ", item, colon);
            break;
        }
    }
}

void sipwhy_render_markdown(GString *out, const SipwhyPage *page)
{
    char *colon = sipwhy_labelled_text(page->language, "", "");

    g_string_append(out, "## ");
    append_escaped(out, page->title);
    g_string_append(out, "\n");
    for (unsigned i = 0; i < page->blocks->len; i++) {
        const SipwhyBlock *block = page->blocks->pdata[i];
        if (block->items->len == 0)
            continue;
        if (block->heading) {
            g_string_append(out, "\n### ");
            append_escaped(out, block->heading);
            g_string_append(out, "\n");
        }
        g_string_append(out, "\n");
        append_block(out, block, colon);
    }
    g_free(colon);
}
