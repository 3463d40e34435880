/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sipwhy doctor: whether tshark shows explained responses here; if not, why, and what to type.
 */
#include "doctor.h"

#include <string.h>

#include "leftovers.h"
#include "report/json.h"

static const char *const state_ids[CLI_STATE_COUNT] = {"ok", "note", "fault"};

static void free_finding(void *data)
{
    CliFinding *finding = data;
    g_free(finding->text);
    g_free(finding);
}

static void free_remedy(void *data)
{
    CliRemedy *remedy = data;
    g_free(remedy->command);
    g_free(remedy->text);
    g_free(remedy);
}

/* Names of files may hold anything. */
static char *make_printable(char *text)
{
    char *printable = sipwhy_printable_text(text, strlen(text));

    g_free(text);
    return printable;
}

void cli_doctor_find(CliDoctor *doctor, const char *about, CliState state, char *text)
{
    CliFinding *finding = g_new(CliFinding, 1);

    *finding = (CliFinding){about, state, make_printable(text)};
    g_ptr_array_add(doctor->findings, finding);
}

void cli_doctor_advise(CliDoctor *doctor, char *command, char *text)
{
    CliRemedy *remedy = g_new(CliRemedy, 1);

    *remedy = (CliRemedy){make_printable(command), make_printable(text)};
    g_ptr_array_add(doctor->remedies, remedy);
}

static void show(GString *out, const CliDoctor *doctor)
{
    const SipwhyLanguage language = doctor->cli->language;
    const char *marks[CLI_STATE_COUNT] = {sipwhy_text(language, SIPWHY_TEXT_DOCTOR_OK),
                                          sipwhy_text(language, SIPWHY_TEXT_DOCTOR_NOTE),
                                          sipwhy_text(language, SIPWHY_TEXT_DOCTOR_FAULT)};
    glong width = 0;

    for (unsigned i = 0; i < CLI_STATE_COUNT; i++)
        width = MAX(width, g_utf8_strlen(marks[i], -1));
    for (unsigned i = 0; i < doctor->findings->len; i++) {
        const CliFinding *finding = doctor->findings->pdata[i];
        const char *mark = marks[finding->state];
        g_string_append_printf(out, "%s%*s  %s\n", mark, (int)(width - g_utf8_strlen(mark, -1)), "",
                               finding->text);
    }
    if (doctor->remedies->len > 0)
        g_string_append_printf(out, "\n%s\n", sipwhy_text(language, SIPWHY_TEXT_DOCTOR_TYPE));
    for (unsigned i = 0; i < doctor->remedies->len; i++) {
        const CliRemedy *remedy = doctor->remedies->pdata[i];
        g_string_append_printf(out, "  %s\n      %s\n", remedy->command, remedy->text);
    }
}

static void add_text(JsonBuilder *json, const char *name, const char *value)
{
    char *printable = value ? sipwhy_printable_text(value, strlen(value)) : NULL;

    json_builder_set_member_name(json, name);
    if (printable)
        json_builder_add_string_value(json, printable);
    else
        json_builder_add_null_value(json);
    g_free(printable);
}

static void add_boolean(JsonBuilder *json, const char *name, gboolean value)
{
    json_builder_set_member_name(json, name);
    json_builder_add_boolean_value(json, value);
}

static void begin_array(JsonBuilder *json, const char *name)
{
    json_builder_set_member_name(json, name);
    json_builder_begin_array(json);
}

/* The folder of a version; plugins of protocols are in one below. */
static void add_folder(JsonBuilder *json, const char *name, const char *folder)
{
    char *epan = folder ? g_build_filename(folder, "epan", NULL) : NULL;

    add_text(json, name, epan);
    g_free(epan);
}

static void add_plugins(JsonBuilder *json, const CliDoctorFacts *facts)
{
    begin_array(json, "plugins");
    for (unsigned i = 0; i < facts->plugins->len; i++) {
        const CliFoundPlugin *plugin = facts->plugins->pdata[i];
        const CliPluginFile *file = plugin->file;
        char *built = file->is_whole ? g_strdup_printf("%d.%d", file->major, file->minor) : NULL;
        json_builder_begin_object(json);
        add_text(json, "file", file->path);
        add_text(json, "version", file->version);
        add_text(json, "wireshark", built);
        add_boolean(json, "looked_at", plugin->is_looked_at);
        add_boolean(json, "loaded", g_strcmp0(file->path, facts->loaded_file) == 0);
        json_builder_end_object(json);
        g_free(built);
    }
    json_builder_end_array(json);
}

static void add_findings(JsonBuilder *json, const CliDoctor *doctor)
{
    begin_array(json, "findings");
    for (unsigned i = 0; i < doctor->findings->len; i++) {
        const CliFinding *finding = doctor->findings->pdata[i];
        json_builder_begin_object(json);
        add_text(json, "about", finding->about);
        add_text(json, "state", state_ids[finding->state]);
        add_text(json, "text", finding->text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    begin_array(json, "commands");
    for (unsigned i = 0; i < doctor->remedies->len; i++) {
        const CliRemedy *remedy = doctor->remedies->pdata[i];
        json_builder_begin_object(json);
        add_text(json, "command", remedy->command);
        add_text(json, "text", remedy->text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_json(JsonBuilder *json, const CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    json_builder_begin_object(json);
    add_text(json, "type", "doctor");
    add_text(json, "version", SIPWHY_VERSION);
    add_text(json, "language", sipwhy_language_id(doctor->cli->language));
    add_boolean(json, "explained", facts->is_explained);
    add_text(json, "tshark", facts->program);
    add_text(json, "tshark_version", facts->version);
    add_boolean(json, "root", facts->is_root);
    add_folder(json, "personal_folder", facts->personal);
    add_folder(json, "global_folder", facts->global);
    add_plugins(json, facts);
    add_findings(json, doctor);
    json_builder_end_object(json);
}

CliExit cli_doctor(Cli *cli)
{
    CliDoctor doctor = {.cli = cli,
                        .findings = g_ptr_array_new_with_free_func(free_finding),
                        .remedies = g_ptr_array_new_with_free_func(free_remedy)};
    CliExit result = CLI_FAILED;

    if (cli->argument_count > 0) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_DOCTOR_ARGUMENT, "word", cli->arguments[0], NULL);
        result = CLI_USAGE;
    } else {
        cli_leftovers_watch();
        if (cli_doctor_find_out(&doctor.facts, cli)) {
            cli_doctor_judge(&doctor);
            cli_doctor_prescribe(&doctor);
            if (doctor.facts.is_explained)
                result = CLI_OK;
            if (cli->format == CLI_FORMAT_JSON) {
                cli->json = json_builder_new();
                add_json(cli->json, &doctor);
                cli_take_json(cli);
            } else {
                show(cli->out, &doctor);
            }
        }
        cli_doctor_facts_clear(&doctor.facts);
    }
    g_ptr_array_free(doctor.remedies, TRUE);
    g_ptr_array_free(doctor.findings, TRUE);
    return result;
}
