/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What this trace adds to the knowledge: findings on a message, with the frames that prove them.
 */
#ifndef SIPWHY_FINDING_H
#define SIPWHY_FINDING_H

#include <glib.h>

#include "interface.h" /* SipwhyFindingId, SipwhyWording, made from data/ */
#include "text.h"
#include "trace.h"
#include "value.h"

/** What data/findings/ says of a finding. */
typedef struct {
    const char *id;     /**< API: "challenge-answered" */
    const char *family; /**< the rules that find it, and its file in data/findings/ */
    SipwhySeverity severity;
    SipwhyCategory category;
    bool inferred; /**< follows from the trace, but is not written in it */
    bool decides;  /**< says what the response is worth here: its severity replaces the class's */
    SipwhyLines sources; /**< "RFC 3261 22.2", the first one leads */
} SipwhyFindingFacts;

/** The words on a finding, or on one of its variants: templates with {placeholders}. */
typedef struct {
    const char *label; /**< what is counted: "Nonce expired"; the same for all variants */
    const char *title; /**< a few words behind the code in the packet tree */
    const char *text;  /**< at most 200 bytes as it stands */
    SipwhyFixes fixes; /**< none to three */
} SipwhyFindingWords;

enum { SIPWHY_FINDING_FRAMES_MOST = 16, SIPWHY_FINDING_VALUES_MOST = 12 };

/** One finding. */
typedef struct {
    SipwhyFindingId id;
    SipwhyWording wording; /**< which of its texts */
    bool decides;          /**< as in the facts, unless the rule says otherwise */
    uint32_t frame;        /**< of the message that it was found on */
    unsigned frame_count;
    uint32_t frames[SIPWHY_FINDING_FRAMES_MOST]; /**< evidence, as it was named */
    unsigned value_count;
    const char *names[SIPWHY_FINDING_VALUES_MOST]; /**< constant */
    SipwhyValue values[SIPWHY_FINDING_VALUES_MOST];
    const SipwhyCause *q850; /**< whose first fix follows the finding's own; NULL: none */
} SipwhyFinding;

/** What a rule looks at: one message in its surroundings. */
typedef struct {
    const SipwhyTrace *trace;
    const SipwhyEvent *event;
    const SipwhyTransaction *transaction; /**< that of the event; NULL: it has none */
    const SipwhyCall *call;               /**< NULL likewise */
    const SipwhyMessage *message;         /**< its own bytes; NULL where they are not at hand */
} SipwhySubject;

/** What a rule looks at. A transaction that is disowned is left out: its frames are not the
 * file's. */
SipwhySubject sipwhy_subject_of(const SipwhyTrace *trace, const SipwhyEvent *event,
                                const SipwhyMessage *message);

/** An empty list of findings (SipwhyFinding *); free it with g_ptr_array_free(list, TRUE). */
GPtrArray *sipwhy_findings_new(void);

/** Frees the values of a finding that no list owns. */
void sipwhy_finding_clear(SipwhyFinding *finding);

/** Adds a finding to a list, which owns it. */
SipwhyFinding *sipwhy_findings_add(GPtrArray *findings, SipwhyFindingId id);

/** Whether a list has a finding of that id already. */
bool sipwhy_findings_have(const GPtrArray *findings, SipwhyFindingId id);

/** Chooses the texts of a variant; without it the finding has those of its id. */
void sipwhy_finding_word(SipwhyFinding *finding, SipwhyWording wording);

/** Fills the placeholder {name}; `name` must be constant. What comes from a packet goes through
 * sipwhy_finding_set_slice: it is made fit to be shown, and shortened to 60 bytes. */
void sipwhy_finding_set(SipwhyFinding *finding, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void sipwhy_finding_set_slice(SipwhyFinding *finding, const char *name, SipwhySlice slice);

/** Fills a placeholder with what each language writes in its own way: a time, words of
 * interface.ini, some codes of which one is meant, what the tables say of a value of Reason. */
void sipwhy_finding_set_duration(SipwhyFinding *finding, const char *name, int64_t microseconds);
void sipwhy_finding_set_word(SipwhyFinding *finding, const char *name, SipwhyText word);
void sipwhy_finding_set_codes(SipwhyFinding *finding, const char *name, SipwhyNumbers codes);
void sipwhy_finding_set_meaning(SipwhyFinding *finding, const char *name,
                                const SipwhyGivenReason *given);

/** Fills a placeholder with an endpoint, "192.0.2.1:5060" or "[2001:db8::1]:5060". */
void sipwhy_finding_set_endpoint(SipwhyFinding *finding, const char *name,
                                 const SipwhyEndpoint *endpoint);

/** Names a frame as evidence; one that is named already, or is 0, is passed over. */
void sipwhy_finding_prove(SipwhyFinding *finding, uint32_t frame);

/** Both: fills a placeholder with the number of a frame, and names it as evidence. */
void sipwhy_finding_set_frame(SipwhyFinding *finding, const char *name, uint32_t frame);

/** Facts and words; constant. */
const SipwhyFindingFacts *sipwhy_finding_facts(SipwhyFindingId id);
const SipwhyFindingWords *sipwhy_finding_words(SipwhyWording wording, SipwhyLanguage language);

/** The finding of that id, any case; false when there is none. */
bool sipwhy_finding_find(const char *id, SipwhyFindingId *out);

/** The n-th of its wordings, its own first, then those of its variants; NULL past the end. */
const SipwhyFindingWords *sipwhy_finding_wording_at(SipwhyFindingId id, size_t n,
                                                    SipwhyLanguage language);

/** A few words without values, under which findings are counted: "Nonce expired"; constant. */
const char *sipwhy_finding_label(SipwhyFindingId id, SipwhyLanguage language);

/** How many fixes a finding has: its own, and that of its Q.850 cause. */
size_t sipwhy_finding_fix_count(const SipwhyFinding *finding, SipwhyLanguage language);

/** Title, text and n-th fix with their placeholders filled in; the caller frees the result. */
char *sipwhy_finding_title(const SipwhyFinding *finding, SipwhyLanguage language);
char *sipwhy_finding_text(const SipwhyFinding *finding, SipwhyLanguage language);
char *sipwhy_finding_fix(const SipwhyFinding *finding, size_t n, SipwhyLanguage language);

/**
 * All findings on a message, as the trace stands now: the rules of rules/ in the order of their
 * table. `message` may be NULL. The caller frees the list.
 */
GPtrArray *sipwhy_find(const SipwhyTrace *trace, const SipwhyEvent *event,
                       const SipwhyMessage *message);

/**
 * What a response is worth here: the highest severity of the findings that decide; without any,
 * that of its class, or chat if its code is part of an ordinary flow. Any other finding can only
 * raise it.
 * `*expected` becomes whether it is part of an ordinary flow. `explanation` is NULL for a request.
 */
SipwhySeverity sipwhy_findings_severity(const GPtrArray *findings,
                                        const SipwhyExplanation *explanation, bool *expected);

#endif
