/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board: every request is counted when all is known of it, under the lock
 * of the ring of calls, on which the counters hang.
 */
#include <stdlib.h>

#include <apr_atomic.h>
#include <apr_strings.h>

#include "../core/text.h"
#include "board.h"

APLOG_USE_MODULE(signalwire);

#define SLOW apr_time_from_sec(5)
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

    if (from.n > size) /* it may be long, and nobody needs the rest clean */
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
    apr_size_t room = SW_BOARD_NAME, i;
    apr_uint32_t hash = 2166136261u; /* FNV-1a */

    if (clean.n >= SW_BOARD_NAME)
        room -= strlen("~12345678");
    sw_board_text(p, clean, to, room);
    if (room == SW_BOARD_NAME)
        return;
    for (i = 0; i < clean.n; i++)
        hash = (hash ^ (unsigned char)clean.p[i]) * 16777619u;
    apr_snprintf(to + strlen(to), strlen("~12345678") + 1, "~%08x", hash);
}

const char *sw_board_label(apr_pool_t *p, const sw_board_block_t *block,
                           int place)
{
    const char *label = block->keys[place].label;
    int i, n = 1;

    for (i = 0; i < place; i++)
        n += strcmp(block->keys[i].label, label) == 0;
    return !*label ? NULL : n == 1 ? label
           : apr_psprintf(p, "%s (%d)", label, n);
}

/* ---- counting ---------------------------------------------------------- */

static sw_tally_t *tally_at(sw_slot_t *slots, int count, apr_int64_t which)
{
    sw_slot_t *slot = slots + which % count;

    if (slot->which != which) {
        memset(slot, 0, sizeof(*slot));
        slot->which = which;
    }
    return &slot->tally;
}

static sw_tallies_t tallies_of(sw_common_t *common, apr_time_t now)
{
    apr_int64_t minute = apr_time_sec(now) / 60;
    sw_tallies_t to = {
        &common->total,
        tally_at(common->minutes, SW_BOARD_MINUTES, minute),
        tally_at(common->hours, SW_BOARD_HOURS, minute / 60)
    };

    return to;
}

void sw_board_add(const sw_tallies_t *to, int what, apr_uint64_t by)
{
    to->total->n[what] += by;
    to->minute->n[what] += by;
    to->hour->n[what] += by;
}

int sw_board_compare_ids(const void *a, const void *b)
{
    const apr_uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static int is_configured(const sw_boards_t *boards, apr_uint64_t id)
{
    const apr_array_header_t *ids = boards->key_ids;

    return bsearch(&id, ids->elts, (size_t)ids->nelts, sizeof(id),
                   sw_board_compare_ids) != NULL;
}

/* The place of a key, or a free one, or that of all others. A key that had the
 * label before, and is no longer configured, is counted among the others. One
 * that is has the same label in another virtual host, and keeps its place. */
static sw_board_key_t *key_of(const sw_boards_t *boards,
                              sw_board_block_t *block, const sw_key_t *key)
{
    sw_board_key_t *others = block->keys + SW_BOARD_KEYS - 1;
    sw_board_key_t *found = NULL, *unused = others, *each = others;

    while (each-- > block->keys) {
        if (!each->label[0])
            unused = each;
        else if (each->id == sw_key_id(key))
            found = each;
        else if (strncmp(each->label, sw_key_label(key),
                         SW_BOARD_NAME - 1) == 0
                 && !is_configured(boards, each->id)) {
            others->n += each->n;
            if (others->last < each->last)
                others->last = each->last;
            memset(each, 0, sizeof(*each));
        }
    }
    return found ? found : unused;
}

static void count_key(const sw_boards_t *boards, sw_board_block_t *block,
                      const sw_key_t *key, apr_time_t now)
{
    sw_board_key_t *others = block->keys + SW_BOARD_KEYS - 1;
    sw_board_key_t *counted = key_of(boards, block, key);

    apr_cpystrn(counted->label, sw_key_label(key), SW_BOARD_NAME);
    if (others->n || counted == others)
        apr_cpystrn(others->label, "(others)", SW_BOARD_NAME);
    counted->id = sw_key_id(key);
    counted->last = now;
    counted->n++;
}

static void count_time(sw_board_block_t *block, apr_interval_time_t time)
{
    int i = 0;

    while (i < SW_BOARD_BOUNDS && time > sw_board_bounds[i])
        i++;
    block->latency[i]++;
    block->microseconds += (apr_uint64_t)time;
}

/* The reply came when the first byte could: with an acknowledgement at once. */
static void count_request(const sw_tallies_t *to, sw_board_block_t *block,
                          request_rec *r, const sw_record_t *record,
                          const sw_judgement_t *judgement, apr_time_t now)
{
    apr_interval_time_t time = sw_ack_time(record, now) - r->request_time;
    int passes = sw_passes(judgement);

    if (time < 0)
        time = 0;
    (passes ? block->passed : block->refused)[judgement->verdict]++;
    count_time(block, time);
    sw_board_add(to, SW_TALLY_REQUESTS, 1);
    sw_board_add(to, judgement->verdict == SW_VERIFIED ? SW_TALLY_VERIFIED
                     : passes ? SW_TALLY_UNVERIFIED : SW_TALLY_REFUSED, 1);
    if (record->delivery && strcmp(record->delivery, "repeat") == 0)
        sw_board_add(to, SW_TALLY_REPEATS, 1);
    if (record->is_unclaimed)
        sw_board_add(to, SW_TALLY_UNCLAIMED, 1);
    if (time > SLOW)
        sw_board_add(to, SW_TALLY_SLOW, 1);
    while (r->next)
        r = r->next;
    if (r->status >= 500)
        sw_board_add(to, SW_TALLY_BROKEN, 1);
}

/* Tells an administrator whether all that come of a kind are signed. */
static void count_kind(sw_board_kind_t *kind, const sw_judgement_t *judgement)
{
    if (judgement->verdict == SW_VERIFIED)
        kind->verified++;
    else
        kind->unverified++;
}

/* A request that anybody can send says nothing of calls. */
static int is_believed(const sw_judgement_t *judgement)
{
    return judgement->verdict == SW_VERIFIED
           || (sw_passes(judgement)
               && (judgement->verdict == SW_NOT_LOOKED
                   || sw_dir_mode(&judgement->dir) == SW_MODE_EITHER));
}

int sw_board_count(request_rec *r)
{
    const sw_boards_t *boards = sw_server_of(r->server)->boards;
    const sw_record_t *record = boards ? sw_record_of(r) : NULL;
    const sw_judgement_t *judgement;
    const sw_event_t *event;
    apr_time_t now = apr_time_now();
    sw_common_t *common;
    sw_board_block_t *block;
    sw_tallies_t to;
    sw_news_t news;
    int kind;

    if (!record || !record->dir)
        return DECLINED;
    judgement = sw_judge(r, record->dir);
    event = sw_passes(judgement) ? sw_event_of(r) : NULL;
    kind = event ? (int)event->kind : -1;
    if (!is_believed(judgement))
        event = NULL;
    if (event && !sw_news_read(r, event, sw_sender(r, judgement, 0), &news))
        event = NULL;
    common = sw_ring_common(boards->calls);
    if (!sw_ring_lock(boards->calls)) {
        apr_atomic_inc32(&common->uncounted);
        return DECLINED;
    }
    to = tallies_of(common, now);
    block = common->blocks + record->dir->block->place;
    count_request(&to, block, r, record, judgement, now);
    if (judgement->key)
        count_key(boards, block, judgement->key, now);
    if (kind >= 0)
        count_kind(common->kinds + kind, judgement);
    if (event) {
        news.block = record->dir->block->place;
        sw_news_note(&to, boards, &news);
    }
    sw_ring_unlock(boards->calls);
    return DECLINED;
}

/* ---- a copy ------------------------------------------------------------ */

/* What lies in the future is of a clock that has been set back since. */
static void sum_up(sw_tally_t *sum, const sw_slot_t *slots, int count,
                   apr_int64_t now)
{
    int i, k;

    for (i = 0; i < count; i++) {
        int counts = slots[i].which > now - count && slots[i].which <= now;

        for (k = 0; counts && k < SW_TALLY_COUNT; k++)
            sum->n[k] += slots[i].tally.n[k];
    }
}

static int by_time(const void *a, const void *b)
{
    const sw_seen_t *x = a, *y = b;

    return x->last < y->last ? 1 : x->last > y->last ? -1 : 0;
}

/* The latest first: those that were heard of last. In parts, since callbacks
 * wait for the lock, and sorted behind it.
 * @return how many, or -1 if nobody lets go of them */
static int copy_seen(apr_pool_t *p, sw_ring_t *ring, sw_seen_t **copy)
{
    apr_uint32_t i = 0, end, n = sw_ring_entries(ring);
    sw_seen_t *to = apr_palloc(p, n * sizeof(*to));
    int count = 0;

    while (i < n) {
        if (!sw_ring_lock(ring))
            return -1;
        for (end = i + PART < n ? i + PART : n; i < end; i++) {
            const sw_seen_t *seen = sw_ring_at(ring, i);

            if (seen->entry.state)
                to[count++] = *seen;
        }
        sw_ring_unlock(ring);
    }
    qsort(to, (size_t)count, sizeof(*to), by_time);
    *copy = to;
    return count;
}

static void copy_kinds(const sw_common_t *common, sw_board_t *board)
{
    unsigned int i, first;

    for (i = 0; sw_event_kind(i); i++) {
        for (first = 0; strcmp(sw_event_kind(first), sw_event_kind(i)) != 0;)
            first++;
        board->kinds[first].verified += common->kinds[i].verified;
        board->kinds[first].unverified += common->kinds[i].unverified;
    }
}

static void copy_common(sw_common_t *common, sw_board_t *board)
{
    apr_int64_t minute = apr_time_sec(apr_time_now()) / 60;

    board->since = common->since;
    board->uncounted = apr_atomic_read32(&common->uncounted);
    board->total = common->total;
    sum_up(&board->hour, common->minutes, SW_BOARD_MINUTES, minute);
    sum_up(&board->day, common->hours, SW_BOARD_HOURS, minute / 60);
    copy_kinds(common, board);
    board->block_count = (int)common->block_count;
    memcpy(board->blocks, common->blocks,
           common->block_count * sizeof(*common->blocks));
}

sw_board_t *sw_board_copy(apr_pool_t *p, server_rec *s, int records)
{
    const sw_boards_t *boards = sw_server_of(s)->boards;
    sw_board_t *board = apr_pcalloc(p, sizeof(*board));

    if (!boards || !sw_ring_lock(boards->calls))
        return NULL;
    copy_common(sw_ring_common(boards->calls), board);
    sw_ring_unlock(boards->calls);
    if (!records)
        return board;
    board->call_count = copy_seen(p, boards->calls, &board->calls);
    board->message_count = copy_seen(p, boards->messages, &board->messages);
    return board->call_count < 0 || board->message_count < 0 ? NULL : board;
}
