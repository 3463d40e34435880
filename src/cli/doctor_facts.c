/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `sipwhy doctor` judges by: tshark is asked, several questions at a time.
 */
#include "doctor_facts.h"

#include <string.h>
#include <unistd.h>

#include "doctor_search.h"
#include "question.h"
#include "trial_capture.h"
#include "tshark.h"

/* A call that is refused, between addresses of documentation. */
#define HEADERS(method)                                                          \
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKdoctor\r\n"                        \
    "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>;tag=2\r\n" \
    "Call-ID: doctor@example.com\r\nCSeq: 1 " method "\r\n"                      \
    "Content-Length: 0\r\n\r\n"
static const char *const trial_call[] = {
    "INVITE sip:bob@192.0.2.2 SIP/2.0\r\nMax-Forwards: 70\r\n"
    "Contact: <sip:alice@192.0.2.1>\r\n" HEADERS("INVITE"),
    "SIP/2.0 488 Not Acceptable Here\r\n" HEADERS("INVITE"),
    "ACK sip:bob@192.0.2.2 SIP/2.0\r\nMax-Forwards: 70\r\n" HEADERS("ACK"),
    NULL,
};
static const char TRIAL_CODE[] = "488";

/* All that is asked of a tshark that says its version. */
typedef struct {
    CliQuestion *folders;
    CliQuestion *plugins;
    CliQuestion *preferences;
    CliQuestion *trial;
} Answers;

static void find_program(CliDoctorFacts *facts, const Cli *cli)
{
    const char *wanted = cli_tshark_wanted(cli, &facts->source);
    char **path = g_strsplit(g_getenv("PATH") ? g_getenv("PATH") : "", ":", -1);

    facts->program = g_find_program_in_path(wanted);
    facts->other_programs = g_ptr_array_new_with_free_func(g_free);
    for (char **folder = path; *folder; folder++) {
        char *other = g_build_filename(**folder ? *folder : ".", "tshark", NULL);
        if (g_file_test(other, G_FILE_TEST_IS_EXECUTABLE) &&
            !cli_doctor_is_same_file(other, facts->program) &&
            !cli_doctor_list_has_file(facts->other_programs, other))
            g_ptr_array_add(facts->other_programs, g_strdup(other));
        g_free(other);
    }
    g_strfreev(path);
}

static CliQuestion *ask(const CliDoctorFacts *facts, char **environment, const char *option,
                        const char *value)
{
    const char *const words[] = {facts->program, option, value, NULL};

    return cli_question_ask(words, environment);
}

static CliQuestion *ask_trial(const CliDoctorFacts *facts, char **environment, const char *capture)
{
    const char *const words[] = {
        facts->program,       "-n", "-r", capture, "-T", "fields", "-e", "sipwhy.code", "-e",
        "sipwhy.description", NULL};

    return cli_question_ask(words, environment);
}

/* A place that does not exist. */
static char *name_nowhere(const char *capture, const char *ending)
{
    return g_strconcat(capture, ending, NULL);
}

/* What there is once HOME is `home` and WIRESHARK_PLUGIN_DIR is `plugins`, unless NULL. */
static char **change_environment(char **environment, const char *home, const char *plugins)
{
    char **changed = g_environ_setenv(g_strdupv(environment), "HOME", home, TRUE);

    if (plugins)
        changed = g_environ_setenv(changed, "WIRESHARK_PLUGIN_DIR", plugins, TRUE);
    return changed;
}

static gboolean is_about_duplicate(const char *errors)
{
    return strstr(errors, "Duplicate protocol name \"SIP Why\"") != NULL;
}

/* What tshark says of the plugin when it does not load it. */
static void take_complaint(CliDoctorFacts *facts, const char *errors)
{
    char **lines = g_strsplit(errors, "\n", -1);

    facts->is_duplicate = facts->is_duplicate || is_about_duplicate(errors);
    for (char **line = lines; *line && !facts->complaint; line++)
        if (strstr(*line, "sipwhy") || is_about_duplicate(*line))
            facts->complaint = cli_tshark_complaint(*line);
    g_strfreev(lines);
}

static void read_version(CliDoctorFacts *facts)
{
    char *rest = NULL;

    facts->major = (unsigned)g_ascii_strtoull(facts->version, &rest, 10);
    if (*rest == '.')
        facts->minor = (unsigned)g_ascii_strtoull(rest + 1, NULL, 10);
}

/* Without plugins: two of them may keep it from saying anything. */
static void find_version(CliDoctorFacts *facts, char **environment, const char *capture)
{
    char *nowhere = name_nowhere(capture, ".home");
    char **changed = change_environment(environment, nowhere, nowhere);
    CliQuestion *question = ask(facts, changed, "--version", NULL);

    g_strfreev(changed);
    g_free(nowhere);
    cli_question_wait(question);
    for (unsigned i = 0; i < question->lines->len && !facts->version; i++) {
        const char *line = question->lines->pdata[i];
        facts->version = cli_tshark_version(line, strlen(line));
    }
    if (facts->version)
        read_version(facts);
    else
        take_complaint(facts, question->errors);
    cli_question_free(question);
}

/* "488<TAB>its description": that is what it is all about. */
static gboolean is_explained(const CliQuestion *trial)
{
    for (unsigned i = 0; i < trial->lines->len; i++) {
        const char *line = trial->lines->pdata[i];
        if (g_str_has_prefix(line, TRIAL_CODE) && line[strlen(TRIAL_CODE)] == '\t' &&
            line[strlen(TRIAL_CODE) + 1] != '\0')
            return TRUE;
    }
    return FALSE;
}

/* With a configuration that does not exist. */
static gboolean is_explained_unconfigured(const CliDoctorFacts *facts, char **environment,
                                          const char *capture)
{
    char *nowhere = name_nowhere(capture, ".configuration");
    char **changed =
        g_environ_setenv(g_strdupv(environment), "WIRESHARK_CONFIG_DIR", nowhere, TRUE);
    CliQuestion *trial = ask_trial(facts, changed, capture);

    cli_question_wait(trial);
    gboolean result = is_explained(trial);
    cli_question_free(trial);
    g_strfreev(changed);
    g_free(nowhere);
    return result;
}

/* "sipwhy.so<TAB>0.2.0<TAB>dissector<TAB>/.../sipwhy.so"; the file may have another name. */
static void take_loaded(CliDoctorFacts *facts, const CliQuestion *plugins)
{
    enum { NAME, VERSION, KIND, PATH, COLUMNS };

    for (unsigned i = 0; i < plugins->lines->len && !facts->loaded_file; i++) {
        char **columns = g_strsplit(plugins->lines->pdata[i], "\t", COLUMNS);
        if (g_strv_length(columns) == COLUMNS &&
            (strcmp(g_strstrip(columns[NAME]), "sipwhy.so") == 0 ||
             cli_doctor_is_ours(facts, g_strstrip(columns[PATH])))) {
            facts->loaded_version = g_strdup(g_strstrip(columns[VERSION]));
            facts->loaded_file = g_strdup(g_strstrip(columns[PATH]));
        }
        g_strfreev(columns);
    }
}

/* Where it would look, if the plugin there twice keeps it from saying so: it is asked without the
 * personal ones, and those are where they always are. */
static void guess_folders(CliDoctorFacts *facts, char **environment, const char *capture)
{
    char *nowhere = name_nowhere(capture, ".home");
    char **changed = change_environment(environment, nowhere, NULL);
    CliQuestion *folders = ask(facts, changed, "-G", "folders");
    const char *configuration = g_environ_getenv(environment, "WIRESHARK_CONFIG_DIR");
    char *version = g_strdup_printf("%u.%u", facts->major, facts->minor);

    cli_question_wait(folders);
    facts->global = cli_question_find(folders, "Global Plugins:");
    facts->global_configuration = cli_question_find(folders, "Global configuration:");
    facts->personal =
        g_build_filename(g_get_home_dir(), ".local", "lib", "wireshark", "plugins", version, NULL);
    facts->personal_configuration =
        configuration ? g_strdup(configuration)
                      : g_build_filename(g_get_user_config_dir(), "wireshark", NULL);
    cli_question_free(folders);
    g_strfreev(changed);
    g_free(version);
    g_free(nowhere);
}

static void take_folders(CliDoctorFacts *facts, const CliQuestion *folders)
{
    facts->personal = cli_question_find(folders, "Personal Plugins:");
    facts->global = cli_question_find(folders, "Global Plugins:");
    facts->personal_configuration = cli_question_find(folders, "Personal configuration:");
    facts->global_configuration = cli_question_find(folders, "Global configuration:");
}

/* The preference, or else the file that the plugin looks for in the profile. */
static void take_local(CliDoctorFacts *facts, const CliQuestion *preferences)
{
    char *value = cli_question_find(preferences, "sipwhy.local:");

    if (value && *value) {
        char **paths = g_strsplit(value, G_SEARCHPATH_SEPARATOR_S, -1);
        for (char **path = paths; *path; path++)
            if (**path)
                g_ptr_array_add(facts->local, g_strdup(*path));
        g_strfreev(paths);
    } else if (facts->personal_configuration) {
        char *file = g_build_filename(facts->personal_configuration, "sipwhy.ini", NULL);
        if (g_file_test(file, G_FILE_TEST_EXISTS))
            g_ptr_array_add(facts->local, g_strdup(file));
        g_free(file);
    }
    g_free(value);
}

static void take_answers(CliDoctorFacts *facts, const Answers *answers)
{
    take_loaded(facts, answers->plugins);
    if (!facts->loaded_file)
        take_complaint(facts, answers->plugins->errors);
    take_local(facts, answers->preferences);
    facts->is_explained = is_explained(answers->trial);
    if (!facts->is_explained && answers->trial->exit_code != 0)
        facts->trial_complaint = cli_tshark_complaint(answers->trial->errors);
}

static void ask_all(CliDoctorFacts *facts, char **environment, const char *capture)
{
    Answers answers = {.folders = ask(facts, environment, "-G", "folders"),
                       .plugins = ask(facts, environment, "-G", "plugins"),
                       .preferences = ask(facts, environment, "-G", "currentprefs"),
                       .trial = ask_trial(facts, environment, capture)};
    CliQuestion *const all[] = {answers.folders, answers.plugins, answers.preferences,
                                answers.trial};

    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
        cli_question_wait(all[i]);
    take_folders(facts, answers.folders);
    if (is_about_duplicate(answers.folders->errors))
        guess_folders(facts, environment, capture);
    cli_doctor_search(facts);
    take_answers(facts, &answers);
    if (facts->loaded_file && !facts->is_explained)
        facts->is_explained_unconfigured = is_explained_unconfigured(facts, environment, capture);
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
        cli_question_free(all[i]);
}

gboolean cli_doctor_find_out(CliDoctorFacts *facts, const Cli *cli)
{
    char *trouble = NULL;

    *facts = (CliDoctorFacts){.is_root = geteuid() == 0};
    facts->plugins = cli_doctor_plugins_new();
    facts->disabled = cli_doctor_disabled_new();
    facts->local = g_ptr_array_new_with_free_func(g_free);
    find_program(facts, cli);
    if (!facts->program)
        return TRUE;
    char **environment = cli_tshark_environment(cli->language);
    char *capture = cli_trial_capture_write(cli, trial_call, &trouble);
    if (!trouble)
        find_version(facts, environment, capture);
    if (facts->version && facts->major >= CLI_TSHARK_OLDEST_MAJOR)
        ask_all(facts, environment, capture);
    cli_trial_capture_remove(capture);
    g_strfreev(environment);
    if (trouble)
        cli_complain(cli, SIPWHY_TEXT_RUN_TROUBLE, "trouble", trouble, NULL);
    g_free(trouble);
    return trouble == NULL;
}

void cli_doctor_facts_clear(CliDoctorFacts *facts)
{
    char *const texts[] = {facts->program,
                           facts->version,
                           facts->personal,
                           facts->global,
                           facts->personal_configuration,
                           facts->global_configuration,
                           facts->loaded_file,
                           facts->loaded_version,
                           facts->complaint,
                           facts->trial_complaint,
                           facts->profile};

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_free(facts->other_programs, TRUE);
    g_ptr_array_free(facts->plugins, TRUE);
    g_ptr_array_free(facts->disabled, TRUE);
    g_ptr_array_free(facts->local, TRUE);
}
