/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A small capture that tshark is tried with.
 */
#include "trial_capture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "leftovers.h"

/* The numbers of the file are in the order of this machine, its magic number says in which; those
 * of the packet are in that of the network. */
static void append_packet(GByteArray *bytes, const char *message)
{
    enum { IP_HEAD = 20, UDP_HEAD = 8, PORT = 5060, CLIENT = 0x0201, SERVER = 0x0202 };
    const gboolean is_response = g_str_has_prefix(message, "SIP/2.0 ");
    const guint16 source = is_response ? SERVER : CLIENT;
    const guint16 destination = is_response ? CLIENT : SERVER;
    const guint16 udp = (guint16)(UDP_HEAD + strlen(message));
    const guint16 ip = (guint16)(IP_HEAD + udp);
    const guint32 head[] = {0, 0, ip, ip};
    const guint16 packet[] = {0x4500, ip,     0,           0,    0x4011, 0,   0xc000,
                              source, 0xc000, destination, PORT, PORT,   udp, 0};

    g_byte_array_append(bytes, (const guint8 *)head, sizeof head);
    for (unsigned i = 0; i < G_N_ELEMENTS(packet); i++) {
        const guint16 word = GUINT16_TO_BE(packet[i]);
        g_byte_array_append(bytes, (const guint8 *)&word, sizeof word);
    }
    g_byte_array_append(bytes, (const guint8 *)message, (guint)strlen(message));
}

static GByteArray *make_capture(const char *const *messages)
{
    enum { RAW_IP = 101 };
    const guint32 magic = 0xa1b2c3d4;
    const guint16 version[] = {2, 4};
    const guint32 rest[] = {0, 0, 65535, RAW_IP};
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_append(bytes, (const guint8 *)&magic, sizeof magic);
    g_byte_array_append(bytes, (const guint8 *)version, sizeof version);
    g_byte_array_append(bytes, (const guint8 *)rest, sizeof rest);
    for (; *messages; messages++)
        append_packet(bytes, *messages);
    return bytes;
}

char *cli_trial_capture_write(const Cli *cli, const char *const *messages, char **trouble)
{
    GError *error = NULL;
    char *path = NULL;
    int file = g_file_open_tmp("sipwhy-XXXXXX.pcap", &path, &error);

    if (file >= 0) {
        GByteArray *bytes = make_capture(messages);
        cli_leftovers_add_file(path);
        errno = 0;
        if (write(file, bytes->data, bytes->len) != (ssize_t)bytes->len)
            *trouble = sipwhy_text_format(cli->language, SIPWHY_TEXT_RUN_NO_TEMPORARY, "reason",
                                          g_strerror(errno), NULL);
        close(file);
        g_byte_array_unref(bytes);
    } else {
        *trouble = sipwhy_text_format(cli->language, SIPWHY_TEXT_RUN_NO_TEMPORARY, "reason",
                                      error->message, NULL);
        g_error_free(error);
    }
    return path;
}

void cli_trial_capture_remove(char *path)
{
    if (path) {
        g_unlink(path);
        cli_leftovers_drop_file(path);
    }
    g_free(path);
}
