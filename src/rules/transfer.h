/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a transfer went.
 */
#ifndef SIPWHY_RULES_TRANSFER_H
#define SIPWHY_RULES_TRANSFER_H

#include "trace.h"

/** The frame of the NOTIFY that reports the end of the transfer which a REFER asked for; 0: there
 * is none. */
uint32_t sipwhy_transfer_outcome_in(const SipwhyTransaction *refer);

#endif
