/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * add-media CAPTURE MIXED: the packets of CAPTURE with RTP among them, as far as libpcap reads it:
 * between ends of their own, between those that the last SDP bodies name, from the address of the
 * last datagram, and some from its very port; now and then twice, late, or from a new source.
 * Prints how many packets of RTP there are. Exit status 1: it cannot be read, or is of a link-layer
 * type that is not known here; 2: wrong usage.
 */
#define _GNU_SOURCE
#include <glib.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EACH = 4, PAYLOAD = 160, RTP = 12, UDP = 8, IPV4 = 20, PACKET_MOST = 512 };

typedef struct {
    guint32 address;
    guint16 port;
} End;

typedef struct {
    pcap_dumper_t *out;
    int link_type;
    guint link_header;
    guint count;
    guint16 sequences[EACH + 1][2];
    End announced[2]; /* by the last two bodies */
    End seen;         /* where the last datagram came from */
} Mix;

static void put_16(guint8 *bytes, guint number)
{
    bytes[0] = (guint8)(number >> 8);
    bytes[1] = (guint8)number;
}

static void put_32(guint8 *bytes, guint32 number)
{
    put_16(bytes, number >> 16);
    put_16(bytes + 2, number & 0xffff);
}

static guint32 get_32(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* -1: the type is not known. */
static int link_header(int type)
{
    switch (type) {
    case DLT_EN10MB:
        return 14;
    case DLT_LINUX_SLL:
        return 16;
    case DLT_NULL:
        return 4;
    case DLT_RAW:
        return 0;
    default:
        return -1;
    }
}

static void put_link_header(const Mix *mix, guint8 *bytes)
{
    static const guint8 null[] = {2, 0, 0, 0};

    if (mix->link_type == DLT_NULL)
        memcpy(bytes, null, sizeof null);
    else if (mix->link_type != DLT_RAW)
        put_16(bytes + mix->link_header - 2, 0x0800);
    if (mix->link_type == DLT_LINUX_SLL)
        put_16(bytes + 2, 1);
}

static void write_rtp(Mix *mix, const struct pcap_pkthdr *near, End from, End to, guint16 sequence,
                      guint32 source)
{
    guint8 bytes[PACKET_MOST] = {0};
    guint8 *ip = bytes + mix->link_header;
    guint8 *udp = ip + IPV4;
    guint8 *rtp = udp + UDP;
    struct pcap_pkthdr header = *near;

    put_link_header(mix, bytes);
    put_16(ip, 0x4500);
    put_16(ip + 2, IPV4 + UDP + RTP + PAYLOAD);
    put_16(ip + 8, 0x4011);
    put_32(ip + 12, from.address);
    put_32(ip + 16, to.address);
    put_16(udp, from.port);
    put_16(udp + 2, to.port);
    put_16(udp + 4, UDP + RTP + PAYLOAD);
    put_16(rtp, 0x8008);
    put_16(rtp + 2, sequence);
    put_32(rtp + 4, sequence * (guint32)PAYLOAD);
    put_32(rtp + 8, source);
    memset(rtp + RTP, 0xd5, PAYLOAD);
    header.caplen = header.len = mix->link_header + IPV4 + UDP + RTP + PAYLOAD;
    pcap_dump((u_char *)mix->out, &header, bytes);
    mix->count++;
}

/* A packet each way. Every 7th comes twice, every 11th after its next, every 50th from another. */
static void write_both(Mix *mix, const struct pcap_pkthdr *near, guint n, End one, End other)
{
    enum { TWICE = 7, LATE = 11, RENEWED = 50 };

    for (guint way = 0; way < 2; way++) {
        const guint16 sequence = mix->sequences[n][way]++;
        const guint32 source = 1000 * n + way + sequence / RENEWED * 10;
        const End from = way == 0 ? one : other;
        const End to = way == 0 ? other : one;
        if (sequence % LATE == 0)
            write_rtp(mix, near, from, to, (guint16)(sequence + 1), source);
        write_rtp(mix, near, from, to, sequence, source);
        if (sequence % TWICE == 0)
            write_rtp(mix, near, from, to, sequence, source);
    }
}

/* A copy of the word behind the first `key` in the bytes; NULL: there is none. */
static char *word_behind(const guint8 *bytes, guint length, const char *key)
{
    enum { MOST = 16 };
    const char *at = memmem(bytes, length, key, strlen(key));

    if (!at)
        return NULL;
    at += strlen(key);
    return g_strndup(at, MIN(MOST, (gsize)((const char *)bytes + length - at)));
}

/* The end that a body of SDP names, if this packet has one. */
static void note_announced(Mix *mix, const guint8 *bytes, guint length)
{
    char *address = word_behind(bytes, length, "c=IN IP4 ");
    char *number = word_behind(bytes, length, "m=audio ");
    guint one[4];

    if (address && number &&
        /* NOLINTNEXTLINE(cert-err34-c): none has more than three digits */
        sscanf(address, "%3u.%3u.%3u.%3u", &one[0], &one[1], &one[2], &one[3]) == 4) {
        mix->announced[0] = mix->announced[1];
        mix->announced[1] = (End){one[0] << 24 | one[1] << 16 | one[2] << 8 | one[3],
                                  (guint16)strtoul(number, NULL, 10)};
    }
    g_free(number);
    g_free(address);
}

static void note_packet(Mix *mix, const guint8 *bytes, guint length)
{
    enum { UDP_NUMBER = 17 };
    const guint8 *ip = bytes + mix->link_header;

    if (length >= mix->link_header + IPV4 + UDP && ip[0] == 0x45 && ip[9] == UDP_NUMBER)
        mix->seen = (End){get_32(ip + 12), (guint16)(ip[IPV4] << 8 | ip[IPV4 + 1])};
    note_announced(mix, bytes, length);
}

static void mix_in(Mix *mix, const struct pcap_pkthdr *near)
{
    enum { OWN_1 = 0xc6336401, OWN_2 = 0xc6336402, PORT = 20000, SPARSE = 5 };
    const End own[] = {{OWN_1, PORT}, {OWN_2, PORT + 2}, {OWN_2, PORT + 6}};

    for (guint i = 0; i < EACH - 1; i++)
        write_both(mix, near, 0, own[0], own[1]);
    if (mix->announced[0].port)
        write_both(mix, near, 1, mix->announced[0], mix->announced[1]);
    if (mix->seen.port) {
        const End beside = {mix->seen.address, PORT + 4};
        write_both(mix, near, 2, beside, own[1]);
        if (mix->count % SPARSE == 0)
            write_both(mix, near, 3, mix->seen, own[2]);
    }
}

static int mix_all(pcap_t *in, Mix *mix)
{
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int result;

    while ((result = pcap_next_ex(in, &header, &bytes)) == 1) {
        pcap_dump((u_char *)mix->out, header, bytes);
        note_packet(mix, bytes, header->caplen);
        mix_in(mix, header);
    }
    return result == PCAP_ERROR_BREAK ? 0 : 1; /* the end of the file */
}

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE];

    if (argc != 3) {
        fprintf(stderr, "usage: %s CAPTURE MIXED\n", argv[0]);
        return 2;
    }
    pcap_t *in = pcap_open_offline(argv[1], error);
    if (!in || link_header(pcap_datalink(in)) < 0)
        return 1;
    Mix mix = {.out = pcap_dump_open(in, argv[2]),
               .link_type = pcap_datalink(in),
               .link_header = (guint)link_header(pcap_datalink(in))};
    if (!mix.out)
        return 1;
    const int result = mix_all(in, &mix);
    pcap_dump_close(mix.out);
    pcap_close(in);
    printf("%u\n", mix.count);
    return result;
}
