#define _GNU_SOURCE
#include "CTestCalls.h"
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

long raw_call(long number, long a, long b, long c, long d, long e, long f) {
    return syscall(number, a, b, c, d, e, f);
}

int packet_socket(const char *interface) {
    int descriptor = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    if (descriptor < 0) return -1;
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(interface)};
    return bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0 ? descriptor : -1;
}

int receive_foreign(int socket) {
    char frame[65536];
    struct sockaddr_ll from;
    socklen_t size = sizeof from;
    memset(&from, 0, sizeof from);
    if (recvfrom(socket, frame, sizeof frame, MSG_DONTWAIT, (struct sockaddr *)&from, &size) < 0) return -1;
    return from.sll_pkttype != PACKET_OUTGOING;
}
