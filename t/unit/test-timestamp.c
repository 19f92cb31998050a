/* SPDX-License-Identifier: Apache-2.0 */
/* Times as SignalWire writes them, to the microsecond, and texts that are no
 * time. */
#include "core/text/timestamp.h"
#include "tap.h"

#define FIRST APR_INT64_C(1772529344120000) /* 2026-03-03T09:15:44.120Z */

/* In microseconds. */
static const struct {
    const char *text;
    apr_time_t time;
} times[] = {
    /* RFC 2822, as forms have them */
    { "Tue, 03 Mar 2026 09:14:20 +0000", APR_INT64_C(1772529260000000) },
    { "Tue, 3 Mar 2026 09:14:20 +0000", APR_INT64_C(1772529260000000) },
    { "Tue, 03 Mar 2026 09:14:20 GMT", APR_INT64_C(1772529260000000) },
    { "Tue, 03 Mar 2026 09:14:20 UTC", APR_INT64_C(1772529260000000) },
    { "Tue, 03 Mar 2026 09:14:20 +0200", APR_INT64_C(1772522060000000) },
    { "Tue, 03 Mar 2026 09:14:20 -0530", APR_INT64_C(1772549060000000) },
    { "Tue, 03 Mar 2026 09:14:20 +0545", APR_INT64_C(1772508560000000) },
    { "Tue, 03 Mar 2026 09:14:20 -0030", APR_INT64_C(1772531060000000) },
    { "Wed, 04 Mar 2026 00:30:00 +0100", APR_INT64_C(1772580600000000) },
    { "Sat, 28 Feb 2026 23:30:00 -0100", APR_INT64_C(1772325000000000) },
    { "Thu, 29 Feb 2024 12:00:00 +0000", APR_INT64_C(1709208000000000) },
    { "Thu, 29 Feb 2024 12:00:00 -1400", APR_INT64_C(1709258400000000) },

    /* ISO 8601 */
    { "2026-03-03T09:15:44.120Z", FIRST },
    { "2026-03-03T09:15:44Z", FIRST - 120000 },
    { "2026-03-03T09:15:44", FIRST - 120000 },
    { "2026-03-03 09:15:44", FIRST - 120000 },
    { "2026-03-03t09:15:44z", FIRST - 120000 },
    { "2026-03-03 09:15:44.12+00:00", FIRST },
    { "2026-03-03T11:15:44.120+02:00", FIRST },
    { "2026-03-03T11:15:44.120+0200", FIRST },
    { "2026-03-03T03:45:44.120-05:30", FIRST },
    { "2026-03-03T15:00:44.120+05:45", FIRST },
    { "2026-03-04T00:00:00+23:59", APR_INT64_C(1772496060000000) },
    { "2026-03-03T09:15:44.1Z", FIRST - 20000 },
    { "2026-03-03T09:15:44.000001Z", FIRST - 119999 },
    { "2026-03-03T09:15:44.1200009Z", FIRST },
    { "2026-03-03T09:15:44.120000999999999999999999999999999Z", FIRST },
    { "2026-03-03T09:15:44.0000000000000000000000000000001Z",
      FIRST - 120000 },
    { "1970-01-01T00:00:00.000001Z", 1 },
    { "1970-01-01T00:00:00-00:01", APR_INT64_C(60000000) },
    { "9999-12-31T23:59:59.999999Z", APR_INT64_C(253402300799999999) },

    /* Unix seconds */
    { "1772529344.12", FIRST },
    { "1772529344.120", FIRST },
    { "1743707517.12267", APR_INT64_C(1743707517122670) },
    { "1772529344", FIRST - 120000 },
    { "1772529344.1200009999999999999999", FIRST },
    { "9999999999.99999999999999999999", APR_INT64_C(9999999999999999) },
    { "001772529344.12", FIRST },
    { "1.77252934412e9", FIRST },
    { "1.77252934412E+9", FIRST },
    { "1.77252934412e09", FIRST },
    { "177252934412e-2", FIRST },
    { "17725293.4412e+02", FIRST },
    { "0.000001", 1 },
    { "0.000000000001e6", 1 },
    { "1", APR_INT64_C(1000000) },
    { "1e9", APR_INT64_C(1000000000000000) },
    { "99999999999", APR_INT64_C(99999999999000000) },
    { "99999999999.999999", APR_INT64_C(99999999999999999) },

    /* Milliseconds, microseconds */
    { "100000000000", APR_INT64_C(100000000000000) },
    { "1772529344120", FIRST },
    { "99999999999999", APR_INT64_C(99999999999999000) },
    { "100000000000000", APR_INT64_C(100000000000000) },
    { "1772529344120000", FIRST },
    { "1772529344120000.9", FIRST },
    { "1.77252934412e15", FIRST },
    { "99999999999999999", APR_INT64_C(99999999999999999) },

    { " 1772529344.12\t", FIRST }
};

static const char *const none[] = {
    "", " ", "0", "0.0", "0e5", "0e999", "0.0000001", "-1", "-1772529344",
    "+1772529344", "1e", "1e+", "1e-", "1e1.5", "1.", ".5", "1.e5", "1.5.5",
    "1e999", "1e99", "9e17", "1e-999", "1e18", "100000000000000000",
    "1e99999999999", "1e-99999999999", "1e00000000000000000000000000000001",
    "999999999999999999999999999999999999999999999999999999999999",
    "99999999999999999999999999999999999999", "0x65a5", "1772529344Z",
    "1772529344 1", "1_000_000", "inf", "nan", "\xd9\xa1\xd9\xa2",

    "2026-03-03", "2026-03-03T", "2026-03-03T09:15", "2026-03-03T09:15:4",
    "2026-03-03T09:15:4x", "2026-00-03T09:15:44Z", "2026-13-03T09:15:44Z",
    "2026-03-00T09:15:44Z", "2026-03-32T09:15:44Z", "2026-03-03T24:00:00Z",
    "2026-03-03T09:60:44Z", "2026-03-03T09:15:61Z", "2026-03-03T09:15:44.Z",
    "2026-03-03T09:15:44ZZ", "2026-03-03T09:15:44 Z", "2026-03-03T09:15:44x",
    "2026-03-03T09:15:44+", "2026-03-03T09:15:44+2", "2026-03-03T09:15:44+02:",
    "2026-03-03T09:15:44+02:0", "2026-03-03T09:15:44+24:00",
    "2026-03-03T09:15:44+02:60", "2026-03-03T09:15:44+02:000",
    "2026-03-03T09:15:44--2:00", "2026-03-03T09:15:44+-2:00",
    "2026/03/03T09:15:44Z", "2026-03-03_09:15:44Z", "2026-03-03T09.15.44Z",
    "-026-03-03T09:15:44Z", "12026-03-03T09:15:44Z", "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59.999-00:01", "0000-00-00T00:00:00Z",

    "Tue, 32 Mar 2026 09:14:20 +0000", "Tue, 31 Feb 2026 09:14:20 +0000",
    "Tue, 03 Foo 2026 09:14:20 +0000", "Tue, 03 Mar 2026 25:14:20 +0000",
    "Tue, 03 Mar 2026 09:60:20 +0000", "Tue, 03 Mar 2026", "Tue,", "Tue",
    "Wed, 31 Dec 1969 23:59:59 +0000", "Thu, 01 Jan 1970 00:00:01 +0100",
    "Tue, 03 Mar 2026 09:14:20 +0000                                  ."
};

/* Texts that 100000 zeros follow. */
static const char *const begins[] = {
    "1", "0", "0.", "1e", "1e-", "1772529344.12", "2026-03-03T09:15:44Z",
    "2026-03-03T09:15:44+0", "Tue, ", "Tue, 03 Mar 2026 09:14:20 +"
};

static int reads(sw_span_t text, apr_time_t *t)
{
    return sw_timestamp_read(tap_exact(text), t);
}

static void test_times(void)
{
    apr_time_t t;
    int i;

    for (i = 0; i < COUNT(times); i++) {
        t = -1;
        ok(reads(sw_span(times[i].text), &t), "a time: %s", times[i].text);
        is_int(t, times[i].time, "to the microsecond");
    }
    for (i = 0; i < COUNT(none); i++)
        ok(!reads(sw_span(none[i]), &t), "no time: %s", none[i]);
    ok(!reads(SPAN("1772529344\0"), &t), "no time: a NUL after");
    ok(!reads(SPAN("2026-03-03T09:15:44\0Z"), &t), "no time: a NUL within");
    ok(!reads(sw_span_of(NULL, 0), &t), "no time: nothing");
}

static sw_span_t zeros_after(const char *begin)
{
    apr_size_t n = strlen(begin);
    char *text = apr_palloc(pool, n + 100000);

    memcpy(text, begin, n);
    memset(text + n, '0', 100000);
    return sw_span_of(text, n + 100000);
}

static void test_long(void)
{
    apr_time_t t;
    int i;

    for (i = 0; i < COUNT(begins); i++)
        ok(!reads(zeros_after(begins[i]), &t), "no time: %s0...", begins[i]);
    ok(reads(zeros_after("2026-03-03T09:15:44.12"), &t) && t == FIRST,
       "a time: 2026-03-03T09:15:44.120...");
}

/* Every prefix of a time is read or refused, without a read past its end. */
static void test_beginnings(void)
{
    apr_time_t t;
    apr_size_t n;
    int i, out = 0;

    for (i = 0; i < COUNT(times); i++) {
        for (n = 0; n < strlen(times[i].text); n++) {
            if (reads(sw_span_of(times[i].text, n), &t))
                out += t <= 0 || t > APR_INT64_C(253402300799999999);
        }
    }
    is_int(out, 0, "beginnings of times are in range");
}

static const struct {
    apr_time_t time;
    const char *text;
} written[] = {
    { FIRST, "2026-03-03T09:15:44.120Z" },
    { FIRST + 999, "2026-03-03T09:15:44.120Z" },
    { FIRST + 1000, "2026-03-03T09:15:44.121Z" },
    { FIRST - 120000, "2026-03-03T09:15:44.000Z" },
    { 1, "1970-01-01T00:00:00.000Z" },
    { APR_INT64_C(1709208000007000), "2024-02-29T12:00:00.007Z" },
    { APR_INT64_C(253402300799999999), "9999-12-31T23:59:59.999Z" }
};

static void test_written(void)
{
    char text[SW_TIMESTAMP_SIZE];
    apr_time_t t;
    int i;

    for (i = 0; i < COUNT(written); i++) {
        sw_timestamp_write(text, written[i].time);
        is_str(text, written[i].text, "written");
        if (sw_timestamp_read(sw_span(text), &t))
            is_int(t, written[i].time - written[i].time % 1000, "read again");
    }
}

int main(void)
{
    tap_begin();
    test_times();
    test_long();
    test_beginnings();
    test_written();
    return tap_end();
}
