/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server on Redis' port may be anything: no command takes longer than its
 * deadline, no announced length reserves memory, and a connection with
 * unexpected data is not used again.
 */
#include "tap.h"

#ifdef SW_HIREDIS

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/clock.c"
#include "store/redis.c"
#include "store/connection.c"

/* The machine may be busy. */
#define SLACK apr_time_from_msec(400)

/* The replies of a server to each command. */
typedef struct script_t {
    const char *name;
    sw_span_t text;
    int repeats; /* endlessly */
    int drip;    /* milliseconds between bytes */
    const char *error; /* a part of the error; NULL: none */
} script_t;

static const script_t scripts[] = {
    { "a status", TEXT("+OK\r\n"), 0, 0, NULL },
    { "a number", TEXT(":-12\r\n"), 0, 0, NULL },
    { "a text", TEXT("$5\r\na\r\nbc\r\n"), 0, 0, NULL },
    { "an empty text", TEXT("$0\r\n\r\n"), 0, 0, NULL },
    { "nothing", TEXT("$-1\r\n"), 0, 0, NULL },
    { "a text in single bytes", TEXT("$5\r\nhello\r\n"), 0, 2, NULL },
    { "an error", TEXT("-NOAUTH who?\r\n"), 0, 0, "it says NOAUTH who?" },
    { "an array", TEXT("*1\r\n+OK\r\n"), 0, 0, "does not speak" },
    { "a large array", TEXT("*1000000000\r\n"), 0, 0, "does not speak" },
    { "nested arrays", TEXT("*1\r\n"), 1, 0, "does not speak" },
    { "an array after a text", TEXT("$2\r\n*9\r\n*9\r\n"), 0, 0,
      "more than it was asked" },
    { "a large text", TEXT("$1000000000\r\n"), 0, 0, "too long" },
    { "a text a little too large", TEXT("$4368\r\n"), 0, 0, "too long" },
    { "a length without end", TEXT("$9"), 0, 0, "no answer in time" },
    { "a large length", TEXT("$99999999999999999999\r\n"), 0, 0,
      "does not speak" },
    { "a negative length", TEXT("$-2\r\n"), 0, 0, "does not speak" },
    { "no length", TEXT("$\r\n"), 0, 0, "does not speak" },
    { "a length of letters", TEXT("$1x\r\n"), 0, 0, "does not speak" },
    { "an endless number", TEXT(":1111111111"), 1, 0, "does not speak" },
    { "an endless status", TEXT("+1111111111"), 1, 0, "too long" },
    { "an endless error", TEXT("-1111111111"), 1, 0, "too long" },
    { "line ends alone", TEXT("\r\n"), 1, 0, "does not speak" },
    { "zeros", TEXT("\0\0\0\0\0\0\0\0"), 1, 0, "does not speak" },
    { "RESP3: nothing", TEXT("_\r\n"), 0, 0, "does not speak" },
    { "RESP3: a map", TEXT("%1000000000\r\n"), 0, 0, "does not speak" },
    { "RESP3: a set", TEXT("~1000000000\r\n"), 0, 0, "does not speak" },
    { "RESP3: a push", TEXT(">1000000000\r\n"), 0, 0, "does not speak" },
    { "RESP3: a blob", TEXT("=1000000000\r\n"), 0, 0, "does not speak" },
    { "RESP3: a large number", TEXT("(11111"), 1, 0, "does not speak" },
    { "RESP3: an attribute", TEXT("|1\r\n"), 1, 0, "does not speak" },
    { "a text longer than it says", TEXT("$5\r\nhelloXX"), 0, 0,
      "does not speak" },
    { "two replies", TEXT("+OK\r\n+OK\r\n"), 0, 0, "more than it was asked" },
    { "half a line end", TEXT("+OK\r"), 0, 0, "no answer in time" },
    { "drops", TEXT("$4000\r\n1"), 1, 10, "no answer in time" },
    { "drops of a line", TEXT("+1"), 1, 10, "no answer in time" },
    { "silence", TEXT(""), 0, 0, "no answer in time" }
};

/* ---- servers ----------------------------------------------------------- */

static apr_port_t listen_at(int *fd, int backlog)
{
    struct sockaddr_in at = { 0 };
    socklen_t n = sizeof(at);

    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *fd = socket(AF_INET, SOCK_STREAM, 0);
    if (*fd < 0 || bind(*fd, (struct sockaddr *)&at, sizeof(at)) != 0
        || listen(*fd, backlog) != 0
        || getsockname(*fd, (struct sockaddr *)&at, &n) != 0)
        abort();
    return ntohs(at.sin_port);
}

static int say(int client, sw_span_t text, int drip)
{
    apr_size_t i;

    if (!drip)
        return send(client, text.p, text.n, MSG_NOSIGNAL) == (ssize_t)text.n;
    for (i = 0; i < text.n; i++) {
        apr_sleep(apr_time_from_msec(drip));
        if (send(client, text.p + i, 1, MSG_NOSIGNAL) != 1)
            return 0;
    }
    return 1;
}

/* Serve one client after the other, until killed. @return the process */
static pid_t serve(int listener, void (*talk_to)(int, int, const void *),
                   const void *data)
{
    pid_t pid = fork();
    int client, count = 0;

    if (pid)
        return pid;
    alarm(30);
    while ((client = accept(listener, NULL, NULL)) >= 0) {
        talk_to(client, ++count, data);
        close(client);
    }
    _exit(0);
}

static void end(pid_t pid, int listener)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(listener);
}

static void play(int client, int count, const void *data)
{
    const script_t *script = data;
    char command[4096];
    int goes_on = 1;

    (void)count;
    while (goes_on && read(client, command, sizeof(command)) > 0) {
        do {
            goes_on = say(client, script->text, script->drip);
        } while (goes_on && script->repeats);
    }
}

/* ---- asking ------------------------------------------------------------ */

static sw_redis_t *connect_at(const char *host, apr_port_t port, sw_tls_t *tls)
{
    sw_redis_conf_t conf = { host, port, NULL, NULL, NULL, tls };
    sw_redis_t *redis = sw_redis_make(pool, &conf);

    if (sw_redis_post_config(pool, redis) || sw_redis_child_init(redis))
        abort();
    return redis;
}

static const char *ask(sw_redis_t *redis, sw_redis_reply_t *said)
{
    const sw_span_t get[] = { sw_span("GET"), sw_span("key") };

    const sw_redis_command_t command = { 2, get };

    return sw_redis_call(redis, pool, &command, said);
}

static void is_in_time(apr_time_t begin, const char *name)
{
    apr_interval_time_t took = sw_clock() - begin;

    ok(took < COMMAND_TIMEOUT + SLACK, "%s: within its time (%d ms)", name,
       (int)apr_time_as_msec(took));
}

static void test_script(const script_t *script)
{
    int listener;
    apr_port_t port = listen_at(&listener, 5);
    pid_t pid = serve(listener, play, script);
    sw_redis_t *redis = connect_at("127.0.0.1", port, NULL);
    apr_time_t begin = sw_clock();
    sw_redis_reply_t said;
    const char *why = ask(redis, &said);

    is_in_time(begin, script->name);
    if (!ok(script->error ? why && strstr(why, script->error) : !why,
            "%s: %s", script->name, script->error ? script->error : "taken"))
        printf("# %s\n", why ? why : "taken");
    end(pid, listener);
}

static void test_error_length(void)
{
    script_t script = { "an error", { NULL, 0 }, 0, 0, NULL };
    char text[3002];
    int listener;
    apr_port_t port = listen_at(&listener, 5);
    const char *why;
    sw_redis_reply_t said;
    pid_t pid;

    memset(text, 'e', sizeof(text));
    text[0] = '-';
    text[3000] = '\r';
    text[3001] = '\n';
    script.text = sw_span_of(text, sizeof(text));
    pid = serve(listener, play, &script);
    why = ask(connect_at("127.0.0.1", port, NULL), &said);
    ok(why && strlen(why) == strlen("it says ") + ERROR_SHOWN,
       "a long error is cut");
    end(pid, listener);
}

static void test_tls(void)
{
    static const script_t drops = {
        "drops of a handshake", TEXT("\x16\x03\x03\x40\x00\x02"), 1, 10, NULL
    };
    int listener;
    apr_port_t port = listen_at(&listener, 5);
    pid_t pid = serve(listener, play, &drops);
    const sw_tls_files_t files = { NULL, NULL, NULL };
    sw_tls_t *tls;
    apr_time_t begin;
    sw_redis_reply_t said;
    const char *why = sw_tls_make(pool, &files, &tls);

    ok(!why, "TLS");
    begin = sw_clock();
    why = ask(connect_at("127.0.0.1", port, tls), &said);
    ok(why && strstr(why, "TLS: no answer in time"), "%s", drops.name);
    is_in_time(begin, drops.name);
    end(pid, listener);
}

/* ---- connections ------------------------------------------------------- */

/* Says which connection this is; @a data: and, later, something else. */
static void count_clients(int client, int count, const void *data)
{
    char command[4096], text[32];

    apr_snprintf(text, sizeof(text), "$1\r\n%d\r\n", count);
    while (read(client, command, sizeof(command)) > 0) {
        if (!say(client, sw_span(text), 0))
            return;
        apr_sleep(apr_time_from_msec(30));
        if (data && !say(client, sw_span(data), 0))
            return;
    }
}

static void test_reuse(const char *extra, const char *expected)
{
    int listener;
    apr_port_t port = listen_at(&listener, 5);
    pid_t pid = serve(listener, count_clients, extra);
    sw_redis_t *redis = connect_at("127.0.0.1", port, NULL);
    sw_redis_reply_t said;

    ok(!ask(redis, &said), "a first command");
    is(said.text, sw_span("1"), "by the first connection");
    apr_sleep(apr_time_from_msec(100));
    ok(!ask(redis, &said), "a second command");
    is(said.text, sw_span(expected), extra ? "by another connection, since "
       "something had come that was not asked for" : "by the same connection");
    end(pid, listener);
}

/* A listener whose queue is full: the system answers no other connection. */
static apr_port_t listen_and_fill(int *fd, int clients[4])
{
    struct sockaddr_in at = { 0 };
    int i;

    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(listen_at(fd, 0));
    for (i = 0; i < 4; i++) {
        clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(clients[i], (struct sockaddr *)&at, sizeof(at));
    }
    apr_sleep(apr_time_from_msec(20));
    return ntohs(at.sin_port);
}

static apr_sockaddr_t *address_at(apr_port_t port)
{
    apr_sockaddr_t *address;

    if (apr_sockaddr_info_get(&address, "127.0.0.1", APR_INET, port, 0, pool))
        abort();
    return address;
}

/* An address that does not answer, @a silent times, before one that does. */
static void test_addresses(int silent)
{
    static const script_t yes = { "", TEXT("+OK\r\n"), 0, 0, NULL };
    int full, listener, clients[4], i;
    apr_port_t closed = listen_and_fill(&full, clients);
    apr_port_t port = listen_at(&listener, 5);
    pid_t pid = serve(listener, play, &yes);
    sw_redis_t *redis = connect_at("127.0.0.1", port, NULL);
    apr_time_t begin;
    const char *why;
    sw_redis_reply_t said;

    for (i = 0; i < silent; i++) {
        apr_sockaddr_t *address = address_at(closed);

        address->next = redis->address;
        redis->address = address;
    }
    begin = sw_clock();
    why = ask(redis, &said);
    if (!ok(!why, "the address after %d that do not answer is tried", silent))
        printf("# %s\n", why);
    is_in_time(begin, "several addresses");
    for (i = 0; i < 4; i++)
        close(clients[i]);
    close(full);
    end(pid, listener);
}

/* The only one has all the time, and no more. */
static void test_no_address(void)
{
    int full, clients[4], i;
    apr_port_t closed = listen_and_fill(&full, clients);
    sw_redis_t *redis = connect_at("127.0.0.1", closed, NULL);
    apr_time_t begin = sw_clock();
    sw_redis_reply_t said;
    const char *why = ask(redis, &said);

    ok(why && strstr(why, "it cannot be reached: no answer in time"),
       "an address that does not answer");
    is_in_time(begin, "an address that does not answer");
    ok(sw_clock() - begin >= COMMAND_TIMEOUT - apr_time_from_msec(5),
       "it has all the time");
    for (i = 0; i < 4; i++)
        close(clients[i]);
    close(full);
}

int main(void)
{
    int i;

    tap_begin();
    for (i = 0; i < COUNT(scripts); i++)
        test_script(scripts + i);
    test_error_length();
    test_tls();
    test_reuse(NULL, "1");
    test_reuse("+OK\r\n", "2");
    test_addresses(1);
    test_addresses(2);
    test_no_address();
    return tap_end();
}

#else

int main(void)
{
    tap_begin();
    ok(1, "this build has no Redis");
    return tap_end();
}

#endif
