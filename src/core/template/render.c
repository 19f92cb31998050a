/* SPDX-License-Identifier: Apache-2.0 */
/* See render.h. Appends to one buffer; put_character() escapes every character
 * of a value by the place that it stands in. */
#include <apr_strings.h>

#include "core/template/render.h"
#include "core/event/event.h"
#include "core/event/params.h"
#include "core/template/context.h"
#include "core/template/fault.h"
#include "core/template/helpers.h"
#include "core/text/text.h"

#define LIST_MAX 100 /* times that a section is rendered */

/* The document under construction, or the text within a helper. */
typedef struct sink_t {
    apr_pool_t *pool;    /* of the document */
    apr_pool_t *scratch; /* for the current value */
    const sw_template_t *t;
    const sw_lookup_t *lookup;
    apr_array_header_t *marks;
    char *to;
    apr_size_t n, capacity;
    apr_size_t left;     /* bytes that values may still take */
    sw_span_t item;      /* the current one of a list */
    int after_value;     /* the last byte is from a value */
    int raw;             /* within a helper: nothing is escaped yet */
} sink_t;

static void put(sink_t *s, const char *p, apr_size_t n)
{
    if (n == 0)
        return;
    if (n > s->capacity - s->n) {
        apr_size_t capacity = (s->n + n) * 2 + 256;
        char *to = apr_palloc(s->pool, capacity);

        if (s->n)
            memcpy(to, s->to, s->n);
        s->to = to;
        s->capacity = capacity;
    }
    memcpy(s->to + s->n, p, n);
    s->n += n;
}

static void put_text(sink_t *s, const char *text)
{
    put(s, text, strlen(text));
}

/* Does this byte, with the last one written, begin a placeholder of SWML,
 * ${...} or %{...}? */
static int completes_placeholder(const sink_t *s, char next)
{
    char last = s->n ? s->to[s->n - 1] : '\0';

    return next == '{' && (last == '$' || last == '%');
}

static void put_literal(sink_t *s, sw_span_t text)
{
    if (!s->raw && s->after_value && text.n && s->t->format != SW_DOCUMENT_CXML
        && completes_placeholder(s, *text.p))
        put_text(s, " ");
    put(s, text.p, text.n);
    s->after_value = 0;
}

/* The escape of a byte of ASCII in XML, or NULL. */
static const char *xml_escape(unsigned char c, int in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case ']': /* "]]>" */
        return in_attribute ? NULL : "&#93;";
    case '\r':
        return "&#13;";
    case '"':
        return in_attribute ? "&quot;" : NULL;
    case '\'':
        return in_attribute ? "&#39;" : NULL;
    case '\n':
        return in_attribute ? "&#10;" : NULL;
    case '\t':
        return in_attribute ? "&#9;" : NULL;
    default:
        return c < 0x20 ? SW_REPLACEMENT : NULL;
    }
}

static const char *json_escape(unsigned char c, char buffer[8])
{
    static const char from[] = "\"\\\n\r\t", *const to[] = {
        "\\\"", "\\\\", "\\n", "\\r", "\\t"
    };
    const char *known = c ? strchr(from, c) : NULL;

    if (known)
        return to[known - from];
    if (c == 0)
        return SW_REPLACEMENT;
    if (c >= 0x20)
        return NULL;
    apr_snprintf(buffer, 8, "\\u%04x", c);
    return buffer;
}

/* U+FFFE and U+FFFF are no characters of XML. */
static int is_noncharacter(const char *p, apr_size_t n)
{
    return n == 3 && memcmp(p, "\xef\xbf", 2) == 0
           && ((unsigned char)p[2] == 0xbe || (unsigned char)p[2] == 0xbf);
}

/* A character of a value, escaped for its place. @return 0 if it does not
 * fit */
static int put_character(sink_t *s, sw_place_e place, sw_span_t character,
                         int valid)
{
    unsigned char first = (unsigned char)*character.p;
    const char *escape = NULL;
    char buffer[8];
    apr_size_t length;

    if (!valid || is_noncharacter(character.p, character.n))
        escape = SW_REPLACEMENT;
    else if (character.n == 1)
        escape = place == SW_PLACE_STRING
                     ? json_escape(first, buffer)
                     : xml_escape(first, place == SW_PLACE_ATTRIBUTE);
    length = escape ? strlen(escape) : character.n;
    if (length + 1 > s->left)
        return 0;
    s->left -= length;
    if (place == SW_PLACE_STRING && !escape
        && completes_placeholder(s, *character.p)) {
        put_text(s, " ");
        s->left--;
    }
    put(s, escape ? escape : character.p, length);
    return 1;
}

/* At most SW_TEMPLATE_VALUE_MAX bytes of a value, in whole characters. */
static sw_span_t cut(sw_span_t text)
{
    apr_size_t at = 0, n = 0;
    int valid;

    if (text.n <= SW_TEMPLATE_VALUE_MAX)
        return text;
    for (; at + n <= SW_TEMPLATE_VALUE_MAX; n = sw_text_next(text, at, &valid))
        at += n;
    return sw_span_of(text.p, at);
}

static void put_value(sink_t *s, sw_place_e place, sw_span_t text)
{
    apr_size_t at = 0, n;
    int valid;

    if (s->raw && s->n + text.n > SW_DOCUMENT_MAX)
        return;
    if (s->raw || place == SW_PLACE_NUMBER) {
        put(s, sw_span_text(text), text.n);
        s->left -= s->raw || text.n > s->left ? 0 : text.n;
        return;
    }
    for (; at < text.n; at += n) {
        n = sw_text_next(text, at, &valid);
        if (!put_character(s, place, sw_span_of(text.p + at, n), valid))
            break;
        s->after_value = 1;
    }
}

static sw_span_t value_of_segment(const sink_t *s, const sw_segment_t *name)
{
    return name->source == SW_SOURCE_ITEM
               ? s->item
               : s->lookup->value(s->scratch, s->lookup->data, name);
}

static void render(sink_t *s, int from, int to);

static void render_helper(sink_t *s, const sw_segment_t *segment, int index)
{
    sink_t inner = *s;
    sw_span_t text;

    apr_pool_create(&inner.pool, s->pool);
    inner.to = NULL;
    inner.n = inner.capacity = 0;
    inner.raw = 1;
    inner.marks = NULL;
    render(&inner, index + 1, segment->end);
    text = sw_helper_apply(inner.pool, segment->helper,
                           sw_span_of(inner.to, inner.n));
    /* Whole or not at all: half of an escape is no escape. A number is
     * replaced by 0, since a document without it is not well-formed. */
    if (s->raw || text.n < s->left
        || (segment->helper != SW_HELPER_DIGITS
            && segment->helper != SW_HELPER_NUMBER
            && segment->helper != SW_HELPER_URLENCODE))
        put_value(s, segment->place, text);
    else if (segment->helper != SW_HELPER_URLENCODE)
        put_text(s, "0");
    s->left = inner.left < s->left ? inner.left : s->left;
    apr_pool_destroy(inner.pool);
}

/* Bytes that segments take whatever the values are: the text of each, and two
 * more for a blank or a "0". */
static apr_size_t fixed_size(const sw_template_t *t, int from, int to)
{
    apr_size_t n = 0;

    for (; from < to; from++)
        n += 2
             + (t->segments[from].type == SW_SEGMENT_TEXT
                    ? t->segments[from].text.n
                    : 0);
    return n;
}

/* Render a section for each of its values, unless all are empty. */
static void render_section(sink_t *s, const sw_segment_t *segment, int index)
{
    apr_array_header_t *values;
    sw_span_t outer = s->item;
    apr_pool_t *lists; /* a list within a list is looked up each time */
    int i, is_set = 0;

    apr_pool_create(&lists, s->pool);
    values = s->lookup->list(lists, s->lookup->data, segment);
    for (i = 0; i < values->nelts; i++)
        is_set |= APR_ARRAY_IDX(values, i, sw_span_t).n > 0;
    if (segment->type == SW_SEGMENT_INVERTED && !is_set)
        render(s, index + 1, segment->end);
    for (i = 0; segment->type == SW_SEGMENT_SECTION && is_set
                && i < values->nelts && i < (segment->once ? 1 : LIST_MAX);
         i++) {
        /* A repetition counts as if it came from a value. */
        apr_size_t more = i ? fixed_size(s->t, index + 1, segment->end) + 64
                            : 0;

        if (more > s->left)
            break;
        s->left -= more;
        s->item = APR_ARRAY_IDX(values, i, sw_span_t);
        render(s, index + 1, segment->end);
    }
    s->item = outer;
    apr_pool_destroy(lists);
}

static void render(sink_t *s, int from, int to)
{
    int i = from;

    while (i < to) {
        const sw_segment_t *segment = s->t->segments + i;

        if (s->marks) {
            sw_mark_t *mark = apr_array_push(s->marks);

            mark->at = s->n;
            mark->line = segment->line;
        }
        switch (segment->type) {
        case SW_SEGMENT_TEXT:
            put_literal(s, segment->text);
            break;
        case SW_SEGMENT_VALUE:
            put_value(s, segment->place, cut(value_of_segment(s, segment)));
            apr_pool_clear(s->scratch);
            break;
        case SW_SEGMENT_HELPER:
            render_helper(s, segment, i);
            break;
        default:
            render_section(s, segment, i);
        }
        i = segment->end;
    }
}

sw_span_t sw_segments_render(apr_pool_t *pool, const sw_template_t *t,
                             const sw_lookup_t *lookup,
                             apr_array_header_t *marks)
{
    sink_t s = { .pool = pool, .t = t, .lookup = lookup, .marks = marks };
    apr_size_t fixed = fixed_size(t, 0, t->count);

    s.left = fixed < SW_DOCUMENT_MAX ? SW_DOCUMENT_MAX - fixed : 0;
    apr_pool_create(&s.scratch, pool);
    render(&s, 0, t->count);
    apr_pool_destroy(s.scratch);
    return sw_span_of(s.to, s.n);
}

/* A request as the source of values. */
static sw_span_t value_of(apr_pool_t *pool, void *data,
                          const sw_segment_t *name)
{
    const sw_values_t *values = data;

    switch (name->source) {
    case SW_SOURCE_EVENT:
        return sw_event_value(values->event, name->text.p);
    case SW_SOURCE_ENV:
        return sw_span(apr_table_get(values->env, name->text.p));
    default:
        return sw_param(pool, values->params, name->text.p);
    }
}

static apr_array_header_t *list_of(apr_pool_t *pool, void *data,
                                   const sw_segment_t *name)
{
    const sw_values_t *values = data;
    apr_array_header_t *list;

    if (name->source == SW_SOURCE_PARAM)
        return sw_param_list(pool, values->params, name->text.p);
    list = apr_array_make(pool, 1, sizeof(sw_span_t));
    APR_ARRAY_PUSH(list, sw_span_t) = value_of(pool, data, name);
    return list;
}

int sw_template_asks_params(const sw_template_t *t)
{
    return t->asks_params;
}

int sw_template_asks_event(const sw_template_t *t)
{
    return t->asks_event;
}

sw_span_t sw_template_render(apr_pool_t *pool, const sw_template_t *t,
                             const sw_values_t *values)
{
    sw_lookup_t lookup = { value_of, list_of,
                           (void *)(apr_uintptr_t)values };

    return sw_segments_render(pool, t, &lookup, NULL);
}
