/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `sipwhy doctor` finds in folders: plugins, protocols that are switched off, the profile.
 */
#ifndef SIPWHY_CLI_DOCTOR_SEARCH_H
#define SIPWHY_CLI_DOCTOR_SEARCH_H

#include "doctor_facts.h"

/** Empty lists that own what is put into them. */
GPtrArray *cli_doctor_plugins_new(void);
GPtrArray *cli_doctor_disabled_new(void);

/** Searches the folders that tshark named, and those where a plugin may stand by mistake. */
void cli_doctor_search(CliDoctorFacts *facts);

/** Whether the file is the plugin, by what was found. */
gboolean cli_doctor_is_ours(const CliDoctorFacts *facts, const char *path);

/** Whether both names lead to the same file; NULL is none. */
gboolean cli_doctor_is_same_file(const char *one, const char *other);
gboolean cli_doctor_list_has_file(const GPtrArray *files, const char *file);

#endif
