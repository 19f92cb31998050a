/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claims of a server to callbacks, in its store. If the store does not
 * answer, requests run as if there were none, and it is not asked for a while.
 */
#include <apr_atomic.h>
#include <apr_shm.h>

#include "httpd/delivery/claims.h"
#include "httpd/config/once_cache.h"
#include "httpd/config/openable.h"
#include "httpd/config/sections.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"
#include "store/clock.h"
#include "store/local.h"
#include "store/redis_claims.h"

#define PAUSE 5 /* seconds */

/* In memory that all children of this generation share. */
typedef struct outage_t {
    volatile apr_uint32_t until;  /* seconds: the store is not used before */
    volatile apr_uint32_t warned; /* of sw_clock_allows() */
    volatile apr_uint32_t count;  /* of requests that ran without it */
} outage_t;

struct sw_claims_t {
    const sw_cache_t *cache;
    sw_local_t *local; /* NULL: the claims are in Redis */
    outage_t *outage;
};

static int is_used(apr_pool_t *p, server_rec *s)
{
    while (s && !sw_uses_once(p, s))
        s = s->next;
    return s != NULL;
}

/* Only for configtest: a server that starts allocates the memory anyway. */
int sw_claims_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp, server_rec *s)
{
    const sw_cache_t *cache = sw_cache_of(s);

    (void)pconf;
    (void)plog;
    if (!sw_is_configtest() || cache->redis || !is_used(ptemp, s))
        return OK;
    return sw_is_available(s, sw_local_try(ptemp, cache->entries),
                           "SignalWireOnceCache local", cache->entries)
               ? OK
               : !OK;
}

static apr_status_t share_outage(apr_pool_t *p, sw_claims_t *claims)
{
    apr_shm_t *memory;
    apr_status_t rv = apr_shm_create(&memory, sizeof(outage_t), NULL, p);

    if (rv)
        return rv;
    claims->outage = apr_shm_baseaddr_get(memory);
    memset(claims->outage, 0, sizeof(outage_t));
    return APR_SUCCESS;
}

static apr_status_t share_table(apr_pool_t *p, server_rec *s,
                                sw_claims_t *claims)
{
    apr_uint32_t entries = claims->cache->entries;
    apr_pool_t *process = s->process->pool; /* NOLINT: there is a server */
    apr_status_t rv = sw_local_post_config(process, p, entries, &claims->local);

    if (!rv && sw_local_has_replaced(claims->local))
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "SW0030: "
                     "SignalWireOnceCache %s: another build of the module made "
                     "the table with another layout, so this one makes its "
                     "own. The answers in the old table are lost; processes "
                     "of the old build use it until they end",
                     claims->cache->name);
    if (!rv && sw_local_entries(claims->local) != entries)
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "SW0008: "
                     "SignalWireOnceCache %s: the table keeps its %u "
                     "entries until httpd is stopped and started",
                     claims->cache->name, sw_local_entries(claims->local));
    return rv;
}

/* httpd starts without Redis: a failure is only logged. */
static void post_config_redis(apr_pool_t *p, server_rec *s, sw_claims_t *claims)
{
    apr_status_t rv = sw_redis_claims_post_config(p, claims->cache->redis);

    if (rv)
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s,
                     "SW0009: "
                     "SignalWireOnceCache %s: the name of the host is not "
                     "known (yet)",
                     claims->cache->name);
}

/* Not in the first configuration pass, whose results httpd discards. */
apr_status_t sw_claims_post_config(apr_pool_t *p, server_rec *s)
{
    sw_claims_t *claims = apr_pcalloc(p, sizeof(*claims));
    server_rec *each;
    apr_status_t rv;

    if (sw_is_first_pass() || !is_used(p, s))
        return APR_SUCCESS;
    claims->cache = sw_cache_of(s);
    for (each = s; each; each = each->next)
        sw_server_of(each)->claims = claims;
    rv = share_outage(p, claims);
    if (!rv && !claims->cache->redis)
        rv = share_table(p, s, claims);
    else if (!rv)
        post_config_redis(p, s, claims);
    return rv;
}

void sw_claims_child_init(apr_pool_t *p, server_rec *s)
{
    sw_claims_t *claims = sw_server_of(s)->claims;
    apr_status_t rv;

    if (!claims)
        return;
    if (claims->local) {
        sw_local_child_init(claims->local);
        return;
    }
    rv = sw_redis_claims_child_init(p, claims->cache->redis);
    if (rv) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s,
                     "SW0010: "
                     "SignalWireOnceCache %s cannot be used by this child",
                     claims->cache->name);
        for (; s; s = s->next)
            sw_server_of(s)->claims = NULL;
    }
}

static void warn(request_rec *r, sw_claims_t *claims, const char *why)
{
    if (!sw_clock_allows(&claims->outage->warned, apr_time_from_sec(60), 1))
        return;
    ap_log_rerror(
        APLOG_MARK, APLOG_WARNING, 0, r,
        "SW0129: "
        "SignalWireOnceCache %s: %s. Callbacks run without it, "
        "repeats among them (%u so far; logged at most once a minute)",
        claims->cache->name, why, apr_atomic_read32(&claims->outage->count));
}

static apr_uint32_t seconds_now(void)
{
    return (apr_uint32_t)apr_time_sec(sw_clock());
}

static void pause_use(sw_claims_t *claims)
{
    apr_atomic_set32(&claims->outage->until, seconds_now() + PAUSE);
}

static int is_paused(const sw_claims_t *claims)
{
    return seconds_now() < apr_atomic_read32(&claims->outage->until);
}

static sw_claim_e take(sw_claims_t *claims, sw_claim_t *claim)
{
    return claims->local ? sw_local_take(claims->local, claim)
                         : sw_redis_claims_take(claims->cache->redis, claim);
}

int sw_claims_are_shared(const request_rec *r)
{
    const sw_claims_t *claims = sw_server_of(r->server)->claims;

    return claims && !claims->local;
}

sw_claim_e sw_claims_take(request_rec *r, sw_claim_t *claim)
{
    sw_claims_t *claims = sw_server_of(r->server)->claims;
    sw_claim_e state = SW_CLAIM_FAILED;

    if (!claims)
        return SW_CLAIM_FAILED;
    claim->error = NULL;
    if (!is_paused(claims))
        state = take(claims, claim);
    if (state != SW_CLAIM_FAILED && state != SW_CLAIM_FULL)
        return state;
    apr_atomic_inc32(&claims->outage->count);
    if (claim->error && state == SW_CLAIM_FAILED)
        pause_use(claims);
    if (claim->error)
        warn(r, claims, claim->error);
    return state;
}

void sw_claims_end(request_rec *r, sw_claim_t *claim, const sw_kept_t *answer,
                   apr_interval_time_t time)
{
    sw_claims_t *claims = sw_server_of(r->server)->claims;
    const char *error;

    if (!claims->local)
        sw_redis_claims_release(claims->cache->redis, claim);
    /* A claim in shared memory stays until it is ended; in Redis it expires. */
    if (!claims->local && is_paused(claims))
        return;
    error = claims->local ? sw_local_end(claims->local, claim, answer, time)
                          : sw_redis_claims_end(claims->cache->redis, claim,
                                                answer, time);
    if (error) {
        pause_use(claims);
        warn(r, claims, error);
    }
}
