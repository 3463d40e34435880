/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading a policy.
 */
#include "policy.h"

#include <gio/gio.h>
#include <string.h>

#include "policy_keys.h"
#include "settings/key_file.h"
#include "settings/nearest.h"
#include "settings/read_file.h"

enum { BYTES_MOST = 1 << 20 };

/* A policy that is being read. */
typedef struct {
    const char *file;
    SipwhyLanguage language;
    SipwhyPolicy *policy;
    GHashTable *seen;       /* groups, and "group\nkey" */
    unsigned line;          /* that is being read */
    unsigned group_line;    /* where the group begins */
    char *group;            /* as it is written, to be shown; NULL: none has begun */
    const char *kind;       /* "policy", "rule", "known", "expect" */
    SipwhyPolicyRule *rule; /* of "rule" and "known" */
    char *error;
} Reading;

/* ---- memory ---- */

static void clear_rule(SipwhyPolicyRule *rule)
{
    g_free(rule->name);
    g_strfreev(rule->method);
    g_strfreev(rule->peer);
    if (rule->prefixes)
        g_ptr_array_free(rule->prefixes, TRUE);
    g_strfreev(rule->agent);
    g_strfreev(rule->allow);
    g_strfreev(rule->deny);
    g_free(rule->reason);
}

static void free_rule(void *data)
{
    clear_rule(data);
    g_free(data);
}

SipwhyPolicy *sipwhy_policy_default(void)
{
    SipwhyPolicy *policy = g_new0(SipwhyPolicy, 1);

    policy->fail_on = SIPWHY_SEVERITY_WARN;
    policy->overall.until = SIPWHY_NO_TIME;
    policy->rules = g_ptr_array_new_with_free_func(free_rule);
    policy->calls_least = -1;
    policy->final_response = -1;
    policy->answered_least = -1;
    policy->pdd_p95_most = -1;
    return policy;
}

void sipwhy_policy_free(SipwhyPolicy *policy)
{
    if (!policy)
        return;
    clear_rule(&policy->overall);
    g_ptr_array_free(policy->rules, TRUE);
    g_free(policy);
}

char *sipwhy_policy_day(const SipwhyPolicyRule *rule)
{
    if (rule->until == SIPWHY_NO_TIME)
        return NULL;
    GDateTime *day = g_date_time_new_from_unix_utc(rule->until / G_USEC_PER_SEC);
    char *text = day ? g_date_time_format(day, "%Y-%m-%d") : NULL;
    if (day)
        g_date_time_unref(day);
    return text;
}

/* ---- what is wrong ---- */

/* Only the first fault is told. `key` may be NULL, and the group too; takes the text. */
static bool refuse(Reading *reading, unsigned line, const char *key, char *text)
{
    GString *place = g_string_new(NULL);

    if (reading->group)
        g_string_append_printf(place, "[%s] ", reading->group);
    if (key) {
        char *shown = sipwhy_printable_text(key, strlen(key));
        g_string_append_printf(place, "%s: ", shown);
        g_free(shown);
    } else if (reading->group) {
        g_string_overwrite(place, place->len - 1, ":");
        g_string_append_c(place, ' ');
    }
    g_string_append(place, text);
    g_free(text);
    reading->error = sipwhy_file_error(reading->file, line, g_string_free(place, FALSE));
    return false;
}

static bool refuse_with(Reading *reading, unsigned line, const char *key, SipwhyText text)
{
    return refuse(reading, line, key, g_strdup(sipwhy_text(reading->language, text)));
}

/* ---- groups ---- */

/* Begins a group without a name behind its kind. */
static bool begin_single(Reading *reading, const char *kind, const char *name)
{
    reading->kind = kind;
    reading->rule = NULL;
    return !*name || refuse_with(reading, reading->line, NULL, SIPWHY_TEXT_POLICY_GROUP_WITH_NAME);
}

/* Begins a rule. Reports name rules, so no two have the same name. */
static bool begin_rule(Reading *reading, const char *kind, const char *name)
{
    char *key = g_strconcat("\n", name, NULL);

    reading->kind = kind;
    reading->rule = g_new0(SipwhyPolicyRule, 1);
    reading->rule->name = sipwhy_printable_text(name, strlen(name));
    reading->rule->until = SIPWHY_NO_TIME;
    g_ptr_array_add(reading->policy->rules, reading->rule);
    if (!*name) {
        g_free(key);
        return refuse_with(reading, reading->line, NULL, SIPWHY_TEXT_POLICY_GROUP_WITHOUT_NAME);
    }
    return g_hash_table_add(reading->seen, key) ||
           refuse_with(reading, reading->line, NULL, SIPWHY_TEXT_POLICY_NAME_TWICE);
}

static bool refuse_group(Reading *reading, const char *kind)
{
    static const char *const kinds[] = {"policy", "rule", "known", "expect", NULL};
    static const char *const forms[] = {"[policy]", "[rule NAME]", "[known NAME]", "[expect]"};
    const char *nearest = sipwhy_nearest(kind, kinds);

    for (unsigned i = 0; nearest && kinds[i]; i++) {
        if (kinds[i] == nearest) {
            nearest = forms[i];
            break;
        }
    }
    return refuse(
        reading, reading->line, NULL,
        sipwhy_suggest(reading->language,
                       g_strdup(sipwhy_text(reading->language, SIPWHY_TEXT_POLICY_GROUP_UNKNOWN)),
                       nearest));
}

static bool begin_group(Reading *reading, const char *group)
{
    const size_t kind_length = strcspn(group, " \t");
    char *kind = g_strndup(group, kind_length);
    const char *name = group + kind_length + strspn(group + kind_length, " \t");
    bool right;

    g_free(reading->group);
    reading->group = sipwhy_printable_text(group, strlen(group));
    reading->group_line = reading->line;
    if (!g_hash_table_add(reading->seen, g_strdup(group)))
        right = refuse_with(reading, reading->line, NULL, SIPWHY_TEXT_POLICY_GROUP_TWICE);
    else if (strcmp(kind, "policy") == 0)
        right = begin_single(reading, "policy", name);
    else if (strcmp(kind, "expect") == 0)
        right = begin_single(reading, "expect", name);
    else if (strcmp(kind, "rule") == 0)
        right = begin_rule(reading, "rule", name);
    else if (strcmp(kind, "known") == 0)
        right = begin_rule(reading, "known", name);
    else
        right = refuse_group(reading, kind);
    g_free(kind);
    return right;
}

/* What stands in both lists; NULL: nothing. */
static const char *find_common(char **allow, char **deny)
{
    for (; allow && *allow; allow++)
        if (deny && g_strv_contains((const char *const *)deny, *allow))
            return *allow;
    return NULL;
}

/* Of each message it is asked whether an address is within them. */
static GPtrArray *make_prefixes(char *const *peers)
{
    GPtrArray *prefixes = g_ptr_array_new_with_free_func(g_object_unref);

    for (; *peers; peers++) {
        GInetAddressMask *prefix = g_inet_address_mask_new_from_string(*peers, NULL);
        if (prefix)
            g_ptr_array_add(prefixes, prefix);
    }
    return prefixes;
}

/* Looks at a group as a whole, once it has ended. */
static bool end_group(Reading *reading)
{
    if (!reading->kind)
        return true;
    const SipwhyPolicyRule *rule = reading->rule ? reading->rule : &reading->policy->overall;
    const bool is_known = strcmp(reading->kind, "known") == 0;
    const char *common = find_common(rule->allow, rule->deny);

    if (reading->rule && rule->peer)
        reading->rule->prefixes = make_prefixes(rule->peer);
    if (common)
        return refuse(
            reading, reading->group_line, NULL,
            sipwhy_text_format(reading->language, SIPWHY_TEXT_POLICY_BOTH, "name", common, NULL));
    if (reading->rule && !rule->allow && !rule->deny)
        return refuse_with(reading, reading->group_line, NULL,
                           is_known ? SIPWHY_TEXT_POLICY_KNOWN_NOTHING
                                    : SIPWHY_TEXT_POLICY_RULE_NOTHING);
    if (is_known && rule->until == SIPWHY_NO_TIME)
        return refuse_with(reading, reading->group_line, NULL, SIPWHY_TEXT_POLICY_KNOWN_FOR_EVER);
    return true;
}

/* ---- keys ---- */

static bool refuse_key(Reading *reading, const char *key)
{
    GPtrArray *names = g_ptr_array_new();
    const SipwhyPolicyKey *known;

    for (size_t i = 0; (known = sipwhy_policy_key_at(i)); i++)
        if (strcmp(known->group, reading->kind) == 0)
            g_ptr_array_add(names, (char *)known->key);
    g_ptr_array_add(names, NULL);
    char *list = g_strjoinv(", ", (char **)names->pdata);
    refuse(reading, reading->line, key,
           sipwhy_suggest(reading->language,
                          sipwhy_text_format(reading->language, SIPWHY_TEXT_SETTINGS_KEY_UNKNOWN,
                                             "known", list, NULL),
                          sipwhy_nearest(key, (const char *const *)names->pdata)));
    g_free(list);
    g_ptr_array_free(names, TRUE);
    return false;
}

static bool read_group(void *data, unsigned line, char *name)
{
    Reading *reading = data;

    reading->line = line;
    return end_group(reading) && begin_group(reading, name);
}

static bool read_key(void *data, unsigned line, char *key, char *value)
{
    Reading *reading = data;
    const SipwhyPolicyEntry *entry;
    char *error = NULL;

    reading->line = line;
    if (!reading->kind)
        return refuse_with(reading, line, key, SIPWHY_TEXT_SETTINGS_KEY_OUTSIDE);
    entry = sipwhy_policy_entry_find(reading->kind, key);
    if (!entry)
        return refuse_key(reading, key);
    if (!g_hash_table_add(reading->seen, g_strdup_printf("%s\n%s", reading->group, key)))
        return refuse_with(reading, line, key, SIPWHY_TEXT_SETTINGS_KEY_TWICE);
    char *base = reading->rule ? (char *)reading->rule : (char *)reading->policy;
    return entry->read(value, base + entry->place, reading->language, &error) ||
           refuse(reading, line, key, error);
}

static bool refuse_line(void *data, unsigned line, char *text)
{
    (void)text;
    return refuse_with(data, line, NULL, SIPWHY_TEXT_SETTINGS_LINE);
}

SipwhyPolicy *sipwhy_policy_read(const char *file, SipwhyLanguage language, char **error)
{
    static const SipwhyKeyFileReader reader = {read_group, read_key, refuse_line};
    char *text = sipwhy_file_read(file, BYTES_MOST, language, error);

    if (!text)
        return NULL;
    Reading reading = {.file = file,
                       .language = language,
                       .policy = sipwhy_policy_default(),
                       .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    if (sipwhy_key_file_read(text, &reader, &reading))
        end_group(&reading);
    g_hash_table_destroy(reading.seen);
    g_free(reading.group);
    g_free(text);
    *error = reading.error;
    if (!reading.error)
        return reading.policy;
    sipwhy_policy_free(reading.policy);
    return NULL;
}
