/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that ask for a verdict: the access checker and, since "Satisfy
 * Any" walks past that one, the fixups.
 */
#include "module.h"

/* mod_cache would answer the next, unsigned request from what a signed GET
 * got, before any access control. Whatever contains our reply is meant. */
static void forbid_caching(request_rec *r, const sw_dir_t *dir)
{
    if (r->method_number != M_GET || sw_dir_mode(dir) == SW_MODE_OFF)
        return;
    for (; r; r = r->main ? r->main : r->prev)
        r->no_cache = 1;
}

/* By what is logged and counted: the last block that it came to. What is shown
 * of an error is none: a refusal would count as what passed there. */
static void note_dir(request_rec *r, const sw_dir_t *dir)
{
    const request_rec *before = r->prev;

    while (before && !ap_is_HTTP_ERROR(before->status))
        before = before->prev;
    if (!r->main && !before)
        sw_record_make(r)->dir = dir;
}

/* The request is judged, and if it passes, its body is there to be read. */
static int let_pass(request_rec *r, const sw_dir_t *dir)
{
    const sw_judgement_t *judgement = sw_judge(r, dir);
    sw_record_t *record = sw_record_make(r);

    note_dir(r, dir);
    if (!sw_passes(judgement)) {
        sw_body_watch_trailers(r, &record->body);
        return judgement->status;
    }
    if (!r->main || !record->passed) {
        record->block = dir->block;
        record->passed = judgement;
    }
    return sw_receive(r, dir);
}

/* Whoever refuses the request: an error document outside of the block may see
 * its headers. */
int sw_access_begin(request_rec *r)
{
    if (sw_dir_of(r))
        sw_scrub_headers(r);
    return DECLINED;
}

int sw_access_check(request_rec *r)
{
    const sw_dir_t *dir = sw_dir_of(r);

    return dir ? let_pass(r, dir) : DECLINED;
}

int sw_fixups(request_rec *r)
{
    const sw_dir_t *dir = sw_dir_of(r);
    int status;

    /* Redirected out of the block, as by a front controller's .htaccess:
     * httpd has renamed the variables to REDIRECT_*. */
    if (!dir) {
        if (r->prev && !r->main) {
            sw_publish_again(r);
            sw_guard_begin(r, NULL);
        }
        return sw_keep_body(r);
    }
    status = let_pass(r, dir);
    if (status != OK) {
        sw_scrub_headers(r);
        sw_guard_end(r);
        return status;
    }
    forbid_caching(r, dir);
    sw_guard_begin(r, dir);
    if (r->main)
        sw_record_make(r)->sub_requests = 1;
    sw_publish(r, dir, sw_judge(r, dir));
    return OK;
}

/*
 * mod_dir and mod_negotiation make a sub-request of the fixups the request
 * itself (ap_internal_fast_redirect). That clears no_cache unless both have
 * it, and merges the environments such that what only one of them unset stays
 * set: say it again, as late as there is a hook.
 */
void sw_insert_filter(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);
    const sw_judgement_t *judgement;
    const sw_dir_t *dir;

    if (!record)
        return;
    for (judgement = record->judgements; judgement;
         judgement = judgement->next)
        forbid_caching(r, &judgement->dir);
    dir = record->sub_requests && !r->main ? sw_dir_of(r) : NULL;
    if (dir) {
        note_dir(r, dir);
        sw_publish(r, dir, sw_judge(r, dir));
        sw_guard_begin(r, dir);
    }
    sw_guard_insert(r);
}
