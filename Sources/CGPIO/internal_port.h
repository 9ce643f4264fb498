/* What both versions share of a port. */
#ifndef CGPIO_INTERNAL_PORT_H
#define CGPIO_INTERNAL_PORT_H

#include "cgpio_port.h"
#include "internal.h"

/* The kernel keeps at most so many events of a line for a port. */
#define PORT_EVENTS_MAX 16
/* Before the lines' descriptors there are two others. */
#define PORT_DESCRIPTORS_FIRST 2

/* Of one version: a line of libgpiod 1.6, a request of 2.x. */
struct port_line;
/* Of one version: what all lines need. */
struct port_chip;

struct cgpio_port {
    struct port_chip *chip;
    struct port_line *lines[CGPIO_PORT_LINES_MAX];
    unsigned offsets[CGPIO_PORT_LINES_MAX];
    size_t line_count;
    /* Whoever calls, the deadline, and the lines that have events. */
    struct pollfd descriptors[PORT_DESCRIPTORS_FIRST + CGPIO_PORT_LINES_MAX];
    size_t places[CGPIO_PORT_LINES_MAX];
    size_t descriptor_count;
};

/* Each version has these. */
struct port_chip *port_chip_open(const char *path);
void port_chip_close(struct port_chip *chip);
/* Requests a line at its place; `descriptor` is for its events. */
int port_line_request(
    struct cgpio_port *port, size_t place, const struct cgpio_port_line *line,
    const char *consumer, int *descriptor);
void port_line_release(struct port_line *line);
/* Takes all events of a line that has some: their number, and the level by the last. */
int port_line_read(struct cgpio_port *port, size_t place, bool *level);

#endif
