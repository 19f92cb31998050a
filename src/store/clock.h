/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monotonic clock. Deadlines, durations and rate limits use it, since the
 * time of day may be set back. All processes of a machine share it.
 */
#ifndef SW_CLOCK_H
#define SW_CLOCK_H

#include <apr_time.h>

/** Microseconds since a moment before httpd started. */
apr_time_t sw_clock(void);

/**
 * A rate limit of once in @a every on average, with bursts of @a burst. Takes
 * no lock: several threads and processes may call it.
 * @param state shared by all callers, zero at first; NULL: there is no limit
 * @param every whole milliseconds; @a burst times @a every is at most an hour
 */
int sw_clock_allows(volatile apr_uint32_t *state, apr_interval_time_t every,
                    apr_uint32_t burst);

#endif
