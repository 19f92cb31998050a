/* SPDX-License-Identifier: Apache-2.0 */
/* See count.h. */
#include "status/count.h"
#include "core/signature/signature.h"
#include "core/signature/verdict.h"
#include "httpd/config/settings.h"
#include "httpd/delivery/ack.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"
#include "status/calls.h"
#include "status/counters.h"

#define SLOW apr_time_from_sec(5)

static void increment(const sw_boards_t *boards, int counter)
{
    sw_counters_add(boards->counters->total.n + counter, 1);
}

static void count_time(sw_block_counters_t *block, apr_interval_time_t time)
{
    int i = 0;

    while (i < SW_BOARD_BOUNDS && time > sw_board_bounds[i])
        i++;
    sw_counters_add(block->latency + i, 1);
    sw_counters_add(&block->microseconds, (apr_uint64_t)time);
}

static void count_verdict(const sw_boards_t *boards, sw_block_counters_t *block,
                          const sw_decision_t *decision)
{
    int passes = sw_passes(decision);

    sw_counters_add((passes ? block->passed : block->refused)
                        + decision->verdict,
                    1);
    increment(boards, SW_COUNT_REQUESTS);
    increment(boards, decision->verdict == SW_VERIFIED ? SW_COUNT_VERIFIED
                      : passes                         ? SW_COUNT_UNVERIFIED
                                                       : SW_COUNT_REFUSED);
}

/* The time of the last use is written once a second: all processes share it. */
static void count_key(const sw_boards_t *boards, apr_uint32_t block,
                      const sw_key_t *key, apr_time_t now)
{
    int i = sw_counters_key(boards, block, key);
    sw_board_key_t *shown = boards->common->blocks[block].keys + i;

    sw_counters_add(boards->counters->blocks[block].keys + i, 1);
    if (apr_time_sec((apr_time_t)shown->last) != apr_time_sec(now))
        shown->last = (apr_uint64_t)now;
}

/* The time to the answer: with SignalWireAckFirst to the acknowledgement. */
static apr_interval_time_t answer_time(const request_rec *r,
                                       const sw_record_t *record,
                                       apr_time_t now)
{
    apr_interval_time_t time = sw_ack_time(record, now) - r->request_time;

    return time > 0 ? time : 0;
}

static void count_reply(const sw_boards_t *boards, const request_rec *r,
                        const sw_record_t *record, apr_interval_time_t time)
{
    if (record->delivery && strcmp(record->delivery, "repeat") == 0)
        increment(boards, SW_COUNT_REPEATS);
    if (record->is_unclaimed)
        increment(boards, SW_COUNT_UNCLAIMED);
    if (time > SLOW)
        increment(boards, SW_COUNT_SLOW);
    if (sw_last(r)->status >= 500)
        increment(boards, SW_COUNT_BROKEN);
}

/* Shows an administrator whether SignalWire signs all events of a kind. */
static void count_kind(sw_kind_counters_t *kind, const sw_decision_t *decision)
{
    sw_counters_add(decision->verdict == SW_VERIFIED ? &kind->verified
                                                     : &kind->unverified,
                    1);
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

static void count_event(request_rec *r, sw_record_t *record,
                        const sw_decision_t *decision)
{
    const sw_boards_t *boards = sw_server_of(r->server)->boards;
    const sw_event_t *event = sw_event_of(record);
    sw_update_t update;

    count_kind(boards->counters->kinds + event->kind, decision);
    if (is_believed(decision) && sw_update_read(r, record, decision, &update)
        && !sw_update_apply(boards, &update))
        increment(boards, SW_COUNT_UNCOUNTED);
}

int sw_board_count(request_rec *r)
{
    const sw_boards_t *boards = sw_server_of(r->server)->boards;
    sw_record_t *record = boards ? sw_record_of(r) : NULL;
    const sw_decision_t *decision;
    sw_block_counters_t *block;
    apr_interval_time_t time;
    apr_time_t now;

    if (!record || !record->dir)
        return DECLINED;
    now = apr_time_now();
    sw_counters_keep(boards, now);
    decision = sw_decide(r, record, record->dir);
    block = boards->counters->blocks + record->dir->block->board_index;
    time = answer_time(r, record, now);
    count_time(block, time);
    count_verdict(boards, block, decision);
    count_reply(boards, r, record, time);
    if (decision->key)
        count_key(boards, record->dir->block->board_index, decision->key, now);
    if (sw_passes(decision))
        count_event(r, record, decision);
    return DECLINED;
}
