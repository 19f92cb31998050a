/* SPDX-License-Identifier: Apache-2.0 */
/* See template.h: the compiler. Refuses every template that could fail
 * later. */
#include <apr_strings.h>

#include "core/template/template.h"
#include "core/template/helpers.h"
#include "core/template/segments.h"
#include "core/template/tag.h"

#define OPEN_MAX 16 /* sections within one another */

static const char *const helpers[SW_HELPER_COUNT] = {
    "e164", "digits", "urlencode", "lower", "upper", "number"
};

/* An open section, with the context at its begin. */
typedef struct open_t {
    int segment;
    sw_context_t context;
} open_t;

typedef struct compiler_t {
    apr_pool_t *pool;
    sw_span_t in;
    apr_size_t at;
    int line;
    apr_array_header_t *segments;
    sw_context_t context;
    open_t open[OPEN_MAX];
    int open_count;
    int helper_depth; /* open helpers */
    sw_fault_t *fault;
} compiler_t;

__attribute__((format(printf, 2, 3)))
static int fail(compiler_t *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    c->fault->reason = apr_pvsprintf(c->pool, format, args);
    va_end(args);
    c->fault->line = c->line;
    c->fault->column = 0;
    return 0;
}

static const char *short_name(const compiler_t *c, sw_span_t name)
{
    return apr_pstrmemdup(c->pool, sw_span_text(name),
                          name.n < 64 ? name.n : 64);
}

static sw_segment_t *segment_at(const compiler_t *c, int i)
{
    return &APR_ARRAY_IDX(c->segments, i, sw_segment_t);
}

static sw_segment_t *add_segment(compiler_t *c, sw_segment_e type,
                                 sw_span_t text)
{
    sw_segment_t *segment = apr_array_push(c->segments);

    memset(segment, 0, sizeof(*segment));
    segment->type = type;
    segment->text = sw_span_of(apr_pstrmemdup(c->pool, sw_span_text(text),
                                              text.n),
                               text.n);
    segment->helper = SW_HELPER_COUNT;
    segment->line = c->line;
    segment->end = c->segments->nelts;
    return segment;
}

/* Find markup, which the author must not write within a helper. */
static const char *markup_in(const compiler_t *c, sw_span_t text)
{
    const open_t *open = c->open + c->open_count - 1;
    apr_size_t i;

    for (i = 0; i < text.n; i++) {
        if (!text.p[i] || strchr("<>&\"'\\", text.p[i]))
            return apr_psprintf(c->pool,
                                "markup within the helper {{#%s}}, or "
                                "that is not closed; expected names and plain "
                                "text",
                                segment_at(c, open->segment)->text.p);
    }
    return NULL;
}

/* A placeholder that is written in escapes would go unnoticed. */
static int hides_braces(sw_span_t text)
{
    static const char *const escapes[] = { "\\u0024", "\\u0025", "\\u007b",
                                           "\\u007d" };
    apr_size_t i, k;

    for (i = 0; i + 6 <= text.n; i++) {
        if (text.p[i] == '\\' && text.p[i + 1] == '\\') {
            i++; /* an escaped backslash */
            continue;
        }
        for (k = 0; k < 4; k++) {
            if (sw_span_equal_nocase(sw_span_of(text.p + i, 6),
                                     sw_span(escapes[k])))
                return 1;
        }
    }
    return 0;
}

/* Literal text, which begins in the given line. The text within a helper is the
 * helper's input, so it must not need escaping. */
static int add_literal(compiler_t *c, sw_span_t text, int line)
{
    int end = c->line;
    const char *reason = NULL;

    if (text.n == 0)
        return 1;
    if (c->context.format != SW_DOCUMENT_CXML && hides_braces(text))
        return fail(c, "expected the characters $, %%, { and } themselves, "
                       "not \\u0024 and the like");
    c->line = line;
    add_segment(c, SW_SEGMENT_TEXT, text);
    while (text.n && !reason) {
        apr_size_t n = sw_span_find(text, '\n');
        sw_span_t one = sw_span_of(text.p, n < text.n ? n + 1 : n);

        reason = c->helper_depth ? markup_in(c, one)
                                 : sw_context_read(&c->context, one);
        if (reason)
            return fail(c, "%s", reason);
        text = sw_span_from(text, one.n);
        c->line++;
    }
    c->line = end;
    return 1;
}

static void count_lines(compiler_t *c, apr_size_t to)
{
    for (; c->at < to; c->at++)
        c->line += c->in.p[c->at] == '\n';
}

static sw_helper_e helper_of(sw_span_t name)
{
    int i = 0;

    while (i < SW_HELPER_COUNT && !sw_span_equal(name, sw_span(helpers[i])))
        i++;
    return (sw_helper_e)i;
}

static void set_source(sw_segment_t *segment)
{
    static const char event[] = "sw.", env[] = "env.";
    sw_span_t name = segment->text;

    segment->source = SW_SOURCE_PARAM;
    if (sw_span_equal(name, sw_span("."))) {
        segment->source = SW_SOURCE_ITEM;
    }
    else if (sw_span_starts(name, sw_span(event))) {
        segment->source = SW_SOURCE_EVENT;
        segment->text = sw_span_from(name, strlen(event));
    }
    else if (sw_span_starts(name, sw_span(env))) {
        segment->source = SW_SOURCE_ENV;
        segment->text = sw_span_from(name, strlen(env));
    }
}

/* May a value stand here? */
static int check_place(compiler_t *c, sw_span_t name, sw_place_e *place)
{
    *place = sw_context_place(&c->context);
    if (*place != SW_PLACE_NONE)
        return 1;
    return fail(c, "{{%s}} stands in %s; expected it in %s",
                short_name(c, name), sw_context_name(&c->context),
                c->context.format == SW_DOCUMENT_CXML
                    ? "the text of an element or in a quoted attribute"
                    : "a string");
}

static int in_list(const compiler_t *c)
{
    int i;

    for (i = 0; i < c->open_count; i++) {
        if (segment_at(c, c->open[i].segment)->type == SW_SEGMENT_SECTION)
            return 1;
    }
    return 0;
}

static int add_value(compiler_t *c, sw_span_t name)
{
    sw_place_e place;
    sw_segment_t *segment;

    if (!check_place(c, name, &place))
        return 0;
    if (sw_span_equal(name, sw_span(".")) && !in_list(c))
        return fail(c, "{{.}} outside of any section");
    segment = add_segment(c, SW_SEGMENT_VALUE, name);
    segment->place = place;
    set_source(segment);
    return 1;
}

/* "{{#number}}...{{/number}}", quotes included, becomes a number. */
static int open_number(compiler_t *c, sw_segment_t *segment)
{
    int before = c->segments->nelts - 2;
    sw_segment_t *text = before < 0 ? NULL : segment_at(c, before);

    if (segment->place != SW_PLACE_STRING || !text || c->helper_depth
        || text->type != SW_SEGMENT_TEXT
        || text->text.p[text->text.n - 1] != '"')
        return fail(c, "{{#number}}: expected it to be a whole string of "
                       "JSON, \"{{#number}}{{Name}}{{/number}}\"");
    text->text.n--;
    segment->place = SW_PLACE_NUMBER;
    return 1;
}

static int open_section(compiler_t *c, const sw_tag_t *tag)
{
    sw_helper_e helper = tag->type == '#' ? helper_of(tag->name)
                                          : SW_HELPER_COUNT;
    sw_place_e place = SW_PLACE_NONE;
    sw_segment_t *segment;
    open_t *open = c->open + c->open_count;

    if (sw_span_equal(tag->name, sw_span(".")))
        return fail(c, "{{%c.}}: expected a name", tag->type);
    if (tag->type == '#' && helper == SW_HELPER_COUNT
        && sw_helper_meant(tag->name))
        return fail(c, "{{#%s}}: there is no such helper; expected {{#%s}}",
                    short_name(c, tag->name), sw_helper_meant(tag->name));
    if (c->open_count == OPEN_MAX)
        return fail(c, "sections are nested more than %d deep", OPEN_MAX);
    if (helper < SW_HELPER_COUNT && !check_place(c, tag->name, &place))
        return 0;
    if (!sw_context_may_branch(&c->context))
        return fail(c, "{{%c%s}} stands in %s", tag->type,
                    short_name(c, tag->name), sw_context_name(&c->context));
    segment = add_segment(c,
                          helper < SW_HELPER_COUNT ? SW_SEGMENT_HELPER
                          : tag->type == '#'       ? SW_SEGMENT_SECTION
                                                   : SW_SEGMENT_INVERTED,
                          tag->name);
    segment->place = place;
    segment->helper = helper;
    segment->once = sw_context_is_in_tag(&c->context);
    if (helper == SW_HELPER_COUNT)
        set_source(segment);
    if (helper == SW_HELPER_NUMBER && !open_number(c, segment))
        return 0;
    c->helper_depth += helper < SW_HELPER_COUNT;
    open->segment = c->segments->nelts - 1;
    open->context = c->context;
    c->context.lowest = c->context.depth;
    c->open_count++;
    return 1;
}

/* The document must be well-formed with and without the section. */
static int check_even(compiler_t *c, const open_t *open, sw_span_t name)
{
    if (sw_context_is_same(&open->context, &c->context)
        && c->context.lowest >= open->context.depth)
        return 1;
    return fail(c,
                "what stands in {{#%s}} begins or ends more than it ends or "
                "begins",
                short_name(c, name));
}

static int close_section(compiler_t *c, sw_tag_t *tag)
{
    const open_t *open = c->open + c->open_count - 1;
    sw_segment_t *segment;
    const char *name;

    if (c->open_count == 0)
        return fail(c, "{{/%s}} closes nothing", short_name(c, tag->name));
    segment = segment_at(c, open->segment);
    name = segment->source == SW_SOURCE_EVENT ? "sw."
           : segment->source == SW_SOURCE_ENV ? "env."
                                              : "";
    if (!sw_span_equal(sw_span(
                           apr_pstrcat(c->pool, name, segment->text.p, NULL)),
                       tag->name))
        return fail(c, "{{/%s}} where {{/%s%s}} is due, which line %d opened",
                    short_name(c, tag->name), name, segment->text.p,
                    segment->line);
    if (!check_even(c, open, tag->name))
        return 0;
    if (segment->helper == SW_HELPER_NUMBER) {
        if (tag->end == c->in.n || c->in.p[tag->end] != '"')
            return fail(c, "{{/number}}: expected the quote after it");
        (void)sw_context_read(&c->context, sw_span("\""));
        tag->end++;
    }
    if (c->context.lowest > open->context.lowest)
        c->context.lowest = open->context.lowest;
    /* Without the section, the text before it meets the text after it. */
    if (open->context.last && strchr("$%", open->context.last))
        c->context.last = open->context.last;
    segment->end = c->segments->nelts;
    c->helper_depth -= segment->helper < SW_HELPER_COUNT;
    c->open_count--;
    return 1;
}

/* Compile the next tag and the text before it. @return 0 at the end, or after a
 * fault */
static int compile_next(compiler_t *c)
{
    apr_size_t begin = sw_tag_find(c->in, c->at, "{{");
    apr_size_t from = c->at;
    sw_tag_t tag;
    const char *reason;
    int line = c->line;

    if (begin == c->in.n) {
        add_literal(c, sw_span_from(c->in, from), line);
        return 0;
    }
    count_lines(c, begin);
    reason = sw_tag_read(c->pool, c->in, begin, &tag);
    if (reason)
        return fail(c, "%s", reason);
    if (!add_literal(c,
                     sw_span_of(c->in.p + from,
                                tag.before > from ? tag.before - from : 0),
                     line))
        return 0;
    if (tag.type == '!' && (c->context.escape || c->context.in_reference))
        return fail(c, "a tag stands in %s", sw_context_name(&c->context));
    if ((tag.type == '\0' && !add_value(c, tag.name))
        || ((tag.type == '#' || tag.type == '^') && !open_section(c, &tag))
        || (tag.type == '/' && !close_section(c, &tag)))
        return 0;
    count_lines(c, tag.after > tag.end ? tag.after : tag.end);
    return 1;
}

static int asks(const sw_template_t *t, sw_source_e source)
{
    const sw_segment_t *segment = t->segments, *end = segment + t->count;

    while (segment < end
           && (segment->type == SW_SEGMENT_TEXT
               || segment->type == SW_SEGMENT_HELPER
               || segment->source != source))
        segment++;
    return segment < end;
}

sw_template_t *sw_template_make(apr_pool_t *pool, sw_document_e format,
                                sw_span_t text, sw_fault_t *fault)
{
    compiler_t c = { .pool = pool, .in = text, .line = 1, .fault = fault,
                     .context = { .format = format } };
    sw_template_t *t = apr_pcalloc(pool, sizeof(*t));

    memset(fault, 0, sizeof(*fault));
    c.segments = apr_array_make(pool, 16, sizeof(sw_segment_t));
    if (text.n == 0 || text.n > SW_DOCUMENT_MAX)
        fail(&c, "expected a document of at most %d bytes", SW_DOCUMENT_MAX);
    while (!fault->reason && compile_next(&c))
        continue;
    if (!fault->reason && c.open_count)
        fail(&c, "{{#%s}} of line %d is not closed",
             segment_at(&c, c.open[c.open_count - 1].segment)->text.p,
             segment_at(&c, c.open[c.open_count - 1].segment)->line);
    if (fault->reason)
        return NULL;
    t->format = format;
    t->segments = (const sw_segment_t *)c.segments->elts;
    t->count = c.segments->nelts;
    t->asks_params = asks(t, SW_SOURCE_PARAM);
    t->asks_event = asks(t, SW_SOURCE_EVENT);
    return t;
}
