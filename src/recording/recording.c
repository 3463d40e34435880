/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a recording line by line. What the lines hold is checked as far as it is kept.
 */
#include "recording/recording.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "recording/json_reader.h"
#include "recording/texts.h"
#include "text.h"

enum {
    CODE_MOST = 999,
    SECONDS_LENGTH = 19, /* "2026-11-20T09:00:00", before ".123456Z" */
    TIME_LENGTH = 27,
    DAY_OF_1970 = 719163, /* from the first of January of year 1, which is 1 */
};

/* A recording with what it owns. */
typedef struct {
    SipwhyRecording recording;
    SipwhyTexts *texts;
    GPtrArray *nothing; /* what messages without any findings, or local knowledge, share */
    GHashTable *local;  /* SipwhyRecordedLocal, by file and id */
} Owned;

struct SipwhyRecordingReader {
    Owned *owned;
    SipwhyJsonReader *json;
    GString *room; /* for a text without its escapes */
    /* messages (GPtrArray) whose call has not come: */
    GHashTable *by_number; /* by the number of their call */
    GHashTable *by_id;     /* by their Call-ID as it stands in texts, where they have no number */
    bool ended;            /* the summary has come */
};

/* Members of an object; what is wrong with the first that is wrong is kept. */
typedef struct {
    SipwhyRecordingReader *reader;
    const SipwhyJsonValue *object;
    const SipwhyJsonValue *place; /* where the next member is looked for */
    char *error;
} Fields;

G_GNUC_PRINTF(2, 3)
static void fail(Fields *fields, const char *format, ...)
{
    va_list arguments;

    if (fields->error)
        return;
    va_start(arguments, format);
    fields->error = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* ---- members ---- */

/* A member that has to be there. NULL: it is null. */
static const SipwhyJsonValue *get(Fields *fields, const char *key)
{
    const SipwhyJsonValue *value = sipwhy_json_member(fields->object, key, &fields->place);

    if (!value)
        fail(fields, "\"%s\" is missing", key);
    return value && value->kind != SIPWHY_JSON_NULL ? value : NULL;
}

/* A member that must not be null. */
static const SipwhyJsonValue *get_value(Fields *fields, const char *key)
{
    const SipwhyJsonValue *value = get(fields, key);

    if (!value)
        fail(fields, "\"%s\" is null", key);
    return value;
}

static bool has(const Fields *fields, const char *key)
{
    const SipwhyJsonValue *place = fields->place;

    return sipwhy_json_member(fields->object, key, &place) != NULL;
}

static const char *keep(SipwhyRecordingReader *reader, const SipwhyJsonValue *string)
{
    size_t length;
    const char *text = sipwhy_json_unescape(string, reader->room, &length);

    return sipwhy_texts_keep(reader->owned->texts, text, length);
}

static const char *keep_string(Fields *fields, const SipwhyJsonValue *value, const char *key)
{
    if (!value)
        return NULL;
    if (value->kind == SIPWHY_JSON_STRING)
        return keep(fields->reader, value);
    fail(fields, "\"%s\" is no string", key);
    return NULL;
}

static const char *get_text_or_null(Fields *fields, const char *key)
{
    return keep_string(fields, get(fields, key), key);
}

/* Never NULL. */
static const char *get_text(Fields *fields, const char *key)
{
    const char *text = keep_string(fields, get_value(fields, key), key);

    return text ? text : "";
}

static bool get_boolean(Fields *fields, const char *key)
{
    const SipwhyJsonValue *value = get_value(fields, key);

    if (value && value->kind != SIPWHY_JSON_TRUE && value->kind != SIPWHY_JSON_FALSE)
        fail(fields, "\"%s\" is no boolean", key);
    return value && value->kind == SIPWHY_JSON_TRUE;
}

static int64_t number_of(Fields *fields, const SipwhyJsonValue *value, const char *key,
                         int64_t least, int64_t most)
{
    int64_t number;

    if (value->kind != SIPWHY_JSON_INTEGER)
        fail(fields, "\"%s\" is no whole number", key);
    else if (!sipwhy_json_integer(value, &number) || number < least || number > most)
        fail(fields, "\"%s\" is out of range", key);
    else
        return number;
    return least;
}

static int64_t get_number(Fields *fields, const char *key, int64_t least, int64_t most)
{
    const SipwhyJsonValue *value = get_value(fields, key);

    return value ? number_of(fields, value, key, least, most) : least;
}

static uint32_t get_frame(Fields *fields, const char *key)
{
    return (uint32_t)get_number(fields, key, 1, UINT32_MAX);
}

/* 0: null. */
static uint32_t get_frame_or_null(Fields *fields, const char *key)
{
    const SipwhyJsonValue *value = get(fields, key);

    return value ? (uint32_t)number_of(fields, value, key, 1, UINT32_MAX) : 0;
}

static size_t get_count(Fields *fields, const char *key)
{
    return (size_t)get_number(fields, key, 0, UINT32_MAX);
}

/* The value of a term; -1: null. */
static int get_term(Fields *fields, const char *key, SipwhyTermKind kind)
{
    const char *id = get_text_or_null(fields, key);
    const int value = id ? sipwhy_term_value(kind, id) : -1;

    if (id && value < 0)
        fail(fields, "\"%s\" is none of the values that it may have", key);
    return value;
}

static SipwhySeverity get_severity(Fields *fields)
{
    const int severity = get_term(fields, "severity", SIPWHY_TERM_KIND_SEVERITY);

    if (severity < 0)
        fail(fields, "\"severity\" is null");
    return severity < 0 ? SIPWHY_SEVERITY_CHAT : (SipwhySeverity)severity;
}

/* The first element of an array of `*count`; NULL when it has none, or is no array. */
static const SipwhyJsonValue *get_elements(Fields *fields, const char *key, unsigned *count)
{
    const SipwhyJsonValue *value = get_value(fields, key);
    const bool is_array = value && value->kind == SIPWHY_JSON_ARRAY;

    if (!is_array)
        fail(fields, "\"%s\" is no array", key);
    *count = is_array ? sipwhy_json_count(value) : 0;
    return *count > 0 ? value + 1 : NULL;
}

/* ---- time ---- */

/* `count` digits; -1: they are none. */
static int read_digits(const char *text, unsigned count)
{
    int number = 0;

    for (unsigned i = 0; i < count; i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* Seconds since 1970 of "2026-11-20T09:00:00"; false if it is no time. */
static bool read_seconds(const char *text, int64_t *seconds)
{
    const int year = read_digits(text, 4);
    const int month = read_digits(text + 5, 2);
    const int day = read_digits(text + 8, 2);
    const int hour = read_digits(text + 11, 2);
    const int minute = read_digits(text + 14, 2);
    const int second = read_digits(text + 17, 2);
    GDate date;

    if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return false;
    if (year < 1 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0)
        return false;
    if (hour > 23 || minute > 59 || second > 59 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return false;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    const int64_t days = (int64_t)g_date_get_julian(&date) - DAY_OF_1970;
    *seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}

static int64_t get_time(Fields *fields)
{
    const SipwhyJsonValue *value = get(fields, "time");
    int64_t seconds = 0;

    if (!value)
        return SIPWHY_NO_TIME;
    const char *text = value->text;
    if (value->kind == SIPWHY_JSON_STRING && value->length == TIME_LENGTH &&
        text[SECONDS_LENGTH] == '.' && text[TIME_LENGTH - 1] == 'Z' &&
        read_seconds(text, &seconds)) {
        const int fraction = read_digits(text + SECONDS_LENGTH + 1, 6);
        if (fraction >= 0)
            return seconds * G_USEC_PER_SEC + fraction;
    }
    fail(fields, "\"time\" is no time");
    return SIPWHY_NO_TIME;
}

/* ---- findings ---- */

static void free_finding(void *data)
{
    SipwhyRecordedFinding *finding = data;

    g_free(finding->fixes);
    g_array_free(finding->evidence, TRUE);
    g_free(finding);
}

static char **get_texts(Fields *fields, const char *key)
{
    unsigned count;
    const SipwhyJsonValue *value = get_elements(fields, key, &count);
    char **texts = g_new0(char *, (gsize)count + 1);

    for (unsigned i = 0; i < count; i++, value += value->size) {
        texts[i] = (char *)(value->kind == SIPWHY_JSON_STRING ? keep(fields->reader, value) : "");
        if (value->kind != SIPWHY_JSON_STRING)
            fail(fields, "\"%s\" has what is no string", key);
    }
    return texts;
}

static GArray *get_frames(Fields *fields, const char *key)
{
    unsigned count;
    const SipwhyJsonValue *value = get_elements(fields, key, &count);
    GArray *frames = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), count);

    for (unsigned i = 0; i < count; i++, value += value->size) {
        const uint32_t frame = (uint32_t)number_of(fields, value, key, 1, UINT32_MAX);
        g_array_append_val(frames, frame);
    }
    return frames;
}

static SipwhyRecordedFinding *read_finding(Fields *fields)
{
    SipwhyRecordedFinding *finding = g_new0(SipwhyRecordedFinding, 1);

    finding->id = get_text(fields, "id");
    finding->severity = get_severity(fields);
    finding->inferred = get_boolean(fields, "inferred");
    finding->category = get_text(fields, "category");
    finding->title = get_text(fields, "title");
    finding->text = get_text(fields, "text");
    finding->fixes = get_texts(fields, "fixes");
    finding->frame = get_frame(fields, "frame");
    finding->evidence = get_frames(fields, "evidence");
    return finding;
}

static GPtrArray *get_findings(Fields *fields)
{
    unsigned count;
    const SipwhyJsonValue *value = get_elements(fields, "findings", &count);

    if (count == 0)
        return g_ptr_array_ref(fields->reader->owned->nothing);
    GPtrArray *findings = g_ptr_array_new_full(count, free_finding);
    for (unsigned i = 0; i < count && !fields->error; i++, value += value->size) {
        if (value->kind != SIPWHY_JSON_OBJECT) {
            fail(fields, "\"findings\" has what is no object");
            break;
        }
        Fields inner = {.reader = fields->reader, .object = value};
        g_ptr_array_add(findings, read_finding(&inner));
        fields->error = inner.error;
    }
    return findings;
}

/* ---- local knowledge ---- */

static void free_local(void *data)
{
    SipwhyRecordedLocal *local = data;

    g_free(local->fixes);
    g_free(local->texts);
    g_free(local);
}

static void get_replaced(Fields *fields, SipwhyRecordedLocal *local)
{
    char **parts = get_texts(fields, "instead_of");

    for (int part = 0; part < SIPWHY_LOCAL_PART_COUNT; part++)
        local->replaces[part] = g_strv_contains((const char *const *)parts,
                                                sipwhy_local_part_id((SipwhyLocalPart)part));
    g_free(parts);
}

static SipwhyRecordedLocal *read_local(Fields *fields)
{
    SipwhyRecordedLocal *local = g_new0(SipwhyRecordedLocal, 1);

    local->id = get_text(fields, "id");
    local->title = get_text_or_null(fields, "title");
    local->file = get_text(fields, "file");
    local->url = get_text_or_null(fields, "url");
    local->texts = get_texts(fields, "text");
    local->fixes = get_texts(fields, "fixes");
    local->severity = get_term(fields, "severity", SIPWHY_TERM_KIND_SEVERITY);
    get_replaced(fields, local);
    return local;
}

/* The one that is kept: entries come again and again. NULL: it is wrong. */
static SipwhyRecordedLocal *keep_local(Fields *fields)
{
    GHashTable *kept = fields->reader->owned->local;
    SipwhyRecordedLocal *local = read_local(fields);
    char *key = g_strdup_printf("%s\n%s", local->file, local->id);
    SipwhyRecordedLocal *known = g_hash_table_lookup(kept, key);

    if (known || fields->error) {
        free_local(local);
        g_free(key);
        return known;
    }
    g_hash_table_insert(kept, key, local);
    return local;
}

/* Lines have it where there is some. */
static GPtrArray *get_local(Fields *fields)
{
    unsigned count = 0;
    const SipwhyJsonValue *value =
        has(fields, "local") ? get_elements(fields, "local", &count) : NULL;

    if (count == 0)
        return g_ptr_array_ref(fields->reader->owned->nothing);
    GPtrArray *entries = g_ptr_array_new();
    for (unsigned i = 0; i < count && !fields->error; i++, value += value->size) {
        if (value->kind != SIPWHY_JSON_OBJECT) {
            fail(fields, "\"local\" has what is no object");
            break;
        }
        Fields inner = {.reader = fields->reader, .object = value};
        g_ptr_array_add(entries, keep_local(&inner));
        fields->error = inner.error;
    }
    return entries;
}

/* ---- messages ---- */

static void free_message(void *data)
{
    SipwhyRecordedMessage *message = data;

    g_ptr_array_unref(message->local);
    g_ptr_array_unref(message->findings);
    g_free(message);
}

/* The table in which the messages of a line's call are awaited, and the key there; NULL: the line
 * is wrong. Of different Call-IDs that look the same where they are no text the number tells which
 * one it is. */
static GHashTable *find_call(Fields *fields, const char *call_id, const void **key)
{
    if (!has(fields, "call")) {
        *key = call_id;
        return fields->reader->by_id;
    }
    *key = GUINT_TO_POINTER((guint)get_number(fields, "call", 1, UINT32_MAX));
    return fields->error ? NULL : fields->reader->by_number;
}

/* Whether it could be added. */
static bool add_to_call(Fields *fields, SipwhyRecordedMessage *message)
{
    const void *key;
    const char *call_id = get_text_or_null(fields, "call_id");
    GHashTable *calls = fields->error ? NULL : find_call(fields, call_id, &key);

    if (!calls)
        return false;
    GPtrArray *messages = g_hash_table_lookup(calls, key);
    if (!messages)
        g_hash_table_insert(calls, (void *)key, messages = g_ptr_array_new());
    g_ptr_array_add(messages, message);
    return true;
}

static void read_response(Fields *fields, SipwhyRecordedMessage *message)
{
    message->is_response = true;
    message->code = (uint16_t)get_number(fields, "code", 0, CODE_MOST);
    message->phrase = get_text(fields, "wire_phrase");
    message->origin = get_text_or_null(fields, "origin");
    message->request_in = get_frame_or_null(fields, "request_in");
    message->outcome_in = get_frame_or_null(fields, "outcome_in");
    message->findings = get_findings(fields);
    message->local = get_local(fields);
    if (message->quoted)
        return;
    message->severity = get_severity(fields);
    message->expected = get_boolean(fields, "expected");
}

static void read_message(Fields *fields, bool is_response)
{
    SipwhyRecordedMessage *message = g_new0(SipwhyRecordedMessage, 1);

    message->frame = get_frame(fields, "frame");
    message->time = get_time(fields);
    message->method = get_text_or_null(fields, "method");
    message->source = get_text(fields, "src");
    message->destination = get_text(fields, "dst");
    message->transport = get_text_or_null(fields, "transport");
    message->agent = get_text_or_null(fields, "agent");
    message->quoted = get_boolean(fields, "quoted");
    message->repeated = get_boolean(fields, "repeated");
    message->has_sdp = get_boolean(fields, "sdp");
    if (is_response) {
        read_response(fields, message);
    } else {
        message->findings = g_ptr_array_ref(fields->reader->owned->nothing);
        message->local = g_ptr_array_ref(fields->reader->owned->nothing);
    }
    if (add_to_call(fields, message))
        g_ptr_array_add(fields->reader->owned->recording.messages, message);
    else
        free_message(message);
}

/* ---- calls ---- */

static void free_call(void *data)
{
    SipwhyRecordedCall *call = data;

    g_ptr_array_unref(call->findings);
    g_ptr_array_unref(call->messages);
    g_free(call);
}

/* Never NULL. */
static GPtrArray *take_messages(Fields *fields, const char *call_id)
{
    const void *key;
    GHashTable *calls = find_call(fields, call_id, &key);
    void *messages = NULL;

    if (calls && g_hash_table_steal_extended(calls, key, NULL, &messages))
        return messages;
    fail(fields, "the call has no messages");
    return g_ptr_array_new();
}

static void get_outcome(Fields *fields, SipwhyRecordedCall *call)
{
    const SipwhyJsonValue *delay = get(fields, "pdd");

    call->outcome = get_term(fields, "outcome", SIPWHY_TERM_KIND_OUTCOME);
    if (call->is_call && call->outcome < 0)
        fail(fields, "\"outcome\" is null");
    if (!call->is_call)
        call->outcome = -1;
    call->code =
        (uint16_t)(get(fields, "final_code") ? get_number(fields, "final_code", 1, CODE_MOST) : 0);
    call->code_in = get_frame_or_null(fields, "final_in");
    call->first_in = get_frame(fields, "first_in");
    call->pdd = -1;
    if (!delay)
        return;
    if (delay->kind != SIPWHY_JSON_DECIMAL && delay->kind != SIPWHY_JSON_INTEGER) {
        fail(fields, "\"pdd\" is no number");
        return;
    }
    const double seconds = sipwhy_json_number(delay);
    if (isfinite(seconds) && seconds >= 0)
        call->pdd = seconds;
    else
        fail(fields, "\"pdd\" is out of range");
}

static const SipwhyRecordedFinding *find_finding(const GPtrArray *findings, const char *id,
                                                 uint32_t frame)
{
    for (guint i = 0; i < findings->len; i++) {
        const SipwhyRecordedFinding *finding = findings->pdata[i];
        if (finding->frame == frame && finding->id == id) /* both of texts */
            return finding;
    }
    return NULL;
}

static void get_leading(Fields *fields, SipwhyRecordedCall *call)
{
    const SipwhyJsonValue *leading = get(fields, "leading");

    if (!leading)
        return;
    if (leading->kind != SIPWHY_JSON_OBJECT) {
        fail(fields, "\"leading\" is no object");
        return;
    }
    Fields inner = {.reader = fields->reader, .object = leading};
    const char *id = get_text(&inner, "id");
    const uint32_t frame = get_frame(&inner, "frame");
    if (inner.error) {
        fail(fields, "%s", inner.error);
        g_free(inner.error);
        return;
    }
    call->leading = find_finding(call->findings, id, frame);
    for (guint i = 0; !call->leading && i < call->messages->len; i++) {
        const SipwhyRecordedMessage *message = call->messages->pdata[i];
        if (message->frame == frame)
            call->leading = find_finding(message->findings, id, frame);
    }
    if (!call->leading)
        fail(fields, "\"leading\" is no finding of the call");
}

/* Of several responses in that frame the worst one. */
static void get_bare(Fields *fields, SipwhyRecordedCall *call)
{
    const uint32_t frame = get_frame_or_null(fields, "bare");

    for (guint i = 0; frame > 0 && i < call->messages->len; i++) {
        const SipwhyRecordedMessage *message = call->messages->pdata[i];
        if (message->frame == frame && message->is_response && !message->quoted &&
            (!call->bare || message->severity > call->bare->severity))
            call->bare = message;
    }
    if (frame > 0 && !call->bare)
        fail(fields, "\"bare\" is no response of the call");
}

static void read_call(Fields *fields)
{
    SipwhyRecordedCall *call = g_new0(SipwhyRecordedCall, 1);

    call->call_id = get_text_or_null(fields, "call_id");
    call->is_call = get_boolean(fields, "is_call");
    call->method = get_text_or_null(fields, "method");
    call->from = get_text_or_null(fields, "from");
    call->to = get_text_or_null(fields, "to");
    get_outcome(fields, call);
    call->client = get_text_or_null(fields, "client");
    call->server = get_text_or_null(fields, "server");
    call->agent = get_text_or_null(fields, "agent");
    call->server_agent = get_text_or_null(fields, "server_agent");
    call->severity = get_severity(fields);
    call->findings = get_findings(fields);
    call->messages = take_messages(fields, call->call_id);
    get_leading(fields, call);
    get_bare(fields, call);
    if (fields->error)
        free_call(call);
    else
        g_ptr_array_add(fields->reader->owned->recording.calls, call);
}

static void read_summary(Fields *fields)
{
    SipwhyRecording *recording = &fields->reader->owned->recording;

    recording->packets = get_count(fields, "packets");
    recording->sip_packets = get_count(fields, "sip_packets");
    recording->version = get_text(fields, "version");
    if (has(fields, "filter"))
        recording->filter = get_text_or_null(fields, "filter");
    fields->reader->ended = !fields->error;
}

/* ---- lines ---- */

static void read_fields(Fields *fields)
{
    const char *type = get_text(fields, "type");
    const bool is_response = strcmp(type, "response") == 0;

    if (fields->error)
        return;
    if (fields->reader->ended)
        fail(fields, "something follows the summary");
    else if (is_response || strcmp(type, "request") == 0)
        read_message(fields, is_response);
    else if (strcmp(type, "call") == 0)
        read_call(fields);
    else if (strcmp(type, "summary") == 0)
        read_summary(fields);
}

/* Its beginning tells where it comes from: a Lua script that prints, for instance. */
static void fail_as_no_object(Fields *fields, const char *line, size_t length)
{
    enum { SHOWN_MOST = 60 };
    char *beginning = sipwhy_printable_text(line, MIN(length, SHOWN_MOST));

    fail(fields, "\"%s\" is no JSON object", beginning);
    g_free(beginning);
}

bool sipwhy_recording_read(SipwhyRecordingReader *reader, const char *line, size_t length,
                           char **error)
{
    const SipwhyJsonValue *value = sipwhy_json_reader_read(reader->json, line, length);
    Fields fields = {.reader = reader, .object = value};

    if (value && value->kind == SIPWHY_JSON_OBJECT)
        read_fields(&fields);
    else
        fail_as_no_object(&fields, line, length);
    if (fields.error)
        *error = fields.error;
    return !fields.error;
}

/* ---- the whole ---- */

static void free_messages(void *data)
{
    g_ptr_array_unref(data);
}

SipwhyRecordingReader *sipwhy_recording_reader_new(const char *file)
{
    SipwhyRecordingReader *reader = g_new0(SipwhyRecordingReader, 1);

    reader->owned = g_new0(Owned, 1);
    reader->owned->texts = sipwhy_texts_new();
    reader->owned->nothing = g_ptr_array_new();
    reader->owned->local = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_local);
    reader->owned->recording.file = sipwhy_texts_keep(reader->owned->texts, file, strlen(file));
    reader->owned->recording.messages = g_ptr_array_new_with_free_func(free_message);
    reader->owned->recording.calls = g_ptr_array_new_with_free_func(free_call);
    reader->json = sipwhy_json_reader_new();
    reader->room = g_string_new(NULL);
    reader->by_number = g_hash_table_new_full(NULL, NULL, NULL, free_messages);
    reader->by_id = g_hash_table_new_full(NULL, NULL, NULL, free_messages);
    return reader;
}

SipwhyRecording *sipwhy_recording_end(SipwhyRecordingReader *reader)
{
    SipwhyRecording *recording = &reader->owned->recording;

    if (!reader->ended) {
        sipwhy_recording_free(recording);
        recording = NULL;
    }
    g_hash_table_destroy(reader->by_id);
    g_hash_table_destroy(reader->by_number);
    g_string_free(reader->room, TRUE);
    sipwhy_json_reader_free(reader->json);
    g_free(reader);
    return recording;
}

void sipwhy_recording_free(SipwhyRecording *recording)
{
    Owned *owned = (Owned *)recording; /* its first member */

    if (!owned)
        return;
    g_ptr_array_free(recording->calls, TRUE);
    g_ptr_array_free(recording->messages, TRUE);
    g_ptr_array_unref(owned->nothing);
    g_hash_table_destroy(owned->local);
    sipwhy_texts_free(owned->texts);
    g_free(owned);
}
