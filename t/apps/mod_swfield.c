/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another module, for tests only: "SWField NAME" answers with the header field
 * X-Field, what mod_signalwire says of NAME; the handler "swfail" fails when it
 * has written more than a document may have.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

#include "httpd/mod_signalwire.h"

module AP_MODULE_DECLARE_DATA swfield_module;

static void *create(apr_pool_t *p, char *path)
{
    (void)path;
    return apr_pcalloc(p, sizeof(const char *));
}

static int fixups(request_rec *r)
{
    const char *const *name = ap_get_module_config(r->per_dir_config,
                                                   &swfield_module);
    APR_OPTIONAL_FN_TYPE(signalwire_field) *field =
        APR_RETRIEVE_OPTIONAL_FN(signalwire_field);
    const char *value = *name && field ? field(r, *name) : NULL;

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
    AP_INIT_TAKE1("SWField", ap_set_string_slot, NULL, ACCESS_CONF,
                  "the field to show"),
    { NULL, { NULL }, NULL, 0, RAW_ARGS, NULL }
};

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_fixups(fixups, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(fail_late, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(swfield) = {
    STANDARD20_MODULE_STUFF, create, NULL, NULL, NULL, directives,
    register_hooks, AP_MODULE_FLAG_NONE
};
