/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Require signalwire verified": combines with <RequireAny>, Require ip and
 * others, for blocks whose callbacks are not all signed.
 */
#ifndef SW_REQUIRE_H
#define SW_REQUIRE_H

#include "httpd/module.h"

/** Register the provider of "Require signalwire verified". */
void sw_require_register(apr_pool_t *p);

#endif
