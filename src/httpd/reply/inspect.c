/* SPDX-License-Identifier: Apache-2.0 */
/* See inspect.h. */
#include <apr_strings.h>

#include "httpd/reply/inspect.h"
#include "core/template/context.h"
#include "core/template/document.h"
#include "core/template/swml.h"
#include "core/text/text.h"
#include "httpd/reply/reply.h"

static sw_span_t skip_blanks(sw_span_t text)
{
    while (text.n && apr_isspace(*text.p))
        text = sw_span_from(text, 1);
    return text;
}

static char first_of(sw_span_t text)
{
    text = skip_blanks(text);
    return text.n ? *text.p : '\0';
}

int sw_may_be_whole(sw_span_t text)
{
    text = skip_blanks(text);
    return text.n && strchr("<{[", *text.p);
}

/* Without a byte order mark and blanks, which SignalWire does not accept. */
static sw_span_t without_blanks(sw_span_t text)
{
    static const char mark[] = "\xef\xbb\xbf";

    if (sw_span_starts(text, sw_span(mark)))
        text = sw_span_from(text, strlen(mark));
    return first_of(text) == '<' ? skip_blanks(text) : text;
}

/* The Content-Type without parameters. */
static sw_span_t type_of(const request_rec *r)
{
    sw_span_t type = sw_span(r->content_type);

    return sw_span_trim(sw_span_of(type.p, sw_span_find(type, ';')));
}

static int ends_with(sw_span_t text, const char *end)
{
    apr_size_t n = strlen(end);

    return text.n >= n
           && sw_span_equal_nocase(sw_span_from(text, text.n - n),
                                   sw_span(end));
}

static int is_yaml(const request_rec *r)
{
    return ends_with(type_of(r), "yaml");
}

static const char parser_key[] = "mod_signalwire_parser";

void sw_inspect_child_init(apr_pool_t *pchild, server_rec *s)
{
    (void)s;
#if AP_HAS_THREAD_LOCAL
    if (ap_thread_current())
        apr_thread_data_set(sw_parser_make(pchild), parser_key, NULL,
                            ap_thread_current());
#endif
}

/* Each thread keeps a parser. */
static sw_parser_t *parser_of(request_rec *r)
{
    apr_thread_t *thread = r->connection->current_thread;
    void *parser = NULL;

    if (!thread)
        return NULL;
    apr_thread_data_get(&parser, parser_key, thread);
    if (!parser) {
        parser = sw_parser_make(apr_thread_pool_get(thread));
        apr_thread_data_set(parser, parser_key, NULL, thread);
    }
    return parser;
}

static sw_fault_t check_swml(request_rec *r, sw_span_t text,
                             sw_advice_t *advice)
{
    sw_fault_t fault = sw_swml_check(r->pool, text, advice);

    /* YAML in flow style: braces, but not JSON. */
    if (fault.reason && is_yaml(r) && sw_json_check(r->pool, text).reason)
        return sw_fault(sw_document_refuse(text));
    return fault;
}

static sw_fault_t check_document(request_rec *r, sw_span_t text,
                                 sw_advice_t *advice)
{
    switch (first_of(text)) {
    case '<':
        return sw_cxml_check_again(r->pool, parser_of(r), text, advice);
    case '{':
    case '[':
        return check_swml(r, text, advice);
    default:
        return sw_fault(is_yaml(r) ? sw_document_refuse(text)
                                   : "neither cXML nor SWML");
    }
}

static sw_fault_t check_reply(request_rec *r, const sw_event_t *event,
                              sw_span_t text)
{
    sw_advice_t advice = { event->channel, { NULL, 0, 0 } };
    sw_fault_t fault;

    if (event->response == SW_RESPONSE_JSON)
        return sw_json_check(r->pool, text);
    fault = check_document(r, text, &advice);
    if (!fault.reason && advice.fault.reason)
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      "SW0126: the reply to %s "
                      "passes, but SignalWire may not take it: %s%s",
                      event->fields[SW_FIELD_EVENT].p, advice.fault.reason,
                      sw_fault_place(r->pool, advice.fault));
    return fault;
}

sw_fault_t sw_inspect(request_rec *r, const sw_event_t *event, sw_span_t *text)
{
    const int any_status = (event->flags & SW_EVENT_ANY_STATUS) != 0;
    const char *coding = sw_coding_of(r);

    if (any_status && r->status >= 400 && !text->n)
        return sw_fault(NULL);
    if (!any_status && !ap_is_HTTP_SUCCESS(r->status))
        return sw_fault(apr_psprintf(r->pool, "status %d", r->status));
    if (coding && strcasecmp(coding, "identity") != 0)
        return sw_fault("its Content-Encoding cannot be looked into");
    *text = without_blanks(*text);
    if (!first_of(*text))
        return sw_fault(event->flags & SW_EVENT_MAY_BE_EMPTY ? NULL : "empty");
    return check_reply(r, event, *text);
}

/* ---- Content-Type ------------------------------------------------------ */

/* SignalWire's own samples answer with SWML as text/plain. */
static int is_right_type(sw_span_t type, int is_xml)
{
    if (is_xml)
        return (ends_with(type, "/xml") || ends_with(type, "+xml"))
               && !ends_with(type, "/xhtml+xml");
    return ends_with(type, "json") || ends_with(type, "yaml")
           || ends_with(type, "text/plain") || ends_with(type, "text/swaig");
}

/* The charset of the Content-Type; NULL and 0 for none. */
static sw_span_t charset_of(const request_rec *r)
{
    const char *at = r->content_type ? strchr(r->content_type, ';') : NULL;
    sw_span_t name;

    while (at
           && strncasecmp(at += 1 + strspn(at + 1, " \t"), "charset=", 8) != 0)
        at = strchr(at, ';');
    if (!at)
        return sw_span(NULL);
    name = sw_span(at + 8);
    name = sw_span_trim(sw_span_of(name.p, sw_span_find(name, ';')));
    if (name.n > 1 && *name.p == '"' && name.p[name.n - 1] == '"')
        name = sw_span_of(name.p + 1, name.n - 2);
    return name;
}

static int is_utf8(sw_span_t text, int *is_ascii)
{
    apr_size_t i;
    int valid = 1;

    *is_ascii = 1;
    for (i = 0; i < text.n && valid; i += sw_text_next(text, i, &valid))
        *is_ascii &= (unsigned char)text.p[i] < 0x80;
    return valid;
}

/* Does the charset encode ASCII in other bytes? */
static int is_wide(sw_span_t charset)
{
    static const char *const wide[] = { "utf-16", "utf-32", "utf-7", "ucs-",
                                        "iso-10646" };
    apr_size_t i;

    for (i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
        if (sw_span_starts_nocase(charset, sw_span(wide[i])))
            return 1;
    }
    return 0;
}

/* The charset of the document if Content-Type names another; NULL and 0 if both
 * agree, or if the text does not show its charset. */
static sw_span_t actual_charset(const request_rec *r, sw_span_t text,
                                int is_xml)
{
    sw_span_t charset = charset_of(r);
    sw_span_t declared = is_xml ? sw_document_encoding(text) : sw_span(NULL);
    sw_span_t right = declared.n ? declared : sw_span("utf-8");
    int is_ascii, utf8 = is_utf8(text, &is_ascii);

    if (!charset.n || sw_span_equal_nocase(charset, right)
        || (sw_span_equal_nocase(charset, sw_span("utf8"))
            && sw_span_equal_nocase(right, sw_span("utf-8")))
        || (!declared.n && (!utf8 || (is_ascii && !is_wide(charset)))))
        return sw_span(NULL);
    return right;
}

/* @return the repaired part of the Content-Type, or NULL */
static const char *repair_type(request_rec *r, sw_span_t text)
{
    int is_xml = first_of(text) == '<';
    sw_span_t type = type_of(r), charset;

    if (!is_right_type(type, is_xml)) {
        ap_set_content_type(r, sw_content_type(is_xml ? SW_DOCUMENT_CXML
                                                      : SW_DOCUMENT_JSON));
        return "its Content-Type";
    }
    charset = actual_charset(r, text, is_xml);
    if (!charset.n)
        return NULL;
    ap_set_content_type(r,
                        apr_psprintf(r->pool, "%.*s; charset=%.*s", (int)type.n,
                                     type.p, (int)charset.n, charset.p));
    return "its charset";
}

void sw_repair(request_rec *r, const sw_event_t *event, sw_span_t text,
               const char *also)
{
    const char *label = text.n ? repair_type(r, text) : NULL;

    if (label || also)
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      "SW0125: the reply to %s is repaired: %s%s%s",
                      event->fields[SW_FIELD_EVENT].p, also ? also : "",
                      also && label ? ", " : "", label ? label : "");
}
