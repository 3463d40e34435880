/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SIP responses in a text that somebody pasted: from a terminal, a mail, a log, Wireshark.
 */
#ifndef SIPWHY_CLI_PASTE_H
#define SIPWHY_CLI_PASTE_H

#include <glib.h>

/**
 * The responses in the text, each as a message of its own: what quotes or indents it is taken off,
 * and so are log prefixes; of a bare "488 Not Acceptable Here" a status line is made. The text is
 * changed. Returns an array of char *, empty when there is none; free with g_ptr_array_free.
 */
GPtrArray *paste_find_responses(GString *text);

/** Whether the bytes are a capture file, not a text. */
gboolean paste_is_capture(const GString *bytes);

#endif
