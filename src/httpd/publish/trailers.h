/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trailers of a body that is not read yet may become headers that look like
 * ours.
 */
#ifndef SW_TRAILERS_H
#define SW_TRAILERS_H

#include "httpd/module.h"
#include "httpd/request/body.h"

/** Where trailers of a body that is not read yet may become headers: publish
 * once more behind them. */
void sw_trailers_watch(request_rec *r, sw_body_t *body);

/** Register the filter. */
void sw_trailers_register(void);

#endif
