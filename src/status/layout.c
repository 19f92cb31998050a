/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of the board in shared memory: a graceful restart may bring
 * another build of the module, which must not read the counters and records of
 * this one as its own.
 */
#include <stddef.h>

#include <apr_strings.h>

#include "status/layout.h"
#include "core/event/event.h"
#include "core/event/states.h"
#include "core/signature/verdict.h"
#include "status/board.h"

#define AT(type, member) offsetof(type, member)

/* Where everything stands. Tallies are told apart by their places too. */
static const apr_size_t places[] = {
    1, /* counts changes that leave all of it where it is */
    sizeof(sw_seen_t), AT(sw_seen_t, last), AT(sw_seen_t, answered),
    AT(sw_seen_t, ended), AT(sw_seen_t, states), AT(sw_seen_t, block),
    AT(sw_seen_t, state), AT(sw_seen_t, is_mms), AT(sw_seen_t, error),
    AT(sw_seen_t, direction), AT(sw_seen_t, seconds), AT(sw_seen_t, mos),
    AT(sw_seen_t, id), AT(sw_seen_t, code), AT(sw_seen_t, from),
    AT(sw_seen_t, to), AT(sw_seen_t, name), AT(sw_seen_t, body),
    AT(sw_seen_t, recording),
    sizeof(sw_common_t), AT(sw_common_t, since), AT(sw_common_t, uncounted),
    AT(sw_common_t, total), AT(sw_common_t, minutes), AT(sw_common_t, hours),
    AT(sw_common_t, kinds), AT(sw_common_t, block_count),
    AT(sw_common_t, blocks), AT(sw_board_kind_t, unverified),
    sizeof(sw_slot_t), AT(sw_slot_t, which), AT(sw_slot_t, tally),
    sizeof(sw_board_block_t), AT(sw_board_block_t, passed),
    AT(sw_board_block_t, refused), AT(sw_board_block_t, latency),
    AT(sw_board_block_t, microseconds), AT(sw_board_block_t, keys),
    sizeof(sw_board_key_t), AT(sw_board_key_t, id), AT(sw_board_key_t, n),
    AT(sw_board_key_t, last),
    SW_TALLY_VERIFIED, SW_TALLY_UNVERIFIED, SW_TALLY_REFUSED,
    SW_TALLY_REPEATS, SW_TALLY_UNCLAIMED, SW_TALLY_SLOW, SW_TALLY_BROKEN,
    SW_TALLY_SECONDS, SW_TALLY_TALKS, SW_TALLY_MOS, SW_TALLY_SCORES,
    SW_TALLY_MESSAGES, SW_TALLY_MMS, SW_TALLY_CALLS, SW_TALLY_ERRORS,
    SW_TALLY_CALL_ERRORS, SW_TALLY_COUNT, SW_INBOUND, SW_OUTBOUND
};

static void push(apr_array_header_t *words, const char *word)
{
    APR_ARRAY_PUSH(words, const char *) = word;
}

/* Counters are arrays by verdict, state, error and kind: their order is
 * layout. */
const char *sw_board_layout(apr_pool_t *p)
{
    apr_array_header_t *words = apr_array_make(p, 128, sizeof(const char *));
    apr_size_t i;

    for (i = 0; i < sizeof(places) / sizeof(*places); i++)
        push(words, apr_psprintf(p, "%" APR_SIZE_T_FMT, places[i]));
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
