/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A recording: what Wireshark and the plugin found in one capture, read back from the lines of
 * `tshark -z sipwhy,json`, whose schema is report/capture.schema.json.
 *
 * Texts that come again and again are kept once. All strings are UTF-8, live as long as the
 * SipwhyRecording, and may be hostile: a URI in them may hold markup.
 */
#ifndef SIPWHY_RECORDING_RECORDING_H
#define SIPWHY_RECORDING_RECORDING_H

#include <glib.h>

#include "finding.h"
#include "local/matched.h"
#include "outcome.h"

/** A finding, as it stood on a message. */
typedef struct {
    const char *id; /**< may be one that this command does not know */
    SipwhySeverity severity;
    bool inferred; /**< it follows from the trace without being written in it */
    const char *category;
    const char *title; /**< "no codec in common" */
    const char *text;  /**< a sentence or two, with the frames in it */
    char **fixes;      /**< NULL-terminated, each with who carries it out in front: "Caller: ..." */
    uint32_t frame;    /**< the message that it is on */
    GArray *evidence;  /**< uint32_t: other frames that prove it */
} SipwhyRecordedFinding;

/** An entry of local knowledge that matches responses. */
typedef struct {
    const char *id;
    const char *title; /**< NULL: none */
    const char *file;  /**< without its folder */
    const char *url;   /**< of the runbook; NULL: none */
    char **texts;      /**< NULL-terminated: description, causes, fixes */
    char **fixes;      /**< those of them that are fixes, each with who carries it out in front */
    bool replaces[SIPWHY_LOCAL_PART_COUNT]; /**< built-in lines that give way to its own */
    int severity;                           /**< SipwhySeverity; -1: it does not say */
} SipwhyRecordedLocal;

/** A request or response. */
typedef struct {
    bool is_response;
    uint32_t frame;
    int64_t time;       /**< microseconds since 1970; SIPWHY_NO_TIME: not known */
    uint16_t code;      /**< of a response */
    const char *phrase; /**< of a response, as it was sent */
    const char *method; /**< of a response that of its CSeq; NULL: not known */
    const char *source; /**< "192.0.2.1:5060", "[2001:db8::1]:5060" */
    const char *destination;
    const char *transport; /**< "UDP"; NULL: not known */
    const char *agent;     /**< User-Agent or Server; NULL: none */
    bool quoted;           /**< it stands in an ICMP error: it was sent and never received */
    bool repeated;         /**< the same message once more */
    bool has_sdp;
    /* of a response that is not quoted: */
    SipwhySeverity severity;
    bool expected;       /**< part of an ordinary flow */
    const char *origin;  /**< id of who made it: "user-agent"; NULL: not said */
    uint32_t request_in; /**< frame; 0: not seen */
    uint32_t outcome_in; /**< frame; 0: none */
    /** SipwhyRecordedFinding, never NULL; of a request none: they stand on its call. */
    GPtrArray *findings;
    /** SipwhyRecordedLocal, never NULL; messages share them. */
    GPtrArray *local;
} SipwhyRecordedMessage;

#define SIPWHY_NO_TIME INT64_MIN

/** What happened under one Call-ID: a call, or a registration, subscription and the like. */
typedef struct {
    const char *call_id; /**< NULL: messages without one */
    bool is_call;
    const char *method; /**< that it begins with; NULL: not known */
    const char *from;   /**< URI; NULL: not known */
    const char *to;
    int outcome;              /**< SipwhyOutcome of a call; -1: it is none */
    uint16_t code;            /**< of the final response that decided it; 0: none */
    uint32_t code_in;         /**< its frame */
    uint32_t first_in;        /**< the frame of its first message */
    double pdd;               /**< post-dial delay, seconds; negative: not known */
    const char *client;       /**< endpoint that sent the deciding request; NULL: not known */
    const char *server;       /**< endpoint that it was sent to */
    const char *agent;        /**< User-Agent of its first request; NULL: none */
    const char *server_agent; /**< Server or User-Agent of the deciding response; NULL: none */
    SipwhySeverity severity;  /**< the highest of its responses and findings */
    /** The finding that says why it came to this; NULL: none does. */
    const SipwhyRecordedFinding *leading;
    const SipwhyRecordedMessage *bare; /**< its worst response that no finding explains; or NULL */
    GPtrArray *findings;               /**< SipwhyRecordedFinding: those on its requests */
    GPtrArray *messages; /**< SipwhyRecordedMessage, in the order of the file, at least one */
} SipwhyRecordedCall;

/** All of one capture. */
typedef struct {
    const char *file;    /**< as the user named it; "-" for standard input */
    GPtrArray *messages; /**< SipwhyRecordedMessage, in the order of the file */
    GPtrArray *calls;    /**< SipwhyRecordedCall, in the order of their first messages */
    size_t packets;      /**< with SIP messages that passed the filter */
    size_t sip_packets;  /**< the same as SIP's own tap counted them */
    const char *version; /**< of the plugin */
    const char *filter;  /**< NULL: there was none */
} SipwhyRecording;

/** Lines that are being read. */
typedef struct SipwhyRecordingReader SipwhyRecordingReader;

SipwhyRecordingReader *sipwhy_recording_reader_new(const char *file);

/** Reads the next line, without its end. False and `*error` (freed by the caller) if it is no JSON,
 * or not what the schema says: nothing of it is kept then. A line of an unknown type is passed
 * over. */
bool sipwhy_recording_read(SipwhyRecordingReader *reader, const char *line, size_t length,
                           char **error);

/** Ends the reading and frees the reader. NULL if the summary, which is the last line, has not
 * come: the lines are not whole then. */
SipwhyRecording *sipwhy_recording_end(SipwhyRecordingReader *reader);

/** NULL is fine. */
void sipwhy_recording_free(SipwhyRecording *recording);

#endif
