/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The keys of a policy: one table, which says what there is, what it means and how it is read.
 */
#ifndef SIPWHY_CHECK_POLICY_KEYS_H
#define SIPWHY_CHECK_POLICY_KEYS_H

#include "check/policy.h"

/** How the value of a key is read. */
typedef struct {
    SipwhyPolicyKey shown;
    size_t place; /**< of its field: in SipwhyPolicyRule for "rule" and "known", else in
                     SipwhyPolicy */
    /** Reads `value` (UTF-8, without blanks at its ends) into the field; false and `*error` (freed
     * by the caller) if it is wrong. */
    bool (*read)(const char *value, void *field, SipwhyLanguage language, char **error);
} SipwhyPolicyEntry;

/** The entry of a key; NULL: the group has none of that name. */
const SipwhyPolicyEntry *sipwhy_policy_entry_find(const char *group, const char *key);

#endif
