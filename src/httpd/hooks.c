/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that verify a request and publish the result. Two of them verify:
 * the access checker and, since "Satisfy Any" can override it, the fixups.
 */
#include <apr_shm.h>

#include "httpd/hooks.h"
#include "httpd/config/settings.h"
#include "httpd/delivery/claims.h"
#include "httpd/delivery/workers.h"
#include "httpd/publish/publish.h"
#include "httpd/reply/guard.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"

/* Forbid mod_cache to save the reply to a signed GET: it would send it to the
 * next, unsigned request before any access control. This applies also to the
 * requests that contain or led to this one. */
static void forbid_caching(request_rec *r, const sw_verify_t *verify)
{
    if (r->method_number != M_GET || sw_verify_mode(verify) == SW_MODE_OFF)
        return;
    for (; r; r = r->main ? r->main : r->prev)
        r->no_cache = 1;
}

/* Remember the last block for logs and counters. Error documents do not change
 * it: a refusal would be logged with the verdict of its error document. */
static void remember_dir(const request_rec *r, sw_record_t *record,
                         const sw_dir_t *dir)
{
    const request_rec *before = r->prev;

    while (before && !ap_is_HTTP_ERROR(before->status))
        before = before->prev;
    if (!r->main && !before)
        record->dir = dir;
}

/* Verify the request; if it passes, read its body.
 * @return OK, or the status of the refusal or of an unreadable body */
static int check_request(request_rec *r, sw_record_t *record,
                         const sw_dir_t *dir)
{
    const sw_decision_t *decision = sw_decide(r, record, dir);

    remember_dir(r, record, dir);
    if (!sw_passes(decision)) {
        sw_publish_watch(r, record);
        return decision->status;
    }
    if (!r->main || !record->passed) {
        record->block = dir->block;
        record->passed = decision;
    }
    return sw_receive(r, record, dir);
}

/* Any module may refuse the request, and an error document outside of the block
 * would then see its headers. */
int sw_check_access_first(request_rec *r)
{
    if (sw_dir_of(r))
        sw_scrub_headers(r);
    return DECLINED;
}

int sw_check_access_last(request_rec *r)
{
    const sw_dir_t *dir = sw_dir_of(r);

    return dir ? check_request(r, sw_record_make(r), dir) : DECLINED;
}

/* Publish again after a redirect out of the block, as by the .htaccess of a
 * front controller: httpd has renamed the variables to REDIRECT_*. */
static int fixup_outside_block(request_rec *r)
{
    sw_record_t *record = r->prev && !r->main ? sw_record_of(r) : NULL;

    if (record) {
        sw_publish_again(r, record);
        sw_guard_begin(r, record, NULL);
    }
    return sw_keep_body(r);
}

int sw_fixups(request_rec *r)
{
    const sw_dir_t *dir = sw_dir_of(r);
    sw_record_t *record;
    int status;

    if (!dir)
        return fixup_outside_block(r);
    record = sw_record_make(r);
    status = check_request(r, record, dir);
    if (status != OK) {
        sw_scrub_headers(r);
        sw_guard_end(r, record);
        return status;
    }
    forbid_caching(r, &dir->verify);
    sw_guard_begin(r, record, dir);
    if (r->main)
        record->sub_requests = 1;
    sw_publish(r, record, dir, sw_decide(r, record, dir));
    return OK;
}

/*
 * In the fixups, mod_dir and mod_negotiation may replace the request by a
 * sub-request (ap_internal_fast_redirect). That clears no_cache unless both
 * have it, and a variable that only one of them has unset is set again. So both
 * are done once more, in the last hook before the handler.
 */
static void follow_redirect(request_rec *r, sw_record_t *record)
{
    const sw_decision_t *decision;
    const sw_dir_t *dir;

    for (decision = record->decisions; decision; decision = decision->next)
        forbid_caching(r, &decision->verify);
    dir = record->sub_requests && !r->main ? sw_dir_of(r) : NULL;
    if (dir) {
        remember_dir(r, record, dir);
        sw_publish(r, record, dir, sw_decide(r, record, dir));
        sw_guard_begin(r, record, dir);
    }
    sw_guard_insert(r, record);
}

void sw_insert_filter(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);

    if (record)
        follow_redirect(r, record);
}

void sw_insert_error_filter(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);

    if (record)
        sw_guard_insert(r, record);
}

/* ---- start-up ---------------------------------------------------------- */

/* Every server masks the secrets of all servers: the default server logs a
 * request that fails before its host is known. */
static void merge_secret_names(apr_pool_t *p, server_rec *s)
{
    apr_array_header_t *all = apr_array_make(p, 1, sizeof(const char *));
    server_rec *each;

    for (each = s; each; each = each->next)
        apr_array_cat(all, sw_server_of(each)->secret_names);
    /* SignalWire's SDKs write a bearer token into the URLs of AI agents. */
    if (sw_has_blocks(s))
        APR_ARRAY_PUSH(all, const char *) = "__token";
    for (each = s; each; each = each->next)
        sw_server_of(each)->secret_names = all;
}

/* Give each block a limit for diagnoses. A block of the main server, which
 * every virtual host inherits, uses one limit for each server.
 * @param limits NULL: only count
 * @return the number of limits */
static apr_size_t assign_limits(server_rec *s, volatile apr_uint32_t *limits)
{
    const int inherited = sw_server_of(s)->blocks->nelts;
    apr_size_t servers = 0, n = 0;
    server_rec *each;
    int i;

    for (each = s; each; each = each->next)
        servers++;
    for (each = s; each; each = each->next) {
        const apr_array_header_t *blocks = sw_server_of(each)->blocks;

        for (i = each == s ? 0 : inherited; i < blocks->nelts; i++) {
            sw_block_t *block = APR_ARRAY_IDX(blocks, i, sw_block_t *);

            block->is_inherited = each == s;
            block->diagnoses = limits ? limits + n : NULL;
            n += each == s ? servers : 1;
        }
    }
    return n;
}

/* Create what all children share: the limits for log messages, the count of
 * held workers and the claims. Nothing is created if there is no block. */
static apr_status_t create_shared_memory(apr_pool_t *p, server_rec *s)
{
    const apr_size_t limits = assign_limits(s, NULL);
    sw_shared_t *shared;
    apr_shm_t *memory;
    apr_size_t size = sizeof(*shared) + limits * sizeof(apr_uint32_t);
    server_rec *each;
    apr_status_t rv;

    if (limits == 0)
        return APR_SUCCESS;
    rv = apr_shm_create(&memory, size, NULL, p);
    if (rv)
        return rv;
    shared = apr_shm_baseaddr_get(memory);
    memset(shared, 0, size);
    (void)assign_limits(s, (volatile apr_uint32_t *)(shared + 1));
    for (each = s; each; each = each->next)
        sw_server_of(each)->shared = shared;
    rv = sw_workers_post_config(p, s);
    return rv ? rv : sw_claims_post_config(p, s);
}

int sw_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s)
{
    apr_status_t rv = create_shared_memory(pconf, s);

    (void)plog;
    (void)ptemp;
    merge_secret_names(pconf, s);
    if (rv) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s,
                     "SW0005: no shared memory "
                     "for the state of <SignalWireWebhook> blocks");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}
