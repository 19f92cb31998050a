/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiling templates: tags and their lines, the places for values, balanced
 * sections; the line of a fault, by the compiler or the probe.
 */
#include "core/template/probe.h"
#include "rendering.h"
#include "tap.h"

#define CXML SW_DOCUMENT_CXML
#define SWML SW_DOCUMENT_SWML
#define JSON SW_DOCUMENT_JSON

#define IN_SAY(text) "<Response><Say>" text "</Say></Response>"
#define IN_MAIN(text) "{\"sections\":{\"main\":[" text "]}}"

static sw_schema_t *schema;

static const char *name_of(const char *what, const char *text)
{
    char *name = apr_psprintf(pool, "%s: %.120s", what, text), *c;

    for (c = name; *c; c++)
        *c = *c == '\n' ? '~' : *c == '#' ? '.' : *c;
    return name;
}

/* Found by the compiler, or by the probe. */
static sw_fault_t fault_of(sw_document_e format, const char *text)
{
    sw_fault_t fault;
    sw_template_t *t = sw_template_make(pool, format,
                                        tap_exact(sw_span(text)), &fault);

    return t ? sw_template_probe(pool, t, schema, NULL) : fault;
}

/* Tags: the document without any parameter, in JSON that has no places. */
static const struct {
    const char *text;
    const char *document;
} tags[] = {
    { "[1]", "[1]" },
    { "[{{! comment }}1]", "[1]" },
    { "[{{!}}1]", "[1]" },
    { "[{{! # < } \" ' }}1]", "[1]" },
    { "[{{!a\nb}}1]", "[1]" },
    { "[{{#A}}1,{{/A}}2]", "[2]" },
    { "[{{# A }}1,{{/\tA }}2]", "[2]" },
    { "[{{^A}}1,{{/A}}2]", "[1,2]" },
    { "[{{ ^ A }}1,{{ / A }}2]", "[1,2]" },
    { "[{{#A}}{{^A}}3{{/A}}1,{{/A}}2]", "[2]" },
    { "[{{^digits}}1,{{/digits}}2]", "[1,2]" },
    { "[{{#sw.from}}1,{{/sw.from}}{{#env.A}}1,{{/env.A}}2]", "[2]" },
    { "[\"{{A}}}\"]", "[\"}\"]" },
    { "[\"}}{{A}}\"]", "[\"}}\"]" },
    { "[\"a{b}\"]", "[\"a{b}\"]" },
    { "[\"{{a.b-c_d[]:\xc3\xa9}}\"]", "[\"\"]" },

    /* A tag alone on its line takes the line. */
    { "[\n{{! x }}\n1]\n", "[\n1]\n" },
    { "{{! x }}\n[1]", "[1]" },
    { "[1]\n{{! x }}", "[1]\n" },
    { "[1]\n \t{{! x }}", "[1]\n" },
    { "[\n  {{! x }} \t\r\n1]", "[\n1]" },
    { "[\n{{! x\ny }}\n1]", "[\n1]" },
    { "[\n  {{^A}}\n  1,\n  {{/A}}\n2]", "[\n  1,\n2]" },
    { "[\n{{^A}}\n{{^B}}\n1,\n{{/B}}\n{{/A}}\n2]", "[\n1,\n2]" },
    { "[\n{{^A}}\n\n1,\n\n{{/A}}\n2]", "[\n\n1,\n\n2]" },
    { "[ {{! x }}\n1]", "[ \n1]" },
    { "[\n{{! x }} 1]", "[\n 1]" },
    { "[\n{{! x }}{{! y }}\n1]", "[\n\n1]" },
    { "[\n{{^A}} {{/A}}\n1]", "[\n \n1]" },
    { "[\n{{#A}}1,{{/A}}\n2]", "[\n\n2]" },
    { "[\n\"{{A}}\"\n]", "[\n\"\"\n]" }
};

static void test_tags(void)
{
    sw_fault_t fault;
    sw_template_t *t;
    int i;

    for (i = 0; i < COUNT(tags); i++) {
        t = sw_template_make(pool, JSON, tap_exact(sw_span(tags[i].text)),
                             &fault);
        if (ok(t && !fault.reason, "%s", name_of("compiled", tags[i].text)))
            is(render_for(pool, t, SPAN("Z=1")), sw_span(tags[i].document),
               "with its lines");
        else
            printf("# %s\n", fault.reason);
    }
}

/* Good templates, for the probe too. */
static const struct {
    sw_document_e format;
    const char *text;
} good[] = {
    { JSON, "\"\\\\u0024{{A}}\\\\\\\\u007b\"" },
    { CXML, "<Response/>" },
    { CXML, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Response/>" },
    { CXML, "<?xml version='1.0' encoding='UTF-8'?><Response/>" },
    { CXML, "{{! x }}\n<?xml version=\"1.0\"?>\n<Response/>" },
    { CXML, IN_SAY("{{A}}{{A}}") },
    { CXML, IN_SAY("{{#A}}{{.}}{{#B}}{{.}}{{/B}}{{/A}}{{^A}}{{B}}{{/A}}") },
    { CXML, IN_SAY("{{#A}}{{^B}}{{.}}{{/B}}{{/A}}") },
    { CXML, IN_SAY("a > b ] ]] &amp; &#62; {{A}} ' \"") },
    { CXML, IN_SAY("&amp;{{A}}&lt;{{A}};") },
    { CXML, IN_SAY("<!-- < ' \" & - > -->{{A}}") },
    { CXML, IN_SAY("<!-- {{! x }} -->{{A}}") },
    { CXML, IN_SAY("<![CDATA[<a b='> ]] ]> ]]]>{{A}}") },
    { CXML, IN_SAY("<?pi < ' ?? ?>{{A}}") },
    { CXML, IN_SAY("<break/>{{A}}<p >x</p >{{A}}") },
    { CXML, "<Response><Say voice='\">/{{A}}' language=\"'/>{{A}}\"\t>x</Say>"
            "</Response>" },
    { CXML, "<Response><Say voice = \"{{A}}\"\n loop='1'>x</Say></Response>" },
    { CXML, "<Response><Say voice=\"a\" {{#A}}loop=\"1\"{{/A}}/></Response>" },
    { CXML, "<Response><Say voice=\"{{#A}}a{{/A}}{{^A}}b{{/A}}\"/>"
            "</Response>" },
    { CXML, "<Response>{{#A}}<Pause/><Say>x</Say>{{/A}}<Hangup/></Response>" },
    { CXML, "<Response>\n  {{#A}}\n  <Pause/>\n  {{/A}}\n</Response>" },
    { CXML, "{{#A}}{{/A}}<Response/>{{#A}}{{/A}}" },
    { CXML, "<Response><Pause length=\"{{#digits}}{{A}}{{/digits}}\"/>"
            "</Response>" },
    { CXML, "<Response><Pause length=\"{{#A}}1{{/A}}{{^A}}2{{/A}}\"/>"
            "</Response>" },
    { CXML, "<Response><Redirect>{{env.NEXT}}?f={{#urlencode}}{{From}}"
            "{{/urlencode}}</Redirect></Response>" },
    { CXML, IN_SAY("{{#lower}}a {{#upper}}b{{A}}{{/upper}}{{#B}}${{.}}{{/B}}"
                   "{{/lower}}") },
    { CXML, IN_SAY("{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}"
                   "{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{/A}}{{/A}}"
                   "{{/A}}{{/A}}{{/A}}{{/A}}{{/A}}{{/A}}{{/A}}{{/A}}{{/A}}"
                   "{{/A}}{{/A}}{{/A}}{{/A}}{{/A}}") },
    { SWML, IN_MAIN("{\"answer\":{}}") },
    { SWML, IN_MAIN("{{#A}}{\"answer\":{}},{{/A}}{\"hangup\":{}}") },
    { SWML, IN_MAIN("{\"set\":{\"a\":\"{{#number}}{{A}}{{/number}}\","
                    "\"b\":\"${vars.x} %{y} {{A}}\"}}") },
    { SWML, IN_MAIN("{\"set\":{\"a\":[\"{{A}}\",\"b\",{\"c\":\"{{B}}\"}]}}") },
    { JSON, "\"{{A}}\"" },
    { JSON, "\"\\\"{{A}}\\\\{{A}}\\u0041{{A}}\\n\"" },
    { JSON, "[\"{{#A}}{{.}}, {{/A}}\"{{#A}},\"{{.}}\"{{/A}}]" },
    { JSON, "[\"{{A}}\",{\"a\":\"{{A}}\",\"b\":[\"{{A}}\"],\"c\":\"{{A}}\"}]" },
    { JSON, "{\"a\":{\"b\":1},\"c\":\"{{A}}\"}" },
    { JSON, "{\"a\":\"{{#number}}1{{/number}}\",\"b\":[\"{{! x }}"
            "{{#number}}{{A}}{{/number}}\"]}" },
    { JSON, "\"${a{b}c}{{A}} 100% $ {a}\"" },
    { JSON, "{{! x }}[]{{! y }}" },
    { JSON, "[1{{#A}},{}{{/A}}{{#A}},{\"a\":1}{{/A}},\"{{B}}\"]" },
    { JSON, "{\"a\":1{{#A}},\"b\":2{{/A}},{{#A}}\"c\":3,{{/A}}\"d\":"
            "\"{{B}}\"}" },
    { JSON, "[{{#A}}\n1,{{/A}}2]" }
};

/* Refused templates: the line and the words. */
static const struct {
    sw_document_e format;
    int line;
    const char *word;
    const char *text;
} bad[] = {
    { JSON, 1, "at most", "" },
    { CXML, 1, "{{ without }}", "{{" },
    { CXML, 2, "{{ without }}", "<Response>\n{{A} }</Response>" },
    { CXML, 3, "not escaped", "\n\n" IN_SAY("{{{A}}}") },
    { CXML, 1, "not escaped", IN_SAY("{{ & A }}") },
    { CXML, 1, "not escaped", IN_SAY("{{ {A} }}") },
    { CXML, 1, "partials", IN_SAY("{{>A}}") },
    { CXML, 1, "delimiters", IN_SAY("{{=<% %>=}}") },
    { CXML, 1, "without a name", IN_SAY("{{}}") },
    { CXML, 1, "without a name", IN_SAY("{{ }}") },
    { CXML, 1, "without a name", IN_SAY("{{#}}x{{/}}") },
    { CXML, 1, "blanks", IN_SAY("{{A B}}") },
    { CXML, 1, "blanks", IN_SAY("{{A\n}}") },
    { CXML, 1, "blanks", IN_SAY("{{A\x7f}}") },
    { CXML, 1, "braces", IN_SAY("{{A{B}}") },
    { CXML, 1, "outside of any section", IN_SAY("{{.}}") },
    { CXML, 1, "outside of any section", IN_SAY("{{^A}}{{.}}{{/A}}") },
    { CXML, 1, "expected a name", IN_SAY("{{#.}}x{{/.}}") },
    { CXML, 1, "expected a name", IN_SAY("{{#A}}{{^.}}x{{/.}}{{/A}}") },

    { CXML, 1, "a tag, between", "<Response><Say {{A}}></Say></Response>" },
    { CXML, 1, "the name of an element", "<Response><S{{#A}}x{{/A}}/>" },
    { CXML, 1, "the name of an element", "<Response><S{{A}}></Response>" },
    { CXML, 1, "the name of an attribute", "<Response><Say a{{A}}='b'/>" },
    { CXML, 1, "the name of an attribute", "<Response><Say a={{A}}/>" },
    { CXML, 1, "the name of an attribute",
      "<Response><Say a{{#A}}='b'{{/A}}/>" },
    { CXML, 1, "markup", "<Response><{{A}}/>" },
    { CXML, 1, "markup", "<Response><!{{A}}-- -->" },
    { CXML, 1, "a comment", "<Response><!-- -- > {{A}} -->" },
    { CXML, 1, "a comment", "<Response><!-- {{#A}}-->{{/A}}" },
    { CXML, 1, "a CDATA section", IN_SAY("<![CDATA[ ]] > {{A}} ]]>") },
    { CXML, 1, "a processing instruction", "<Response><?x > {{A}} ?>" },
    { CXML, 1, "a reference", IN_SAY("&{{A}};") },
    { CXML, 1, "a reference", IN_SAY("&#6{{#digits}}{{A}}{{/digits}};") },
    { CXML, 1, "a reference", IN_SAY("&am{{#A}}p;{{/A}}") },
    { CXML, 1, "a reference", "<Response><Say voice='&#{{A}};'/>" },
    { CXML, 1, "outside of its elements", "{{A}}<Response/>" },
    { CXML, 2, "outside of its elements", "<Response/>\n{{A}}" },
    { CXML, 1, "DOCTYPE", "<!DOCTYPE Response><Response/>" },
    { CXML, 1, "DOCTYPE", "<!-x -->" },
    { CXML, 1, "DOCTYPE", "<![CDATX[]]>" },
    { CXML, 1, "begins no element", "<Response>a < b</Response>" },
    { CXML, 1, "begins no element", "<Response><></Response>" },
    { CXML, 1, "&lt;", "<Response><Say voice='<'/></Response>" },
    { CXML, 1, "without '='", "<Response><Say voice 'a'/></Response>" },
    { SWML, 1, "outside of its strings", IN_MAIN("{{A}}") },
    { JSON, 1, "outside of its strings", "[\"a\",{{A}}]" },
    { JSON, 1, "outside of its strings", "[{{#lower}}1{{/lower}}]" },
    { JSON, 1, "the name of a member", "{\"{{A}}\":1}" },
    { JSON, 2, "the name of a member", "{\"a\":[1,2],\n\"b{{#A}}c{{/A}}\":1}" },
    { JSON, 1, "the name of a member", "[{\"a\":{}},{\"{{A}}\":1}]" },
    { JSON, 1, "an escape", "\"\\{{A}}\"" },
    { JSON, 1, "an escape", "\"\\u004{{#digits}}{{A}}{{/digits}}\"" },
    { JSON, 1, "an escape", "\"\\u{{#A}}0041{{/A}}\"" },
    { JSON, 1, "a placeholder", "\"${vars.{{A}}}\"" },
    { JSON, 1, "a placeholder", "\"%{ {a} {{#A}}x{{/A}}}\"" },
    { JSON, 1, "a placeholder", "\"${{A}}{x{{B}}}\"" },
    { JSON, 1, "a placeholder", "\"${{#A}}b{{/A}}{x{{B}}}\"" },
    { JSON, 1, "a placeholder", "\"{{#A}}${{/A}}{x{{B}}}\"" },
    { JSON, 1, "a placeholder", "\"{{#A}}a%{{/A}}{x{{B}}}\"" },
    { JSON, 1, "an escape", "\"\\u00{{! x }}41\"" },
    { JSON, 1, "without its '}'", "\"${a\"" },
    { JSON, 1, "themselves", "\"\\u0024{a}\"" },
    { JSON, 1, "themselves", "\"$\\u007Ba}\"" },
    { JSON, 1, "themselves", "\"\\\\\\u0024{a}\"" },
    { CXML, 1, "expected {{#upper}}",
      IN_SAY("{{#uppercase}}{{A}}{{/uppercase}}") },
    { CXML, 1, "expected {{#e164}}", IN_SAY("{{#E164}}{{A}}{{/E164}}") },
    { JSON, 1, "expected {{#number}}", "\"{{#int}}{{A}}{{/int}}\"" },

    { CXML, 1, "closes nothing", IN_SAY("{{/A}}") },
    { CXML, 3, "which line 2 opened", IN_SAY("\n{{#A}}\n{{/B}}") },
    { CXML, 1, "which line 1 opened", IN_SAY("{{#sw.A}}{{/A}}") },
    { CXML, 1, "which line 1 opened", IN_SAY("{{#env.A}}{{/sw.A}}") },
    { CXML, 1, "which line 1 opened", IN_SAY("{{#A}}{{#B}}{{/A}}{{/B}}") },
    { CXML, 1, "is not closed", IN_SAY("{{#A}}") },
    { CXML, 1, "deep", IN_SAY("{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}"
                              "{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}{{#A}}"
                              "{{#A}}{{#A}}{{#A}}") },
    { CXML, 1, "begins or ends", "<Response>{{#A}}<Say>{{/A}}</Say>" },
    { CXML, 1, "begins or ends", "<Response><Say>{{#A}}</Say><Say>{{/A}}" },
    { CXML, 1, "begins or ends", "<Response><Say a='{{#A}}' b='{{/A}}'/>" },
    { CXML, 1, "begins or ends", "<Response><Say {{#A}} a='{{/A}}'/>" },
    { CXML, 1, "begins or ends", "<Response><Say {{#A}} a{{/A}}/>" },
    { CXML, 1, "begins or ends", "<Response>{{#A}}<!-- {{/A}} -->" },
    { CXML, 1, "begins or ends", "<Response>{{#A}}&amp{{/A}};" },
    { JSON, 1, "begins or ends", "{ {{#env.A}}\"a\":{{/env.A}}\"{{B}}\""
                                 "{{^env.A}}:1{{/env.A}}}" },
    { JSON, 1, "begins or ends", "[{{#A}}[{{/A}}]]" },
    { JSON, 1, "begins or ends", "[{{#A}}],[{{/A}}]" },
    { JSON, 1, "begins or ends", "[{{#A}}\"{{/A}}\"]" },
    { JSON, 1, "begins or ends", "[1{{#A}}],[{{#B}}1{{/B}}{{/A}}]" },
    { JSON, 1, "begins or ends", "[\"{{#A}}\",\"{{/A}}\"]" },
    { JSON, 1, "begins or ends", "[\"{{#A}}${ {{/A}}}\"]" },
    { CXML, 2, "markup within the helper {{#lower}}",
      IN_SAY("{{#lower}}a\n<b/>{{/lower}}") },
    { CXML, 1, "markup", IN_SAY("{{#lower}}&amp;{{/lower}}") },
    { JSON, 1, "markup", "\"{{#upper}}\\n{{/upper}}\"" },
    { CXML, 1, "{{#number}}", IN_SAY("{{#number}}1{{/number}}") },
    { JSON, 1, "{{#number}}", "\" {{#number}}1{{/number}}\"" },
    { JSON, 1, "{{#number}}", "\"{{A}}{{#number}}1{{/number}}\"" },
    { JSON, 1, "{{#number}}",
      "\"{{#lower}}{{#number}}1{{/number}}{{/lower}}\"" },
    { JSON, 1, "the quote after it", "\"{{#number}}1{{/number}} \"" },
    { JSON, 1, "the quote after it", "\"{{#number}}1{{/number}}" },

    /* Faults that the probe finds */
    { CXML, 1, "", "Hello" },
    { CXML, 1, "root", "<Say>{{A}}</Say>" },
    { CXML, 1, "encoding",
      "{{! x }}<?xml\nversion='1.0' encoding=\"latin1\"?>\n<Response/>" },
    { CXML, 4, "", "<Response>\n <Say>\n {{A}}</Say>\n  <Spy/>\n</Response>" },
    { CXML, 3, "", "<Response>\n{{#A}}\n<Spy/>\n{{/A}}\n</Response>" },
    { CXML, 6, "", "<Response>\n{{! x\n\n}}\n{{^A}}\n<Spy/>{{/A}}</Response>" },
    { CXML, 3, "", "<Response>\n<Say>\n{{#lower}}x{{A}}{{/lower}}<Spy/></Say>"
                   "\n</Response>" },
    { CXML, 6, "", "<Response>\n<Say>\n{{#lower}}\n{{A}}\n{{/lower}}\n</Say>"
                   "<Spy/></Response>" },
    { CXML, 2, "", "<Response>\n<Pause length=\"{{A}}\"/></Response>" },
    { CXML, 2, "", "<Response>\n<Pause length=\"{{#e164}}{{A}}{{/e164}}\"/>"
                   "</Response>" },
    { CXML, 2, "", "<Response>\n<Pause length=\"{{#e164}}{{A}}5{{/e164}}\"/>"
                   "</Response>" },
    { CXML, 2, "", "<Response>\n<Pay maxAttempts=\"{{#digits}}1{{A}}{{/digits}}"
                   "\"/></Response>" },
    { CXML, 3, "", "<Response>{{#A}}\n<Pause/>\n<Say loop='1' {{#B}}loop='1'"
                   "{{/B}}/>\n{{/A}}</Response>" },
    { CXML, 1, "", "{{#A}}<Response/>{{/A}}" },
    { CXML, 1, "", "<Response>{{#A}}{{#B}}{{^C}}{{#D}}{{^E}}{{#F}}{{^G}}<Spy/>"
                   "{{/G}}{{/F}}{{/E}}{{/D}}{{/C}}{{/B}}{{/A}}</Response>" },
    { SWML, 1, "", "[]" },
    { SWML, 1, "version", "{\"version\":\"1.0.{{#digits}}{{A}}{{/digits}}\","
                          "\"sections\":{\"main\":[{\"answer\":{}}]}}" },
    { SWML, 1, "main", IN_MAIN("{{#A}}{\"answer\":{}}{{/A}}") },
    { SWML, 3, "", "{\"sections\":\n{\"main\":\n[{{#A}}{\"a\":1}{{/A}}}\n]}}" },
    { JSON, 3, "", "[\n\"{{A}}\",\n]" },
    { JSON, 4, "", "[\n{{#A}}\n\"{{.}}\"\n\"b\"\n{{/A}}\n]" },
    { JSON, 2, "", "[\n{{#A}}\"{{.}}\"{{/A}}]" },
    { JSON, 1, "", "\"\xff{{A}}\"" }
};

static void test_verdicts(void)
{
    sw_fault_t fault;
    int i;

    for (i = 0; i < COUNT(good); i++) {
        fault = fault_of(good[i].format, good[i].text);
        is_str(fault.reason, NULL, name_of("good", good[i].text));
        ok(fault.line == 0 && fault.column == 0, "and nowhere a fault");
    }
    for (i = 0; i < COUNT(bad); i++) {
        fault = fault_of(bad[i].format, bad[i].text);
        if (!ok(fault.reason && strstr(fault.reason, bad[i].word), "%s",
                name_of("bad", bad[i].text)))
            printf("# got: %s\n", fault.reason ? fault.reason : "nothing");
        is_int(fault.line, bad[i].line, "in this line");
    }
}

static void test_limits(void)
{
    char *text = apr_palloc(pool, SW_DOCUMENT_MAX + 2);
    sw_fault_t fault;

    memset(text, ' ', SW_DOCUMENT_MAX + 2);
    memcpy(text, "<Response/>", 11);
    ok(sw_template_make(pool, CXML, sw_span_of(text, SW_DOCUMENT_MAX), &fault)
       != NULL, "64 KiB");
    ok(!sw_template_make(pool, CXML, sw_span_of(text, SW_DOCUMENT_MAX + 1),
                         &fault), "and a byte");
    text = apr_psprintf(pool, IN_SAY("{{A%0127d}}"), 1);
    is_str(fault_of(CXML, text).reason, NULL, "a name of 128");
    text = apr_psprintf(pool, IN_SAY("{{A%0128d}}"), 1);
    ok(fault_of(CXML, text).reason != NULL, "and of 129");
    ok(!sw_template_make(pool, CXML, SPAN(IN_SAY("{{A\0B}}")), &fault),
       "a NUL in a name");
    ok(!sw_template_make(pool, JSON, SPAN("\"{{#lower}}\0{{/lower}}\""),
                         &fault), "in a helper");
}

int main(void)
{
    tap_begin();
    schema = sw_schema_make(pool);
    test_tags();
    test_verdicts();
    test_limits();
    return tap_end();
}
