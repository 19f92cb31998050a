/* SPDX-License-Identifier: Apache-2.0 */
/* See secret.h. */
#include "httpd/verify/secret.h"
#include "core/signature/signature.h"
#include "core/text/form.h"

int sw_secret_is_right(apr_pool_t *p, const sw_secret_t *secret,
                       sw_span_t query)
{
    sw_span_t encoded, given;
    int i, right = 0;

    /* The application could read the other value of a repeated parameter. */
    if (sw_form_find(query, sw_span(secret->name), &encoded) != 1)
        return 0;
    given = sw_form_decoded(p, encoded);
    for (i = 0; i < secret->values->nelts; i++)
        right |= sw_secret_equal(APR_ARRAY_IDX(secret->values, i, sw_span_t),
                                 given);
    return right;
}
