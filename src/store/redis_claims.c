/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims in a Redis server, which several machines share. A claim is a key with
 * "R" and a token, and a lease of three seconds, which a thread of the child
 * renews: a child or a machine that is gone leaves no claim behind. An answer
 * is "D", its status, its type and body.
 */
#include "store/redis_claims.h"
#include "store/clock.h"
#include "store/shm_table.h"

#ifdef SW_HIREDIS

#include <signal.h>

#include <apr_atomic.h>
#include <apr_escape.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>

#define KEYS "mod_signalwire:once:"
#define LEASE "3000"                       /* milliseconds */
#define TAKING_MAX apr_time_from_msec(200) /* then no other command follows */
#define RENEWED_AT_ONCE 64
#define RENEWAL apr_time_from_sec(1)
#define SHUTDOWN_WAIT apr_time_from_msec(500)

struct sw_redis_claims_t {
    sw_redis_t *redis;
    const char *keys; /* how all of them begin */
    /* Of a child: */
    apr_pool_t *pool;
    char child[33]; /* begins every token */
    volatile apr_uint32_t count;
    apr_thread_mutex_t *lock; /* of what is held */
    sw_claim_t *held;
    apr_thread_t *renewer;
    apr_file_t *pipe_out, *pipe_in; /* ends of a pipe */
    volatile apr_uint32_t is_lost; /* look the address up again */
    volatile apr_uint32_t is_ending, has_ended;
};

/* ---- the renewer -------------------------------------------------------- */

static const char *redis_key(apr_pool_t *p, const sw_redis_claims_t *claims,
                             const sw_claim_t *claim)
{
    return apr_pstrcat(p, claims->keys,
                       apr_pescape_hex(p, claim->key, SW_SHM_KEY, 0), NULL);
}

/* A copy of a claim for the renewer: the claim may end at any moment. */
typedef struct held_t {
    const char *key, *token;
} held_t;

static apr_array_header_t *copy_held(apr_pool_t *p, sw_redis_claims_t *claims)
{
    apr_array_header_t *copy = apr_array_make(p, 16, sizeof(held_t));
    const sw_claim_t *claim;

    apr_thread_mutex_lock(claims->lock);
    for (claim = claims->held; claim; claim = claim->next) {
        held_t *lease = apr_array_push(copy);

        lease->key = redis_key(p, claims, claim);
        lease->token = apr_pstrdup(p, claim->token);
    }
    apr_thread_mutex_unlock(claims->lock);
    return copy;
}

/* Many by one command: a round must not take as long as a lease. */
static void renew_some(sw_redis_claims_t *claims, apr_pool_t *p,
                       const held_t *some, int n)
{
    static const char script[] =
        "for i = 1, #KEYS do if redis.call('GET', KEYS[i]) == ARGV[i + 1] then "
        "redis.call('PEXPIRE', KEYS[i], ARGV[1]) end end return 1";
    sw_span_t argv[4 + 2 * RENEWED_AT_ONCE];
    const sw_redis_command_t command = { 4 + 2 * n, argv };
    sw_redis_reply_t reply;
    int i;

    argv[0] = sw_span("EVAL");
    argv[1] = sw_span(script);
    argv[2] = sw_span(apr_itoa(p, n));
    argv[3 + n] = sw_span(LEASE);
    for (i = 0; i < n; i++) {
        argv[3 + i] = sw_span(some[i].key);
        argv[4 + n + i] = sw_span(some[i].token);
    }
    (void)sw_redis_call(claims->redis, p, &command, &reply);
}

/* @return whether claims are held, whose leases must be renewed again */
static int renew(sw_redis_claims_t *claims, apr_pool_t *p)
{
    apr_array_header_t *held = copy_held(p, claims);
    int i;

    for (i = 0; i < held->nelts; i += RENEWED_AT_ONCE) {
        int n = held->nelts - i;

        renew_some(claims, p, &APR_ARRAY_IDX(held, i, held_t),
                   n < RENEWED_AT_ONCE ? n : RENEWED_AT_ONCE);
    }
    return held->nelts > 0;
}

static void *APR_THREAD_FUNC run_renewer(apr_thread_t *thread, void *data)
{
    sw_redis_claims_t *claims = data;
    apr_pool_t *p;

    (void)thread;
    apr_pool_create(&p, NULL);
    while (!apr_atomic_read32(&claims->is_ending)) {
        char signs[64];
        apr_size_t n = sizeof(signs);
        int is_busy;

        if (apr_atomic_cas32(&claims->is_lost, 0, 1))
            sw_redis_resolve(claims->redis, p);
        is_busy = renew(claims, p);
        apr_pool_clear(p);
        apr_file_pipe_timeout_set(claims->pipe_out, is_busy ? RENEWAL : -1);
        (void)apr_file_read(claims->pipe_out, signs, &n);
    }
    apr_pool_destroy(p);
    apr_atomic_set32(&claims->has_ended, 1);
    return NULL; /* nobody asks for a status: no need of apr_thread_exit() */
}

static void wake_up(sw_redis_claims_t *claims)
{
    apr_size_t n = 1;

    (void)apr_file_write(claims->pipe_in, "", &n);
}

/* Called before the pools of requests, whose claims it copies, are destroyed.
 * The wait is bounded: it may be resolving a name. */
static apr_status_t stop_renewer(void *data)
{
    sw_redis_claims_t *claims = data;
    apr_time_t end = sw_clock() + SHUTDOWN_WAIT;

    apr_atomic_set32(&claims->is_ending, 1);
    wake_up(claims);
    while (!apr_atomic_read32(&claims->has_ended) && sw_clock() < end)
        apr_sleep(1000);
    return APR_SUCCESS;
}

/* All signals are blocked in the thread: httpd chooses who handles them. */
static apr_status_t start_renewer(apr_pool_t *p, sw_redis_claims_t *claims)
{
    sigset_t all, before;
    apr_status_t rv;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rv = apr_thread_create(&claims->renewer, NULL, run_renewer, claims,
                           claims->pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!rv)
        apr_pool_pre_cleanup_register(p, claims, stop_renewer);
    return rv;
}

sw_redis_claims_t *sw_redis_claims_make(apr_pool_t *p,
                                        const sw_redis_conf_t *conf,
                                        const char *prefix)
{
    sw_redis_claims_t *claims = apr_pcalloc(p, sizeof(*claims));

    claims->keys = prefix ? apr_pstrcat(p, KEYS, prefix, ":", NULL) : KEYS;
    claims->redis = sw_redis_make(p, conf);
    return claims;
}

apr_status_t sw_redis_claims_post_config(apr_pool_t *p,
                                         sw_redis_claims_t *claims)
{
    return sw_redis_post_config(p, claims->redis);
}

apr_status_t sw_redis_claims_child_init(apr_pool_t *p,
                                        sw_redis_claims_t *claims)
{
    unsigned char child[16];
    apr_status_t rv = sw_redis_child_init(claims->redis);

    apr_pool_create(&claims->pool, NULL);
    if (!rv)
        rv = apr_generate_random_bytes(child, sizeof(child));
    if (!rv)
        rv = apr_escape_hex(claims->child, child, sizeof(child), 0, NULL);
    if (!rv)
        rv = apr_thread_mutex_create(&claims->lock, APR_THREAD_MUTEX_DEFAULT,
                                     claims->pool);
    if (!rv)
        rv = apr_file_pipe_create_ex(&claims->pipe_out, &claims->pipe_in,
                                     APR_READ_BLOCK, claims->pool);
    return rv ? rv : start_renewer(p, claims);
}

/* ---- claims ------------------------------------------------------------ */

static void hold(sw_redis_claims_t *claims, sw_claim_t *claim)
{
    int is_first;

    apr_thread_mutex_lock(claims->lock);
    is_first = !claims->held;
    claim->next = claims->held;
    claim->link = &claims->held;
    if (claim->next)
        claim->next->link = &claim->next;
    claims->held = claim;
    apr_thread_mutex_unlock(claims->lock);
    if (is_first)
        wake_up(claims);
}

void sw_redis_claims_release(sw_redis_claims_t *claims, sw_claim_t *claim)
{
    apr_thread_mutex_lock(claims->lock);
    *claim->link = claim->next;
    if (claim->next)
        claim->next->link = claim->link;
    apr_thread_mutex_unlock(claims->lock);
}

static int has_control(sw_span_t text)
{
    apr_size_t i;

    for (i = 0; i < text.n; i++) {
        if (apr_iscntrl(text.p[i]))
            return 1;
    }
    return 0;
}

/* "D200 text/plain\nbody" */
static int parse_answer(apr_pool_t *p, sw_span_t text, sw_kept_t *answer)
{
    apr_size_t end = sw_span_find(text, '\n');

    if (end < 5 || end == text.n || end - 5 > SW_KEPT_TYPE || text.p[0] != 'D'
        || text.p[1] != '2' || !apr_isdigit(text.p[2])
        || !apr_isdigit(text.p[3]) || text.p[4] != ' '
        || has_control(sw_span_of(text.p + 5, end - 5)))
        return 0;
    answer->status = 200 + (text.p[2] - '0') * 10 + text.p[3] - '0';
    answer->type = sw_span_of(apr_pstrmemdup(p, text.p + 5, end - 5), end - 5);
    answer->body = sw_span_from(text, end + 1);
    return answer->body.n <= SW_KEPT_BODY;
}

static sw_span_t format_answer(apr_pool_t *p, const sw_kept_t *answer)
{
    apr_size_t n = 6 + answer->type.n + answer->body.n;
    char *text = apr_palloc(p, n + 1);

    apr_snprintf(text, n + 1, "D%03d %.*s\n", answer->status,
                 (int)answer->type.n, sw_span_text(answer->type));
    if (answer->body.n)
        memcpy(text + n - answer->body.n, answer->body.p, answer->body.n);
    return sw_span_of(text, n);
}

/* Read the value of the claim's key; if there is none, set it to our token.
 * That ends in time even if the server is slow at each of the commands. */
static const char *take_or_read(sw_redis_claims_t *claims,
                                const sw_claim_t *claim, sw_span_t *found)
{
    const char *key = redis_key(claim->pool, claims, claim);
    const sw_span_t token = sw_span(claim->token);
    const sw_span_t set[] = {
        sw_span("SET"), sw_span(key), token, sw_span("NX"), sw_span("PX"),
        sw_span(LEASE)
    };
    const sw_span_t get[] = { sw_span("GET"), sw_span(key) };
    const sw_redis_command_t set_it = { 6, set }, get_it = { 2, get };
    sw_redis_reply_t reply = { 0 };
    apr_time_t end = sw_clock() + TAKING_MAX;
    const char *why = NULL;
    int tries;

    *found = sw_span(NULL);
    for (tries = 0; tries < 3 && !why && !found->n && sw_clock() < end;
         tries++) {
        why = sw_redis_call(claims->redis, claim->pool, &set_it, &reply);
        if (!why && !reply.is_nil)
            *found = token;
        else if (!why)
            why = sw_redis_call(claims->redis, claim->pool, &get_it, &reply);
        if (!why && reply.is_text)
            *found = reply.text; /* or it has ended meanwhile */
    }
    return why || found->n || sw_clock() < end ? why
                                               : "it gives no answer in time";
}

sw_claim_e sw_redis_claims_take(sw_redis_claims_t *claims, sw_claim_t *claim)
{
    sw_span_t found;

    if (!claim->token[0])
        apr_snprintf(claim->token, sizeof(claim->token), "R%s-%u",
                     claims->child, apr_atomic_inc32(&claims->count));
    claim->error = take_or_read(claims, claim, &found);
    if (claim->error) {
        apr_atomic_set32(&claims->is_lost, 1);
        wake_up(claims);
        return SW_CLAIM_FAILED;
    }
    if (sw_span_equal(found, sw_span(claim->token))) {
        hold(claims, claim);
        return SW_CLAIM_TAKEN;
    }
    if (sw_span_starts(found, sw_span("R")))
        return SW_CLAIM_RUNNING;
    if (parse_answer(claim->pool, found, &claim->answer))
        return SW_CLAIM_DONE;
    claim->error = "it holds something else than claims";
    return SW_CLAIM_FAILED;
}

const char *sw_redis_claims_end(sw_redis_claims_t *claims, sw_claim_t *claim,
                                const sw_kept_t *answer,
                                apr_interval_time_t time)
{
    static const char keep_answer[] =
        "local v = redis.call('GET', KEYS[1]) "
        "if v and v ~= ARGV[1] then return 0 end "
        "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1";
    static const char give_up[] =
        "if redis.call('GET', KEYS[1]) == ARGV[1] then "
        "return redis.call('DEL', KEYS[1]) end return 0";
    apr_pool_t *p = claim->pool;
    const char *ms = apr_psprintf(p, "%" APR_TIME_T_FMT,
                                  apr_time_as_msec(time));
    const sw_span_t argv[] = {
        sw_span("EVAL"), sw_span(answer ? keep_answer : give_up), sw_span("1"),
        sw_span(redis_key(p, claims, claim)), sw_span(claim->token),
        answer ? format_answer(p, answer) : sw_span(""), sw_span(ms)
    };
    const sw_redis_command_t command = { answer ? 7 : 5, argv };
    sw_redis_reply_t reply;

    return sw_redis_call(claims->redis, p, &command, &reply);
}

#else /* then no cache has claims */

apr_status_t sw_redis_claims_post_config(apr_pool_t *p,
                                         sw_redis_claims_t *claims)
{
    (void)p, (void)claims;
    return APR_ENOTIMPL;
}

apr_status_t sw_redis_claims_child_init(apr_pool_t *p,
                                        sw_redis_claims_t *claims)
{
    return sw_redis_claims_post_config(p, claims);
}

sw_claim_e sw_redis_claims_take(sw_redis_claims_t *claims, sw_claim_t *claim)
{
    (void)claims;
    claim->error = "there is none";
    return SW_CLAIM_FAILED;
}

void sw_redis_claims_release(sw_redis_claims_t *claims, sw_claim_t *claim)
{
    (void)claims, (void)claim;
}

const char *sw_redis_claims_end(sw_redis_claims_t *claims, sw_claim_t *claim,
                                const sw_kept_t *answer,
                                apr_interval_time_t time)
{
    (void)claims, (void)claim, (void)answer, (void)time;
    return "there is none";
}

#endif
