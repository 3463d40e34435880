/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reports on a whole capture: collect what passes the filter, and print it in the end.
 */
#include "ws_compat.h"

#include "tap_capture.h"

#include <stdio.h>
#include <string.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "local_files.h"
#include "report/capture.h"
#include "report/capture_json.h"
#include "report/capture_text.h"
#include "spoken.h"
#include "taps.h"

/* A report, by its -z option. */
typedef struct {
    const char *option;
    SipwhyCaptureWriter write;
    gboolean counts_sip; /* it says how many packets SIP itself saw */
} Report;

static const Report reports[] = {
    {"sipwhy,json", sipwhy_capture_write_json, TRUE},
    {"sipwhy,report", sipwhy_capture_write_text, FALSE},
};

/* What SIP's own tap counts, for whoever reads that it came here too: SIP may be dissected and we
 * not be asked. Both taps own it, and Wireshark says in what order they go. */
typedef struct {
    size_t packets;
    guint32 last; /* frame; a packet is tapped once for each of its messages */
} SipCount;

static const ws_boolean *report_knowledge;
static GSList *listeners; /* Listener */

/* One that was asked for. */
typedef struct {
    const Report *report;
    char *filter; /* NULL: there is none */
    SipwhyCapture *capture;
    SipCount *sip; /* NULL: it counts none */
} Listener;

static void reset_sip(void *data)
{
    *(SipCount *)data = (SipCount){0};
}

static tap_packet_status count_sip(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                   const void *tapped _U_, tap_flags_t flags _U_)
{
    SipCount *sip = data;

    sip->packets += sip->last != pinfo->num;
    sip->last = pinfo->num;
    return TAP_PACKET_DONT_REDRAW;
}

static void finish_sip(void *data)
{
    g_rc_box_release(data);
}

static void reset(void *data)
{
    sipwhy_capture_clear(((Listener *)data)->capture);
}

/* The report is written once, in the end, even where statistics are drawn now and then. */
static tap_packet_status collect(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                 const void *tapped, tap_flags_t flags _U_)
{
    const SipwhyTapPacket *packet = tapped;

    for (gsize i = 0; i < packet->count; i++)
        sipwhy_capture_add(((Listener *)data)->capture, packet->messages[i].event, &packet->place,
                           packet->messages[i].message);
    return TAP_PACKET_DONT_REDRAW;
}

static void print(void *data)
{
    const Listener *listener = data;
    SipwhyTrace *trace = remember_trace();
    const SipwhyReportSettings settings = {.trace = trace,
                                           .language = spoken_language(),
                                           .filter = listener->filter,
                                           .version = SIPWHY_VERSION,
                                           .sip_packets =
                                               listener->sip ? listener->sip->packets : 0,
                                           .knowledge = *report_knowledge};

    if (!trace)
        return;
    gboolean whole = sipwhy_trace_is_whole(trace);
    sipwhy_trace_set_whole(trace, true);
    sipwhy_capture_match(listener->capture, local_files_all());
    local_files_report_given_up();
    listener->report->write(listener->capture, &settings, stdout);
    fflush(stdout);
    sipwhy_trace_set_whole(trace, whole);
}

/* tshark goes on to another file (-b), or forgets what it has read (-M), without a word to its
 * taps: what was collected is about the trace that ends now. */
static void end_capture(void)
{
    for (GSList *one = listeners; one; one = one->next) {
        Listener *listener = one->data;
        if (sipwhy_capture_count(listener->capture) == 0)
            continue;
        print(listener);
        sipwhy_capture_clear(listener->capture);
        if (listener->sip)
            reset_sip(listener->sip);
    }
}

static void finish(void *data)
{
    Listener *listener = data;

    listeners = g_slist_remove(listeners, listener);
    if (listener->sip)
        g_rc_box_release(listener->sip);
    sipwhy_capture_free(listener->capture);
    g_free(listener->filter);
    g_free(listener);
}

/* Has SIP's own tap count what passes the same filter. */
static GString *listen_to_sip(Listener *listener)
{
    listener->sip = g_rc_box_new0(SipCount);
    GString *error =
        register_tap_listener("sip", g_rc_box_acquire(listener->sip), listener->filter,
                              TL_REQUIRES_ERROR_PACKETS, reset_sip, count_sip, NULL, finish_sip);
    if (error)
        g_rc_box_release(listener->sip);
    return error;
}

/* Also to what an ICMP error quotes: it is part of the report. */
static GString *listen_to_taps(Listener *listener)
{
    GString *error = listener->report->counts_sip ? listen_to_sip(listener) : NULL;

    if (error)
        return error;
    error = register_tap_listener("sipwhy", listener, listener->filter, TL_REQUIRES_ERROR_PACKETS,
                                  reset, collect, print, finish);
    if (error && listener->sip)
        remove_tap_listener(listener->sip);
    return error;
}

/* "sipwhy,json" or "sipwhy,json,FILTER". Wireshark compares the beginning only. */
static ws_stat_init listen(const char *option, void *data)
{
    const Report *report = data;
    const char *rest = option + strlen(report->option);

    if (*rest != '\0' && *rest != ',') {
        fprintf(stderr, "sipwhy: there is no -z %s\n", option);
        WS_STAT_INIT_FAILED;
    }
    Listener *listener = g_new0(Listener, 1);
    listener->report = report;
    listener->filter = *rest && rest[1] ? g_strdup(rest + 1) : NULL;
    listener->capture = sipwhy_capture_new();
    GString *error = listen_to_taps(listener);
    if (error) {
        fprintf(stderr, "sipwhy: -z %s: %s\n", option, error->str);
        g_string_free(error, TRUE);
        finish(listener);
        WS_STAT_INIT_FAILED;
    }
    listeners = g_slist_prepend(listeners, listener);
    WS_STAT_INIT_DONE;
}

void tap_capture_register(const ws_boolean *knowledge)
{
    static stat_tap_ui options[G_N_ELEMENTS(reports)];

    report_knowledge = knowledge;
    register_cleanup_routine(end_capture); /* the last one registered runs first */
    for (gsize i = 0; i < G_N_ELEMENTS(reports); i++) {
        options[i] = (stat_tap_ui){.group = REGISTER_STAT_GROUP_GENERIC,
                                   .cli_string = reports[i].option,
                                   .tap_init_cb = listen};
        register_stat_tap_ui(&options[i], (void *)&reports[i]);
    }
}
