/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which process owns something in shared memory, and whether it still lives. A
 * process id alone cannot tell, since the system gives it to another process
 * later: the time at which the process started belongs to it. This header
 * knows APR only.
 */
#ifndef SW_OWNER_H
#define SW_OWNER_H

#include <apr.h>

typedef struct sw_owner_t {
    apr_uint32_t pid;
    apr_uint64_t started; /* as /proc/PID/stat has it; 0: not known */
} sw_owner_t;

typedef enum sw_life_e {
    SW_OWNER_DEAD,
    SW_OWNER_ALIVE,
    SW_OWNER_UNSURE /* a process has this id; nothing tells which one */
} sw_life_e;

/** This process. */
sw_owner_t sw_owner_self(void);

/** Does @a owner live? SW_OWNER_UNSURE where there is no /proc, or where it
 * hides other processes (hidepid). */
sw_life_e sw_owner_life(sw_owner_t owner);

#endif
