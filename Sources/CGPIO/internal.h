/* What both versions share. */
#ifndef CGPIO_INTERNAL_H
#define CGPIO_INTERNAL_H

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "cgpio.h"

/* Copies a name that may be NULL, cut if it is too long. */
static inline void copy_name(char (*name)[CGPIO_NAME_SIZE], const char *source)
{
    size_t length = source ? strlen(source) : 0;

    if (length > CGPIO_NAME_SIZE - 1)
        length = CGPIO_NAME_SIZE - 1;
    if (length > 0)
        memcpy(*name, source, length);
    (*name)[length] = 0;
}

/* Waits until one of some descriptors has something to read; see cgpio_tap_wait. */
static inline int wait_for_any(struct pollfd *descriptors, size_t count, int timeout_ms)
{
    int ready = poll(descriptors, count, timeout_ms);

    if (ready < 0)
        return errno == EINTR ? 0 : -1;
    for (size_t i = 0; i < count; i++) {
        if (descriptors[i].revents & (POLLERR | POLLHUP | POLLNVAL)) {
            errno = ENODEV;
            return -1;
        }
    }
    return ready > 0;
}

#endif
