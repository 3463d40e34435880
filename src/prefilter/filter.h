/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Display filters that say the same of a packet when others are missing.
 */
#ifndef SIPWHY_PREFILTER_FILTER_H
#define SIPWHY_PREFILTER_FILTER_H

#include <stdbool.h>

/** Whether the filter asks only for what stands in a packet itself, or for what sipwhy says of it,
 * by field names that are known here. Of what is not understood: false. */
bool sipwhy_filter_stands_alone(const char *filter);

#endif
