#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <signal.h>
#include <unistd.h>

int linux_packet_statistics(int socket, uint32_t *packets, uint32_t *drops) {
    struct tpacket_stats_v3 statistics;
    socklen_t size = sizeof statistics;
    if (getsockopt(socket, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) != 0) return -errno;
    *packets = statistics.tp_packets;
    *drops = statistics.tp_drops;
    return 0;
}

int linux_socket_error(int socket) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : -errno;
}

static int request(const char *name, unsigned long operation, void *data, struct ifreq *answer) {
    memset(answer, 0, sizeof *answer);
    strncpy(answer->ifr_name, name, IFNAMSIZ - 1);
    if (data != NULL) answer->ifr_data = data;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int result = ioctl(descriptor, operation, answer) == 0 ? 0 : -errno;
    close(descriptor);
    return result;
}

int linux_interface_flags(const char *name) {
    struct ifreq answer;
    int result = request(name, SIOCGIFFLAGS, NULL, &answer);
    return result != 0 ? result : (int)(unsigned short)answer.ifr_flags;
}

static int offload(const char *name, uint32_t command) {
    struct ethtool_value value = {.cmd = command};
    struct ifreq answer;
    return request(name, SIOCETHTOOL, &value, &answer) == 0 ? value.data != 0 : -1;
}

int linux_interface_offloads(const char *name, struct linux_offloads *offloads) {
    offloads->rx_checksum = offload(name, ETHTOOL_GRXCSUM);
    offloads->tx_checksum = offload(name, ETHTOOL_GTXCSUM);
    offloads->scatter_gather = offload(name, ETHTOOL_GSG);
    offloads->tso = offload(name, ETHTOOL_GTSO);
    offloads->gso = offload(name, ETHTOOL_GGSO);
    offloads->gro = offload(name, ETHTOOL_GGRO);
    struct ethtool_value flags = {.cmd = ETHTOOL_GFLAGS};
    struct ifreq answer;
    int result = request(name, SIOCETHTOOL, &flags, &answer);
    offloads->lro = result == 0 ? (flags.data & ETH_FLAG_LRO) != 0 : -1;
    offloads->rx_vlan = result == 0 ? (flags.data & ETH_FLAG_RXVLAN) != 0 : -1;
    return result;
}

uint32_t linux_interface_speed(const char *name) {
    struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};
    struct ifreq answer;
    if (request(name, SIOCETHTOOL, &command, &answer) != 0) return 0;
    uint32_t speed = ethtool_cmd_speed(&command);
    return speed == (uint32_t)-1 ? 0 : speed;
}

int linux_can_capture(void) {
    // Protocol 0 receives nothing.
    int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    close(descriptor);
    return 0;
}

int linux_clock_is_synchronised(long *error_microseconds) {
    struct timex timex;
    memset(&timex, 0, sizeof timex);
    int state = adjtimex(&timex);
    *error_microseconds = timex.esterror;
    return state >= 0 && state != TIME_ERROR && (timex.status & STA_UNSYNC) == 0;
}

int linux_signal_descriptor(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < count; index++) sigaddset(&set, signals[index]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -errno;
    int descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int linux_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    return count == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

int linux_shared_memory(const char *name, size_t size) {
    int descriptor = memfd_create(name, MFD_CLOEXEC);
    if (descriptor < 0) return -errno;
    if (ftruncate(descriptor, (off_t)size) != 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int linux_set_pipe_size(int descriptor, int size) {
    int result = fcntl(descriptor, F_SETPIPE_SZ, size);
    return result < 0 ? -errno : result;
}

int linux_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
    return 0;
}
