/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A verdict as workflow commands of GitHub Actions: an annotation for each kind of trouble in a
 * capture.
 *
 * GitHub shows the first ten annotations of a kind of each step: so the worst comes first, and what
 * several calls of a capture have in common is one annotation. What fails the check is an error,
 * what does not is a notice; a warning is a rule of the policy that has run out.
 */
#include "check/verdict.h"

#include <string.h>

#include "machine.h"

/* Problems of a capture that are told at once. */
typedef struct {
    const SipwhyProblem *first;
    unsigned more; /* calls that have it as well */
    unsigned order;
} Group;

/* As @actions/core escapes them: in the data of a command, and in its properties also what ends
 * them. */
static void append_escaped(GString *out, const char *text, bool in_property)
{
    char *valid = g_utf8_make_valid(text, -1);

    for (const char *c = valid; *c; c++) {
        if (*c == '%' || *c == '\r' || *c == '\n' || (in_property && (*c == ':' || *c == ',')))
            g_string_append_printf(out, "%%%02X", (unsigned)*c);
        else
            g_string_append_c(out, *c);
    }
    g_free(valid);
}

/* A command is one line. `file` and `title` may be NULL, and a file that is standard input is none.
 */
static void append_command(GString *out, const char *command, const char *file, const char *title,
                           const char *message)
{
    const char *separator = " ";

    g_string_append_printf(out, "::%s", command);
    if (file && strcmp(file, "-") != 0) {
        g_string_append_printf(out, "%sfile=", separator);
        append_escaped(out, file, true);
        separator = ",";
    }
    if (title) {
        g_string_append_printf(out, "%stitle=", separator);
        append_escaped(out, title, true);
    }
    g_string_append(out, "::");
    append_escaped(out, message, false);
    g_string_append_c(out, '\n');
}

/* ---- problems ---- */

/* What makes problems one group; two captures of the same name are two captures. Titles differ in
 * frames and names. */
static char *group_key(const SipwhyProblem *problem)
{
    return g_strdup_printf("%p\n%d\n%u\n%s\n%s", (const void *)problem->recording,
                           (int)problem->state, sipwhy_machine_gravity(problem), problem->rule,
                           problem->because ? problem->because : "");
}

static int compare_groups(const void *one, const void *other)
{
    const Group *a = *(const Group *const *)one;
    const Group *b = *(const Group *const *)other;

    if (sipwhy_machine_gravity(a->first) != sipwhy_machine_gravity(b->first))
        return sipwhy_machine_gravity(a->first) > sipwhy_machine_gravity(b->first) ? -1 : 1;
    if (a->more != b->more)
        return a->more > b->more ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Those that fail, or those that do not. */
static GPtrArray *group_problems(const GPtrArray *problems, bool failing)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *groups = g_ptr_array_new_with_free_func(g_free);

    for (unsigned i = 0; i < problems->len; i++) {
        const SipwhyProblem *problem = problems->pdata[i];
        if ((problem->state == SIPWHY_PROBLEM_FAILS) != failing)
            continue;
        char *key = group_key(problem);
        Group *group = g_hash_table_lookup(known, key);
        if (group) {
            group->more++;
            g_free(key);
            continue;
        }
        group = g_new0(Group, 1);
        group->first = problem;
        group->order = groups->len;
        g_ptr_array_add(groups, group);
        g_hash_table_insert(known, key, group);
    }
    g_hash_table_destroy(known);
    g_ptr_array_sort(groups, compare_groups);
    return groups;
}

static void append_group(GString *out, const Group *group, const char *command,
                         SipwhyLanguage language)
{
    const SipwhyProblem *problem = group->first;
    GPtrArray *lines = sipwhy_machine_lines(problem, true, language);
    char *name = sipwhy_machine_shown(problem->title);
    char *title = g_strdup_printf("%s [%s]", name, problem->rule);

    if (group->more > 0) {
        char *count = g_strdup_printf("%u", group->more);
        g_ptr_array_add(lines, sipwhy_text_format(language, SIPWHY_TEXT_MACHINE_OTHER_CALLS,
                                                  "count", count, NULL));
        g_free(count);
    }
    g_ptr_array_add(lines, NULL);
    char *message = g_strjoinv("\n", (char **)lines->pdata);
    append_command(out, command, problem->recording->file, title, message);
    g_free(message);
    g_free(title);
    g_free(name);
    g_ptr_array_free(lines, TRUE);
}

static void append_problems(GString *out, const SipwhyVerdict *verdict, bool failing,
                            SipwhyLanguage language)
{
    GPtrArray *groups = group_problems(verdict->problems, failing);

    for (unsigned i = 0; i < groups->len; i++)
        append_group(out, groups->pdata[i], failing ? "error" : "notice", language);
    g_ptr_array_free(groups, TRUE);
}

/* ---- the rest ---- */

static void append_unchecked(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    for (unsigned i = 0; i < verdict->unchecked->len; i++) {
        const SipwhyUnchecked *unchecked = verdict->unchecked->pdata[i];
        char *text = sipwhy_machine_shown(unchecked->text);
        append_command(out, "error", unchecked->file,
                       sipwhy_text(language, SIPWHY_TEXT_MACHINE_UNCHECKED), text);
        g_free(text);
    }
}

static void append_expectations(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    for (unsigned i = 0; i < verdict->expectations->len; i++) {
        const SipwhyExpectation *expectation = verdict->expectations->pdata[i];
        if (expectation->met)
            continue;
        char *text = sipwhy_machine_shown(expectation->text);
        char *title =
            sipwhy_text_format(language, SIPWHY_TEXT_MACHINE_UNMET, "id", expectation->id, NULL);
        append_command(out, "error", NULL, title, text);
        g_free(title);
        g_free(text);
    }
}

static void append_expired(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    for (unsigned i = 0; i < verdict->expired->len; i++) {
        char *text = sipwhy_machine_expired(verdict->expired->pdata[i], language);
        append_command(out, "warning", NULL, sipwhy_text(language, SIPWHY_TEXT_MACHINE_POLICY),
                       text);
        g_free(text);
    }
}

void sipwhy_verdict_github(GString *out, const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    char *summary = sipwhy_machine_summary(verdict, language);

    append_unchecked(out, verdict, language);
    append_expectations(out, verdict, language);
    append_problems(out, verdict, true, language);
    append_expired(out, verdict, language);
    append_problems(out, verdict, false, language);
    /* numbers only: nothing from a packet stands in a line that is no command */
    g_string_append_printf(out, "%s\n", summary);
    g_free(summary);
}
