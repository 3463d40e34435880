/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Identity headers: the PASSporT in each, decoded. Its signature is not checked.
 */
#include "ws_compat.h"

#include "identity.h"

#include "passport.h"
#include "spoken.h"
#include "text.h"

enum { SLICE_BYTES_MOST = 1024 };

static gint subtree = -1;
static int hf_identity = -1;
static int hf_header = -1;
static int hf_claims = -1;
static int hf_alg = -1;
static int hf_ppt = -1;
static int hf_x5u = -1;
static int hf_info = -1;
static int hf_attest = -1;
static int hf_orig = -1;
static int hf_dest = -1;
static int hf_div = -1;
static int hf_iat = -1;
static int hf_origid = -1;

/* The names are those of the RFCs, in each language, but for two that identity_speak() gives. */
enum { FIELD_IDENTITY, FIELD_HEADER, FIELD_CLAIMS };
static hf_register_info fields[] = {
    [FIELD_IDENTITY] = {&hf_identity,
                        {"PASSporT", "sipwhy.identity", FT_STRING, BASE_NONE, NULL, 0x0, NULL,
                         HFILL}},
    [FIELD_HEADER] = {&hf_header,
                      {"", "sipwhy.identity.header", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    [FIELD_CLAIMS] = {&hf_claims,
                      {"", "sipwhy.identity.claims", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_alg, {"alg", "sipwhy.identity.alg", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_ppt, {"ppt", "sipwhy.identity.ppt", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_x5u, {"x5u", "sipwhy.identity.x5u", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_info, {"info", "sipwhy.identity.info", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_attest,
     {"attest", "sipwhy.identity.attest", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_orig, {"orig", "sipwhy.identity.orig", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_dest, {"dest", "sipwhy.identity.dest", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_div, {"div", "sipwhy.identity.div", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
    {&hf_iat,
     {"iat", "sipwhy.identity.iat", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0x0, NULL, HFILL}},
    {&hf_origid,
     {"origid", "sipwhy.identity.origid", FT_STRING, BASE_NONE, NULL, 0x0, NULL, HFILL}},
};

void identity_speak(SipwhyLanguage language)
{
    fields[FIELD_HEADER].hfinfo.name = sipwhy_text(language, SIPWHY_TEXT_FIELD_IDENTITY_HEADER);
    fields[FIELD_CLAIMS].hfinfo.name = sipwhy_text(language, SIPWHY_TEXT_FIELD_IDENTITY_CLAIMS);
}

void identity_register(int proto)
{
    static gint *subtrees[] = {&subtree};

    identity_speak(spoken_language());
    proto_register_field_array(proto, fields, G_N_ELEMENTS(fields));
    proto_register_subtree_array(subtrees, G_N_ELEMENTS(subtrees));
}

/* One value, in the packet's memory: adding to the tree may throw, and nothing that has to be freed
 * may be at hand then. Texts are NULL where there is nothing. */
typedef struct {
    gint offset;
    gint length;
    SipwhyText form;
    const char *header;
    const char *claims;
    const char *alg;
    const char *ppt;
    const char *x5u;
    const char *info;
    const char *attest;
    const char *orig;
    const char *dest[SIPWHY_PASSPORT_PARTIES_MOST];
    guint dest_count;
    const char *div;
    const char *origid;
    gboolean has_iat;
    nstime_t iat;
} Shown;

static const char *pooled(packet_info *pinfo, const char *text)
{
    return text ? wmem_strdup(pinfo->pool, text) : NULL;
}

static const char *pooled_slice(packet_info *pinfo, SipwhySlice slice)
{
    if (slice.length == 0)
        return NULL;
    char *text = sipwhy_printable_text(slice.data, MIN(slice.length, SLICE_BYTES_MOST));
    const char *copy = wmem_strdup(pinfo->pool, text);
    g_free(text);
    return copy;
}

/* What the reader of the tree has before them. */
static SipwhyText form_name(SipwhyPassportState state)
{
    static const SipwhyText names[] = {
        [SIPWHY_PASSPORT_READ] = SIPWHY_TEXT_IDENTITY_FULL,
        [SIPWHY_PASSPORT_COMPACT] = SIPWHY_TEXT_IDENTITY_COMPACT,
        [SIPWHY_PASSPORT_OBSOLETE] = SIPWHY_TEXT_IDENTITY_OBSOLETE,
        [SIPWHY_PASSPORT_MISSHAPEN] = SIPWHY_TEXT_IDENTITY_MALFORMED,
        [SIPWHY_PASSPORT_NO_BASE64] = SIPWHY_TEXT_IDENTITY_MALFORMED,
        [SIPWHY_PASSPORT_NO_JSON] = SIPWHY_TEXT_IDENTITY_MALFORMED,
        [SIPWHY_PASSPORT_OVERSIZED] = SIPWHY_TEXT_IDENTITY_OVERSIZED,
    };

    return names[state];
}

/* Where a slice stands in the tvb; nowhere, if it points elsewhere. */
static void locate(Shown *shown, tvbuff_t *tvb, SipwhySlice slice)
{
    const guint length = tvb_captured_length(tvb);
    const guint8 *bytes = length > 0 ? tvb_get_ptr(tvb, 0, (gint)length) : NULL;
    const guintptr start = (guintptr)bytes;
    const guintptr at = (guintptr)slice.data;

    if (!bytes || at < start || at - start > length || slice.length > length - (at - start))
        return;
    shown->offset = (gint)(at - start);
    shown->length = (gint)slice.length;
}

static void show_claims(Shown *shown, packet_info *pinfo, const SipwhyPassport *passport)
{
    shown->header = pooled(pinfo, passport->header_text);
    shown->claims = pooled(pinfo, passport->payload_text);
    shown->x5u = pooled(pinfo, passport->x5u);
    shown->attest = pooled(pinfo, passport->attest);
    shown->orig = pooled(pinfo, passport->orig.text);
    shown->div = pooled(pinfo, passport->div.text);
    shown->origid = pooled(pinfo, passport->origid);
    shown->dest_count = passport->dest_count;
    for (guint i = 0; i < passport->dest_count; i++)
        shown->dest[i] = pooled(pinfo, passport->dest[i].text);
    shown->has_iat = passport->has_iat;
    shown->iat = (nstime_t){.secs = (time_t)passport->iat};
}

static Shown *read_value(const SipwhyIdentity *identity, tvbuff_t *tvb, packet_info *pinfo)
{
    Shown *shown = wmem_new0(pinfo->pool, Shown);
    SipwhyPassport passport;

    locate(shown, tvb, identity->token);
    shown->info = pooled_slice(pinfo, identity->info);
    sipwhy_passport_read(identity, &passport);
    shown->form = form_name(passport.state);
    show_claims(shown, pinfo, &passport);
    shown->alg = passport.alg ? pooled(pinfo, passport.alg) : pooled_slice(pinfo, identity->alg);
    shown->ppt = passport.ppt ? pooled(pinfo, passport.ppt) : pooled_slice(pinfo, identity->ppt);
    sipwhy_passport_clear(&passport);
    return shown;
}

static void add_text(const Shown *shown, proto_tree *tree, tvbuff_t *tvb, int field,
                     const char *text)
{
    if (text)
        proto_item_set_generated(
            proto_tree_add_string(tree, field, tvb, shown->offset, shown->length, text));
}

/* The form is labelled in the reader's language. Filters compare with its value, and are to mean
 * the same in every one: so that is the default one's. */
static proto_item *add_form(const Shown *shown, tvbuff_t *tvb, proto_tree *tree)
{
    const SipwhyLanguage fixed = 0;

    return proto_tree_add_string_format(
        tree, hf_identity, tvb, shown->offset, shown->length, sipwhy_text(fixed, shown->form),
        "%s: %s", fields[FIELD_IDENTITY].hfinfo.name, sipwhy_text(spoken_language(), shown->form));
}

static void add_value(const Shown *shown, tvbuff_t *tvb, proto_tree *tree)
{
    proto_item *item = add_form(shown, tvb, tree);
    proto_tree *branch = proto_item_add_subtree(item, subtree);

    proto_item_set_generated(item);
    add_text(shown, branch, tvb, hf_orig, shown->orig);
    for (guint i = 0; i < shown->dest_count; i++)
        add_text(shown, branch, tvb, hf_dest, shown->dest[i]);
    add_text(shown, branch, tvb, hf_div, shown->div);
    if (shown->has_iat)
        proto_item_set_generated(
            proto_tree_add_time(branch, hf_iat, tvb, shown->offset, shown->length, &shown->iat));
    add_text(shown, branch, tvb, hf_attest, shown->attest);
    add_text(shown, branch, tvb, hf_origid, shown->origid);
    add_text(shown, branch, tvb, hf_ppt, shown->ppt);
    add_text(shown, branch, tvb, hf_alg, shown->alg);
    add_text(shown, branch, tvb, hf_x5u, shown->x5u);
    add_text(shown, branch, tvb, hf_info, shown->info);
    add_text(shown, branch, tvb, hf_header, shown->header);
    add_text(shown, branch, tvb, hf_claims, shown->claims);
}

void identity_render(const SipwhyMessage *message, tvbuff_t *tvb, packet_info *pinfo,
                     proto_tree *tree)
{
    SipwhySlice rest = {0};
    size_t position = 0;
    SipwhyIdentity identity;

    if (!tree || !message || !message->first[SIPWHY_HEADER_IDENTITY])
        return;
    for (guint i = 0;
         i < SIPWHY_IDENTITIES_MOST && sipwhy_identity_next(message, &position, &rest, &identity);
         i++)
        add_value(read_value(&identity, tvb, pinfo), tvb, tree);
}
