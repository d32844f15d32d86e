// SPDX-License-Identifier: GPL-3.0-or-later
#include "clock.h"

#include <dlfcn.h>
#include <time.h>

#define SLICE (G_USEC_PER_SEC / 20)

static gint ahead; /* milliseconds; atomic */

static gint64
read_clock (void)
{
    struct timespec now;

    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

void
clock_put_forward (double seconds)
{
    g_atomic_int_add (&ahead, (gint) (seconds * 1000));
}

gint64
g_get_monotonic_time (void)
{
    return read_clock () + (gint64) g_atomic_int_get (&ahead) * 1000;
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end)
{
    static gboolean (*wait) (GCond *, GMutex *, gint64);

    if (wait == NULL)
        *(void **) &wait = dlsym (RTLD_NEXT, "g_cond_wait_until");
    for (;;) {
        gint64 left = end - g_get_monotonic_time ();

        if (left <= 0)
            return FALSE;
        if (wait (cond, mutex, read_clock () + MIN (left, SLICE)))
            return TRUE;
    }
}
