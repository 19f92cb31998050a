/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rendering: sources of values, escaping, helpers, lists, and the limits of
 * values.
 */
#include "core/text/text.h"
#include "rendering.h"
#include "tap.h"

#define FFFD SW_REPLACEMENT
#define IN_SAY(text) "<Response><Say>" text "</Say></Response>"
#define IN_VOICE(text) "<Response><Say voice=\"" text "\"/></Response>"

static sw_template_t *made(sw_document_e format, const char *text)
{
    sw_fault_t fault;
    sw_template_t *t = sw_template_make(pool, format,
                                        tap_exact(sw_span(text)), &fault);

    if (!t) {
        printf("Bail out! %s: %s\n", text, fault.reason);
        exit(2);
    }
    return t;
}

/* A template whose format its first byte tells. */
static sw_span_t rendered(const char *text, sw_span_t body)
{
    return render_for(pool, made(*text == '<' ? SW_DOCUMENT_CXML
                                              : SW_DOCUMENT_JSON, text),
                      tap_exact(body));
}

/* The text between before and after. */
static sw_span_t within(const char *before, sw_span_t document,
                        const char *after)
{
    apr_size_t n = strlen(before);

    return sw_span_of(document.p + n, document.n - n - strlen(after));
}

/* Sources of values. */
static const struct {
    const char *text;
    const char *body;
    const char *document;
} sources[] = {
    { "\"{{A}}\"", "A=1", "\"1\"" },
    { "\"{{A}}\"", "A=1&A=2", "\"2\"" },
    { "\"{{A}}\"", "a=1", "\"\"" },
    { "\"{{A}}{{B}}\"", "A=1&B=2", "\"12\"" },
    { "\"{{A}}\"", "A=%7b%7bB%7d%7d&B=1", "\"{{B}}\"" },
    { "\"{{a.b}}\"", "a.b=1", "\"1\"" },
    { "\"{{a.b}}{{a.c.0}}\"", "{\"a\":{\"b\":1,\"c\":[2]}}", "\"12\"" },
    { "\"{{a}}\"", "{\"a\":{\"b\":1}}", "\"\"" },
    { "\"{{a}}\"", "{\"a\":null}", "\"\"" },
    { "\"{{a}}\"", "{\"a\":false}", "\"false\"" },
    { "\"{{cvv}}{{#cvv}}1{{/cvv}}\"", "cvv=1", "\"\"" },
    { "\"{{sw.from}}{{sw.FROM}}{{sw.event}}\"", "CallSid=1&From=2",
      "\"22voice.incoming\"" },
    { "\"{{sw.nothing}}{{sw.}}{{env.}}{{env.B}}\"", "A=1", "\"\"" },
    { "\"{{env.A}}{{env.a}}\"", "A=1", "\"11\"" },
    { "\"{{#sw.from}}{{.}}!{{/sw.from}}{{^sw.to}}?{{/sw.to}}\"",
      "CallSid=1&From=2", "\"2!?\"" },
    { "\"{{#env.A}}{{.}}!{{/env.A}}{{^env.B}}?{{/env.B}}\"", "A=2",
      "\"2!?\"" },

    { "[{{#A}}1,{{/A}}2]", "A=x", "[1,2]" },
    { "[{{#A}}1,{{/A}}2]", "A=", "[2]" },
    { "[{{#A}}1,{{/A}}2]", "A=0", "[1,2]" },
    { "[{{^A}}1,{{/A}}2]", "A=x", "[2]" },
    { "[{{^A}}1,{{/A}}2]", "A=", "[1,2]" },
    { "[{{#a}}1,{{/a}}2]", "{\"a\":false}", "[2]" },
    { "[{{#a}}1,{{/a}}2]", "{\"a\":true}", "[1,2]" },
    { "[{{#a}}1,{{/a}}2]", "{\"a\":[]}", "[2]" },
    { "[{{^a}}1,{{/a}}2]", "{\"a\":[]}", "[1,2]" },
    { "[{{#a}}1,{{/a}}2]", "{\"a\":{\"b\":1}}", "[2]" },

    { "[{{#A}}\"{{.}}\",{{/A}}0]", "A=1&A=2&B=4&A=3",
      "[\"1\",\"2\",\"3\",0]" },
    { "[{{#A}}\"{{.}}\",{{/A}}0]", "A[]=1&A%5b%5d=2", "[\"1\",\"2\",0]" },
    { "[{{#A}}\"{{.}}\",{{/A}}0]", "A=1&A=", "[\"1\",\"\",0]" },
    { "[{{#A}}\"{{.}}\",{{/A}}0]", "A=&A=", "[0]" },
    { "[{{#A}}\"{{A}}\",{{/A}}0]", "A=1&A=2", "[\"2\",\"2\",0]" },
    { "[{{#a}}\"{{.}}\",{{/a}}0]", "{\"a\":[1,\"b\",{},true]}",
      "[\"1\",\"b\",\"true\",0]" },
    { "[{{#A}}{{#B}}\"{{.}}\",{{/B}}\"{{.}}\",{{/A}}0]", "A=1&A=2&B=3&B=4",
      "[\"3\",\"4\",\"1\",\"3\",\"4\",\"2\",0]" },
    { "[{{#A}}{{^B}}\"{{.}}\",{{/B}}{{/A}}0]", "A=1&A=2", "[\"1\",\"2\",0]" },
    { "\"{{#A}}{{.}},{{/A}}\"", "A=1&A=2", "\"1,2,\"" },
    { "\"{{#A}}{{#upper}}{{.}}{{#A}}{{.}}{{/A}}{{/upper}};{{/A}}\"", "A=x&A=y",
      "\"XXY;YXY;\"" },
    { "<Say {{#A}}voice='{{.}}'{{/A}}>{{#A}}{{.}}{{/A}}</Say>", "A=1&A=2",
      "<Say voice='1'>12</Say>" },
    { "<Say voice='{{#A}}{{.}}{{/A}}'/>", "A=1&A=2", "<Say voice='1'/>" },

    /* Helpers */
    { "\"{{#e164}}{{A}}{{/e164}}\"", "A=+%2b1 (555)-2 x3", "\"+15552\"" },
    { "\"{{#e164}}{{A}}{{/e164}}\"", "A=1%2b2", "\"\"" },
    { "\"{{#e164}}{{A}}{{/e164}}\"", "A=sip:%2b1@2", "\"+1\"" },
    { "\"{{#e164}}{{A}}{{/e164}}\"", "A=%2b", "\"\"" },
    { "\"{{#digits}}{{A}}{{/digits}}\"", "A=%2b1-2%d9%a3", "\"12\"" },
    { "\"{{#digits}}{{A}}{{/digits}}\"", "A=x", "\"0\"" },
    { "\"{{#digits}}{{A}}{{/digits}}\"", "", "\"0\"" },
    { "\"{{#digits}}1{{A}} 2{{/digits}}\"", "A=3", "\"132\"" },
    { "\"{{#urlencode}}{{A}}{{/urlencode}}\"", "A=aZ09-._~+%2f%c3%a9%00%ff",
      "\"aZ09-._~%20%2F%C3%A9%00%FF\"" },
    { "\"{{#lower}}{{A}}{{/lower}}\"", "A=AZ%c3%89%5b", "\"az\xc3\x89[\"" },
    { "\"{{#upper}}{{A}}{{/upper}}\"", "A=az%c3%a9%7b", "\"AZ\xc3\xa9{\"" },
    { "\"{{#upper}}a{{#lower}}B{{A}}{{/lower}}{{/upper}}\"", "A=C", "\"ABC\"" },
    { "\"{{#urlencode}}{{#upper}}{{A}}{{/upper}}{{/urlencode}}\"",
      "A=a%22+%26", "\"A%22%20%26\"" },
    { "\"{{#upper}}{{A}}{{/upper}}\"", "A=a%22%5c", "\"A\\\"\\\\\"" },
    { IN_SAY("{{#lower}}{{A}}{{/lower}}"), "A=%3cB%3e%26",
      IN_SAY("&lt;b&gt;&amp;") },
    { IN_VOICE("{{#upper}}{{A}}{{/upper}}"), "A=%22b%27",
      IN_VOICE("&quot;B&#39;") },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=12", "[12]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=+-1.50+", "[-1.50]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=0", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=-0.0", "[-0.0]" },
    { "[\"{{#number}}{{A}}.5{{/number}}\"]", "A=1", "[1.5]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=123456789012345678",
      "[123456789012345678]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=1234567890123456789", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]",
      "A=1.234567890123456789012345678901234567890", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=01", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=-", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=1.", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=.5", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=1e5", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=%2b1", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=1,2", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "A=1%00", "[0]" },
    { "[\"{{#number}}{{A}}{{/number}}\"]", "", "[0]" },

    /* Placeholders of SWML, and text that only looks like one */
    { "\"{{A}}\"", "A=${a}%25{b}$${{", "\"$ {a}% {b}$$ {{\"" },
    { "\"{{A}}{{B}}\"", "A=$&B={", "\"$ {\"" },
    { "\"{{A}}{{C}}{{B}}\"", "A=%25&B={", "\"% {\"" },
    { "\"{{A}}{a}\"", "A=$", "\"$ {a}\"" },
    { "\"${{A}}\"", "A={a}", "\"$ {a}\"" },
    { "\"%{{A}}\"", "A={a}", "\"% {a}\"" },
    { "\"{{A}}{{#C}}x{{/C}}{a}\"", "A=$", "\"$ {a}\"" },
    { "\"{{#upper}}{{A}}{{/upper}}{a}\"", "A=$", "\"$ {a}\"" },
    { "\"{{#upper}}{{A}}{{B}}{{/upper}}\"", "A=$&B={", "\"$ {\"" },
    { "\"${{#lower}}{{A}}{{/lower}}\"", "A={", "\"$ {\"" },
    { "\"{{#A}}{{.}}{{/A}}\"", "A=$&A={", "\"$ {\"" },
    { "\"{{#A}}{a}{{.}}{{/A}}\"", "A=$&A=%25", "\"{a}$ {a}%\"" },
    { "\"{{A}}\\u0041{{A}}\"", "A=$", "\"$\\u0041$\"" },
    { "\"\\u0041{{A}}\"", "A={", "\"\\u0041{\"" },
    { "\"{{A}}\"", "A=$%5c{", "\"$\\\\{\"" },
    { "\"{{A}}\"", "A=$%5cu007b", "\"$\\\\u007b\"" },
    { "\"{{A}}{a}${b}%{c}\"", "A=a", "\"a{a}${b}%{c}\"" },
    { "\"{{A}} ${{! x }}{a}\"", "A=$", "\"$ ${a}\"" },
    { "[\"{{A}}\",{\"a\":\"{{A}}\"}]", "A=$", "[\"$\",{\"a\":\"$\"}]" },
    { IN_SAY("{{A}}{${b}"), "A=${a}", IN_SAY("${a}{${b}") }
};

static void test_sources(void)
{
    int i;

    for (i = 0; i < COUNT(sources); i++)
        is(rendered(sources[i].text, sw_span(sources[i].body)),
           sw_span(sources[i].document),
           apr_psprintf(pool, "%d: %.100s", i, sources[i].body));
}

/* Every character of ASCII in each place. */

static const char *xml_of(int c, int in_attribute)
{
    static const char *const both[] = { "&&amp;", "<&lt;", ">&gt;", "\r&#13;" },
        *const attribute[] = { "\"&quot;", "'&#39;", "\n&#10;", "\t&#9;" };
    int i;

    for (i = 0; i < COUNT(both); i++) {
        if (*both[i] == c)
            return both[i] + 1;
        if (in_attribute && *attribute[i] == c)
            return attribute[i] + 1;
    }
    if (c == ']' && !in_attribute)
        return "&#93;";
    return c < 0x20 && c != '\n' && c != '\t' ? FFFD
                                              : apr_psprintf(pool, "%c", c);
}

static const char *json_of(int c)
{
    static const char *const some[] = { "\"\\\"", "\\\\\\", "\n\\n", "\r\\r",
                                        "\t\\t" };
    int i;

    for (i = 0; i < COUNT(some); i++) {
        if (*some[i] == c)
            return some[i] + 1;
    }
    return c == 0 ? FFFD : apr_psprintf(pool, c < 0x20 ? "\\u%04x" : "%c", c);
}

static void check_character(int c)
{
    sw_template_t *text = made(SW_DOCUMENT_CXML, "<a>{{A}}</a>");
    sw_template_t *attribute = made(SW_DOCUMENT_CXML, "<a b='{{A}}'/>");
    sw_template_t *string = made(SW_DOCUMENT_JSON, "\"{{A}}\"");
    sw_span_t body = sw_span(apr_psprintf(pool, "A=%%%02x", c));

    is(within("<a>", render_for(pool, text, body), "</a>"),
       sw_span(xml_of(c, 0)), apr_psprintf(pool, "%02x in text", c));
    is(within("<a b='", render_for(pool, attribute, body), "'/>"),
       sw_span(xml_of(c, 1)), apr_psprintf(pool, "%02x in an attribute", c));
    is(within("\"", render_for(pool, string, body), "\""),
       sw_span(json_of(c)), apr_psprintf(pool, "%02x in a string", c));
}

/* The same in each place. */
static const struct {
    const char *value;
    const char *text;
} characters[] = {
    { "%c2%80", "\xc2\x80" }, { "%c3%a9", "\xc3\xa9" },
    { "%df%bf", "\xdf\xbf" }, { "%e0%a0%80", "\xe0\xa0\x80" },
    { "%e2%80%a8", "\xe2\x80\xa8" }, { "%ed%9f%bf", "\xed\x9f\xbf" },
    { "%ee%80%80", "\xee\x80\x80" }, { "%ef%b7%90", "\xef\xb7\x90" },
    { "%ef%bb%bf", "\xef\xbb\xbf" }, { "%ef%bf%bd", FFFD },
    { "%f0%90%80%80", "\xf0\x90\x80\x80" },
    { "%f4%8f%bf%bf", "\xf4\x8f\xbf\xbf" },

    { "%ef%bf%be", FFFD }, { "%ef%bf%bfx", FFFD "x" },
    { "%80", FFFD }, { "%bf%bf", FFFD FFFD }, { "%ff", FFFD }, { "%fe", FFFD },
    { "%c0%80", FFFD FFFD }, { "%c1%bf", FFFD FFFD },
    { "%e0%80%80", FFFD FFFD FFFD }, { "%e0%9f%bf", FFFD FFFD FFFD },
    { "%ed%a0%80", FFFD FFFD FFFD }, { "%ed%bf%bf", FFFD FFFD FFFD },
    { "%f0%80%80%80", FFFD FFFD FFFD FFFD },
    { "%f4%90%80%80", FFFD FFFD FFFD FFFD },
    { "%f5%80%80%80", FFFD FFFD FFFD FFFD }, { "%c3", FFFD },
    { "%c3x", FFFD "x" }, { "%e2%82", FFFD }, { "%e2%82x", FFFD "x" },
    { "%f0%9f%98", FFFD }, { "%f0%9f%98%c3%a9", FFFD "\xc3\xa9" },
    { "%c3%c3%a9", FFFD "\xc3\xa9" }
};

static void test_characters(void)
{
    static const char *const places[][2] = {
        { "<a>", "</a>" }, { "<a b=\"", "\"/>" }, { "\"", "\"" }
    };
    int i, k;

    for (i = 0; i < 0x80; i++)
        check_character(i);
    for (i = 0; i < COUNT(characters); i++) {
        for (k = 0; k < COUNT(places); k++) {
            const char *text = apr_pstrcat(pool, places[k][0], "{{A}}",
                                           places[k][1], NULL);
            const char *body = apr_pstrcat(pool, "A=", characters[i].value,
                                           NULL);

            is(within(places[k][0], rendered(text, sw_span(body)),
                      places[k][1]), sw_span(characters[i].text),
               apr_pstrcat(pool, characters[i].value, " in ", text, NULL));
        }
    }
}

/* A form: begin, n times what, end. */
static sw_span_t form_of(const char *begin, int n, const char *what,
                         const char *end)
{
    apr_size_t size = strlen(what), at = strlen(begin);
    char *to = apr_palloc(pool, at + size * (apr_size_t)n + strlen(end) + 1);

    memcpy(to, begin, at);
    for (; n > 0; n--, at += size)
        memcpy(to + at, what, size);
    memcpy(to + at, end, strlen(end) + 1);
    return sw_span(to);
}

static void test_limits(void)
{
    const char *plain = "\"{{A}}\"", *lower = "\"{{#lower}}{{A}}{{/lower}}\"";
    const char *list = "\"{{#A}}x{{/A}}\"", *url = IN_SAY(
        "{{#urlencode}}{{A}}{{/urlencode}}");
    sw_span_t document;

    is_int((long)rendered(plain, form_of("A=", 8192, "a", "")).n, 8194,
           "8 KiB of a value");
    is_int((long)rendered(plain, form_of("A=", 8193, "a", "")).n, 8194,
           "and no more");
    is_int((long)rendered(plain, form_of("A=", 8190, "a", "%c3%a9")).n, 8194,
           "a character ends with them");
    is_int((long)rendered(plain, form_of("A=", 8191, "a", "%c3%a9")).n, 8193,
           "a character that does not is left out");
    document = rendered(lower, form_of("A=", 8191, "A", "%c3%a9"));
    ok(document.n == 8193 && document.p[8191] == 'a', "also in a helper");
    document = within(IN_SAY(""), rendered(url, form_of("A=", 9000, "%26", "")),
                      "");
    ok(document.n % 3 == 0, "no escape is cut");

    is_int((long)rendered(list, form_of("", 100, "A=1&", "")).n, 102,
           "a hundred rounds");
    is_int((long)rendered(list, form_of("", 101, "A=1&", "")).n, 102,
           "and no more");
    is_int((long)rendered("\"{{#A}}{{#A}}{{#A}}{{^A}}x{{/A}}{{/A}}{{/A}}"
                          "{{/A}}\"", form_of("", 100, "A=1&", "")).n, 2,
           "nor when nested");
}

/* Whatever exceeds a limit, the document has at most 64 KiB and is
 * well-formed. */
static void test_size(void)
{
    static const char *const texts[] = {
        "{\"a\":\"{{A}}{{A}}{{A}}\",\"b\":\"{{A}}{{A}}{{A}}{{A}}{{A}}{\",\"c\":"
        "\"{{A}}\",\"d\":\"{{#number}}{{B}}{{/number}}\",\"e\":\"{{A}}\"}",
        "[{{#C}}\"{{A}}{\",{{/C}}\"{{#number}}{{B}}{{/number}}\"]",
        "<Response><Say voice='{{A}}{{A}}{{A}}{{A}}{{A}}{{A}}{{A}}{{A}}{{A}}'>"
        "{{A}}</Say><Pause length='{{#digits}}{{B}}{{/digits}}'/></Response>",
        "<Response>{{#C}}<Say>{{A}}</Say><Pause length='{{#digits}}{{B}}"
        "{{/digits}}'/>{{/C}}</Response>"
    };
    static const char *const values[] = { "a", "%22", "%7b$", "%01", "]%ff" };
    sw_schema_t *schema = sw_schema_make(pool);
    sw_span_t document;
    sw_fault_t fault;
    int i, k;

    for (i = 0; i < COUNT(texts) * COUNT(values); i++) {
        const char *text = texts[i / COUNT(values)];
        const char *c = form_of("&B=123", 60, "&C=1", "").p;

        for (k = 0; k < 6; k++) { /* around the end */
            document = rendered(text, form_of("A=", 8192 - k * 700 - i,
                                              values[i % COUNT(values)], c));
            fault = check_document(pool, *text == '<' ? SW_DOCUMENT_CXML
                                                      : SW_DOCUMENT_JSON,
                                   schema, document);
            is_str(fault.reason, NULL, "whole");
        }
    }
}

/* An escape that does not fit is left out as a whole. */
static void test_cut_escapes(void)
{
    sw_span_t document;
    apr_size_t at;
    int i;

    for (i = 0; i < 12; i++) {
        document = rendered(IN_SAY("{{A}}{{A}}{{A}}{{A}}{{A}}{{A}}{{A}}|"
                                   "{{#urlencode}}{{B}}{{/urlencode}}"),
                            form_of(form_of("A=", 8192 - i, "a", "&B=").p,
                                    2725, "%26", ""));
        at = sw_span_find(document, '|') + 1;
        is_int((long)(document.n - at - strlen("</Say></Response>")) % 3, 0,
               "no half of an escape");
    }
}

int main(void)
{
    tap_begin();
    test_sources();
    test_characters();
    test_limits();
    test_size();
    test_cut_escapes();
    return tap_end();
}
