// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-fetch-pace.h"

#define INTERVAL (G_USEC_PER_SEC / 2)

void
pr_fetch_pace_reset (PrFetchPace *self)
{
    self->n = self->next = 0;
}

void
pr_fetch_pace_add (PrFetchPace *self, gint64 time, guint64 done)
{
    guint last = (self->next + PR_FETCH_PACE_SAMPLES - 1) % PR_FETCH_PACE_SAMPLES;

    if (self->n > 0 && time - self->samples[last].time < INTERVAL)
        return;
    self->samples[self->next].time = time;
    self->samples[self->next].done = done;
    self->next = (self->next + 1) % PR_FETCH_PACE_SAMPLES;
    self->n = MIN (self->n + 1, PR_FETCH_PACE_SAMPLES);
}

double
pr_fetch_pace_get_speed (const PrFetchPace *self)
{
    guint last = (self->next + PR_FETCH_PACE_SAMPLES - 1) % PR_FETCH_PACE_SAMPLES;
    guint first = self->n < PR_FETCH_PACE_SAMPLES ? 0 : self->next;

    if (self->n < 2 || self->samples[last].done < self->samples[first].done)
        return 0;
    return (double) (self->samples[last].done - self->samples[first].done) * G_USEC_PER_SEC /
           (double) (self->samples[last].time - self->samples[first].time);
}

double
pr_fetch_pace_get_seconds_left (const PrFetchPace *self, guint64 to_go)
{
    double speed = pr_fetch_pace_get_speed (self);

    return speed > 0 ? (double) to_go / speed : -1;
}
