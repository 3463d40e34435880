/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a capture comes to: its calls by kind, worst first, and its findings by count.
 *
 * A thousand calls that failed for the same reason are one kind, of which a few are named.
 */
#ifndef SIPWHY_REPORT_DIGEST_H
#define SIPWHY_REPORT_DIGEST_H

#include "report/story.h"

enum {
    SIPWHY_SAMPLES_MOST = 6, /**< stories of a kind that are named */
    SIPWHY_SERVERS_MOST = 4, /**< servers of a kind that are told apart */
};

/** A server, and how many stories of a kind ended there. */
typedef struct {
    SipwhyEndpoint endpoint;
    size_t count;
} SipwhyStoryServer;

/** Stories that came to the same, for the same reason. */
typedef struct {
    bool is_call;
    SipwhyOutcome outcome;
    SipwhyMethod method;
    uint16_t code;
    SipwhySeverity severity;
    int leading;                    /**< SipwhyFindingId; -1: no finding says why */
    uint16_t bare;                  /**< then: the status that nothing explains; 0: none */
    const SipwhyLocalEntry *titled; /**< and the local knowledge that says why; NULL: none */
    size_t count;
    size_t sample[SIPWHY_SAMPLES_MOST]; /**< the first of them, for sipwhy_capture_call */
    unsigned server_count;
    SipwhyStoryServer server[SIPWHY_SERVERS_MOST]; /**< the first ones that were seen */
    size_t elsewhere;                              /**< stories that ended at others */
    int64_t last_time;                             /**< when the last of them ended */
} SipwhyStoryKind;

/** Something to be done: a finding, or a status code that no finding explains. */
typedef struct {
    SipwhySeverity severity;
    const char *id;  /**< of the finding; NULL: a status code */
    uint16_t status; /**< then */
    char *title;     /**< of the finding, where it stands first */
    uint32_t frame;  /**< the first that has it */
    size_t count;    /**< stories that have it */
} SipwhyTask;

typedef struct {
    size_t responses;
    size_t outcomes[SIPWHY_OUTCOME_COUNT]; /**< calls */
    size_t requests[SIPWHY_METHOD_COUNT];  /**< stories that are no calls */
    size_t refused[SIPWHY_METHOD_COUNT];   /**< of them */
    size_t unidentified;                   /**< messages that belong to no story */
    int64_t first_time;
    int64_t last_time;
    GPtrArray *kinds; /**< SipwhyStoryKind, worst first */
    GPtrArray *tasks; /**< SipwhyTask, worst first; nothing that is only chat */
} SipwhyDigest;

/** Reads all stories of a capture, one at a time. The caller frees the result. */
SipwhyDigest *sipwhy_digest_new(const SipwhyCapture *capture, const SipwhyReportSettings *settings);
void sipwhy_digest_free(SipwhyDigest *digest);

#endif
