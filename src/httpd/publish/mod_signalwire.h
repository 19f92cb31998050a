/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file mod_signalwire.h
 * What mod_signalwire offers to other modules of httpd.
 */
#ifndef MOD_SIGNALWIRE_H
#define MOD_SIGNALWIRE_H

#include <httpd.h>
#include <apr_optional.h>

/**
 * A field of the event that a request is, or a parameter as SignalWire sent
 * it: what signalwire('Name') is in an expression (docs/variables.md). Look it
 * up in a post_config hook or later:
 *
 *     static APR_OPTIONAL_FN_TYPE(signalwire_field) *field;
 *     field = APR_RETRIEVE_OPTIONAL_FN(signalwire_field);
 *
 * @param r The request; sub-requests and redirects know what the client sent
 * @param name "From", "CALL_ID", "Call-Id", "Verified", "AudioInMos",
 * "call.from": a field without regard to case and '-' as '_', else the
 * parameter of exactly this name, or JSON at this path
 * @return UTF-8 without NUL, which lives as long as the request; NULL if it is
 * unset, if it is card data or a shared secret, and if the request has passed
 * no <SignalWireWebhook> block (so always before access checking)
 */
APR_DECLARE_OPTIONAL_FN(const char *, signalwire_field,
                        (request_rec *r, const char *name));

#endif
