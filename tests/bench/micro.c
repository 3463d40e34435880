/* SPDX-License-Identifier: GPL-2.0-or-later
 * bench-micro [SECONDS]: what looking up a code and scanning a message take, in nanoseconds of CPU
 * time: the least and the median of many rounds, as rows of a table. Judges nothing. Each round
 * takes some milliseconds; all of them SECONDS (1 unless told) a row. Exit status 0, 2 wrong usage.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "knowledge.h"
#include "message.h"
#include "sip-text.h"

/* About 500 bytes, as a request without a body has that passed a proxy. */
enum { MESSAGES = 64, LENGTH_LEAST = 450, LENGTH_MOST = 550 };
enum { STATUSES = 4096 }; /* a power of two: what a round looks up */

typedef struct {
    GString *messages[MESSAGES];
    gsize bytes; /* of all messages */
    guint16 statuses[STATUSES];
} Bench;

static guint64 sink; /* what is worked out is used, or else the compiler would leave it out */

/* What is measured, once: how many things were done. */
typedef guint (*Round)(const Bench *bench);

static guint find_codes(const Bench *bench)
{
    for (guint i = 0; i < STATUSES; i++)
        sink += GPOINTER_TO_SIZE(sipwhy_code_find(bench->statuses[i]));
    return STATUSES;
}

static guint explain_codes(const Bench *bench)
{
    SipwhyExplanation explanation;

    for (guint i = 0; i < STATUSES; i++)
        if (sipwhy_explain(bench->statuses[i], 0, &explanation))
            sink += GPOINTER_TO_SIZE(explanation.code) + explanation.causes.count;
    return STATUSES;
}

static guint scan_messages(const Bench *bench)
{
    SipwhyMessage message;

    for (guint i = 0; i < MESSAGES; i++) {
        const GString *text = bench->messages[i];
        if (sipwhy_message_scan(text->str, text->len, SIPWHY_FRAMING_DATAGRAM, &message))
            sink += message.length + message.status;
    }
    return MESSAGES;
}

static gdouble now_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (gdouble)time.tv_sec * 1e9 + (gdouble)time.tv_nsec;
}

/* Nanoseconds for each of the things that a round does, which is repeated for a millisecond. */
static gdouble measure(const Bench *bench, Round round)
{
    const gdouble start = now_ns();
    gdouble end;
    guint64 done = 0;

    do {
        for (guint i = 0; i < 8; i++)
            done += round(bench);
        end = now_ns();
    } while (end - start < 1e6);
    return (end - start) / (gdouble)done;
}

static gint compare_numbers(gconstpointer one, gconstpointer other)
{
    const gdouble a = *(const gdouble *)one, b = *(const gdouble *)other;

    return a < b ? -1 : a > b;
}

static void print_row(const Bench *bench, const gchar *what, Round round, gdouble seconds)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(gdouble));
    const gdouble until = now_ns() + seconds * 1e9;

    measure(bench, round); /* warms up */
    do {
        const gdouble value = measure(bench, round);
        g_array_append_val(values, value);
    } while (now_ns() < until);
    g_array_sort(values, compare_numbers);
    printf("| %s | %.1f ns | %.1f ns |\n", what, g_array_index(values, gdouble, values->len / 2),
           g_array_index(values, gdouble, 0));
    g_array_unref(values);
}

/* Messages of calls and registrations, as make-calls writes them. */
static void make_messages(Bench *bench)
{
    World *world = world_new(mix_find("mixed"), 1);
    Flow flow = {0};
    guint count = 0;

    flow_start(&flow, world, 0);
    while (count < MESSAGES) {
        GString *text = g_string_new(NULL);

        sip_text(text, &flow);
        if (text->len >= LENGTH_LEAST && text->len <= LENGTH_MOST) {
            bench->bytes += text->len;
            bench->messages[count++] = text;
        } else {
            g_string_free(text, TRUE);
        }
        if (!flow_advance(&flow, world))
            flow_start(&flow, world, flow.next_us);
    }
    world_free(world);
}

/* Every status that there may be, in no order that a processor could foresee. */
static void make_statuses(Bench *bench)
{
    GRand *rand = g_rand_new_with_seed(1);

    for (guint i = 0; i < STATUSES; i++)
        bench->statuses[i] =
            (guint16)g_rand_int_range(rand, SIPWHY_STATUS_FIRST, SIPWHY_STATUS_LAST + 1);
    g_rand_free(rand);
}

int main(int argc, char **argv)
{
    static Bench bench;
    gdouble seconds = argc == 2 ? g_ascii_strtod(argv[1], NULL) : 1;
    gchar *scan;

    if (argc > 2 || seconds <= 0 || seconds > 3600) {
        fputs("usage: bench-micro [SECONDS]\n", stderr);
        return 2;
    }
    make_messages(&bench);
    make_statuses(&bench);
    scan = g_strdup_printf("scanning a message (%u of %u to %u bytes, %u on average)", MESSAGES,
                           LENGTH_LEAST, LENGTH_MOST, (guint)(bench.bytes / MESSAGES));
    print_row(&bench, "looking up a code in the table", find_codes, seconds);
    print_row(&bench, "all that the table says of a code", explain_codes, seconds);
    print_row(&bench, scan, scan_messages, seconds);
    g_free(scan);
    for (guint i = 0; i < MESSAGES; i++)
        g_string_free(bench.messages[i], TRUE);
    return sink == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
