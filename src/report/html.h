/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pieces of an HTML page that is well-formed XML too. Texts may come from packets: they are made
 * fit to be shown, and never become markup.
 */
#ifndef SIPWHY_REPORT_HTML_H
#define SIPWHY_REPORT_HTML_H

#include <glib.h>

#include "knowledge.h"

/** Appends a text, escaped for content and quoted attributes: invalid UTF-8, control characters and
 * those that reorder text become U+FFFD, and one that is very long is cut. NULL appends nothing. */
void sipwhy_html_text(GString *out, const char *text);

/** Appends <tag>text</tag>. `tag` is trusted, and may go on with attributes: "td class=\"n\"". */
void sipwhy_html_element(GString *out, const char *tag, const char *text);

/** The same with a number. */
void sipwhy_html_number(GString *out, const char *tag, size_t number);

/** The first `most` characters of a text, made fit to be shown; dots stand for the rest. The caller
 * frees it. */
char *sipwhy_html_cut(const char *text, unsigned most);

/** A text in lines of at most `width` characters, broken at blanks, or else at signs, where there
 * are some, and no more than `most` of them; dots stand for the rest. NULL-terminated; free with
 * g_strfreev. */
char **sipwhy_html_wrap(const char *text, unsigned width, unsigned most);

/** The class of a severity in the style sheet, which is its id: "warn". Constant. */
const char *sipwhy_html_class(SipwhySeverity severity);

/** Appends sign and word of a severity. */
void sipwhy_html_severity(GString *out, SipwhySeverity severity, SipwhyLanguage language);

/** Opens a box in which a wide table or diagram scrolls, also by keyboard; end it with </div>. */
void sipwhy_html_scroll(GString *out, const char *label);

/** The shapes that signs refer to: once in each page, at the top of its body. */
extern const char sipwhy_html_shapes[];

/** The style sheet. */
extern const char sipwhy_html_style[];

#endif
