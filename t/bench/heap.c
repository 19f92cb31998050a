/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the memory that a program holds, exactly: preloaded by t/bench/run
 * into an httpd whose resident size would drown one request in pages of
 * libraries and stacks. Counted are malloc() and what APR's pools map. The file
 * that SW_HEAP names holds two 64-bit numbers: bytes now, and at the peak.
 * Needs glibc and a 64-bit Linux; for the bench only, never installed.
 */
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);

typedef struct heap_t {
    int64_t now;
    int64_t peak;
} heap_t;

/* Until the file is there: what is allocated that early is of no interest. */
static heap_t early;
static heap_t *heap = &early;

static void *map(void *at, size_t n, int protection, int flags, int fd,
                 off_t offset)
{
    return (void *)syscall(SYS_mmap, at, n, protection, flags, fd, offset);
}

/* All processes of the server share the file, hence the counters. */
__attribute__((constructor)) static void open_heap(void)
{
    const char *name = getenv("SW_HEAP");
    int fd = name ? open(name, O_RDWR) : -1;
    void *mapped;

    if (fd < 0)
        return;
    mapped = map(NULL, sizeof(heap_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                 0);
    if (mapped != MAP_FAILED)
        heap = mapped;
    close(fd);
}

static void count(int64_t n)
{
    int64_t now = __atomic_add_fetch(&heap->now, n, __ATOMIC_RELAXED);
    int64_t peak = __atomic_load_n(&heap->peak, __ATOMIC_RELAXED);

    while (now > peak
           && !__atomic_compare_exchange_n(&heap->peak, &peak, now, 1,
                                           __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

static int64_t size_of(void *p)
{
    return (int64_t)malloc_usable_size(p);
}

void *malloc(size_t n)
{
    void *p = __libc_malloc(n);

    count(size_of(p));
    return p;
}

void *calloc(size_t items, size_t n)
{
    void *p = __libc_calloc(items, n);

    count(size_of(p));
    return p;
}

void *realloc(void *old, size_t n)
{
    int64_t before = size_of(old);
    void *p = __libc_realloc(old, n);

    if (p || n == 0)
        count(size_of(p) - before);
    return p;
}

void free(void *p)
{
    count(-size_of(p));
    __libc_free(p);
}

void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    void *p = map(at, n, protection, flags, fd, offset);

    if (p != MAP_FAILED && (flags & MAP_ANONYMOUS))
        count((int64_t)n);
    return p;
}

/* Files are unmapped only at the end of the process. */
int munmap(void *p, size_t n)
{
    count(-(int64_t)n);
    return (int)syscall(SYS_munmap, p, n);
}
