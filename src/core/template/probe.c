/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names alone decide whether a section is rendered. With up to EVERY_MAX names,
 * every combination of names with and without a value is tried; with more
 * names, enough combinations to reach every section.
 */
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

/* A value that breaks out of any place, unless it is escaped. It has no line
 * end, so that lines of the document can be found in the template. */
static const char hostile[] =
    "{\"'>]]>--><x y='\"&lt;&{{From}}${a}%{b}\\\t\x01\xff\xef\xbf\xbf$";
static const char second[] = "{]]><!--&\"'\\";

/* Values that pass through helpers. */
static const char number[] = "4", international[] = "+471234567890123";

/* The length of lists in each pass; the pass chooses the values too. */
static const int items[] = { 1, 2, 1, 1, 100 };

enum { PASSES = sizeof(items) / sizeof(*items) };

typedef struct probe_t {
    const sw_template_t *t;
    const sw_schema_t *schema;
    const sw_segment_t **names; /* a segment of each name */
    int *has_value;             /* by name */
    int count;                  /* of names */
    int pass;
    apr_pool_t *pool, *scratch; /* of what is found; of one document */
    sw_fault_t fault, advice;   /* the first of each */
} probe_t;

/* The index of a name, or the number of names if it is a new one. */
static int index_of(const probe_t *probe, const sw_segment_t *name)
{
    int i = 0;

    while (i < probe->count
           && (probe->names[i]->source != name->source
               || !sw_span_equal(probe->names[i]->text, name->text)))
        i++;
    return i;
}

static void collect_names(probe_t *probe)
{
    apr_size_t most = (apr_size_t)probe->t->count;
    int i;

    probe->names = apr_palloc(probe->pool, most * sizeof(*probe->names));
    probe->has_value = apr_pcalloc(probe->pool,
                                   most * sizeof(*probe->has_value));
    for (i = 0; i < probe->t->count; i++) {
        const sw_segment_t *segment = probe->t->segments + i;

        if (segment->type != SW_SEGMENT_TEXT
            && segment->type != SW_SEGMENT_HELPER
            && segment->source != SW_SOURCE_ITEM
            && index_of(probe, segment) == probe->count)
            probe->names[probe->count++] = segment;
    }
}

static sw_span_t probe_value(apr_pool_t *pool, void *data,
                             const sw_segment_t *name)
{
    const probe_t *probe = data;

    (void)pool;
    if (!probe->has_value[index_of(probe, name)])
        return sw_span("");
    return sw_span(probe->pass == 2   ? number
                   : probe->pass == 3 ? international
                                      : hostile);
}

static apr_array_header_t *probe_list(apr_pool_t *pool, void *data,
                                      const sw_segment_t *name)
{
    const probe_t *probe = data;
    apr_array_header_t *list = apr_array_make(pool, 2, sizeof(sw_span_t));

    APR_ARRAY_PUSH(list, sw_span_t) = probe_value(pool, data, name);
    while (list->nelts < items[probe->pass] && name->source == SW_SOURCE_PARAM
           && APR_ARRAY_IDX(list, 0, sw_span_t).n)
        APR_ARRAY_PUSH(list, sw_span_t) = sw_span(second);
    return list;
}

/* A document that the template has made, and where its lines come from. */
typedef struct rendered_t {
    sw_span_t document;
    apr_array_header_t *marks; /* of sw_mark_t */
} rendered_t;

/* The line of the template that this line of the document comes from. */
static int template_line(const rendered_t *rendered, int line)
{
    sw_span_t document = rendered->document;
    apr_size_t at = 0, i;
    int k, found = 1;

    for (; line > 1 && at < document.n; at++)
        line -= document.p[at] == '\n';
    for (k = 0; k < rendered->marks->nelts; k++) {
        const sw_mark_t *mark = &APR_ARRAY_IDX(rendered->marks, k, sw_mark_t);

        if (mark->at > at)
            break;
        found = mark->line;
        for (i = mark->at; i < at; i++)
            found += document.p[i] == '\n';
    }
    return found;
}

/* Values are UTF-8, so the document must be UTF-8 too. */
static int declares_other(sw_span_t document)
{
    sw_span_t encoding = sw_document_encoding(document);

    return encoding.n && !sw_span_equal_nocase(encoding, sw_span("UTF-8"));
}

static sw_fault_t check_rendered(const probe_t *probe, sw_span_t document,
                                 sw_advice_t *advice)
{
    switch (probe->t->format) {
    case SW_DOCUMENT_CXML:
        if (declares_other(document))
            return sw_fault_make(probe->scratch,
                                 "expected encoding=\"UTF-8\" "
                                 "in the XML declaration, as values are",
                                 1, 0);
        return sw_cxml_check(probe->scratch, probe->schema, document);
    case SW_DOCUMENT_SWML:
        return sw_swml_check(probe->scratch, document, advice);
    default:
        return sw_json_check(probe->scratch, document);
    }
}

/* Keep the first fault, with the line of the template. */
static void keep_first(const probe_t *probe, sw_fault_t *kept, sw_fault_t fault,
                       const rendered_t *rendered)
{
    if (kept->reason || !fault.reason)
        return;
    kept->reason = apr_pstrdup(probe->pool, fault.reason);
    kept->line = template_line(rendered, fault.line ? fault.line : 1);
}

/* Render with every kind of value, for the names that have a value now. */
static void try_values(probe_t *probe)
{
    sw_lookup_t lookup = { probe_value, probe_list, probe };

    for (probe->pass = 0; !probe->fault.reason && probe->pass < PASSES;
         probe->pass++) {
        sw_advice_t advice = { .channel = SW_CHANNEL_ANY };
        rendered_t rendered;

        rendered.marks = apr_array_make(probe->scratch, 16, sizeof(sw_mark_t));
        rendered.document = sw_segments_render(probe->scratch, probe->t,
                                               &lookup, rendered.marks);
        keep_first(probe, &probe->fault,
                   check_rendered(probe, rendered.document, &advice),
                   &rendered);
        keep_first(probe, &probe->advice, advice.fault, &rendered);
        apr_pool_clear(probe->scratch);
    }
}

static void set_all(const probe_t *probe, int value)
{
    int i;

    for (i = 0; i < probe->count; i++)
        probe->has_value[i] = value;
}

static int is_section(const sw_segment_t *segment)
{
    return segment->type == SW_SEGMENT_SECTION
           || segment->type == SW_SEGMENT_INVERTED;
}

/* Set the names so that the section is rendered, and the other names to @a
 * others. @return 0 if the segment is not a section */
static int reach_section(const probe_t *probe, int section, int others)
{
    const sw_segment_t *segment = probe->t->segments;
    int i;

    set_all(probe, others);
    for (i = 0; i <= section; i++, segment++) {
        if (is_section(segment) && segment->end > section)
            probe->has_value[index_of(probe, segment)] = segment->type
                                                         == SW_SEGMENT_SECTION;
    }
    return is_section(segment - 1);
}

static void try_every_combination(probe_t *probe)
{
    int n, i;

    for (n = 0; n < 1 << probe->count; n++) {
        for (i = 0; i < probe->count; i++)
            probe->has_value[i] = n >> i & 1;
        try_values(probe);
    }
}

/* No name and all names, each name alone and left out, and each section. */
static void try_some_combinations(probe_t *probe)
{
    int i, others;

    for (others = 0; others < 2; others++) {
        set_all(probe, others);
        try_values(probe);
        for (i = 0; i < probe->count; i++) {
            probe->has_value[i] = !others;
            try_values(probe);
            probe->has_value[i] = others;
        }
        for (i = 0; i < probe->t->count; i++) {
            if (reach_section(probe, i, others))
                try_values(probe);
        }
    }
}

sw_fault_t sw_template_probe(apr_pool_t *pool, const sw_template_t *t,
                             const sw_schema_t *schema, sw_fault_t *advice)
{
    probe_t probe = { .t = t, .schema = schema, .pool = pool };

    collect_names(&probe);
    apr_pool_create(&probe.scratch, pool);
    if (probe.count <= EVERY_MAX)
        try_every_combination(&probe);
    else
        try_some_combinations(&probe);
    apr_pool_destroy(probe.scratch);
    if (advice)
        *advice = probe.advice;
    return probe.fault;
}
