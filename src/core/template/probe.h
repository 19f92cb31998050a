/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A template is rendered with hostile values at configuration: does it stay a
 * document?
 */
#ifndef SW_PROBE_H
#define SW_PROBE_H

#include <apr_pools.h>

#include "core/template/document.h"
#include "core/template/fault.h"
#include "core/template/template.h"

/**
 * Render the template with hostile values, each name with and without one,
 * and check the documents: cXML by @a schema (NULL: its form only), SWML by its
 * structure.
 * @param advice what SignalWire may mind of SWML, or NULL
 * @return a fault in a line of the template, if some values can break it
 */
sw_fault_t sw_template_probe(apr_pool_t *pool, const sw_template_t *t,
                             const sw_schema_t *schema, sw_fault_t *advice);

#endif
