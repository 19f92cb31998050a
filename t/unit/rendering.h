/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of templates: a template rendered for a request, and the
 * properties of the document that hold for any request.
 */
#ifndef SW_RENDERING_H
#define SW_RENDERING_H

#include <stdlib.h>

#include <apr_strings.h>

#include "core/template/document.h"
#include "core/template/render.h"
#include "core/template/swml.h"
#include "core/template/template.h"

/* A variable ends at a NUL, and must be empty only if the parameter is. */
static inline void set_variable(apr_table_t *env, sw_span_t name,
                                sw_span_t value)
{
    apr_table_setn(env, name.p, value.n && !*value.p ? "\x01" : value.p);
}

/** The document for a request with this body, a form or JSON; env.NAME is the
 * parameter NAME of the form. */
static inline sw_span_t render_for(apr_pool_t *p, const sw_template_t *t,
                                   sw_span_t body)
{
    sw_params_t params;
    sw_event_t event;
    apr_table_t *env = apr_table_make(p, 8);
    sw_values_t values = { &params, &event, env };
    sw_pair_t pair;
    apr_size_t at = 0;

    sw_params_read(p, &(sw_content_t){ .body = body }, &params);
    sw_event_read(p, &params, &event);
    while (sw_params_pair(&params, 0, &at, &pair))
        set_variable(env, sw_form_decoded(p, pair.name),
                     sw_form_decoded(p, pair.value));
    return sw_template_render(p, t, &values);
}

static inline sw_fault_t check_document(apr_pool_t *p, sw_document_e format,
                                        const sw_schema_t *schema,
                                        sw_span_t document)
{
    switch (format) {
    case SW_DOCUMENT_CXML:
        return sw_cxml_check(p, schema, document);
    case SW_DOCUMENT_SWML:
        return sw_swml_check(p, document, NULL);
    default:
        return sw_json_check(p, document);
    }
}

/** The form with "x" for each value that is not empty; any other body as it
 * is. */
static inline sw_span_t harmless(apr_pool_t *p, sw_span_t form)
{
    char *to = apr_palloc(p, form.n * 2 + 1);
    apr_size_t at = 0, n = 0;
    sw_params_t params;
    sw_pair_t pair;

    sw_params_read(p, &(sw_content_t){ .body = form }, &params);
    if (params.format != SW_FORMAT_FORM)
        return form;
    while (sw_form_next(form, &at, &pair)) {
        memcpy(to + n, pair.name.p, pair.name.n);
        n += pair.name.n;
        to[n++] = '=';
        if (pair.value.n)
            to[n++] = 'x';
        to[n++] = '&';
    }
    return sw_span_of(to, n);
}

/* The tags of a document, without quoted text. */
static inline sw_span_t xml_shape(char *to, sw_span_t document)
{
    apr_size_t i, n = 0;
    char quote = '\0';
    int in_tag = 0;

    for (i = 0; i < document.n; i++) {
        char c = document.p[i];

        if (quote) {
            quote = c == quote ? '\0' : quote;
            continue;
        }
        if (in_tag && (c == '"' || c == '\''))
            quote = c;
        in_tag |= c == '<';
        if (in_tag)
            to[n++] = c;
        in_tag &= c != '>';
    }
    return sw_span_of(to, n);
}

/* The text outside of strings, without numbers. */
static inline sw_span_t json_shape(char *to, sw_span_t document)
{
    apr_size_t i, n = 0;
    int in_string = 0;

    for (i = 0; i < document.n; i++) {
        char c = document.p[i];

        if (c == '"')
            in_string = !in_string;
        else if (c == '\\')
            i++;
        if (c == '"' || (!in_string && !strchr("+-.0123456789", c)))
            to[n++] = c;
    }
    return sw_span_of(to, n);
}

/** The part of a document that only the author may decide. */
static inline sw_span_t shape_of(apr_pool_t *p, sw_document_e format,
                                 sw_span_t document)
{
    char *to = apr_palloc(p, document.n + 1);

    return format == SW_DOCUMENT_CXML ? xml_shape(to, document)
                                      : json_shape(to, document);
}

/* The character that begins at *i in a string of JSON, which moves to its end;
 * '?' for what is not ASCII. */
static inline char next_in_string(sw_span_t document, apr_size_t *i)
{
    char hex[5] = "", c = document.p[*i];
    long code;

    if (c != '\\' || *i + 1 >= document.n)
        return c;
    if (document.p[++*i] != 'u' || *i + 4 >= document.n)
        return document.p[*i];
    memcpy(hex, document.p + *i + 1, 4);
    *i += 4;
    code = strtol(hex, NULL, 16);
    return code < 0x80 ? (char)code : '?';
}

/** The number of placeholders that begin in the strings of a document of JSON,
 * "${" and "%{", in any spelling. */
static inline int count_placeholders(sw_span_t document)
{
    int count = 0, in_string = 0;
    char before = '\0';
    apr_size_t i;

    for (i = 0; i < document.n; i++) {
        char c = document.p[i];

        if (c == '"') {
            in_string = !in_string;
            before = '\0';
        }
        else if (in_string) {
            c = next_in_string(document, &i);
            count += c == '{' && (before == '$' || before == '%');
            before = c;
        }
    }
    return count;
}

/** A template that the probe has passed, with the schema of cXML. */
typedef struct subject_t {
    sw_document_e format;
    const sw_schema_t *schema;
    const sw_template_t *t;
} subject_t;

/**
 * Render the template for this body: the document must be good, with no more
 * markup than for harmless values, and no placeholder that those would not
 * make. @return NULL, or what is wrong
 */
static inline const char *broken_by(apr_pool_t *p, const subject_t *subject,
                                    sw_span_t body, sw_span_t *document)
{
    const sw_template_t *t = subject->t;
    sw_document_e format = subject->format;
    sw_span_t plain = render_for(p, t, harmless(p, body));
    sw_fault_t fault;

    *document = render_for(p, t, body);
    fault = check_document(p, format, subject->schema, *document);
    if (fault.reason)
        return fault.reason;
    if (document->n > SW_DOCUMENT_MAX)
        return "larger than 64 KiB";
    /* A list may end at the size limit. */
    if (document->n > SW_DOCUMENT_MAX / 2 || plain.n > SW_DOCUMENT_MAX / 2)
        return NULL;
    if (!sw_span_equal(shape_of(p, format, *document),
                       shape_of(p, format, plain)))
        return "a value became markup";
    if (format != SW_DOCUMENT_CXML
        && count_placeholders(*document) > count_placeholders(plain))
        return "a value became a placeholder";
    return NULL;
}

#endif
