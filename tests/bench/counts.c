/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a capture holds, counted while it is made, to be compared with what is said of it. */
#include "counts.h"

#include <string.h>

/* Timer B (RFC 3261 17.1.1.2): an INVITE without any response waits no longer. */
static const gint64 timer_b = (gint64)32 * G_USEC_PER_SEC;

Counts *counts_new(void)
{
    Counts *counts = g_new0(Counts, 1);

    counts->by_method = g_hash_table_new(g_str_hash, g_str_equal);
    return counts;
}

void counts_free(Counts *counts)
{
    g_hash_table_destroy(counts->by_method);
    g_free(counts);
}

static void begin(Counts *counts, Flow *flow)
{
    if (!flow->continues) {
        counts->calls += flow->is_call;
        counts->exchanges += !flow->is_call;
    }
    flow->told = TRUE;
}

/* The INVITE that sets up the call, or tries to again, seen by its first client. */
static void note_invite(Flow *flow, gint64 now_us)
{
    const Step *step = flow->step;

    if (strcmp(step->method, "INVITE") != 0 || (step->flags & STEP_IN_DIALOG) ||
        flow_hop(flow) != 0)
        return;
    if (step->code == 0) {
        flow->invites = flow->final || flow->heard ? 1 : flow->invites + 1;
        flow->first_us = flow->invites == 1 ? now_us : flow->first_us;
        flow->final = 0;
        flow->heard = FALSE;
    } else {
        flow->heard = TRUE;
        if (step->code >= 200)
            flow->final = step->code;
    }
}

void counts_add(Counts *counts, Flow *flow, gint64 now_us)
{
    const Step *step = flow->step;

    if (!flow->told)
        begin(counts, flow);
    note_invite(flow, now_us);
    if (step->code > 0) {
        counts->responses++;
        counts->by_code[step->code]++;
        counts->repeats[step->code] += (step->flags & STEP_REPEAT) != 0;
    } else {
        gsize count = GPOINTER_TO_SIZE(g_hash_table_lookup(counts->by_method, step->method)) + 1;

        counts->requests++;
        g_hash_table_insert(counts->by_method, (gpointer)step->method, GSIZE_TO_POINTER(count));
    }
}

void counts_end(Counts *counts, const Flow *flow, gint64 now_us)
{
    gboolean silent = !flow->heard && flow->invites > 1 && now_us - flow->first_us > timer_b;

    if (!flow->told || !flow->is_call || flow->continues)
        return;
    if (flow->final == 0 && silent)
        counts->unanswered++;
    else if (flow->final == 0)
        counts->incomplete++;
    else if (flow->final < 300)
        counts->answered++;
    else if (flow->final < 400)
        counts->redirected++;
    else if (flow->final == 487)
        counts->cancelled++;
    else
        counts->failed++;
}

static void write_methods(const Counts *counts, FILE *out)
{
    GList *methods = g_list_sort(g_hash_table_get_keys(counts->by_method), (GCompareFunc)strcmp);
    const gchar *separator = "";

    fputs("\"by_method\":{", out);
    for (const GList *one = methods; one; one = one->next, separator = ",")
        fprintf(out, "%s\"%s\":%zu", separator, (const gchar *)one->data,
                GPOINTER_TO_SIZE(g_hash_table_lookup(counts->by_method, one->data)));
    fputs("}", out);
    g_list_free(methods);
}

static void write_codes(const Counts *counts, gboolean repeats, FILE *out)
{
    const gchar *separator = "";
    gint64 sum = 0;

    fprintf(out, "\"%sby_code\":{", repeats ? "" : "first_");
    for (guint code = 0; code < G_N_ELEMENTS(counts->by_code); code++) {
        gint64 count = counts->by_code[code] - (repeats ? 0 : counts->repeats[code]);

        if (count == 0)
            continue;
        fprintf(out, "%s\"%u\":%" G_GINT64_FORMAT, separator, code, count);
        separator = ",";
        sum += count;
    }
    fprintf(out, "},\"%sresponses\":%" G_GINT64_FORMAT, repeats ? "" : "first_", sum);
}

void counts_write(const Counts *counts, gint64 packets, FILE *out)
{
    const struct {
        const gchar *name;
        gint64 value;
    } outcomes[] = {
        {"answered", counts->answered},     {"failed", counts->failed},
        {"cancelled", counts->cancelled},   {"redirected", counts->redirected},
        {"unanswered", counts->unanswered}, {"incomplete", counts->incomplete},
    };

    fprintf(out,
            "{\"all_packets\":%" G_GINT64_FORMAT ",\"messages\":%" G_GINT64_FORMAT
            ",\"requests\":%" G_GINT64_FORMAT ",\"calls\":%" G_GINT64_FORMAT
            ",\"exchanges\":%" G_GINT64_FORMAT ",",
            packets, counts->requests + counts->responses, counts->requests, counts->calls,
            counts->exchanges);
    write_methods(counts, out);
    fputs(",", out);
    write_codes(counts, TRUE, out);
    fputs(",", out);
    write_codes(counts, FALSE, out);
    fputs(",\"by_outcome\":{", out);
    for (guint i = 0; i < G_N_ELEMENTS(outcomes); i++)
        fprintf(out, "%s\"%s\":%" G_GINT64_FORMAT, i > 0 ? "," : "", outcomes[i].name,
                outcomes[i].value);
    fputs("}}\n", out);
}
