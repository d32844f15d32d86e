// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-job.h"

#include "pr-guide.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define NOTIFICATION "end"

struct _PrJob {
    GObject parent_instance;

    /* owned */
    PrOperation *operation;
    char *title;
    char *version;

    /* borrowed */
    GtkWindow *window;
    GtkApplication *application;

    PrGoal goal;
    guint cookie;
};

enum { OVER, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrJob, pr_job, G_TYPE_OBJECT)

static char *
describe_end (PrJob *self)
{
    const GError *error = pr_operation_get_error (self->operation);
    g_autoptr (PrGuide) guide = NULL;

    if (!error)
        return g_strdup (_ (pr_words_of_goal (self->goal)->done));
    if (error->domain == PR_ERROR)
        guide = pr_guide_load (pr_error_get_nick (error->code));
    return g_strdup (guide ? pr_guide_get_title (guide) : _ ("Stopped in Time"));
}

/* Who looks at the window needs no notification. */
static void
send_notification (PrJob *self)
{
    g_autofree char *body = describe_end (self);
    g_autoptr (GNotification) notification = NULL;

    if (gtk_window_is_active (self->window))
        return;
    notification = g_notification_new (self->title);
    g_notification_set_body (notification, body);
    g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
    g_application_send_notification (G_APPLICATION (self->application), NOTIFICATION, notification);
}

static void
fall_asleep (PrJob *self)
{
    if (self->cookie)
        gtk_application_uninhibit (self->application, self->cookie);
    self->cookie = 0;
}

static void
state_changed_cb (PrJob *self)
{
    g_autoptr (PrJob) alive = NULL;

    if (!pr_operation_is_over (self->operation))
        return;
    alive = g_object_ref (self);
    fall_asleep (self);
    send_notification (self);
    g_signal_emit (self, signals[OVER], 0);
    g_application_release (G_APPLICATION (self->application));
}

static void
pr_job_dispose (GObject *object)
{
    PrJob *self = PR_JOB (object);

    fall_asleep (self);
    g_clear_object (&self->operation);
    g_clear_pointer (&self->title, g_free);
    g_clear_pointer (&self->version, g_free);
    G_OBJECT_CLASS (pr_job_parent_class)->dispose (object);
}

static void
pr_job_class_init (PrJobClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = pr_job_dispose;
    signals[OVER] = g_signal_new ("over", PR_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_job_init (PrJob *self)
{
}

PrJob *
pr_job_new (PrOperation *operation, PrGoal goal, const char *title, const char *version, GtkWindow *window)
{
    PrJob *self = g_object_new (PR_TYPE_JOB, NULL);

    self->operation = g_object_ref (operation);
    self->goal = goal;
    self->title = g_strdup (title);
    self->version = g_strdup (version);
    self->window = window;
    self->application = gtk_window_get_application (window);
    return self;
}

void
pr_job_start (PrJob *self)
{
    g_autofree char *reason = pr_words_fill (pr_words_of_goal (self->goal)->running, self->title);

    g_application_hold (G_APPLICATION (self->application));
    self->cookie = gtk_application_inhibit (self->application, self->window,
                                            GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND, reason);
    g_signal_connect_object (self->operation, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
    pr_operation_start (self->operation);
}

gboolean
pr_job_is_awake (PrJob *self)
{
    return self->cookie != 0;
}

gboolean
pr_job_is_over (PrJob *self)
{
    return pr_operation_is_over (self->operation);
}

PrOperation *
pr_job_get_operation (PrJob *self)
{
    return self->operation;
}

PrPhone *
pr_job_get_phone (PrJob *self)
{
    return pr_operation_get_phone (self->operation);
}

PrGoal
pr_job_get_goal (PrJob *self)
{
    return self->goal;
}

const char *
pr_job_get_title (PrJob *self)
{
    return self->title;
}

const char *
pr_job_get_version (PrJob *self)
{
    return self->version;
}

void
pr_job_acknowledge (PrJob *self)
{
    g_application_withdraw_notification (G_APPLICATION (self->application), NOTIFICATION);
    pr_operation_acknowledge (self->operation);
}

AdwDialog *
pr_job_new_leave_dialog (void)
{
    AdwDialog *dialog =
        adw_alert_dialog_new (_ ("Close While It Works?"),
                              _ ("The work on the phone goes on without the window. Leave the cable in. A "
                                 "notification tells you how it ended."));

    adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "stay", _ ("_Stay Here"), PR_JOB_LEAVE,
                                    _ ("_Close the Window"), NULL);
    adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "stay");
    adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "stay");
    return dialog;
}
