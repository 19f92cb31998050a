/* SPDX-License-Identifier: Apache-2.0 */
/* See project.h. If an application might read another project, the answer is
 * "unknown". */
#include <apr_lib.h>

#include "core/event/project.h"
#include "core/text/form.h"
#include "core/text/json.h"
#include "core/text/span.h"

/* Might some application take this name for AccountSid? PHP skips blanks and
 * cuts at a bracket, some frameworks ignore case, and others split forms at ;
 * too. */
static int is_alike(sw_span_t encoded)
{
    static const char name[] = "accountsid";
    sw_form_reader_t reader = { encoded, 0 };
    char c = ' ';
    apr_size_t i = 0;

    while (apr_isspace(c) && sw_form_read(&reader, &c, 1))
        ;
    while (name[i] && apr_tolower(c) == name[i]) {
        i++;
        if (!sw_form_read(&reader, &c, 1))
            c = '\0';
    }
    return !name[i] && (!c || c == '[' || apr_isspace(c));
}

/* The number of pairs that an application might take for AccountSid. */
static apr_size_t count_alike(sw_span_t text)
{
    apr_size_t at = 0, count = 0;

    while (at < text.n) {
        sw_span_t rest = sw_span_from(text, at);
        apr_size_t n = 0;

        while (n < rest.n && rest.p[n] != '&' && rest.p[n] != ';')
            n++;
        rest.n = n;
        rest.n = sw_span_find(rest, '=');
        if (is_alike(rest))
            count++;
        at += n + 1;
    }
    return count;
}

/* @return 1 if @a text has AccountSid once and no name like it; or, with an
 * empty value, neither */
static int read_pairs(sw_span_t text, sw_span_t *value)
{
    apr_size_t count = sw_form_find(text, sw_span("AccountSid"), value);

    return count <= 1 && count_alike(text) == count;
}

static sw_span_t of_json(const sw_params_t *params)
{
    /* All places where an event of JSON has its subject. */
    static const char *const paths[] = {
        "project_id", "call.project_id", "message.project_id",
        "params.project_id", "call_info.project_id",
        "sidecar_event.project_id", "AccountSid", NULL
    };
    sw_span_t none = { NULL, 0 }, found = none, in_query;
    const char *const *path;

    for (path = paths; *path; path++) {
        const sw_json_t *value = sw_json_at(params->json, *path);
        sw_span_t here = sw_json_text(value);

        if (!sw_json_is_sole(params->json, *path))
            return none;
        if (sw_json_type(value) != SW_JSON_STRING)
            continue;
        if (found.p && !sw_span_equal(found, here))
            return none;
        found = here;
    }
    if (!read_pairs(params->query, &in_query)
        || (in_query.p && !sw_form_is(in_query, found)))
        return none;
    return found;
}

/* Applications that ignore the type read JSON that is sent as a form. */
static int looks_like_json(sw_span_t body)
{
    apr_size_t i = 0;

    while (i < body.n && apr_isspace(body.p[i]))
        i++;
    return i < body.n && (body.p[i] == '{' || body.p[i] == '[');
}

/* AccountSid of the body or, where there is none, of the query. If both have
 * one and they differ, an application may read either. */
static sw_span_t of_pairs(apr_pool_t *pool, const sw_params_t *params)
{
    sw_span_t none = { NULL, 0 }, in_body, in_query, project;

    if (!read_pairs(params->form, &in_body)
        || !read_pairs(params->query, &in_query)
        || looks_like_json(params->form))
        return none;
    if (params->format != SW_FORMAT_FORM)
        in_body = in_query;
    if (!in_body.p)
        return none;
    project = sw_form_decoded(pool, in_body);
    return in_query.p && !sw_form_is(in_query, project) ? none : project;
}

sw_span_t sw_project(apr_pool_t *pool, const sw_params_t *params)
{
    if (params->has_other_body)
        return sw_span(NULL);
    return params->format == SW_FORMAT_JSON ? of_json(params)
                                            : of_pairs(pool, params);
}
