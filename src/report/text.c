/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A page as text for a terminal or a pipe.
 */
#include <stdbool.h>
#include <string.h>

#include "render.h"
#include "text.h"

enum { INDENT = 2, LABEL_COLUMNS_MAX = 24 };

static const char BOLD[] = "\033[1m";
static const char HEADING[] = "\033[1;36m";
static const char LABEL[] = "\033[33m";
static const char PLAIN[] = "\033[0m";

static size_t columns_of(const char *text)
{
    return (size_t)g_utf8_strlen(text, -1);
}

static void append_styled(GString *out, const SipwhyTextStyle *style, const char *escape,
                          const char *text)
{
    if (style->colour)
        g_string_append_printf(out, "%s%s%s", escape, text, PLAIN);
    else
        g_string_append(out, text);
}

static void append_blanks(GString *out, size_t count)
{
    for (; count > 0; count--)
        g_string_append_c(out, ' ');
}

/* Whether no line ends before a word: a display filter is to be copied in one piece. */
static bool is_glued(char **words, char **word)
{
    return word > words && (strcmp(*word, "==") == 0 || strcmp(word[-1], "==") == 0);
}

/* Columns of a word and of those that are glued to it. */
static size_t columns_of_piece(char **words, char **word)
{
    size_t columns = columns_of(*word);

    for (word++; *word && is_glued(words, word); word++)
        columns += 1 + columns_of(*word);
    return columns;
}

/* Appends `text` from column `column` on, wrapped with `indent` blanks before further lines. */
static void append_wrapped(GString *out, const SipwhyTextStyle *style, const char *text,
                           size_t column, size_t indent)
{
    if (style->width == 0) {
        g_string_append(out, text);
        g_string_append_c(out, '\n');
        return;
    }
    char **words = g_strsplit(text, " ", -1);
    bool first = true;
    for (char **word = words; *word; word++) {
        size_t length = columns_of(*word);
        if (!first && !is_glued(words, word) &&
            column + 1 + columns_of_piece(words, word) > style->width) {
            g_string_append_c(out, '\n');
            append_blanks(out, indent);
            column = indent;
            first = true;
        }
        if (!first) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append(out, *word);
        column += length;
        first = false;
    }
    g_string_append_c(out, '\n');
    g_strfreev(words);
}

/* A heading may be as long as a sentence. */
static void append_heading(GString *out, const SipwhyTextStyle *style, const char *heading)
{
    GString *wrapped = g_string_new(NULL);

    append_wrapped(wrapped, style, heading, 0, (size_t)2 * INDENT);
    g_string_truncate(wrapped, wrapped->len - 1);
    append_styled(out, style, HEADING, wrapped->str);
    g_string_append_c(out, '\n');
    g_string_free(wrapped, TRUE);
}

static void append_paragraph(GString *out, const SipwhyTextStyle *style, const SipwhyBlock *block)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < block->items->len; i++) {
        const SipwhyItem *item = block->items->pdata[i];
        g_string_append_printf(text, "%s%s", i ? " " : "", item->text);
    }
    append_blanks(out, INDENT);
    append_wrapped(out, style, text->str, INDENT, INDENT);
    g_string_free(text, TRUE);
}

static void append_list(GString *out, const SipwhyTextStyle *style, const SipwhyBlock *block,
                        const char *colon)
{
    for (unsigned i = 0; i < block->items->len; i++) {
        const SipwhyItem *item = block->items->pdata[i];
        char *mark =
            block->kind == SIPWHY_BLOCK_NUMBERED ? g_strdup_printf("%u. ", i + 1) : g_strdup("- ");
        size_t indent = INDENT + strlen(mark);
        size_t column = indent;
        append_blanks(out, INDENT);
        g_string_append(out, mark);
        if (item->label) {
            append_styled(out, style, LABEL, item->label);
            g_string_append(out, colon);
            column += columns_of(item->label) + columns_of(colon);
        }
        append_wrapped(out, style, item->text, column, indent);
        g_free(mark);
    }
}

static size_t label_columns(const SipwhyBlock *block)
{
    size_t widest = 0;

    for (unsigned i = 0; i < block->items->len; i++) {
        const SipwhyItem *item = block->items->pdata[i];
        if (item->label)
            widest = MAX(widest, columns_of(item->label));
    }
    return MIN(widest, LABEL_COLUMNS_MAX);
}

static void append_facts(GString *out, const SipwhyTextStyle *style, const SipwhyBlock *block)
{
    size_t columns = label_columns(block);

    for (unsigned i = 0; i < block->items->len; i++) {
        const SipwhyItem *item = block->items->pdata[i];
        size_t indent = block->kind == SIPWHY_BLOCK_GROUPS ? 2 * INDENT : INDENT;
        if (!item->label) {
            append_blanks(out, INDENT);
            append_styled(out, style, BOLD, item->text);
            g_string_append_c(out, '\n');
            continue;
        }
        size_t length = columns_of(item->label);
        append_blanks(out, indent);
        append_styled(out, style, LABEL, item->label);
        if (length > columns) {
            g_string_append_c(out, '\n');
            append_blanks(out, indent + columns + INDENT);
        } else {
            append_blanks(out, columns - length + INDENT);
        }
        append_wrapped(out, style, item->text, indent + columns + INDENT,
                       indent + columns + INDENT);
    }
}

void sipwhy_render_text(GString *out, const SipwhyPage *page, const SipwhyTextStyle *style)
{
    char *colon = sipwhy_labelled_text(page->language, "", "");

    append_styled(out, style, BOLD, page->title);
    g_string_append_c(out, '\n');
    for (unsigned i = 0; i < page->blocks->len; i++) {
        const SipwhyBlock *block = page->blocks->pdata[i];
        if (block->items->len == 0)
            continue;
        if (block->heading) {
            g_string_append_c(out, '\n');
            append_heading(out, style, block->heading);
        }
        switch (block->kind) {
        case SIPWHY_BLOCK_PARAGRAPH:
            append_paragraph(out, style, block);
            break;
        case SIPWHY_BLOCK_NUMBERED:
        case SIPWHY_BLOCK_BULLETS:
            append_list(out, style, block, colon);
            break;
        case SIPWHY_BLOCK_FACTS:
        case SIPWHY_BLOCK_GROUPS:
            append_facts(out, style, block);
            break;
        }
    }
    g_free(colon);
}
