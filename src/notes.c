/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a response itself says beside its code.
 */
#include "notes.h"

#include <string.h>

#include "facts.h"
#include "reason.h"

enum {
    ABOUT_BYTES_MOST = 120,
    VALUES_MOST = 32, /* of one header field */
};

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

static void explain_reason_value(GPtrArray *notes, SipwhySlice value, SipwhyLanguage language)
{
    const SipwhyGivenReason given = sipwhy_reason_read(value);
    const char *name = sipwhy_reason_name(&given);
    const char *meaning = sipwhy_reason_meaning(&given, language);
    const SipwhyFix *fix = sipwhy_reason_fix(&given, language);
    char *text;

    if (!meaning)
        text = g_strdup(sipwhy_text(language, SIPWHY_TEXT_REASON_UNKNOWN));
    else
        text = name ? sipwhy_labelled_text(language, name, meaning) : g_strdup(meaning);
    add_note(notes, "Reason", value, text, fix ? sipwhy_fix_text(language, fix) : NULL);
    g_free(text);
}

static void explain_values(GPtrArray *notes, const SipwhyMessage *message, const char *header,
                           void (*explain)(GPtrArray *, SipwhySlice, SipwhyLanguage),
                           SipwhyLanguage language)
{
    size_t position = 0;
    SipwhySlice line;
    SipwhySlice value;
    unsigned count = 0;

    while (sipwhy_message_header(message, header, &position, &line))
        while (count < VALUES_MOST && sipwhy_slice_next_value(&line, &value))
            if (value.length > 0) {
                explain(notes, value, language);
                count++;
            }
}

static bool header_applies(const SipwhyHeader *header, SipwhySlice method)
{
    SipwhySlice rest;
    SipwhySlice name;

    if (!header->methods)
        return true;
    rest = (SipwhySlice){header->methods, strlen(header->methods)};
    while (sipwhy_slice_next_value(&rest, &name))
        if (sipwhy_slice_equal(name, method))
            return true;
    return false;
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

bool sipwhy_message_lacks(const SipwhyMessage *message, const SipwhyHeader *header)
{
    return header->level == SIPWHY_LEVEL_MUST && message->headers.length > 0 && !message->cut &&
           header_applies(header, sipwhy_message_method(message)) &&
           !has_one_of(message, header->names);
}

static void explain_missing(GPtrArray *notes, const SipwhyMessage *message,
                            const SipwhyExplanation *explanation, SipwhyLanguage language)
{
    if (!explanation->code)
        return;
    for (size_t i = 0; i < explanation->code->header_count; i++) {
        const SipwhyHeader *header = &explanation->code->header[i];
        if (!sipwhy_message_lacks(message, header))
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

GPtrArray *sipwhy_warning_notes(const SipwhyMessage *message, SipwhyLanguage language)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(free_note);

    explain_values(notes, message, "Warning", explain_warning_value, language);
    return notes;
}
