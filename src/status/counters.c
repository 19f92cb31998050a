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
    if (sw_last(r)->status >= 500)
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
                   || sw_verify_mode(&judgement->verify) == SW_MODE_EITHER));
}

int sw_board_count(request_rec *r)
{
    const sw_boards_t *boards = sw_server_of(r->server)->boards;
    sw_record_t *record = boards ? sw_record_of(r) : NULL;
    const sw_judgement_t *judgement;
    const sw_event_t *event;
    apr_time_t now = apr_time_now();
    sw_common_t *common;
    sw_board_block_t *block;
    sw_tallies_t to;
    sw_news_t news;
    int has_news;

    if (!record || !record->dir)
        return DECLINED;
    judgement = sw_judge(r, record, record->dir);
    event = sw_passes(judgement) ? sw_event_of(record) : NULL;
    has_news = event && is_believed(judgement)
               && sw_news_read(r, record, judgement, &news);
    common = sw_shm_table_common(boards->calls);
    if (!sw_shm_table_lock(boards->calls)) {
        apr_atomic_inc32(&common->uncounted);
        return DECLINED;
    }
    to = sw_board_tallies(common, now);
    block = common->blocks + record->dir->block->place;
    count_request(&to, block, r, record, judgement, now);
    if (judgement->key)
        count_key(boards, block, judgement->key, now);
    if (event)
        count_kind(common->kinds + event->kind, judgement);
    if (has_news) {
        news.block = record->dir->block->place;
        sw_news_note(&to, boards, &news);
    }
    sw_shm_table_unlock(boards->calls);
    return DECLINED;
}
