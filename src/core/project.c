/* SPDX-License-Identifier: Apache-2.0 */
/* See project.h. Where an application might read another project than we do,
 * the answer is that we do not know. */
#include "form.h"
#include "json.h"
#include "project.h"

static const char *const paths[] = {
    "project_id", "call.project_id", "message.project_id",
    "call_info.project_id", NULL
};

sw_span_t sw_project(apr_pool_t *pool, sw_span_t content_type, sw_span_t body,
                     sw_span_t query)
{
    sw_span_t value, text = body.n ? body : query;

    if (body.n && !sw_form_is_type(content_type))
        return sw_json_string(pool, body, paths);
    if (sw_form_find(text, sw_span("AccountSid"), &value) != 1)
        return sw_span_of(NULL, 0);
    return sw_form_decoded(pool, value);
}
