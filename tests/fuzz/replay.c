/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the fuzz target over the files of the command line, each also cut after every byte.
 * Exit status 0: all went well. 2: no file given. 3: a file cannot be read. A fault aborts.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
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
    if (argc < 2) {
        fprintf(stderr, "usage: fuzz-message-replay FILE...\n");
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        char *bytes;
        gsize length;
        GError *error = NULL;
        if (!g_file_get_contents(argv[i], &bytes, &length, &error)) {
            fprintf(stderr, "fuzz-message-replay: %s\n", error->message);
            g_error_free(error);
            return 3;
        }
        printf("%s: %zu bytes\n", argv[i], length);
        fflush(stdout); /* the last line names the file at which it broke */
        for (size_t cut = 0; cut <= length; cut++)
            replay(bytes, cut);
        g_free(bytes);
    }
    return 0;
}
