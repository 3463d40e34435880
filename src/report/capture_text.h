/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report on a capture that a person reads in a terminal: what to do, and what went wrong.
 */
#ifndef SIPWHY_REPORT_CAPTURE_TEXT_H
#define SIPWHY_REPORT_CAPTURE_TEXT_H

#include "page.h"
#include "report/capture.h"

/** The report as a page, whatever the size of the capture a few screens long. The caller frees it.
 */
SipwhyPage *sipwhy_capture_page(const SipwhyCapture *capture, const SipwhyReportSettings *settings);

/** Writes it as plain text, wrapped at 100 columns: a SipwhyCaptureWriter. */
void sipwhy_capture_write_text(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                               FILE *out);

#endif
