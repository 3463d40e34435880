/* SPDX-License-Identifier: GPL-2.0-or-later
 * Collects frames with their times, and writes them as a pcap file. */
#ifndef SCENARIO_CAPTURE_H
#define SCENARIO_CAPTURE_H

#include <glib.h>

/* Second 0 of every scenario: 2026-01-15 09:00:00 UTC. */
#define CAPTURE_EPOCH G_GINT64_CONSTANT(1768467600)

typedef struct Capture Capture;

Capture *capture_new(void);
void capture_free(Capture *capture);

/* Adds a frame (ownership passes) at microseconds after the epoch, cut to snaplen bytes unless that
 * is 0. */
void capture_add(Capture *capture, gint64 at_us, GByteArray *frame, guint snaplen);

/* Writes everything to path. On failure FALSE, with libpcap's or the system's words in error. */
gboolean capture_write(const Capture *capture, const gchar *path, GError **error);

#endif
