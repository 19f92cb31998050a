/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates: no request breaks a template that the compiler and the probe pass.
 * The first byte is the format, then come the template, a NUL, and the body of
 * a request.
 */
#include "core/template/probe.h"
#include "../unit/rendering.h"
#include "fuzz.h"

/* Compiled once for all inputs, in memory that fuzz_end() does not free. */
static const sw_schema_t *schema_of_all(void)
{
    static const sw_schema_t *schema;
    static fuzz_block_t *kept;

    if (!schema) {
        schema = sw_schema_make(fuzz_begin());
        HOLDS(schema && !kept);
        kept = fuzz_blocks;
        fuzz_blocks = NULL;
    }
    return schema;
}

/* The line of a fault exists. */
static int is_fault(sw_span_t text, sw_fault_t fault)
{
    int lines = 1;
    apr_size_t i;

    for (i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    HOLDS(!fault.reason
          || (*fault.reason && fault.line > 0 && fault.line <= lines));
    return fault.reason != NULL;
}

static void check_requests(apr_pool_t *pool, const sw_template_t *t,
                           sw_document_e format, sw_span_t body)
{
    sw_span_t document;
    subject_t subject = { format, schema_of_all(), t };
    const char *reason = broken_by(pool, &subject, body,
                                   &document);

    if (reason)
        fprintf(stderr, "%s\n%.*s\n", reason, (int)document.n,
                sw_span_text(document));
    HOLDS(!reason);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const sw_schema_t *schema = schema_of_all();
    apr_pool_t *pool = fuzz_begin();
    sw_span_t in = sw_span_of((const char *)data, size), text, body;
    sw_document_e format = (sw_document_e)(size ? data[0] % 3 : 0);
    sw_template_t *t;
    sw_fault_t fault;

    in = sw_span_from(in, 1);
    text = sw_span_of(in.p, sw_span_find(in, '\0'));
    body = sw_span_from(in, text.n + 1);
    t = sw_template_make(pool, format, text, &fault);
    HOLDS(is_fault(text, fault) == !t);
    if (t && !is_fault(text, sw_template_probe(pool, t, schema, NULL)))
        check_requests(pool, t, format, body);
    return fuzz_end(pool);
}
