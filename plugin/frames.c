/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The numbers of packets, where some were left out before Wireshark came to see the capture.
 */
#include "ws_compat.h"

#include "frames.h"

#include <stdio.h>
#include <string.h>

#include <epan/stat_tap_ui.h>

static const char option_name[] = "sipwhy,frames";

static struct {
    guint32 *numbers; /* NULL: every packet has its own */
    gsize count;
} frames;

static gboolean is_rising(const guint32 *numbers, gsize count)
{
    guint32 last = 0;

    for (gsize i = 0; i < count; i++) {
        if (numbers[i] <= last)
            return FALSE;
        last = numbers[i];
    }
    return TRUE;
}

static gboolean read_numbers(const char *file)
{
    GError *error = NULL;
    char *bytes;
    gsize size;

    if (!g_file_get_contents(file, &bytes, &size, &error)) {
        fprintf(stderr, "sipwhy: -z %s: %s\n", option_name, error->message);
        g_error_free(error);
        return FALSE;
    }
    frames.numbers = (guint32 *)(void *)bytes; /* GLib's memory is aligned for anything */
    frames.count = size / sizeof *frames.numbers;
    if (size == 0 || size % sizeof *frames.numbers != 0 ||
        !is_rising(frames.numbers, frames.count)) {
        fprintf(stderr, "sipwhy: -z %s: %s does not hold rising numbers\n", option_name, file);
        g_clear_pointer(&frames.numbers, g_free);
        return FALSE;
    }
    return TRUE;
}

static ws_stat_init read_option(const char *option, void *data _U_)
{
    const char *rest = option + strlen(option_name);

    if (*rest != ',' || rest[1] == '\0') {
        fprintf(stderr, "sipwhy: -z %s needs a file: %s,FILE\n", option_name, option_name);
        WS_STAT_INIT_FAILED;
    }
    g_clear_pointer(&frames.numbers, g_free);
    if (!read_numbers(rest + 1))
        WS_STAT_INIT_FAILED;
    WS_STAT_INIT_DONE;
}

void frames_register(void)
{
    static stat_tap_ui option = {.group = REGISTER_STAT_GROUP_GENERIC,
                                 .cli_string = option_name,
                                 .tap_init_cb = read_option};

    register_stat_tap_ui(&option, NULL);
}

guint32 frames_number(const packet_info *pinfo)
{
    const guint32 number = pinfo->num;

    if (!frames.numbers || number == 0)
        return number;
    if (number <= frames.count)
        return frames.numbers[number - 1];
    /* not of this capture: still behind all others */
    return frames.numbers[frames.count - 1] + (number - (guint32)frames.count);
}
