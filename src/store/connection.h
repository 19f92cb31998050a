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

/**
 * The settings of TLS connections: @a ca is a file of certificates to trust
 * (NULL: those of the system), @a cert and @a key are shown to the server, or
 * NULL. @return NULL, or the error
 */
const char *sw_tls_make(apr_pool_t *p, const char *ca, const char *cert,
                        const char *key, sw_tls_t **tls);

/** Connect to the first of @a address that listens; each may take its share of
 * the time. With @a tls the server must prove to be @a host. The connection is
 * closed with @a p. Deadlines are times of sw_clock().
 * @return NULL, or the error */
const char *sw_connection_open(apr_pool_t *p, apr_sockaddr_t *address,
                               const sw_tls_t *tls, const char *host,
                               apr_time_t deadline,
                               sw_connection_t **connection);

/** Send all, or receive up to @a *n bytes and at least one. @return NULL, or
 * the error, in @a p */
const char *sw_connection_send(apr_pool_t *p, sw_connection_t *connection,
                               const char *data, apr_size_t n,
                               apr_time_t deadline);
const char *sw_connection_receive(apr_pool_t *p, sw_connection_t *connection,
                                  char *data, apr_size_t *n,
                                  apr_time_t deadline);

/** Has nothing come that was not asked for, and is it still open? */
int sw_connection_is_quiet(sw_connection_t *connection);

#endif
