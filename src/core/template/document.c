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
#define NAMES_MAX 65536 /* bytes that a parser which is kept may remember */

#if LIBXML_VERSION >= 21200
typedef const xmlError *xml_error_t;
#else
typedef xmlErrorPtr xml_error_t;
#endif

/* cXML */

struct sw_schema_t {
    xmlRelaxNGPtr grammar;
};

/* What a check has found so far. */
typedef struct finding_t {
    apr_pool_t *pool;
    const sw_schema_t *schema; /* NULL: no tree is needed */
    sw_advice_t *advice;       /* NULL: none is wanted, or there is one */
    xmlDocPtr doc;             /* once there is one */
    sw_fault_t root;           /* what is wrong with the root element */
    sw_fault_t fault;
    int weight;
} finding_t;

/* Of several, the first of those that say most is kept. */
static void keep_worst(finding_t *finding, int weight, const char *reason,
                       int line, int column)
{
    if (weight <= finding->weight)
        return;
    finding->weight = weight;
    finding->fault = sw_fault_make(finding->pool, reason, line, column);
}

static void ignore_error(void *data, xml_error_t error)
{
    (void)data;
    (void)error;
}

/* Some errors have no context, such as those of a conversion; libxml2 prints
 * them unless the thread has a handler. PHP, which uses libxml2 too, may have
 * set one. */
typedef struct hush_t {
    xmlStructuredErrorFunc handler;
    void *data;
} hush_t;

static hush_t hush(void)
{
    hush_t before = { xmlStructuredError, xmlStructuredErrorContext };

    xmlSetStructuredErrorFunc(NULL, ignore_error);
    return before;
}

static void unhush(hush_t before)
{
    xmlResetLastError();
    xmlSetStructuredErrorFunc(before.data, before.handler);
}

/* Not every error means that a document is not well-formed: a prefix may be
 * undeclared, as that of Amazon's <amazon:effect> is. */
static void on_parse_error(void *data, xml_error_t error)
{
    xmlParserCtxtPtr parser = data;

    if (error->level == XML_ERR_FATAL)
        keep_worst(parser->_private, 1,
                   error->message ? error->message : "not well-formed XML",
                   error->line, error->int2);
}

static void stop(xmlParserCtxtPtr parser, const char *reason)
{
    keep_worst(parser->_private, 2, reason, parser->input->line,
               parser->input->col);
    xmlStopParser(parser);
}

/* Nothing is to be converted: all of the text is there. Some versions would
 * move the rest of it each time that they look for more. */
static void on_begin(void *data)
{
    xmlParserCtxtPtr parser = data;
    finding_t *finding = parser->_private;
    xmlParserInputBufferPtr buffer = parser->input->buf;

    if (buffer && !buffer->encoder)
        buffer->readcallback = NULL;
    if (finding->schema)
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

static void note_root(finding_t *finding, const xmlChar *name,
                      const xmlChar *prefix, int line)
{
    if (prefix || strcmp((const char *)name, "Response") != 0)
        finding->root =
            sw_fault_make(finding->pool,
                          apr_psprintf(finding->pool,
                                       "the root is %s%s%s, not Response",
                                       prefix ? (const char *)prefix : "",
                                       prefix ? ":" : "", (const char *)name),
                          line, 0);
}

static void advise_cxml(finding_t *finding, const char *reason, int line)
{
    if (!reason)
        return;
    finding->advice->fault = sw_fault_make(finding->pool, reason, line, 0);
    finding->advice = NULL; /* the first is enough */
}

/* Names with a prefix are not SignalWire's. */
static void advise_names(finding_t *finding, xmlParserCtxtPtr parser,
                         const xmlChar *name, const xmlChar **attributes,
                         int count)
{
    const char *element = (const char *)name;
    int i, line = parser->input->line;

    if (parser->nameNr > 0)
        advise_cxml(finding,
                    sw_vocabulary_element(finding->pool,
                                          finding->advice->channel,
                                          (const char *)parser->name, element),
                    line);
    for (i = 0; i < count && finding->advice; i++, attributes += 5) {
        if (!attributes[1])
            advise_cxml(finding,
                        sw_vocabulary_attribute(finding->pool, element,
                                                sw_span((const char *)
                                                            attributes[0])),
                        line);
    }
}

static void on_element(void *data, const xmlChar *name, const xmlChar *prefix,
                       const xmlChar *uri, int namespaces,
                       const xmlChar **namespace, int attributes, int defaulted,
                       const xmlChar **attribute)
{
    xmlParserCtxtPtr parser = data;
    finding_t *finding = parser->_private;
    const xmlChar *undeclared[] = { prefix, BAD_CAST "urn:undeclared" };

    if (parser->nameNr == 0)
        note_root(finding, name, prefix, parser->input->line);
    if (parser->nameNr >= XML_DEPTH_MAX) {
        stop(parser, "elements are nested more than 32 deep");
        return;
    }
    if (finding->advice && !prefix)
        advise_names(finding, parser, name, attribute, attributes);
    if (!finding->schema)
        return;
    if (prefix && !uri) { /* so that the schema sees that it is foreign */
        uri = undeclared[1];
        namespaces = 1;
        namespace = undeclared;
    }
    xmlSAX2StartElementNs(data, name, prefix, uri, namespaces, namespace,
                          attributes, defaulted, attribute);
}

/* Leaves a document to be freed, if there is a schema. */
static void parse_cxml(finding_t *finding, xmlParserCtxtPtr parser,
                       sw_span_t text)
{
    parser->_private = finding;
    if (!finding->schema) { /* a tree would cost more than the parsing */
        memset(parser->sax, 0, sizeof(*parser->sax));
        parser->sax->initialized = XML_SAX2_MAGIC;
    }
    parser->sax->serror = on_parse_error;
    parser->sax->startDocument = on_begin;
    parser->sax->internalSubset = on_doctype;
    parser->sax->startElementNs = on_element;
    finding->doc = xmlCtxtReadMemory(parser, text.p, (int)text.n, NULL, NULL,
                                     XML_PARSE_NONET);
    if (!parser->wellFormed)
        keep_worst(finding, 1, "not well-formed XML", 0, 0);
    if (!finding->fault.reason)
        finding->fault = finding->root;
}

/* Of the first element of that name; 0 for none. */
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

/* Those that name an attribute or element say most; that a value, or all that
 * was expected in a place, does not match, least. */
static void on_invalid(void *data, xml_error_t error)
{
    finding_t *finding = data;
    const char *reason = error->message ? error->message : "not valid cXML";
    int weight = 2;

    switch (error->code) {
    case XML_RELAXNG_ERR_INVALIDATTR:
        weight = 3;
        break;
    case XML_RELAXNG_ERR_ATTRVALID:
        if (error->str1)
            reason = apr_psprintf(finding->pool,
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
    keep_worst(finding, weight, reason,
               error->line ? error->line /* not known of an only child */
                           : element_line(finding->doc->children, error->str1),
               0);
}

static void validate(finding_t *finding, const sw_schema_t *schema)
{
    xmlRelaxNGValidCtxtPtr validator = xmlRelaxNGNewValidCtxt(schema->grammar);
    sw_fault_t none = { 0 };

    if (!validator) {
        keep_worst(finding, 1, "no memory", 0, 0);
        return;
    }
    xmlRelaxNGSetValidStructuredErrors(validator, on_invalid, finding);
    if (xmlRelaxNGValidateDoc(validator, finding->doc) == 0)
        finding->fault = none; /* some errors were of ways not taken */
    else
        keep_worst(finding, 1, "not valid cXML", 0, 0);
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
    hush_t before;

    xmlInitParser();
    before = hush();
    parser = xmlRelaxNGNewMemParserCtxt(sw_cxml_rng, sizeof(sw_cxml_rng) - 1);
    schema->grammar = parser ? xmlRelaxNGParse(parser) : NULL;
    xmlRelaxNGFreeParserCtxt(parser);
    unhush(before);
    if (!schema->grammar)
        return NULL;
    apr_pool_cleanup_register(pool, schema, free_schema, apr_pool_cleanup_null);
    return schema;
}

/* By the parser that is given, or one that is made for it. */
static void check_cxml(finding_t *finding, xmlParserCtxtPtr *parser,
                       sw_span_t text)
{
    const char *reason = sw_document_refuse(text);
    hush_t before;

    if (!reason && sw_is_blank(*text.p))
        reason = "begins with a blank";
    if (reason) {
        keep_worst(finding, 1, reason, 0, 0);
        return;
    }
    before = hush();
    if (!*parser)
        *parser = xmlNewParserCtxt();
    if (*parser)
        parse_cxml(finding, *parser, text);
    else
        keep_worst(finding, 1, "no memory", 0, 0);
    if (finding->schema && !finding->fault.reason)
        validate(finding, finding->schema);
    xmlFreeDoc(finding->doc);
    unhush(before);
}

sw_fault_t sw_cxml_check(apr_pool_t *pool, const sw_schema_t *schema,
                         sw_span_t text)
{
    finding_t finding = { .pool = pool, .schema = schema };
    xmlParserCtxtPtr parser = NULL;

    check_cxml(&finding, &parser, text);
    xmlFreeParserCtxt(parser);
    return finding.fault;
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
    finding_t finding = { .pool = pool, .advice = advice };
    sw_parser_t own = { NULL };
    sw_parser_t *used = parser ? parser : &own;

    if (advice)
        memset(&advice->fault, 0, sizeof(advice->fault));
    check_cxml(&finding, &used->context, text);
    /* It remembers every name that it has read: an application must not fill
     * the memory with them. */
    if (used->context
        && (!parser || xmlDictGetUsage(used->context->dict) > NAMES_MAX))
        free_parser(used);
    return finding.fault;
}
