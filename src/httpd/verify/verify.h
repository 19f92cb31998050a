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

/** The verdict on the client's request under one set of settings. */
typedef struct sw_decision_t {
    struct sw_decision_t *next;
    sw_verify_t verify;
    sw_verdict_e verdict;
    int status;        /* HTTP status of a refusal */
    const sw_key_t *key; /* the matching key, or NULL */
    sw_scheme_e scheme;
} sw_decision_t;

/** The decision on @a r under @a dir: the recorded one for equal settings, else
 * one that is computed, logged and recorded. Lives as long as @a record. */
const sw_decision_t *sw_decide(request_rec *r, sw_record_t *record,
                               const sw_dir_t *dir);

/** The decision that let @a r pass its block or, outside of blocks, the last
 * block that it passed; NULL if there is none. Sets @a block to that block. */
const sw_decision_t *sw_decision_of(request_rec *r, const sw_record_t *record,
                                    const sw_block_t **block);

/** May a request with this decision pass? */
int sw_passes(const sw_decision_t *decision);

/** The public name of the matching key; NULL if no key matched. */
const char *sw_label_of(const sw_decision_t *decision);

/**
 * Identify the sender of a request, as part of a key in a store: the virtual
 * host, whether the request is verified, and the project of the matching key,
 * so that no sender meets the entries of another. The key itself is left out,
 * since it may be rotated.
 * @param is_shared whether other machines use the store too. If not, the
 * addresses of the virtual host distinguish it from one of the same name
 * @return in the pool of @a r
 */
const char *sw_sender(request_rec *r, const sw_decision_t *decision,
                      int is_shared);

#endif
