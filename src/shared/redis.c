/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Talking to a Redis server. The only file that knows hiredis, of which it uses
 * what reads and writes the protocol: the connections are those of wire.c,
 * which have deadlines and verify the name in a certificate.
 */
#include "store.h"

#ifdef SW_HIREDIS

#include <apr_network_io.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>

#include <hiredis/hiredis.h>

#define PATIENCE apr_time_from_msec(200)
#define REPLY_MAX 16384
#define WORDS_MAX 160

/* A connection, idle or in one thread's hands. */
typedef struct line_t {
    struct line_t *next;
    apr_pool_t *pool; /* NULL: closed */
    sw_wire_t *wire;
    redisReader *reader;
} line_t;

struct sw_redis_t {
    sw_redis_conf_t conf;
    apr_sockaddr_t *address; /* NULL: the name is not known yet */
    /* Of a child: */
    apr_pool_t *pool, *address_pool;
    apr_thread_mutex_t *lock; /* of address and idle */
    line_t *idle;
};

/* ---- a command --------------------------------------------------------- */

static void hang_up(line_t *line)
{
    if (line->reader)
        redisReaderFree(line->reader);
    if (line->pool)
        apr_pool_destroy(line->pool);
    line->reader = NULL;
    line->pool = NULL;
}

static const char *send_command(apr_pool_t *p, line_t *line, int argc,
                                const sw_span_t *argv, apr_time_t deadline)
{
    const char *words[WORDS_MAX], *why;
    size_t lengths[WORDS_MAX];
    char *command;
    int i, n;

    for (i = 0; i < argc; i++) {
        words[i] = argv[i].p;
        lengths[i] = argv[i].n;
    }
    n = redisFormatCommandArgv(&command, argc, words, lengths);
    if (n < 0)
        return "there is no memory for a command";
    why = sw_wire_send(p, line->wire, command, (apr_size_t)n, deadline);
    redisFreeCommand(command);
    return why;
}

static const char *receive_reply(apr_pool_t *p, line_t *line,
                                 apr_time_t deadline, redisReply **reply)
{
    const char *why = NULL;
    apr_size_t total = 0;
    void *found = NULL;
    char data[4096];

    while (!why && !found) {
        apr_size_t n = sizeof(data);

        why = sw_wire_receive(p, line->wire, data, &n, deadline);
        total += n;
        if (!why && (redisReaderFeed(line->reader, data, n) != REDIS_OK
                     || redisReaderGetReply(line->reader, &found) != REDIS_OK
                     || (!found && total > REPLY_MAX)))
            why = "it does not speak Redis";
    }
    *reply = found;
    return why;
}

/* @return the complaint, which may be Redis' own */
static const char *talk(apr_pool_t *p, line_t *line, int argc,
                        const sw_span_t *argv, apr_time_t deadline,
                        sw_said_t *said)
{
    redisReply *reply = NULL;
    const char *why = send_command(p, line, argc, argv, deadline);

    if (!why)
        why = receive_reply(p, line, deadline, &reply);
    if (why)
        return why;
    said->is_nil = reply->type == REDIS_REPLY_NIL;
    said->is_text = reply->type == REDIS_REPLY_STRING;
    said->text = sw_span(NULL);
    if (reply->str)
        said->text = sw_span_of(apr_pstrmemdup(p, reply->str, reply->len),
                                reply->len);
    if (reply->type == REDIS_REPLY_ERROR)
        why = apr_pstrcat(p, "it says ", said->text.p, NULL);
    freeReplyObject(reply);
    return why;
}

/* ---- connections ------------------------------------------------------- */

static const char *introduce(apr_pool_t *p, const sw_redis_conf_t *conf,
                             line_t *line, apr_time_t deadline)
{
    const sw_span_t auth[] = { sw_span("AUTH"), sw_span(conf->user),
                               sw_span(conf->password) };
    const sw_span_t plain_auth[] = { auth[0], auth[2] };
    const sw_span_t database[] = { sw_span("SELECT"),
                                   sw_span(conf->database) };
    const char *why = NULL;
    sw_said_t said;

    if (conf->password)
        why = conf->user ? talk(p, line, 3, auth, deadline, &said)
                         : talk(p, line, 2, plain_auth, deadline, &said);
    if (!why && conf->database)
        why = talk(p, line, 2, database, deadline, &said);
    return why;
}

static const char *dial(apr_pool_t *p, sw_redis_t *redis, line_t *line,
                        apr_time_t deadline)
{
    apr_sockaddr_t *address = NULL;
    const char *why;

    apr_pool_create(&line->pool, NULL); /* threads may not share a parent */
    apr_thread_mutex_lock(redis->lock);
    if (redis->address)
        apr_sockaddr_info_copy(&address, redis->address, line->pool);
    apr_thread_mutex_unlock(redis->lock);
    if (!address)
        return "the name of its host is not known";
    why = sw_wire_open(line->pool, address, redis->conf.tls, redis->conf.host,
                       deadline, &line->wire);
    if (why)
        return apr_pstrdup(p, why);
    line->reader = redisReaderCreate();
    if (!line->reader)
        return "there is no memory for a connection";
    return introduce(p, &redis->conf, line, deadline);
}

static line_t *take_line(sw_redis_t *redis)
{
    line_t *line;

    apr_thread_mutex_lock(redis->lock);
    line = redis->idle;
    if (line)
        redis->idle = line->next;
    else
        line = apr_pcalloc(redis->pool, sizeof(*line));
    apr_thread_mutex_unlock(redis->lock);
    return line;
}

static void give_line(sw_redis_t *redis, line_t *line)
{
    apr_thread_mutex_lock(redis->lock);
    line->next = redis->idle;
    redis->idle = line;
    apr_thread_mutex_unlock(redis->lock);
}

/* Redis may have closed a connection that was idle, or somebody between may
 * have forgotten it: then once more. */
const char *sw_redis_ask(sw_redis_t *redis, apr_pool_t *p, int argc,
                         const sw_span_t *argv, sw_said_t *said)
{
    apr_time_t deadline = apr_time_now() + PATIENCE;
    line_t *line = take_line(redis);
    const char *why;
    int is_new;

    do {
        is_new = !line->pool;
        why = is_new ? dial(p, redis, line, deadline) : NULL;
        if (!why)
            why = talk(p, line, argc, argv,
                       is_new ? deadline : deadline - PATIENCE / 2, said);
        if (why)
            hang_up(line);
    } while (why && !is_new && apr_time_now() < deadline);
    give_line(redis, line);
    return why;
}

/* ---- the server -------------------------------------------------------- */

sw_redis_t *sw_redis_make(apr_pool_t *p, const sw_redis_conf_t *conf)
{
    sw_redis_t *redis = apr_pcalloc(p, sizeof(*redis));

    redis->conf = *conf;
    return redis;
}

apr_status_t sw_redis_share(apr_pool_t *p, sw_redis_t *redis)
{
    return apr_sockaddr_info_get(&redis->address, redis->conf.host,
                                 APR_UNSPEC, redis->conf.port, 0, p);
}

void sw_redis_look_up(sw_redis_t *redis, apr_pool_t *p)
{
    apr_sockaddr_t *address;

    if (apr_sockaddr_info_get(&address, redis->conf.host, APR_UNSPEC,
                              redis->conf.port, 0, p) != APR_SUCCESS)
        return;
    apr_thread_mutex_lock(redis->lock);
    apr_pool_clear(redis->address_pool);
    apr_sockaddr_info_copy(&redis->address, address, redis->address_pool);
    apr_thread_mutex_unlock(redis->lock);
}

/* In pools that live as long as the process: its threads may outlive those of
 * httpd by a moment. */
apr_status_t sw_redis_begin(sw_redis_t *redis)
{
    apr_status_t rv;

    apr_pool_create(&redis->pool, NULL);
    apr_pool_create(&redis->address_pool, NULL);
    rv = apr_thread_mutex_create(&redis->lock, APR_THREAD_MUTEX_DEFAULT,
                                 redis->pool);
    return rv;
}

#endif /* SW_HIREDIS */
