/* SPDX-License-Identifier: Apache-2.0 */
/* swhook verify: what the module would say of a request, in its words. */
#include <apr_strings.h>

#include "core/signature/explain.h"
#include "core/event/project.h"
#include "tool/tool.h"

typedef struct question_t {
    tool_t *tool;
    message_t message;
    sw_public_url_t base;
    sw_span_t target; /* that is signed */
    sw_urls_t urls;
    sw_request_t request;
    sw_signature_t signature;
    sw_proof_t proof;
} question_t;

static const char *field(const question_t *q, const char *name)
{
    return apr_table_get(q->message.fields, name);
}

/* --url is an origin, as SignalWirePublicURL has it, or the whole URL without
 * its query: then its path is what was signed, whatever a proxy made of it.
 * With --location it is SignalWirePublicURL, path and all. */
static int read_url(question_t *q)
{
    tool_t *tool = q->tool;
    apr_size_t path;
    const char *complaint;

    q->target = sw_target(sw_span(q->message.target));
    path = sw_span_find(q->target, '?');
    complaint = sw_public_url_parse(tool->pool, tool->url,
                                    tool->location
                                        ? tool->location
                                        : apr_pstrmemdup(tool->pool,
                                                         q->target.p, path),
                                    &q->base);
    if (complaint)
        return expected(tool, tool->url, complaint);
    if (q->base.path.n && !tool->location) {
        q->target = sw_span(apr_psprintf(tool->pool, "%.*s%.*s",
                                         (int)q->base.path.n, q->base.path.p,
                                         (int)(q->target.n - path),
                                         q->target.p + path));
        q->base.path = q->base.prefix = sw_span(NULL);
    }
    return YES;
}

/* Whose callback it says it is. */
static sw_span_t project_of(const question_t *q)
{
    sw_params_t params;

    read_params(q->tool, &q->message, &params);
    return sw_project(q->tool->pool, &params);
}

static sw_verdict_e judge(question_t *q)
{
    tool_t *tool = q->tool;
    sw_request_t *request = &q->request;
    sw_verdict_e verdict =
        sw_signature_read(field(q, "X-SignalWire-Signature"),
                          field(q, "X-Twilio-Signature"),
                          field(q, "X-SignalWire-SHA256-Signature"),
                          &q->signature);

    sw_urls_make(tool->pool, &q->base, 1, q->target, field(q, "Authorization"),
                 &q->urls);
    request->urls = &q->urls;
    request->query = sw_target_query(q->target);
    request->content_type = sw_span(field(q, "Content-Type"));
    request->body = q->message.body;
    request->project = project_of(q);
    if (verdict != SW_VERIFIED)
        return verdict;
    if (q->urls.count == 0)
        return SW_NO_PREFIX;
    if (q->message.body.n > (apr_size_t)tool->max_body)
        return SW_TOO_LARGE;
    return sw_verify(tool->pool, (const sw_key_t *const *)tool->keys->elts,
                     tool->keys->nelts, request, &q->signature, tool->types,
                     &q->proof);
}

static const char *diagnose_mismatch(const question_t *q)
{
    tool_t *tool = q->tool;
    sw_finding_t found = { .request = &q->request, .signature = &q->signature,
                           .key_count = tool->keys->nelts };
    sw_hints_t hints = { .bases = &q->base, .base_count = 1,
                         .target = q->target, .location = tool->location,
                         .fields = q->message.fields,
                         .https = sw_origin_is_https(&q->base.origin) };

    sw_near_miss(tool->pool, (const sw_key_t *const *)tool->keys->elts,
                 tool->keys->nelts, &q->request, &q->signature, &hints,
                 &found.near);
    return sw_miss_explain(tool->pool, &found);
}

/* What would have matched; NULL where there is nothing to say. */
static const char *diagnose(const question_t *q, sw_verdict_e verdict)
{
    switch (verdict) {
    case SW_MALFORMED:
        return sw_signature_fault(q->tool->pool, &q->signature);
    case SW_BODY_HASH:
        return sw_hash_explain(&q->request);
    case SW_MISMATCH:
        return diagnose_mismatch(q);
    case SW_NO_PROJECT_KEY:
        return apr_pstrcat(q->tool->pool,
                           sw_project_explain(q->tool->pool, &q->request), "; ",
                           diagnose_mismatch(q), NULL);
    case SW_TOO_LARGE:
        return apr_psprintf(q->tool->pool,
                            "it has %" APR_SIZE_T_FMT " bytes, "
                            "and --max-body is %ld",
                            q->message.body.n, q->tool->max_body);
    case SW_WRONG_TYPE:
        return sw_type_explain(q->tool->pool, &q->signature);
    default:
        return NULL;
    }
}

static void print_json(const question_t *q, sw_verdict_e verdict,
                       const char *diagnosis)
{
    const sw_outcome_t *outcome = sw_outcome(verdict);
    tool_t *tool = q->tool;
    const char *url = q->proof.url ? sw_url_shown(tool->pool, q->proof.url)
                                   : "";
    sw_line_t line;

    begin_json(tool, &line, strlen(url) + strlen(diagnosis ? diagnosis : ""));
    sw_line_text(&line, "verdict", sw_span(outcome->token));
    sw_line_text(&line, "phrase", sw_span(outcome->phrase));
    if (verdict == SW_VERIFIED) {
        sw_line_text(&line, "verified",
                     sw_span(sw_scheme_name(q->proof.scheme)));
        sw_line_text(&line, "key", sw_span(sw_key_label(q->proof.key)));
        sw_line_text(&line, "url", sw_span(url));
    }
    if (diagnosis)
        sw_line_text(&line, "diagnosis", sw_span(diagnosis));
    end_json(tool, &line);
}

static void print_text(const question_t *q, sw_verdict_e verdict,
                       const char *diagnosis)
{
    const sw_outcome_t *outcome = sw_outcome(verdict);
    tool_t *tool = q->tool;

    if (verdict == SW_VERIFIED)
        say(tool, "verified: %s by key %s, for %s\n",
            sw_scheme_name(q->proof.scheme), sw_key_label(q->proof.key),
            shown(tool->pool, sw_span(sw_url_shown(tool->pool, q->proof.url))));
    else
        say(tool, "%s: %s%s%s\n", outcome->token, outcome->phrase,
            diagnosis ? "; " : "",
            diagnosis ? shown(tool->pool, sw_span(diagnosis)) : "");
}

static void print(const question_t *q, sw_verdict_e verdict,
                  const char *diagnosis)
{
    if (q->tool->is_json)
        print_json(q, verdict, diagnosis);
    else
        print_text(q, verdict, diagnosis);
}

int run_verify(tool_t *tool)
{
    question_t q = { .tool = tool };
    sw_span_t text;
    const char *complaint;
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
    complaint = read_request(tool->pool, text, &q.message);
    if (complaint) {
        print(&q, SW_UNREADABLE,
              apr_pstrcat(tool->pool, "expected ", complaint, NULL));
        return NO;
    }
    status = read_url(&q);
    if (status != YES)
        return status;
    if (q.message.rest)
        apr_file_printf(tool->err,
                        "swhook: %" APR_SIZE_T_FMT " bytes after "
                        "the request are none of it\n",
                        q.message.rest);
    verdict = judge(&q);
    print(&q, verdict, diagnose(&q, verdict));
    return verdict == SW_VERIFIED ? YES : NO;
}
