/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * warnings.ini, q850.ini, reasons.ini: what stands in Warning and Reason headers.
 */
#include <string.h>

#include "build.h"
#include "emit.h"
#include "knowledge.h"

static const char registry_url[] =
    "https://www.iana.org/assignments/sip-parameters/sip-parameters.xhtml";

/* Appends {description, causes, fixes, note} of a group to `rows`, its arrays to `out`. */
static void emit_note_words(GString *out, GString *rows, Source *words, const char *group,
                            const char *name, const char *note_key)
{
    char *advice =
        emit_advice(out, name, words, group, (Range){1, 2}, (Range){0, 3}, (Range){1, 3});

    g_string_append_printf(rows, "    {%s, ", advice);
    emit_literal(rows, note_key ? source_sentence(words, group, note_key, OPTIONAL) : NULL);
    g_string_append(rows, "},\n");
    g_free(advice);
}

/* Complains of groups of words that have no facts. */
static void check_orphans(Source *facts, Source *words)
{
    for (const char *const *group = source_groups(words); *group; group++)
        if (!source_has_group(facts, *group))
            source_refuse_group(words, *group, "has no facts");
}

/* What differs between the tables of notes. */
typedef struct {
    const char *file;   /* "q850.ini" */
    const char *prefix; /* of C names: "cause" */
    const char *table;  /* "sipwhy_cause_word_tables" */
    /* The group whose words speak for a group of facts; NULL when it has no row of words. */
    const char *(*speaker)(Source *facts, const char *group);
    const char *note_key;
    /* Appends what else a language says; may be NULL. */
    void (*more)(GString *out, Source *facts, Source *words, const char *language);
} NoteTable;

static void emit_note_tables(Build *build, Source *facts, const NoteTable *table)
{
    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (!language->tables)
            continue;
        Source *words = build_load_words(build, language, table->file);
        GString *rows = g_string_new(NULL);
        check_orphans(facts, words);
        for (const char *const *group = source_groups(facts); *group; group++) {
            const char *speaker = table->speaker(facts, *group);
            if (!speaker)
                continue;
            char *identifier = emit_identifier(*group);
            char *name = g_strdup_printf("%s_%s_%s", table->prefix, identifier, language->id);
            emit_note_words(build->tables, rows, words, speaker, name, table->note_key);
            g_free(name);
            g_free(identifier);
        }
        g_string_append_printf(build->tables,
                               "static const SipwhyNoteWords %s_words_%s[] = {\n%s};\n",
                               table->prefix, language->id, rows->str);
        g_string_free(rows, TRUE);
        if (table->more)
            table->more(build->tables, facts, words, language->id);
        source_finish(words);
        source_free(words);
    }
    char *name = g_strconcat(table->prefix, "_words", NULL);
    emit_word_tables(build->tables, "SipwhyNoteWords", table->table, name, build->languages);
    g_free(name);
}

static const char *own_words(Source *facts, const char *group)
{
    (void)facts;
    return group;
}

/* Appends the array of a group's sources; returns its initializer and, in `url`, the page. */
static char *emit_sources(GString *out, Source *facts, const char *group, const char *prefix,
                          char **url)
{
    GPtrArray *sources = source_list(facts, group, "source", REQUIRED);
    char *identifier = emit_identifier(group);
    char *name = g_strdup_printf("%s_%s_sources", prefix, identifier);
    char *pair = emit_lines_array(out, name, sources);

    *url = emit_source_url(sources->len ? sources->pdata[0] : "", registry_url);
    g_free(name);
    g_free(identifier);
    g_ptr_array_free(sources, TRUE);
    return pair;
}

void generate_warnings(Build *build)
{
    static const NoteTable table = {.file = "warnings.ini",
                                    .prefix = "warning",
                                    .table = "sipwhy_warning_word_tables",
                                    .speaker = own_words};
    GString *out = build->tables;
    GString *rows = g_string_new(NULL);
    Source *facts = build_load_facts(build, table.file);
    unsigned count = 0;

    for (const char *const *group = source_groups(facts); *group; group++, count++) {
        unsigned code = 0;
        char *url;
        source_group_number(facts, *group, 300, 399, &code);
        char *sources = emit_sources(out, facts, *group, table.prefix, &url);
        GArray *codes =
            source_numbers(facts, *group, "codes", SIPWHY_STATUS_FIRST, SIPWHY_STATUS_LAST);
        char *name = g_strdup_printf("warning_%u_codes", code);
        char *codes_pair = emit_numbers_array(out, name, codes);
        g_string_append_printf(rows, "    {%u, ", code);
        emit_literal(rows, source_text(facts, *group, "text", REQUIRED));
        g_string_append_printf(rows, ", %s, ", sources);
        emit_literal(rows, url);
        g_string_append_printf(rows, ", %s},\n", codes_pair);
        g_free(codes_pair);
        g_free(name);
        g_array_free(codes, TRUE);
        g_free(sources);
        g_free(url);
    }
    g_string_append_printf(out, "const SipwhyWarning sipwhy_warnings[] = {\n%s};\n", rows->str);
    g_string_append_printf(out, "const size_t sipwhy_warning_count = %u;\n", count);
    g_string_free(rows, TRUE);
    emit_note_tables(build, facts, &table);
    source_finish(facts);
    source_free(facts);
}

static gboolean is_cause_class(const char *group)
{
    return g_str_has_prefix(group, "class-");
}

/* An unassigned cause speaks through its class. */
static const char *cause_words(Source *facts, const char *group)
{
    static char class_group[64];

    if (is_cause_class(group))
        return NULL;
    if (g_strcmp0(source_text(facts, group, "status", REQUIRED), "unassigned") != 0)
        return group;
    g_snprintf(class_group, sizeof class_group, "class-%s",
               source_text(facts, group, "class", REQUIRED));
    return class_group;
}

/* The words on the classes themselves, for causes that nobody names. */
static void emit_cause_class_words(GString *out, Source *facts, Source *words, const char *language)
{
    GString *rows = g_string_new(NULL);

    (void)facts;
    for (int class = 0; class < SIPWHY_Q850_CLASS_COUNT; class ++) {
        const char *id = sipwhy_term_id(SIPWHY_TERM_KIND_Q850_CLASS, class);
        char *group = g_strconcat("class-", id, NULL);
        char *identifier = emit_identifier(group);
        char *name = g_strdup_printf("cause_%s_%s", identifier, language);
        emit_note_words(out, rows, words, group, name, NULL);
        g_free(name);
        g_free(identifier);
        g_free(group);
    }
    g_string_append_printf(out, "static const SipwhyNoteWords cause_class_words_%s[] = {\n%s};\n",
                           language, rows->str);
    g_string_free(rows, TRUE);
}

static void emit_cause_classes(GString *out, Source *facts)
{
    g_string_append(out, "const SipwhyCauseClass sipwhy_cause_classes[] = {\n");
    for (int class = 0; class < SIPWHY_Q850_CLASS_COUNT; class ++) {
        char *group =
            g_strconcat("class-", sipwhy_term_id(SIPWHY_TERM_KIND_Q850_CLASS, class), NULL);
        g_string_append_printf(out, "    {%d, %u, %u},\n", class,
                               source_number(facts, group, "first", 0, 127),
                               source_number(facts, group, "last", 0, 127));
        g_free(group);
    }
    g_string_append(out, "};\n");
}

void generate_causes(Build *build)
{
    static const NoteTable table = {.file = "q850.ini",
                                    .prefix = "cause",
                                    .table = "sipwhy_cause_word_tables",
                                    .speaker = cause_words,
                                    .note_key = "sip",
                                    .more = emit_cause_class_words};
    GString *out = build->tables;
    GString *rows = g_string_new(NULL);
    Source *facts = build_load_facts(build, table.file);
    unsigned count = 0;

    for (const char *const *group = source_groups(facts); *group; group++) {
        unsigned cause = 0;
        if (is_cause_class(*group) || !source_group_number(facts, *group, 0, 127, &cause))
            continue;
        GArray *sip = source_numbers(facts, *group, "sip", SIPWHY_STATUS_FIRST, SIPWHY_STATUS_LAST);
        char *name = g_strdup_printf("cause_%u_sip", cause);
        char *sip_pair = emit_numbers_array(out, name, sip);
        const char *status = source_text(facts, *group, "status", REQUIRED);
        gboolean assigned = g_strcmp0(status, "assigned") == 0;
        if (status && !assigned && strcmp(status, "unassigned") != 0)
            source_complain(facts, *group, "status", "is neither assigned nor unassigned");
        g_string_append_printf(rows, "    {%u, ", cause);
        emit_literal(rows, source_text(facts, *group, "name", REQUIRED));
        g_string_append_printf(rows, ", %d, %d, %s, ",
                               source_term(facts, *group, "class", SIPWHY_TERM_KIND_Q850_CLASS),
                               assigned, sip_pair);
        emit_literal(rows, source_text(facts, *group, "q931-name", OPTIONAL));
        g_string_append(rows, "},\n");
        g_free(sip_pair);
        g_free(name);
        g_array_free(sip, TRUE);
        count++;
    }
    g_string_append_printf(out, "const SipwhyCause sipwhy_causes[] = {\n%s};\n", rows->str);
    g_string_append_printf(out, "const size_t sipwhy_cause_count = %u;\n", count);
    g_string_free(rows, TRUE);
    emit_cause_classes(out, facts);
    emit_note_tables(build, facts, &table);
    emit_word_tables(out, "SipwhyNoteWords", "sipwhy_cause_class_word_tables", "cause_class_words",
                     build->languages);
    source_finish(facts);
    source_free(facts);
}

/* The registered values of a protocol, from the keys value-1=..., as an array of numbers. */
static GArray *reason_values(Source *facts, const char *group)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(guint16));
    char **keys = source_keys(facts, group);

    for (char **key = keys; keys && *key; key++) {
        guint64 number;
        if (!g_str_has_prefix(*key, "value-"))
            continue;
        if (!g_ascii_string_to_unsigned(*key + strlen("value-"), 10, 0, 65535, &number, NULL)) {
            source_complain(facts, group, *key, "is not value-NUMBER");
            continue;
        }
        guint16 value = (guint16)number;
        g_array_append_val(values, value);
    }
    g_strfreev(keys);
    return values;
}

static void emit_reason_value_words(GString *out, Source *facts, Source *words,
                                    const char *language)
{
    GString *rows = g_string_new(NULL);

    for (const char *const *group = source_groups(facts); *group; group++) {
        GArray *values = reason_values(facts, *group);
        char *identifier = emit_identifier(*group);
        if (values->len == 0) {
            g_string_append(rows, "NULL, ");
        } else {
            g_string_append_printf(out, "static const char *const reason_%s_%s_values[] = {\n",
                                   identifier, language);
            for (unsigned i = 0; i < values->len; i++) {
                char *key = g_strdup_printf("value-%u", g_array_index(values, guint16, i));
                g_string_append(out, "    ");
                emit_literal(out, source_sentence(words, *group, key, OPTIONAL));
                g_string_append(out, ",\n");
                g_free(key);
            }
            g_string_append(out, "};\n");
            g_string_append_printf(rows, "reason_%s_%s_values, ", identifier, language);
        }
        g_free(identifier);
        g_array_free(values, TRUE);
    }
    g_string_append_printf(out, "static const char *const *const reason_value_words_%s[] = {%s};\n",
                           language, rows->str);
    g_string_free(rows, TRUE);
}

/* Appends the array of a protocol's values; returns how many there are. */
static unsigned emit_reason_values(GString *out, Source *facts, const char *group)
{
    GArray *values = reason_values(facts, group);
    char *identifier = emit_identifier(group);
    unsigned count = values->len;

    if (count > 0) {
        g_string_append_printf(out, "static const SipwhyReasonValue reason_%s_values[] = {\n",
                               identifier);
        for (unsigned i = 0; i < count; i++) {
            char *key = g_strdup_printf("value-%u", g_array_index(values, guint16, i));
            g_string_append_printf(out, "    {%u, ", g_array_index(values, guint16, i));
            emit_literal(out, source_text(facts, group, key, REQUIRED));
            g_string_append(out, "},\n");
            g_free(key);
        }
        g_string_append(out, "};\n");
    }
    g_free(identifier);
    g_array_free(values, TRUE);
    return count;
}

void generate_reasons(Build *build)
{
    static const NoteTable table = {.file = "reasons.ini",
                                    .prefix = "reason",
                                    .table = "sipwhy_reason_word_tables",
                                    .speaker = own_words,
                                    .more = emit_reason_value_words};
    GString *out = build->tables;
    GString *rows = g_string_new(NULL);
    Source *facts = build_load_facts(build, table.file);
    unsigned count = 0;

    for (const char *const *group = source_groups(facts); *group; group++, count++) {
        char *url;
        char *sources = emit_sources(out, facts, *group, table.prefix, &url);
        char *identifier = emit_identifier(*group);
        unsigned values = emit_reason_values(out, facts, *group);
        g_string_append(rows, "    {");
        emit_literal(rows, *group);
        g_string_append_printf(rows, ", %s, ", sources);
        emit_literal(rows, url);
        g_string_append_printf(
            rows, ", %d, ", source_term(facts, *group, "values", SIPWHY_TERM_KIND_REASON_VALUES));
        if (values > 0)
            g_string_append_printf(rows, "reason_%s_values, %u},\n", identifier, values);
        else
            g_string_append(rows, "NULL, 0},\n");
        g_free(identifier);
        g_free(sources);
        g_free(url);
    }
    g_string_append_printf(out, "const SipwhyReason sipwhy_reasons[] = {\n%s};\n", rows->str);
    g_string_append_printf(out, "const size_t sipwhy_reason_count = %u;\n", count);
    g_string_free(rows, TRUE);
    emit_note_tables(build, facts, &table);
    g_string_append(out, "const char *const *const *const sipwhy_reason_value_word_tables[] = {");
    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        const Language *first = build->languages->pdata[0];
        g_string_append_printf(out, "reason_value_words_%s, ",
                               language->tables ? language->id : first->id);
    }
    g_string_append(out, "};\n");
    source_finish(facts);
    source_free(facts);
}
