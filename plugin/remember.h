/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remember: what is known of the responses of each packet, for as long as the file is open.
 */
#ifndef SIPWHY_REMEMBER_H
#define SIPWHY_REMEMBER_H

#include "observe.h"

/** A response as it stands in the records. */
typedef struct {
    guint status; /**< 0 to 999 */
    gboolean quoted;
    const char *phrase; /**< of the status line, made fit to be shown; "" when there is none */
} Response;

/** The responses of one packet. */
typedef struct {
    guint count;
    gboolean complete; /**< they come from the tap, not from the hooks */
    Response responses[];
} Record;

void remember_register(void);

/**
 * The record of this packet, made or completed from what was observed in this pass; NULL when
 * nothing is known of any response in it.
 */
const Record *remember_packet(packet_info *pinfo, wmem_array_t *observed, gboolean complete);

#endif
