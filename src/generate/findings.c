/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * findings/<family>.ini: what a trace can add, and its words as templates.
 *
 * A finding has one wording of its own, and one for each of its variants; a variant's words stand
 * in the group [finding/variant].
 */
#include <string.h>

#include "build.h"
#include "emit.h"

enum { LABEL_BYTES_MAX = 60, TITLE_BYTES_MAX = 100, FIXES_MAX = 3 };

/* In the order in which their findings are listed. */
static const char *const families[] = {
    "findings/authentication.ini", "findings/identity.ini",    "findings/offer-answer.ini",
    "findings/transfer.ini",       "findings/ending.ini",      "findings/routing.ini",
    "findings/limits.ini",         "findings/extensions.ini",  "findings/causes.ini",
    "findings/timers.ini",         "findings/conformance.ini", "findings/capture.ini",
};

/* What is collected over all families. */
typedef struct {
    GString *ids;      /* enumerators of SipwhyFindingId */
    GString *wordings; /* enumerators of SipwhyWording */
    GString *facts;    /* rows of sipwhy_finding_table */
    GString *first;    /* per finding: its first wording */
    GString **words;   /* per language: rows of its wordings */
    GHashTable *names; /* enumerator -> the file that has it */
} Collected;

/* One file, with its words in each language. */
typedef struct {
    const char *name; /* "findings/timers.ini" */
    char *id;         /* "timers" */
    Source *facts;
    Source **words;      /* per language; NULL where it covers no tables */
    const char **labels; /* per language: that of the finding at hand */
    GHashTable *groups;  /* of words: those that the facts ask for */
} Family;

static void check_id(Source *source, const char *group, const char *key, const char *id)
{
    if (!g_regex_match_simple("^[a-z0-9-]+$", id, 0, 0))
        source_complain(source, group, key, "\"%s\" is not of a-z, 0-9 and - alone", id);
}

static void check_placeholders(Source *words, const char *group, const char *key)
{
    const char *text = source_text(words, group, key, OPTIONAL);

    if (text && !g_regex_match_simple("^([^{}]|\\{[a-z_]+\\})*$", text, 0, 0))
        source_complain(words, group, key, "holds a brace that is not of {a_placeholder}");
}

static void check_templates(Source *words, const char *group)
{
    check_placeholders(words, group, "title");
    check_placeholders(words, group, "text");
    for (unsigned i = 1; i <= FIXES_MAX; i++) {
        char *key = g_strdup_printf("fix%u", i);
        check_placeholders(words, group, key);
        g_free(key);
    }
}

/* A few words that are no sentence. */
static const char *read_words(Source *words, const char *group, const char *key, int bytes_max)
{
    const char *text = source_text(words, group, key, REQUIRED);

    if (text && strlen(text) > (size_t)bytes_max)
        source_complain(words, group, key, "has %zu bytes, %d are allowed", strlen(text),
                        bytes_max);
    if (text && g_str_has_suffix(text, "."))
        source_complain(words, group, key, "ends with a full stop");
    return text;
}

/* A finding has one label for all of its wordings: they are counted together. */
static const char *read_label(Source *words, const char *finding)
{
    const char *label = read_words(words, finding, "label", LABEL_BYTES_MAX);

    if (label && strpbrk(label, "{}"))
        source_complain(words, finding, "label", "holds a brace, but a label has no placeholders");
    if (label && g_unichar_islower(g_utf8_get_char(label)))
        source_complain(words, finding, "label", "begins with a small letter");
    return label;
}

static void emit_words(GString *out, GString *rows, Source *words, const char *group,
                       const char *label, const char *name)
{
    check_templates(words, group);
    char *fixes = emit_fixes_array(out, name, words, group, 0, FIXES_MAX);
    g_string_append(rows, "    {");
    emit_literal(rows, label);
    g_string_append(rows, ",\n     ");
    emit_literal(rows, read_words(words, group, "title", TITLE_BYTES_MAX));
    g_string_append(rows, ",\n     ");
    emit_literal(rows, source_sentence(words, group, "text", REQUIRED));
    g_string_append_printf(rows, ",\n     %s},\n", fixes);
    g_free(fixes);
}

/* Appends a wording: its enumerator, and its words in each language, group [finding/variant], or
 * [finding] without a variant. Returns the enumerator's end, "CHALLENGE_ANSWERED_BYE"; the caller
 * frees it. */
static char *read_wording(Build *build, Collected *all, Family *family, const char *finding,
                          const char *variant)
{
    char *group = variant ? g_strconcat(finding, "/", variant, NULL) : g_strdup(finding);
    char *identifier = emit_identifier(group);
    char *upper = g_ascii_strup(identifier, -1);
    const char *holder = g_hash_table_lookup(all->names, upper);

    if (holder)
        source_complain(family->facts, finding, NULL, "makes the name %s, which %s makes too",
                        upper, holder);
    else
        g_hash_table_insert(all->names, g_strdup(upper), (char *)family->name);
    g_hash_table_add(family->groups, g_strdup(group));
    g_string_append_printf(all->wordings, "    SIPWHY_WORDING_%s,\n", upper);
    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (!family->words[i])
            continue;
        if (!source_has_group(family->words[i], group)) {
            source_complain(family->words[i], group, NULL, "group is missing");
            continue;
        }
        char *name = g_strdup_printf("finding_%s_%s_fixes", identifier, language->id);
        if (!variant)
            family->labels[i] = read_label(family->words[i], finding);
        emit_words(build->tables, all->words[i], family->words[i], group, family->labels[i], name);
        g_free(name);
    }
    g_free(identifier);
    g_free(group);
    return upper;
}

static void emit_facts(GString *out, GString *rows, const Family *family, const char *group)
{
    Source *facts = family->facts;
    GPtrArray *sources = source_references(facts, group);
    char *identifier = emit_identifier(group);
    char *name = g_strdup_printf("finding_%s_sources", identifier);
    char *pair = emit_lines_array(out, name, sources);

    g_string_append(rows, "    {.id = ");
    emit_literal(rows, group);
    g_string_append(rows, ", .family = ");
    emit_literal(rows, family->id);
    g_string_append_printf(rows,
                           ", .severity = %d, .category = %d, .inferred = %d, .decides = %d,\n"
                           "     .sources = %s},\n",
                           source_term(facts, group, "severity", SIPWHY_TERM_KIND_SEVERITY),
                           source_term(facts, group, "category", SIPWHY_TERM_KIND_CATEGORY),
                           source_yes_no(facts, group, "inferred"),
                           source_yes_no(facts, group, "decides"), pair);
    g_free(pair);
    g_free(name);
    g_free(identifier);
    g_ptr_array_free(sources, TRUE);
}

static void read_finding(Build *build, Collected *all, Family *family, const char *group)
{
    GPtrArray *variants = source_list(family->facts, group, "variants", OPTIONAL);

    check_id(family->facts, group, NULL, group);
    for (unsigned i = 0; i < build->languages->len; i++)
        family->labels[i] = NULL;
    emit_facts(build->tables, all->facts, family, group);
    char *name = read_wording(build, all, family, group, NULL);
    g_string_append_printf(all->ids, "    SIPWHY_FINDING_%s,\n", name);
    g_string_append_printf(all->first, "    SIPWHY_WORDING_%s,\n", name);
    g_free(name);
    for (unsigned i = 0; i < variants->len; i++) {
        check_id(family->facts, group, "variants", variants->pdata[i]);
        g_free(read_wording(build, all, family, group, variants->pdata[i]));
    }
    g_ptr_array_free(variants, TRUE);
}

static void refuse_orphans(const Family *family, Source *words)
{
    for (const char *const *group = source_groups(words); *group; group++) {
        char **parts = g_strsplit(*group, "/", 2);
        if (!g_hash_table_contains(family->groups, *group))
            source_refuse_group(words, *group,
                                parts[0] && parts[1] && source_has_group(family->facts, parts[0])
                                    ? "is not among the variants of its facts"
                                    : "has no facts");
        g_strfreev(parts);
    }
}

static void read_family(Build *build, Collected *all, const char *name)
{
    Family family = {
        .name = name,
        .id = g_path_get_basename(name),
        .facts = build_load_facts(build, name),
        .words = g_new0(Source *, build->languages->len),
        .labels = g_new0(const char *, build->languages->len),
        .groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };

    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (language->tables)
            family.words[i] = build_load_words(build, language, name);
    }
    *strrchr(family.id, '.') = '\0';
    for (const char *const *group = source_groups(family.facts); *group; group++)
        read_finding(build, all, &family, *group);
    for (unsigned i = 0; i < build->languages->len; i++) {
        if (family.words[i]) {
            refuse_orphans(&family, family.words[i]);
            source_finish(family.words[i]);
        }
        source_free(family.words[i]);
    }
    source_finish(family.facts);
    source_free(family.facts);
    g_free(family.id);
    g_hash_table_destroy(family.groups);
    g_free(family.labels);
    g_free(family.words);
}

/* Each table ends with a row that nobody reads: C has no empty arrays. */
static void emit_tables(Build *build, const Collected *all)
{
    GString *out = build->tables;

    g_string_append_printf(build->texts,
                           "\n/** What a trace can add, in data/findings/. */\n"
                           "typedef enum {\n%s    SIPWHY_FINDING_COUNT\n} SipwhyFindingId;\n",
                           all->ids->str);
    g_string_append_printf(build->texts,
                           "\n/** The texts of findings: each finding's own, then its variants'. "
                           "*/\ntypedef enum {\n%s    SIPWHY_WORDING_COUNT\n} SipwhyWording;\n",
                           all->wordings->str);
    g_string_append_printf(
        out, "const SipwhyFindingFacts sipwhy_finding_table[] = {\n%s    {.id = NULL},\n};\n",
        all->facts->str);
    g_string_append_printf(
        out, "const SipwhyWording sipwhy_finding_wordings[] = {\n%s    SIPWHY_WORDING_COUNT,\n};\n",
        all->first->str);
    for (unsigned i = 0; i < build->languages->len; i++) {
        const Language *language = build->languages->pdata[i];
        if (language->tables)
            g_string_append_printf(out,
                                   "static const SipwhyFindingWords finding_words_%s[] = {\n"
                                   "%s    {.label = NULL},\n};\n",
                                   language->id, all->words[i]->str);
    }
    emit_word_tables(out, "SipwhyFindingWords", "sipwhy_finding_word_tables", "finding_words",
                     build->languages);
}

void generate_findings(Build *build)
{
    Collected all = {
        .ids = g_string_new(NULL),
        .wordings = g_string_new(NULL),
        .facts = g_string_new(NULL),
        .first = g_string_new(NULL),
        .words = g_new0(GString *, build->languages->len),
        .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };

    g_hash_table_insert(all.names, g_strdup("COUNT"), (char *)"the enumeration's end");
    for (unsigned i = 0; i < build->languages->len; i++)
        all.words[i] = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++)
        read_family(build, &all, families[i]);
    emit_tables(build, &all);
    for (unsigned i = 0; i < build->languages->len; i++)
        g_string_free(all.words[i], TRUE);
    g_hash_table_destroy(all.names);
    g_free(all.words);
    g_string_free(all.first, TRUE);
    g_string_free(all.facts, TRUE);
    g_string_free(all.wordings, TRUE);
    g_string_free(all.ids, TRUE);
}
