// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-limit.h"

struct _PrLimit {
    GCancellable *outer; /* (nullable) */
    gulong handler;
    GCancellable *inner;
    GThread *thread;
    GMutex mutex;
    GCond cond;
    gint64 until;
    gboolean ended; /* nobody waits any more */
    gint over;
};

/* Cancelling calls back; it is done without the lock. */
static gpointer
wait_thread (gpointer data)
{
    PrLimit *self = data;
    gboolean in_time = TRUE;

    g_mutex_lock (&self->mutex);
    while (!self->ended && in_time)
        in_time = g_cond_wait_until (&self->cond, &self->mutex, self->until);
    gboolean over = !self->ended;
    g_mutex_unlock (&self->mutex);
    if (over) {
        g_atomic_int_set (&self->over, TRUE);
        g_cancellable_cancel (self->inner);
    }
    return NULL;
}

static void
cancelled_cb (GCancellable *outer, gpointer inner)
{
    g_cancellable_cancel (inner);
}

PrLimit *
pr_limit_new (double seconds, GCancellable *cancellable)
{
    PrLimit *self = g_new0 (PrLimit, 1);

    self->inner = g_cancellable_new ();
    self->until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    g_mutex_init (&self->mutex);
    g_cond_init (&self->cond);
    g_set_object (&self->outer, cancellable);
    if (cancellable != NULL)
        self->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self->inner, NULL);
    self->thread = g_thread_new ("limit", wait_thread, self);
    return self;
}

GCancellable *
pr_limit_get_cancellable (PrLimit *self)
{
    return self->inner;
}

gboolean
pr_limit_is_over (PrLimit *self)
{
    return g_atomic_int_get (&self->over);
}

void
pr_limit_free (PrLimit *self)
{
    g_mutex_lock (&self->mutex);
    self->ended = TRUE;
    g_cond_signal (&self->cond);
    g_mutex_unlock (&self->mutex);
    g_thread_join (self->thread);
    if (self->outer != NULL)
        g_cancellable_disconnect (self->outer, self->handler);
    g_clear_object (&self->outer);
    g_object_unref (self->inner);
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->cond);
    g_free (self);
}
