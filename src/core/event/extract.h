/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first half of the way from parameters to an event: the values by name,
 * and the kind.
 */
#ifndef SW_EXTRACT_H
#define SW_EXTRACT_H

#include "core/event/params.h"
#include "core/event/values.h"

/** Collect the values of a request and tell its kind. */
void sw_reading_make(apr_pool_t *pool, const sw_params_t *params,
                     sw_reading_t *in);

#endif
