/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The origin of the public URL: from the configuration, or from Host and the
 * forwarded fields as far as those may be believed.
 */
#ifndef SW_ORIGIN_H
#define SW_ORIGIN_H

#include "core/signature/verdict.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/verify/context.h"

/** The connection that the TCP peer made: HTTP/2 streams have one of their
 * own each. What mod_remoteip says of the client after it stays aside. */
conn_rec *sw_origin_connection(const request_rec *r);

/** Is the TCP peer one of SignalWireTrustedProxy? */
int sw_origin_peer_trusted(request_rec *r, const sw_dir_t *dir);

/** Fill in the bases of the URLs that may have been signed. @return
 * SW_VERIFIED, SW_UNKNOWN_HOST or SW_FORWARDED */
sw_verdict_e sw_origin_bases(sw_verify_context_t *context);

/** Did the client come by TLS, to us or to a proxy that we trust? */
int sw_origin_is_tls(const sw_verify_context_t *context);

#endif
