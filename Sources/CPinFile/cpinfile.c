#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

int cpinfile_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

static struct flock byte_lock(short type, long offset) {
    struct flock lock = {0};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset;
    lock.l_len = 1;
    return lock;
}

/* Locks of the open file and not of the process: two in one process exclude each other as well. */
int cpinfile_claim(int file, long offset) {
    struct flock lock = byte_lock(F_WRLCK, offset);
    return fcntl(file, F_OFD_SETLK, &lock);
}

void cpinfile_release(int file, long offset) {
    struct flock lock = byte_lock(F_UNLCK, offset);
    fcntl(file, F_OFD_SETLK, &lock);
}

int cpinfile_is_claimed(int file, long offset) {
    struct flock lock = byte_lock(F_WRLCK, offset);
    if (fcntl(file, F_OFD_GETLK, &lock) != 0) return -1;
    return lock.l_type != F_UNLCK;
}

int cpinfile_usable_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return -1;
    return CPU_COUNT(&set);
}
