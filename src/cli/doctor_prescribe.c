/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `sipwhy doctor` says to type.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "tshark.h"

/* A remedy: its command, which is taken, and its text with placeholders filled in. */
#define ADVISE(doctor, command, ...)       \
    cli_doctor_advise((doctor), (command), \
                      sipwhy_text_format((doctor)->cli->language, __VA_ARGS__, NULL))

/* As a shell wants it: in quote marks only where it needs them. The caller frees it. */
static char *quote(const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+:@%,=-";

    return *word && word[strspn(word, plain)] == '\0' ? g_strdup(word) : g_shell_quote(word);
}

/* "sudo ", or nothing if what is in the folder (or will be) can be changed without. */
static const char *sudo_for(const char *folder)
{
    char *at = g_strdup(folder);

    while (!g_file_test(at, G_FILE_TEST_EXISTS) && strlen(at) > 1) {
        char *parent = g_path_get_dirname(at);
        g_free(at);
        at = parent;
    }
    const gboolean can = g_access(at, W_OK) == 0;
    g_free(at);
    return can ? "" : "sudo ";
}

static const char *sudo_for_file(const char *file)
{
    char *folder = g_path_get_dirname(file);
    const char *result = sudo_for(folder);

    g_free(folder);
    return result;
}

static void advise_tshark(CliDoctor *doctor)
{
    static const struct {
        const char *manager;
        const char *command;
    } managers[] = {
        {"apt", "apt install tshark"},
        {"dnf", "dnf install wireshark-cli"},
        {"pacman", "pacman -S wireshark-cli"},
        {"zypper", "zypper install wireshark"},
        {"apk", "apk add tshark"},
    };
    const GPtrArray *others = doctor->facts.other_programs;

    for (unsigned i = 0; i < others->len; i++) {
        char *other = quote(others->pdata[i]);
        ADVISE(doctor, g_strdup_printf("sipwhy doctor --tshark %s", other),
               SIPWHY_TEXT_DOCTOR_DO_OTHER_TSHARK);
        g_free(other);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(managers) && others->len == 0; i++) {
        char *manager = g_find_program_in_path(managers[i].manager);
        if (manager) {
            ADVISE(doctor,
                   g_strconcat(doctor->facts.is_root ? "" : "sudo ", managers[i].command, NULL),
                   SIPWHY_TEXT_DOCTOR_DO_TSHARK);
            g_free(manager);
            return;
        }
    }
}

/* Whether this command came as a package of Debian. */
static gboolean is_packaged(void)
{
    char *own = g_file_read_link("/proc/self/exe", NULL);
    gboolean result = g_strcmp0(own, "/usr/bin/sipwhy") == 0 &&
                      g_file_test("/usr/share/doc/sipwhy/changelog.Debian.gz", G_FILE_TEST_EXISTS);

    g_free(own);
    return result;
}

static void advise_install(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;
    char *version = g_strdup_printf("%u.%u", facts->major, facts->minor);

    if (is_packaged())
        ADVISE(doctor,
               g_strconcat(facts->is_root ? "" : "sudo ",
                           "apt install ./sipwhy_*.deb ./wireshark-plugin-sipwhy_*.deb", NULL),
               SIPWHY_TEXT_DOCTOR_DO_PACKAGE, "wireshark", version);
    else
        ADVISE(doctor, g_strdup(facts->is_root ? "script/install --system" : "script/install"),
               SIPWHY_TEXT_DOCTOR_DO_INSTALL, "wireshark", version);
    g_free(version);
}

static gboolean fits(const CliDoctorFacts *facts, const CliPluginFile *file)
{
    return file->is_whole && file->is_ours && file->major == (int)facts->major &&
           file->minor == (int)facts->minor;
}

static void advise_removal(CliDoctor *doctor, const char *file)
{
    char *word = quote(file);

    ADVISE(doctor, g_strdup_printf("%srm %s", sudo_for_file(file), word),
           SIPWHY_TEXT_DOCTOR_DO_REMOVE);
    g_free(word);
}

/* Copies a plugin that fits to where tshark looks. */
static void advise_place(CliDoctor *doctor, const CliPluginFile *file)
{
    const CliDoctorFacts *facts = &doctor->facts;
    const char *folder = facts->is_root ? facts->global : facts->personal;

    if (!folder)
        return;
    char *target = g_build_filename(folder, "epan", "sipwhy.so", NULL);
    char *from = quote(file->path);
    char *to = quote(target);
    ADVISE(doctor, g_strdup_printf("%sinstall -D -m 644 %s %s", sudo_for(folder), from, to),
           facts->is_root ? SIPWHY_TEXT_DOCTOR_DO_PLACE_ROOT : SIPWHY_TEXT_DOCTOR_DO_PLACE);
    g_free(to);
    g_free(from);
    g_free(target);
}

static void advise_readable(CliDoctor *doctor, const char *file)
{
    char *word = quote(file);

    ADVISE(doctor, g_strdup_printf("%schmod a+r %s", sudo_for_file(file), word),
           SIPWHY_TEXT_DOCTOR_DO_READABLE);
    g_free(word);
}

/* The plugin is not loaded: by what stands where. */
static void prescribe_loading(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;
    const CliPluginFile *elsewhere = NULL;
    gboolean is_settled = FALSE;

    for (unsigned i = 0; i < facts->plugins->len; i++) {
        const CliFoundPlugin *plugin = facts->plugins->pdata[i];
        if (plugin->is_looked_at && plugin->file->trouble) {
            advise_readable(doctor, plugin->file->path);
            is_settled = TRUE;
        } else if (plugin->is_looked_at && facts->is_duplicate &&
                   !g_str_has_suffix(plugin->file->path, "/sipwhy.so")) {
            advise_removal(doctor, plugin->file->path);
            is_settled = TRUE;
        } else if (!plugin->is_looked_at && fits(facts, plugin->file) && !elsewhere) {
            elsewhere = plugin->file;
        }
    }
    if (is_settled)
        return;
    if (elsewhere && !facts->is_root && g_getenv("WIRESHARK_PLUGIN_DIR"))
        ADVISE(doctor, g_strdup("unset WIRESHARK_PLUGIN_DIR"), SIPWHY_TEXT_DOCTOR_DO_UNSET);
    if (elsewhere)
        advise_place(doctor, elsewhere);
    else
        advise_install(doctor);
}

static void prescribe_enabling(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;
    gboolean is_settled = FALSE;

    for (unsigned i = 0; i < facts->disabled->len; i++) {
        const CliDisabled *disabled = facts->disabled->pdata[i];
        if (disabled->profile)
            continue;
        char *file = quote(disabled->file);
        ADVISE(doctor,
               g_strdup_printf("%ssed -i '/^%s$/d' %s", sudo_for_file(disabled->file),
                               disabled->protocol, file),
               SIPWHY_TEXT_DOCTOR_DO_ENABLE, "protocol", disabled->protocol);
        g_free(file);
        is_settled = TRUE;
    }
    if (!is_settled && facts->is_explained_unconfigured)
        ADVISE(doctor, g_strdup("WIRESHARK_CONFIG_DIR=$(mktemp -d) tshark -O sipwhy -r FILE"),
               SIPWHY_TEXT_DOCTOR_DO_UNCONFIGURED);
}

/* Of two with the same name the one is removed that is not loaded, unless it alone has the version
 * of this command. */
static void prescribe_twice(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    for (unsigned i = 0; i < facts->plugins->len; i++) {
        const CliFoundPlugin *plugin = facts->plugins->pdata[i];
        const char *path = plugin->file->path;
        if (!plugin->is_looked_at || !plugin->file->is_whole ||
            strcmp(path, facts->loaded_file) == 0)
            continue;
        if (fits(facts, plugin->file) && strcmp(plugin->file->version, SIPWHY_VERSION) == 0 &&
            strcmp(facts->loaded_version, SIPWHY_VERSION) != 0)
            path = facts->loaded_file;
        advise_removal(doctor, path);
    }
}

void cli_doctor_prescribe(CliDoctor *doctor)
{
    const CliDoctorFacts *facts = &doctor->facts;

    if (!facts->version || facts->major < CLI_TSHARK_OLDEST_MAJOR) {
        advise_tshark(doctor);
        return;
    }
    if (!facts->loaded_file) {
        prescribe_loading(doctor);
        return;
    }
    prescribe_twice(doctor);
    if (strcmp(facts->loaded_version, SIPWHY_VERSION) != 0 && doctor->remedies->len == 0)
        advise_install(doctor);
    if (!facts->is_explained)
        prescribe_enabling(doctor);
}
