/* SPDX-License-Identifier: GPL-2.0-or-later
 * load-engine [--report|--json] FILE: what the plugin does with a capture of SIP over UDP, without
 * Wireshark: every message goes through the trace, then a report is written. So what it costs can
 * be counted in instructions, and only ours. Without an option messages are read and no report is.
 */
#define _DEFAULT_SOURCE /* u_char and friends, which pcap.h uses */
#include <glib.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "report/capture_json.h"
#include "report/capture_text.h"
#include "trace.h"

enum { ETHERNET = 14, IPV4 = 20, UDP = 8, HEADERS = ETHERNET + IPV4 + UDP };

static void set_endpoint(SipwhyEndpoint *endpoint, const u_char *address, const u_char *port)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    memcpy(endpoint->address, mapped, sizeof mapped);
    memcpy(endpoint->address + sizeof mapped, address, 4);
    endpoint->port = (uint16_t)(port[0] << 8 | port[1]);
}

static void add(SipwhyTrace *trace, SipwhyCapture *capture, uint32_t frame,
                const struct pcap_pkthdr *header, const u_char *data)
{
    SipwhyPacket packet = {.frame = frame,
                           .time = header->ts.tv_sec * G_USEC_PER_SEC + header->ts.tv_usec,
                           .transport = SIPWHY_TRANSPORT_UDP};
    SipwhyMessage message;

    sipwhy_trace_reach(trace, packet.time);
    if (header->caplen <= HEADERS)
        return;
    set_endpoint(&packet.source, data + ETHERNET + 12, data + ETHERNET + IPV4);
    set_endpoint(&packet.destination, data + ETHERNET + 16, data + ETHERNET + IPV4 + 2);
    if (!sipwhy_message_scan((const char *)data + HEADERS, header->caplen - HEADERS,
                             SIPWHY_FRAMING_DATAGRAM, &message))
        return;
    const SipwhyEvent *event = sipwhy_trace_add(trace, &packet, &message);
    if (capture)
        sipwhy_capture_add(capture, event, &packet, &message);
}

static void report(SipwhyTrace *trace, SipwhyCapture *capture, SipwhyCaptureWriter write)
{
    const SipwhyReportSettings settings = {
        .trace = trace, .version = "", .sip_packets = sipwhy_capture_packets(capture)};

    sipwhy_trace_set_whole(trace, true);
    write(capture, &settings, stdout);
}

int main(int argc, char **argv)
{
    const gboolean json = argc == 3 && strcmp(argv[1], "--json") == 0;
    const gboolean text = argc == 3 && strcmp(argv[1], "--report") == 0;
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = argc == 2 + (json || text) ? pcap_open_offline(argv[argc - 1], error) : NULL;
    struct pcap_pkthdr *header;
    const u_char *data;

    if (!pcap) {
        fputs("usage: load-engine [--report|--json] FILE\n", stderr);
        return 2;
    }
    SipwhyTrace *trace = sipwhy_trace_new();
    SipwhyCapture *capture = json || text ? sipwhy_capture_new() : NULL;
    for (uint32_t frame = 1; pcap_next_ex(pcap, &header, &data) == 1; frame++)
        add(trace, capture, frame, header, data);
    if (capture)
        report(trace, capture, json ? sipwhy_capture_write_json : sipwhy_capture_write_text);
    sipwhy_capture_free(capture);
    sipwhy_trace_free(trace);
    pcap_close(pcap);
    return 0;
}
