/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the entries that match one response come to together. Where several say something, the last
 * one is right: files that are named later go before those named earlier.
 *
 * `matched` is what sipwhy_local_match returned, or NULL: nothing matches.
 */
#ifndef SIPWHY_LOCAL_MATCHED_H
#define SIPWHY_LOCAL_MATCHED_H

#include "local/local.h"

/** Built-in lines that an entry can take the place of. */
typedef enum {
    SIPWHY_LOCAL_PART_DESCRIPTION,
    SIPWHY_LOCAL_PART_CAUSES,
    SIPWHY_LOCAL_PART_FIXES,
    SIPWHY_LOCAL_PART_COUNT,
} SipwhyLocalPart;

/** The names of the parts in JSON: "description"; NULL past the end. */
const char *sipwhy_local_part_id(SipwhyLocalPart part);

/** Whether an entry has lines of its own of a part, and the built-in ones give way to them. */
bool sipwhy_local_replaces(const SipwhyLocalEntry *entry, SipwhyLocalPart part);

/** What a response is worth: `severity`, unless an entry says otherwise; then `*expected` is
 * whether that is chat. */
SipwhySeverity sipwhy_local_decide(const SipwhyLocalEntry *const *matched, SipwhySeverity severity,
                                   bool *expected);

/** The category that an entry says; SIPWHY_CATEGORY_COUNT: none does. */
SipwhyCategory sipwhy_local_category(const SipwhyLocalEntry *const *matched);

/** The category of a response as filters have it: that of an entry, else that of its code, which
 * may be NULL. NULL: neither says one. */
const char *sipwhy_local_category_id(const SipwhyLocalEntry *const *matched,
                                     const SipwhyCode *code);

/** The entry whose title stands for the response; NULL: none has a title. */
const SipwhyLocalEntry *sipwhy_local_titled(const SipwhyLocalEntry *const *matched);

/** What an entry is called: its title, or else its id. */
const char *sipwhy_local_name(const SipwhyLocalEntry *entry);

/** The fixes of an entry, each with who carries it out; NULL-terminated, free with g_strfreev. */
char **sipwhy_local_fixes(const SipwhyLocalEntry *entry, SipwhyLanguage language);

/** All texts of an entry as they are shown: description, causes, fixes; likewise. */
char **sipwhy_local_texts(const SipwhyLocalEntry *entry, SipwhyLanguage language);

#endif
