/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a request: the format of its body, lookup by name, values
 * that are never published. */
#include "core/event/params.h"
#include "tap.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

static const struct {
    const char *type;
    sw_media_e media;
} types[] = {
    { FORM, SW_MEDIA_FORM },
    { "APPLICATION/X-WWW-Form-urlencoded", SW_MEDIA_FORM },
    { FORM "; charset=UTF-8", SW_MEDIA_FORM },
    { " " FORM " ;x", SW_MEDIA_FORM },
    { JSON, SW_MEDIA_JSON },
    { "Application/JSON", SW_MEDIA_JSON },
    { "application/json; charset=utf-8", SW_MEDIA_JSON },
    { "application/json;x=y", SW_MEDIA_JSON },
    { "\tapplication/json\t", SW_MEDIA_JSON },
    { "text/json", SW_MEDIA_JSON },
    { "x/json", SW_MEDIA_JSON },
    { "text/swaig", SW_MEDIA_JSON },
    { "Text/Swaig; version=2.0", SW_MEDIA_JSON },
    { "application/ld+json", SW_MEDIA_JSON },
    { "application/vnd.signalwire.call+JSON", SW_MEDIA_JSON },
    { "audio/wav", SW_MEDIA_OTHER },
    { "Audio/x-wav; rate=8000", SW_MEDIA_OTHER },
    { "video/mp4", SW_MEDIA_OTHER },
    { "image/png", SW_MEDIA_OTHER },
    { "font/woff2", SW_MEDIA_OTHER },
    { "multipart/form-data; boundary=x", SW_MEDIA_OTHER },
    { NULL, SW_MEDIA_OPEN },
    { "", SW_MEDIA_OPEN },
    { "text/plain", SW_MEDIA_OPEN },
    { "text/plain; x=application/json", SW_MEDIA_OPEN },
    { "application/octet-stream", SW_MEDIA_OPEN },
    { "application/jsonx", SW_MEDIA_OPEN },
    { "application/json-patch", SW_MEDIA_OPEN },
    { "json", SW_MEDIA_OPEN },
    { "text/swaigs", SW_MEDIA_OPEN },
    { "application/x-www-form-urlencoded2", SW_MEDIA_OPEN },
    { "audio", SW_MEDIA_OPEN },
    { "x-audio/wav", SW_MEDIA_OPEN }
};

enum { WITH_BODY, WITHOUT };

static const struct {
    const char *name;
    int has_no_body;
    const char *type;
    sw_span_t body;
    sw_format_e format;
} formats[] = {
    { "GET", WITHOUT, NULL, TEXT(""), SW_FORMAT_QUERY },
    { "GET of a type", WITHOUT, JSON, TEXT(""), SW_FORMAT_QUERY },
    { "GET with a body", WITHOUT, JSON, TEXT("{}"), SW_FORMAT_QUERY },
    { "no body", WITH_BODY, FORM, TEXT(""), SW_FORMAT_NONE },
    { "no body, JSON", WITH_BODY, JSON, TEXT(""), SW_FORMAT_NONE },
    { "a form", WITH_BODY, FORM, TEXT("a=1"), SW_FORMAT_FORM },
    { "a form without =", WITH_BODY, FORM, TEXT("a"), SW_FORMAT_FORM },
    { "JSON called a form", WITH_BODY, FORM, TEXT("{}"), SW_FORMAT_FORM },
    { "JSON", WITH_BODY, JSON, TEXT("{}"), SW_FORMAT_JSON },
    { "a form called JSON", WITH_BODY, JSON, TEXT("a=1"), SW_FORMAT_JSON },
    { "blanks called JSON", WITH_BODY, JSON, TEXT("  "), SW_FORMAT_JSON },
    { "both types", WITH_BODY, FORM ", " JSON, TEXT("a=1"), SW_FORMAT_JSON },
    { "audio", WITH_BODY, "audio/wav", TEXT("{\"a=1\""), SW_FORMAT_NONE },
    { "parts", WITH_BODY, "multipart/mixed", TEXT("{}"), SW_FORMAT_NONE },
    { "untyped object", WITH_BODY, NULL, TEXT("{\"a\":1}"), SW_FORMAT_JSON },
    { "untyped array", WITH_BODY, NULL, TEXT("[1]"), SW_FORMAT_JSON },
    { "untyped, blanks before", WITH_BODY, "text/plain",
      TEXT(" \t\r\n{\"a\":1}"), SW_FORMAT_JSON },
    { "untyped, broken", WITH_BODY, NULL, TEXT("{a=1"), SW_FORMAT_JSON },
    { "untyped form", WITH_BODY, NULL, TEXT("a=1"), SW_FORMAT_FORM },
    { "untyped form, blanks before", WITH_BODY, "text/plain", TEXT(" a=1"),
      SW_FORMAT_FORM },
    { "untyped, = alone", WITH_BODY, NULL, TEXT("="), SW_FORMAT_FORM },
    { "untyped, neither", WITH_BODY, NULL, TEXT("hello"), SW_FORMAT_NONE },
    { "untyped, blanks", WITH_BODY, NULL, TEXT(" \n "), SW_FORMAT_NONE },
    { "untyped, a string", WITH_BODY, NULL, TEXT("\"{\""), SW_FORMAT_NONE }
};

/* Five parameters: the columns of a table. */
static void read_params(int has_no_body, const char *type, sw_span_t body,
                        sw_span_t query, sw_params_t *params)
{
    sw_content_t content = { has_no_body, sw_span(type), tap_exact(body),
                             tap_exact(query), NULL };

    sw_params_read(pool, &content, params);
}

static void test_formats(void)
{
    sw_params_t params;
    int i;

    for (i = 0; i < COUNT(types); i++)
        is_int(sw_media(tap_exact(sw_span(types[i].type))), types[i].media,
               apr_pstrcat(pool, "type: ", types[i].type, NULL));
    for (i = 0; i < COUNT(formats); i++) {
        read_params(formats[i].has_no_body, formats[i].type, formats[i].body,
                    SPAN("q=1"), &params);
        is_int(params.format, formats[i].format, formats[i].name);
        is(params.query, SPAN("q=1"), "the query is there");
        is(params.form, params.format == SW_FORMAT_FORM ? formats[i].body
                                                        : SPAN(""),
           "the form is the body, or nothing");
        ok(!params.json || params.format == SW_FORMAT_JSON, "nor is JSON");
    }
    ok(!sw_format_name(SW_FORMAT_NONE), "no format has no name");
    is_str(sw_format_name(SW_FORMAT_QUERY), "query", "query");
    is_str(sw_format_name(SW_FORMAT_FORM), "form", "form");
    is_str(sw_format_name(SW_FORMAT_JSON), "json", "json");
}

/* A form if it has "=", otherwise JSON; "(none)": no such parameter. */
static const struct {
    const char *body;
    const char *query;
    const char *name;
    sw_span_t value;
} lookups[] = {
    { "a=1&b=2", "", "b", TEXT("2") },
    { "a=1&b=2", "", "B", TEXT("(none)") },
    { "a=1", "", "", TEXT("(none)") },
    { "a=1", "", "a=", TEXT("(none)") },
    { "a=1&=2", "", "", TEXT("2") },
    { "a=1", "a=2", "a", TEXT("1") },
    { "a=", "a=2", "a", TEXT("") },
    { "a&b=", "a=2", "a", TEXT("") },
    { "b=1", "a=2", "a", TEXT("2") },
    { "a=1&a=2&a=3&b=4", "", "a", TEXT("3") },
    { "b=1", "a=1&a=2", "a", TEXT("2") },
    { "a=1&%61=2", "", "a", TEXT("2") },
    { "a=%41+%2b%00%ff%", "", "a", TEXT("A +\0\xff%") },
    { "a%20b=1", "", "a b", TEXT("1") },
    { "call.from=1", "", "call.from", TEXT("1") },
    { "{\"a\":\"1\"}", "a=2", "a", TEXT("1") },
    { "{\"a\":{\"b\":[7,{\"c\":8}]}}", "", "a.b.0", TEXT("7") },
    { "{\"a\":{\"b\":[7,{\"c\":8}]}}", "", "a.b.1.c", TEXT("8") },
    { "{\"a\":{\"b\":1}}", "", "a", TEXT("(none)") },
    { "{\"a\":{\"b\":1}}", "a=2", "a", TEXT("2") },
    { "{\"a\":1,\"a\":2}", "", "a", TEXT("2") },
    { "{\"a\":null}", "a=2", "a", TEXT("") },
    { "{\"a\":true}", "", "a", TEXT("true") },
    { "{\"b\":1}", "a=2", "a", TEXT("2") },
    { "{\"b\":1}", "call.from=2", "call.from", TEXT("2") },
    { "{broken", "a=2", "a", TEXT("2") },
    { "", "a=2", "a", TEXT("2") },
    { "", "", "a", TEXT("(none)") },

    { "cvv=1", "cvv=2", "cvv", TEXT("(none)") },
    { "SecurityCode=1", "", "SecurityCode", TEXT("(none)") },
    { "security_code=1", "", "Security-Code", TEXT("(none)") },
    { "{\"cvv\":1}", "cvv=1", "cvv", TEXT("(none)") },
    { "{\"parameters\":{\"cvv\":1}}", "", "parameters.cvv", TEXT("(none)") },
    { "{\"cvv\":[1]}", "", "cvv.0", TEXT("(none)") }
};

static void test_lookups(void)
{
    sw_params_t params;
    sw_span_t got;
    int i;

    for (i = 0; i < COUNT(lookups); i++) {
        sw_span_t body = sw_span(lookups[i].body);

        read_params(WITH_BODY, strchr(body.p, '=') ? FORM : JSON, body,
                    sw_span(lookups[i].query), &params);
        got = sw_param(pool, &params, lookups[i].name);
        is(got.p ? got : sw_span("(none)"), lookups[i].value,
           apr_psprintf(pool, "%s ? %s: %s", lookups[i].body,
                        lookups[i].query, lookups[i].name));
        ok(!got.p || got.p[got.n] == '\0', "a NUL after it");
    }
    read_params(WITHOUT, FORM, SPAN("a=1"), SPAN("b=2"), &params);
    ok(!sw_param(pool, &params, "a").p, "the body of a GET is none");
    is(sw_param(pool, &params, "b"), SPAN("2"), "its query is");
}

/* Card data, and names that only look like it. */
static void test_card_data(void)
{
    static const sw_span_t card[] = {
        TEXT("cardnumber"), TEXT("cvv"), TEXT("expiry_month"),
        TEXT("expiry_year"), TEXT("postal_code"), TEXT("security_code"),
        TEXT("expiration_date"), TEXT("payment_card_number"),
        TEXT("payment_card_postal_code"), TEXT("SecurityCode"),
        TEXT("ExpirationDate"), TEXT("PaymentCardNumber"),
        TEXT("PaymentCardPostalCode"), TEXT("BankAccountNumber"),
        TEXT("BankRoutingNumber"), TEXT("PaymentToken"),
        TEXT("CVV"), TEXT("CardNumber"), TEXT("CARD_NUMBER"),
        TEXT("Card-Number"), TEXT("card number"), TEXT("card\0number"),
        TEXT("payment_token"), TEXT("params.payment_card_number"),
        TEXT("cvv.0"), TEXT("a.b.Expiry-Year.c"), TEXT(".cvv"), TEXT("cvv."),
        TEXT("_cvv_"), TEXT("Bank_Routing_Number"),
        TEXT("c_v_v_____________________________________________________")
    };
    static const sw_span_t others[] = {
        TEXT(""), TEXT("."), TEXT("..."), TEXT("From"), TEXT("cv"),
        TEXT("cvv2"), TEXT("cvvv"), TEXT("xcvv"), TEXT("c.vv"),
        TEXT("card.number"), TEXT("PaymentCardType"), TEXT("PaymentMethod"),
        TEXT("payment_card_postal_codes"), TEXT("PaymentCardNumberIsNot"),
        TEXT("cardnumbercardnumbercardnumber"), TEXT("CallSid.x.y.z")
    };
    int i;

    for (i = 0; i < COUNT(card); i++)
        ok(sw_is_card_data(tap_exact(card[i])), "card data: %s", card[i].p);
    for (i = 0; i < COUNT(others); i++)
        ok(!sw_is_card_data(tap_exact(others[i])), "none: %s", others[i].p);
}

/* The values of a visit: name, '=', value, ';'. A value "end" ends it. */
static int note(void *data, sw_span_t name, sw_span_t value)
{
    char **text = data;

    *text = apr_psprintf(pool, "%s%.*s=%s;", *text, (int)name.n, name.p,
                         value.p ? value.p : "?");
    return strcmp(name.p, "end") != 0;
}

static const struct {
    const char *body;
    const char *query;
    const char *met;
} visits[] = {
    { "b=1&a=%32&b=3&&c", "q=4&b=5", "b=1;a=2;b=3;c=;q=4;b=5;" },
    { "=1&+=2", "", "=1; =2;" },
    { "{\"z\":1,\"a\":{\"b\":[null,\"x\"],\"\":2},\"a.c\":{}}", "q=4",
      "z=1;a.b.0=;a.b.1=x;a.=2;q=4;" },
    { "{\"id\":1,\"custom_variables\":{\"order\":\"A-17\",\"id\":2}}", "",
      "id=1;custom_variables.order=A-17;custom_variables.id=2;" },
    { "a=1&end=2&b=3", "q=4", "a=1;end=2;" },
    { "a=1", "q=4&end=5&r=6", "a=1;q=4;end=5;" },
    { "{\"a\":1,\"end\":2,\"b\":3}", "q=4", "a=1;end=2;" },
    { "{broken", "q=4", "q=4;" },
    { "a=1&cvv=2&%63vv=3&Card-Number=4&b=5", "PaymentToken=6&q=7",
      "a=1;b=5;q=7;" },
    { "{\"cvv\":1,\"a\":{\"cvv\":{\"b\":2},\"c\":3}}", "cvv=4", "a.c=3;" },
    { "", "", "" }
};

static void test_visits(void)
{
    sw_params_t params;
    char *text;
    int i;

    for (i = 0; i < COUNT(visits); i++) {
        sw_span_t body = sw_span(visits[i].body);

        read_params(WITH_BODY, strchr(body.p, '=') ? FORM : JSON, body,
                    sw_span(visits[i].query), &params);
        text = "";
        sw_params_visit(pool, &params, note, &text);
        is_str(text, visits[i].met,
               apr_pstrcat(pool, "visit: ", visits[i].body, NULL));
    }
}

/* Parameters of the query that are secrets. */
static void test_hidden(void)
{
    apr_array_header_t *hidden = apr_array_make(pool, 2, sizeof(char *));
    sw_params_t params;
    sw_pair_t pair;
    apr_size_t at = 0;
    char *text = "";

    APR_ARRAY_PUSH(hidden, const char *) = "t";
    APR_ARRAY_PUSH(hidden, const char *) = "AccountSid";
    sw_params_read(pool,
                   &(sw_content_t){ WITH_BODY, sw_span(FORM), SPAN("t=1&a=2"),
                                    SPAN("t=3&%74=4&T=5&AccountSid=p&b=6"),
                                    hidden },
                   &params);
    sw_params_visit(pool, &params, note, &text);
    is_str(text, "t=1;a=2;T=5;b=6;", "secrets are not visited");
    is(sw_param(pool, &params, "t"), SPAN("1"), "of the body they are none");
    ok(!sw_param(pool, &params, "AccountSid").p, "nor looked up");
    ok(sw_params_pair(&params, 1, &at, &pair), "a pair");
    is(pair.name, SPAN("T"), "that is no secret");
    sw_params_read(pool,
                   &(sw_content_t){ .has_no_body = WITHOUT,
                                    .query = SPAN("t=3&a=2"),
                                    .hidden = hidden },
                   &params);
    ok(!sw_param(pool, &params, "t").p, "of a GET neither");
    is(sw_param(pool, &params, "a"), SPAN("2"), "another parameter");
}

int main(void)
{
    tap_begin();
    test_formats();
    test_lookups();
    test_card_data();
    test_visits();
    test_hidden();
    return tap_end();
}
