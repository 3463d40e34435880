/* SPDX-License-Identifier: GPL-2.0-or-later
 * make-calls N [OPTION...] OUTPUT: a pcap file of N packets for benchmarks and load tests, of
 * distinct SIP calls, registrations and pings, and of RTP of those calls; see usage. The same
 * options give the same file. Whatever N is, only what is going on is kept in memory. Exit status
 * 0 done, 2 wrong usage, 3 file trouble. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "carrier.h"
#include "counts.h"
#include "sip-text.h"

enum { EXIT_DONE = 0, EXIT_WRONG = 2, EXIT_FILES = 3 };
enum { RTP_HEADER = 12, RTP_SAMPLES = 160, RTP_PCMA = 8, DIALOG_MESSAGES = 7 };

static const char usage[] =
    "usage: make-calls N [OPTION...] OUTPUT\n"
    "N packets (over TCP a few more: the last message is whole); OUTPUT - is standard output\n"
    "  --mix NAME      mixed (unless told), tcp: calls, registrations and pings of all kinds;\n"
    "                  short: calls of less than a second;\n"
    "                  long: dialogs of many messages; registrations;\n"
    "                  failures: calls that fail, in every way;\n"
    "                  concurrent: N / 7 calls, the first of which ends when the last has begun;\n"
    "                  hops: calls through a long chain of proxies;\n"
    "                  flood: REGISTERs that are answered by 401, nothing else;\n"
    "                  guesses: the same by one client under one Call-ID\n"
    "  --at-once K     so many calls, registrations and pings go on at the same time\n"
    "  --length L      about so many steps of a dialog of the mix long (1000 unless told), so "
    "many\n"
    "                  hops of one of the mix hops (10000, at most 20000)\n"
    "  --rtp PERCENT   so many of the packets are RTP (0 to 99, 0 unless told)\n"
    "  --counts FILE   what the capture holds, as JSON\n"
    "  --seed S        another seed than 1\n";

typedef struct {
    gint packets, rtp_percent, seed, at_once, length;
    const Mix *mix;
    gchar *mix_name, *counts;
    const gchar *output;
} Options;

typedef struct {
    World *world;
    Carrier *carrier;
    Counts *counts;
    GString *text;
    Flow *flows;
    guint *heap; /* places in flows, the one that comes next on top */
    guint flow_count, next_talker;
    gint64 rtp_packets, sip_packets, wanted, rtp_percent, now_us;
} Bench;

static gint64 packets(const Bench *bench)
{
    return carrier_packets(bench->carrier);
}

static void write_rtp(Bench *bench, Flow *flow, guint side)
{
    Media *media = &flow->media[side];
    Endpoint from = (side ? flow->callee : flow->caller)->end;
    Endpoint to = (side ? flow->caller : flow->callee)->end;
    GByteArray *rtp = g_byte_array_sized_new(RTP_HEADER + RTP_SAMPLES);

    from.port = media->port;
    to.port = flow->media[!side].port;
    packet_put16(rtp, 0x8000 | RTP_PCMA);
    packet_put16(rtp, media->seq++);
    packet_put32(rtp, media->timestamp);
    packet_put32(rtp, media->ssrc);
    g_byte_array_set_size(rtp, RTP_HEADER + RTP_SAMPLES);
    memset(rtp->data + RTP_HEADER, 0xd5, RTP_SAMPLES);
    media->timestamp += RTP_SAMPLES;
    carrier_udp(bench->carrier, bench->now_us, &from, &to, rtp->data, rtp->len);
    bench->rtp_packets++;
    g_byte_array_unref(rtp);
}

static Flow *any_talker(Bench *bench)
{
    for (guint i = 0; i < bench->flow_count; i++) {
        Flow *flow = &bench->flows[bench->next_talker++ % bench->flow_count];
        if (flow->talking)
            return flow;
    }
    return NULL;
}

/* The RTP that keeps the share, spread over the time until the next SIP message: its calls send a
 * few of their packets only, without a gap in the sequence numbers. */
static void write_rtp_until(Bench *bench, gint64 until_us)
{
    gint64 due =
        bench->sip_packets * bench->rtp_percent / (100 - bench->rtp_percent) - bench->rtp_packets;
    gint64 start_us = bench->now_us;

    for (gint64 i = 0; i < due && packets(bench) < bench->wanted; i++) {
        Flow *flow = any_talker(bench);
        if (!flow)
            return;
        bench->now_us = start_us + (until_us - start_us) * i / due;
        write_rtp(bench, flow, (guint)(i % 2));
    }
}

static gboolean comes_before(const Bench *bench, guint one, guint other)
{
    gint64 first = bench->flows[one].next_us, second = bench->flows[other].next_us;

    return first != second ? first < second : one < other;
}

/* Lets what stands at a place of the heap down to where it belongs. */
static void sift(Bench *bench, guint place)
{
    guint *heap = bench->heap;

    for (guint child; (child = 2 * place + 1) < bench->flow_count; place = child) {
        guint moved = heap[place];

        if (child + 1 < bench->flow_count && comes_before(bench, heap[child + 1], heap[child]))
            child++;
        if (!comes_before(bench, heap[child], moved))
            break;
        heap[place] = heap[child];
        heap[child] = moved;
    }
}

static void restart(Bench *bench, Flow *flow)
{
    counts_end(bench->counts, flow, flow->next_us);
    flow_start(flow, bench->world, flow->next_us);
}

static void write_sip(Bench *bench, Flow *flow)
{
    const Party *from, *to;
    const guint8 *text;
    gint64 before = packets(bench);

    if (flow->step->flags & STEP_QUIET)
        flow->talking = FALSE;
    flow_ends(flow, &from, &to);
    sip_text(bench->text, flow);
    text = (const guint8 *)bench->text->str;
    counts_add(bench->counts, flow, bench->now_us);
    (bench->world->mix->tcp ? carrier_tcp : carrier_udp)(bench->carrier, bench->now_us, &from->end,
                                                         &to->end, text, bench->text->len);
    bench->sip_packets += packets(bench) - before;
    if (!flow_advance(flow, bench->world))
        restart(bench, flow);
}

static void start_flows(Bench *bench)
{
    g_assert(bench->flow_count > 0);
    bench->flows = g_new0(Flow, bench->flow_count);
    bench->heap = g_new0(guint, bench->flow_count);
    for (guint i = 0; i < bench->flow_count; i++) {
        flow_start(&bench->flows[i], bench->world, 0);
        bench->heap[i] = i;
    }
    for (guint i = bench->flow_count / 2; i-- > 0;)
        sift(bench, i);
}

static void write_all(Bench *bench)
{
    start_flows(bench);
    while (packets(bench) < bench->wanted) {
        Flow *flow = &bench->flows[bench->heap[0]];

        if (flow->step->method) {
            write_rtp_until(bench, flow->next_us);
            if (packets(bench) >= bench->wanted)
                break;
            bench->now_us = flow->next_us;
            write_sip(bench, flow);
        } else {
            restart(bench, flow);
        }
        sift(bench, 0);
    }
    for (guint i = 0; i < bench->flow_count; i++)
        counts_end(bench->counts, &bench->flows[i], bench->now_us);
}

static Bench *new_bench(const Options *options)
{
    Bench *bench = g_new0(Bench, 1);
    const Mix *mix = options->mix;

    bench->world = world_new(mix, (guint32)options->seed);
    bench->counts = counts_new();
    bench->text = g_string_new(NULL);
    bench->wanted = options->packets;
    bench->rtp_percent = options->rtp_percent;
    bench->flow_count = options->at_once > 0 ? (guint)options->at_once : mix->at_once;
    if (options->length > 0)
        bench->world->length = (guint)options->length;
    if (strcmp(mix->name, "concurrent") == 0) {
        /* few enough at the same time that each has begun before its end is due */
        bench->world->dialogs = MAX((guint)options->packets / DIALOG_MESSAGES, 1);
        bench->flow_count = MIN(bench->flow_count, MAX(bench->world->dialogs / 16, 1));
    }
    return bench;
}

static void free_bench(Bench *bench)
{
    g_string_free(bench->text, TRUE);
    counts_free(bench->counts);
    world_free(bench->world);
    g_free(bench->flows);
    g_free(bench->heap);
    g_free(bench);
}

static gboolean write_counts(const Bench *bench, const gchar *path)
{
    FILE *out = fopen(path, "w");
    gboolean good = out != NULL;

    if (good) {
        counts_write(bench->counts, packets(bench), out);
        good = !ferror(out);
        good = fclose(out) == 0 && good;
    }
    if (!good)
        perror(path);
    return good;
}

static int make(const Options *options)
{
    Carrier *carrier = carrier_open(options->output);
    gboolean good;

    if (!carrier)
        return EXIT_FILES;
    Bench *bench = new_bench(options);
    bench->carrier = carrier;
    write_all(bench);
    good = !options->counts || write_counts(bench, options->counts);
    free_bench(bench);
    good = carrier_close(carrier) && good;
    return good ? EXIT_DONE : EXIT_FILES;
}

static gboolean parse_count(const gchar *text, gint *count)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 1, 100000000, &value, NULL))
        return FALSE;
    *count = (gint)value;
    return TRUE;
}

static gboolean fits(Options *options, int argc, char **argv)
{
    options->mix = mix_find(options->mix_name ? options->mix_name : "mixed");
    if (argc != 3 || !options->mix || !parse_count(argv[1], &options->packets))
        return FALSE;
    options->output = argv[2];
    return options->rtp_percent >= 0 && options->rtp_percent <= 99 && options->at_once >= 0 &&
           options->at_once <= 100000 && options->length >= 0 &&
           (strcmp(options->mix->name, "hops") != 0 || options->length <= WORLD_PROXIES);
}

int main(int argc, char **argv)
{
    Options options = {.seed = 1};
    const GOptionEntry entries[] = {
        {"mix", 0, 0, G_OPTION_ARG_STRING, &options.mix_name, "what kinds of calls", "NAME"},
        {"at-once", 0, 0, G_OPTION_ARG_INT, &options.at_once, "so many at the same time", "K"},
        {"length", 0, 0, G_OPTION_ARG_INT, &options.length, "of a dialog, of a chain", "L"},
        {"rtp", 0, 0, G_OPTION_ARG_INT, &options.rtp_percent, "this share is RTP", "PERCENT"},
        {"counts", 0, 0, G_OPTION_ARG_FILENAME, &options.counts, "what it holds", "FILE"},
        {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "another seed than 1", "S"},
        G_OPTION_ENTRY_NULL,
    };
    GOptionContext *context = g_option_context_new("N OUTPUT");
    int status = EXIT_WRONG;

    g_option_context_add_main_entries(context, entries, NULL);
    if (g_option_context_parse(context, &argc, &argv, NULL) && fits(&options, argc, argv))
        status = make(&options);
    else
        fputs(usage, stderr);
    g_option_context_free(context);
    g_free(options.mix_name);
    g_free(options.counts);
    return status;
}
