/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the verdict asks of a baseline.
 */
#ifndef SIPWHY_CHECK_BASELINE_H
#define SIPWHY_CHECK_BASELINE_H

#include "check/verdict.h"

/** Whether a baseline, which may be NULL, has that fingerprint. */
bool sipwhy_baseline_has(const SipwhyBaseline *baseline, const char *fingerprint);

#endif
