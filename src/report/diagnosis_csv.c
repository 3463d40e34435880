/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis as a table (RFC 4180): a line of names, then a line a case, worst first. Names and
 * ids are API and never change with the language; texts follow it.
 */
#include "report/diagnosis.h"

#include <string.h>

#include "report/case_text.h"
#include "report/words.h"

static const char header[] =
    "case,kind,severity,file,call_id,method,is_call,outcome,code,code_frame,finding,finding_frame,"
    "title,bare_code,bare_frame,from,to,start,end,pdd,first_frame,last_frame,messages,client,"
    "server,agent,server_agent,fix,error,local,runbook\r\n";

/* What a spreadsheet would take for a formula; also in the wide forms of these characters. */
static const char *const formulas[] = {
    "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

static bool is_formula(const char *text)
{
    text += strspn(text, " ");
    for (size_t i = 0; i < G_N_ELEMENTS(formulas); i++)
        if (g_str_has_prefix(text, formulas[i]))
            return true;
    return false;
}

/* A text, which may come from a message. NULL leaves the cell empty. */
static void add_text(GString *out, const char *text)
{
    char *printable = sipwhy_printable_text(text ? text : "", text ? strlen(text) : 0);
    const bool quoted = strpbrk(printable, ",\"") || *printable == ' ';

    if (quoted)
        g_string_append_c(out, '"');
    if (is_formula(printable))
        g_string_append_c(out, '\'');
    for (const char *c = printable; *c; c++) {
        if (*c == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *c);
    }
    if (quoted)
        g_string_append_c(out, '"');
    g_free(printable);
}

static void next_text(GString *out, const char *text)
{
    g_string_append_c(out, ',');
    add_text(out, text);
}

static void next_taken(GString *out, char *text)
{
    next_text(out, text);
    g_free(text);
}

/* 0 leaves the cell empty: it stands for none. */
static void next_number(GString *out, size_t number)
{
    g_string_append_c(out, ',');
    if (number > 0)
        g_string_append_printf(out, "%" G_GSIZE_FORMAT, number);
}

static void next_code(GString *out, bool known, unsigned code)
{
    g_string_append_c(out, ',');
    if (known)
        g_string_append_printf(out, "%03u", code);
}

static void next_time(GString *out, int64_t time)
{
    next_taken(out, time != SIPWHY_NO_TIME ? sipwhy_words_instant(time) : NULL);
}

static void next_seconds(GString *out, double seconds)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE] = "";

    if (seconds >= 0)
        g_ascii_formatd(text, sizeof text, "%.6f", seconds);
    next_text(out, text);
}

static void add_result(GString *out, const SipwhyCase *one)
{
    const SipwhyRecordedCall *call = one->call;
    const SipwhyRecordedFinding *leading = call->leading;
    const SipwhyRecordedMessage *bare = call->bare;

    next_text(out, sipwhy_term_id(SIPWHY_TERM_KIND_OUTCOME, call->outcome));
    next_code(out, call->code > 0, call->code);
    next_number(out, call->code_in);
    next_text(out, leading ? leading->id : NULL);
    next_number(out, leading ? leading->frame : 0);
    next_text(out, leading ? leading->title : NULL);
    next_code(out, bare, bare ? bare->code : 0);
    next_number(out, bare ? bare->frame : 0);
}

static void add_place(GString *out, const SipwhyCase *one)
{
    const SipwhyRecordedCall *call = one->call;

    next_text(out, call->from);
    next_text(out, call->to);
    next_time(out, sipwhy_case_start(one));
    next_time(out, sipwhy_case_end(one));
    next_seconds(out, call->pdd);
    next_number(out, call->first_in);
    next_number(out, sipwhy_case_last_frame(one));
    next_number(out, call->messages->len);
    next_text(out, call->client);
    next_text(out, call->server);
    next_text(out, call->agent);
    next_text(out, call->server_agent);
}

/* Local knowledge by its ids, and the first page to read. */
static void add_local(GString *out, const SipwhyCase *one)
{
    GString *ids = g_string_new(NULL);
    const char *url = NULL;

    for (unsigned i = 0; i < one->local->len; i++) {
        const SipwhyRecordedLocal *entry = g_array_index(one->local, SipwhyCaseLocal, i).entry;
        g_string_append_printf(ids, "%s%s", i > 0 ? " " : "", entry->id);
        url = url ? url : entry->url;
    }
    next_taken(out, g_string_free(ids, FALSE));
    next_text(out, url);
}

static void add_case(GString *out, const SipwhyCase *one, size_t number, SipwhyLanguage language)
{
    g_string_append_printf(out, "%" G_GSIZE_FORMAT, number);
    next_number(out, one->kind);
    next_text(out, sipwhy_term_id(SIPWHY_TERM_KIND_SEVERITY, (int)one->severity));
    next_text(out, one->recording->file);
    next_text(out, one->call->call_id);
    next_text(out, one->call->method);
    next_text(out, one->call->is_call ? "true" : "false");
    add_result(out, one);
    add_place(out, one);
    next_taken(out, sipwhy_case_fix(one, language));
    next_text(out, NULL);
    add_local(out, one);
    g_string_append(out, "\r\n");
}

/* A capture that could not be read has a line too, with its name and the reason. */
static void add_unread(GString *out, const SipwhyUnread *unread)
{
    enum { BEFORE_FILE = 3, AFTER_FILE = 25 };

    for (unsigned i = 0; i < BEFORE_FILE; i++)
        g_string_append_c(out, ',');
    add_text(out, unread->file);
    for (unsigned i = 0; i < AFTER_FILE - 1; i++)
        g_string_append_c(out, ',');
    next_text(out, unread->text);
    g_string_append(out, ",,\r\n");
}

void sipwhy_diagnosis_csv(GString *out, const SipwhyDiagnosis *diagnosis, SipwhyLanguage language)
{
    g_string_append(out, header);
    for (unsigned i = 0; i < diagnosis->unread->len; i++)
        add_unread(out, diagnosis->unread->pdata[i]);
    for (unsigned i = 0; i < diagnosis->cases->len; i++)
        add_case(out, diagnosis->cases->pdata[i], (size_t)i + 1, language);
}
