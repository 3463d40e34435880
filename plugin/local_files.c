/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Local knowledge: which files, when they are read, what matched.
 */
#include "ws_compat.h"

#include "local_files.h"

#include <string.h>

#include <glib/gstdio.h>

#include <wsutil/filesystem.h>
#include <wsutil/report_message.h>

#include "remember.h"
#include "spoken.h"

static const char default_name[] = "sipwhy.ini";

/* What has matched a response. */
typedef struct {
    gint64 key; /* its frame, and its place there */
    int64_t time;
    const SipwhyTransaction *transaction;
    guint16 status;
    gboolean whole; /* its bytes were at hand */
    const SipwhyLocalEntry **matched;
} Match;

static struct {
    const char *preference;
    char *settled;       /* the preference as it was when its files were looked at for this capture;
                          * NULL: not yet. Not all programs say that it has changed. */
    char *state;         /* what they were like when they were read; NULL: never */
    SipwhyLocal *local;  /* NULL: there are none */
    GHashTable *matches; /* Match */
} own;

/* ---- which files ---- */

/* "a.ini:b\:c.ini" is two files; the caller frees the list. */
static char **split_paths(const char *value)
{
    GPtrArray *paths = g_ptr_array_new();
    GString *path = g_string_new(NULL);

    for (;; value++) {
        if (value[0] == '\\' && (value[1] == ':' || value[1] == '\\')) {
            g_string_append_c(path, *++value);
        } else if (*value != ':' && *value != '\0') {
            g_string_append_c(path, *value);
        } else {
            if (path->len > 0)
                g_ptr_array_add(paths, g_strdup(path->str));
            g_string_truncate(path, 0);
            if (*value == '\0')
                break;
        }
    }
    g_string_free(path, TRUE);
    g_ptr_array_add(paths, NULL);
    return (char **)g_ptr_array_free(paths, FALSE);
}

static const char *preference(void)
{
    return own.preference ? own.preference : "";
}

/* The preference's, or the profile's own if it is there. */
static char **list_paths(void)
{
    if (*preference())
        return split_paths(preference());
    char *path = get_persconffile_path(default_name, TRUE);
    char **paths = g_new0(char *, 2);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        paths[0] = g_strdup(path);
    g_free(path);
    return paths;
}

static void describe_file(GString *state, const char *path)
{
    GStatBuf status;

    if (g_stat(path, &status) == 0)
        g_string_append_printf(state, "%s\n%lld.%ld %lld %llu\n", path,
                               (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                               (long long)status.st_size, (unsigned long long)status.st_ino);
    else
        g_string_append_printf(state, "%s\n-\n", path);
}

static int compare_names(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Of a folder each of its files, too. */
static void describe_folder(GString *state, const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (folder && (name = g_dir_read_name(folder)))
        if (g_str_has_suffix(name, ".ini"))
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    if (folder)
        g_dir_close(folder);
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++)
        describe_file(state, names->pdata[i]);
    g_ptr_array_free(names, TRUE);
}

/* Differs when a file does. */
static char *describe(char **paths)
{
    GString *state = g_string_new(NULL);

    for (; *paths; paths++) {
        describe_file(state, *paths);
        describe_folder(state, *paths);
    }
    return g_string_free(state, FALSE);
}

/* ---- reading ---- */

/* The first fault, and how many more there are; warnings are for `sipwhy local check`. */
static void report_faults(const GPtrArray *faults, char **paths)
{
    const SipwhyLocalFault *first = NULL;
    guint count = 0;

    for (guint i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        if (fault->warning)
            continue;
        first = first ? first : fault;
        count++;
    }
    if (count == 1) {
        report_failure("SIP Why: %s", first->text);
    } else if (count > 1) {
        char *more = g_strdup_printf("%u", count - 1);
        char *files = g_strjoinv(" ", paths);
        char *text = sipwhy_text_format(spoken_language(), SIPWHY_TEXT_LOCAL_FIRST_FAULT, "fault",
                                        first->text, "count", more, "files", files, NULL);
        report_failure("SIP Why: %s", text);
        g_free(text);
        g_free(files);
        g_free(more);
    }
}

static void forget_matches(void)
{
    g_hash_table_remove_all(own.matches);
}

static void read_files(char **paths)
{
    GPtrArray *faults = NULL;

    forget_matches();
    sipwhy_local_free(own.local);
    own.local = NULL;
    if (!*paths)
        return;
    own.local = sipwhy_local_read((const char *const *)paths, spoken_language(), &faults);
    report_faults(faults, paths);
    g_ptr_array_free(faults, TRUE);
    if (!sipwhy_local_at(own.local, 0)) { /* nothing in it is sound */
        sipwhy_local_free(own.local);
        own.local = NULL;
    }
}

/* Reads the files if they are not those that were read, or have changed: what is wrong with them is
 * said once, not for each capture. */
static void settle(void)
{
    char **paths = list_paths();
    char *state = describe(paths);

    g_free(own.settled);
    own.settled = g_strdup(preference());
    if (g_strcmp0(state, own.state) == 0) {
        g_free(state);
    } else {
        g_free(own.state);
        own.state = state;
        read_files(paths);
    }
    g_strfreev(paths);
} // NOLINT(clang-analyzer-unix.Malloc): it does not know g_strfreev

void local_files_begin_capture(void)
{
    g_clear_pointer(&own.settled, g_free);
    forget_matches();
}

void local_files_apply(gboolean at_once)
{
    g_clear_pointer(&own.settled, g_free);
    if (at_once)
        settle();
}

/* ---- matching ---- */

SipwhyLocal *local_files_all(void)
{
    if (g_strcmp0(own.settled, preference()) != 0)
        settle();
    return own.local;
}

void local_files_report_given_up(void)
{
    const SipwhyLocalEntry *entry;

    while (own.local && (entry = sipwhy_local_given_up(own.local))) {
        char *place = g_strdup_printf("%s:%u", entry->file, entry->line);
        char *text = sipwhy_text_format(spoken_language(), SIPWHY_TEXT_LOCAL_GIVEN_UP, "place",
                                        place, "id", entry->id, NULL);
        report_failure("SIP Why: %s", text);
        g_free(text);
        g_free(place);
    }
}

/* Where a response stands in the capture. */
static gint64 key_of(const SipwhyEvent *event)
{
    gsize count;
    const SipwhyEvent *events = sipwhy_trace_frame(remember_trace(), event->frame, &count);

    return (gint64)event->frame << 32 | (events ? event - events : 0);
}

/* A read filter gives the number of a packet that it throws away to another one. */
static gboolean is_of(const Match *match, const SipwhyEvent *event)
{
    return match->time == event->time && match->transaction == event->transaction &&
           match->status == event->status;
}

static void free_match(void *data)
{
    Match *match = data;

    g_free(match->matched);
    g_free(match);
}

/* Matches a response and remembers it. */
static const Match *match(gint64 key, const SipwhyEvent *event, const SipwhyMessage *message)
{
    Match *made = g_new(Match, 1);

    *made =
        (Match){.key = key,
                .time = event->time,
                .transaction = event->transaction,
                .status = event->status,
                .whole = message != NULL,
                .matched = sipwhy_local_match(own.local, event->status, event->phrase, message)};
    g_hash_table_replace(own.matches, &made->key, made);
    local_files_report_given_up();
    return made;
}

const SipwhyLocalEntry *const *local_files_match(const SipwhyEvent *event,
                                                 const SipwhyMessage *message)
{
    SipwhyLocal *local = local_files_all();

    if (!local || event->quoted || (event->status == 0 && !event->invalid))
        return NULL;
    const gint64 key = key_of(event);
    const Match *found = g_hash_table_lookup(own.matches, &key);
    if (!found || !is_of(found, event) || (message && !found->whole))
        found = match(key, event, message);
    return *found->matched ? found->matched : NULL;
}

void local_files_register(module_t *module)
{
    const SipwhyLanguage language = spoken_language();

    own.matches = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_match);
    prefs_register_filename_preference(
        module, "local", sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_LOCAL),
        sipwhy_text(language, SIPWHY_TEXT_PREFERENCE_LOCAL_HELP), &own.preference, FALSE);
}
