/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One call (or registration and the like) in an HTML report: told in full, or as a row.
 */
#ifndef SIPWHY_REPORT_HTML_CASE_H
#define SIPWHY_REPORT_HTML_CASE_H

#include "report/diagnosis.h"

/** Appends it with findings, what to do, and a ladder. `number` counts from 1; the element's id is
 * "call-" and that number. `with_file`: several captures were read. */
void sipwhy_html_case(GString *out, const SipwhyCase *one, unsigned number, bool with_file,
                      SipwhyLanguage language);

/** Appends the head of a table of such rows, up to its <tbody>. */
void sipwhy_html_case_head(GString *out, const char *label, bool with_file,
                           SipwhyLanguage language);

/** Appends it as a row with the same id. */
void sipwhy_html_case_row(GString *out, const SipwhyCase *one, unsigned number, bool with_file,
                          SipwhyLanguage language);

#endif
