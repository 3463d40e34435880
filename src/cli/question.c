/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A program asked for something short.
 */
#include "question.h"

#include <string.h>

#include "process.h"

/* `tshark -G currentprefs` has some ten thousand. */
enum { LINES_MOST = 1000000 };

static gboolean take_line(void *data, const char *line, size_t length)
{
    CliQuestion *question = data;

    g_ptr_array_add(question->lines, g_strndup(line, length));
    return question->lines->len < LINES_MOST;
}

static void take_end(void *data, const CliProcessEnd *end)
{
    CliQuestion *question = data;

    question->exit_code = end->exit_code;
    question->errors = g_strdup(end->errors);
    question->is_answered = TRUE;
}

CliQuestion *cli_question_ask(const char *const *words, char **environment)
{
    static const CliProcessEvents events = {take_line, take_end};
    CliQuestion *question = g_new0(CliQuestion, 1);
    GError *error = NULL;

    question->lines = g_ptr_array_new_with_free_func(g_free);
    if (!cli_process_start(words, environment, -1, &events, question, &error)) {
        question->trouble = g_strdup(error->message);
        question->errors = g_strdup("");
        question->exit_code = -1;
        question->is_answered = TRUE;
        g_error_free(error);
    }
    return question;
}

void cli_question_wait(CliQuestion *question)
{
    while (!question->is_answered)
        g_main_context_iteration(NULL, TRUE);
}

char *cli_question_find(const CliQuestion *question, const char *mark)
{
    for (unsigned i = 0; i < question->lines->len; i++) {
        const char *line = question->lines->pdata[i];
        if (g_str_has_prefix(line, mark))
            return g_strstrip(g_strdup(line + strlen(mark)));
    }
    return NULL;
}

void cli_question_free(CliQuestion *question)
{
    if (!question)
        return;
    g_ptr_array_free(question->lines, TRUE);
    g_free(question->errors);
    g_free(question->trouble);
    g_free(question);
}
