/* SPDX-License-Identifier: Apache-2.0 */
/* See board.h. */
#include <stdlib.h>

#include <apr_atomic.h>
#include <apr_siphash.h>
#include <apr_strings.h>

#include "status/board.h"
#include "core/text/text.h"
#include "httpd/config/settings.h"
#include "status/counters.h"

#define TRIES 100 /* to copy a record that is being written */

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
    if (at) /* an empty text may have no address */
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

const char *sw_board_label(apr_pool_t *p, const sw_board_names_t *block,
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

/* ---- lists --------------------------------------------------------------- */

typedef struct sw_board_row_t {
    apr_time_t last;
    apr_uint32_t index;
} sw_board_row_t;

static int by_time(const void *a, const void *b)
{
    const sw_board_row_t *x = a, *y = b;

    return x->last < y->last ? 1 : x->last > y->last ? -1 : 0;
}

static void sort_records(apr_pool_t *p, sw_board_list_t *list)
{
    apr_uint32_t i, n = sw_shm_table_entries(list->table);
    sw_board_row_t *rows = apr_palloc(p, n * sizeof(*rows));

    for (i = 0; i < n; i++) {
        const sw_board_record_t *record = sw_shm_table_at(list->table, i);

        if (!record->entry.state)
            continue;
        rows[list->count].last = record->last;
        rows[list->count++].index = i;
    }
    qsort(rows, (size_t)list->count, sizeof(*rows), by_time);
    list->rows = rows;
}

/* A record whose writer has died stays odd: it is shown as it is. */
int sw_board_record(const sw_board_list_t *list, int i, sw_board_record_t *to)
{
    sw_board_record_t *record = sw_shm_table_at(list->table,
                                                list->rows[i].index);
    apr_uint32_t version;
    int tries = 0;

    do {
        version = apr_atomic_read32(&record->version);
        *to = *record;
        __sync_synchronize();
    } while (
        ++tries < TRIES
        && ((version & 1) || apr_atomic_read32(&record->version) != version));
    return to->entry.state != 0;
}

/* ---- counters ------------------------------------------------------------ */

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
static void list_events(const sw_kind_counters_t *kinds, sw_board_t *board)
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

sw_board_t *sw_board_read(apr_pool_t *p, server_rec *s, int with_records)
{
    const sw_boards_t *boards = sw_server_of(s)->boards;
    sw_board_t *board = apr_pcalloc(p, sizeof(*board));
    sw_counter_set_t *sum = apr_pcalloc(p, sizeof(*sum));
    int i;

    if (!boards)
        return NULL;
    board->since = boards->common->since;
    board->block_count = (int)boards->common->block_count;
    for (i = 0; i < board->block_count; i++) {
        board->blocks[i].names = boards->common->blocks + i;
        board->blocks[i].n = sum->blocks + i;
    }
    sw_counters_sum(boards, sum);
    board->total = sum->total;
    sw_counters_since(boards, &board->total, &board->hour, &board->day);
    list_events(sum->kinds, board);
    board->calls.table = boards->calls;
    board->calls.states = sw_call_states;
    board->calls.state_count = SW_CALL_COUNT;
    board->messages.table = boards->messages;
    board->messages.states = sw_message_states;
    board->messages.state_count = SW_MESSAGE_COUNT;
    if (with_records) {
        sort_records(p, &board->calls);
        sort_records(p, &board->messages);
    }
    return board;
}
