/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A plugin in a file: what it says of itself, read without loading it. (Loading it would need the
 * very Wireshark that it was built for.)
 */
#ifndef SIPWHY_CLI_PLUGIN_FILE_H
#define SIPWHY_CLI_PLUGIN_FILE_H

#include <glib.h>

typedef struct {
    char *path;
    char *trouble;     /**< why it cannot be read, in the system's words; NULL: it can */
    gboolean is_whole; /**< a plugin of Wireshark, for machines like this one */
    gboolean is_ours;  /**< it is sipwhy, whatever the name of the file */
    char *version;     /**< its own; NULL if not whole */
    int major, minor;  /**< of the Wireshark that it was built for */
} CliPluginFile;

/** Never NULL. */
CliPluginFile *cli_plugin_file_read(const char *path);
void cli_plugin_file_free(CliPluginFile *file);

#endif
