/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Identity header values and the PASSporT in them.
 */
#include "passport.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "json_guard.h"
#include "text.h"

/* The last second of the year 9999: what is later is no date (RFC 7519 2 sets no end). */
static const int64_t iat_most = 253402300799;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Takes what stands before the next dot off `rest`. */
static SipwhySlice take_part(SipwhySlice *rest)
{
    const char *dot = rest->length > 0 ? memchr(rest->data, '.', rest->length) : NULL;
    SipwhySlice part = {rest->data, dot ? (size_t)(dot - rest->data) : rest->length};
    size_t taken = dot ? part.length + 1 : part.length;

    rest->data += taken;
    rest->length -= taken;
    return sipwhy_slice_strip(part);
}

/* What stands before the first semicolon, of a quoted string what is in the quotes. */
static void read_token(SipwhySlice value, SipwhyIdentity *identity)
{
    char end = ';';

    if (value.length > 0 && value.data[0] == '"') {
        identity->quoted = true;
        end = '"';
        value.data++;
        value.length--;
    }
    const char *stop = value.length > 0 ? memchr(value.data, end, value.length) : NULL;
    if (stop)
        value.length = (size_t)(stop - value.data);
    identity->token = sipwhy_slice_strip(value);
    for (size_t i = 0; i < identity->token.length; i++)
        identity->dots += identity->token.data[i] == '.';
    SipwhySlice rest = identity->token;
    identity->header = take_part(&rest);
    identity->payload = take_part(&rest);
    identity->signature = take_part(&rest);
}

static void read_info(SipwhySlice value, SipwhyIdentity *identity)
{
    SipwhySlice info;

    if (!sipwhy_slice_parameter(value, "info", &info))
        return;
    if (info.length >= 2 && info.data[0] == '<' && info.data[info.length - 1] == '>') {
        identity->bracketed = true;
        info.data++;
        info.length -= 2;
    }
    identity->info = sipwhy_slice_strip(info);
}

bool sipwhy_identity_next(const SipwhyMessage *message, size_t *position, SipwhySlice *rest,
                          SipwhyIdentity *identity)
{
    SipwhySlice value;

    do {
        if (!sipwhy_message_next_value(message, SIPWHY_HEADER_IDENTITY, position, rest, &value))
            return false;
    } while (value.length == 0);
    *identity = (SipwhyIdentity){0};
    read_token(value, identity);
    read_info(value, identity);
    sipwhy_slice_parameter(value, "alg", &identity->alg);
    sipwhy_slice_parameter(value, "ppt", &identity->ppt);
    return true;
}

/* The six bits of a base64url character, -1 of any other. The two that differ are taken in
 * base64's form too: RFC 8224 4 has them in its grammar, RFC 8225 in no token. */
static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '-' || c == '+')
        return 62;
    return c == '_' || c == '/' ? 63 : -1;
}

/* Decodes base64url, with or without padding; white space of folded lines is passed over. NULL when
 * it is none. The result has `*length` bytes, and a NUL behind them. */
static char *decode(SipwhySlice part, size_t *length, bool *folded)
{
    char *bytes = g_malloc(part.length / 4 * 3 + 4);
    unsigned bits = 0;
    unsigned count = 0;
    size_t end = 0;
    size_t i = 0;

    for (; i < part.length && part.data[i] != '='; i++) {
        int value = sextet(part.data[i]);
        if (is_space(part.data[i])) {
            *folded = true;
            continue;
        }
        if (value < 0)
            break;
        bits = bits << 6 | (unsigned)value;
        if (++count % 4 != 1)
            bytes[end++] = (char)(bits >> (6 - 2 * ((count - 1) % 4)) & 0xff);
    }
    while (i < part.length && (part.data[i] == '=' || is_space(part.data[i])))
        i++;
    if (i < part.length || count % 4 == 1 || count == 0) {
        g_free(bytes);
        return NULL;
    }
    bytes[end] = '\0';
    *length = end;
    return bytes;
}

/* How deep the values of a JSON text are nested; no less than the parser finds. Brackets inside
 * strings do not count. */
static unsigned nesting(const char *json, size_t length)
{
    unsigned depth = 0;
    unsigned most = 0;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        char c = json[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']') && depth > 0)
            depth--;
        most = MAX(most, depth);
    }
    return most;
}

/* Whether a JSON text may be given to the parser: one object, in UTF-8, without anything that hides
 * what follows it (a NUL, raw or escaped, a comment, strings in other quotes), nor anything else
 * that it had better not see. */
static bool is_plain(const char *json, size_t length)
{
    bool quoted = false;
    unsigned depth = 0;

    if (length == 0 || json[0] != '{' || !g_utf8_validate(json, (gssize)length, NULL) ||
        !sipwhy_json_is_harmless(json, length, SIPWHY_PASSPORT_DEPTH_MOST))
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = json[i];
        if ((unsigned char)c < ' ' && !is_space(c))
            return false;
        if (quoted && c == '\\') {
            if (length - i >= 6 && memcmp(json + i, "\\u0000", 6) == 0)
                return false;
            i++;
        } else if (i > 0 && depth == 0 && !is_space(c)) {
            return false;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == '{') {
            depth++;
        } else if (!quoted && c == '}') {
            depth--;
        }
    }
    return !quoted && depth == 0;
}

static char *bounded_text(const char *bytes, size_t length)
{
    bool cut = length > SIPWHY_PASSPORT_TEXT_BYTES_MOST;
    char *text = sipwhy_printable_text(bytes, cut ? SIPWHY_PASSPORT_TEXT_BYTES_MOST : length);

    if (!cut)
        return text;
    char *marked = g_strconcat(text, "...", NULL);
    g_free(text);
    return marked;
}

static JsonNode *member_of(JsonObject *object, const char *name, JsonNodeType type)
{
    JsonNode *node = json_object_get_member(object, name);

    return node && JSON_NODE_TYPE(node) == type ? node : NULL;
}

static char *node_text(JsonNode *node)
{
    if (!node || JSON_NODE_TYPE(node) != JSON_NODE_VALUE ||
        json_node_get_value_type(node) != G_TYPE_STRING)
        return NULL;
    const char *text = json_node_get_string(node);
    return bounded_text(text, strlen(text));
}

static char *member_text(JsonObject *object, const char *name)
{
    return node_text(member_of(object, name, JSON_NODE_VALUE));
}

/* {"tn":"12155551212"} or {"uri":"sip:alice@example.com"} (RFC 8225 5.2.1) */
static void read_party(JsonObject *payload, const char *name, SipwhyParty *party)
{
    JsonNode *node = member_of(payload, name, JSON_NODE_OBJECT);

    if (!node)
        return;
    party->text = member_text(json_node_get_object(node), "tn");
    party->is_number = party->text != NULL;
    if (!party->text)
        party->text = member_text(json_node_get_object(node), "uri");
}

static void add_destination(SipwhyPassport *passport, JsonNode *node, bool is_number)
{
    if (passport->dest_count == SIPWHY_PASSPORT_PARTIES_MOST) {
        passport->dest_more = true;
        return;
    }
    char *text = node_text(node);
    if (text)
        passport->dest[passport->dest_count++] = (SipwhyParty){text, is_number};
}

/* {"tn":["12155551213"],"uri":["sip:alice@example.com"]}; a string without its array is taken too.
 */
static void read_destinations(JsonObject *payload, const char *name, SipwhyPassport *passport)
{
    JsonNode *dest = member_of(payload, "dest", JSON_NODE_OBJECT);
    JsonNode *node = dest ? json_object_get_member(json_node_get_object(dest), name) : NULL;
    bool is_number = strcmp(name, "tn") == 0;

    if (!node)
        return;
    if (JSON_NODE_TYPE(node) != JSON_NODE_ARRAY) {
        add_destination(passport, node, is_number);
        return;
    }
    JsonArray *array = json_node_get_array(node);
    guint count = json_array_get_length(array);
    for (guint i = 0; i < count && !passport->dest_more; i++)
        add_destination(passport, json_array_get_element(array, i), is_number);
}

/* A number of seconds; in a string too, as the examples of RFC 8224 4.1.1 and RFC 8588 6 have it.
 */
static void read_iat(JsonObject *payload, SipwhyPassport *passport)
{
    JsonNode *node = member_of(payload, "iat", JSON_NODE_VALUE);
    GType type = node ? json_node_get_value_type(node) : G_TYPE_INVALID;
    gint64 seconds = -1;

    if (type == G_TYPE_INT64)
        seconds = json_node_get_int(node);
    else if (type == G_TYPE_STRING &&
             !g_ascii_string_to_signed(json_node_get_string(node), 10, 0, iat_most, &seconds, NULL))
        seconds = -1;
    else if (type == G_TYPE_DOUBLE && json_node_get_double(node) >= 0 &&
             json_node_get_double(node) <= (double)iat_most)
        seconds = (gint64)json_node_get_double(node);
    passport->has_iat = seconds >= 0 && seconds <= iat_most;
    passport->iat = passport->has_iat ? seconds : 0;
}

/* [{"alg":"sha-256","dig":"021ACC..."}]; one object without the array is taken too (RFC 8225
 * 5.2.2). */
static void add_key(SipwhyPassport *passport, JsonNode *node)
{
    char *digest = node && JSON_NODE_TYPE(node) == JSON_NODE_OBJECT
                       ? member_text(json_node_get_object(node), "dig")
                       : NULL;

    if (!digest || passport->key_count == SIPWHY_PASSPORT_KEYS_MOST) {
        passport->keys_more = passport->keys_more || digest;
        g_free(digest);
        return;
    }
    char *end = digest;
    for (const char *c = digest; *c; c++)
        if (*c != ':')
            *end++ = g_ascii_toupper(*c);
    *end = '\0';
    passport->keys[passport->key_count++] = digest;
}

static void read_keys(JsonObject *payload, SipwhyPassport *passport)
{
    JsonNode *node = json_object_get_member(payload, "mky");

    if (!node || JSON_NODE_TYPE(node) != JSON_NODE_ARRAY) {
        add_key(passport, node);
        return;
    }
    JsonArray *array = json_node_get_array(node);
    guint count = json_array_get_length(array);
    for (guint i = 0; i < count && !passport->keys_more; i++)
        add_key(passport, json_array_get_element(array, i));
}

static void read_header(JsonObject *object, SipwhyPassport *passport)
{
    passport->typ = member_text(object, "typ");
    passport->alg = member_text(object, "alg");
    passport->ppt = member_text(object, "ppt");
    passport->x5u = member_text(object, "x5u");
}

static void read_payload(JsonObject *object, SipwhyPassport *passport)
{
    passport->attest = member_text(object, "attest");
    passport->origid = member_text(object, "origid");
    passport->has_rcd = json_object_has_member(object, "rcd");
    read_party(object, "orig", &passport->orig);
    read_party(object, "div", &passport->div);
    read_destinations(object, "tn", passport);
    read_destinations(object, "uri", passport);
    read_iat(object, passport);
    read_keys(object, passport);
}

/* Decodes one part, keeps its JSON as text, and reads it. */
static SipwhyPassportState read_part(SipwhySlice part, SipwhyPassport *passport, char **text,
                                     void (*read)(JsonObject *, SipwhyPassport *))
{
    size_t length = 0;
    char *json = decode(part, &length, &passport->folded);
    SipwhyPassportState state = SIPWHY_PASSPORT_NO_JSON;

    if (!json)
        return SIPWHY_PASSPORT_NO_BASE64;
    *text = bounded_text(json, length);
    if (nesting(json, length) > SIPWHY_PASSPORT_DEPTH_MOST) {
        state = SIPWHY_PASSPORT_OVERSIZED;
    } else if (is_plain(json, length)) {
        JsonParser *parser = json_parser_new_immutable();
        if (json_parser_load_from_data(parser, json, (gssize)length, NULL) &&
            JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
            read(json_node_get_object(json_parser_get_root(parser)), passport);
            state = SIPWHY_PASSPORT_READ;
        }
        g_object_unref(parser);
    }
    g_free(json);
    return state;
}

static bool has_space(SipwhySlice slice)
{
    for (size_t i = 0; i < slice.length; i++)
        if (is_space(slice.data[i]))
            return true;
    return false;
}

void sipwhy_passport_read(const SipwhyIdentity *identity, SipwhyPassport *passport)
{
    *passport = (SipwhyPassport){.folded = has_space(identity->token)};
    if (identity->token.length > SIPWHY_PASSPORT_BYTES_MOST) {
        passport->state = SIPWHY_PASSPORT_OVERSIZED;
    } else if (identity->dots == 0 && identity->quoted) {
        passport->state = SIPWHY_PASSPORT_OBSOLETE;
    } else if (identity->dots != 2) {
        passport->state = SIPWHY_PASSPORT_MISSHAPEN;
    } else if (identity->header.length == 0 && identity->payload.length == 0) {
        passport->state = SIPWHY_PASSPORT_COMPACT;
    } else {
        SipwhyPassportState header =
            read_part(identity->header, passport, &passport->header_text, read_header);
        SipwhyPassportState payload =
            read_part(identity->payload, passport, &passport->payload_text, read_payload);
        passport->state = header != SIPWHY_PASSPORT_READ ? header : payload;
    }
}

void sipwhy_passport_clear(SipwhyPassport *passport)
{
    g_free(passport->header_text);
    g_free(passport->payload_text);
    g_free(passport->typ);
    g_free(passport->alg);
    g_free(passport->ppt);
    g_free(passport->x5u);
    g_free(passport->attest);
    g_free(passport->origid);
    g_free(passport->orig.text);
    g_free(passport->div.text);
    for (unsigned i = 0; i < passport->dest_count; i++)
        g_free(passport->dest[i].text);
    for (unsigned i = 0; i < passport->key_count; i++)
        g_free(passport->keys[i]);
    *passport = (SipwhyPassport){0};
}
