/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole request. The lines of an input: X-SignalWire-Signature,
 * X-Twilio-Signature, X-SignalWire-SHA256-Signature, X-Forwarded-Proto, -Host,
 * -Port, Forwarded, Host, Authorization, the target, Content-Type,
 * X-Forwarded-Prefix, X-Original-URL, X-Original-Host; "-" for an absent one.
 * All that follows is the body.
 */
#include "core/signature/explain.h"
#include "core/event/project.h"
#include "core/signature/forwarded.h"
#include "core/signature/signature.h"
#include "fuzz.h"

#define LINES 14

static void check_fields(apr_pool_t *pool, const sw_signature_t *signature,
                         sw_verdict_e verdict, int came)
{
    sw_span_t text = signature->text;

    HOLDS(verdict == SW_VERIFIED || verdict == SW_MALFORMED
          || verdict == SW_NO_SIGNATURE);
    HOLDS((verdict == SW_NO_SIGNATURE) == !came);
    HOLDS(signature->kind != SW_SCHEME_SHA1 || text.n == 40);
    HOLDS(signature->kind != SW_SCHEME_FORM || text.n == 28);
    HOLDS(signature->sha256.n == 0 || signature->sha256.n == 64);
    HOLDS(verdict != SW_VERIFIED || signature->kind || signature->sha256.n);
    HOLDS(verdict != SW_MALFORMED
          || strncmp(sw_signature_fault(pool, signature), "X-", 2) == 0);
}

/* The input of every check. */
typedef struct input_t {
    apr_pool_t *pool;
    const sw_key_t *key;
    const sw_policy_t *policy; /* with that key alone */
    const sw_hints_t *hints;
    sw_request_t request;
} input_t;

static sw_verdict_e verify(const input_t *in, const char *text,
                           sw_scheme_e scheme)
{
    int is_sha256 = scheme == SW_SCHEME_SHA256;
    sw_signature_t signature;
    sw_request_t request = in->request;
    sw_match_t match;
    sw_verdict_e verdict;

    HOLDS(sw_signature_read(is_sha256 ? NULL : text, NULL,
                            is_sha256 ? text : NULL, &signature)
          == SW_VERIFIED);
    request.signature = &signature;
    verdict = sw_verify(in->pool, in->policy, &request, &match);
    HOLDS((verdict == SW_VERIFIED) == (match.key != NULL));
    return verdict;
}

/* A signature that sw_sign() makes is verified; with one character changed, or
 * one byte of the body, it is not. */
static void check_round_trip(input_t *in, sw_scheme_e scheme, apr_size_t at)
{
    sw_span_t body = in->request.body;
    const char *made = sw_sign(in->pool, in->key, &in->request.urls->at[0],
                               body, scheme);
    char *text = apr_pstrdup(in->pool, made);
    char *other = apr_pstrmemdup(in->pool, body.p, body.n);
    apr_size_t n = scheme == SW_SCHEME_FORM ? 27 : strlen(text);

    HOLDS(strlen(text) == (scheme == SW_SCHEME_FORM ? 28
                           : scheme == SW_SCHEME_SHA1 ? 40 : 64));
    HOLDS(verify(in, text, scheme) == SW_VERIFIED);
    text[at % n] = text[at % n] == '1' ? '0' : '1';
    HOLDS(verify(in, text, scheme) == SW_MISMATCH);
    if (body.n && scheme != SW_SCHEME_FORM) {
        other[at % body.n] ^= (char)(1 << at % 8);
        in->request.body = sw_span_of(other, body.n);
        HOLDS(verify(in, made, scheme) == SW_MISMATCH);
        in->request.body = body;
    }
}

static void check_origin(apr_pool_t *pool, const sw_hints_t *hints)
{
    sw_forwarded_t fields;
    sw_origin_t origin;

    if (sw_forwarded_read(hints->fields, &fields)
        && sw_forwarded_origin(pool, &fields, hints->https, &origin))
        HOLDS(origin.host.n && sw_span_starts(origin.authority, origin.host));
}

/* The URL and key of a near miss match, and its directive helps. */
static void check_near_miss(const input_t *in, const sw_request_t *request)
{
    const sw_near_miss_t *near = sw_near_miss(in->pool, in->policy, request,
                                              in->hints);
    sw_finding_t found = { .near = near, .request = request };
    sw_request_t again = *request;
    sw_public_url_t base;
    sw_match_t match;
    sw_urls_t urls;

    HOLDS(!near->miss == !near->key && !near->miss == !near->matched_url);
    HOLDS(strlen(sw_miss_explain(in->pool, &found)) < 4096);
    if (!near->public_url)
        return;
    HOLDS(!sw_public_url_parse(in->pool, near->public_url, near->location,
                               &base));
    sw_urls_make(in->pool,
                 &(sw_url_parts_t){ &base, 1, in->hints->target,
                                    apr_table_get(in->hints->fields,
                                                  "Authorization") },
                 &urls);
    again.urls = &urls;
    HOLDS(sw_verify(in->pool, in->policy, &again, &match)
          == (near->is_sha256_wrong ? SW_MISMATCH : SW_VERIFIED));
}

/* The URLs of the n-th combination of an origin and a target that the search
 * tries. @return 0 if there are none */
static int make_sent_urls(const input_t *in, apr_size_t n, sw_urls_t *urls)
{
    apr_array_header_t *targets = sw_targets_make(in->pool, in->hints->target,
                                                  in->hints->fields);
    apr_array_header_t *origins = sw_origins_make(in->pool, in->hints);
    sw_url_parts_t parts = { .base_count = 1 };

    HOLDS(targets->nelts <= SW_TARGETS_MAX);
    if (!targets->nelts)
        return 0;
    parts.bases = &APR_ARRAY_IDX(origins,
                                 (int)(n % (apr_size_t)origins->nelts),
                                 sw_candidate_t).base;
    parts.target = APR_ARRAY_IDX(targets,
                                 (int)(n % (apr_size_t)targets->nelts),
                                 sw_original_t).target;
    sw_urls_make(in->pool, &parts, urls);
    return urls->count;
}

/* The search finds the signatures that it is made for. */
static void check_sent(const input_t *in, apr_size_t n)
{
    sw_request_t request = in->request;
    sw_signature_t signature;
    sw_match_t match;
    sw_urls_t urls;

    if (request.body.n > 1000 || !make_sent_urls(in, n, &urls))
        return;
    sw_signature_read(sw_sign(in->pool, in->key, &urls.at[0], request.body,
                              SW_SCHEME_SHA1), NULL, NULL, &signature);
    request.signature = &signature;
    if (sw_verify(in->pool, in->policy, &request, &match) == SW_MISMATCH) {
        const sw_near_miss_t *near =
            sw_near_miss(in->pool, in->policy, &request, in->hints);

        check_near_miss(in, &request);
        HOLDS(near->miss || near->is_cut);
    }
}

/* The request with the signature fields that came. */
static void check_request(const input_t *in)
{
    sw_match_t match;
    sw_verdict_e verdict = sw_verify(in->pool, in->policy, &in->request,
                                     &match);

    HOLDS(verdict == SW_VERIFIED || verdict == SW_MISMATCH
          || verdict == SW_BODY_HASH);
    if (verdict == SW_MISMATCH)
        check_near_miss(in, &in->request);
    else if (verdict == SW_BODY_HASH)
        HOLDS(sw_hash_explain(&in->request) != NULL);
}

static apr_table_t *table_of(apr_pool_t *pool, const char *const *f)
{
    static const struct {
        const char *name;
        int line;
    } fields[] = {
        { "X-Forwarded-Proto", 3 }, { "X-Forwarded-Host", 4 },
        { "X-Forwarded-Port", 5 }, { "Forwarded", 6 }, { "Host", 7 },
        { "Authorization", 8 }, { "X-Forwarded-Prefix", 11 },
        { "X-Original-URL", 12 }, { "X-Original-Host", 13 }
    };
    apr_table_t *table = apr_table_make(pool, 9);
    size_t i;

    for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (f[fields[i].line])
            apr_table_setn(table, fields[i].name, f[fields[i].line]);
    }
    return table;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    apr_pool_t *pool = fuzz_begin();
    sw_span_t input = sw_span_of((const char *)data, size), none = { NULL, 0 };
    const char *f[LINES];
    const sw_key_t *key = sw_key_make(pool, sw_span("fuzz"), NULL, "1");
    sw_policy_t policy = { &key, 1, SW_TYPE_ANY };
    sw_public_url_t base;
    sw_urls_t urls;
    sw_signature_t signature;
    sw_hints_t hints = { .bases = &base, .base_count = 1, .location = "/v",
                         .local_port = 8080 };
    input_t in = { pool, key, &policy, &hints,
                   { &urls, none, none, none, none, &signature } };
    sw_verdict_e verdict;
    sw_params_t params;
    int i;

    for (i = 0; i < LINES; i++)
        f[i] = fuzz_line(pool, &input);
    verdict = sw_signature_read(f[0], f[1], f[2], &signature);
    check_fields(pool, &signature, verdict, f[0] || f[1] || f[2]);

    hints.fields = table_of(pool, f);
    hints.target = sw_target(sw_span(f[9] ? f[9] : ""));
    check_origin(pool, &hints);

    sw_public_url_parse(pool, size % 2 ? "https://h" : "https://h/app", "/v",
                        &base);
    sw_urls_make(pool, &(sw_url_parts_t){ &base, 1, hints.target, f[8] },
                 &urls);
    in.request.query = sw_target_query(hints.target);
    in.request.content_type = sw_span(f[10]);
    in.request.body = input;
    sw_params_read(pool,
                   &(sw_content_t){ .type = in.request.content_type,
                                    .body = input,
                                    .query = in.request.query },
                   &params);
    in.request.project = sw_project(pool, &params);
    HOLDS(strlen(sw_project_explain(pool, &in.request)) < 1024);
    if (urls.count) {
        if (verdict == SW_VERIFIED)
            check_request(&in);
        check_sent(&in, size);
        check_round_trip(&in, SW_SCHEME_SHA1, size);
        check_round_trip(&in, SW_SCHEME_SHA256, size);
        in.request.content_type = sw_span("application/x-www-form-urlencoded");
        if (!strstr(in.request.query.p, "bodySHA256")
            && sw_form_signed(pool, input).n)
            check_round_trip(&in, SW_SCHEME_FORM, size);
    }
    return fuzz_end(pool);
}
