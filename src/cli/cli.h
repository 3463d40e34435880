/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the sub-commands of `sipwhy` share: options, output, errors, exit codes.
 */
#ifndef SIPWHY_CLI_H
#define SIPWHY_CLI_H

#include <glib.h>
#include <json-glib/json-glib.h>

#include "page.h"
#include "text.h"

/** Exit codes; API. */
typedef enum {
    CLI_OK = 0,
    CLI_NO_SUCH_CODE = 1, /**< explain, compare, list: nothing is known under that name */
    CLI_USAGE = 2,        /**< wrong usage */
    CLI_FAILED = 3,       /**< could not do the job: unreadable input, output that breaks */
} CliExit;

typedef enum { CLI_FORMAT_TEXT, CLI_FORMAT_MARKDOWN, CLI_FORMAT_JSON } CliFormat;

/** One run of a sub-command. */
typedef struct {
    SipwhyLanguage language;
    CliFormat format;
    const char *search; /**< of list; NULL when not given */
    char **arguments;   /**< what stands behind the options, NULL-terminated */
    unsigned argument_count;
    GString *out;      /**< what goes to standard output once all is done */
    JsonBuilder *json; /**< the array or object under construction, with CLI_FORMAT_JSON */
} Cli;

/** A sub-command. One table of them (commands.c) drives dispatch, help, man page and completion. */
typedef struct {
    const char *name;
    const char *synopsis; /**< what stands behind the name */
    SipwhyText summary;
    SipwhyText details;
    CliExit (*run)(Cli *cli);
} CliCommand;

/** The n-th command, or NULL past the end. */
const CliCommand *cli_command_at(size_t n);
const CliCommand *cli_command_find(const char *name);

CliExit cli_explain(Cli *cli);
CliExit cli_compare(Cli *cli);
CliExit cli_list(Cli *cli);

/**
 * Reads the options of a command line into `cli`, whose arguments are the words that are none.
 * Returns CLI_OK, or CLI_USAGE after a line on stderr. `*help` and `*version` tell of those two.
 */
CliExit cli_read_options(Cli *cli, int argc, char **argv, gboolean *help, gboolean *version);

/** Appends the list of options, one a line, to `out`. */
void cli_append_options(GString *out, SipwhyLanguage language);

/** Prints "sipwhy: " and the text, its placeholders filled in, on stderr in one line. */
void cli_complain(const Cli *cli, SipwhyText text, ...) G_GNUC_NULL_TERMINATED;

/** Shows a page in the format asked for (text or Markdown), after a blank line if not the first. */
void cli_show_page(Cli *cli, const SipwhyPage *page);

/** Moves the finished JSON to the output. */
void cli_take_json(Cli *cli);

/** Writes everything to standard output. CLI_FAILED after a line on stderr if it breaks. */
CliExit cli_flush(Cli *cli);

/** The more serious of two exit codes. */
CliExit cli_worse(CliExit one, CliExit other);

/** Whether it is digits only, however many. */
gboolean cli_is_number(const char *text);

/** A number of digits only, up to `most`; FALSE if it is none. */
gboolean cli_parse_number(const char *text, unsigned most, unsigned *number);

/** The digit of "4xx" (or "4XX"), 1 to 6; 0 if it is no class. */
unsigned cli_parse_class(const char *text);

/** Whether it has the form of a class, and there is none of that digit ("7xx"). */
gboolean cli_is_no_class(const char *text);

#endif
