/* How fast something goes, and how long it still takes: over the last seconds, so that a pause or a burst soon no
 * longer counts. Pure arithmetic; the caller says what time it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define PR_FETCH_PACE_SAMPLES 20

typedef struct {
    struct {
        gint64 time;
        guint64 done;
    } samples[PR_FETCH_PACE_SAMPLES]; /* a ring, two a second */
    guint n, next;
} PrFetchPace;

/* @time: microseconds of the monotonic clock. @done: bytes, all in all */
void pr_fetch_pace_add (PrFetchPace *self, gint64 time, guint64 done);
/* Nothing from before counts. */
void pr_fetch_pace_reset (PrFetchPace *self);
double pr_fetch_pace_get_speed (const PrFetchPace *self);                       /* bytes a second; 0: not known */
double pr_fetch_pace_get_seconds_left (const PrFetchPace *self, guint64 to_go); /* -1: not known */
