/* SPDX-License-Identifier: Apache-2.0 */
/* A request as on the connection, which swhook reads from a file. */
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

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    apr_pool_t *pool = fuzz_begin();

    check_request(pool, sw_span_of((const char *)data, size));
    return fuzz_end(pool);
}
