/* SPDX-License-Identifier: Apache-2.0 */
/* See probe.h. Whether sections are rendered depends on names
 * alone: few of them are tried in every combination, many together, none, each
 * by itself and left out, and so that each section is reached. */
#include <apr_strings.h>

#include "core/template/probe.h"
#include "core/event/event.h"
#include "core/template/context.h"
#include "core/template/render.h"
#include "core/template/segments.h"
#include "core/template/swml.h"
#include "core/text/span.h"

/* With few names every combination is tried. */
#define EVERY_MAX 6

/* What would break out of wherever it stands, were it not escaped; no line
 * end, so that lines of the document can be found in the template. */
static const char hostile[] =
    "{\"'>]]>--><x y='\"&lt;&{{From}}${a}%{b}\\\t\x01\xff\xef\xbf\xbf$";
static const char second[] = "{]]><!--&\"'\\";

/* What gets through helpers. */
static const char number[] = "4", international[] = "+471234567890123";

/* Lists of so many items; the number chooses the values too. */
static const int items[] = { 1, 2, 1, 1, 100 };

enum { PASSES = sizeof(items) / sizeof(*items) };

typedef struct probe_t {
    const sw_template_t *t;
    const sw_schema_t *schema;
    sw_advice_t advice;        /* the first */
    apr_array_header_t *names; /* of const sw_segment_t * */
    apr_array_header_t *is_set; /* of int, by name */
    int pass;
} probe_t;

static int is_same_name(const sw_segment_t *a, const sw_segment_t *b)
{
    return a->source == b->source && sw_span_equal(a->text, b->text);
}

static int place_of(const probe_t *probe, const sw_segment_t *name)
{
    int i = 0;

    while (i < probe->names->nelts
           && !is_same_name(APR_ARRAY_IDX(probe->names, i,
                                          const sw_segment_t *), name))
        i++;
    return i;
}

static void collect_names(const sw_template_t *t, probe_t *probe)
{
    int i;

    for (i = 0; i < t->count; i++) {
        const sw_segment_t *segment = t->segments + i;

        if (segment->type == SW_SEGMENT_TEXT
            || segment->type == SW_SEGMENT_HELPER
            || segment->source == SW_SOURCE_ITEM
            || place_of(probe, segment) < probe->names->nelts)
            continue;
        APR_ARRAY_PUSH(probe->names, const sw_segment_t *) = segment;
        APR_ARRAY_PUSH(probe->is_set, int) = 0;
    }
}

static sw_span_t probe_value(apr_pool_t *pool, void *data,
                             const sw_segment_t *name)
{
    const probe_t *probe = data;

    (void)pool;
    if (!APR_ARRAY_IDX(probe->is_set, place_of(probe, name), int))
        return sw_span("");
    return sw_span(probe->pass == 2 ? number
                   : probe->pass == 3 ? international : hostile);
}

static apr_array_header_t *probe_list(apr_pool_t *pool, void *data,
                                      const sw_segment_t *name)
{
    const probe_t *probe = data;
    apr_array_header_t *list = apr_array_make(pool, 2, sizeof(sw_span_t));

    APR_ARRAY_PUSH(list, sw_span_t) = probe_value(pool, data, name);
    while (list->nelts < items[probe->pass]
           && name->source == SW_SOURCE_PARAM
           && APR_ARRAY_IDX(list, 0, sw_span_t).n)
        APR_ARRAY_PUSH(list, sw_span_t) = sw_span(second);
    return list;
}

/* The line of the template that this line of the document comes from. */
static int line_of(sw_span_t document, const apr_array_header_t *marks,
                   int line)
{
    apr_size_t at = 0, i;
    int k, found = 1;

    for (; line > 1 && at < document.n; at++)
        line -= document.p[at] == '\n';
    for (k = 0; k < marks->nelts; k++) {
        const sw_mark_t *mark = &APR_ARRAY_IDX(marks, k, sw_mark_t);

        if (mark->at > at)
            break;
        found = mark->line;
        for (i = mark->at; i < at; i++)
            found += document.p[i] == '\n';
    }
    return found;
}

/* Values are UTF-8, and so must be what they are put into. */
static int declares_other(sw_span_t document)
{
    sw_span_t encoding = sw_document_encoding(document);

    return encoding.n && !sw_span_equal_nocase(encoding, sw_span("UTF-8"));
}

static sw_fault_t check(apr_pool_t *pool, probe_t *probe, sw_span_t document)
{
    switch (probe->t->format) {
    case SW_DOCUMENT_CXML:
        if (declares_other(document))
            return sw_fault_make(pool, "expected encoding=\"UTF-8\" in the XML "
                                 "declaration, as values are", 1, 0);
        return sw_cxml_check(pool, probe->schema, document);
    case SW_DOCUMENT_SWML:
        return sw_swml_check(pool, document, &probe->advice);
    default:
        return sw_json_check(pool, document);
    }
}

/* In @a kept, with the line of the template. */
static sw_fault_t found(apr_pool_t *kept, sw_fault_t fault, sw_span_t document,
                        const apr_array_header_t *marks)
{
    fault.reason = apr_pstrdup(kept, fault.reason);
    fault.line = line_of(document, marks, fault.line ? fault.line : 1);
    fault.column = 0;
    return fault;
}

static sw_fault_t try_once(apr_pool_t *pool, apr_pool_t *scratch,
                           probe_t *probe, sw_fault_t *advice)
{
    sw_lookup_t lookup = { probe_value, probe_list, probe };
    apr_array_header_t *marks = apr_array_make(scratch, 16, sizeof(sw_mark_t));
    sw_span_t document = sw_segments_render(scratch, probe->t, &lookup, marks);
    sw_fault_t fault;

    probe->advice.channel = SW_CHANNEL_ANY;
    fault = check(scratch, probe, document);
    if (advice && !advice->reason && probe->advice.fault.reason)
        *advice = found(pool, probe->advice.fault, document, marks);
    return fault.reason ? found(pool, fault, document, marks) : fault;
}

static void set_all(const probe_t *probe, int value)
{
    int i;

    for (i = 0; i < probe->names->nelts; i++)
        APR_ARRAY_IDX(probe->is_set, i, int) = value;
}

static int is_section(const sw_segment_t *segment)
{
    return segment->type == SW_SEGMENT_SECTION
           || segment->type == SW_SEGMENT_INVERTED;
}

/* So that the place-th segment is rendered, others with or without a value. */
static void lead_to(const sw_template_t *t, const probe_t *probe, int place,
                    int others)
{
    int i;

    set_all(probe, others);
    for (i = 0; i <= place; i++) {
        const sw_segment_t *segment = t->segments + i;

        if (is_section(segment) && segment->end > place)
            APR_ARRAY_IDX(probe->is_set, place_of(probe, segment), int) =
                segment->type == SW_SEGMENT_SECTION;
    }
}

/* The n-th way to have names and not to have them. @return 0 behind the last,
 * less than 0 if it is none of its own */
static int arrange(const sw_template_t *t, const probe_t *probe, int n)
{
    int count = probe->names->nelts, i;

    if (count <= EVERY_MAX) {
        for (i = 0; i < count; i++)
            APR_ARRAY_IDX(probe->is_set, i, int) = n >> i & 1;
        return n < 1 << count;
    }
    if (n / 2 - 1 - count >= t->count)
        return 0;
    if (n < 2) {
        set_all(probe, n);
    }
    else if (n < 2 + 2 * count) {
        set_all(probe, n & 1);
        APR_ARRAY_IDX(probe->is_set, n / 2 - 1, int) = !(n & 1);
    }
    else if (!is_section(t->segments + n / 2 - 1 - count)) {
        return -1;
    }
    else {
        lead_to(t, probe, n / 2 - 1 - count, n & 1);
    }
    return 1;
}

sw_fault_t sw_template_probe(apr_pool_t *pool, const sw_template_t *t,
                             const sw_schema_t *schema, sw_fault_t *advice)
{
    sw_fault_t fault = sw_fault(NULL);
    probe_t probe = { .t = t, .schema = schema };
    apr_pool_t *scratch;
    int n, way;

    if (advice)
        memset(advice, 0, sizeof(*advice));
    probe.names = apr_array_make(pool, 8, sizeof(const sw_segment_t *));
    probe.is_set = apr_array_make(pool, 8, sizeof(int));
    collect_names(t, &probe);
    apr_pool_create(&scratch, pool);
    for (n = 0; !fault.reason && (way = arrange(t, &probe, n)) != 0; n++) {
        for (probe.pass = way < 0 ? PASSES : 0;
             !fault.reason && probe.pass < PASSES; probe.pass++) {
            fault = try_once(pool, scratch, &probe, advice);
            apr_pool_clear(scratch);
        }
    }
    apr_pool_destroy(scratch);
    return fault;
}
