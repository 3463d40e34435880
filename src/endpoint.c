/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ends of a packet, as people write them.
 */
#include "endpoint.h"

#include <arpa/inet.h>
#include <string.h>

char *sipwhy_endpoint_text(const SipwhyEndpoint *endpoint)
{
    static const uint8_t ipv4[12] = {
        [10] = 0xFF, [11] = 0xFF}; /* ::ffff:a.b.c.d, RFC 4291 2.5.5.2 */
    const bool is_ipv4 = memcmp(endpoint->address, ipv4, sizeof ipv4) == 0;
    char text[INET6_ADDRSTRLEN];

    if (is_ipv4)
        inet_ntop(AF_INET, endpoint->address + sizeof ipv4, text, sizeof text);
    else
        inet_ntop(AF_INET6, endpoint->address, text, sizeof text);
    if (endpoint->port == 0)
        return g_strdup(text);
    return g_strdup_printf(is_ipv4 ? "%s:%u" : "[%s]:%u", text, endpoint->port);
}

const char *sipwhy_transport_name(SipwhyTransport transport)
{
    static const char *const names[] = {
        [SIPWHY_TRANSPORT_UDP] = "UDP", [SIPWHY_TRANSPORT_TCP] = "TCP",
        [SIPWHY_TRANSPORT_TLS] = "TLS", [SIPWHY_TRANSPORT_SCTP] = "SCTP",
        [SIPWHY_TRANSPORT_WS] = "WS",   [SIPWHY_TRANSPORT_WSS] = "WSS",
    };

    return names[transport];
}
