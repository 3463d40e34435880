/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the sources that data/ names can be read.
 */
#ifndef SIPWHY_REFERENCE_H
#define SIPWHY_REFERENCE_H

/** The page of "RFC 3261 21.4.26", at that section, or of "RFC 3261"; NULL when it is no RFC. The
 * caller frees it. */
char *sipwhy_source_url(const char *source);

#endif
