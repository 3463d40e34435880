/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The numbers of packets, where some were left out before Wireshark came to see the capture.
 */
#ifndef SIPWHY_FRAMES_H
#define SIPWHY_FRAMES_H

#include <epan/packet.h>

/** Registers `-z sipwhy,frames,FILE`: FILE has the number of each packet in the original capture, a
 * 32-bit number in the order of this machine's bytes, each greater than the one before. */
void frames_register(void);

/** The number of a packet in the original capture: where the option was not given, its own. */
guint32 frames_number(const packet_info *pinfo);

#endif
