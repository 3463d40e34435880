/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A chart of an HTML report: horizontal bars, each with its name and its number.
 */
#ifndef SIPWHY_REPORT_HTML_CHART_H
#define SIPWHY_REPORT_HTML_CHART_H

#include <glib.h>

#include "knowledge.h"

typedef struct {
    const char *label;
    const char *class; /**< colour, in the style sheet: "error" */
    size_t value;
} SipwhyBar;

/** Appends a figure with its caption. `id` is one that no other element of the page begins with. */
void sipwhy_html_chart(GString *out, const char *id, const char *caption, const SipwhyBar *bars,
                       size_t count, SipwhyLanguage language);

#endif
