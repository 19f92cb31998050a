/* SPDX-License-Identifier: Apache-2.0 */
/* Parsers of cXML in a long-running server: several threads with one schema, a
 * parser that is kept. Faults: test-document.c. */
#include <malloc.h>

#include <apr_thread_proc.h>

#include "core/template/document.h"
#include "tap.h"

static const sw_schema_t *schema;

/* One schema, as under a threaded MPM. */
static void *APR_THREAD_FUNC many_checks(apr_thread_t *thread, void *data)
{
    static const char good[] = "<Response><Dial timeout='5'><Number>1</Number>"
                               "</Dial><Say>a<break/></Say></Response>";
    static const char bad[] = "<Response><Say voce='x'>a</Say></Response>";
    apr_pool_t *own;
    int *right = data, i;

    (void)thread;
    apr_pool_create(&own, NULL);
    for (i = 0; i < 300; i++) {
        *right += !sw_cxml_check(own, schema, sw_span(good)).reason;
        *right += sw_cxml_check(own, schema, sw_span(bad)).line == 1;
        apr_pool_clear(own);
    }
    apr_pool_destroy(own);
    return NULL;
}

static void test_threads(void)
{
    apr_thread_t *threads[4];
    int right[4] = { 0 }, i;
    apr_status_t ignored;

    for (i = 0; i < 4; i++)
        apr_thread_create(&threads[i], NULL, many_checks, &right[i], pool);
    for (i = 0; i < 4; i++) {
        apr_thread_join(&ignored, threads[i]);
        is_int(right[i], 600, "a thread");
    }
}

/* A parser that is kept does not grow without limit, whatever the names are. */
static void test_names(void)
{
    sw_parser_t *parser = sw_parser_make(pool);
    char *name = apr_pcalloc(pool, 30001);
    struct mallinfo2 before = mallinfo2();
    apr_pool_t *own;
    int i, faults = 0;

    memset(name, 'n', 30000);
    apr_pool_create(&own, pool);
    for (i = 0; i < 1000; i++) {
        name[10 + i] = 'm';
        faults += sw_cxml_check_again(
            own, parser, sw_span(apr_pstrcat(own, "<Response><", name,
                                             "/></Response>", NULL)),
            NULL).reason != NULL;
        apr_pool_clear(own);
    }
    apr_pool_destroy(own);
    is_int(faults, 0, "many names are well-formed");
    ok(mallinfo2().uordblks < before.uordblks + 1000000,
       "and are not remembered for ever");
}

int main(void)
{
    tap_begin();
    schema = sw_schema_make(pool);
    test_threads();
    test_names();
    return tap_end();
}
