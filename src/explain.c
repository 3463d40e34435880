/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pages that explain.
 */
#include "explain.h"

#include <string.h>

#include "facts.h"
#include "notes.h"
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

static void add_fix_items(SipwhyBlock *block, SipwhyFixes fixes, SipwhyLanguage language)
{
    for (size_t i = 0; i < fixes.count; i++)
        sipwhy_block_add(block,
                         sipwhy_term_label(language, SIPWHY_TERM_KIND_ROLE, (int)fixes.fix[i].who),
                         fixes.fix[i].text);
}

static void add_fixes(SipwhyPage *page, SipwhyFixes fixes, SipwhyLanguage language)
{
    add_fix_items(add_block(page, SIPWHY_BLOCK_NUMBERED, SIPWHY_TEXT_HEADING_FIXES, language),
                  fixes, language);
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

static void add_wordings(SipwhyPage *page, SipwhyFindingId id, SipwhyLanguage language)
{
    const SipwhyFindingWords *words;

    for (size_t i = 0; (words = sipwhy_finding_wording_at(id, i, language)); i++) {
        sipwhy_block_add(sipwhy_page_add(page, SIPWHY_BLOCK_PARAGRAPH, words->title), NULL,
                         words->text);
        add_fix_items(sipwhy_page_add(page, SIPWHY_BLOCK_NUMBERED, NULL), words->fixes, language);
    }
}

SipwhyPage *sipwhy_explain_finding(SipwhyFindingId id, SipwhyLanguage language)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(id);
    char *title = sipwhy_text_format(language, SIPWHY_TEXT_TITLE_FINDING, "id", facts->id, "label",
                                     sipwhy_finding_label(id, language), NULL);
    SipwhyPage *page = new_page(title, language);

    g_free(title);
    add_wordings(page, id, language);
    SipwhyBlock *block = add_block(page, SIPWHY_BLOCK_FACTS, SIPWHY_TEXT_HEADING_FACTS, language);
    char *severity = g_strdup_printf(
        "%s. %s", sipwhy_term_label(language, SIPWHY_TERM_KIND_SEVERITY, (int)facts->severity),
        sipwhy_text(language,
                    facts->decides ? SIPWHY_TEXT_FINDING_DECIDES : SIPWHY_TEXT_FINDING_RAISES));
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FIELD_SEVERITY), severity);
    g_free(severity);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FIELD_CATEGORY),
                     sipwhy_term_label(language, SIPWHY_TERM_KIND_CATEGORY, (int)facts->category));
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_CERTAINTY),
                     sipwhy_text(language, facts->inferred ? SIPWHY_TEXT_FINDING_INFERRED
                                                           : SIPWHY_TEXT_FINDING_PROVEN));
    char *filter = g_strdup_printf("sipwhy.finding == \"%s\"", facts->id);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_REPORT_FILTER), filter);
    g_free(filter);
    add_sources(block, facts->sources, NULL, language);
    return page;
}

SipwhyBlock *sipwhy_explain_message(SipwhyPage *page, const SipwhyMessage *message,
                                    const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    SipwhyBlock *block = sipwhy_page_insert(
        page, 1, SIPWHY_BLOCK_FACTS, sipwhy_text(language, SIPWHY_TEXT_HEADING_THIS_RESPONSE));
    GPtrArray *notes = sipwhy_message_notes(message, explanation, language);

    for (unsigned i = 0; i < notes->len; i++) {
        const SipwhyNote *note = notes->pdata[i];
        char *text =
            note->fix ? g_strdup_printf("%s %s", note->text, note->fix) : g_strdup(note->text);
        sipwhy_block_add(block, note->about, text);
        g_free(text);
    }
    g_ptr_array_free(notes, TRUE);
    return block;
}

/* What one entry says. */
static void add_local_entry(SipwhyBlock *block, const SipwhyLocalEntry *entry, bool is_matched,
                            SipwhyLanguage language)
{
    char *from = g_strdup_printf("%s:%u, %s", entry->file, entry->line, entry->id);

    if (entry->asks_more && !is_matched)
        sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_LOCAL_ONLY_IF),
                         entry->conditions);
    for (size_t i = 0; i < entry->description.count; i++)
        sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_LOCAL_DESCRIPTION),
                         entry->description.line[i]);
    for (size_t i = 0; i < entry->causes.count; i++)
        sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_LOCAL_CAUSE),
                         entry->causes.line[i]);
    add_fix_items(block, entry->fixes, language);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FIELD_SEVERITY),
                     sipwhy_term_label(language, SIPWHY_TERM_KIND_SEVERITY, (int)entry->severity));
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FIELD_CATEGORY),
                     sipwhy_term_label(language, SIPWHY_TERM_KIND_CATEGORY, (int)entry->category));
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_FACT_URL), entry->url);
    sipwhy_block_add(block, sipwhy_text(language, SIPWHY_TEXT_LOCAL_FROM), from);
    g_free(from);
}

/* An entry that may match any code has one line on the page of a code. */
static void add_local_line(SipwhyBlock *block, const SipwhyLocalEntry *entry)
{
    char *text = entry->title ? g_strdup_printf("%s (%s)", entry->title, entry->conditions)
                              : g_strdup(entry->conditions);

    sipwhy_block_add(block, entry->id, text);
    g_free(text);
}

void sipwhy_explain_local(SipwhyPage *page, unsigned n, const SipwhyLocalEntry *const *entries,
                          bool is_matched, SipwhyLanguage language)
{
    SipwhyBlock *others = sipwhy_page_insert(page, n, SIPWHY_BLOCK_FACTS,
                                             sipwhy_text(language, SIPWHY_TEXT_LOCAL_OTHERS));

    for (; *entries; entries++) {
        const SipwhyLocalEntry *entry = *entries;
        if (!is_matched && entry->asks_more && !entry->names_codes) {
            add_local_line(others, entry);
            continue;
        }
        char *heading = sipwhy_text_format(language, SIPWHY_TEXT_LOCAL_HEADING, "title",
                                           entry->title ? entry->title : entry->id, NULL);
        add_local_entry(sipwhy_page_insert(page, n++, SIPWHY_BLOCK_FACTS, heading), entry,
                        is_matched, language);
        g_free(heading);
    }
}
