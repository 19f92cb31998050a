/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands to a Redis server, and its replies. The unit of hiredis.
 */
#ifndef SW_REDIS_H
#define SW_REDIS_H

#include <apr_network_io.h>
#include <apr_pools.h>

#include "core/text/span.h"
#include "store/connection.h"

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
typedef struct sw_redis_reply_t {
    int is_nil, is_text;
    sw_span_t text; /* also of a status, as "OK" */
} sw_redis_reply_t;

sw_redis_t *sw_redis_make(apr_pool_t *p, const sw_redis_conf_t *conf);

/** Before there are children: find the address of the host. */
apr_status_t sw_redis_post_config(apr_pool_t *p, sw_redis_t *redis);

/** In a child, before it is used there. */
apr_status_t sw_redis_child_init(sw_redis_t *redis);

/** Find it again, in a child; may take long. */
void sw_redis_resolve(sw_redis_t *redis, apr_pool_t *p);

/** Say the words @a argv, no more than 160; takes 200 ms at most. Several
 * threads may. @return NULL, or the complaint, in @a p as what it reply is */
const char *sw_redis_command(sw_redis_t *redis, apr_pool_t *p, int argc,
                             const sw_span_t *argv, sw_redis_reply_t *reply);

#endif
