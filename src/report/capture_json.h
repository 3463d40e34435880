/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture for machines: JSON Lines, as capture.schema.json describes them.
 */
#ifndef SIPWHY_REPORT_CAPTURE_JSON_H
#define SIPWHY_REPORT_CAPTURE_JSON_H

#include "capture.h"

/** Writes an object for each message, one for each call or other exchange, and a summary. Keys, ids
 * and their meaning are API; texts follow the language. */
void sipwhy_capture_write_json(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                               FILE *out);

#endif
