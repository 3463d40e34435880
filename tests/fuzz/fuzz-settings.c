/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: what a user hands to `sipwhy check`, as a policy and as a baseline, and to --local.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check/verdict.h"
#include "local/local.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

/* A file in memory, and the name it can be opened by. */
static int make_file(const uint8_t *bytes, size_t length, char *name, size_t most)
{
    const int file = memfd_create("settings", MFD_CLOEXEC);

    CHECK(file >= 0);
    for (size_t done = 0; done < length;) {
        const ssize_t count = write(file, bytes + done, length - done);
        CHECK(count > 0);
        done += (size_t)count;
    }
    g_snprintf(name, (gulong)most, "/proc/self/fd/%d", file);
    return file;
}

/* A fault is one line of text. */
static void check_error(bool read, char *error)
{
    CHECK(read == !error);
    if (error)
        CHECK(g_utf8_validate(error, -1, NULL) && !strchr(error, '\n'));
    g_free(error);
}

/* Every entry can be shown, and asked whether it matches. */
static void check_local(const char *file)
{
    static const char response[] = "SIP/2.0 488 Not here (488/SL)\r\nServer: Kamailio (5.6)\r\n"
                                   "Warning: 305 a \"b\", 399 c \"aaaaaaaaaaaaaaaaaaaaaaa!\"\r\n"
                                   "Reason: Q.850;cause=17, SIP;cause=488\r\n\r\n";
    const char *const paths[] = {file, NULL};
    GPtrArray *faults;
    SipwhyLocal *local = sipwhy_local_read(paths, 0, &faults);
    SipwhyMessage message;
    SipwhyExplanation explanation;
    const SipwhyLocalEntry *entry;

    for (unsigned i = 0; i < faults->len; i++) {
        const SipwhyLocalFault *fault = faults->pdata[i];
        check_error(false, g_strdup(fault->text));
    }
    g_ptr_array_free(faults, TRUE);
    for (size_t i = 0; (entry = sipwhy_local_at(local, i)); i++)
        CHECK(g_utf8_validate(entry->conditions, -1, NULL) &&
              strlen(entry->conditions) <= SIPWHY_LINE_BYTES_MAX &&
              (!entry->title || g_utf8_strlen(entry->title, -1) <= 60));
    CHECK(sipwhy_message_scan(response, sizeof response - 1, SIPWHY_FRAMING_DATAGRAM, &message));
    for (unsigned i = 0; i < 2; i++) {
        const SipwhyLocalEntry **matched =
            sipwhy_local_match(local, message.status, "Not here (488/SL)", &message);
        CHECK(sipwhy_explain(message.status, 0, &explanation));
        sipwhy_local_apply(matched, &explanation);
        g_free(matched);
    }
    sipwhy_local_free(local);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char name[64];
    char *error = NULL;
    const int file = make_file(bytes, length, name, sizeof name);
    SipwhyPolicy *policy = sipwhy_policy_read(name, 0, &error);

    check_error(policy, error);
    sipwhy_policy_free(policy);
    SipwhyBaseline *baseline = sipwhy_baseline_read(name, 0, &error);
    check_error(baseline, error);
    sipwhy_baseline_free(baseline);
    check_local(name);
    close(file);
    return 0;
}
