/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The keys of an entry of local knowledge: one table, which says what there is and how it is read.
 */
#ifndef SIPWHY_LOCAL_KEYS_H
#define SIPWHY_LOCAL_KEYS_H

#include "local/entry.h"

/** A value that is being read. */
typedef struct {
    SipwhyLanguage language;
    SipwhyLocalRecord *entry;
    const char *key; /**< as it stands in the file */
    unsigned number; /**< of cause2: 2; 1 where there is none */
    char *error;     /**< what is wrong with the value; NULL: nothing */
    char *warning;   /**< what is odd */
} SipwhyLocalValue;

typedef struct {
    SipwhyLocalKey shown;
    bool (*read)(SipwhyLocalValue *value, const char *text); /**< false, and `error` */
} SipwhyLocalKeyEntry;

/** The entry of a key, its number taken off; NULL: there is none. `*number` is set. */
const SipwhyLocalKeyEntry *sipwhy_local_key_find(const char *key, unsigned *number);

/** The key that was likely meant; NULL: none is near. The caller frees it. */
char *sipwhy_local_key_nearest(const char *key);

#endif
