#define _GNU_SOURCE
#include "CTestCalls.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
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

int bypass_queue(int socket) {
    int one = 1;
    return setsockopt(socket, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
}

int send_frames(int socket, const uint8_t *frames, size_t length, int count) {
    enum { batch = 256 };
    struct iovec parts[batch];
    struct mmsghdr messages[batch];
    memset(messages, 0, sizeof messages);
    int sent = 0;
    while (sent < count) {
        int some = count - sent < batch ? count - sent : batch;
        for (int index = 0; index < some; index++) {
            parts[index] = (struct iovec){(void *)(frames + (size_t)(sent + index) * length), length};
            messages[index].msg_hdr.msg_iov = &parts[index];
            messages[index].msg_hdr.msg_iovlen = 1;
        }
        int result = sendmmsg(socket, messages, (unsigned)some, 0);
        if (result > 0) sent += result;
        else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) return -1;
    }
    return sent;
}
