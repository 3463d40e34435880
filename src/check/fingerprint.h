/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What makes a problem the same in another capture.
 */
#ifndef SIPWHY_CHECK_FINGERPRINT_H
#define SIPWHY_CHECK_FINGERPRINT_H

/**
 * 32 hexadecimal digits that stay the same where rule, method, code and the two parties are: the
 * start of a SHA-256. Strings may be NULL. The caller frees them.
 */
char *sipwhy_fingerprint(const char *rule, const char *method, unsigned code, const char *from,
                         const char *to);

#endif
