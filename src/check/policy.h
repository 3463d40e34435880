/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A policy: what `sipwhy check` is to fail on. A key file (GKeyFile); README.md describes it.
 */
#ifndef SIPWHY_CHECK_POLICY_H
#define SIPWHY_CHECK_POLICY_H

#include <glib.h>

#include "recording/recording.h"

/** What becomes of a capture without SIP. */
typedef enum {
    SIPWHY_NO_SIP_ERROR,  /**< the check could not be done (exit code 3) */
    SIPWHY_NO_SIP_FAIL,   /**< the check failed (exit code 1) */
    SIPWHY_NO_SIP_IGNORE, /**< nothing, as long as another capture has SIP */
} SipwhyNoSip;

/** What a rule says of what it names. */
typedef enum { SIPWHY_STANCE_NONE, SIPWHY_STANCE_ALLOW, SIPWHY_STANCE_DENY } SipwhyStance;

/** A [rule NAME] or [known NAME], or [policy] itself, which has no conditions. Lists are
 * NULL-terminated or NULL. */
typedef struct {
    char *name;          /**< NULL: [policy] */
    char **method;       /**< conditions: one of these methods */
    char **peer;         /**< ... addresses, prefixes 192.0.2.0/24, endpoints 192.0.2.1:5060 */
    GPtrArray *prefixes; /**< GInetAddressMask of those peers that are addresses or prefixes; NULL:
                            none is */
    char **agent;        /**< ... patterns with * and ? of User-Agent or Server, in lower case */
    char **allow;        /**< codes "488", classes "4xx", ids of findings */
    char **deny;
    char *reason;  /**< why; NULL: not said */
    int64_t until; /**< it holds up to the end of that day, UTC, microseconds; SIPWHY_NO_TIME: for
                      ever */
} SipwhyPolicyRule;

typedef struct {
    int fail_on; /**< SipwhySeverity from which on a finding fails; SIPWHY_SEVERITY_COUNT: none */
    SipwhyNoSip no_sip;
    SipwhyPolicyRule overall;
    GPtrArray
        *rules; /**< SipwhyPolicyRule, in the order of the file; the first that speaks decides */
    /* [expect]; negative: not expected */
    int calls_least;
    int final_response;    /**< 1: every INVITE gets one, as far as the capture shows; 2: also where
                              it is cut off */
    double answered_least; /**< share of calls, 0 to 1 */
    double pdd_p95_most;   /**< seconds */
} SipwhyPolicy;

/** The policy without a file: Warn and Error fail, and so does a capture without SIP. */
SipwhyPolicy *sipwhy_policy_default(void);

/** Reads a policy. NULL and `*error` (freed by the caller: one line with the file's name, the group
 * and key, and the nearest right name) if it cannot be read or is wrong. */
SipwhyPolicy *sipwhy_policy_read(const char *file, SipwhyLanguage language, char **error);

void sipwhy_policy_free(SipwhyPolicy *policy);

/** The last day of a rule, "2026-11-20"; NULL: it has none. The caller frees it. */
char *sipwhy_policy_day(const SipwhyPolicyRule *rule);

/** A key that a policy may have, for those who write one. */
typedef struct {
    const char *group; /**< "policy", "rule", "known", "expect"; rule and known have names behind */
    const char *key;
    const char *form; /**< of the value: "true|false", "LIST", "YYYY-MM-DD" */
    SipwhyText meaning;
} SipwhyPolicyKey;

/** The n-th key, group by group; NULL past the end. The same table drives the reading. */
const SipwhyPolicyKey *sipwhy_policy_key_at(size_t n);

#endif
