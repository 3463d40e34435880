/* SPDX-License-Identifier: GPL-2.0-or-later
 * The text of the messages of a flow. */
#include "sip-text.h"

#include <string.h>

#define DOMAIN "sip.example.com"
#define CNONCE "7c1d03f2"

/* What differs from one maker to the next. */
static const struct {
    const gchar *agent, *allow, *supported, *codecs;
} vendors[] = {
    {"Acme-Phone/4.12.1.20", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, REFER, UPDATE",
     "replaces, timer, 100rel", "8 0 101"},
    {"SoftTel 7.3.2 (build 9917)", "INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, SUBSCRIBE",
     "replaces, outbound, gruu, timer", "0 8 18 101"},
    {"DeskLine-T46 66.85.0.5",
     "INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH",
     "timer, replaces, norefersub", "8 101"},
};

static guint vendor_of(const Party *party)
{
    return party->vendor % G_N_ELEMENTS(vendors);
}

/* What a response says beside what all of them say. */
static const struct {
    guint code;
    const gchar *phrase, *headers;
} responses[] = {
    {100, "Trying", ""},
    {180, "Ringing", ""},
    {200, "OK", ""},
    {401, "Unauthorized", ""},
    {404, "Not Found", ""},
    {486, "Busy Here", "Reason: Q.850;cause=17;text=\"User busy\"\r\n"},
    {487, "Request Terminated", ""},
    {488, "Not Acceptable Here", ""},
    {300, "Multiple Choices", "Contact: <sip:desk@10.9.0.1>, <sip:mobile@10.9.0.2>\r\n"},
    {302, "Moved Temporarily", "Contact: <sip:moved@10.9.0.3>\r\n"},
    {380, "Alternative Service", "Contact: <sip:other@10.9.0.4>\r\n"},
    {400, "Bad Request", ""},
    {402, "Payment Required", ""},
    {403, "Forbidden", ""},
    {405, "Method Not Allowed", ""},
    {406, "Not Acceptable", ""},
    {407, "Proxy Authentication Required", ""},
    {408, "Request Timeout", ""},
    {410, "Gone", ""},
    {413, "Request Entity Too Large", "Retry-After: 60\r\n"},
    {414, "Request-URI Too Long", ""},
    {415, "Unsupported Media Type", "Accept: application/sdp\r\n"},
    {416, "Unsupported URI Scheme", ""},
    {420, "Bad Extension", "Unsupported: replaces\r\n"},
    {421, "Extension Required", "Require: 100rel\r\n"},
    {422, "Session Interval Too Small", "Min-SE: 3600\r\n"},
    {433, "Anonymity Disallowed", ""},
    {436, "Bad Identity Info", ""},
    {437, "Unsupported Credential", ""},
    {438, "Invalid Identity Header", ""},
    {478, "Unresolvable destination (478/SL)", ""},
    {480, "Temporarily Unavailable", "Reason: Q.850;cause=20\r\n"},
    {481, "Call/Transaction Does Not Exist", ""},
    {482, "Loop Detected", ""},
    {483, "Too Many Hops", ""},
    {484, "Address Incomplete", "Reason: Q.850;cause=28\r\n"},
    {485, "Ambiguous", ""},
    {491, "Request Pending", ""},
    {493, "Undecipherable", ""},
    {500, "Server Internal Error", "Retry-After: 10\r\n"},
    {501, "Not Implemented", ""},
    {502, "Bad Gateway", "Reason: Q.850;cause=38\r\n"},
    {503, "Service Unavailable", "Retry-After: 120\r\nReason: Q.850;cause=34\r\n"},
    {504, "Server Time-out", ""},
    {505, "Version Not Supported", ""},
    {513, "Message Too Large", ""},
    {555, "Push Notification Service Not Supported", ""},
    {580, "Precondition Failure", ""},
    {600, "Busy Everywhere", ""},
    {603, "Decline", "Reason: Q.850;cause=21\r\n"},
    {604, "Does Not Exist Anywhere", ""},
    {606, "Not Acceptable", "Warning: 304 10.9.0.5 \"Media type not available\"\r\n"},
    {607, "Unwanted", ""},
    {608, "Rejected", "Call-Info: <https://example.com/jcard>;purpose=jwscard\r\n"},
};

static guint place_of(guint code)
{
    guint i = 0;

    while (i + 1 < G_N_ELEMENTS(responses) && responses[i].code != code)
        i++;
    return i;
}

static gboolean is(const Step *step, const gchar *method)
{
    return strcmp(step->method, method) == 0;
}

/* The dialog's sides as the request sees them. */
typedef struct {
    const Party *party;
    const gchar *tag;
} Side;

static Side side_of(const Flow *flow, gboolean requester)
{
    gboolean caller = requester != ((flow->step->flags & STEP_BY_CALLEE) != 0);

    return caller ? (Side){flow->caller, flow->from_tag} : (Side){flow->callee, flow->to_tag};
}

static void add_start_line(GString *out, const Flow *flow, guint hop)
{
    const Step *step = flow->step;
    const Party *target = side_of(flow, FALSE).party;

    if (step->code)
        g_string_append_printf(out, "SIP/2.0 %u %s\r\n", step->code,
                               responses[place_of(step->code)].phrase);
    else if (is(step, "REGISTER"))
        g_string_append(out, "REGISTER sip:" DOMAIN " SIP/2.0\r\n");
    else if ((step->flags & STEP_IN_DIALOG) || hop > 0 || is(step, "OPTIONS"))
        g_string_append_printf(out, "%s sip:%s@%s:5060 SIP/2.0\r\n", step->method, target->user,
                               target->ip);
    else
        g_string_append_printf(out, "%s sip:%s@" DOMAIN ";user=phone SIP/2.0\r\n", step->method,
                               target->user);
}

/* Every so many hops a box hides the way behind it, else no packet could hold it. */
enum { HOPS_SHOWN = 60 };

static void add_proxy_via(GString *out, const Flow *flow, guint hop, gboolean top)
{
    const Step *step = flow->step;
    const Party *proxy = &flow->proxies[hop - 1];

    g_string_append_printf(out, "Via: SIP/2.0/%s %s:5060;branch=z9hG4bK%s", flow->transport,
                           proxy->ip, flow->branches[step->transaction][1]);
    if (hop > 1)
        g_string_append_printf(out, ".%u", hop);
    if (!top)
        g_string_append_printf(out, ";received=%s", proxy->ip);
    g_string_append_printf(out, "%s\r\n", top && !step->code ? ";rport" : ";rport=5060");
}

static void add_vias(GString *out, const Flow *flow, guint hop)
{
    const Step *step = flow->step;
    const Party *sender = side_of(flow, TRUE).party;
    const gchar(*branches)[20] = flow->branches[step->transaction];
    gboolean seen = hop > 0 || step->code; /* its receiver added what it saw (RFC 3581 4) */
    guint hidden = hop - hop % HOPS_SHOWN;

    for (guint i = hop; i > 0 && i >= hidden; i--) {
        add_proxy_via(out, flow, i, i == hop);
        if ((step->flags & STEP_HOP_BY_HOP) && !is(step, "INVITE"))
            return;
    }
    if (hidden > 0)
        return;
    g_string_append_printf(out, "Via: SIP/2.0/%s %s:5060;", flow->transport, sender->ip);
    if (seen)
        g_string_append_printf(out, "received=%s;rport=5060;", sender->ip);
    g_string_append_printf(out, "branch=z9hG4bK%s%s\r\n", branches[0], seen ? "" : ";rport");
}

static void add_routes(GString *out, const Flow *flow, guint hop)
{
    const Step *step = flow->step;
    gboolean from_callee_side = step->code >= 180 && step->code < 300;

    if (flow->proxy_count != 1) /* those of a chain record no route */
        return;
    if (is(step, "INVITE") && (from_callee_side || (!step->code && hop > 0)))
        g_string_append_printf(out, "Record-Route: <sip:%s;lr>\r\n", flow->proxies[0].ip);
    if (!step->code && (step->flags & STEP_IN_DIALOG) && hop == 0)
        g_string_append_printf(out, "Route: <sip:%s;lr>\r\n", flow->proxies[0].ip);
}

static gboolean to_has_tag(const Flow *flow)
{
    const Step *step = flow->step;

    if (step->code)
        return step->code != 100;
    return (step->flags & STEP_IN_DIALOG) || is(step, "ACK");
}

static void add_dialog(GString *out, const Flow *flow, guint hop)
{
    const Step *step = flow->step;
    Side from = side_of(flow, TRUE), to = side_of(flow, FALSE);
    const gchar *to_user = is(step, "REGISTER") ? from.party->user : to.party->user;

    if (!step->code)
        g_string_append_printf(out, "Max-Forwards: %u\r\n", 70 - hop % HOPS_SHOWN);
    g_string_append_printf(out, "From: \"Line %s\" <sip:%s@" DOMAIN ">;tag=%s\r\n",
                           from.party->user, from.party->user, from.tag);
    g_string_append_printf(out, "To: <sip:%s@" DOMAIN ">", to_user);
    if (to_has_tag(flow))
        g_string_append_printf(out, ";tag=%s", to.tag);
    g_string_append_printf(out, "\r\nCall-ID: %s@%s\r\nCSeq: %u %s\r\n", flow->call_id,
                           flow->caller->ip, flow->cseq + ((step->flags & STEP_RAISED) ? 1 : 0),
                           step->method);
}

static gchar *md5(const gchar *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
}

static gchar *request_uri(const Flow *flow)
{
    return is(flow->step, "REGISTER")
               ? g_strdup("sip:" DOMAIN)
               : g_strdup_printf("sip:%s@" DOMAIN ";user=phone", flow->callee->user);
}

/* RFC 7616 3.4. */
static void add_credentials(GString *out, const Flow *flow)
{
    gboolean registers = is(flow->step, "REGISTER");
    const gchar *user = flow->caller->user;
    gchar *uri = request_uri(flow);
    gchar *who = g_strdup_printf("%s:" DOMAIN ":secret-%s", user, user);
    gchar *request = g_strdup_printf("%s:%s", flow->step->method, uri);
    gchar *a1 = md5(who), *a2 = md5(request);
    gchar *what =
        g_strdup_printf("%s:%s:%08x:" CNONCE ":auth:%s", a1, flow->nonce, flow->nonce_count, a2);
    gchar *response = md5(what);

    g_string_append_printf(out,
                           "%s: Digest username=\"%s\", realm=\"" DOMAIN
                           "\", nonce=\"%s\", uri=\"%s\", response=\"%s\", "
                           "algorithm=MD5, cnonce=\"" CNONCE "\", qop=auth, nc=%08x\r\n",
                           registers ? "Authorization" : "Proxy-Authorization", user, flow->nonce,
                           uri, response, flow->nonce_count);
    g_free(uri);
    g_free(who);
    g_free(request);
    g_free(a1);
    g_free(a2);
    g_free(what);
    g_free(response);
}

static void add_register(GString *out, const Flow *flow)
{
    const Step *step = flow->step;

    if (step->code == 401) {
        g_string_append_printf(out,
                               "WWW-Authenticate: Digest realm=\"" DOMAIN
                               "\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"\r\n",
                               flow->nonce);
        return;
    }
    if (step->code < 300)
        g_string_append_printf(out, "Contact: <sip:%s@%s:5060;transport=%s>;expires=300\r\n",
                               flow->caller->user, flow->caller->ip,
                               flow->transport[0] == 'T' ? "tcp" : "udp");
    if (step->code == 200)
        g_string_append(out, "Service-Route: <sip:" DOMAIN ";lr>\r\n");
    else if (!step->code)
        g_string_append(out, "Expires: 300\r\nAccept-Language: en\r\n");
    if (step->flags & STEP_CREDENTIALS)
        add_credentials(out, flow);
}

static void add_invite(GString *out, const Flow *flow)
{
    const Step *step = flow->step;

    if (!step->code)
        g_string_append_printf(out,
                               "Session-Expires: 1800;refresher=uac\r\nMin-SE: 90\r\n"
                               "P-Asserted-Identity: <sip:%s@" DOMAIN ">\r\n",
                               flow->caller->user);
    else if (step->code == 200)
        g_string_append(out, "Require: timer\r\nSession-Expires: 1800;refresher=uac\r\n");
    else if (step->code == 407)
        g_string_append_printf(out,
                               "Proxy-Authenticate: Digest realm=\"" DOMAIN
                               "\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"\r\n",
                               flow->nonce);
    else if (step->code == 488)
        g_string_append_printf(out, "Warning: 305 %s \"Incompatible media format\"\r\n",
                               flow->callee->ip);
    else
        g_string_append(out, responses[place_of(step->code)].headers);
    if (step->flags & STEP_CREDENTIALS)
        add_credentials(out, flow);
}

/* Where the sender can be reached, and what it can do. */
static void add_sender(GString *out, const Flow *flow)
{
    const Step *step = flow->step;
    const Party *sender = side_of(flow, step->code == 0).party;
    gboolean answer = step->code != 0, short_one = is(step, "CANCEL") || step->code == 100;

    if (!is(step, "REGISTER") && !short_one && step->code < 300)
        g_string_append_printf(out, "Contact: <sip:%s@%s:5060%s>\r\n", sender->user, sender->ip,
                               flow->transport[0] == 'T' ? ";transport=tcp" : "");
    g_string_append_printf(out, "%s: %s\r\n", answer ? "Server" : "User-Agent",
                           vendors[vendor_of(sender)].agent);
    if (is(step, "BYE") && !answer)
        g_string_append(out, "Reason: Q.850;cause=16;text=\"Normal call clearing\"\r\n");
    if (is(step, "OPTIONS"))
        g_string_append(out, "Accept: application/sdp, application/dtmf-relay\r\n"
                             "Accept-Encoding: identity\r\nAccept-Language: en\r\n");
    g_string_append_printf(out, "Allow: %s\r\n", vendors[vendor_of(sender)].allow);
    if (!is(step, "ACK"))
        g_string_append_printf(out, "Supported: %s\r\n", vendors[vendor_of(sender)].supported);
    if (!answer && is(step, "INVITE"))
        g_string_append(out, "Accept: application/sdp\r\n");
    if (answer || is(step, "ACK") || is(step, "BYE"))
        g_string_append_printf(out, "P-Charging-Vector: icid-value=%08x-%s\r\n", flow->serial,
                               flow->from_tag);
}

static void add_rtpmaps(GString *out, const gchar *codecs)
{
    static const gchar *const maps[] = {"0 PCMU/8000", "8 PCMA/8000", "18 G729/8000",
                                        "101 telephone-event/8000"};
    gchar **types = g_strsplit(codecs, " ", -1);

    for (guint i = 0; types[i]; i++)
        for (guint j = 0; j < G_N_ELEMENTS(maps); j++)
            if (g_str_has_prefix(maps[j], types[i]) && maps[j][strlen(types[i])] == ' ')
                g_string_append_printf(out, "a=rtpmap:%s\r\n", maps[j]);
    g_strfreev(types);
}

static void add_sdp(GString *out, const Flow *flow)
{
    gboolean answer = flow->step->code != 0;
    const Party *party = answer ? flow->callee : flow->caller;
    const gchar *codecs = vendors[vendor_of(party)].codecs;

    if (answer)
        codecs = "8 101"; /* which every offer has */
    else if (flow->strange_codec)
        codecs = "18 101";
    g_string_append_printf(out,
                           "v=0\r\no=- %u 1 IN IP4 %s\r\ns=call\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                           "m=audio %u RTP/AVP %s\r\n",
                           100000 + flow->serial, party->ip, party->ip, flow->media[answer].port,
                           codecs);
    add_rtpmaps(out, codecs);
    g_string_append(out, "a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n");
}

void sip_text(GString *out, const Flow *flow)
{
    guint hop = flow_hop(flow);
    GString *body = g_string_new(NULL);

    if (flow->step->flags & STEP_SDP)
        add_sdp(body, flow);
    g_string_truncate(out, 0);
    add_start_line(out, flow, hop);
    add_vias(out, flow, hop);
    add_routes(out, flow, hop);
    add_dialog(out, flow, hop);
    if (is(flow->step, "REGISTER"))
        add_register(out, flow);
    else if (is(flow->step, "INVITE"))
        add_invite(out, flow);
    add_sender(out, flow);
    if (body->len > 0)
        g_string_append(out, "Content-Type: application/sdp\r\n");
    g_string_append_printf(out, "Content-Length: %zu\r\n\r\n%s", body->len, body->str);
    g_string_free(body, TRUE);
}
