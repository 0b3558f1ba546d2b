#ifndef OTSCAN_EMBEDDED_H
#define OTSCAN_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

/// Bytes that live in the binary as long as the process does.
typedef struct {
    const uint8_t *_Nonnull start;
    size_t size;
} otscan_embedded;

/// The registry of MAC address blocks, packed by Scripts/embed.py; README.md draws its layout.
otscan_embedded otscan_embedded_oui(void);

/// The archive of Signatures/ and of the report's assets, packed by Scripts/embed.py.
otscan_embedded otscan_embedded_archive(void);

#endif
