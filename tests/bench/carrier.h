/* SPDX-License-Identifier: GPL-2.0-or-later
 * Carries payloads over UDP or TCP into a pcap file. */
#ifndef BENCH_CARRIER_H
#define BENCH_CARRIER_H

#include <glib.h>

#include "../scenario/packet.h"

typedef struct Carrier Carrier;

/* Opens a pcap file; "-" is standard output. NULL: it has said why on standard error. */
Carrier *carrier_open(const gchar *path);

/* Whether everything was written. */
gboolean carrier_close(Carrier *carrier);

/* Packets so far. */
gint64 carrier_packets(const Carrier *carrier);

void carrier_udp(Carrier *carrier, gint64 time_us, const Endpoint *from, const Endpoint *to,
                 const guint8 *payload, gsize len);

/* On the connection between both, which is opened by whoever sends first and never closed. A
 * payload is cut where a segment is full, and now and then in the middle. */
void carrier_tcp(Carrier *carrier, gint64 time_us, const Endpoint *from, const Endpoint *to,
                 const guint8 *payload, gsize len);

#endif
