/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges over plain sockets, each with a deadline: nothing waits for ever
 * and no reply is read past its bounds. */
#include <apr_poll.h>
#include <apr_strings.h>

#include "tool.h"

static int fail(client_t *client, const char *failure)
{
    client->failure = failure;
    client_close(client);
    return 1;
}

void client_close(client_t *client)
{
    if (client->socket)
        apr_socket_close(client->socket);
    client->socket = NULL;
}

static int connect_to(client_t *client, apr_time_t timeout)
{
    apr_status_t rv;

    apr_pool_clear(client->pool);
    rv = apr_socket_create(&client->socket, client->address->family,
                           SOCK_STREAM, APR_PROTO_TCP, client->pool);
    if (rv) {
        client->socket = NULL;
        return !fail(client, "no socket");
    }
    apr_socket_timeout_set(client->socket, timeout);
    rv = apr_socket_connect(client->socket, client->address);
    if (rv)
        return !fail(client, APR_STATUS_IS_TIMEUP(rv)
                             ? "no connection within the time-out"
                             : "connection refused");
    apr_socket_opt_set(client->socket, APR_TCP_NODELAY, 1);
    apr_socket_opt_set(client->socket, APR_SO_NONBLOCK, 1);
    apr_socket_timeout_set(client->socket, 0);
    return 1;
}

int client_begin(client_t *client, sw_span_t bytes, apr_time_t timeout,
                 int keep)
{
    client->failure = NULL;
    client->out = bytes;
    memset(&client->reply, 0, sizeof(client->reply));
    client->reply.pool = client->round;
    if (keep)
        client->reply.kept = apr_palloc(client->round, KEPT_MAX);
    client->begun = apr_time_now();
    client->deadline = client->begun + timeout;
    return client->socket || connect_to(client, timeout);
}

/* A server may answer and close before it has read all. */
static void push(client_t *client)
{
    apr_status_t rv = APR_SUCCESS;

    while (client->out.n && !rv) {
        apr_size_t n = client->out.n;

        rv = apr_socket_send(client->socket, client->out.p, &n);
        client->out = sw_span_from(client->out, n);
    }
    if (rv && !APR_STATUS_IS_EAGAIN(rv) && !APR_STATUS_IS_TIMEUP(rv))
        client->out.n = 0;
}

static int end_exchange(client_t *client)
{
    if (client->reply.state == REPLY_BAD)
        return fail(client, "the reply is not HTTP/1.1");
    if (client->reply.must_close || client->out.n)
        client_close(client);
    return 1;
}

int client_go_on(client_t *client)
{
    char buffer[16384];

    push(client);
    for (;;) {
        apr_size_t n = sizeof(buffer);
        apr_status_t rv = apr_socket_recv(client->socket, buffer, &n);

        if (n) {
            reply_read(&client->reply, buffer, n);
            if (client->reply.state >= REPLY_DONE)
                return end_exchange(client);
        }
        else if (APR_STATUS_IS_EAGAIN(rv) || APR_STATUS_IS_TIMEUP(rv)) {
            break;
        }
        else {
            return reply_end(&client->reply) ? end_exchange(client)
                   : fail(client, "the connection broke off");
        }
        if (apr_time_now() > client->deadline)
            break;
    }
    return apr_time_now() > client->deadline
           && fail(client, "no whole reply within the time-out");
}

void client_wait(client_t *const *clients, int n)
{
    apr_pollfd_t polled[512];
    apr_int32_t ready;
    int i, count = 0;

    for (i = 0; i < n && count < 512; i++) {
        apr_pollfd_t *p = &polled[count];

        if (!clients[i]->socket)
            continue;
        memset(p, 0, sizeof(*p));
        p->p = clients[i]->pool;
        p->desc_type = APR_POLL_SOCKET;
        p->desc.s = clients[i]->socket;
        p->reqevents = (apr_int16_t)(APR_POLLIN
                                     | (clients[i]->out.n ? APR_POLLOUT : 0));
        count++;
    }
    if (count)
        apr_poll(polled, count, &ready, apr_time_from_msec(100));
}
