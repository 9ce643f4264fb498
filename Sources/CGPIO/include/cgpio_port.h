/*
 * GPIO lines that one end of a link drives and reads, over libgpiod 1.6 and 2.x.
 *
 * Every line is a request of its own: so one call is one system call for one line, each line has its
 * own flags in both versions, and a refusal names its line.
 *
 * Functions that can fail return NULL or -1 and leave the reason in errno. One thread uses a port; only
 * cgpio_port_wake may be called by others.
 */
#ifndef CGPIO_PORT_H
#define CGPIO_PORT_H

#include "cgpio.h"

/* The most lines of one port. */
#define CGPIO_PORT_LINES_MAX 16

struct cgpio_port;

enum cgpio_use {
    /* Read when somebody asks. */
    CGPIO_USE_INPUT,
    /* Read when somebody asks; both edges end a wait. */
    CGPIO_USE_EVENTS,
    /* Driven both ways. */
    CGPIO_USE_OUTPUT,
    /* Driven low, and let go for high. */
    CGPIO_USE_OPEN_DRAIN,
};

struct cgpio_port_line {
    unsigned offset;
    enum cgpio_use use;
    enum cgpio_bias bias;
    bool is_active_low;
    /* The first level of a line that is driven; it has no other before. */
    bool level;
};

/* What ended a wait; nothing when its time was up or a signal came. */
struct cgpio_wake_up {
    bool is_called;
    bool is_due;
    /* The places of the lines whose events were taken. */
    uint32_t moved;
    /* Of these the ones that had a single event. */
    uint32_t moved_once;
    /* Their levels by the last event. */
    uint32_t levels;
};

/* Requests lines of a chip, in their order; `refused` is the place of the one that was refused, or the
 * number of lines when it was something else. */
struct cgpio_port *cgpio_port_open(
    const char *path, const struct cgpio_port_line *lines, size_t line_count,
    const char *consumer, size_t *refused);
/* Gives the lines back; what remains can only be woken and freed. */
void cgpio_port_release(struct cgpio_port *port);
void cgpio_port_free(struct cgpio_port *port);

/* The logical level of a line, 0 or 1: one system call. */
int cgpio_port_get(struct cgpio_port *port, size_t place);
/* Drives a line to a logical level: one system call. */
int cgpio_port_set(struct cgpio_port *port, size_t place, bool level);

/* Ends a wait at a moment of CLOCK_MONOTONIC, now and until it is told another one; the end of that
 * wait forgets it. */
int cgpio_port_set_deadline(struct cgpio_port *port, uint64_t nanoseconds);
/* Ends the wait under way, or else the next one. */
void cgpio_port_wake(struct cgpio_port *port);
/*
 * Waits for an event of a line, a call of cgpio_port_wake, the deadline, or for so many milliseconds.
 *
 * Takes all events that there are; with libgpiod 1.6 they are the oldest when more than 16 came.
 */
int cgpio_port_wait(struct cgpio_port *port, int timeout_ms, struct cgpio_wake_up *wake_up);

#endif
