/* SPDX-License-Identifier: Apache-2.0 */
/* Near misses of the path and the query: the changes that a proxy makes are
 * recognised, and the advice makes the request right. */
#include "near.h"

/* The path. */
static const case_t paths[] = {
    { .name = "X-Forwarded-Prefix", .fields = "X-Forwarded-Prefix: /app/",
      .target = "/v/x?a=1", .text = "https://h/app/v/x?a=1{}",
      .miss = SW_MISS_URL, .change = SW_CHANGE_PATH,
      .url = "https://h/app/v/x", .set = "https://h/app/v",
      .location = "/v" },
    { .name = "a list of prefixes", .fields = "X-Forwarded-Prefix: /a, /b",
      .text = "https://h/b/v{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_PATH, .url = "https://h/b/v",
      .set = "https://h/b/v", .location = "/v" },
    { .name = "prefix and scheme", .fields = "X-Forwarded-Prefix: /app",
      .base = "http://h", .text = "https://h/app/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_SCHEME, .change = SW_CHANGE_PATH,
      .url = "https://h/app/v", .set = "https://h/app/v", .location = "/v" },
    { .name = "prefix, host, scheme and credentials",
      .fields = LOGIN "X-Forwarded-Prefix: /app\nX-Forwarded-Proto: https\n"
      "X-Forwarded-Host: public.example",
      .text = "https://user:p+s@public.example/app/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_FORWARDED, .change = SW_CHANGE_PATH,
      .url = "https://public.example/app/v",
      .set = "https://public.example/app/v", .location = "/v" },
    { .name = "prefix besides another path", .base = "https://h/no",
      .fields = "X-Forwarded-Prefix: /app", .text = "https://h/app/v{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_PATH, .change = SW_CHANGE_PATH,
      .url = "https://h/app/v", .set = "https://h/app/v", .location = "/v" },
    { .name = "X-Original-URI", .fields = "X-Original-URI: /app/v/x?a=1",
      .target = "/v/x?a=1", .text = "https://h/app/v/x?a=1{}",
      .miss = SW_MISS_URL, .change = SW_CHANGE_PATH,
      .url = "https://h/app/v/x", .set = "https://h/app/v",
      .location = "/v" },
    { .name = "X-Original-URL, absolute, another name",
      .fields = "X-Original-URL: https://h/hook/x?a=1", .target = "/v/x?a=1",
      .text = "https://h/hook/x?a=1{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_PATH, .url = "https://h/hook/x",
      .set = "https://h/hook", .location = "/v" },
    { .name = "X-Rewrite-URL, the path alone",
      .fields = "X-Rewrite-URL: /hook", .target = "/v?a=1",
      .text = "https://h/hook?a=1{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_PATH, .url = "https://h/hook",
      .set = "https://h/hook", .location = "/v" },
    { .name = "X-Envoy-Original-Path, no section of this path",
      .fields = "X-Envoy-Original-Path: /hook", .target = "/w.php",
      .text = "https://h/hook{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_PATH, .url = "https://h/hook",
      .set = "https://h/hook", .location = "/w.php" },
    { .name = "X-Original-URI, an encoded path",
      .fields = "X-Original-URI: /h%20k", .target = "/w%20",
      .text = "https://h/h%20k{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_PATH, .url = "https://h/h%20k" },
    { .name = "a prefix that nobody names", .text = "https://h/app/v{}" },

    { .name = "a slash more", .target = "/v?a=1", .text = "https://h/v/?a=1{}",
      .miss = SW_MISS_URL, .change = SW_CHANGE_SLASH, .url = "https://h/v/",
      .set = "https://h/v/", .location = "/v" },
    { .name = "a slash less", .target = "/v/?a=1", .text = "https://h/v?a=1{}",
      .miss = SW_MISS_URL, .change = SW_CHANGE_SLASH, .url = "https://h/v" },
    { .name = "a slash less, no query", .target = "/v/",
      .text = "https://h/v{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_SLASH, .url = "https://h/v" },
    { .name = "two slashes", .text = "https://h//v{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_SLASH, .url = "https://h//v", .set = "https://h//v",
      .location = "/v" },
    { .name = "a slash more, and the scheme", .text = "http://h/v/{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_SCHEME,
      .change = SW_CHANGE_SLASH, .url = "http://h/v/", .set = "http://h/v/",
      .location = "/v" },

    { .name = "the root without slash", .target = "/", .type = FORM_TYPE,
      .body = "A=1", .scheme = B, .text = "https://hA1", .miss = SW_MISS_ROOT,
      .url = "https://h" },
    { .name = "another root without slash", .target = "/", .type = FORM_TYPE,
      .body = "A=1", .scheme = B, .text = "http://hA1", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_SCHEME, .url = "http://h" }
};

#define QUERY(what, received, signed, how) \
    { .name = what, .target = "/v" received, .miss = SW_MISS_URL, \
      .text = "https://h/v" signed "{}", .change = how, .url = "https://h/v" }

/* The query. */
static const case_t queries[] = {
    QUERY("sorted", "?b=2&a=1&c", "?a=1&b=2&c", SW_CHANGE_ORDER),
    QUERY("no longer as it was", "?a=1&b=2&c=3&d=4", "?c=3&a=1&d=4&b=2",
          SW_CHANGE_ORDER),
    QUERY("another order of three", "?1&2&3", "?3&1&2", SW_CHANGE_ORDER),
    QUERY("reversed", "?1&2&3&4", "?4&3&2&1", SW_CHANGE_ORDER),
    { .name = "another order of five", .target = "/v?1&2&3&4&5",
      .text = "https://h/v?2&1&3&4&5{}" },
    { .name = "one parameter, another", .target = "/v?b",
      .text = "https://h/v?a{}" },

    QUERY("a bare & more", "?a=1&", "?a=1", SW_CHANGE_EMPTY),
    QUERY("a bare & less", "?a=1", "?a=1&", SW_CHANGE_EMPTY),
    QUERY("two & between", "?a=1&&b=2", "?a=1&b=2", SW_CHANGE_EMPTY),
    QUERY("a bare ? more", "?", "", SW_CHANGE_EMPTY),
    QUERY("a bare ? less", "", "?", SW_CHANGE_EMPTY),
    QUERY("a bare ?& more", "?&", "", SW_CHANGE_EMPTY),

    QUERY("one parameter more", "?a=1", "", SW_CHANGE_PARAMETER),
    QUERY("one more at the end", "?a=1&b=2&c=3", "?a=1&b=2",
          SW_CHANGE_PARAMETER),
    QUERY("one more at the start", "?a=1&b=2&c=3", "?b=2&c=3",
          SW_CHANGE_PARAMETER),
    QUERY("one more in the middle", "?a=1&b=2&c=3", "?a=1&c=3",
          SW_CHANGE_PARAMETER),
    QUERY("three more at the end", "?a=1&b=2&c=3&d=4", "?a=1",
          SW_CHANGE_PARAMETER),
    QUERY("two more at the start", "?a=1&b=2&c=3", "?c=3",
          SW_CHANGE_PARAMETER),
    QUERY("all of them more", "?a=1&b=2", "", SW_CHANGE_PARAMETER),

    QUERY("+ became %20", "?a=b%20c", "?a=b+c", SW_CHANGE_ENCODING),
    QUERY("%20 became +", "?a=b+c&d", "?a=b%20c&d", SW_CHANGE_ENCODING),
    QUERY(": became %3A", "?t=12%3A30", "?t=12:30", SW_CHANGE_ENCODING),
    QUERY("%3A became :", "?t=12:30", "?t=12%3A30", SW_CHANGE_ENCODING),
    QUERY("%3a became :", "?t=12:30", "?t=12%3a30", SW_CHANGE_ENCODING),
    QUERY("%3a became %3A", "?t=12%3A30", "?t=12%3a30", SW_CHANGE_ENCODING),
    QUERY("%3A became %3a", "?t=12%3a30", "?t=12%3A30", SW_CHANGE_ENCODING),
    QUERY("over-encoded letters", "?a=%62%2D", "?a=b-", SW_CHANGE_ENCODING),
    QUERY("encoded twice", "?a=%253A+", "?a=%3A+", SW_CHANGE_ENCODING),
    QUERY("decoded once", "?a=%3A+", "?a=%253A+", SW_CHANGE_ENCODING),
    QUERY("+ became %2B", "?to=%2B1555", "?to=+1555", SW_CHANGE_ENCODING),
    QUERY("%2B became +", "?to=+1555", "?to=%2B1555", SW_CHANGE_ENCODING),
    QUERY("a URL in a value", "?u=https%3A%2F%2Fx%2Fy%3Fz%3D1",
          "?u=https://x/y?z=1", SW_CHANGE_ENCODING),
    QUERY("the same back", "?u=https://x/y?z&v=(1)",
          "?u=https%3A%2F%2Fx%2Fy%3Fz&v=%281%29", SW_CHANGE_ENCODING),
    QUERY("as a form would be", "?a=b%20c%3A*", "?a=b+c%3A*",
          SW_CHANGE_ENCODING),
    QUERY("padding of base64", "?a=YQ%3D%3D", "?a=YQ==", SW_CHANGE_ENCODING),
    QUERY("UTF-8", "?n=\xc3\xa9", "?n=%C3%A9", SW_CHANGE_ENCODING),
    { .name = "an encoded path", .target = "/v/+1555 0/b",
      .text = "https://h/v/%2B1555%200/b{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_ENCODING, .url = "https://h/v/%2B1555%200/b" },
    { .name = "a decoded path", .target = "/v/%40x?a=1",
      .text = "https://h/v/@x?a=1{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_ENCODING, .url = "https://h/v/@x" },
    { .name = "path and query", .target = "/v/%40x?a=%3A",
      .text = "https://h/v/@x?a=:{}", .miss = SW_MISS_URL,
      .change = SW_CHANGE_ENCODING, .url = "https://h/v/@x" },
    { .name = "encoding and scheme", .target = "/v?a=b%20c",
      .text = "http://h/v?a=b+c{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_SCHEME, .change = SW_CHANGE_ENCODING,
      .url = "http://h/v" },
    { .name = "one more, and the host of a list", .target = "/v?a&b",
      .fields = "X-Forwarded-Host: p, q", .text = "https://q/v?a{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_HOST,
      .change = SW_CHANGE_PARAMETER, .url = "https://q/v" }
};

/* Whatever the target, the list is bounded, without doublets, and begins with
 * the target. */
static void test_list(void)
{
    static const char *const pieces[] = { "a=1", "b+%20", "%3a:", "", "?", "/",
                                          "%25%zz", "~*(" };
    int round, i, k, bad = 0, most = 0;

    for (round = 0; round < 300; round++) {
        const char *target = "/v?";
        const apr_array_header_t *list;

        for (i = (int)tap_random(70); i > 0; i--)
            target = apr_pstrcat(pool, target, i % 3 ? "&" : "",
                                 pieces[tap_random(8)], NULL);
        list = sw_targets_make(pool, sw_span(target), apr_table_make(pool, 1));
        most = list->nelts > most ? list->nelts : most;
        bad += !sw_span_equal(APR_ARRAY_IDX(list, 0, sw_original_t).target,
                              sw_span(target));
        for (i = 0; i < list->nelts; i++) {
            for (k = 0; k < i; k++)
                bad += sw_span_equal(APR_ARRAY_IDX(list, i,
                                                   sw_original_t).target,
                                     APR_ARRAY_IDX(list, k,
                                                   sw_original_t).target);
        }
    }
    is_int(bad, 0, "300 random targets: each once, the received one first");
    ok(most > 50 && most <= SW_TARGETS_MAX, "at most %d: %d", SW_TARGETS_MAX,
       most);
    is_int(sw_targets_make(pool, SPAN("*"), apr_table_make(pool, 1))->nelts, 0,
           "of no path there is none");
}

int main(void)
{
    begin_cases();
    check_cases(paths, COUNT(paths));
    check_cases(queries, COUNT(queries));
    test_list();
    return tap_end();
}
