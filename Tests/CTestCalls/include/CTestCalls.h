#ifndef OTSCAN_CTESTCALLS_H
#define OTSCAN_CTESTCALLS_H
/// A system call by its number, for trying calls that no library makes. -1, with errno, when it fails.
long raw_call(long number, long a, long b, long c, long d, long e, long f);
/// A raw socket for all protocols on an interface; -1, with errno, when there can be none.
int packet_socket(const char *interface);
/// Takes one frame off such a socket: 1 when another host sent it, 0 when this one did, -1 when there is none.
int receive_foreign(int socket);
#endif
