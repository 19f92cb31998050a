/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include <apr_atomic.h>

#include "store/clock.h"

apr_time_t sw_clock(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return apr_time_now();
    return apr_time_make(now.tv_sec, now.tv_nsec / 1000);
}

/* The state is the time in milliseconds at which the burst is whole again, as
 * in the generic cell rate algorithm. It wraps every 49 days: a state that is
 * further ahead than a burst is an old one. The loop ends, since every
 * exchange by somebody else uses up a part of the burst. */
int sw_clock_allows(volatile apr_uint32_t *state, apr_interval_time_t every,
                    apr_uint32_t burst)
{
    apr_uint32_t step = (apr_uint32_t)apr_time_as_msec(every);
    apr_uint32_t now = (apr_uint32_t)apr_time_as_msec(sw_clock());
    apr_uint32_t before, ahead;

    if (!state)
        return 1;
    do {
        before = apr_atomic_read32(state);
        ahead = before - now;
        if (ahead > step * burst)
            ahead = 0;
        if (ahead > step * (burst - 1))
            return 0;
    } while (apr_atomic_cas32(state, now + ahead + step, before) != before);
    return 1;
}
