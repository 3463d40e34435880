/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the entries that match one response come to together.
 */
#include "local/matched.h"

const char *sipwhy_local_part_id(SipwhyLocalPart part)
{
    static const char *const ids[SIPWHY_LOCAL_PART_COUNT] = {
        [SIPWHY_LOCAL_PART_DESCRIPTION] = "description",
        [SIPWHY_LOCAL_PART_CAUSES] = "causes",
        [SIPWHY_LOCAL_PART_FIXES] = "fixes",
    };

    return part < SIPWHY_LOCAL_PART_COUNT ? ids[part] : NULL;
}

bool sipwhy_local_replaces(const SipwhyLocalEntry *entry, SipwhyLocalPart part)
{
    const size_t counts[SIPWHY_LOCAL_PART_COUNT] = {
        [SIPWHY_LOCAL_PART_DESCRIPTION] = entry->description.count,
        [SIPWHY_LOCAL_PART_CAUSES] = entry->causes.count,
        [SIPWHY_LOCAL_PART_FIXES] = entry->fixes.count,
    };

    return entry->replaces && counts[part] > 0;
}

SipwhySeverity sipwhy_local_decide(const SipwhyLocalEntry *const *matched, SipwhySeverity severity,
                                   bool *expected)
{
    const SipwhySeverity said =
        matched ? sipwhy_local_severity(matched) : (SipwhySeverity)SIPWHY_SEVERITY_COUNT;

    if (said == SIPWHY_SEVERITY_COUNT)
        return severity;
    *expected = said == SIPWHY_SEVERITY_CHAT;
    return said;
}

SipwhyCategory sipwhy_local_category(const SipwhyLocalEntry *const *matched)
{
    SipwhyCategory category = SIPWHY_CATEGORY_COUNT;

    for (; matched && *matched; matched++)
        if ((*matched)->category != SIPWHY_CATEGORY_COUNT)
            category = (*matched)->category;
    return category;
}

const char *sipwhy_local_category_id(const SipwhyLocalEntry *const *matched, const SipwhyCode *code)
{
    SipwhyCategory category = sipwhy_local_category(matched);

    if (category == SIPWHY_CATEGORY_COUNT && code)
        category = code->category;
    return sipwhy_term_id(SIPWHY_TERM_KIND_CATEGORY, (int)category);
}

const SipwhyLocalEntry *sipwhy_local_titled(const SipwhyLocalEntry *const *matched)
{
    const SipwhyLocalEntry *titled = NULL;

    for (; matched && *matched; matched++)
        if ((*matched)->title)
            titled = *matched;
    return titled;
}

const char *sipwhy_local_name(const SipwhyLocalEntry *entry)
{
    return entry->title ? entry->title : entry->id;
}

static void append_lines(GPtrArray *texts, SipwhyLines lines)
{
    for (size_t i = 0; i < lines.count; i++)
        g_ptr_array_add(texts, g_strdup(lines.line[i]));
}

static void append_fixes(GPtrArray *texts, SipwhyFixes fixes, SipwhyLanguage language)
{
    for (size_t i = 0; i < fixes.count; i++)
        g_ptr_array_add(texts, sipwhy_fix_text(language, &fixes.fix[i]));
}

static char **end_texts(GPtrArray *texts)
{
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

char **sipwhy_local_fixes(const SipwhyLocalEntry *entry, SipwhyLanguage language)
{
    GPtrArray *texts = g_ptr_array_new();

    append_fixes(texts, entry->fixes, language);
    return end_texts(texts);
}

char **sipwhy_local_texts(const SipwhyLocalEntry *entry, SipwhyLanguage language)
{
    GPtrArray *texts = g_ptr_array_new();

    append_lines(texts, entry->description);
    append_lines(texts, entry->causes);
    append_fixes(texts, entry->fixes, language);
    return end_texts(texts);
}
