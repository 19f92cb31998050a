/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of the board as text. A graceful restart may load another build of
 * the module, which must not read memory of another layout. */
#include <stddef.h>

#include <apr_strings.h>

#include "status/layout.h"

const apr_interval_time_t sw_board_bounds[SW_BOARD_BOUNDS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000,
    2500000, 5000000
};

#define AT(type, member) offsetof(type, member)

/* The sizes and offsets of all that is shared, and the order of the counters.
 * Raise the first number for a change that leaves all of these as they are. */
static const apr_size_t numbers[] = {
    2,
    sizeof(sw_board_record_t), AT(sw_board_record_t, version),
    AT(sw_board_record_t, last), AT(sw_board_record_t, answered),
    AT(sw_board_record_t, ended), AT(sw_board_record_t, states),
    AT(sw_board_record_t, block), AT(sw_board_record_t, state),
    AT(sw_board_record_t, is_mms), AT(sw_board_record_t, error),
    AT(sw_board_record_t, direction), AT(sw_board_record_t, seconds),
    AT(sw_board_record_t, mos), AT(sw_board_record_t, texts),
    AT(sw_board_texts_t, id), AT(sw_board_texts_t, code),
    AT(sw_board_texts_t, from), AT(sw_board_texts_t, to),
    AT(sw_board_texts_t, name), AT(sw_board_texts_t, body),
    AT(sw_board_texts_t, recording),
    sizeof(sw_board_common_t), AT(sw_board_common_t, since),
    AT(sw_board_common_t, processes), AT(sw_board_common_t, minute),
    AT(sw_board_common_t, minutes), AT(sw_board_common_t, hours),
    AT(sw_board_common_t, block_count), AT(sw_board_common_t, blocks),
    AT(sw_board_common_t, sets),
    sizeof(sw_snapshot_t), AT(sw_snapshot_t, counters),
    sizeof(sw_board_names_t), AT(sw_board_names_t, keys),
    sizeof(sw_board_key_t), AT(sw_board_key_t, last),
    AT(sw_board_key_t, label),
    sizeof(sw_counter_set_t), AT(sw_counter_set_t, kinds),
    AT(sw_counter_set_t, blocks), AT(sw_kind_counters_t, unverified),
    sizeof(sw_block_counters_t), AT(sw_block_counters_t, refused),
    AT(sw_block_counters_t, latency), AT(sw_block_counters_t, microseconds),
    AT(sw_block_counters_t, keys),
    SW_COUNT_VERIFIED, SW_COUNT_UNVERIFIED, SW_COUNT_REFUSED,
    SW_COUNT_REPEATS, SW_COUNT_UNCLAIMED, SW_COUNT_SLOW, SW_COUNT_BROKEN,
    SW_COUNT_SECONDS, SW_COUNT_TIMED_CALLS, SW_COUNT_MOS, SW_COUNT_SCORES,
    SW_COUNT_UNCOUNTED, SW_COUNT_MESSAGES, SW_COUNT_MMS, SW_COUNT_CALLS,
    SW_COUNT_ERRORS, SW_COUNT_CALL_ERRORS, SW_COUNTERS, SW_INBOUND, SW_OUTBOUND
};

static void push(apr_array_header_t *words, const char *word)
{
    APR_ARRAY_PUSH(words, const char *) = word;
}

/* Counters are arrays indexed by verdict, state, error and kind, so the lists
 * of these words are layout too. */
const char *sw_board_layout(apr_pool_t *p)
{
    apr_array_header_t *words = apr_array_make(p, 128, sizeof(const char *));
    apr_size_t i;

    for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        push(words, apr_psprintf(p, "%" APR_SIZE_T_FMT, numbers[i]));
    for (i = 0; i < SW_BOARD_BOUNDS; i++)
        push(words, apr_psprintf(p, "%" APR_TIME_T_FMT, sw_board_bounds[i]));
    for (i = 0; i < SW_VERDICTS; i++)
        push(words, sw_outcome((sw_verdict_e)i)->token);
    for (i = 0; i < SW_MESSAGE_COUNT; i++)
        push(words, sw_message_states[i].word);
    for (i = 0; i < SW_CALL_COUNT; i++)
        push(words, sw_call_states[i].word);
    for (i = 0; i < SW_ERROR_COUNT; i++)
        push(words, sw_errors[i].code);
    for (i = 0; sw_event_kind((unsigned int)i); i++)
        push(words, sw_event_kind((unsigned int)i));
    return apr_array_pstrcat(p, words, ' ');
}
