/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole request. The lines of an input: X-SignalWire-Signature,
 * X-Twilio-Signature, X-SignalWire-SHA256-Signature, X-Forwarded-Proto, -Host,
 * -Port, Forwarded, Host, Authorization, the target, Content-Type; "-" for an
 * absent one. All that follows is the body.
 */
#include "core/forwarded.h"
#include "core/nearmiss.h"
#include "core/project.h"
#include "core/signature.h"
#include "fuzz.h"

static void check_fields(const sw_signature_t *signature, sw_verdict_e verdict,
                         int came)
{
    sw_span_t text = signature->text;

    HOLDS(verdict == SW_VERIFIED || verdict == SW_MALFORMED
          || verdict == SW_NO_SIGNATURE);
    HOLDS((verdict == SW_NO_SIGNATURE) == !came);
    HOLDS(signature->kind != SW_SCHEME_SHA1 || text.n == 40);
    HOLDS(signature->kind != SW_SCHEME_FORM || text.n == 28);
    HOLDS(signature->sha256.n == 0 || signature->sha256.n == 64);
    HOLDS(verdict != SW_VERIFIED || signature->kind || signature->sha256.n);
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

/* Is anything of this form signed? */
static int signs_pairs(apr_pool_t *pool, sw_span_t body)
{
    sw_sorted_reader_t reader = { .sorted = sw_form_sort(pool, body) };
    char byte;

    return sw_sorted_read(&reader, &byte, 1) > 0;
}

static void check_origin(apr_pool_t *pool, const sw_clues_t *clues)
{
    sw_origin_t origin;

    if (sw_forwarded_origin(pool, &clues->forwarded, clues->https, clues->host,
                            &origin))
        HOLDS(origin.host.n && sw_span_starts(origin.authority, origin.host));
}

/* The request as it came, by whatever its fields say. */
static void check_request(apr_pool_t *pool, const sw_key_t *key,
                          const sw_request_t *request,
                          const sw_signature_t *signature,
                          const sw_clues_t *clues)
{
    const char *would;
    const sw_key_t *by;
    sw_proof_t proof;
    sw_verdict_e verdict = sw_verify(pool, &key, 1, request, signature,
                                     SW_TYPE_ANY, &proof);

    HOLDS(verdict == SW_VERIFIED || verdict == SW_MISMATCH
          || verdict == SW_BODY_HASH);
    if (verdict == SW_MISMATCH
        && sw_near_miss(pool, &key, 1, request, signature, clues, &would, &by))
        HOLDS(by == key && would);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    apr_pool_t *pool = fuzz_begin();
    sw_span_t input = sw_span_of((const char *)data, size), none = { NULL, 0 };
    const char *f[11];
    sw_key_t *key = sw_key_make(pool, sw_span("fuzz"), NULL, "1");
    sw_public_url_t base;
    sw_urls_t urls;
    sw_signature_t signature;
    sw_request_t request = { &urls, none, none, none, none };
    sw_clues_t clues = { &base, 1, none, NULL, 0, { .proto = NULL }, 8080 };
    sw_verdict_e verdict;
    sw_params_t params;
    int i;

    for (i = 0; i < 11; i++)
        f[i] = fuzz_line(pool, &input);
    verdict = sw_signature_read(f[0], f[1], f[2], &signature);
    check_fields(&signature, verdict, f[0] || f[1] || f[2]);

    clues.forwarded = (sw_forwarded_t){ f[3], f[4], f[5], f[6] };
    clues.host = f[7];
    clues.target = sw_target(sw_span(f[9] ? f[9] : ""));
    check_origin(pool, &clues);

    sw_public_url_parse(pool, "https://h", NULL, &base);
    sw_urls_make(pool, &base, 1, clues.target, f[8], &urls);
    request.query = sw_target_query(clues.target);
    request.content_type = sw_span(f[10]);
    request.body = input;
    sw_params_read(pool, 0, request.content_type, input,
                   request.query, NULL, &params);
    request.project = sw_project(pool, &params);
    if (verdict == SW_VERIFIED)
        check_request(pool, key, &request, &signature, &clues);
    if (urls.count) {
        check_round_trip(pool, key, &request, SW_SCHEME_SHA1, size);
        check_round_trip(pool, key, &request, SW_SCHEME_SHA256, size);
        request.content_type = sw_span("application/x-www-form-urlencoded");
        if (!strstr(request.query.p, "bodySHA256") && signs_pairs(pool, input))
            check_round_trip(pool, key, &request, SW_SCHEME_FORM, size);
    }
    return fuzz_end(pool);
}
