/* SPDX-License-Identifier: Apache-2.0 */
/* See signature.h. */
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <apr_escape.h>
#include <apr_strings.h>

#include "core/signature/signature.h"
#include "core/text/form.h"
#include "core/text/span.h"

#define BLOCK 64    /* bytes of a hash block, of SHA-1 and SHA-256 alike */
#define TEXT_MAX 65 /* a SHA-256 digest in hex, and NUL */

/* HMAC of RFC 2104, after the key block. To copy these two states takes half
 * the time of copying OpenSSL's own HMAC context. */
typedef struct hmac_t {
    EVP_MD_CTX *inner;
    EVP_MD_CTX *outer;
} hmac_t;

struct sw_key_t {
    hmac_t sha1;
    hmac_t sha256;
    const char *project;
    const char *label;
    apr_uint64_t id;
};

static apr_status_t key_cleanup(void *data)
{
    sw_key_t *key = data;

    EVP_MD_CTX_free(key->sha1.inner);
    EVP_MD_CTX_free(key->sha1.outer);
    EVP_MD_CTX_free(key->sha256.inner);
    EVP_MD_CTX_free(key->sha256.outer);
    return APR_SUCCESS;
}

static EVP_MD_CTX *start_state(const EVP_MD *md, const unsigned char *block,
                               unsigned char mask)
{
    unsigned char masked[BLOCK];
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    int i, done;

    for (i = 0; i < BLOCK; i++)
        masked[i] = block[i] ^ mask;
    done = state && EVP_DigestInit_ex(state, md, NULL)
           && EVP_DigestUpdate(state, masked, BLOCK);
    OPENSSL_cleanse(masked, sizeof(masked));
    if (done)
        return state;
    EVP_MD_CTX_free(state);
    return NULL;
}

static int start_hmac(hmac_t *hmac, const EVP_MD *md, sw_span_t secret)
{
    unsigned char block[BLOCK] = { 0 };
    int done = 1;

    if (secret.n > BLOCK)
        done = EVP_Digest(secret.p, secret.n, block, NULL, md, NULL);
    else
        memcpy(block, secret.p, secret.n);
    if (done) {
        hmac->inner = start_state(md, block, 0x36);
        hmac->outer = start_state(md, block, 0x5c);
    }
    OPENSSL_cleanse(block, sizeof(block));
    return hmac->inner && hmac->outer;
}

/* A keyed digest of a constant text, which is no URL. */
static apr_uint64_t make_key_id(const hmac_t *hmac)
{
    static const char text[] = "the identity of a key";
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned int n = 0;
    apr_uint64_t id = 0;

    if (ctx && EVP_MD_CTX_copy_ex(ctx, hmac->inner)
        && EVP_DigestUpdate(ctx, text, sizeof(text) - 1)
        && EVP_DigestFinal_ex(ctx, digest, &n))
        memcpy(&id, digest, sizeof(id));
    EVP_MD_CTX_free(ctx);
    OPENSSL_cleanse(digest, sizeof(digest));
    return id;
}

sw_key_t *sw_key_make(apr_pool_t *pool, sw_span_t secret, const char *project,
                      const char *label)
{
    sw_key_t *key = apr_pcalloc(pool, sizeof(*key));

    if (secret.n == 0)
        return NULL;
    apr_pool_cleanup_register(pool, key, key_cleanup, apr_pool_cleanup_null);
    key->project = project ? apr_pstrdup(pool, project) : NULL;
    key->label = apr_pstrdup(pool, label);
    if (!start_hmac(&key->sha1, EVP_sha1(), secret)
        || !start_hmac(&key->sha256, EVP_sha256(), secret))
        return NULL;
    key->id = make_key_id(&key->sha256);
    return key;
}

apr_uint64_t sw_key_id(const sw_key_t *key)
{
    return key->id;
}

const char *sw_key_project(const sw_key_t *key)
{
    return key->project;
}

const char *sw_key_label(const sw_key_t *key)
{
    return key->label;
}

int sw_key_serves(const sw_key_t *key, sw_span_t project)
{
    return !key->project || sw_span_equal(sw_span(key->project), project);
}

int sw_policy_serves(const sw_policy_t *policy, sw_span_t project)
{
    int i;

    for (i = 0; i < policy->key_count; i++) {
        if (sw_key_serves(policy->keys[i], project))
            return 1;
    }
    return 0;
}

static int update(EVP_MD_CTX *ctx, sw_span_t s)
{
    return s.n == 0 || EVP_DigestUpdate(ctx, s.p, s.n);
}

/*
 * The HMAC of URL and text, as text: base64 for scheme B, else hex. Digests
 * are encoded and compared as text, so that only one spelling is right.
 * Without memory for OpenSSL the answer is empty and matches nothing.
 */
static apr_size_t sign(const sw_key_t *key, const sw_url_t *url,
                       const sw_check_t *check, char *to)
{
    const hmac_t *hmac = check->scheme == SW_SCHEME_SHA256 ? &key->sha256
                                                           : &key->sha1;
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned int n = 0;
    apr_size_t length = 0;

    if (ctx && EVP_MD_CTX_copy_ex(ctx, hmac->inner) && update(ctx, url->origin)
        && update(ctx, url->path) && update(ctx, url->rest)
        && update(ctx, check->text) && EVP_DigestFinal_ex(ctx, digest, &n)
        && EVP_MD_CTX_copy_ex(ctx, hmac->outer)
        && EVP_DigestUpdate(ctx, digest, n)
        && EVP_DigestFinal_ex(ctx, digest, &n)) {
        if (check->scheme == SW_SCHEME_FORM)
            length = (apr_size_t)EVP_EncodeBlock((unsigned char *)to, digest,
                                                 (int)n);
        else if (apr_escape_hex(to, digest, n, 0, NULL) == APR_SUCCESS)
            length = (apr_size_t)n * 2;
    }
    EVP_MD_CTX_free(ctx);
    OPENSSL_cleanse(digest, sizeof(digest));
    return length;
}

int sw_secret_equal(sw_span_t a, sw_span_t b)
{
    return a.n == b.n && CRYPTO_memcmp(a.p, b.p, a.n) == 0;
}

int sw_key_matches(const sw_key_t *key, const sw_url_t *url,
                   const sw_check_t *check)
{
    char computed[TEXT_MAX];
    apr_size_t n = check->signature.n ? sign(key, url, check, computed) : 0;

    return n && sw_secret_equal(sw_span_of(computed, n), check->signature);
}

/*
 * A URL that ends in its host may be followed by JSON or by nothing. Anything
 * that could go on as a host, a port or a path is refused, else a signature
 * for https://example.community/ would serve as one for https://example.com
 * and a body that begins with "munity/".
 */
int sw_may_follow(const sw_url_t *url, const sw_check_t *check)
{
    int byte = url->ends_in_host && check->text.n
                   ? (unsigned char)check->text.p[0]
                   : -1;

    return byte < 0 || (byte && strchr("{\"\r\n\t ", byte) != NULL)
           || (byte == '[' && check->scheme != SW_SCHEME_FORM);
}

/* Try all keys with every URL. A match does not end the loop over the keys, so
 * that the time does not tell which key matched. */
static int search(const sw_policy_t *policy, const sw_request_t *request,
                  const sw_check_t *check, sw_match_t *match)
{
    int i, k;

    for (i = 0; i < request->urls->count; i++) {
        const sw_url_t *url = &request->urls->at[i];

        if (!sw_may_follow(url, check))
            continue;
        for (k = 0; k < policy->key_count; k++) {
            if (sw_key_serves(policy->keys[k], request->project)
                && sw_key_matches(policy->keys[k], url, check) && !match->key)
                match->key = policy->keys[k];
        }
        if (match->key) {
            match->scheme = check->scheme;
            match->url = url;
            return 1;
        }
    }
    return 0;
}

int sw_digest(sw_span_t text, unsigned char digest[32])
{
    return EVP_Digest(text.p, text.n, digest, NULL, EVP_sha256(), NULL);
}

/*
 * Rule R8. @return 1 if every bodySHA256 of the query is the hash of the body,
 * 0 if there is none, -1 if one is wrong.
 */
static int check_body_hash(const sw_request_t *request)
{
    static const char name[] = "bodySHA256";
    unsigned char digest[32];
    char text[TEXT_MAX];
    apr_size_t at = 0;
    sw_pair_t pair;
    int found = 0;

    while (sw_form_next(request->query, &at, &pair)) {
        if (!sw_span_equal(pair.name, sw_span(name)))
            continue;
        if (!found) {
            if (!sw_digest(request->body, digest))
                return -1;
            apr_escape_hex(text, digest, 32, 0, NULL);
            found = 1;
        }
        if (!sw_secret_equal(pair.value, sw_span(text)))
            return -1;
    }
    return found;
}

/*
 * Scheme B. The signature may cover the parameters of a form, or the URL alone:
 * the latter counts only if there is no body, or if bodySHA256 binds it (R7). A
 * form that adds nothing to the signed text, such as "&" or "=", is a body too.
 */
static sw_verdict_e verify_form(apr_pool_t *pool, const sw_policy_t *policy,
                                const sw_request_t *request, sw_match_t *match)
{
    int bound = check_body_hash(request);
    sw_check_t check = { SW_SCHEME_FORM, { NULL, 0 },
                         request->signature->text };

    if (bound < 0)
        return SW_BODY_HASH;
    if ((request->body.n == 0 || bound)
        && search(policy, request, &check, match))
        return SW_VERIFIED;
    if (request->body.n == 0 || !sw_form_is_type(request->content_type))
        return SW_MISMATCH;
    check.text = sw_form_signed(pool, request->body);
    return check.text.n && search(policy, request, &check, match) ? SW_VERIFIED
                                                                  : SW_MISMATCH;
}

static int verify_body(const sw_policy_t *policy, const sw_request_t *request,
                       sw_scheme_e scheme, sw_match_t *match)
{
    const sw_signature_t *signature = request->signature;
    sw_check_t check = { scheme, request->body,
                         scheme == SW_SCHEME_SHA256 ? signature->sha256
                                                    : signature->text };

    return search(policy, request, &check, match);
}

sw_verdict_e sw_verify(apr_pool_t *pool, const sw_policy_t *policy,
                       const sw_request_t *request, sw_match_t *match)
{
    const sw_signature_t *signature = request->signature;

    memset(match, 0, sizeof(*match));
    if (policy->key_count == 0)
        return SW_NO_KEY;
    if (!sw_policy_serves(policy, request->project))
        return SW_NO_PROJECT_KEY;
    if (signature->has_sha256) {
        if ((policy->types & SW_SCHEME_SHA256)
            && verify_body(policy, request, SW_SCHEME_SHA256, match))
            return SW_VERIFIED;
        /* Wrong: only a form's own signature may still decide (R3). */
        if (signature->kind != SW_SCHEME_FORM)
            return policy->types & SW_SCHEME_SHA256 ? SW_MISMATCH
                                                    : SW_WRONG_TYPE;
    }
    if (!(policy->types & signature->kind))
        return SW_WRONG_TYPE;
    if (signature->kind == SW_SCHEME_FORM)
        return verify_form(pool, policy, request, match);
    return verify_body(policy, request, SW_SCHEME_SHA1, match) ? SW_VERIFIED
                                                               : SW_MISMATCH;
}

const char *sw_sign(apr_pool_t *pool, const sw_key_t *key, const sw_url_t *url,
                    sw_span_t body, sw_scheme_e scheme)
{
    char *to = apr_palloc(pool, TEXT_MAX);
    sw_check_t check = { scheme, body, { NULL, 0 } };

    if (scheme == SW_SCHEME_FORM)
        check.text = sw_form_signed(pool, body);
    return sign(key, url, &check, to) ? to : NULL;
}
