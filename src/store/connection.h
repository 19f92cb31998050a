/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to a server beside httpd, by TCP or TLS, on which nothing waits
 * longer than a deadline says. The unit of libssl.
 */
#ifndef SW_CONNECTION_H
#define SW_CONNECTION_H

#include <apr_network_io.h>
#include <apr_pools.h>
#include <apr_time.h>

typedef struct sw_tls_t sw_tls_t;
typedef struct sw_connection_t sw_connection_t;

/** Files in PEM format; each may be NULL. */
typedef struct sw_tls_files_t {
    const char *ca;   /* certificates to trust. NULL: those of the system */
    const char *cert; /* the certificate that is shown to the server */
    const char *key;  /* its private key. NULL: it is in the file cert */
} sw_tls_files_t;

typedef struct sw_server_address_t {
    apr_sockaddr_t *address; /* and the next ones, if it does not answer */
    const char *host;        /* the name that its certificate must have */
    const sw_tls_t *tls;     /* NULL: without TLS */
} sw_server_address_t;

/** Limits of the calls below. */
typedef struct sw_io_t {
    apr_pool_t *pool;    /* for errors */
    apr_time_t deadline; /* no call waits longer; a time of sw_clock() */
} sw_io_t;

/** Settings of TLS connections. @return NULL, or the error */
const char *sw_tls_make(apr_pool_t *p, const sw_tls_files_t *files,
                        sw_tls_t **tls);

/** Connect to the first address that answers; each may take its share of the
 * time. The connection is closed with @a p. @return NULL, or the error */
const char *sw_connection_open(apr_pool_t *p, const sw_io_t *io,
                               const sw_server_address_t *server,
                               sw_connection_t **connection);

/** Send all, or receive up to @a *n bytes and at least one. @return NULL, or
 * the error */
const char *sw_connection_send(sw_connection_t *connection, const sw_io_t *io,
                               const char *data, apr_size_t n);
const char *sw_connection_receive(sw_connection_t *connection,
                                  const sw_io_t *io, char *data, apr_size_t *n);

/** Is it open, with no unread data? */
int sw_connection_is_quiet(sw_connection_t *connection);

#endif
