/* SPDX-License-Identifier: GPL-2.0-or-later
 * The checksums of IP, UDP, TCP, ICMP (RFC 1071) and SCTP (RFC 9260 appendix A). */
#ifndef SCENARIO_CHECKSUM_H
#define SCENARIO_CHECKSUM_H

#include <glib.h>

/* Adds len bytes to a running one's complement sum; start with 0. Only the last part of a sum may
 * have an odd length. */
guint32 checksum_add(guint32 sum, const guint8 *bytes, gsize len);

/* The 16 bits that go into the header field, in host order. */
guint16 checksum_finish(guint32 sum);

/* CRC32c of len bytes, in the order in which SCTP sends it: store it least significant byte first.
 */
guint32 checksum_crc32c(const guint8 *bytes, gsize len);

#endif
