/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Talking to a Redis server. The only file that knows hiredis, of which it uses
 * what reads and writes the protocol: the connections are those of
 * connection.c, which have deadlines and verify the name in a certificate.
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

#define PATIENCE apr_time_from_msec(200)
#define WORDS_MAX 160

/* The longest reply that any command of ours has: an answer that was kept, and
 * what stands around it. Errors are much shorter. */
#define TEXT_MAX (SW_KEPT_BODY + SW_KEPT_TYPE + 16)
#define LENGTH_MAX 20 /* of a line that is a number */
#define REPLY_MAX (LENGTH_MAX + TEXT_MAX + 2)
#define ERROR_SHOWN 200

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

static apr_status_t free_reader(void *reader)
{
    redisReaderFree(reader);
    return APR_SUCCESS;
}

static void hang_up(line_t *line)
{
    if (line->pool)
        apr_pool_destroy(line->pool);
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
    if (is_number && (end > LENGTH_MAX - 2
                      || !parse_integer(sw_span_of(text.p + 1, end - 1),
                                        &number)))
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
static const char *receive_text(apr_pool_t *p, line_t *line,
                                apr_time_t deadline, char data[REPLY_MAX],
                                apr_size_t *used)
{
    apr_size_t length = 0;
    const char *why = NULL;

    for (*used = 0; !why && (!length || *used < length);) {
        apr_size_t n = REPLY_MAX - *used;

        if (!n)
            return "its reply is too long";
        why = sw_wire_receive(p, line->wire, data + *used, &n, deadline);
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

static const char *receive_reply(apr_pool_t *p, line_t *line,
                                 apr_time_t deadline, redisReply **reply)
{
    char data[REPLY_MAX];
    apr_size_t n;
    void *found = NULL;
    const char *why = receive_text(p, line, deadline, data, &n);

    if (!why && (redisReaderFeed(line->reader, data, n) != REDIS_OK
                 || redisReaderGetReply(line->reader, &found) != REDIS_OK
                 || !found))
        why = strange;
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
        why = apr_psprintf(p, "it says %.*s", ERROR_SHOWN,
                           sw_span_text(said->text));
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
    apr_pool_cleanup_register(line->pool, line->reader, free_reader,
                              apr_pool_cleanup_null);
    return introduce(p, &redis->conf, line, deadline);
}

static line_t *acquire_connection(sw_redis_t *redis)
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
 * have forgotten it: then once more. One on which something has come that
 * nobody asked for is not used again. */
const char *sw_redis_ask(sw_redis_t *redis, apr_pool_t *p, int argc,
                         const sw_span_t *argv, sw_said_t *said)
{
    apr_time_t deadline = sw_clock() + PATIENCE;
    line_t *line = acquire_connection(redis);
    const char *why;
    int is_new;

    if (line->pool && !sw_wire_is_quiet(line->wire))
        hang_up(line);
    do {
        is_new = !line->pool;
        why = is_new ? dial(p, redis, line, deadline) : NULL;
        if (!why)
            why = talk(p, line, argc, argv,
                       is_new ? deadline : deadline - PATIENCE / 2, said);
        if (why)
            hang_up(line);
    } while (why && !is_new && sw_clock() < deadline);
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
