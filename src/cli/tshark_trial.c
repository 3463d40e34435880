/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trying tshark: it reads a capture of one SIP message with the options, the filter and the plugin
 * of all later runs; if that fails, it says its version.
 */
#include "tshark_trial.h"

#include <string.h>
#include <unistd.h>

#include "recording/recording.h"
#include "trial_capture.h"

/* What `tshark -z` ends with when its command line is wrong (WS_EXIT_INVALID_OPTION). */
enum { EXIT_INVALID_OPTION = 1 };

typedef struct {
    const CliTshark *tshark;
    unsigned running;
    char *version;                 /* "4.0.17"; NULL: it says none */
    SipwhyRecordingReader *reader; /* of the trial capture */
    SipwhyRecording *recording;
    char *garbage; /* what is wrong with a line of it; NULL: nothing */
    int exit_code;
    char *errors;
    GString *folders; /* where it looks for plugins, a line each */
} Trial;

static gboolean take_version_line(void *data, const char *line, size_t length)
{
    Trial *trial = data;

    if (!trial->version)
        trial->version = cli_tshark_version(line, length);
    return TRUE;
}

static gboolean take_trial_line(void *data, const char *line, size_t length)
{
    Trial *trial = data;

    return sipwhy_recording_read(trial->reader, line, length, &trial->garbage);
}

static gboolean take_folder_line(void *data, const char *line, size_t length)
{
    Trial *trial = data;
    static const char *const kinds[] = {"Personal Plugins:", "Global Plugins:"};

    /* As root, tshark does not look into the first. */
    for (unsigned i = geteuid() == 0 ? 1 : 0; i < G_N_ELEMENTS(kinds); i++) {
        if (length > strlen(kinds[i]) && memcmp(line, kinds[i], strlen(kinds[i])) == 0) {
            char *folder = g_strndup(line + strlen(kinds[i]), length - strlen(kinds[i]));
            g_string_append_printf(trial->folders, "%s\n", g_strstrip(folder));
            g_free(folder);
        }
    }
    return TRUE;
}

static void take_end(void *data, const CliProcessEnd *end)
{
    (void)end;
    ((Trial *)data)->running--;
}

static void take_trial_end(void *data, const CliProcessEnd *end)
{
    Trial *trial = data;

    trial->exit_code = end->exit_code;
    trial->errors = g_strdup(end->errors);
    trial->running--;
}

static void wait_for(Trial *trial)
{
    while (trial->running > 0)
        g_main_context_iteration(NULL, TRUE);
}

/* Starts tshark with one option. */
static void ask(Trial *trial, const char *option, const char *value, const CliProcessEvents *events,
                char **trouble)
{
    const char *const words[] = {trial->tshark->program, option, value, NULL};
    GError *error = NULL;

    if (cli_process_start(words, trial->tshark->environment, -1, events, trial, &error)) {
        trial->running++;
        return;
    }
    *trouble = sipwhy_text_format(trial->tshark->cli->language, SIPWHY_TEXT_RUN_NOT_STARTED,
                                  "reason", error->message, NULL);
    g_error_free(error);
}

static void run(Trial *trial, char **trouble)
{
    static const CliProcessEvents trial_events = {take_trial_line, take_trial_end};
    static const char *const messages[] = {
        "OPTIONS sip:x@192.0.2.2 SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        "From: <sip:x@192.0.2.1>;tag=1\r\nTo: <sip:x@192.0.2.2>\r\n"
        "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
        NULL,
    };
    char *path = cli_trial_capture_write(trial->tshark->cli, messages, trouble);

    if (!*trouble) {
        trial->reader = sipwhy_recording_reader_new("");
        if (cli_tshark_start_lines(trial->tshark, path, NULL, &trial_events, trial, trouble))
            trial->running++;
    }
    wait_for(trial);
    if (trial->reader)
        trial->recording = sipwhy_recording_end(trial->reader);
    cli_trial_capture_remove(path);
}

/* A sipwhy.so beside the folder, in that of another version of Wireshark; NULL: there is none. */
static char *find_other_plugin(const char *folder)
{
    char *parent = g_path_get_dirname(folder);
    GDir *versions = g_dir_open(parent, 0, NULL);
    const char *version;
    char *found = NULL;

    while (versions && !found && (version = g_dir_read_name(versions))) {
        char *file = g_build_filename(parent, version, "epan", "sipwhy.so", NULL);
        if (g_file_test(file, G_FILE_TEST_EXISTS))
            found = file;
        else
            g_free(file);
    }
    if (versions)
        g_dir_close(versions);
    g_free(parent);
    return found;
}

static void complain_of_no_plugin(Trial *trial)
{
    static const CliProcessEvents events = {take_folder_line, take_end};
    const Cli *cli = trial->tshark->cli;
    char *trouble = NULL;
    char *other =
        strstr(trial->errors, "'sipwhy.so' was compiled for") ? g_strdup("sipwhy.so") : NULL;

    ask(trial, "-G", "folders", &events, &trouble);
    wait_for(trial);
    g_free(trouble);
    char **folders = g_strsplit(g_strchomp(trial->folders->str), "\n", -1);
    for (char **folder = folders; *folder && !other; folder++)
        other = find_other_plugin(*folder);
    char *list = g_strjoinv(", ", folders);
    if (other)
        cli_complain(cli, SIPWHY_TEXT_RUN_PLUGIN_FOR_OTHER, "plugin", other, "version",
                     trial->version, NULL);
    else
        cli_complain(cli,
                     geteuid() == 0 ? SIPWHY_TEXT_RUN_NO_PLUGIN_ROOT : SIPWHY_TEXT_RUN_NO_PLUGIN,
                     "folders", list, NULL);
    g_free(list);
    g_strfreev(folders);
    g_free(other);
}

/* What stands behind `mark` in the first line of tshark's that holds it; NULL: none does. */
static char *find_complaint(const char *errors, const char *mark)
{
    const char *at = strstr(errors, mark);

    return at ? sipwhy_printable_text(at + strlen(mark), strcspn(at + strlen(mark), "\n")) : NULL;
}

/* tshark did not read the capture: the options, or the plugin. */
static CliExit judge_refusal(Trial *trial)
{
    const Cli *cli = trial->tshark->cli;
    char *filter = find_complaint(trial->errors, "\" is invalid - ");
    char *complaint = cli_tshark_complaint(trial->errors);
    CliExit result = CLI_FAILED;

    if (trial->garbage) {
        cli_complain(cli, SIPWHY_TEXT_RUN_GARBAGE, "reason", trial->garbage, NULL);
    } else if (strstr(trial->errors, "Invalid -z argument")) {
        complain_of_no_plugin(trial);
    } else if (strstr(trial->errors, "sipwhy.json_knowledge") ||
               strstr(trial->errors, "\"sipwhy.local:")) {
        cli_complain(cli, SIPWHY_TEXT_RUN_PLUGIN_OLD, "version", SIPWHY_VERSION, NULL);
    } else if (filter && cli->filter) {
        cli_complain(cli, SIPWHY_TEXT_RUN_WRONG_FILTER, "filter", cli->filter, "reason", filter,
                     NULL);
        result = CLI_USAGE;
    } else if (trial->exit_code == EXIT_INVALID_OPTION) {
        cli_complain(cli, SIPWHY_TEXT_RUN_WRONG_OPTION, "reason", complaint, NULL);
        result = CLI_USAGE;
    } else {
        cli_complain(cli, SIPWHY_TEXT_RUN_TRIAL_FAILED, "reason", complaint, NULL);
    }
    g_free(complaint);
    g_free(filter);
    return result;
}

/* Whether all is as it should be: then nobody asks for the version, which takes as long as to read
 * a small capture. */
static gboolean is_fine(const Trial *trial)
{
    const SipwhyRecording *recording = trial->recording;

    return trial->exit_code == 0 && recording &&
           g_strcmp0(recording->version, SIPWHY_VERSION) == 0 &&
           (recording->sip_packets == 0 || recording->packets > 0);
}

static CliExit judge(Trial *trial)
{
    const Cli *cli = trial->tshark->cli;
    const SipwhyRecording *recording = trial->recording;

    if (!trial->version) {
        cli_complain(cli, SIPWHY_TEXT_RUN_NO_VERSION, "tshark", trial->tshark->program, NULL);
    } else if (g_ascii_strtoull(trial->version, NULL, 10) < CLI_TSHARK_OLDEST_MAJOR) {
        cli_complain(cli, SIPWHY_TEXT_RUN_TSHARK_OLD, "tshark", trial->tshark->program, "version",
                     trial->version, NULL);
    } else if (trial->exit_code != 0 || !recording) {
        return judge_refusal(trial);
    } else if (g_strcmp0(recording->version, SIPWHY_VERSION) != 0) {
        cli_complain(cli, SIPWHY_TEXT_RUN_PLUGIN_VERSION, "plugin",
                     recording->version ? recording->version : "?", "version", SIPWHY_VERSION,
                     NULL);
    } else {
        cli_complain(cli, SIPWHY_TEXT_RUN_PLUGIN_OFF, NULL);
    }
    return CLI_FAILED;
}

CliExit cli_tshark_try(const CliTshark *tshark)
{
    static const CliProcessEvents version_events = {take_version_line, take_end};
    Trial trial = {.tshark = tshark, .folders = g_string_new(NULL)};
    char *trouble = NULL;
    CliExit result = CLI_FAILED;

    run(&trial, &trouble);
    const gboolean fine = !trouble && is_fine(&trial);
    if (!trouble && !fine)
        ask(&trial, "--version", NULL, &version_events, &trouble);
    wait_for(&trial);
    if (fine)
        result = CLI_OK;
    else if (trouble)
        cli_complain(tshark->cli, SIPWHY_TEXT_RUN_TROUBLE, "trouble", trouble, NULL);
    else
        result = judge(&trial);
    g_free(trouble);
    sipwhy_recording_free(trial.recording);
    g_string_free(trial.folders, TRUE);
    g_free(trial.garbage);
    g_free(trial.errors);
    g_free(trial.version);
    return result;
}
