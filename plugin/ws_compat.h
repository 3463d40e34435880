/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one place that asks for Wireshark's version.
 *
 * Built and tested with 4.0, 4.4 and 4.6 (script/test-matrix). The names that stand in our code are
 * those of the newest; an older one gets them here.
 */
#ifndef SIPWHY_WS_COMPAT_H
#define SIPWHY_WS_COMPAT_H

#include <ws_version.h>

#define SIPWHY_WS_AT_LEAST(major, minor)  \
    (WIRESHARK_VERSION_MAJOR > (major) || \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#include <stdbool.h>

#include <glib.h>

/* 4.4 turned gboolean into bool: for preferences, and in what callbacks return. */
#if SIPWHY_WS_AT_LEAST(4, 4)
typedef bool ws_boolean;
#else
typedef gboolean ws_boolean;
#endif

/* 4.4 dropped the last names with GLib's types in them. */
#if !SIPWHY_WS_AT_LEAST(4, 4)
#define tvb_get_uint8 tvb_get_guint8
#endif

/* 4.2 keeps the value of a field_info behind a pointer. */
#if SIPWHY_WS_AT_LEAST(4, 2)
#define WS_FIELD_VALUE(info) ((info)->value)
#else
#define WS_FIELD_VALUE(info) (&(info)->value)
#endif

/* 4.2 asks a plugin what it is. */
#define SIPWHY_WS_PLUGIN_DESCRIBE SIPWHY_WS_AT_LEAST(4, 2)

/* 4.6 lets a statistic say that it did not understand its -z option; before, it ends the program as
 * those of tshark do. */
#if SIPWHY_WS_AT_LEAST(4, 6)
typedef bool ws_stat_init;
#define WS_STAT_INIT_DONE return true
#define WS_STAT_INIT_FAILED return false
#else
#include <stdlib.h>
typedef void ws_stat_init;
#define WS_STAT_INIT_DONE return
#define WS_STAT_INIT_FAILED exit(EXIT_FAILURE)
#endif

#endif
