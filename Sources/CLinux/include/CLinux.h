// Linux calls that Swift cannot make itself: variadic functions, macros with arguments, and what glibc does not wrap.
// Each returns 0 (or what its comment says) or a negative errno.
#ifndef OTSCAN_CLINUX_H
#define OTSCAN_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Privileges (capabilities(7), prctl(2), setresuid(2)).

/// Becomes `uid` and `gid` for good, without supplementary groups. Needs CAP_SETUID and CAP_SETGID.
int linux_become(uid_t uid, gid_t gid);
/// Takes everything out of the bounding set, which needs CAP_SETPCAP; where that is missing, no_new_privs keeps the set
/// from mattering.
void linux_lower_bounding_set(void);
/// Gives up every capability: bounding and ambient set, then permitted, effective and inheritable.
int linux_drop_capabilities(void);
/// Keeps of the capabilities held only those whose bits are set in `kept`, and in force only those in `effective`. The
/// bounding set stays, so that a program started as root, or with file capabilities, still gets its own.
int linux_limit_capabilities(uint64_t kept, uint64_t effective);
/// The effective capabilities of this process, one bit each.
uint64_t linux_effective_capabilities(void);
/// execve(2) gives no privileges any more, to this process and all that it starts.
int linux_no_new_privileges(void);
/// Neither core dumps nor, where `is_childless`, further processes.
int linux_limit_resources(int is_childless);
/// Descriptors from `first` on are not handed to programs that are started.
int linux_close_on_exec_from(int first);
/// This process is sent SIGKILL when its parent ends. To be asked again after the user was changed.
int linux_die_with_parent(void);

// Landlock (landlock(7)).

/// The version of Landlock that the kernel has; 0 when it has none.
int linux_landlock_version(void);
/// From here on no file can be opened but beneath the given folders and files: for reading only beneath `readable`, for
/// reading, writing, making and removing beneath `writable`. No TCP ports either, where the kernel knows that. Returns the
/// version used, 0 when the kernel has no Landlock.
int linux_landlock_restrict(
    const char *const *readable, size_t readable_count, const char *const *writable, size_t writable_count);

// System call filters (seccomp(2), libseccomp). A call that is not allowed fails with EPERM.

/// For the collector, after everything is open: write(2) only to `stream` and `log`, read(2) only from `control`,
/// pread64(2) only from `counters`, and of the capturing socket only what receiving needs.
int linux_filter_collector(int socket, int stream, int log, int control, const int *counters, size_t counter_count);
/// For the analyser: files, memory, threads and clocks; no sockets, no other program.
int linux_filter_analyser(void);

// Signals, shared memory, the terminal.

/// A descriptor that becomes readable when one of `signals` comes; they are blocked for the process.
int linux_signal_descriptor(const int *signals, size_t count);
/// The number of the next signal waiting at a signal descriptor; 0 when there is none.
int linux_next_signal(int descriptor);
/// An anonymous file of `size` bytes.
int linux_shared_memory(const char *name, size_t size);
int linux_set_pipe_size(int descriptor, int size);
int linux_set_nonblocking(int descriptor);

// Interfaces (packet(7), netdevice(7), ethtool).

/// Frames since the last call: received by the socket (dropped ones among them) and dropped for lack of room.
int linux_packet_statistics(int socket, uint32_t *packets, uint32_t *drops);
/// Takes a pending error off a socket and returns it (positive), 0 when there is none.
int linux_socket_error(int socket);
/// IFF_ flags of an interface, or a negative errno.
int linux_interface_flags(const char *name);

struct linux_offloads {
    int rx_checksum, tx_checksum, scatter_gather, tso, gso, gro, lro, rx_vlan;
};
/// Which offloads are on: 1 on, 0 off, -1 not told.
int linux_interface_offloads(const char *name, struct linux_offloads *offloads);
/// Megabits per second; 0 when not known.
uint32_t linux_interface_speed(const char *name);
/// Whether a packet socket can be opened here: 0, or why not.
int linux_can_capture(void);
/// Whether a file's capabilities (setcap) hold CAP_NET_RAW: 1 or 0, or a negative errno.
int linux_file_has_net_raw(const char *path);
/// Whether the kernel clock is synchronised: 1 or 0; estimated error in microseconds.
int linux_clock_is_synchronised(long *error_microseconds);

#endif
