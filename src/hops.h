/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The way of a request from hop to hop: what Via says of it, and what the trace shows.
 */
#ifndef SIPWHY_HOPS_H
#define SIPWHY_HOPS_H

#include "trace.h"

/** Host and port of a Via value, as they stand there ("192.0.2.1:5060"); may be empty (RFC 3261
 * 18.1.1, 20.42). */
SipwhySlice sipwhy_via_sent_by(SipwhySlice via);

/** Whether two of them name the same: case does not matter, nor a default port that is left out. */
bool sipwhy_sent_by_equal(SipwhySlice one, SipwhySlice other);

/** Whether it is that endpoint's address and port. A name never is: the trace knows no DNS. */
bool sipwhy_sent_by_is(SipwhySlice sent_by, const SipwhyEndpoint *endpoint,
                       SipwhyTransport transport);

/** How many Via values of a message name the same sent-by as the one that is named most often;
 * `*most` becomes that one. At most SIPWHY_LOOK_MOST values are looked at. */
unsigned sipwhy_vias_repeated(const SipwhyMessage *message, SipwhySlice *most);

/**
 * The hop on which a final response of this one was seen first: further and further on, as long as
 * a hop there had the same status and To tag before, or at least the same status. This one itself
 * when no other had. `tag` is a hash, 0 when it is not known.
 */
const SipwhyTransaction *sipwhy_hop_of_final(const SipwhyTransaction *transaction, uint32_t tag);

/** The same of a provisional response of INVITE (not 100). */
const SipwhyTransaction *sipwhy_hop_of_progress(const SipwhyTransaction *transaction,
                                                unsigned status, uint32_t tag);

#endif
