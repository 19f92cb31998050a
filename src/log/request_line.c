/* SPDX-License-Identifier: Apache-2.0 */
/* See request_line.h. */
#include "log/request_line.h"
#include "core/text/form.h"
#include "core/text/span.h"
#include "httpd/config/settings.h"

static int is_secret(const apr_array_header_t *names, sw_span_t name)
{
    int i;

    for (i = 0; i < names->nelts; i++) {
        if (sw_form_is(name, sw_span(APR_ARRAY_IDX(names, i, const char *))))
            return 1;
    }
    return 0;
}

/* The length of the query: up to the last " HTTP/", or to the end. A line that
 * httpd refuses may have no protocol, or blanks in the query. */
static apr_size_t query_length(const char *line)
{
    const char *found = NULL, *next = line;

    while ((next = strstr(next, " HTTP/")) != NULL)
        found = next++;
    return found ? (apr_size_t)(found - line) : strlen(line);
}

static const char *mask(apr_pool_t *p, const char *line,
                        const apr_array_header_t *names)
{
    const char *question = strchr(line, '?');
    char *masked, *to;
    sw_span_t query;
    sw_pair_t pair;
    apr_size_t at = 0, copied = 0;

    if (!question)
        return line;
    query = sw_span_of(question + 1, query_length(question + 1));
    /* A value of one byte becomes "***": three times the query is enough. */
    to = masked = apr_palloc(p, strlen(line) + 3 * query.n + 1);
    while (sw_form_next(query, &at, &pair)) {
        apr_size_t until;

        if (pair.value.n == 0 || !is_secret(names, pair.name))
            continue;
        until = (apr_size_t)(pair.value.p - line);
        memcpy(to, line + copied, until - copied);
        to += until - copied;
        memcpy(to, "***", 3);
        to += 3;
        copied = until + pair.value.n;
    }
    memcpy(to, line + copied, strlen(line + copied) + 1);
    return copied ? masked : line;
}

int sw_request_line_mask(request_rec *r)
{
    const sw_server_t *server = sw_server_of(r->server);

    if (server->secret_names->nelts == 0 || !r->the_request)
        return DECLINED;
    for (; r; r = r->next)
        r->the_request = (char *)mask(r->pool, r->the_request,
                                      server->secret_names);
    return DECLINED;
}
