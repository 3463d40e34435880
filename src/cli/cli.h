/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the sub-commands of `sipwhy` share: options, output, errors, exit codes.
 */
#ifndef SIPWHY_CLI_H
#define SIPWHY_CLI_H

#include <glib.h>
#include <json-glib/json-glib.h>

#include "local/local.h"
#include "page.h"
#include "text.h"

/** Exit codes; API. */
typedef enum {
    CLI_OK = 0,
    CLI_NO_SUCH_CODE = 1, /**< explain, compare, list: nothing is known under that name */
    CLI_CHECK_FAILED = 1, /**< check: the captures are not as they should be */
    CLI_USAGE = 2,        /**< wrong usage */
    CLI_FAILED = 3,       /**< could not do the job: unreadable input, output that breaks */
} CliExit;

/** The sub-commands, as a set. */
enum {
    CLI_EXPLAIN = 1,
    CLI_COMPARE = 2,
    CLI_LIST = 4,
    CLI_DIAGNOSE = 8,
    CLI_CHECK = 16,
    CLI_DOCTOR = 32,
    CLI_LOCAL = 64,
    CLI_CAPTURES = CLI_DIAGNOSE | CLI_CHECK, /**< those that read captures */
    CLI_TSHARK = CLI_CAPTURES | CLI_DOCTOR,  /**< those that run tshark */
    CLI_ANY = 127,
};

typedef enum {
    CLI_FORMAT_NONE, /**< not said; explain, compare and list take it for text */
    CLI_FORMAT_TEXT,
    CLI_FORMAT_MARKDOWN,
    CLI_FORMAT_JSON,
    CLI_FORMAT_CSV,
    CLI_FORMAT_HTML,
    CLI_FORMAT_JUNIT,
    CLI_FORMAT_SARIF,
    CLI_FORMAT_GITHUB,
    CLI_FORMAT_COUNT,
} CliFormat;

/** A set of formats holds this one. */
#define CLI_FORMAT_BIT(format) (1U << (format))

/** A file that a report goes to. */
typedef struct {
    CliFormat format; /**< CLI_FORMAT_NONE: not said */
    const char *file;
} CliOutput;

typedef struct CliCommand CliCommand;

/** One run of a sub-command. */
typedef struct {
    SipwhyLanguage language;
    const CliCommand *command;
    CliFormat format;
    char **arguments; /**< what stands behind the options, NULL-terminated */
    unsigned argument_count;
    /* options; NULL when not given */
    const char *format_name;
    const char *search;     /**< of list */
    GPtrArray *local_paths; /**< const char *: files and folders of local knowledge */
    const char *filter;     /**< of those that read captures, as all that follow */
    const char *keys;
    const char *tshark;
    unsigned jobs;
    gboolean no_prefilter; /**< tshark reads all packets */
    GPtrArray *passed;     /**< const char *: words for tshark */
    GPtrArray *outputs;    /**< CliOutput */
    gboolean shows;        /**< standard output is named among them */
    CliFormat shown;       /**< in this format; CLI_FORMAT_NONE: not said */
    const char *policy;    /**< of check, as all that follow */
    const char *baseline;
    const char *write_baseline;
    guint32 given; /**< the n-th option of the table was given */
    /* results */
    GString *out;       /**< what goes to standard output once all is done */
    SipwhyLocal *local; /**< what cli_read_local has read; NULL: nothing */
    JsonBuilder *json;  /**< the array or object under construction, with CLI_FORMAT_JSON */
} Cli;

/** A sub-command. One table of them (commands.c) drives dispatch, help, man page and completion. */
struct CliCommand {
    const char *name;
    unsigned bit;         /**< in sets of commands */
    const char *synopsis; /**< what stands behind the name */
    SipwhyText summary;
    SipwhyText details;
    unsigned formats; /**< set of those that it takes */
    CliExit (*run)(Cli *cli);
};

/** The n-th command, or NULL past the end. */
const CliCommand *cli_command_at(size_t n);
const CliCommand *cli_command_find(const char *name);

CliExit cli_explain(Cli *cli);
CliExit cli_compare(Cli *cli);
CliExit cli_list(Cli *cli);
CliExit cli_diagnose(Cli *cli);
CliExit cli_check(Cli *cli);
CliExit cli_local(Cli *cli);
CliExit cli_doctor(Cli *cli);

/**
 * Reads the options of a command line into `cli`, whose arguments are the words that are none.
 * Returns CLI_OK, or CLI_USAGE after a line on stderr. `*help` and `*version` tell of those two.
 */
CliExit cli_read_options(Cli *cli, int argc, char **argv, gboolean *help, gboolean *version);

/** Whether the command takes the options and the format that were given; CLI_USAGE after a line on
 * stderr if not. */
CliExit cli_check_options(Cli *cli);

/** Appends the list of options that the command takes (NULL: of all), one a line, to `out`. */
void cli_append_options(GString *out, const CliCommand *command, SipwhyLanguage language);

/** The format of that name, or that a file's name ends like, if it is in the set; else
 * CLI_FORMAT_NONE. */
CliFormat cli_format_find(const char *name, size_t length);
CliFormat cli_format_of_file(const char *file, unsigned set);

/** "text, markdown or json"; the caller frees it. */
char *cli_format_list(unsigned set, SipwhyLanguage language);

/** CLI_USAGE after a line on stderr if the command does not make the format. */
CliExit cli_check_format(const Cli *cli, CliFormat format);
/** Says that `name` is no format of the command. */
void cli_complain_of_format(const Cli *cli, const char *name);

/** Reads the files of --local, if there are any, into cli->local; faults go to stderr, a line each.
 * CLI_FAILED if one cannot be read at all: the others count. */
CliExit cli_read_local(Cli *cli);

/** Whether the files of --local are sound, for those that read captures with them. The first fault
 * goes to stderr: CLI_FAILED if its file cannot be read, CLI_USAGE if it is a faulty one. */
CliExit cli_check_local(const Cli *cli);

/** The files of --local as a preference of the plugin, "sipwhy.local:/a.ini:/b.ini"; NULL: none.
 * The caller frees it. */
char *cli_local_preference(const Cli *cli);

/** Says on stderr which entries have been given up since this was last asked. */
void cli_complain_of_slow_patterns(Cli *cli);

/** Prints "sipwhy: " and the text, its placeholders filled in, on stderr in one line. */
void cli_complain(const Cli *cli, SipwhyText text, ...) G_GNUC_NULL_TERMINATED;

/** Shows a page in the format asked for (text or Markdown), after a blank line if not the first. */
void cli_show_page(Cli *cli, SipwhyPage *page);

/** Appends a page in a format (text or Markdown). If it is shown on standard output, it is
 * simplified to what that can show, and has colour and width on a terminal. */
void cli_render_page(GString *out, SipwhyPage *page, CliFormat format, gboolean is_shown);

/** Moves the finished JSON to the output. */
void cli_take_json(Cli *cli);

/** Writes everything to standard output. CLI_FAILED after a line on stderr if it breaks. */
CliExit cli_flush(Cli *cli);

/** The more serious of two exit codes. */
CliExit cli_worse(CliExit one, CliExit other);

#endif
