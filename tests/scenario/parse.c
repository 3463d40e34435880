/* SPDX-License-Identifier: GPL-2.0-or-later
 * The lines of a scenario file: directives, events, and what is indented below an event. */
#include "parse.h"

#include <arpa/inet.h>
#include <string.h>

#include "quoted.h"

#define BLANKS " \t"

static const gchar *const icmp_kinds[] = {"port-unreachable", "host-unreachable", "net-unreachable",
                                          "admin-prohibited", NULL};

/* Takes the next word off *at; NULL at the end. The word is cut out of the line itself. */
static gchar *next_word(gchar **at)
{
    gchar *word = *at + strspn(*at, BLANKS);
    gchar *end = word + strcspn(word, BLANKS);

    if (!*word)
        return NULL;
    *at = *end ? end + 1 : end;
    *end = '\0';
    *at += strspn(*at, BLANKS);
    return word;
}

static gboolean parse_number(const gchar *text, guint64 max, guint64 *number)
{
    return text && g_ascii_isdigit(*text) &&
           g_ascii_string_to_unsigned(text, 10, 0, max, number, NULL);
}

static gboolean find_host(Parser *parser, const gchar *name, guint *index, GError **error)
{
    GPtrArray *hosts = parser->scenario->hosts;

    for (guint i = 0; i < hosts->len; i++) {
        if (strcmp(scenario_host(parser->scenario, i)->name, name) == 0) {
            *index = i;
            return TRUE;
        }
    }
    return scenario_fail(error, parser->line, "no host is called \"%s\"", name);
}

/* ---- host ---- */

static gboolean is_documentation(const Address *address)
{
    static const struct {
        guint8 bytes[4];
        gsize family, len;
    } ranges[] = {{{192, 0, 2}, 4, 3}, /* RFC 5737 */
                  {{198, 51, 100}, 4, 3},
                  {{203, 0, 113}, 4, 3},
                  {{0x20, 0x01, 0x0d, 0xb8}, 16, 4}}; /* RFC 3849 */

    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
        if (address->len == ranges[i].family &&
            memcmp(address->bytes, ranges[i].bytes, ranges[i].len) == 0)
            return TRUE;
    }
    return FALSE;
}

/* ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT */
static gboolean parse_address(Host *host, const gchar *text)
{
    guint64 port = 5060;
    const gchar *after;
    gchar *bare;

    if (*text == '[') {
        const gchar *end = strchr(text, ']');
        if (!end)
            return FALSE;
        bare = g_strndup(text + 1, (gsize)(end - text - 1));
        after = end + 1;
    } else {
        after = text + strcspn(text, ":");
        bare = g_strndup(text, (gsize)(after - text));
    }
    gboolean v6 = strchr(bare, ':') != NULL;
    gboolean ok = inet_pton(v6 ? AF_INET6 : AF_INET, bare, host->address.bytes) == 1 &&
                  (!*after || (*after == ':' && parse_number(after + 1, 65535, &port)));

    host->address.len = v6 ? 16 : 4;
    host->address_text = v6 ? g_strdup_printf("[%s]", bare) : g_strdup(bare);
    host->port = (guint16)port;
    g_free(bare);
    return ok;
}

static gboolean parse_host(Parser *parser, gchar *rest, GError **error)
{
    const gchar *name = next_word(&rest);
    const gchar *address = next_word(&rest);
    const gchar *aor = next_word(&rest);
    guint known;

    if (!address || next_word(&rest))
        return scenario_fail(error, parser->line,
                             "a host is: host NAME ADDRESS[:PORT] [sip:USER@DOMAIN]");
    if (find_host(parser, name, &known, NULL))
        return scenario_fail(error, parser->line, "host \"%s\" is already there", name);
    if (aor && !g_str_has_prefix(aor, "sip:") && !g_str_has_prefix(aor, "sips:") &&
        !g_str_has_prefix(aor, "tel:"))
        return scenario_fail(error, parser->line, "\"%s\" is not a sip:, sips: or tel: URI", aor);

    Host *host = g_new0(Host, 1);
    g_ptr_array_add(parser->scenario->hosts, host);
    host->name = g_strdup(name);
    host->aor = g_strdup(aor);
    if (!parse_address(host, address))
        return scenario_fail(error, parser->line,
                             "\"%s\" is not an address (192.0.2.1, 192.0.2.1:5060, "
                             "2001:db8::1 needs [2001:db8::1]:5060)",
                             address);
    if (!is_documentation(&host->address))
        return scenario_fail(error, parser->line,
                             "%s is not an address for documentation (RFC 5737, RFC 3849)",
                             address);
    return TRUE;
}

/* ---- other directives ---- */

static gboolean parse_transport(Parser *parser, gchar *rest, GError **error)
{
    static const gchar *const names[] = {"udp", "tcp", "sctp", "ws", NULL};
    const gchar *name = next_word(&rest);
    const gchar *a = next_word(&rest);
    const gchar *b = next_word(&rest);
    Link link = {ANY_HOST, ANY_HOST, TRANSPORT_UDP};

    if (!name || !g_strv_contains(names, name) || (a && !b) || next_word(&rest))
        return scenario_fail(error, parser->line,
                             "a transport is: transport udp|tcp|sctp|ws [HOST HOST]");
    while (strcmp(names[link.transport], name) != 0)
        link.transport++;
    if (a && (!find_host(parser, a, &link.a, error) || !find_host(parser, b, &link.b, error)))
        return FALSE;
    g_array_append_val(parser->scenario->links, link);
    return TRUE;
}

static gboolean parse_call(Parser *parser, gchar *rest, GError **error)
{
    const gchar *name = next_word(&rest);

    if (!name || next_word(&rest))
        return scenario_fail(error, parser->line, "a call is: call NAME");
    g_free(parser->call);
    parser->call = g_strdup(name);
    return TRUE;
}

static gboolean parse_snaplen(Parser *parser, gchar *rest, GError **error)
{
    const gchar *word = next_word(&rest);
    guint64 number = 0;

    if (!word || next_word(&rest) ||
        (strcmp(word, "off") != 0 && (!parse_number(word, 262144, &number) || number < 1)))
        return scenario_fail(error, parser->line, "a snaplen is: snaplen BYTES, or snaplen off");
    parser->snaplen = (guint)number;
    return TRUE;
}

static gboolean parse_title(Parser *parser, gchar *rest, GError **error)
{
    if (!*rest)
        return scenario_fail(error, parser->line, "the title is empty");
    return TRUE;
}

/* ---- events ---- */

/* SECONDS[.FRACTION], up to microseconds */
static gboolean parse_seconds(const gchar *text, gint64 *us)
{
    gchar *end = NULL;
    guint64 seconds = g_ascii_strtoull(text, &end, 10);
    gint64 fraction = 0, unit = G_USEC_PER_SEC / 10;

    if (!g_ascii_isdigit(*text) || seconds > 86400)
        return FALSE;
    if (*end == '.') {
        for (end++; g_ascii_isdigit(*end) && unit > 0; end++, unit /= 10)
            fraction += g_ascii_digit_value(*end) * unit;
    }
    *us = (gint64)seconds * G_USEC_PER_SEC + fraction;
    return *end == '\0';
}

static gboolean is_code(const gchar *word)
{
    return strlen(word) == 3 && g_ascii_isdigit(word[0]) && g_ascii_isdigit(word[1]) &&
           g_ascii_isdigit(word[2]);
}

static gboolean is_method(const gchar *word)
{
    for (const gchar *p = word; *p; p++) {
        if (!g_ascii_isupper(*p) && !(p != word && (g_ascii_isdigit(*p) || *p == '-')))
            return FALSE;
    }
    return *word != '\0';
}

static gboolean parse_literal_start(Parser *parser, Step *step, const gchar *text, GError **error)
{
    const gchar *reason;

    step->start_line = g_string_new(NULL);
    reason = quoted_append(step->start_line, text, NULL);
    if (reason)
        return scenario_fail(error, parser->line, "%s", reason);
    if (g_str_has_prefix(step->start_line->str, "SIP/")) {
        const gchar *code = strchr(step->start_line->str, ' ');
        step->kind = STEP_RESPONSE;
        step->code = code ? (guint)(g_ascii_strtoull(code, NULL, 10) & 0xffff) : 0;
        return TRUE;
    }
    step->kind = STEP_REQUEST;
    step->method = g_strndup(step->start_line->str, strcspn(step->start_line->str, " "));
    const gchar *uri = step->start_line->str + strlen(step->method);
    uri += strspn(uri, " ");
    step->uri = g_strndup(uri, strcspn(uri, " "));
    return TRUE;
}

/* The words after forward, again and icmp KIND: METHOD or code, then for forward a URI. */
static gboolean parse_which(Parser *parser, Step *step, gchar *rest, GError **error)
{
    const gchar *word = next_word(&rest);

    if (word && (is_method(word) || is_code(word))) {
        step->which = g_strdup(word);
        word = next_word(&rest);
    }
    if (word && step->kind == STEP_FORWARD && strchr(word, ':')) {
        step->uri = g_strdup(word);
        word = next_word(&rest);
    }
    if (word)
        return scenario_fail(error, parser->line, "\"%s\" is not expected here", word);
    return TRUE;
}

static gboolean parse_icmp(Parser *parser, Step *step, gchar *rest, GError **error)
{
    const gchar *kind = next_word(&rest);

    if (!kind || !g_strv_contains(icmp_kinds, kind))
        return scenario_fail(error, parser->line,
                             "icmp is one of: port-unreachable, "
                             "host-unreachable, net-unreachable, "
                             "admin-prohibited");
    step->icmp = g_strdup(kind);
    return parse_which(parser, step, rest, error);
}

static gboolean parse_action(Parser *parser, Step *step, gchar *rest, GError **error)
{
    static const struct {
        const gchar *word;
        StepKind kind;
    } verbs[] = {{"raw", STEP_RAW},    {"forward", STEP_FORWARD}, {"again", STEP_AGAIN},
                 {"icmp", STEP_ICMP},  {"connect", STEP_CONNECT}, {"close", STEP_CLOSE},
                 {"reset", STEP_RESET}};

    if (*rest == '"')
        return parse_literal_start(parser, step, rest, error);

    const gchar *word = next_word(&rest);
    if (!word)
        return scenario_fail(error, parser->line, "what is sent? (METHOD, code or an action)");
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(word, verbs[i].word) == 0) {
            step->kind = verbs[i].kind;
            return step->kind == STEP_ICMP ? parse_icmp(parser, step, rest, error)
                                           : parse_which(parser, step, rest, error);
        }
    }
    if (is_code(word)) {
        step->kind = STEP_RESPONSE;
        step->code = (guint)g_ascii_strtoull(word, NULL, 10);
        step->phrase = g_strdup(rest);
        return TRUE;
    }
    if (!is_method(word))
        return scenario_fail(error, parser->line,
                             "\"%s\" is no METHOD, three-digit code, \"quoted start line\", raw, "
                             "forward, again, icmp, connect, close or reset",
                             word);
    step->kind = STEP_REQUEST;
    step->method = g_strdup(word);
    step->uri = g_strdup(next_word(&rest));
    if (*rest)
        return scenario_fail(error, parser->line, "\"%s\" after the Request-URI", rest);
    return TRUE;
}

/* TIME FROM -> TO ACTION */
static gboolean parse_event(Parser *parser, gchar *text, GError **error)
{
    const gchar *time = next_word(&text);
    const gchar *from = next_word(&text);
    const gchar *arrow = next_word(&text);
    const gchar *to = next_word(&text);
    Step *step = scenario_add_step(parser->scenario);

    parser->step = step;
    step->line = parser->line;
    step->call = g_strdup(parser->call);
    step->snaplen = parser->snaplen;
    step->relative = *time == '+';
    if (!parse_seconds(step->relative ? time + 1 : time, &step->at_us))
        return scenario_fail(error, parser->line,
                             "\"%s\" is not a time (0.250 from the start, +0.250 after what is "
                             "above)",
                             time);
    if (!to || strcmp(arrow, "->") != 0)
        return scenario_fail(error, parser->line, "an event is: TIME FROM -> TO WHAT");
    if (!find_host(parser, from, &step->from, error) || !find_host(parser, to, &step->to, error))
        return FALSE;
    if (step->from == step->to)
        return scenario_fail(error, parser->line, "%s sends to itself", from);
    if (scenario_host(parser->scenario, step->from)->address.len !=
        scenario_host(parser->scenario, step->to)->address.len)
        return scenario_fail(error, parser->line, "%s and %s: one has IPv4 and the other IPv6",
                             from, to);
    return parse_action(parser, step, text, error);
}

/* ---- below an event ---- */

static GString *step_body(Step *step)
{
    if (!step->body)
        step->body = g_string_new(NULL);
    return step->body;
}

static gboolean set_header(Parser *parser, gchar *text, GError **error)
{
    gchar *colon = strchr(text, ':');
    Edit edit = {EDIT_SET, NULL, NULL};

    (void)parser;
    (void)error;
    edit.name = g_strchomp(g_strndup(text, (gsize)(colon - text)));
    edit.value = g_string_new(g_strchug(colon + 1));
    g_array_append_val(parser->step->edits, edit);
    /* cppcheck-suppress memleak ; the array keeps both */
    return TRUE;
}

static gboolean delete_header(Parser *parser, gchar *text, GError **error)
{
    Edit edit = {EDIT_DELETE, NULL, NULL};

    if (!*text || strpbrk(text, BLANKS ":"))
        return scenario_fail(error, parser->line, "-NAME takes away a header; nothing else on it");
    edit.name = g_strdup(text);
    g_array_append_val(parser->step->edits, edit);
    /* cppcheck-suppress memleak ; the array keeps it */
    return TRUE;
}

static gboolean add_header_line(Parser *parser, gchar *rest, GError **error)
{
    Edit edit = {EDIT_LINE, NULL, g_string_new(NULL)};
    const gchar *reason = quoted_append(edit.value, rest, NULL);

    g_array_append_val(parser->step->edits, edit);
    return reason ? scenario_fail(error, parser->line, "%s", reason) : TRUE;
}

static gboolean add_quoted_body(Parser *parser, const gchar *text, GError **error)
{
    const gchar *reason = quoted_append(step_body(parser->step), text, NULL);
    return reason ? scenario_fail(error, parser->line, "%s", reason) : TRUE;
}

static gboolean add_sdp(Parser *parser, gchar *rest, GError **error)
{
    if (parser->step->codecs)
        return scenario_fail(error, parser->line, "this message has an sdp line already");
    step_body(parser->step);
    g_strchomp(rest);
    parser->step->codecs = *rest ? g_strsplit_set(rest, BLANKS, -1) : g_new0(gchar *, 1);
    return TRUE;
}

static gboolean add_cuts(Parser *parser, gchar *rest, GError **error)
{
    const gchar *at = rest;
    const gchar *reason = NULL;

    if (!*at)
        return scenario_fail(error, parser->line, "cut where? (cut 20 100, or cut \"SIP/2.0 4\")");
    while (*at && !reason) {
        Cut cut = {0, NULL};
        if (*at == '"') {
            GString *after = g_string_new(NULL);
            const gchar *quote = strchr(at + 1, '"');
            gchar *one = quote ? g_strndup(at, (gsize)(quote - at + 1)) : g_strdup(at);
            reason = quoted_append(after, one, NULL);
            g_free(one);
            cut.after = g_string_free(after, FALSE);
            at = quote ? quote + 1 : at + strlen(at);
        } else {
            gchar *end = NULL;
            cut.offset = (gsize)g_ascii_strtoull(at, &end, 10);
            if (end == at || (*end && !strchr(BLANKS, *end)) || cut.offset < 1)
                return scenario_fail(error, parser->line, "\"%s\" is not a byte offset", at);
            at = end;
        }
        g_array_append_val(parser->step->cuts, cut);
        at += strspn(at, BLANKS);
    }
    return reason ? scenario_fail(error, parser->line, "%s", reason) : TRUE;
}

static gboolean set_hold(Parser *parser, gchar *rest, GError **error)
{
    if (*rest)
        return scenario_fail(error, parser->line, "hold stands alone");
    parser->step->hold = TRUE;
    return TRUE;
}

static gboolean set_unseen(Parser *parser, gchar *rest, GError **error)
{
    if (*rest)
        return scenario_fail(error, parser->line, "unseen stands alone");
    parser->step->unseen = TRUE;
    return TRUE;
}

static gboolean set_record_route(Parser *parser, gchar *rest, GError **error)
{
    if (*rest || parser->step->kind != STEP_FORWARD)
        return scenario_fail(error, parser->line,
                             "record-route stands alone, below a forward of a request");
    parser->step->record_route = TRUE;
    return TRUE;
}

static gboolean set_answers(Parser *parser, gchar *rest, GError **error)
{
    const gchar *method = next_word(&rest);

    if (!method || *rest || parser->step->kind != STEP_RESPONSE)
        return scenario_fail(error, parser->line, "answers METHOD stands below a response");
    parser->step->which = g_strdup(method);
    return TRUE;
}

static gboolean set_credentials(Parser *parser, gchar *rest, GError **error)
{
    const gchar *user = next_word(&rest);
    const gchar *password = next_word(&rest);

    if (!password || *rest || parser->step->kind != STEP_REQUEST)
        return scenario_fail(error, parser->line,
                             "credentials USER PASSWORD stands below a request");
    parser->step->user = g_strdup(user);
    parser->step->password = g_strdup(password);
    return TRUE;
}

typedef gboolean (*LineParser)(Parser *parser, gchar *rest, GError **error);
typedef struct {
    const gchar *word;
    LineParser parse;
} Keyword;

static const Keyword directives[] = {{"host", parse_host},   {"transport", parse_transport},
                                     {"call", parse_call},   {"snaplen", parse_snaplen},
                                     {"title", parse_title}, {NULL, NULL}};
static const Keyword settings[] = {{"sdp", add_sdp},
                                   {"cut", add_cuts},
                                   {"hold", set_hold},
                                   {"unseen", set_unseen},
                                   {"header", add_header_line},
                                   {"record-route", set_record_route},
                                   {"answers", set_answers},
                                   {"credentials", set_credentials},
                                   {NULL, NULL}};

static LineParser find_keyword(const Keyword *table, const gchar *word)
{
    while (table->word && strcmp(table->word, word) != 0)
        table++;
    return table->parse;
}

static gboolean is_header_line(const gchar *text)
{
    gsize len =
        strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~");
    return len > 0 && text[len + strspn(text + len, BLANKS)] == ':';
}

/* "| text": a line of the body, byte for byte, then CR LF. */
static gboolean add_body_line(Parser *parser, const gchar *text)
{
    GString *body = step_body(parser->step);

    g_string_append(body, *text == ' ' ? text + 1 : text);
    g_string_append(body, "\r\n");
    return TRUE;
}

static gboolean parse_indented(Parser *parser, gchar *text, GError **error)
{
    text += strspn(text, BLANKS);
    if (!parser->step)
        return scenario_fail(error, parser->line, "an indented line needs an event above it");
    if (parser->step->kind == STEP_ICMP || parser->step->kind >= STEP_CONNECT)
        return scenario_fail(error, parser->line, "nothing can stand below this event");
    if (*text == '|')
        return add_body_line(parser, text + 1);
    g_strchomp(text);
    if (*text == '"')
        return add_quoted_body(parser, text, error);
    if (*text == '-')
        return delete_header(parser, text + 1, error);
    if (is_header_line(text))
        return set_header(parser, text, error);

    const gchar *word = next_word(&text);
    LineParser parse = find_keyword(settings, word);
    if (!parse)
        return scenario_fail(error, parser->line,
                             "\"%s\" is no header (Name: value), body line (| or \"), -Name, sdp, "
                             "cut, hold, unseen, header, record-route, answers or credentials",
                             word);
    return parse(parser, text, error);
}

gboolean parse_line(Parser *parser, gchar *text, GError **error)
{
    gsize indent = strspn(text, BLANKS);
    gsize len = strlen(text);

    if (len > 0 && text[len - 1] == '\r')
        text[len - 1] = '\0';
    if (!text[indent] || text[indent] == '#')
        return TRUE;
    if (indent > 0)
        return parse_indented(parser, text, error);

    g_strchomp(text);
    if (*text == '+' || g_ascii_isdigit(*text))
        return parse_event(parser, text, error);

    const gchar *word = next_word(&text);
    LineParser parse = find_keyword(directives, word);
    parser->step = NULL;
    if (!parse)
        return scenario_fail(error, parser->line,
                             "\"%s\" is no time, host, transport, call, snaplen or title", word);
    return parse(parser, text, error);
}
