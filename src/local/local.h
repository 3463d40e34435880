/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Local knowledge: what a team knows of its own servers, beside the built-in texts. Key files,
 * described in README.md; read and checked here, matched against responses.
 */
#ifndef SIPWHY_LOCAL_LOCAL_H
#define SIPWHY_LOCAL_LOCAL_H

#include "knowledge.h"
#include "message.h"
#include "text.h"

/** The entries of one file or of several. */
typedef struct SipwhyLocal SipwhyLocal;

/** What a file says of the responses that an entry matches. Lines are valid UTF-8 and have at most
 * SIPWHY_LINE_BYTES_MAX bytes. */
typedef struct {
    const char *id;    /**< the group's name; sipwhy.local */
    const char *file;  /**< the name of the file, without its folder */
    unsigned line;     /**< where the entry begins, from 1 */
    const char *title; /**< a few words for the tree and the Info column, or NULL */
    SipwhyLines description;
    SipwhyLines causes;
    SipwhyFixes fixes;
    bool replaces;           /**< built-in description, causes or fixes give way to its own */
    SipwhySeverity severity; /**< SIPWHY_SEVERITY_COUNT: it does not say */
    SipwhyCategory category; /**< SIPWHY_CATEGORY_COUNT: it does not say */
    const char *url;         /**< of the runbook, http or https; or NULL */
    const char *conditions;  /**< what it asks of a response, as one line, in the file's words */
    bool names_codes;        /**< that it asks for codes or classes, not for any code */
    bool asks_more;          /**< that it asks for something else than codes */
} SipwhyLocalEntry;

/** What became of a file. */
typedef struct {
    char *path;
    bool unreadable;  /**< it could not be opened, or is no file; counts as a fault too */
    unsigned entries; /**< those that are used */
    unsigned faults;
    unsigned warnings;
} SipwhyLocalFile;

/** What is wrong in a file, or odd: sound entries beside it are used all the same. */
typedef struct {
    char *text;                  /**< one line: "FILE:LINE: what, and the nearest right name" */
    bool warning;                /**< the entry is used: it matches every response, say */
    unsigned line;               /**< 0: it is about the file */
    const SipwhyLocalFile *file; /**< lives as long as the SipwhyLocal */
} SipwhyLocalFault;

/** A key that an entry may have, for those who write one. */
typedef struct {
    const char *key;
    const char *form; /**< of the value: "LIST", "REGEX" */
    SipwhyText meaning;
    bool numbered;     /**< there may be several: cause, cause2 ... cause9 */
    bool is_condition; /**< what it asks of a response; the others are what it says */
} SipwhyLocalKey;

/** The n-th key; NULL past the end. The same table drives the reading. */
const SipwhyLocalKey *sipwhy_local_key_at(size_t n);

/**
 * Reads the files and folders (of which every *.ini, by name) of a NULL-terminated list, in order.
 * Never NULL: what cannot be read is a fault. `faults` gets an array of SipwhyLocalFault, free it
 * with g_ptr_array_free(faults, TRUE); it may be NULL.
 */
SipwhyLocal *sipwhy_local_read(const char *const *paths, SipwhyLanguage language,
                               GPtrArray **faults);

/** For those who check files: adds a warning for each entry, up to 100, with a pattern that takes
 * too many steps on long values. It is not given up for that. */
void sipwhy_local_probe(SipwhyLocal *local, SipwhyLanguage language, GPtrArray *faults);

void sipwhy_local_free(SipwhyLocal *local);

/** The n-th file that was read, or could not be; NULL past the end. */
const SipwhyLocalFile *sipwhy_local_file_at(const SipwhyLocal *local, size_t n);

/** The n-th entry, in the order of the files; NULL past the end. */
const SipwhyLocalEntry *sipwhy_local_at(const SipwhyLocal *local, size_t n);

/**
 * The entries that match a response, in the order of the files: a NULL-terminated array, freed by
 * the caller with g_free. `message` may be NULL where its bytes are not at hand: then only entries
 * that ask for no more than `status` and `phrase` can match. `phrase` is as it was sent; NULL means
 * the one that is registered. The time that a pattern takes is bounded; one that would take longer
 * matches nothing from then on (sipwhy_local_given_up).
 */
const SipwhyLocalEntry **sipwhy_local_match(SipwhyLocal *local, unsigned status, const char *phrase,
                                            const SipwhyMessage *message);

/** The entries that could match a response with this code, whatever else it says; likewise. */
const SipwhyLocalEntry **sipwhy_local_of_code(const SipwhyLocal *local, unsigned status);

/** An entry that was given up since this was last asked, because its pattern took too long; or
 * NULL. */
const SipwhyLocalEntry *sipwhy_local_given_up(SipwhyLocal *local);

/** The last entry of a match that says a severity, SIPWHY_SEVERITY_COUNT when none does: what the
 * response is worth then, whatever the trace or the table say. */
SipwhySeverity sipwhy_local_severity(const SipwhyLocalEntry *const *matched);

/** Takes out of an explanation the built-in description, causes and fixes that entries replace,
 * and gives it the severity that they say: what is left to be shown beside them. */
void sipwhy_local_apply(const SipwhyLocalEntry *const *matched, SipwhyExplanation *explanation);

#endif
