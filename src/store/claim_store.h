/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A claim to a callback, and the answer that is kept: common to the stores. The
 * caller chooses the store.
 */
#ifndef SW_CLAIM_STORE_H
#define SW_CLAIM_STORE_H

#include <apr_pools.h>

#include "core/text/span.h"
#include "store/shm_table.h"

/** The largest body and Content-Type that are kept, in bytes. A longer body is
 * left out. */
#define SW_KEPT_BODY 4096
#define SW_KEPT_TYPE 255

typedef enum sw_claim_e {
    SW_CLAIM_TAKEN,   /* by the caller, who runs the application */
    SW_CLAIM_RUNNING, /* held by another request that has not ended */
    SW_CLAIM_DONE,    /* the answer is known */
    SW_CLAIM_FULL,    /* no entry is free: nothing is known */
    SW_CLAIM_FAILED   /* the store does not answer: nothing is known */
} sw_claim_e;

/** The answer to a callback. */
typedef struct sw_kept_t {
    int status; /* 200 to 299 */
    sw_span_t type, body;
} sw_kept_t;

/** A claim to a callback. Lives as long as its request. The caller sets the
 * first members, and the rest to zero. */
typedef struct sw_claim_t {
    apr_pool_t *pool; /* of the request */
    unsigned char key[SW_SHM_KEY]; /* of the callback */
    /* Results of taking it: */
    sw_kept_t answer;  /* of SW_CLAIM_DONE, in the pool */
    const char *error; /* of SW_CLAIM_FULL and SW_CLAIM_FAILED */
    /* For the store only: */
    apr_uint32_t place, serial;
    char token[48];
    struct sw_claim_t *next, **link; /* of those that are held */
} sw_claim_t;

#endif
