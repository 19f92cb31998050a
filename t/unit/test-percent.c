/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text/percent.h"
#include "tap.h"

static void digits(void)
{
    char to[3] = "";
    int c, right = 1;

    for (c = 0; c < 256; c++) {
        int value = c >= '0' && c <= '9' ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

        right &= sw_hex_digit((char)c) == value;
    }
    ok(right, "sw_hex_digit: every byte");
    ok(sw_hex_write(to, 0xaf, 0) == to + 2, "sw_hex_write: two digits");
    is_str(to, "af", "sw_hex_write: lower case");
    (void)sw_hex_write(to, 0xaf, 1);
    is_str(to, "AF", "sw_hex_write: upper case");
}

static void reading(void)
{
    static const struct {
        const char *text;
        int byte;
    } cases[] = {
        { "%2B", '+' }, { "%2b3", '+' }, { "%00", 0 }, { "%ff", 255 },
        { "%2", -1 }, { "%", -1 }, { "", -1 }, { "%2G", -1 }, { "%G2", -1 },
        { "%%2B", -1 }, { "x2B", -1 }, { "% 2", -1 }
    };
    apr_size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        ok(sw_percent_read(sw_span(cases[i].text), 0) == cases[i].byte,
           "sw_percent_read: \"%s\"", cases[i].text);
    ok(sw_percent_read(SPAN("a%2Bc"), 1) == '+', "inside of a text");
    ok(sw_percent_read(sw_span_of("a%2Bc", 3), 1) == -1,
       "nothing is read after the end of a span");
    ok(sw_percent_read(sw_span_of("a", 1), 2) == -1, "nor from there");
}

static void encoding(void)
{
    char to[3 * 256 + 1];
    sw_span_t text = SPAN("a Z-._~\0/\x80\xff%+");

    *sw_percent_encode(to, text, "") = '\0';
    is_str(to, "a%20Z-._~%00%2F%80%FF%25%2B", "unreserved bytes stay");
    *sw_percent_encode(to, text, "/+") = '\0';
    is_str(to, "a%20Z-._~%00/%80%FF%25+", "those that are to be kept too");
    ok(sw_percent_encode(to, sw_span(NULL), "") == to, "of nothing, nothing");
}

int main(void)
{
    tap_begin();
    digits();
    reading();
    encoding();
    return tap_end();
}
