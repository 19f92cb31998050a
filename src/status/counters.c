/* SPDX-License-Identifier: Apache-2.0 */
/* See counters.h. */
#include <apr_atomic.h>
#include <apr_strings.h>

#include "status/counters.h"

#define OTHERS (SW_BOARD_KEYS - 1)

void sw_counters_child_init(sw_boards_t *boards)
{
    apr_uint32_t n = apr_atomic_inc32(&boards->common->processes);

    boards->counters = boards->common->sets + n % SW_BOARD_SETS;
}

/* Atomic, for the threads of a process. Another process has the same set only
 * if there are very many. */
void sw_counters_add(apr_uint64_t *counter, apr_uint64_t n)
{
    apr_atomic_add64(counter, n);
}

static void add_up(const apr_uint64_t *from, apr_uint64_t *sum, apr_size_t size)
{
    apr_size_t i;

    for (i = 0; i < size / sizeof(*sum); i++)
        sum[i] += from[i];
}

static apr_uint32_t sets_in_use(const sw_board_common_t *common)
{
    apr_uint32_t n = apr_atomic_read32(
        (volatile apr_uint32_t *)&common->processes);

    return n == 0 ? 1 : n < SW_BOARD_SETS ? n : SW_BOARD_SETS;
}

void sw_counters_sum(const sw_boards_t *boards, sw_counter_set_t *sum)
{
    apr_uint32_t i;

    for (i = 0; i < sets_in_use(boards->common); i++)
        add_up((const apr_uint64_t *)(boards->common->sets + i),
               (apr_uint64_t *)sum, sizeof(*sum));
}

/* ---- history ------------------------------------------------------------- */

static void write_snapshot(sw_snapshot_t *to, apr_uint32_t number,
                           const sw_counters_t *counters)
{
    apr_atomic_xchg32(&to->number, 0);
    to->counters = *counters;
    apr_atomic_xchg32(&to->number, number);
}

void sw_counters_keep(const sw_boards_t *boards, apr_time_t now)
{
    sw_board_common_t *common = boards->common;
    apr_uint32_t minute = (apr_uint32_t)(apr_time_sec(now) / 60);
    apr_uint32_t last = apr_atomic_read32(&common->minute), i;
    sw_counters_t sum = { { 0 } };

    if (minute == last
        || apr_atomic_cas32(&common->minute, minute, last) != last)
        return;
    for (i = 0; i < sets_in_use(common); i++)
        add_up(common->sets[i].total.n, sum.n, sizeof(sum));
    write_snapshot(common->minutes + minute % SW_BOARD_MINUTES, minute, &sum);
    if (minute / 60 != last / 60)
        write_snapshot(common->hours + minute / 60 % SW_BOARD_HOURS,
                       minute / 60, &sum);
}

/* @return 0 if the snapshot is not of that time, or is being written */
static int read_snapshot(sw_snapshot_t *from, apr_uint32_t number,
                         sw_counters_t *to)
{
    if (apr_atomic_read32(&from->number) != number)
        return 0;
    *to = from->counters;
    __sync_synchronize();
    return apr_atomic_read32(&from->number) == number;
}

/* The difference to the first of several snapshots. Where one is missing there
 * was no request, so the next one has the same counters. */
static void subtract_first(sw_snapshot_t *ring, apr_uint32_t size,
                           apr_uint32_t from, apr_uint32_t to,
                           sw_counters_t *difference)
{
    sw_counters_t first = *difference;
    int i;

    while (from <= to && !read_snapshot(ring + from % size, from, &first))
        from++;
    for (i = 0; i < SW_COUNTERS; i++)
        difference->n[i] -= first.n[i] < difference->n[i] ? first.n[i]
                                                          : difference->n[i];
}

void sw_counters_since(const sw_boards_t *boards, const sw_counters_t *total,
                       sw_counters_t *hour, sw_counters_t *day)
{
    apr_uint32_t minute = (apr_uint32_t)(apr_time_sec(apr_time_now()) / 60);

    *hour = *day = *total;
    subtract_first(boards->common->minutes, SW_BOARD_MINUTES, minute - 59,
                   minute, hour);
    subtract_first(boards->common->hours, SW_BOARD_HOURS, minute / 60 - 23,
                   minute / 60, day);
}

/* ---- keys ---------------------------------------------------------------- */

int sw_counters_key(const sw_boards_t *boards, apr_uint32_t block,
                    const sw_key_t *key)
{
    sw_board_key_t *keys = boards->common->blocks[block].keys;
    apr_uint64_t id = sw_key_id(key), found;
    int i;

    for (i = 0; i < OTHERS; i++) {
        if (apr_atomic_read64(&keys[i].id) == id)
            return i;
    }
    for (i = 0; i < OTHERS; i++) {
        found = apr_atomic_cas64(&keys[i].id, id, 0);
        if (!found)
            apr_cpystrn(keys[i].label, sw_key_label(key), SW_BOARD_NAME);
        if (!found || found == id)
            return i;
    }
    apr_cpystrn(keys[OTHERS].label, "(others)", SW_BOARD_NAME);
    return OTHERS;
}

static const sw_key_t *find_key(const apr_array_header_t *configured,
                                apr_uint64_t id)
{
    int i;

    for (i = 0; i < configured->nelts; i++) {
        const sw_key_t *key = APR_ARRAY_IDX(configured, i, const sw_key_t *);

        if (sw_key_id(key) == id)
            return key;
    }
    return NULL;
}

static int is_configured_label(const apr_array_header_t *configured,
                               const char *label)
{
    int i;

    for (i = 0; i < configured->nelts; i++) {
        const sw_key_t *key = APR_ARRAY_IDX(configured, i, const sw_key_t *);

        if (strncmp(label, sw_key_label(key), SW_BOARD_NAME - 1) == 0)
            return 1;
    }
    return 0;
}

static void retire_key(sw_board_common_t *common, apr_uint32_t block, int index)
{
    sw_board_key_t *keys = common->blocks[block].keys;
    apr_uint32_t i;

    for (i = 0; i < SW_BOARD_SETS; i++) {
        apr_uint64_t *n = common->sets[i].blocks[block].keys;

        sw_counters_add(n + OTHERS, apr_atomic_xchg64(n + index, 0));
    }
    if (keys[OTHERS].last < keys[index].last)
        keys[OTHERS].last = keys[index].last;
    apr_cpystrn(keys[OTHERS].label, "(others)", SW_BOARD_NAME);
    keys[index].label[0] = '\0';
    keys[index].last = 0;
    apr_atomic_set64(&keys[index].id, 0);
}

void sw_counters_update_keys(const sw_boards_t *boards,
                             const apr_array_header_t *configured)
{
    sw_board_common_t *common = boards->common;
    apr_uint32_t block;
    int i;

    for (block = 0; block < common->block_count; block++) {
        for (i = 0; i < OTHERS; i++) {
            sw_board_key_t *shown = common->blocks[block].keys + i;
            const sw_key_t *key = find_key(configured, shown->id);

            if (shown->id && key)
                apr_cpystrn(shown->label, sw_key_label(key), SW_BOARD_NAME);
            else if (shown->id && is_configured_label(configured, shown->label))
                retire_key(common, block, i);
        }
    }
}
