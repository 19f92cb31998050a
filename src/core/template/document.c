/* SPDX-License-Identifier: Apache-2.0 */
/* Documents, and cXML by libxml2; see document.h. */
#include <apr_strings.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>

#include "core/template/document.h"
#include "core/template/vocabulary.h"
#include "cxml_rng.h"

#define XML_DEPTH_MAX 32
#define NAMES_MAX 65536 /* bytes of names in a parser that is kept */

#if LIBXML_VERSION >= 21200
typedef const xmlError *xml_error_t;
#else
typedef xmlErrorPtr xml_error_t;
#endif

/* cXML */

struct sw_schema_t {
    xmlRelaxNGPtr grammar;
};

/* One check of a document, and its results so far. */
typedef struct check_t {
    apr_pool_t *pool;
    const sw_schema_t *schema; /* NULL: no tree is needed */
    sw_advice_t *advice;       /* NULL: none is wanted, or there is one */
    xmlDocPtr doc;             /* once there is one */
    sw_fault_t root;           /* what is wrong with the root element */
    sw_fault_t fault;
    int weight;
} check_t;

typedef struct position_t {
    int line, column; /* 0: unknown */
} position_t;

static const position_t nowhere = { 0, 0 };

/* Keep the first of the faults with the greatest weight. */
static void keep_worst(check_t *check, int weight, const char *reason,
                       position_t at)
{
    if (weight <= check->weight)
        return;
    check->weight = weight;
    check->fault = sw_fault_make(check->pool, reason, at.line, at.column);
}

static void ignore_error(void *data, xml_error_t error)
{
    (void)data;
    (void)error;
}

/* Errors without a context, such as those of a conversion, are printed by
 * libxml2 unless the thread has a handler. PHP, which uses libxml2 too, may
 * have set one. */
typedef struct error_handler_t {
    xmlStructuredErrorFunc handler;
    void *data;
} error_handler_t;

static error_handler_t mute_errors(void)
{
    error_handler_t before = { xmlStructuredError, xmlStructuredErrorContext };

    xmlSetStructuredErrorFunc(NULL, ignore_error);
    return before;
}

static void restore_errors(error_handler_t before)
{
    xmlResetLastError();
    xmlSetStructuredErrorFunc(before.data, before.handler);
}

/* Only fatal errors count: an undeclared prefix, such as that of Amazon's
 * <amazon:effect>, is not fatal. */
static void on_parse_error(void *data, xml_error_t error)
{
    xmlParserCtxtPtr parser = data;

    if (error->level == XML_ERR_FATAL)
        keep_worst(parser->_private, 1,
                   error->message ? error->message : "not well-formed XML",
                   (position_t){ error->line, error->int2 });
}

static void stop(xmlParserCtxtPtr parser, const char *reason)
{
    keep_worst(parser->_private, 2, reason,
               (position_t){ parser->input->line, parser->input->col });
    xmlStopParser(parser);
}

/* The whole text is in memory and needs no conversion. Without this, some
 * versions move the rest of the text each time that they look for more. */
static void on_begin(void *data)
{
    xmlParserCtxtPtr parser = data;
    check_t *check = parser->_private;
    xmlParserInputBufferPtr buffer = parser->input->buf;

    if (buffer && !buffer->encoder)
        buffer->readcallback = NULL;
    if (check->schema)
        xmlSAX2StartDocument(data);
}

static void on_doctype(void *data, const xmlChar *name,
                       const xmlChar *external_id, const xmlChar *system_id)
{
    (void)name;
    (void)external_id;
    (void)system_id;
    stop(data, "has a DOCTYPE");
}

static void note_root(check_t *check, const xmlChar *name,
                      const xmlChar *prefix, int line)
{
    if (prefix || strcmp((const char *)name, "Response") != 0)
        check->root =
            sw_fault_make(check->pool,
                          apr_psprintf(check->pool,
                                       "the root is %s%s%s, not Response",
                                       prefix ? (const char *)prefix : "",
                                       prefix ? ":" : "", (const char *)name),
                          line, 0);
}

static void advise_cxml(check_t *check, const char *reason, int line)
{
    if (!reason)
        return;
    check->advice->fault = sw_fault_make(check->pool, reason, line, 0);
    check->advice = NULL; /* the first is enough */
}

/* Names with a prefix are not SignalWire's; the caller skips them. */
static void advise_names(xmlParserCtxtPtr parser, const xmlChar *name,
                         const xmlChar **attributes, int count)
{
    check_t *check = parser->_private;
    const char *element = (const char *)name;
    int i, line = parser->input->line;

    if (parser->nameNr > 0)
        advise_cxml(check,
                    sw_vocabulary_element(check->pool, check->advice->channel,
                                          (const char *)parser->name, element),
                    line);
    for (i = 0; i < count && check->advice; i++, attributes += 5) {
        if (!attributes[1])
            advise_cxml(check,
                        sw_vocabulary_attribute(check->pool, element,
                                                sw_span((const char *)
                                                            attributes[0])),
                        line);
    }
}

/* The parameters are libxml2's. */
static void on_element(void *data, const xmlChar *name, const xmlChar *prefix,
                       const xmlChar *uri, int namespaces,
                       const xmlChar **namespace, int attributes, int defaulted,
                       const xmlChar **attribute)
{
    xmlParserCtxtPtr parser = data;
    check_t *check = parser->_private;
    const xmlChar *undeclared[] = { prefix, BAD_CAST "urn:undeclared" };

    if (parser->nameNr == 0)
        note_root(check, name, prefix, parser->input->line);
    if (parser->nameNr >= XML_DEPTH_MAX) {
        stop(parser, "elements are nested more than 32 deep");
        return;
    }
    if (check->advice && !prefix)
        advise_names(parser, name, attribute, attributes);
    if (!check->schema)
        return;
    if (prefix && !uri) { /* so that the schema sees it as foreign */
        uri = undeclared[1];
        namespaces = 1;
        namespace = undeclared;
    }
    xmlSAX2StartElementNs(data, name, prefix, uri, namespaces, namespace,
                          attributes, defaulted, attribute);
}

/* Parse, and leave a tree to free if there is a schema. */
static void parse_cxml(check_t *check, xmlParserCtxtPtr parser, sw_span_t text)
{
    parser->_private = check;
    if (!check->schema) { /* a tree would cost more than the parsing */
        memset(parser->sax, 0, sizeof(*parser->sax));
        parser->sax->initialized = XML_SAX2_MAGIC;
    }
    parser->sax->serror = on_parse_error;
    parser->sax->startDocument = on_begin;
    parser->sax->internalSubset = on_doctype;
    parser->sax->startElementNs = on_element;
    check->doc = xmlCtxtReadMemory(parser, text.p, (int)text.n, NULL, NULL,
                                   XML_PARSE_NONET);
    if (!parser->wellFormed)
        keep_worst(check, 1, "not well-formed XML", nowhere);
    if (!check->fault.reason)
        check->fault = check->root;
}

/* The line of the first element of that name; 0 if there is none. */
static int element_line(xmlNodePtr node, const char *name)
{
    int line = 0;

    for (; node && name && !line; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        line = strcmp((const char *)node->name, name) == 0
                   ? (int)xmlGetLineNo(node)
                   : element_line(node->children, name);
    }
    return line;
}

/* An error that names an attribute or an element weighs most; one that says
 * that a value or a content model does not match, least. */
static void on_invalid(void *data, xml_error_t error)
{
    check_t *check = data;
    const char *reason = error->message ? error->message : "not valid cXML";
    position_t at = { error->line, 0 };
    int weight = 2;

    switch (error->code) {
    case XML_RELAXNG_ERR_INVALIDATTR:
        weight = 3;
        break;
    case XML_RELAXNG_ERR_ATTRVALID:
        if (error->str1)
            reason = apr_psprintf(check->pool,
                                  "An attribute of %s is wrong or missing",
                                  error->str1);
        break;
    case XML_RELAXNG_ERR_NOELEM:
        reason = "An element is missing";
        weight = 1;
        break;
    case XML_RELAXNG_ERR_VALUE:
        weight = 1;
        break;
    }
    if (!at.line) /* libxml2 does not know it for an only child */
        at.line = element_line(check->doc->children, error->str1);
    keep_worst(check, weight, reason, at);
}

static void validate(check_t *check, const sw_schema_t *schema)
{
    xmlRelaxNGValidCtxtPtr validator = xmlRelaxNGNewValidCtxt(schema->grammar);
    sw_fault_t none = { 0 };

    if (!validator) {
        keep_worst(check, 1, "no memory", nowhere);
        return;
    }
    xmlRelaxNGSetValidStructuredErrors(validator, on_invalid, check);
    if (xmlRelaxNGValidateDoc(validator, check->doc) == 0)
        check->fault = none; /* errors of alternatives that were not taken */
    else
        keep_worst(check, 1, "not valid cXML", nowhere);
    xmlRelaxNGFreeValidCtxt(validator);
}

static apr_status_t free_schema(void *data)
{
    sw_schema_t *schema = data;

    xmlRelaxNGFree(schema->grammar);
    return APR_SUCCESS;
}

sw_schema_t *sw_schema_make(apr_pool_t *pool)
{
    sw_schema_t *schema = apr_palloc(pool, sizeof(*schema));
    xmlRelaxNGParserCtxtPtr parser;
    error_handler_t before;

    xmlInitParser();
    before = mute_errors();
    parser = xmlRelaxNGNewMemParserCtxt(sw_cxml_rng, sizeof(sw_cxml_rng) - 1);
    schema->grammar = parser ? xmlRelaxNGParse(parser) : NULL;
    xmlRelaxNGFreeParserCtxt(parser);
    restore_errors(before);
    if (!schema->grammar)
        return NULL;
    apr_pool_cleanup_register(pool, schema, free_schema, apr_pool_cleanup_null);
    return schema;
}

/* Check with the given parser, or make one. */
static void check_cxml(check_t *check, xmlParserCtxtPtr *parser, sw_span_t text)
{
    const char *reason = sw_document_refuse(text);
    error_handler_t before;

    if (!reason && sw_is_blank(*text.p))
        reason = "begins with a blank";
    if (reason) {
        keep_worst(check, 1, reason, nowhere);
        return;
    }
    before = mute_errors();
    if (!*parser)
        *parser = xmlNewParserCtxt();
    if (*parser)
        parse_cxml(check, *parser, text);
    else
        keep_worst(check, 1, "no memory", nowhere);
    if (check->schema && !check->fault.reason)
        validate(check, check->schema);
    xmlFreeDoc(check->doc);
    restore_errors(before);
}

sw_fault_t sw_cxml_check(apr_pool_t *pool, const sw_schema_t *schema,
                         sw_span_t text)
{
    check_t check = { .pool = pool, .schema = schema };
    xmlParserCtxtPtr parser = NULL;

    check_cxml(&check, &parser, text);
    xmlFreeParserCtxt(parser);
    return check.fault;
}

struct sw_parser_t {
    xmlParserCtxtPtr context; /* NULL: to be made */
};

static apr_status_t free_parser(void *data)
{
    sw_parser_t *parser = data;

    xmlFreeParserCtxt(parser->context);
    parser->context = NULL;
    return APR_SUCCESS;
}

sw_parser_t *sw_parser_make(apr_pool_t *pool)
{
    sw_parser_t *parser = apr_pcalloc(pool, sizeof(*parser));

    apr_pool_cleanup_register(pool, parser, free_parser, apr_pool_cleanup_null);
    return parser;
}

sw_fault_t sw_cxml_check_again(apr_pool_t *pool, sw_parser_t *parser,
                               sw_span_t text, sw_advice_t *advice)
{
    check_t check = { .pool = pool, .advice = advice };
    sw_parser_t own = { NULL };
    sw_parser_t *used = parser ? parser : &own;

    if (advice)
        memset(&advice->fault, 0, sizeof(advice->fault));
    check_cxml(&check, &used->context, text);
    /* The parser keeps every name that it has read: free it before an
     * application fills the memory. */
    if (used->context
        && (!parser || xmlDictGetUsage(used->context->dict) > NAMES_MAX))
        free_parser(used);
    return check.fault;
}
