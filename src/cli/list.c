/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sipwhy list: the codes, or the other tables, in short; all of them or those with a word in them.
 */
#include <string.h>

#include "cli.h"
#include "explain.h"
#include "parse.h"
#include "report/json.h"

/* One line of a list. */
typedef struct {
    const char *number;
    const char *name;
    const char *note;
} Line;

/* Whether a word of the text begins with `folded_word`; a short one ("NAT") must be all of it. */
static gboolean contains(const char *text, const char *folded_word)
{
    enum { SHORT = 3 };
    char *folded = g_utf8_casefold(text ? text : "", -1);
    size_t length = strlen(folded_word);
    gboolean found = FALSE;

    for (const char *at = strstr(folded, folded_word); at && !found && length > 0;
         at = strstr(at + 1, folded_word))
        found = (at == folded || !g_ascii_isalnum(at[-1])) &&
                (length > SHORT || !g_ascii_isalnum(at[length]));
    g_free(folded);
    return found;
}

static gboolean lines_contain(SipwhyLines lines, const char *word)
{
    for (size_t i = 0; i < lines.count; i++)
        if (contains(lines.line[i], word))
            return TRUE;
    return FALSE;
}

static gboolean fixes_contain(SipwhyFixes fixes, const char *word)
{
    for (size_t i = 0; i < fixes.count; i++)
        if (contains(fixes.fix[i].text, word))
            return TRUE;
    return FALSE;
}

static gboolean code_contains(const SipwhyExplanation *explanation, const char *word)
{
    const SipwhyCode *code = explanation->code;

    if (contains(code->phrase, word) || lines_contain(explanation->description, word) ||
        lines_contain(explanation->causes, word) || fixes_contain(explanation->fixes, word) ||
        lines_contain(explanation->words->practice, word) ||
        contains(sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)code->category), word))
        return TRUE;
    for (size_t i = 0; i < code->header_count; i++)
        if (contains(code->header[i].names, word))
            return TRUE;
    return FALSE;
}

static gboolean note_contains(const char *name, const SipwhyNoteWords *words, const char *word)
{
    return contains(name, word) || lines_contain(words->description, word) ||
           lines_contain(words->causes, word) || fixes_contain(words->fixes, word);
}

/* Adds the line; `page` gathers them for text and Markdown. */
static void add_line(SipwhyPage *page, const Line *line)
{
    SipwhyBlock *block = page->blocks->len > 0 ? page->blocks->pdata[0]
                                               : sipwhy_page_add(page, SIPWHY_BLOCK_FACTS, NULL);
    char *text =
        line->note ? g_strdup_printf("%s (%s)", line->name, line->note) : g_strdup(line->name);

    sipwhy_block_add(block, line->number, text);
    g_free(text);
}

static unsigned list_codes(Cli *cli, SipwhyPage *page, unsigned digit, const char *word)
{
    const SipwhyCode *code;
    unsigned count = 0;

    for (size_t i = 0; (code = sipwhy_code_at(i)); i++) {
        SipwhyExplanation explanation;
        sipwhy_explain(code->code, cli->language, &explanation);
        if ((digit && code->code / 100 != digit) || (word && !code_contains(&explanation, word)))
            continue;
        count++;
        if (cli->json) {
            sipwhy_json_add_code_line(cli->json, &explanation);
            continue;
        }
        char *number = g_strdup_printf("%u", code->code);
        Line line = {number, code->phrase, NULL};
        if (code->status != SIPWHY_STATUS_CURRENT &&
            (explanation.registered || code->status == SIPWHY_STATUS_BUCKET))
            line.note =
                sipwhy_term_label(cli->language, SIPWHY_TERM_KIND_STATUS, (int)code->status);
        else if (!explanation.registered)
            line.note = sipwhy_term_label(cli->language, SIPWHY_TERM_KIND_REGISTRATION,
                                          (int)code->registration);
        add_line(page, &line);
        g_free(number);
    }
    return count;
}

static unsigned list_warnings(Cli *cli, SipwhyPage *page, unsigned digit, const char *word)
{
    const SipwhyWarning *warning;
    unsigned count = 0;

    (void)digit;
    for (size_t i = 0; (warning = sipwhy_warning_at(i)); i++) {
        if (word &&
            !note_contains(warning->text, sipwhy_warning_words(warning, cli->language), word))
            continue;
        count++;
        if (cli->json) {
            sipwhy_json_add_warning(cli->json, warning, cli->language);
            continue;
        }
        char *number = g_strdup_printf("%u", warning->code);
        add_line(page, &(Line){number, warning->text, NULL});
        g_free(number);
    }
    return count;
}

static unsigned list_causes(Cli *cli, SipwhyPage *page, unsigned digit, const char *word)
{
    const SipwhyCause *cause;
    unsigned count = 0;

    (void)digit;
    for (size_t i = 0; (cause = sipwhy_cause_at(i)); i++) {
        if (!cause->assigned ||
            (word && !note_contains(cause->name, sipwhy_cause_words(cause, cli->language), word)))
            continue;
        count++;
        if (cli->json) {
            sipwhy_json_add_cause(cli->json, cause->cause, cli->language);
            continue;
        }
        char *number = g_strdup_printf("%u", cause->cause);
        add_line(page, &(Line){number, cause->name, NULL});
        g_free(number);
    }
    return count;
}

static unsigned list_reasons(Cli *cli, SipwhyPage *page, unsigned digit, const char *word)
{
    const SipwhyReason *reason;
    unsigned count = 0;

    (void)digit;
    for (size_t i = 0; (reason = sipwhy_reason_at(i)); i++) {
        const SipwhyNoteWords *words = sipwhy_reason_words(reason, cli->language);
        if (word && !note_contains(reason->protocol, words, word))
            continue;
        count++;
        if (cli->json)
            sipwhy_json_add_reason(cli->json, reason, cli->language);
        else
            add_line(page, &(Line){reason->protocol, words->description.line[0], NULL});
    }
    return count;
}

static gboolean finding_contains(SipwhyFindingId id, SipwhyLanguage language, const char *word)
{
    const SipwhyFindingFacts *facts = sipwhy_finding_facts(id);
    const SipwhyFindingWords *words;

    if (contains(facts->id, word) || contains(sipwhy_finding_label(id, language), word) ||
        contains(sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)facts->severity), word) ||
        contains(sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)facts->category), word))
        return TRUE;
    for (size_t i = 0; (words = sipwhy_finding_wording_at(id, i, language)); i++)
        if (contains(words->title, word) || contains(words->text, word) ||
            fixes_contain(words->fixes, word))
            return TRUE;
    return FALSE;
}

/* "Warn" or "Warn, inferred" */
static char *finding_note(const SipwhyFindingFacts *facts, SipwhyLanguage language)
{
    const char *severity =
        sipwhy_term_label(language, SIPWHY_TERM_KIND_SEVERITY, (int)facts->severity);

    if (!facts->inferred)
        return g_strdup(severity);
    return g_strdup_printf("%s, %s", severity, sipwhy_text(language, SIPWHY_TEXT_LIST_INFERRED));
}

static unsigned list_findings(Cli *cli, SipwhyPage *page, unsigned digit, const char *word)
{
    unsigned count = 0;

    (void)digit;
    for (unsigned i = 0; i < SIPWHY_FINDING_COUNT; i++) {
        const SipwhyFindingId id = (SipwhyFindingId)i;
        if (word && !finding_contains(id, cli->language, word))
            continue;
        count++;
        if (cli->json) {
            sipwhy_json_add_finding(cli->json, id, cli->language);
            continue;
        }
        const SipwhyFindingFacts *facts = sipwhy_finding_facts(id);
        char *note = finding_note(facts, cli->language);
        add_line(page, &(Line){facts->id, sipwhy_finding_label(id, cli->language), note});
        g_free(note);
    }
    return count;
}

static gboolean local_contains(const SipwhyLocalEntry *entry, const char *word)
{
    return contains(entry->id, word) || contains(entry->title, word) ||
           contains(entry->conditions, word) || lines_contain(entry->description, word) ||
           lines_contain(entry->causes, word) || fixes_contain(entry->fixes, word) ||
           contains(sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)entry->category), word);
}

static unsigned list_local(Cli *cli, SipwhyPage *page, unsigned digit, const char *word)
{
    const SipwhyLocalEntry *entry;
    unsigned count = 0;

    (void)digit;
    for (size_t i = 0; cli->local && (entry = sipwhy_local_at(cli->local, i)); i++) {
        if (word && !local_contains(entry, word))
            continue;
        count++;
        if (cli->json)
            sipwhy_json_add_local(cli->json, entry);
        else if (entry->title)
            add_line(page, &(Line){entry->id, entry->title, entry->conditions});
        else
            add_line(page, &(Line){entry->id, entry->conditions, NULL});
    }
    return count;
}

static const struct {
    const char *name;
    SipwhyText title;
    unsigned (*list)(Cli *cli, SipwhyPage *page, unsigned digit, const char *word);
} tables[] = {
    {"codes", SIPWHY_TEXT_TITLE_LIST_CODES, list_codes},
    {"warnings", SIPWHY_TEXT_TITLE_LIST_WARNINGS, list_warnings},
    {"q850", SIPWHY_TEXT_TITLE_LIST_CAUSES, list_causes},
    {"reasons", SIPWHY_TEXT_TITLE_LIST_REASONS, list_reasons},
    {"findings", SIPWHY_TEXT_TITLE_LIST_FINDINGS, list_findings},
    {"local", SIPWHY_TEXT_TITLE_LIST_LOCAL, list_local},
};

CliExit cli_list(Cli *cli)
{
    unsigned table = 0;
    unsigned digit = 0;

    if (cli->argument_count > 1) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_LIST_MANY, NULL);
        return CLI_USAGE;
    }
    if (cli->argument_count == 1) {
        const char *word = cli->arguments[0];
        digit = sipwhy_parse_class(word);
        while (!digit && table < G_N_ELEMENTS(tables) && strcmp(tables[table].name, word) != 0)
            table++;
        if (table == G_N_ELEMENTS(tables) && sipwhy_is_no_class(word)) {
            cli_complain(cli, SIPWHY_TEXT_NOT_A_STATUS_CODE, "code", word, NULL);
            return CLI_NO_SUCH_CODE;
        }
        if (table == G_N_ELEMENTS(tables)) {
            cli_complain(cli, SIPWHY_TEXT_ERROR_LIST_WHAT, "word", word, NULL);
            return CLI_USAGE;
        }
    }
    const CliExit reading = cli_read_local(cli);
    if (tables[table].list == list_local && !cli->local) {
        cli_complain(cli, SIPWHY_TEXT_ERROR_LIST_LOCAL, NULL);
        return CLI_USAGE;
    }
    char *search = cli->search ? g_utf8_make_valid(cli->search, -1) : NULL;
    char *word = search ? g_utf8_casefold(search, -1) : NULL;
    SipwhyPage *page = sipwhy_page_new(sipwhy_text(cli->language, tables[table].title));
    page->language = cli->language;
    if (cli->format == CLI_FORMAT_JSON) {
        cli->json = json_builder_new();
        json_builder_begin_array(cli->json);
    }
    unsigned count = tables[table].list(cli, page, digit, word);
    if (cli->json) {
        json_builder_end_array(cli->json);
        cli_take_json(cli);
    } else if (count > 0) {
        cli_show_page(cli, page);
    }
    if (count == 0)
        cli_complain(cli, SIPWHY_TEXT_ERROR_LIST_NONE, "word", cli->search ? cli->search : "",
                     NULL);
    sipwhy_page_free(page);
    g_free(word);
    g_free(search);
    return cli_worse(reading, count > 0 ? CLI_OK : CLI_NO_SUCH_CODE);
}
