/*
 * What wires in shared memory need and Swift has no words for: the processor's own rest, the kernel's
 * accuracy of a thread's sleep, and locks that belong to an open file.
 */
#ifndef CPINFILE_H
#define CPINFILE_H

/* Tells the processor that this is a loop that waits for another one. */
static inline void cpinfile_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    __asm__ volatile("yield" ::: "memory");
#endif
}

/* Lets the kernel end this thread's sleeps so much too late, and no later. 0, or -1 and errno. */
int cpinfile_set_timer_slack(unsigned long nanoseconds);

/* Claims a byte of an open file for whoever has it open; 0, or -1 and errno (EAGAIN: taken). */
int cpinfile_claim(int file, long offset);

/* Gives a claim back. */
void cpinfile_release(int file, long offset);

/* Whether another open file has a claim on a byte: 1 or 0, or -1 and errno. */
int cpinfile_is_claimed(int file, long offset);

/* The processors that this thread may use, or -1 and errno. */
int cpinfile_usable_processors(void);

#endif
