/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One run of the generator: where data/ is, its languages, and the C text that comes out.
 */
#ifndef SIPWHY_GENERATE_BUILD_H
#define SIPWHY_GENERATE_BUILD_H

#include "source.h"

typedef struct {
    char *id;
    char *name;
    gboolean tables; /* covers the knowledge, not only what the software itself says */
} Language;

typedef struct {
    const char *data;     /* the folder */
    GPtrArray *languages; /* Language, the default first */
    GString *tables;      /* tables.c */
    GString *texts;       /* interface.h: the enumerations of texts and findings */
} Build;

/** An empty array of Language. */
GPtrArray *build_languages_new(void);

/** Loads a file of facts ("q850.ini"), or of one language's words, which must be those of the
 * default language. Free with source_free. */
Source *build_load_facts(const Build *build, const char *name);
Source *build_load_words(const Build *build, const Language *language, const char *name);

/** Complains of each key file in a folder of data/ whose name is not among the known ones. */
void build_refuse_unknown_files(const Build *build, const char *folder, const char *const *known);

/** The parts: each reads its files, complains of what is wrong, and appends its tables. */
void generate_languages(Build *build);
void generate_interface(Build *build);
void generate_classes(Build *build);
void generate_codes(Build *build);
void generate_warnings(Build *build);
void generate_causes(Build *build);
void generate_reasons(Build *build);
void generate_findings(Build *build);

#endif
