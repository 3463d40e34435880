/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reports on a whole capture, printed when all packets have been read: -z sipwhy,json and so on.
 */
#ifndef SIPWHY_TAP_CAPTURE_H
#define SIPWHY_TAP_CAPTURE_H

#include "knowledge.h"

/** Registers the -z options. Called after remember_register and taps_register. */
void tap_capture_register(SipwhyLanguage language);

#endif
