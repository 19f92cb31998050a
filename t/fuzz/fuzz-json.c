/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: any bytes. What is found is a string of the text, and two objects
 * that disagree name nothing. */
#include "core/json.h"
#include "core/project.h"
#include "fuzz.h"

static int same(sw_span_t a, sw_span_t b)
{
    return sw_span_equal(a, b) && !a.p == !b.p;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const all[] = { "project_id", "call.project_id", NULL };
    static const char *const reverse[] = { "call.project_id", "project_id",
                                         NULL };
    static const char *const outer[] = { "project_id", NULL };
    static const char *const inner[] = { "call.project_id", NULL };
    apr_pool_t *pool = fuzz_begin();
    sw_span_t text = sw_span_of((const char *)data, size);
    sw_span_t found = sw_json_string(pool, text, all);
    sw_span_t first = sw_json_string(pool, text, outer);
    sw_span_t second = sw_json_string(pool, text, inner);

    HOLDS(found.n <= size && first.n <= size && second.n <= size);
    HOLDS(same(found, sw_json_string(pool, text, reverse)));
    if (!first.p || !second.p)
        HOLDS(same(found, first.p ? first : second));
    else
        HOLDS(same(found, sw_span_equal(first, second)
                              ? first : sw_span_of(NULL, 0)));
    HOLDS(sw_project(pool, sw_span("application/json"), text, text).n <= size);
    return fuzz_end(pool);
}
