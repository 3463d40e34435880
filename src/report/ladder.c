/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a ladder shows: columns, rows, what is folded and what is left out.
 */
#include "report/ladder.h"

#include <string.h>

#include "report/words.h"
#include "value.h"

enum {
    HEAD_ROWS = 18, /* of a long call */
    TAIL_ROWS = 10,
    BRIEF = 20000,      /* microseconds */
    FINDINGS_MOST = 32, /* of a row, so that a flood of them costs no time */
};

/* Ladder in the making. */
typedef struct {
    SipwhyLadder *ladder;
    GHashTable *endpoints; /* address -> number of its column + 1 */
    GHashTable *pairs;     /* "a\nb" -> Pair */
    GHashTable *requests;  /* frame -> SipwhyLadderRow: findings on requests name their frame */
    GHashTable *heard;     /* "column\nkind\nagent": it got that from another one */
} Builder;

/* The last two rows between two endpoints. */
typedef struct {
    SipwhyLadderRow *last;
    SipwhyLadderRow *before;
} Pair;

static void free_row(void *data)
{
    SipwhyLadderRow *row = data;

    g_ptr_array_free(row->findings, TRUE);
    g_free(row);
}

static SipwhyLadderRow *new_row(const SipwhyRecordedMessage *message)
{
    SipwhyLadderRow *row = g_new0(SipwhyLadderRow, 1);

    row->message = message;
    row->severity = SIPWHY_SEVERITY_CHAT;
    row->findings = g_ptr_array_new();
    return row;
}

static const char *name_of(const char *endpoint)
{
    return endpoint ? endpoint : "?";
}

/* ---- columns ---- */

static unsigned column_of(Builder *builder, const char *endpoint)
{
    GPtrArray *columns = builder->ladder->columns;
    const char *name = name_of(endpoint);
    const unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(builder->endpoints, name));

    if (known > 0)
        return known - 1;
    builder->ladder->endpoints++;
    if (columns->len == SIPWHY_LADDER_COLUMNS_MOST) {
        SipwhyLadderColumn *shared = columns->pdata[columns->len - 1];
        shared->name = NULL;
        shared->agent = NULL;
        shared->endpoints++;
    } else {
        SipwhyLadderColumn *column = g_new0(SipwhyLadderColumn, 1);
        column->name = name;
        column->endpoints = 1;
        g_ptr_array_add(columns, column);
    }
    g_hash_table_insert(builder->endpoints, (void *)name, GUINT_TO_POINTER(columns->len));
    return columns->len - 1;
}

/* Who made a message calls itself something, and a proxy passes that on. So the name is the
 * sender's only if it did not get it from somebody in a message of the same kind before. */
static void note_agent(Builder *builder, const SipwhyRecordedMessage *message, unsigned from,
                       unsigned to)
{
    SipwhyLadderColumn *column = builder->ladder->columns->pdata[from];
    const char kind = message->is_response ? 'r' : 'q';

    if (!message->agent)
        return;
    char *said = g_strdup_printf("%u\n%c\n%s", from, kind, message->agent);
    if (column->name && !column->agent && !g_hash_table_contains(builder->heard, said))
        column->agent = message->agent;
    g_free(said);
    if (!message->quoted)
        g_hash_table_add(builder->heard, g_strdup_printf("%u\n%c\n%s", to, kind, message->agent));
}

/* ---- rows ---- */

static Pair *pair_of(Builder *builder, const SipwhyRecordedMessage *message)
{
    const char *one = name_of(message->source);
    const char *other = name_of(message->destination);
    const bool swapped = strcmp(one, other) > 0;
    char *key = g_strdup_printf("%s\n%s", swapped ? other : one, swapped ? one : other);
    Pair *pair = g_hash_table_lookup(builder->pairs, key);

    if (pair) {
        g_free(key);
        return pair;
    }
    pair = g_new0(Pair, 1);
    g_hash_table_insert(builder->pairs, key, pair);
    return pair;
}

static bool is_same(const SipwhyRecordedMessage *one, const SipwhyRecordedMessage *other)
{
    return one->is_response == other->is_response && one->code == other->code &&
           one->quoted == other->quoted && g_strcmp0(one->method, other->method) == 0 &&
           g_strcmp0(one->source, other->source) == 0 &&
           g_strcmp0(one->destination, other->destination) == 0;
}

/* The row that a repeated message belongs to, or NULL: one of the last two between the same
 * endpoints, for a 200 and its ACK are repeated in turn. */
static SipwhyLadderRow *find_repeated(const Pair *pair, const SipwhyRecordedMessage *message)
{
    if (!message->repeated || !pair->last)
        return NULL;
    if (is_same(pair->last->message, message))
        return pair->last;
    return pair->before && is_same(pair->before->message, message) ? pair->before : NULL;
}

static void add_finding(SipwhyLadderRow *row, const SipwhyRecordedFinding *finding)
{
    if (row->findings->len == FINDINGS_MOST)
        return;
    for (unsigned i = 0; i < row->findings->len; i++) {
        const SipwhyRecordedFinding *known = row->findings->pdata[i];
        if (g_strcmp0(known->id, finding->id) == 0)
            return;
    }
    row->severity = MAX(row->severity, finding->severity);
    g_ptr_array_add(row->findings, (void *)finding);
}

static void add_message(Builder *builder, const SipwhyRecordedMessage *message)
{
    const unsigned from = column_of(builder, message->source);
    const unsigned to = column_of(builder, message->destination);
    Pair *pair = pair_of(builder, message);
    SipwhyLadderRow *row = find_repeated(pair, message);

    if (!row) {
        row = new_row(message);
        row->from = from;
        row->to = to;
        g_ptr_array_add(builder->ladder->rows, row);
        pair->before = pair->last;
        pair->last = row;
    }
    row->count++;
    row->last_frame = message->frame;
    row->last_time = message->time;
    note_agent(builder, message, from, to);
    if (!message->is_response && !message->quoted)
        g_hash_table_insert(builder->requests, GUINT_TO_POINTER(message->frame), row);
    if (message->is_response && !message->quoted)
        row->severity = MAX(row->severity, message->severity);
    for (unsigned i = 0; message->findings && i < message->findings->len; i++)
        add_finding(row, message->findings->pdata[i]);
}

static int compare_findings(const void *a, const void *b)
{
    const SipwhyRecordedFinding *one = *(SipwhyRecordedFinding *const *)a;
    const SipwhyRecordedFinding *other = *(SipwhyRecordedFinding *const *)b;

    if (one->severity != other->severity)
        return one->severity > other->severity ? -1 : 1;
    return g_strcmp0(one->id, other->id);
}

static void add_findings(Builder *builder, const SipwhyRecordedCall *call)
{
    GPtrArray *rows = builder->ladder->rows;

    for (unsigned i = 0; call->findings && i < call->findings->len; i++) {
        const SipwhyRecordedFinding *finding = call->findings->pdata[i];
        SipwhyLadderRow *row =
            g_hash_table_lookup(builder->requests, GUINT_TO_POINTER(finding->frame));
        if (row)
            add_finding(row, finding);
    }
    for (unsigned i = 0; i < rows->len; i++)
        g_ptr_array_sort(((SipwhyLadderRow *)rows->pdata[i])->findings, compare_findings);
}

/* ---- what is left out ---- */

/* Which rows stay: the beginning, the end, and between them what is worst, as far as there is room.
 */
static void choose(const GPtrArray *rows, bool *stays)
{
    unsigned room = SIPWHY_LADDER_ROWS_MOST - HEAD_ROWS - TAIL_ROWS;

    for (unsigned i = 0; i < rows->len; i++)
        stays[i] = i < HEAD_ROWS || i + TAIL_ROWS >= rows->len;
    for (int severity = SIPWHY_SEVERITY_COUNT - 1; severity > SIPWHY_SEVERITY_CHAT; severity--)
        for (unsigned i = HEAD_ROWS; i + TAIL_ROWS < rows->len && room > 1; i++) {
            const SipwhyLadderRow *row = rows->pdata[i];
            if (stays[i] || row->severity != (SipwhySeverity)severity)
                continue;
            room -= stays[i - 1] ? 1 : 2; /* what stands before it is often its request */
            stays[i - 1] = true;
            stays[i] = true;
        }
}

static void cut(SipwhyLadder *ladder)
{
    GPtrArray *all = ladder->rows;

    if (all->len <= SIPWHY_LADDER_ROWS_MOST)
        return;
    bool *stays = g_new(bool, all->len);
    SipwhyLadderRow *gap = NULL;
    choose(all, stays);
    ladder->rows = g_ptr_array_new_with_free_func(free_row);
    for (unsigned i = 0; i < all->len; i++) {
        SipwhyLadderRow *row = all->pdata[i];
        if (stays[i]) {
            g_ptr_array_add(ladder->rows, row);
            gap = NULL;
            continue;
        }
        if (!gap) {
            gap = new_row(NULL);
            g_ptr_array_add(ladder->rows, gap);
        }
        gap->count += row->count;
        free_row(row);
    }
    g_free(stays);
    g_ptr_array_set_free_func(all, NULL);
    g_ptr_array_free(all, TRUE);
}

SipwhyLadder *sipwhy_ladder_new(const SipwhyRecordedCall *call)
{
    SipwhyLadder *ladder = g_new0(SipwhyLadder, 1);
    Builder builder = {
        .ladder = ladder,
        .endpoints = g_hash_table_new(g_str_hash, g_str_equal),
        .pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .requests = g_hash_table_new(NULL, NULL),
        .heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };

    ladder->call = call;
    ladder->columns = g_ptr_array_new_with_free_func(g_free);
    ladder->rows = g_ptr_array_new_with_free_func(free_row);
    ladder->begin = SIPWHY_NO_TIME;
    for (unsigned i = 0; i < call->messages->len; i++) {
        const SipwhyRecordedMessage *message = call->messages->pdata[i];
        if (ladder->begin == SIPWHY_NO_TIME)
            ladder->begin = message->time;
        if (message->time != SIPWHY_NO_TIME)
            ladder->brief = message->time - ladder->begin < BRIEF;
        add_message(&builder, message);
    }
    add_findings(&builder, call);
    cut(ladder);
    g_hash_table_destroy(builder.heard);
    g_hash_table_destroy(builder.requests);
    g_hash_table_destroy(builder.pairs);
    g_hash_table_destroy(builder.endpoints);
    return ladder;
}

void sipwhy_ladder_free(SipwhyLadder *ladder)
{
    if (!ladder)
        return;
    g_ptr_array_free(ladder->rows, TRUE);
    g_ptr_array_free(ladder->columns, TRUE);
    g_free(ladder);
}

/* ---- words ---- */

static char *message_label(const SipwhyRecordedMessage *message, SipwhyLanguage language)
{
    char *what;

    if (message->is_response)
        what = g_strdup_printf("%03u %s", message->code, message->phrase ? message->phrase : "");
    else
        what = g_strdup(message->method ? message->method
                                        : sipwhy_text(language, SIPWHY_TEXT_REQUEST));
    g_strchomp(what);
    if (!message->quoted)
        return what;
    char *quoted = sipwhy_text_format(language, SIPWHY_TEXT_HTML_ICMP, "what", what, NULL);
    g_free(what);
    return quoted;
}

char *sipwhy_ladder_label(const SipwhyLadderRow *row, SipwhyLanguage language)
{
    char *what = message_label(row->message, language);
    const bool timed = row->message->time != SIPWHY_NO_TIME && row->last_time != SIPWHY_NO_TIME;

    if (row->count < 2)
        return what;
    char *count = sipwhy_words_number(row->count);
    char *span = sipwhy_duration_text(timed ? row->last_time - row->message->time : 0, language);
    char *text =
        sipwhy_text_format(language, timed ? SIPWHY_TEXT_HTML_TIMES_OVER : SIPWHY_TEXT_HTML_TIMES,
                           "count", count, "what", what, "time", span, NULL);
    g_free(span);
    g_free(count);
    g_free(what);
    return text;
}

char *sipwhy_ladder_time(const SipwhyLadder *ladder, const SipwhyLadderRow *row)
{
    if (!row->message || row->message->time == SIPWHY_NO_TIME || ladder->begin == SIPWHY_NO_TIME)
        return g_strdup("");
    const int64_t time = row->message->time - ladder->begin;
    const int64_t unit = ladder->brief ? 1 : 1000;
    const int64_t units = (ABS(time) + unit / 2) / unit;
    const int64_t second = G_USEC_PER_SEC / unit;
    return g_strdup_printf("%s%" G_GINT64_FORMAT ".%0*d s", time < 0 ? "-" : "", units / second,
                           ladder->brief ? 6 : 3, (int)(units % second));
}
