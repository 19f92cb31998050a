/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireSharedSecret: is the parameter of the query right?
 */
#ifndef SW_SECRET_H
#define SW_SECRET_H

#include "core/text/span.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"

/** Is the query parameter that SignalWireSharedSecret names right? */
int sw_secret_is_right(apr_pool_t *p, const sw_secret_t *secret,
                       sw_span_t query);

#endif
