/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context in which one verdict is computed.
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

/** The inputs and intermediate results of one verdict, freed with it. */
typedef struct sw_verify_context_t {
    apr_pool_t *scratch;
    request_rec *r;
    request_rec *initial;
    const sw_dir_t *dir;
    sw_record_t *record;
    const apr_table_t *headers;
    sw_span_t target;          /* as received, in origin form */
    int peer_trusted;          /* by SignalWireTrustedProxy */
    sw_public_url_t received;  /* the base from Host or forwarded fields */
    const sw_public_url_t *bases;
    int base_count;
    sw_urls_t urls;
    sw_request_t request;
    sw_signature_t signature;
    sw_policy_t policy;
    sw_match_t match;
} sw_verify_context_t;

#endif
