/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a policy says of captures. Messages are charged with what was found on them, call by call;
 * the policy decides on each charge; what counts becomes a problem.
 */
#include "verdict.h"

#include <string.h>

#include "baseline.h"
#include "decide.h"
#include "expect.h"
#include "fingerprint.h"
#include "report/case_text.h"
#include "report/words.h"

/* A charge while it is being gathered. */
typedef struct {
    SipwhyCharge charge;
    const SipwhyRecordedFinding *finding; /* the first; NULL: the code alone */
    uint32_t frame;                       /* of the first message */
    uint16_t code;                        /* of the response; 0: a request */
    unsigned count;
    GPtrArray *messages;
    SipwhyDecision decision;
} Gathered;

/* The charges of one call. */
typedef struct {
    const SipwhyRecordedCall *call; /* NULL: messages that belong to none */
    const GPtrArray *messages;
    GPtrArray *findings;   /* Gathered */
    GPtrArray *codes;      /* Gathered */
    GHashTable *by_key;    /* Gathered, by id, method and code */
    GHashTable *explained; /* by method and code: Gathered of a finding that counts and explains */
} Gathering;

typedef struct {
    SipwhyVerdict *verdict;
    const SipwhyPolicy *policy;
    const SipwhyBaseline *baseline;
    const SipwhyRecording *capture;
    int64_t now;
    SipwhyLanguage language;
} Judging;

/* ---- what explains a response ---- */

/* Whether a finding is on the way a message was delivered, or written, and not on what a response
 * says. */
static bool is_beside(const SipwhyRecordedFinding *finding)
{
    static const char *const families[] = {"conformance", "capture", NULL};
    static const char *const ids[] = {"ack-missing", "ack-not-heard", "slow-answer", NULL};
    SipwhyFindingId id;

    if (!sipwhy_finding_find(finding->id, &id))
        return false;
    return g_strv_contains(families, sipwhy_finding_facts(id)->family) ||
           g_strv_contains(ids, finding->id);
}

/* What a code is worth by itself. */
static SipwhySeverity severity_of_code(unsigned code)
{
    SipwhyExplanation explanation;

    if (!sipwhy_explain(code, 0, &explanation))
        return SIPWHY_SEVERITY_CHAT;
    const bool is_ordinary = explanation.code && explanation.code->expected;
    return is_ordinary ? SIPWHY_SEVERITY_CHAT : explanation.severity;
}

static bool decides(const SipwhyRecordedFinding *finding)
{
    SipwhyFindingId id;

    return sipwhy_finding_find(finding->id, &id) && sipwhy_finding_facts(id)->decides;
}

/* Whether local knowledge says what a response is worth. */
static bool is_decided_locally(const SipwhyRecordedMessage *message)
{
    for (unsigned i = 0; message->local && i < message->local->len; i++)
        if (((const SipwhyRecordedLocal *)message->local->pdata[i])->severity >= 0)
            return true;
    return false;
}

/* What a response is worth without what stands beside it: a 200 that was not acknowledged is no
 * worse a 200. As in sipwhy_findings_severity, findings that decide replace what the code is worth;
 * others only raise it. */
static SipwhySeverity severity_of(const SipwhyRecordedMessage *message)
{
    SipwhySeverity deciding = SIPWHY_SEVERITY_CHAT;
    SipwhySeverity raised = SIPWHY_SEVERITY_CHAT;
    bool decided = false;
    bool has_beside = false;

    for (unsigned i = 0; message->findings && i < message->findings->len; i++) {
        const SipwhyRecordedFinding *finding = message->findings->pdata[i];
        if (is_beside(finding)) {
            has_beside = true;
        } else if (decides(finding)) {
            decided = true;
            deciding = MAX(deciding, finding->severity);
        } else {
            raised = MAX(raised, finding->severity);
        }
    }
    if (!has_beside || is_decided_locally(message))
        return message->severity;
    const SipwhySeverity own = MAX(decided ? deciding : severity_of_code(message->code), raised);
    return MIN(own, message->severity);
}

/* Whether a finding says why a response was sent, so that it stands for that response. */
static bool explains(const SipwhyRecordedFinding *finding, const SipwhyRecordedMessage *message)
{
    return message->is_response && !message->quoted && finding->severity > SIPWHY_SEVERITY_CHAT &&
           !is_beside(finding) && finding->severity >= severity_of(message);
}

/* ---- gathering ---- */

static void free_gathered(void *data)
{
    Gathered *gathered = data;

    g_ptr_array_free(gathered->messages, TRUE);
    g_free(gathered);
}

static Gathering begin_gathering(const SipwhyRecordedCall *call, const GPtrArray *messages)
{
    return (Gathering){
        .call = call,
        .messages = messages,
        .findings = g_ptr_array_new_with_free_func(free_gathered),
        .codes = g_ptr_array_new_with_free_func(free_gathered),
        .by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .explained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
}

static void end_gathering(Gathering *gathering)
{
    g_hash_table_destroy(gathering->explained);
    g_hash_table_destroy(gathering->by_key);
    g_ptr_array_free(gathering->codes, TRUE);
    g_ptr_array_free(gathering->findings, TRUE);
}

static char *key_of(const char *id, const char *method, unsigned code)
{
    return g_strdup_printf("%s\n%s\n%u", id ? id : "", method ? method : "", code);
}

/* The charge of that id (NULL: the code alone) on messages like this one; a new one is empty. */
static Gathered *gather(Gathering *gathering, const char *id, const char *method, uint16_t code)
{
    char *key = key_of(id, method, code);
    Gathered *gathered = g_hash_table_lookup(gathering->by_key, key);

    if (gathered) {
        g_free(key);
        return gathered;
    }
    gathered = g_new0(Gathered, 1);
    gathered->messages = g_ptr_array_new();
    gathered->code = code;
    gathered->charge = (SipwhyCharge){
        .id = id, .method = method, .call = gathering->call, .messages = gathered->messages};
    g_hash_table_insert(gathering->by_key, key, gathered);
    g_ptr_array_add(id ? gathering->findings : gathering->codes, gathered);
    return gathered;
}

/* `message` may be NULL: a filter left it out. */
static void charge(Gathered *gathered, const SipwhyRecordedMessage *message, uint32_t frame,
                   SipwhySeverity severity)
{
    const unsigned known = gathered->messages->len;

    if (message && (known == 0 || gathered->messages->pdata[known - 1] != message))
        g_ptr_array_add(gathered->messages, (void *)message);
    if (gathered->count++ == 0)
        gathered->frame = frame;
    gathered->charge.severity = MAX(gathered->charge.severity, severity);
}

static void charge_finding(Gathering *gathering, const SipwhyRecordedFinding *finding,
                           const SipwhyRecordedMessage *message)
{
    const char *method = message           ? message->method
                         : gathering->call ? gathering->call->method
                                           : NULL;
    const uint16_t code = message && message->is_response ? message->code : 0;
    Gathered *gathered = gather(gathering, finding->id, method, code);

    if (!gathered->finding)
        gathered->finding = finding;
    if (message && explains(finding, message))
        gathered->charge.code = code;
    charge(gathered, message, finding->frame, finding->severity);
}

/* The request in a frame; NULL: there is none among the messages, which are in the order of frames.
 */
static const SipwhyRecordedMessage *find_request(const GPtrArray *messages, uint32_t frame)
{
    unsigned from = 0;
    unsigned to = messages->len;

    while (from < to) {
        const unsigned middle = from + (to - from) / 2;
        const SipwhyRecordedMessage *message = messages->pdata[middle];
        if (message->frame < frame)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < messages->len; from++) {
        const SipwhyRecordedMessage *message = messages->pdata[from];
        if (message->frame != frame)
            break;
        if (!message->is_response)
            return message;
    }
    return NULL;
}

static void charge_findings(Gathering *gathering)
{
    const GPtrArray *own = gathering->call ? gathering->call->findings : NULL;

    for (unsigned i = 0; i < gathering->messages->len; i++) {
        const SipwhyRecordedMessage *message = gathering->messages->pdata[i];
        for (unsigned j = 0; message->findings && j < message->findings->len; j++)
            charge_finding(gathering, message->findings->pdata[j], message);
    }
    for (unsigned i = 0; own && i < own->len; i++) {
        const SipwhyRecordedFinding *finding = own->pdata[i];
        charge_finding(gathering, finding, find_request(gathering->messages, finding->frame));
    }
}

static void decide(const Judging *judging, const GPtrArray *charges)
{
    for (unsigned i = 0; i < charges->len; i++) {
        Gathered *gathered = charges->pdata[i];
        gathered->decision = sipwhy_decide(judging->policy, judging->now, &gathered->charge);
    }
}

/* Notes which codes have a finding that counts and explains them. A proxy passes on a response
 * without what explains it: of the same call, the same code to the same method is the same. */
static void note_explained(Gathering *gathering)
{
    for (unsigned i = 0; i < gathering->findings->len; i++) {
        Gathered *gathered = gathering->findings->pdata[i];
        if (gathered->decision.counts && gathered->charge.code > 0)
            g_hash_table_insert(gathering->explained,
                                key_of(NULL, gathered->charge.method, gathered->code), gathered);
    }
}

static bool is_explained(const Gathering *gathering, const SipwhyRecordedMessage *message)
{
    char *key = key_of(NULL, message->method, message->code);
    const bool explained = g_hash_table_contains(gathering->explained, key);

    g_free(key);
    return explained;
}

static void charge_codes(Gathering *gathering)
{
    for (unsigned i = 0; i < gathering->messages->len; i++) {
        const SipwhyRecordedMessage *message = gathering->messages->pdata[i];
        if (!message->is_response || message->quoted || message->repeated ||
            is_explained(gathering, message))
            continue;
        Gathered *gathered = gather(gathering, NULL, message->method, message->code);
        gathered->charge.code = message->code;
        charge(gathered, message, message->frame, severity_of(message));
    }
}

/* ---- problems ---- */

static void free_problem(void *data)
{
    SipwhyProblem *problem = data;

    g_free(problem->title);
    g_free(problem->text);
    g_strfreev(problem->fixes);
    g_free(problem->fingerprint);
    g_free(problem);
}

/* What the trace says of a response beside its code, if that is more than chat; or NULL. */
static const char *lesser_word(const SipwhyRecordedMessage *message)
{
    const SipwhyRecordedFinding *best = NULL;

    for (unsigned i = 0; message->findings && i < message->findings->len; i++) {
        const SipwhyRecordedFinding *finding = message->findings->pdata[i];
        if (finding->severity > (best ? best->severity : SIPWHY_SEVERITY_CHAT) &&
            !is_beside(finding))
            best = finding;
    }
    return best ? best->text : NULL;
}

/* What the code says, in its first line, and what this trace says beside; else the likeliest
 * cause. */
static char *text_of_code(const SipwhyExplanation *explanation,
                          const SipwhyRecordedMessage *message, SipwhyLanguage language)
{
    char **lines = sipwhy_description_lines(language, explanation);
    const char *description = lines[0] ? lines[0] : "";
    const char *word = lesser_word(message);
    char *text;

    if (word)
        text = g_strdup_printf("%s %s", description, word);
    else if (*description && explanation->causes.count > 0)
        text = sipwhy_text_format(language, SIPWHY_TEXT_VERDICT_CODE_TEXT, "description",
                                  description, "cause", explanation->causes.line[0], NULL);
    else
        text = g_strdup(description);
    g_strfreev(lines);
    return text;
}

/* ---- what local knowledge adds ---- */

static const SipwhyRecordedLocal *local_at(const SipwhyRecordedMessage *message, unsigned n)
{
    return message->local && n < message->local->len ? message->local->pdata[n] : NULL;
}

/* "478 - next hop does not resolve": the title of the last entry that has one. Takes the title. */
static char *with_local_title(char *title, const SipwhyRecordedMessage *message,
                              SipwhyLanguage language)
{
    const SipwhyRecordedLocal *local;
    const char *said = NULL;

    for (unsigned i = 0; (local = local_at(message, i)); i++)
        said = local->title ? local->title : said;
    if (!said)
        return title;
    char *both = sipwhy_text_format(language, SIPWHY_TEXT_REPORT_VERDICT, "verdict", title,
                                    "reason", said, NULL);
    g_free(title);
    return both;
}

/* Its lines that are no fixes, in front of what the table says. Takes `text`. */
static char *with_local_text(char *text, const SipwhyRecordedMessage *message)
{
    GString *all = g_string_new(NULL);
    const SipwhyRecordedLocal *local;

    for (unsigned i = 0; (local = local_at(message, i)); i++) {
        const unsigned texts = g_strv_length(local->texts);
        const unsigned fixes = MIN(g_strv_length(local->fixes), texts);
        for (unsigned n = 0; n < texts - fixes; n++)
            g_string_append_printf(all, "%s%s", all->len ? " " : "", local->texts[n]);
    }
    if (*text)
        g_string_append_printf(all, "%s%s", all->len ? " " : "", text);
    g_free(text);
    return g_string_free(all, FALSE);
}

static void append_local_fixes(GPtrArray *fixes, const SipwhyRecordedMessage *message,
                               SipwhyLanguage language)
{
    const SipwhyRecordedLocal *local;

    for (unsigned i = 0; (local = local_at(message, i)); i++) {
        for (char **fix = local->fixes; *fix; fix++)
            g_ptr_array_add(fixes, g_strdup(*fix));
        if (local->url)
            g_ptr_array_add(fixes, sipwhy_labelled_text(
                                       language, sipwhy_text(language, SIPWHY_TEXT_REPORT_RUNBOOK),
                                       local->url));
    }
}

static char **fixes_of_code(const SipwhyExplanation *explanation,
                            const SipwhyRecordedMessage *message, SipwhyLanguage language)
{
    GPtrArray *fixes = g_ptr_array_new();

    append_local_fixes(fixes, message, language);
    for (size_t i = 0; explanation && i < explanation->fixes.count; i++)
        g_ptr_array_add(fixes, sipwhy_fix_text(language, &explanation->fixes.fix[i]));
    g_ptr_array_add(fixes, NULL);
    return (char **)g_ptr_array_free(fixes, FALSE);
}

/* Words on a response that no finding explains. */
static void tell_code(SipwhyProblem *problem, const Gathered *gathered, SipwhyLanguage language)
{
    const SipwhyRecordedMessage *message = gathered->messages->pdata[0];
    SipwhyExplanation explanation;
    const bool known = sipwhy_explain(gathered->code, language, &explanation);

    if (known)
        sipwhy_case_apply_local(message, &explanation);
    char *text = known ? text_of_code(&explanation, message, language)
                       : sipwhy_registration_text(language, gathered->code);
    problem->title =
        with_local_title(sipwhy_words_code(language, gathered->code), message, language);
    problem->text = with_local_text(text, message);
    problem->fixes = fixes_of_code(known ? &explanation : NULL, message, language);
}

static void tell_finding(SipwhyProblem *problem, const SipwhyRecordedFinding *finding)
{
    problem->title = g_strdup(finding->title);
    problem->text = g_strdup(finding->text);
    problem->fixes = finding->fixes ? g_strdupv(finding->fixes) : g_new0(char *, 1);
    problem->evidence = finding->evidence;
}

/* "code-488", kept once for ever: problems point to it. */
static const char *rule_of_code(unsigned code)
{
    char *rule = g_strdup_printf("code-%03u", code);
    const char *kept = g_intern_string(rule);

    g_free(rule);
    return kept;
}

static const char *reason_of(const SipwhyPolicyRule *rule)
{
    if (!rule)
        return NULL;
    return rule->reason ? rule->reason : rule->name ? rule->name : "[policy]";
}

static void add_problem(Judging *judging, const Gathered *gathered)
{
    const SipwhyRecordedCall *call = gathered->charge.call;
    const SipwhyDecision *decision = &gathered->decision;

    if (!decision->counts)
        return;
    SipwhyProblem *problem = g_new0(SipwhyProblem, 1);
    problem->rule = gathered->finding ? gathered->finding->id : rule_of_code(gathered->code);
    problem->severity = gathered->charge.severity;
    problem->denied = decision->denied;
    if (gathered->finding)
        tell_finding(problem, gathered->finding);
    else
        tell_code(problem, gathered, judging->language);
    problem->recording = judging->capture;
    problem->call = call;
    problem->method = gathered->charge.method;
    problem->code = gathered->code;
    problem->frame = gathered->frame;
    problem->also = gathered->count - 1;
    problem->fingerprint = sipwhy_fingerprint(problem->rule, problem->method, problem->code,
                                              call ? call->from : NULL, call ? call->to : NULL);
    problem->decided_by = decision->by;
    problem->because = reason_of(decision->by);
    if (decision->allowed)
        problem->state = SIPWHY_PROBLEM_TOLERATED;
    else if (sipwhy_baseline_has(judging->baseline, problem->fingerprint))
        problem->state = SIPWHY_PROBLEM_KNOWN;
    judging->verdict->failing += problem->state == SIPWHY_PROBLEM_FAILS;
    g_ptr_array_add(judging->verdict->problems, problem);
}

static void judge_messages(Judging *judging, const SipwhyRecordedCall *call,
                           const GPtrArray *messages)
{
    Gathering gathering = begin_gathering(call, messages);

    charge_findings(&gathering);
    decide(judging, gathering.findings);
    note_explained(&gathering);
    charge_codes(&gathering);
    decide(judging, gathering.codes);
    for (unsigned i = 0; i < gathering.findings->len; i++)
        add_problem(judging, gathering.findings->pdata[i]);
    for (unsigned i = 0; i < gathering.codes->len; i++)
        add_problem(judging, gathering.codes->pdata[i]);
    end_gathering(&gathering);
}

/* ---- captures ---- */

/* The messages that belong to no call. */
static GPtrArray *find_strays(const SipwhyRecording *capture)
{
    GHashTable *owned = g_hash_table_new(NULL, NULL);
    GPtrArray *strays = g_ptr_array_new();

    for (unsigned i = 0; i < capture->calls->len; i++) {
        const SipwhyRecordedCall *call = capture->calls->pdata[i];
        for (unsigned j = 0; j < call->messages->len; j++)
            g_hash_table_add(owned, call->messages->pdata[j]);
    }
    for (unsigned i = 0; i < capture->messages->len; i++)
        if (!g_hash_table_contains(owned, capture->messages->pdata[i]))
            g_ptr_array_add(strays, capture->messages->pdata[i]);
    g_hash_table_destroy(owned);
    return strays;
}

static int compare_problems(const void *a, const void *b)
{
    const SipwhyProblem *one = *(SipwhyProblem *const *)a;
    const SipwhyProblem *other = *(SipwhyProblem *const *)b;

    if (one->frame != other->frame)
        return one->frame < other->frame ? -1 : 1;
    if (one->severity != other->severity)
        return one->severity > other->severity ? -1 : 1;
    const int rules = g_strcmp0(one->rule, other->rule);
    return rules != 0 ? rules : strcmp(one->fingerprint, other->fingerprint);
}

static void count_messages(SipwhyVerdict *verdict, const SipwhyRecording *capture)
{
    for (unsigned i = 0; i < capture->calls->len; i++)
        verdict->calls += ((const SipwhyRecordedCall *)capture->calls->pdata[i])->is_call;
    for (unsigned i = 0; i < capture->messages->len; i++) {
        const SipwhyRecordedMessage *message = capture->messages->pdata[i];
        verdict->responses += message->is_response && !message->quoted;
    }
}

static void judge_capture(Judging *judging, const SipwhyRecording *capture)
{
    GPtrArray *all = judging->verdict->problems;
    const unsigned before = all->len;
    GPtrArray *strays = find_strays(capture);

    judging->capture = capture;
    count_messages(judging->verdict, capture);
    for (unsigned i = 0; i < capture->calls->len; i++) {
        const SipwhyRecordedCall *call = capture->calls->pdata[i];
        judge_messages(judging, call, call->messages);
    }
    judge_messages(judging, NULL, strays);
    g_ptr_array_free(strays, TRUE);
    if (all->len > before)
        qsort(all->pdata + before, all->len - before, sizeof all->pdata[0], compare_problems);
}

/* ---- the verdict ---- */

static void note_expired(SipwhyVerdict *verdict, const SipwhyPolicy *policy, int64_t now)
{
    for (unsigned i = 0; i < policy->rules->len; i++)
        if (sipwhy_rule_is_over(policy->rules->pdata[i], now))
            g_ptr_array_add(verdict->expired, policy->rules->pdata[i]);
}

/* Nothing fails, and there was something to look at. */
static bool has_passed(const SipwhyVerdict *verdict)
{
    bool has_sip = false;

    for (unsigned i = 0; i < verdict->captures->len; i++)
        has_sip |= ((const SipwhyRecording *)verdict->captures->pdata[i])->messages->len > 0;
    for (unsigned i = 0; i < verdict->expectations->len; i++)
        if (!((const SipwhyExpectation *)verdict->expectations->pdata[i])->met)
            return false;
    return has_sip && verdict->failing == 0 && verdict->unchecked->len == 0;
}

static void free_unchecked(void *data)
{
    sipwhy_unchecked_free(data);
}

SipwhyVerdict *sipwhy_verdict_new(const GPtrArray *captures, GPtrArray *unchecked,
                                  const SipwhyPolicy *policy, const SipwhyBaseline *baseline,
                                  int64_t now, SipwhyLanguage language)
{
    SipwhyVerdict *verdict = g_new0(SipwhyVerdict, 1);
    Judging judging = {.verdict = verdict,
                       .policy = policy,
                       .baseline = baseline,
                       .now = now,
                       .language = language};

    verdict->captures = captures;
    verdict->unchecked = unchecked ? unchecked : g_ptr_array_new();
    g_ptr_array_set_free_func(verdict->unchecked, free_unchecked);
    verdict->problems = g_ptr_array_new_with_free_func(free_problem);
    verdict->expired = g_ptr_array_new();
    for (unsigned i = 0; i < captures->len; i++)
        judge_capture(&judging, captures->pdata[i]);
    verdict->expectations = sipwhy_expectations(captures, policy, language);
    note_expired(verdict, policy, now);
    verdict->passed = has_passed(verdict);
    return verdict;
}

void sipwhy_verdict_free(SipwhyVerdict *verdict)
{
    if (!verdict)
        return;
    g_ptr_array_free(verdict->expired, TRUE);
    g_ptr_array_free(verdict->expectations, TRUE);
    g_ptr_array_free(verdict->problems, TRUE);
    g_ptr_array_free(verdict->unchecked, TRUE);
    g_free(verdict);
}

SipwhyUnchecked *sipwhy_unchecked_new(const char *file, const char *text, bool fails)
{
    SipwhyUnchecked *unchecked = g_new(SipwhyUnchecked, 1);

    *unchecked = (SipwhyUnchecked){g_strdup(file), g_strdup(text), fails};
    return unchecked;
}

void sipwhy_unchecked_free(SipwhyUnchecked *unchecked)
{
    if (!unchecked)
        return;
    g_free((char *)unchecked->file);
    g_free(unchecked->text);
    g_free(unchecked);
}
