/* SPDX-License-Identifier: Apache-2.0 */
/* See context.h. */
#include "core/template/context.h"

enum {
    OUTSIDE,   /* XML: text; JSON: between strings */
    TAG,       /* after '<' */
    NAME,      /* of an element */
    INSIDE,    /* a tag, between attributes */
    ATTRIBUTE, /* its name, and up to the quote */
    VALUE,     /* of an attribute */
    BANG,      /* after "<!" */
    COMMENT,
    CDATA,
    PROCESSING,
    STRING
};

static const char *const names[] = {
    "the document outside of its elements", "markup", "the name of an element",
    "a tag, between its attributes", "the name of an attribute", "a value",
    "markup", "a comment", "a CDATA section", "a processing instruction",
    "a string"
};

static const char *terminator_of(int state)
{
    return state == COMMENT ? "-->" : state == CDATA ? "]]>" : "?>";
}

/* In a comment, a CDATA section or a processing instruction, look for the end
 * only. */
static void read_opaque(sw_context_t *x, char c)
{
    const char *end = terminator_of(x->state);

    if (c == end[x->matched])
        x->matched++;
    else if (!(x->matched == 2 && c == end[1])) /* "--->", "]]]>" */
        x->matched = c == end[0];
    if (!end[x->matched])
        x->state = OUTSIDE;
}

/* "<!--" or "<![CDATA["; a DOCTYPE might bring entities. */
static const char *read_bang(sw_context_t *x, char c)
{
    static const char comment[] = "--", cdata[] = "[CDATA[";
    const char *begin = x->matched ? (x->last == '-' ? comment : cdata)
                                   : (c == '-' ? comment : cdata);

    if (c != begin[x->matched])
        return "a DOCTYPE or another declaration";
    if (!begin[++x->matched]) {
        x->state = begin == comment ? COMMENT : CDATA;
        x->matched = 0;
    }
    return NULL;
}

static void step_out(sw_context_t *x)
{
    if (--x->depth < x->lowest)
        x->lowest = x->depth;
}

static void close_tag(sw_context_t *x)
{
    if (x->is_close)
        step_out(x);
    else if (x->last != '/')
        x->depth++;
    x->state = OUTSIDE;
}

static const char *read_tag(sw_context_t *x, char c)
{
    x->is_close = c == '/';
    x->matched = 0;
    x->state = c == '!' ? BANG : c == '?' ? PROCESSING : NAME;
    return sw_is_blank(c) || c == '>' ? "a '<' that begins no element" : NULL;
}

static const char *read_in_tag(sw_context_t *x, char c)
{
    if (c == '>') {
        close_tag(x);
    }
    else if (x->state == ATTRIBUTE && (c == '"' || c == '\'')) {
        if (x->last != '=')
            return "an attribute without '='";
        x->quote = c;
        x->state = VALUE;
        x->depth++;
    }
    else if (sw_is_blank(c)) {
        if (x->state == NAME)
            x->state = INSIDE;
    }
    else if (x->state == INSIDE && c != '/') {
        x->state = ATTRIBUTE;
    }
    return NULL;
}

static const char *read_xml_byte(sw_context_t *x, char c)
{
    const char *fault = NULL;

    switch (x->state) {
    case OUTSIDE:
        x->in_reference = c == '&' || (x->in_reference && c != ';');
        if (c == '<')
            x->state = TAG;
        break;
    case TAG:
        fault = read_tag(x, c);
        break;
    case VALUE:
        x->in_reference = c == '&' || (x->in_reference && c != ';');
        if (c == '<')
            return "'<' in an attribute; expected &lt;";
        if (c == x->quote) {
            x->state = INSIDE;
            step_out(x);
        }
        break;
    case BANG:
        fault = read_bang(x, c);
        break;
    case COMMENT:
    case CDATA:
    case PROCESSING:
        read_opaque(x, c);
        break;
    default:
        fault = read_in_tag(x, c);
    }
    if (!sw_is_blank(c))
        x->last = c;
    return fault;
}

static void read_structure(sw_context_t *x, char c)
{
    if (c == '"') {
        x->state = STRING;
        x->depth++;
    }
    else if (c == '{' || c == '[') {
        x->depth++;
        x->objects = x->objects << 1 | (c == '{');
    }
    else if (c == '}' || c == ']') {
        x->objects >>= 1;
        step_out(x);
    }
    if (c == '{' || c == ',')
        x->at_name = (int)(x->objects & 1);
    else if (c == ':' || c == '[' || c == ']' || c == '}')
        x->at_name = 0;
}

/* SignalWire evaluates a placeholder: a caller's value must not be in it. */
static void read_placeholder(sw_context_t *x, char c)
{
    if (c == '{' && (x->braces || x->last == '$' || x->last == '%'))
        x->braces++;
    else if (c == '}' && x->braces)
        x->braces--;
}

static const char *read_string_byte(sw_context_t *x, char c)
{
    if (x->escape) {
        x->escape += c == 'u' && x->escape == 1 ? 3 : -1;
    }
    else if (c == '\\') {
        x->escape = 1;
    }
    else if (c == '"') {
        if (x->braces)
            return "a placeholder without its '}'";
        x->state = OUTSIDE;
        step_out(x);
    }
    else {
        read_placeholder(x, c);
    }
    x->last = c;
    return NULL;
}

static const char *read_json_byte(sw_context_t *x, char c)
{
    if (x->state == STRING)
        return read_string_byte(x, c);
    read_structure(x, c);
    x->last = '\0';
    return NULL;
}

const char *sw_context_read(sw_context_t *context, sw_span_t text)
{
    const char *fault = NULL;
    apr_size_t i;

    for (i = 0; !fault && i < text.n; i++)
        fault = context->format == SW_DOCUMENT_CXML
                    ? read_xml_byte(context, text.p[i])
                    : read_json_byte(context, text.p[i]);
    return fault;
}

/* Is this within a unit that a value must not split? */
static int is_within(const sw_context_t *x)
{
    return x->in_reference || x->escape || x->braces || x->at_name;
}

sw_place_e sw_context_place(const sw_context_t *context)
{
    if (is_within(context))
        return SW_PLACE_NONE;
    if (context->format != SW_DOCUMENT_CXML)
        return context->state == STRING ? SW_PLACE_STRING : SW_PLACE_NONE;
    if (context->state == VALUE)
        return SW_PLACE_ATTRIBUTE;
    return context->state == OUTSIDE && context->depth > 0 ? SW_PLACE_TEXT
                                                           : SW_PLACE_NONE;
}

const char *sw_context_name(const sw_context_t *context)
{
    if (context->in_reference)
        return "a reference, between '&' and ';'";
    if (context->escape)
        return "an escape, after its backslash";
    if (context->braces)
        return "a placeholder, which SignalWire would evaluate with it";
    if (context->state == STRING)
        return "the name of a member";
    return context->state == OUTSIDE && context->format != SW_DOCUMENT_CXML
               ? "JSON outside of its strings"
               : names[context->state];
}

int sw_context_may_branch(const sw_context_t *context)
{
    return (context->state == OUTSIDE || context->state == INSIDE
            || context->state == VALUE || context->state == STRING)
           && !(context->state == STRING && context->at_name)
           && !context->in_reference && !context->escape && !context->braces;
}

int sw_context_is_in_tag(const sw_context_t *context)
{
    return context->state == INSIDE || context->state == VALUE;
}

int sw_context_is_same(const sw_context_t *a, const sw_context_t *b)
{
    return a->state == b->state && a->depth == b->depth
           && a->in_reference == b->in_reference && a->escape == b->escape
           && a->braces == b->braces && a->at_name == b->at_name
           && (a->state != VALUE || a->quote == b->quote);
}
