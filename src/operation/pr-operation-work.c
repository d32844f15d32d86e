// SPDX-License-Identifier: GPL-3.0-or-later
/* The worker's side of an operation: what run() calls. Everything here writes the shared part, under the lock. */
#include "pr-operation-private.h"

static double
sum_weights (PrOperationClass *klass, guint until)
{
    double sum = 0;

    for (guint i = 0; i < until; i++)
        sum += klass->steps[i].weight;
    return sum;
}

/* The whole's fraction at @fraction of @step. */
static double
scale (PrOperation *self, guint step, double fraction)
{
    PrOperationClass *klass = PR_OPERATION_GET_CLASS (self);
    double whole = sum_weights (klass, klass->n_steps);

    if (whole <= 0)
        return 0;
    return (sum_weights (klass, step) + klass->steps[step].weight * CLAMP (fraction, 0, 1)) / whole;
}

guint64
pr_operation_get_ecid (PrOperation *self)
{
    return pr_operation_private (self)->ecid;
}

const char *
pr_operation_get_udid (PrOperation *self)
{
    return pr_operation_private (self)->udid;
}

gboolean
pr_operation_wait_for (PrOperation *self,
                       guint modes,
                       double seconds,
                       GCancellable *cancellable,
                       PrError code,
                       GError **error)
{
    g_autoptr (GError) failure = NULL;

    if (pr_phone_wait (pr_operation_private (self)->phone, modes, seconds, cancellable, &failure))
        return TRUE;
    if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
    else
        g_set_error (error, PR_ERROR, code, "not in one of the modes 0x%x within %.0f s", modes, seconds);
    return FALSE;
}

void
pr_operation_enter_step (PrOperation *self, guint step)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    g_return_if_fail (step < PR_OPERATION_GET_CLASS (self)->n_steps);

    g_mutex_lock (&priv->lock);
    if (step > priv->shared.step) {
        priv->shared.step = step;
        priv->shared.fraction = MAX (priv->shared.fraction, scale (self, step, 0));
        pr_operation_schedule_sync (self);
    }
    g_mutex_unlock (&priv->lock);
}

void
pr_operation_report (PrOperation *self, double fraction)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    g_mutex_lock (&priv->lock);
    priv->shared.fraction = MAX (priv->shared.fraction, scale (self, priv->shared.step, fraction));
    pr_operation_schedule_sync (self);
    g_mutex_unlock (&priv->lock);
}

void
pr_operation_add_detail (PrOperation *self, const char *line)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    g_mutex_lock (&priv->lock);
    g_queue_push_tail (&priv->shared.lines, g_utf8_make_valid (line, -1));
    if (priv->shared.lines.length > PR_OPERATION_DETAIL_LINES)
        g_free (g_queue_pop_head (&priv->shared.lines));
    pr_operation_schedule_sync (self);
    g_mutex_unlock (&priv->lock);
}

void
pr_operation_set_note (PrOperation *self, PrNote note)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    g_mutex_lock (&priv->lock);
    priv->shared.note = note;
    pr_operation_schedule_sync (self);
    g_mutex_unlock (&priv->lock);
}

gboolean
pr_operation_enter_zone (PrOperation *self, PrStop zone, GError **error)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    gboolean asked;

    g_mutex_lock (&priv->lock);
    asked = priv->shared.asked_to_stop;
    if (!asked) {
        priv->shared.zone = zone;
        pr_operation_schedule_sync (self);
    }
    g_mutex_unlock (&priv->lock);
    if (asked)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped by the person");
    return !asked;
}

gboolean
pr_operation_ended_anyway (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    gboolean ended;

    g_mutex_lock (&priv->lock);
    ended = priv->shared.ended_anyway;
    g_mutex_unlock (&priv->lock);
    return ended;
}
