/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The project that a callback says it belongs to: it chooses among keys that
 * are labelled with a project. Nothing is believed by it: the chosen key must
 * still have signed the request.
 */
#ifndef SW_PROJECT_H
#define SW_PROJECT_H

#include "core/event/params.h"
#include "core/text/span.h"

/**
 * AccountSid of a form or, where there is no body, of the query; project_id or
 * AccountSid of JSON.
 * @return in @a pool or the JSON; empty if there is none, if it is repeated, in
 * another spelling too, if several of them or that of the query differ, or if
 * there is a body that was not understood
 */
sw_span_t sw_project(apr_pool_t *pool, const sw_params_t *params);

#endif
