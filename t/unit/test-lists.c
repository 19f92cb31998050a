/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters with several values: a repeated name, a name with "[]", an array
 * of JSON. */
#include "core/event/params.h"
#include "tap.h"

static const struct {
    const char *body;
    const char *query;
    const char *name;
    const char *values; /* each with ';' after it */
} lists[] = {
    { "a=1", "", "a", "1;" },
    { "a=1&b=2&a=3&%61=4", "", "a", "1;3;4;" },
    { "a[]=1&a%5B%5D=2&a=3", "", "a", "1;2;3;" },
    { "a[]=1&a=2", "", "a[]", "1;" },
    { "a[]=1&a[][]=2", "", "a[]", "1;2;" },
    { "a[0]=1&a[=2&ab=3&A=4&a%00=5", "", "a", "" },
    { "a=&a=&a=%26+", "", "a", ";;& ;" },
    { "a=1", "a=2", "a", "1;" },
    { "a[]=1", "a=2", "a", "1;" },
    { "a=", "a=2", "a", ";" },
    { "b=1", "a=2&a[]=3", "a", "2;3;" },
    { "", "a=2", "a", "2;" },
    { "", "", "a", "" },
    { "{\"a\":[1,\"b\",true,false,null,{\"c\":2},[3]]}", "", "a",
      "1;b;true;false;;" },
    { "{\"a\":{\"b\":[1,2]}}", "", "a.b", "1;2;" },
    { "{\"a\":{\"b\":[1,2]}}", "", "a.b.1", "2;" },
    { "{\"a.b\":[1,2]}", "", "a.b", "1;2;" },
    { "{\"a\":{\"b\":1},\"a.b\":2}", "", "a.b", "1;" },
    { "{\"a\":\"x\"}", "a=2", "a", "x;" },
    { "{\"a\":\"false\"}", "", "a", "false;" },
    { "{\"a\":false}", "", "a", "" },
    { "{\"a\":false}", "a=2", "a", "" },
    { "{\"a\":null}", "a=2", "a", ";" },
    { "{\"a\":[]}", "a=2", "a", "" },
    { "{\"a\":{}}", "", "a", "" },
    { "{\"b\":1}", "a=2", "a", "2;" },
    { "[1,[2,3]]", "", "1", "2;3;" },
    { "{broken", "a=2", "a", "2;" },
    { "cvv=1", "cvv=2", "cvv", "" },
    { "{\"cvv\":[1]}", "", "cvv", "" },
    { "{\"a\":{\"cvv\":[1]}}", "", "a.cvv", "" }
};

static void read_params(sw_span_t body, sw_span_t query, sw_params_t *params)
{
    sw_content_t content = { .body = tap_exact(body),
                             .query = tap_exact(query) };

    sw_params_read(pool, &content, params);
}

static void test_lists(void)
{
    apr_array_header_t *list;
    sw_params_t params;
    const char *text;
    int i, k;

    for (i = 0; i < COUNT(lists); i++) {
        sw_span_t body = sw_span(lists[i].body);

        read_params(body, sw_span(lists[i].query), &params);
        list = sw_param_list(pool, &params, lists[i].name);
        for (text = "", k = 0; k < list->nelts; k++)
            text = apr_pstrcat(pool, text,
                               APR_ARRAY_IDX(list, k, sw_span_t).p, ";", NULL);
        is_str(text, lists[i].values,
               apr_psprintf(pool, "list: %s ? %s: %s", lists[i].body,
                            lists[i].query, lists[i].name));
    }
    for (text = "a=1", i = 0; i < 1000; i++)
        text = apr_pstrcat(pool, text, "&a=2", NULL);
    read_params(sw_span(text), SPAN(""), &params);
    is_int(sw_param_list(pool, &params, "a")->nelts, 1000,
           "a list of a thousand");
}

int main(void)
{
    tap_begin();
    test_lists();
    return tap_end();
}
