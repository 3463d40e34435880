/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pages that explain.
 */
#include "explain.h"

#include <string.h>

#include "facts.h"
#include "text.h"

static void add_lines(SipwhyBlock *block, SipwhyLines lines)
{
    for (size_t i = 0; i < lines.count; i++)
        sipwhy_block_add(block, NULL, lines.line[i]);
}

static SipwhyPage *new_page(const char *title, SipwhyLanguage language)
{
    SipwhyPage *page = sipwhy_page_new(title);

    page->language = language;
    return page;
}

static SipwhyBlock *add_block(SipwhyPage *page, SipwhyBlockKind kind, SipwhyText heading,
                              SipwhyLanguage language)
{
    return sipwhy_page_add(page, kind, sipwhy_text(language, heading));
}

static void add_fixes(SipwhyPage *page, SipwhyFixes fixes, SipwhyLanguage language)
{
    SipwhyBlock *block =
        add_block(page, SIPWHY_BLOCK_NUMBERED, SIPWHY_TEXT_HEADING_FIXES, language);

    for (size_t i = 0; i < fixes.count; i++)
        sipwhy_block_add(block,
                         sipwhy_term_label(language, SIPWHY_TERM_KIND_ROLE, (int)fixes.fix[i].who),
                         fixes.fix[i].text);
}

static void add_related(SipwhyPage *page, const SipwhyExplanation *explanation,
                        SipwhyLanguage language)
{
    SipwhyBlock *block =
        add_block(page, SIPWHY_BLOCK_BULLETS, SIPWHY_TEXT_HEADING_RELATED, language);

    for (size_t i = 0; i < explanation->code->related.count; i++)
        sipwhy_block_add(block, NULL, explanation->words->related[i].text);
}

static void add_headers(SipwhyPage *page, const SipwhyExplanation *explanation,
                        SipwhyLanguage language)
{
    SipwhyBlock *block =
        add_block(page, SIPWHY_BLOCK_BULLETS, SIPWHY_TEXT_HEADING_HEADERS, language);

    for (size_t i = 0; i < explanation->code->header_count; i++) {
        const char *note = explanation->words->header_notes[i];
        char *rule = sipwhy_header_rule(&explanation->code->header[i], language);
        char *text = note ? sipwhy_labelled_text(language, rule, note) : g_strdup(rule);
        sipwhy_block_add(block, NULL, text);
        g_free(text);
        g_free(rule);
    }
}

/* The facts that no other block of the page tells. */
static void add_facts(SipwhyPage *page, const SipwhyExplanation *explanation,
                      SipwhyLanguage language)
{
    SipwhyBlock *block = add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_FACTS, language);
    const SipwhyFact *fact;

    for (size_t i = 0; (fact = sipwhy_fact_at(i)); i++) {
        if (strcmp(fact->id, "headers") == 0 || strcmp(fact->id, "next") == 0)
            continue;
        char *text = fact->say(explanation, language);
        sipwhy_block_add(block, sipwhy_text(language, fact->label), text);
        g_free(text);
    }
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_URL), explanation->url);
}

SipwhyPage *sipwhy_explain_code(const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    char *title = sipwhy_code_title(explanation);
    SipwhyPage *page = new_page(title, language);
    SipwhyBlock *block = sipwhy_page_add(page, SIPWHY_BLOCK_PARAGRAPH, NULL);
    char **description = sipwhy_description_lines(language, explanation);

    for (char **line = description; *line; line++)
        sipwhy_block_add(block, NULL, *line);
    g_strfreev(description);
    g_free(title);

    add_lines(add_block(page, SIPWHY_BLOCK_NUMBERED, SIPWHY_TEXT_HEADING_CAUSES, language),
              explanation->causes);
    add_fixes(page, explanation->fixes, language);
    sipwhy_block_add(add_block(page, SIPWHY_BLOCK_PARAGRAPH, SIPWHY_TEXT_HEADING_NEXT, language),
                     NULL, explanation->next);
    if (explanation->code) {
        add_lines(add_block(page, SIPWHY_BLOCK_BULLETS, SIPWHY_TEXT_HEADING_PRACTICE, language),
                  explanation->words->practice);
        add_headers(page, explanation, language);
        add_related(page, explanation, language);
    }
    add_facts(page, explanation, language);
    return page;
}

SipwhyPage *sipwhy_explain_class(const SipwhyClass *class, SipwhyLanguage language)
{
    const SipwhyClassWords *words = sipwhy_class_words(class, language);
    char *title = g_strdup_printf("%uxx %s", class->digit, sipwhy_class_name(language, class));
    SipwhyPage *page = new_page(title, language);
    SipwhyBlock *block;
    const SipwhyCode *code;

    g_free(title);
    block = add_block(page, SIPWHY_BLOCK_PARAGRAPH, SIPWHY_TEXT_HEADING_UNKNOWN_CODE, language);
    add_lines(block, words->description);
    add_lines(add_block(page, SIPWHY_BLOCK_NUMBERED, SIPWHY_TEXT_HEADING_CAUSES, language),
              words->causes);
    add_fixes(page, words->fixes, language);
    sipwhy_block_add(add_block(page, SIPWHY_BLOCK_PARAGRAPH, SIPWHY_TEXT_HEADING_NEXT, language),
                     NULL, words->next);
    sipwhy_block_add(add_block(page, SIPWHY_BLOCK_PARAGRAPH, SIPWHY_TEXT_FACT_SEARCH, language),
                     NULL,
                     sipwhy_term_label(language, SIPWHY_TERM_KIND_SEARCH, (int)class->search));
    block = add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_CODES, language);
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++) {
        if (code->code / 100 != class->digit)
            continue;
        char *number = g_strdup_printf("%u", code->code);
        sipwhy_block_add(block, number, code->phrase);
        g_free(number);
    }
    return page;
}

static void add_note(SipwhyPage *page, const SipwhyNoteWords *words, SipwhyLanguage language)
{
    add_lines(sipwhy_page_add(page, SIPWHY_BLOCK_PARAGRAPH, NULL), words->description);
    add_lines(add_block(page, SIPWHY_BLOCK_NUMBERED, SIPWHY_TEXT_HEADING_CAUSES, language),
              words->causes);
    add_fixes(page, words->fixes, language);
}

static void add_sources(SipwhyBlock *block, SipwhyLines sources, const char *url,
                        SipwhyLanguage language)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < sources.count; i++)
        g_string_append_printf(joined, "%s%s", i ? ", " : "", sources.line[i]);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_SOURCES), joined->str);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_URL), url);
    g_string_free(joined, TRUE);
}

/* "488 Not Acceptable Here, 606 Not Acceptable" */
static char *join_codes(SipwhyNumbers numbers)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < numbers.count; i++) {
        const SipwhyCode *code = sipwhy_code_find(numbers.number[i]);
        g_string_append_printf(joined, "%s%u%s%s", i ? ", " : "", numbers.number[i],
                               code ? " " : "", code ? code->phrase : "");
    }
    return g_string_free(joined, FALSE);
}

SipwhyPage *sipwhy_explain_warning(const SipwhyWarning *warning, SipwhyLanguage language)
{
    char *number = g_strdup_printf("%u", warning->code);
    char *title = sipwhy_text_format(language, SIPWHY_TEXT_TITLE_WARNING, "code", number, "text",
                                     warning->text, NULL);
    SipwhyPage *page = new_page(title, language);

    g_free(title);
    g_free(number);
    add_note(page, sipwhy_warning_words(warning, language), language);
    SipwhyBlock *block = add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_FACTS, language);
    char *codes = join_codes(warning->codes);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_CARRIED_BY), codes);
    g_free(codes);
    add_sources(block, warning->sources, warning->url, language);
    return page;
}

SipwhyPage *sipwhy_explain_cause(unsigned number, SipwhyLanguage language)
{
    const SipwhyCause *cause = sipwhy_cause_find(number);
    const SipwhyCauseClass *class = sipwhy_cause_class_find(number);
    const char *name = cause && cause->assigned
                           ? cause->name
                           : sipwhy_text(language, SIPWHY_TEXT_CAUSE_NOT_ASSIGNED);

    if (!cause && !class)
        return NULL;
    char *digits = g_strdup_printf("%u", number);
    char *title =
        sipwhy_text_format(language, SIPWHY_TEXT_TITLE_CAUSE, "cause", digits, "name", name, NULL);
    SipwhyPage *page = new_page(title, language);
    const SipwhyNoteWords *words =
        cause ? sipwhy_cause_words(cause, language) : sipwhy_cause_class_words(class, language);
    g_free(title);
    g_free(digits);
    add_note(page, words, language);

    SipwhyBlock *block = add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_FACTS, language);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_CAUSE_CLASS),
                     sipwhy_term_label(language, SIPWHY_TERM_KIND_Q850_CLASS,
                                       (int)(cause ? cause->class : class->class)));
    if (cause && cause->sip.count > 0) {
        char *codes = join_codes(cause->sip);
        char *text = words->note ? g_strdup_printf("%s. %s", codes, words->note) : g_strdup(codes);
        sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_BECOMES_SIP), text);
        g_free(text);
        g_free(codes);
    } else if (words->note) {
        sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_BECOMES_SIP), words->note);
    }
    if (cause && cause->q931_name)
        sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_Q931_NAME),
                         cause->q931_name);
    return page;
}

SipwhyPage *sipwhy_explain_reason(const SipwhyReason *reason, SipwhyLanguage language)
{
    char *title =
        sipwhy_text_format(language, SIPWHY_TEXT_TITLE_REASON, "protocol", reason->protocol, NULL);
    SipwhyPage *page = new_page(title, language);
    SipwhyBlock *block;

    g_free(title);
    add_note(page, sipwhy_reason_words(reason, language), language);
    block = add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_VALUES, language);
    for (size_t i = 0; i < reason->value_count; i++) {
        const char *words = sipwhy_reason_value_words(reason, i, language);
        char *label = g_strdup_printf("%u", reason->value[i].value);
        char *text = words ? g_strdup_printf("%s. %s", reason->value[i].name, words)
                           : g_strdup(reason->value[i].name);
        sipwhy_block_add(block, label, text);
        g_free(text);
        g_free(label);
    }
    block = add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_FACTS, language);
    sipwhy_block_add(
        block, sipwhy_text(language, SIPWHY_TEXT_FACT_REASON_VALUES),
        sipwhy_term_label(language, SIPWHY_TERM_KIND_REASON_VALUES, (int)reason->values));
    add_sources(block, reason->sources, reason->url, language);
    return page;
}

static void explain_warning_value(SipwhyBlock *block, SipwhySlice value, SipwhyLanguage language)
{
    unsigned number = 0;
    const SipwhyWarning *warning =
        sipwhy_slice_number(value, &number) ? sipwhy_warning_find(number) : NULL;
    char *label = sipwhy_printable_text(value.data, value.length);

    sipwhy_block_add(block, label,
                     warning ? sipwhy_warning_words(warning, language)->description.line[0]
                             : sipwhy_text(language, SIPWHY_TEXT_WARNING_UNKNOWN));
    g_free(label);
}

/* What the value of a Reason protocol means: a status code, a Q.850 cause, a registered value. */
static char *reason_meaning(const SipwhyReason *reason, unsigned number, SipwhyLanguage language)
{
    SipwhyExplanation other;
    const SipwhyCause *cause;

    switch (reason->values) {
    case SIPWHY_REASON_VALUES_SIP:
        if (sipwhy_explain(number, language, &other) && other.code)
            return sipwhy_labelled_text(language, other.phrase, other.description.line[0]);
        break;
    case SIPWHY_REASON_VALUES_Q850:
        cause = sipwhy_cause_find(number);
        if (cause)
            return sipwhy_labelled_text(language, cause->name,
                                        sipwhy_cause_words(cause, language)->description.line[0]);
        break;
    case SIPWHY_REASON_VALUES_LIST:
        for (size_t i = 0; i < reason->value_count; i++)
            if (reason->value[i].value == number)
                return g_strdup(reason->value[i].name);
        break;
    case SIPWHY_REASON_VALUES_DECIMAL:
    case SIPWHY_REASON_VALUES_COUNT:
        break;
    }
    return NULL;
}

static void explain_reason_value(SipwhyBlock *block, SipwhySlice value, SipwhyLanguage language)
{
    char *label = sipwhy_printable_text(value.data, value.length);
    char *protocol = g_strndup(label, strcspn(label, "; \t"));
    const SipwhyReason *reason = sipwhy_reason_find(protocol);
    char *meaning = NULL;
    SipwhySlice parameter;
    unsigned number;

    if (reason && sipwhy_slice_parameter(value, "cause", &parameter) &&
        sipwhy_slice_number(parameter, &number))
        meaning = reason_meaning(reason, number, language);
    if (!meaning)
        meaning = g_strdup(reason ? sipwhy_reason_words(reason, language)->description.line[0]
                                  : sipwhy_text(language, SIPWHY_TEXT_REASON_UNKNOWN));
    sipwhy_block_add(block, label, meaning);
    g_free(meaning);
    g_free(protocol);
    g_free(label);
}

static void explain_values(SipwhyBlock *block, const SipwhyMessage *message, const char *header,
                           void (*explain)(SipwhyBlock *, SipwhySlice, SipwhyLanguage),
                           SipwhyLanguage language)
{
    size_t position = 0;
    SipwhySlice line;
    SipwhySlice value;

    while (sipwhy_message_header(message, header, &position, &line))
        while (sipwhy_slice_next_value(&line, &value))
            if (value.length > 0)
                explain(block, value, language);
}

static bool header_applies(const SipwhyHeader *header, SipwhySlice method)
{
    bool applies = !header->methods;
    char **methods = g_strsplit(header->methods ? header->methods : "", ",", -1);

    for (char **name = methods; *name && !applies; name++)
        applies = sipwhy_slice_is(method, *name);
    g_strfreev(methods);
    return applies;
}

static bool has_one_of(const SipwhyMessage *message, const char *names)
{
    char **alternatives = g_strsplit(names, "|", -1);
    bool found = false;

    for (char **name = alternatives; *name && !found; name++) {
        size_t position = 0;
        SipwhySlice value;
        found = sipwhy_message_header(message, *name, &position, &value);
    }
    g_strfreev(alternatives);
    return found;
}

/* Headers that the response must carry; a message without any header was pasted in part only. */
static void explain_missing(SipwhyBlock *block, const SipwhyMessage *message,
                            const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->code || message->headers.length == 0)
        return;
    for (size_t i = 0; i < explanation->code->header_count; i++) {
        const SipwhyHeader *header = &explanation->code->header[i];
        if (header->level != SIPWHY_LEVEL_MUST ||
            !header_applies(header, sipwhy_message_method(message)) ||
            has_one_of(message, header->names))
            continue;
        char *names = sipwhy_header_names(header, language);
        char *text = sipwhy_text_format(language, SIPWHY_TEXT_HEADER_MISSING, "header", names,
                                        "reference", explanation->reference, NULL);
        sipwhy_block_add(block, names, text);
        g_free(text);
        g_free(names);
    }
}

void sipwhy_explain_message(SipwhyPage *page, const SipwhyMessage *message,
                            const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    SipwhyBlock *block =
        add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_THIS_RESPONSE, language);

    if (message->phrase.length > 0 && !sipwhy_slice_is(message->phrase, explanation->phrase)) {
        char *phrase = sipwhy_printable_text(message->phrase.data, message->phrase.length);
        sipwhy_block_add(block, phrase, sipwhy_text(language, SIPWHY_TEXT_OWN_PHRASE));
        g_free(phrase);
    }
    explain_values(block, message, "Warning", explain_warning_value, language);
    explain_values(block, message, "Reason", explain_reason_value, language);
    explain_missing(block, message, explanation, language);
}
