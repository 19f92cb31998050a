/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where it is remembered which callback has been taken, and how it was
 * answered: in a table in shared memory (table.c) or in a Redis server
 * (redis.c). Both take, keep and give up claims by the functions below, and
 * claims.c decides what a silent store means. This header knows APR only.
 */
#ifndef SW_CLAIMS_H
#define SW_CLAIMS_H

#include <apr_pools.h>
#include <apr_time.h>

#include "../core/span.h"

#define SW_CLAIM_KEY 32 /* bytes of a SHA-256 */

/** What is kept of an answer at most, in bytes. A longer body is left out. */
#define SW_KEPT_BODY 4096
#define SW_KEPT_TYPE 255

typedef enum sw_claim_e {
    SW_CLAIM_TAKEN,   /* by the asker, who runs the application */
    SW_CLAIM_RUNNING, /* by somebody else, who has not ended yet */
    SW_CLAIM_DONE,    /* and here is the answer */
    SW_CLAIM_FULL,    /* no place for another: nothing is known */
    SW_CLAIM_SILENT   /* no word from the store: nothing is known */
} sw_claim_e;

/** The answer to a callback. */
typedef struct sw_kept_t {
    int status; /* 200 to 299 */
    sw_span_t type, body;
} sw_kept_t;

/** A claim to a callback. Lives as long as its request. */
typedef struct sw_claim_t {
    unsigned char key[SW_CLAIM_KEY]; /* of the callback; the asker's */
    /* The store's, of a claim that was taken: */
    apr_uint32_t place, serial;
    char token[48];
    struct sw_claim_t *next, **link;
} sw_claim_t;

/* ---- table.c ---------------------------------------------------------- */

typedef struct sw_table_t sw_table_t;

/**
 * The table of this httpd, made at the first call and found at every later
 * one: it belongs to @a process, the pool that a graceful restart does not
 * clear, and points to nothing of this module.
 * @param entries how many callbacks it remembers; counts if it is made
 */
apr_status_t sw_table_share(apr_pool_t *process, apr_uint32_t entries,
                            sw_table_t **table);

/** In a child, before it is used there. */
apr_status_t sw_table_begin(apr_pool_t *p, sw_table_t *table);

/** How many callbacks it remembers. */
apr_uint32_t sw_table_entries(const sw_table_t *table);

/**
 * Take the claim to @a claim->key, unless somebody has it. A claim of a
 * process that is gone is nobody's. @param answer that of SW_CLAIM_DONE, in
 * @a pool
 */
sw_claim_e sw_table_take(sw_table_t *table, sw_claim_t *claim,
                         apr_pool_t *pool, sw_kept_t *answer);

/** Keep the answer for @a time, or give the claim up (@a answer is NULL).
 * @return 0 if the table is silent */
int sw_table_end(sw_table_t *table, const sw_claim_t *claim,
                 const sw_kept_t *answer, apr_interval_time_t time);

/* ---- claims.c --------------------------------------------------------- */

struct request_rec;

/** Take the claim to @a claim->key in the store of the server. Whatever is
 * wrong with it has been logged. @param answer as of sw_table_take(), in the
 * request's pool */
sw_claim_e sw_claims_take(struct request_rec *r, sw_claim_t *claim,
                          sw_kept_t *answer);

/** Keep the answer for @a time, or (NULL) give up the claim. */
void sw_claims_end(struct request_rec *r, const sw_claim_t *claim,
                   const sw_kept_t *answer, apr_interval_time_t time);

#endif
