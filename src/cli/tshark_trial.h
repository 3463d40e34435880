/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trying tshark before the first capture, so that what is wrong with all runs is said once.
 */
#ifndef SIPWHY_CLI_TSHARK_TRIAL_H
#define SIPWHY_CLI_TSHARK_TRIAL_H

#include "tshark.h"

/** As cli_tshark_open does. */
CliExit cli_tshark_try(const CliTshark *tshark);

#endif
