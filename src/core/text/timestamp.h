/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four ways in which SignalWire writes a time (docs/variables.md, Times):
 * "Tue, 03 Mar 2026 09:14:20 +0000", "2026-03-03T09:15:44.120Z", Unix seconds
 * with a fraction, Unix microseconds.
 */
#ifndef SW_TIMESTAMP_H
#define SW_TIMESTAMP_H

#include <apr_time.h>

#include "core/text/span.h"

/** What sw_timestamp_write() needs: "2026-03-03T09:15:44.120Z" and NUL. */
#define SW_TIMESTAMP_SIZE 25

/**
 * Read @a text; a number below 10^11 is seconds, below 10^14 milliseconds,
 * otherwise microseconds; a time without a zone is UTC.
 * @return 1, or 0 if it is no time from 1970 to 9999
 */
int sw_timestamp_read(sw_span_t text, apr_time_t *t);

/** Write @a t as RFC 3339 in UTC with milliseconds, cut off. */
void sw_timestamp_write(char to[SW_TIMESTAMP_SIZE], apr_time_t t);

#endif
