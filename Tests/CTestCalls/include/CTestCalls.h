#ifndef OTSCAN_CTESTCALLS_H
#define OTSCAN_CTESTCALLS_H
#include <stddef.h>
#include <stdint.h>

/// A system call by its number, for trying calls that no library makes. -1, with errno, when it fails.
long raw_call(long number, long a, long b, long c, long d, long e, long f);
/// A raw socket for all protocols on an interface; -1, with errno, when there can be none.
int packet_socket(const char *interface);
/// Takes one frame off such a socket: 1 when another host sent it, 0 when this one did, -1 when there is none.
int receive_foreign(int socket);
/// Sends without the queue of the interface's discipline (PACKET_QDISC_BYPASS), which is faster. -1, with errno, when it cannot.
int bypass_queue(int socket);
/// Sends `count` frames of `length` bytes each that lie in memory one behind the other, with few calls; returns how many
/// were sent, or -1, with errno.
int send_frames(int socket, const uint8_t *frames, size_t length, int count);
#endif
