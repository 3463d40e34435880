/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A program asked for something short: all that it answers. Several may be asked at the same time.
 */
#ifndef SIPWHY_CLI_QUESTION_H
#define SIPWHY_CLI_QUESTION_H

#include <glib.h>

typedef struct {
    GPtrArray *lines; /**< of its output, without their ends */
    char *errors;     /**< what it wrote to standard error */
    char *trouble;    /**< why it could not be started; NULL: it could */
    int exit_code;    /**< -1: a signal ended it */
    gboolean is_answered;
} CliQuestion;

/** Starts the program; `words` is NULL-terminated, the program first. */
CliQuestion *cli_question_ask(const char *const *words, char **environment);

/** Waits until it has ended. */
void cli_question_wait(CliQuestion *question);

/** What stands behind `mark` in the first line that begins with it, without blanks around it; NULL:
 * in none. The caller frees it. */
char *cli_question_find(const CliQuestion *question, const char *mark);

/** NULL is fine. */
void cli_question_free(CliQuestion *question);

#endif
