/* SPDX-License-Identifier: Apache-2.0 */
/* See require.h. */
#include <apr_strings.h>
#include <ap_provider.h>
#include <mod_auth.h>

#include "httpd/verify/require.h"
#include "core/signature/verdict.h"
#include "httpd/config/settings.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"

static authz_status check(request_rec *r, const char *line, const void *parsed)
{
    const sw_dir_t *dir = sw_dir_of(r);

    (void)line;
    (void)parsed;
    if (!dir) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "SW0117: Require "
                      "signalwire verified outside of any <SignalWireWebhook> "
                      "block is never granted: %s",
                      r->uri);
        return AUTHZ_DENIED;
    }
    return sw_decide(r, sw_record_make(r), dir)->verdict == SW_VERIFIED
               ? AUTHZ_GRANTED
               : AUTHZ_DENIED;
}

static const char *parse(cmd_parms *cmd, const char *line, const void **parsed)
{
    const char *rest = line;
    const char *word = ap_getword_conf(cmd->temp_pool, &rest);

    *parsed = NULL;
    if (strcasecmp(word, "verified") == 0 && !*rest)
        return NULL;
    return apr_psprintf(cmd->pool,
                        "Require signalwire \"%s\": expected verified", line);
}

void sw_require_register(apr_pool_t *p)
{
    static const authz_provider provider = { check, parse };

    ap_register_auth_provider(p, AUTHZ_PROVIDER_GROUP, "signalwire",
                              AUTHZ_PROVIDER_VERSION, &provider,
                              AP_AUTH_INTERNAL_PER_CONF);
}
