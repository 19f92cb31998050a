/* SPDX-License-Identifier: Apache-2.0 */
/* The number of an address, or none: a number to dial must never contain digits
 * that belong to something else. */
#include "core/text/e164.h"
#include "tap.h"

static const char *e164(const char *text)
{
    sw_span_t number = sw_e164(pool, tap_exact(sw_span(text)));

    return apr_pstrmemdup(pool, sw_span_text(number), number.n);
}

/* Pairs of a text and its number. */
static void test_all(const char *what, const char *const (*pairs)[2])
{
    for (; (*pairs)[1]; pairs++)
        is_str(e164((*pairs)[0]), (*pairs)[1],
               apr_psprintf(pool, "%s: %s", what, (*pairs)[0]));
}

#define N "+15550100456"

static const char *const addresses[][2] = {
    { "sip:" N "@1-202-555-0162.sip.us1.example.com", N },
    { "tel:+1-555-010-0456;ext=22", N },
    { "sip:" N "@192.0.2.1:5060;transport=tcp", N },
    { "SIPS:" N "@example.com", N },
    { "Sip:15550100456@example.com", "15550100456" },
    { "sip:%2B15550100456@example.com", N },
    { "sip:%2b1%2D555%2D0100456@example.com", N },
    { "sip:+1(555)010-0456@example.com", N },
    { "sip:" N ";ext=22@example.com", N },
    { "sip:" N "%3Bext=22@example.com", N },
    { "sip:" N ":secret99@example.com", N },
    { "sip:" N ";phone-context=+44@example.com;user=phone?X-A=7", N },
    { "sip:" N, N },
    { "sip:1001@example.com", "1001" },
    { "tel:+1 555 010 0456", N },
    { "TEL:5550100456;phone-context=+1", "5550100456" },
    { "tel:1555;ext=</Say>", "1555" },
    { "sip:1001@example.com;x=<7>", "1001" },
    { "tel:911", "911" },
    { "whatsapp:" N, N },
    { "WhatsApp:+1 (555) 010-0456", N },
    { "client:" N, N },
    { "client:15550100456@example.com", "15550100456" },
    { N "@sip.example.com", N },
    { "\"Alice 7\" <sip:" N "@example.com:5060;lr>;tag=99", N },
    { "Alice <tel:" N ">", N },
    { "\"a <7> \\\" <8>\" <sip:" N "@h>", N },
    { "<" N ">", N },
    { " sip:" N "@example.com\r\n", N },
    { "", NULL }
};

static const char *const none[][2] = {
    { "sip:1-202-555-0162.sip.us1.example.com", "" },
    { "sip:192.0.2.1", "" },
    { "sip:192.0.2.1:5060", "" },
    { "sip:@15550100456", "" },
    { "sip:", "" },
    { "sip:alice@example.com", "" },
    { "sip:alice7@example.com", "" },
    { "sip:7alice@example.com", "" },
    { "sip:%3Cx%3E@example.com", "" },
    { "sip:1%4@example.com", "" },
    { "sip:1%zz2@example.com", "" },
    { "sip:1%00" "2@example.com", "" },
    { "client:alice", "" },
    { "client:agent007", "" },
    { "tel:+", "" },
    { "whatsapp:", "" },
    { "whatsapp:sip:" N "@h", "" },
    { "messenger:15550100456", "" },
    { "https://example.com/15550100456", "" },
    { "%2B15550100456", "" },
    { "anonymous", "" },
    { "1-800-FLOWERS", "" },
    { "+1555010O456", "" },
    { "++15550100456", "" },
    { "1+5550100456", "" },
    { "+1 555 +2", "" },
    { "*67 15550100456", "" },
    { "+1555010045678901", "" },
    { "1234567890123456", "" },
    { "\xef\xbc\x91\xef\xbc\x92", "" },
    { "${x}", "" },
    { "5550100/5550101", "" },
    { "5550100\n5550101", "" },
    { "5550100, 5550101x", "5550100" },
    { "+1,555,010,0456", "" },
    { "x22", "" },
    { "#22", "" },
    { ";15550100456", "" },
    { "<", "" },
    { "\"", "" },
    { "- ()", "" },
    { "", NULL }
};

static const char *const plain[][2] = {
    { N, N },
    { "+1 (555) 010-0456", N },
    { "(+1) 555.010.0456", N },
    { "+44 (0)20 7946 0018", "+442079460018" },
    { "(0)20 7946 0018", "02079460018" },
    { "\t+1\t555 0100456\n", N },
    { "15550100456", "15550100456" },
    { "22", "22" },
    { "+123456789012345", "+123456789012345" },
    { N " x22", N },
    { N "x22", N },
    { N " ext. 22", N },
    { N " Ext 22", N },
    { N " extension: 22", N },
    { N " #22", N },
    { N ";ext=22", N },
    { N ",,22#", N },
    { N " ext twenty", "" },
    { N " xylophone", "" },
    { "", NULL }
};

int main(void)
{
    sw_span_t nul = SPAN("+1555\0" "0100456");

    tap_begin();
    test_all("an address", addresses);
    test_all("no number", none);
    test_all("a number", plain);
    is_str(e164(""), "", "nothing");
    is_int((long)sw_e164(pool, nul).n, 0, "NUL is no separator");
    return tap_end();
}
