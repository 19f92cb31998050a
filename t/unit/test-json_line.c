/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of JSON: well-formed for any values and any size of the buffer; and
 * masked numbers.
 */
#include <jansson.h>

#include "tap.h"

#include "core/text/json_line.h"
#include "core/text/mask.h"
#include "core/text/text.h"

static void test_plain(void)
{
    char buffer[1000];
    sw_line_t line;

    sw_line_begin(&line, buffer, sizeof(buffer), 100);
    sw_line_text(&line, "text", SPAN("a \"quote\" \\ \n\t\x7f\0 \xc3\xa4"));
    sw_line_text(&line, "bad", SPAN("\xff\xc3 x"));
    sw_line_number(&line, "number", -5);
    sw_line_ms(&line, "ms", 12034);
    sw_line_boolean(&line, "yes", 1);
    sw_line_boolean(&line, "no", 0);
    if (sw_line_enter(&line, "inner")) {
        sw_line_pair(&line, SPAN("na\"me"), SPAN("value"));
        sw_line_pair(&line, SPAN(""), SPAN(""));
        sw_line_leave(&line);
    }
    sw_line_text(&line, "last", SPAN(""));
    is(sw_line_end(&line), SPAN(
        "{\"text\":\"a \\\"quote\\\" \\\\ \\u000a\\u0009\\u007f \xc3\xa4\","
        "\"bad\":\"\xef\xbf\xbd\xef\xbf\xbd x\",\"number\":-5,\"ms\":12.034,"
        "\"yes\":true,\"no\":false,"
        "\"inner\":{\"na\\\"me\":\"value\",\"\":\"\"},\"last\":\"\"}\n"),
       "everything that can stand in a line");
    sw_line_begin(&line, buffer, sizeof(buffer), 100);
    is(sw_line_end(&line), SPAN("{}\n"), "and nothing");
    sw_line_begin(&line, buffer, sizeof(buffer), 5);
    sw_line_text(&line, "a", SPAN("12345"));
    sw_line_text(&line, "b", SPAN("1234\xc3\xa4"));
    is(sw_line_end(&line), SPAN("{\"a\":\"12345\",\"b\":\"1234\xe2\x80\xa6\","
                                "\"cut\":true}\n"),
       "a value is cut between characters, and it shows");
}

/* Any line is JSON to Jansson too, and within the buffer. */
static void test_random(void)
{
    static char bytes[400];
    int i, bad = 0, over = 0, unmarked = 0;

    for (i = 0; i < 20000; i++) {
        apr_size_t size = SW_LINE_MIN + tap_random(600), k;
        char *buffer = malloc(size); /* for AddressSanitizer's eyes */
        sw_line_t line;
        sw_span_t text;
        json_t *json;
        unsigned int members = tap_random(12);

        for (k = 0; k < sizeof(bytes); k++)
            bytes[k] = (char)(tap_random(3) ? 'a' + tap_random(26)
                                            : tap_random(256));
        sw_line_begin(&line, buffer, size, 1 + tap_random(200));
        while (members--) {
            sw_span_t name = sw_span_of(bytes, tap_random(150));
            sw_span_t value = sw_span_of(bytes + tap_random(100),
                                         tap_random(300));

            switch (tap_random(6)) {
            case 0:
                sw_line_number(&line, "number", (apr_int64_t)i * i);
                break;
            case 1:
                if (!line.is_inner)
                    sw_line_enter(&line, "inner");
                break;
            case 2:
                sw_line_leave(&line);
                break;
            case 3:
                sw_line_text(&line, "text", value);
                break;
            default:
                sw_line_pair(&line, name, value);
            }
        }
        text = sw_line_end(&line);
        over += text.n > size;
        json = json_loadb(text.p, text.n - 1, JSON_ALLOW_NUL, NULL);
        bad += !json || text.p[text.n - 1] != '\n'
               || memchr(text.p, '\n', text.n - 1) != NULL;
        unmarked += json && line.is_cut != (json_object_get(json, "cut")
                                            != NULL);
        json_decref(json);
        free(buffer);
    }
    is_int(bad, 0, "any bytes: a line of JSON");
    is_int(over, 0, "any bytes: within the buffer");
    is_int(unmarked, 0, "any bytes: marked if cut");
}

static void test_masked(void)
{
    static const char *const pairs[][2] = {
        { "+15550100123", "+1*******123" },
        { "15550100123", "15******123" },
        { "12345", "12345" },
        { "+12345", "****" },
        { "sip:alice@example.com", "sip:a***" },
        { "sip:+15550100123@example.com", "sip:+1*******123" },
        { "sips:15550100123@example.com;user=phone", "sips:15******123" },
        { "SIP:alice@example.com", "SIP:a***" },
        { "sip:1001@pbx.example.com", "sip:1***" },
        { "\"Alice\" <sip:+15550100123@example.com>;tag=x",
          "sip:+1*******123" },
        { "Alice <sip:alice@example.com>", "sip:a***" },
        { "<>", "****" },
        { "Alice <", "A***" },
        { "tel:+1-555-010-0123;ext=22", "tel:+1*******123" },
        { "tel:+1(555)010.0123", "tel:+1*******123" },
        { "+15550100123@example.com", "+1*******123" },
        { "+1 555 010 0123", "+1*******123" },
        { "whatsapp:+15550100123", "whatsapp:+1*******123" },
        { "WhatsApp:+15550100123", "WhatsApp:+1*******123" },
        { "whatsapp:bob", "whatsapp:b***" },
        { "messenger:1234567890123456789012",
          "messenger:12*****************012" },
        { "messenger:12345678901234567890123", "messenger:1***" },
        { "rcs:agent_7", "rcs:a***" },
        { "client:15550100123", "client:15******123" },
        { "verto:1008@example.com", "verto:1***" },
        { "123 45", "1***" },
        { "12345;x", "1***" },
        { "Anonymous", "A***" },
        { "\xc3\xa4", "****" },
        { "client:bob", "client:b***" },
        { "a very long word: that is none", "a***" },
        { "Bob: x", "B***" },
        { "5550100:7", "5***" },
        { "alice:secret@example.com", "a***" },
        { "5550100", "55****0" },
        { "55501001", "55****01" },
        { "555010012", "55****012" },
        { "sip:", "sip:****" },
        { "x", "x***" },
        { "", "" },
    };
    char to[SW_MASKED_MAX];
    static char digits[200];
    int i;

    for (i = 0; i < COUNT(pairs); i++)
        is(sw_masked(sw_span(pairs[i][0]), to), sw_span(pairs[i][1]),
           apr_pstrcat(pool, "of ", pairs[i][0], NULL));
    memset(digits, '7', sizeof(digits));
    is(sw_masked(SPAN(digits), to), SPAN("7***"), "a number without end");
    is(sw_masked(SPAN("sip:\0+15550100123"), to), SPAN("sip:****"), "a NUL");
}

int main(void)
{
    tap_begin();
    test_plain();
    test_random();
    test_masked();
    return tap_end();
}
