/* A port: its life, and what it waits for. Lines themselves are in libgpiod1_port.c, libgpiod2_port.c. */
#ifdef SYNSCOPE_GPIO
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "internal_port.h"

enum { CALL = 0, DEADLINE = 1 };

static int add_lines(
    struct cgpio_port *port, const struct cgpio_port_line *lines, size_t line_count,
    const char *consumer, size_t *refused)
{
    for (size_t place = 0; place < line_count; place++) {
        int descriptor = -1;

        *refused = place;
        port->offsets[place] = lines[place].offset;
        if (port_line_request(port, place, &lines[place], consumer, &descriptor) < 0)
            return -1;
        port->line_count = place + 1;
        if (lines[place].use != CGPIO_USE_EVENTS)
            continue;
        port->places[port->descriptor_count - PORT_DESCRIPTORS_FIRST] = place;
        port->descriptors[port->descriptor_count].fd = descriptor;
        port->descriptors[port->descriptor_count].events = POLLIN | POLLPRI;
        port->descriptor_count++;
    }
    *refused = line_count;
    return 0;
}

struct cgpio_port *cgpio_port_open(
    const char *path, const struct cgpio_port_line *lines, size_t line_count,
    const char *consumer, size_t *refused)
{
    struct cgpio_port *port = calloc(1, sizeof(*port));
    int reason;

    *refused = line_count;
    if (!port)
        return NULL;
    port->descriptors[CALL].fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    port->descriptors[DEADLINE].fd =
        timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    port->descriptors[CALL].events = port->descriptors[DEADLINE].events = POLLIN;
    port->descriptor_count = PORT_DESCRIPTORS_FIRST;
    if (line_count > CGPIO_PORT_LINES_MAX)
        errno = EINVAL;
    else if (port->descriptors[CALL].fd >= 0 && port->descriptors[DEADLINE].fd >= 0 &&
             (port->chip = port_chip_open(path)) != NULL &&
             add_lines(port, lines, line_count, consumer, refused) == 0)
        return port;
    reason = errno;
    cgpio_port_free(port);
    errno = reason;
    return NULL;
}

void cgpio_port_release(struct cgpio_port *port)
{
    for (size_t place = 0; place < port->line_count; place++)
        port_line_release(port->lines[place]);
    port->line_count = 0;
    port->descriptor_count = PORT_DESCRIPTORS_FIRST;
    if (port->chip)
        port_chip_close(port->chip);
    port->chip = NULL;
}

void cgpio_port_free(struct cgpio_port *port)
{
    cgpio_port_release(port);
    for (int i = CALL; i <= DEADLINE; i++)
        if (port->descriptors[i].fd >= 0)
            close(port->descriptors[i].fd);
    free(port);
}

int cgpio_port_set_deadline(struct cgpio_port *port, uint64_t nanoseconds)
{
    struct itimerspec time = {
        .it_value = {
            .tv_sec = (time_t)(nanoseconds / 1000000000u),
            .tv_nsec = (long)(nanoseconds % 1000000000u),
        },
    };

    /* All zero would be never. */
    if (nanoseconds == 0)
        time.it_value.tv_nsec = 1;
    return timerfd_settime(port->descriptors[DEADLINE].fd, TFD_TIMER_ABSTIME, &time, NULL);
}

void cgpio_port_wake(struct cgpio_port *port)
{
    uint64_t one = 1;

    /* It can only fail because it has been called very often already. */
    (void)!write(port->descriptors[CALL].fd, &one, sizeof(one));
}

/* Whether a counter of the kernel had counted; takes it back to 0. */
static bool take(const struct pollfd *descriptor)
{
    uint64_t count;

    return descriptor->revents & POLLIN &&
           read(descriptor->fd, &count, sizeof(count)) == sizeof(count);
}

int cgpio_port_wait(struct cgpio_port *port, int timeout_ms, struct cgpio_wake_up *wake_up)
{
    int ready = wait_for_any(port->descriptors, port->descriptor_count, timeout_ms);

    memset(wake_up, 0, sizeof(*wake_up));
    if (ready < 1)
        return ready;
    wake_up->is_called = take(&port->descriptors[CALL]);
    wake_up->is_due = take(&port->descriptors[DEADLINE]);
    for (size_t i = PORT_DESCRIPTORS_FIRST; i < port->descriptor_count; i++) {
        size_t place = port->places[i - PORT_DESCRIPTORS_FIRST];
        bool level = false;
        int count;

        if (!(port->descriptors[i].revents & (POLLIN | POLLPRI)))
            continue;
        count = port_line_read(port, place, &level);
        if (count < 0)
            return -1;
        wake_up->moved |= (uint32_t)(count > 0) << place;
        wake_up->moved_once |= (uint32_t)(count == 1) << place;
        wake_up->levels |= (uint32_t)level << place;
    }
    return 0;
}

#endif
