/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A verdict: what a policy says of captures.
 */
#ifndef SIPWHY_CHECK_VERDICT_H
#define SIPWHY_CHECK_VERDICT_H

#include "check/policy.h"
#include "text.h"

/** What becomes of a problem. */
typedef enum {
    SIPWHY_PROBLEM_FAILS,
    SIPWHY_PROBLEM_TOLERATED, /**< a rule allows it */
    SIPWHY_PROBLEM_KNOWN,     /**< the baseline has it */
} SipwhyProblemState;

/** A finding, or a response that no finding explains, that is worth failing for. What several
 * messages of a call have in common is one problem. */
typedef struct {
    const char *rule; /**< id of the finding; "code-488" of a response without one */
    SipwhySeverity severity;
    bool denied;  /**< by the policy, whatever its severity */
    char *title;  /**< "no codec in common", "488 Not Acceptable Here" */
    char *text;   /**< what happened, in a sentence or two */
    char **fixes; /**< NULL-terminated, "Caller: ..." */
    const SipwhyRecording *recording;
    const SipwhyRecordedCall *call; /**< NULL: the message belongs to none */
    const char *method;             /**< NULL: not known */
    uint16_t code;                  /**< of the response; 0: it is on a request */
    uint32_t frame;
    const GArray *evidence; /**< uint32_t; may be NULL */
    unsigned also;          /**< how many more messages of the call have it */
    char *fingerprint;      /**< the same in another capture of the same trouble: hexadecimal */
    SipwhyProblemState state;
    const char *because; /**< reason or name of the rule that decided; NULL: the threshold, or the
                            baseline */
    const SipwhyPolicyRule
        *decided_by; /**< that rule, or the policy's overall one; NULL likewise */
} SipwhyProblem;

/** An expectation of the policy. */
typedef struct {
    const char *id; /**< "calls-least": the key in [expect] */
    bool met;
    char *text; /**< what was expected and what came, in a sentence */
} SipwhyExpectation;

/** A capture that could not be checked, or has nothing in it. */
typedef struct {
    const char *file;
    char *text; /**< one line: why */
    bool fails; /**< it fails the check (no-sip=fail); otherwise the check could not be done */
} SipwhyUnchecked;

typedef struct {
    const GPtrArray *captures; /**< SipwhyRecording, in the order of the arguments */
    GPtrArray *unchecked;      /**< SipwhyUnchecked */
    GPtrArray *problems;       /**< SipwhyProblem, capture by capture, by frame */
    GPtrArray *expectations;   /**< SipwhyExpectation */
    GPtrArray *expired;        /**< const SipwhyPolicyRule: rules whose day is over */
    size_t calls;
    size_t responses;
    size_t failing; /**< problems that fail */
    bool passed;    /**< nothing fails, and all was checked */
} SipwhyVerdict;

/** Fingerprints of problems that are known: file of `--baseline`. */
typedef struct SipwhyBaseline SipwhyBaseline;

/**
 * Judges captures (SipwhyRecording) by a policy at a time (microseconds since 1970). `unchecked`
 * (SipwhyUnchecked; NULL: none) is taken over, with what it holds. `baseline` may be NULL. What the verdict points to lives with
 * captures and policy.
 */
SipwhyVerdict *sipwhy_verdict_new(const GPtrArray *captures, GPtrArray *unchecked,
                                  const SipwhyPolicy *policy, const SipwhyBaseline *baseline,
                                  int64_t now, SipwhyLanguage language);
void sipwhy_verdict_free(SipwhyVerdict *verdict);

SipwhyUnchecked *sipwhy_unchecked_new(const char *file, const char *text, bool fails);
void sipwhy_unchecked_free(SipwhyUnchecked *unchecked);

/** Reads a baseline; NULL and `*error` (freed by the caller) if it cannot. */
SipwhyBaseline *sipwhy_baseline_read(const char *file, SipwhyLanguage language, char **error);
void sipwhy_baseline_free(SipwhyBaseline *baseline);

/** The baseline that makes all problems of a verdict known, as JSON. The caller frees it. */
char *sipwhy_baseline_text(const SipwhyVerdict *verdict);

/** Reports. They append to `out`; text and GitHub's commands are for people, in `language`. */
typedef void (*SipwhyVerdictWriter)(GString *out, const SipwhyVerdict *verdict,
                                    SipwhyLanguage language);
void sipwhy_verdict_text(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language);
void sipwhy_verdict_json(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language);
void sipwhy_verdict_junit(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language);
void sipwhy_verdict_sarif(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language);
void sipwhy_verdict_github(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language);

#endif
