/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters of a request: pairs of a form or of the query, or the values
 * of JSON by their dotted paths. Events are read from them, and single values
 * are found by their original names.
 */
#ifndef SW_PARAMS_H
#define SW_PARAMS_H

#include <apr_tables.h>

#include "core/text/form.h"
#include "core/text/json.h"
#include "core/text/span.h"

typedef enum sw_format_e {
    SW_FORMAT_NONE, /* a body that is neither, or none */
    SW_FORMAT_QUERY,
    SW_FORMAT_FORM,
    SW_FORMAT_JSON
} sw_format_e;

/** "query", "form", "json"; NULL for none. */
const char *sw_format_name(sw_format_e format);

/** The kind of body that a Content-Type announces. */
typedef enum sw_media_e {
    SW_MEDIA_FORM,
    SW_MEDIA_JSON,  /* .../json, ...+json, text/swaig */
    SW_MEDIA_OTHER, /* audio, video, image, font, multipart */
    SW_MEDIA_OPEN   /* anything else or nothing: the body tells */
} sw_media_e;

sw_media_e sw_media(sw_span_t content_type);

/** The format of a body with this Content-Type. If the type leaves that open:
 * JSON if the body begins like JSON, else a form if it contains '='. */
sw_format_e sw_format_of(sw_span_t content_type, sw_span_t body);

/** All members point into the body, the query or the pool of the reader. */
typedef struct sw_params_t {
    sw_format_e format;    /* of the part that describes the event */
    int has_other_body;    /* there is a body, which these do not describe */
    sw_span_t form;        /* encoded pairs of the body, or empty */
    sw_span_t query;       /* encoded pairs, secrets among them */
    const sw_json_t *json; /* NULL if the body is no JSON, or unreadable */
    const apr_array_header_t *hidden; /* of const char *: parameters of the
                                         query that are secrets, or NULL */
} sw_params_t;

/** The parts of a request that hold parameters. */
typedef struct sw_content_t {
    int has_no_body; /* GET, HEAD */
    sw_span_t type;  /* Content-Type */
    sw_span_t body;
    sw_span_t query;
    const apr_array_header_t *hidden; /* see sw_params_t */
} sw_content_t;

/**
 * Read the parameters: the query describes the event if has_no_body is set,
 * else the body does. JSON is read into @a pool. A body that is not empty and
 * does not describe the event sets has_other_body.
 */
void sw_params_read(apr_pool_t *pool, const sw_content_t *content,
                    sw_params_t *params);

/**
 * The next encoded pair of the query or of the form, at or after offset
 * @a *at, that is no secret. @return 1, or 0 at the end
 */
int sw_params_pair(const sw_params_t *params, int of_query, apr_size_t *at,
                   sw_pair_t *pair);

/**
 * The parameter sent as @a name, of JSON the scalar at that path; the body
 * before the query, the last where several have it.
 * @return NUL-terminated, in @a pool or the JSON; NULL and 0 if there is none
 * or it is card data
 */
sw_span_t sw_param(apr_pool_t *pool, const sw_params_t *params,
                   const char *name);

/**
 * All values of a parameter, of sw_span_t, in the order in which they came:
 * the parameters @a name and @a name followed by "[]", in the body or, if none
 * is there, in the query; the scalars of an array of JSON, except "false".
 * Empty if there is none, or if the parameter is card data.
 */
apr_array_header_t *sw_param_list(apr_pool_t *pool, const sw_params_t *params,
                                  const char *name);

/** Called with the name and value of a parameter, NUL-terminated, which last as
 * long as the visit. The value is NULL and 0 where the path of JSON is
 * too long to be one, and where all paths together are: then the walk ends.
 * @return 0 to end the walk */
typedef int sw_param_visit_f(void *data, sw_span_t name, sw_span_t value);

/** Visit every parameter but card data, body before query, as they came;
 * @a pool is for working in. */
void sw_params_visit(apr_pool_t *pool, const sw_params_t *params,
                     sw_param_visit_f *visit, void *data);

/**
 * Does @a name, or a part of this path, stand for card data, which must be
 * published nowhere (docs/variables.md, Card data)? Letters and digits alone
 * count, without regard to case.
 */
int sw_is_card_data(sw_span_t name);

#endif
