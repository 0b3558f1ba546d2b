#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// As in linux/landlock.h of recent kernels; the header of the oldest supported distribution lacks the later bits.
struct ruleset {
    uint64_t file_access, network_access, scoped;
};
struct beneath {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

#define FILE_EXECUTE (1ull << 0)
#define FILE_WRITE (1ull << 1)
#define FILE_READ (1ull << 2)
#define FOLDER_READ (1ull << 3)
#define REMOVE_FILE (1ull << 5)
#define MAKE_FILE (1ull << 8)
#define REFER (1ull << 13)
#define TRUNCATE (1ull << 14)
#define IOCTL (1ull << 15)
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define VERSION_FLAG 1
#define RULE_BENEATH 1

int linux_landlock_version(void) {
    long version = syscall(CREATE_RULESET, NULL, 0, VERSION_FLAG);
    return version < 0 ? 0 : (int)version;
}

static int allow(int ruleset, const char *path, uint64_t access) {
    struct beneath rule = {.access = access, .parent = open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent < 0) return errno == ENOENT ? 0 : -errno;
    struct stat status;
    // What only folders can be asked for is refused for a file.
    if (fstat(rule.parent, &status) == 0 && !S_ISDIR(status.st_mode)) {
        rule.access &= FILE_EXECUTE | FILE_WRITE | FILE_READ | TRUNCATE | IOCTL;
    }
    int result = syscall(ADD_RULE, ruleset, RULE_BENEATH, &rule, 0) == 0 ? 0 : -errno;
    close(rule.parent);
    return result;
}

int linux_landlock_restrict(
    const char *const *readable, size_t readable_count, const char *const *writable, size_t writable_count) {
    int version = linux_landlock_version();
    if (version == 0) return 0;
    struct ruleset rules = {.file_access = (1ull << 13) - 1};
    if (version >= 2) rules.file_access |= REFER;
    if (version >= 3) rules.file_access |= TRUNCATE;
    if (version >= 5) rules.file_access |= IOCTL;
    // Binding and connecting of TCP ports; abstract sockets and signals outside.
    if (version >= 4) rules.network_access = 3;
    if (version >= 6) rules.scoped = 3;
    size_t size = version >= 6 ? sizeof rules : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(CREATE_RULESET, &rules, size, 0);
    if (ruleset < 0) return -errno;
    int result = 0;
    uint64_t reading = FILE_READ | FOLDER_READ;
    uint64_t writing = (reading | FILE_WRITE | REMOVE_FILE | MAKE_FILE | TRUNCATE) & rules.file_access;
    for (size_t index = 0; index < readable_count && result == 0; index++) {
        result = allow(ruleset, readable[index], reading);
    }
    for (size_t index = 0; index < writable_count && result == 0; index++) {
        result = allow(ruleset, writable[index], writing);
    }
    if (result == 0 && syscall(RESTRICT_SELF, ruleset, 0) != 0) result = -errno;
    close(ruleset);
    return result == 0 ? version : result;
}
