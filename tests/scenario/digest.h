/* SPDX-License-Identifier: GPL-2.0-or-later
 * Digest credentials (RFC 7616, RFC 8760) for a challenge. */
#ifndef SCENARIO_DIGEST_H
#define SCENARIO_DIGEST_H

#include <glib.h>

/* The value of an Authorization header that answers challenge, the value of a WWW-Authenticate or
 * Proxy-Authenticate header: MD5 or SHA-256, with qop=auth if offered. NULL if it is no Digest
 * challenge with realm and nonce. The caller frees. */
gchar *digest_answer(const gchar *challenge, const gchar *user, const gchar *password,
                     const gchar *method, const gchar *uri);

#endif
