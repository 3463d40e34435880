/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What somebody asks about, in the words that they type: "488", "4xx", "warning:305", "q850:34",
 * "reason:STIR", "no-common-codec".
 */
#ifndef SIPWHY_QUERY_H
#define SIPWHY_QUERY_H

#include "finding.h"
#include "knowledge.h"
#include "text.h"

typedef enum {
    SIPWHY_QUERY_STATUS,
    SIPWHY_QUERY_CLASS,
    SIPWHY_QUERY_WARNING,
    SIPWHY_QUERY_CAUSE,
    SIPWHY_QUERY_REASON,
    SIPWHY_QUERY_FINDING,
} SipwhyQueryKind;

typedef enum {
    SIPWHY_QUERY_FOUND,
    SIPWHY_QUERY_UNKNOWN,   /**< nothing has that name or number */
    SIPWHY_QUERY_MALFORMED, /**< nobody could ask like that */
} SipwhyQueryResult;

typedef struct {
    SipwhyQueryKind kind;
    unsigned number; /**< a status (100 to 699 or not), the digit of a class, a Q.850 cause */
    const SipwhyWarning *warning;
    const SipwhyReason *reason;
    SipwhyFindingId finding;
    const char *word;     /**< what was asked for, without "warning:" and the like */
    SipwhyText complaint; /**< when it was not found: why, with {word} or {code} for the word */
} SipwhyQuery;

/** Reads one word, which has to live as long as the query. */
SipwhyQueryResult sipwhy_query_read(const char *word, SipwhyQuery *query);

/**
 * Reads a response code, as comparisons want it, and appends it to `codes` (unsigned) unless it is
 * there. `complaint` says, with {word} and {code}, why it was not found.
 */
SipwhyQueryResult sipwhy_query_add_code(const char *word, GArray *codes, SipwhyText *complaint);

/** The pages that answer a query that was found: SipwhyPage. A class has one for each of its codes
 * behind its own; a number that is no status code may have none. Free with g_ptr_array_free(pages,
 * TRUE). */
GPtrArray *sipwhy_query_pages(const SipwhyQuery *query, SipwhyLanguage language);

#endif
