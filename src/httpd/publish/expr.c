/* SPDX-License-Identifier: Apache-2.0 */
/* See expr.h. */
#include <ap_expr.h>
#include <apr_atomic.h>
#include <apr_strings.h>

#include "httpd/publish/expr.h"
#include "httpd/publish/mod_signalwire.h"
#include "core/event/event.h"
#include "core/event/params.h"
#include "core/event/suggest.h"
#include "core/text/span.h"
#include "core/text/text.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"
#include "httpd/publish/export.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"

/* The optional function of mod_signalwire.h, which has its contract. */
static const char *signalwire_field(request_rec *r, const char *name)
{
    sw_record_t *record = sw_record_of(r);
    const sw_block_t *block;
    const sw_decision_t *decision = record ? sw_decision_of(r, record, &block)
                                           : NULL;
    const sw_event_t *event = decision ? sw_event_of(record) : NULL;
    sw_field_e field = sw_field_of(name);
    sw_span_t value;

    if (!event)
        return NULL;
    value = field < SW_FIELD_EVENT
                ? sw_verdict_value(record, block, decision, field)
                : sw_event_value(event, name);
    if (!value.p && field == SW_FIELD_COUNT)
        value = sw_param(r->pool, sw_params_of(record), name);
    return value.p ? sw_text_clean(r->pool, value).p : NULL;
}

/* Is it too early for a value? Either the request is in a block but has no
 * verdict, or httpd has not mapped it to its sections. */
static int is_early(request_rec *r)
{
    const sw_record_t *record = sw_record_of(r);

    return !(record && record->decisions) && sw_server_of(r->server)->shared
           && sw_server_of(r->server)->blocks->nelts
           && (sw_dir_of(r) || (!r->filename && r->status == HTTP_OK));
}

static void warn_once(request_rec *r, const char *name)
{
    if (apr_atomic_cas32(&sw_server_of(r->server)->shared->warned, 1, 0) != 0)
        return;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "SW0121: "
                  "signalwire('%s') is evaluated before access checking, where "
                  "it is empty: <If>, SetEnvIfExpr and rewrite rules outside "
                  "of <Directory> run too early. This is logged once",
                  name);
}

/* mod_headers removes line ends from variables but not from expressions. */
static const char *in_one_line(apr_pool_t *p, const char *value)
{
    char *line, *at;

    if (!value[strcspn(value, "\r\n")])
        return value;
    line = apr_pstrdup(p, value);
    for (at = line; *(at += strcspn(at, "\r\n"));)
        *at = ' ';
    return line;
}

static const char *evaluate(ap_expr_eval_ctx_t *ctx, const void *data,
                            const char *name)
{
    const char *value = signalwire_field(ctx->r, name);

    (void)data;
    if (!value && is_early(ctx->r))
        warn_once(ctx->r, name);
    return value ? in_one_line(ctx->p, value) : "";
}

/* Parameters may have any name, so warn only of a name that resembles a field.
 * Never warn of .htaccess files, which are read at each request. */
static void advise_name(const ap_expr_lookup_parms *parms)
{
    const char *meant;

    if (!parms->arg || sw_is_first_pass()
        || ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_RUN_MPM)
        return;
    meant = sw_suggest_field(parms->arg);
    if (meant)
        ap_log_perror(APLOG_MARK, APLOG_WARNING, 0, parms->ptemp,
                      "SW0019: "
                      "signalwire('%s'): SignalWire sends no field of this "
                      "name, so it is empty unless it is your own parameter; "
                      "did you mean signalwire('%s')?",
                      parms->arg, meant);
}

static int look_up(ap_expr_lookup_parms *parms)
{
    if (parms->type != AP_EXPR_FUNC_STRING
        || strcasecmp(parms->name, "signalwire") != 0)
        return DECLINED;
    *parms->func = (const void *)evaluate;
    *parms->data = NULL;
    advise_name(parms);
    return OK;
}

void sw_expr_register(void)
{
    ap_hook_expr_lookup(look_up, NULL, NULL, APR_HOOK_MIDDLE);
    APR_REGISTER_OPTIONAL_FN(signalwire_field);
}
