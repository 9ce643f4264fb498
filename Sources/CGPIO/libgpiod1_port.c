/* The lines of a port over libgpiod 1.6, which speaks the first version of the kernel's interface. */
#ifdef SYNSCOPE_GPIO
#include <gpiod.h>
#ifdef GPIOD_LINE_BULK_MAX_LINES

#include "internal_port.h"

static struct gpiod_line *handle(struct port_line *line) { return (struct gpiod_line *)line; }

struct port_chip *port_chip_open(const char *path)
{
    return (struct port_chip *)gpiod_chip_open(path);
}

void port_chip_close(struct port_chip *chip) { gpiod_chip_close((struct gpiod_chip *)chip); }

static int flags(const struct cgpio_port_line *line)
{
    int flags = line->is_active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;

    if (line->use == CGPIO_USE_OPEN_DRAIN)
        flags |= GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN;
    switch (line->bias) {
    case CGPIO_BIAS_DISABLED: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
    case CGPIO_BIAS_PULL_UP: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    case CGPIO_BIAS_PULL_DOWN: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    default: return flags;
    }
}

static int request(
    struct gpiod_line *line, const struct cgpio_port_line *wanted, const char *consumer)
{
    switch (wanted->use) {
    case CGPIO_USE_EVENTS:
        return gpiod_line_request_both_edges_events_flags(line, consumer, flags(wanted));
    case CGPIO_USE_INPUT:
        return gpiod_line_request_input_flags(line, consumer, flags(wanted));
    default:
        return gpiod_line_request_output_flags(line, consumer, flags(wanted), wanted->level);
    }
}

int port_line_request(
    struct cgpio_port *port, size_t place, const struct cgpio_port_line *line,
    const char *consumer, int *descriptor)
{
    struct gpiod_line *found =
        gpiod_chip_get_line((struct gpiod_chip *)port->chip, line->offset);

    if (!found || request(found, line, consumer) < 0)
        return -1;
    port->lines[place] = (struct port_line *)found;
    if (line->use == CGPIO_USE_EVENTS)
        *descriptor = gpiod_line_event_get_fd(found);
    return 0;
}

void port_line_release(struct port_line *line) { gpiod_line_release(handle(line)); }

int port_line_read(struct cgpio_port *port, size_t place, bool *level)
{
    struct gpiod_line_event events[PORT_EVENTS_MAX];
    int count =
        gpiod_line_event_read_multiple(handle(port->lines[place]), events, PORT_EVENTS_MAX);

    if (count > 0)
        *level = events[count - 1].event_type == GPIOD_LINE_EVENT_RISING_EDGE;
    return count;
}

int cgpio_port_get(struct cgpio_port *port, size_t place)
{
    return gpiod_line_get_value(handle(port->lines[place]));
}

int cgpio_port_set(struct cgpio_port *port, size_t place, bool level)
{
    return gpiod_line_set_value(handle(port->lines[place]), level);
}

#endif
#endif
