/* SPDX-License-Identifier: Apache-2.0 */
/* See verify.h. */
#include <apr_strings.h>

#include "httpd/verify/verify.h"
#include "core/event/project.h"
#include "core/signature/url.h"
#include "core/text/span.h"
#include "httpd/request/body.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/context.h"
#include "httpd/verify/diagnose.h"
#include "httpd/verify/origin.h"
#include "httpd/verify/secret.h"

/* A signature for an https URL also counts as TLS. */
static sw_verdict_e check_tls(const sw_verify_context_t *f)
{
    const sw_url_t *url = f->match.url;
    int is_https = url && sw_span_starts(url->origin, sw_span("https:"));

    return f->dir->verify.require_tls != 1 || is_https || sw_origin_is_tls(f)
               ? SW_VERIFIED
               : SW_NO_TLS;
}

static int may_be_https(const sw_verify_context_t *f)
{
    int i;

    for (i = 0; i < f->base_count; i++) {
        if (sw_origin_is_https(&f->bases[i].origin))
            return 1;
    }
    return 0;
}

static sw_verdict_e read_body(sw_verify_context_t *f)
{
    sw_body_t *body = &f->record->body;

    sw_body_read(f->r, f->initial, sw_max_body(f->record, f->dir), body);
    f->request.body = body->text;
    switch (body->state) {
    case SW_BODY_OVER:
        return SW_TOO_LARGE;
    case SW_BODY_PARTLY:
        return SW_BODY_CONSUMED;
    case SW_BODY_FAILED:
        return SW_UNREADABLE;
    default:
        body->limit = sw_max_body(f->record, f->dir);
        return body->text.n > body->limit ? SW_TOO_LARGE : SW_VERIFIED;
    }
}

/* Only a key for one project makes it necessary to find the project. */
static int has_project_key(const apr_array_header_t *keys)
{
    int i;

    for (i = 0; i < keys->nelts; i++) {
        if (sw_key_project(APR_ARRAY_IDX(keys, i, const sw_key_t *)))
            return 1;
    }
    return 0;
}

static sw_verdict_e verify(sw_verify_context_t *f)
{
    const apr_array_header_t *keys = f->dir->verify.keys;
    sw_request_t *request = &f->request;
    const char *type = apr_table_get(f->headers, "Content-Type");

    if (!keys || keys->nelts == 0)
        return SW_NO_KEY;
    request->urls = &f->urls;
    request->content_type = sw_span(type);
    if (has_project_key(keys))
        request->project = sw_project(f->scratch, sw_params_of(f->record));
    request->signature = &f->signature;
    f->policy.keys = (const sw_key_t *const *)keys->elts;
    f->policy.key_count = keys->nelts;
    f->policy.types = sw_dir_types(f->dir);
    return sw_verify(f->scratch, &f->policy, request, &f->match);
}

/* Check the signature, cheapest tests first. */
static sw_verdict_e check_signature(sw_verify_context_t *f)
{
    sw_verdict_e verdict = sw_origin_bases(f);
    sw_url_parts_t parts;

    if (verdict != SW_VERIFIED)
        return verdict;
    parts = (sw_url_parts_t){ f->bases, f->base_count, f->target,
                              apr_table_get(f->headers, "Authorization") };
    sw_urls_make(f->scratch, &parts, &f->urls);
    if (f->urls.count == 0)
        return SW_NO_PREFIX;
    if (!may_be_https(f) && check_tls(f) != SW_VERIFIED)
        return SW_NO_TLS;
    verdict = read_body(f);
    if (verdict == SW_VERIFIED)
        verdict = verify(f);
    return verdict == SW_VERIFIED ? check_tls(f) : verdict;
}

/* The checks that remain for an unsigned request or SignalWireVerify Off.
 * @return @a verdict if they pass */
static sw_verdict_e check_unsigned(sw_verify_context_t *f, sw_verdict_e verdict)
{
    sw_verdict_e other = check_tls(f);

    if (other == SW_VERIFIED && sw_dir_mode(f->dir) != SW_MODE_OFF)
        other = read_body(f);
    return other == SW_VERIFIED ? verdict : other;
}

/* True also if no secret is configured. */
static int passes_secret(const sw_verify_context_t *f)
{
    return !sw_has_secret(f->dir)
           || sw_secret_is_right(f->scratch, f->dir->verify.secret,
                                 f->request.query);
}

/* Every check of the block. */
static sw_verdict_e check_all(sw_verify_context_t *f)
{
    sw_mode_e mode = sw_dir_mode(f->dir);
    sw_verdict_e verdict;

    f->target = sw_target(sw_span(f->initial->unparsed_uri));
    f->request.query = sw_target_query(f->target);
    f->peer_trusted = sw_origin_peer_trusted(f->initial, f->dir);
    if (mode != SW_MODE_EITHER && !passes_secret(f))
        return SW_BAD_SECRET;
    if (mode == SW_MODE_OFF)
        return check_unsigned(f, SW_VERIFY_OFF);
    verdict = sw_read_signature(f->headers, &f->signature);
    if (verdict == SW_NO_SIGNATURE && mode == SW_MODE_EITHER
        && !passes_secret(f))
        return SW_BAD_SECRET;
    if (verdict == SW_NO_SIGNATURE
        && (mode == SW_MODE_OPTIONAL || mode == SW_MODE_EITHER))
        return check_unsigned(f, verdict);
    return verdict == SW_VERIFIED ? check_signature(f) : verdict;
}

int sw_passes(const sw_decision_t *decision)
{
    switch (sw_verify_mode(&decision->verify)) {
    case SW_MODE_OPTIONAL:
    case SW_MODE_EITHER:
        return decision->verdict == SW_VERIFIED
               || decision->verdict == SW_NO_SIGNATURE;
    case SW_MODE_REPORT:
        return decision->verdict != SW_UNREADABLE;
    case SW_MODE_OFF:
        return decision->verdict == SW_VERIFY_OFF;
    default:
        return decision->verdict == SW_VERIFIED;
    }
}

const char *sw_label_of(const sw_decision_t *decision)
{
    return decision->key ? sw_key_label(decision->key) : NULL;
}

static const char *host_and_port(apr_pool_t *p, const char *host, int port)
{
    return apr_pstrcat(p, host, ":", apr_itoa(p, port), NULL);
}

const char *sw_sender(request_rec *r, const sw_decision_t *decision,
                      int is_shared)
{
    const server_addr_rec *address = is_shared ? NULL : r->server->addrs;
    const char *project = decision->key ? sw_key_project(decision->key) : NULL;
    const char *is_verified = decision->verdict == SW_VERIFIED ? " 1 " : " 0 ";
    const char *name = host_and_port(r->pool, r->server->server_hostname,
                                     r->server->port);

    for (; address; address = address->next)
        name = apr_pstrcat(r->pool, name, " ",
                           host_and_port(r->pool, address->virthost,
                                         address->host_port),
                           NULL);
    if (!project)
        project = "";
    /* The length delimits the project, which may contain blanks. */
    return apr_pstrcat(r->pool, name, is_verified,
                       apr_itoa(r->pool, (int)strlen(project)), " ", project,
                       NULL);
}

/* Refusals go to the log at error, requests that SignalWireVerify Report lets
 * pass at warn, all else at debug. */
static void log_verdict(const sw_verify_context_t *f,
                        const sw_decision_t *decision)
{
    const sw_outcome_t *outcome = sw_outcome(decision->verdict);
    int passes = sw_passes(decision);
    int is_failure = decision->verdict != SW_VERIFIED
                     && (!passes || sw_dir_mode(f->dir) == SW_MODE_REPORT);

    if (!is_failure) {
        ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, f->r,
                      "%s: %s %.*s passes (%s): %s, key %s", outcome->id,
                      f->record->method, (int)sw_shown_length(f->target),
                      f->target.p, f->dir->block->name, outcome->token,
                      decision->key ? sw_label_of(decision) : "none");
        return;
    }
    /* httpd looks files up with sub-requests: the request itself may pass even
     * if one of them is refused. */
    ap_log_rerror(APLOG_MARK, passes ? APLOG_WARNING : APLOG_ERR, 0, f->r,
                  "%s: %s %.*s%s %s (%s): %s: %s%s", outcome->id,
                  f->record->method, (int)sw_shown_length(f->target),
                  f->target.p, f->r->main ? ", a sub-request of it," : "",
                  passes ? "would be refused" : "refused", f->dir->block->name,
                  outcome->token, outcome->phrase,
                  sw_diagnose(f, decision->verdict));
}

static sw_decision_t *compute(request_rec *r, sw_record_t *record,
                              const sw_dir_t *dir)
{
    request_rec *initial = record->initial;
    sw_decision_t *decision = apr_pcalloc(initial->pool, sizeof(*decision));
    sw_verify_context_t context = { 0 };

    /* Without a pool of its own, the decoded copy of a form would stay in
     * memory until the reply is sent. */
    apr_pool_create(&context.scratch, initial->pool);
    apr_pool_tag(context.scratch, "signalwire_verdict");
    context.r = r;
    context.initial = initial;
    context.dir = dir;
    context.record = record;
    context.headers = record->headers;
    decision->verify = dir->verify;
    decision->verdict = check_all(&context);
    decision->status = decision->verdict == SW_UNREADABLE
                           ? record->body.status
                           : sw_outcome(decision->verdict)->status;
    if (decision->verdict == SW_VERIFIED) {
        decision->scheme = context.match.scheme;
        decision->key = context.match.key;
    }
    log_verdict(&context, decision);
    apr_pool_destroy(context.scratch);
    return decision;
}

static sw_decision_t *find_decision(const sw_record_t *record,
                                    const sw_dir_t *dir)
{
    sw_decision_t *decision = record->decisions;

    while (decision && !sw_verify_is_same(&decision->verify, &dir->verify))
        decision = decision->next;
    return decision;
}

const sw_decision_t *sw_decision_of(request_rec *r, const sw_record_t *record,
                                    const sw_block_t **block)
{
    const sw_dir_t *dir = sw_dir_of(r);
    const sw_decision_t *decision;

    *block = dir ? dir->block : record->block;
    decision = dir ? find_decision(record, dir) : record->passed;
    return decision && sw_passes(decision) ? decision : NULL;
}

const sw_decision_t *sw_decide(request_rec *r, sw_record_t *record,
                               const sw_dir_t *dir)
{
    sw_decision_t *decision = find_decision(record, dir);

    if (!decision) {
        decision = compute(r, record, dir);
        decision->next = record->decisions;
        record->decisions = decision;
    }
    return decision;
}
