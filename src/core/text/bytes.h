/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight bytes of text at once, as a number whose lowest byte comes first. Marks
 * have the highest bit of a byte set where it matches. Above the first match
 * marks may be wrong, so only the first counts.
 */
#ifndef SW_BYTES_H
#define SW_BYTES_H

#include <string.h>

#include <apr.h>

#define SW_EACH_BYTE(c) (APR_UINT64_C(0x0101010101010101) * (c))

static inline apr_uint64_t sw_bytes(const char *p)
{
    apr_uint64_t bytes;

    memcpy(&bytes, p, sizeof(bytes));
#if APR_IS_BIGENDIAN
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/** Marks for bytes less than c, which is at most 0x80. */
static inline apr_uint64_t sw_bytes_below(apr_uint64_t bytes, unsigned char c)
{
    return (bytes - SW_EACH_BYTE(c)) & ~bytes & SW_EACH_BYTE(0x80);
}

static inline apr_uint64_t sw_bytes_equal(apr_uint64_t bytes, unsigned char c)
{
    return sw_bytes_below(bytes ^ SW_EACH_BYTE(c), 1);
}

/** Marks for bytes that are not ASCII. */
static inline apr_uint64_t sw_bytes_high(apr_uint64_t bytes)
{
    return bytes & SW_EACH_BYTE(0x80);
}

/** The index of the first mark, of which there is one. */
static inline unsigned int sw_bytes_first(apr_uint64_t marks)
{
    return (unsigned int)__builtin_ctzll(marks) / 8;
}

#endif
