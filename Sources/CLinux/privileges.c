#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

int linux_become(uid_t uid, gid_t gid) {
    if (setgroups(0, NULL) != 0) return -errno;
    if (setresgid(gid, gid, gid) != 0) return -errno;
    if (setresuid(uid, uid, uid) != 0) return -errno;
    // There must be no way back.
    if (uid != 0 && (setuid(0) == 0 || seteuid(0) == 0)) return -EPERM;
    return 0;
}

static int get_capabilities(struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return syscall(SYS_capget, &header, data) == 0 ? 0 : -errno;
}

static int set_capabilities(const struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return syscall(SYS_capset, &header, data) == 0 ? 0 : -errno;
}

void linux_lower_bounding_set(void) {
    for (int capability = 0; capability < 64; capability++) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno == EINVAL) break;
    }
}

int linux_drop_capabilities(void) {
    linux_lower_bounding_set();
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) return -errno;
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    int result = set_capabilities(none);
    if (result != 0) return result;
    struct __user_cap_data_struct left[2];
    result = get_capabilities(left);
    if (result != 0) return result;
    for (int word = 0; word < 2; word++) {
        if (left[word].permitted | left[word].effective | left[word].inheritable) return -EPERM;
    }
    return 0;
}

int linux_limit_capabilities(uint64_t kept, uint64_t effective) {
    struct __user_cap_data_struct data[2];
    int result = get_capabilities(data);
    if (result != 0) return result;
    for (int word = 0; word < 2; word++) {
        uint32_t bits = (uint32_t)(kept >> (32 * word));
        data[word].permitted &= bits;
        data[word].effective = data[word].permitted & (uint32_t)(effective >> (32 * word));
        data[word].inheritable &= bits;
    }
    return set_capabilities(data);
}

uint64_t linux_effective_capabilities(void) {
    struct __user_cap_data_struct data[2];
    if (get_capabilities(data) != 0) return 0;
    return data[0].effective | (uint64_t)data[1].effective << 32;
}

int linux_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : -errno; }

int linux_limit_resources(int is_childless) {
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -errno;
    if (is_childless && setrlimit(RLIMIT_NPROC, &none) != 0) return -errno;
    return 0;
}

int linux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 ? 0 : -errno; }

int linux_file_has_net_raw(const char *path) {
    struct {
        uint32_t magic;
        uint32_t words[4];
    } value;
    memset(&value, 0, sizeof value);
    ssize_t size = getxattr(path, "security.capability", &value, sizeof value);
    if (size < 0) return errno == ENODATA || errno == ENOTSUP ? 0 : -errno;
    return size >= 8 && (value.words[0] & (1u << CAP_NET_RAW)) != 0;
}

int linux_close_on_exec_from(int first) {
    return close_range((unsigned)first, ~0u, CLOSE_RANGE_CLOEXEC) == 0 ? 0 : -errno;
}
