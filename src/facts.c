/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts of a response code, put into words.
 */
#include "facts.h"

#include <glib.h>
#include <string.h>

static char *join_lines(SipwhyLines lines, const char *separator)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < lines.count; i++)
        g_string_append_printf(joined, "%s%s", i ? separator : "", lines.line[i]);
    return g_string_free(joined, FALSE);
}

static char *join_numbers(SipwhyNumbers numbers)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < numbers.count; i++) {
        const SipwhyCause *cause = sipwhy_cause_find(numbers.number[i]);
        g_string_append_printf(joined, "%s%u", i ? "; " : "", numbers.number[i]);
        if (cause)
            g_string_append_printf(joined, " %s", cause->name);
    }
    return g_string_free(joined, FALSE);
}

static char *say_class(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->class)
        return g_strdup(sipwhy_text(language, SIPWHY_TEXT_NO_CLASS));
    char *digit = g_strdup_printf("%uxx", explanation->class->digit);
    char *text = sipwhy_text_format(
        language,
        explanation->class->digit == 1 ? SIPWHY_TEXT_CLASS_PROVISIONAL : SIPWHY_TEXT_CLASS_FINAL,
        "class", digit, "name", sipwhy_class_name(language, explanation->class), NULL);
    g_free(digit);
    return text;
}

static char *say_standing(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    const SipwhyCode *code = explanation->code;

    if (!code)
        return g_strdup(sipwhy_term_label(language, SIPWHY_TERM_KIND_REGISTRATION,
                                          SIPWHY_REGISTRATION_UNREGISTERED));
    const char *status = sipwhy_term_label(language, SIPWHY_TERM_KIND_STATUS, (int)code->status);
    const char *registration =
        sipwhy_term_label(language, SIPWHY_TERM_KIND_REGISTRATION, (int)code->registration);
    return g_strdup_printf("%s, %s", registration, status);
}

static char *say_sources(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    (void)language;
    if (!explanation->code)
        return g_strdup(explanation->reference);
    return join_lines(explanation->code->sources, ", ");
}

static char *say_senders(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->code || explanation->code->status == SIPWHY_STATUS_BUCKET)
        return NULL;
    GString *joined = g_string_new(NULL);
    for (int sender = 0; sender < SIPWHY_SENDER_COUNT; sender++)
        if (explanation->code->senders & (1u << sender))
            g_string_append_printf(joined, "%s%s", joined->len ? ", " : "",
                                   sipwhy_term_label(language, SIPWHY_TERM_KIND_SENDER, sender));
    return g_string_free(joined, FALSE);
}

static char *say_methods(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->code)
        return NULL;
    const SipwhyLines *methods = &explanation->code->methods;
    char *list = methods->count == 1 && strcmp(methods->line[0], "any") == 0
                     ? g_strdup(sipwhy_text(language, SIPWHY_TEXT_ANY_METHOD))
                     : join_lines(*methods, ", ");
    if (!explanation->words->methods)
        return list;
    char *text = g_strdup_printf("%s. %s", list, explanation->words->methods);
    g_free(list);
    return text;
}

static char *say_search(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->class)
        return NULL;
    return g_strdup(
        sipwhy_term_label(language, SIPWHY_TERM_KIND_SEARCH, (int)explanation->class->search));
}

static char *say_next(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    return explanation->code ? g_strdup(sipwhy_term_label(language, SIPWHY_TERM_KIND_NEXT,
                                                          (int)explanation->code->next))
                             : NULL;
}

static char *say_scope(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    return explanation->code && explanation->code->scope != SIPWHY_SCOPE_NONE
               ? g_strdup(sipwhy_term_label(language, SIPWHY_TERM_KIND_SCOPE,
                                            (int)explanation->code->scope))
               : NULL;
}

char *sipwhy_header_names(const SipwhyHeader *header, SipwhyLanguage language)
{
    char **names = g_strsplit(header->names, "|", -1);
    char *separator = g_strdup_printf(" %s ", sipwhy_text(language, SIPWHY_TEXT_OR));
    char *joined = g_strjoinv(separator, names);

    g_free(separator);
    g_strfreev(names);
    return joined;
}

char *sipwhy_header_rule(const SipwhyHeader *header, SipwhyLanguage language)
{
    char *names = sipwhy_header_names(header, language);
    char **methods = g_strsplit(header->methods ? header->methods : "", ",", -1);
    char *list = g_strjoinv(", ", methods);
    const char *level = sipwhy_term_label(language, SIPWHY_TERM_KIND_LEVEL, (int)header->level);
    char *text = *list ? g_strdup_printf("%s %s (%s)", level, names, list)
                       : g_strdup_printf("%s %s", level, names);

    g_free(list);
    g_strfreev(methods);
    g_free(names);
    return text;
}

/* The headers in one line. */
static char *say_headers(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->code || explanation->code->header_count == 0)
        return NULL;
    GString *joined = g_string_new(NULL);
    for (size_t i = 0; i < explanation->code->header_count; i++) {
        char *rule = sipwhy_header_rule(&explanation->code->header[i], language);
        g_string_append_printf(joined, "%s%s", i ? "; " : "", rule);
        g_free(rule);
    }
    return g_string_free(joined, FALSE);
}

static char *say_q850_out(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    (void)language;
    if (!explanation->code || explanation->code->q850_out.count == 0)
        return NULL;
    return join_numbers(explanation->code->q850_out);
}

static char *say_q850_rule(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    (void)language;
    return explanation->code ? g_strdup(explanation->words->q850) : NULL;
}

static char *say_q850_in(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    (void)language;
    if (!explanation->code || explanation->code->q850_in.count == 0)
        return NULL;
    return join_numbers(explanation->code->q850_in);
}

static const SipwhyFact facts[] = {
    {"class", SIPWHY_TEXT_FACT_CLASS, say_class},
    {"standing", SIPWHY_TEXT_FACT_STANDING, say_standing},
    {"sources", SIPWHY_TEXT_FACT_SOURCES, say_sources},
    {"senders", SIPWHY_TEXT_FACT_SENDERS, say_senders},
    {"methods", SIPWHY_TEXT_FACT_METHODS, say_methods},
    {"search", SIPWHY_TEXT_FACT_SEARCH, say_search},
    {"next", SIPWHY_TEXT_FACT_NEXT, say_next},
    {"scope", SIPWHY_TEXT_FACT_SCOPE, say_scope},
    {"headers", SIPWHY_TEXT_FACT_HEADERS, say_headers},
    {"q850_in", SIPWHY_TEXT_FACT_Q850_IN, say_q850_in},
    {"q850_out", SIPWHY_TEXT_FACT_Q850_OUT, say_q850_out},
    {"q850_rule", SIPWHY_TEXT_FACT_Q850_RULE, say_q850_rule},
};

const SipwhyFact *sipwhy_fact_at(size_t n)
{
    return n < G_N_ELEMENTS(facts) ? &facts[n] : NULL;
}
