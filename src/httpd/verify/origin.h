/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The origin of the public URL: from the configuration, from the forwarded
 * fields of a trusted proxy, or from Host.
 */
#ifndef SW_ORIGIN_H
#define SW_ORIGIN_H

#include "core/signature/verdict.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/verify/context.h"

/** The connection of the TCP peer; for an HTTP/2 stream, its master connection.
 * Its client_addr is the peer's, whatever mod_remoteip sets for the request. */
conn_rec *sw_origin_connection(const request_rec *r);

/** Does SignalWireTrustedProxy of @a dir name the TCP peer? */
int sw_origin_peer_trusted(request_rec *r, const sw_dir_t *dir);

/** Set the bases of the URLs that SignalWire may have signed: those of the
 * configuration, else the one that the request names, if its host is allowed.
 * @return SW_VERIFIED, SW_UNKNOWN_HOST or SW_FORWARDED */
sw_verdict_e sw_origin_bases(sw_verify_context_t *context);

/** Did the client use TLS, to this server or to a trusted proxy? */
int sw_origin_is_tls(const sw_verify_context_t *context);

#endif
