/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where it is remembered which callback has been taken, and how it was
 * answered: in a table in shared memory (table.c), or by leases in a
 * Redis server (leases.c, on redis.c and wire.c). Whoever asks chooses the
 * store, and decides what its silence means. This header knows APR only.
 */
#ifndef SW_STORE_H
#define SW_STORE_H

#include <apr_network_io.h>
#include <apr_pools.h>
#include <apr_time.h>

#include "core/text/span.h"
#include "store/shm_table.h"

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
    unsigned char key[SW_RING_KEY]; /* of the callback; the asker's */
    /* The store's; zero before: */
    apr_uint32_t place, serial;
    char token[48];
    struct sw_claim_t *next, **link; /* of those that are held */
} sw_claim_t;

/* ---- table.c ---------------------------------------------------------- */

typedef struct sw_table_t sw_table_t;

/**
 * The table of this httpd, made at the first call and found at every later
 * one, as sw_ring_share() says.
 * @param entries how many callbacks it remembers; counts if it is made
 */
apr_status_t sw_table_share(apr_pool_t *process, apr_pool_t *p,
                            apr_uint32_t entries, sw_table_t **table);

/** In a child, before it takes a claim. */
void sw_table_begin(sw_table_t *table);

/** Was the table of another build given up for this one? */
int sw_table_has_replaced(const sw_table_t *table);

/** Is there memory for it? What is taken is given back with @a p. */
apr_status_t sw_table_try(apr_pool_t *p, apr_uint32_t entries);

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

/* ---- wire.c ----------------------------------------------------------- */

typedef struct sw_tls_t sw_tls_t;
typedef struct sw_wire_t sw_wire_t;

/**
 * What TLS connections are made by: @a ca is a file of certificates to trust
 * (NULL: those of the system), @a cert and @a key what we show, or NULL.
 * @return NULL, or the complaint
 */
const char *sw_tls_make(apr_pool_t *p, const char *ca, const char *cert,
                        const char *key, sw_tls_t **tls);

/** Connect to the first of @a address that listens, none of which may take all
 * of the time if there are others after it; by TLS, if there is @a tls, to one
 * that proves to be @a host. It is closed with @a p. Deadlines are times of
 * sw_clock(). @return NULL, or the complaint */
const char *sw_wire_open(apr_pool_t *p, apr_sockaddr_t *address,
                         const sw_tls_t *tls, const char *host,
                         apr_time_t deadline, sw_wire_t **wire);

/** Send all, or receive up to @a *n bytes and at least one. @return NULL, or
 * the complaint, in @a p */
const char *sw_wire_send(apr_pool_t *p, sw_wire_t *wire, const char *data,
                         apr_size_t n, apr_time_t deadline);
const char *sw_wire_receive(apr_pool_t *p, sw_wire_t *wire, char *data,
                            apr_size_t *n, apr_time_t deadline);

/** Has nothing come that was not asked for, and is it still open? */
int sw_wire_is_quiet(sw_wire_t *wire);

/* ---- redis.c ---------------------------------------------------------- */

typedef struct sw_redis_t sw_redis_t;

/** Where the server is, and who we are. */
typedef struct sw_redis_conf_t {
    const char *host;
    apr_port_t port;
    const char *database;        /* a number, or NULL */
    const char *user, *password; /* or NULL */
    sw_tls_t *tls;               /* or NULL */
} sw_redis_conf_t;

/** A reply, if it is no error. */
typedef struct sw_said_t {
    int is_nil, is_text;
    sw_span_t text; /* also of a status, as "OK" */
} sw_said_t;

sw_redis_t *sw_redis_make(apr_pool_t *p, const sw_redis_conf_t *conf);

/** Before there are children: find the address of the host. */
apr_status_t sw_redis_share(apr_pool_t *p, sw_redis_t *redis);

/** In a child, before it is used there. */
apr_status_t sw_redis_begin(sw_redis_t *redis);

/** Find it again, in a child; may take long. */
void sw_redis_look_up(sw_redis_t *redis, apr_pool_t *p);

/** Say the words @a argv, no more than 160; takes 200 ms at most. Several
 * threads may. @return NULL, or the complaint, in @a p as what it said is */
const char *sw_redis_ask(sw_redis_t *redis, apr_pool_t *p, int argc,
                         const sw_span_t *argv, sw_said_t *said);

/* ---- leases.c --------------------------------------------------------- */

typedef struct sw_leases_t sw_leases_t;

/** @param prefix of the keys, for environments that share a server; or NULL */
sw_leases_t *sw_leases_make(apr_pool_t *p, const sw_redis_conf_t *conf,
                            const char *prefix);

/** Before there are children. @return whether the host's name is known */
apr_status_t sw_leases_share(apr_pool_t *p, sw_leases_t *leases);

/** In a child: starts the thread that renews, which ends with @a p. */
apr_status_t sw_leases_begin(apr_pool_t *p, sw_leases_t *leases);

/** As sw_table_take(), with the reason for a silence. */
sw_claim_e sw_leases_take(sw_leases_t *leases, sw_claim_t *claim,
                          apr_pool_t *p, sw_kept_t *answer, const char **why);

/** Before a claim that was taken is ended, and in any case before it is freed:
 * its lease is renewed no more. */
void sw_leases_let_go(sw_leases_t *leases, sw_claim_t *claim);

/** As sw_table_end(). @return NULL, or the reason for a silence */
const char *sw_leases_end(sw_leases_t *leases, sw_claim_t *claim,
                          const sw_kept_t *answer, apr_interval_time_t time,
                          apr_pool_t *p);

#endif
