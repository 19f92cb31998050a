/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireOnceCache: the store that remembers callbacks.
 */
#include <apr_strings.h>
#include <apr_uri.h>

#include "httpd/config/once_cache.h"
#include "core/text/span.h"
#include "httpd/config/keys.h"
#include "httpd/config/setters.h"
#include "store/connection.h"
#include "store/redis.h"
#include "store/redis_claims.h"

#define ENTRIES 20000
#define ENTRIES_MAX 1000000
#define PREFIX_MAX 32
#define PREFIX_CHARACTERS "abcdefghijklmnopqrstuvwxyz" \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static const char *take_local(cmd_parms *cmd, sw_cache_t *cache,
                              const char *arg)
{
    apr_off_t entries = ENTRIES;

    if (arg[5] == ':'
        && (!ap_parse_strict_length(&entries, arg + 6) || entries < 1
            || entries > ENTRIES_MAX))
        return sw_expected(cmd, arg,
                           "local or local:ENTRIES, a number from 1 "
                           "to " APR_STRINGIFY(ENTRIES_MAX));
    cache->entries = (apr_uint32_t)entries;
    cache->name = apr_psprintf(cmd->pool, "local:%u", cache->entries);
    return NULL;
}

#ifdef SW_HIREDIS

#define EXPECTED_URL "redis:URL with a URL such as " \
    "redis://cache.example.com:6379/0, or rediss://... for TLS"

/* No error shows the URL, which may hold a password. */
static const char *read_url(cmd_parms *cmd, const char *text,
                            sw_redis_conf_t *conf, int *is_tls)
{
    apr_uri_t uri;

    if (apr_uri_parse(cmd->pool, text, &uri) != APR_SUCCESS || !uri.scheme
        || (strcasecmp(uri.scheme, "redis") != 0
            && strcasecmp(uri.scheme, "rediss") != 0)
        || !uri.hostname || !*uri.hostname || uri.query || uri.fragment)
        return sw_expected(cmd, "redis:...", EXPECTED_URL);
    *is_tls = strcasecmp(uri.scheme, "rediss") == 0;
    conf->host = uri.hostname;
    conf->port = uri.port ? uri.port : 6379;
    if (uri.user && *uri.user) {
        conf->user = uri.user;
        ap_unescape_url(uri.user);
    }
    if (uri.password) {
        conf->password = uri.password;
        ap_unescape_url(uri.password);
    }
    if (uri.path && uri.path[0] && uri.path[1]) {
        conf->database = uri.path + 1;
        if (strspn(conf->database, "0123456789") != strlen(conf->database))
            return sw_expected(cmd, uri.path,
                               "the number of a database at "
                               "the end of the URL, such as /0");
    }
    return NULL;
}

/* The options after a URL; NULL: not given. */
typedef struct options_t {
    sw_tls_files_t tls;
    const char *password, *prefix;
} options_t;

static const char *read_file(cmd_parms *cmd, const char *value, const char **to)
{
    *to = ap_server_root_relative(cmd->pool, value);
    return *to ? NULL : sw_expected(cmd, value, "a file");
}

static const char *read_password(cmd_parms *cmd, const char *value,
                                 const char **to)
{
    apr_array_header_t *values;
    const char *error = sw_source_read(cmd, value, &values);

    if (!error && values->nelts != 1)
        error = sw_expected(cmd, value, "exactly one password");
    if (!error)
        *to = apr_pstrmemdup(cmd->pool, APR_ARRAY_IDX(values, 0, sw_span_t).p,
                             APR_ARRAY_IDX(values, 0, sw_span_t).n);
    return error;
}

/* A prefix has no colon, which ends it in a key of Redis. */
static const char *read_prefix(cmd_parms *cmd, const char *value,
                               const char **to)
{
    apr_size_t n = strlen(value);

    if (n < 1 || n > PREFIX_MAX || strspn(value, PREFIX_CHARACTERS) != n)
        return sw_expected(
            cmd, apr_pstrcat(cmd->pool, "prefix=", value, NULL),
            "a name of 1 to " APR_STRINGIFY(
                PREFIX_MAX) " letters, digits, \".\", \"_\" or \"-\"");
    *to = value;
    return NULL;
}

static const char *read_option(cmd_parms *cmd, const char *arg,
                               options_t *options)
{
    const struct {
        const char *name;
        const char *(*read)(cmd_parms *, const char *, const char **);
        const char **to;
    } known[] = { { "ca", read_file, &options->tls.ca },
                  { "cert", read_file, &options->tls.cert },
                  { "key", read_file, &options->tls.key },
                  { "password", read_password, &options->password },
                  { "prefix", read_prefix, &options->prefix } };
    const char *value = ap_strchr_c(arg, '=');
    const char *name = value ? apr_pstrmemdup(cmd->pool, arg,
                                              (apr_size_t)(value - arg))
                             : "...";
    apr_size_t i;

    for (i = 0; value && i < sizeof(known) / sizeof(*known); i++) {
        if (strcasecmp(name, known[i].name) == 0)
            return known[i].read(cmd, value + 1, known[i].to);
    }
    return sw_expected(cmd, name,
                       "password=SOURCE, prefix=NAME, ca=FILE, "
                       "cert=FILE or key=FILE after the URL");
}

static const char *take_redis(cmd_parms *cmd, sw_cache_t *cache, int argc,
                              char *const argv[])
{
    const char *url = argv[0], *error;
    sw_redis_conf_t conf = { 0 };
    options_t options = { { NULL, NULL, NULL }, NULL, NULL };
    int i, is_tls = 0;

    if (strncasecmp(url, "redis:redis", 11) == 0)
        url += 6;
    error = read_url(cmd, url, &conf, &is_tls);
    for (i = 1; i < argc && !error; i++)
        error = read_option(cmd, argv[i], &options);
    if (error)
        return error;
    if (options.password)
        conf.password = options.password;
    if (conf.user && !conf.password)
        return sw_expected(cmd, "redis:...",
                           "a password for the user in the "
                           "URL, such as password=file:/etc/redis.password");
    if (!is_tls && (options.tls.ca || options.tls.cert || options.tls.key))
        return sw_expected(cmd, "redis:...",
                           "rediss:// for TLS, if there is ca=, cert= or key=");
    if (options.tls.key && !options.tls.cert)
        return sw_expected(cmd, "rediss:...", "cert=, to which key= belongs");
    if (is_tls)
        error = sw_tls_make(cmd->pool, &options.tls, &conf.tls);
    if (error)
        return sw_expected(cmd, "rediss:...", error);
    cache->redis = sw_redis_claims_make(cmd->pool, &conf, options.prefix);
    cache->name = apr_pstrcat(cmd->pool, is_tls ? "rediss" : "redis", "://",
                              conf.host, ":", apr_itoa(cmd->pool, conf.port),
                              conf.database ? "/" : "",
                              conf.database ? conf.database : "",
                              options.prefix ? " prefix=" : "",
                              options.prefix ? options.prefix : "", NULL);
    return NULL;
}

#else

static const char *take_redis(cmd_parms *cmd, sw_cache_t *cache, int argc,
                              char *const argv[])
{
    (void)cache;
    (void)argc;
    (void)argv;
    return sw_expected(cmd, "redis:...",
                       "local[:ENTRIES], since this module "
                       "was built without hiredis");
}

#endif

/* Mask an argument that may be a URL with a password. */
static const char *mask_url(apr_pool_t *p, const char *arg)
{
    const char *colon = ap_strchr_c(arg, ':');

    return colon && strpbrk(arg, "/@")
               ? apr_psprintf(p, "%.*s:...", (int)(colon - arg), arg)
               : arg;
}

const char *sw_set_cache(cmd_parms *cmd, void *dir, int argc,
                         char *const argv[])
{
    static const char *const words[] = { "local", "local:", "redis:",
                                         "rediss:", NULL };
    sw_server_t *server = sw_server_of(cmd->server);
    const char *error = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    sw_cache_t *cache;

    (void)dir;
    if (error)
        return error;
    if (argc < 1)
        return "SignalWireOnceCache: expected local[:ENTRIES] or redis:URL";
    server->cache = cache = apr_pcalloc(cmd->pool, sizeof(*cache));
    if (strncasecmp(argv[0], "local", 5) == 0
        && (!argv[0][5] || argv[0][5] == ':') && argc == 1)
        return take_local(cmd, cache, argv[0]);
    if (strncasecmp(argv[0], "redis:", 6) == 0
        || strncasecmp(argv[0], "rediss:", 7) == 0)
        return take_redis(cmd, cache, argc, argv);
    return sw_expected_of(cmd, mask_url(cmd->pool, argv[0]),
                          "local[:ENTRIES] or redis:URL", words);
}

const sw_cache_t *sw_cache_of(const server_rec *s)
{
    static const sw_cache_t cache = {
        "local:" APR_STRINGIFY(ENTRIES), ENTRIES, NULL
    };
    const sw_server_t *server = sw_server_of(s);

    return server->cache ? server->cache : &cache;
}
