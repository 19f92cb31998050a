/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random templates with hostile values: no value breaks a template that
 * sw_template_make() and sw_template_probe() pass. An argument sets the number
 * of templates, some thousands by default.
 */
#include "core/template/probe.h"
#include "drafts.h"
#include "rendering.h"
#include "tap.h"

/* Values */

static const char *a_piece(apr_pool_t *p)
{
    static const char *const pieces[] = {
        "x", "POST", "true", "5", "0", "+", "-", "1.5", "007", "-1e9",
        "12345678901234567890123", "]", "]]", "]]>", ">", "<", "<x/>", "<!--",
        "-->", "</Say>", "&", "&amp;", "&#6", ";", "\"", "'", "=", "/>", "\\",
        "\\u0024", "u007b", "$", "%", "{", "${", "%{a}", "}", "{{A}}", "{{/A}}",
        "{{{", "\n", "\r\n", "\t", " ", "\x01", "\x1f", "\x7f", "\xff", "\xc3",
        "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\xaf",
        "\xef\xbf\xbe", "\xef\xbf\xbf", "\xc3\xa9", "\xf0\x9f\x98\x80",
        "\xe2\x80\xa8", "\xc2\x85", "\xef\xbb\xbf", "%00"
    };

    if (one_in(400))
        return apr_pstrcat(p, apr_psprintf(p, "%08000d", 7), "]]", NULL);
    return pieces[tap_random(COUNT(pieces))];
}

/* Encode all bytes but the NUL, which is encoded already. */
static const char *encoded(apr_pool_t *p, const char *piece)
{
    char *to = apr_palloc(p, strlen(piece) * 3 + 1), *out = to;

    if (strcmp(piece, "%00") == 0)
        return piece;
    for (; *piece; piece++) {
        if (apr_isalnum(*piece))
            *out++ = *piece;
        else
            out += sprintf(out, "%%%02x", (unsigned char)*piece);
    }
    *out = '\0';
    return to;
}

/* Some of the names, some more than once, some with nothing. */
static sw_span_t a_form(apr_pool_t *p)
{
    static const char *const sent[] = { "A", "B", "C", "D", "From" };
    const char *form = "CallSid=1";
    unsigned int i, count = tap_random(10), n;

    for (i = 0; i < count; i++) {
        form = apr_pstrcat(p, form, "&", sent[tap_random(COUNT(sent))], "=",
                           NULL);
        for (n = tap_random(4); n > 0; n--)
            form = apr_pstrcat(p, form, encoded(p, a_piece(p)), NULL);
    }
    return sw_span(form);
}

/* A template, and some requests. @return whether the probe passes it */
static int try_one(apr_pool_t *p, subject_t subject, sw_span_t text,
                   int *broken)
{
    sw_fault_t fault;
    sw_template_t *t = sw_template_make(p, subject.format, text, &fault);
    sw_span_t form, document;
    const char *reason;
    int i;

    if (!t || sw_template_probe(p, t, subject.schema, NULL).reason)
        return 0;
    subject.t = t;
    for (i = 0; i < 6; i++) {
        form = a_form(p);
        reason = broken_by(p, &subject, form, &document);
        if (!reason || ++*broken > 5)
            continue;
        printf("# %s\n", reason);
        tap_show("template", text);
        tap_show("form", form);
        tap_show("document", document);
    }
    return 1;
}

static void test_templates(sw_document_e format, const char *name, int count)
{
    subject_t subject = { format, sw_schema_make(pool), NULL };
    int i, good = 0, broken = 0;
    apr_pool_t *one;

    apr_pool_create(&one, pool);
    for (i = 0; i < count; i++) {
        draft_t d = { .first = tap_random(COUNT(names)),
                      .names = 1 + tap_random(4) };

        (format == SW_DOCUMENT_CXML ? draft_cxml : draft_swml)(&d);
        if (one_in(4))
            spoil(&d);
        good += try_one(one, subject, sw_span_of(d.p, d.n), &broken);
        apr_pool_clear(one);
    }
    ok(good > count / 10, "%s: %d templates of %d are good", name, good,
       count);
    is_int(broken, 0, "none of them breaks");
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 4000;

    tap_begin();
    test_templates(SW_DOCUMENT_CXML, "cXML", count);
    test_templates(SW_DOCUMENT_SWML, "SWML", count);
    test_templates(SW_DOCUMENT_JSON, "JSON", count);
    return tap_end();
}
