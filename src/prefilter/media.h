/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Media streams: which datagrams are RTP beyond doubt, and between ends that carry nothing else.
 *
 * Why Wireshark finds the same SIP without them: it takes a datagram for SIP by its ports, by its
 * bytes or by what it has noted about its two ends. Bytes that begin like RTP are never SIP. What a
 * datagram makes Wireshark note is about the datagram's own ends, and of an end that ever carries
 * anything but RTP and RTCP (also as far as an ICMP error or a tunnel tells), all is kept.
 */
#ifndef SIPWHY_PREFILTER_MEDIA_H
#define SIPWHY_PREFILTER_MEDIA_H

#include "capture_form.h"

typedef struct SipwhyMedia SipwhyMedia;

/** What it takes is bounded: 8 MiB, and 52 bytes for each of up to a million streams. */
SipwhyMedia *sipwhy_media_new(void);
void sipwhy_media_free(SipwhyMedia *media);

/**
 * Takes notice of a packet. Returns the number of the stream that it goes on with, from 1: RTP of
 * the same source identifier, not far behind the last one (RFC 3550 A.1). 0: it is the first of a
 * stream, or anything else, and needed.
 */
uint32_t sipwhy_media_take(SipwhyMedia *media, uint32_t link_type,
                           const SipwhyCapturePiece *packet);

/** Once all packets have been taken: whether both ends of the stream carry media only. */
bool sipwhy_media_is_alone(const SipwhyMedia *media, uint32_t stream);

#endif
