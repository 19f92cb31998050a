/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that find a verdict share: what is known of the request
 * meanwhile, the URLs that may have been signed, and the explanation of a
 * refusal.
 */
#ifndef SW_VERIFY_H
#define SW_VERIFY_H

#include "httpd/module.h"

/** What was found out on the way to a verdict; gone with it. */
typedef struct sw_facts_t {
    apr_pool_t *scratch;
    request_rec *r;
    request_rec *initial;
    const sw_dir_t *dir;
    const sw_record_t *record;
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
} sw_facts_t;

/**
 * What else the log line of a refusal should say: of a mismatch what would
 * have matched and which directive to set (once a second for each block on
 * average, at most five times at once).
 * @return text that follows the phrase, perhaps empty; in facts->scratch
 */
const char *sw_diagnose(const sw_facts_t *facts, sw_verdict_e verdict);

/* ---- origin.c --------------------------------------------------------- */

/** The connection that the TCP peer made: HTTP/2 streams have one of their
 * own each. What mod_remoteip says of the client behind it stays aside. */
conn_rec *sw_origin_connection(const request_rec *r);

/** Is the TCP peer one of SignalWireTrustedProxy? */
int sw_origin_peer_trusted(request_rec *r, const sw_dir_t *dir);

/** Fill in the bases of the URLs that may have been signed. @return
 * SW_VERIFIED, SW_UNKNOWN_HOST or SW_FORWARDED */
sw_verdict_e sw_origin_bases(sw_facts_t *facts);

/** Did the client come by TLS, to us or to a proxy that we trust? */
int sw_origin_is_tls(const sw_facts_t *facts);

#endif
