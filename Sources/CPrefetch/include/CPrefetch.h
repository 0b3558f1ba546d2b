#ifndef OTSCAN_PREFETCH_H
#define OTSCAN_PREFETCH_H

/// Asks the processor to bring the cache line at `address` near, for reading and writing. It waits for nothing, and an
/// address that is not mapped does no harm.
static inline void otscan_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
