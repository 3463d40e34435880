/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Local knowledge: the files that the preference sipwhy.local names, and what of them matches which
 * response. Nothing is read before somebody looks at a response.
 */
#ifndef SIPWHY_LOCAL_FILES_H
#define SIPWHY_LOCAL_FILES_H

#include <epan/prefs.h>

#include "local/local.h"
#include "trace.h"

/** Registers the preference. */
void local_files_register(module_t *module);

/** The preference may have changed. With `at_once` its files are read now, so that what is wrong
 * with them is said to who has just named them. */
void local_files_apply(gboolean at_once);

/** A capture is opened: files that have changed since are read anew. */
void local_files_begin_capture(void);

/**
 * The local knowledge that matches a response of the trace, NULL: none; valid until the capture is
 * closed or the preference changes. What has matched once does so in every pass, whether or not the
 * bytes of the message (NULL: they are not) are at hand then.
 */
const SipwhyLocalEntry *const *local_files_match(const SipwhyEvent *event,
                                                 const SipwhyMessage *message);

/** All that has been read, for who matches by itself; NULL: there is none. */
SipwhyLocal *local_files_all(void);

/** Says of patterns that took too long that they are left out. */
void local_files_report_given_up(void);

#endif
