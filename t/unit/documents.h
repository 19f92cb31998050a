/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of t/documents, and the result of a check as a line for a
 * log. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include <apr_file_io.h>

#include "core/template/document.h"
#include "core/template/swml.h"
#include "core/text/text.h"
#include "tap.h"

static const sw_schema_t *schema;
static sw_parser_t *parser;

static inline sw_span_t read_file(const char *path)
{
    apr_file_t *file;
    apr_finfo_t info;
    char *text;

    if (apr_file_open(&file, path, APR_READ, 0, pool) != APR_SUCCESS
        || apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS)
        return sw_span(NULL);
    text = apr_pcalloc(pool, (apr_size_t)info.size + 1);
    if (apr_file_read_full(file, text, (apr_size_t)info.size, NULL)
        != APR_SUCCESS && info.size > 0)
        return sw_span(NULL);
    apr_file_close(file);
    return sw_span_of(text, (apr_size_t)info.size);
}

static inline const char *in_source(const char *path)
{
    const char *source = getenv("SW_SOURCE");

    return apr_pstrcat(pool, source ? source : ".", "/t/documents/", path,
                       NULL);
}

/* As "line:column reason"; a clean line, or the test fails. */
static inline const char *said(sw_fault_t fault)
{
    sw_span_t reason = sw_span(fault.reason);
    apr_size_t i;
    int clean = reason.n <= 200 && fault.line >= 0 && fault.column >= 0;

    if (!fault.reason)
        return "nothing";
    for (i = 0; i < reason.n; i++)
        clean = clean && (unsigned char)reason.p[i] >= ' '
                && reason.p[i] != 0x7f;
    clean = clean && sw_text_clean(pool, reason).p == reason.p && reason.n > 0;
    return clean ? apr_psprintf(pool, "%d:%d %s", fault.line, fault.column,
                                fault.reason)
                 : "(not clean)";
}

/* Without a schema, a parser that is kept gives the same result as a new
 * one. */
static inline const char *cxml(const sw_schema_t *with, sw_span_t text)
{
    const char *fault = said(sw_cxml_check(pool, with, tap_exact(text)));
    const char *again;

    if (with)
        return fault;
    again = said(sw_cxml_check_again(pool, parser, tap_exact(text), NULL));
    return strcmp(fault, again) == 0
           ? fault : apr_pstrcat(pool, fault, ", then ", again, NULL);
}

static inline const char *swml(sw_span_t text)
{
    return said(sw_swml_check(pool, tap_exact(text), NULL));
}

static inline const char *advice(sw_channel_e channel, sw_span_t text)
{
    sw_advice_t a = { channel, { "left alone", 0, 0 } };
    sw_fault_t fault = text.n && *text.p == '<'
                       ? sw_cxml_check_again(pool, parser, tap_exact(text), &a)
                       : sw_swml_check(pool, tap_exact(text), &a);

    return fault.reason ? apr_pstrcat(pool, "fault ", said(fault), NULL)
                        : said(a.fault);
}

static inline const char *json(sw_span_t text)
{
    return said(sw_json_check(pool, tap_exact(text)));
}

#endif
