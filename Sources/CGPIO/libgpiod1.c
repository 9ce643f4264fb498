/* A tap over libgpiod 1.6, which speaks the first version of the kernel's interface. */
#ifdef SYNSCOPE_GPIO
#include <gpiod.h>
#ifdef GPIOD_LINE_BULK_MAX_LINES

#include <stdlib.h>

#include "internal.h"

/* The kernel keeps so many events of a line, and drops those that come when it is full. */
#define KERNEL_EVENTS_MAX 16

struct cgpio_tap {
    struct gpiod_chip *chip;
    struct gpiod_line_bulk lines;
    struct pollfd descriptors[CGPIO_LINES_MAX];
};

static struct gpiod_chip *handle(struct cgpio_chip *chip) { return (struct gpiod_chip *)chip; }

const char *cgpio_library_version(void) { return gpiod_version_string(); }
bool cgpio_kernel_buffer_is_per_line(void) { return true; }

struct cgpio_chip *cgpio_chip_open(const char *path)
{
    return (struct cgpio_chip *)gpiod_chip_open(path);
}

void cgpio_chip_close(struct cgpio_chip *chip) { gpiod_chip_close(handle(chip)); }

int cgpio_chip_get_info(struct cgpio_chip *chip, struct cgpio_chip_info *info)
{
    copy_name(&info->name, gpiod_chip_name(handle(chip)));
    copy_name(&info->label, gpiod_chip_label(handle(chip)));
    info->line_count = gpiod_chip_num_lines(handle(chip));
    return 0;
}

int cgpio_chip_get_line_info(
    struct cgpio_chip *chip, unsigned offset, struct cgpio_line_info *info)
{
    struct gpiod_line *line = gpiod_chip_get_line(handle(chip), offset);

    if (!line)
        return -1;
    copy_name(&info->name, gpiod_line_name(line));
    copy_name(&info->consumer, gpiod_line_consumer(line));
    info->is_used = gpiod_line_is_used(line);
    info->is_output = gpiod_line_direction(line) == GPIOD_LINE_DIRECTION_OUTPUT;
    return 0;
}

static int bias_flag(enum cgpio_bias bias)
{
    switch (bias) {
    case CGPIO_BIAS_DISABLED: return GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
    case CGPIO_BIAS_PULL_UP: return GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    case CGPIO_BIAS_PULL_DOWN: return GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    default: return 0;
    }
}

/* The older interface makes a request of its own for each line, so each can have its own flags. */
static int request(
    struct cgpio_tap *tap, unsigned offset, size_t place, int flags, const char *consumer)
{
    struct gpiod_line *line = gpiod_chip_get_line(tap->chip, offset);

    if (!line || gpiod_line_request_both_edges_events_flags(line, consumer, flags) < 0)
        return -1;
    gpiod_line_bulk_add(&tap->lines, line);
    tap->descriptors[place].fd = gpiod_line_event_get_fd(line);
    tap->descriptors[place].events = POLLIN | POLLPRI;
    return tap->descriptors[place].fd < 0 ? -1 : 0;
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
    gpiod_line_bulk_init(&tap->lines);
    /* Lines end with the handle of their chip. */
    tap->chip = gpiod_chip_open(path);
    if (!tap->chip) {
        free(tap);
        return NULL;
    }
    for (size_t i = 0; i < line_count; i++) {
        int flags = bias_flag(bias);

        if (active_low_mask >> i & 1)
            flags |= GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW;
        if (request(tap, offsets[i], i, flags, consumer) < 0) {
            int reason = errno;

            cgpio_tap_close(tap);
            errno = reason;
            return NULL;
        }
    }
    return tap;
}

void cgpio_tap_close(struct cgpio_tap *tap)
{
    if (!tap)
        return;
    for (unsigned i = 0; i < tap->lines.num_lines; i++)
        gpiod_line_release(tap->lines.lines[i]);
    gpiod_chip_close(tap->chip);
    free(tap);
}

int cgpio_tap_wait(struct cgpio_tap *tap, int timeout_ms)
{
    return wait_for_any(tap->descriptors, tap->lines.num_lines, timeout_ms);
}

int cgpio_tap_read(struct cgpio_tap *tap, struct cgpio_event *events, size_t events_max)
{
    struct gpiod_line_event read[KERNEL_EVENTS_MAX];
    size_t total = 0;

    if (cgpio_tap_wait(tap, 0) < 0)
        return -1;
    for (unsigned i = 0; i < tap->lines.num_lines; i++) {
        int count;

        if (!(tap->descriptors[i].revents & (POLLIN | POLLPRI)) ||
            events_max - total < KERNEL_EVENTS_MAX)
            continue;
        count = gpiod_line_event_read_multiple(tap->lines.lines[i], read, KERNEL_EVENTS_MAX);
        if (count < 0)
            return -1;
        for (int j = 0; j < count; j++, total++) {
            events[total].time_ns =
                (uint64_t)read[j].ts.tv_sec * 1000000000u + (uint64_t)read[j].ts.tv_nsec;
            events[total].sequence = 0;
            events[total].is_numbered = false;
            events[total].line = (uint8_t)i;
            events[total].level = read[j].event_type == GPIOD_LINE_EVENT_RISING_EDGE;
        }
    }
    return (int)total;
}

int cgpio_tap_get_levels(struct cgpio_tap *tap, uint32_t *levels)
{
    *levels = 0;
    for (unsigned i = 0; i < tap->lines.num_lines; i++) {
        int value = gpiod_line_get_value(tap->lines.lines[i]);

        if (value < 0)
            return -1;
        *levels |= (uint32_t)(value != 0) << i;
    }
    return 0;
}

#endif
#endif
