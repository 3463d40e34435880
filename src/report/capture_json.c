/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture for machines: JSON Lines.
 */
#include "capture_json.h"

#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "endpoint.h"
#include "json_line.h"
#include "language.h"
#include "notes.h"
#include "origin.h"
#include "story.h"

enum {
    SLICE_BYTES_MOST = 1024, /* of what stands in a message */
    CODES = 1000,            /* of three digits */
};

/* What the summary counts. */
typedef struct {
    size_t responses;
    size_t quoted;
    size_t calls;
    size_t exchanges; /* what is no call */
    size_t by_code[CODES];
    size_t by_finding[SIPWHY_FINDING_COUNT];
    size_t by_severity[SIPWHY_SEVERITY_COUNT];
    size_t by_outcome[SIPWHY_OUTCOME_COUNT];
} Counts;

typedef struct {
    const SipwhyCapture *capture;
    SipwhyReportSettings settings;
    FILE *out;
    Counts counts;
    SipwhyJsonLine line;
    int64_t second; /* the last one that was written: */
    char *second_text;
    GHashTable *knowledge; /* by code what data/ says of it, as members (GString) */
    uint8_t *severities;   /* of each message and its findings, once it is written */
    unsigned *calls;       /* of each message the number of its call, from 1 */
} Writer;

static void free_string(void *data)
{
    g_string_free(data, TRUE);
}

/* ---- members ---- */

static void add_slice(SipwhyJsonLine *line, const char *key, SipwhySlice slice)
{
    slice.length = MIN(slice.length, SLICE_BYTES_MOST);
    sipwhy_json_line_slice(line, key, slice);
}

static void add_frames(SipwhyJsonLine *line, const char *key, const SipwhyFinding *finding)
{
    sipwhy_json_line_open_array(line, key);
    for (unsigned i = 0; i < finding->frame_count; i++)
        sipwhy_json_line_number(line, NULL, finding->frames[i]);
    sipwhy_json_line_close_array(line);
}

/* ---- findings ---- */

static void add_finding_fixes(SipwhyJsonLine *line, const SipwhyFinding *finding,
                              SipwhyLanguage language)
{
    const size_t count = sipwhy_finding_fix_count(finding, language);
    char *fix = count > 0 ? sipwhy_finding_fix(finding, 0, language) : NULL;

    sipwhy_json_line_string(line, "fix", fix);
    sipwhy_json_line_open_array(line, "fixes");
    for (size_t i = 0; i < count; i++) {
        sipwhy_json_line_taken(line, NULL, fix);
        fix = i + 1 < count ? sipwhy_finding_fix(finding, i + 1, language) : NULL;
    }
    sipwhy_json_line_close_array(line);
}

static void add_finding(Writer *writer, SipwhyJsonLine *line, const SipwhyFinding *finding)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(finding->id);
    const SipwhyLanguage language = writer->settings.language;

    writer->counts.by_finding[finding->id]++;
    sipwhy_json_line_open_object(line, NULL);
    sipwhy_json_line_string(line, "id", facts->id);
    sipwhy_json_line_term(line, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)facts->severity);
    sipwhy_json_line_term(line, "category", SIPWHY_TERM_KIND_CATEGORY, (int)facts->category);
    sipwhy_json_line_boolean(line, "inferred", facts->inferred);
    sipwhy_json_line_taken(line, "title", sipwhy_finding_title(finding, language));
    sipwhy_json_line_taken(line, "text", sipwhy_finding_text(finding, language));
    add_finding_fixes(line, finding, language);
    sipwhy_json_line_positive(line, "frame", finding->frame);
    add_frames(line, "evidence", finding);
    sipwhy_json_line_close_object(line);
}

static void add_findings(Writer *writer, SipwhyJsonLine *line, const GPtrArray *findings)
{
    sipwhy_json_line_open_array(line, "findings");
    for (unsigned i = 0; i < findings->len; i++)
        add_finding(writer, line, findings->pdata[i]);
    sipwhy_json_line_close_array(line);
}

/* ---- responses ---- */

/* A second as RFC 3339 has it; false where no calendar has it. Messages share it with those around
 * them. */
static bool write_second(Writer *writer, int64_t second)
{
    GDateTime *time = g_date_time_new_from_unix_utc(second);

    writer->second = second;
    g_clear_pointer(&writer->second_text, g_free);
    if (!time)
        return false;
    writer->second_text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
    g_date_time_unref(time);
    return true;
}

static void add_time(Writer *writer, int64_t time)
{
    const int64_t fraction = ((time % G_USEC_PER_SEC) + G_USEC_PER_SEC) % G_USEC_PER_SEC;
    const int64_t second = (time - fraction) / G_USEC_PER_SEC;
    const bool known = writer->second_text && writer->second == second;
    char text[64];

    if (!known && !write_second(writer, second)) {
        sipwhy_json_line_string(&writer->line, "time", NULL);
        return;
    }
    const size_t length = g_strlcpy(text, writer->second_text, sizeof text - sizeof ".123456Z");
    text[length] = '.';
    for (int64_t i = 6, rest = fraction; i > 0; i--, rest /= 10)
        text[length + (size_t)i] = (char)('0' + rest % 10);
    text[length + 7] = 'Z';
    text[length + 8] = '\0';
    sipwhy_json_line_string(&writer->line, "time", text);
}

static void add_uri(SipwhyJsonLine *line, const char *key, const SipwhyJudged *judged,
                    SipwhyHeaderId header)
{
    SipwhySlice value;

    if (judged->scanned && sipwhy_message_first(&judged->message, header, &value))
        add_slice(line, key, sipwhy_slice_uri(value));
    else
        sipwhy_json_line_string(line, key, NULL);
}

static void add_call_id(SipwhyJsonLine *line, const SipwhyCollected *collected,
                        const SipwhyJudged *judged)
{
    const SipwhyTransaction *transaction = collected->event.transaction;
    SipwhySlice value = {0};

    if (!judged->scanned ||
        !sipwhy_message_first(&judged->message, SIPWHY_HEADER_CALL_ID, &value)) {
        value.data = transaction ? transaction->call->id : NULL;
        value.length = value.data ? strlen(value.data) : 0;
    }
    add_slice(line, "call_id", value);
}

static void add_method(SipwhyJsonLine *line, const SipwhyCollected *collected,
                       const SipwhyJudged *judged)
{
    const SipwhySlice method =
        judged->scanned ? sipwhy_message_method(&judged->message) : (SipwhySlice){0};

    if (method.length > 0)
        add_slice(line, "method", method);
    else
        sipwhy_json_line_string(line, "method",
                                sipwhy_method_name((SipwhyMethod)collected->event.method));
}

static void add_code(SipwhyJsonLine *line, const SipwhyCollected *collected,
                     const SipwhyJudged *judged)
{
    const char *phrase = judged->explained ? judged->explanation.phrase : "";
    const char *sent = collected->event.phrase;

    sipwhy_json_line_number(line, "code", collected->event.status);
    sipwhy_json_line_string(line, "phrase", phrase);
    sipwhy_json_line_string(line, "wire_phrase", sent ? sent : phrase);
    sipwhy_json_line_boolean(line, "registered",
                             judged->explained && judged->explanation.registered);
}

/* What a request or response says of the software that sent it. */
static void add_agent(SipwhyJsonLine *line, const char *key, const SipwhyMessage *message)
{
    SipwhySlice agent = {0};

    if (message && message->is_response)
        sipwhy_message_first(message, SIPWHY_HEADER_SERVER, &agent);
    if (message && agent.length == 0)
        sipwhy_message_first(message, SIPWHY_HEADER_USER_AGENT, &agent);
    add_slice(line, key, agent.length > 0 ? agent : (SipwhySlice){0});
}

static void add_sdp(SipwhyJsonLine *line, const SipwhyJudged *judged)
{
    SipwhySlice sdp;

    sipwhy_json_line_boolean(line, "sdp",
                             judged->scanned && sipwhy_body_sdp(&judged->message, &sdp));
}

static void add_endpoint(SipwhyJsonLine *line, const char *key, const SipwhyEndpoint *endpoint)
{
    char text[SIPWHY_ENDPOINT_SIZE];

    sipwhy_endpoint_write(endpoint, text);
    sipwhy_json_line_string(line, key, text);
}

static void add_place(SipwhyJsonLine *line, const SipwhyPacket *packet)
{
    add_endpoint(line, "src", &packet->source);
    add_endpoint(line, "dst", &packet->destination);
    sipwhy_json_line_string(line, "transport", sipwhy_transport_name(packet->transport));
}

static void add_origin(const Writer *writer, SipwhyJsonLine *line, const SipwhyCollected *collected,
                       const SipwhyJudged *judged)
{
    SipwhySubject subject;
    SipwhyOriginEvidence evidence;

    sipwhy_collected_subject(writer->settings.trace, collected, judged, &subject);
    const SipwhyOrigin origin = sipwhy_origin(&subject, &evidence);
    sipwhy_json_line_term(line, "origin", SIPWHY_TERM_KIND_ORIGIN, (int)origin);
    sipwhy_json_line_taken(line, "origin_evidence",
                           sipwhy_origin_text(&evidence, writer->settings.language));
    add_frames(line, "origin_frames", &evidence.filled);
    sipwhy_origin_clear(&evidence);
}

static void add_verdict(SipwhyJsonLine *line, const SipwhyJudged *judged)
{
    const SipwhyCode *code = judged->explained ? judged->explanation.code : NULL;

    sipwhy_json_line_term(line, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)judged->severity);
    sipwhy_json_line_boolean(line, "expected", judged->expected);
    sipwhy_json_line_string(line, "category", sipwhy_local_category_id(judged->local, code));
}

static void add_texts(SipwhyJsonLine *line, const char *key, char **texts)
{
    sipwhy_json_line_open_array(line, key);
    for (char **text = texts; *text; text++)
        sipwhy_json_line_string(line, NULL, *text);
    sipwhy_json_line_close_array(line);
    g_strfreev(texts);
}

static void add_local_entry(SipwhyJsonLine *line, const SipwhyLocalEntry *entry,
                            SipwhyLanguage language)
{
    sipwhy_json_line_open_object(line, NULL);
    sipwhy_json_line_string(line, "id", entry->id);
    sipwhy_json_line_string(line, "title", entry->title);
    add_texts(line, "text", sipwhy_local_texts(entry, language));
    add_texts(line, "fixes", sipwhy_local_fixes(entry, language));
    sipwhy_json_line_open_array(line, "instead_of");
    for (int part = 0; part < SIPWHY_LOCAL_PART_COUNT; part++)
        if (sipwhy_local_replaces(entry, (SipwhyLocalPart)part))
            sipwhy_json_line_string(line, NULL, sipwhy_local_part_id((SipwhyLocalPart)part));
    sipwhy_json_line_close_array(line);
    sipwhy_json_line_term(line, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)entry->severity);
    sipwhy_json_line_term(line, "category", SIPWHY_TERM_KIND_CATEGORY, (int)entry->category);
    sipwhy_json_line_string(line, "url", entry->url);
    sipwhy_json_line_string(line, "file", entry->file);
    sipwhy_json_line_close_object(line);
}

/* Local knowledge; most captures are read without any, and their lines are as they always were. */
static void add_local(SipwhyJsonLine *line, const SipwhyJudged *judged, SipwhyLanguage language)
{
    if (!judged->local)
        return;
    sipwhy_json_line_open_array(line, "local");
    for (const SipwhyLocalEntry *const *entry = judged->local; *entry; entry++)
        add_local_entry(line, *entry, language);
    sipwhy_json_line_close_array(line);
}

static void add_note(SipwhyJsonLine *line, const SipwhyNote *note)
{
    sipwhy_json_line_open_object(line, NULL);
    sipwhy_json_line_string(line, "about", note->about);
    sipwhy_json_line_string(line, "text", note->text);
    sipwhy_json_line_string(line, "fix", note->fix);
    sipwhy_json_line_close_object(line);
}

static void add_notes(SipwhyJsonLine *line, const SipwhyJudged *judged, SipwhyLanguage language)
{
    sipwhy_json_line_open_array(line, "notes");
    if (judged->scanned) {
        GPtrArray *notes = sipwhy_warning_notes(&judged->message, language);
        for (unsigned i = 0; i < notes->len; i++)
            add_note(line, notes->pdata[i]);
        g_ptr_array_free(notes, TRUE);
    }
    sipwhy_json_line_close_array(line);
}

static void add_fixes(SipwhyJsonLine *line, SipwhyFixes fixes, SipwhyLanguage language)
{
    sipwhy_json_line_open_array(line, "fixes");
    for (size_t i = 0; i < fixes.count; i++)
        sipwhy_json_line_taken(line, NULL, sipwhy_fix_text(language, &fixes.fix[i]));
    sipwhy_json_line_close_array(line);
}

/* What data/ says of the code. */
static void add_explanation(SipwhyJsonLine *line, const SipwhyExplanation *explanation,
                            SipwhyLanguage language)
{
    char **lines = sipwhy_description_lines(language, explanation);

    sipwhy_json_line_taken(line, "description", g_strjoinv(" ", lines));
    sipwhy_json_line_lines(line, "causes", explanation->causes);
    add_fixes(line, explanation->fixes, language);
    sipwhy_json_line_string(line, "next", explanation->next);
    sipwhy_json_line_string(line, "reference", explanation->reference);
    sipwhy_json_line_string(line, "url", explanation->url);
    g_strfreev(lines);
}

/* Where there is nothing to say of the code: it is none, or was never received. */
static void add_no_explanation(SipwhyJsonLine *line, const char *description, const char *fix)
{
    sipwhy_json_line_string(line, "description", description);
    sipwhy_json_line_lines(line, "causes", (SipwhyLines){0});
    sipwhy_json_line_open_array(line, "fixes");
    if (fix)
        sipwhy_json_line_string(line, NULL, fix);
    sipwhy_json_line_close_array(line);
    sipwhy_json_line_string(line, "next", NULL);
    sipwhy_json_line_string(line, "reference", NULL);
    sipwhy_json_line_string(line, "url", NULL);
}

/* The same of every response with this code, where local knowledge takes the place of nothing. */
static void add_known(Writer *writer, const SipwhyExplanation *explanation)
{
    void *code = GUINT_TO_POINTER(explanation->status);
    const GString *members = g_hash_table_lookup(writer->knowledge, code);
    SipwhyJsonLine *line = &writer->line;

    if (members) {
        sipwhy_json_line_again(line, members->str, members->len);
        return;
    }
    const size_t before = line->length;
    add_explanation(line, explanation, writer->settings.language);
    g_hash_table_insert(writer->knowledge, code,
                        g_string_new_len(line->text + before, (gssize)(line->length - before)));
}

static void add_knowledge(Writer *writer, const SipwhyCollected *collected,
                          const SipwhyJudged *judged)
{
    const SipwhyLanguage language = writer->settings.language;
    SipwhyJsonLine *line = &writer->line;

    if (collected->event.quoted) {
        add_no_explanation(line, sipwhy_text(language, SIPWHY_TEXT_QUOTED_NOTE),
                           sipwhy_text(language, SIPWHY_TEXT_QUOTED_FIX));
    } else if (judged->explained && !judged->local) {
        add_known(writer, &judged->explanation);
    } else if (judged->explained) {
        add_explanation(line, &judged->explanation, language);
    } else {
        char *text = sipwhy_registration_text(language, collected->event.status);
        add_no_explanation(line, text, NULL);
        g_free(text);
    }
}

static void add_links(SipwhyJsonLine *line, const SipwhyEvent *event)
{
    const SipwhyTransaction *transaction = event->transaction;
    const bool known = transaction && !transaction->disowned;

    sipwhy_json_line_positive(line, "request_in", known ? transaction->request.frame : 0);
    sipwhy_json_line_positive(line, "outcome_in", sipwhy_response_outcome_in(event));
}

static void count_response(Counts *counts, const SipwhyEvent *event, const SipwhyJudged *judged)
{
    if (event->quoted) {
        counts->quoted++;
        return;
    }
    counts->responses++;
    counts->by_severity[judged->severity]++;
    counts->by_code[MIN(event->status, CODES - 1)]++;
}

/* What requests and responses have in common. */
static void add_message(const Writer *writer, SipwhyJsonLine *line,
                        const SipwhyCollected *collected, const SipwhyJudged *judged, size_t n)
{
    sipwhy_json_line_number(line, "call", writer->calls[n]);
    add_method(line, collected, judged);
    add_call_id(line, collected, judged);
    add_uri(line, "from", judged, SIPWHY_HEADER_FROM);
    add_uri(line, "to", judged, SIPWHY_HEADER_TO);
    add_place(line, &collected->packet);
    add_agent(line, "agent", judged->scanned ? &judged->message : NULL);
    add_sdp(line, judged);
    sipwhy_json_line_boolean(line, "quoted", collected->event.quoted);
    sipwhy_json_line_boolean(line, "repeated", collected->event.repeated);
}

static SipwhySeverity gravest(const GPtrArray *findings)
{
    SipwhySeverity highest = SIPWHY_SEVERITY_CHAT;

    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        highest = MAX(highest, sipwhy_finding_facts(finding->id)->severity);
    }
    return highest;
}

static void write_response(Writer *writer, const SipwhyCollected *collected, size_t n)
{
    const SipwhyLanguage language = writer->settings.language;
    SipwhyJsonLine *line = &writer->line;
    SipwhyJudged judged;

    sipwhy_json_line_begin(line, "response");
    sipwhy_collected_judge(writer->settings.trace, collected, language, &judged);
    count_response(&writer->counts, &collected->event, &judged);
    if (judged.findings->len == 0)
        writer->settings.silent[n] = (uint8_t)(1 + judged.severity);
    if (!collected->event.quoted)
        writer->severities[n] = (uint8_t)MAX(judged.severity, gravest(judged.findings));
    sipwhy_json_line_number(line, "frame", collected->packet.frame);
    add_time(writer, collected->packet.time);
    add_code(line, collected, &judged);
    add_message(writer, line, collected, &judged, n);
    if (!collected->event.quoted)
        add_verdict(line, &judged);
    add_origin(writer, line, collected, &judged);
    add_links(line, &collected->event);
    if (writer->settings.knowledge)
        add_knowledge(writer, collected, &judged);
    add_notes(line, &judged, language);
    add_local(line, &judged, language);
    add_findings(writer, line, judged.findings);
    sipwhy_json_line_end(line, writer->out);
    sipwhy_judged_clear(&judged);
}

/* The frame of its final response. An ACK has none. */
static uint32_t response_in(const SipwhyEvent *event)
{
    const SipwhyTransaction *transaction = event->transaction;

    if (!transaction || transaction->disowned || event->method == SIPWHY_METHOD_ACK)
        return 0;
    return transaction->final.frame;
}

/* Its findings stand on its call. */
static void write_request(Writer *writer, const SipwhyCollected *collected, size_t n)
{
    SipwhyJsonLine *line = &writer->line;
    SipwhyJudged judged = {0};

    sipwhy_json_line_begin(line, "request");
    judged.scanned = sipwhy_collected_scan(collected, &judged.message);
    sipwhy_json_line_number(line, "frame", collected->packet.frame);
    add_time(writer, collected->packet.time);
    add_message(writer, line, collected, &judged, n);
    sipwhy_json_line_positive(line, "response_in", response_in(&collected->event));
    sipwhy_json_line_end(line, writer->out);
}

/* ---- calls ---- */

/* The highest severity of its responses and of all findings. */
static SipwhySeverity highest_severity(const Writer *writer, const SipwhyCollectedCall *call,
                                       const GPtrArray *findings)
{
    SipwhySeverity highest = SIPWHY_SEVERITY_CHAT;

    for (unsigned i = 0; i < call->messages->len; i++)
        highest = MAX(highest, writer->severities[g_array_index(call->messages, unsigned, i)]);
    return MAX(highest, gravest(findings));
}

static void count_call(Counts *counts, const SipwhyStory *story, const GPtrArray *findings)
{
    if (story->is_call)
        counts->by_outcome[story->outcome.outcome]++;
    if (story->is_call)
        counts->calls++;
    else
        counts->exchanges++;
    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        counts->by_severity[sipwhy_finding_facts(finding->id)->severity]++;
    }
}

static void add_outcome(SipwhyJsonLine *line, const SipwhyStory *story)
{
    sipwhy_json_line_boolean(line, "is_call", story->is_call);
    if (story->is_call)
        sipwhy_json_line_term(line, "outcome", SIPWHY_TERM_KIND_OUTCOME,
                              (int)story->outcome.outcome);
    else
        sipwhy_json_line_string(line, "outcome", NULL);
    sipwhy_json_line_positive(line, "final_code", story->code);
    sipwhy_json_line_positive(line, "final_in", story->code_in);
}

static void add_delay(SipwhyJsonLine *line, const SipwhyStory *story)
{
    if (story->is_call && story->outcome.delay >= 0)
        sipwhy_json_line_double(line, "pdd", (double)story->outcome.delay / G_USEC_PER_SEC);
    else
        sipwhy_json_line_string(line, "pdd", NULL);
}

/* The first message says who calls whom. */
static void add_parties(const Writer *writer, SipwhyJsonLine *line, const SipwhyCollectedCall *call)
{
    const SipwhyCollected *first = sipwhy_collected_call_message(writer->capture, call, 0);
    SipwhyJudged judged = {0};

    judged.scanned = sipwhy_collected_scan(first, &judged.message);
    add_call_id(line, first, &judged);
    add_method(line, first, &judged);
    add_uri(line, "from", &judged, SIPWHY_HEADER_FROM);
    add_uri(line, "to", &judged, SIPWHY_HEADER_TO);
}

/* The ends of the deciding request, or of the first message. */
static void add_ends(const Writer *writer, SipwhyJsonLine *line, const SipwhyStory *story)
{
    const SipwhyCollected *first = sipwhy_collected_call_message(writer->capture, story->call, 0);
    const SipwhyPacket *packet = &first->packet;
    const SipwhyEndpoint *client = first->is_response ? &packet->destination : &packet->source;
    const SipwhyEndpoint *server = first->is_response ? &packet->source : &packet->destination;

    if (story->deciding) {
        client = &story->deciding->client;
        server = &story->deciding->server;
    }
    add_endpoint(line, "client", client);
    add_endpoint(line, "server", server);
}

/* What sent a message; it may be none. */
static void add_sender(SipwhyJsonLine *line, const char *key, const SipwhyCollected *collected)
{
    SipwhyMessage message;
    const bool scanned = collected && sipwhy_collected_scan(collected, &message);

    add_agent(line, key, scanned ? &message : NULL);
}

/* NULL: there is none, or it did not pass the filter. */
static const SipwhyCollected *find_deciding(const Writer *writer, const SipwhyStory *story)
{
    const SipwhyCollected *one;

    for (size_t i = 0; (one = sipwhy_collected_call_message(writer->capture, story->call, i)); i++)
        if (one->packet.frame == story->code_in && one->is_response && !one->event.quoted &&
            one->event.status == story->code)
            return one;
    return NULL;
}

static void add_agents(const Writer *writer, SipwhyJsonLine *line, const SipwhyStory *story)
{
    const SipwhyCollected *request;
    size_t i = 0;

    while ((request = sipwhy_collected_call_message(writer->capture, story->call, i)) &&
           request->is_response)
        i++;
    add_sender(line, "agent", request);
    add_sender(line, "server_agent", find_deciding(writer, story));
}

/* The finding by the id and frame that a line has it with: of requests what says the same stands
 * once in the findings of the call. */
static void add_leading(SipwhyJsonLine *line, const SipwhyStory *story, const GPtrArray *findings)
{
    const SipwhyStoryNote *note = sipwhy_story_leading(story);
    const SipwhyFinding *finding = note ? note->finding : NULL;

    if (note && !note->on_response)
        finding = sipwhy_collected_same(findings, finding);
    if (!finding) {
        sipwhy_json_line_string(line, "leading", NULL);
        return;
    }
    sipwhy_json_line_open_object(line, "leading");
    sipwhy_json_line_string(line, "id", sipwhy_finding_facts(finding->id)->id);
    sipwhy_json_line_positive(line, "frame", finding->frame);
    sipwhy_json_line_close_object(line);
}

static void write_call(Writer *writer, const SipwhyCollectedCall *call)
{
    GPtrArray *findings = sipwhy_collected_findings(&writer->settings, writer->capture, call);
    SipwhyJsonLine *line = &writer->line;
    SipwhyStory story;

    sipwhy_story_read(writer->capture, &writer->settings, call, &story);
    sipwhy_json_line_begin(line, "call");
    count_call(&writer->counts, &story, findings);
    sipwhy_json_line_number(line, "call",
                            writer->calls[g_array_index(call->messages, unsigned, 0)]);
    add_parties(writer, line, call);
    add_outcome(line, &story);
    sipwhy_json_line_positive(line, "first_in",
                              sipwhy_collected_first_frame(writer->capture, call));
    add_delay(line, &story);
    add_ends(writer, line, &story);
    add_agents(writer, line, &story);
    sipwhy_json_line_number(line, "messages", call->messages->len);
    sipwhy_json_line_term(line, "severity", SIPWHY_TERM_KIND_SEVERITY,
                          (int)highest_severity(writer, call, findings));
    add_leading(line, &story, findings);
    sipwhy_json_line_positive(line, "bare", story.bare.frame);
    add_findings(writer, line, findings);
    sipwhy_json_line_end(line, writer->out);
    sipwhy_story_clear(&story);
    g_ptr_array_free(findings, TRUE);
}

/* ---- summary ---- */

static void add_codes(SipwhyJsonLine *line, const size_t *counts)
{
    char key[8];

    sipwhy_json_line_open_object(line, "by_code");
    for (unsigned code = 0; code < CODES; code++) {
        if (counts[code] == 0)
            continue;
        g_snprintf(key, sizeof key, "%03u", code);
        sipwhy_json_line_number(line, key, counts[code]);
    }
    sipwhy_json_line_close_object(line);
}

static int compare_ids(const void *one, const void *other)
{
    return strcmp(sipwhy_finding_facts(*(const SipwhyFindingId *)one)->id,
                  sipwhy_finding_facts(*(const SipwhyFindingId *)other)->id);
}

/* In the order of their ids. */
static void add_found(SipwhyJsonLine *line, const size_t *counts)
{
    SipwhyFindingId ids[SIPWHY_FINDING_COUNT];

    for (unsigned i = 0; i < SIPWHY_FINDING_COUNT; i++)
        ids[i] = (SipwhyFindingId)i;
    qsort(ids, SIPWHY_FINDING_COUNT, sizeof *ids, compare_ids);
    sipwhy_json_line_open_object(line, "by_finding");
    for (unsigned i = 0; i < SIPWHY_FINDING_COUNT; i++)
        if (counts[ids[i]] > 0)
            sipwhy_json_line_number(line, sipwhy_finding_facts(ids[i])->id, counts[ids[i]]);
    sipwhy_json_line_close_object(line);
}

static void add_terms(SipwhyJsonLine *line, const char *key, SipwhyTermKind kind,
                      const size_t *counts, int count)
{
    sipwhy_json_line_open_object(line, key);
    for (int i = 0; i < count; i++)
        sipwhy_json_line_number(line, sipwhy_term_id(kind, i), counts[i]);
    sipwhy_json_line_close_object(line);
}

static void write_summary(Writer *writer)
{
    const Counts *counts = &writer->counts;
    const SipwhyReportSettings *settings = &writer->settings;
    SipwhyJsonLine *line = &writer->line;

    sipwhy_json_line_begin(line, "summary");
    sipwhy_json_line_number(line, "packets", sipwhy_capture_packets(writer->capture));
    sipwhy_json_line_number(line, "sip_packets", settings->sip_packets);
    sipwhy_json_line_number(line, "responses", counts->responses);
    sipwhy_json_line_number(line, "quoted", counts->quoted);
    sipwhy_json_line_number(line, "calls", counts->calls);
    sipwhy_json_line_number(line, "exchanges", counts->exchanges);
    add_codes(line, counts->by_code);
    add_found(line, counts->by_finding);
    add_terms(line, "by_severity", SIPWHY_TERM_KIND_SEVERITY, counts->by_severity,
              SIPWHY_SEVERITY_COUNT);
    add_terms(line, "by_outcome", SIPWHY_TERM_KIND_OUTCOME, counts->by_outcome,
              SIPWHY_OUTCOME_COUNT);
    if (settings->filter)
        sipwhy_json_line_taken(line, "filter",
                               sipwhy_printable_text(settings->filter, strlen(settings->filter)));
    sipwhy_json_line_string(line, "language", sipwhy_language_id(settings->language));
    sipwhy_json_line_string(line, "version", settings->version);
    sipwhy_json_line_end(line, writer->out);
}

/* ---- the whole ---- */

static unsigned *number_calls(const SipwhyCapture *capture)
{
    unsigned *numbers = g_new0(unsigned, sipwhy_capture_count(capture));
    const SipwhyCollectedCall *call;

    for (unsigned n = 0; (call = sipwhy_capture_call(capture, n)); n++)
        for (unsigned i = 0; i < call->messages->len; i++)
            numbers[g_array_index(call->messages, unsigned, i)] = n + 1;
    return numbers;
}

static void write_messages(Writer *writer)
{
    const SipwhyCollected *collected;

    for (size_t i = 0; (collected = sipwhy_capture_message(writer->capture, i)); i++) {
        if (collected->is_response)
            write_response(writer, collected, i);
        else
            write_request(writer, collected, i);
    }
}

void sipwhy_capture_write_json(const SipwhyCapture *capture, const SipwhyReportSettings *settings,
                               FILE *out)
{
    Writer writer = {.capture = capture, .settings = *settings, .out = out};
    const SipwhyCollectedCall *call;

    writer.settings.silent = g_new0(uint8_t, sipwhy_capture_count(capture));
    writer.severities = g_new0(uint8_t, sipwhy_capture_count(capture)); /* chat */
    writer.calls = number_calls(capture);
    writer.knowledge = g_hash_table_new_full(NULL, NULL, NULL, free_string);
    write_messages(&writer);
    for (size_t i = 0; (call = sipwhy_capture_call(capture, i)); i++)
        write_call(&writer, call);
    if (!sipwhy_trace_is_full(settings->trace)) /* it stands for lines that are whole */
        write_summary(&writer);
    g_hash_table_destroy(writer.knowledge);
    sipwhy_json_line_clear(&writer.line);
    g_free(writer.second_text);
    g_free(writer.calls);
    g_free(writer.severities);
    g_free(writer.settings.silent);
}
