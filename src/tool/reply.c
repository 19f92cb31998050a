/* SPDX-License-Identifier: Apache-2.0 */
/* See message.h: the reply, as it comes. */
#include <stdlib.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "tool/message.h"

static apr_size_t bad(reply_t *reply, apr_size_t used)
{
    reply->state = REPLY_BAD;
    return used;
}

/* Collect until the line ends. @return bytes used; *whole is set with the last
 * of them */
static apr_size_t read_line(reply_t *reply, const char *p, apr_size_t n,
                            int *whole)
{
    const char *end = memchr(p, '\n', n);
    apr_size_t used = end ? (apr_size_t)(end - p) + 1 : n;

    *whole = end != NULL;
    reply->line_total += used;
    if (reply->line_total > HEAD_MAX)
        return bad(reply, used);
    if (!reply->line)
        reply->line = apr_palloc(reply->pool, HEAD_MAX + 1);
    memcpy(reply->line + reply->line_n, p, used);
    reply->line_n += used;
    if (end) {
        while (reply->line_n && (reply->line[reply->line_n - 1] == '\n'
                                 || reply->line[reply->line_n - 1] == '\r'))
            reply->line_n--;
        reply->line[reply->line_n] = '\0';
    }
    return used;
}

/* HTTP/1.1 200 OK */
static int read_status(const char *line, message_t *message)
{
    if (strncmp(line, "HTTP/1.", 7) != 0 || !apr_isdigit(line[7])
        || line[8] != ' ' || !apr_isdigit(line[9]) || !apr_isdigit(line[10])
        || !apr_isdigit(line[11]) || apr_isdigit(line[12]))
        return 0;
    message->status = atoi(line + 9);
    return message->status >= 100;
}

/* Is it one of a list? */
static int lists(const char *list, const char *token)
{
    sw_span_t rest = sw_span(list);

    while (rest.n) {
        sw_span_t one = sw_span_of(rest.p, sw_span_find(rest, ','));

        rest = sw_span_from(rest, one.n + 1);
        one = sw_span_trim(one);
        if (one.n == strlen(token) && strncasecmp(one.p, token, one.n) == 0)
            return 1;
    }
    return 0;
}

static void read_field(reply_t *reply)
{
    char *colon = strchr(reply->line, ':');
    sw_span_t value;

    if (!colon || apr_table_elts(reply->message.fields)->nelts >= FIELDS_MAX)
        return;
    *colon++ = '\0';
    value = sw_span_trim(sw_span(colon));
    apr_table_merge(reply->message.fields, reply->line,
                    apr_pstrmemdup(reply->pool, value.p, value.n));
}

/* The head is there: what frames the body? */
static void end_head(reply_t *reply)
{
    const apr_table_t *fields = reply->message.fields;
    const char *length = apr_table_get(fields, "Content-Length");
    const char *connection = apr_table_get(fields, "Connection");
    int status = reply->message.status;

    reply->must_close = lists(connection, "close") || status == 101
                        || (reply->is_old && !lists(connection, "keep-alive"));
    if (status < 200 && status != 101) { /* another head follows */
        reply->message.status = 0;
        apr_table_clear(reply->message.fields);
    }
    else if (status == 101 || status == 204 || status == 304) {
        reply->state = REPLY_DONE;
    }
    else if (apr_table_get(fields, "Transfer-Encoding")) {
        reply->is_chunked = 1;
        reply->state = REPLY_CHUNK;
    }
    else if (length) {
        reply->state = !read_number(sw_span(length), 10, APR_INT64_MAX,
                                    &reply->left) ? REPLY_BAD
                       : reply->left ? REPLY_BODY : REPLY_DONE;
    }
    else {
        reply->must_close = 1;
        reply->state = REPLY_TO_CLOSE;
    }
}

static void read_head_line(reply_t *reply)
{
    if (!reply->message.status) {
        if (!reply->message.fields)
            reply->message.fields = apr_table_make(reply->pool, 12);
        if (!read_status(reply->line, &reply->message))
            reply->state = REPLY_BAD;
        else
            reply->is_old = reply->line[7] == '0';
    }
    else if (reply->line_n) {
        read_field(reply);
    }
    else {
        end_head(reply);
    }
}

static void read_size_line(reply_t *reply)
{
    if (!read_chunk_size(sw_span(reply->line), APR_INT64_MAX, &reply->left))
        reply->state = REPLY_BAD;
    else
        reply->state = reply->left ? REPLY_BODY : REPLY_TRAILER;
}

static void use_line(reply_t *reply)
{
    switch (reply->state) {
    case REPLY_HEAD:
        read_head_line(reply);
        break;
    case REPLY_CHUNK:
        read_size_line(reply);
        break;
    case REPLY_CHUNK_END:
        reply->state = reply->line_n ? REPLY_BAD : REPLY_CHUNK;
        break;
    case REPLY_TRAILER:
        if (reply->line_n == 0)
            reply->state = REPLY_DONE;
        break;
    default:
        break;
    }
    reply->line_n = 0;
    if (reply->state == REPLY_BODY || reply->state == REPLY_CHUNK)
        reply->line_total = 0;
}

static apr_size_t read_body(reply_t *reply, const char *p, apr_size_t n)
{
    apr_size_t kept;

    if (reply->state == REPLY_BODY) {
        if (n > reply->left)
            n = (apr_size_t)reply->left;
        reply->left -= n;
        if (reply->left == 0)
            reply->state = reply->is_chunked ? REPLY_CHUNK_END : REPLY_DONE;
    }
    reply->size += n;
    kept = KEPT_MAX - reply->kept_n < n ? KEPT_MAX - reply->kept_n : n;
    if (reply->kept) {
        memcpy(reply->kept + reply->kept_n, p, kept);
        reply->kept_n += kept;
    }
    return n;
}

apr_size_t reply_read(reply_t *reply, const char *p, apr_size_t n)
{
    apr_size_t used = 0;

    reply->has_begun |= n > 0;
    while (used < n && reply->state < REPLY_DONE) {
        int whole = 0;

        if (reply->state == REPLY_BODY || reply->state == REPLY_TO_CLOSE)
            used += read_body(reply, p + used, n - used);
        else
            used += read_line(reply, p + used, n - used, &whole);
        if (whole && reply->state != REPLY_BAD)
            use_line(reply);
    }
    return used;
}

int reply_end(reply_t *reply)
{
    if (reply->state == REPLY_TO_CLOSE)
        reply->state = REPLY_DONE;
    return reply->state == REPLY_DONE;
}
