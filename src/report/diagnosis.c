/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What captures come to: their cases by kind, worst first, and how often which code and which
 * finding occurs.
 */
#include "report/diagnosis.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_REFUSAL = 300, CODES = 1000 };

/* Cases that came to the same. */
typedef struct {
    size_t count;
    size_t first; /* place of the first of them */
} Kind;

/* A case, and what its place in the list depends on. */
typedef struct {
    SipwhyCase shown;
    Kind *kind;
    size_t place; /* in the order of captures and frames */
} Ranked;

/* A row of a table, while it is counted. */
typedef struct {
    SipwhyTally tally;
    const SipwhyCase *last_case; /* that was counted */
    const SipwhyRecordedMessage *last_message;
} Counter;

typedef struct {
    SipwhyDiagnosis *diagnosis;
    GHashTable *kinds;    /* name -> Kind */
    GHashTable *findings; /* id -> Counter */
    Counter *codes[CODES];
} Counting;

/* ---- the findings of a case ---- */

const SipwhyRecordedMessage *sipwhy_case_message(const SipwhyCase *one, uint32_t frame,
                                                 uint16_t code)
{
    const GPtrArray *messages = one->call->messages;

    for (unsigned i = 0; frame > 0 && i < messages->len; i++) {
        const SipwhyRecordedMessage *message = messages->pdata[i];
        if (message->frame == frame && (code == 0 || message->code == code))
            return message;
    }
    return NULL;
}

static int compare_findings(const void *a, const void *b, void *data)
{
    const SipwhyRecordedFinding *leading = data;
    const SipwhyRecordedFinding *one = *(SipwhyRecordedFinding *const *)a;
    const SipwhyRecordedFinding *other = *(SipwhyRecordedFinding *const *)b;

    if ((one == leading) != (other == leading))
        return one == leading ? -1 : 1;
    if (one->severity != other->severity)
        return one->severity > other->severity ? -1 : 1;
    if (one->frame != other->frame)
        return one->frame < other->frame ? -1 : 1;
    return strcmp(one->id, other->id);
}

static void append_all(GPtrArray *list, const GPtrArray *findings)
{
    for (unsigned i = 0; findings && i < findings->len; i++)
        g_ptr_array_add(list, findings->pdata[i]);
}

static GPtrArray *all_findings(const SipwhyRecordedCall *call)
{
    GPtrArray *all = g_ptr_array_new();

    append_all(all, call->findings);
    for (unsigned i = 0; i < call->messages->len; i++)
        append_all(all, ((const SipwhyRecordedMessage *)call->messages->pdata[i])->findings);
    g_ptr_array_sort_with_data(all, compare_findings, (void *)call->leading);
    return all;
}

/* Whether a finding is told: what is grave, what says why, and what is on the response that the
 * case is about. What a capture lacks is told where it hides what was asked. */
static bool is_told(const SipwhyCase *one, const SipwhyRecordedFinding *finding)
{
    const SipwhyRecordedCall *call = one->call;
    const bool deciding = call->code_in > 0 && finding->frame == call->code_in;

    if (finding->severity > SIPWHY_SEVERITY_CHAT || finding == call->leading)
        return true;
    if (one->severity == SIPWHY_SEVERITY_CHAT)
        return false;
    if (g_strcmp0(finding->category,
                  sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, SIPWHY_CATEGORY_CAPTURE)) == 0)
        return deciding && strcmp(finding->id, "request-not-captured") == 0;
    return deciding || (call->bare && finding->frame == call->bare->frame);
}

static GPtrArray *told_findings(const SipwhyCase *one)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *told = g_ptr_array_new();

    for (unsigned i = 0; i < one->all->len; i++) {
        const SipwhyRecordedFinding *finding = one->all->pdata[i];
        if (is_told(one, finding) && g_hash_table_add(ids, (void *)finding->id))
            g_ptr_array_add(told, (void *)finding);
    }
    g_hash_table_destroy(ids);
    return told;
}

/* ---- the local knowledge of a case ---- */

/* Whether a response decided the case, on this hop or on another one. */
static bool is_deciding(const SipwhyCase *one, const SipwhyRecordedMessage *message)
{
    const SipwhyRecordedCall *call = one->call;
    const SipwhyRecordedMessage *deciding = sipwhy_case_message(one, call->code_in, call->code);

    return call->code > 0 && message->code == call->code &&
           (message->frame == call->code_in ||
            (deciding && g_strcmp0(message->method, deciding->method) == 0));
}

static void note_local(SipwhyCase *one, const SipwhyRecordedLocal *entry, uint32_t frame,
                       bool deciding)
{
    SipwhyCaseLocal *known = NULL;

    for (unsigned i = 0; i < one->local->len && !known; i++) {
        SipwhyCaseLocal *local = &g_array_index(one->local, SipwhyCaseLocal, i);
        known = local->entry == entry ? local : NULL;
    }
    if (!known) {
        const SipwhyCaseLocal added = {entry, frame, deciding};
        g_array_append_val(one->local, added);
    } else if (deciding && !known->on_deciding) {
        *known = (SipwhyCaseLocal){entry, frame, true};
    }
}

static void note_locals(SipwhyCase *one)
{
    for (unsigned i = 0; i < one->call->messages->len; i++) {
        const SipwhyRecordedMessage *message = one->call->messages->pdata[i];
        if (!message->local || message->local->len == 0 || message->quoted)
            continue;
        const bool deciding = is_deciding(one, message);
        for (unsigned n = 0; n < message->local->len; n++)
            if (deciding || message->severity > SIPWHY_SEVERITY_CHAT)
                note_local(one, message->local->pdata[n], message->frame, deciding);
    }
}

const SipwhyRecordedLocal *sipwhy_case_titled(const SipwhyCase *one)
{
    const SipwhyRecordedMessage *bare = one->call->bare;
    const SipwhyRecordedLocal *titled = NULL;

    for (unsigned i = 0; i < one->local->len; i++) {
        const SipwhyCaseLocal *local = &g_array_index(one->local, SipwhyCaseLocal, i);
        if (local->entry->title && (local->on_deciding || (bare && local->frame == bare->frame)))
            titled = local->entry;
    }
    return titled;
}

/* ---- cases ---- */

/* Whatever its messages are worth each: who calls and reaches nobody wants to know why. */
static SipwhySeverity severity_of(const SipwhyRecordedCall *call)
{
    const bool failed = call->is_call && (call->outcome == SIPWHY_OUTCOME_FAILED ||
                                          call->outcome == SIPWHY_OUTCOME_UNANSWERED);

    return failed ? MAX(call->severity, SIPWHY_SEVERITY_NOTE) : call->severity;
}

/* What cases of a kind have in common. A call's method is that of its first message, which may be
 * any. The caller frees it. */
static char *kind_name(const SipwhyCase *one)
{
    const SipwhyRecordedCall *call = one->call;
    const char *leading = call->leading ? call->leading->id : "";
    const unsigned bare = call->bare && !call->leading ? call->bare->code : 0;
    const SipwhyRecordedLocal *titled = call->leading ? NULL : sipwhy_case_titled(one);

    return g_strdup_printf("%d %d %d %u %s %u %s\n%s\n%s", one->severity, call->is_call,
                           call->outcome, call->code, leading, bare,
                           call->is_call || !call->method ? "" : call->method,
                           titled ? titled->file : "", titled ? titled->id : "");
}

static Kind *find_kind(Counting *counting, const SipwhyCase *one, size_t place)
{
    char *name = kind_name(one);
    Kind *kind = g_hash_table_lookup(counting->kinds, name);

    if (kind) {
        g_free(name);
    } else {
        kind = g_new0(Kind, 1);
        kind->first = place;
        g_hash_table_insert(counting->kinds, name, kind);
    }
    kind->count++;
    return kind;
}

/* Of cases that are equally grave, what failed comes before what merely did not end. */
static unsigned gravity(const SipwhyRecordedCall *call)
{
    static const unsigned ranks[SIPWHY_OUTCOME_COUNT] = {
        [SIPWHY_OUTCOME_FAILED] = 5,     [SIPWHY_OUTCOME_UNANSWERED] = 4,
        [SIPWHY_OUTCOME_INCOMPLETE] = 1, [SIPWHY_OUTCOME_REDIRECTED] = 2,
        [SIPWHY_OUTCOME_CANCELLED] = 2,  [SIPWHY_OUTCOME_ANSWERED] = 2,
    };

    if (call->is_call)
        return call->outcome >= 0 && call->outcome < SIPWHY_OUTCOME_COUNT ? ranks[call->outcome]
                                                                          : 1;
    return call->code >= FIRST_REFUSAL ? 3 : 0;
}

static int compare_cases(const void *a, const void *b)
{
    const Ranked *one = *(Ranked *const *)a;
    const Ranked *other = *(Ranked *const *)b;
    const unsigned grave = gravity(one->shown.call);
    const unsigned other_grave = gravity(other->shown.call);

    if (one->shown.severity != other->shown.severity)
        return one->shown.severity > other->shown.severity ? -1 : 1;
    if (grave != other_grave)
        return grave > other_grave ? -1 : 1;
    if (one->kind->count != other->kind->count)
        return one->kind->count > other->kind->count ? -1 : 1;
    if (one->kind->first != other->kind->first)
        return one->kind->first < other->kind->first ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

static void number_kinds(GPtrArray *cases)
{
    const Kind *last = NULL;
    size_t number = 0;

    for (unsigned i = 0; i < cases->len; i++) {
        Ranked *ranked = cases->pdata[i];
        number += ranked->kind != last;
        last = ranked->kind;
        ranked->shown.kind = number;
        ranked->kind = NULL; /* it goes away with the table of kinds */
    }
}

static void free_case(void *data)
{
    Ranked *ranked = data;
    g_ptr_array_free(ranked->shown.findings, TRUE);
    g_ptr_array_free(ranked->shown.all, TRUE);
    g_array_free(ranked->shown.local, TRUE);
    g_free(ranked);
}

/* ---- tables ---- */

static void count_one(Counter *counter, const SipwhyCase *one, const SipwhyRecordedMessage *message,
                      SipwhySeverity severity)
{
    counter->tally.severity = MAX(counter->tally.severity, severity);
    counter->tally.messages += !message || message != counter->last_message;
    counter->tally.calls += one != counter->last_case;
    counter->last_case = one;
    counter->last_message = message;
}

static const char *phrase_of(const SipwhyRecordedMessage *message)
{
    const SipwhyCode *code = sipwhy_code_find(message->code);

    return code ? code->phrase : message->phrase ? message->phrase : "";
}

static void count_code(Counting *counting, const SipwhyCase *one,
                       const SipwhyRecordedMessage *message)
{
    Counter **counter = &counting->codes[message->code % CODES];

    if (!*counter) {
        char number[8];
        g_snprintf(number, sizeof number, "%03u", message->code % CODES);
        *counter = g_new0(Counter, 1);
        (*counter)->tally.name = g_intern_string(number);
        (*counter)->tally.text = phrase_of(message);
        g_ptr_array_add(counting->diagnosis->codes, *counter);
    }
    count_one(*counter, one, message, message->severity);
}

static void count_findings(Counting *counting, const SipwhyCase *one, const GPtrArray *findings,
                           const SipwhyRecordedMessage *message)
{
    for (unsigned i = 0; findings && i < findings->len; i++) {
        const SipwhyRecordedFinding *finding = findings->pdata[i];
        Counter *counter = g_hash_table_lookup(counting->findings, finding->id);
        if (finding->severity == SIPWHY_SEVERITY_CHAT)
            continue;
        if (!counter) {
            counter = g_new0(Counter, 1);
            counter->tally.name = finding->id;
            counter->tally.text = finding->title;
            g_hash_table_insert(counting->findings, (void *)finding->id, counter);
            g_ptr_array_add(counting->diagnosis->findings, counter);
        }
        count_one(counter, one, message, finding->severity);
    }
}

static int compare_codes(const void *a, const void *b)
{
    return strcmp((*(SipwhyTally *const *)a)->name, (*(SipwhyTally *const *)b)->name);
}

static int compare_tallies(const void *a, const void *b)
{
    const SipwhyTally *one = *(SipwhyTally *const *)a;
    const SipwhyTally *other = *(SipwhyTally *const *)b;

    if (one->severity != other->severity)
        return one->severity > other->severity ? -1 : 1;
    if (one->calls != other->calls)
        return one->calls > other->calls ? -1 : 1;
    if (one->messages != other->messages)
        return one->messages > other->messages ? -1 : 1;
    return strcmp(one->name, other->name);
}

const char *sipwhy_tally_text(const SipwhyTally *tally, SipwhyLanguage language)
{
    SipwhyFindingId id;

    if (!g_ascii_isdigit(tally->name[0]) && sipwhy_finding_find(tally->name, &id))
        return sipwhy_finding_label(id, language);
    return tally->text;
}

/* ---- all of it ---- */

static void count_message(Counting *counting, const SipwhyCase *one,
                          const SipwhyRecordedMessage *message)
{
    SipwhyDiagnosis *diagnosis = counting->diagnosis;

    if (message->time != SIPWHY_NO_TIME) {
        const bool first = diagnosis->first_time == SIPWHY_NO_TIME;
        diagnosis->first_time = first ? message->time : MIN(diagnosis->first_time, message->time);
        diagnosis->last_time = first ? message->time : MAX(diagnosis->last_time, message->time);
    }
    count_findings(counting, one, message->findings, message);
    if (message->is_response && !message->quoted && !message->repeated) {
        diagnosis->responses++;
        count_code(counting, one, message);
    }
}

static void add_case(Counting *counting, const SipwhyRecording *recording,
                     const SipwhyRecordedCall *call)
{
    SipwhyDiagnosis *diagnosis = counting->diagnosis;
    Ranked *ranked = g_new0(Ranked, 1);
    SipwhyCase *one = &ranked->shown;

    one->recording = recording;
    one->call = call;
    one->severity = severity_of(call);
    one->all = all_findings(call);
    one->findings = told_findings(one);
    one->local = g_array_new(FALSE, FALSE, sizeof(SipwhyCaseLocal));
    note_locals(one);
    ranked->place = diagnosis->cases->len;
    ranked->kind = find_kind(counting, one, ranked->place);
    g_ptr_array_add(diagnosis->cases, ranked);
    diagnosis->by_severity[one->severity]++;
    diagnosis->calls += call->is_call;
    if (call->is_call && call->outcome >= 0 && call->outcome < SIPWHY_OUTCOME_COUNT)
        diagnosis->outcomes[call->outcome]++;
    count_findings(counting, one, call->findings, NULL);
    for (unsigned i = 0; i < call->messages->len; i++)
        count_message(counting, one, call->messages->pdata[i]);
}

SipwhyUnread *sipwhy_unread_new(const char *file, const char *text)
{
    SipwhyUnread *unread = g_new(SipwhyUnread, 1);

    *unread = (SipwhyUnread){file, g_strdup(text)};
    return unread;
}

void sipwhy_unread_free(SipwhyUnread *unread)
{
    if (!unread)
        return;
    g_free(unread->text);
    g_free(unread);
}

static void free_unread(void *data)
{
    sipwhy_unread_free(data);
}

SipwhyDiagnosis *sipwhy_diagnosis_new(const GPtrArray *captures, GPtrArray *unread)
{
    SipwhyDiagnosis *diagnosis = g_new0(SipwhyDiagnosis, 1);
    Counting counting = {.diagnosis = diagnosis};

    diagnosis->captures = captures;
    diagnosis->unread = unread ? unread : g_ptr_array_new();
    g_ptr_array_set_free_func(diagnosis->unread, free_unread);
    diagnosis->cases = g_ptr_array_new_with_free_func(free_case);
    diagnosis->codes = g_ptr_array_new_with_free_func(g_free);
    diagnosis->findings = g_ptr_array_new_with_free_func(g_free);
    diagnosis->first_time = diagnosis->last_time = SIPWHY_NO_TIME;
    counting.kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    counting.findings = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < captures->len; i++) {
        const SipwhyRecording *recording = captures->pdata[i];
        for (unsigned n = 0; n < recording->calls->len; n++)
            add_case(&counting, recording, recording->calls->pdata[n]);
    }
    g_ptr_array_sort(diagnosis->cases, compare_cases);
    number_kinds(diagnosis->cases);
    g_ptr_array_sort(diagnosis->codes, compare_codes);
    g_ptr_array_sort(diagnosis->findings, compare_tallies);
    g_hash_table_destroy(counting.findings);
    g_hash_table_destroy(counting.kinds);
    return diagnosis;
}

void sipwhy_diagnosis_free(SipwhyDiagnosis *diagnosis)
{
    if (!diagnosis)
        return;
    g_ptr_array_free(diagnosis->unread, TRUE);
    g_ptr_array_free(diagnosis->cases, TRUE);
    g_ptr_array_free(diagnosis->codes, TRUE);
    g_ptr_array_free(diagnosis->findings, TRUE);
    g_free(diagnosis);
}
