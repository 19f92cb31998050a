/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters of the board. Counting takes no lock: each process adds to its
 * own set, and the first request of a minute keeps the sums of that moment,
 * from which the last hour and day are computed.
 */
#ifndef SW_COUNTERS_H
#define SW_COUNTERS_H

#include "core/signature/signature.h"
#include "status/layout.h"

/** Choose the counters of this process. */
void sw_counters_child_init(sw_boards_t *boards);

/** To be called before the first sw_counters_add() of a request. */
void sw_counters_keep(const sw_boards_t *boards, apr_time_t now);

/** Add to one of the counters of this process. */
void sw_counters_add(apr_uint64_t *counter, apr_uint64_t n);

/** Add up the sets of all processes. */
void sw_counters_sum(const sw_boards_t *boards, sw_counter_set_t *sum);

/** What of @a total was counted in the last hour (this minute and the 59 before
 * it) and in the last day (this hour and the 23 before it). */
void sw_counters_since(const sw_boards_t *boards, const sw_counters_t *total,
                       sw_counters_t *hour, sw_counters_t *day);

/** The counter of a key of a block: its own, or one for all others. */
int sw_counters_key(const sw_boards_t *boards, apr_uint32_t block,
                    const sw_key_t *key);

/** In post_config: show each configured key (const sw_key_t *) with its present
 * label. A key that is no longer configured, but whose label is that of a
 * configured one, was replaced: what it counted is added to the counter of all
 * others. */
void sw_counters_update_keys(const sw_boards_t *boards,
                             const apr_array_header_t *configured);

#endif
