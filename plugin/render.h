/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Render: show what is remembered, in any pass, whether or not the bytes are at hand.
 */
#ifndef SIPWHY_RENDER_H
#define SIPWHY_RENDER_H

#include "remember.h"
#include "text.h"

/** Which responses have their causes and fixes as expert comments. */
typedef enum { COMMENTS_ALL, COMMENTS_FAILURES, COMMENTS_NONE } Comments;

typedef struct {
    int proto;
    SipwhyLanguage language;
    gint comments; /**< Comments; a preference */
    gboolean info; /**< append the likeliest cause to the Info column; a preference */
} RenderSettings;

/**
 * Adds the items, expert items and columns of a packet's messages. `tree` may be NULL: then only
 * columns and expert items come of it. `observation` holds the messages whose bytes are at hand;
 * the items of others point at no bytes of `tvb`.
 */
void render_packet(const RenderSettings *settings, const Record *record,
                   const Observation *observation, tvbuff_t *tvb, packet_info *pinfo,
                   proto_tree *tree);

/** The severity (PI_WARN) that rendering the record would give the packet. */
int render_severity(const RenderSettings *settings, const Record *record,
                    const Observation *observation);

#endif
