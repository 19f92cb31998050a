/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A redirect as the reply to a webhook: logged, never changed.
 */
#ifndef SW_REDIRECT_H
#define SW_REDIRECT_H

#include "httpd/module.h"

/** Hook log_transaction: log a redirect as the reply to a webhook. */
int sw_redirect_note(request_rec *r);

#endif
