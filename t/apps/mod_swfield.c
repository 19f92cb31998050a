/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another module, for tests only: "SWField NAME" answers with the header field
 * X-Field, what mod_signalwire says of NAME; "SWRead BYTES" takes as much of the
 * body before access checking; the handler "swfail" fails when it has written
 * more than a document may have.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

#include "httpd/publish/mod_signalwire.h"

module AP_MODULE_DECLARE_DATA swfield_module;

typedef struct settings_t {
    const char *field;
    int bytes;
} settings_t;

static void *create(apr_pool_t *p, char *path)
{
    (void)path;
    return apr_pcalloc(p, sizeof(settings_t));
}

static int take_body(request_rec *r)
{
    const settings_t *settings = ap_get_module_config(r->per_dir_config,
                                                      &swfield_module);
    char room[64];
    int left = settings->bytes;
    long n = left > 0 && !r->prev
             && ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK) == OK
             && ap_should_client_block(r) ? 1 : 0;

    for (; n > 0 && left > 0; left -= (int)n)
        n = ap_get_client_block(r, room, left < 64 ? (apr_size_t)left : 64);
    return DECLINED;
}

static int fixups(request_rec *r)
{
    const settings_t *settings = ap_get_module_config(r->per_dir_config,
                                                      &swfield_module);
    APR_OPTIONAL_FN_TYPE(signalwire_field) *field =
        APR_RETRIEVE_OPTIONAL_FN(signalwire_field);
    const char *value = settings->field && field ? field(r, settings->field)
                                                 : NULL;

    if (value)
        apr_table_setn(r->err_headers_out, "X-Field", value);
    return DECLINED;
}

static int fail_late(request_rec *r)
{
    int i;

    if (!r->handler || strcmp(r->handler, "swfail") != 0)
        return DECLINED;
    ap_set_content_type(r, "application/xml");
    for (i = 0; i < 10000; i++)
        ap_rputs("<Response/>", r);
    return HTTP_INTERNAL_SERVER_ERROR;
}

static const command_rec directives[] = {
    AP_INIT_TAKE1("SWField", ap_set_string_slot,
                  (void *)APR_OFFSETOF(settings_t, field), ACCESS_CONF,
                  "the field to show"),
    AP_INIT_TAKE1("SWRead", ap_set_int_slot,
                  (void *)APR_OFFSETOF(settings_t, bytes), ACCESS_CONF,
                  "how much of the body to take"),
    { NULL, { NULL }, NULL, 0, RAW_ARGS, NULL }
};

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_check_access(take_body, NULL, NULL, APR_HOOK_FIRST,
                         AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_fixups(fixups, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(fail_late, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(swfield) = {
    STANDARD20_MODULE_STUFF, create, NULL, NULL, NULL, directives,
    register_hooks, AP_MODULE_FLAG_NONE
};
