/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireAnswer: the handler that answers by itself. Parses nothing: the
 * templates were compiled when httpd started.
 */
#ifndef SW_ANSWER_H
#define SW_ANSWER_H

#include "httpd/module.h"

/** Handler: what SignalWireAnswer says, or DECLINED. */
int sw_answer(request_rec *r);

#endif
