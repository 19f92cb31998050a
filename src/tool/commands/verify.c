/* SPDX-License-Identifier: Apache-2.0 */
/* swhook verify: the module's verdict on a request, in its words. */
#include <apr_strings.h>

#include "core/signature/explain.h"
#include "core/event/project.h"
#include "tool/tool.h"

typedef struct verification_t {
    tool_t *tool;
    message_t message;
    sw_public_url_t base;
    sw_span_t target; /* of the URL that was signed */
    sw_urls_t urls;
    sw_request_t request;
    sw_signature_t signature;
    sw_policy_t policy;
    sw_match_t match;
} verification_t;

static const char *field(const verification_t *v, const char *name)
{
    return apr_table_get(v->message.fields, name);
}

/* Without --location, --url is an origin, or the signed URL without its query,
 * since a proxy may have changed the path of the request. With --location,
 * --url is SignalWirePublicURL with its path. */
static int read_url(verification_t *v)
{
    tool_t *tool = v->tool;
    apr_size_t path;
    const char *error;

    v->target = sw_target(sw_span(v->message.target));
    path = sw_span_find(v->target, '?');
    error = sw_public_url_parse(tool->pool, tool->url,
                                tool->location
                                    ? tool->location
                                    : apr_pstrmemdup(tool->pool, v->target.p,
                                                     path),
                                &v->base);
    if (error)
        return expected(tool, tool->url, error);
    if (v->base.path.n && !tool->location) {
        v->target = sw_span(apr_psprintf(tool->pool, "%.*s%.*s",
                                         (int)v->base.path.n, v->base.path.p,
                                         (int)(v->target.n - path),
                                         v->target.p + path));
        v->base.path = v->base.prefix = sw_span(NULL);
    }
    return YES;
}

/* The project that the callback names. */
static sw_span_t project_of(const verification_t *v)
{
    sw_params_t params;

    read_params(v->tool, &v->message, &params);
    return sw_project(v->tool->pool, &params);
}

static sw_verdict_e decide(verification_t *v)
{
    tool_t *tool = v->tool;
    sw_url_parts_t parts = { &v->base, 1, v->target,
                             field(v, "Authorization") };
    sw_request_t *request = &v->request;
    sw_verdict_e verdict =
        sw_signature_read(field(v, "X-SignalWire-Signature"),
                          field(v, "X-Twilio-Signature"),
                          field(v, "X-SignalWire-SHA256-Signature"),
                          &v->signature);

    sw_urls_make(tool->pool, &parts, &v->urls);
    request->urls = &v->urls;
    request->query = sw_target_query(v->target);
    request->content_type = sw_span(field(v, "Content-Type"));
    request->body = v->message.body;
    request->project = project_of(v);
    request->signature = &v->signature;
    if (verdict != SW_VERIFIED)
        return verdict;
    if (v->urls.count == 0)
        return SW_NO_PREFIX;
    if (v->message.body.n > (apr_size_t)tool->max_body)
        return SW_TOO_LARGE;
    v->policy.keys = (const sw_key_t *const *)tool->keys->elts;
    v->policy.key_count = tool->keys->nelts;
    v->policy.types = tool->types;
    return sw_verify(tool->pool, &v->policy, request, &v->match);
}

static const char *diagnose_mismatch(const verification_t *v)
{
    tool_t *tool = v->tool;
    sw_finding_t found = { .request = &v->request,
                           .key_count = v->policy.key_count };
    sw_hints_t hints = { .bases = &v->base, .base_count = 1,
                         .target = v->target, .location = tool->location,
                         .fields = v->message.fields,
                         .https = sw_origin_is_https(&v->base.origin) };

    found.near = sw_near_miss(tool->pool, &v->policy, &v->request, &hints);
    return sw_miss_explain(tool->pool, &found);
}

/* Why the verdict is not "verified"; NULL if the verdict says all. */
static const char *diagnose(const verification_t *v, sw_verdict_e verdict)
{
    switch (verdict) {
    case SW_MALFORMED:
        return sw_signature_fault(v->tool->pool, &v->signature);
    case SW_BODY_HASH:
        return sw_hash_explain(&v->request);
    case SW_MISMATCH:
        return diagnose_mismatch(v);
    case SW_NO_PROJECT_KEY:
        return apr_pstrcat(v->tool->pool,
                           sw_project_explain(v->tool->pool, &v->request), "; ",
                           diagnose_mismatch(v), NULL);
    case SW_TOO_LARGE:
        return apr_psprintf(v->tool->pool,
                            "it has %" APR_SIZE_T_FMT " bytes, "
                            "and --max-body is %ld",
                            v->message.body.n, v->tool->max_body);
    case SW_WRONG_TYPE:
        return sw_type_explain(v->tool->pool, &v->signature);
    default:
        return NULL;
    }
}

static void print_json(const verification_t *v, sw_verdict_e verdict,
                       const char *diagnosis)
{
    const sw_outcome_t *outcome = sw_outcome(verdict);
    tool_t *tool = v->tool;
    const char *url = v->match.url ? sw_url_shown(tool->pool, v->match.url)
                                   : "";
    sw_line_t line;

    begin_json(tool, &line, strlen(url) + strlen(diagnosis ? diagnosis : ""));
    sw_line_text(&line, "verdict", sw_span(outcome->token));
    sw_line_text(&line, "phrase", sw_span(outcome->phrase));
    if (verdict == SW_VERIFIED) {
        sw_line_text(&line, "verified",
                     sw_span(sw_scheme_name(v->match.scheme)));
        sw_line_text(&line, "key", sw_span(sw_key_label(v->match.key)));
        sw_line_text(&line, "url", sw_span(url));
    }
    if (diagnosis)
        sw_line_text(&line, "diagnosis", sw_span(diagnosis));
    end_json(tool, &line);
}

static void print_text(const verification_t *v, sw_verdict_e verdict,
                       const char *diagnosis)
{
    const sw_outcome_t *outcome = sw_outcome(verdict);
    tool_t *tool = v->tool;

    if (verdict == SW_VERIFIED)
        say(tool, "verified: %s by key %s, for %s\n",
            sw_scheme_name(v->match.scheme), sw_key_label(v->match.key),
            shown(tool->pool, sw_span(sw_url_shown(tool->pool, v->match.url))));
    else
        say(tool, "%s: %s%s%s\n", outcome->token, outcome->phrase,
            diagnosis ? "; " : "",
            diagnosis ? shown(tool->pool, sw_span(diagnosis)) : "");
}

static void print(const verification_t *v, sw_verdict_e verdict,
                  const char *diagnosis)
{
    if (v->tool->is_json)
        print_json(v, verdict, diagnosis);
    else
        print_text(v, verdict, diagnosis);
}

int run_verify(tool_t *tool)
{
    verification_t v = { .tool = tool };
    sw_span_t text;
    const char *error;
    sw_verdict_e verdict;
    int status;

    if (!tool->url)
        return expected(tool, "verify",
                        "--url and the URL that SignalWire was told to call");
    status = read_keys(tool);
    if (status == YES)
        status = read_source(tool, tool->arguments[0], &text);
    if (status != YES)
        return status;
    if (!is_request(text))
        return expected(tool, tool->arguments[0],
                        "a whole request, a line "
                        "such as POST /voice HTTP/1.1, header fields and body; "
                        "a body alone has no signature to verify");
    error = read_request(tool->pool, text, &v.message);
    if (error) {
        print(&v, SW_UNREADABLE,
              apr_pstrcat(tool->pool, "expected ", error, NULL));
        return NO;
    }
    status = read_url(&v);
    if (status != YES)
        return status;
    if (v.message.rest)
        apr_file_printf(tool->err,
                        "swhook: ignored %" APR_SIZE_T_FMT
                        " bytes after the request\n",
                        v.message.rest);
    verdict = decide(&v);
    print(&v, verdict, diagnose(&v, verdict));
    return verdict == SW_VERIFIED ? YES : NO;
}
