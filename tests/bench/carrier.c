/* SPDX-License-Identifier: GPL-2.0-or-later
 * Carries payloads over UDP or TCP into a pcap file. */
#define _DEFAULT_SOURCE /* u_char and friends, which pcap.h uses */
#include "carrier.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "../scenario/capture.h"

enum { SNAPLEN = 262144, MSS = 1460, CUT_EVERY = 50, FIRST_PORT = 20000, PORTS = 40000 };

/* A TCP connection: its client, the end with the port of its own, is sides[0]. */
typedef struct {
    Endpoint sides[2];
    guint32 seq[2];
} Connection;

struct Carrier {
    pcap_t *pcap;
    pcap_dumper_t *dumper;
    const gchar *path;
    GHashTable *connections; /* by the pair of addresses */
    guint opened;
    gint64 packets, payloads;
};

Carrier *carrier_open(const gchar *path)
{
    Carrier *carrier = g_new0(Carrier, 1);

    carrier->path = path;
    carrier->connections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    carrier->pcap = pcap_open_dead(DLT_EN10MB, SNAPLEN);
    carrier->dumper = carrier->pcap ? pcap_dump_open(carrier->pcap, path) : NULL;
    if (carrier->dumper)
        return carrier;
    fprintf(stderr, "make-calls: %s\n",
            carrier->pcap ? pcap_geterr(carrier->pcap) : "libpcap has no memory");
    carrier_close(carrier);
    return NULL;
}

gboolean carrier_close(Carrier *carrier)
{
    gboolean good = FALSE;

    if (carrier->dumper) {
        good = pcap_dump_flush(carrier->dumper) == 0 && !ferror(pcap_dump_file(carrier->dumper));
        if (!good)
            perror(carrier->path);
        pcap_dump_close(carrier->dumper);
    }
    if (carrier->pcap)
        pcap_close(carrier->pcap);
    g_hash_table_destroy(carrier->connections);
    g_free(carrier);
    return good;
}

gint64 carrier_packets(const Carrier *carrier)
{
    return carrier->packets;
}

/* Takes ip. */
static void write_packet(Carrier *carrier, gint64 time_us, const Endpoint *from, const Endpoint *to,
                         GByteArray *ip)
{
    GByteArray *frame = packet_ethernet(from, to, ip);
    struct pcap_pkthdr header = {.len = frame->len, .caplen = frame->len};

    header.ts.tv_sec = CAPTURE_EPOCH + time_us / G_USEC_PER_SEC;
    header.ts.tv_usec = time_us % G_USEC_PER_SEC;
    pcap_dump((u_char *)carrier->dumper, &header, frame->data);
    carrier->packets++;
    g_byte_array_unref(frame);
    g_byte_array_unref(ip);
}

void carrier_udp(Carrier *carrier, gint64 time_us, const Endpoint *from, const Endpoint *to,
                 const guint8 *payload, gsize len)
{
    write_packet(carrier, time_us, from, to, packet_udp(from, to, payload, len));
}

static void write_segment(Carrier *carrier, gint64 time_us, Connection *connection, guint side,
                          guint8 flags, const guint8 *payload, gsize len)
{
    const Endpoint *from = &connection->sides[side], *to = &connection->sides[!side];
    TcpHeader header = {.seq = connection->seq[side], .flags = flags};

    header.ack = (flags & TCP_ACK) ? connection->seq[!side] : 0;
    write_packet(carrier, time_us, from, to, packet_tcp(from, to, header, payload, len));
    connection->seq[side] += (guint32)len + ((flags & TCP_SYN) ? 1 : 0);
}

static gchar *name_pair(const Endpoint *from, const Endpoint *to)
{
    const guint8 *one = from->address.bytes, *other = to->address.bytes;

    if (memcmp(one, other, 4) > 0) {
        one = to->address.bytes;
        other = from->address.bytes;
    }
    return g_strdup_printf("%u.%u.%u.%u-%u.%u.%u.%u", one[0], one[1], one[2], one[3], other[0],
                           other[1], other[2], other[3]);
}

static Connection *find_connection(Carrier *carrier, gint64 time_us, const Endpoint *from,
                                   const Endpoint *to)
{
    gchar *name = name_pair(from, to);
    Connection *connection = g_hash_table_lookup(carrier->connections, name);

    if (connection) {
        g_free(name);
        return connection;
    }
    connection = g_new0(Connection, 1);
    connection->sides[0] = *from;
    connection->sides[0].port = (guint16)(FIRST_PORT + carrier->opened % PORTS);
    connection->sides[1] = *to;
    connection->seq[0] = 1000 * ++carrier->opened;
    connection->seq[1] = connection->seq[0] + 500;
    g_hash_table_insert(carrier->connections, name, connection);
    write_segment(carrier, time_us, connection, 0, TCP_SYN, NULL, 0);
    write_segment(carrier, time_us, connection, 1, TCP_SYN | TCP_ACK, NULL, 0);
    write_segment(carrier, time_us, connection, 0, TCP_ACK, NULL, 0);
    return connection;
}

void carrier_tcp(Carrier *carrier, gint64 time_us, const Endpoint *from, const Endpoint *to,
                 const guint8 *payload, gsize len)
{
    Connection *connection = find_connection(carrier, time_us, from, to);
    guint side = memcmp(&connection->sides[0].address, &from->address, sizeof(Address)) != 0;
    gsize cut = ++carrier->payloads % CUT_EVERY == 0 ? len / 2 : MSS;

    for (gsize at = 0; at < len;) {
        gsize part = MIN(len - at, cut);

        write_segment(carrier, time_us, connection, side, TCP_PSH | TCP_ACK, payload + at, part);
        at += part;
        cut = MSS;
    }
}
