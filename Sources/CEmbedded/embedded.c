#include "embedded.h"

// Clang takes #embed in every C mode and only remarks that it is of C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t oui[] = {
#embed "oui.bin"
};

static const uint8_t archive[] = {
#embed "archive.bin"
};

otscan_embedded otscan_embedded_oui(void) {
    return (otscan_embedded){oui, sizeof oui};
}

otscan_embedded otscan_embedded_archive(void) {
    return (otscan_embedded){archive, sizeof archive};
}
