/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP requests and their replies, several at a time. The unit of libcurl.
 *
 * A request goes out as it is given: the target byte by byte, the fields in
 * their order. libcurl adds Content-Length, and Host where no field says it.
 * Certificates are verified. Redirects are never followed. The client knows no
 * cookies and no .netrc. It uses the proxies that the environment names
 * (http_proxy, https_proxy, all_proxy, no_proxy), but none for loopback.
 *
 * The client never prints, logs or ends the process. The process must ignore
 * SIGPIPE. A client belongs to one thread.
 */
#ifndef SW_CLIENT_H
#define SW_CLIENT_H

#include <apr_tables.h>
#include <apr_time.h>

#include "core/text/span.h"

/** Bytes; a reply whose head, with interim replies and trailers, is larger
 * fails. */
#define SW_REPLY_HEAD_MAX 65536

typedef struct sw_client_t sw_client_t;

typedef struct sw_client_limits_t {
    apr_interval_time_t timeout; /* from the connection to the whole reply */
    apr_size_t body_max;  /* bytes; a reply with a longer body fails */
    apr_size_t body_kept; /* bytes of it that the caller gets */
} sw_client_limits_t;

/** What to send, and what came back. Begin with zeros. */
typedef struct sw_exchange_t {
    apr_pool_t *pool;   /* must not outlive the client's */
    const char *method;
    const char *origin; /* https://host or http://host, perhaps with a port */
    const char *target; /* as the request line has it */
    const apr_array_header_t *fields; /* of const char *: "Name: value" */
    sw_span_t body;

    const char *failure;  /* why there is no whole reply, or NULL */
    int is_unusable;      /* of a failure: the request cannot be sent at all,
                             as to a host that has no address */
    int status;           /* 100 to 999 */
    apr_table_t *reply_fields; /* repeated ones as often as they came */
    sw_span_t reply_body; /* its first body_kept bytes */
    apr_size_t reply_size;
    apr_interval_time_t took; /* to the end of the reply */

    struct sw_transfer_t *transfer; /* the client's own */
} sw_exchange_t;

/** Make a client. It trusts the certificates in @a ca_file, or those that the
 * system trusts if that is NULL. @return NULL if the build has no libcurl */
sw_client_t *sw_client_make(apr_pool_t *pool, const sw_client_limits_t *limits,
                            const char *ca_file);

/** Begin an exchange. What it points to must stay until it is over.
 * @return 0 if it has failed already */
int sw_client_begin(sw_client_t *client, sw_exchange_t *exchange);

/** Send and receive. @return an exchange that is over, each once; NULL if there
 * is none yet, after a wait of at most @a wait: ask again */
sw_exchange_t *sw_client_next(sw_client_t *client, apr_interval_time_t wait);

#endif
