/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages as they are on the wire: the input as a request, and as a reply
 * that comes in one piece, in pieces of seven bytes, and byte by byte.
 */
#include "tool/message.h"
#include "fuzz.h"

static void check_request(apr_pool_t *pool, sw_span_t input)
{
    message_t request;
    const char *expected = read_request(pool, input, &request);

    HOLDS(expected || is_request(input));
    if (expected)
        return;
    HOLDS(request.body.n + request.rest < input.n);
    HOLDS(request.body.p[request.body.n] == '\0');
    HOLDS(strlen(request.target) > 0 && !strpbrk(request.target, " \r\n"));
    HOLDS(apr_table_elts(request.fields)->nelts <= FIELDS_MAX);
}

/* @return bytes used */
static apr_size_t read_reply(apr_pool_t *pool, sw_span_t input, apr_size_t by,
                             reply_t *reply)
{
    apr_size_t at = 0;

    memset(reply, 0, sizeof(*reply));
    reply->pool = pool;
    reply->kept = apr_palloc(pool, KEPT_MAX);
    while (at < input.n && reply->state < REPLY_DONE) {
        apr_size_t n = input.n - at < by ? input.n - at : by;
        apr_size_t used = reply_read(reply, input.p + at, n);

        HOLDS(used <= n && (used == n || reply->state >= REPLY_DONE));
        at += used;
    }
    HOLDS(reply->kept_n <= KEPT_MAX && reply->kept_n <= reply->size);
    HOLDS(reply->size <= input.n);
    reply_end(reply);
    return at;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const apr_size_t pieces[] = { 7, 1 };
    apr_pool_t *pool = fuzz_begin();
    sw_span_t input = sw_span_of((const char *)data, size);
    reply_t whole, parts;
    apr_size_t i, used = read_reply(pool, input, size, &whole);

    check_request(pool, input);
    for (i = 0; i < 2; i++) {
        apr_size_t n = read_reply(pool, input, pieces[i], &parts);

        HOLDS(parts.state == whole.state && parts.size == whole.size);
        HOLDS(parts.message.status == whole.message.status);
        HOLDS(n == used || whole.state == REPLY_BAD);
        HOLDS(parts.kept_n == whole.kept_n
              && memcmp(parts.kept, whole.kept, whole.kept_n) == 0);
    }
    return fuzz_end(pool);
}
