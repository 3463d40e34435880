/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture for machines: JSON Lines.
 */
#include "capture_json.h"

#include <string.h>

#include "body.h"
#include "endpoint.h"
#include "json.h"
#include "language.h"
#include "members.h"
#include "origin.h"
#include "story.h"

enum { SLICE_BYTES_MOST = 1024 }; /* of what stands in a message */

/* What the summary counts. */
typedef struct {
    size_t responses;
    size_t quoted;
    size_t calls;
    size_t exchanges;  /* what is no call */
    GTree *by_code;    /* "401" -> count, in GSIZE_TO_POINTER */
    GTree *by_finding; /* by id */
    size_t by_severity[SIPWHY_SEVERITY_COUNT];
    size_t by_outcome[SIPWHY_OUTCOME_COUNT];
} Counts;

typedef struct {
    const SipwhyCapture *capture;
    const SipwhyReportSettings *settings;
    FILE *out;
    Counts counts;
    uint8_t *severities; /* of each message and its findings, once it is written */
    unsigned *calls;     /* of each message the number of its call, from 1 */
} Writer;

static int compare_keys(const void *one, const void *other, void *data)
{
    (void)data;
    return strcmp(one, other);
}

static void count_key(GTree *counts, const char *key)
{
    size_t count = GPOINTER_TO_SIZE(g_tree_lookup(counts, key));

    g_tree_insert(counts, g_strdup(key), GSIZE_TO_POINTER(count + 1));
}

/* ---- members ---- */

static void add_slice(JsonBuilder *json, const char *key, SipwhySlice slice)
{
    const size_t length = MIN(slice.length, SLICE_BYTES_MOST);

    add_taken(json, key, slice.data ? sipwhy_printable_text(slice.data, length) : NULL);
}

static void add_frames(JsonBuilder *json, const char *key, const SipwhyFinding *finding)
{
    begin_array(json, key);
    for (unsigned i = 0; i < finding->frame_count; i++)
        json_builder_add_int_value(json, finding->frames[i]);
    json_builder_end_array(json);
}

/* ---- lines ---- */

static JsonBuilder *begin_line(const char *type)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    add_string(json, "type", type);
    return json;
}

static void end_line(JsonBuilder *json, FILE *out)
{
    JsonGenerator *generator = json_generator_new();

    json_builder_end_object(json);
    JsonNode *root = json_builder_get_root(json);
    json_generator_set_root(generator, root);
    char *line = json_generator_to_data(generator, NULL);
    fprintf(out, "%s\n", line);
    g_free(line);
    json_node_unref(root);
    g_object_unref(generator);
    g_object_unref(json);
}

/* ---- findings ---- */

static void add_finding_fixes(JsonBuilder *json, const SipwhyFinding *finding,
                              SipwhyLanguage language)
{
    const size_t count = sipwhy_finding_fix_count(finding, language);

    add_taken(json, "fix", count > 0 ? sipwhy_finding_fix(finding, 0, language) : NULL);
    begin_array(json, "fixes");
    for (size_t i = 0; i < count; i++) {
        char *fix = sipwhy_finding_fix(finding, i, language);
        json_builder_add_string_value(json, fix);
        g_free(fix);
    }
    json_builder_end_array(json);
}

static void add_finding(Writer *writer, JsonBuilder *json, const SipwhyFinding *finding)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(finding->id);
    const SipwhyLanguage language = writer->settings->language;

    count_key(writer->counts.by_finding, facts->id);
    json_builder_begin_object(json);
    add_string(json, "id", facts->id);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)facts->severity);
    add_term(json, "category", SIPWHY_TERM_KIND_CATEGORY, (int)facts->category);
    add_boolean(json, "inferred", facts->inferred);
    add_taken(json, "title", sipwhy_finding_title(finding, language));
    add_taken(json, "text", sipwhy_finding_text(finding, language));
    add_finding_fixes(json, finding, language);
    add_positive(json, "frame", finding->frame);
    add_frames(json, "evidence", finding);
    json_builder_end_object(json);
}

static void add_findings(Writer *writer, JsonBuilder *json, const GPtrArray *findings)
{
    begin_array(json, "findings");
    for (unsigned i = 0; i < findings->len; i++)
        add_finding(writer, json, findings->pdata[i]);
    json_builder_end_array(json);
}

/* ---- responses ---- */

/* The time as RFC 3339 has it; null where no calendar has it. */
static void add_time(JsonBuilder *json, int64_t time)
{
    const int64_t fraction = ((time % G_USEC_PER_SEC) + G_USEC_PER_SEC) % G_USEC_PER_SEC;
    GDateTime *second = g_date_time_new_from_unix_utc((time - fraction) / G_USEC_PER_SEC);

    if (!second) {
        add_string(json, "time", NULL);
        return;
    }
    char *text = g_date_time_format(second, "%Y-%m-%dT%H:%M:%S");
    add_taken(json, "time", g_strdup_printf("%s.%06dZ", text, (int)fraction));
    g_free(text);
    g_date_time_unref(second);
}

static void add_uri(JsonBuilder *json, const char *key, const SipwhyJudged *judged,
                    SipwhyHeaderId header)
{
    SipwhySlice value;

    if (judged->scanned && sipwhy_message_first(&judged->message, header, &value))
        add_slice(json, key, sipwhy_slice_uri(value));
    else
        add_string(json, key, NULL);
}

static void add_call_id(JsonBuilder *json, const SipwhyCollected *collected,
                        const SipwhyJudged *judged)
{
    const SipwhyTransaction *transaction = collected->event.transaction;
    SipwhySlice value = {0};

    if (!judged->scanned ||
        !sipwhy_message_first(&judged->message, SIPWHY_HEADER_CALL_ID, &value)) {
        value.data = transaction ? transaction->call->id : NULL;
        value.length = value.data ? strlen(value.data) : 0;
    }
    add_slice(json, "call_id", value);
}

static void add_method(JsonBuilder *json, const SipwhyCollected *collected,
                       const SipwhyJudged *judged)
{
    const SipwhySlice method =
        judged->scanned ? sipwhy_message_method(&judged->message) : (SipwhySlice){0};

    if (method.length > 0)
        add_slice(json, "method", method);
    else
        add_string(json, "method", sipwhy_method_name((SipwhyMethod)collected->event.method));
}

static void add_code(JsonBuilder *json, const SipwhyCollected *collected,
                     const SipwhyJudged *judged)
{
    const char *phrase = judged->explained ? judged->explanation.phrase : "";
    const char *sent = collected->event.phrase;

    add_number(json, "code", collected->event.status);
    add_string(json, "phrase", phrase);
    add_string(json, "wire_phrase", sent ? sent : phrase);
    add_boolean(json, "registered", judged->explained && judged->explanation.registered);
}

/* What a request or response says of the software that sent it. */
static void add_agent(JsonBuilder *json, const char *key, const SipwhyMessage *message)
{
    SipwhySlice agent = {0};

    if (message && message->is_response)
        sipwhy_message_first(message, SIPWHY_HEADER_SERVER, &agent);
    if (message && agent.length == 0)
        sipwhy_message_first(message, SIPWHY_HEADER_USER_AGENT, &agent);
    add_slice(json, key, agent.length > 0 ? agent : (SipwhySlice){0});
}

static void add_sdp(JsonBuilder *json, const SipwhyJudged *judged)
{
    SipwhySlice sdp;

    add_boolean(json, "sdp", judged->scanned && sipwhy_body_sdp(&judged->message, &sdp));
}

static void add_place(JsonBuilder *json, const SipwhyPacket *packet)
{
    add_taken(json, "src", sipwhy_endpoint_text(&packet->source));
    add_taken(json, "dst", sipwhy_endpoint_text(&packet->destination));
    add_string(json, "transport", sipwhy_transport_name(packet->transport));
}

static void add_origin(const Writer *writer, JsonBuilder *json, const SipwhyCollected *collected,
                       const SipwhyJudged *judged)
{
    SipwhySubject subject;
    SipwhyOriginEvidence evidence;

    sipwhy_collected_subject(writer->settings->trace, collected, judged, &subject);
    const SipwhyOrigin origin = sipwhy_origin(&subject, &evidence);
    add_term(json, "origin", SIPWHY_TERM_KIND_ORIGIN, (int)origin);
    add_taken(json, "origin_evidence", sipwhy_origin_text(&evidence, writer->settings->language));
    add_frames(json, "origin_frames", &evidence.filled);
    sipwhy_origin_clear(&evidence);
}

static void add_verdict(JsonBuilder *json, const SipwhyJudged *judged)
{
    const SipwhyCode *code = judged->explained ? judged->explanation.code : NULL;

    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)judged->severity);
    add_boolean(json, "expected", judged->expected);
    add_string(json, "category", sipwhy_local_category_id(judged->local, code));
}

static void add_texts(JsonBuilder *json, const char *key, char **texts)
{
    begin_array(json, key);
    for (char **text = texts; *text; text++)
        json_builder_add_string_value(json, *text);
    json_builder_end_array(json);
    g_strfreev(texts);
}

static void add_local_entry(JsonBuilder *json, const SipwhyLocalEntry *entry,
                            SipwhyLanguage language)
{
    json_builder_begin_object(json);
    add_string(json, "id", entry->id);
    add_string(json, "title", entry->title);
    add_texts(json, "text", sipwhy_local_texts(entry, language));
    add_texts(json, "fixes", sipwhy_local_fixes(entry, language));
    begin_array(json, "instead_of");
    for (int part = 0; part < SIPWHY_LOCAL_PART_COUNT; part++)
        if (sipwhy_local_replaces(entry, (SipwhyLocalPart)part))
            json_builder_add_string_value(json, sipwhy_local_part_id((SipwhyLocalPart)part));
    json_builder_end_array(json);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY, (int)entry->severity);
    add_term(json, "category", SIPWHY_TERM_KIND_CATEGORY, (int)entry->category);
    add_string(json, "url", entry->url);
    add_string(json, "file", entry->file);
    json_builder_end_object(json);
}

/* Local knowledge; most captures are read without any, and their lines are as they always were. */
static void add_local(JsonBuilder *json, const SipwhyJudged *judged, SipwhyLanguage language)
{
    if (!judged->local)
        return;
    begin_array(json, "local");
    for (const SipwhyLocalEntry *const *entry = judged->local; *entry; entry++)
        add_local_entry(json, *entry, language);
    json_builder_end_array(json);
}

static void add_notes(JsonBuilder *json, const SipwhyJudged *judged, SipwhyLanguage language)
{
    begin_array(json, "notes");
    if (judged->scanned) {
        GPtrArray *notes = sipwhy_warning_notes(&judged->message, language);
        for (unsigned i = 0; i < notes->len; i++)
            sipwhy_json_add_note(json, notes->pdata[i]);
        g_ptr_array_free(notes, TRUE);
    }
    json_builder_end_array(json);
}

static void add_fixes(JsonBuilder *json, SipwhyFixes fixes, SipwhyLanguage language)
{
    begin_array(json, "fixes");
    for (size_t i = 0; i < fixes.count; i++) {
        char *fix = sipwhy_fix_text(language, &fixes.fix[i]);
        json_builder_add_string_value(json, fix);
        g_free(fix);
    }
    json_builder_end_array(json);
}

/* What data/ says of the code. */
static void add_explanation(JsonBuilder *json, const SipwhyExplanation *explanation,
                            SipwhyLanguage language)
{
    char **lines = sipwhy_description_lines(language, explanation);

    add_taken(json, "description", g_strjoinv(" ", lines));
    add_lines(json, "causes", explanation->causes);
    add_fixes(json, explanation->fixes, language);
    add_string(json, "next", explanation->next);
    add_string(json, "reference", explanation->reference);
    add_string(json, "url", explanation->url);
    g_strfreev(lines);
}

/* Where there is nothing to say of the code: it is none, or was never received. */
static void add_no_explanation(JsonBuilder *json, const char *description, const char *fix)
{
    add_string(json, "description", description);
    add_lines(json, "causes", (SipwhyLines){0});
    begin_array(json, "fixes");
    if (fix)
        json_builder_add_string_value(json, fix);
    json_builder_end_array(json);
    add_string(json, "next", NULL);
    add_string(json, "reference", NULL);
    add_string(json, "url", NULL);
}

static void add_knowledge(JsonBuilder *json, const SipwhyCollected *collected,
                          const SipwhyJudged *judged, SipwhyLanguage language)
{
    if (collected->event.quoted) {
        add_no_explanation(json, sipwhy_text(language, SIPWHY_TEXT_QUOTED_NOTE),
                           sipwhy_text(language, SIPWHY_TEXT_QUOTED_FIX));
    } else if (judged->explained) {
        add_explanation(json, &judged->explanation, language);
    } else {
        char *text = sipwhy_registration_text(language, collected->event.status);
        add_no_explanation(json, text, NULL);
        g_free(text);
    }
}

static void add_links(JsonBuilder *json, const SipwhyEvent *event)
{
    const SipwhyTransaction *transaction = event->transaction;
    const bool known = transaction && !transaction->disowned;

    add_positive(json, "request_in", known ? transaction->request.frame : 0);
    add_positive(json, "outcome_in", sipwhy_response_outcome_in(event));
}

static void count_response(Counts *counts, const SipwhyEvent *event, const SipwhyJudged *judged)
{
    char code[8];

    if (event->quoted) {
        counts->quoted++;
        return;
    }
    g_snprintf(code, sizeof code, "%03u", event->status);
    counts->responses++;
    counts->by_severity[judged->severity]++;
    count_key(counts->by_code, code);
}

/* What requests and responses have in common. */
static void add_message(const Writer *writer, JsonBuilder *json, const SipwhyCollected *collected,
                        const SipwhyJudged *judged, size_t n)
{
    add_number(json, "call", writer->calls[n]);
    add_method(json, collected, judged);
    add_call_id(json, collected, judged);
    add_uri(json, "from", judged, SIPWHY_HEADER_FROM);
    add_uri(json, "to", judged, SIPWHY_HEADER_TO);
    add_place(json, &collected->packet);
    add_agent(json, "agent", judged->scanned ? &judged->message : NULL);
    add_sdp(json, judged);
    add_boolean(json, "quoted", collected->event.quoted);
    add_boolean(json, "repeated", collected->event.repeated);
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
    const SipwhyLanguage language = writer->settings->language;
    JsonBuilder *json = begin_line("response");
    SipwhyJudged judged;

    sipwhy_collected_judge(writer->settings->trace, collected, language, &judged);
    count_response(&writer->counts, &collected->event, &judged);
    if (!collected->event.quoted)
        writer->severities[n] = (uint8_t)MAX(judged.severity, gravest(judged.findings));
    add_number(json, "frame", collected->packet.frame);
    add_time(json, collected->packet.time);
    add_code(json, collected, &judged);
    add_message(writer, json, collected, &judged, n);
    if (!collected->event.quoted)
        add_verdict(json, &judged);
    add_origin(writer, json, collected, &judged);
    add_links(json, &collected->event);
    if (writer->settings->knowledge)
        add_knowledge(json, collected, &judged, language);
    add_notes(json, &judged, language);
    add_local(json, &judged, language);
    add_findings(writer, json, judged.findings);
    end_line(json, writer->out);
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
static void write_request(const Writer *writer, const SipwhyCollected *collected, size_t n)
{
    JsonBuilder *json = begin_line("request");
    SipwhyJudged judged = {0};

    judged.scanned = sipwhy_collected_scan(collected, &judged.message);
    add_number(json, "frame", collected->packet.frame);
    add_time(json, collected->packet.time);
    add_message(writer, json, collected, &judged, n);
    add_positive(json, "response_in", response_in(&collected->event));
    end_line(json, writer->out);
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

static void add_outcome(JsonBuilder *json, const SipwhyStory *story)
{
    add_boolean(json, "is_call", story->is_call);
    if (story->is_call)
        add_term(json, "outcome", SIPWHY_TERM_KIND_OUTCOME, (int)story->outcome.outcome);
    else
        add_string(json, "outcome", NULL);
    add_positive(json, "final_code", story->code);
    add_positive(json, "final_in", story->code_in);
}

static void add_delay(JsonBuilder *json, const SipwhyStory *story)
{
    json_builder_set_member_name(json, "pdd");
    if (story->is_call && story->outcome.delay >= 0)
        json_builder_add_double_value(json, (double)story->outcome.delay / G_USEC_PER_SEC);
    else
        json_builder_add_null_value(json);
}

/* The first message says who calls whom. */
static void add_parties(const Writer *writer, JsonBuilder *json, const SipwhyCollectedCall *call)
{
    const SipwhyCollected *first = sipwhy_collected_call_message(writer->capture, call, 0);
    SipwhyJudged judged = {0};

    judged.scanned = sipwhy_collected_scan(first, &judged.message);
    add_call_id(json, first, &judged);
    add_method(json, first, &judged);
    add_uri(json, "from", &judged, SIPWHY_HEADER_FROM);
    add_uri(json, "to", &judged, SIPWHY_HEADER_TO);
}

/* The ends of the deciding request, or of the first message. */
static void add_ends(const Writer *writer, JsonBuilder *json, const SipwhyStory *story)
{
    const SipwhyCollected *first = sipwhy_collected_call_message(writer->capture, story->call, 0);
    const SipwhyPacket *packet = &first->packet;
    const SipwhyEndpoint *client = first->is_response ? &packet->destination : &packet->source;
    const SipwhyEndpoint *server = first->is_response ? &packet->source : &packet->destination;

    if (story->deciding) {
        client = &story->deciding->client;
        server = &story->deciding->server;
    }
    add_taken(json, "client", sipwhy_endpoint_text(client));
    add_taken(json, "server", sipwhy_endpoint_text(server));
}

/* What sent a message; it may be none. */
static void add_sender(JsonBuilder *json, const char *key, const SipwhyCollected *collected)
{
    SipwhyMessage message;
    const bool scanned = collected && sipwhy_collected_scan(collected, &message);

    add_agent(json, key, scanned ? &message : NULL);
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

static void add_agents(const Writer *writer, JsonBuilder *json, const SipwhyStory *story)
{
    const SipwhyCollected *request;
    size_t i = 0;

    while ((request = sipwhy_collected_call_message(writer->capture, story->call, i)) &&
           request->is_response)
        i++;
    add_sender(json, "agent", request);
    add_sender(json, "server_agent", find_deciding(writer, story));
}

/* The finding by the id and frame that a line has it with: of requests what says the same stands
 * once in the findings of the call. */
static void add_leading(JsonBuilder *json, const SipwhyStory *story, const GPtrArray *findings)
{
    const SipwhyStoryNote *note = sipwhy_story_leading(story);
    const SipwhyFinding *finding = note ? note->finding : NULL;

    if (note && !note->on_response)
        finding = sipwhy_collected_same(findings, finding);
    if (!finding) {
        add_string(json, "leading", NULL);
        return;
    }
    begin_object(json, "leading");
    add_string(json, "id", sipwhy_finding_facts(finding->id)->id);
    add_positive(json, "frame", finding->frame);
    json_builder_end_object(json);
}

static void write_call(Writer *writer, const SipwhyCollectedCall *call)
{
    GPtrArray *findings = sipwhy_collected_findings(writer->settings->trace, writer->capture, call);
    JsonBuilder *json = begin_line("call");
    SipwhyStory story;

    sipwhy_story_read(writer->capture, writer->settings, call, &story);
    count_call(&writer->counts, &story, findings);
    add_number(json, "call", writer->calls[g_array_index(call->messages, unsigned, 0)]);
    add_parties(writer, json, call);
    add_outcome(json, &story);
    add_positive(json, "first_in", sipwhy_collected_first_frame(writer->capture, call));
    add_delay(json, &story);
    add_ends(writer, json, &story);
    add_agents(writer, json, &story);
    add_count(json, "messages", call->messages->len);
    add_term(json, "severity", SIPWHY_TERM_KIND_SEVERITY,
             (int)highest_severity(writer, call, findings));
    add_leading(json, &story, findings);
    add_positive(json, "bare", story.bare.frame);
    add_findings(writer, json, findings);
    end_line(json, writer->out);
    sipwhy_story_clear(&story);
    g_ptr_array_free(findings, TRUE);
}

/* ---- summary ---- */

static gboolean add_key(void *key, void *value, void *data)
{
    add_count(data, key, GPOINTER_TO_SIZE(value));
    return FALSE;
}

static void add_tree(JsonBuilder *json, const char *key, GTree *counts)
{
    begin_object(json, key);
    g_tree_foreach(counts, add_key, json);
    json_builder_end_object(json);
}

static void add_terms(JsonBuilder *json, const char *key, SipwhyTermKind kind, const size_t *counts,
                      int count)
{
    begin_object(json, key);
    for (int i = 0; i < count; i++)
        add_count(json, sipwhy_term_id(kind, i), counts[i]);
    json_builder_end_object(json);
}

static void write_summary(const Writer *writer)
{
    const Counts *counts = &writer->counts;
    const SipwhyReportSettings *settings = writer->settings;
    JsonBuilder *json = begin_line("summary");

    add_count(json, "packets", sipwhy_capture_packets(writer->capture));
    add_count(json, "sip_packets", settings->sip_packets);
    add_count(json, "responses", counts->responses);
    add_count(json, "quoted", counts->quoted);
    add_count(json, "calls", counts->calls);
    add_count(json, "exchanges", counts->exchanges);
    add_tree(json, "by_code", counts->by_code);
    add_tree(json, "by_finding", counts->by_finding);
    add_terms(json, "by_severity", SIPWHY_TERM_KIND_SEVERITY, counts->by_severity,
              SIPWHY_SEVERITY_COUNT);
    add_terms(json, "by_outcome", SIPWHY_TERM_KIND_OUTCOME, counts->by_outcome,
              SIPWHY_OUTCOME_COUNT);
    if (settings->filter)
        add_taken(json, "filter",
                  sipwhy_printable_text(settings->filter, strlen(settings->filter)));
    add_string(json, "language", sipwhy_language_id(settings->language));
    add_string(json, "version", settings->version);
    end_line(json, writer->out);
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
    Writer writer = {.capture = capture, .settings = settings, .out = out};
    const SipwhyCollectedCall *call;

    writer.severities = g_new0(uint8_t, sipwhy_capture_count(capture)); /* chat */
    writer.calls = number_calls(capture);
    writer.counts.by_code = g_tree_new_full(compare_keys, NULL, g_free, NULL);
    writer.counts.by_finding = g_tree_new_full(compare_keys, NULL, g_free, NULL);
    write_messages(&writer);
    for (size_t i = 0; (call = sipwhy_capture_call(capture, i)); i++)
        write_call(&writer, call);
    write_summary(&writer);
    g_tree_destroy(writer.counts.by_code);
    g_tree_destroy(writer.counts.by_finding);
    g_free(writer.calls);
    g_free(writer.severities);
}
