/* SPDX-License-Identifier: Apache-2.0 */
/* A request as SignalWire sends it: URL, body and signature. */
#include <apr_encode.h>
#include <apr_escape.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "tool/tool.h"

/* Every byte may stand in a request line as it is. */
static int is_graphic(sw_span_t s)
{
    apr_size_t i = 0;

    while (i < s.n && apr_isgraph(s.p[i]))
        i++;
    return i == s.n;
}

/* Split URL into the parts of a callback. @return NULL, or the form that was
 * expected */
static const char *split_url(apr_pool_t *pool, const char *text,
                             callback_t *callback)
{
    sw_origin_t origin;
    const char *authority, *path, *at;
    int is_https = strncasecmp(text, "https://", 8) == 0;

    if (!is_graphic(sw_span(text)))
        return "a URL without blanks, percent-encoded as on the wire";
    if (!is_https && strncasecmp(text, "http://", 7) != 0)
        return "a URL that begins with https:// or http://";
    if (strchr(text, '#'))
        return "a URL without fragment: none is ever sent";
    authority = text + (is_https ? 8 : 7);
    path = authority + strcspn(authority, "/?");
    callback->path = *path == '/' ? path : apr_pstrcat(pool, "/", path, NULL);
    at = memchr(authority, '@', (apr_size_t)(path - authority));
    if (at) {
        callback->credentials = apr_pstrmemdup(pool, authority,
                                               (apr_size_t)(at - authority));
        authority = at + 1;
    }
    if (!sw_origin_make(pool, is_https,
                        sw_span_of(authority, (apr_size_t)(path - authority)),
                        &origin))
        return "http:// or https:// and a host, perhaps with a port and a path";
    callback->authority = apr_pstrmemdup(pool, origin.authority.p,
                                         origin.authority.n);
    callback->origin = apr_pstrcat(pool, is_https ? "https://" : "http://",
                                   callback->authority, NULL);
    return NULL;
}

/* The URL to sign: @a as. It gets the path of the callback if it is an origin
 * alone, as SignalWirePublicURL may be, and the query if it has none. */
static const char *public_url(apr_pool_t *pool, const char *as,
                              const callback_t *callback)
{
    const char *path = strstr(as, "://") + 3;
    const char *query = strchr(callback->path, '?');
    apr_size_t n;

    path += strcspn(path, "/?");
    n = (apr_size_t)(path - as);
    if (!*path || strcmp(path, "/") == 0)
        return apr_pstrcat(pool, apr_pstrmemdup(pool, as, n), callback->path,
                           NULL);
    if (*path == '?')
        return apr_pstrcat(pool, apr_pstrmemdup(pool, as, n), "/", path, NULL);
    return strchr(path, '?') || !query ? as
                                       : apr_pstrcat(pool, as, query, NULL);
}

const char *without_credentials(apr_pool_t *pool, const char *url)
{
    const char *authority = strstr(url, "://") + 3;
    apr_size_t n = strcspn(authority, "/?");
    const char *at = memchr(authority, '@', n);

    return at ? apr_pstrcat(pool,
                            apr_pstrmemdup(pool, url,
                                           (apr_size_t)(authority - url)),
                            at + 1, NULL)
              : url;
}

static int set_urls(tool_t *tool, callback_t *callback)
{
    const char *url = tool->arguments[0], *as = tool->as ? tool->as : url;
    callback_t other = { .url = NULL };
    const char *error = split_url(tool->pool, url, callback);

    if (error)
        return expected(tool, url, error);
    error = split_url(tool->pool, as, &other);
    if (error)
        return expected(tool, as, error);
    callback->credentials = other.credentials;
    callback->url = public_url(tool->pool, as, callback);
    return YES;
}

static const char *with_query(apr_pool_t *pool, const char *url,
                              sw_span_t query)
{
    if (query.n == 0)
        return url;
    return apr_psprintf(pool, "%s%s%.*s", url, strchr(url, '?') ? "&" : "?",
                        (int)query.n, query.p);
}

/* --get: the form becomes the query, and there is no body. */
static void move_to_query(apr_pool_t *pool, callback_t *callback)
{
    callback->target = with_query(pool, callback->path, callback->body);
    callback->signed_url = with_query(pool, callback->url, callback->body);
    callback->body = sw_span(NULL);
    callback->type = NULL;
}

/* From the first byte, if there is no --type. */
static const char *guess_type(sw_span_t body)
{
    apr_size_t i = 0;

    while (i + 1 < body.n && apr_isspace(body.p[i]))
        i++;
    return body.n && (body.p[i] == '{' || body.p[i] == '[') ? TYPE_JSON
                                                            : TYPE_FORM;
}

static int set_signature(tool_t *tool, apr_pool_t *pool, callback_t *callback)
{
    const sw_key_t *key = APR_ARRAY_IDX(tool->keys, 0, const sw_key_t *);
    sw_url_t url = { { callback->signed_url, strlen(callback->signed_url) },
                     { NULL, 0 }, { NULL, 0 }, 0 };
    /* SignalWire sends both signatures when a call fetches SWML. */
    int with_sha256 = tool->with_sha256
                      || (tool->event && strcmp(tool->event, "swml.call") == 0);

    callback->scheme = !callback->type
                               || sw_form_is_type(sw_span(callback->type))
                           ? SW_SCHEME_FORM
                           : SW_SCHEME_SHA1;
    callback->signature = sw_sign(pool, key, &url, callback->body,
                                  callback->scheme);
    callback->sha256 = with_sha256 ? sw_sign(pool, key, &url, callback->body,
                                             SW_SCHEME_SHA256)
                                   : NULL;
    return callback->signature && (callback->sha256 || !with_sha256)
               ? YES
               : expected(tool, "key", "an OpenSSL that signs");
}

/* Complete a callback that has its body. */
static int complete(tool_t *tool, apr_pool_t *pool, callback_t *callback)
{
    callback->target = callback->path;
    callback->signed_url = callback->url;
    if (tool->as_get) {
        if (callback->body.n && !sw_form_is_type(sw_span(callback->type)))
            return expected(tool, "--get", "a form");
        if (!is_graphic(callback->body))
            return expected(tool, "--get", "a form on one line, encoded");
        move_to_query(pool, callback);
    }
    return set_signature(tool, pool, callback);
}

int renew_callback(tool_t *tool, apr_pool_t *pool, callback_t *callback)
{
    if (!tool->event)
        return YES;
    if (!make_sample(pool, tool->event, &callback->body, &callback->type))
        return expected(tool, tool->event,
                        "one of the kinds that swhook send --list prints");
    if (tool->type)
        callback->type = tool->type;
    return complete(tool, pool, callback);
}

int make_callback(tool_t *tool, callback_t *callback)
{
    int status;

    memset(callback, 0, sizeof(*callback));
    status = set_urls(tool, callback);
    if (status == YES)
        status = read_keys(tool);
    if (status != YES)
        return status;
    if (tool->event)
        return renew_callback(tool, tool->pool, callback);
    callback->body = sw_span("");
    if (tool->count > 1) {
        status = read_source(tool, tool->arguments[1], &callback->body);
        if (status != YES)
            return status;
        callback->type = tool->type ? tool->type : guess_type(callback->body);
    }
    return complete(tool, tool->pool, callback);
}

static const char *authorization(apr_pool_t *pool, const char *credentials)
{
    char *plain = apr_pstrdup(pool, credentials);

    (void)apr_unescape_url(plain, credentials, APR_ESCAPE_STRING, NULL, NULL, 0,
                           NULL);
    return apr_pstrcat(pool, "Basic ",
                       apr_pencode_base64(pool, plain, APR_ENCODE_STRING,
                                          APR_ENCODE_NONE, NULL),
                       NULL);
}

static int is_given(const tool_t *tool, const char *name)
{
    int i;

    for (i = 0; i < tool->fields->nelts; i++) {
        if (strncasecmp(APR_ARRAY_IDX(tool->fields, i, const char *), name,
                        strlen(name))
            == 0)
            return 1;
    }
    return 0;
}

static void set_field(sw_exchange_t *exchange, apr_array_header_t *fields,
                      const char *name, const char *value)
{
    if (value)
        APR_ARRAY_PUSH(fields, const char *) = apr_pstrcat(exchange->pool, name,
                                                           " ", value, NULL);
}

void fill_exchange(const tool_t *tool, const callback_t *callback,
                   sw_exchange_t *exchange)
{
    apr_array_header_t *fields = apr_array_make(exchange->pool, 8,
                                                sizeof(const char *));

    exchange->origin = callback->origin;
    exchange->target = callback->target;
    exchange->body = callback->body;
    exchange->fields = fields;
    if (!is_given(tool, "Host:"))
        set_field(exchange, fields, "Host:", callback->authority);
    set_field(exchange, fields, "X-SignalWire-Signature:", callback->signature);
    set_field(exchange, fields,
              "X-SignalWire-SHA256-Signature:", callback->sha256);
    set_field(exchange, fields, "Content-Type:", callback->type);
    apr_array_cat(fields, tool->fields);
    if (callback->credentials && !is_given(tool, "Authorization:"))
        set_field(exchange, fields, "Authorization:",
                  authorization(exchange->pool, callback->credentials));
}
