/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * leave-out CAPTURE KEPT NUMBERS: the pre-filter by itself, also where little is gained. KEPT is
 * the capture without the media that it leaves out, NUMBERS what numbers its packets had, as
 * -z sipwhy,frames reads them. Prints how many packets there are and how many are left out. Exit
 * status 1: it stepped aside; 2: a file cannot be opened.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "prefilter/prefilter.h"

int main(int argc, char **argv)
{
    SipwhyPrefilterResult result;

    if (argc != 4) {
        fprintf(stderr, "usage: %s CAPTURE KEPT NUMBERS\n", argv[0]);
        return 2;
    }
    const int capture = open(argv[1], O_RDONLY);
    FILE *kept = fopen(argv[2], "wb");
    FILE *numbers = fopen(argv[3], "wb");
    if (capture < 0 || !kept || !numbers) {
        perror(argv[0]);
        return 2;
    }
    const SipwhyPrefilter prefilter = {
        .capture = capture, .kept = kept, .numbers = numbers, .always = true};
    const bool done = sipwhy_prefilter_run(&prefilter, &result);
    printf("%u %u\n", result.packets, done ? result.left_out : 0);
    fclose(numbers);
    fclose(kept);
    close(capture);
    return done ? 0 : 1;
}
