/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a request on the way to its verdict.
 */
#ifndef SW_VERIFY_CONTEXT_H
#define SW_VERIFY_CONTEXT_H

#include "core/signature/headers.h"
#include "core/signature/signature.h"
#include "core/signature/url.h"
#include "core/text/span.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"

/** What was found out on the way to a verdict; gone with it. */
typedef struct sw_verify_context_t {
    apr_pool_t *scratch;
    request_rec *r;
    request_rec *initial;
    const sw_dir_t *dir;
    sw_record_t *record;
    const apr_table_t *headers;
    sw_span_t target;          /* as received, in origin form */
    int peer_trusted;          /* SignalWireTrustedProxy */
    sw_public_url_t received;  /* the base that the request itself names */
    const sw_public_url_t *bases;
    int base_count;
    sw_urls_t urls;
    sw_request_t request;
    sw_signature_t signature;
    sw_proof_t proof;
} sw_verify_context_t;

#endif
