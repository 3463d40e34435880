/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a scenario file says: reading it whole, looking things up in it, freeing it. */
#include "scenario.h"

#include <stdarg.h>
#include <string.h>

#include "parse.h"

static void free_host(gpointer data)
{
    Host *host = data;

    g_free(host->name);
    g_free(host->address_text);
    g_free(host->aor);
    g_free(host);
}

static void clear_edit(gpointer data)
{
    Edit *edit = data;

    g_free(edit->name);
    if (edit->value)
        g_string_free(edit->value, TRUE);
}

static void clear_cut(gpointer data)
{
    g_free(((Cut *)data)->after);
}

static void free_step(gpointer data)
{
    Step *step = data;

    g_free(step->call);
    g_free(step->method);
    g_free(step->uri);
    g_free(step->phrase);
    g_free(step->which);
    g_free(step->icmp);
    g_free(step->user);
    g_free(step->password);
    g_strfreev(step->codecs);
    if (step->start_line)
        g_string_free(step->start_line, TRUE);
    if (step->body)
        g_string_free(step->body, TRUE);
    g_array_unref(step->edits);
    g_array_unref(step->cuts);
    g_free(step);
}

static Scenario *new_scenario(const gchar *path)
{
    Scenario *scenario = g_new0(Scenario, 1);

    scenario->name = g_path_get_basename(path);
    if (g_str_has_suffix(scenario->name, ".scenario"))
        scenario->name[strlen(scenario->name) - strlen(".scenario")] = '\0';
    scenario->hosts = g_ptr_array_new_with_free_func(free_host);
    scenario->steps = g_ptr_array_new_with_free_func(free_step);
    scenario->links = g_array_new(FALSE, FALSE, sizeof(Link));
    return scenario;
}

void scenario_free(Scenario *scenario)
{
    if (!scenario)
        return;
    g_ptr_array_unref(scenario->hosts);
    g_ptr_array_unref(scenario->steps);
    g_array_unref(scenario->links);
    g_free(scenario->name);
    g_free(scenario);
}

Step *scenario_add_step(Scenario *scenario)
{
    Step *step = g_new0(Step, 1);

    step->edits = g_array_new(FALSE, TRUE, sizeof(Edit));
    step->cuts = g_array_new(FALSE, TRUE, sizeof(Cut));
    g_array_set_clear_func(step->edits, clear_edit);
    g_array_set_clear_func(step->cuts, clear_cut);
    g_ptr_array_add(scenario->steps, step);
    return step;
}

Scenario *scenario_read(const gchar *path, GError **error)
{
    gchar *text = NULL;
    gsize len = 0;
    GError *reason = NULL;

    if (!g_file_get_contents(path, &text, &len, &reason)) {
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_FILE, "%s", reason->message);
        g_error_free(reason);
        return NULL;
    }

    Scenario *scenario = new_scenario(path);
    Parser parser = {scenario, 0, g_strdup("call"), 0, NULL};
    gboolean ok = memchr(text, '\0', len) == NULL;

    if (!ok)
        scenario_fail(error, 1, "the file holds a NUL byte; write it as \"\\0\"");
    gchar **lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; ok && lines[i]; i++) {
        parser.line = i + 1;
        ok = parse_line(&parser, lines[i], error);
    }
    g_strfreev(lines);
    g_free(text);
    g_free(parser.call);
    if (!ok) {
        scenario_free(scenario);
        return NULL;
    }
    return scenario;
}

Transport scenario_transport(const Scenario *scenario, guint a, guint b)
{
    Transport transport = TRANSPORT_UDP;
    gboolean exact = FALSE;

    for (guint i = 0; i < scenario->links->len; i++) {
        const Link *link = &g_array_index(scenario->links, Link, i);
        gboolean here = (link->a == a && link->b == b) || (link->a == b && link->b == a);

        if (here || (link->a == ANY_HOST && !exact))
            transport = link->transport;
        exact = exact || here;
    }
    return transport;
}

const Host *scenario_host(const Scenario *scenario, guint index)
{
    return g_ptr_array_index(scenario->hosts, index);
}

gboolean scenario_fail(GError **error, guint line, const gchar *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    gchar *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_INPUT, "%u: %s", line, reason);
    g_free(reason);
    return FALSE;
}
