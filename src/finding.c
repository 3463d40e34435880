/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings: lists of them, their words, and what they make of a response's severity.
 */
#include "finding.h"

#include <stdarg.h>
#include <string.h>

#include "endpoint.h"
#include "rules/rules.h"
#include "tables.h"

enum { VALUE_BYTES_MOST = 60 };

static void free_finding(void *data)
{
    SipwhyFinding *finding = data;

    for (unsigned i = 0; i < finding->value_count; i++)
        g_free(finding->values[i]);
    g_free(finding);
}

GPtrArray *sipwhy_findings_new(void)
{
    return g_ptr_array_new_with_free_func(free_finding);
}

SipwhyFinding *sipwhy_findings_add(GPtrArray *findings, SipwhyFindingId id)
{
    SipwhyFinding *finding = g_new0(SipwhyFinding, 1);

    finding->id = id;
    finding->wording = sipwhy_finding_wordings[id];
    finding->decides = sipwhy_finding_table[id].decides;
    g_ptr_array_add(findings, finding);
    return finding;
}

bool sipwhy_findings_have(const GPtrArray *findings, SipwhyFindingId id)
{
    for (unsigned i = 0; i < findings->len; i++)
        if (((const SipwhyFinding *)findings->pdata[i])->id == id)
            return true;
    return false;
}

void sipwhy_finding_word(SipwhyFinding *finding, SipwhyWording wording)
{
    finding->wording = wording;
}

/* Takes the value. A name that is set already gets the new one. */
static void set_value(SipwhyFinding *finding, const char *name, char *value)
{
    unsigned i = 0;

    while (i < finding->value_count && strcmp(finding->names[i], name) != 0)
        i++;
    if (i == SIPWHY_FINDING_VALUES_MOST) {
        g_free(value);
        return;
    }
    if (i == finding->value_count)
        finding->value_count++;
    g_free(finding->values[i]);
    finding->names[i] = name;
    finding->values[i] = value;
}

void sipwhy_finding_set(SipwhyFinding *finding, const char *name, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_value(finding, name, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* Cuts valid UTF-8 between two characters, so that it has at most VALUE_BYTES_MOST bytes with the
 * dots behind it. */
static char *shorten(const char *text)
{
    static const char dots[] = "...";
    size_t length = VALUE_BYTES_MOST - strlen(dots);

    while (((unsigned char)text[length] & 0xC0) == 0x80) /* inside a character */
        length--;
    return g_strdup_printf("%.*s%s", (int)length, text, dots);
}

void sipwhy_finding_set_slice(SipwhyFinding *finding, const char *name, SipwhySlice slice)
{
    char *text = sipwhy_printable_text(slice.data, MIN(slice.length, VALUE_BYTES_MOST + 1));

    if (strlen(text) > VALUE_BYTES_MOST) {
        char *shortened = shorten(text);
        g_free(text);
        text = shortened;
    }
    set_value(finding, name, text);
}

void sipwhy_finding_set_duration(SipwhyFinding *finding, const char *name, int64_t microseconds)
{
    static const struct {
        int64_t microseconds;
        int64_t most; /* above it, the next unit is easier to read */
        const char *name;
    } units[] = {{1000, 999, "ms"},
                 {INT64_C(1000000), 119, "s"},
                 {INT64_C(60000000), 119, "min"},
                 {INT64_C(3600000000), 71, "h"},
                 {INT64_C(86400000000), INT64_MAX, "d"}};
    const int64_t time = CLAMP(microseconds, 0, INT64_MAX / 2);
    size_t i = 0;

    while ((time + units[i].microseconds / 2) / units[i].microseconds > units[i].most)
        i++;
    const int64_t unit = units[i].microseconds;
    const int64_t tenths = (time + unit / 20) / (unit / 10);
    if (tenths >= 100)
        sipwhy_finding_set(finding, name, "%" G_GINT64_FORMAT " %s", (time + unit / 2) / unit,
                           units[i].name);
    else if (tenths % 10 != 0)
        sipwhy_finding_set(finding, name, "%d.%d %s", (int)tenths / 10, (int)tenths % 10,
                           units[i].name);
    else
        sipwhy_finding_set(finding, name, "%d %s", (int)tenths / 10, units[i].name);
}

void sipwhy_finding_set_endpoint(SipwhyFinding *finding, const char *name,
                                 const SipwhyEndpoint *endpoint)
{
    char *text = sipwhy_endpoint_text(endpoint);

    sipwhy_finding_set(finding, name, "%s", text);
    g_free(text);
}

void sipwhy_finding_prove(SipwhyFinding *finding, uint32_t frame)
{
    if (frame == 0 || finding->frame_count == SIPWHY_FINDING_FRAMES_MOST)
        return;
    for (unsigned i = 0; i < finding->frame_count; i++)
        if (finding->frames[i] == frame)
            return;
    finding->frames[finding->frame_count++] = frame;
}

void sipwhy_finding_set_frame(SipwhyFinding *finding, const char *name, uint32_t frame)
{
    sipwhy_finding_set(finding, name, "%u", frame);
    sipwhy_finding_prove(finding, frame);
}

const SipwhyFindingFacts *sipwhy_finding_facts(SipwhyFindingId id)
{
    return &sipwhy_finding_table[id];
}

const SipwhyFindingWords *sipwhy_finding_words(SipwhyWording wording, SipwhyLanguage language)
{
    return &sipwhy_finding_word_tables[language][wording];
}

bool sipwhy_finding_find(const char *id, SipwhyFindingId *out)
{
    for (unsigned i = 0; i < SIPWHY_FINDING_COUNT; i++) {
        if (g_ascii_strcasecmp(sipwhy_finding_table[i].id, id) != 0)
            continue;
        *out = (SipwhyFindingId)i;
        return true;
    }
    return false;
}

const SipwhyFindingWords *sipwhy_finding_wording_at(SipwhyFindingId id, size_t n,
                                                    SipwhyLanguage language)
{
    const size_t wording = sipwhy_finding_wordings[id] + n;

    if (wording >= sipwhy_finding_wordings[id + 1])
        return NULL;
    return sipwhy_finding_words((SipwhyWording)wording, language);
}

const char *sipwhy_finding_label(SipwhyFindingId id, SipwhyLanguage language)
{
    return sipwhy_finding_words(sipwhy_finding_wordings[id], language)->label;
}

static char *fill(const SipwhyFinding *finding, const char *template)
{
    return sipwhy_template_fill(template, finding->names, (const char *const *)finding->values,
                                finding->value_count);
}

char *sipwhy_finding_title(const SipwhyFinding *finding, SipwhyLanguage language)
{
    return fill(finding, sipwhy_finding_words(finding->wording, language)->title);
}

char *sipwhy_finding_text(const SipwhyFinding *finding, SipwhyLanguage language)
{
    return fill(finding, sipwhy_finding_words(finding->wording, language)->text);
}

size_t sipwhy_finding_fix_count(const SipwhyFinding *finding, SipwhyLanguage language)
{
    return sipwhy_finding_words(finding->wording, language)->fixes.count + (finding->q850 ? 1 : 0);
}

char *sipwhy_finding_fix(const SipwhyFinding *finding, size_t n, SipwhyLanguage language)
{
    const SipwhyFixes *own = &sipwhy_finding_words(finding->wording, language)->fixes;

    if (n >= own->count)
        return sipwhy_fix_text(language,
                               &sipwhy_cause_words(finding->q850, language)->fixes.fix[0]);
    char *text = fill(finding, own->fix[n].text);
    char *labelled = sipwhy_fix_text(language, &(SipwhyFix){own->fix[n].who, text});

    g_free(text);
    return labelled;
}

SipwhySubject sipwhy_subject_of(const SipwhyTrace *trace, const SipwhyEvent *event,
                                const SipwhyMessage *message)
{
    const SipwhyTransaction *own = event->transaction;
    const SipwhyTransaction *transaction = own && !own->disowned ? own : NULL;

    return (SipwhySubject){
        .trace = trace,
        .event = event,
        .transaction = transaction,
        .call = transaction ? transaction->call : NULL,
        .message = message,
    };
}

GPtrArray *sipwhy_find(const SipwhyTrace *trace, const SipwhyEvent *event,
                       const SipwhyMessage *message)
{
    const SipwhySubject subject = sipwhy_subject_of(trace, event, message);
    GPtrArray *findings = sipwhy_findings_new();
    SipwhyRule rule;

    for (size_t i = 0; (rule = sipwhy_rule_at(i)); i++)
        rule(&subject, findings);
    for (unsigned i = 0; i < findings->len; i++)
        ((SipwhyFinding *)findings->pdata[i])->frame = event->frame;
    return findings;
}

/* What a message is worth without any finding. */
static SipwhySeverity own_severity(const SipwhyExplanation *explanation)
{
    if (!explanation || (explanation->code && explanation->code->expected))
        return SIPWHY_SEVERITY_CHAT;
    return explanation->severity;
}

SipwhySeverity sipwhy_findings_severity(const GPtrArray *findings,
                                        const SipwhyExplanation *explanation, bool *expected)
{
    const SipwhySeverity own = own_severity(explanation);
    SipwhySeverity deciding = SIPWHY_SEVERITY_CHAT;
    SipwhySeverity raised = SIPWHY_SEVERITY_CHAT;
    bool decided = false;

    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        const SipwhySeverity severity = sipwhy_finding_table[finding->id].severity;
        if (finding->decides)
            deciding = MAX(deciding, severity);
        else
            raised = MAX(raised, severity);
        decided = decided || finding->decides;
    }
    const SipwhySeverity severity = MAX(decided ? deciding : own, raised);
    if (decided || !explanation)
        *expected = severity == SIPWHY_SEVERITY_CHAT;
    else
        *expected = explanation->code && explanation->code->expected && severity == own;
    return severity;
}
