/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From request to verdict. Cheap refusals come first: without a plausible
 * signature not a byte of the body is read. A verdict is computed once for
 * equal settings.
 */
#ifndef SW_VERIFY_H
#define SW_VERIFY_H

#include "core/signature/signature.h"
#include "core/signature/verdict.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"

/** One verdict: of the request as the client sent it, by these settings. */
typedef struct sw_decision_t {
    struct sw_decision_t *next;
    sw_verify_t verify;
    sw_verdict_e verdict;
    int status;        /* of the refusal, if it is refused */
    const sw_key_t *key; /* that matched, or NULL */
    sw_scheme_e scheme;
} sw_decision_t;

/** The verdict on @a r by @a dir: from the record, or computed and logged. */
const sw_decision_t *sw_decide(request_rec *r, sw_record_t *record,
                               const sw_dir_t *dir);

/** The verdict by which @a r has passed the block that it is in, or the last
 * one that it was in; NULL if it has passed none so far. */
const sw_decision_t *sw_decision_of(request_rec *r, const sw_record_t *record,
                                    const sw_block_t **block);

/** May a request with this decision pass? */
int sw_passes(const sw_decision_t *decision);

/** What the key that matched is called; NULL for none. */
const char *sw_label_of(const sw_decision_t *decision);

/**
 * From whom a request comes, as far as that is proven: its server by the
 * ServerName as written, whether it was verified, and the project of the key
 * that verified it; not the key itself, which may be rotated. What one sender
 * leaves in memory that all share is no other's.
 * @param is_shared with other machines, too: the addresses of the virtual host,
 * which may have a namesake on another port, are left out
 * @return in the pool of @a r
 */
const char *sw_sender(request_rec *r, const sw_decision_t *decision,
                      int is_shared);

#endif
