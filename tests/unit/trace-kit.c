/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A trace written down in a test: see trace-kit.h.
 */
#include "trace-kit.h"

#include <arpa/inet.h>
#include <string.h>

#include "language.h"
#include "tables.h"

enum { TEXT_BYTES_MAX = 230, PORT_DEFAULT = 5060 };

/* One frame of the trace. */
typedef struct {
    SipwhyPacket packet;
    GBytes *bytes; /* of its message; NULL: it holds none */
    bool lost;     /* rules do not get them */
} Frame;

struct Kit {
    SipwhyTrace *trace;
    GArray *frames; /* Frame, by frame number less one */
    char *family;   /* of which findings are expected; NULL: all */
    bool told;      /* the test says itself whether the file is read to its end */
};

static void clear_frame(void *data)
{
    g_bytes_unref(((Frame *)data)->bytes);
}

Kit *kit_new(void)
{
    Kit *kit = g_new0(Kit, 1);

    static const char prefix[] = "test-rules-";
    char *program = g_path_get_basename(g_get_prgname() ? g_get_prgname() : "");

    if (g_str_has_prefix(program, prefix))
        kit->family = g_strdelimit(g_strdup(program + strlen(prefix)), "_", '-');
    g_free(program);
    kit->trace = sipwhy_trace_new();
    kit->frames = g_array_new(FALSE, TRUE, sizeof(Frame));
    g_array_set_clear_func(kit->frames, clear_frame);
    return kit;
}

void kit_free(Kit *kit)
{
    sipwhy_trace_free(kit->trace);
    g_array_free(kit->frames, TRUE);
    g_free(kit->family);
    g_free(kit);
}

SipwhyTrace *kit_trace(Kit *kit)
{
    return kit->trace;
}

static Frame *frame_at(Kit *kit, unsigned number)
{
    g_assert_cmpuint(number, >, 0);
    g_assert_cmpuint(number, <=, kit->frames->len);
    return &g_array_index(kit->frames, Frame, number - 1);
}

static int64_t time_at(double seconds)
{
    const int64_t start = INT64_C(1767225600000000); /* 2026-01-01 00:00:00 UTC */

    return start + (int64_t)(seconds * 1e6 + 0.5);
}

/* Where packets come from: hops. */

/* "10.0.0.1", "10.0.0.1:5070", "[2001:db8::1]:5060" */
static SipwhyEndpoint parse_endpoint(const char *text)
{
    SipwhyEndpoint endpoint = {.address = {[10] = 0xFF, [11] = 0xFF}, .port = PORT_DEFAULT};
    const char *close = text[0] == '[' ? strchr(text, ']') : NULL;
    const char *colon = strchr(close ? close : text, ':');
    char *host = close   ? g_strndup(text + 1, (gsize)(close - text - 1))
                 : colon ? g_strndup(text, (gsize)(colon - text))
                         : g_strdup(text);

    if (colon)
        endpoint.port = (uint16_t)g_ascii_strtoull(colon + 1, NULL, 10);
    if (inet_pton(close ? AF_INET6 : AF_INET, host, endpoint.address + (close ? 0 : 12)) != 1)
        g_error("\"%s\" is no address", text);
    g_free(host);
    return endpoint;
}

static SipwhyTransport parse_transport(const char *name)
{
    static const char *const names[] = {
        [SIPWHY_TRANSPORT_UDP] = "udp", [SIPWHY_TRANSPORT_TCP] = "tcp",
        [SIPWHY_TRANSPORT_TLS] = "tls", [SIPWHY_TRANSPORT_SCTP] = "sctp",
        [SIPWHY_TRANSPORT_WS] = "ws",   [SIPWHY_TRANSPORT_WSS] = "wss",
    };

    for (unsigned i = SIPWHY_TRANSPORT_UDP; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i], name) == 0)
            return (SipwhyTransport)i;
    g_error("\"%s\" is no transport", name);
}

/* The packet that comes next; it is not in the kit yet. */
static SipwhyPacket next_packet(const Kit *kit, double seconds, const char *hop)
{
    const char *blank = strchr(hop, ' ');
    char *transport = blank ? g_strndup(hop, (gsize)(blank - hop)) : g_strdup("udp");
    char **ends = g_strsplit(blank ? blank + 1 : hop, ">", -1);

    if (g_strv_length(ends) != 2)
        g_error("\"%s\" is no hop", hop);
    const SipwhyPacket packet = {
        .frame = kit->frames->len + 1,
        .time = time_at(seconds),
        .source = parse_endpoint(ends[0]),
        .destination = parse_endpoint(ends[1]),
        .transport = parse_transport(transport),
    };
    g_strfreev(ends);
    g_free(transport);
    return packet;
}

static SipwhyFraming framing_of(SipwhyTransport transport)
{
    return transport == SIPWHY_TRANSPORT_TCP || transport == SIPWHY_TRANSPORT_TLS
               ? SIPWHY_FRAMING_STREAM
               : SIPWHY_FRAMING_DATAGRAM;
}

/* Takes the bytes; they may be NULL. The file goes on, so it is not read to its end. */
static void add_frame(Kit *kit, const SipwhyPacket *packet, GBytes *bytes)
{
    const Frame frame = {.packet = *packet, .bytes = bytes};

    g_assert_cmpuint(packet->frame, ==, kit->frames->len + 1);
    g_array_append_val(kit->frames, frame);
    if (!kit->told)
        sipwhy_trace_set_whole(kit->trace, false);
    sipwhy_trace_reach(kit->trace, packet->time);
}

static bool scan(const SipwhyPacket *packet, GBytes *bytes, SipwhyMessage *message)
{
    size_t length = 0;
    const char *data = g_bytes_get_data(bytes, &length);

    return data && sipwhy_message_scan(data, length, framing_of(packet->transport), message);
}

/* Takes the bytes. Returns the frame's number, 0 when they hold no message. */
static unsigned add_message(Kit *kit, const SipwhyPacket *packet, GBytes *bytes)
{
    SipwhyMessage message;

    if (!scan(packet, bytes, &message)) {
        g_bytes_unref(bytes);
        return 0;
    }
    add_frame(kit, packet, bytes);
    sipwhy_trace_add(kit->trace, packet, &message);
    return packet->frame;
}

/* Messages, from their heads. */

/* What a test says of a message, and what follows for the rest. */
typedef struct {
    const SipwhyPacket *packet;
    char **lines; /* start line, headers */
    char *body;
    char *method; /* as in CSeq */
    unsigned status;
    unsigned cseq;
} Draft;

/* The value of a header line of the draft, in full or compact form (0: none); NULL: there is
 * none. "-NAME" stands for a header that is to be missing: its value is "". */
static const char *draft_header(const Draft *draft, const char *name, char compact)
{
    const size_t length = strlen(name);

    for (char **line = draft->lines + 1; *line; line++) {
        if ((*line)[0] == '-' && g_ascii_strcasecmp(*line + 1, name) == 0)
            return "";
        if (g_ascii_strncasecmp(*line, name, length) == 0 && (*line)[length] == ':')
            return *line + length + 1 + strspn(*line + length + 1, " ");
        if (compact && g_ascii_tolower((*line)[0]) == compact && (*line)[1] == ':')
            return *line + 2 + strspn(*line + 2, " ");
    }
    return NULL;
}

static void read_draft(Draft *draft, const char *method, const char *head)
{
    const char *body = strstr(head, "\n\n");
    char *top = body ? g_strndup(head, (gsize)(body - head)) : g_strdup(head);

    draft->lines = g_strsplit(top, "\n", -1);
    char **body_lines = g_strsplit(body ? body + 2 : "", "\n", -1);
    draft->body = g_strjoinv("\r\n", body_lines);
    g_strfreev(body_lines);
    draft->status = (unsigned)g_ascii_strtoull(head, NULL, 10);
    draft->cseq = 1;
    const char *cseq = draft_header(draft, "CSeq", 0);
    const char *blank = cseq ? strchr(cseq, ' ') : NULL;
    if (cseq)
        draft->cseq = (unsigned)g_ascii_strtoull(cseq, NULL, 10);
    if (draft->status == 0)
        draft->method = g_strndup(head, strcspn(head, " \n"));
    else
        draft->method = g_strdup(method ? method : blank ? blank + 1 : "INVITE");
    g_free(top);
}

static void clear_draft(Draft *draft)
{
    g_strfreev(draft->lines);
    g_free(draft->body);
    g_free(draft->method);
}

static char *endpoint_text(const SipwhyEndpoint *endpoint)
{
    char text[INET6_ADDRSTRLEN];

    if (endpoint->address[10] == 0xFF && endpoint->address[11] == 0xFF) {
        inet_ntop(AF_INET, endpoint->address + 12, text, sizeof text);
        return g_strdup_printf("%s:%u", text, endpoint->port);
    }
    inet_ntop(AF_INET6, endpoint->address, text, sizeof text);
    return g_strdup_printf("[%s]:%u", text, endpoint->port);
}

static void add_via(GString *out, const Draft *draft)
{
    static const char *const names[] = {"UDP", "UDP", "TCP", "TLS", "SCTP", "WS", "WSS"};
    const char *const own[] = {"ACK", "CANCEL", NULL}; /* they go with the INVITE (17.1.1.3, 9.1) */
    char *client =
        endpoint_text(draft->status ? &draft->packet->destination : &draft->packet->source);

    g_string_append_printf(
        out, "Via: SIP/2.0/%s %s;branch=z9hG4bK%s%u\r\n", names[draft->packet->transport], client,
        g_strv_contains(own, draft->method) ? "INVITE" : draft->method, draft->cseq);
    g_free(client);
}

static bool has_contact(const Draft *draft)
{
    static const char *const requests[] = {"INVITE", "UPDATE",   "SUBSCRIBE", "NOTIFY",
                                           "REFER",  "REGISTER", "OPTIONS",   NULL};
    static const char *const responses[] = {"INVITE", "UPDATE", "SUBSCRIBE",
                                            "NOTIFY", "REFER",  NULL};

    if (draft->status == 0)
        return g_strv_contains(requests, draft->method);
    return draft->status > 100 && draft->status < 300 && g_strv_contains(responses, draft->method);
}

static bool has_to_tag(const Draft *draft)
{
    static const char *const in_dialog[] = {"ACK", "BYE", "PRACK", NULL};

    return draft->status ? draft->status > 100 : g_strv_contains(in_dialog, draft->method);
}

static void add_missing_headers(GString *out, const Draft *draft)
{
    if (!draft_header(draft, "Via", 'v'))
        add_via(out, draft);
    if (!draft_header(draft, "From", 'f'))
        g_string_append(out, "From: <sip:a@example.com>;tag=f\r\n");
    if (!draft_header(draft, "To", 't'))
        g_string_append_printf(out, "To: <sip:b@example.com>%s\r\n",
                               has_to_tag(draft) ? ";tag=t" : "");
    if (!draft_header(draft, "Call-ID", 'i'))
        g_string_append(out, "Call-ID: c1\r\n");
    if (!draft_header(draft, "CSeq", 0))
        g_string_append_printf(out, "CSeq: %u %s\r\n", draft->cseq, draft->method);
    if (draft->status == 0 && !draft_header(draft, "Max-Forwards", 0))
        g_string_append(out, "Max-Forwards: 70\r\n");
    if (has_contact(draft) && !draft_header(draft, "Contact", 'm')) {
        char *sender = endpoint_text(&draft->packet->source);
        g_string_append_printf(out, "Contact: <sip:%s>\r\n", sender);
        g_free(sender);
    }
    if (g_str_has_prefix(draft->body, "v=") && !draft_header(draft, "Content-Type", 'c'))
        g_string_append(out, "Content-Type: application/sdp\r\n");
    if (!draft_header(draft, "Content-Length", 'l'))
        g_string_append_printf(out, "Content-Length: %zu\r\n", strlen(draft->body));
}

static GBytes *write_message(const Draft *draft)
{
    GString *out = g_string_new(NULL);

    if (draft->status)
        g_string_append_printf(out, "SIP/2.0 %s\r\n", draft->lines[0]);
    else
        g_string_append_printf(out, "%s SIP/2.0\r\n", draft->lines[0]);
    for (char **line = draft->lines + 1; *line; line++)
        if ((*line)[0] != '-')
            g_string_append_printf(out, "%s\r\n", *line);
    add_missing_headers(out, draft);
    g_string_append_printf(out, "\r\n%s", draft->body);
    return g_string_free_to_bytes(out);
}

unsigned kit_say(Kit *kit, double seconds, const char *hop, const char *method, const char *head)
{
    const SipwhyPacket packet = next_packet(kit, seconds, hop);
    Draft draft = {.packet = &packet};

    read_draft(&draft, method, head);
    const unsigned frame = add_message(kit, &packet, write_message(&draft));
    if (frame == 0)
        g_error("\"%s\" is no message", head);
    clear_draft(&draft);
    return frame;
}

unsigned kit_raw(Kit *kit, double seconds, const char *hop, const char *bytes, size_t length)
{
    const SipwhyPacket packet = next_packet(kit, seconds, hop);

    return add_message(kit, &packet, g_bytes_new(bytes, length));
}

static unsigned say_again(Kit *kit, double seconds, unsigned frame, bool quoted)
{
    const Frame *said = frame_at(kit, frame);
    SipwhyPacket packet = said->packet;

    packet.frame = kit->frames->len + 1;
    packet.time = time_at(seconds);
    packet.quoted = quoted;
    return add_message(kit, &packet, g_bytes_ref(said->bytes));
}

unsigned kit_repeat(Kit *kit, double seconds, unsigned frame)
{
    return say_again(kit, seconds, frame, false);
}

unsigned kit_unreachable(Kit *kit, double seconds, unsigned frame)
{
    return say_again(kit, seconds, frame, true);
}

unsigned kit_reset(Kit *kit, double seconds, const char *hop)
{
    const SipwhyPacket packet = next_packet(kit, seconds, hop);

    add_frame(kit, &packet, NULL);
    sipwhy_trace_reset(kit->trace, &packet);
    return packet.frame;
}

void kit_wait(Kit *kit, double seconds)
{
    sipwhy_trace_reach(kit->trace, time_at(seconds));
}

void kit_lose(Kit *kit, unsigned frame)
{
    frame_at(kit, frame)->lost = true;
}

void kit_whole(Kit *kit, bool whole)
{
    kit->told = true;
    sipwhy_trace_set_whole(kit->trace, whole);
}

/* Findings. */

static const SipwhyEvent *event_of(Kit *kit, unsigned number)
{
    size_t count = 0;
    const SipwhyEvent *event = sipwhy_trace_frame(kit->trace, number, &count);

    if (count == 0)
        g_error("frame %u has no message", number);
    return event;
}

SipwhySubject kit_subject(Kit *kit, unsigned number, SipwhyMessage *message)
{
    const Frame *frame = frame_at(kit, number);
    const SipwhyEvent *event = event_of(kit, number);
    const bool at_hand = !frame->lost && scan(&frame->packet, frame->bytes, message);

    return (SipwhySubject){.trace = kit->trace,
                           .event = event,
                           .transaction = event->transaction,
                           .call = event->transaction ? event->transaction->call : NULL,
                           .message = at_hand ? message : NULL};
}

static GPtrArray *find(Kit *kit, unsigned number)
{
    const Frame *frame = frame_at(kit, number);
    SipwhyMessage message;

    if (!kit->told)
        sipwhy_trace_set_whole(kit->trace, true);
    const bool at_hand = !frame->lost && scan(&frame->packet, frame->bytes, &message);
    return sipwhy_find(kit->trace, event_of(kit, number), at_hand ? &message : NULL);
}

static const char *id_of(const SipwhyFinding *finding)
{
    return sipwhy_finding_facts(finding->id)->id;
}

static const SipwhyFinding *find_one(const GPtrArray *findings, const char *id)
{
    for (unsigned i = 0; i < findings->len; i++)
        if (strcmp(id_of(findings->pdata[i]), id) == 0)
            return findings->pdata[i];
    return NULL;
}

/* Title, text and fixes, a line each. */
static char *all_texts(const SipwhyFinding *finding, SipwhyLanguage language)
{
    char *title = sipwhy_finding_title(finding, language);
    char *text = sipwhy_finding_text(finding, language);
    GString *all = g_string_new(NULL);

    g_string_append_printf(all, "%s\n%s\n", title, text);
    for (size_t n = 0; n < sipwhy_finding_fix_count(finding, language); n++) {
        char *fix = sipwhy_finding_fix(finding, n, language);
        g_string_append_printf(all, "%s\n", fix);
        g_free(fix);
    }
    g_free(text);
    g_free(title);
    return g_string_free(all, FALSE);
}

/* What a failed test wants to know. */
static void print_findings(unsigned number, const GPtrArray *findings)
{
    g_printerr("frame %u has %u findings\n", number, findings->len);
    for (unsigned i = 0; i < findings->len; i++) {
        const SipwhyFinding *finding = findings->pdata[i];
        char *texts = all_texts(finding, 0);
        g_printerr("%s: %s", id_of(finding), texts);
        g_free(texts);
    }
}

/* Every {placeholder} of a template has a value. */
static void check_template(const SipwhyFinding *finding, const char *template)
{
    for (const char *open = strchr(template, '{'); open; open = strchr(open + 1, '{')) {
        const size_t length = strcspn(open + 1, "}");
        bool set = false;
        for (unsigned i = 0; i < finding->value_count; i++)
            set = set || (strlen(finding->names[i]) == length &&
                          strncmp(finding->names[i], open + 1, length) == 0);
        if (!set)
            g_error("%s: {%.*s} has no value in: %s", id_of(finding), (int)length, open + 1,
                    template);
    }
}

static void check_texts(const SipwhyFinding *finding, SipwhyLanguage language)
{
    const SipwhyFindingWords *words = sipwhy_finding_words(finding->wording, language);
    char *texts = all_texts(finding, language);
    char **lines = g_strsplit(texts, "\n", -1);

    check_template(finding, words->title);
    check_template(finding, words->text);
    for (size_t n = 0; n < words->fixes.count; n++)
        check_template(finding, words->fixes.fix[n].text);
    g_assert_cmpuint(g_strv_length(lines), ==,
                     sipwhy_finding_fix_count(finding, language) + 3); /* one line each */
    for (char **line = lines; *line; line++) {
        if (strlen(*line) > TEXT_BYTES_MAX)
            g_error("%s: %zu bytes are too many: %s", id_of(finding), strlen(*line), *line);
        g_assert_true(g_utf8_validate(*line, -1, NULL));
    }
    g_strfreev(lines);
    g_free(texts);
}

static void check_finding(const Kit *kit, const SipwhyFinding *finding)
{
    if (finding->wording < sipwhy_finding_wordings[finding->id] ||
        finding->wording >= sipwhy_finding_wordings[finding->id + 1])
        g_error("%s: the wording is another finding's", id_of(finding));
    for (unsigned i = 0; i < finding->frame_count; i++)
        if (finding->frames[i] == 0 || finding->frames[i] > kit->frames->len)
            g_error("%s: there is no frame %u to prove it", id_of(finding), finding->frames[i]);
    for (SipwhyLanguage language = 0; sipwhy_language_id(language); language++)
        check_texts(finding, language);
}

static void check_findings(const Kit *kit, const GPtrArray *findings)
{
    for (unsigned i = 0; i < findings->len; i++)
        check_finding(kit, findings->pdata[i]);
}

/* Where its bytes are not at hand, rules do without them. */
static void check_without_bytes(Kit *kit, unsigned number)
{
    GPtrArray *findings = sipwhy_find(kit->trace, event_of(kit, number), NULL);

    check_findings(kit, findings);
    g_ptr_array_free(findings, TRUE);
}

static bool is_expected(const Kit *kit, const SipwhyFinding *finding)
{
    return !kit->family || strcmp(sipwhy_finding_facts(finding->id)->family, kit->family) == 0;
}

void kit_expect(Kit *kit, unsigned number, const char *ids)
{
    GPtrArray *findings = find(kit, number);
    GString *found = g_string_new(NULL);

    for (unsigned i = 0; i < findings->len; i++)
        if (is_expected(kit, findings->pdata[i]))
            g_string_append_printf(found, "%s%s", found->len ? " " : "", id_of(findings->pdata[i]));
    if (strcmp(found->str, ids) != 0)
        print_findings(number, findings);
    g_assert_cmpstr(found->str, ==, ids);
    check_findings(kit, findings);
    check_without_bytes(kit, number);
    g_string_free(found, TRUE);
    g_ptr_array_free(findings, TRUE);
}

void kit_expect_one(Kit *kit, unsigned number, const char *id)
{
    GPtrArray *findings = find(kit, number);

    if (!find_one(findings, id)) {
        print_findings(number, findings);
        g_error("frame %u has no finding %s", number, id);
    }
    check_findings(kit, findings);
    check_without_bytes(kit, number);
    g_ptr_array_free(findings, TRUE);
}

void kit_expect_none(Kit *kit, unsigned number, const char *id)
{
    GPtrArray *findings = find(kit, number);

    if (find_one(findings, id)) {
        print_findings(number, findings);
        g_error("frame %u has the finding %s", number, id);
    }
    check_findings(kit, findings);
    check_without_bytes(kit, number);
    g_ptr_array_free(findings, TRUE);
}

void kit_expect_text(Kit *kit, unsigned number, const char *id, const char *part)
{
    GPtrArray *findings = find(kit, number);
    const SipwhyFinding *finding = find_one(findings, id);
    char *texts = finding ? all_texts(finding, 0) : NULL;

    if (!texts || !strstr(texts, part)) {
        print_findings(number, findings);
        g_error("frame %u, %s: \"%s\" stands nowhere", number, id, part);
    }
    check_findings(kit, findings);
    g_free(texts);
    g_ptr_array_free(findings, TRUE);
}

void kit_expect_frames(Kit *kit, unsigned number, const char *id, const char *frames)
{
    GPtrArray *findings = find(kit, number);
    const SipwhyFinding *finding = find_one(findings, id);
    GString *found = g_string_new(NULL);

    if (!finding) {
        print_findings(number, findings);
        g_error("frame %u has no finding %s", number, id);
    }
    for (unsigned i = 0; i < finding->frame_count; i++)
        g_string_append_printf(found, "%s%u", i ? " " : "", finding->frames[i]);
    if (strcmp(found->str, frames) != 0)
        print_findings(number, findings);
    g_assert_cmpstr(found->str, ==, frames);
    g_string_free(found, TRUE);
    g_ptr_array_free(findings, TRUE);
}

void kit_expect_severity(Kit *kit, unsigned number, const char *severity)
{
    GPtrArray *findings = find(kit, number);

    for (unsigned i = findings->len; i > 0; i--)
        if (!is_expected(kit, findings->pdata[i - 1]))
            g_ptr_array_remove_index(findings, i - 1);
    const unsigned status = event_of(kit, number)->status;
    SipwhyExplanation explanation;
    bool expected;
    const bool explained = status > 0 && sipwhy_explain(status, 0, &explanation);
    const SipwhySeverity found =
        sipwhy_findings_severity(findings, explained ? &explanation : NULL, &expected);
    const char *id = sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)found);

    if (strcmp(id, severity) != 0)
        print_findings(number, findings);
    g_assert_cmpstr(id, ==, severity);
    g_ptr_array_free(findings, TRUE);
}
