/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in a file: which lines are keys, and the errors for the others, which
 * never show the text. */
#include "core/signature/secrets.h"
#include "tap.h"

#define BOM "\xef\xbb\xbf"

static const struct {
    sw_span_t text;
    const char *secrets;  /* joined by | */
    const char *expected; /* or what was expected */
} files[] = {
    { TEXT("one"), "one", NULL },
    { TEXT("one\n"), "one", NULL },
    { TEXT("one\r\ntwo\r\n"), "one|two", NULL },
    { TEXT("# old\none\n\n#\n\r\ntwo # is no comment"),
      "one|two # is no comment", NULL },
    { TEXT(""), NULL, "a key on a line of its own, there is none" },
    { TEXT("\n\r\n# none\n"), NULL,
      "a key on a line of its own, there is none" },
    { TEXT("one\n two\n"), NULL, "a key without blanks at its ends" },
    { TEXT("one \n"), NULL, "a key without blanks at its ends" },
    { TEXT("one\t\r\n"), NULL, "a key without blanks at its ends" },
    { TEXT("one\r\r\n"), NULL, "a key without blanks at its ends" },
    { TEXT("o\0ne\n"), NULL, "text, it holds a NUL byte" },
    { TEXT(BOM "one\n"), NULL, "plain text, it begins with a byte order mark" }
};

static void test_files(void)
{
    int i, k;

    for (i = 0; i < COUNT(files); i++) {
        apr_array_header_t *secrets = apr_array_make(pool, 2,
                                                     sizeof(sw_span_t));
        const char *expected = sw_secrets_split(secrets, files[i].text);
        const char *joined = "";

        for (k = 0; k < secrets->nelts; k++) {
            sw_span_t one = APR_ARRAY_IDX(secrets, k, sw_span_t);

            joined = apr_psprintf(pool, "%s%s%.*s", joined, k ? "|" : "",
                                  (int)one.n, one.p);
        }
        is(sw_span(expected), sw_span(files[i].expected), "what is said");
        if (!expected)
            is(sw_span(joined), sw_span(files[i].secrets), "the keys");
    }
}

static void test_one(void)
{
    apr_array_header_t *secrets = apr_array_make(pool, 2, sizeof(sw_span_t));

    ok(!sw_secrets_add(secrets, SPAN("#1")), "# may begin a key by itself");
    is(sw_span(sw_secrets_add(secrets, SPAN(""))),
       SPAN("a key, it is empty"), "an empty one is none");
    ok(secrets->nelts == 1, "and is not added");
    is(sw_span(sw_secrets_split(secrets, SPAN("# none"))),
       SPAN("a key on a line of its own, there is none"),
       "each file has its own");
}

static void test_odd(void)
{
    static const struct {
        sw_span_t secret;
        const char *oddity;
    } cases[] = {
        { TEXT("PSK_abc-DEF.123"), NULL },
        { TEXT("YWJjZA=="), NULL },
        { TEXT("abc#def"), NULL },
        { TEXT("#abc"), NULL },
        { TEXT("="), NULL },
        { TEXT(""), NULL },
        { TEXT("\"abc\""), "is in quotes, which count as part of it" },
        { TEXT("'abc"), "is in quotes, which count as part of it" },
        { TEXT("abc`"), "is in quotes, which count as part of it" },
        { TEXT("KEY=\"abc\""), "is in quotes, which count as part of it" },
        { TEXT("KEY=abc"),
          "has a = in it, as of NAME=value, all of which counts" },
        { TEXT("KEY=YWJjZA=="),
          "has a = in it, as of NAME=value, all of which counts" },
        { TEXT("=abc"),
          "has a = in it, as of NAME=value, all of which counts" },
        { TEXT("abc # of voice"),
          "has a # after a blank; a comment needs a line of its own" },
        { TEXT("abc\t#"),
          "has a # after a blank; a comment needs a line of its own" },
        { TEXT("a c"), "has blanks" },
        { TEXT("a\tc"), "has blanks" },
        { TEXT("a\"c"), "has quotes" },
        { TEXT("a\x01" "c"), "has control characters" },
        { TEXT("a\x7f" "c"), "has control characters" },
        { TEXT("a\xc2\xa0" "c"), "has letters beyond ASCII" },
        { TEXT("\xff"), "has letters beyond ASCII" }
    };
    int i;

    for (i = 0; i < COUNT(cases); i++)
        is_str(sw_secret_oddity(tap_exact(cases[i].secret), 1),
               cases[i].oddity, apr_psprintf(pool, "oddity %d", i));
    ok(!sw_secret_oddity(SPAN("a \"b\xc3\xa4"), 0), "a secret of one's own");
    ok(sw_secret_oddity(SPAN("NAME=a b"), 0) != NULL, "pasted all the same");
}

int main(void)
{
    tap_begin();
    test_files();
    test_one();
    test_odd();
    return tap_end();
}
