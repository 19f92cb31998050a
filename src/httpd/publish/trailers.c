/* SPDX-License-Identifier: Apache-2.0 */
/* See trailers.h. */
#include <util_filter.h>

#include "httpd/publish/trailers.h"
#include "httpd/publish/publish.h"

static ap_filter_rec_t *trailers_handle;

/* With MergeTrailers, whoever reads a body that we did not read may find in it
 * what looks like our headers: say ours again. */
static apr_status_t publish_after(ap_filter_t *f, apr_bucket_brigade *bb,
                                   ap_input_mode_t mode,
                                   apr_read_type_e block, apr_off_t wanted)
{
    apr_status_t rv = ap_get_brigade(f->next, bb, mode, block, wanted);

    if (!rv && !APR_BRIGADE_EMPTY(bb)
        && APR_BUCKET_IS_EOS(APR_BRIGADE_LAST(bb)))
        sw_publish_again(f->r);
    return rv;
}

void sw_trailers_watch(request_rec *r, sw_body_t *body)
{
    const core_server_config *core =
        ap_get_core_module_config(r->server->module_config);

    if (core->merge_trailers != AP_MERGE_TRAILERS_ENABLE || r->main
        || body->state == SW_BODY_WHOLE || body->watched == r)
        return;
    body->watched = r;
    ap_add_input_filter_handle(trailers_handle, NULL, r, r->connection);
}

void sw_trailers_register(void)
{
    /* Just above the protocol filters: among equals the newest is lowest. */
    trailers_handle = ap_register_input_filter("SIGNALWIRE_TRAILERS",
                                               publish_after, NULL,
                                               AP_FTYPE_PROTOCOL - 1);
}
