/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who sent a response: what a trace can tell of that, and what shows it.
 */
#ifndef SIPWHY_ORIGIN_H
#define SIPWHY_ORIGIN_H

#include "finding.h"

enum { SIPWHY_ORIGIN_TEXTS_MOST = 4 };

/** What shows the origin: sentences, and the frames that they rest on. */
typedef struct {
    unsigned count;
    SipwhyText texts[SIPWHY_ORIGIN_TEXTS_MOST];
    SipwhyFinding filled; /**< their values, and the frames; it is no finding otherwise */
} SipwhyOriginEvidence;

/**
 * Who made the response that `subject` looks at: SIPWHY_ORIGIN_UNKNOWN when the trace does not
 * carry more, and of a request. Further on in the trace the same response may be seen earlier: then
 * its sender there counts. `evidence` is filled in; free what it holds with sipwhy_origin_clear.
 */
SipwhyOrigin sipwhy_origin(const SipwhySubject *subject, SipwhyOriginEvidence *evidence);

/** The evidence in words, one or more sentences; "" of a request. The caller frees the result. */
char *sipwhy_origin_text(const SipwhyOriginEvidence *evidence, SipwhyLanguage language);

void sipwhy_origin_clear(SipwhyOriginEvidence *evidence);

#endif
