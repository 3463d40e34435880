/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis: what captures come to, call by call, worst first.
 */
#ifndef SIPWHY_REPORT_DIAGNOSIS_H
#define SIPWHY_REPORT_DIAGNOSIS_H

#include "page.h"
#include "recording/recording.h"

/** Local knowledge of a response that is worth a look, or decided the case. */
typedef struct {
    const SipwhyRecordedLocal *entry;
    uint32_t frame;   /**< of the first such response */
    bool on_deciding; /**< one of them decided the case */
} SipwhyCaseLocal;

/** A call (or registration and the like) of one of the captures. */
typedef struct {
    const SipwhyRecording *recording;
    const SipwhyRecordedCall *call;
    size_t kind;             /**< from 1; cases of one kind came to the same for the same reason */
    SipwhySeverity severity; /**< that of the call; of one that failed at least note */
    /** SipwhyRecordedFinding: what is to be told of it, each id once, the leading one first, then
     * by severity and frame: all above chat, and of a case that is worse than chat also what is
     * said of the response that decided it. */
    GPtrArray *findings;
    /** SipwhyRecordedFinding: all that stand on its messages, in the same order. */
    GPtrArray *all;
    GArray *local; /**< SipwhyCaseLocal, each entry once, first seen first */
} SipwhyCase;

/** A row of a table: a status code, or a finding. */
typedef struct {
    const char *name; /**< "488", or the id of a finding */
    const char *text; /**< phrase; title of the first one, see sipwhy_tally_text */
    SipwhySeverity severity;
    size_t messages; /**< responses (not repeats), or messages with the finding */
    size_t calls;    /**< calls that have it */
} SipwhyTally;

/** A capture that could not be read, or not to its end: then it is among the captures too. */
typedef struct {
    const char *file;
    char *text; /**< one line: why */
} SipwhyUnread;

typedef struct {
    const GPtrArray *captures; /**< SipwhyRecording, in the order of the arguments */
    GPtrArray *unread;         /**< SipwhyUnread */
    GPtrArray *cases; /**< SipwhyCase, worst first: by severity, then by outcome; cases of a kind
                         together, the most frequent kind first, in the order of captures and
                         frames */
    GPtrArray *codes; /**< SipwhyTally, by code */
    GPtrArray
        *findings; /**< SipwhyTally, worst first, then most frequent; nothing that is only chat */
    size_t calls;
    size_t outcomes[SIPWHY_OUTCOME_COUNT];
    size_t responses;                          /**< that are neither quoted nor repeats */
    size_t by_severity[SIPWHY_SEVERITY_COUNT]; /**< cases */
    int64_t first_time;                        /**< SIPWHY_NO_TIME: not known */
    int64_t last_time;
} SipwhyDiagnosis;

/** `file` has to live longer; the text is copied. */
SipwhyUnread *sipwhy_unread_new(const char *file, const char *text);
/** NULL is fine. */
void sipwhy_unread_free(SipwhyUnread *unread);

/** `captures` live longer than the diagnosis; `unread` (SipwhyUnread; NULL: none) is taken over,
 * with what it holds. */
SipwhyDiagnosis *sipwhy_diagnosis_new(const GPtrArray *captures, GPtrArray *unread);
void sipwhy_diagnosis_free(SipwhyDiagnosis *diagnosis);

/** What a row of the table of findings is about, for all that have it: the label of a finding that
 * this command knows, else its title. Constant, or as long as the captures. */
const char *sipwhy_tally_text(const SipwhyTally *tally, SipwhyLanguage language);

/** The message of a case that stands in a frame and, of several there, has that code (0: any);
 * NULL when there is none. */
const SipwhyRecordedMessage *sipwhy_case_message(const SipwhyCase *one, uint32_t frame,
                                                 uint16_t code);

/** The local knowledge that says why a case came to this where no finding does: that of the
 * response which decided it, or which nothing explains. NULL: there is none with a title. */
const SipwhyRecordedLocal *sipwhy_case_titled(const SipwhyCase *one);

/** As a page, for text and Markdown. The caller frees it. */
SipwhyPage *sipwhy_diagnosis_page(const SipwhyDiagnosis *diagnosis, SipwhyLanguage language);

/** Writers append to `out`. */
typedef void (*SipwhyDiagnosisWriter)(GString *out, const SipwhyDiagnosis *diagnosis,
                                      SipwhyLanguage language);
void sipwhy_diagnosis_json(GString *out, const SipwhyDiagnosis *diagnosis, SipwhyLanguage language);
void sipwhy_diagnosis_csv(GString *out, const SipwhyDiagnosis *diagnosis, SipwhyLanguage language);
void sipwhy_diagnosis_html(GString *out, const SipwhyDiagnosis *diagnosis, SipwhyLanguage language);

#endif
