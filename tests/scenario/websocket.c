/* SPDX-License-Identifier: GPL-2.0-or-later
 * SIP over WebSocket (RFC 7118): the HTTP upgrade and text frames (RFC 6455). */
#include "connection.h"

#include <string.h>

#define NONCE "c2NlbmFyaW8tdG8tcGNhcA=="
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* RFC 6455 1.3 */

static gchar *accept_key(void)
{
    GChecksum *sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    guint8 digest[20];
    gsize len = sizeof digest;

    g_checksum_update(sha1, (const guchar *)(NONCE GUID), -1);
    g_checksum_get_digest(sha1, digest, &len);
    g_checksum_free(sha1);
    return g_base64_encode(digest, len);
}

static void send_text(Connection *connection, guint side, gchar *text, const Exit *out)
{
    GArray *whole = g_array_new(FALSE, FALSE, sizeof(gsize));

    tcp_send(connection, side, (const guint8 *)text, strlen(text), whole, FALSE, out);
    g_array_unref(whole);
    g_free(text);
}

void websocket_open(Connection *connection, const Exit *out)
{
    gchar *accept = accept_key();

    send_text(connection, 0,
              g_strdup("GET / HTTP/1.1\r\n"
                       "Host: ws.example.com\r\n"
                       "Upgrade: websocket\r\n"
                       "Connection: Upgrade\r\n"
                       "Sec-WebSocket-Key: " NONCE "\r\n"
                       "Origin: http://www.example.com\r\n"
                       "Sec-WebSocket-Protocol: sip\r\n"
                       "Sec-WebSocket-Version: 13\r\n\r\n"),
              out);
    send_text(connection, 1,
              g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\n"
                              "Upgrade: websocket\r\n"
                              "Connection: Upgrade\r\n"
                              "Sec-WebSocket-Accept: %s\r\n"
                              "Sec-WebSocket-Protocol: sip\r\n\r\n",
                              accept),
              out);
    g_free(accept);
}

GByteArray *websocket_frame(const guint8 *bytes, gsize len, gboolean mask)
{
    static const guint8 key[4] = {0x37, 0xfa, 0x21, 0x3d};
    GByteArray *frame = g_byte_array_new();
    guint bit = mask ? 0x80 : 0;

    if (len < 126) {
        packet_put16(frame, (guint16)(0x8100 | bit | len));
    } else if (len < 65536) {
        packet_put16(frame, (guint16)(0x8100 | bit | 126));
        packet_put16(frame, (guint16)len);
    } else {
        packet_put16(frame, (guint16)(0x8100 | bit | 127));
        packet_put32(frame, 0);
        packet_put32(frame, (guint32)len);
    }
    if (mask)
        g_byte_array_append(frame, key, sizeof key);
    for (gsize i = 0; i < len; i++) {
        guint8 byte = mask ? bytes[i] ^ key[i % 4] : bytes[i];
        g_byte_array_append(frame, &byte, 1);
    }
    return frame;
}
