/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the Identity headers of a request hold, decoded (RFC 8224, 8225).
 */
#ifndef SIPWHY_PLUGIN_IDENTITY_H
#define SIPWHY_PLUGIN_IDENTITY_H

#include <epan/packet.h>

#include "message.h"
#include "text.h"

/** Registers the fields sipwhy.identity.* below `proto`. Their filter names are API. */
void identity_register(int proto);

/** Labels these fields in another language. */
void identity_speak(SipwhyLanguage language);

/** Adds an item for each Identity value of a message; nothing without a tree. `tvb` holds its
 * bytes. */
void identity_render(const SipwhyMessage *message, tvbuff_t *tvb, packet_info *pinfo,
                     proto_tree *tree);

#endif
