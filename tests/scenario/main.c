/* SPDX-License-Identifier: GPL-2.0-or-later
 * scenario-to-pcap IN.scenario OUT.pcap: exit status 0 done, 2 wrong usage or scenario, 3 file
 * trouble. */
#include <stdio.h>
#include <string.h>

#include "ladder.h"

enum { EXIT_DONE = 0, EXIT_WRONG = 2, EXIT_FILES = 3 };

static const char usage[] = "usage: scenario-to-pcap IN.scenario OUT.pcap\n";

static int report(const gchar *input, GError *error)
{
    gboolean wrong = g_error_matches(error, SCENARIO_ERROR, SCENARIO_ERROR_INPUT);

    if (wrong)
        fprintf(stderr, "%s:%s\n", input, error->message);
    else
        fprintf(stderr, "scenario-to-pcap: %s\n", error->message);
    g_error_free(error);
    return wrong ? EXIT_WRONG : EXIT_FILES;
}

static int convert(const gchar *input, const gchar *output)
{
    GError *error = NULL;
    Capture *capture = capture_new();
    Scenario *scenario = scenario_read(input, &error);
    gboolean ok = scenario && ladder_play(scenario, capture, &error) &&
                  capture_write(capture, output, &error);

    scenario_free(scenario);
    capture_free(capture);
    return ok ? EXIT_DONE : report(input, error);
}

int main(int argc, char **argv)
{
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    if (argc != 3) {
        fputs(usage, stderr);
        return EXIT_WRONG;
    }
    return convert(argv[1], argv[2]);
}
