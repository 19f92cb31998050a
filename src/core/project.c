/* SPDX-License-Identifier: Apache-2.0 */
/* See project.h. Where an application might read another project than we do,
 * the answer is that we do not know. */
#include "project.h"

static sw_span_t of_json(const sw_params_t *params)
{
    static const char *const paths[] = {
        "project_id", "call.project_id", "message.project_id",
        "call_info.project_id", NULL
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

sw_span_t sw_project(apr_pool_t *pool, const sw_params_t *params)
{
    sw_span_t value, text = params->form.n ? params->form : params->query;

    if (params->format == SW_FORMAT_JSON)
        return of_json(params);
    if (sw_form_find(text, sw_span("AccountSid"), &value) != 1)
        return sw_span_of(NULL, 0);
    return sw_form_decoded(pool, value);
}
