/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the reports of `sipwhy check` for CI systems say alike.
 */
#include "machine.h"

#include <string.h>

#include "words.h"

char *sipwhy_machine_shown(const char *text)
{
    return text ? sipwhy_printable_text(text, strlen(text)) : NULL;
}

char *sipwhy_machine_file(const char *file, SipwhyLanguage language)
{
    if (strcmp(file, "-") == 0)
        return g_strdup(sipwhy_text(language, SIPWHY_TEXT_MACHINE_STANDARD_INPUT));
    return sipwhy_machine_shown(file);
}

/* "alice@example.com" of "sip:alice@example.com": with a scheme in front of both, the names of all
 * test cases would begin alike. */
static char *party(const char *uri)
{
    const char *text = uri ? uri : "?";

    if (g_ascii_strncasecmp(text, "sip:", 4) == 0)
        text += 4;
    else if (g_ascii_strncasecmp(text, "sips:", 5) == 0)
        text += 5;
    return sipwhy_printable_text(text, strlen(text));
}

char *sipwhy_machine_call_id(const SipwhyRecordedCall *call)
{
    return call ? sipwhy_machine_shown(call->call_id) : NULL;
}

char *sipwhy_machine_call(const SipwhyRecordedCall *call, SipwhyLanguage language)
{
    if (!call || !call->call_id)
        return g_strdup(sipwhy_text(language, SIPWHY_TEXT_MACHINE_STRAY));
    char *from = party(call->from);
    char *to = party(call->to);
    char *id = sipwhy_machine_call_id(call);
    char *method = sipwhy_machine_shown(
        call->method ? call->method : sipwhy_text(language, SIPWHY_TEXT_MACHINE_NO_METHOD));
    const SipwhyText text =
        strcmp(from, to) == 0 ? SIPWHY_TEXT_MACHINE_CALL_ONE : SIPWHY_TEXT_MACHINE_CALL;
    char *name = sipwhy_text_format(language, text, "method", method, "from", from, "to", to, "id",
                                    id, NULL);

    g_free(method);
    g_free(id);
    g_free(to);
    g_free(from);
    return name;
}

char *sipwhy_machine_state(const SipwhyProblem *problem, SipwhyLanguage language)
{
    if (problem->state == SIPWHY_PROBLEM_FAILS)
        return NULL;
    if (problem->state == SIPWHY_PROBLEM_KNOWN)
        return g_strdup(sipwhy_text(language, SIPWHY_TEXT_MACHINE_KNOWN));
    char *because = sipwhy_machine_shown(problem->because ? problem->because : "-");
    char *text =
        sipwhy_text_format(language, SIPWHY_TEXT_MACHINE_TOLERATED, "because", because, NULL);
    g_free(because);
    return text;
}

/* "Frame 12 of FILE, shown by frames 3, 5" */
static char *place(const SipwhyProblem *problem, SipwhyLanguage language)
{
    const GArray *evidence = problem->evidence;
    char *file = sipwhy_machine_file(problem->recording->file, language);
    char *frame = g_strdup_printf("%u", problem->frame);
    char *frames =
        evidence ? sipwhy_words_frames(language, (const uint32_t *)(const void *)evidence->data,
                                       evidence->len, false)
                 : g_strdup("");
    char *text = sipwhy_text_format(
        language, *frames ? SIPWHY_TEXT_MACHINE_PLACE_SHOWN : SIPWHY_TEXT_MACHINE_PLACE, "frame",
        frame, "file", file, "frames", frames, NULL);

    g_free(frames);
    g_free(frame);
    g_free(file);
    return text;
}

static void add_decision(GPtrArray *lines, const SipwhyProblem *problem, SipwhyLanguage language)
{
    char *state = sipwhy_machine_state(problem, language);

    if (state) {
        g_ptr_array_add(lines, state);
    } else if (problem->denied) {
        char *because = sipwhy_machine_shown(problem->because ? problem->because : "-");
        g_ptr_array_add(lines, sipwhy_text_format(language, SIPWHY_TEXT_MACHINE_DENIED, "because",
                                                  because, NULL));
        g_free(because);
    }
}

GPtrArray *sipwhy_machine_lines(const SipwhyProblem *problem, bool with_call,
                                SipwhyLanguage language)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(lines, sipwhy_machine_shown(problem->text));
    add_decision(lines, problem, language);
    if (with_call)
        g_ptr_array_add(lines, sipwhy_machine_call(problem->call, language));
    g_ptr_array_add(lines, place(problem, language));
    if (problem->also > 0) {
        char *count = sipwhy_words_number(problem->also);
        g_ptr_array_add(
            lines, sipwhy_text_format(language, SIPWHY_TEXT_MACHINE_ALSO, "count", count, NULL));
        g_free(count);
    }
    for (char **fix = problem->fixes; fix && *fix; fix++)
        g_ptr_array_add(lines, sipwhy_machine_shown(*fix));
    return lines;
}

char *sipwhy_machine_expired(const SipwhyPolicyRule *rule, SipwhyLanguage language)
{
    char *name = sipwhy_machine_shown(rule->name ? rule->name : "policy");
    char *day = sipwhy_policy_day(rule);
    char *text =
        sipwhy_text_format(language, SIPWHY_TEXT_MACHINE_EXPIRED, "name", name, "day", day, NULL);

    g_free(day);
    g_free(name);
    return text;
}

char *sipwhy_machine_summary(const SipwhyVerdict *verdict, SipwhyLanguage language)
{
    size_t counts[] = {
        [SIPWHY_PROBLEM_FAILS] = 0, [SIPWHY_PROBLEM_TOLERATED] = 0, [SIPWHY_PROBLEM_KNOWN] = 0};

    for (unsigned i = 0; i < verdict->problems->len; i++)
        counts[((const SipwhyProblem *)verdict->problems->pdata[i])->state]++;
    char *fail = sipwhy_words_number(counts[SIPWHY_PROBLEM_FAILS]);
    char *tolerated = sipwhy_words_number(counts[SIPWHY_PROBLEM_TOLERATED]);
    char *known = sipwhy_words_number(counts[SIPWHY_PROBLEM_KNOWN]);
    char *calls = sipwhy_words_number(verdict->calls);
    char *captures = sipwhy_words_number(verdict->captures->len);
    char *text = sipwhy_text_format(
        language, verdict->passed ? SIPWHY_TEXT_MACHINE_PASSED : SIPWHY_TEXT_MACHINE_FAILED, "fail",
        fail, "tolerated", tolerated, "known", known, "calls", calls, "captures", captures, NULL);

    g_free(captures);
    g_free(calls);
    g_free(known);
    g_free(tolerated);
    g_free(fail);
    return text;
}

unsigned sipwhy_machine_gravity(const SipwhyProblem *problem)
{
    return problem->denied ? SIPWHY_SEVERITY_ERROR : (unsigned)problem->severity;
}
