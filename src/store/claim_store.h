/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A claim to a callback, and the answer that is kept: what the stores have in
 * common. The asker chooses the store and decides what its silence means.
 */
#ifndef SW_CLAIM_STORE_H
#define SW_CLAIM_STORE_H

#include <apr.h>

#include "core/text/span.h"
#include "store/shm_table.h"

/** The largest body and Content-Type that are kept, in bytes. A longer body is
 * left out. */
#define SW_KEPT_BODY 4096
#define SW_KEPT_TYPE 255

typedef enum sw_claim_e {
    SW_CLAIM_TAKEN,   /* by the asker, who runs the application */
    SW_CLAIM_RUNNING, /* held by another request that has not ended */
    SW_CLAIM_DONE,    /* the answer is known */
    SW_CLAIM_FULL,    /* no entry is free: nothing is known */
    SW_CLAIM_SILENT   /* the store does not answer: nothing is known */
} sw_claim_e;

/** The answer to a callback. */
typedef struct sw_kept_t {
    int status; /* 200 to 299 */
    sw_span_t type, body;
} sw_kept_t;

/** A claim to a callback. Lives as long as its request. */
typedef struct sw_claim_t {
    unsigned char key[SW_SHM_KEY]; /* of the callback; the asker's */
    /* The store's; zero before: */
    apr_uint32_t place, serial;
    char token[48];
    struct sw_claim_t *next, **link; /* of those that are held */
} sw_claim_t;

#endif
