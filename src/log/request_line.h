/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request line as other modules log it, without shared secrets.
 */
#ifndef SW_REQUEST_LINE_H
#define SW_REQUEST_LINE_H

#include "httpd/module.h"

/** Hook log_transaction: take shared secrets out of the logged request. */
int sw_mask_request(request_rec *r);

#endif
