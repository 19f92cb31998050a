/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON: accepted and refused texts, as in Jansson, and replacements for
 * bytes that are not UTF-8. */
#include "core/text/json.h"
#include "core/text/json_parse.h"
#include "oracle.h"
#include "tap.h"

/* The text at a path; "(none)" for a value that is absent or has no text, "(not
 * read)" if the whole text is refused. */
static sw_span_t text_at(sw_span_t json, const char *path)
{
    const sw_json_t *root = sw_json_read(pool, tap_exact(json));
    sw_span_t text = sw_json_text(sw_json_at(root, path));
    const char *differs = oracle_differs(root, json);

    if (differs)
        return sw_span(apr_pstrcat(pool, "(Jansson: ", differs, ")", NULL));
    return !root ? sw_span("(not read)") : text.p ? text : sw_span("(none)");
}

static const char *const numbers[] = {
    "0", "-0", "7", "10", "-12", "0.0", "0.50", "-0.5", "12.340", "1e5", "1E5",
    "1e+5", "1E-05", "0e0", "-0e-0", "1.5e300", "1e999", "-1e-999",
    "1743707517.12267", "9007199254740993", "18446744073709551616",
    "123456789012345678901234567890123456789012345678901234567890",
    "0.12345678901234567890123456789012345678901234567890"
};

static const char *const no_numbers[] = {
    "01", "-01", "00", "1.", ".5", "-.5", "-", "--1", "+1", "1.5.5", "1.e5",
    ".", "1e", "1e+", "1e-", "1e5.5", "1e5e5", "1_0", "1,5", "0x10", "1 2",
    "1.5 e5", "- 1", "1a", "Infinity", "-Infinity", "NaN", "1\"\"", "\"\"1",
    "1true", "true1", "1[]", "[]1", "1{}", "1\\u0031", "\xd9\xa1"
};

static void test_numbers(void)
{
    int i;

    for (i = 0; i < COUNT(numbers); i++) {
        const char *n = numbers[i];

        is(text_at(sw_span(apr_psprintf(pool, "{\"n\":%s}", n)), "n"),
           sw_span(n), "a number keeps its text");
        is(text_at(sw_span(apr_psprintf(pool, "[ %s ,%s]", n, n)), "1"),
           sw_span(n), "in an array");
    }
    for (i = 0; i < COUNT(no_numbers); i++) {
        const char *n = no_numbers[i];

        is(text_at(sw_span(apr_psprintf(pool, "{\"n\":%s}", n)), "n"),
           SPAN("(not read)"), apr_pstrcat(pool, "none: ", n, NULL));
    }
    is(text_at(SPAN("{1:2}"), "1"), SPAN("(not read)"), "a number as a name");
    is(text_at(SPAN("{\"a\":1,-2 \r\n\t: 3}"), "a"), SPAN("(not read)"),
       "and with blanks after");
}

static const struct {
    const char *name;
    sw_span_t text, value; /* of "v" */
} texts[] = {
    { "plain", TEXT("{\"v\":\"x\"}"), TEXT("x") },
    { "empty", TEXT("{\"v\":\"\"}"), TEXT("") },
    { "null is empty", TEXT("{\"v\":null}"), TEXT("") },
    { "true", TEXT("{\"v\":true}"), TEXT("true") },
    { "false", TEXT("{\"v\":false}"), TEXT("false") },
    { "an object has no text", TEXT("{\"v\":{}}"), TEXT("(none)") },
    { "another name", TEXT("{\"V\":\"x\"}"), TEXT("(none)") },
    { "blanks", TEXT(" \r\n\t{ \"v\" \n: \"x\" } \r\n"), TEXT("x") },
    { "escapes", TEXT("{\"v\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"),
      TEXT("\"\\/\b\f\n\r\t") },
    { "code units", TEXT("{\"v\":\"\\u0041\\u00e4\\u00E4\\u20ac\\uFFFF\"}"),
      TEXT("A\xc3\xa4\xc3\xa4\xe2\x82\xac\xef\xbf\xbf") },
    { "an escaped name", TEXT("{\"\\u0076\":\"x\"}"), TEXT("x") },
    { "a pair of surrogates", TEXT("{\"v\":\"\\ud83d\\uDE00\"}"),
      TEXT("\xf0\x9f\x98\x80") },
    { "the first and the last pair",
      TEXT("{\"v\":\"\\ud800\\udc00\\udbff\\udfff\"}"),
      TEXT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf") },
    { "a lone high surrogate", TEXT("{\"v\":\"a\\ud83db\"}"),
      TEXT("a\xef\xbf\xbd" "b") },
    { "a lone low one", TEXT("{\"v\":\"a\\ude00b\"}"),
      TEXT("a\xef\xbf\xbd" "b") },
    { "two high ones and a low one",
      TEXT("{\"v\":\"\\ud83d\\ud83d\\ude00\"}"),
      TEXT("\xef\xbf\xbd\xf0\x9f\x98\x80") },
    { "two low ones", TEXT("{\"v\":\"\\ude00\\ude01\"}"),
      TEXT("\xef\xbf\xbd\xef\xbf\xbd") },
    { "a high one before another escape", TEXT("{\"v\":\"\\ud83d\\n\"}"),
      TEXT("\xef\xbf\xbd\n") },
    { "a high one before a character", TEXT("{\"v\":\"\\ud83d\\u0041\"}"),
      TEXT("\xef\xbf\xbd" "A") },
    { "U+0000 is left out", TEXT("{\"v\":\"a\\u0000b\\u0000\"}"),
      TEXT("ab") },
    { "and alone", TEXT("{\"v\":\"\\u0000\"}"), TEXT("") },
    { "U+FFFD in names, which stay apart",
      TEXT("{\"v\":\"x\",\"v\\u0000\":\"y\"}"), TEXT("x") },
    { "it joins no surrogates",
      TEXT("{\"v\":\"\\ud83d\\u0000\\ude00\"}"),
      TEXT("\xef\xbf\xbd\xef\xbf\xbd") },
    { "nor makes a number of a string", TEXT("{\"v\":\"\\u00001\"}"),
      TEXT("1") },
    { "next to the surrogates", TEXT("{\"v\":\"\\ud7ff\\ue000\"}"),
      TEXT("\xed\x9f\xbf\xee\x80\x80") },
    { "an escaped backslash before u", TEXT("{\"v\":\"\\\\ud83d\"}"),
      TEXT("\\ud83d") },
    { "invalid UTF-8", TEXT("{\"v\":\"a\xff" "b\xc3\"}"),
      TEXT("a\xef\xbf\xbd" "b\xef\xbf\xbd") },
    { "by maximal subparts", TEXT("{\"v\":\"\xf0\x9f\x98\xe2\x82z\"}"),
      TEXT("\xef\xbf\xbd\xef\xbf\xbdz") },
    { "UTF-8", TEXT("{\"v\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\x7f\"}"),
      TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\x7f") },
    { "brackets and digits in a string",
      TEXT("{\"v\":\"[{]},:01.\",\"w\":\"\\\"[[\"}"), TEXT("[{]},:01.") }
};

static const sw_span_t unread[] = {
    TEXT(""), TEXT("  "), TEXT("\"v\""), TEXT("1"), TEXT("null"), TEXT("v=x"),
    TEXT("{\"v\":1}x"), TEXT("{\"v\":1}1"), TEXT("{\"v\":1}{}"), TEXT("]"),
    /* NUL */
    TEXT("{\"v\":1}\0"), TEXT("\0{\"v\":1}"), TEXT("{\"v\":\0\"x\"}"),
    TEXT("{\"v\":1\0}"), TEXT("{\"v\":\"\0\"}"), TEXT("{\"v\":\"a\nb\"}"),
    TEXT("{\"v\":\"\x1f\"}"),
    /* cut off */
    TEXT("{"), TEXT("{\"v\":\"x\""), TEXT("{\"v\":\"x"), TEXT("{\""),
    TEXT("{\"v\":\"x\\"), TEXT("{\"v\":\"\\u00"), TEXT("{\"v\":\"\\u"),
    TEXT("{\"v\":\"\\ud83d\\ud"), TEXT("{\"v\":1"), TEXT("{\"v\":\"\xf0\x9f"),
    /* escapes; U+FEFF; what is not UTF-8, but for strings */
    TEXT("{\"v\":\"\\x41\"}"), TEXT("{\"v\":\"\\u00g0\"}"),
    TEXT("\xef\xbb\xbf{\"v\":1}"), TEXT("{\"v\":\xff}"), TEXT("{\xff:1}"),
    /* commas, colons, quotes, brackets, words */
    TEXT("{\"v\":1,}"), TEXT("[1,]"), TEXT("{,}"), TEXT("{\"v\":1 \"w\":1}"),
    TEXT("{\"v\" 1}"), TEXT("{\"v\"}"), TEXT("{'v':1}"), TEXT("{v:1}"),
    TEXT("{\"v\":1/**/}"), TEXT("{\"v\":[1}]"), TEXT("{\"v\":True}"),
    TEXT("{\"v\":nul}"), TEXT("{true:1}"), TEXT("{\"v\":1\f}")
};

static void test_texts(void)
{
    int i;

    for (i = 0; i < COUNT(texts); i++)
        is(text_at(texts[i].text, "v"), texts[i].value, texts[i].name);
    for (i = 0; i < COUNT(unread); i++)
        is(text_at(unread[i], "v"), SPAN("(not read)"),
           apr_psprintf(pool, "not read: text %d", i + 1));
}

/* n times open, text, n times shut. */
static sw_span_t nested(int depth, const char *open, const char *text,
                        const char *shut)
{
    char *all = apr_palloc(pool, 64 + (apr_size_t)depth * 8), *to = all;
    int i;

    for (i = 0; i < depth; i++)
        to += sprintf(to, "%s", open);
    to += sprintf(to, "%s", text);
    for (i = 0; i < depth; i++)
        to += sprintf(to, "%s", shut);
    return sw_span_of(all, (apr_size_t)(to - all));
}

static int is_read(sw_span_t text)
{
    const sw_json_t *root = sw_json_read(pool, tap_exact(text));

    return root && !oracle_differs(root, text);
}

static void test_bounds(void)
{
    ok(is_read(nested(64, "[", "1", "]")), "arrays 64 deep");
    ok(!is_read(nested(65, "[", "1", "]")), "65 are not read");
    ok(is_read(nested(64, "{\"a\":", "1", "}")), "objects 64 deep");
    ok(!is_read(nested(65, "{\"a\":", "1", "}")), "65 are not read");
    ok(!is_read(nested(100000, "[", "1", "]")), "nor are 100000");
    ok(!is_read(nested(100000, "0", "", "")), "100000 zeros");
    ok(is_read(nested(64, "[", "\"[[[[\\\"[[[[\"", "]")),
       "brackets in strings are none");
    ok(is_read(nested(1, "[", "[[],[]],[],[[[]]]", "]")),
       "what is closed is no longer deep");
}

/* Pieces of JSON, put together at random, as both readers see them. */
static void test_random(void)
{
    static const char *const pieces[] = {
        "{", "}", "[", "]", "[]", "{}", ",", ",", ":", "\"a\":", "\"b\":",
        "\"a\"", "\"", "\\", "\\u0041", "\\ud83d", "\\ude00", "\\u0000", "1",
        "0", "-", "1.5", "e5", ".", "true", "null", " ", "\n", "\xc3\xa4",
        "\xff"
    };
    int i, read = 0, differ = 0;

    for (i = 0; i < 50000; i++) {
        char text[64] = "{\"a\":", *to = text;
        int n = (int)tap_random(7);
        const sw_json_t *root;
        sw_span_t all;

        for (to += i % 3 ? 5 : 0; n > 0; n--)
            to += sprintf(to, "%s", pieces[tap_random(COUNT(pieces))]);
        to += sprintf(to, "%s", i % 3 ? "}" : "");
        all = sw_span_of(text, (apr_size_t)(to - text));
        root = sw_json_read(pool, all);
        read += root != NULL;
        if (oracle_differs(root, all) && differ++ < 5)
            tap_show(oracle_differs(root, all), all);
    }
    is_int(differ, 0, "both read the same");
    ok(read > 1000, "%d of %d texts are JSON", read, i);
}

int main(void)
{
    tap_begin();
    test_numbers();
    test_texts();
    test_bounds();
    test_random();
    return tap_end();
}
