/* SPDX-License-Identifier: GPL-2.0-or-later
 * Fills in the headers that a scenario leaves out. */
#include "fill.h"

#include <string.h>

#include "digest.h"

#define METHODS "INVITE, ACK, CANCEL, BYE, OPTIONS"

static gboolean is_one_of(const gchar *method, const gchar *list)
{
    gchar **words = g_strsplit(list, " ", -1);
    gboolean found = g_strv_contains((const gchar *const *)words, method);

    g_strfreev(words);
    return found;
}

/* ---- addresses ---- */

static const gchar *transport_name(Transport transport)
{
    static const gchar *const names[] = {"UDP", "TCP", "SCTP", "WS"};
    return names[transport];
}

static gboolean is_browser(const Ladder *ladder, const Step *step)
{
    return scenario_transport(ladder->scenario, step->from, step->to) == TRANSPORT_WS &&
           wire_is_client(ladder->wire, step->from, step->to);
}

/* HOST:PORT where step->from wants answers; a browser has no name of its own (RFC 7118 5). */
static gchar *sent_by(const Ladder *ladder, const Step *step)
{
    const Host *host = scenario_host(ladder->scenario, step->from);

    if (is_browser(ladder, step))
        return g_strdup_printf("%s.invalid", host->name);
    return g_strdup_printf("%s:%u", host->address_text, host->port);
}

static gchar *via_value(const Ladder *ladder, const Step *step, const gchar *branch)
{
    gchar *place = sent_by(ladder, step);
    gchar *via = g_strdup_printf(
        "SIP/2.0/%s %s;branch=%s",
        transport_name(scenario_transport(ladder->scenario, step->from, step->to)), place, branch);

    g_free(place);
    return via;
}

/* The user part of an address of record with its "@", or nothing. */
static gchar *user_part(const Host *host)
{
    const gchar *colon = host->aor ? strchr(host->aor, ':') : NULL;
    const gchar *at = colon ? strchr(colon, '@') : NULL;

    return at ? g_strndup(colon + 1, (gsize)(at - colon)) : g_strdup("");
}

static const gchar *uri_parameter(Transport transport)
{
    static const gchar *const parameters[] = {"", ";transport=tcp", ";transport=sctp",
                                              ";transport=ws"};
    return parameters[transport];
}

/* The URI of a Contact header of step->from. */
static gchar *contact_uri(const Ladder *ladder, const Step *step)
{
    gchar *user = user_part(scenario_host(ladder->scenario, step->from));
    gchar *place = sent_by(ladder, step);
    Transport transport = scenario_transport(ladder->scenario, step->from, step->to);
    gchar *uri = g_strdup_printf("sip:%s%s%s", user, place, uri_parameter(transport));

    g_free(user);
    g_free(place);
    return uri;
}

/* Where a host is registered, as far as its host line tells. */
static gchar *host_uri(const Ladder *ladder, guint index)
{
    const Host *host = scenario_host(ladder->scenario, index);
    gchar *user = user_part(host);
    gchar *uri = g_strdup_printf("sip:%s%s:%u", user, host->address_text, host->port);

    g_free(user);
    return uri;
}

static gchar *identity(const Ladder *ladder, guint index)
{
    const Host *host = scenario_host(ladder->scenario, index);

    if (host->aor)
        return g_strdup_printf("<%s>", host->aor);
    return g_strdup_printf("<sip:%s>", host->address_text);
}

static gchar *tag_of(const Ladder *ladder, const Call *call, guint index)
{
    return g_strdup_printf("%s-%s", scenario_host(ladder->scenario, index)->name, call->name);
}

/* sip:DOMAIN of an address of record, which is where REGISTER goes. */
static gchar *registrar_uri(const Ladder *ladder, guint index)
{
    const Host *host = scenario_host(ladder->scenario, index);
    const gchar *at = host->aor ? strchr(host->aor, '@') : NULL;

    return g_strdup_printf("sip:%s", at ? at + 1 : host->address_text);
}

/* "<uri>" of a request's target without its parameters. */
static gchar *bare_identity(const gchar *uri)
{
    const gchar *at = strchr(uri, '@');
    gsize len = at ? (gsize)(at - uri) + strcspn(at, ";?") : strcspn(uri, ";?");

    return g_strdup_printf("<%.*s>", (int)len, uri);
}

/* ---- requests ---- */

static gboolean is_in_dialog(const Call *call, const gchar *method)
{
    if (is_one_of(method, "REGISTER PUBLISH"))
        return FALSE;
    return call->callee != NOBODY || is_one_of(method, "ACK BYE PRACK INFO UPDATE NOTIFY");
}

/* Whom step->from talks to in the dialog. */
static guint dialog_peer(const Call *call, const Step *step)
{
    if (call->parties[step->to].contact || call->caller == NOBODY)
        return step->to;
    if (step->from != call->caller)
        return call->caller;
    return call->callee != NOBODY ? call->callee : step->to;
}

static gchar *request_uri(const Ladder *ladder, const Call *call, const Step *step)
{
    if (step->uri)
        return g_strdup(step->uri);
    if (strcmp(step->method, "REGISTER") == 0)
        return registrar_uri(ladder, step->from);
    if (is_in_dialog(call, step->method)) {
        guint peer = dialog_peer(call, step);
        const gchar *contact = call->parties[peer].contact;
        return contact ? g_strdup(contact) : host_uri(ladder, peer);
    }
    const Host *target = scenario_host(
        ladder->scenario, strcmp(step->method, "PUBLISH") == 0 ? step->from : step->to);
    return target->aor ? g_strdup(target->aor) : host_uri(ladder, step->to);
}

static void add_dialog_parties(Message *message, const Ladder *ladder, const Call *call,
                               const Step *step)
{
    guint peer = dialog_peer(call, step);
    gboolean forth = step->from == call->caller || call->caller == NOBODY;
    gchar *own = g_strdup(forth ? call->from_identity : call->to_identity);
    gchar *other = g_strdup(forth ? call->to_identity : call->from_identity);
    gchar *own_tag = tag_of(ladder, call, step->from), *other_tag = tag_of(ladder, call, peer);

    if (!own)
        own = identity(ladder, step->from);
    if (!other)
        other = identity(ladder, peer);
    message_add(message, "From", "%s;tag=%s", own, own_tag);
    message_add(message, "To", "%s;tag=%s", other, other_tag);
    g_free(own);
    g_free(other);
    g_free(own_tag);
    g_free(other_tag);
}

static void add_first_parties(Message *message, const Ladder *ladder, const Call *call,
                              const Step *step, const gchar *uri)
{
    gboolean again = step->from == call->caller && call->from_identity;
    gboolean itself = is_one_of(step->method, "REGISTER PUBLISH");
    gchar *from = again ? g_strdup(call->from_identity) : identity(ladder, step->from);
    gchar *to = again    ? g_strdup(call->to_identity)
                : itself ? identity(ladder, step->from)
                         : bare_identity(uri);

    message_add(message, "From", "%s", from); /* the tag comes after the scenario's own lines */
    message_add(message, "To", "%s", to);
    g_free(from);
    g_free(to);
}

static void add_method_headers(Message *message, const Ladder *ladder, const Call *call,
                               const Step *step)
{
    const gchar *method = step->method;

    if (is_one_of(method, "INVITE REGISTER SUBSCRIBE REFER UPDATE NOTIFY")) {
        gchar *uri = contact_uri(ladder, step);
        message_add(message, "Contact", "<%s>", uri);
        g_free(uri);
    }
    if (is_one_of(method, "REGISTER SUBSCRIBE PUBLISH"))
        message_add(message, "Expires", "3600");
    if (strcmp(method, "INVITE") == 0)
        message_add(message, "Allow", METHODS);
    if (strcmp(method, "PRACK") == 0 && call->parties[step->from].rack)
        message_add(message, "RAck", "%s", call->parties[step->from].rack);
}

/* CANCEL, and ACK to a refusal: what they share with the INVITE (RFC 3261 9.1, 17.1.1.3). */
static Message *follow_invite(const Transaction *invite, const Step *step)
{
    const Message *request = invite->request;
    Message *message = message_new();
    gboolean ack = strcmp(step->method, "ACK") == 0;
    const gchar *uri = strchr(request->start->str, ' ');
    gsize len = uri ? strcspn(uri + 1, " ") : 0;
    const gchar *cseq = message_get(request, "CSeq") ? message_get(request, "CSeq") : "1";

    g_string_printf(message->start, "%s %.*s SIP/2.0", step->method, (int)len, uri ? uri + 1 : "");
    if (message_get(request, "Via"))
        message_add(message, "Via", "%s", message_get(request, "Via"));
    message_take(message, request, "Route");
    message_add(message, "Max-Forwards", "70");
    message_take(message, request, "From");
    message_take(message, ack ? invite->response : request, "To");
    message_take(message, request, "Call-ID");
    message_add(message, "CSeq", "%.*s %s", (int)strcspn(cseq, " "), cseq, step->method);
    return message;
}

static guint next_cseq(const Call *call, const Step *step)
{
    const Party *party = &call->parties[step->from];

    if (strcmp(step->method, "ACK") == 0)
        return party->invite_cseq ? party->invite_cseq : 1;
    return party->cseq + 1;
}

static Message *new_request(const Ladder *ladder, const Call *call, const Step *step,
                            const gchar *branch)
{
    Message *message = message_new();
    gchar *uri = request_uri(ladder, call, step);
    gchar *via = via_value(ladder, step, branch);

    g_string_printf(message->start, "%s %s SIP/2.0", step->method, uri);
    message_add(message, "Via", "%s", via);
    message_add(message, "Max-Forwards", "70");
    if (is_in_dialog(call, step->method)) {
        if (call->parties[step->from].route)
            message_add(message, "Route", "%s", call->parties[step->from].route);
        add_dialog_parties(message, ladder, call, step);
    } else {
        add_first_parties(message, ladder, call, step, uri);
    }
    message_add(message, "Call-ID", "%s", call->id);
    message_add(message, "CSeq", "%u %s", next_cseq(call, step), step->method);
    add_method_headers(message, ladder, call, step);
    g_free(uri);
    g_free(via);
    return message;
}

static gboolean add_credentials(Message *message, const Ladder *ladder, const Call *call,
                                const Step *step, GError **error)
{
    const Message *challenge = ladder_find_response(ladder, call, step->from, 401, 407);
    gboolean proxy = challenge && challenge->code == 407;
    const gchar *value =
        challenge ? message_get(challenge, proxy ? "Proxy-Authenticate" : "WWW-Authenticate")
                  : NULL;
    const gchar *uri = strchr(message->start->str, ' ');

    if (!uri)
        return scenario_fail(error, step->line, "credentials: the request has no Request-URI");

    gchar *target = g_strndup(uri + 1, strcspn(uri + 1, " "));
    gchar *answer =
        value ? digest_answer(value, step->user, step->password, step->method, target) : NULL;

    g_free(target);
    if (!answer)
        return scenario_fail(error, step->line,
                             "credentials: no 401 or 407 with a Digest challenge came here before");
    message_add(message, proxy ? "Proxy-Authorization" : "Authorization", "%s", answer);
    g_free(answer);
    return TRUE;
}

static void add_from_tag(Message *message, const Ladder *ladder, const Call *call, const Step *step)
{
    const gchar *from = message_get(message, "From");

    if (!from || strstr(from, ";tag="))
        return;
    gchar *tag = tag_of(ladder, call, step->from);
    gchar *tagged = g_strdup_printf("%s;tag=%s", from, tag);
    message_set(message, "From", tagged);
    g_free(tagged);
    g_free(tag);
}

/* The session lines of an SDP body, and one audio line if there are codecs (RFC 4566, RFC 3551). */
static gboolean write_sdp(GString *body, const Ladder *ladder, const Step *step, GError **error)
{
    static const struct {
        const gchar *name;
        guint type;
        const gchar *map;
    } codecs[] = {{"PCMU", 0, "PCMU/8000"},       {"GSM", 3, "GSM/8000"},
                  {"G723", 4, "G723/8000"},       {"PCMA", 8, "PCMA/8000"},
                  {"G722", 9, "G722/8000"},       {"G728", 15, "G728/8000"},
                  {"G729", 18, "G729/8000"},      {"AMR", 96, "AMR/8000"},
                  {"AMR-WB", 97, "AMR-WB/16000"}, {"iLBC", 98, "iLBC/8000"},
                  {"EVS", 99, "EVS/16000"},       {"telephone-event", 101, "telephone-event/8000"},
                  {"opus", 111, "opus/48000/2"}};
    const Host *host = scenario_host(ladder->scenario, step->from);
    const gchar *family = host->address.len == 4 ? "IP4" : "IP6";
    gchar *address = g_strdup(host->address_text + (host->address.len == 16));
    GString *maps = g_string_new(NULL);
    gboolean ok = TRUE;

    address[strcspn(address, "]")] = '\0';
    g_string_append_printf(body, "v=0\r\no=%s %u 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n",
                           host->name, 1000 + step->from, family, address, family, address);
    if (step->codecs[0])
        g_string_append_printf(body, "m=audio %u RTP/AVP", 40000 + 2 * step->from);
    for (gchar **name = step->codecs; *name && ok; name++) {
        gsize i = 0;
        while (i < G_N_ELEMENTS(codecs) && strcmp(codecs[i].name, *name) != 0)
            i++;
        ok = i < G_N_ELEMENTS(codecs);
        if (ok) {
            g_string_append_printf(body, " %u", codecs[i].type);
            g_string_append_printf(maps, "a=rtpmap:%u %s\r\n", codecs[i].type, codecs[i].map);
        } else {
            scenario_fail(error, step->line, "sdp: unknown codec \"%s\"; write the m= line below",
                          *name);
        }
    }
    if (step->codecs[0])
        g_string_append_printf(body, "\r\n%s", maps->str);
    g_string_free(maps, TRUE);
    g_free(address);
    return ok;
}

/* The scenario's own header lines and body. */
static gboolean finish(Message *message, const Ladder *ladder, const Step *step, GError **error)
{
    gboolean ok = TRUE;

    message_edit(message, step->edits);
    if (step->body) {
        g_string_truncate(message->body, 0);
        if (step->codecs)
            ok = write_sdp(message->body, ladder, step, error);
        g_string_append_len(message->body, step->body->str, (gssize)step->body->len);
    }
    message_add_content(message, step->edits);
    return ok;
}

static void set_start_line(Message *message, const GString *literal)
{
    if (!literal)
        return;
    g_string_truncate(message->start, 0);
    g_string_append_len(message->start, literal->str, (gssize)literal->len);
}

Message *fill_request(Ladder *ladder, Call *call, const Step *step, gchar **branch, GError **error)
{
    gboolean ack = strcmp(step->method, "ACK") == 0, cancel = strcmp(step->method, "CANCEL") == 0;
    Transaction *invite =
        ack || cancel ? ladder_find_transaction(ladder, call, "INVITE", step->from, step->to)
                      : NULL;
    Message *message;

    if (cancel && !invite) {
        scenario_fail(error, step->line, "CANCEL: no INVITE went this way before");
        return NULL;
    }
    if (cancel || (ack && invite && invite->final_code >= 300)) {
        *branch = g_strdup(invite->branch);
        message = follow_invite(invite, step);
    } else {
        *branch = ladder_new_branch(ladder, step->from);
        message = new_request(ladder, call, step, *branch);
    }
    message->is_request = TRUE;
    message->method = g_strdup(step->method);
    set_start_line(message, step->start_line);
    if ((step->user && !add_credentials(message, ladder, call, step, error)) ||
        !finish(message, ladder, step, error)) {
        message_free(message);
        g_clear_pointer(branch, g_free);
        return NULL;
    }
    add_from_tag(message, ladder, call, step);
    return message;
}

/* ---- responses ---- */

static void add_binding(Message *message, const Message *request)
{
    const gchar *contact = message_get(request, "Contact");
    const gchar *expires = message_get(request, "Expires");

    if (!contact || *contact == '*')
        return;
    if (strstr(contact, ";expires="))
        message_add(message, "Contact", "%s", contact);
    else
        message_add(message, "Contact", "%s;expires=%s", contact, expires ? expires : "3600");
}

static void add_answer_headers(Message *message, const Ladder *ladder, const Message *request,
                               const Step *step)
{
    const gchar *method = message->method;
    gboolean success = step->code >= 200 && step->code < 300;
    gboolean end = scenario_host(ladder->scenario, step->from)->aor != NULL;
    gboolean provisional = step->code > 100 && step->code < 199 && end;

    if ((success || provisional) && is_one_of(method, "INVITE SUBSCRIBE REFER NOTIFY"))
        message_take(message, request, "Record-Route");
    if ((provisional && strcmp(method, "INVITE") == 0) ||
        (success && is_one_of(method, "INVITE SUBSCRIBE REFER UPDATE NOTIFY"))) {
        gchar *uri = contact_uri(ladder, step);
        message_add(message, "Contact", "<%s>", uri);
        g_free(uri);
    }
    if (success && strcmp(method, "REGISTER") == 0)
        add_binding(message, request);
    if (success && is_one_of(method, "SUBSCRIBE PUBLISH"))
        message_take(message, request, "Expires");
    if (success && strcmp(method, "INVITE") == 0)
        message_add(message, "Allow", METHODS);
}

Message *fill_response(Ladder *ladder, const Transaction *transaction, const Step *step,
                       GError **error)
{
    const Message *request = transaction->request;
    const gchar *to = message_get(request, "To");
    gchar *tag = tag_of(ladder, transaction->call, step->from);
    Message *message = message_new();

    message->method = g_strdup(transaction->method);
    message->code = step->code;
    g_string_printf(message->start, "SIP/2.0 %03u %s", step->code,
                    step->phrase ? step->phrase : "");
    set_start_line(message, step->start_line);
    message_take(message, request, "Via");
    message_take(message, request, "From");
    if (to && (strstr(to, ";tag=") || step->code == 100))
        message_add(message, "To", "%s", to);
    else if (to)
        message_add(message, "To", "%s;tag=%s", to, tag);
    message_take(message, request, "Call-ID");
    message_take(message, request, "CSeq");
    add_answer_headers(message, ladder, request, step);
    g_free(tag);

    if (!finish(message, ladder, step, error)) {
        message_free(message);
        return NULL;
    }
    return message;
}

/* ---- forwarding ---- */

/* A proxy sends a request for its own user on to where that user registered. */
static void retarget(Message *message, const Ladder *ladder, const Step *step)
{
    const Host *target = scenario_host(ladder->scenario, step->to);
    gchar **words = g_strsplit(message->start->str, " ", 3);
    gchar *uri = g_strdup(step->uri);

    if (!uri && words[0] && words[1] && target->aor && strcmp(words[1], target->aor) == 0)
        uri = host_uri(ladder, step->to);
    if (uri)
        g_string_printf(message->start, "%s %s SIP/2.0", message->method, uri);
    g_free(uri);
    g_strfreev(words);
}

/* Takes the proxy's own entry off the Route header (RFC 3261 16.4). */
static void drop_own_route(Message *message, const Ladder *ladder, const Step *step)
{
    const gchar *address = scenario_host(ladder->scenario, step->from)->address_text;
    const gchar *route = message_get(message, "Route");
    gsize first = route ? strcspn(route, ",") : 0;

    if (!route || !g_strstr_len(route, (gssize)first, address))
        return;
    if (!route[first]) {
        message_remove_first(message, "Route");
        return;
    }
    gchar *rest = g_strdup(route + first + 1 + strspn(route + first + 1, " "));
    message_set(message, "Route", rest);
    g_free(rest);
}

static void pass_request_on(Message *message, const Ladder *ladder, const Step *step,
                            const gchar *branch)
{
    const gchar *hops = message_get(message, "Max-Forwards");
    gchar *via = via_value(ladder, step, branch);

    retarget(message, ladder, step);
    drop_own_route(message, ladder, step);
    if (hops) {
        guint64 left = g_ascii_strtoull(hops, NULL, 10);
        gchar *lower = g_strdup_printf("%" G_GUINT64_FORMAT, left ? left - 1 : 0);
        message_set(message, "Max-Forwards", lower);
        g_free(lower);
    }
    if (step->record_route) {
        const Host *host = scenario_host(ladder->scenario, step->from);
        gchar *route = g_strdup_printf("<sip:%s:%u;lr>", host->address_text, host->port);
        message_put_before(message,
                           message_get(message, "Record-Route") ? "Record-Route" : "Max-Forwards",
                           "Record-Route", route);
        g_free(route);
    }
    message_put_before(message, "Via", "Via", via);
    g_free(via);
}

Message *fill_forwarded(Ladder *ladder, const Message *source, const Step *step,
                        const gchar *branch, GError **error)
{
    Message *message = message_copy(source);

    if (message->is_request)
        pass_request_on(message, ladder, step, branch);
    else
        message_remove_first(message, "Via");
    if (step->body) {
        message_remove(message, "Content-Type");
        message_remove(message, "Content-Length");
    }
    if (!finish(message, ladder, step, error)) {
        message_free(message);
        return NULL;
    }
    return message;
}
