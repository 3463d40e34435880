/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the details pane of the GUI shows of the packet that is selected.
 */
#ifndef SIPWHY_SELECTED_H
#define SIPWHY_SELECTED_H

#include <glib.h>

typedef struct {
    gboolean has_capture; /**< one is open */
    guint32 frame;        /**< 0: no packet is selected, or several */
    char *call_id;        /**< of its first SIP message; NULL: it has none */
    guint code;           /**< of its first response; 0: it has none */
    char *url;            /**< of the RFC section that defines the code; NULL likewise */
    char *finding;        /**< the id of its first finding; NULL: it has none */
    guint32 decided_in;   /**< the frame that settled it, or else its call; 0: nothing did */
    GArray *evidence;     /**< guint32: the frames of its findings, each once, without its own */
} Selected;

/** Asks the GUI; free what it holds with selected_clear. Outside the GUI there is nothing. */
void selected_read(Selected *selected);
void selected_clear(Selected *selected);

#endif
