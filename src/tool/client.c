/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges over plain sockets, each with a deadline: nothing waits for ever
 * and no reply is read past its bounds. */
#include <errno.h>

#include <apr_poll.h>

#include "tool/tool.h"

/* Buffers that one client reads before the others have their turn. */
#define TURN 16

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

/* Begin to connect to client->at. */
static int open_socket(client_t *client)
{
    apr_pool_clear(client->pool);
    if (apr_socket_create(&client->socket, client->at->family, SOCK_STREAM,
                          APR_PROTO_TCP, client->pool)) {
        client->socket = NULL;
        return !fail(client, "no socket");
    }
    apr_socket_opt_set(client->socket, APR_TCP_NODELAY, 1);
    apr_socket_opt_set(client->socket, APR_SO_NONBLOCK, 1);
    apr_socket_timeout_set(client->socket, 0);
    client->is_connected = client->is_reused = client->is_cut = 0;
    return 1;
}

/* The same bytes over another connection. */
static int begin_anew(client_t *client)
{
    client->out = client->bytes;
    memset(&client->reply, 0, sizeof(client->reply));
    client->reply.pool = client->round;
    client->reply.kept = client->kept;
    client->at = client->address;
    return open_socket(client);
}

int client_begin(client_t *client, sw_span_t bytes, apr_time_t timeout,
                 int keep)
{
    client->failure = NULL;
    client->bytes = client->out = bytes;
    memset(&client->reply, 0, sizeof(client->reply));
    client->reply.pool = client->round;
    client->kept = keep ? apr_palloc(client->round, KEPT_MAX) : NULL;
    client->reply.kept = client->kept;
    client->begun = apr_time_now();
    client->deadline = client->begun + timeout;
    client->is_reused = client->socket != NULL;
    return client->socket != NULL || begin_anew(client);
}

/* Asked again, connect() says how the first has ended. @return -1 where that is
 * not known yet, else whether the exchange goes on */
static int connect_on(client_t *client)
{
    apr_status_t rv = apr_socket_connect(client->socket, client->at);

    if (!rv) {
        client->is_connected = 1;
        return 1;
    }
    if (rv == EINPROGRESS || rv == EALREADY)
        return -1;
    client_close(client);
    client->at = client->at->next;
    if (client->at)
        return open_socket(client) ? -1 : 0;
    return !fail(client, APR_STATUS_IS_ECONNREFUSED(rv) ? "connection refused"
                         : "there is no way to that address");
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
    if (rv && !APR_STATUS_IS_EAGAIN(rv) && !APR_STATUS_IS_TIMEUP(rv)) {
        client->out.n = 0;
        client->is_cut = 1;
    }
}

static int end_exchange(client_t *client)
{
    if (client->reply.state == REPLY_BAD)
        return fail(client, "the reply is not HTTP/1.1, or badly framed");
    if (client->reply.must_close || client->out.n || client->is_cut)
        client_close(client);
    return 1;
}

/* A server may close a connection that it has kept, just when it is used
 * again: then it has read nothing of the request, which may be sent once
 * more. @return whether the exchange is over */
static int end_broken(client_t *client)
{
    if (!client->is_reused || client->reply.has_begun)
        return fail(client, "the connection broke off");
    client_close(client);
    return !begin_anew(client);
}

/* @return -1 to wait, or whether the exchange is over */
static int receive(client_t *client)
{
    char buffer[16384];
    apr_size_t n = sizeof(buffer);
    apr_status_t rv = apr_socket_recv(client->socket, buffer, &n);

    if (n) {
        reply_read(&client->reply, buffer, n);
        return client->reply.state >= REPLY_DONE && end_exchange(client);
    }
    if (APR_STATUS_IS_EAGAIN(rv) || APR_STATUS_IS_TIMEUP(rv))
        return -1;
    return APR_STATUS_IS_EOF(rv) && reply_end(&client->reply)
           ? end_exchange(client) : end_broken(client);
}

int client_go_on(client_t *client)
{
    int i, state = 0;

    if (!client->is_connected)
        state = connect_on(client);
    if (client->failure)
        return 1;
    if (client->is_connected) {
        push(client);
        for (i = 0, state = 0; i < TURN && state == 0; i++)
            state = client->is_connected ? receive(client) : -1;
    }
    if (state > 0 || apr_time_now() <= client->deadline)
        return state > 0;
    return fail(client, client->is_connected
                        ? "no whole reply within the time-out"
                        : "no connection within the time-out");
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
        p->reqevents = APR_POLLIN;
        if (clients[i]->out.n || !clients[i]->is_connected)
            p->reqevents |= APR_POLLOUT;
        count++;
    }
    if (count)
        apr_poll(polled, count, &ready, apr_time_from_msec(100));
}
