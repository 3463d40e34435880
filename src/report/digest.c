/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a capture comes to.
 */
#include "report/digest.h"

#include <string.h>

#include "hops.h"

enum { FIRST_REFUSAL = 300 };

typedef struct {
    SipwhyDigest *digest;
    GHashTable *kinds; /* SipwhyStoryKind by what makes it one */
    SipwhyTask *findings[SIPWHY_FINDING_COUNT];
    GHashTable *statuses; /* SipwhyTask by status code */
    SipwhyLanguage language;
} Digesting;

static unsigned hash_kind(const void *data)
{
    const SipwhyStoryKind *kind = data;
    const unsigned words[] = {
        kind->is_call,  kind->outcome,           kind->method, kind->code,
        kind->severity, (unsigned)kind->leading, kind->bare,   g_direct_hash(kind->titled)};
    unsigned hash = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        hash = hash * 31 + words[i];
    return hash;
}

static gboolean same_kind(const void *a, const void *b)
{
    const SipwhyStoryKind *one = a;
    const SipwhyStoryKind *other = b;

    return one->is_call == other->is_call && one->outcome == other->outcome &&
           one->method == other->method && one->code == other->code &&
           one->severity == other->severity && one->leading == other->leading &&
           one->bare == other->bare && one->titled == other->titled;
}

/* Where a story ended: at the server that sent the response which decided it, as far as the trace
 * shows that one. */
static const SipwhyTransaction *last_hop(const SipwhyStory *story)
{
    return story->code > 0 ? sipwhy_hop_of_final(story->deciding, story->deciding->final_tag)
                           : story->deciding;
}

static void count_server(SipwhyStoryKind *kind, const SipwhyStory *story)
{
    if (!story->deciding)
        return;
    const SipwhyTransaction *hop = last_hop(story);
    unsigned i = 0;

    kind->last_time = MAX(kind->last_time, MAX(hop->request.last_time, hop->final.time));
    while (i < kind->server_count && !sipwhy_same_endpoint(&kind->server[i].endpoint, &hop->server))
        i++;
    if (i == SIPWHY_SERVERS_MOST) {
        kind->elsewhere++;
        return;
    }
    if (i == kind->server_count)
        kind->server[kind->server_count++].endpoint = hop->server;
    kind->server[i].count++;
}

static void add_to_kind(Digesting *all, const SipwhyStory *story, size_t n)
{
    const SipwhyStoryNote *leading = sipwhy_story_leading(story);
    const SipwhyStoryKind key = {
        .is_call = story->is_call,
        .outcome = story->outcome.outcome,
        .method = story->method,
        .code = story->code,
        .severity = story->severity,
        .leading = leading ? (int)leading->finding->id : -1,
        .bare = leading ? 0 : story->bare.status,
        .titled = leading ? NULL : sipwhy_story_titled(story),
    };
    SipwhyStoryKind *kind = g_hash_table_lookup(all->kinds, &key);

    if (!kind) {
        kind = g_memdup2(&key, sizeof key);
        g_hash_table_add(all->kinds, kind);
        g_ptr_array_add(all->digest->kinds, kind);
    }
    if (kind->count < SIPWHY_SAMPLES_MOST)
        kind->sample[kind->count] = n;
    kind->count++;
    count_server(kind, story);
}

static SipwhyTask *new_task(Digesting *all, SipwhySeverity severity, uint32_t frame)
{
    SipwhyTask *task = g_new0(SipwhyTask, 1);

    task->severity = severity;
    task->frame = frame;
    g_ptr_array_add(all->digest->tasks, task);
    return task;
}

/* What one title does not say of all that have the finding, its label does. */
static void name_all(const Digesting *all, SipwhyTask *task, const SipwhyFinding *finding)
{
    char *title = sipwhy_finding_title(finding, all->language);

    if (strcmp(title, task->title) != 0) {
        g_free(task->title);
        task->title = g_strdup(sipwhy_finding_label(finding->id, all->language));
    }
    g_free(title);
}

static void count_finding(Digesting *all, const SipwhyStoryNote *note)
{
    SipwhyTask **task = &all->findings[note->finding->id];
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(note->finding->id);

    if (facts->severity == SIPWHY_SEVERITY_CHAT)
        return;
    if (!*task) {
        *task = new_task(all, facts->severity, note->frame);
        (*task)->id = facts->id;
        (*task)->title = sipwhy_finding_title(note->finding, all->language);
    } else {
        name_all(all, *task, note->finding);
    }
    (*task)->count++;
}

static void count_bare(Digesting *all, const SipwhyBareResponse *bare)
{
    void *key = GUINT_TO_POINTER(bare->status);
    SipwhyTask *task = g_hash_table_lookup(all->statuses, key);

    if (bare->status == 0)
        return;
    if (!task) {
        task = new_task(all, bare->severity, bare->frame);
        task->status = bare->status;
        g_hash_table_insert(all->statuses, key, task);
    }
    task->count++;
}

static void count_story(Digesting *all, const SipwhyStory *story, size_t n)
{
    all->digest->responses += story->responses;
    if (!story->call->call)
        all->digest->unidentified += story->call->messages->len;
    else if (story->is_call)
        all->digest->outcomes[story->outcome.outcome]++;
    else
        all->digest->requests[story->method]++;
    if (story->call->call && !story->is_call && story->code >= FIRST_REFUSAL)
        all->digest->refused[story->method]++;
    add_to_kind(all, story, n);
    for (unsigned i = 0; i < story->notes->len; i++)
        count_finding(all, story->notes->pdata[i]);
    count_bare(all, &story->bare);
}

/* Of calls that are equally grave, what failed comes before what merely did not end. */
static unsigned gravity(const SipwhyStoryKind *kind)
{
    static const unsigned ranks[SIPWHY_OUTCOME_COUNT] = {
        [SIPWHY_OUTCOME_FAILED] = 5,     [SIPWHY_OUTCOME_UNANSWERED] = 4,
        [SIPWHY_OUTCOME_INCOMPLETE] = 1, [SIPWHY_OUTCOME_REDIRECTED] = 2,
        [SIPWHY_OUTCOME_CANCELLED] = 2,  [SIPWHY_OUTCOME_ANSWERED] = 2,
    };

    if (kind->is_call)
        return ranks[kind->outcome];
    return kind->code >= FIRST_REFUSAL ? 3 : 0;
}

static int compare_kinds(const void *a, const void *b)
{
    const SipwhyStoryKind *one = *(SipwhyStoryKind *const *)a;
    const SipwhyStoryKind *other = *(SipwhyStoryKind *const *)b;

    if (one->severity != other->severity)
        return one->severity > other->severity ? -1 : 1;
    if (gravity(one) != gravity(other))
        return gravity(one) > gravity(other) ? -1 : 1;
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return one->sample[0] < other->sample[0] ? -1 : 1;
}

static int compare_tasks(const void *a, const void *b)
{
    const SipwhyTask *one = *(SipwhyTask *const *)a;
    const SipwhyTask *other = *(SipwhyTask *const *)b;

    if (one->severity != other->severity)
        return one->severity > other->severity ? -1 : 1;
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return one->frame < other->frame ? -1 : one->frame > other->frame;
}

static void free_task(void *data)
{
    SipwhyTask *task = data;
    g_free(task->title);
    g_free(task);
}

static void read_times(const SipwhyCapture *capture, SipwhyDigest *digest)
{
    const SipwhyCollected *message;

    for (size_t i = 0; (message = sipwhy_capture_message(capture, i)); i++) {
        const int64_t time = message->packet.time;
        digest->first_time = i ? MIN(digest->first_time, time) : time;
        digest->last_time = i ? MAX(digest->last_time, time) : time;
    }
}

SipwhyDigest *sipwhy_digest_new(const SipwhyCapture *capture, const SipwhyReportSettings *settings)
{
    SipwhyDigest *digest = g_new0(SipwhyDigest, 1);
    Digesting all = {.digest = digest, .language = settings->language};
    const SipwhyCollectedCall *call;

    digest->kinds = g_ptr_array_new_with_free_func(g_free);
    digest->tasks = g_ptr_array_new_with_free_func(free_task);
    all.kinds = g_hash_table_new(hash_kind, same_kind);
    all.statuses = g_hash_table_new(NULL, NULL);
    read_times(capture, digest);
    for (size_t i = 0; (call = sipwhy_capture_call(capture, i)); i++) {
        SipwhyStory story;
        sipwhy_story_read(capture, settings, call, &story);
        count_story(&all, &story, i);
        sipwhy_story_clear(&story);
    }
    g_hash_table_destroy(all.kinds);
    g_hash_table_destroy(all.statuses);
    g_ptr_array_sort(digest->kinds, compare_kinds);
    g_ptr_array_sort(digest->tasks, compare_tasks);
    return digest;
}

void sipwhy_digest_free(SipwhyDigest *digest)
{
    g_ptr_array_free(digest->kinds, TRUE);
    g_ptr_array_free(digest->tasks, TRUE);
    g_free(digest);
}
