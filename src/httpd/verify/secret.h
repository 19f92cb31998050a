/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The check of SignalWireSharedSecret.
 */
#ifndef SW_SECRET_H
#define SW_SECRET_H

#include "core/text/span.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"

/** Does @a query have the parameter of SignalWireSharedSecret exactly once,
 * with one of its values? */
int sw_secret_is_right(apr_pool_t *p, const sw_secret_t *secret,
                       sw_span_t query);

#endif
