/* SPDX-License-Identifier: Apache-2.0 */
/*
 * application/x-www-form-urlencoded text as ordered pairs, by rule R6/R9 of
 * docs/signature-rules.md: split at '&' only, empty segments skipped, split at
 * the first '=', '+' is a space, %HH a byte, any other '%' itself. Bytes
 * are bytes: no charset, no nesting, no merging of repeated names.
 *
 * Pairs stay encoded and point into the text: nothing is copied before
 * somebody asks for a value.
 */
#ifndef SW_FORM_H
#define SW_FORM_H

#include <apr_pools.h>

#include "core/text/span.h"

/** A pair as it stands in the text, still encoded. */
typedef struct sw_pair_t {
    sw_span_t name;
    sw_span_t value;
} sw_pair_t;

/**
 * The next pair of @a text at or after offset @a *at, which moves on.
 * @return 1, or 0 at the end.
 */
int sw_form_next(sw_span_t text, apr_size_t *at, sw_pair_t *pair);

/** Where the decoding of a text stands. Start at 0. */
typedef struct sw_form_reader_t {
    sw_span_t text;
    apr_size_t at;
} sw_form_reader_t;

/**
 * Decode on into @a to, at most @a size bytes.
 * @return the number of bytes written; reader->at is text.n at the end
 */
apr_size_t sw_form_read(sw_form_reader_t *reader, char *to, apr_size_t size);

/** Decoded copy in @a pool, NUL-terminated after its end. */
sw_span_t sw_form_decoded(apr_pool_t *pool, sw_span_t encoded);

/** Does @a encoded decode to exactly @a plain? */
int sw_form_is(sw_span_t encoded, sw_span_t plain);

/**
 * The first pair called @a name. @return how many there are, 0 for none
 * (then @a *value is empty)
 */
apr_size_t sw_form_find(sw_span_t text, sw_span_t name, sw_span_t *value);

/** Is @a type a Content-Type of this format? Parameters are ignored; a field
 * that came twice is none (R10). */
int sw_form_is_type(sw_span_t type);

/**
 * What scheme B signs: every name and its value, decoded, in the order of the
 * names as unsigned bytes, repeated names as they came. A copy in @a pool, no
 * longer than @a text. Takes 24 bytes a pair and a second copy meanwhile, at
 * most 14 times the text; time grows with n log n of the pairs for any order.
 */
sw_span_t sw_form_signed(apr_pool_t *pool, sw_span_t text);

#endif
