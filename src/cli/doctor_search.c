/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `sipwhy doctor` finds in folders.
 */
#include "doctor_search.h"

#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

/* Of a folder "plugins": its versions, and in each of them "epan". */
enum { DEPTH = 2 };

static const char PLUGIN_NAME[] = "sipwhy.so";
static const char PROFILE_NAME[] = "SIP Why";

static void free_plugin(void *data)
{
    CliFoundPlugin *plugin = data;
    cli_plugin_file_free(plugin->file);
    g_free(plugin);
}

static void free_disabled(void *data)
{
    CliDisabled *disabled = data;
    g_free(disabled->protocol);
    g_free(disabled->file);
    g_free(disabled->profile);
    g_free(disabled);
}

GPtrArray *cli_doctor_plugins_new(void)
{
    return g_ptr_array_new_with_free_func(free_plugin);
}

GPtrArray *cli_doctor_disabled_new(void)
{
    return g_ptr_array_new_with_free_func(free_disabled);
}

gboolean cli_doctor_is_same_file(const char *one, const char *other)
{
    struct stat first;
    struct stat second;

    return one && other && stat(one, &first) == 0 && stat(other, &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

gboolean cli_doctor_list_has_file(const GPtrArray *files, const char *file)
{
    for (unsigned i = 0; i < files->len; i++)
        if (cli_doctor_is_same_file(files->pdata[i], file))
            return TRUE;
    return FALSE;
}

static const CliFoundPlugin *find_plugin(const CliDoctorFacts *facts, const char *path)
{
    for (unsigned i = 0; i < facts->plugins->len; i++) {
        const CliFoundPlugin *plugin = facts->plugins->pdata[i];
        if (cli_doctor_is_same_file(plugin->file->path, path))
            return plugin;
    }
    return NULL;
}

gboolean cli_doctor_is_ours(const CliDoctorFacts *facts, const char *path)
{
    const CliFoundPlugin *plugin = find_plugin(facts, path);

    return plugin && plugin->file->is_ours;
}

static gboolean is_epan_of(const char *folder, const char *version_folder)
{
    char *epan = version_folder ? g_build_filename(version_folder, "epan", NULL) : NULL;
    gboolean result = cli_doctor_is_same_file(folder, epan);

    g_free(epan);
    return result;
}

/* A file that may be the plugin: by its name, or, where tshark looks, by what is in it. */
static void look_at_file(CliDoctorFacts *facts, const char *folder, const char *name)
{
    const gboolean is_named = strcmp(name, PLUGIN_NAME) == 0;
    CliPlace place = CLI_PLACE_ELSEWHERE;

    if (is_epan_of(folder, facts->personal))
        place = CLI_PLACE_PERSONAL;
    else if (is_epan_of(folder, facts->global))
        place = CLI_PLACE_GLOBAL;
    if (!is_named && (place == CLI_PLACE_ELSEWHERE || !g_str_has_suffix(name, ".so")))
        return;
    char *path = g_build_filename(folder, name, NULL);
    if (!find_plugin(facts, path)) {
        CliFoundPlugin *plugin = g_new0(CliFoundPlugin, 1);
        plugin->file = cli_plugin_file_read(path);
        plugin->place = place;
        plugin->is_looked_at =
            place == CLI_PLACE_GLOBAL || (place == CLI_PLACE_PERSONAL && !facts->is_root);
        if (is_named || plugin->file->is_ours)
            g_ptr_array_add(facts->plugins, plugin);
        else
            free_plugin(plugin);
    }
    g_free(path);
}

static void search_plugins(CliDoctorFacts *facts, const char *folder, unsigned depth)
{
    GDir *names = folder ? g_dir_open(folder, 0, NULL) : NULL;
    const char *name;

    while (names && (name = g_dir_read_name(names))) {
        char *path = g_build_filename(folder, name, NULL);
        if (!g_file_test(path, G_FILE_TEST_IS_DIR))
            look_at_file(facts, folder, name);
        else if (depth > 0)
            search_plugins(facts, path, depth - 1);
        g_free(path);
    }
    if (names)
        g_dir_close(names);
}

/* The folder of all versions, that a version's is in. */
static void search_versions(CliDoctorFacts *facts, const char *version_folder)
{
    char *parent = version_folder ? g_path_get_dirname(version_folder) : NULL;

    search_plugins(facts, parent, DEPTH);
    g_free(parent);
}

static void search_below(CliDoctorFacts *facts, const char *folder, const char *below)
{
    char *path = folder ? g_build_filename(folder, below, NULL) : NULL;

    search_plugins(facts, path, DEPTH);
    g_free(path);
}

/* Multiarch: /usr/lib/x86_64-linux-gnu/wireshark/plugins. */
static void search_libraries(CliDoctorFacts *facts, const char *libraries)
{
    GDir *names = g_dir_open(libraries, 0, NULL);
    const char *name;

    search_below(facts, libraries, "wireshark/plugins");
    while (names && (name = g_dir_read_name(names))) {
        char *below = g_build_filename(name, "wireshark", "plugins", NULL);
        search_below(facts, libraries, below);
        g_free(below);
    }
    if (names)
        g_dir_close(names);
}

static void search_all_plugins(CliDoctorFacts *facts)
{
    static const char *const libraries[] = {"/usr/lib", "/usr/lib64", "/usr/local/lib"};
    static const char personal[] = ".local/lib/wireshark/plugins";
    const char *user = facts->is_root ? g_getenv("SUDO_USER") : NULL;
    /* cppcheck-suppress getpwnamCalled ; there is one thread here */
    const struct passwd *entry = user ? getpwnam(user) : NULL;

    search_versions(facts, facts->personal);
    search_versions(facts, facts->global);
    search_plugins(facts, g_getenv("WIRESHARK_PLUGIN_DIR"), DEPTH);
    search_below(facts, g_get_home_dir(), personal);
    search_below(facts, g_get_home_dir(), ".wireshark/plugins");
    search_below(facts, facts->personal_configuration, "plugins");
    if (entry)
        search_below(facts, entry->pw_dir, personal);
    for (unsigned i = 0; i < G_N_ELEMENTS(libraries); i++)
        search_libraries(facts, libraries[i]);
}

/* A protocol without which no response of the trial is explained. */
static gboolean is_needed(const char *protocol)
{
    static const char *const needed[] = {"sipwhy", "sip", "udp", "ip"};

    for (unsigned i = 0; i < G_N_ELEMENTS(needed); i++)
        if (strcmp(protocol, needed[i]) == 0)
            return TRUE;
    return FALSE;
}

static void read_disabled(CliDoctorFacts *facts, const char *folder, const char *profile)
{
    char *file = folder ? g_build_filename(folder, "disabled_protos", NULL) : NULL;
    char *text = NULL;

    if (file && g_file_get_contents(file, &text, NULL, NULL)) {
        char **lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line; line++) {
            if (!is_needed(g_strstrip(*line)))
                continue;
            CliDisabled *disabled = g_new(CliDisabled, 1);
            *disabled = (CliDisabled){g_strdup(*line), g_strdup(file), g_strdup(profile)};
            g_ptr_array_add(facts->disabled, disabled);
        }
        g_strfreev(lines);
    }
    g_free(text);
    g_free(file);
}

/* The profiles of a configuration folder: protocols that they switch off, and the one of ours. */
static void search_profiles(CliDoctorFacts *facts, const char *configuration)
{
    char *folder = configuration ? g_build_filename(configuration, "profiles", NULL) : NULL;
    GDir *names = folder ? g_dir_open(folder, 0, NULL) : NULL;
    const char *name;

    while (names && (name = g_dir_read_name(names))) {
        char *path = g_build_filename(folder, name, NULL);
        read_disabled(facts, path, name);
        if (!facts->profile && strcmp(name, PROFILE_NAME) == 0)
            facts->profile = g_strdup(path);
        g_free(path);
    }
    if (names)
        g_dir_close(names);
    g_free(folder);
}

void cli_doctor_search(CliDoctorFacts *facts)
{
    search_all_plugins(facts);
    read_disabled(facts, facts->personal_configuration, NULL);
    read_disabled(facts, facts->global_configuration, NULL);
    search_profiles(facts, facts->personal_configuration);
    search_profiles(facts, facts->global_configuration);
}
