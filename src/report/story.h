/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A story: what happened under one Call-ID, be it a call, a registration or a subscription; what it
 * came to, and why.
 */
#ifndef SIPWHY_REPORT_STORY_H
#define SIPWHY_REPORT_STORY_H

#include "report/capture.h"

enum {
    SIPWHY_STORY_NOTES_MOST = 64, /**< findings of a story */
    SIPWHY_NOTE_ALSO_MOST = 5,    /**< further messages of a finding */
};

/** A finding of a story, once, however many of its messages have it. */
typedef struct {
    const SipwhyFinding *finding;
    uint32_t frame;                          /**< of the message that it stands on, the first one */
    bool on_response;                        /**< that message is one */
    bool on_deciding;                        /**< it is the response that decided the story */
    unsigned also;                           /**< how many more messages have it */
    uint32_t also_in[SIPWHY_NOTE_ALSO_MOST]; /**< the first of them */
} SipwhyStoryNote;

/** A response that is worth a look, and has no finding that says why. */
typedef struct {
    uint16_t status; /**< 0: there is none */
    uint8_t method;  /**< SipwhyMethod */
    uint32_t frame;
    SipwhySeverity severity;
} SipwhyBareResponse;

/** Local knowledge of a response that is worth a look, or decided the story. */
typedef struct {
    const SipwhyLocalEntry *entry;
    uint32_t frame;   /**< of the first such response */
    bool on_deciding; /**< one of them decided the story */
} SipwhyStoryLocal;

typedef struct {
    const SipwhyCollectedCall *call;
    bool is_call;                      /**< an INVITE's, or what belongs to one */
    SipwhyCallOutcome outcome;         /**< of a call */
    const SipwhyTransaction *deciding; /**< what it came to in the end; NULL: not known */
    SipwhyMethod method;               /**< what it is about, if it is no call */
    uint16_t code;                     /**< of the final response that decided it; 0: none */
    uint32_t code_in;                  /**< its frame, 0 likewise */
    SipwhySeverity severity;           /**< the highest of its messages */
    SipwhyBareResponse bare;           /**< the worst of them */
    GPtrArray *notes;                  /**< SipwhyStoryNote, the one that says most first */
    GPtrArray *findings;               /**< owns their findings */
    GArray *local;                     /**< SipwhyStoryLocal, each entry once, first seen first */
    unsigned responses;
} SipwhyStory;

/** Reads a story; give back what that took with sipwhy_story_clear. */
void sipwhy_story_read(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                       const SipwhyCollectedCall *call, SipwhyStory *story);
void sipwhy_story_clear(SipwhyStory *story);

/** The finding that says why the story came to this; NULL: none does. */
const SipwhyStoryNote *sipwhy_story_leading(const SipwhyStory *story);

/** The local knowledge that says it where no finding does: that of the response which decided, or
 * which nothing explains. NULL: there is none with a title. */
const SipwhyLocalEntry *sipwhy_story_titled(const SipwhyStory *story);

#endif
