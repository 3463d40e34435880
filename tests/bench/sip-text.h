/* SPDX-License-Identifier: GPL-2.0-or-later
 * The text of the messages of a flow. */
#ifndef BENCH_SIP_TEXT_H
#define BENCH_SIP_TEXT_H

#include "flow.h"

/* Sets out to the message that comes next in flow. */
void sip_text(GString *out, const Flow *flow);

#endif
