/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which entries of local knowledge match a response.
 */
#include <string.h>

#include "local/entry.h"
#include "reason.h"

enum { VALUES_MOST = 32 /* of one header field */, LISTS = 3 };

/* ---- by code ---- */

static void add_to(GPtrArray **list, SipwhyLocalRecord *entry)
{
    if (!*list)
        *list = g_ptr_array_new();
    if ((*list)->len == 0 || (*list)->pdata[(*list)->len - 1] != entry)
        g_ptr_array_add(*list, entry);
}

void sipwhy_local_index(SipwhyLocal *local)
{
    for (unsigned i = 0; i < local->entries->len; i++) {
        SipwhyLocalRecord *entry = local->entries->pdata[i];
        if (entry->any_code || !entry->codes) {
            add_to(&local->of_any, entry);
            continue;
        }
        for (unsigned n = 0; n < entry->codes->len; n++)
            add_to(&local->by_status[g_array_index(entry->codes, uint16_t, n)], entry);
        for (unsigned digit = 0; digit < SIPWHY_LOCAL_CLASS_COUNT; digit++)
            if (entry->classes & 1U << digit)
                add_to(&local->by_class[digit], entry);
    }
}

/* A walk through the entries that a code leaves, in order. */
typedef struct {
    const GPtrArray *lists[LISTS];
    unsigned at[LISTS];
} Walk;

static Walk begin_walk(const SipwhyLocal *local, unsigned status)
{
    Walk walk = {.lists = {local->of_any}};

    if (status < SIPWHY_LOCAL_STATUS_COUNT) {
        walk.lists[1] = local->by_status[status];
        walk.lists[2] = local->by_class[status / 100];
    }
    return walk;
}

static SipwhyLocalRecord *head_of(const Walk *walk, unsigned list)
{
    return walk->lists[list] && walk->at[list] < walk->lists[list]->len
               ? walk->lists[list]->pdata[walk->at[list]]
               : NULL;
}

/* The next entry, NULL when there is none left; one that is in several lists comes once. */
static SipwhyLocalRecord *next_of(Walk *walk)
{
    SipwhyLocalRecord *first = NULL;

    for (unsigned i = 0; i < LISTS; i++) {
        SipwhyLocalRecord *head = head_of(walk, i);
        if (head && (!first || head->place < first->place))
            first = head;
    }
    for (unsigned i = 0; first && i < LISTS; i++)
        if (head_of(walk, i) == first)
            walk->at[i]++;
    return first;
}

/* ---- the response ---- */

typedef struct {
    char *text; /* fit to be matched */
    SipwhySlice bytes;
    unsigned number; /* of a Warning, or the cause of a Reason */
    bool has_number;
    SipwhySlice protocol;
} Value;

/* What is asked of a response; each header is read when it is asked for. */
typedef struct {
    unsigned status;
    const char *wire_phrase;
    const SipwhyMessage *message;
    char *phrase;
    GPtrArray *servers;
    GPtrArray *warnings;
    GPtrArray *reasons;
} Response;

static void free_value(void *data)
{
    Value *value = data;
    g_free(value->text);
    g_free(value);
}

static char *make_subject(const char *bytes, size_t length)
{
    return sipwhy_printable_text(bytes, MIN(length, SIPWHY_SUBJECT_BYTES_MOST));
}

static const char *phrase_of(Response *response)
{
    SipwhyExplanation explanation;

    if (response->phrase)
        return response->phrase;
    const char *phrase = response->wire_phrase;
    if (!phrase)
        phrase = sipwhy_explain(response->status, 0, &explanation) ? explanation.phrase : "";
    response->phrase = make_subject(phrase, strlen(phrase));
    return response->phrase;
}

static void add_value(GPtrArray *values, SipwhySlice bytes)
{
    Value *value = g_new0(Value, 1);

    value->bytes = bytes;
    g_ptr_array_add(values, value);
}

/* The values of a header field, whose lines are lists if `is_list`. */
static void collect(GPtrArray *values, const SipwhyMessage *message, SipwhyHeaderId header,
                    bool is_list)
{
    size_t position = 0;
    SipwhySlice line;
    SipwhySlice value;

    while (values->len < VALUES_MOST && sipwhy_message_next(message, header, &position, &line)) {
        if (!is_list)
            add_value(values, line);
        while (is_list && values->len < VALUES_MOST && sipwhy_slice_next_value(&line, &value))
            if (value.length > 0)
                add_value(values, value);
    }
}

static GPtrArray *servers_of(Response *response)
{
    if (!response->servers) {
        response->servers = g_ptr_array_new_with_free_func(free_value);
        collect(response->servers, response->message, SIPWHY_HEADER_SERVER, false);
        collect(response->servers, response->message, SIPWHY_HEADER_USER_AGENT, false);
    }
    return response->servers;
}

static GPtrArray *warnings_of(Response *response)
{
    if (response->warnings)
        return response->warnings;
    response->warnings = g_ptr_array_new_with_free_func(free_value);
    collect(response->warnings, response->message, SIPWHY_HEADER_WARNING, true);
    for (unsigned i = 0; i < response->warnings->len; i++) {
        Value *value = response->warnings->pdata[i];
        value->has_number = sipwhy_slice_number(value->bytes, &value->number);
    }
    return response->warnings;
}

static GPtrArray *reasons_of(Response *response)
{
    if (response->reasons)
        return response->reasons;
    response->reasons = g_ptr_array_new_with_free_func(free_value);
    collect(response->reasons, response->message, SIPWHY_HEADER_REASON, true);
    for (unsigned i = 0; i < response->reasons->len; i++) {
        Value *value = response->reasons->pdata[i];
        const SipwhyGivenReason given = sipwhy_reason_read(value->bytes);
        value->protocol = given.protocol;
        value->has_number = given.has_cause;
        value->number = given.cause;
    }
    return response->reasons;
}

static void clear_response(Response *response)
{
    GPtrArray *const values[] = {response->servers, response->warnings, response->reasons};

    g_free(response->phrase);
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
        if (values[i])
            g_ptr_array_free(values[i], TRUE);
}

/* ---- conditions ---- */

static bool matches(SipwhyLocalRecord *entry, const SipwhyPattern *pattern, const char *subject)
{
    const SipwhyMatch match = sipwhy_pattern_match(pattern, subject);

    if (match == SIPWHY_PATTERN_TAKES_LONG)
        entry->given_up = true;
    return match == SIPWHY_PATTERN_MATCHES;
}

static bool matches_one(SipwhyLocalRecord *entry, const SipwhyPattern *pattern, GPtrArray *values)
{
    for (unsigned i = 0; i < values->len && !entry->given_up; i++) {
        Value *value = values->pdata[i];
        if (!value->text)
            value->text = make_subject(value->bytes.data, value->bytes.length);
        if (matches(entry, pattern, value->text))
            return true;
    }
    return false;
}

static bool is_in(const GArray *numbers, const Value *value)
{
    for (unsigned i = 0; value->has_number && i < numbers->len; i++)
        if (g_array_index(numbers, unsigned, i) == value->number)
            return true;
    return false;
}

static bool has_warning(const SipwhyLocalRecord *entry, const GPtrArray *values)
{
    for (unsigned i = 0; i < values->len; i++)
        if (is_in(entry->warnings, values->pdata[i]))
            return true;
    return false;
}

static bool has_reason(const SipwhyLocalRecord *entry, const GPtrArray *values)
{
    for (unsigned i = 0; i < values->len; i++) {
        const Value *value = values->pdata[i];
        if (sipwhy_slice_is(value->protocol, entry->protocol) &&
            (!entry->causes || is_in(entry->causes, value)))
            return true;
    }
    return false;
}

/* Of headers that are cut off nobody knows what they lack. */
static bool lacks_reason(Response *response)
{
    const SipwhyMessage *message = response->message;

    return reasons_of(response)->len == 0 && !(message->cut && message->body.length == 0);
}

/* Whether all holds that the entry asks beside the code; what costs least is asked first. */
static bool holds(SipwhyLocalRecord *entry, Response *response)
{
    const bool asks_headers = entry->warnings || entry->protocol || entry->no_reason ||
                              entry->server || entry->warning || entry->reason;

    if (asks_headers && !response->message)
        return false;
    return (!entry->warnings || has_warning(entry, warnings_of(response))) &&
           (!entry->protocol || has_reason(entry, reasons_of(response))) &&
           (!entry->no_reason || lacks_reason(response)) &&
           (!entry->phrase || matches(entry, entry->phrase, phrase_of(response))) &&
           (!entry->server || matches_one(entry, entry->server, servers_of(response))) &&
           (!entry->warning || matches_one(entry, entry->warning, warnings_of(response))) &&
           (!entry->reason || matches_one(entry, entry->reason, reasons_of(response)));
}

/* ---- what others ask ---- */

const SipwhyLocalFile *sipwhy_local_file_at(const SipwhyLocal *local, size_t n)
{
    return n < local->files->len ? local->files->pdata[n] : NULL;
}

const SipwhyLocalEntry *sipwhy_local_at(const SipwhyLocal *local, size_t n)
{
    const SipwhyLocalRecord *entry = n < local->entries->len ? local->entries->pdata[n] : NULL;

    return entry ? &entry->said : NULL;
}

static const SipwhyLocalEntry **end_list(GPtrArray *list)
{
    g_ptr_array_add(list, NULL);
    return (const SipwhyLocalEntry **)g_ptr_array_free(list, FALSE);
}

const SipwhyLocalEntry **sipwhy_local_match(SipwhyLocal *local, unsigned status, const char *phrase,
                                            const SipwhyMessage *message)
{
    Response response = {.status = status, .wire_phrase = phrase, .message = message};
    Walk walk = begin_walk(local, status);
    GPtrArray *matched = g_ptr_array_new();
    SipwhyLocalRecord *entry;

    while ((entry = next_of(&walk))) {
        if (entry->given_up)
            continue;
        if (holds(entry, &response))
            g_ptr_array_add(matched, &entry->said);
        local->untold += entry->given_up;
    }
    clear_response(&response);
    return end_list(matched);
}

const SipwhyLocalEntry **sipwhy_local_of_code(const SipwhyLocal *local, unsigned status)
{
    Walk walk = begin_walk(local, status);
    GPtrArray *possible = g_ptr_array_new();
    const SipwhyLocalRecord *entry;

    while ((entry = next_of(&walk)))
        g_ptr_array_add(possible, (void *)&entry->said);
    return end_list(possible);
}

const SipwhyLocalEntry *sipwhy_local_given_up(SipwhyLocal *local)
{
    for (unsigned i = 0; local->untold > 0 && i < local->entries->len; i++) {
        SipwhyLocalRecord *entry = local->entries->pdata[i];
        if (entry->given_up && !entry->told) {
            entry->told = true;
            local->untold--;
            return &entry->said;
        }
    }
    return NULL;
}

SipwhySeverity sipwhy_local_severity(const SipwhyLocalEntry *const *matched)
{
    SipwhySeverity severity = SIPWHY_SEVERITY_COUNT;

    for (; *matched; matched++)
        if ((*matched)->severity != SIPWHY_SEVERITY_COUNT)
            severity = (*matched)->severity;
    return severity;
}

void sipwhy_local_apply(const SipwhyLocalEntry *const *matched, SipwhyExplanation *explanation)
{
    const SipwhySeverity severity = sipwhy_local_severity(matched);

    if (severity != SIPWHY_SEVERITY_COUNT)
        explanation->severity = severity;
    for (; *matched; matched++) {
        if (!(*matched)->replaces)
            continue;
        if ((*matched)->description.count > 0)
            explanation->description.count = 0;
        if ((*matched)->causes.count > 0)
            explanation->causes.count = 0;
        if ((*matched)->fixes.count > 0)
            explanation->fixes.count = 0;
    }
}
