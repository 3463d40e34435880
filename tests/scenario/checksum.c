/* SPDX-License-Identifier: GPL-2.0-or-later
 * The checksums of IP, UDP, TCP, ICMP (RFC 1071) and SCTP (RFC 9260 appendix A). */
#include "checksum.h"

guint32 checksum_add(guint32 sum, const guint8 *bytes, gsize len)
{
    for (gsize i = 0; i + 1 < len; i += 2)
        sum += ((guint32)bytes[i] << 8) | bytes[i + 1];
    if (len % 2)
        sum += (guint32)bytes[len - 1] << 8;
    return (sum & 0xffff) + (sum >> 16); /* folded early, so that 64 kB never overflow */
}

guint16 checksum_finish(guint32 sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (guint16)(~sum & 0xffff);
}

guint32 checksum_crc32c(const guint8 *bytes, gsize len)
{
    guint32 crc = 0xffffffff;

    for (gsize i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78 : 0);
    }
    return ~crc;
}
