/* A tap over libgpiod 2.x, which speaks the second version of the kernel's interface. */
#ifdef SYNSCOPE_GPIO
#include <gpiod.h>
#ifndef GPIOD_LINE_BULK_MAX_LINES

#include <stdlib.h>

#include "internal.h"

struct cgpio_tap {
    struct gpiod_line_request *request;
    struct gpiod_edge_event_buffer *buffer;
    unsigned offsets[CGPIO_LINES_MAX];
    size_t line_count;
};

static struct gpiod_chip *handle(struct cgpio_chip *chip) { return (struct gpiod_chip *)chip; }

const char *cgpio_library_version(void) { return gpiod_api_version(); }
bool cgpio_kernel_buffer_is_per_line(void) { return false; }

struct cgpio_chip *cgpio_chip_open(const char *path)
{
    return (struct cgpio_chip *)gpiod_chip_open(path);
}

void cgpio_chip_close(struct cgpio_chip *chip) { gpiod_chip_close(handle(chip)); }

int cgpio_chip_get_info(struct cgpio_chip *chip, struct cgpio_chip_info *info)
{
    struct gpiod_chip_info *found = gpiod_chip_get_info(handle(chip));

    if (!found)
        return -1;
    copy_name(&info->name, gpiod_chip_info_get_name(found));
    copy_name(&info->label, gpiod_chip_info_get_label(found));
    info->line_count = (unsigned)gpiod_chip_info_get_num_lines(found);
    gpiod_chip_info_free(found);
    return 0;
}

int cgpio_chip_get_line_info(
    struct cgpio_chip *chip, unsigned offset, struct cgpio_line_info *info)
{
    struct gpiod_line_info *found = gpiod_chip_get_line_info(handle(chip), offset);

    if (!found)
        return -1;
    copy_name(&info->name, gpiod_line_info_get_name(found));
    copy_name(&info->consumer, gpiod_line_info_get_consumer(found));
    info->is_used = gpiod_line_info_is_used(found);
    info->is_output = gpiod_line_info_get_direction(found) == GPIOD_LINE_DIRECTION_OUTPUT;
    gpiod_line_info_free(found);
    return 0;
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

static int configure(
    struct gpiod_line_config *config, struct gpiod_line_settings *settings,
    const struct cgpio_tap *tap, enum cgpio_bias bias, uint32_t active_low_mask)
{
    if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) < 0 ||
        gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH) < 0 ||
        gpiod_line_settings_set_bias(settings, bias_value(bias)) < 0 ||
        gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC) < 0)
        return -1;
    for (size_t i = 0; i < tap->line_count; i++) {
        gpiod_line_settings_set_active_low(settings, active_low_mask >> i & 1);
        if (gpiod_line_config_add_line_settings(config, &tap->offsets[i], 1, settings) < 0)
            return -1;
    }
    return 0;
}

static int request(
    struct cgpio_tap *tap, const char *path, enum cgpio_bias bias, uint32_t active_low_mask,
    const char *consumer)
{
    struct gpiod_chip *chip = gpiod_chip_open(path);
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    int reason = chip ? ENOMEM : errno;

    if (chip && settings && lines && config) {
        gpiod_request_config_set_consumer(config, consumer);
        gpiod_request_config_set_event_buffer_size(config, CGPIO_EVENTS_MAX);
        if (configure(lines, settings, tap, bias, active_low_mask) == 0)
            tap->request = gpiod_chip_request_lines(chip, config, lines);
        reason = errno;
    }
    if (config)
        gpiod_request_config_free(config);
    if (lines)
        gpiod_line_config_free(lines);
    if (settings)
        gpiod_line_settings_free(settings);
    if (chip)
        gpiod_chip_close(chip);
    errno = reason;
    return tap->request ? 0 : -1;
}

struct cgpio_tap *cgpio_tap_open(
    const char *path, const unsigned *offsets, size_t line_count, enum cgpio_bias bias,
    uint32_t active_low_mask, const char *consumer)
{
    struct cgpio_tap *tap;

    if (line_count < 1 || line_count > CGPIO_LINES_MAX) {
        errno = EINVAL;
        return NULL;
    }
    tap = calloc(1, sizeof(*tap));
    if (!tap)
        return NULL;
    tap->line_count = line_count;
    memcpy(tap->offsets, offsets, line_count * sizeof(*offsets));
    tap->buffer = gpiod_edge_event_buffer_new(CGPIO_EVENTS_MAX);
    if (!tap->buffer || request(tap, path, bias, active_low_mask, consumer) < 0) {
        int reason = errno;

        cgpio_tap_close(tap);
        errno = reason;
        return NULL;
    }
    return tap;
}

void cgpio_tap_close(struct cgpio_tap *tap)
{
    if (!tap)
        return;
    if (tap->buffer)
        gpiod_edge_event_buffer_free(tap->buffer);
    if (tap->request)
        gpiod_line_request_release(tap->request);
    free(tap);
}

int cgpio_tap_wait(struct cgpio_tap *tap, int timeout_ms)
{
    struct pollfd descriptor = {
        .fd = gpiod_line_request_get_fd(tap->request),
        .events = POLLIN | POLLPRI,
    };

    return wait_for_any(&descriptor, 1, timeout_ms);
}

static uint8_t place_of(const struct cgpio_tap *tap, unsigned offset)
{
    uint8_t place = 0;

    while (place + 1u < tap->line_count && tap->offsets[place] != offset)
        place++;
    return place;
}

int cgpio_tap_read(struct cgpio_tap *tap, struct cgpio_event *events, size_t events_max)
{
    int count = cgpio_tap_wait(tap, 0);

    if (count < 1)
        return count;
    if (events_max > CGPIO_EVENTS_MAX)
        events_max = CGPIO_EVENTS_MAX;
    count = gpiod_line_request_read_edge_events(tap->request, tap->buffer, events_max);
    for (int i = 0; i < count; i++) {
        struct gpiod_edge_event *event =
            gpiod_edge_event_buffer_get_event(tap->buffer, (unsigned long)i);

        events[i].time_ns = gpiod_edge_event_get_timestamp_ns(event);
        events[i].is_numbered = true;
        events[i].sequence = (uint32_t)gpiod_edge_event_get_global_seqno(event);
        events[i].line = place_of(tap, gpiod_edge_event_get_line_offset(event));
        events[i].level =
            gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
    }
    return count;
}

int cgpio_tap_get_levels(struct cgpio_tap *tap, uint32_t *levels)
{
    enum gpiod_line_value values[CGPIO_LINES_MAX];

    if (gpiod_line_request_get_values(tap->request, values) < 0)
        return -1;
    *levels = 0;
    for (size_t i = 0; i < tap->line_count; i++)
        *levels |= (uint32_t)(values[i] == GPIOD_LINE_VALUE_ACTIVE) << i;
    return 0;
}

#endif
#endif
