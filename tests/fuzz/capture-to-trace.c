/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * capture-to-trace FOLDER CAPTURE...: writes each capture as an input of fuzz-trace.c, of the same
 * name, into FOLDER. Takes IP over Ethernet as it comes, fragments and segments too: the target
 * wants many kinds of packets, not true ones.
 */
#include <arpa/inet.h>
#include <glib.h>
#include <pcap.h>
#include <stdbool.h>
#include <stdio.h>

enum {
    BEGIN = 0x1E,
    ETHERNET = 14,
    IPV4 = 20,
    IPV6 = 40,
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_ICMPV6 = 58,
    UDP = 8,
    ICMP = 8,
    TCP = 20,
};

typedef struct {
    const guchar *data;
    gsize length;
} Bytes;

/* What is known of a packet so far. */
typedef struct {
    char source[INET6_ADDRSTRLEN];
    char destination[INET6_ADDRSTRLEN];
    bool is_ipv6;
    bool quoted;
    unsigned protocol;
} Way;

static bool skip(Bytes *bytes, gsize count)
{
    if (count > bytes->length)
        return false;
    bytes->data += count;
    bytes->length -= count;
    return true;
}

/* Takes the IP header off. */
static bool take_ip(Bytes *bytes, Way *way)
{
    if (bytes->length < IPV4)
        return false;
    way->is_ipv6 = bytes->data[0] >> 4 == 6;
    if (!way->is_ipv6) {
        way->protocol = bytes->data[9];
        inet_ntop(AF_INET, bytes->data + 12, way->source, sizeof way->source);
        inet_ntop(AF_INET, bytes->data + 16, way->destination, sizeof way->destination);
        return skip(bytes, (gsize)(bytes->data[0] & 15) * 4);
    }
    if (bytes->length < IPV6)
        return false;
    way->protocol = bytes->data[6];
    inet_ntop(AF_INET6, bytes->data + 8, way->source, sizeof way->source);
    inet_ntop(AF_INET6, bytes->data + 24, way->destination, sizeof way->destination);
    return skip(bytes, IPV6);
}

static unsigned read_port(const guchar *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static void append_packet(GString *out, Bytes bytes, gint64 elapsed)
{
    const char *form;
    Way way = {0};

    if (!skip(&bytes, ETHERNET) || !take_ip(&bytes, &way))
        return;
    if (way.protocol == PROTOCOL_ICMP || way.protocol == PROTOCOL_ICMPV6) {
        way.quoted = true;
        if (!skip(&bytes, ICMP) || !take_ip(&bytes, &way))
            return;
    }
    const bool tcp = way.protocol == PROTOCOL_TCP;
    if (bytes.length < (tcp ? TCP : UDP))
        return;
    const unsigned ports[] = {read_port(bytes.data), read_port(bytes.data + 2)};
    const bool reset = tcp && (bytes.data[13] & 4);
    const gsize header = tcp ? (gsize)(bytes.data[12] >> 4) * 4 : UDP;
    if (!skip(&bytes, header))
        return;
    form = way.is_ipv6 ? "%c%s%s%s %" G_GINT64_FORMAT " [%s]:%u [%s]:%u\n"
                       : "%c%s%s%s %" G_GINT64_FORMAT " %s:%u %s:%u\n";
    g_string_append_printf(out, form, BEGIN, tcp ? "t" : "u", way.quoted ? "q" : "",
                           reset ? "r" : "", elapsed, way.source, ports[0], way.destination,
                           ports[1]);
    g_string_append_len(out, (const char *)bytes.data, (gssize)bytes.length);
}

static bool convert(const char *folder, const char *path)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline(path, error);
    struct pcap_pkthdr *header;
    const guchar *data;
    gint64 last = 0;
    GString *out = g_string_new(NULL);

    if (!capture) {
        fprintf(stderr, "capture-to-trace: %s\n", error);
        g_string_free(out, TRUE);
        return false;
    }
    while (pcap_datalink(capture) == DLT_EN10MB && pcap_next_ex(capture, &header, &data) == 1) {
        const gint64 time = (gint64)header->ts.tv_sec * G_USEC_PER_SEC + header->ts.tv_usec;
        append_packet(out, (Bytes){data, header->caplen}, last ? time - last : 0);
        last = time;
    }
    pcap_close(capture);
    char *name = g_path_get_basename(path);
    char *written = g_build_filename(folder, name, NULL);
    const bool done = g_file_set_contents(written, out->str, (gssize)out->len, NULL);
    g_free(written);
    g_free(name);
    g_string_free(out, TRUE);
    return done;
}

int main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (!convert(argv[1], argv[i]))
            return 3;
    return argc < 3 ? 2 : 0;
}
