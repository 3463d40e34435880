/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Knowledge for machines.
 */
#include "json.h"

#include <string.h>

#include "language.h"
#include "members.h"
#include "notes.h"

static void add_numbers(JsonBuilder *json, const char *key, SipwhyNumbers numbers)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (size_t i = 0; i < numbers.count; i++)
        json_builder_add_int_value(json, numbers.number[i]);
    json_builder_end_array(json);
}

static void add_fixes(JsonBuilder *json, SipwhyFixes fixes)
{
    json_builder_set_member_name(json, "fixes");
    json_builder_begin_array(json);
    for (size_t i = 0; i < fixes.count; i++) {
        json_builder_begin_object(json);
        add_term(json, "who", SIPWHY_TERM_KIND_ROLE, (int)fixes.fix[i].who);
        add_string(json, "text", fixes.fix[i].text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

/* "A|B" or "INVITE,UPDATE" as an array. */
static void add_split(JsonBuilder *json, const char *key, const char *text, const char *separator)
{
    char **parts = g_strsplit(text ? text : "", separator, -1);

    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (char **part = parts; *part; part++)
        json_builder_add_string_value(json, *part);
    json_builder_end_array(json);
    g_strfreev(parts);
}

static void add_headers(JsonBuilder *json, const SipwhyExplanation *explanation)
{
    json_builder_set_member_name(json, "headers");
    json_builder_begin_array(json);
    for (size_t i = 0; i < explanation->code->header_count; i++) {
        const SipwhyHeader *header = &explanation->code->header[i];
        json_builder_begin_object(json);
        add_term(json, "level", SIPWHY_TERM_KIND_LEVEL, (int)header->level);
        add_split(json, "one_of", header->names, "|");
        add_split(json, "methods", header->methods, ",");
        add_string(json, "note", explanation->words->header_notes[i]);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_senders(JsonBuilder *json, unsigned senders)
{
    json_builder_set_member_name(json, "senders");
    json_builder_begin_array(json);
    for (int sender = 0; sender < SIPWHY_SENDER_COUNT; sender++)
        if (senders & (1u << sender))
            json_builder_add_string_value(json, sipwhy_term_id(SIPWHY_TERM_KIND_SENDER, sender));
    json_builder_end_array(json);
}

static void add_related(JsonBuilder *json, const SipwhyExplanation *explanation)
{
    json_builder_set_member_name(json, "related");
    json_builder_begin_array(json);
    for (size_t i = 0; i < explanation->code->related.count; i++) {
        json_builder_begin_object(json);
        add_number(json, "code", explanation->words->related[i].code);
        add_string(json, "text", explanation->words->related[i].text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_entry(JsonBuilder *json, const SipwhyExplanation *explanation)
{
    const SipwhyCode *code = explanation->code;

    add_term(json, "status", SIPWHY_TERM_KIND_STATUS, (int)code->status);
    add_lines(json, "sources", code->sources);
    add_lines(json, "methods", code->methods);
    add_senders(json, code->senders);
    add_term(json, "category", SIPWHY_TERM_KIND_CATEGORY, (int)code->category);
    add_boolean(json, "expected", code->expected);
    add_term(json, "next", SIPWHY_TERM_KIND_NEXT, (int)code->next);
    add_term(json, "scope", SIPWHY_TERM_KIND_SCOPE, (int)code->scope);
    add_headers(json, explanation);
    add_numbers(json, "q850_in", code->q850_in);
    add_numbers(json, "q850_out", code->q850_out);
    add_related(json, explanation);
    add_lines(json, "practice", explanation->words->practice);
}

void sipwhy_json_add_code_line(JsonBuilder *json, const SipwhyExplanation *explanation)
{
    json_builder_begin_object(json);
    add_string(json, "type", "code");
    add_number(json, "code", explanation->status);
    add_string(json, "phrase", explanation->phrase);
    add_boolean(json, "registered", explanation->registered);
    add_string(json, "reference", explanation->reference);
    json_builder_end_object(json);
}

/* The members of an object on a code. */
static void add_code(JsonBuilder *json, const SipwhyExplanation *explanation,
                     SipwhyLanguage language)
{
    char **lines = sipwhy_description_lines(language, explanation);
    char *description = g_strjoinv(" ", lines);
    char *class = explanation->class ? g_strdup_printf("%uxx", explanation->class->digit) : NULL;

    add_string(json, "type", "code");
    add_string(json, "language", sipwhy_language_id(language));
    add_number(json, "code", explanation->status);
    add_string(json, "phrase", explanation->phrase);
    add_string(json, "class", class);
    add_string(json, "class_name",
               explanation->class ? sipwhy_class_name(language, explanation->class) : NULL);
    add_string(
        json, "severity",
        explanation->class ? sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)explanation->severity)
                           : NULL);
    add_string(json, "search",
               explanation->class ? sipwhy_term_id(SIPWHY_TERM_KIND_SEARCH,
                                                   (int)explanation->class->search)
                                  : NULL);
    add_boolean(json, "registered", explanation->registered);
    add_string(json, "reference", explanation->reference);
    add_string(json, "url", explanation->url);
    add_string(json, "description", description);
    add_lines(json, "causes", explanation->causes);
    add_fixes(json, explanation->fixes);
    add_string(json, "next_text", explanation->next);
    if (explanation->code)
        add_entry(json, explanation);
    g_free(class);
    g_free(description);
    g_strfreev(lines);
}

void sipwhy_json_add_local(JsonBuilder *json, const SipwhyLocalEntry *entry)
{
    json_builder_begin_object(json);
    add_string(json, "id", entry->id);
    add_string(json, "title", entry->title);
    add_string(json, "conditions", entry->conditions);
    add_lines(json, "description", entry->description);
    add_lines(json, "causes", entry->causes);
    add_fixes(json, entry->fixes);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)entry->severity);
    add_term(json, "category", SIPWHY_TERM_KIND_CATEGORY, (int)entry->category);
    add_string(json, "url", entry->url);
    add_boolean(json, "replaces", entry->replaces);
    add_string(json, "file", entry->file);
    add_number(json, "line", entry->line);
    json_builder_end_object(json);
}

void sipwhy_json_add_local_file(JsonBuilder *json, const SipwhyLocalFile *file,
                                const GPtrArray *faults)
{
    char *path = sipwhy_printable_text(file->path, strlen(file->path));

    json_builder_begin_object(json);
    add_taken(json, "file", path);
    add_boolean(json, "readable", !file->unreadable);
    add_number(json, "entries", file->entries);
    add_number(json, "faults", file->faults);
    add_number(json, "warnings", file->warnings);
    begin_array(json, "messages");
    for (unsigned i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        if (fault->file != file)
            continue;
        json_builder_begin_object(json);
        add_positive(json, "line", fault->line);
        add_boolean(json, "warning", fault->warning);
        add_string(json, "text", fault->text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
}

static void add_local(JsonBuilder *json, const SipwhyLocalEntry *const *local)
{
    if (!local)
        return;
    begin_array(json, "local");
    for (; *local; local++)
        sipwhy_json_add_local(json, *local);
    json_builder_end_array(json);
}

void sipwhy_json_add_code(JsonBuilder *json, const SipwhyExplanation *explanation,
                          const SipwhyLocalEntry *const *local, SipwhyLanguage language)
{
    json_builder_begin_object(json);
    add_code(json, explanation, language);
    add_local(json, local);
    json_builder_end_object(json);
}

static void add_message_note(JsonBuilder *json, const SipwhyNote *note)
{
    json_builder_begin_object(json);
    add_string(json, "about", note->about);
    add_string(json, "text", note->text);
    add_string(json, "fix", note->fix);
    json_builder_end_object(json);
}

void sipwhy_json_add_response(JsonBuilder *json, const SipwhyMessage *message,
                              const SipwhyExplanation *explanation,
                              const SipwhyLocalEntry *const *local, SipwhyLanguage language)
{
    GPtrArray *notes = sipwhy_message_notes(message, explanation, language);
    char *phrase = sipwhy_printable_text(message->phrase.data, message->phrase.length);

    json_builder_begin_object(json);
    add_code(json, explanation, language);
    add_local(json, local);
    json_builder_set_member_name(json, "response");
    json_builder_begin_object(json);
    add_string(json, "phrase", phrase);
    json_builder_set_member_name(json, "notes");
    json_builder_begin_array(json);
    for (unsigned i = 0; i < notes->len; i++)
        add_message_note(json, notes->pdata[i]);
    json_builder_end_array(json);
    json_builder_end_object(json);
    json_builder_end_object(json);
    g_free(phrase);
    g_ptr_array_free(notes, TRUE);
}

void sipwhy_json_add_class(JsonBuilder *json, const SipwhyClass *class, SipwhyLanguage language)
{
    const SipwhyClassWords *words = sipwhy_class_words(class, language);
    char *name = g_strdup_printf("%uxx", class->digit);
    const SipwhyCode *code;

    json_builder_begin_object(json);
    add_string(json, "type", "class");
    add_string(json, "language", sipwhy_language_id(language));
    add_string(json, "class", name);
    add_string(json, "class_name", sipwhy_class_name(language, class));
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)class->severity);
    add_term(json, "search", SIPWHY_TERM_KIND_SEARCH, (int)class->search);
    add_number(json, "fallback", class->fallback);
    add_lines(json, "description", words->description);
    add_lines(json, "causes", words->causes);
    add_fixes(json, words->fixes);
    add_string(json, "next_text", words->next);
    json_builder_set_member_name(json, "codes");
    json_builder_begin_array(json);
    for (size_t i = 0; (code = sipwhy_code_at(i)); i++)
        if (code->code / 100 == class->digit)
            json_builder_add_int_value(json, code->code);
    json_builder_end_array(json);
    json_builder_end_object(json);
    g_free(name);
}

static void add_note(JsonBuilder *json, const SipwhyNoteWords *words, SipwhyLanguage language)
{
    add_string(json, "language", sipwhy_language_id(language));
    add_lines(json, "description", words->description);
    add_lines(json, "causes", words->causes);
    add_fixes(json, words->fixes);
}

void sipwhy_json_add_warning(JsonBuilder *json, const SipwhyWarning *warning,
                             SipwhyLanguage language)
{
    json_builder_begin_object(json);
    add_string(json, "type", "warning");
    add_number(json, "code", warning->code);
    add_string(json, "text", warning->text);
    add_note(json, sipwhy_warning_words(warning, language), language);
    add_numbers(json, "codes", warning->codes);
    add_lines(json, "sources", warning->sources);
    add_string(json, "url", warning->url);
    json_builder_end_object(json);
}

void sipwhy_json_add_cause(JsonBuilder *json, unsigned number, SipwhyLanguage language)
{
    const SipwhyCause *cause = sipwhy_cause_find(number);
    const SipwhyCauseClass *class = sipwhy_cause_class_find(number);

    json_builder_begin_object(json);
    add_string(json, "type", "q850");
    add_number(json, "cause", number);
    add_string(json, "name", cause ? cause->name : NULL);
    add_boolean(json, "assigned", cause && cause->assigned);
    add_term(json, "class", SIPWHY_TERM_KIND_Q850_CLASS,
             (int)(cause ? cause->class : class->class));
    add_note(json,
             cause ? sipwhy_cause_words(cause, language)
                   : sipwhy_cause_class_words(class, language),
             language);
    if (cause)
        add_numbers(json, "sip", cause->sip);
    json_builder_end_object(json);
}

void sipwhy_json_add_reason(JsonBuilder *json, const SipwhyReason *reason, SipwhyLanguage language)
{
    json_builder_begin_object(json);
    add_string(json, "type", "reason");
    add_string(json, "protocol", reason->protocol);
    add_note(json, sipwhy_reason_words(reason, language), language);
    add_term(json, "values", SIPWHY_TERM_KIND_REASON_VALUES, (int)reason->values);
    json_builder_set_member_name(json, "registered_values");
    json_builder_begin_array(json);
    for (size_t i = 0; i < reason->value_count; i++) {
        json_builder_begin_object(json);
        add_number(json, "value", reason->value[i].value);
        add_string(json, "name", reason->value[i].name);
        add_string(json, "text", sipwhy_reason_value_words(reason, i, language));
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    add_lines(json, "sources", reason->sources);
    add_string(json, "url", reason->url);
    json_builder_end_object(json);
}

static void add_wordings(JsonBuilder *json, SipwhyFindingId id, SipwhyLanguage language)
{
    const SipwhyFindingWords *words;

    json_builder_set_member_name(json, "wordings");
    json_builder_begin_array(json);
    for (size_t i = 0; (words = sipwhy_finding_wording_at(id, i, language)); i++) {
        json_builder_begin_object(json);
        add_string(json, "title", words->title);
        add_string(json, "text", words->text);
        add_fixes(json, words->fixes);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

void sipwhy_json_add_finding(JsonBuilder *json, SipwhyFindingId id, SipwhyLanguage language)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(id);

    json_builder_begin_object(json);
    add_string(json, "type", "finding");
    add_string(json, "id", facts->id);
    add_string(json, "language", sipwhy_language_id(language));
    add_string(json, "label", sipwhy_finding_label(id, language));
    add_string(json, "family", facts->family);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)facts->severity);
    add_term(json, "category", SIPWHY_TERM_KIND_CATEGORY, (int)facts->category);
    add_boolean(json, "inferred", facts->inferred);
    add_boolean(json, "decides", facts->decides);
    add_wordings(json, id, language);
    add_lines(json, "sources", facts->sources);
    json_builder_end_object(json);
}

void sipwhy_json_add_comparison(JsonBuilder *json, const SipwhyComparison *comparison)
{
    json_builder_begin_object(json);
    add_string(json, "type", "comparison");
    add_string(json, "language", sipwhy_language_id(comparison->language));
    json_builder_set_member_name(json, "codes");
    json_builder_begin_array(json);
    for (size_t i = 0; i < comparison->count; i++)
        sipwhy_json_add_code(json, &comparison->codes[i], NULL, comparison->language);
    json_builder_end_array(json);

    json_builder_set_member_name(json, "facts");
    json_builder_begin_array(json);
    for (unsigned i = 0; i < comparison->rows->len; i++) {
        const SipwhyComparisonRow *row = comparison->rows->pdata[i];
        json_builder_begin_object(json);
        add_string(json, "fact", row->fact->id);
        add_boolean(json, "same", row->same);
        json_builder_set_member_name(json, "values");
        json_builder_begin_object(json);
        for (size_t j = 0; j < comparison->count; j++) {
            char *code = g_strdup_printf("%u", comparison->codes[j].status);
            add_string(json, code, *row->values[j] ? row->values[j] : NULL);
            g_free(code);
        }
        json_builder_end_object(json);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);

    json_builder_set_member_name(json, "distinctions");
    json_builder_begin_array(json);
    for (unsigned i = 0; i < comparison->distinctions->len; i++) {
        const SipwhyDistinction *distinction =
            &g_array_index(comparison->distinctions, SipwhyDistinction, i);
        json_builder_begin_object(json);
        json_builder_set_member_name(json, "codes");
        json_builder_begin_array(json);
        json_builder_add_int_value(json, distinction->codes[0]);
        json_builder_add_int_value(json, distinction->codes[1]);
        json_builder_end_array(json);
        add_string(json, "text", distinction->text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
}

char *sipwhy_json_text(JsonBuilder *json)
{
    JsonGenerator *generator = json_generator_new();
    JsonNode *root = json_builder_get_root(json);

    json_generator_set_root(generator, root);
    json_generator_set_pretty(generator, TRUE);
    json_generator_set_indent(generator, 2);
    char *text = json_generator_to_data(generator, NULL);
    char *line = g_strconcat(text, "\n", NULL);
    g_free(text);
    json_node_unref(root);
    g_object_unref(generator);
    return line;
}
