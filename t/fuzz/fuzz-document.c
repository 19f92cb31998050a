/* SPDX-License-Identifier: Apache-2.0 */
/* Documents: any bytes as cXML, SWML and JSON, and as a number. A fault is one
 * clean line; a fault without the schema is one with it, and the same by a
 * parser that is kept; a fault of JSON is one of SWML. */
#include "core/template/document.h"
#include "core/template/swml.h"
#include "core/text/e164.h"
#include "core/text/text.h"
#include "fuzz.h"

static sw_fault_t clean(apr_pool_t *pool, sw_fault_t fault)
{
    sw_span_t reason = sw_span(fault.reason);
    apr_size_t i;

    HOLDS(fault.line >= 0 && fault.column >= 0);
    HOLDS(!fault.reason || (reason.n > 0 && reason.n <= 200));
    for (i = 0; i < reason.n; i++)
        HOLDS((unsigned char)reason.p[i] >= ' ' && reason.p[i] != 0x7f);
    if (fault.reason)
        HOLDS(sw_text_clean(pool, reason).p == reason.p);
    else
        HOLDS(fault.line == 0 && fault.column == 0);
    return fault;
}

static void clean_advice(apr_pool_t *pool, const sw_advice_t *advice)
{
    clean(pool, advice->fault);
}

static sw_parser_t *parser;

/* Made once for all inputs, in memory that fuzz_end() does not free. */
static const sw_schema_t *schema_of_all(void)
{
    static const sw_schema_t *schema;
    static fuzz_block_t *kept;
    apr_pool_t *pool;

    if (!schema) {
        pool = fuzz_begin();
        parser = sw_parser_make(pool);
        schema = sw_schema_make(pool);
        HOLDS(schema && !kept);
        kept = fuzz_blocks;
        fuzz_blocks = NULL;
    }
    return schema;
}

static void check_cxml(apr_pool_t *pool, const sw_schema_t *schema,
                       sw_span_t text)
{
    sw_fault_t formed, again, valid;
    sw_advice_t advice = { SW_CHANNEL_CALL, { NULL, 0, 0 } };

    formed = clean(pool, sw_cxml_check(pool, NULL, text));
    again = sw_cxml_check_again(pool, parser, text, &advice);
    clean_advice(pool, &advice);
    HOLDS(again.line == formed.line && again.column == formed.column);
    HOLDS(sw_span_equal(sw_span(again.reason), sw_span(formed.reason)));
    valid = clean(pool, sw_cxml_check(pool, schema, text));
    HOLDS(!formed.reason || valid.reason);
    HOLDS(formed.reason || (text.n >= 11 && text.n <= SW_DOCUMENT_MAX));
}

static void check_swml(apr_pool_t *pool, sw_span_t text)
{
    sw_fault_t json = clean(pool, sw_json_check(pool, text));
    sw_fault_t each, any = clean(pool, sw_swml_check(pool, text, NULL));
    int channel;

    HOLDS(!json.reason || any.reason);
    for (channel = SW_CHANNEL_CALL; channel <= SW_CHANNEL_FAX; channel *= 2) {
        sw_advice_t advice = { (sw_channel_e)channel, { NULL, 0, 0 } };

        each = clean(pool, sw_swml_check(pool, text, &advice));
        clean_advice(pool, &advice);
        HOLDS(!each.reason == !any.reason);
    }
}

/* A number has a plus at most before its digits, all of which are in the text
 * in this order; converted again, it stays the same. */
static void check_e164(apr_pool_t *pool, sw_span_t text)
{
    sw_span_t number = sw_e164(pool, text), again = sw_e164(pool, number);
    apr_size_t i, plus = number.n && *number.p == '+';

    HOLDS(number.n <= SW_E164_MAX + plus && (!plus || number.n > 1));
    for (i = plus; i < number.n; i++)
        HOLDS(apr_isdigit(number.p[i]));
    HOLDS(sw_span_equal(number, again));
}

/* An encoding is a part of the text. */
static void check_encoding(sw_span_t text)
{
    sw_span_t encoding = sw_document_encoding(text);

    HOLDS(encoding.n < text.n || !text.n);
    HOLDS(!encoding.n || (encoding.p > text.p
                          && encoding.p + encoding.n < text.p + text.n));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const sw_schema_t *schema = schema_of_all();
    apr_pool_t *pool = fuzz_begin();
    sw_span_t text = sw_span_of((const char *)data, size);

    check_cxml(pool, schema, text);
    check_swml(pool, text);
    check_e164(pool, text);
    check_encoding(text);
    return fuzz_end(pool);
}
