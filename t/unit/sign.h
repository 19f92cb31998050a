/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of verification: OpenSSL's own HMAC, so that the core does not
 * check itself, and a request to the base https://h:1.
 */
#ifndef SW_TEST_SIGN_H
#define SW_TEST_SIGN_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <apr_escape.h>

#include "core/signature/signature.h"
#include "tap.h"

#define SECRET "PSK_unit"
#define BASE "https://h:1"
#define FORM_TYPE "application/x-www-form-urlencoded"

static inline const char *test_hmac(sw_span_t secret, sw_span_t text,
                                    sw_scheme_e scheme)
{
    const EVP_MD *md = scheme == SW_SCHEME_SHA256 ? EVP_sha256() : EVP_sha1();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    char *base64;

    HMAC(md, secret.p, (int)secret.n, (const unsigned char *)text.p, text.n,
         digest, &n);
    if (scheme != SW_SCHEME_FORM)
        return apr_pescape_hex(pool, digest, n, 0);
    base64 = apr_palloc(pool, 29);
    EVP_EncodeBlock((unsigned char *)base64, digest, (int)n);
    return base64;
}

/* The fields of a request with one signature. */
static inline sw_verdict_e test_fields(const char *text, sw_scheme_e scheme,
                                       sw_signature_t *signature)
{
    int is_sha256 = scheme == SW_SCHEME_SHA256;

    return sw_signature_read(is_sha256 ? NULL : text, NULL,
                             is_sha256 ? text : NULL, signature);
}

static inline sw_request_t test_request(const char *base, const char *target,
                                        const char *type, sw_span_t body)
{
    sw_public_url_t url;
    sw_urls_t *urls = apr_palloc(pool, sizeof(*urls));
    sw_span_t at = sw_target(sw_span(target));
    sw_request_t request = { urls, sw_target_query(at), sw_span(type), body,
                             { NULL, 0 }, NULL };

    sw_public_url_parse(pool, base, NULL, &url);
    sw_urls_make(pool, &(sw_url_parts_t){ &url, 1, at, NULL }, urls);
    return request;
}

#endif
