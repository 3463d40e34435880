/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a response itself says beside its code.
 */
#include "notes.h"

#include <string.h>

#include "facts.h"

enum { ABOUT_BYTES_MOST = 120 };

static void free_note(void *data)
{
    SipwhyNote *note = data;
    g_free(note->about);
    g_free(note->text);
    g_free(note->fix);
    g_free(note);
}

/* Adds a note on a value of `header`, or on something else when that is NULL; takes `fix` over. */
static void add_note(GPtrArray *notes, const char *header, SipwhySlice about, const char *text,
                     char *fix)
{
    SipwhyNote *note = g_new(SipwhyNote, 1);
    char *value = sipwhy_printable_text(about.data, MIN(about.length, ABOUT_BYTES_MOST));

    note->about = header ? g_strdup_printf("%s: %s", header, value) : g_strdup(value);
    g_free(value);
    note->text = g_strdup(text);
    note->fix = fix;
    g_ptr_array_add(notes, note);
}

static void explain_warning_value(GPtrArray *notes, SipwhySlice value, SipwhyLanguage language)
{
    unsigned number = 0;
    const SipwhyWarning *warning =
        sipwhy_slice_number(value, &number) ? sipwhy_warning_find(number) : NULL;

    if (warning) {
        const SipwhyNoteWords *words = sipwhy_warning_words(warning, language);
        add_note(notes, "Warning", value, words->description.line[0],
                 sipwhy_fix_text(language, &words->fixes.fix[0]));
    } else {
        add_note(notes, "Warning", value, sipwhy_text(language, SIPWHY_TEXT_WARNING_UNKNOWN), NULL);
    }
}

/* A note on cause=NUMBER of a Reason protocol; FALSE when nothing is known of that number. */
static gboolean explain_reason_number(GPtrArray *notes, SipwhySlice value,
                                      const SipwhyReason *reason, unsigned number,
                                      SipwhyLanguage language)
{
    SipwhyExplanation other;
    const SipwhyCause *cause = sipwhy_cause_find(number);
    char *fix = NULL;
    char *text = NULL;

    if (reason->values == SIPWHY_REASON_VALUES_SIP && sipwhy_explain(number, language, &other) &&
        other.code) {
        text = sipwhy_labelled_text(language, other.phrase, other.description.line[0]);
    } else if (reason->values == SIPWHY_REASON_VALUES_Q850 && cause) {
        const SipwhyNoteWords *words = sipwhy_cause_words(cause, language);
        text = sipwhy_labelled_text(language, cause->name, words->description.line[0]);
        fix = sipwhy_fix_text(language, &words->fixes.fix[0]);
    } else if (reason->values == SIPWHY_REASON_VALUES_LIST) {
        for (size_t i = 0; i < reason->value_count && !text; i++) {
            const char *words = sipwhy_reason_value_words(reason, i, language);
            if (reason->value[i].value == number)
                text = words ? sipwhy_labelled_text(language, reason->value[i].name, words)
                             : g_strdup(reason->value[i].name);
        }
    }
    if (text)
        add_note(notes, "Reason", value, text, fix);
    g_free(text);
    return text != NULL;
}

static void explain_reason_value(GPtrArray *notes, SipwhySlice value, SipwhyLanguage language)
{
    size_t length = 0;
    SipwhySlice parameter;
    unsigned number;

    while (length < value.length && !strchr("; \t", value.data[length]))
        length++;
    char *protocol = sipwhy_printable_text(value.data, length);
    const SipwhyReason *reason = sipwhy_reason_find(protocol);
    g_free(protocol);
    if (reason && sipwhy_slice_parameter(value, "cause", &parameter) &&
        sipwhy_slice_number(parameter, &number) &&
        explain_reason_number(notes, value, reason, number, language))
        return;
    add_note(notes, "Reason", value,
             reason ? sipwhy_reason_words(reason, language)->description.line[0]
                    : sipwhy_text(language, SIPWHY_TEXT_REASON_UNKNOWN),
             NULL);
}

static void explain_values(GPtrArray *notes, const SipwhyMessage *message, const char *header,
                           void (*explain)(GPtrArray *, SipwhySlice, SipwhyLanguage),
                           SipwhyLanguage language)
{
    size_t position = 0;
    SipwhySlice line;
    SipwhySlice value;

    while (sipwhy_message_header(message, header, &position, &line))
        while (sipwhy_slice_next_value(&line, &value))
            if (value.length > 0)
                explain(notes, value, language);
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
static void explain_missing(GPtrArray *notes, const SipwhyMessage *message,
                            const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->code || message->headers.length == 0 || message->cut)
        return;
    for (size_t i = 0; i < explanation->code->header_count; i++) {
        const SipwhyHeader *header = &explanation->code->header[i];
        if (header->level != SIPWHY_LEVEL_MUST ||
            !header_applies(header, sipwhy_message_method(message)) ||
            has_one_of(message, header->names))
            continue;
        char *names = sipwhy_header_names(header, language);
        char *text =
            sipwhy_text_format(language, SIPWHY_TEXT_HEADER_MISSING, "header", names, NULL);
        add_note(notes, NULL, (SipwhySlice){names, strlen(names)}, text, NULL);
        g_free(text);
        g_free(names);
    }
}

GPtrArray *sipwhy_message_notes(const SipwhyMessage *message, const SipwhyExplanation *explanation,
                                SipwhyLanguage language)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(free_note);

    if (message->phrase.length > 0 && !sipwhy_slice_is(message->phrase, explanation->phrase))
        add_note(notes, NULL, message->phrase,
                 sipwhy_text(language, explanation->registered ? SIPWHY_TEXT_OWN_PHRASE
                                                               : SIPWHY_TEXT_UNREGISTERED_PHRASE),
                 NULL);
    explain_values(notes, message, "Warning", explain_warning_value, language);
    explain_values(notes, message, "Reason", explain_reason_value, language);
    explain_missing(notes, message, explanation, language);
    return notes;
}
