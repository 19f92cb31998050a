/* SPDX-License-Identifier: Apache-2.0 */
/* See origin.h. */
#include <apr_strings.h>
#include <http_ssl.h>

#include "httpd/verify/origin.h"
#include "core/signature/forwarded.h"
#include "core/signature/url.h"
#include "core/text/span.h"

conn_rec *sw_origin_connection(const request_rec *r)
{
    return r->connection->master ? r->connection->master : r->connection;
}

int sw_origin_peer_trusted(request_rec *r, const sw_dir_t *dir)
{
    const conn_rec *c = sw_origin_connection(r);
    const apr_array_header_t *proxies = dir->verify.proxies;
    int i;

    for (i = 0; proxies && i < proxies->nelts; i++) {
        if (apr_ipsubnet_test(APR_ARRAY_IDX(proxies, i, sw_proxy_t).net,
                              c->client_addr))
            return 1;
    }
    return 0;
}

/* A pattern without letters and digits, such as *, would match every host. */
static int names_something(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (apr_isalnum(*pattern))
            return 1;
    }
    return 0;
}

/* Is this a ServerName or ServerAlias of the virtual host? One key signs every
 * URL of a project, so a URL of another host must not pass. */
static int is_own_name(apr_pool_t *p, const server_rec *s, sw_span_t host)
{
    const char *name;
    int i;

    if (host.n && host.p[host.n - 1] == '.')
        host.n--;
    name = apr_pstrmemdup(p, host.p, host.n);
    if (s->server_hostname && strcasecmp(name, s->server_hostname) == 0)
        return 1;
    for (i = 0; s->names && i < s->names->nelts; i++) {
        const char *alias = APR_ARRAY_IDX(s->names, i, const char *);

        if (alias && strcasecmp(name, alias) == 0)
            return 1;
    }
    for (i = 0; s->wild_names && i < s->wild_names->nelts; i++) {
        const char *alias = APR_ARRAY_IDX(s->wild_names, i, const char *);

        if (alias && names_something(alias)
            && !ap_strcasecmp_match(name, alias))
            return 1;
    }
    return 0;
}

/* The origin from the forwarded fields of a trusted proxy, else from Host. */
static sw_verdict_e read_origin(sw_verify_context_t *f)
{
    const char *host = apr_table_get(f->headers, "Host");
    int https = strcmp(ap_http_scheme(f->initial), "https") == 0;
    sw_origin_t *origin = &f->received.origin;
    sw_forwarded_t fields;

    if (f->peer_trusted && sw_forwarded_read(f->headers, &fields))
        return sw_forwarded_origin(f->scratch, &fields, https, origin)
                   ? SW_VERIFIED
                   : SW_FORWARDED;
    return host && sw_origin_make(f->scratch, https, sw_span(host), origin)
               ? SW_VERIFIED
               : SW_UNKNOWN_HOST;
}

sw_verdict_e sw_origin_bases(sw_verify_context_t *f)
{
    const sw_public_t *configured = f->dir->verify.public_url;
    sw_verdict_e verdict;

    if (configured && configured->urls->nelts) {
        f->bases = (const sw_public_url_t *)configured->urls->elts;
        f->base_count = configured->urls->nelts;
        return SW_VERIFIED;
    }
    verdict = read_origin(f);
    if (verdict != SW_VERIFIED)
        return verdict;
    f->bases = &f->received;
    f->base_count = 1;
    if (!(configured && configured->any_host)
        && !is_own_name(f->scratch, f->initial->server,
                        f->received.origin.host))
        return SW_UNKNOWN_HOST;
    return SW_VERIFIED;
}

int sw_origin_is_tls(const sw_verify_context_t *f)
{
    sw_forwarded_t fields;
    sw_origin_t origin;

    if (ap_ssl_conn_is_ssl(sw_origin_connection(f->initial)))
        return 1;
    return f->peer_trusted && sw_forwarded_read(f->headers, &fields)
           && sw_forwarded_origin(f->scratch, &fields, 0, &origin)
           && sw_origin_is_https(&origin);
}
