/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A page shown to people: plain text for terminals, Markdown for tickets.
 */
#ifndef SIPWHY_REPORT_RENDER_H
#define SIPWHY_REPORT_RENDER_H

#include "page.h"

typedef struct {
    gboolean colour; /**< with the terminal's escape sequences */
    unsigned width;  /**< columns to wrap at; 0: one line a sentence, however long */
} SipwhyTextStyle;

/** Appends the page as text. */
void sipwhy_render_text(GString *out, const SipwhyPage *page, const SipwhyTextStyle *style);

/** Appends the page as Markdown; everything in it that Markdown or HTML would read is escaped. */
void sipwhy_render_markdown(GString *out, const SipwhyPage *page);

#endif
