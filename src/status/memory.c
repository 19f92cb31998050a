/* SPDX-License-Identifier: Apache-2.0 */
/* See memory.h. */
#include <apr_general.h>
#include <apr_strings.h>

#include "status/memory.h"
#include "httpd/config/openable.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"
#include "httpd/config/sections.h"
#include "status/board.h"
#include "status/counters.h"
#include "status/layout.h"
#include "store/shm_table.h"

#define RECORDS 1000

/* The index of a block's counters, by its name; blocks beyond SW_BOARD_BLOCKS
 * share the last one. */
static apr_uint32_t find_index(sw_board_common_t *common, apr_pool_t *p,
                               const char *name)
{
    char cut[SW_BOARD_NAME];
    apr_uint32_t i;

    sw_board_name(p, name, cut);
    for (i = 0; i < common->block_count; i++) {
        if (strcmp(common->blocks[i].name, cut) == 0)
            return i;
    }
    if (i == SW_BOARD_BLOCKS)
        return i - 1;
    apr_cpystrn(common->blocks[i].name,
                i == SW_BOARD_BLOCKS - 1 ? "(others)" : cut, SW_BOARD_NAME);
    common->block_count = i + 1;
    return i;
}

/* Only the parent writes names; a page made meanwhile may show part of one. */
static void index_blocks(sw_board_common_t *common, apr_pool_t *p,
                         const server_rec *s)
{
    for (; s; s = s->next) {
        const apr_array_header_t *blocks = sw_server_of(s)->blocks;
        int i;

        for (i = 0; i < blocks->nelts; i++) {
            sw_block_t *block = APR_ARRAY_IDX(blocks, i, sw_block_t *);

            block->board_index = find_index(common, p, block->name);
        }
    }
}

static apr_uint32_t records_of(const server_rec *s)
{
    apr_uint32_t records = sw_server_of(s)->records;

    return records ? records : RECORDS;
}

/* The parameters of both tables. Both have the layout of the whole board, since
 * a record holds the index of its block. */
static sw_shm_table_plan_t make_plan(apr_pool_t *p, const server_rec *s,
                                     int of_messages)
{
    sw_shm_table_plan_t plan = {
        of_messages ? "mod_signalwire messages" : "mod_signalwire calls",
        of_messages ? "mod_signalwire_messages_1" : "mod_signalwire_calls_1",
        sw_board_layout(p), records_of(s), sizeof(sw_board_record_t), 0,
        of_messages ? 0 : sizeof(sw_board_common_t), SW_SHM_PARTS
    };

    return plan;
}

static apr_status_t make_tables(apr_pool_t *p, server_rec *s,
                                sw_boards_t *boards)
{
    apr_pool_t *process = s->process->pool;
    const sw_shm_table_plan_t calls = make_plan(p, s, 0);
    const sw_shm_table_plan_t messages = make_plan(p, s, 1);
    apr_status_t rv = sw_shm_table_open(process, p, &calls, &boards->calls);

    if (!rv)
        rv = sw_shm_table_open(process, p, &messages, &boards->messages);
    if (rv)
        return rv;
    boards->common = sw_shm_table_common(boards->calls);
    boards->counters = boards->common->sets;
    if (boards->common->since)
        return APR_SUCCESS;
    boards->common->since = apr_time_now();
    return apr_generate_random_bytes(boards->common->secret,
                                     sizeof(boards->common->secret));
}

static const apr_array_header_t *collect_keys(apr_pool_t *p,
                                              const server_rec *s)
{
    apr_array_header_t *keys = apr_array_make(p, 4, sizeof(const sw_key_t *));

    for (; s; s = s->next)
        apr_array_cat(keys, sw_server_of(s)->keys);
    return keys;
}

static void log_differences(server_rec *s, const sw_boards_t *boards)
{
    if (sw_shm_table_has_replaced(boards->calls))
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "SW0031: another build "
                     "of the module made the memory of the board with another "
                     "layout, so this one makes its own. The old counters, "
                     "calls and messages are lost; processes of the old build "
                     "count there until they end");
    if (sw_shm_table_entries(boards->calls) != records_of(s))
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "SW0012: "
                     "SignalWireStatusSize %u: the board keeps its %u records "
                     "until httpd is stopped and started",
                     records_of(s), sw_shm_table_entries(boards->calls));
}

/* ---- is anything counted? ------------------------------------------------ */

static int sets_handler(const ap_directive_t *d)
{
    return (sw_directive_is(d, "SetHandler")
            || sw_directive_is(d, "AddHandler"))
           && ap_strstr_c(d->args, "signalwire-status");
}

static int has_handler(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (sets_handler(d) || has_handler(d->first_child))
            return 1;
    }
    return 0;
}

static int is_wanted(const server_rec *s)
{
    return sw_has_blocks(s)
           && (sw_server_of(s)->records || has_handler(ap_conftree));
}

/* ---- hooks --------------------------------------------------------------- */

/* Only at configtest: a server that starts makes the memory, or has it already.
 */
int sw_board_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                          apr_pool_t *ptemp, server_rec *s)
{
    const sw_shm_table_plan_t calls = make_plan(ptemp, s, 0);
    const sw_shm_table_plan_t messages = make_plan(ptemp, s, 1);
    apr_status_t rv;

    (void)pconf;
    (void)plog;
    if (!sw_is_configtest() || !is_wanted(s))
        return OK;
    rv = sw_shm_table_try(ptemp, &calls);
    if (!rv)
        rv = sw_shm_table_try(ptemp, &messages);
    return sw_is_available(s, rv, "SignalWireStatusSize", calls.entries) ? OK
                                                                         : !OK;
}

int sw_board_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                         server_rec *s)
{
    sw_boards_t *boards = apr_pcalloc(pconf, sizeof(*boards));
    server_rec *each;
    apr_status_t rv;

    (void)plog;
    if (sw_is_first_pass() || !is_wanted(s))
        return OK;
    rv = make_tables(pconf, s, boards);
    if (rv) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s,
                     "SW0013: no shared memory for the status board");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    log_differences(s, boards);
    index_blocks(boards->common, ptemp, s);
    sw_counters_update_keys(boards, collect_keys(ptemp, s));
    for (each = s; each; each = each->next)
        sw_server_of(each)->boards = boards;
    return OK;
}

void sw_board_child_init(apr_pool_t *pchild, server_rec *s)
{
    sw_boards_t *boards = sw_server_of(s)->boards;

    (void)pchild;
    if (boards)
        sw_counters_child_init(boards);
}
