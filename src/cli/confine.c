/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fewer rights. tshark's dissectors read whatever is in a capture: one that is led astray should
 * find nothing to do. As none of this is needed for the work, failing is no failure.
 */
#include "confine.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(capability) (UINT64_C(1) << (capability))

/* A folder of somebody else's has captures in it, and reports go there. */
static const uint64_t of_command =
    BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER);
static const uint64_t of_child = BIT(CAP_DAC_READ_SEARCH);

/* Leaves none but these, in all sets of this process; the ambient ones follow. */
static void keep_capabilities(uint64_t kept)
{
    enum { WORDS = _LINUX_CAPABILITY_U32S_3, BITS = 32 };
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[WORDS];

    if (syscall(SYS_capget, &header, sets) != 0)
        return;
    for (unsigned i = 0; i < WORDS; i++) {
        const uint32_t mask = (uint32_t)(kept >> (i * BITS));
        sets[i].effective &= mask;
        sets[i].permitted &= mask;
        sets[i].inheritable &= mask;
    }
    (void)syscall(SYS_capset, &header, sets);
}

/* A program that root runs has all capabilities of the bounding set. */
static void bound_capabilities(uint64_t kept)
{
    for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
        if (!(kept & BIT(i)))
            (void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
}

void cli_confine(void)
{
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    bound_capabilities(of_child);
    keep_capabilities(of_command);
}

/* All that changes a file system, as far as this kernel knows it; 0: it knows nothing. */
static uint64_t find_writes(void)
{
    /* Of versions 2 and 3: to move a file to another folder, to cut it. */
    static const uint64_t later[] = {UINT64_C(1) << 13, UINT64_C(1) << 14};
    const long version =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    uint64_t writes = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                      LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                      LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                      LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                      LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

    for (unsigned i = 0; i < sizeof later / sizeof later[0]; i++)
        writes |= version >= (long)i + 2 ? later[i] : 0;
    return version > 0 ? writes : 0;
}

/* Landlock: of the file system nothing may be changed but /dev/null. */
static void forbid_writes(void)
{
    const uint64_t writes = find_writes();
    const struct landlock_ruleset_attr attributes = {.handled_access_fs = writes};
    struct landlock_path_beneath_attr null = {.allowed_access = LANDLOCK_ACCESS_FS_WRITE_FILE};

    if (!writes)
        return;
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    null.parent_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (rules >= 0 && null.parent_fd >= 0 &&
        syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &null, 0) == 0)
        (void)syscall(SYS_landlock_restrict_self, rules, 0);
    (void)close(null.parent_fd);
    (void)close(rules);
}

/* A dump holds what was said in the capture. A limit of one byte is too little for a file, and the
 * only one that keeps Linux from piping a dump to a program. */
static void forbid_dumps(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max < 1 ? limit.rlim_max : 1;
    limit.rlim_max = limit.rlim_cur;
    (void)setrlimit(RLIMIT_CORE, &limit);
}

void cli_confine_child(void *data)
{
    (void)data;
    forbid_dumps();
    forbid_writes();
    keep_capabilities(of_child);
}
