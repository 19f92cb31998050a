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

static sw_verdict_e verify(apr_pool_t *pool, const sw_key_t *key,
                           const sw_request_t *request, const char *text,
                           sw_scheme_e scheme)
{
    int is_sha256 = scheme == SW_SCHEME_SHA256;
    sw_signature_t signature;
    sw_proof_t proof;
    sw_verdict_e verdict;

    HOLDS(sw_signature_read(is_sha256 ? NULL : text, NULL,
                            is_sha256 ? text : NULL, &signature)
          == SW_VERIFIED);
    verdict = sw_verify(pool, &key, 1, request, &signature, SW_TYPE_ANY,
                        &proof);
    HOLDS((verdict == SW_VERIFIED) == (proof.key != NULL));
    return verdict;
}

/* What we sign is verified; with one character changed, or one byte of the
 * body, it is not. */
static void check_round_trip(apr_pool_t *pool, const sw_key_t *key,
                             sw_request_t *request, sw_scheme_e scheme,
                             apr_size_t at)
{
    sw_span_t body = request->body;
    const char *made = sw_sign(pool, key, &request->urls->at[0], body, scheme);
    char *text = apr_pstrdup(pool, made);
    char *other = apr_pstrmemdup(pool, body.p, body.n);
    apr_size_t n = scheme == SW_SCHEME_FORM ? 27 : strlen(text);

    HOLDS(strlen(text) == (scheme == SW_SCHEME_FORM ? 28
                           : scheme == SW_SCHEME_SHA1 ? 40 : 64));
    HOLDS(verify(pool, key, request, text, scheme) == SW_VERIFIED);
    text[at % n] = text[at % n] == '1' ? '0' : '1';
    HOLDS(verify(pool, key, request, text, scheme) == SW_MISMATCH);
    if (body.n && scheme != SW_SCHEME_FORM) {
        other[at % body.n] ^= (char)(1 << at % 8);
        request->body = sw_span_of(other, body.n);
        HOLDS(verify(pool, key, request, made, scheme) == SW_MISMATCH);
        request->body = body;
    }
}

static void check_origin(apr_pool_t *pool, const sw_hints_t *hints)
{
    sw_forwarded_t fields;
    sw_origin_t origin;

    if (sw_forwarded_read(hints->fields, &fields)
        && sw_forwarded_origin(pool, &fields, hints->https,
                               apr_table_get(hints->fields, "Host"), &origin))
        HOLDS(origin.host.n && sw_span_starts(origin.authority, origin.host));
}

/* What it says has matched, and following it helps. */
static void check_near_miss(apr_pool_t *pool, const sw_key_t *key,
                            const sw_request_t *request,
                            const sw_signature_t *signature,
                            const sw_hints_t *hints)
{
    sw_finding_t found = { .request = request, .signature = signature };
    sw_near_t *near = &found.near;
    sw_request_t again = *request;
    sw_public_url_t base;
    sw_proof_t proof;
    sw_urls_t urls;

    sw_near_miss(pool, &key, 1, request, signature, hints, near);
    HOLDS(!near->miss == !near->key && !near->miss == !near->url);
    HOLDS(strlen(sw_miss_explain(pool, &found)) < 4096);
    if (!near->public_url)
        return;
    HOLDS(!sw_public_url_parse(pool, near->public_url, near->location, &base));
    sw_urls_make(pool, &base, 1, hints->target,
                 apr_table_get(hints->fields, "Authorization"), &urls);
    again.urls = &urls;
    HOLDS(sw_verify(pool, &key, 1, &again, signature, SW_TYPE_ANY, &proof)
          == (near->is_sha256_wrong ? SW_MISMATCH : SW_VERIFIED));
}

/* Is the signature one of the near misses that we make ourselves? */
static void check_sent(apr_pool_t *pool, const sw_key_t *key,
                       const sw_request_t *request, const sw_hints_t *hints,
                       apr_size_t n)
{
    apr_array_header_t *targets = sw_targets_make(pool, hints->target,
                                                  hints->fields);
    apr_array_header_t *origins = sw_origins_make(pool, hints);
    sw_finding_t found = { .request = request };
    sw_signature_t signature;
    const sw_candidate_t *origin;
    sw_proof_t proof;
    sw_urls_t urls;

    if (!targets->nelts || request->body.n > 1000)
        return;
    HOLDS(targets->nelts <= SW_TARGETS_MAX);
    origin = &APR_ARRAY_IDX(origins, (int)(n % (apr_size_t)origins->nelts),
                            sw_candidate_t);
    sw_urls_make(pool, &origin->base, 1,
                 APR_ARRAY_IDX(targets, (int)(n % (apr_size_t)targets->nelts),
                               sw_original_t).target, NULL, &urls);
    if (!urls.count)
        return;
    sw_signature_read(sw_sign(pool, key, &urls.at[0], request->body,
                              SW_SCHEME_SHA1), NULL, NULL, &signature);
    if (sw_verify(pool, &key, 1, request, &signature, SW_TYPE_ANY, &proof)
        == SW_MISMATCH) {
        check_near_miss(pool, key, request, &signature, hints);
        sw_near_miss(pool, &key, 1, request, &signature, hints, &found.near);
        HOLDS(found.near.miss || found.near.is_cut);
    }
}

/* The request as it came, by whatever its fields say. */
static void check_request(apr_pool_t *pool, const sw_key_t *key,
                          const sw_request_t *request,
                          const sw_signature_t *signature,
                          const sw_hints_t *hints)
{
    sw_proof_t proof;
    sw_verdict_e verdict = sw_verify(pool, &key, 1, request, signature,
                                     SW_TYPE_ANY, &proof);

    HOLDS(verdict == SW_VERIFIED || verdict == SW_MISMATCH
          || verdict == SW_BODY_HASH);
    if (verdict == SW_MISMATCH)
        check_near_miss(pool, key, request, signature, hints);
    else if (verdict == SW_BODY_HASH)
        HOLDS(sw_hash_explain(request) != NULL);
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
    sw_key_t *key = sw_key_make(pool, sw_span("fuzz"), NULL, "1");
    sw_public_url_t base;
    sw_urls_t urls;
    sw_signature_t signature;
    sw_request_t request = { &urls, none, none, none, none };
    sw_hints_t hints = { .bases = &base, .base_count = 1, .location = "/v",
                         .local_port = 8080 };
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
    sw_urls_make(pool, &base, 1, hints.target, f[8], &urls);
    request.query = sw_target_query(hints.target);
    request.content_type = sw_span(f[10]);
    request.body = input;
    sw_params_read(pool, 0, request.content_type, input,
                   request.query, NULL, &params);
    request.project = sw_project(pool, &params);
    HOLDS(strlen(sw_project_explain(pool, &request)) < 1024);
    if (urls.count) {
        if (verdict == SW_VERIFIED)
            check_request(pool, key, &request, &signature, &hints);
        check_sent(pool, key, &request, &hints, size);
        check_round_trip(pool, key, &request, SW_SCHEME_SHA1, size);
        check_round_trip(pool, key, &request, SW_SCHEME_SHA256, size);
        request.content_type = sw_span("application/x-www-form-urlencoded");
        if (!strstr(request.query.p, "bodySHA256")
            && sw_form_signed(pool, input).n)
            check_round_trip(pool, key, &request, SW_SCHEME_FORM, size);
    }
    return fuzz_end(pool);
}
