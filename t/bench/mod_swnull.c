/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The application of the bench: reads the request's body to its end and
 * answers a constant. What it costs is what any application costs at least.
 * For the bench only, never installed.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>

static const char answer[] =
    "The null handler has read the body of this request to its end and "
    "thrown it away. It looks at nothing that was sent, and this text is the "
    "same for every request: some two hundred and fifty bytes, about as much "
    "as a short cXML document, so that a reply costs what replies cost.\n";

static int discard_body(request_rec *r)
{
    char buffer[HUGE_STRING_LEN];
    int status = ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK);
    long n = 0;

    if (status != OK || !ap_should_client_block(r))
        return status;
    do {
        n = ap_get_client_block(r, buffer, sizeof(buffer));
    } while (n > 0);
    return n < 0 ? HTTP_BAD_REQUEST : OK;
}

static int handle(request_rec *r)
{
    int status;

    if (!r->handler || strcmp(r->handler, "swnull") != 0)
        return DECLINED;
    status = discard_body(r);
    if (status != OK)
        return status;
    ap_set_content_type(r, "text/plain");
    ap_set_content_length(r, sizeof(answer) - 1);
    ap_rwrite(answer, sizeof(answer) - 1, r);
    return OK;
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(swnull) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks,
    AP_MODULE_FLAG_NONE
};
