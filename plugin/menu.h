/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The menu Telephony, SIP Why of the GUI.
 */
#ifndef SIPWHY_MENU_H
#define SIPWHY_MENU_H

#include "language.h"

/** Adds it; without a GUI nothing comes of that. */
void menu_register(int proto);

#endif
