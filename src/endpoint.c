/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ends of a packet, as people write them.
 */
#include "endpoint.h"

#include <arpa/inet.h>
#include <string.h>

/* Returns the end of what it writes. */
static char *write_number(char *out, unsigned number)
{
    char digits[10];
    unsigned count = 0;

    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0)
        *out++ = digits[--count];
    return out;
}

/* The same. */
static char *write_ipv4(char *out, const uint8_t *bytes)
{
    for (unsigned i = 0; i < 4; i++) {
        out = write_number(out, bytes[i]);
        *out++ = '.';
    }
    return out - 1;
}

static char *write_ipv6(char *out, const SipwhyEndpoint *endpoint)
{
    const bool bracketed = endpoint->port > 0;

    if (bracketed)
        *out++ = '[';
    inet_ntop(AF_INET6, endpoint->address, out, INET6_ADDRSTRLEN);
    out += strlen(out);
    if (bracketed)
        *out++ = ']';
    return out;
}

/* One or two for every line of a report: printf would take most of the time. */
void sipwhy_endpoint_write(const SipwhyEndpoint *endpoint, char out[SIPWHY_ENDPOINT_SIZE])
{
    static const uint8_t ipv4[12] = {
        [10] = 0xFF, [11] = 0xFF}; /* ::ffff:a.b.c.d, RFC 4291 2.5.5.2 */

    if (memcmp(endpoint->address, ipv4, sizeof ipv4) == 0)
        out = write_ipv4(out, endpoint->address + sizeof ipv4);
    else
        out = write_ipv6(out, endpoint);
    if (endpoint->port > 0) {
        *out++ = ':';
        out = write_number(out, endpoint->port);
    }
    *out = '\0';
}

char *sipwhy_endpoint_text(const SipwhyEndpoint *endpoint)
{
    char text[SIPWHY_ENDPOINT_SIZE];

    sipwhy_endpoint_write(endpoint, text);
    return g_strdup(text);
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
