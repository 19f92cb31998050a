/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single values: signalwire('Name') in expressions, and signalwire_field() for
 * other modules.
 */
#ifndef SW_EXPR_H
#define SW_EXPR_H

#include "httpd/module.h"

/** Register both. */
void sw_expr_register(void);

#endif
