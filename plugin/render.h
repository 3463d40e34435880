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
 * Adds the items, expert items and columns of a packet's responses. `tree` may be NULL: then only
 * columns and expert items come of it. `observed` holds those whose bytes are at hand, or is NULL;
 * otherwise the items point at no bytes of `tvb`.
 */
void render_packet(const RenderSettings *settings, const Record *record, wmem_array_t *observed,
                   tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/** The severity (PI_WARN) that rendering the record would give the packet. */
int render_severity(const Record *record);

#endif
