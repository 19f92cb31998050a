/* SPDX-License-Identifier: Apache-2.0 */
/* Forms: rules R6, R9 and R10 of docs/signature-rules.md, and the order of
 * pairs compared with a plain sort. */
#include <time.h>

#include "core/text/form.h"
#include "tap.h"

/* The pairs decoded, each as name, '=', value, '&'. */
static sw_span_t joined(const sw_pair_t *pairs, int n)
{
    char *text = apr_palloc(pool, 65536), *to = text;
    int i;

    for (i = 0; i < n; i++) {
        sw_span_t name = sw_form_decoded(pool, pairs[i].name);
        sw_span_t value = sw_form_decoded(pool, pairs[i].value);

        memcpy(to, name.p, name.n);
        to += name.n;
        *to++ = '=';
        memcpy(to, value.p, value.n);
        to += value.n;
        *to++ = '&';
    }
    return sw_span_of(text, (apr_size_t)(to - text));
}

static int pairs_of(sw_span_t text, sw_pair_t *pairs)
{
    apr_size_t at = 0;
    int n = 0;

    while (sw_form_next(text, &at, &pairs[n]))
        n++;
    return n;
}

static const struct {
    const char *name;
    sw_span_t text;
    sw_span_t pairs;
} splits[] = {
    { "nothing", TEXT(""), TEXT("") },
    { "one pair", TEXT("A=1"), TEXT("A=1&") },
    { "the order of the wire", TEXT("B=2&A=1&B=1"), TEXT("B=2&A=1&B=1&") },
    { "&& is skipped", TEXT("&&A=1&&&B=2&"), TEXT("A=1&B=2&") },
    { "& alone is nothing", TEXT("&"), TEXT("") },
    { "= alone is a pair of nothing", TEXT("="), TEXT("=&") },
    { "an empty name", TEXT("=v&A=1"), TEXT("=v&A=1&") },
    { "a blank value", TEXT("A=&B=2"), TEXT("A=&B=2&") },
    { "a bare name", TEXT("A&B"), TEXT("A=&B=&") },
    { "the first = divides", TEXT("A=b=c=="), TEXT("A=b=c==&") },
    { "; is data", TEXT("A=1;B=2"), TEXT("A=1;B=2&") },
    { "brackets are literal", TEXT("a[b]=1&a[]=2"), TEXT("a[b]=1&a[]=2&") },
    { "+ is a space", TEXT("a+b=+c+"), TEXT("a b= c &") },
    { "%HH of either case", TEXT("%41%4a%4A=%2b%2B"), TEXT("AJJ=++&") },
    { "%26 and %3D divide nothing", TEXT("a%26b%3Dc=d%3De"),
      TEXT("a&b=c=d=e&") },
    { "%zz is literal", TEXT("A=%zz%1g%g1"), TEXT("A=%zz%1g%g1&") },
    { "%% before an escape", TEXT("A=%%41"), TEXT("A=%A&") },
    { "a truncated %", TEXT("A=%&B=%4&C=5%"), TEXT("A=%&B=%4&C=5%&") },
    { "an escape does not reach past its value", TEXT("A=%4&1=1"),
      TEXT("A=%4&1=1&") },
    { "nor past its name", TEXT("A%4=1"), TEXT("A%4=1&") },
    { "decoding happens once", TEXT("A=%2541%252B"), TEXT("A=%41%2B&") },
    { "%00 is a byte", TEXT("A%00B=%00"), TEXT("A\0B=\0&") },
    { "a raw NUL is a byte", TEXT("A\0=\0\0&B"), TEXT("A\0=\0\0&B=&") },
    { "no charset", TEXT("\xff%fe=\xc3%28"), TEXT("\xff\xfe=\xc3(&") },
    { "line ends are data", TEXT("A=1\r\n"), TEXT("A=1\r\n&") }
};

static void test_split(void)
{
    sw_pair_t pairs[16];
    int i, n;

    for (i = 0; i < COUNT(splits); i++) {
        n = pairs_of(tap_exact(splits[i].text), pairs);
        is(joined(pairs, n), splits[i].pairs,
           apr_pstrcat(pool, "R6: ", splits[i].name, NULL));
    }
}

/* The signed text: names and values, decoded, sorted by name; repeated names in
 * the order received. The values tell the origin of a pair. */
static const struct {
    const char *name;
    sw_span_t text;
    sw_span_t signs;
} sorts[] = {
    { "by name", TEXT("C=1&A=2&B=3"), TEXT("A2B3C1") },
    { "captured: caseless sorting fails", TEXT("CallbackSource=x&CallStatus=y"),
      TEXT("CallStatusyCallbackSourcex") },
    { "shorter first", TEXT("AB=1&A=2&=3&ABC=4"), TEXT("3A2AB1ABC4") },
    { "by bytes, unsigned", TEXT("%ff=w&a=x&%80=y&Z=z"),
      TEXT("Zzax\x80y\xffw") },
    { "by decoded bytes", TEXT("b=1&%61=2&%63=3"), TEXT("a2b1c3") },
    { "+ sorts as a space", TEXT("a%2Bb=1&a+b=2&a-b=3"), TEXT("a b2a+b1a-b3") },
    { "UTF-8, not UTF-16", TEXT("%F0%90%80%80=w&%EE%80%80=x"),
      TEXT("\xee\x80\x80x\xf0\x90\x80\x80w") },
    { "numbers are text", TEXT("10=a&9=b&1=c"), TEXT("1c10a9b") },
    { "repeated names as they came", TEXT("B=2&A=9&B=1&A=9&B=2"),
      TEXT("A9A9B2B1B2") },
    { "one name in two spellings", TEXT("A=2&%41=1&A=0"), TEXT("A2A1A0") },
    { "names that differ after 8 bytes",
      TEXT("12345678c=1&12345678a=2&12345678=3&12345678b=4"),
      TEXT("12345678312345678a212345678b412345678c1") },
    { "names that differ in byte 8", TEXT("1234567b=1&1234567a=2&1234567=3"),
      TEXT("123456731234567a21234567b1") },
    { "names that differ by a NUL at the end",
      TEXT("A%00%00=v&A=w&A%00=x&%00=y&=z"),
      TEXT("z\0yAwA\0xA\0\0v") },
    { "a NUL within", TEXT("A%00b=1&A%00a=2&A=3&Aa=4"),
      TEXT("A3A\0a2A\0b1Aa4") },
    { "values do not count", TEXT("A=z&A=a&A=&A"), TEXT("AzAaAA") },
    { "empty names first", TEXT("A=1&=2&=1"), TEXT("21A1") },
    { "nothing", TEXT("&&"), TEXT("") }
};

/* The same pairs among many. */
static sw_span_t among_many(sw_span_t text)
{
    static const char pair[] = "&%ff%ff=more";
    char *many = apr_palloc(pool, text.n + 40 * sizeof(pair)), *to = many;
    int i;

    memcpy(to, text.p, text.n);
    to += text.n;
    for (i = 0; i < 40; i++)
        to = apr_cpystrn(to, pair, sizeof(pair));
    return sw_span_of(many, (apr_size_t)(to - many));
}

static void test_sort(void)
{
    int i;

    for (i = 0; i < COUNT(sorts); i++) {
        sw_span_t text = tap_exact(sorts[i].text), signs = sorts[i].signs;
        sw_span_t many = sw_form_signed(pool, tap_exact(among_many(text)));

        is(sw_form_signed(pool, text), signs,
           apr_pstrcat(pool, "R9: ", sorts[i].name, NULL));
        many.n = many.n < signs.n ? many.n : signs.n;
        is(many, signs,
           apr_pstrcat(pool, "R9: ", sorts[i].name, ", among many", NULL));
    }
}

/* By memcmp of decoded names, shorter first. */
static int order_plainly(sw_span_t a, sw_span_t b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Insertion sort, then decoded copies: slow, stable, plain. */
static sw_span_t signed_plainly(sw_span_t text)
{
    static sw_pair_t pairs[300];
    char *copy = apr_palloc(pool, text.n + 1), *to = copy;
    int i, k, n = pairs_of(text, pairs);

    for (i = 0; i < n; i++) {
        pairs[i].name = sw_form_decoded(pool, pairs[i].name);
        pairs[i].value = sw_form_decoded(pool, pairs[i].value);
    }
    for (i = 1; i < n; i++) {
        sw_pair_t pair = pairs[i];

        for (k = i; k > 0 && order_plainly(pair.name, pairs[k - 1].name) < 0;
             k--)
            pairs[k] = pairs[k - 1];
        pairs[k] = pair;
    }
    for (i = 0; i < n; i++) {
        memcpy(to, pairs[i].name.p, pairs[i].name.n);
        to += pairs[i].name.n;
        memcpy(to, pairs[i].value.p, pairs[i].value.n);
        to += pairs[i].value.n;
    }
    return sw_span_of(copy, (apr_size_t)(to - copy));
}

/* Pairs with much in common: few letters, escapes, NULs, shared prefixes. */
static sw_span_t random_form(int segments)
{
    static const char *const pieces[] = {
        "a", "b", "%61", "%00", "%ff", "+", "%", "%4", "12345678", "%zz", ""
    };
    char *text = apr_palloc(pool, (apr_size_t)segments * 64 + 1), *to = text;
    int i, k;

    for (i = 0; i < segments; i++) {
        for (k = (int)tap_random(5); k > 0; k--)
            to = apr_cpystrn(to, pieces[tap_random((unsigned)COUNT(pieces))],
                             32);
        to += sprintf(to, tap_random(8) ? "=%d&" : "&", i);
    }
    return sw_span_of(text, (apr_size_t)(to - text));
}

static void test_sort_at_random(void)
{
    int round, bad = 0;

    for (round = 0; round < 400; round++) {
        sw_span_t text = tap_exact(random_form((int)tap_random(120)));

        bad += !sw_span_equal(sw_form_signed(pool, text),
                              signed_plainly(text));
    }
    is_int(bad, 0, "R9: 400 random forms are signed as by insertion sort");
}

/* Few names, many values: a sort that is not stable shows. */
static void test_stability(void)
{
    enum { PAIRS = 50000, DIGITS = 6 };
    char *text = apr_palloc(pool, PAIRS * 16), *to = text;
    sw_span_t got;
    int i, name, value, last = -1, pairs = 0, bad = 0;

    for (i = 0; i < PAIRS; i++)
        to += sprintf(to, "%d=%06d&", (int)tap_random(3), i);
    got = sw_form_signed(pool, sw_span_of(text, (apr_size_t)(to - text)));
    while (got.n > DIGITS) {
        name = got.p[0];
        value = name * 1000000 + atoi(apr_pstrmemdup(pool, got.p + 1, DIGITS));
        bad += value <= last;
        last = value;
        pairs++;
        got = sw_span_from(got, 1 + DIGITS);
    }
    is_int(pairs, PAIRS, "R6: no cap on pairs");
    is_int(bad, 0, "R9: 50000 pairs of 3 names stay in order");
}

/* Orders that a sender may choose, of n names that differ at their ends. */
static sw_span_t hostile_form(int order, int n)
{
    char *text = apr_palloc(pool, (apr_size_t)n * 20), *to = text;
    int i;

    for (i = 0; i < n; i++) {
        int name = order == 0 ? 0                     /* all the same */
                   : order == 1 ? i                   /* in order */
                   : order == 2 ? n - i               /* reversed */
                   : order == 3 ? i % 2 ? i : n - i   /* to and fro */
                   : order == 4 ? i % 57 * 1000 + i / 57 /* by strides */
                   : (int)tap_random((unsigned)n);

        to += sprintf(to, "aaaaaaaa%%61%07d&", name);
    }
    return sw_span_of(text, (apr_size_t)(to - text));
}

/* The shortest of several runs, in CPU time, since the machine may be busy. */
static double cost_of(sw_span_t text)
{
    double least = 0;
    int i;

    for (i = 0; i < 5; i++) {
        clock_t start = clock();
        double cost;

        sw_form_signed(pool, text);
        cost = (double)(clock() - start) + 1;
        least = i == 0 || cost < least ? cost : least;
    }
    return least;
}

static void test_no_bad_order(void)
{
    int order;

    for (order = 0; order < 6; order++) {
        double few = cost_of(hostile_form(order, 2000));
        double many = cost_of(hostile_form(order, 32000));

        ok(many < few * 16 * 8, "order %d: 16 times the pairs cost %.0f times",
           order, many / few);
    }
}

static void test_read(void)
{
    sw_span_t encoded = SPAN("a%41+%zz%00%4"), plain = SPAN("aA %zz\0%4");
    sw_span_t copy = tap_exact(encoded);
    char to[64];
    apr_size_t room;

    for (room = 1; room < 12; room++) {
        sw_form_reader_t reader = { copy, 0 };
        apr_size_t n = 0, got;

        while ((got = sw_form_read(&reader, to + n, room)) > 0)
            n += got;
        is(sw_span_of(to, n), plain,
           apr_psprintf(pool, "read by %d bytes", (int)room));
    }
    ok(sw_form_decoded(pool, copy).p[plain.n] == '\0', "a NUL ends the copy");
    ok(sw_form_is(copy, plain), "the encoded text is the plain one");
    ok(!sw_form_is(copy, sw_span_of(plain.p, plain.n - 1)), "but no shorter");
    ok(!sw_form_is(copy, SPAN("aA %zz\0%4x")), "and no longer one");
    ok(sw_form_is(SPAN(""), SPAN("")), "nothing is nothing");
    ok(sw_form_is(sw_span_of("%41", 2), SPAN("%4")), "an escape ends in time");
}

static void test_find(void)
{
    sw_span_t text = SPAN("A=1&%41=2&AccountSid=x&a=3&=4&A"), value;

    is_int((long)sw_form_find(text, SPAN("A"), &value), 3, "three called A");
    is(value, SPAN("1"), "the first of them");
    is_int((long)sw_form_find(text, SPAN(""), &value), 1, "an empty name");
    is(value, SPAN("4"), "and its value");
    is_int((long)sw_form_find(text, SPAN("Account"), &value), 0, "no prefix");
    ok(value.n == 0, "then there is no value");
}

static const struct {
    const char *type;
    int is_form;
} types[] = {
    { "application/x-www-form-urlencoded", 1 },
    { "Application/X-WWW-Form-URLencoded", 1 },
    { "application/x-www-form-urlencoded; charset=UTF-8", 1 },
    { " application/x-www-form-urlencoded\t;", 1 },
    { "", 0 },
    { "application/json", 0 },
    { "text/plain", 0 },
    { "multipart/form-data; boundary=x", 0 },
    { "application/x-www-form-urlencodedx", 0 },
    { "application/x-www-form-urlencode", 0 },
    { "x-application/x-www-form-urlencoded", 0 },
    { "application/x-www-form-urlencoded charset=UTF-8", 0 },
    { "application/x-www-form-urlencoded, application/json", 0 },
    { "application/x-www-form-urlencoded; a=b, application/json", 0 },
    { "; application/x-www-form-urlencoded", 0 }
};

static void test_types(void)
{
    int i;

    for (i = 0; i < COUNT(types); i++)
        ok(!sw_form_is_type(sw_span(types[i].type)) == !types[i].is_form,
           "R10: \"%s\" is %s", types[i].type,
           types[i].is_form ? "a form" : "no form");
    ok(!sw_form_is_type(sw_span(NULL)), "R10: no type is no form");
}

int main(void)
{
    tap_begin();
    test_split();
    test_sort();
    test_sort_at_random();
    test_stability();
    test_no_bad_order();
    test_read();
    test_find();
    test_types();
    return tap_end();
}
