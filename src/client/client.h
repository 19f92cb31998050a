/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP requests and their replies, over several connections at a time. The unit
 * of libcurl.
 *
 * Target and fields go out as they are given. libcurl adds Accept,
 * Content-Length and Host where no field has that name. It verifies
 * certificates, follows no redirect, and reads neither cookies nor .netrc. It
 * uses the proxies that the environment names (http_proxy, https_proxy,
 * all_proxy, no_proxy), but none for loopback.
 *
 * The client never prints, logs or ends the process. The process must ignore
 * SIGPIPE.
 */
#ifndef SW_CLIENT_H
#define SW_CLIENT_H

#include <apr_tables.h>
#include <apr_time.h>

#include "core/text/span.h"

/** A larger reply fails: bytes of its body, and of its head with interim
 * replies and trailers. */
#define SW_REPLY_MAX (16 * 1024 * 1024)
#define SW_REPLY_HEAD_MAX 65536

/** A request and its reply. Begin with zeros. */
typedef struct sw_exchange_t {
    /* The request. The caller guarantees that it has no control bytes. */
    apr_pool_t *pool;
    const char *origin; /* https://host or http://host, perhaps with a port */
    const char *target; /* path and query */
    const apr_array_header_t *fields; /* of const char *: "Name: value" */
    sw_span_t body;     /* p NULL: a GET; else a POST */
    char *reply;        /* room for the first bytes of the reply's body */
    apr_size_t reply_room;

    /* The reply. Its texts last until next() returns. */
    const char *failure; /* why there is no whole reply, or NULL */
    int is_unusable;     /* with failure: every other request to this origin
                            would fail, as to a host without address */
    int status;          /* 100 to 999 */
    const char *type;     /* Content-Type, or NULL */
    const char *location; /* of a redirect, as a whole URL; or NULL */
    apr_size_t reply_size; /* of the whole body */
    apr_interval_time_t took; /* from the connection to the end of the reply */

    /* The client's own */
    void *easy;
    char *error;
    apr_size_t head_size;
} sw_exchange_t;

typedef struct sw_client_t {
    apr_pool_t *pool;    /* outlives the run */
    const char *ca_file; /* in place of the system's certificates, or NULL */
    long timeout;        /* seconds, from the connection to the whole reply */

    /** Called with each exchange that has its reply or its failure.
     * @return 1 if it holds another request now, 0 to end its connection */
    int (*next)(void *data, sw_exchange_t *exchange);
    /** Asked ten times a second or more; NULL: never. @return 1 to end at
     * once */
    int (*is_stopped)(void *data);
    void *data;
} sw_client_t;

/** 0 in a build without libcurl, where sw_client_run() does nothing. */
extern const int sw_client_is_built;

/** Send the requests of all @a n exchanges at once, each over a connection to
 * itself, until none has another request or is_stopped() says 1. */
void sw_client_run(const sw_client_t *client, sw_exchange_t *exchanges, int n);

#endif
