/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table in shared memory: entries of one size, the oldest overwritten first,
 * each found by its key. It belongs to the process, so that children of before
 * and after a graceful restart share it. This header knows APR only.
 */
#ifndef SW_SHM_TABLE_H
#define SW_SHM_TABLE_H

#include <apr_pools.h>
#include <apr_time.h>

#define SW_SHM_KEY 32 /* bytes of a SHA-256 */
#define SW_SHM_NONE ((apr_uint32_t)-1)

/** What every entry begins with. */
typedef struct sw_entry_t {
    unsigned char key[SW_SHM_KEY];
    volatile apr_uint32_t state; /* 0: free. Written last by whoever fills in
                                    an entry, which is whole at any point */
    apr_uint32_t next;           /* the table's own */
#ifdef SW_OTHER_LAYOUT           /* the second build of t/35-builds.t */
    apr_uint64_t other[8];
#endif
} sw_entry_t;

typedef struct sw_shm_table_t sw_shm_table_t;

/** What the memory is made of. A graceful restart may bring another build of
 * the module: memory that was made by any other plan is not used. */
typedef struct sw_shm_table_plan_t {
    const char *name;      /* by which later generations find it */
    const char *old_name;  /* by which builds found theirs that did not write
                              down its layout, or NULL */
    const char *layout;    /* a text of any length: where the members of an
                              entry and of what is common stand, and what
                              their numbers mean */
    apr_uint32_t entries;  /* counts when the memory is made */
    apr_size_t entry_size; /* a multiple of 8 */
    apr_size_t extra;      /* bytes for each entry, touched when needed */
    apr_size_t common;     /* bytes once, zero at first */
} sw_shm_table_plan_t;

/**
 * Find the memory of an earlier generation, or make it. Memory of another
 * layout is given up: the processes that use it keep it until they end.
 * @param process the pool that a graceful restart does not clear; it keeps the
 *        memory and nothing that an earlier or later build could misread
 * @param p the table itself lives as long as this generation
 */
apr_status_t sw_shm_table_open(apr_pool_t *process, apr_pool_t *p,
                               const sw_shm_table_plan_t *plan,
                               sw_shm_table_t **table);

/** Was memory of another layout given up for this one? */
int sw_shm_table_has_replaced(const sw_shm_table_t *table);

/** Is there memory for it? What is taken is given back with @a p. */
apr_status_t sw_shm_table_try(apr_pool_t *p, const sw_shm_table_plan_t *plan);

/** How many entries it has; what all of them have in common; what the plan has
 * as more for one. */
apr_uint32_t sw_shm_table_entries(const sw_shm_table_t *table);
void *sw_shm_table_common(const sw_shm_table_t *table);
void *sw_shm_table_extra(const sw_shm_table_t *table, apr_uint32_t i);

/** All that follows is for who has the lock. @return 0 if nobody let go of it
 * for 200 ms, as if stopped by a debugger. A process that dies within leaves
 * the entries as they are, and the way to them is made anew. */
int sw_shm_table_lock(sw_shm_table_t *table);
void sw_shm_table_unlock(sw_shm_table_t *table);

void *sw_shm_table_at(const sw_shm_table_t *table, apr_uint32_t i);

/** The place of the entry with this key, or SW_SHM_NONE. */
apr_uint32_t sw_shm_table_find(const sw_shm_table_t *table,
                               const unsigned char *key);

/** The oldest place, which now becomes the newest; it may hold an entry. */
apr_uint32_t sw_shm_table_take_oldest(sw_shm_table_t *table);

/** The entry at a free place begins, with a state other than 0; or it ends. */
void sw_shm_table_insert(sw_shm_table_t *table, apr_uint32_t i,
                         const unsigned char *key, apr_uint32_t state);
void sw_shm_table_remove(sw_shm_table_t *table, apr_uint32_t i);

#endif
