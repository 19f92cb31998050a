/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signature fields as they came: which scheme they claim, by their form
 * alone (rules R2 and R3 of docs/signature-rules.md). This is cheap, and so
 * precedes the reading of the body.
 */
#ifndef SW_HEADERS_H
#define SW_HEADERS_H

#include <apr_pools.h>

#include "core/text/span.h"
#include "core/signature/verdict.h"

/** The signature fields of a request, their form checked (rules R2, R3). */
typedef struct sw_signature_t {
    sw_scheme_e kind; /* SW_SCHEME_FORM, SW_SCHEME_SHA1, or _NONE: absent */
    sw_span_t text;   /* of X-SignalWire-Signature or its alias */
    const char *name; /* of the field that text is of; NULL: absent */
    int has_sha256;   /* the SHA-256 field came, whatever it holds */
    sw_span_t sha256; /* its value, empty if it is not 64 hex digits */
    sw_span_t sha256_text; /* its value, whatever it is */
} sw_signature_t;

/**
 * Read the fields X-SignalWire-Signature, X-Twilio-Signature and
 * X-SignalWire-SHA256-Signature, each NULL if absent, repeats joined by commas
 * as httpd does.
 * @return SW_VERIFIED if there is a signature to check, SW_NO_SIGNATURE or
 * SW_MALFORMED
 */
sw_verdict_e sw_signature_read(const char *signalwire, const char *twilio,
                               const char *sha256, sw_signature_t *signature);

/** The field that SW_MALFORMED is said of, and its fault: "X-SignalWire-
 * Signature is empty". Never shows the value. @return in @a pool */
const char *sw_signature_fault(apr_pool_t *pool,
                               const sw_signature_t *signature);

/** The fault of the SHA-256 field alone; NULL if it is absent or well-formed.
 */
const char *sw_sha256_fault(apr_pool_t *pool, const sw_signature_t *signature);

#endif
