/* SPDX-License-Identifier: Apache-2.0 */
/* See counters.h. */
#include <stdlib.h>

#include <apr_atomic.h>
#include <apr_strings.h>

#include "status/counters.h"
#include "core/event/event.h"
#include "core/signature/signature.h"
#include "core/signature/verdict.h"
#include "httpd/config/settings.h"
#include "httpd/delivery/ack.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"
#include "status/board.h"
#include "status/calls.h"
#include "store/shm_table.h"

#define SLOW apr_time_from_sec(5)

static int is_configured(const sw_boards_t *boards, apr_uint64_t id)
{
    const apr_array_header_t *ids = boards->key_ids;

    return bsearch(&id, ids->elts, (size_t)ids->nelts, sizeof(id),
                   sw_board_compare_ids)
           != NULL;
}

/* The counter of a key: its own, an unused one, or the one for all others. The
 * counter of a key with the same label that is no longer configured is added to
 * the others. A configured one belongs to another virtual host and stays. */
static sw_board_key_t *find_key(const sw_boards_t *boards,
                                sw_board_block_t *block, const sw_key_t *key)
{
    sw_board_key_t *others = block->keys + SW_BOARD_KEYS - 1;
    sw_board_key_t *found = NULL, *unused = others, *each = others;

    while (each-- > block->keys) {
        if (!each->label[0])
            unused = each;
        else if (each->id == sw_key_id(key))
            found = each;
        else if (strncmp(each->label, sw_key_label(key), SW_BOARD_NAME - 1) == 0
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
    sw_board_key_t *counted = find_key(boards, block, key);

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

static void count_verdict(const sw_periods_t *to, sw_board_block_t *block,
                          const sw_decision_t *decision)
{
    int passes = sw_passes(decision);

    (passes ? block->passed : block->refused)[decision->verdict]++;
    sw_board_add(to, SW_COUNT_REQUESTS, 1);
    sw_board_add(to,
                 decision->verdict == SW_VERIFIED ? SW_COUNT_VERIFIED
                 : passes                         ? SW_COUNT_UNVERIFIED
                                                  : SW_COUNT_REFUSED,
                 1);
}

/* The time to the answer: with SignalWireAckFirst to the acknowledgement. */
static apr_interval_time_t answer_time(const request_rec *r,
                                       const sw_record_t *record,
                                       apr_time_t now)
{
    apr_interval_time_t time = sw_ack_time(record, now) - r->request_time;

    return time > 0 ? time : 0;
}

static void count_reply(const sw_periods_t *to, const request_rec *r,
                        const sw_record_t *record, apr_interval_time_t time)
{
    if (record->delivery && strcmp(record->delivery, "repeat") == 0)
        sw_board_add(to, SW_COUNT_REPEATS, 1);
    if (record->is_unclaimed)
        sw_board_add(to, SW_COUNT_UNCLAIMED, 1);
    if (time > SLOW)
        sw_board_add(to, SW_COUNT_SLOW, 1);
    if (sw_last(r)->status >= 500)
        sw_board_add(to, SW_COUNT_BROKEN, 1);
}

/* Shows an administrator whether SignalWire signs all events of a kind. */
static void count_kind(sw_board_kind_t *kind, const sw_decision_t *decision)
{
    if (decision->verdict == SW_VERIFIED)
        kind->verified++;
    else
        kind->unverified++;
}

/* Calls and messages are taken from no request that anybody can send, unless
 * the block is configured to trust it. */
static int is_believed(const sw_decision_t *decision)
{
    return decision->verdict == SW_VERIFIED
           || (sw_passes(decision)
               && (decision->verdict == SW_VERIFY_OFF
                   || sw_verify_mode(&decision->verify) == SW_MODE_EITHER));
}

int sw_board_count(request_rec *r)
{
    const sw_boards_t *boards = sw_server_of(r->server)->boards;
    sw_record_t *record = boards ? sw_record_of(r) : NULL;
    const sw_decision_t *decision;
    const sw_event_t *event;
    apr_time_t now = apr_time_now();
    sw_board_common_t *common;
    sw_board_block_t *block;
    apr_interval_time_t time;
    sw_periods_t to;
    sw_update_t update;
    int has_update;

    if (!record || !record->dir)
        return DECLINED;
    decision = sw_decide(r, record, record->dir);
    event = sw_passes(decision) ? sw_event_of(record) : NULL;
    has_update = event && is_believed(decision)
                 && sw_update_read(r, record, decision, &update);
    common = sw_shm_table_common(boards->calls);
    if (!sw_shm_table_lock(boards->calls)) {
        apr_atomic_inc32(&common->uncounted);
        return DECLINED;
    }
    to = sw_board_periods(common, now);
    block = common->blocks + record->dir->block->board_index;
    time = answer_time(r, record, now);
    count_time(block, time);
    count_verdict(&to, block, decision);
    count_reply(&to, r, record, time);
    if (decision->key)
        count_key(boards, block, decision->key, now);
    if (event)
        count_kind(common->kinds + event->kind, decision);
    if (has_update) {
        update.block = record->dir->block->board_index;
        sw_update_apply(&to, boards, &update);
    }
    sw_shm_table_unlock(boards->calls);
    return DECLINED;
}
