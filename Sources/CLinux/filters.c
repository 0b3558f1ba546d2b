#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/sched.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define ALLOW(call, count, ...) \
    if (result == 0) result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(call), count, \
        (const struct scmp_arg_cmp[]){__VA_ARGS__})
#define ALWAYS(call) \
    if (result == 0) result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(call), 0, NULL)
#define ON(descriptor) SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)(descriptor))

/// What every program needs that computes: memory that is never executable, locks, clocks, its own end.
static int allow_computing(scmp_filter_ctx filter) {
    int result = 0;
    ALWAYS(brk);
    ALWAYS(munmap);
    ALWAYS(mremap);
    ALWAYS(madvise);
    ALLOW(mprotect, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    ALWAYS(futex);
    ALWAYS(sched_yield);
    ALWAYS(sched_getaffinity);
    ALWAYS(clock_gettime);
    ALWAYS(clock_nanosleep);
    ALWAYS(nanosleep);
    ALWAYS(gettimeofday);
    ALWAYS(getrandom);
    ALWAYS(getpid);
    ALWAYS(gettid);
    ALWAYS(rt_sigreturn);
    ALWAYS(rt_sigprocmask);
    ALWAYS(rt_sigaction);
    ALWAYS(sigaltstack);
    ALWAYS(restart_syscall);
    ALWAYS(exit);
    ALWAYS(exit_group);
    ALWAYS(poll);
    ALWAYS(ppoll);
    return result;
}

static int load(scmp_filter_ctx filter, int result) {
    if (result == 0) result = seccomp_load(filter);
    seccomp_release(filter);
    return result;
}

int linux_filter_collector(int socket, int stream, int log, int control, const int *counters, size_t counter_count) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) return -ENOMEM;
    int result = allow_computing(filter);
    ALLOW(mmap, 3, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0), SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS),
        SCMP_A4_32(SCMP_CMP_EQ, (uint32_t)-1));
    // A plain write(2) to a packet socket puts a frame on the wire: by descriptor, then, and no other kind of write.
    ALLOW(write, 1, ON(stream));
    ALLOW(write, 1, ON(log));
    ALLOW(read, 1, ON(control));
    for (size_t index = 0; index < counter_count; index++) ALLOW(pread64, 1, ON(counters[index]));
    ALLOW(getsockopt, 3, ON(socket), SCMP_A1_32(SCMP_CMP_EQ, SOL_PACKET), SCMP_A2_32(SCMP_CMP_EQ, PACKET_STATISTICS));
    ALLOW(getsockopt, 3, ON(socket), SCMP_A1_32(SCMP_CMP_EQ, SOL_SOCKET), SCMP_A2_32(SCMP_CMP_EQ, SO_ERROR));
    // libpcap reads a socket's error by peeking.
    ALLOW(recvfrom, 2, ON(socket), SCMP_A3_32(SCMP_CMP_EQ, MSG_PEEK));
    return load(filter, result);
}

int linux_filter_analyser(void) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) return -ENOMEM;
    int result = allow_computing(filter);
    ALLOW(mmap, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // Files; which ones is Landlock's to say.
    ALWAYS(openat);
    ALWAYS(open);
    ALWAYS(close);
    ALWAYS(read);
    ALWAYS(readv);
    ALWAYS(pread64);
    ALWAYS(write);
    ALWAYS(writev);
    ALWAYS(pwrite64);
    ALWAYS(lseek);
    ALWAYS(fsync);
    ALWAYS(fdatasync);
    ALWAYS(ftruncate);
    ALWAYS(fallocate);
    ALWAYS(fstat);
    ALWAYS(stat);
    ALWAYS(lstat);
    ALWAYS(newfstatat);
    ALWAYS(statx);
    ALWAYS(statfs);
    ALWAYS(fstatfs);
    ALWAYS(access);
    ALWAYS(faccessat);
    ALWAYS(faccessat2);
    ALWAYS(readlink);
    ALWAYS(readlinkat);
    ALWAYS(getcwd);
    ALWAYS(getdents64);
    ALWAYS(unlink);
    ALWAYS(unlinkat);
    ALWAYS(fchmod);
    ALWAYS(fcntl);
    ALWAYS(flock);
    ALWAYS(fadvise64);
    ALWAYS(geteuid);
    ALWAYS(getuid);
    ALWAYS(getegid);
    ALWAYS(getgid);
    ALWAYS(getppid);
    ALWAYS(uname);
    ALWAYS(sysinfo);
    ALWAYS(prlimit64);
    ALWAYS(getrlimit);
    ALWAYS(getrusage);
    ALWAYS(tgkill);
    // Threads of this program, but no other program. clone3 hides its flags behind a pointer; without it glibc takes clone.
    ALLOW(clone, 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    if (result == 0) result = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, NULL);
    ALWAYS(set_robust_list);
    ALWAYS(rseq);
    ALWAYS(sched_getparam);
    ALWAYS(sched_getscheduler);
    ALWAYS(sched_get_priority_max);
    ALWAYS(sched_get_priority_min);
    ALWAYS(membarrier);
    ALWAYS(epoll_create1);
    ALWAYS(epoll_ctl);
    ALWAYS(epoll_wait);
    ALWAYS(epoll_pwait);
    ALWAYS(eventfd2);
    ALWAYS(timerfd_create);
    ALWAYS(timerfd_settime);
    return load(filter, result);
}
