/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file mod_signalwire.h
 * The API of mod_signalwire for other modules of httpd.
 */
#ifndef MOD_SIGNALWIRE_H
#define MOD_SIGNALWIRE_H

#include <httpd.h>
#include <apr_optional.h>

/**
 * A field of the event of a request, or a parameter as SignalWire sent it: the
 * value of signalwire('Name') in an expression (docs/variables.md). Look the
 * function up in a post_config hook or later:
 *
 *     static APR_OPTIONAL_FN_TYPE(signalwire_field) *field;
 *     field = APR_RETRIEVE_OPTIONAL_FN(signalwire_field);
 *
 * @param r The request; sub-requests and redirects give the client's values
 * @param name "From", "CALL_ID", "Call-Id", "Verified", "AudioInMos",
 * "call.from": a field, in any case and with '-' or '_'; else the parameter of
 * exactly this name, or the JSON value at this path
 * @return UTF-8 without inner NUL, which lives as long as the request; NULL if
 * the value is unset, is card data or a shared secret, or if the request has
 * passed no <SignalWireWebhook> block (always before access checking)
 */
APR_DECLARE_OPTIONAL_FN(const char *, signalwire_field,
                        (request_rec * r, const char *name));

#endif
