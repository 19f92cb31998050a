/* SPDX-License-Identifier: Apache-2.0 */
/* See project.h. Where an application might read another project than we do,
 * the answer is that we do not know. */
#include "core/event/project.h"
#include "core/text/form.h"
#include "core/text/json.h"
#include "core/text/span.h"

static sw_span_t of_json(const sw_params_t *params)
{
    static const char *const paths[] = {
        "project_id", "call.project_id", "message.project_id",
        "call_info.project_id", "AccountSid", NULL
    };
    sw_span_t none = { NULL, 0 }, found = none;
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
    return found;
}

/* AccountSid of the body or, where there is none, of the query. If both have
 * one and they differ, an application may read either. */
static sw_span_t of_pairs(apr_pool_t *pool, const sw_params_t *params)
{
    sw_span_t name = sw_span("AccountSid"), value, in_query, project;
    apr_size_t count = sw_form_find(params->form, name, &value);
    apr_size_t in_query_count = sw_form_find(params->query, name, &in_query);

    if (params->format != SW_FORMAT_FORM) {
        count = in_query_count;
        value = in_query;
    }
    if (count != 1 || in_query_count > 1)
        return sw_span(NULL);
    project = sw_form_decoded(pool, value);
    return in_query_count && !sw_form_is(in_query, project) ? sw_span(NULL)
                                                            : project;
}

sw_span_t sw_project(apr_pool_t *pool, const sw_params_t *params)
{
    if (params->has_other_body)
        return sw_span(NULL);
    return params->format == SW_FORMAT_JSON ? of_json(params)
                                            : of_pairs(pool, params);
}
