/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The messages of a call as a ladder: endpoints as columns, messages as rows from one to another.
 *
 * Retransmissions are one row with the message that they repeat, the middle of a long call is left
 * out, and so are endpoints beyond some number: they share the last column.
 */
#ifndef SIPWHY_REPORT_LADDER_H
#define SIPWHY_REPORT_LADDER_H

#include "recording/recording.h"

enum {
    SIPWHY_LADDER_COLUMNS_MOST = 8,
    SIPWHY_LADDER_ROWS_MOST = 40, /**< of messages, beside those that stand for what is left out */
};

typedef struct {
    const char *name;  /**< "192.0.2.1:5060"; NULL: several endpoints */
    const char *agent; /**< what it calls itself; NULL: not known */
    size_t endpoints;  /**< how many there are in it */
} SipwhyLadderColumn;

typedef struct {
    const SipwhyRecordedMessage *message; /**< the first of them; NULL: some are left out here */
    size_t count;                         /**< messages in it, or left out */
    uint32_t last_frame;                  /**< that of the last one */
    int64_t last_time;
    unsigned from; /**< column */
    unsigned to;
    SipwhySeverity severity; /**< the highest of its messages and findings */
    GPtrArray *findings;     /**< SipwhyRecordedFinding, each id once, worst first */
} SipwhyLadderRow;

typedef struct {
    const SipwhyRecordedCall *call;
    GPtrArray *columns; /**< SipwhyLadderColumn, in the order in which they appear */
    GPtrArray *rows;    /**< SipwhyLadderRow */
    int64_t begin;      /**< time of the first message; SIPWHY_NO_TIME: not known */
    bool brief;         /**< it is so short that milliseconds tell nothing */
    size_t endpoints;
} SipwhyLadder;

/** The call must live longer than its ladder. */
SipwhyLadder *sipwhy_ladder_new(const SipwhyRecordedCall *call);
void sipwhy_ladder_free(SipwhyLadder *ladder);

/** Appends it as a diagram, an SVG element for a page with the shapes and the style of html.h. `id`
 * is one that no other element of the page begins with. */
void sipwhy_ladder_svg(GString *out, const SipwhyLadder *ladder, const char *id,
                       SipwhyLanguage language);

/** Appends the same rows as a table. */
void sipwhy_ladder_table(GString *out, const SipwhyLadder *ladder, SipwhyLanguage language);

/** "3 x INVITE, over 3.5 s", "488 Not Acceptable Here". The caller frees it. */
char *sipwhy_ladder_label(const SipwhyLadderRow *row, SipwhyLanguage language);

/** "0.020 s", "0.000412 s": the time of a row after the first message; "" when it is not known. The
 * caller frees it. */
char *sipwhy_ladder_time(const SipwhyLadder *ladder, const SipwhyLadderRow *row);

#endif
