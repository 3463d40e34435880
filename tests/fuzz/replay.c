/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the fuzz target over the files of the command line, each also cut after every byte (with
 * --cuts=N, at N places). Exit status 0: all went well. 2: no file given. 3: a file cannot be read.
 * A fault aborts.
 */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* In memory of its own size: a sanitizer sees the first byte too many. */
static void replay(const char *bytes, size_t length)
{
    uint8_t *copy = length > 0 ? g_memdup2(bytes, length) : NULL;

    LLVMFuzzerTestOneInput(copy, length);
    g_free(copy);
}

int main(int argc, char **argv)
{
    static const char option[] = "--cuts=";
    const bool chosen = argc > 1 && g_str_has_prefix(argv[1], option);
    const size_t cuts = chosen ? strtoul(argv[1] + strlen(option), NULL, 10) : SIZE_MAX;
    const int first = chosen ? 2 : 1;

    if (argc <= first || cuts == 0) {
        fprintf(stderr, "usage: %s [--cuts=N] FILE...\n", argv[0]);
        return 2;
    }
    for (int i = first; i < argc; i++) {
        char *bytes;
        gsize length;
        GError *error = NULL;
        if (!g_file_get_contents(argv[i], &bytes, &length, &error)) {
            fprintf(stderr, "%s: %s\n", argv[0], error->message);
            g_error_free(error);
            return 3;
        }
        printf("%s: %zu bytes\n", argv[i], length);
        fflush(stdout); /* the last line names the file at which it broke */
        for (size_t cut = 0; cut < length; cut += 1 + length / cuts)
            replay(bytes, cut);
        replay(bytes, length);
        g_free(bytes);
    }
    return 0;
}
