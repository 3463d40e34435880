/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a report on a whole capture is made of: the messages that passed a filter, and their calls.
 *
 * Messages are collected while the capture is read. What they are worth is asked for in the end,
 * once the trace is whole (sipwhy_trace_set_whole), with the trace that their events came from.
 */
#ifndef SIPWHY_REPORT_CAPTURE_H
#define SIPWHY_REPORT_CAPTURE_H

#include <stdio.h>

#include "finding.h"
#include "local/matched.h"
#include "outcome.h"

typedef struct SipwhyCapture SipwhyCapture;

/** A message that was collected. */
typedef struct {
    SipwhyPacket packet;
    SipwhyEvent event; /**< as the trace had it */
    bool is_response;
    const char *bytes; /**< all of the message; NULL when they were not at hand */
    size_t length;
    const SipwhyLocalEntry **local; /**< local knowledge that matches a response; NULL: none */
} SipwhyCollected;

/** The collected messages with one Call-ID. */
typedef struct {
    const SipwhyCall *call; /**< NULL: none of them belongs to a transaction */
    GArray *messages;       /**< unsigned: for sipwhy_capture_message, ascending */
} SipwhyCollectedCall;

/** What a writer needs to know beside the messages. */
typedef struct {
    const SipwhyTrace *trace;
    SipwhyLanguage language;
    const char *filter;  /**< the display filter that the messages passed; NULL: there is none */
    const char *version; /**< of sipwhy */
    /** How many packets with SIP passed the filter, by Wireshark's own count: more than
     * sipwhy_capture_packets where not all came here. */
    size_t sip_packets;
    bool knowledge; /**< lines for machines also say what data/ has on each code */
    /** Of each message that was looked at and has no finding its severity, plus one; else 0. Filled
     * and read by what looks at messages again and again; NULL: nothing is kept. */
    uint8_t *silent;
} SipwhyReportSettings;

/** Writes a report. */
typedef void (*SipwhyCaptureWriter)(const SipwhyCapture *capture,
                                    const SipwhyReportSettings *settings, FILE *out);

SipwhyCapture *sipwhy_capture_new(void);
void sipwhy_capture_free(SipwhyCapture *capture);

/** Forgets all messages. */
void sipwhy_capture_clear(SipwhyCapture *capture);

/** Adds the next message; `event` and the bytes are copied. `message` may be NULL. */
void sipwhy_capture_add(SipwhyCapture *capture, const SipwhyEvent *event,
                        const SipwhyPacket *packet, const SipwhyMessage *message);

/** Looks up which local knowledge matches each response; without it none does. `local` may be NULL,
 * and has to live as long as the capture is looked at. */
void sipwhy_capture_match(SipwhyCapture *capture, SipwhyLocal *local);

/** The n-th message, request or response, in the order in which they were added; NULL past the
 * end. */
const SipwhyCollected *sipwhy_capture_message(const SipwhyCapture *capture, size_t n);

size_t sipwhy_capture_count(const SipwhyCapture *capture);

/** How many packets the messages came in. */
size_t sipwhy_capture_packets(const SipwhyCapture *capture);

/** The n-th Call-ID in the order of their first messages, or NULL past the end. Most captures have
 * some that are no calls: registrations, subscriptions and the like. */
const SipwhyCollectedCall *sipwhy_capture_call(const SipwhyCapture *capture, size_t n);

/**
 * What became of a call. Returns false when it is none, or when the frames of what decided it are
 * not the file's (SipwhyTransaction.disowned).
 */
bool sipwhy_collected_outcome(const SipwhyTrace *trace, const SipwhyCapture *capture,
                              const SipwhyCollectedCall *call, SipwhyCallOutcome *outcome);

/** The frame of the first message of a call, whether it passed the filter or not. */
uint32_t sipwhy_collected_first_frame(const SipwhyCapture *capture,
                                      const SipwhyCollectedCall *call);

/** The findings of a call that have no response of their own: those on its requests. What several
 * of them say with the same evidence stands there once, with the frame of the first. The caller
 * frees the list. */
GPtrArray *sipwhy_collected_findings(const SipwhyReportSettings *settings,
                                     const SipwhyCapture *capture, const SipwhyCollectedCall *call);

/** The one of such a list that says the same: `finding` itself, or what stands there for it. NULL:
 * there is none. */
const SipwhyFinding *sipwhy_collected_same(const GPtrArray *findings, const SipwhyFinding *finding);

/** The n-th message of a call, or NULL past the end. */
const SipwhyCollected *sipwhy_collected_call_message(const SipwhyCapture *capture,
                                                     const SipwhyCollectedCall *call, size_t n);

/** Scans a collected message; false when its bytes were not at hand. */
bool sipwhy_collected_scan(const SipwhyCollected *collected, SipwhyMessage *message);

/** A collected message as the whole trace explains it. */
typedef struct {
    bool scanned; /**< its bytes are at hand: */
    SipwhyMessage message;
    bool explained;                /**< it is a response, and its code can be explained: */
    SipwhyExplanation explanation; /**< without what local knowledge takes the place of */
    GPtrArray *findings;
    /** Of a response: local knowledge of it, which decides on its severity too; NULL: none. */
    const SipwhyLocalEntry *const *local;
    /** Of a response. One that is quoted in an ICMP error was never received: it has none. */
    SipwhySeverity severity;
    bool expected; /**< part of an ordinary flow */
} SipwhyJudged;

/** Explains a message; give back what that took with sipwhy_judged_clear. */
void sipwhy_collected_judge(const SipwhyTrace *trace, const SipwhyCollected *collected,
                            SipwhyLanguage language, SipwhyJudged *judged);
/** What rules and sipwhy_origin look at; it points into `collected` and `judged`. */
void sipwhy_collected_subject(const SipwhyTrace *trace, const SipwhyCollected *collected,
                              const SipwhyJudged *judged, SipwhySubject *subject);

void sipwhy_judged_clear(SipwhyJudged *judged);

#endif
