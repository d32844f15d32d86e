/* A meter for any GTK program, by LD_PRELOAD: when its first frame was drawn, and how long its main loop was busy.
 *
 * Time between leaving poll() and entering it again on the main thread is one dispatch. The report is a small text file
 * that is written over whenever it changes, so that it is whole whenever the program is ended:
 *   first-frame-ms (since PR_METER_START, CLOCK_MONOTONIC in ns), longest-dispatch-ms (since then), over-16-ms …
 * counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int (*PollFunc) (struct pollfd *, nfds_t, int);
typedef int (*PpollFunc) (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
typedef int (*RunFunc) (GApplication *, int, char **);

static const double limits[] = { 16, 33, 50, 100, 250 };

static struct {
    int output;
    double start;
    double first_frame;
    double left_poll;
    double longest;
    guint over[G_N_ELEMENTS (limits)];
} meter = { .output = -1 };

static double
now_ms (void)
{
    struct timespec now;

    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void
write_report (void)
{
    char text[256];
    int length = snprintf (text, sizeof text, "first-frame-ms %.3f\nlongest-dispatch-ms %.3f\n", meter.first_frame,
                           meter.longest);

    for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
        length += snprintf (text + length, sizeof text - (gsize) length, "over-%.0f-ms %u\n", limits[i], meter.over[i]);
    if (pwrite (meter.output, text, (gsize) length, 0) != length)
        meter.output = -1;
}

static gboolean
is_metered (void)
{
    return meter.output >= 0 && getpid () == gettid ();
}

/* The frames before the first one belong to starting, so dispatches count from there. */
static void
enter_poll (void)
{
    double took = now_ms () - meter.left_poll;

    if (!is_metered () || meter.left_poll == 0 || meter.first_frame == 0)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
        meter.over[i] += took > limits[i];
    if (took <= meter.longest)
        return;
    meter.longest = took;
    write_report ();
}

static void
leave_poll (void)
{
    if (is_metered ())
        meter.left_poll = now_ms ();
}

static gboolean
after_paint_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
    if (meter.first_frame == 0 && meter.output >= 0) {
        meter.first_frame = now_ms () - meter.start;
        meter.left_poll = 0;
        write_report ();
    }
    return FALSE;
}

static void
hook_frames (void)
{
    GType (*frame_clock_type) (void) = dlsym (RTLD_DEFAULT, "gdk_frame_clock_get_type");

    if (frame_clock_type == NULL)
        return;
    g_type_class_ref (frame_clock_type ());
    g_signal_add_emission_hook (g_signal_lookup ("after-paint", frame_clock_type ()), 0, after_paint_cb, NULL, NULL);
}

/* Children of the program are not metered. */
__attribute__ ((constructor)) static void
start_meter (void)
{
    const char *output = getenv ("PR_METER_OUTPUT");
    const char *start = getenv ("PR_METER_START");

    if (output == NULL || start == NULL)
        return;
    meter.start = strtod (start, NULL) / 1e6;
    meter.output = open (output, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    unsetenv ("PR_METER_OUTPUT");
    unsetenv ("LD_PRELOAD");
}

G_MODULE_EXPORT int
g_application_run (GApplication *application, int argc, char **argv)
{
    RunFunc run = (RunFunc) dlsym (RTLD_NEXT, "g_application_run");

    hook_frames ();
    return run (application, argc, argv);
}

G_MODULE_EXPORT int
poll (struct pollfd *fds, nfds_t n_fds, int timeout)
{
    static PollFunc real;
    int result;

    if (real == NULL)
        real = (PollFunc) dlsym (RTLD_NEXT, "poll");
    enter_poll ();
    result = real (fds, n_fds, timeout);
    leave_poll ();
    return result;
}

G_MODULE_EXPORT int
ppoll (struct pollfd *fds, nfds_t n_fds, const struct timespec *timeout, const sigset_t *mask)
{
    static PpollFunc real;
    int result;

    if (real == NULL)
        real = (PpollFunc) dlsym (RTLD_NEXT, "ppoll");
    enter_poll ();
    result = real (fds, n_fds, timeout, mask);
    leave_poll ();
    return result;
}
