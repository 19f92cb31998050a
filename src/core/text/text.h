/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that is safe to hand on: whatever bytes arrive, what leaves is UTF-8
 * without NUL, or what a header field can carry.
 */
#ifndef SW_TEXT_H
#define SW_TEXT_H

#include <strings.h>

#include <apr_pools.h>

#include "core/text/span.h"

/** U+FFFD, which stands for what is not UTF-8. */
#define SW_REPLACEMENT "\xef\xbf\xbd"

/**
 * The length of the character that begins at @a at, which lies within @a s.
 * @a *valid says whether it is one by RFC 3629; if not, the length is that of
 * the longest beginning of a character there (at least 1), which Unicode
 * (chapter 3.9) has replaced by one U+FFFD.
 */
apr_size_t sw_text_next(sw_span_t s, apr_size_t at, int *valid);

/** Is the character of @a n bytes at @a p a control character: C0, DEL, or C1,
 * which is two bytes and which some terminals obey? */
int sw_text_is_control(const char *p, apr_size_t n);

/**
 * Without NUL, each ill-formed sequence replaced by U+FFFD.
 * @param text has a NUL after its end, and is returned itself if it may stay
 * as it is; otherwise a copy in @a pool, so too
 */
sw_span_t sw_text_clean(apr_pool_t *pool, sw_span_t text);

/**
 * As the value of a header field: every byte outside of 0x20-0x7e, every '%',
 * and a blank at either end become %HH. Ownership as with sw_text_clean().
 */
sw_span_t sw_text_field_value(apr_pool_t *pool, sw_span_t text);

/** Does @a text begin with @a with, but for the case of ASCII letters? */
static inline int sw_text_starts(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

/** Is @a word one of @a words (NULL at their end)? */
static inline int sw_text_is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

/**
 * Find the word that was probably meant: the nearest of @a words (NULL at
 * their end) without regard to case, at most two edits away, or one edit if
 * @a word has no more than four letters. An edit inserts, drops or replaces a
 * letter or swaps two neighbours. Of several, the first wins, or one that
 * begins with @a word.
 * @return NULL if no word is near, or @a word is longer than 40 bytes
 */
const char *sw_text_nearest(const char *word, const char *const *words);

/** As above, but at most @a most edits away. */
const char *sw_text_nearest_by(int most, const char *word,
                               const char *const *words);

#endif
