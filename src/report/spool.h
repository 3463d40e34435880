/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes that are kept until a report is written, however many they are: the first of them in
 * memory, the others in a file that has no name, whose pages the system takes from memory as it
 * needs.
 */
#ifndef SIPWHY_REPORT_SPOOL_H
#define SIPWHY_REPORT_SPOOL_H

#include <stddef.h>

typedef struct SipwhySpool SipwhySpool;

enum { SIPWHY_SPOOL_MEMORY = 64 * 1024 * 1024 };

/** Names, in decimal digits, a descriptor of an empty file without a name. A program that must not
 * make files finds it in its environment; one spool at a time takes that file. */
#define SIPWHY_SPOOL_VARIABLE "SIPWHY_SPOOL"

/** Makes such a file, in $TMPDIR or in /var/tmp; -1: it cannot be made. */
int sipwhy_spool_make_file(void);

/** A spool that begins with its file once it holds `memory` bytes. Where no file can be made, or
 * the disk is full, all goes to memory. */
SipwhySpool *sipwhy_spool_new(size_t memory);
void sipwhy_spool_free(SipwhySpool *spool);

/** Copies bytes; the copy stays where it is as long as the spool does. Do not write to it. */
const char *sipwhy_spool_copy(SipwhySpool *spool, const char *bytes, size_t length);

/** Tells that some copy is going to be read; every so many times what stands in the file is taken
 * from memory, from which it comes back when it is read. */
void sipwhy_spool_look(SipwhySpool *spool);

/** How many bytes of address space the spool has in its file. */
size_t sipwhy_spool_filed(const SipwhySpool *spool);

#endif
