/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * responses/<class>.ini: the response codes, their facts and their words.
 */
#include <string.h>

#include "build.h"
#include "emit.h"
#include "knowledge.h"

/* One file a class; "other" holds numbers that software shows but that are no status codes. */
static const struct {
    const char *name;
    unsigned first;
    unsigned last;
} files[] = {
    {"responses/1xx.ini", 100, 199},   {"responses/2xx.ini", 200, 299},
    {"responses/3xx.ini", 300, 399},   {"responses/4xx.ini", 400, 499},
    {"responses/5xx.ini", 500, 599},   {"responses/6xx.ini", 600, 699},
    {"responses/other.ini", 700, 999},
};

static const char unregistered_url[] =
    "https://www.iana.org/assignments/sip-parameters/sip-parameters.xhtml#sip-parameters-7";

/* A header that a response carries, as it stands in the facts. */
typedef struct {
    SipwhyLevel level;
    char *names;
    char *methods;
} Header;

static void free_header(void *data)
{
    Header *header = data;
    g_free(header->names);
    g_free(header->methods);
    g_free(header);
}

/* "must Contact @INVITE,SUBSCRIBE" */
static GPtrArray *read_headers(Source *facts, const char *group)
{
    GPtrArray *headers = g_ptr_array_new_with_free_func(free_header);
    GPtrArray *items = source_list(facts, group, "headers", OPTIONAL);

    for (unsigned i = 0; i < items->len; i++) {
        const char *item = items->pdata[i];
        char **words = g_strsplit(item, " ", -1);
        unsigned count = g_strv_length(words);
        int level = sipwhy_term_value(SIPWHY_TERM_KIND_LEVEL, words[0]);
        if (level < 0 || count < 2 || count > 3 || (count == 3 && words[2][0] != '@')) {
            source_complain(facts, group, "headers",
                            "\"%s\" is not LEVEL HEADER, or LEVEL HEADER @METHOD,METHOD", item);
        } else {
            Header *header = g_new(Header, 1);
            header->level = (SipwhyLevel)level;
            header->names = g_strdup(words[1]);
            header->methods = count == 3 ? g_strdup(words[2] + 1) : NULL;
            g_ptr_array_add(headers, header);
        }
        g_strfreev(words);
    }
    g_ptr_array_free(items, TRUE);
    return headers;
}

static void emit_headers(GString *out, const char *group, const GPtrArray *headers)
{
    if (headers->len == 0)
        return;
    g_string_append_printf(out, "static const SipwhyHeader code_%s_headers[] = {\n", group);
    for (unsigned i = 0; i < headers->len; i++) {
        const Header *header = headers->pdata[i];
        g_string_append_printf(out, "    {%d, ", header->level);
        emit_literal(out, header->names);
        g_string_append(out, ", ");
        emit_literal(out, header->methods);
        g_string_append(out, "},\n");
    }
    g_string_append(out, "};\n");
}

static void complain_of_sender(Source *facts, const char *group, const char *sender)
{
    char *ids = source_term_ids(SIPWHY_TERM_KIND_SENDER);

    source_complain(facts, group, "senders", "\"%s\" is not one of: %s", sender, ids);
    g_free(ids);
}

/* RFC 3261, 3262, 3311, 3428, 3515, 3903, 6086, 6665. */
static GPtrArray *read_methods(Source *facts, const char *group)
{
    static const char *const known[] = {
        "any",     "ACK",   "BYE",     "CANCEL", "INFO",     "INVITE",    "MESSAGE", "NOTIFY",
        "OPTIONS", "PRACK", "PUBLISH", "REFER",  "REGISTER", "SUBSCRIBE", "UPDATE",  NULL};
    GPtrArray *methods = source_list(facts, group, "methods", REQUIRED);

    for (unsigned i = 0; i < methods->len; i++) {
        const char *method = methods->pdata[i];
        if (!g_strv_contains(known, method))
            source_complain(facts, group, "methods", "\"%s\" is no SIP method", method);
        if (methods->len > 1 && strcmp(method, "any") == 0)
            source_complain(facts, group, "methods", "\"any\" stands beside others");
        for (unsigned j = 0; j < i; j++)
            if (strcmp(methods->pdata[j], method) == 0)
                source_complain(facts, group, "methods", "%s stands twice", method);
    }
    return methods;
}

/* A registered code has an RFC. */
static GPtrArray *read_sources(Source *facts, const char *group)
{
    GPtrArray *sources = source_references(facts, group);
    const char *registration = source_text(facts, group, "registration", REQUIRED);

    if (sources->len > 0 && g_strcmp0(registration, "registered") == 0 &&
        !g_str_has_prefix(sources->pdata[0], "RFC "))
        source_complain(facts, group, "source", "a registered code has an RFC in the first place");
    return sources;
}

static unsigned read_senders(Source *facts, const char *group)
{
    GPtrArray *items = source_list(facts, group, "senders", REQUIRED);
    unsigned senders = 0;

    for (unsigned i = 0; i < items->len; i++) {
        int sender = sipwhy_term_value(SIPWHY_TERM_KIND_SENDER, items->pdata[i]);
        if (sender < 0)
            complain_of_sender(facts, group, items->pdata[i]);
        else
            senders |= 1u << sender;
    }
    g_ptr_array_free(items, TRUE);
    return senders;
}

/* Optional: without it, SIPWHY_SEVERITY_COUNT, the class's counts. */
static int read_severity(Source *facts, const char *group)
{
    return source_text(facts, group, "severity", OPTIONAL)
               ? source_term(facts, group, "severity", SIPWHY_TERM_KIND_SEVERITY)
               : SIPWHY_SEVERITY_COUNT;
}

static void emit_facts(GString *out, GString *rows, Source *facts, const char *group,
                       const GPtrArray *headers, const GArray *related)
{
    GPtrArray *sources = read_sources(facts, group);
    GPtrArray *methods = read_methods(facts, group);
    GArray *q850_in = source_numbers(facts, group, "q850-in", 0, 127);
    GArray *q850_out = source_numbers(facts, group, "q850-out", 0, 127);
    char *url = emit_source_url(sources->len ? sources->pdata[0] : "", unregistered_url);
    const char *parts[] = {"sources", "methods", "q850_in", "q850_out", "related"};
    char *names[G_N_ELEMENTS(parts)] = {NULL};
    char *pairs[G_N_ELEMENTS(parts)];

    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
        names[i] = g_strdup_printf("code_%s_%s", group, parts[i]);
    pairs[0] = emit_lines_array(out, names[0], sources);
    pairs[1] = emit_lines_array(out, names[1], methods);
    pairs[2] = emit_numbers_array(out, names[2], q850_in);
    pairs[3] = emit_numbers_array(out, names[3], q850_out);
    pairs[4] = emit_numbers_array(out, names[4], related);
    emit_headers(out, group, headers);

    g_string_append_printf(rows, "    {.code = %s, .phrase = ", group);
    emit_literal(rows, source_text(facts, group, "phrase", REQUIRED));
    g_string_append_printf(rows, ", .registration = %d, .status = %d,\n     .sources = %s, .url = ",
                           source_term(facts, group, "registration", SIPWHY_TERM_KIND_REGISTRATION),
                           source_term(facts, group, "status", SIPWHY_TERM_KIND_STATUS), pairs[0]);
    emit_literal(rows, url);
    g_string_append_printf(rows,
                           ",\n     .methods = %s, .senders = %u, .category = %d, "
                           ".expected = %d,\n     .severity = %d, .next = %d, .scope = %d,",
                           pairs[1], read_senders(facts, group),
                           source_term(facts, group, "category", SIPWHY_TERM_KIND_CATEGORY),
                           source_yes_no(facts, group, "expected"), read_severity(facts, group),
                           source_term(facts, group, "next", SIPWHY_TERM_KIND_NEXT),
                           source_term(facts, group, "scope", SIPWHY_TERM_KIND_SCOPE));
    if (headers->len > 0)
        g_string_append_printf(rows, " .header = code_%s_headers, .header_count = %u,", group,
                               headers->len);
    g_string_append_printf(rows, "\n     .q850_in = %s, .q850_out = %s, .related = %s},\n",
                           pairs[2], pairs[3], pairs[4]);

    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_free(names[i]);
        g_free(pairs[i]);
    }
    g_free(url);
    g_array_free(q850_out, TRUE);
    g_array_free(q850_in, TRUE);
    g_ptr_array_free(methods, TRUE);
    g_ptr_array_free(sources, TRUE);
}

static void emit_related(GString *out, Source *words, const char *language, const char *group,
                         const GArray *related)
{
    if (related->len == 0)
        return;
    g_string_append_printf(out, "static const SipwhyRelated code_%s_%s_related[] = {\n", group,
                           language);
    for (unsigned i = 0; i < related->len; i++) {
        unsigned other = g_array_index(related, guint16, i);
        char *key = g_strdup_printf("related-%u", other);
        char *number = g_strdup_printf("%u", other);
        const char *text = source_sentence(words, group, key, REQUIRED);
        if (text && !g_str_has_prefix(text, number))
            source_complain(words, group, key, "does not begin with %u", other);
        g_string_append_printf(out, "    {%u, ", other);
        emit_literal(out, text);
        g_string_append(out, "},\n");
        g_free(number);
        g_free(key);
    }
    g_string_append(out, "};\n");
}

static void emit_header_notes(GString *out, Source *words, const char *language, const char *group,
                              const GPtrArray *headers)
{
    if (headers->len == 0)
        return;
    g_string_append_printf(out, "static const char *const code_%s_%s_headers[] = {\n", group,
                           language);
    for (unsigned i = 0; i < headers->len; i++) {
        const Header *header = headers->pdata[i];
        char *key = g_strconcat("header-", header->names, NULL);
        g_string_append(out, "    ");
        emit_literal(out,
                     source_sentence(words, group, key, header->level == SIPWHY_LEVEL_MUST_IF));
        g_string_append(out, ",\n");
        g_free(key);
    }
    g_string_append(out, "};\n");
}

static void emit_words(GString *out, GString *rows, Source *words, const char *language,
                       const char *group, const GPtrArray *headers, const GArray *related)
{
    char *name = g_strdup_printf("code_%s_%s", group, language);
    char *advice =
        emit_advice(out, name, words, group, (Range){1, 3}, (Range){2, 5}, (Range){2, 5});
    char *practice = emit_sentences(out, name, words, group, "practice", (Range){0, 3});

    emit_related(out, words, language, group, related);
    emit_header_notes(out, words, language, group, headers);
    g_string_append_printf(rows, "    {%s,\n     .practice = %s, .next = ", advice, practice);
    emit_literal(rows, source_sentence(words, group, "next", REQUIRED));
    g_string_append(rows, ",\n     .methods = ");
    emit_literal(rows, source_sentence(words, group, "methods", OPTIONAL));
    g_string_append(rows, ", .q850 = ");
    emit_literal(rows, source_sentence(words, group, "q850", OPTIONAL));
    if (related->len > 0)
        g_string_append_printf(rows, ", .related = code_%s_%s_related", group, language);
    if (headers->len > 0)
        g_string_append_printf(rows, ", .header_notes = code_%s_%s_headers", group, language);
    g_string_append(rows, "},\n");

    g_free(practice);
    g_free(advice);
    g_free(name);
}

/* A related code, to be checked once all codes are known. */
typedef struct {
    const Source *facts;
    const char *group; /* of the facts */
    guint16 target;
} Pointer;

/* What is collected over all files. */
typedef struct {
    GString *facts;     /* rows of sipwhy_codes */
    GString **words;    /* per language: rows of its words */
    GArray *codes;      /* guint16, ascending */
    GPtrArray *sources; /* Source: the facts of each file */
    GArray *pointers;   /* Pointer */
} Collected;

static void read_code(Build *build, Collected *all, Source *facts, Source **words,
                      const char *group, guint16 code)
{
    GPtrArray *headers = read_headers(facts, group);
    GArray *related = source_numbers(facts, group, "related", 100, 999);

    if (related->len == 0)
        source_complain(facts, group, "related", "is missing");
    for (unsigned i = 0; i < related->len; i++) {
        guint16 other = g_array_index(related, guint16, i);
        if (other == code)
            source_complain(facts, group, "related", "names the code itself");
        Pointer pointer = {facts, group, other};
        g_array_append_val(all->pointers, pointer);
    }
    if (all->codes->len > 0 && g_array_index(all->codes, guint16, all->codes->len - 1) >= code)
        source_complain(facts, group, NULL, "is not in ascending order");
    g_array_append_val(all->codes, code);
    emit_facts(build->tables, all->facts, facts, group, headers, related);
    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (!language->tables)
            continue;
        if (!source_has_group(words[i], group))
            source_complain(words[i], group, NULL, "group is missing");
        else
            emit_words(build->tables, all->words[i], words[i], language->id, group, headers,
                       related);
    }
    g_array_free(related, TRUE);
    g_ptr_array_free(headers, TRUE);
}

/* The group has been complained of in the facts: its words are not read either. */
static void refuse_words(const Build *build, Source **words, const char *group)
{
    for (unsigned i = 0; i < build->languages->len; i++)
        if (words[i])
            source_skip_group(words[i], group);
}

static void read_file(Build *build, Collected *all, const char *name, unsigned first, unsigned last)
{
    Source *facts = build_load_facts(build, name);
    Source **words = g_new0(Source *, build->languages->len);

    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (language->tables)
            words[i] = build_load_words(build, language, name);
    }
    for (const char *const *group = source_groups(facts); *group; group++) {
        unsigned code = 0;
        if (source_group_number(facts, *group, first, last, &code))
            read_code(build, all, facts, words, *group, (guint16)code);
        else
            refuse_words(build, words, *group);
    }
    for (unsigned i = 0; i < build->languages->len; i++) {
        if (words[i]) {
            for (const char *const *group = source_groups(words[i]); *group; group++)
                if (!source_has_group(facts, *group))
                    source_refuse_group(words[i], *group, "has no facts");
            source_finish(words[i]);
        }
        source_free(words[i]);
    }
    source_finish(facts);
    g_ptr_array_add(all->sources, facts);
    g_free(words);
}

static void check_related(const Collected *all)
{
    for (unsigned i = 0; i < all->pointers->len; i++) {
        gboolean known = FALSE;
        const Pointer *pointer = &g_array_index(all->pointers, Pointer, i);
        for (unsigned j = 0; j < all->codes->len; j++)
            known = known || g_array_index(all->codes, guint16, j) == pointer->target;
        if (!known)
            source_complain(pointer->facts, pointer->group, "related", "%u has no entry",
                            pointer->target);
    }
}

void generate_codes(Build *build)
{
    GString *out = build->tables;
    Collected all = {
        .facts = g_string_new(NULL),
        .words = g_new0(GString *, build->languages->len),
        .codes = g_array_new(FALSE, FALSE, sizeof(guint16)),
        .sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free),
        .pointers = g_array_new(FALSE, FALSE, sizeof(Pointer)),
    };

    for (unsigned i = 0; i < build->languages->len; i++)
        all.words[i] = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(files); i++)
        read_file(build, &all, files[i].name, files[i].first, files[i].last);
    check_related(&all);
    if (all.codes->len > 255)
        source_complain(NULL, NULL, NULL, "there are more than 255 codes: widen the index");

    g_string_append_printf(out, "const SipwhyCode sipwhy_codes[] = {\n%s};\n", all.facts->str);
    g_string_append_printf(out, "const size_t sipwhy_code_count = %u;\n", all.codes->len);
    g_string_append(out, "const uint8_t sipwhy_code_index[SIPWHY_INDEX_SIZE] = {\n");
    for (unsigned i = 0; i < all.codes->len; i++)
        g_string_append_printf(out, "    [%u] = %u,\n", g_array_index(all.codes, guint16, i),
                               i + 1);
    g_string_append(out, "};\n");
    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (language->tables)
            g_string_append_printf(out, "static const SipwhyCodeWords code_words_%s[] = {\n%s};\n",
                                   language->id, all.words[i]->str);
        g_string_free(all.words[i], TRUE);
    }
    emit_word_tables(out, "SipwhyCodeWords", "sipwhy_code_word_tables", "code_words",
                     build->languages);
    g_array_free(all.pointers, TRUE);
    g_ptr_array_free(all.sources, TRUE);
    g_array_free(all.codes, TRUE);
    g_free(all.words);
    g_string_free(all.facts, TRUE);
}
