/* SPDX-License-Identifier: Apache-2.0 */
/* Text for others: UTF-8 is compared with table 3-7 of Unicode, taken
 * literally; a header field can be decoded to the original. */
#include "core/text/text.h"
#include "tap.h"

/* Unicode, table 3-7: the bytes of every well-formed character. */
static const struct {
    apr_size_t n;
    unsigned char from[4], to[4];
} rows[] = {
    { 1, { 0x00 }, { 0x7f } },
    { 2, { 0xc2, 0x80 }, { 0xdf, 0xbf } },
    { 3, { 0xe0, 0xa0, 0x80 }, { 0xe0, 0xbf, 0xbf } },
    { 3, { 0xe1, 0x80, 0x80 }, { 0xec, 0xbf, 0xbf } },
    { 3, { 0xed, 0x80, 0x80 }, { 0xed, 0x9f, 0xbf } },
    { 3, { 0xee, 0x80, 0x80 }, { 0xef, 0xbf, 0xbf } },
    { 4, { 0xf0, 0x90, 0x80, 0x80 }, { 0xf0, 0xbf, 0xbf, 0xbf } },
    { 4, { 0xf1, 0x80, 0x80, 0x80 }, { 0xf3, 0xbf, 0xbf, 0xbf } },
    { 4, { 0xf4, 0x80, 0x80, 0x80 }, { 0xf4, 0x8f, 0xbf, 0xbf } }
};

/* By the table alone: the longest beginning of a character, at least 1. */
static apr_size_t expected_length(sw_span_t s, int *valid)
{
    apr_size_t n, longest = 1;
    int i;

    *valid = 0;
    for (i = 0; i < COUNT(rows); i++) {
        for (n = 0; n < rows[i].n && n < s.n; n++) {
            unsigned char c = (unsigned char)s.p[n];

            if (c < rows[i].from[n] || c > rows[i].to[n])
                break;
        }
        if (n == rows[i].n) {
            *valid = 1;
            return n;
        }
        if (n > longest)
            longest = n;
    }
    return longest;
}

/* The number of prefixes of these four bytes that are read differently. */
static int wrong_beginnings(const char *bytes)
{
    apr_size_t n;
    int wrong = 0;

    for (n = 1; n <= 4; n++) {
        sw_span_t s = sw_span_of(bytes, n);
        int valid = -1, expected;

        wrong += sw_text_next(s, 0, &valid) != expected_length(s, &expected)
                 || !valid != !expected;
    }
    return wrong;
}

static void test_next(void)
{
    static const char tail[] = "\x7f\x80\xbf\xc0";
    char bytes[4];
    int i, k, wrong, valid;

    for (i = 0; i < 256; i++) {
        bytes[0] = (char)i;
        for (k = wrong = 0; k < 256 * 16; k++) {
            bytes[1] = (char)(k >> 4);
            bytes[2] = tail[k >> 2 & 3];
            bytes[3] = tail[k & 3];
            wrong += wrong_beginnings(bytes);
        }
        is_int(wrong, 0, apr_psprintf(pool, "table 3-7: %02x", i));
    }
    ok(sw_text_next(tap_exact(SPAN("a\xc3\xa4")), 1, &valid) == 2 && valid,
       "a character within a text");
    ok(sw_text_next(tap_exact(SPAN("a\xe2\x82")), 1, &valid) == 2 && !valid,
       "the text ends within a character");
}

static const struct {
    const char *name;
    sw_span_t text, clean;
} cleans[] = {
    { "lone continuations", TEXT("\x80" "a\xbf"),
      TEXT(SW_REPLACEMENT "a" SW_REPLACEMENT) },
    { "Unicode, table 3-8", TEXT("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82" "A"),
      TEXT(SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT
           SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT
           "A") },
    { "Unicode, table 3-9: surrogates",
      TEXT("\xed\xa0\x80\xed\xbf\xbf\xed\xaf" "A"),
      TEXT(SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT
           SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT
           "A") },
    { "Unicode, table 3-10: too large",
      TEXT("\xf4\x91\x92\x93\xff" "A\x80\xbf" "B"),
      TEXT(SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT
           SW_REPLACEMENT "A" SW_REPLACEMENT SW_REPLACEMENT "B") },
    { "Unicode, table 3-11: truncated",
      TEXT("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf" "A"),
      TEXT(SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT SW_REPLACEMENT "A") },
    { "truncated at the end", TEXT("a\xf0\x9f\x98"),
      TEXT("a" SW_REPLACEMENT) },
    { "NUL goes", TEXT("a\0b\0\0c\0"), TEXT("abc") },
    { "NUL alone", TEXT("\0"), TEXT("") },
    { "NUL within a character", TEXT("\xc3\0\xa4"),
      TEXT(SW_REPLACEMENT SW_REPLACEMENT) },
    { "what is well-formed stays", TEXT("\xc3\xa4\0\xff\xf0\x9f\x98\x80\r\n"),
      TEXT("\xc3\xa4" SW_REPLACEMENT "\xf0\x9f\x98\x80\r\n") },
    { "every byte three", TEXT("\xff\xff"),
      TEXT(SW_REPLACEMENT SW_REPLACEMENT) }
};

static const struct {
    const char *name;
    sw_span_t text, value;
} values[] = {
    { "a percent sign", TEXT("100%"), TEXT("100%25") },
    { "what looks encoded", TEXT("%41"), TEXT("%2541") },
    { "line ends", TEXT("a\r\nb"), TEXT("a%0D%0Ab") },
    { "a tab", TEXT("a\tb"), TEXT("a%09b") },
    { "NUL", TEXT("a\0b"), TEXT("a%00b") },
    { "the last of the controls", TEXT("\x1f\x7f"), TEXT("%1F%7F") },
    { "UTF-8", TEXT("\xc3\xa4"), TEXT("%C3%A4") },
    { "any byte", TEXT("\x80\xff"), TEXT("%80%FF") },
    { "a blank at the front", TEXT(" a b"), TEXT("%20a b") },
    { "a blank at the end", TEXT("a b "), TEXT("a b%20") },
    { "a blank alone", TEXT(" "), TEXT("%20") },
    { "two", TEXT("  "), TEXT("%20%20") },
    { "three: the middle one may stay", TEXT("   "), TEXT("%20 %20") }
};

static void test_tables(void)
{
    sw_span_t got;
    int i;

    for (i = 0; i < COUNT(cleans); i++) {
        got = sw_text_clean(pool, tap_exact(cleans[i].text));
        is(got, cleans[i].clean, cleans[i].name);
        ok(got.p[got.n] == '\0', "a NUL after it");
        ok(sw_text_clean(pool, got).p == got.p, "cleaned, it may stay");
    }
    for (i = 0; i < COUNT(values); i++) {
        got = sw_text_field_value(pool, tap_exact(values[i].text));
        is(got, values[i].value,
           apr_pstrcat(pool, "field: ", values[i].name, NULL));
        ok(got.p[got.n] == '\0', "a NUL after it");
    }
}

/* Nothing to do: the very text, not a copy. */
static void test_kept(void)
{
    sw_span_t nothing = { NULL, 0 };
    sw_span_t text = SPAN("a b~!\"\\\xc3\xa4\xed\x9f\xbf\xee\x80\x80\x7f");
    sw_span_t plain = SPAN("!a b+c&d=e;\"\\~");

    ok(sw_text_clean(pool, text).p == text.p, "clean text is itself");
    ok(sw_text_clean(pool, nothing).p == NULL, "nothing is nothing");
    ok(sw_text_clean(pool, sw_span_of(text.p, 0)).p == text.p,
       "empty is empty");
    ok(sw_text_field_value(pool, plain).p == plain.p, "a field is itself");
    ok(sw_text_field_value(pool, nothing).p == NULL, "no field is none");
}

static sw_span_t unquoted(sw_span_t value)
{
    char *to = apr_palloc(pool, value.n + 1), *end = to;
    apr_size_t i;

    for (i = 0; i < value.n; i++) {
        char hex[3] = "";

        if (value.p[i] == '%' && i + 2 < value.n) {
            memcpy(hex, value.p + i + 1, 2);
            *end++ = (char)strtol(hex, NULL, 16);
            i += 2;
        }
        else {
            *end++ = value.p[i];
        }
    }
    return sw_span_of(to, (apr_size_t)(end - to));
}

/* Random bytes, with many of Unicode among them. */
static sw_span_t random_text(void)
{
    static const char bytes[] = "\0 %ab~\x1f\x7f\x80\x8f\x9f\xa0\xbf\xc0\xc2"
                                "\xdf\xe0\xe1\xed\xef\xf0\xf1\xf4\xf5\xff";
    apr_size_t i, n = tap_random(12);
    char *text = apr_palloc(pool, n + 1);

    for (i = 0; i < n; i++)
        text[i] = bytes[tap_random(sizeof(bytes) - 1)];
    return tap_exact(sw_span_of(text, n));
}

static int is_clean(sw_span_t s)
{
    apr_size_t at = 0;
    int valid = 1;

    while (at < s.n && valid && s.p[at])
        at += expected_length(sw_span_from(s, at), &valid);
    return at == s.n && valid;
}

static int is_field(sw_span_t s)
{
    apr_size_t i;

    for (i = 0; i < s.n; i++) {
        if (s.p[i] < 0x20 || s.p[i] > 0x7e)
            return 0;
    }
    return s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' ');
}

static void test_random(void)
{
    int i, dirty = 0, unfit = 0, lost = 0;

    for (i = 0; i < 20000; i++) {
        sw_span_t text = random_text();
        sw_span_t value = sw_text_field_value(pool, text);

        dirty += !is_clean(sw_text_clean(pool, text));
        unfit += !is_field(value);
        lost += !sw_span_equal(unquoted(value), text);
    }
    is_int(dirty, 0, "any bytes: UTF-8 without NUL comes out");
    is_int(unfit, 0, "any bytes: a header field can carry the value");
    is_int(lost, 0, "any bytes: the value leads back");
}

static const char forty[] = "a23456789b123456789c123456789d123456789e";

static const char *const words[] = {
    "require", "optional", "report", "off", "env", "headers", "params",
    "message.status", "message.inbound", "cxml", "swml", "On", forty, NULL
};

static void test_nearest(void)
{
    static const struct {
        const char *word, *nearest;
    } cases[] = {
        { "reqire", "require" },         /* dropped */
        { "requirre", "require" },       /* inserted */
        { "requite", "require" },        /* replaced */
        { "erquier", "require" },        /* swapped twice */
        { "REQIURE", "require" },
        { "headr", "headers" },
        { "require", "require" },
        { "rqr", NULL },
        { "rquir", "require" },
        { "rquxrx", NULL },              /* three edits */
        { "required!!", NULL },
        { "reprot", "report" },
        { "xcml", "cxml" },              /* four letters: one edit */
        { "xmlc", NULL },
        { "cmxl", "cxml" },
        { "svml", "swml" },
        { "of", "off" },
        { "message.sttaus", "message.status" },
        { "message.inbond", "message.inbound" },
        { "message.", NULL },
        { "onn", "On" },
        { "x", NULL },                   /* no letter would be left */
        { "", NULL },
        { "b23456789b123456789c123456789d123456789e", forty },
        { "a23456789b123456789c123456789d123456789ee", NULL }
    };
    static const char *const none[] = { NULL };
    char letters[64];
    int i;

    for (i = 0; i < COUNT(cases); i++)
        is_str(sw_text_nearest(cases[i].word, words), cases[i].nearest,
               apr_psprintf(pool, "nearest to \"%s\"", cases[i].word));
    ok(!sw_text_nearest("require", none), "nearest of no words");
    memset(letters, 'a', sizeof(letters) - 1);
    letters[sizeof(letters) - 1] = '\0';
    ok(!sw_text_nearest(letters, words), "nearest to a long word");
}

/* The first of several equals, and a nearer one after it. */
static void test_nearest_of_several(void)
{
    static const char *const equals[] = { "abcdex", "abcdey", NULL };
    static const char *const nearer[] = { "abcdxy", "abcdex", NULL };

    is_str(sw_text_nearest("abcdez", equals), "abcdex", "the first wins");
    is_str(sw_text_nearest("abcdez", nearer), "abcdex", "the nearer wins");
}

int main(void)
{
    tap_begin();
    test_nearest();
    test_nearest_of_several();
    test_next();
    test_tables();
    test_kept();
    test_random();
    return tap_end();
}
