/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a capture holds, counted while it is made, to be compared with what is said of it. */
#ifndef BENCH_COUNTS_H
#define BENCH_COUNTS_H

#include <stdio.h>

#include "flow.h"

typedef struct {
    gint64 requests, responses, calls, exchanges;
    GHashTable *by_method;             /* name -> count */
    gint64 by_code[700], repeats[700]; /* of by_code, what is repeated */
    gint64 answered, failed, cancelled, redirected, unanswered, incomplete;
} Counts;

Counts *counts_new(void);
void counts_free(Counts *counts);

/* The message of flow that comes next is sent at now_us. */
void counts_add(Counts *counts, Flow *flow, gint64 now_us);

/* No more of flow will come before now_us: what became of its call. Of a call whose end is a flow
 * of its own that is told once. */
void counts_end(Counts *counts, const Flow *flow, gint64 now_us);

/* One JSON object, with the keys of the summary of -z sipwhy,json where both count the same; what
 * begins with first_ is without repeats. */
void counts_write(const Counts *counts, gint64 packets, FILE *out);

#endif
