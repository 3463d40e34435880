/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What sipwhy knows: response codes, classes, Warning codes, Q.850 causes, Reason protocols.
 *
 * The tables are made from data/ at build time. Everything returned here is constant and lives as
 * long as the program; nobody frees it. Texts are UTF-8, at most 200 bytes a line.
 */
#ifndef SIPWHY_KNOWLEDGE_H
#define SIPWHY_KNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terms.h"

/** A language of data/languages.ini, by its place there; 0 is the default, English. */
typedef unsigned SipwhyLanguage;

enum {
    SIPWHY_STATUS_FIRST = 100, /**< a status code is 100 to 699 (RFC 3261 7.2, 25.1) */
    SIPWHY_STATUS_LAST = 699,
    SIPWHY_LINE_BYTES_MAX = 200, /**< bytes of one text of data/ */
};

/** Texts that belong together, in order. */
typedef struct {
    const char *const *line;
    size_t count;
} SipwhyLines;

typedef struct {
    SipwhyRole who;
    const char *text;
} SipwhyFix;

typedef struct {
    const SipwhyFix *fix;
    size_t count;
} SipwhyFixes;

typedef struct {
    unsigned code;
    const char *text; /**< what tells the two apart; begins with the other code's number */
} SipwhyRelated;

typedef struct {
    SipwhyLevel level;
    const char *names;   /**< one header, or "A|B" where one of several will do */
    const char *methods; /**< "INVITE,SUBSCRIBE", or NULL when it holds for every method */
} SipwhyHeader;

typedef struct {
    const uint16_t *number;
    size_t count;
} SipwhyNumbers;

/** What no translation changes about a response code. */
typedef struct {
    uint16_t code;
    const char *phrase;
    SipwhyRegistration registration;
    SipwhyStatus status;
    SipwhyLines sources; /**< "RFC 3261 21.4.26", the defining one first */
    const char *url;     /**< of the first source */
    SipwhyLines methods; /**< "any", or the methods that it answers */
    unsigned senders;    /**< bit 1u << SipwhySender */
    SipwhyCategory category;
    bool expected;           /**< part of an ordinary flow */
    SipwhySeverity severity; /**< its own; SIPWHY_SEVERITY_COUNT: its class's */
    SipwhyNext next;
    SipwhyScope scope;
    const SipwhyHeader *header;
    size_t header_count;
    SipwhyNumbers q850_in;  /**< ISUP causes that a gateway turns into it (RFC 3398 7.2.4.1) */
    SipwhyNumbers q850_out; /**< ISUP causes that a gateway makes of it (RFC 3398 8.2.6.1) */
    SipwhyNumbers related;
} SipwhyCode;

/** The words on a response code, in one language. */
typedef struct {
    SipwhyLines description;
    SipwhyLines causes; /**< likeliest first */
    SipwhyFixes fixes;
    SipwhyLines practice; /**< where practice departs from the RFC; may be empty */
    const char *next;
    const char *methods;             /**< what the list of methods cannot say, or NULL */
    const char *q850;                /**< when which of several causes is chosen, or NULL */
    const SipwhyRelated *related;    /**< as many as SipwhyCode.related, in that order */
    const char *const *header_notes; /**< as many as SipwhyCode.header_count; NULL where none */
} SipwhyCodeWords;

/** A class of response codes. */
typedef struct {
    unsigned digit; /**< 1 to 6 */
    SipwhySeverity severity;
    SipwhySearch search;
    uint16_t fallback; /**< the code as which an unknown one is treated (RFC 3261 8.1.3.2) */
} SipwhyClass;

/** The words on a class: the advice for a code that has no entry. */
typedef struct {
    SipwhyLines description;
    SipwhyLines causes;
    SipwhyFixes fixes;
    const char *next;
} SipwhyClassWords;

/** A Warning code (RFC 3261 20.43). */
typedef struct {
    uint16_t code;
    const char *text;
    SipwhyLines sources;
    const char *url;
    SipwhyNumbers codes; /**< responses that carry it */
} SipwhyWarning;

/** A Q.850 cause, as ISUP, Q.931 and the Reason header carry it. */
typedef struct {
    uint16_t cause;
    const char *name;
    SipwhyQ850Class class;
    bool assigned;
    SipwhyNumbers sip;     /**< codes that RFC 3398 7.2.4.1 turns it into; may be empty */
    const char *q931_name; /**< the name in Wireshark's Q.931 table where it differs, or NULL */
} SipwhyCause;

/** A class of Q.850 causes: a range of numbers. */
typedef struct {
    SipwhyQ850Class class;
    uint16_t first;
    uint16_t last;
} SipwhyCauseClass;

/** A registered value of a Reason protocol's cause parameter. */
typedef struct {
    unsigned value;
    const char *name;
} SipwhyReasonValue;

/** A Reason protocol (RFC 3326). */
typedef struct {
    const char *protocol;
    SipwhyLines sources;
    const char *url;
    SipwhyReasonValues values;
    const SipwhyReasonValue *value;
    size_t value_count;
} SipwhyReason;

/** The words on a Warning code, a Q.850 cause or a Reason protocol. */
typedef struct {
    SipwhyLines description;
    SipwhyLines causes; /**< may be empty */
    SipwhyFixes fixes;
    const char *note; /**< Q.850: when RFC 3398 picks another code; else NULL */
} SipwhyNoteWords;

/** Whether `status` can stand in a status line at all: 100 to 699. */
bool sipwhy_status_is_valid(unsigned status);

/** The entry of a code (75 registered, some unregistered ones), or NULL when there is none. */
const SipwhyCode *sipwhy_code_find(unsigned status);

/** The n-th entry in ascending order, or NULL past the end. */
const SipwhyCode *sipwhy_code_at(size_t n);

/** The words on an entry; never NULL. A language without tables gets the default's. */
const SipwhyCodeWords *sipwhy_code_words(const SipwhyCode *code, SipwhyLanguage language);

/** The class of a valid status, else NULL. */
const SipwhyClass *sipwhy_class_find(unsigned status);

/** The words on a class; never NULL. */
const SipwhyClassWords *sipwhy_class_words(const SipwhyClass *class, SipwhyLanguage language);

/** A Warning code's entry, or NULL. */
const SipwhyWarning *sipwhy_warning_find(unsigned code);
const SipwhyWarning *sipwhy_warning_at(size_t n);
const SipwhyNoteWords *sipwhy_warning_words(const SipwhyWarning *warning, SipwhyLanguage language);

/** A Q.850 cause's entry, assigned or not, or NULL (0 to 127 have one where anybody names them). */
const SipwhyCause *sipwhy_cause_find(unsigned cause);
const SipwhyCause *sipwhy_cause_at(size_t n);
/** The words on a cause; those of its class when it is not assigned. */
const SipwhyNoteWords *sipwhy_cause_words(const SipwhyCause *cause, SipwhyLanguage language);

/** The class of a cause that has no entry, or NULL above 127. */
const SipwhyCauseClass *sipwhy_cause_class_find(unsigned cause);
const SipwhyNoteWords *sipwhy_cause_class_words(const SipwhyCauseClass *class,
                                                SipwhyLanguage language);

/** A Reason protocol's entry; protocols are compared without case (RFC 3261 7.3.1). */
const SipwhyReason *sipwhy_reason_find(const char *protocol);
const SipwhyReason *sipwhy_reason_at(size_t n);
const SipwhyNoteWords *sipwhy_reason_words(const SipwhyReason *reason, SipwhyLanguage language);
/** What is said of one registered value, or NULL. */
const char *sipwhy_reason_value_words(const SipwhyReason *reason, size_t n,
                                      SipwhyLanguage language);

/**
 * Everything there is to say about one status code, entry or not.
 * Of a code without an entry, the words are its class's.
 */
typedef struct {
    unsigned status;
    const SipwhyClass *class;
    const SipwhyClassWords *class_words;
    const SipwhyCode *code;       /**< NULL when the code has no entry */
    const SipwhyCodeWords *words; /**< NULL when the code has no entry */
    const char *phrase;           /**< "" when the code has no entry */
    bool registered;
    SipwhySeverity severity; /**< of the code, else of its class; warn where neither says one */
    SipwhyLines description;
    SipwhyLines causes;
    SipwhyFixes fixes;
    const char *next;
    const char *reference; /**< "RFC 3261 21.4.26" */
    const char *url;
} SipwhyExplanation;

/**
 * Explains `status` (100 to 699, or a code outside which has an entry).
 * Returns false, and leaves `out` alone, when it is no SIP status code and has no entry.
 */
bool sipwhy_explain(unsigned status, SipwhyLanguage language, SipwhyExplanation *out);

#endif
