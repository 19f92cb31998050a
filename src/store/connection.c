/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to a server beside httpd, by TCP or TLS, on which nothing waits
 * longer than a deadline says. The only file that knows libssl.
 */
#include "store/connection.h"
#include "store/clock.h"

#ifdef SW_HIREDIS

#include <apr_portable.h>
#include <apr_strings.h>
#include <apr_support.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* Among how many addresses of a name the time is shared, counted from the one
 * that is tried. */
#define TRIED_AHEAD 3

struct sw_tls_t {
    SSL_CTX *context;
};

struct sw_connection_t {
    apr_socket_t *socket;
    SSL *ssl; /* NULL: plain */
};

/* ---- reasons ----------------------------------------------------------- */

static const char *error_text(apr_pool_t *p, const char *what, apr_status_t rv)
{
    char text[120];

    if (APR_STATUS_IS_TIMEUP(rv) || APR_STATUS_IS_EAGAIN(rv))
        return apr_pstrcat(p, what, ": no answer in time", NULL);
    if (APR_STATUS_IS_EOF(rv))
        return apr_pstrcat(p, what, ": it has closed the connection", NULL);
    return apr_pstrcat(p, what, ": ", apr_strerror(rv, text, sizeof(text)),
                       NULL);
}

static const char *tls_reason(apr_pool_t *p, const char *what)
{
    unsigned long error = ERR_peek_error();
    char text[120];
    const char *reason = ERR_GET_LIB(error) == ERR_LIB_SYS
                             ? apr_strerror(ERR_GET_REASON(error), text,
                                            sizeof(text))
                             : ERR_reason_error_string(error);

    return apr_pstrcat(p, what, reason ? ": " : "", reason, NULL);
}

/* ---- TLS --------------------------------------------------------------- */

static apr_status_t free_context(void *tls)
{
    SSL_CTX_free(((sw_tls_t *)tls)->context);
    return APR_SUCCESS;
}

static int trust(SSL_CTX *context, const char *ca)
{
    return ca ? SSL_CTX_load_verify_locations(context, ca, NULL)
              : SSL_CTX_set_default_verify_paths(context);
}

/* Nobody sits at the terminal when httpd is reloaded. */
static int no_passphrase(char *to, int size, int is_for_writing, void *data)
{
    (void)to;
    (void)size;
    (void)is_for_writing;
    (void)data;
    return -1;
}

const char *sw_tls_make(apr_pool_t *p, const sw_tls_files_t *files,
                        sw_tls_t **made)
{
    const char *cert = files->cert;
    const char *key = files->key ? files->key : cert;
    sw_tls_t *tls = apr_pcalloc(p, sizeof(*tls));

    ERR_clear_error();
    tls->context = SSL_CTX_new(TLS_client_method());
    if (!tls->context)
        return tls_reason(p, "TLS");
    apr_pool_cleanup_register(p, tls, free_context, apr_pool_cleanup_null);
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
    /* A server that sends nothing but tickets or asks to begin anew comes back
     * to the deadline after each of them. */
    SSL_CTX_clear_mode(tls->context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_default_passwd_cb(tls->context, no_passphrase);
    if (trust(tls->context, files->ca) != 1)
        return tls_reason(p, "a ca= that can be read");
    if (cert && SSL_CTX_use_certificate_chain_file(tls->context, cert) != 1)
        return tls_reason(p, "a cert= that can be read");
    if (cert
        && (SSL_CTX_use_PrivateKey_file(tls->context, key, SSL_FILETYPE_PEM)
                != 1
            || SSL_CTX_check_private_key(tls->context) != 1))
        return tls_reason(p, "a key= that can be read without a "
                             "passphrase, and is that of cert=");
    *made = tls;
    return NULL;
}

/* The certificate must be of the host, whoever has signed it. */
static int expect_host(SSL *ssl, const char *host)
{
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1)
        return 1;
    return SSL_set1_host(ssl, host) == 1
           && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static apr_status_t set_timeout(const sw_connection_t *connection,
                                apr_time_t deadline)
{
    apr_interval_time_t left = deadline - sw_clock();

    return left > 0 ? apr_socket_timeout_set(connection->socket, left)
                    : APR_TIMEUP;
}

/* After a call that returned @a result: APR_SUCCESS if it may be repeated. */
static apr_status_t wait_for_tls(const sw_connection_t *connection, int result,
                                 apr_time_t deadline)
{
    int error = SSL_get_error(connection->ssl, result);
    apr_status_t rv = set_timeout(connection, deadline);

    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        return error == SSL_ERROR_ZERO_RETURN ? APR_EOF : APR_EGENERAL;
    return rv ? rv
              : apr_wait_for_io_or_timeout(NULL, connection->socket,
                                           error == SSL_ERROR_WANT_READ);
}

static apr_status_t free_ssl(void *ssl)
{
    SSL_free(ssl);
    return APR_SUCCESS;
}

static const char *begin_tls(apr_pool_t *p, const sw_io_t *io,
                             const sw_server_address_t *server,
                             sw_connection_t *connection)
{
    apr_status_t rv = APR_SUCCESS;
    apr_os_sock_t fd;
    int result = 0;
    long verdict;

    ERR_clear_error();
    connection->ssl = SSL_new(server->tls->context);
    if (!connection->ssl || apr_os_sock_get(&fd, connection->socket)
        || !expect_host(connection->ssl, server->host)
        || SSL_set_fd(connection->ssl, fd) != 1)
        return tls_reason(io->pool, "TLS");
    apr_pool_cleanup_register(p, connection->ssl, free_ssl,
                              apr_pool_cleanup_null);
    while (!rv && (result = SSL_connect(connection->ssl)) != 1)
        rv = wait_for_tls(connection, result, io->deadline);
    verdict = SSL_get_verify_result(connection->ssl);
    if (verdict != X509_V_OK)
        return apr_pstrcat(io->pool,
                           "TLS: ", X509_verify_cert_error_string(verdict),
                           NULL);
    if (rv == APR_EGENERAL)
        return tls_reason(io->pool, "TLS");
    return rv ? error_text(io->pool, "TLS", rv) : NULL;
}

/* ---- connections ------------------------------------------------------- */

static apr_status_t connect_to(apr_pool_t *p, apr_sockaddr_t *address,
                               apr_time_t deadline, sw_connection_t *connection)
{
    apr_status_t rv = apr_socket_create(&connection->socket, address->family,
                                        SOCK_STREAM, APR_PROTO_TCP, p);

    if (!rv)
        rv = set_timeout(connection, deadline);
    if (!rv)
        rv = apr_socket_connect(connection->socket, address);
    if (!rv)
        (void)apr_socket_opt_set(connection->socket, APR_TCP_NODELAY, 1);
    else if (connection->socket)
        apr_socket_close(connection->socket);
    return rv;
}

/* An address that does not answer leaves time for those after it, and for the
 * handshake and the command. */
static apr_time_t deadline_of(const apr_sockaddr_t *address,
                              apr_time_t deadline)
{
    apr_time_t now = sw_clock();
    int parts = 1;

    if (!address->next)
        return deadline;
    while (address && parts <= TRIED_AHEAD) {
        address = address->next;
        parts++;
    }
    return now + (deadline - now) / parts;
}

const char *sw_connection_open(apr_pool_t *p, const sw_io_t *io,
                               const sw_server_address_t *server,
                               sw_connection_t **made)
{
    sw_connection_t *connection = apr_pcalloc(p, sizeof(*connection));
    apr_sockaddr_t *address = server->address;
    apr_status_t rv = APR_TIMEUP;

    for (; rv && address && sw_clock() < io->deadline; address = address->next)
        rv = connect_to(p, address, deadline_of(address, io->deadline),
                        connection);
    *made = connection;
    if (rv)
        return error_text(io->pool, "it cannot be reached", rv);
    return server->tls ? begin_tls(p, io, server, connection) : NULL;
}

const char *sw_connection_send(sw_connection_t *connection, const sw_io_t *io,
                               const char *data, apr_size_t n)
{
    apr_status_t rv = APR_SUCCESS;

    ERR_clear_error();
    while (n && !rv) {
        apr_size_t sent = n;

        if (connection->ssl) {
            int result = SSL_write(connection->ssl, data, (int)n);

            if (result <= 0) {
                rv = wait_for_tls(connection, result, io->deadline);
                continue;
            }
            sent = (apr_size_t)result;
        }
        else {
            rv = set_timeout(connection, io->deadline);
            if (!rv)
                rv = apr_socket_send(connection->socket, data, &sent);
            if (rv)
                break;
        }
        data += sent;
        n -= sent;
    }
    return rv ? error_text(io->pool, "it takes no command", rv) : NULL;
}

const char *sw_connection_receive(sw_connection_t *connection,
                                  const sw_io_t *io, char *data, apr_size_t *n)
{
    apr_status_t rv = APR_SUCCESS;

    ERR_clear_error();
    if (connection->ssl) {
        int result = SSL_read(connection->ssl, data, (int)*n);

        while (result <= 0 && !rv) {
            rv = wait_for_tls(connection, result, io->deadline);
            if (!rv)
                result = SSL_read(connection->ssl, data, (int)*n);
        }
        *n = result > 0 ? (apr_size_t)result : 0;
    }
    else {
        rv = set_timeout(connection, io->deadline);
        if (!rv)
            rv = apr_socket_recv(connection->socket, data, n);
    }
    return rv ? error_text(io->pool, "it gives no answer", rv) : NULL;
}

/* Ask more than once: each look reads one record, and what TLS sends by itself
 * after a handshake, two tickets, may stand before something else. */
static int is_quiet_tls(SSL *ssl)
{
    char byte;
    int i, quiet = 1;

    ERR_clear_error();
    for (i = 0; i < 3 && quiet; i++)
        quiet = SSL_get_error(ssl, SSL_peek(ssl, &byte, 1))
                == SSL_ERROR_WANT_READ;
    return quiet;
}

int sw_connection_is_quiet(sw_connection_t *connection)
{
    apr_size_t n = 1;
    char byte;

    if (apr_socket_timeout_set(connection->socket, 0) != APR_SUCCESS)
        return 0;
    return connection->ssl ? is_quiet_tls(connection->ssl)
                           : APR_STATUS_IS_EAGAIN(
                               apr_socket_recv(connection->socket, &byte, &n));
}

#endif /* SW_HIREDIS */
