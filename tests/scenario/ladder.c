/* SPDX-License-Identifier: GPL-2.0-or-later
 * Plays a scenario: keeps calls, dialogs and transactions, and sends each message. */
#include "ladder.h"

#include <string.h>

#include "fill.h"

/* ---- calls and transactions ---- */

static void free_call(gpointer data, guint hosts)
{
    Call *call = data;

    for (guint i = 0; i < hosts; i++) {
        g_free(call->parties[i].contact);
        g_free(call->parties[i].route);
        g_free(call->parties[i].rack);
    }
    g_free(call->parties);
    g_free(call->name);
    g_free(call->id);
    g_free(call->from_identity);
    g_free(call->to_identity);
    g_free(call);
}

static void free_transaction(gpointer data)
{
    Transaction *transaction = data;

    g_free(transaction->method);
    g_free(transaction->branch);
    g_free(transaction);
}

static Call *find_call(Ladder *ladder, const Step *step)
{
    for (guint i = 0; i < ladder->calls->len; i++) {
        Call *call = g_ptr_array_index(ladder->calls, i);
        if (strcmp(call->name, step->call) == 0)
            return call;
    }
    Call *call = g_new0(Call, 1);
    const gchar *address = scenario_host(ladder->scenario, step->from)->address_text;
    call->name = g_strdup(step->call);
    call->id = g_strdup_printf("%s.%s@%s", step->call, ladder->scenario->name, address);
    call->caller = call->callee = NOBODY;
    call->parties = g_new0(Party, ladder->scenario->hosts->len);
    g_ptr_array_add(ladder->calls, call);
    return call;
}

static Transaction *new_transaction(Ladder *ladder, Message *request, const gchar *branch)
{
    Transaction *transaction = g_new0(Transaction, 1);

    transaction->call = request->call;
    transaction->method = g_strdup(request->method);
    transaction->branch = g_strdup(branch);
    transaction->from = request->from;
    transaction->to = request->to;
    transaction->request = request;
    g_ptr_array_add(ladder->transactions, transaction);
    return transaction;
}

Transaction *ladder_find_transaction(const Ladder *ladder, const Call *call, const gchar *method,
                                     guint from, guint to)
{
    for (guint i = ladder->transactions->len; i-- > 0;) {
        Transaction *transaction = g_ptr_array_index(ladder->transactions, i);
        if (transaction->call == call && transaction->from == from && transaction->to == to &&
            strcmp(transaction->method, method) == 0)
            return transaction;
    }
    return NULL;
}

gchar *ladder_new_branch(Ladder *ladder, guint host)
{
    return g_strdup_printf("z9hG4bK-%s-%u", scenario_host(ladder->scenario, host)->name,
                           ++ladder->branches[host]);
}

/* ---- messages sent before ---- */

/* Whether which (METHOD, code or NULL) picks the message. A method picks requests only. */
static gboolean is_picked(const Message *message, const gchar *which)
{
    if (!which)
        return TRUE;
    if (!message->method)
        return FALSE;
    if (g_ascii_isdigit(*which))
        return !message->is_request && message->code == g_ascii_strtoull(which, NULL, 10);
    return message->is_request && strcmp(message->method, which) == 0;
}

const Message *ladder_find_response(const Ladder *ladder, const Call *call, guint receiver,
                                    guint code, guint other_code)
{
    for (guint i = ladder->messages->len; i-- > 0;) {
        const Message *message = g_ptr_array_index(ladder->messages, i);
        if (message->call == call && message->to == receiver && !message->is_request &&
            (message->code == code || message->code == other_code))
            return message;
    }
    return NULL;
}

static const Message *find_sent(const Ladder *ladder, const Call *call, guint from, guint to,
                                const gchar *which)
{
    for (guint i = ladder->messages->len; i-- > 0;) {
        const Message *message = g_ptr_array_index(ladder->messages, i);
        if (message->call == call && message->from == from && (to == NOBODY || message->to == to) &&
            is_picked(message, which))
            return message;
    }
    return NULL;
}

/* What step->from has received and would send on to step->to; back to its sender only if asked for
 * by name. */
static const Message *find_to_forward(const Ladder *ladder, const Call *call, const Step *step)
{
    for (guint i = ladder->messages->len; i-- > 0;) {
        const Message *message = g_ptr_array_index(ladder->messages, i);
        gboolean here = message->call == call && message->to == step->from && message->transaction;

        if (!here || !is_picked(message, step->which))
            continue;
        if (message->is_request && (message->from != step->to || step->which))
            return message;
        const Transaction *upstream = message->transaction->upstream;
        if (!message->is_request && message->code != 100 && upstream && upstream->from == step->to)
            return message;
    }
    return NULL;
}

/* The transaction that a response belongs to: the latest one without a final response, else the
 * latest; restricted to one method if the scenario says so. */
static Transaction *find_to_answer(const Ladder *ladder, const Call *call, const Step *step)
{
    Transaction *latest = NULL;

    for (guint i = ladder->transactions->len; i-- > 0;) {
        Transaction *transaction = g_ptr_array_index(ladder->transactions, i);

        if (transaction->call != call || transaction->from != step->to ||
            transaction->to != step->from || strcmp(transaction->method, "ACK") == 0 ||
            (step->which && strcmp(step->which, transaction->method) != 0))
            continue;
        if (!transaction->final_code)
            return transaction;
        if (!latest)
            latest = transaction;
    }
    return latest;
}

/* ---- what messages change ---- */

/* "<sip:a@b>;x=y" or "sip:a@b;x=y" -> the URI, or NULL. */
static gchar *uri_of(const gchar *value)
{
    const gchar *left = value ? strchr(value, '<') : NULL;

    if (!value || *value == '*')
        return NULL;
    if (left)
        return g_strndup(left + 1, strcspn(left + 1, ">"));
    return g_strndup(value, strcspn(value, "; ,"));
}

static gchar *without_tag(const gchar *value)
{
    const gchar *tag = value ? strstr(value, ";tag=") : NULL;
    return tag ? g_strndup(value, (gsize)(tag - value)) : g_strdup(value);
}

static void note_contact(Call *call, guint host, const Message *message)
{
    gchar *uri = uri_of(message_get(message, "Contact"));

    if (uri) {
        g_free(call->parties[host].contact);
        call->parties[host].contact = uri;
    }
}

/* A scenario may have set its own number, which then counts on from there. */
static void note_cseq(Call *call, const Message *request)
{
    static const gchar *const followers[] = {"ACK", "CANCEL", NULL};
    const gchar *cseq = message_get(request, "CSeq");

    if (!cseq || g_strv_contains(followers, request->method))
        return;
    call->parties[request->from].cseq = (guint)g_ascii_strtoull(cseq, NULL, 10);
    if (strcmp(request->method, "INVITE") == 0)
        call->parties[request->from].invite_cseq = call->parties[request->from].cseq;
}

static void note_request(Call *call, const Message *message)
{
    if (call->caller == NOBODY) {
        call->caller = message->from;
        call->from_identity = without_tag(message_get(message, "From"));
        call->to_identity = without_tag(message_get(message, "To"));
    }
    note_contact(call, message->from, message);
    note_cseq(call, message);
}

/* All Record-Route values in one, in order or reversed; NULL if there are none. */
static gchar *route_set(const Message *message, gboolean reversed)
{
    GString *routes = g_string_new(NULL);

    for (guint i = 0; i < message->headers->len; i++) {
        const Header *header = &g_array_index(message->headers, Header, i);
        if (!header->name || g_ascii_strcasecmp(header->name, "Record-Route") != 0)
            continue;
        if (routes->len)
            g_string_insert(routes, reversed ? 0 : -1, ", ");
        g_string_insert(routes, reversed ? 0 : -1, header->value->str);
    }
    return g_string_free(routes, routes->len == 0);
}

/* establishing: FALSE for a server on the way, which does not become the other end by a 181 or 182.
 */
static void note_dialog(Call *call, const Message *response, gboolean establishing)
{
    static const gchar *const methods[] = {"INVITE", "SUBSCRIBE", "REFER", "NOTIFY", NULL};
    const gchar *to = message_get(response->transaction->request, "To");

    if (!g_strv_contains(methods, response->method) || (to && strstr(to, ";tag=")) ||
        response->code <= 100)
        return;
    if (response->code >= 300) {
        if (response->to == call->caller && !call->confirmed)
            call->callee = NOBODY;
        return;
    }
    if (response->code == 199 || (response->code < 200 && !establishing))
        return;
    if (response->code >= 200)
        call->confirmed = TRUE;
    call->callee = response->from;
    note_contact(call, response->from, response);
    g_free(call->parties[call->callee].route);
    g_free(call->parties[call->caller].route);
    call->parties[call->callee].route = route_set(response, FALSE);
    call->parties[call->caller].route = route_set(response, TRUE);
}

/* Remembers what the next PRACK of the receiver has to say. */
static void note_reliable(Call *call, const Message *response)
{
    const gchar *number = message_get(response, "RSeq"), *cseq = message_get(response, "CSeq");

    if (!number || !cseq || response->code >= 200)
        return;
    g_free(call->parties[response->to].rack);
    call->parties[response->to].rack = g_strdup_printf("%s %s", number, cseq);
}

static void note_response(const Ladder *ladder, Call *call, Message *response, gboolean forwarded)
{
    Transaction *transaction = response->transaction;

    transaction->response = response;
    if (response->code >= 200)
        transaction->final_code = response->code;
    note_reliable(call, response);
    if (!forwarded)
        note_dialog(call, response, scenario_host(ladder->scenario, response->from)->aor != NULL);
    else if (response->to == call->caller && response->code >= 300 && !call->confirmed &&
             strcmp(response->method, "INVITE") == 0)
        call->callee = NOBODY;
}

/* ---- events ---- */

static gboolean send_message(Ladder *ladder, Message *message, const Step *step, GError **error)
{
    GString *bytes = message_bytes(message);
    gboolean ok = wire_send(ladder->wire, step, bytes, &message->ip, error);

    g_string_free(bytes, TRUE);
    return ok;
}

/* Registers a message (ownership passes) as one of this step. */
static Message *keep(Ladder *ladder, Message *message, Call *call, const Step *step)
{
    message->from = step->from;
    message->to = step->to;
    message->call = call;
    g_ptr_array_add(ladder->messages, message);
    return message;
}

static gboolean play_request(Ladder *ladder, Call *call, const Step *step, GError **error)
{
    gchar *branch = NULL;
    Message *message = fill_request(ladder, call, step, &branch, error);

    if (!message)
        return FALSE;
    keep(ladder, message, call, step);
    message->transaction = new_transaction(ladder, message, branch);
    note_request(call, message);
    g_free(branch);
    return send_message(ladder, message, step, error);
}

static gboolean play_response(Ladder *ladder, Call *call, const Step *step, GError **error)
{
    Transaction *transaction = find_to_answer(ladder, call, step);
    Message *message;

    if (!transaction)
        return scenario_fail(error, step->line, "%s has sent no %srequest to %s in call \"%s\"",
                             scenario_host(ladder->scenario, step->to)->name,
                             step->which ? "such " : "",
                             scenario_host(ladder->scenario, step->from)->name, step->call);
    message = fill_response(ladder, transaction, step, error);
    if (!message)
        return FALSE;
    keep(ladder, message, call, step);
    message->transaction = transaction;
    note_response(ladder, call, message, FALSE);
    return send_message(ladder, message, step, error);
}

static gboolean play_forward(Ladder *ladder, Call *call, const Step *step, GError **error)
{
    const Message *source = find_to_forward(ladder, call, step);
    gchar *branch;
    Message *message;

    if (!source)
        return scenario_fail(error, step->line,
                             "%s has received nothing that it could forward to %s",
                             scenario_host(ladder->scenario, step->from)->name,
                             scenario_host(ladder->scenario, step->to)->name);
    branch = source->is_request ? ladder_new_branch(ladder, step->from) : NULL;
    message = fill_forwarded(ladder, source, step, branch, error);
    if (!message) {
        g_free(branch);
        return FALSE;
    }
    keep(ladder, message, call, step);
    if (message->is_request) {
        message->transaction = new_transaction(ladder, message, branch);
        message->transaction->upstream = source->transaction;
    } else {
        message->transaction = source->transaction->upstream;
        note_response(ladder, call, message, TRUE);
    }
    g_free(branch);
    return send_message(ladder, message, step, error);
}

static gboolean play_again(Ladder *ladder, Call *call, const Step *step, GError **error)
{
    const Message *message = find_sent(ladder, call, step->from, step->to, step->which);
    GString *bytes;
    GByteArray *ip = NULL;
    gboolean ok;

    if (step->edits->len || step->body)
        return scenario_fail(error, step->line, "again repeats a message as it was");
    if (!message)
        return scenario_fail(error, step->line, "nothing like that went this way before");
    bytes = message_bytes(message);
    ok = wire_send(ladder->wire, step, bytes, &ip, error);
    g_string_free(bytes, TRUE);
    if (ip)
        g_byte_array_unref(ip);
    return ok;
}

static gboolean play_raw(Ladder *ladder, Call *call, const Step *step, GError **error)
{
    Message *message;

    if (!step->body || step->edits->len || step->codecs)
        return scenario_fail(error, step->line, "raw needs body lines (| or \") and nothing else");
    message = keep(ladder, message_new(), call, step);
    message->raw = g_string_new_len(step->body->str, (gssize)step->body->len);
    return send_message(ladder, message, step, error);
}

static gboolean play_icmp(Ladder *ladder, Call *call, const Step *step, GError **error)
{
    const Message *message = find_sent(ladder, call, step->to, step->from, step->which);

    if (!message) /* a router on the way complains */
        message = find_sent(ladder, call, step->to, NOBODY, step->which);
    if (!message || !message->ip)
        return scenario_fail(error, step->line, "icmp: no such UDP packet of %s before",
                             scenario_host(ladder->scenario, step->to)->name);
    wire_icmp(ladder->wire, step, message->ip);
    return TRUE;
}

static gboolean play_step(Ladder *ladder, const Step *step, GError **error)
{
    Call *call = find_call(ladder, step);

    if (!wire_begin(ladder->wire, step, error))
        return FALSE;
    switch (step->kind) {
    case STEP_REQUEST:
        return play_request(ladder, call, step, error);
    case STEP_RESPONSE:
        return play_response(ladder, call, step, error);
    case STEP_FORWARD:
        return play_forward(ladder, call, step, error);
    case STEP_AGAIN:
        return play_again(ladder, call, step, error);
    case STEP_RAW:
        return play_raw(ladder, call, step, error);
    case STEP_ICMP:
        return play_icmp(ladder, call, step, error);
    case STEP_CONNECT:
        return wire_connect(ladder->wire, step, error);
    case STEP_CLOSE:
        return wire_close(ladder->wire, step, error);
    case STEP_RESET:
        return wire_reset(ladder->wire, step, error);
    }
    return scenario_fail(error, step->line, "unknown kind of event");
}

gboolean ladder_play(const Scenario *scenario, Capture *capture, GError **error)
{
    Ladder ladder = {scenario, wire_new(scenario, capture), NULL, NULL, NULL, NULL};
    gboolean ok = TRUE;

    ladder.calls = g_ptr_array_new();
    ladder.transactions = g_ptr_array_new_with_free_func(free_transaction);
    ladder.messages = g_ptr_array_new_with_free_func(message_free);
    ladder.branches = g_new0(guint, scenario->hosts->len + 1);
    for (guint i = 0; ok && i < scenario->steps->len; i++)
        ok = play_step(&ladder, g_ptr_array_index(scenario->steps, i), error);
    ok = ok && wire_finish(ladder.wire, error);

    for (guint i = 0; i < ladder.calls->len; i++)
        free_call(g_ptr_array_index(ladder.calls, i), scenario->hosts->len);
    g_ptr_array_unref(ladder.calls);
    g_ptr_array_unref(ladder.transactions);
    g_ptr_array_unref(ladder.messages);
    g_free(ladder.branches);
    wire_free(ladder.wire);
    return ok;
}
