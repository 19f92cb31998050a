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

/** The address of the server, and the credentials. */
typedef struct sw_redis_conf_t {
    const char *host;
    apr_port_t port;
    const char *database;        /* a number, or NULL */
    const char *user, *password; /* or NULL */
    sw_tls_t *tls;               /* or NULL */
} sw_redis_conf_t;

/** A command and its arguments, at most 160. */
typedef struct sw_redis_command_t {
    int count;
    const sw_span_t *words;
} sw_redis_command_t;

/** A reply, if it is no error. */
typedef struct sw_redis_reply_t {
    int is_nil, is_text;
    sw_span_t text; /* also of a status, as "OK" */
} sw_redis_reply_t;

sw_redis_t *sw_redis_make(apr_pool_t *p, const sw_redis_conf_t *conf);

/** In post_config: resolve the name of the host. */
apr_status_t sw_redis_post_config(apr_pool_t *p, sw_redis_t *redis);

/** In child_init. */
apr_status_t sw_redis_child_init(sw_redis_t *redis);

/** Resolve the name again, in a child; may take long. */
void sw_redis_resolve(sw_redis_t *redis, apr_pool_t *p);

/** Send a command and receive the reply, within 200 ms. Threads may share
 * @a redis. @return NULL, or the error; that and the reply are in @a p */
const char *sw_redis_call(sw_redis_t *redis, apr_pool_t *p,
                          const sw_redis_command_t *command,
                          sw_redis_reply_t *reply);

#endif
