/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See redis.h. The only file that uses hiredis, and only its reader and writer
 * of the protocol: the connections are those of connection.c, which have
 * deadlines and verify the name in a certificate.
 */
#include "store/redis.h"
#include "store/claim_store.h"
#include "store/clock.h"

#ifdef SW_HIREDIS

#include <apr_lib.h>
#include <apr_network_io.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>

#include <hiredis/hiredis.h>

#define COMMAND_TIMEOUT apr_time_from_msec(200)
#define WORDS_MAX 160 /* as redis.h says */

/* The longest reply to a command of the module: a kept answer with its type and
 * marks. Errors are much shorter. */
#define TEXT_MAX (SW_KEPT_BODY + SW_KEPT_TYPE + 16)
#define LENGTH_MAX 20 /* of a line that is a number */
#define REPLY_MAX (LENGTH_MAX + TEXT_MAX + 2)
#define ERROR_SHOWN 200

/* A connection, idle or used by one thread. */
typedef struct session_t {
    struct session_t *next;
    apr_pool_t *pool; /* NULL: closed */
    sw_connection_t *connection;
    redisReader *reader;
} session_t;

struct sw_redis_t {
    sw_redis_conf_t conf;
    apr_sockaddr_t *address; /* NULL: the name is not known yet */
    /* Of a child: */
    apr_pool_t *pool, *address_pool;
    apr_thread_mutex_t *lock; /* of address and idle */
    session_t *idle;
};

/* ---- a command --------------------------------------------------------- */

static apr_status_t free_reader(void *reader)
{
    redisReaderFree(reader);
    return APR_SUCCESS;
}

static void close_session(session_t *session)
{
    if (session->pool)
        apr_pool_destroy(session->pool);
    session->pool = NULL;
}

static const char *send_command(session_t *session, const sw_io_t *io,
                                const sw_redis_command_t *command)
{
    const char *words[WORDS_MAX], *why;
    size_t lengths[WORDS_MAX];
    char *text;
    int i, n;

    for (i = 0; i < command->count; i++) {
        words[i] = command->words[i].p;
        lengths[i] = command->words[i].n;
    }
    n = redisFormatCommandArgv(&text, command->count, words, lengths);
    if (n < 0)
        return "there is no memory for a command";
    why = sw_connection_send(session->connection, io, text, (apr_size_t)n);
    redisFreeCommand(text);
    return why;
}

/* A line with a length or number: digits, perhaps a sign. */
static int parse_integer(sw_span_t line, apr_int64_t *number)
{
    apr_size_t i = line.n > 1 && line.p[0] == '-';

    for (*number = 0; i < line.n && apr_isdigit(line.p[i]); i++)
        *number = *number * 10 + line.p[i] - '0';
    if (line.n && line.p[0] == '-')
        *number = -*number;
    return line.n && i == line.n;
}

static const char strange[] = "it does not speak Redis";

/* How long the reply is that begins with @a text; 0: not known yet. hiredis
 * would take arrays and texts of any size, and reserve memory for what they
 * announce. Ours are one line, or one text of a known length.
 * @return NULL, or the error */
static const char *measure(sw_span_t text, apr_size_t *length)
{
    int is_number = text.p[0] == ':' || text.p[0] == '$';
    apr_size_t end = sw_span_find(text, '\r');
    apr_int64_t number;

    *length = 0;
    if (!is_number && text.p[0] != '+' && text.p[0] != '-')
        return strange;
    if (end == text.n)
        return is_number && text.n >= LENGTH_MAX ? strange : NULL;
    if (is_number
        && (end > LENGTH_MAX - 2
            || !parse_integer(sw_span_of(text.p + 1, end - 1), &number)))
        return strange;
    *length = end + 2;
    if (text.p[0] != '$' || number == -1)
        return NULL;
    if (number < 0 || number > TEXT_MAX)
        return number < 0 ? strange : "its reply is too long";
    *length += (apr_size_t)number + 2;
    return NULL;
}

/* One reply and nothing after it: another one would be taken for that of the
 * next command. */
static const char *receive_text(session_t *session, const sw_io_t *io,
                                char data[REPLY_MAX], apr_size_t *used)
{
    apr_size_t length = 0;
    const char *why = NULL;

    for (*used = 0; !why && (!length || *used < length);) {
        apr_size_t n = REPLY_MAX - *used;

        if (!n)
            return "its reply is too long";
        why = sw_connection_receive(session->connection, io, data + *used, &n);
        *used += n;
        if (!why)
            why = measure(sw_span_of(data, *used), &length);
    }
    if (!why && *used > length)
        why = "it says more than it was asked";
    if (!why && memcmp(data + length - 2, "\r\n", 2) != 0)
        why = strange; /* hiredis does not look */
    return why;
}

static const char *receive_reply(session_t *session, const sw_io_t *io,
                                 redisReply **reply)
{
    char data[REPLY_MAX];
    apr_size_t n;
    void *found = NULL;
    const char *why = receive_text(session, io, data, &n);

    if (!why
        && (redisReaderFeed(session->reader, data, n) != REDIS_OK
            || redisReaderGetReply(session->reader, &found) != REDIS_OK
            || !found))
        why = strange;
    *reply = found;
    return why;
}

/* @return the error, which may be that of Redis */
static const char *exchange(session_t *session, const sw_io_t *io,
                            const sw_redis_command_t *command,
                            sw_redis_reply_t *answer)
{
    redisReply *reply = NULL;
    const char *why = send_command(session, io, command);

    if (!why)
        why = receive_reply(session, io, &reply);
    if (why)
        return why;
    answer->is_nil = reply->type == REDIS_REPLY_NIL;
    answer->is_text = reply->type == REDIS_REPLY_STRING;
    answer->text = sw_span(NULL);
    if (reply->str)
        answer->text = sw_span_of(apr_pstrmemdup(io->pool, reply->str,
                                                 reply->len),
                                  reply->len);
    if (reply->type == REDIS_REPLY_ERROR)
        why = apr_psprintf(io->pool, "it says %.*s", ERROR_SHOWN,
                           sw_span_text(answer->text));
    freeReplyObject(reply);
    return why;
}

/* ---- connections ------------------------------------------------------- */

static const char *log_in(const sw_redis_conf_t *conf, session_t *session,
                          const sw_io_t *io)
{
    const sw_span_t auth[] = { sw_span("AUTH"), sw_span(conf->user),
                               sw_span(conf->password) };
    const sw_span_t plain_auth[] = { auth[0], auth[2] };
    const sw_span_t database[] = { sw_span("SELECT"),
                                   sw_span(conf->database) };
    const sw_redis_command_t authenticate = {
        conf->user ? 3 : 2, conf->user ? auth : plain_auth
    };
    const sw_redis_command_t select = { 2, database };
    const char *why = NULL;
    sw_redis_reply_t answer;

    if (conf->password)
        why = exchange(session, io, &authenticate, &answer);
    if (!why && conf->database)
        why = exchange(session, io, &select, &answer);
    return why;
}

static const char *open_session(sw_redis_t *redis, session_t *session,
                                const sw_io_t *io)
{
    sw_server_address_t server = { NULL, redis->conf.host, redis->conf.tls };
    const char *why;

    apr_pool_create(&session->pool, NULL); /* threads may not share a parent */
    apr_thread_mutex_lock(redis->lock);
    if (redis->address)
        apr_sockaddr_info_copy(&server.address, redis->address, session->pool);
    apr_thread_mutex_unlock(redis->lock);
    if (!server.address)
        return "the name of its host is not known";
    why = sw_connection_open(session->pool, io, &server, &session->connection);
    if (why)
        return why;
    session->reader = redisReaderCreate();
    if (!session->reader)
        return "there is no memory for a connection";
    apr_pool_cleanup_register(session->pool, session->reader, free_reader,
                              apr_pool_cleanup_null);
    return log_in(&redis->conf, session, io);
}

static session_t *acquire_session(sw_redis_t *redis)
{
    session_t *session;

    apr_thread_mutex_lock(redis->lock);
    session = redis->idle;
    if (session)
        redis->idle = session->next;
    else
        session = apr_pcalloc(redis->pool, sizeof(*session));
    apr_thread_mutex_unlock(redis->lock);
    return session;
}

static void release_session(sw_redis_t *redis, session_t *session)
{
    apr_thread_mutex_lock(redis->lock);
    session->next = redis->idle;
    redis->idle = session;
    apr_thread_mutex_unlock(redis->lock);
}

/* Redis or a firewall may have dropped an idle connection: then try once more
 * with a new one. A connection with unexpected data is not used again. */
const char *sw_redis_call(sw_redis_t *redis, apr_pool_t *p,
                          const sw_redis_command_t *command,
                          sw_redis_reply_t *reply)
{
    const sw_io_t io = { p, sw_clock() + COMMAND_TIMEOUT };
    const sw_io_t first = { p, io.deadline - COMMAND_TIMEOUT / 2 };
    session_t *session = acquire_session(redis);
    const char *why;
    int is_new;

    if (session->pool && !sw_connection_is_quiet(session->connection))
        close_session(session);
    do {
        is_new = !session->pool;
        why = is_new ? open_session(redis, session, &io) : NULL;
        if (!why)
            why = exchange(session, is_new ? &io : &first, command, reply);
        if (why)
            close_session(session);
    } while (why && !is_new && sw_clock() < io.deadline);
    release_session(redis, session);
    return why;
}

/* ---- the server -------------------------------------------------------- */

sw_redis_t *sw_redis_make(apr_pool_t *p, const sw_redis_conf_t *conf)
{
    sw_redis_t *redis = apr_pcalloc(p, sizeof(*redis));

    redis->conf = *conf;
    return redis;
}

apr_status_t sw_redis_post_config(apr_pool_t *p, sw_redis_t *redis)
{
    return apr_sockaddr_info_get(&redis->address, redis->conf.host, APR_UNSPEC,
                                 redis->conf.port, 0, p);
}

void sw_redis_resolve(sw_redis_t *redis, apr_pool_t *p)
{
    apr_sockaddr_t *address;

    if (apr_sockaddr_info_get(&address, redis->conf.host, APR_UNSPEC,
                              redis->conf.port, 0, p)
        != APR_SUCCESS)
        return;
    apr_thread_mutex_lock(redis->lock);
    apr_pool_clear(redis->address_pool);
    apr_sockaddr_info_copy(&redis->address, address, redis->address_pool);
    apr_thread_mutex_unlock(redis->lock);
}

/* In pools that live as long as the process: its threads may outlive those of
 * httpd by a moment. */
apr_status_t sw_redis_child_init(sw_redis_t *redis)
{
    apr_status_t rv;

    apr_pool_create(&redis->pool, NULL);
    apr_pool_create(&redis->address_pool, NULL);
    rv = apr_thread_mutex_create(&redis->lock, APR_THREAD_MUTEX_DEFAULT,
                                 redis->pool);
    return rv;
}

#endif /* SW_HIREDIS */
