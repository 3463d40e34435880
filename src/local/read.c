/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading files of local knowledge. A faulty entry is left out, the others count.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "local/keys.h"
#include "settings/key_file.h"
#include "settings/nearest.h"
#include "settings/read_file.h"

enum {
    BYTES_MOST = 1 << 20,
    ENTRIES_MOST = 10000,
    FAULTS_MOST = 100, /* of one file, that are told */
    SLOW_MOST = 100,
    ID_MOST = 60,
    PATTERNS_COST_MOST = 8 << 20, /* of all files */
};

/* Files that are being read. */
typedef struct {
    SipwhyLocal *local;
    SipwhyLanguage language;
    GPtrArray *faults;
    GHashTable *places; /* of each id: "FILE:LINE" */
    GHashTable *seen;   /* places of texts in the entry: "cause1" */
    size_t cost;        /* of all patterns */
    SipwhyLocalFile *file;
    SipwhyLocalRecord *entry; /* NULL: none has begun */
    bool faulty;              /* the entry is */
    bool full;                /* there are as many entries as may be */
} Reading;

/* ---- memory ---- */

static void free_numbers(GArray *numbers)
{
    if (numbers)
        g_array_free(numbers, TRUE);
}

static void free_record(void *data)
{
    SipwhyLocalRecord *entry = data;

    free_numbers(entry->codes);
    free_numbers(entry->warnings);
    free_numbers(entry->causes);
    sipwhy_pattern_free(entry->phrase);
    sipwhy_pattern_free(entry->server);
    sipwhy_pattern_free(entry->warning);
    sipwhy_pattern_free(entry->reason);
    g_free(entry->protocol);
    g_free(entry->id);
    g_free(entry->file);
    g_free(entry->title);
    g_free(entry->url);
    g_string_free(entry->conditions, TRUE);
    for (unsigned kind = 0; kind < G_N_ELEMENTS(entry->texts); kind++)
        for (unsigned i = 0; i < SIPWHY_LOCAL_TEXTS_MOST; i++)
            g_free(entry->texts[kind][i]);
    g_free(entry);
}

static void free_file(void *data)
{
    SipwhyLocalFile *file = data;
    g_free(file->path);
    g_free(file);
}

static void free_fault(void *data)
{
    SipwhyLocalFault *fault = data;
    g_free(fault->text);
    g_free(fault);
}

static void free_list(GPtrArray *list)
{
    if (list)
        g_ptr_array_free(list, TRUE);
}

void sipwhy_local_free(SipwhyLocal *local)
{
    if (!local)
        return;
    for (unsigned i = 0; i < SIPWHY_LOCAL_STATUS_COUNT; i++)
        free_list(local->by_status[i]);
    for (unsigned i = 0; i < SIPWHY_LOCAL_CLASS_COUNT; i++)
        free_list(local->by_class[i]);
    free_list(local->of_any);
    g_ptr_array_free(local->entries, TRUE);
    g_ptr_array_free(local->files, TRUE);
    g_free(local);
}

/* ---- what is wrong ---- */

/* Takes the text, which is a whole line. */
static void add_fault(Reading *reading, unsigned line, char *text, bool warning)
{
    SipwhyLocalFile *file = reading->file;
    const unsigned told = file->faults + file->warnings;

    if (warning)
        file->warnings++;
    else
        file->faults++;
    if (told > FAULTS_MOST) {
        g_free(text);
        return;
    }
    if (told == FAULTS_MOST) {
        g_free(text);
        line = 0;
        text = sipwhy_file_error(
            file->path, 0, g_strdup(sipwhy_text(reading->language, SIPWHY_TEXT_LOCAL_MORE_FAULTS)));
    }
    SipwhyLocalFault *fault = g_new(SipwhyLocalFault, 1);
    *fault = (SipwhyLocalFault){text, warning, line, file};
    g_ptr_array_add(reading->faults, fault);
}

/* Tells of a fault or a warning in the entry, if one has begun; `key` may be NULL. Takes the text.
 */
static void tell(Reading *reading, unsigned line, const char *key, char *text, bool warning)
{
    GString *said = g_string_new(NULL);

    if (warning)
        g_string_append_printf(said, "%s ",
                               sipwhy_text(reading->language, SIPWHY_TEXT_LOCAL_WARNING));
    if (reading->entry)
        g_string_append_printf(said, "[%s]%s ", reading->entry->id, key ? "" : ":");
    if (key) {
        char *shown = sipwhy_printable_text(key, strlen(key));
        g_string_append_printf(said, "%s: ", shown);
        g_free(shown);
    }
    g_string_append(said, text);
    g_free(text);
    reading->faulty = reading->faulty || !warning;
    add_fault(reading, line,
              sipwhy_file_error(reading->file->path, line, g_string_free(said, FALSE)), warning);
}

static void tell_text(Reading *reading, unsigned line, SipwhyText text, bool warning)
{
    tell(reading, line, NULL, g_strdup(sipwhy_text(reading->language, text)), warning);
}

/* ---- entries ---- */

static char *place_of(const Reading *reading, unsigned line)
{
    char *number = g_strdup_printf("%u", line);
    char *place = g_strjoin(":", reading->file->path, number, NULL);
    char *shown = sipwhy_printable_text(place, strlen(place));

    g_free(place);
    g_free(number);
    return shown;
}

static bool is_id(const char *name)
{
    const size_t length = strlen(name);

    for (const char *c = name; *c; c++)
        if (!g_ascii_isalnum(*c) && !strchr("-._", *c))
            return false;
    return length > 0 && length <= ID_MOST;
}

static void begin_entry(Reading *reading, unsigned line, const char *name)
{
    SipwhyLocalRecord *entry = g_new0(SipwhyLocalRecord, 1);
    char *base = g_path_get_basename(reading->file->path);

    entry->id = sipwhy_printable_text(name, strlen(name));
    entry->file = sipwhy_printable_text(base, strlen(base));
    entry->conditions = g_string_new(NULL);
    entry->said.id = entry->id;
    entry->said.file = entry->file;
    entry->said.line = line;
    entry->from = reading->file;
    entry->said.severity = SIPWHY_SEVERITY_COUNT;
    entry->said.category = SIPWHY_CATEGORY_COUNT;
    g_free(base);
    g_hash_table_remove_all(reading->seen);
    reading->entry = entry;
    reading->faulty = false;
    const char *first = g_hash_table_lookup(reading->places, name);
    if (!is_id(name))
        tell_text(reading, line, SIPWHY_TEXT_LOCAL_ID, false);
    else if (first)
        tell(
            reading, line, NULL,
            sipwhy_text_format(reading->language, SIPWHY_TEXT_LOCAL_ID_TWICE, "place", first, NULL),
            false);
    else
        g_hash_table_insert(reading->places, g_strdup(name), place_of(reading, line));
}

/* Moves the texts of a kind together; how many there are. */
static size_t close_up(SipwhyLocalRecord *entry, SipwhyLocalKind kind)
{
    size_t count = 0;

    for (unsigned i = 0; i < SIPWHY_LOCAL_TEXTS_MOST; i++) {
        char *text = g_steal_pointer(&entry->texts[kind][i]);
        if (!text)
            continue;
        if (kind == SIPWHY_LOCAL_FIX)
            entry->fixes[count] = (SipwhyFix){entry->who[i], text};
        entry->texts[kind][count++] = text;
    }
    return count;
}

static void shorten(GString *line)
{
    static const char DOTS[] = "...";

    if (line->len <= SIPWHY_LINE_BYTES_MAX)
        return;
    const char *end =
        g_utf8_find_prev_char(line->str, line->str + SIPWHY_LINE_BYTES_MAX - strlen(DOTS) + 1);
    g_string_truncate(line, (gsize)(end - line->str));
    g_string_append(line, DOTS);
}

/* What the entry says, once all of it has been read. */
static void complete(SipwhyLocalRecord *entry)
{
    SipwhyLocalEntry *said = &entry->said;

    shorten(entry->conditions);
    said->title = entry->title;
    said->url = entry->url;
    said->conditions = entry->conditions->str;
    said->description = (SipwhyLines){(const char *const *)entry->texts[SIPWHY_LOCAL_DESCRIPTION],
                                      close_up(entry, SIPWHY_LOCAL_DESCRIPTION)};
    said->causes = (SipwhyLines){(const char *const *)entry->texts[SIPWHY_LOCAL_CAUSE],
                                 close_up(entry, SIPWHY_LOCAL_CAUSE)};
    said->fixes = (SipwhyFixes){entry->fixes, close_up(entry, SIPWHY_LOCAL_FIX)};
    said->names_codes = !entry->any_code && (entry->classes || entry->codes);
    said->asks_more = entry->phrase || entry->server || entry->warning || entry->warnings ||
                      entry->reason || entry->protocol || entry->no_reason;
}

/* Looks at an entry as a whole. */
static void judge(Reading *reading)
{
    const SipwhyLocalRecord *entry = reading->entry;
    const SipwhyLocalEntry *said = &entry->said;
    const bool has_texts =
        said->description.count > 0 || said->causes.count > 0 || said->fixes.count > 0;

    if (!entry->codes && !said->asks_more)
        tell_text(reading, said->line, SIPWHY_TEXT_LOCAL_NO_CONDITION, false);
    if (!has_texts && !said->title && !said->url && said->severity == SIPWHY_SEVERITY_COUNT &&
        said->category == SIPWHY_CATEGORY_COUNT)
        tell_text(reading, said->line, SIPWHY_TEXT_LOCAL_SAYS_NOTHING, false);
    if (entry->any_code && !said->asks_more)
        tell_text(reading, said->line, SIPWHY_TEXT_LOCAL_WARNS_ANY, true);
    if (said->replaces && !has_texts)
        tell_text(reading, said->line, SIPWHY_TEXT_LOCAL_WARNS_REPLACE, true);
}

static void end_entry(Reading *reading)
{
    SipwhyLocalRecord *entry = reading->entry;

    if (!entry)
        return;
    if (!reading->faulty) {
        complete(entry);
        judge(reading);
    }
    reading->entry = NULL;
    if (reading->faulty) {
        free_record(entry);
        return;
    }
    entry->place = reading->local->entries->len;
    g_ptr_array_add(reading->local->entries, entry);
    reading->file->entries++;
}

/* ---- lines ---- */

static bool read_group(void *data, unsigned line, char *name)
{
    Reading *reading = data;

    end_entry(reading);
    if (reading->local->entries->len == ENTRIES_MOST) {
        char *most = g_strdup_printf("%d", ENTRIES_MOST);
        tell(reading, line, NULL,
             sipwhy_text_format(reading->language, SIPWHY_TEXT_LOCAL_FULL, "most", most, NULL),
             false);
        g_free(most);
        reading->full = true;
        return false;
    }
    begin_entry(reading, line, name);
    return true;
}

static void refuse_key(Reading *reading, unsigned line, const char *key)
{
    GString *known = g_string_new(NULL);
    const SipwhyLocalKey *other;

    for (size_t i = 0; (other = sipwhy_local_key_at(i)); i++)
        g_string_append_printf(known, "%s%s", i ? ", " : "", other->key);
    char *nearest = sipwhy_local_key_nearest(key);
    tell(reading, line, key,
         sipwhy_suggest(reading->language,
                        sipwhy_text_format(reading->language, SIPWHY_TEXT_LOCAL_KEY_UNKNOWN,
                                           "known", known->str, NULL),
                        nearest),
         false);
    g_free(nearest);
    g_string_free(known, TRUE);
}

/* Whether all patterns together still take no more memory than they may. */
static bool can_afford(Reading *reading, const SipwhyLocalKey *key, const char *text)
{
    if (key->is_condition && strlen(text) <= SIPWHY_PATTERN_BYTES_MOST)
        reading->cost += sipwhy_pattern_cost(text);
    return reading->cost <= PATTERNS_COST_MOST;
}

static void read_value(Reading *reading, unsigned line, const SipwhyLocalKeyEntry *known,
                       SipwhyLocalValue *value, const char *text)
{
    if (!g_hash_table_add(reading->seen, g_strdup_printf("%s%u", known->shown.key, value->number)))
        value->error = g_strdup(sipwhy_text(reading->language, SIPWHY_TEXT_SETTINGS_KEY_TWICE));
    else if (!can_afford(reading, &known->shown, text))
        value->error = g_strdup(sipwhy_text(reading->language, SIPWHY_TEXT_LOCAL_PATTERNS_COSTLY));
    else
        known->read(value, text);
    if (value->error)
        tell(reading, line, value->key, value->error, false);
    if (value->warning)
        tell(reading, line, value->key, value->warning, true);
}

static bool read_key(void *data, unsigned line, char *key, char *text)
{
    Reading *reading = data;
    SipwhyLocalValue value = {.language = reading->language, .entry = reading->entry, .key = key};

    if (!reading->entry) {
        tell(reading, line, key,
             g_strdup(sipwhy_text(reading->language, SIPWHY_TEXT_SETTINGS_KEY_OUTSIDE)), false);
        return true;
    }
    const SipwhyLocalKeyEntry *known = sipwhy_local_key_find(key, &value.number);
    if (known)
        read_value(reading, line, known, &value, text);
    else
        refuse_key(reading, line, key);
    return true;
}

static bool refuse_line(void *data, unsigned line, char *text)
{
    (void)text;
    tell_text(data, line, SIPWHY_TEXT_SETTINGS_LINE, false);
    return true;
}

/* ---- files ---- */

static void begin_file(Reading *reading, const char *path)
{
    reading->file = g_new0(SipwhyLocalFile, 1);
    reading->file->path = g_strdup(path);
    g_ptr_array_add(reading->local->files, reading->file);
}

static void refuse_path(Reading *reading, char *text)
{
    reading->file->unreadable = true;
    add_fault(reading, 0, sipwhy_file_error(reading->file->path, 0, text), false);
}

/* What is no regular file might never end, or keep us waiting. */
static void read_file(Reading *reading, const char *path)
{
    static const SipwhyKeyFileReader reader = {read_group, read_key, refuse_line};
    char *error = NULL;

    begin_file(reading, path);
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        refuse_path(reading,
                    g_strdup(sipwhy_text(reading->language, SIPWHY_TEXT_LOCAL_NOT_A_FILE)));
        return;
    }
    char *text = sipwhy_file_read(path, BYTES_MOST, reading->language, &error);
    if (!text) {
        reading->file->unreadable = g_access(path, R_OK) != 0;
        add_fault(reading, 0, error, false);
        return;
    }
    sipwhy_key_file_read(text, &reader, reading);
    end_entry(reading);
    g_free(text);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a folder's *.ini, in order; NULL: it cannot be read, and errno says why. */
static GPtrArray *list_folder(const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;

    if (!folder)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(folder)))
        if (g_str_has_suffix(name, ".ini") && name[0] != '.')
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_dir_close(folder);
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void read_folder(Reading *reading, const char *path)
{
    errno = 0;
    GPtrArray *names = list_folder(path);

    if (!names || names->len == 0) {
        const int reason = errno;
        begin_file(reading, path);
        refuse_path(reading,
                    names ? g_strdup(sipwhy_text(reading->language, SIPWHY_TEXT_LOCAL_FOLDER_EMPTY))
                          : sipwhy_text_format(reading->language, SIPWHY_TEXT_FILE_UNREADABLE,
                                               "reason", g_strerror(reason), NULL));
    }
    for (unsigned i = 0; names && i < names->len && !reading->full; i++)
        read_file(reading, names->pdata[i]);
    if (names)
        g_ptr_array_free(names, TRUE);
}

SipwhyLocal *sipwhy_local_read(const char *const *paths, SipwhyLanguage language,
                               GPtrArray **faults)
{
    Reading reading = {.local = g_new0(SipwhyLocal, 1),
                       .language = language,
                       .faults = g_ptr_array_new_with_free_func(free_fault),
                       .places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                       .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};

    reading.local->entries = g_ptr_array_new_with_free_func(free_record);
    reading.local->files = g_ptr_array_new_with_free_func(free_file);
    for (; *paths && !reading.full; paths++) {
        if (g_file_test(*paths, G_FILE_TEST_IS_DIR))
            read_folder(&reading, *paths);
        else
            read_file(&reading, *paths);
    }
    g_hash_table_destroy(reading.seen);
    g_hash_table_destroy(reading.places);
    sipwhy_local_index(reading.local);
    if (faults)
        *faults = reading.faults;
    else
        g_ptr_array_free(reading.faults, TRUE);
    return reading.local;
}

/* ---- probing ---- */

static bool is_slow(const SipwhyLocalRecord *entry)
{
    const SipwhyPattern *const patterns[] = {entry->phrase, entry->server, entry->warning,
                                             entry->reason};

    for (unsigned i = 0; i < G_N_ELEMENTS(patterns); i++)
        if (patterns[i] && sipwhy_pattern_is_slow(patterns[i]))
            return true;
    return false;
}

void sipwhy_local_probe(SipwhyLocal *local, SipwhyLanguage language, GPtrArray *faults)
{
    Reading reading = {.local = local, .language = language, .faults = faults};
    unsigned slow = 0;

    for (unsigned i = 0; i < local->entries->len && slow < SLOW_MOST; i++) {
        reading.entry = local->entries->pdata[i];
        if (!is_slow(reading.entry))
            continue;
        slow++;
        reading.file = reading.entry->from;
        tell_text(&reading, reading.entry->said.line, SIPWHY_TEXT_LOCAL_WARNS_SLOW, true);
    }
}
