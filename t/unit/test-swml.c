/* SPDX-License-Identifier: Apache-2.0 */
/* JSON and SWML from strings; the advice for a document. */
#include "documents.h"

static void test_json(void)
{
    is_str(json(SPAN(" 1 ")), "nothing", "a number");
    is_str(json(SPAN("null")), "nothing", "null");
    is_str(json(SPAN("\"\\u0000\"")), "nothing", "NUL as an escape");
    is_str(json(SPAN("{\"a\":12345678901234567890123}")), "nothing",
           "a large number");
    is_str(json(SPAN("{\"a\":1,\"a\":2}")), "nothing", "a name twice");
    is_str(json(SPAN("{\"charge_id\":null,\n\"x\":}")),
           "2:5 unexpected token near '}'", "line and column");
}

/* Each entry point, in either kind of document. */
#define MAIN "\"sections\":{\"main\":[{\"receive\":{}}]}"

static void test_swml(void)
{
    is_str(swml(SPAN("{\"reply\":\"a\"}")), "nothing", "a reply alone");
    is_str(swml(SPAN("{\"reply\":null}")), "0:0 no sections, reply or receive",
           "null is no entry");
    is_str(advice(SW_CHANNEL_ANY, SPAN("{\"reply\":\"a\"," MAIN "}")),
           "0:0 more than one of sections, reply and receive", "advised");
    is_str(advice(SW_CHANNEL_MESSAGE, SPAN("{" MAIN "}")), "nothing",
           "a method of messages");
    is_str(advice(SW_CHANNEL_FAX, SPAN("{" MAIN "}")),
           "0:0 sections.main[0] has the unknown method receive", "of faxes");
    is_str(advice(SW_CHANNEL_ANY, SPAN("{" MAIN ",\"Version\":\"1.0.0\"}")),
           "0:0 unknown member Version; did you mean version?",
           "a member at the top");
    is_str(advice(SW_CHANNEL_MESSAGE,
                  SPAN("{" MAIN ",\n\"version\":\"1.0.0\","
                       "\"version\":\"1.0.0\"}")),
           "2:27 duplicate object key near '\"version\"'", "a name twice");
    is_str(advice(SW_CHANNEL_CALL,
                  SPAN("{\"sections\":{\"main\":[{\"answer\":{}}],"
                       "\"a\":[]}}")),
           "0:0 sections.a is empty", "an empty section");
}

/* A new parser gives the same result as one that is kept, and the advice for
 * one document does not show up for the next. */
static void test_advice(void)
{
    sw_advice_t a = { SW_CHANNEL_CALL, { NULL, 0, 0 } };
    sw_span_t odd = SPAN("<Response><say/></Response>");

    is_str(said(sw_cxml_check_again(pool, NULL, odd, &a)), "nothing", "passes");
    is_str(said(a.fault),
           "1:0 unknown element say in Response; did you mean Say?",
           "with a new parser");
    is_str(advice(SW_CHANNEL_CALL, odd), said(a.fault),
           "with one that is kept");
    is_str(said(sw_cxml_check_again(pool, NULL, SPAN("<Response/>"), &a)),
           "nothing", "another passes");
    is_str(said(a.fault), "nothing", "and nothing is advised");
}

/* The encoding of a declaration, and of nothing that only looks like one. */
static void test_encoding(void)
{
    static const char *const pairs[][2] = {
        { "<?xml version='1.0' encoding='ISO-8859-1'?>", "ISO-8859-1" },
        { "<?xml version=\"1.0\" encoding = \"utf-8\" ?>", "utf-8" },
        { "<?xml version='1.0'?><a encoding='x'/>", "" },
        { "<?xml-stylesheet encoding='x'?>", "" },
        { "<?xml encoding='x", "" },
        { "<?xml encoding='a\nb'?>", "" },
        { "<?xml encoding=utf-8?>", "" },
        { "<?xml encoding", "" },
        { "<?xml", "" },
        { "", "" }
    };
    int i;

    for (i = 0; i < COUNT(pairs); i++) {
        sw_span_t got = sw_document_encoding(tap_exact(sw_span(pairs[i][0])));

        is_str(apr_pstrmemdup(pool, sw_span_text(got), got.n), pairs[i][1],
               pairs[i][0]);
    }
}

int main(void)
{
    tap_begin();
    parser = sw_parser_make(pool);
    schema = sw_schema_make(pool);
    test_json();
    test_swml();
    test_advice();
    test_encoding();
    return tap_end();
}
