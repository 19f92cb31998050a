/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <apr_strings.h>

#include "store/owner.h"

#define STARTED 22 /* which field of a stat file; the first is the id */

/* Read what /proc says of a process, as a text. @return its length */
static apr_size_t read_stat(const char *path, char *text, apr_size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (file < 0)
        return 0;
    n = read(file, text, size - 1);
    (void)close(file);
    text[n > 0 ? n : 0] = '\0';
    return n > 0 ? (apr_size_t)n : 0;
}

/* The second field is the name of the program in parentheses, which may hold
 * blanks and parentheses: count from the last one.
 * @return 0 if there is no such time; state is a letter */
static apr_uint64_t parse_stat(const char *text, char *state)
{
    const char *at = strrchr(text, ')');
    int field;

    if (!at || at[1] != ' ')
        return 0;
    *state = at[2];
    for (field = 2; at && field < STARTED; field++)
        at = strchr(at + 1, ' ');
    return at ? (apr_uint64_t)apr_strtoi64(at + 1, NULL, 10) : 0;
}

/* A /proc of another PID namespace knows this process by another id. Then it
 * tells nothing of the others either. */
sw_owner_t sw_owner_self(void)
{
    sw_owner_t self = { (apr_uint32_t)getpid(), 0 };
    char text[1024], state;

    if (read_stat("/proc/self/stat", text, sizeof(text))
        && apr_atoi64(text) == (apr_int64_t)self.pid)
        self.started = parse_stat(text, &state);
    return self;
}

sw_life_e sw_owner_life(sw_owner_t owner)
{
    char path[40], text[1024], state = 0;
    apr_uint64_t started = 0;

    if (owner.pid == 0 || (kill((pid_t)owner.pid, 0) != 0 && errno == ESRCH))
        return SW_OWNER_DEAD;
    apr_snprintf(path, sizeof(path), "/proc/%u/stat", owner.pid);
    if (owner.started && read_stat(path, text, sizeof(text)))
        started = parse_stat(text, &state);
    if (!started)
        return SW_OWNER_UNSURE;
    /* A zombie has ended, although its parent has not asked for it yet. */
    return started == owner.started && state != 'Z' && state != 'X'
               ? SW_OWNER_ALIVE
               : SW_OWNER_DEAD;
}
