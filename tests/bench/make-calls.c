/* SPDX-License-Identifier: GPL-2.0-or-later
 * make-calls N [--rtp PERCENT] [--seed S] OUTPUT: a pcap file of N packets for benchmarks, of
 * distinct SIP calls, registrations and pings over UDP, 200 at once, and of RTP of those calls.
 * The same seed gives the same file. Exit status 0 done, 2 wrong usage, 3 file trouble. */
#define _DEFAULT_SOURCE /* u_char and friends, which pcap.h uses */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "../scenario/capture.h"
#include "sip-text.h"

enum { EXIT_DONE = 0, EXIT_WRONG = 2, EXIT_FILES = 3 };
enum { FLOWS = 200, RTP_HEADER = 12, RTP_SAMPLES = 160, RTP_PCMA = 8 };

static const char usage[] = "usage: make-calls N [--rtp PERCENT] [--seed S] OUTPUT\n"
                            "N packets; PERCENT of them RTP (0 to 99, 0 unless told)\n";

typedef struct {
    gint packets, rtp_percent, seed;
    const gchar *output;
} Options;

typedef struct {
    World *world;
    pcap_dumper_t *dumper;
    GString *text;
    Flow flows[FLOWS];
    guint next_talker;
    gint64 packets, rtp_packets, wanted, rtp_percent, now_us;
} Bench;

static void write_packet(Bench *bench, const Endpoint *from, const Endpoint *to,
                         const guint8 *payload, gsize len)
{
    GByteArray *ip = packet_udp(from, to, payload, len);
    GByteArray *frame = packet_ethernet(from, to, ip);
    struct pcap_pkthdr header = {.len = frame->len, .caplen = frame->len};

    header.ts.tv_sec = CAPTURE_EPOCH + bench->now_us / G_USEC_PER_SEC;
    header.ts.tv_usec = bench->now_us % G_USEC_PER_SEC;
    pcap_dump((u_char *)bench->dumper, &header, frame->data);
    bench->packets++;
    g_byte_array_unref(frame);
    g_byte_array_unref(ip);
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
    write_packet(bench, &from, &to, rtp->data, rtp->len);
    bench->rtp_packets++;
    g_byte_array_unref(rtp);
}

static Flow *any_talker(Bench *bench)
{
    for (guint i = 0; i < FLOWS; i++) {
        Flow *flow = &bench->flows[bench->next_talker++ % FLOWS];
        if (flow->talking)
            return flow;
    }
    return NULL;
}

/* The RTP that keeps the share, spread over the time until the next SIP message: its calls send a
 * few of their packets only, without a gap in the sequence numbers. */
static void write_rtp_until(Bench *bench, gint64 until_us)
{
    gint64 sip = bench->packets - bench->rtp_packets;
    gint64 due = sip * bench->rtp_percent / (100 - bench->rtp_percent) - bench->rtp_packets;
    gint64 start_us = bench->now_us;

    for (gint64 i = 0; i < due && bench->packets < bench->wanted; i++) {
        Flow *flow = any_talker(bench);
        if (!flow)
            return;
        bench->now_us = start_us + (until_us - start_us) * i / due;
        write_rtp(bench, flow, (guint)(i % 2));
    }
}

static Flow *earliest(Bench *bench)
{
    Flow *first = &bench->flows[0];

    for (guint i = 1; i < FLOWS; i++)
        if (bench->flows[i].next_us < first->next_us)
            first = &bench->flows[i];
    return first;
}

static void write_sip(Bench *bench, Flow *flow)
{
    const Party *from, *to;

    if (flow->step->flags & STEP_QUIET)
        flow->talking = FALSE;
    flow_ends(flow, &from, &to);
    sip_text(bench->text, flow);
    write_packet(bench, &from->end, &to->end, (const guint8 *)bench->text->str, bench->text->len);
    if (!flow_advance(flow, bench->world))
        flow_start(flow, bench->world, flow->next_us);
}

static void write_all(Bench *bench)
{
    for (guint i = 0; i < FLOWS; i++)
        flow_start(&bench->flows[i], bench->world, 0);
    while (bench->packets < bench->wanted) {
        Flow *flow = earliest(bench);

        write_rtp_until(bench, flow->next_us);
        bench->now_us = flow->next_us;
        if (bench->packets < bench->wanted)
            write_sip(bench, flow);
    }
}

static int make(const Options *options)
{
    pcap_t *pcap = pcap_open_dead(DLT_EN10MB, 262144);
    pcap_dumper_t *dumper = pcap ? pcap_dump_open(pcap, options->output) : NULL;
    int status = EXIT_FILES;

    if (!dumper) {
        fprintf(stderr, "make-calls: %s\n", pcap ? pcap_geterr(pcap) : "libpcap has no memory");
    } else {
        Bench *bench = g_new0(Bench, 1);

        bench->world = world_new((guint32)options->seed);
        bench->dumper = dumper;
        bench->text = g_string_new(NULL);
        bench->wanted = options->packets;
        bench->rtp_percent = options->rtp_percent;
        write_all(bench);
        g_string_free(bench->text, TRUE);
        world_free(bench->world);
        g_free(bench);
        if (pcap_dump_flush(dumper) == 0 && !ferror(pcap_dump_file(dumper)))
            status = EXIT_DONE;
        else
            perror(options->output);
        pcap_dump_close(dumper);
    }
    if (pcap)
        pcap_close(pcap);
    return status;
}

static gboolean parse_count(const gchar *text, gint *count)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 1, 100000000, &value, NULL))
        return FALSE;
    *count = (gint)value;
    return TRUE;
}

int main(int argc, char **argv)
{
    Options options = {.seed = 1};
    const GOptionEntry entries[] = {
        {"rtp", 0, 0, G_OPTION_ARG_INT, &options.rtp_percent, "this share is RTP", "PERCENT"},
        {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "another seed than 1", "S"},
        G_OPTION_ENTRY_NULL,
    };
    GOptionContext *context = g_option_context_new("N OUTPUT");
    gboolean good;

    g_option_context_add_main_entries(context, entries, NULL);
    good = g_option_context_parse(context, &argc, &argv, NULL) && argc == 3 &&
           parse_count(argv[1], &options.packets) && options.rtp_percent >= 0 &&
           options.rtp_percent <= 99;
    g_option_context_free(context);
    if (!good) {
        fputs(usage, stderr);
        return EXIT_WRONG;
    }
    options.output = argv[2];
    return make(&options);
}
