/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the fuzz targets. A target calls the core with one input and asserts the
 * properties that hold for any. Run by libFuzzer, or by replay.c.
 */
#ifndef SW_FUZZ_H
#define SW_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>

#include "core/text/span.h"

/* An assertion that no compiler flag switches off. */
#define HOLDS(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, \
                    #condition); \
            abort(); \
        } \
    } while (0)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

typedef struct fuzz_block_t {
    struct fuzz_block_t *next;
    void *memory;
} fuzz_block_t;

static fuzz_block_t *fuzz_blocks;

/*
 * In place of APR's own: each allocation by itself, so that a sanitizer sees
 * the first byte too far. Pools would hide it in a block of 8 KiB.
 */
void *apr_palloc(apr_pool_t *pool, apr_size_t n)
{
    fuzz_block_t *block = malloc(sizeof(*block));

    (void)pool;
    if (!block || !(block->memory = malloc(n ? n : 1)))
        abort();
    block->next = fuzz_blocks;
    fuzz_blocks = block;
    return block->memory;
}

static inline apr_pool_t *fuzz_begin(void)
{
    apr_pool_t *pool;

    if (apr_initialize() != APR_SUCCESS
        || apr_pool_create(&pool, NULL) != APR_SUCCESS)
        abort();
    return pool;
}

static inline int fuzz_end(apr_pool_t *pool)
{
    apr_pool_destroy(pool);
    apr_terminate();
    while (fuzz_blocks) {
        fuzz_block_t *block = fuzz_blocks;

        fuzz_blocks = block->next;
        free(block->memory);
        free(block);
    }
    return 0;
}

/* The next line of the input, which moves after it; a copy of just its size
 * in a C string, or NULL where the input has ended or the line is "-". */
static inline const char *fuzz_line(apr_pool_t *pool, sw_span_t *input)
{
    sw_span_t line = sw_span_of(input->p, sw_span_find(*input, '\n'));

    if (input->n == 0)
        return NULL;
    *input = sw_span_from(*input, line.n + 1);
    return sw_span_equal(line, sw_span("-"))
               ? NULL : apr_pstrmemdup(pool, line.p, line.n);
}

/* Does part lie within whole? */
static inline int fuzz_within(sw_span_t part, sw_span_t whole)
{
    return part.n == 0
           || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

#endif
