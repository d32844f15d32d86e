// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-operation-private.h"

#include "pr-operation-enums.h"

#include <glib/gi18n.h>

#define FRAME_MS 16

typedef enum {
    PROP_PHONE = 1,
    PROP_STATE,
    PROP_STEP,
    PROP_STEP_TITLE,
    PROP_FRACTION,
    PROP_NOTE,
    PROP_STOP,
    PROP_CAN_CANCEL,
    PROP_DETAIL,
    PROP_SECONDS_LEFT,
    N_PROPS,
} PrOperationProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PrOperation, pr_operation, G_TYPE_OBJECT)

PrOperationPrivate *
pr_operation_private (PrOperation *self)
{
    return pr_operation_get_instance_private (self);
}

static void
notify (PrOperation *self, PrOperationProps prop)
{
    g_object_notify_by_pspec (G_OBJECT (self), properties[prop]);
}

static void
set_state (PrOperation *self, PrOperationState state)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (priv->state == state)
        return;
    priv->state = state;
    notify (self, PROP_CAN_CANCEL);
    notify (self, PROP_STATE);
}

/* The steps' usual times tell how much is left; how the time so far compares with them corrects it. */
static double
estimate_seconds_left (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    PrOperationClass *klass = PR_OPERATION_GET_CLASS (self);
    double elapsed = (g_get_monotonic_time () - priv->started) / (double) G_USEC_PER_SEC;
    double usual = 0, usual_so_far;

    for (guint i = 0; i < klass->n_steps; i++)
        usual += klass->steps[i].usual;
    usual_so_far = usual * priv->fraction;
    if (usual <= 0 || elapsed < 3 || priv->fraction < 0.02)
        return usual > 0 ? usual : -1;
    return (usual - usual_so_far) * CLAMP (elapsed / usual_so_far, 0.2, 5);
}

static void
append_detail (PrOperationPrivate *priv, const char *line)
{
    if (priv->detail_lines == PR_OPERATION_DETAIL_LINES) {
        const char *second = strchr (priv->detail->str, '\n');
        g_string_erase (priv->detail, 0, second + 1 - priv->detail->str);
        priv->detail_lines--;
    }
    g_string_append (priv->detail, line);
    g_string_append_c (priv->detail, '\n');
    priv->detail_lines++;
}

static void
take_over_step (PrOperation *self, guint step)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (priv->step == step)
        return;
    priv->step = step;
    priv->step_started = g_get_monotonic_time ();
    notify (self, PROP_STEP);
    notify (self, PROP_STEP_TITLE);
}

static void
take_over_zone (PrOperation *self, PrStop zone)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (priv->stop == zone)
        return;
    priv->stop = zone;
    notify (self, PROP_STOP);
    notify (self, PROP_CAN_CANCEL);
}

static void
set_note (PrOperation *self, PrNote note)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (priv->note == note)
        return;
    priv->note = note;
    notify (self, PROP_NOTE);
}

static void
set_fraction (PrOperation *self, double fraction)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (fraction <= priv->fraction)
        return;
    priv->fraction = fraction;
    notify (self, PROP_FRACTION);
}

static void
take_over_lines (PrOperation *self, GQueue *lines)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    char *line;

    if (g_queue_is_empty (lines))
        return;
    while ((line = g_queue_pop_head (lines))) {
        append_detail (priv, line);
        g_free (line);
    }
    notify (self, PROP_DETAIL);
}

/* Carries the worker's latest word into the main thread's copy. */
static void
take_over (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    Shared news;

    g_mutex_lock (&priv->lock);
    news = priv->shared;
    g_queue_init (&priv->shared.lines);
    g_mutex_unlock (&priv->lock);

    take_over_lines (self, &news.lines);
    take_over_zone (self, news.zone);
    take_over_step (self, news.step);
    set_fraction (self, news.fraction);
    if (news.note != PR_NOTE_NONE || priv->note != PR_NOTE_LONGER)
        set_note (self, news.note);
}

static gboolean
sync_cb (gpointer data)
{
    PrOperation *self = data;
    PrOperationPrivate *priv = pr_operation_private (self);

    g_mutex_lock (&priv->lock);
    priv->sync_source = 0;
    g_mutex_unlock (&priv->lock);
    take_over (self);
    return G_SOURCE_REMOVE;
}

/* At most one message pending, at most one a frame. With the lock held. */
void
pr_operation_schedule_sync (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (priv->sync_source == 0)
        priv->sync_source =
            g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, FRAME_MS, sync_cb, g_object_ref (self), g_object_unref);
}

static gboolean
tick_cb (gpointer data)
{
    PrOperation *self = data;
    PrOperationPrivate *priv = pr_operation_private (self);
    const PrStep *step = &PR_OPERATION_GET_CLASS (self)->steps[priv->step];
    double in_step = (g_get_monotonic_time () - priv->step_started) / (double) G_USEC_PER_SEC;

    if (priv->note == PR_NOTE_NONE && step->usual > 0 && in_step > 3.0 * step->usual)
        set_note (self, PR_NOTE_LONGER);
    else if (priv->note == PR_NOTE_LONGER && in_step <= 3.0 * step->usual)
        set_note (self, PR_NOTE_NONE);
    priv->seconds_left = estimate_seconds_left (self);
    notify (self, PROP_SECONDS_LEFT);
    return G_SOURCE_CONTINUE;
}

static PrOperationState
judge (PrOperationPrivate *priv)
{
    if (priv->error == NULL)
        return PR_OPERATION_SUCCEEDED;
    if (g_error_matches (priv->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return PR_OPERATION_CANCELLED;
    return PR_OPERATION_FAILED;
}

/* A subclass may only fail with what the window has a guide for. */
static void
keep_error (PrOperation *self, GError *error)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (error && error->domain != PR_ERROR && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_warning ("%s ended with an error that has no guide: %s", G_OBJECT_TYPE_NAME (self), error->message);
        priv->error = g_error_new (PR_ERROR, PR_ERROR_TOOL_FAILED, "%s", error->message);
        g_error_free (error);
        return;
    }
    priv->error = error;
}

static void
finish (PrOperation *self, GError *error)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    g_mutex_lock (&priv->lock);
    priv->shared.note = PR_NOTE_NONE; /* a message may still be pending */
    g_mutex_unlock (&priv->lock);
    take_over (self);
    g_clear_handle_id (&priv->tick_source, g_source_remove);
    if (priv->claimed)
        pr_phone_release (priv->phone);
    priv->claimed = FALSE;
    priv->ended = g_get_monotonic_time ();
    keep_error (self, error);
    set_note (self, PR_NOTE_NONE);
    if (!priv->error)
        set_fraction (self, 1);
    priv->seconds_left = 0;
    if (PR_OPERATION_GET_CLASS (self)->ended)
        PR_OPERATION_GET_CLASS (self)->ended (self);
    set_state (self, judge (priv));
}

typedef struct {
    PrOperation *operation; /* owned */
    GError *error;          /* owned */
} Ending;

static gboolean
ended_cb (gpointer data)
{
    Ending *ending = data;
    PrOperationPrivate *priv = pr_operation_private (ending->operation);

    g_thread_join (g_steal_pointer (&priv->thread));
    finish (ending->operation, ending->error);
    g_object_unref (ending->operation);
    g_free (ending);
    return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer data)
{
    PrOperation *self = data;
    PrOperationPrivate *priv = pr_operation_private (self);
    Ending *ending = g_new0 (Ending, 1);

    ending->operation = self;
    if (!PR_OPERATION_GET_CLASS (self)->run (self, priv->cancellable, &ending->error) && !ending->error)
        ending->error =
            g_error_new (PR_ERROR, PR_ERROR_TOOL_FAILED, "%s failed without a reason", G_OBJECT_TYPE_NAME (self));
    g_idle_add_full (G_PRIORITY_DEFAULT, ended_cb, ending, NULL);
    return NULL;
}

static gboolean
prepare (PrOperation *self, GError **error)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    PrOperationClass *klass = PR_OPERATION_GET_CLASS (self);

    if (priv->phone && !pr_phone_claim (priv->phone, error))
        return FALSE;
    priv->claimed = priv->phone != NULL;
    if (priv->phone) {
        priv->ecid = pr_phone_get_ecid (priv->phone);
        priv->udid = g_strdup (pr_phone_get_udid (priv->phone));
    }
    return !klass->prepare || klass->prepare (self, error);
}

static void
pr_operation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrOperation *self = PR_OPERATION (object);
    PrOperationPrivate *priv = pr_operation_private (self);

    switch ((PrOperationProps) prop_id) {
    case PROP_PHONE:
        g_value_set_object (value, priv->phone);
        break;
    case PROP_STATE:
        g_value_set_enum (value, priv->state);
        break;
    case PROP_STEP:
        g_value_set_uint (value, priv->step);
        break;
    case PROP_STEP_TITLE:
        g_value_set_string (value, _ (PR_OPERATION_GET_CLASS (self)->steps[priv->step].title));
        break;
    case PROP_FRACTION:
        g_value_set_double (value, priv->fraction);
        break;
    case PROP_NOTE:
        g_value_set_enum (value, priv->note);
        break;
    case PROP_STOP:
        g_value_set_enum (value, priv->stop);
        break;
    case PROP_CAN_CANCEL:
        g_value_set_boolean (value, priv->state == PR_OPERATION_RUNNING && priv->stop != PR_STOP_NOT);
        break;
    case PROP_DETAIL:
        g_value_set_string (value, priv->detail->str);
        break;
    case PROP_SECONDS_LEFT:
        g_value_set_double (value, priv->seconds_left);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_operation_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    PrOperationPrivate *priv = pr_operation_private (PR_OPERATION (object));

    if (prop_id == PROP_PHONE)
        priv->phone = g_value_dup_object (value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_operation_finalize (GObject *object)
{
    PrOperationPrivate *priv = pr_operation_private (PR_OPERATION (object));

    g_clear_handle_id (&priv->tick_source, g_source_remove);
    g_queue_clear_full (&priv->shared.lines, g_free);
    g_clear_object (&priv->phone);
    g_free (priv->udid);
    g_clear_object (&priv->cancellable);
    g_clear_error (&priv->error);
    g_string_free (priv->detail, TRUE);
    g_mutex_clear (&priv->lock);
    G_OBJECT_CLASS (pr_operation_parent_class)->finalize (object);
}

static void
pr_operation_class_init (PrOperationClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

    object_class->get_property = pr_operation_get_property;
    object_class->set_property = pr_operation_set_property;
    object_class->finalize = pr_operation_finalize;

    properties[PROP_PHONE] = g_param_spec_object ("phone", NULL, NULL, PR_TYPE_PHONE,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PR_TYPE_OPERATION_STATE, PR_OPERATION_READY, read);
    properties[PROP_STEP] = g_param_spec_uint ("step", NULL, NULL, 0, G_MAXUINT, 0, read);
    properties[PROP_STEP_TITLE] = g_param_spec_string ("step-title", NULL, NULL, NULL, read);
    properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, read);
    properties[PROP_NOTE] = g_param_spec_enum ("note", NULL, NULL, PR_TYPE_NOTE, PR_NOTE_NONE, read);
    properties[PROP_STOP] = g_param_spec_enum ("stop", NULL, NULL, PR_TYPE_STOP, PR_STOP_AT_ONCE, read);
    properties[PROP_CAN_CANCEL] = g_param_spec_boolean ("can-cancel", NULL, NULL, FALSE, read);
    properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, read);
    properties[PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1, G_MAXDOUBLE, -1, read);
    g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_operation_init (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    g_mutex_init (&priv->lock);
    g_queue_init (&priv->shared.lines);
    priv->cancellable = g_cancellable_new ();
    priv->detail = g_string_new (NULL);
    priv->seconds_left = -1;
}

PrPhone *
pr_operation_get_phone (PrOperation *self)
{
    return pr_operation_private (self)->phone;
}

void
pr_operation_start (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    GError *error = NULL;

    g_return_if_fail (priv->state == PR_OPERATION_READY);

    priv->started = priv->step_started = g_get_monotonic_time ();
    priv->seconds_left = estimate_seconds_left (self);
    set_state (self, PR_OPERATION_RUNNING);
    if (!prepare (self, &error)) {
        finish (self, error);
        return;
    }
    pr_operation_watch_link (self);
    priv->tick_source = g_timeout_add_seconds (1, tick_cb, self);
    priv->thread = g_thread_new (G_OBJECT_TYPE_NAME (self), work, g_object_ref (self));
}

gboolean
pr_operation_cancel (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    gboolean accepted;

    if (priv->state != PR_OPERATION_RUNNING)
        return FALSE;
    g_mutex_lock (&priv->lock);
    accepted = priv->shared.zone == PR_STOP_AT_ONCE || priv->shared.zone == PR_STOP_THEN_RECOVERY;
    priv->shared.asked_to_stop |= accepted;
    g_mutex_unlock (&priv->lock);
    if (!accepted)
        return FALSE;
    set_state (self, PR_OPERATION_STOPPING);
    g_cancellable_cancel (priv->cancellable);
    return TRUE;
}

void
pr_operation_end_anyway (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (priv->state != PR_OPERATION_RUNNING)
        return;
    g_mutex_lock (&priv->lock);
    priv->shared.ended_anyway = TRUE;
    g_mutex_unlock (&priv->lock);
    set_state (self, PR_OPERATION_STOPPING);
    g_cancellable_cancel (priv->cancellable);
}

PrOperationState
pr_operation_get_state (PrOperation *self)
{
    return pr_operation_private (self)->state;
}

gboolean
pr_operation_is_over (PrOperation *self)
{
    return pr_operation_private (self)->state >= PR_OPERATION_SUCCEEDED;
}

const PrStep *
pr_operation_get_steps (PrOperation *self, guint *n_steps)
{
    PrOperationClass *klass = PR_OPERATION_GET_CLASS (self);

    *n_steps = klass->n_steps;
    return klass->steps;
}

guint
pr_operation_get_step (PrOperation *self)
{
    return pr_operation_private (self)->step;
}

double
pr_operation_get_fraction (PrOperation *self)
{
    return pr_operation_private (self)->fraction;
}

PrStop
pr_operation_get_stop (PrOperation *self)
{
    return pr_operation_private (self)->stop;
}

PrNote
pr_operation_get_note (PrOperation *self)
{
    return pr_operation_private (self)->note;
}

const GError *
pr_operation_get_error (PrOperation *self)
{
    return pr_operation_private (self)->error;
}

const char *
pr_operation_get_detail (PrOperation *self)
{
    return pr_operation_private (self)->detail->str;
}

double
pr_operation_get_seconds_left (PrOperation *self)
{
    return pr_operation_private (self)->seconds_left;
}

void
pr_operation_acknowledge (PrOperation *self)
{
    PrOperationClass *klass = PR_OPERATION_GET_CLASS (self);

    if (klass->acknowledge)
        klass->acknowledge (self);
}
