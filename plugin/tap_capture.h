/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reports on a whole capture, printed when all packets have been read: -z sipwhy,json and so on.
 */
#ifndef SIPWHY_TAP_CAPTURE_H
#define SIPWHY_TAP_CAPTURE_H

#include "knowledge.h"
#include "ws_compat.h"

/** Registers the -z options. Called after remember_register and taps_register. `knowledge` is the
 * preference by which lines for machines say what data/ has on each code. */
void tap_capture_register(const ws_boolean *knowledge);

#endif
