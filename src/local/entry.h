/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An entry of local knowledge as it is kept: what it says, and what it asks of a response.
 */
#ifndef SIPWHY_LOCAL_ENTRY_H
#define SIPWHY_LOCAL_ENTRY_H

#include "local/local.h"
#include "local/pattern.h"

enum { SIPWHY_LOCAL_TEXTS_MOST = 9 /**< of a kind: cause1 to cause9 */ };

typedef enum { SIPWHY_LOCAL_DESCRIPTION, SIPWHY_LOCAL_CAUSE, SIPWHY_LOCAL_FIX } SipwhyLocalKind;

typedef struct {
    SipwhyLocalEntry said; /**< points into what follows */
    size_t place;          /**< among all entries, in the order of the files */
    SipwhyLocalFile *from;
    bool given_up; /**< a pattern of it takes too long */
    bool told;     /**< and somebody has been told */
    /* conditions; NULL: not asked */
    bool any_code;
    unsigned classes; /**< bit 1u << digit */
    GArray *codes;    /**< uint16_t */
    SipwhyPattern *phrase;
    SipwhyPattern *server;
    SipwhyPattern *warning;
    GArray *warnings; /**< unsigned */
    SipwhyPattern *reason;
    char *protocol;
    GArray *causes; /**< unsigned, of the protocol */
    bool no_reason; /**< there must be none */
    /* texts */
    char *id;
    char *file;
    char *title;
    char *url;
    GString *conditions;
    char *texts[SIPWHY_LOCAL_FIX + 1][SIPWHY_LOCAL_TEXTS_MOST];
    SipwhyRole who[SIPWHY_LOCAL_TEXTS_MOST];
    SipwhyFix fixes[SIPWHY_LOCAL_TEXTS_MOST];
} SipwhyLocalRecord;

enum { SIPWHY_LOCAL_STATUS_COUNT = 1000, SIPWHY_LOCAL_CLASS_COUNT = 10 };

struct SipwhyLocal {
    GPtrArray *entries; /**< SipwhyLocalRecord */
    GPtrArray *files;   /**< SipwhyLocalFile */
    unsigned untold;    /**< entries that were given up, of which nobody has been told */
    /* The entries by what they say of the code, in order; NULL: none. An entry may be in several.
     */
    GPtrArray *by_status[SIPWHY_LOCAL_STATUS_COUNT];
    GPtrArray *by_class[SIPWHY_LOCAL_CLASS_COUNT];
    GPtrArray *of_any;
};

/** Makes the lists by code, once all entries are there. */
void sipwhy_local_index(SipwhyLocal *local);

#endif
