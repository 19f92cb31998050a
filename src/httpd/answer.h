/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireAnswer: the handler that answers without an application. The
 * templates are compiled at configuration.
 */
#ifndef SW_ANSWER_H
#define SW_ANSWER_H

#include "httpd/module.h"

/**
 * Handler: send the answer that SignalWireAnswer, SignalWireAckFirst or
 * SignalWireOnce has for @a r.
 * @return DECLINED if the next handler is to run, also after an acknowledgement
 */
int sw_answer(request_rec *r);

#endif
