/* SPDX-License-Identifier: GPL-2.0-or-later
 * Collects frames with their times, and writes them as a pcap file. */
#define _DEFAULT_SOURCE /* u_char and friends, which pcap.h uses */
#include "capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>

typedef struct {
    gint64 at_us;
    GByteArray *bytes;
    guint snaplen;
} Frame;

struct Capture {
    GArray *frames;
};

static void clear_frame(gpointer data)
{
    g_byte_array_unref(((Frame *)data)->bytes);
}

Capture *capture_new(void)
{
    Capture *capture = g_new0(Capture, 1);

    capture->frames = g_array_new(FALSE, FALSE, sizeof(Frame));
    g_array_set_clear_func(capture->frames, clear_frame);
    return capture;
}

void capture_free(Capture *capture)
{
    if (!capture)
        return;
    g_array_unref(capture->frames);
    g_free(capture);
}

void capture_add(Capture *capture, gint64 at_us, GByteArray *frame, guint snaplen)
{
    Frame entry = {at_us, frame, snaplen};
    g_array_append_val(capture->frames, entry);
}

static void dump_frame(pcap_dumper_t *dumper, const Frame *frame)
{
    struct pcap_pkthdr header;

    header.ts.tv_sec = CAPTURE_EPOCH + frame->at_us / G_USEC_PER_SEC;
    header.ts.tv_usec = frame->at_us % G_USEC_PER_SEC;
    header.len = frame->bytes->len;
    header.caplen = frame->snaplen ? MIN(frame->snaplen, header.len) : header.len;
    pcap_dump((u_char *)dumper, &header, frame->bytes->data);
}

gboolean capture_write(const Capture *capture, const gchar *path, GError **error)
{
    gboolean ok = FALSE;
    pcap_t *pcap = pcap_open_dead(DLT_EN10MB, 262144);
    pcap_dumper_t *dumper = pcap ? pcap_dump_open(pcap, path) : NULL;

    if (!dumper) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s",
                    pcap ? pcap_geterr(pcap) : "libpcap has no memory");
        goto out;
    }
    for (guint i = 0; i < capture->frames->len; i++)
        dump_frame(dumper, &g_array_index(capture->frames, Frame, i));
    if (pcap_dump_flush(dumper) != 0 || ferror(pcap_dump_file(dumper))) {
        int saved = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(saved), "%s: %s", path,
                    g_strerror(saved));
        goto out;
    }
    ok = TRUE;
out:
    if (dumper)
        pcap_dump_close(dumper);
    if (pcap)
        pcap_close(pcap);
    return ok;
}
