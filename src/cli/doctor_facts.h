/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `sipwhy doctor` judges by: a tshark, its folders, the plugins in them, what it loads, and
 * whether it explains a refused call.
 */
#ifndef SIPWHY_CLI_DOCTOR_FACTS_H
#define SIPWHY_CLI_DOCTOR_FACTS_H

#include "cli.h"
#include "plugin_file.h"

typedef enum {
    CLI_PLACE_PERSONAL, /**< the personal folder of this tshark's version */
    CLI_PLACE_GLOBAL,   /**< its global folder */
    CLI_PLACE_ELSEWHERE,
} CliPlace;

typedef struct {
    CliPluginFile *file;
    CliPlace place;
    gboolean is_looked_at; /**< this tshark, run by this user, looks there */
} CliFoundPlugin;

/** A protocol that is switched off. */
typedef struct {
    char *protocol;
    char *file;
    char *profile; /**< in this profile only; NULL: always */
} CliDisabled;

typedef struct {
    char *program;      /**< NULL: there is none; and then there is nothing of all that follows */
    const char *source; /**< who asks for it */
    GPtrArray *other_programs; /**< char *: more of that name in PATH */
    char *version;             /**< NULL: it is no tshark */
    unsigned major, minor;
    gboolean is_root; /**< personal folders are not looked into */
    char *personal;   /**< folder for plugins; NULL: it does not say */
    char *global;
    char *personal_configuration;
    char *global_configuration;
    GPtrArray *plugins;    /**< CliFoundPlugin: sipwhy.so wherever plugins may stand */
    char *loaded_file;     /**< NULL: the plugin is not loaded */
    char *loaded_version;  /**< its own */
    char *complaint;       /**< what tshark says on the plugin, one line; or NULL */
    gboolean is_duplicate; /**< it stops because the plugin is there twice, under two names */
    GPtrArray *disabled;   /**< CliDisabled */
    gboolean is_explained;
    gboolean is_explained_unconfigured; /**< it is without the personal configuration */
    char *trial_complaint;              /**< one line, or NULL */
    char *profile;                      /**< folder of the profile "SIP Why"; NULL: not there */
    GPtrArray *local;                   /**< char *: files and folders of local knowledge */
} CliDoctorFacts;

/** Finds out. FALSE after a line on stderr if there is no temporary file to be had. */
gboolean cli_doctor_find_out(CliDoctorFacts *facts, const Cli *cli);
void cli_doctor_facts_clear(CliDoctorFacts *facts);

#endif
