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

void sipwhy_finding_clear(SipwhyFinding *finding)
{
    for (unsigned i = 0; i < finding->value_count; i++)
        sipwhy_value_clear(&finding->values[i]);
    finding->value_count = 0;
}

static void free_finding(void *data)
{
    sipwhy_finding_clear(data);
    g_free(data);
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

/* Takes what the value holds. A name that is set already gets the new one. */
static void set_value(SipwhyFinding *finding, const char *name, SipwhyValue value)
{
    unsigned i = 0;

    while (i < finding->value_count && strcmp(finding->names[i], name) != 0)
        i++;
    if (i == SIPWHY_FINDING_VALUES_MOST) {
        sipwhy_value_clear(&value);
        return;
    }
    if (i == finding->value_count)
        finding->value_count++;
    else
        sipwhy_value_clear(&finding->values[i]);
    finding->names[i] = name;
    finding->values[i] = value;
}

void sipwhy_finding_set(SipwhyFinding *finding, const char *name, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_value(finding, name,
              (SipwhyValue){SIPWHY_VALUE_TEXT, {.text = g_strdup_vprintf(format, arguments)}});
    va_end(arguments);
}

void sipwhy_finding_set_slice(SipwhyFinding *finding, const char *name, SipwhySlice slice)
{
    set_value(finding, name, (SipwhyValue){SIPWHY_VALUE_TEXT, {.text = sipwhy_short_text(slice)}});
}

void sipwhy_finding_set_duration(SipwhyFinding *finding, const char *name, int64_t microseconds)
{
    set_value(finding, name, (SipwhyValue){SIPWHY_VALUE_DURATION, {.duration = microseconds}});
}

void sipwhy_finding_set_word(SipwhyFinding *finding, const char *name, SipwhyText word)
{
    set_value(finding, name, (SipwhyValue){SIPWHY_VALUE_WORD, {.word = word}});
}

void sipwhy_finding_set_codes(SipwhyFinding *finding, const char *name, SipwhyNumbers codes)
{
    set_value(finding, name, (SipwhyValue){SIPWHY_VALUE_CODES, {.codes = codes}});
}

void sipwhy_finding_set_meaning(SipwhyFinding *finding, const char *name,
                                const SipwhyGivenReason *given)
{
    SipwhyGivenReason *kept = g_new(SipwhyGivenReason, 1);

    *kept = *given;
    kept->protocol = (SipwhySlice){0}; /* it points into the packet */
    set_value(finding, name, (SipwhyValue){SIPWHY_VALUE_REASON, {.reason = kept}});
} // NOLINT(clang-analyzer-unix.Malloc): the value holds it

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

static char *fill(const SipwhyFinding *finding, const char *template, SipwhyLanguage language)
{
    return sipwhy_template_fill_values(template, finding->names, finding->values,
                                       finding->value_count, language);
}

char *sipwhy_finding_title(const SipwhyFinding *finding, SipwhyLanguage language)
{
    return fill(finding, sipwhy_finding_words(finding->wording, language)->title, language);
}

char *sipwhy_finding_text(const SipwhyFinding *finding, SipwhyLanguage language)
{
    return fill(finding, sipwhy_finding_words(finding->wording, language)->text, language);
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
    char *text = fill(finding, own->fix[n].text, language);
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
