/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every unit of the glue has of httpd: its headers, and the module by
 * which it logs.
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

/* Not where the module itself is declared, which does the same. */
#ifndef SW_DECLARES_MODULE
APLOG_USE_MODULE(signalwire);
#endif

#endif
