"""The system calls a locked worker may make: what is not named here does not exist for it.

A list of what is refused grows old: each kernel brings calls that it does not know (of Linux 6.13 those that change
attributes by path, which no Landlock covers). What is named in ``REFUSED`` fails with EPERM, so that whoever tries is
told; all else with ENOSYS, upon which C libraries do without.

Source: syscalls(2), and the page of each call in section 2 of the manual.
"""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ALLOWED = _names("""
read readv pread64 preadv preadv2 write writev pwrite64 lseek _llseek close close_range
open openat stat fstat lstat stat64 fstat64 lstat64 fstatat64 newfstatat statx access faccessat faccessat2
readlink readlinkat getdents getdents64 getcwd statfs fstatfs statfs64 fstatfs64 fadvise64 fadvise64_64 readahead
dup dup2 dup3 pipe pipe2 poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64
epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2
recvmsg sendmsg recvfrom sendto recv send shutdown getsockopt getsockname getpeername
munmap mremap mprotect madvise brk mincore membarrier get_mempolicy
futex futex_time64 futex_waitv futex_wake futex_wait futex_requeue
set_robust_list get_robust_list rseq set_tid_address restart_syscall
clone exit exit_group wait4 waitid waitpid tgkill
gettid getpid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid capget
getuid32 geteuid32 getgid32 getegid32 getpriority sched_yield sched_getaffinity sched_getparam sched_getscheduler
sched_get_priority_max sched_get_priority_min getcpu
clock_gettime clock_gettime64 clock_getres clock_nanosleep clock_nanosleep_time64 nanosleep gettimeofday time times
getrusage sysinfo uname getrandom
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack sigreturn
getrlimit ugetrlimit setrlimit prlimit64 getitimer setitimer alarm
arch_prctl set_thread_area set_tls cacheflush riscv_flush_icache riscv_hwprobe
seccomp
""")
"""What Python, the C libraries and the readers need to read descriptors, to calculate and to answer."""

ONLY = {
    "socketpair": ((0, 0xFFFFFFFF, 1),),
    "mmap": ((3, 0x121, 0x0), (3, 0x121, 0x1), (3, 0x121, 0x20)),
    "mmap2": ((3, 0x121, 0x0), (3, 0x121, 0x1), (3, 0x121, 0x20)),
    "fcntl": tuple((1, 0xFFFFFFFF, command) for command in (0, 1, 2, 3, 4, 1030, 1032, 1034)),
    "fcntl64": tuple((1, 0xFFFFFFFF, command) for command in (0, 1, 2, 3, 4, 1030, 1032, 1034)),
    "ioctl": tuple((1, 0xFFFFFFFF, request) for request in (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    "prctl": tuple((0, 0xFFFFFFFF, option) for option in (3, 15, 16, 22, 0x53564D41)),
}
"""Calls of which some forms do: argument, mask and value of each.

socketpair: of AF_UNIX, which leads nowhere else; mmap: shared or anonymous, not both (RLIMIT_DATA does not count memory
of that kind, nor what grows downwards, 0x100); fcntl: F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC,
F_GETPIPE_SZ, F_GET_SEALS: none that names who gets signals, or locks a file; ioctl: TCGETS, TIOCGWINSZ, FIONREAD,
FIONBIO, FIONCLEX, FIOCLEX: none that sets attributes of a file; prctl: PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME,
PR_SET_SECCOMP, PR_SET_VMA.
"""

REFUSED = _names("""
socket connect bind listen accept accept4
execve execveat fork vfork ptrace process_vm_readv process_vm_writev process_madvise
mount umount2 pivot_root chroot unshare setns fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr
bpf perf_event_open userfaultfd io_uring_setup open_by_handle_at init_module finit_module delete_module kexec_load
keyctl add_key request_key
unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir link linkat symlink symlinkat mknod mknodat creat
chmod fchmod fchmodat fchmodat2 chown fchown fchownat lchown truncate
setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat file_setattr
utime utimes utimensat futimesat flock
kill tkill pidfd_open pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo setsid setpgid
setpriority ioprio_set sched_setaffinity sched_setscheduler sched_setparam sched_setattr personality
msgget semget shmget mq_open memfd_create memfd_secret
reboot swapon swapoff acct syslog sethostname setdomainname settimeofday clock_settime adjtimex clock_adjtime quotactl
capset setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid
""")
"""What a worker whose reader was taken over might try: refused by name."""
