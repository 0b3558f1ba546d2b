#ifndef OTSCAN_EMBEDDED_H
#define OTSCAN_EMBEDDED_H
#include <stddef.h>
#include <stdint.h>
#endif
