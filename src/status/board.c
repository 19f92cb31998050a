/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of the board: texts as they are kept, counters of total, minute and
 * hour, and copies for the pages.
 */
#include <stdlib.h>

#include <apr_atomic.h>
#include <apr_siphash.h>
#include <apr_strings.h>

#include "status/board.h"
#include "core/text/text.h"
#include "httpd/config/settings.h"

#define PART 128 /* records that are copied under one lock */

const apr_interval_time_t sw_board_bounds[SW_BOARD_BOUNDS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000,
    2500000, 5000000
};

/* ---- texts ------------------------------------------------------------- */

void sw_board_text(apr_pool_t *p, sw_span_t from, char *to, apr_size_t size)
{
    apr_size_t at = 0, n;
    int valid;

    if (from.n > size) /* clean no more of a long text than is kept */
        from = sw_span_of(apr_pstrmemdup(p, from.p, size), size);
    from = sw_text_clean(p, from);
    while (at < from.n && at + (n = sw_text_next(from, at, &valid)) < size)
        at += n;
    memcpy(to, from.p, at);
    to[at] = '\0';
}

void sw_board_name(apr_pool_t *p, const char *name, char to[SW_BOARD_NAME])
{
    sw_span_t clean = sw_text_clean(p, sw_span(name));
    static const unsigned char key[APR_SIPHASH_KSIZE] = { 0 };
    apr_size_t size = SW_BOARD_NAME;
    apr_uint64_t hash;

    if (clean.n >= SW_BOARD_NAME)
        size -= strlen("~12345678");
    sw_board_text(p, clean, to, size);
    if (size == SW_BOARD_NAME)
        return;
    hash = apr_siphash24(clean.p, clean.n, key);
    apr_snprintf(to + strlen(to), strlen("~12345678") + 1, "~%08x",
                 (unsigned int)(hash & 0xffffffff));
}

const char *sw_board_label(apr_pool_t *p, const sw_board_block_t *block,
                           int index)
{
    const char *label = block->keys[index].label;
    int i, n = 1;

    for (i = 0; i < index; i++)
        n += strcmp(block->keys[i].label, label) == 0;
    return !*label  ? NULL
           : n == 1 ? label
                    : apr_psprintf(p, "%s (%d)", label, n);
}

int sw_board_compare_ids(const void *a, const void *b)
{
    const apr_uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* ---- counters ------------------------------------------------------------ */

static sw_counters_t *counters_at(sw_slot_t *slots, int count,
                                  apr_int64_t number)
{
    sw_slot_t *slot = slots + number % count;

    if (slot->number != number) {
        memset(slot, 0, sizeof(*slot));
        slot->number = number;
    }
    return &slot->counters;
}

sw_periods_t sw_board_periods(sw_board_common_t *common, apr_time_t now)
{
    apr_int64_t minute = apr_time_sec(now) / 60;
    sw_periods_t to = {
        &common->total,
        counters_at(common->minutes, SW_BOARD_MINUTES, minute),
        counters_at(common->hours, SW_BOARD_HOURS, minute / 60)
    };

    return to;
}

void sw_board_add(const sw_periods_t *to, int counter, apr_uint64_t n)
{
    to->total->n[counter] += n;
    to->minute->n[counter] += n;
    to->hour->n[counter] += n;
}

/* ---- a copy ------------------------------------------------------------ */

/* A slot of the future remains of a clock that was set back: not counted. */
static void sum_up(sw_counters_t *sum, const sw_slot_t *slots, int count,
                   apr_int64_t now)
{
    int i, k;

    for (i = 0; i < count; i++) {
        int counts = slots[i].number > now - count && slots[i].number <= now;

        for (k = 0; counts && k < SW_COUNTERS; k++)
            sum->n[k] += slots[i].counters.n[k];
    }
}

static int by_time(const void *a, const void *b)
{
    const sw_board_record_t *x = a, *y = b;

    return x->last < y->last ? 1 : x->last > y->last ? -1 : 0;
}

/* Copy the records, the last updated first. In parts, since callbacks wait for
 * the lock, and sorted after it is released.
 * @return 0 if the lock is not free */
static int copy_records(apr_pool_t *p, sw_shm_table_t *table,
                        sw_board_list_t *list)
{
    apr_uint32_t i = 0, end, n = sw_shm_table_entries(table);
    sw_board_record_t *to = apr_palloc(p, n * sizeof(*to));
    int count = 0;

    while (i < n) {
        if (!sw_shm_table_lock(table))
            return 0;
        for (end = i + PART < n ? i + PART : n; i < end; i++) {
            const sw_board_record_t *record = sw_shm_table_at(table, i);

            if (record->entry.state)
                to[count++] = *record;
        }
        sw_shm_table_unlock(table);
    }
    qsort(to, (size_t)count, sizeof(*to), by_time);
    list->records = to;
    list->count = count;
    return 1;
}

static sw_board_event_t *find_event(sw_board_t *board, const char *name)
{
    int i = 0;

    while (i < board->event_count && strcmp(board->events[i].name, name) != 0)
        i++;
    if (i == board->event_count)
        board->events[board->event_count++].name = name;
    return board->events + i;
}

/* List the events that have come, in the order of the kinds. */
static void list_events(const sw_board_kind_t *kinds, sw_board_t *board)
{
    int i, n = 0;

    for (i = 0; sw_event_kind((unsigned int)i); i++) {
        sw_board_event_t *event = find_event(board,
                                             sw_event_kind((unsigned int)i));

        event->verified += kinds[i].verified;
        event->unverified += kinds[i].unverified;
    }
    for (i = 0; i < board->event_count; i++) {
        if (board->events[i].verified || board->events[i].unverified)
            board->events[n++] = board->events[i];
    }
    board->event_count = n;
}

static void copy_common(sw_board_common_t *common, sw_board_t *board)
{
    apr_int64_t minute = apr_time_sec(apr_time_now()) / 60;

    board->since = common->since;
    board->uncounted = apr_atomic_read32(&common->uncounted);
    board->total = common->total;
    sum_up(&board->hour, common->minutes, SW_BOARD_MINUTES, minute);
    sum_up(&board->day, common->hours, SW_BOARD_HOURS, minute / 60);
    board->block_count = (int)common->block_count;
    memcpy(board->blocks, common->blocks,
           common->block_count * sizeof(*common->blocks));
}

sw_board_t *sw_board_copy(apr_pool_t *p, server_rec *s, int records)
{
    const sw_boards_t *boards = sw_server_of(s)->boards;
    sw_board_t *board = apr_pcalloc(p, sizeof(*board));
    sw_board_kind_t kinds[SW_EVENT_KINDS];
    sw_board_common_t *common;

    if (!boards || !sw_shm_table_lock(boards->calls))
        return NULL;
    common = sw_shm_table_common(boards->calls);
    copy_common(common, board);
    memcpy(kinds, common->kinds, sizeof(kinds));
    sw_shm_table_unlock(boards->calls);
    list_events(kinds, board);
    board->calls.states = sw_call_states;
    board->calls.state_count = SW_CALL_COUNT;
    board->messages.states = sw_message_states;
    board->messages.state_count = SW_MESSAGE_COUNT;
    if (!records)
        return board;
    return copy_records(p, boards->calls, &board->calls)
                   && copy_records(p, boards->messages, &board->messages)
               ? board
               : NULL;
}
