/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The protocol "sipwhy": a post-dissector that explains SIP responses.
 */
#ifndef SIPWHY_PACKET_SIPWHY_H
#define SIPWHY_PACKET_SIPWHY_H

/** Registers protocol, fields, expert items, preferences, taps. Called once, first. */
void sipwhy_register_protocol(void);

/** Hooks into SIP. Called once all protocols are registered. */
void sipwhy_register_handoff(void);

#endif
