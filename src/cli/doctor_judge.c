/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `sipwhy doctor` says of what it found.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "tshark.h"

/* A finding, its text with placeholders filled in. */
#define FIND(doctor, about, state, ...)         \
    cli_doctor_find((doctor), (about), (state), \
                    sipwhy_text_format((doctor)->cli->language, __VA_ARGS__, NULL))

/* FALSE: without a tshark there is no more to be said. */
static gboolean judge_tshark(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;
    const char *source;
    const char *wanted = cli_tshark_wanted(doctor->cli, &source);
    gboolean result = FALSE;

    if (!facts->program) {
        FIND(doctor, "tshark", CLI_STATE_FAULT, SIPWHY_TEXT_RUN_NO_TSHARK, "tshark", wanted);
    } else if (!facts->version && facts->complaint) {
        FIND(doctor, "loaded", CLI_STATE_FAULT, SIPWHY_TEXT_DOCTOR_NOT_LOADED_SAYING, "reason",
             facts->complaint);
    } else if (!facts->version) {
        FIND(doctor, "tshark", CLI_STATE_FAULT, SIPWHY_TEXT_RUN_NO_VERSION, "tshark",
             facts->program);
    } else if (facts->major < CLI_TSHARK_OLDEST_MAJOR) {
        FIND(doctor, "tshark", CLI_STATE_FAULT, SIPWHY_TEXT_RUN_TSHARK_OLD, "tshark",
             facts->program, "version", facts->version);
    } else {
        FIND(doctor, "tshark", CLI_STATE_OK, SIPWHY_TEXT_DOCTOR_TSHARK, "tshark", facts->program,
             "source", facts->source, "version", facts->version);
        result = TRUE;
    }
    for (unsigned i = 0; i < facts->other_programs->len; i++)
        FIND(doctor, "tshark", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_OTHER_TSHARK, "tshark",
             facts->other_programs->pdata[i]);
    return result;
}

/* Plugins of protocols are in a folder of their own below. */
static void judge_folder(CliDoctor *doctor, const char *about, CliState state, SipwhyText text,
                         const char *folder)
{
    char *epan = folder ? g_build_filename(folder, "epan", NULL) : NULL;

    if (epan)
        FIND(doctor, about, state, text, "folder", epan);
    g_free(epan);
}

static void judge_folders(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    judge_folder(doctor, "personal-folder", facts->is_root ? CLI_STATE_NOTE : CLI_STATE_OK,
                 facts->is_root ? SIPWHY_TEXT_DOCTOR_PERSONAL_ROOT : SIPWHY_TEXT_DOCTOR_PERSONAL,
                 facts->personal);
    judge_folder(doctor, "global-folder", CLI_STATE_OK, SIPWHY_TEXT_DOCTOR_GLOBAL, facts->global);
    if (g_getenv("WIRESHARK_PLUGIN_DIR") && !facts->is_root)
        FIND(doctor, "global-folder", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_VARIABLE);
}

static void judge_plugin(CliDoctor *doctor, const CliFoundPlugin *plugin)
{
    const CliDoctorFacts *facts = &doctor->facts;
    const CliPluginFile *file = plugin->file;
    CliState bad = plugin->is_looked_at && !facts->loaded_file ? CLI_STATE_FAULT : CLI_STATE_NOTE;

    if (file->trouble) {
        FIND(doctor, "plugin", bad, SIPWHY_TEXT_DOCTOR_UNREADABLE, "file", file->path, "reason",
             file->trouble);
        return;
    }
    if (!file->is_whole || !file->is_ours) {
        FIND(doctor, "plugin", bad, SIPWHY_TEXT_DOCTOR_DAMAGED, "file", file->path);
        return;
    }
    char *built = g_strdup_printf("%d.%d", file->major, file->minor);
    char *own = g_strdup_printf("%u.%u", facts->major, facts->minor);
    const gboolean fits = strcmp(built, own) == 0;
    if (plugin->is_looked_at)
        FIND(doctor, "plugin", fits ? CLI_STATE_OK : bad,
             fits ? SIPWHY_TEXT_DOCTOR_PLUGIN : SIPWHY_TEXT_DOCTOR_PLUGIN_OTHER, "file", file->path,
             "version", file->version, "built", built, "own", own);
    else
        FIND(doctor, "plugin", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_PLUGIN_ELSEWHERE, "file",
             file->path, "version", file->version, "built", built);
    g_free(own);
    g_free(built);
}

static void judge_loading(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    if (facts->loaded_file) {
        FIND(doctor, "loaded", CLI_STATE_OK, SIPWHY_TEXT_DOCTOR_LOADED, "file", facts->loaded_file,
             "version", facts->loaded_version);
        if (strcmp(facts->loaded_version, SIPWHY_VERSION) != 0)
            FIND(doctor, "version", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_VERSION, "plugin",
                 facts->loaded_version, "version", SIPWHY_VERSION);
    } else if (facts->complaint) {
        FIND(doctor, "loaded", CLI_STATE_FAULT, SIPWHY_TEXT_DOCTOR_NOT_LOADED_SAYING, "reason",
             facts->complaint);
    } else {
        FIND(doctor, "loaded", CLI_STATE_FAULT, SIPWHY_TEXT_DOCTOR_NOT_LOADED);
    }
}

/* Two that tshark looks at: it takes the first of a name, and stops at the second of a protocol. */
static void judge_twice(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;
    const CliFoundPlugin *first = NULL;

    for (unsigned i = 0; i < facts->plugins->len; i++) {
        const CliFoundPlugin *plugin = facts->plugins->pdata[i];
        if (!plugin->is_looked_at)
            continue;
        if (first)
            FIND(doctor, "twice", facts->loaded_file ? CLI_STATE_NOTE : CLI_STATE_FAULT,
                 SIPWHY_TEXT_DOCTOR_TWICE, "file", first->file->path, "other", plugin->file->path);
        else
            first = plugin;
    }
}

static void judge_disabled(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    for (unsigned i = 0; i < facts->disabled->len; i++) {
        const CliDisabled *disabled = facts->disabled->pdata[i];
        if (disabled->profile)
            FIND(doctor, "disabled", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_DISABLED_PROFILE,
                 "protocol", disabled->protocol, "profile", disabled->profile);
        else
            FIND(doctor, "disabled", facts->is_explained ? CLI_STATE_NOTE : CLI_STATE_FAULT,
                 SIPWHY_TEXT_DOCTOR_DISABLED, "protocol", disabled->protocol, "file",
                 disabled->file);
    }
}

static void judge_trial(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    if (facts->is_explained)
        FIND(doctor, "trial", CLI_STATE_OK, SIPWHY_TEXT_DOCTOR_EXPLAINED);
    else if (facts->is_explained_unconfigured && facts->personal_configuration)
        FIND(doctor, "trial", CLI_STATE_FAULT, SIPWHY_TEXT_DOCTOR_CONFIGURATION, "folder",
             facts->personal_configuration);
    else if (facts->loaded_file && facts->trial_complaint && *facts->trial_complaint)
        FIND(doctor, "trial", CLI_STATE_FAULT, SIPWHY_TEXT_DOCTOR_NOT_EXPLAINED_SAYING, "reason",
             facts->trial_complaint);
    else
        FIND(doctor, "trial", CLI_STATE_FAULT, SIPWHY_TEXT_DOCTOR_NOT_EXPLAINED);
}

/* What is there besides. */
static void judge_extras(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    if (facts->profile)
        FIND(doctor, "profile", CLI_STATE_OK, SIPWHY_TEXT_DOCTOR_PROFILE, "folder", facts->profile);
    else
        FIND(doctor, "profile", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_NO_PROFILE);
    for (unsigned i = 0; i < facts->local->len; i++) {
        const char *file = facts->local->pdata[i];
        if (g_access(file, R_OK) == 0)
            FIND(doctor, "local", CLI_STATE_OK, SIPWHY_TEXT_DOCTOR_LOCAL, "file", file);
        else
            FIND(doctor, "local", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_LOCAL_UNREADABLE, "file", file,
                 "reason", g_strerror(errno));
    }
}

void cli_doctor_judge(CliDoctor *doctor)
{
    const GPtrArray *plugins = doctor->facts.plugins;

    if (!judge_tshark(doctor))
        return;
    if (doctor->facts.is_root)
        FIND(doctor, "user", CLI_STATE_NOTE, SIPWHY_TEXT_DOCTOR_ROOT);
    judge_folders(doctor);
    for (unsigned i = 0; i < plugins->len; i++)
        judge_plugin(doctor, plugins->pdata[i]);
    if (plugins->len == 0 && !doctor->facts.loaded_file)
        FIND(doctor, "plugin", CLI_STATE_FAULT, SIPWHY_TEXT_DOCTOR_NO_PLUGIN);
    judge_loading(doctor);
    judge_twice(doctor);
    judge_disabled(doctor);
    judge_trial(doctor);
    judge_extras(doctor);
}
