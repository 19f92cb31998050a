/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request line in the logs of other modules: the values of shared secrets
 * and bearer tokens are masked as "***".
 */
#ifndef SW_REQUEST_LINE_H
#define SW_REQUEST_LINE_H

#include "httpd/module.h"

/** Hook log_transaction, before any module logs: mask the request line (%r) of
 * a request and of its redirects. */
int sw_request_line_mask(request_rec *r);

#endif
