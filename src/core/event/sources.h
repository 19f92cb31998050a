/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the fields of an event come from.
 */
#ifndef SW_SOURCES_H
#define SW_SOURCES_H

#include <apr.h>

/** Section 4: a source of a field, in order of preference; of one kind only,
 * or of any. */
typedef struct sw_source_t {
    unsigned char field;
    unsigned char name;
    unsigned char kind; /* SW_UNKNOWN: any */
} sw_source_t;

extern const sw_source_t sw_sources[];
extern const apr_size_t sw_source_count;

#endif
