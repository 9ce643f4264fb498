/* The lines of a port over libgpiod 2.x, which speaks the second version of the kernel's interface. */
#ifdef SYNSCOPE_GPIO
#include <gpiod.h>
#ifndef GPIOD_LINE_BULK_MAX_LINES

#include <stdlib.h>

#include "internal_port.h"

struct port_chip {
    struct gpiod_chip *handle;
    struct gpiod_edge_event_buffer *events;
};

static struct gpiod_line_request *handle(struct port_line *line)
{
    return (struct gpiod_line_request *)line;
}

struct port_chip *port_chip_open(const char *path)
{
    struct port_chip *chip = calloc(1, sizeof(*chip));
    int reason;

    if (!chip)
        return NULL;
    chip->handle = gpiod_chip_open(path);
    if (chip->handle)
        chip->events = gpiod_edge_event_buffer_new(PORT_EVENTS_MAX);
    if (chip->events)
        return chip;
    reason = errno;
    port_chip_close(chip);
    errno = reason;
    return NULL;
}

void port_chip_close(struct port_chip *chip)
{
    if (chip->events)
        gpiod_edge_event_buffer_free(chip->events);
    if (chip->handle)
        gpiod_chip_close(chip->handle);
    free(chip);
}

static enum gpiod_line_bias bias_value(enum cgpio_bias bias)
{
    switch (bias) {
    case CGPIO_BIAS_DISABLED: return GPIOD_LINE_BIAS_DISABLED;
    case CGPIO_BIAS_PULL_UP: return GPIOD_LINE_BIAS_PULL_UP;
    case CGPIO_BIAS_PULL_DOWN: return GPIOD_LINE_BIAS_PULL_DOWN;
    default: return GPIOD_LINE_BIAS_AS_IS;
    }
}

static int configure(struct gpiod_line_settings *settings, const struct cgpio_port_line *line)
{
    gpiod_line_settings_set_active_low(settings, line->is_active_low);
    if (gpiod_line_settings_set_bias(settings, bias_value(line->bias)) < 0)
        return -1;
    switch (line->use) {
    case CGPIO_USE_INPUT:
        return gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
    case CGPIO_USE_EVENTS:
        if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) < 0)
            return -1;
        return gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
    default:
        if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) < 0 ||
            gpiod_line_settings_set_drive(
                settings, line->use == CGPIO_USE_OPEN_DRAIN ? GPIOD_LINE_DRIVE_OPEN_DRAIN
                                                            : GPIOD_LINE_DRIVE_PUSH_PULL) < 0)
            return -1;
        return gpiod_line_settings_set_output_value(
            settings, line->level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
    }
}

int port_line_request(
    struct cgpio_port *port, size_t place, const struct cgpio_port_line *line,
    const char *consumer, int *descriptor)
{
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    struct gpiod_line_request *request = NULL;
    int reason = ENOMEM;

    if (settings && lines && config) {
        gpiod_request_config_set_consumer(config, consumer);
        if (configure(settings, line) == 0 &&
            gpiod_line_config_add_line_settings(lines, &line->offset, 1, settings) == 0)
            request = gpiod_chip_request_lines(port->chip->handle, config, lines);
        reason = errno;
    }
    if (config)
        gpiod_request_config_free(config);
    if (lines)
        gpiod_line_config_free(lines);
    if (settings)
        gpiod_line_settings_free(settings);
    errno = reason;
    if (!request)
        return -1;
    port->lines[place] = (struct port_line *)request;
    *descriptor = gpiod_line_request_get_fd(request);
    return 0;
}

void port_line_release(struct port_line *line) { gpiod_line_request_release(handle(line)); }

int port_line_read(struct cgpio_port *port, size_t place, bool *level)
{
    struct gpiod_edge_event_buffer *buffer = port->chip->events;
    int count =
        gpiod_line_request_read_edge_events(handle(port->lines[place]), buffer, PORT_EVENTS_MAX);

    if (count > 0)
        *level = gpiod_edge_event_get_event_type(gpiod_edge_event_buffer_get_event(
                     buffer, (unsigned long)count - 1)) == GPIOD_EDGE_EVENT_RISING_EDGE;
    return count;
}

int cgpio_port_get(struct cgpio_port *port, size_t place)
{
    enum gpiod_line_value value =
        gpiod_line_request_get_value(handle(port->lines[place]), port->offsets[place]);

    return value == GPIOD_LINE_VALUE_ERROR ? -1 : value == GPIOD_LINE_VALUE_ACTIVE;
}

int cgpio_port_set(struct cgpio_port *port, size_t place, bool level)
{
    return gpiod_line_request_set_value(
        handle(port->lines[place]), port->offsets[place],
        level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
}

#endif
#endif
