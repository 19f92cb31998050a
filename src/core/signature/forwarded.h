/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The URL that a trusted proxy says its client asked for. Lists (a
 * second proxy, or a client that brought its own field) and fields that
 * contradict each other are refused: which of them to believe would be a guess.
 */
#ifndef SW_FORWARDED_H
#define SW_FORWARDED_H

#include <apr_tables.h>

#include "core/signature/url.h"

/** Field values as received; NULL where a field is absent. All but own_host
 * come from a proxy. */
typedef struct sw_forwarded_t {
    const char *proto;     /* X-Forwarded-Proto */
    const char *host;      /* X-Forwarded-Host */
    const char *port;      /* X-Forwarded-Port */
    const char *forwarded; /* Forwarded (RFC 7239), read only if none of the
                              others came */
    const char *own_host;  /* Host, for fields that name no host */
} sw_forwarded_t;

/** Take the fields out of a header. @return 1 if a proxy has set any */
int sw_forwarded_read(const apr_table_t *header, sw_forwarded_t *fields);

/**
 * The origin that the client used. If the fields name no scheme, @a https, the
 * connection's own, decides; if they name no host, own_host.
 * @return 1, or 0 if the fields are lists, malformed or contradictory
 */
int sw_forwarded_origin(apr_pool_t *pool, const sw_forwarded_t *fields,
                        int https, sw_origin_t *origin);

#endif
