/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table in shared memory: entries of one size, each found by its key; the
 * oldest is overwritten first. A large table may consist of several parts, each
 * with its lock; the key of an entry decides in which part it is. The memory
 * belongs to the process, so that the children before and after a graceful
 * restart share it.
 */
#ifndef SW_SHM_TABLE_H
#define SW_SHM_TABLE_H

#include <apr_pools.h>
#include <apr_time.h>

#define SW_SHM_KEY 32 /* bytes of a SHA-256 */
#define SW_SHM_NONE ((apr_uint32_t)-1)
#define SW_SHM_PARTS 16

/** The head of every entry. */
typedef struct sw_entry_t {
    unsigned char key[SW_SHM_KEY];
    volatile apr_uint32_t state; /* 0: free. Written last, so that an entry
                                    is whole at any time */
    apr_uint32_t next;           /* the table's own */
#ifdef SW_OTHER_LAYOUT           /* the second build of t/35-builds.t */
    apr_uint64_t other[8];
#endif
} sw_entry_t;

typedef struct sw_shm_table_t sw_shm_table_t;

/** The layout of the memory. A graceful restart may load another build of the
 * module: memory with another plan is not used. */
typedef struct sw_shm_table_plan_t {
    const char *name;      /* by which later generations find it */
    const char *old_name;  /* by which builds found theirs that did not write
                              down its layout, or NULL */
    const char *layout;    /* a text of any length: the offsets of the members
                              of an entry and of the common part, and the
                              meaning of their numbers */
    apr_uint32_t entries;  /* counts when the memory is made */
    apr_size_t entry_size; /* a multiple of 8 */
    apr_size_t extra;      /* bytes for each entry, touched when needed */
    apr_size_t common;     /* bytes once, zero at first */
    apr_uint32_t parts;    /* at most, a power of two up to SW_SHM_PARTS; fewer
                              if a part would have less than 64 entries */
} sw_shm_table_plan_t;

/**
 * Find the memory of an earlier generation, or make it. Memory with another
 * layout is abandoned: the processes that use it keep it until they end.
 * @param process the pool that a graceful restart does not clear; it keeps the
 *        memory and nothing that an earlier or later build could misread
 * @param p the table itself lives as long as this generation
 */
apr_status_t sw_shm_table_open(apr_pool_t *process, apr_pool_t *p,
                               const sw_shm_table_plan_t *plan,
                               sw_shm_table_t **table);

/** Was memory with another layout abandoned for this one? */
int sw_shm_table_has_replaced(const sw_shm_table_t *table);

/** Try to allocate the memory; it is freed with @a p. */
apr_status_t sw_shm_table_try(apr_pool_t *p, const sw_shm_table_plan_t *plan);

/** The number of entries; the common part; the extra bytes of an entry. */
apr_uint32_t sw_shm_table_entries(const sw_shm_table_t *table);
void *sw_shm_table_common(const sw_shm_table_t *table);
void *sw_shm_table_extra(const sw_shm_table_t *table, apr_uint32_t i);

/** The part that has the entry with this key; 0 if there is only one. */
apr_uint32_t sw_shm_table_part(const sw_shm_table_t *table,
                               const unsigned char *key);

void *sw_shm_table_at(const sw_shm_table_t *table, apr_uint32_t i);

/** Call the following only with the lock of the part held. @return 0 if another
 * process has kept the lock for 200 ms, for instance under a debugger. If a
 * process dies with the lock, the entries remain, and the index is made
 * anew. */
int sw_shm_table_lock(sw_shm_table_t *table, apr_uint32_t part);
void sw_shm_table_unlock(sw_shm_table_t *table, apr_uint32_t part);

/** The index of the entry with this key, or SW_SHM_NONE. */
apr_uint32_t sw_shm_table_find(const sw_shm_table_t *table,
                               const unsigned char *key);

/** The index of the oldest entry of the part, which becomes the newest; it may
 * be in use. */
apr_uint32_t sw_shm_table_take_oldest(sw_shm_table_t *table, apr_uint32_t part);

/** Insert an entry at a free index, with a state other than 0; or remove it. */
void sw_shm_table_insert(sw_shm_table_t *table, apr_uint32_t i,
                         const unsigned char *key, apr_uint32_t state);
void sw_shm_table_remove(sw_shm_table_t *table, apr_uint32_t i);

#endif
