/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A clock that nobody can set. Deadlines, durations and limits of rate use it,
 * since the time of day may be set back. All processes of a machine share it.
 * This header knows APR only.
 */
#ifndef SW_CLOCK_H
#define SW_CLOCK_H

#include <apr_time.h>

/** Microseconds since a moment before httpd started. */
apr_time_t sw_clock(void);

/**
 * May something happen that is limited to once in @a every on average, and to
 * @a burst times at once? Without a lock: several threads and processes may
 * ask.
 * @param state shared by those who ask, zero at first; NULL: there is no limit
 * @param every whole milliseconds; @a burst times @a every is at most an hour
 */
int sw_clock_allows(volatile apr_uint32_t *state, apr_interval_time_t every,
                    apr_uint32_t burst);

#endif
