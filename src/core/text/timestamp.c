/* SPDX-License-Identifier: Apache-2.0 */
/* See timestamp.h. */
#include <apr_date.h>
#include <apr_strings.h>

#include "core/text/timestamp.h"

#define YEAR_10000 APR_INT64_C(253402300800)

static int is_digit_at(sw_span_t s, apr_size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

/* The number of n digits at i, or -1. */
static int number_at(sw_span_t s, apr_size_t i, apr_size_t n)
{
    int value = 0;

    for (; n > 0; n--, i++) {
        if (!is_digit_at(s, i))
            return -1;
        value = value * 10 + s.p[i] - '0';
    }
    return value;
}

/* A decimal number, exact: digits times ten to the power of exponent. */
typedef struct decimal_t {
    apr_uint64_t digits;
    int count;    /* of digits before the power, without leading zeros */
    int exponent;
} decimal_t;

static apr_size_t read_digits(sw_span_t s, apr_size_t i, int is_fraction,
                              decimal_t *d)
{
    for (; is_digit_at(s, i); i++) {
        if (d->count < 18) {
            d->digits = d->digits * 10 + (apr_uint64_t)(s.p[i] - '0');
            d->count += d->digits > 0;
            d->exponent -= is_fraction;
        }
        else {
            d->exponent += !is_fraction;
        }
    }
    return i;
}

static int read_decimal(sw_span_t s, decimal_t *d)
{
    apr_size_t i = read_digits(s, 0, 0, d);

    if (i == 0)
        return 0;
    if (i + 1 < s.n && s.p[i] == '.' && is_digit_at(s, i + 1))
        i = read_digits(s, i + 1, 1, d);
    if (i + 1 < s.n && (s.p[i] | 0x20) == 'e') {
        int minus = s.p[i + 1] == '-';
        int power;

        i += 1 + (apr_size_t)(minus || s.p[i + 1] == '+');
        if (i == s.n || s.n - i > 3)
            return 0;
        power = number_at(s, i, s.n - i);
        if (power < 0)
            return 0;
        d->exponent += minus ? -power : power;
        i = s.n;
    }
    return i == s.n;
}

static int from_number(sw_span_t s, apr_time_t *t)
{
    decimal_t d = { 0, 0, 0 };
    int whole;

    if (s.n > 40 || !read_decimal(s, &d))
        return 0;
    whole = d.count + d.exponent; /* digits before the point */
    if (whole > 17)
        return 0;
    d.exponent += whole <= 11 ? 6 : whole <= 14 ? 3 : 0;
    for (; d.exponent < 0 && d.digits; d.exponent++)
        d.digits /= 10;
    for (; d.exponent > 0 && d.digits; d.exponent--)
        d.digits *= 10;
    *t = (apr_time_t)d.digits;
    return 1;
}

/* "Z", "+02:00", "+0200" or nothing, at i, in seconds east of UTC. */
static int read_zone(sw_span_t s, apr_size_t i, int *east)
{
    int hours, minutes, sign = i < s.n && s.p[i] == '-' ? -1 : 1;

    *east = 0;
    if (i == s.n || (i + 1 == s.n && (s.p[i] | 0x20) == 'z'))
        return 1;
    if (s.p[i] != '+' && s.p[i] != '-')
        return 0;
    hours = number_at(s, i + 1, 2);
    i += i + 3 < s.n && s.p[i + 3] == ':' ? 4 : 3;
    minutes = number_at(s, i, 2);
    *east = sign * (hours * 3600 + minutes * 60);
    return i + 2 == s.n && hours >= 0 && hours < 24 && minutes >= 0
           && minutes < 60;
}

static int is_date(const apr_time_exp_t *e)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                                31 };
    int year = e->tm_year + 1900;
    int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (e->tm_mon == 1 && e->tm_mday == 29 && !is_leap)
        return 0;
    return e->tm_year >= 70 && e->tm_mon >= 0 && e->tm_mon <= 11
           && e->tm_mday >= 1 && e->tm_mday <= days[e->tm_mon]
           && e->tm_hour >= 0 && e->tm_hour <= 23 && e->tm_min >= 0
           && e->tm_min <= 59 && e->tm_sec >= 0 && e->tm_sec <= 60;
}

static int from_iso(sw_span_t s, apr_time_t *t)
{
    apr_time_exp_t e = { 0 };
    decimal_t fraction = { 0, 0, 0 };
    apr_size_t i = 19;

    if (s.n < 19 || s.p[4] != '-' || s.p[7] != '-' || s.p[13] != ':'
        || s.p[16] != ':' || (s.p[10] != ' ' && (s.p[10] | 0x20) != 't'))
        return 0;
    e.tm_year = number_at(s, 0, 4) - 1900;
    e.tm_mon = number_at(s, 5, 2) - 1;
    e.tm_mday = number_at(s, 8, 2);
    e.tm_hour = number_at(s, 11, 2);
    e.tm_min = number_at(s, 14, 2);
    e.tm_sec = number_at(s, 17, 2);
    if (is_digit_at(s, 20) && s.p[19] == '.') {
        i = read_digits(s, 20, 1, &fraction);
        for (; fraction.exponent < -6; fraction.exponent++)
            fraction.digits /= 10;
        for (; fraction.exponent > -6; fraction.exponent--)
            fraction.digits *= 10;
        e.tm_usec = (apr_int32_t)fraction.digits;
    }
    return is_date(&e) && read_zone(s, i, &e.tm_gmtoff)
           && apr_time_exp_gmt_get(t, &e) == APR_SUCCESS;
}

/* The offset of the zone: after the last blank. If digits follow that blank,
 * there is no zone, and the offset is the end. */
static apr_size_t find_zone(sw_span_t s)
{
    apr_size_t i = s.n;

    while (i > 0 && s.p[i - 1] != ' ')
        i--;
    return is_digit_at(s, i) ? s.n : i;
}

/* APR parses the date, but accepts any text after it: check the rest here. */
static int from_rfc2822(sw_span_t s, apr_time_t *t)
{
    apr_size_t zone = find_zone(s);
    sw_span_t date = sw_span_trim(sw_span_of(s.p, zone));
    int east = 0;
    char text[48];

    if (date.n < 8 || date.n + 5 > sizeof(text)
        || number_at(date, date.n - 2, 2) < 0 || date.p[date.n - 3] != ':'
        || (!sw_span_equal(sw_span_from(s, zone), sw_span("GMT"))
            && !sw_span_equal(sw_span_from(s, zone), sw_span("UTC"))
            && !read_zone(s, zone, &east)))
        return 0;
    memcpy(text, date.p, date.n);
    apr_cpystrn(text + date.n, " GMT", sizeof(text) - date.n);
    *t = apr_date_parse_rfc(text);
    *t -= *t == APR_DATE_BAD ? 0 : apr_time_from_sec(east);
    return *t != APR_DATE_BAD;
}

int sw_timestamp_read(sw_span_t text, apr_time_t *t)
{
    sw_span_t s = sw_span_trim(text);
    int found = s.n
                && (from_number(s, t) || from_iso(s, t) || from_rfc2822(s, t));

    return found && *t > 0 && apr_time_sec(*t) < YEAR_10000;
}

void sw_timestamp_write(char to[SW_TIMESTAMP_SIZE], apr_time_t t)
{
    apr_time_exp_t e;

    apr_time_exp_gmt(&e, t);
    apr_snprintf(to, SW_TIMESTAMP_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                 e.tm_year + 1900, e.tm_mon + 1, e.tm_mday, e.tm_hour, e.tm_min,
                 e.tm_sec, e.tm_usec / 1000);
}
