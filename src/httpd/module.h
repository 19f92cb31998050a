/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Common to all units that know httpd: httpd's headers, and the module whose
 * LogLevel applies to their messages.
 */
#ifndef SW_MODULE_H
#define SW_MODULE_H

#include <httpd.h>
#include <ap_mpm.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

extern module AP_MODULE_DECLARE_DATA signalwire_module;

/* In the file that declares the module, AP_DECLARE_MODULE does this. */
#ifndef SW_DECLARES_MODULE
APLOG_USE_MODULE(signalwire);
#endif

#endif
