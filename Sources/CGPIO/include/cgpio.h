/*
 * GPIO lines as inputs, in the few words that a passive tap needs, over libgpiod 1.6 and 2.x.
 *
 * The two versions have nothing in common but the name, so each has a file of its own here, of which
 * the installed header chooses one: libgpiod1.c or libgpiod2.c. Nothing above this header can tell
 * them apart, but for what the kernel's older interface, which 1.6 speaks, does not say: sequence
 * numbers.
 *
 * Functions that can fail return NULL or -1 and leave the reason in errno.
 */
#ifndef CGPIO_H
#define CGPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer than any name that the kernel gives: GPIO_MAX_NAME_SIZE is 32. */
#define CGPIO_NAME_SIZE 64
/* The most lines of one tap. */
#define CGPIO_LINES_MAX 8
/* The events that one read can give. */
#define CGPIO_EVENTS_MAX 1024

struct cgpio_chip;
struct cgpio_tap;

struct cgpio_chip_info {
    char name[CGPIO_NAME_SIZE];
    char label[CGPIO_NAME_SIZE];
    unsigned line_count;
};

struct cgpio_line_info {
    /* Empty when it has none. */
    char name[CGPIO_NAME_SIZE];
    char consumer[CGPIO_NAME_SIZE];
    bool is_used;
    bool is_output;
};

enum cgpio_bias { CGPIO_BIAS_AS_IS, CGPIO_BIAS_DISABLED, CGPIO_BIAS_PULL_UP, CGPIO_BIAS_PULL_DOWN };

struct cgpio_event {
    /* CLOCK_MONOTONIC, in nanoseconds, taken in the kernel's interrupt handler. */
    uint64_t time_ns;
    /* The number of the event among those of all lines of the tap; it starts anew after 2^32. */
    uint32_t sequence;
    /* The place of the line in the tap, from 0. */
    uint8_t line;
    /* The logical level after it: 1 rising, 0 falling. */
    uint8_t level;
    /* Whether the kernel numbers events: not in the interface that libgpiod 1.6 speaks. */
    bool is_numbered;
};

/* The version of libgpiod, such as "1.6.3". */
const char *cgpio_library_version(void);
/* Whether the kernel keeps events for a late reader by the line, or for all lines together. */
bool cgpio_kernel_buffer_is_per_line(void);

/* Opens a chip by the path of its device. */
struct cgpio_chip *cgpio_chip_open(const char *path);
void cgpio_chip_close(struct cgpio_chip *chip);
int cgpio_chip_get_info(struct cgpio_chip *chip, struct cgpio_chip_info *info);
int cgpio_chip_get_line_info(
    struct cgpio_chip *chip, unsigned offset, struct cgpio_line_info *info);

/*
 * Requests lines of a chip as inputs with events of both edges, all in one request.
 *
 * The lines with a 1 in the mask of places are active low.
 */
struct cgpio_tap *cgpio_tap_open(
    const char *path, const unsigned *offsets, size_t line_count, enum cgpio_bias bias,
    uint32_t active_low_mask, const char *consumer);
void cgpio_tap_close(struct cgpio_tap *tap);

/* Waits for events: 1 there are some, 0 the time is up or a signal came, -1 with ENODEV when the
 * chip is gone. */
int cgpio_tap_wait(struct cgpio_tap *tap, int timeout_ms);
/*
 * Reads events that are there, at most `events_max`, without waiting; returns their number.
 *
 * The events of one line are in order. Those of different lines are in the order in which the kernel
 * queued them, with libgpiod 1.6 one line after the other.
 */
int cgpio_tap_read(struct cgpio_tap *tap, struct cgpio_event *events, size_t events_max);
/* Reads the present levels of all lines into a mask of places. */
int cgpio_tap_get_levels(struct cgpio_tap *tap, uint32_t *levels);

#endif
