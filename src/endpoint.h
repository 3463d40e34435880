/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ends of a packet, as people write them.
 */
#ifndef SIPWHY_ENDPOINT_H
#define SIPWHY_ENDPOINT_H

#include "trace.h"

/** Room for the text of an endpoint, with its NUL. */
enum { SIPWHY_ENDPOINT_SIZE = 64 };

/** "192.0.2.1:5060" or "[2001:db8::1]:5060"; without a port when that is 0 (an IPv6 address then
 * has no brackets). The caller frees the result. */
char *sipwhy_endpoint_text(const SipwhyEndpoint *endpoint);

/** The same text, written there. */
void sipwhy_endpoint_write(const SipwhyEndpoint *endpoint, char out[SIPWHY_ENDPOINT_SIZE]);

/** "UDP"; NULL of SIPWHY_TRANSPORT_UNKNOWN. */
const char *sipwhy_transport_name(SipwhyTransport transport);

#endif
