/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A patient's sheet: what was looked at and how it is, and what to type.
 */
#ifndef SIPWHY_CLI_DOCTOR_H
#define SIPWHY_CLI_DOCTOR_H

#include "doctor_facts.h"

typedef enum {
    CLI_STATE_OK,
    CLI_STATE_NOTE, /**< worth knowing; does not keep responses from being explained */
    CLI_STATE_FAULT,
    CLI_STATE_COUNT,
} CliState;

typedef struct {
    const char *about; /**< id of what was looked at */
    CliState state;
    char *text; /**< one line */
} CliFinding;

typedef struct {
    char *command; /**< for a shell */
    char *text;    /**< what it does, one line */
} CliRemedy;

typedef struct {
    const Cli *cli;
    CliDoctorFacts facts;
    GPtrArray *findings; /**< CliFinding */
    GPtrArray *remedies; /**< CliRemedy, the likeliest first */
} CliDoctor;

/** Takes the text. */
void cli_doctor_find(CliDoctor *doctor, const char *about, CliState state, char *text);

/** Takes both. */
void cli_doctor_advise(CliDoctor *doctor, char *command, char *text);

/** Judges the facts: fills in the findings. */
void cli_doctor_judge(CliDoctor *doctor);

/** Fills in the remedies. */
void cli_doctor_prescribe(CliDoctor *doctor);

#endif
