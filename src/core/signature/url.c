/* SPDX-License-Identifier: Apache-2.0 */
/* See url.h. Refuses text that is not a host or a URL, and never guesses. */
#include <strings.h>

#include <apr_encode.h>
#include <apr_strings.h>

#include "core/signature/url.h"
#include "core/text/percent.h"

static int is_host_char(char c)
{
    return apr_isalnum(c) || c == '.' || c == '-' || c == '_';
}

static int is_ipv6_char(char c)
{
    return apr_isxdigit(c) || c == ':' || c == '.';
}

/* Length of the host that authority begins with, 0 if it begins with none. */
static apr_size_t host_length(sw_span_t authority)
{
    apr_size_t n = 0;

    if (authority.n && authority.p[0] == '[') {
        for (n = 1; n < authority.n && is_ipv6_char(authority.p[n]); n++)
            ;
        return n > 1 && n < authority.n && authority.p[n] == ']' ? n + 1 : 0;
    }
    while (n < authority.n && is_host_char(authority.p[n]))
        n++;
    return n;
}

/* ":port" with a port of 1 to 65535; 0 if it is anything else. */
static int port_number(sw_span_t s)
{
    apr_size_t i;
    int port = 0;

    if (s.n < 2 || s.n > 6 || s.p[0] != ':')
        return 0;
    for (i = 1; i < s.n; i++) {
        if (!apr_isdigit(s.p[i]))
            return 0;
        port = port * 10 + (s.p[i] - '0');
    }
    return port <= 65535 ? port : 0;
}

int sw_origin_make(apr_pool_t *pool, int https, sw_span_t authority,
                   sw_origin_t *origin)
{
    const char *scheme = https ? "https" : "http";
    const char *standard = https ? ":443" : ":80";
    apr_size_t host = host_length(authority);
    sw_span_t port = sw_span_from(authority, host);
    char *copy;

    if (host == 0 || (port.n && port_number(port) == 0))
        return 0;
    /* One buffer holds both spellings: as given, and given without or with
     * the default port, which is a prefix or a continuation of it. */
    copy = apr_psprintf(pool, "%s://%.*s%s", scheme, (int)authority.n,
                        authority.p, port.n ? "" : standard);
    origin->scheme = sw_span(scheme);
    origin->plain = sw_span_of(copy, origin->scheme.n + 3 + authority.n);
    origin->authority = sw_span_from(origin->plain, origin->scheme.n + 3);
    origin->host = sw_span_of(origin->authority.p, host);
    if (port.n == 0)
        origin->other = sw_span(copy);
    else if (sw_span_equal(port, sw_span(standard)))
        origin->other = sw_span_of(copy, origin->plain.n - port.n);
    else
        origin->other = sw_span_of(NULL, 0);
    return 1;
}

/* Set prefix to the section without a slash at its end, and path to its
 * replacement. */
static void map_path(apr_pool_t *pool, sw_span_t path, const char *location,
                     sw_public_url_t *url)
{
    url->prefix = sw_span(apr_pstrdup(pool, location));
    if (url->prefix.n && url->prefix.p[url->prefix.n - 1] == '/')
        url->prefix.n--;
    url->path = sw_span(apr_pstrmemdup(pool, path.p, path.n));
}

const char *sw_public_url_parse(apr_pool_t *pool, const char *text,
                                const char *location, sw_public_url_t *url)
{
    sw_span_t rest = sw_span(text), path;
    apr_size_t i;
    int https;

    memset(url, 0, sizeof(*url));
    for (i = 0; i < rest.n; i++) {
        if (!apr_isgraph(text[i]))
            return "a URL without blanks, percent-encoded as on the wire";
    }
    if (strncasecmp(text, "https://", 8) == 0)
        https = 1;
    else if (strncasecmp(text, "http://", 7) == 0)
        https = 0;
    else
        return "a URL that begins with https:// or http://";
    rest = sw_span_from(rest, https ? 8 : 7);
    path = sw_span_from(rest, strcspn(rest.p, "/?#"));
    if (memchr(rest.p, '@', rest.n - path.n))
        return "a URL without user and password: credentials that arrive as "
               "Basic authorization are tried by themselves";
    if (!sw_origin_make(pool, https, sw_span_of(rest.p, rest.n - path.n),
                        &url->origin))
        return "https://host or https://host:port, perhaps with a path";
    if (strpbrk(path.p, "?#"))
        return "a URL without query and fragment: they are taken from the "
               "request";
    if (path.n <= 1)
        return NULL;
    if (!location)
        return "an origin such as https://host; a URL with a path belongs into "
               "a block in a <Location> with a literal path";
    map_path(pool, path, location, url);
    return NULL;
}

sw_span_t sw_target(sw_span_t unparsed)
{
    sw_span_t rest;
    apr_size_t i;

    if (unparsed.n && unparsed.p[0] == '/')
        return unparsed;
    rest = sw_span_from(unparsed, sw_span_find(unparsed, ':'));
    if (!sw_span_starts(rest, sw_span("://")))
        return unparsed;
    rest = sw_span_from(rest, 3);
    for (i = 0; i < rest.n; i++) {
        if (strchr("/?#", rest.p[i]))
            return sw_span_from(rest, i);
    }
    return sw_span("/");
}

sw_span_t sw_target_query(sw_span_t target)
{
    return sw_span_from(target, sw_span_find(target, '?') + 1);
}

/* "user:pass@", or "user@" with an empty password. Encoded, since a sender
 * could otherwise move part of a signed URL into the user name. */
static sw_span_t encode_login(apr_pool_t *pool, sw_span_t login,
                              const char *keep)
{
    apr_size_t colon = sw_span_find(login, ':');
    sw_span_t password = sw_span_from(login, colon + 1);
    char *text = apr_palloc(pool, 3 * login.n + 2);
    char *end = sw_percent_encode(text, sw_span_of(login.p, colon), keep);

    if (password.n) {
        *end++ = ':';
        end = sw_percent_encode(end, password, keep);
    }
    *end++ = '@';
    return sw_span_of(text, (apr_size_t)(end - text));
}

/* The credentials of a Basic field in up to two spellings. @return how many */
static int read_logins(apr_pool_t *pool, const char *field, sw_span_t *logins)
{
    static const char basic[] = "Basic ";
    sw_span_t text = sw_span(field), login;
    apr_size_t n = 0;

    if (!sw_span_starts_nocase(text, sw_span(basic)))
        return 0;
    text = sw_span_trim(sw_span_from(text, strlen(basic)));
    login.p = apr_pdecode_base64(pool, apr_pstrmemdup(pool, text.p, text.n),
                                 (apr_ssize_t)text.n, APR_ENCODE_NONE, &n);
    login.n = n;
    if (!login.p || login.n == 0)
        return 0;
    logins[0] = encode_login(pool, login, "!$&'()*+,;=");
    logins[1] = encode_login(pool, login, "");
    return sw_span_equal(logins[0], logins[1]) ? 1 : 2;
}

static sw_span_t with_login(apr_pool_t *pool, sw_span_t origin,
                            apr_size_t scheme, sw_span_t login)
{
    char *text = apr_palloc(pool, origin.n + login.n);

    memcpy(text, origin.p, scheme + 3);
    memcpy(text + scheme + 3, login.p, login.n);
    memcpy(text + scheme + 3 + login.n, origin.p + scheme + 3,
           origin.n - scheme - 3);
    return sw_span_of(text, origin.n + login.n);
}

/* Path and rest of the target below this base. @return 0 if it is not below */
static int split_target(const sw_public_url_t *base, sw_span_t target,
                        sw_url_t *url)
{
    memset(url, 0, sizeof(*url));
    url->rest = target;
    if (target.n == 0 || target.p[0] != '/')
        return 0;
    if (base->path.n == 0)
        return 1;
    if (!sw_span_starts(target, base->prefix))
        return 0;
    url->rest = sw_span_from(target, base->prefix.n);
    if (url->rest.n && url->rest.p[0] != '/' && url->rest.p[0] != '?')
        return 0;
    url->path = base->path;
    if (url->rest.n && url->rest.p[0] == '/'
        && url->path.p[url->path.n - 1] == '/')
        url->path.n--;
    return 1;
}

/* The list under construction. */
typedef struct list_t {
    apr_pool_t *pool;
    sw_urls_t *urls;
    sw_span_t logins[2];
    int login_count;
} list_t;

static void add_url(list_t *list, const sw_url_t *url, sw_span_t origin)
{
    sw_url_t *to = &list->urls->at[list->urls->count];

    if (origin.n == 0)
        return;
    *to = *url;
    to->origin = origin;
    list->urls->count++;
}

/* Both spellings of the origin of url, without and with credentials. */
static void add_origins(list_t *list, const sw_origin_t *origin,
                        const sw_url_t *url)
{
    apr_size_t scheme = origin->scheme.n;
    int i;

    add_url(list, url, origin->plain);
    add_url(list, url, origin->other);
    for (i = 0; i < list->login_count; i++) {
        add_url(list, url,
                with_login(list->pool, origin->plain, scheme, list->logins[i]));
        if (origin->other.n)
            add_url(list, url,
                    with_login(list->pool, origin->other, scheme,
                               list->logins[i]));
    }
}

void sw_urls_make(apr_pool_t *pool, const sw_url_parts_t *parts,
                  sw_urls_t *urls)
{
    list_t list = { .pool = pool, .urls = urls };
    int i, per_base;

    if (parts->authorization)
        list.login_count = read_logins(pool, parts->authorization, list.logins);
    per_base = 4 * (1 + list.login_count);
    urls->count = 0;
    urls->at = apr_palloc(pool, (apr_size_t)(parts->base_count * per_base)
                                    * sizeof(*urls->at));
    for (i = 0; i < parts->base_count; i++) {
        const sw_public_url_t *base = &parts->bases[i];
        sw_url_t url;

        if (!split_target(base, parts->target, &url))
            continue;
        add_origins(&list, &base->origin, &url);
        /* The URL given to SignalWire may be https://host without a slash. */
        if (url.path.n == 0 && (url.rest.n == 1 || url.rest.p[1] == '?')) {
            url.rest = sw_span_from(url.rest, 1);
            url.ends_in_host = url.rest.n == 0;
            add_origins(&list, &base->origin, &url);
        }
    }
}

const char *sw_url_shown(apr_pool_t *pool, const sw_url_t *url)
{
    apr_size_t scheme = sw_span_find(url->origin, ':') + 3;
    sw_span_t authority = sw_span_from(url->origin, scheme);
    apr_size_t at = sw_span_find(authority, '@');

    if (at < authority.n)
        authority = sw_span_from(authority, at + 1);
    return apr_psprintf(pool, "%.*s%.*s%.*s%.*s", (int)scheme, url->origin.p,
                        (int)authority.n, authority.p, (int)url->path.n,
                        sw_span_text(url->path),
                        (int)sw_span_find(url->rest, '?'),
                        sw_span_text(url->rest));
}
