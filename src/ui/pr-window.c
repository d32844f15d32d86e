// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-window.h"

#include "config.h"
#include "pr-advice-pages.h"
#include "pr-backup-pages.h"
#include "pr-backups-page.h"
#include "pr-confirm-page.h"
#include "pr-connect-page.h"
#include "pr-download.h"
#include "pr-goal-page.h"
#include "pr-hand-over-page.h"
#include "pr-help-dialog.h"
#include "pr-job.h"
#include "pr-link-page.h"
#include "pr-phone-page.h"
#include "pr-profiles-page.h"
#include "pr-progress-page.h"
#include "pr-readiness-page.h"
#include "pr-report-dialog.h"
#include "pr-report.h"
#include "pr-result-page.h"

struct _PrWindow {
    AdwApplicationWindow parent_instance;

    /* owned */
    PrPhoneList *phones;
    PrPlan *plan;
    PrAdvicePages *advice;
    PrBackupPages *backups;
    PrBackup *put_back; /* which one was put back last: what is tried again is tried with it */
    GSettings *settings;
    PrJob *job;  /* what is being done, or was done and is not yet seen; NULL */
    GQueue left; /* of PrOperation: runs of earlier starts that are not yet shown */
    char *banner;
    char *last;       /* the report of the last job; NULL */
    PrPhone *watched; /* the plan's phone */

    AdwDialog *leaving; /* borrowed: the question whether to close; NULL when it is not open */

    /* template */
    AdwToastOverlay *toasts;
    AdwNavigationView *view;
};

typedef enum {
    PROP_BANNER = 1,
    N_PROPS,
} PrWindowProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrWindow, pr_window, ADW_TYPE_APPLICATION_WINDOW)

static void advance (PrWindow *self);
static void back_up_first_cb (PrWindow *self);
static void download_cb (PrWindow *self);
static void show_next_left_run (PrWindow *self);
static void show_start (PrWindow *self, PrPhone *phone);

static gboolean
has_banner (PrWindow *self, const char *banner)
{
    return banner != NULL;
}

/* --- Pages --- */

static void
fix_cb (PrWindow *self)
{
    pr_advice_pages_show_symptoms (self->advice, FALSE);
}

static PrPage *
follow_page (PrWindow *self, PrPage *page)
{
    g_signal_connect_object (page, "answered", G_CALLBACK (advance), self, G_CONNECT_SWAPPED);
    if (PR_IS_PHONE_PAGE (page))
        g_signal_connect_object (page, "fix", G_CALLBACK (fix_cb), self, G_CONNECT_SWAPPED);
    if (PR_IS_READINESS_PAGE (page))
        g_object_connect (page, "swapped-object-signal::back-up", G_CALLBACK (back_up_first_cb), self,
                          "swapped-object-signal::download", G_CALLBACK (download_cb), self, NULL);
    return page;
}

static gboolean
shows (PrWindow *self, const char *tag)
{
    AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->view);

    return page && g_strcmp0 (adw_navigation_page_get_tag (page), tag) == 0;
}

/* Goes on to the page with this tag, or back to it where the person has already been there. */
static void
show_page (PrWindow *self, const char *tag, PrPage *(*create) (PrPlan *) )
{
    if (shows (self, tag))
        return;
    if (adw_navigation_view_find_page (self->view, tag))
        adw_navigation_view_pop_to_tag (self->view, tag);
    else
        adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (follow_page (self, create (self->plan))));
}

/* Is the person where a phone that comes or goes is no reason to leave? */
static gboolean
is_reading (PrWindow *self)
{
    return pr_backup_pages_are_shown (self->backups) || pr_advice_pages_are_shown (self->advice) ||
           pr_page_is_aside (adw_navigation_view_get_visible_page (self->view));
}

static void
show_phone (PrWindow *self)
{
    if (shows (self, "phone") || shows (self, "goal") || is_reading (self))
        return;
    if (adw_navigation_view_find_page (self->view, "phone"))
        adw_navigation_view_pop_to_tag (self->view, "phone");
    else
        adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (
                                                  follow_page (self, pr_phone_page_new (self->plan, self->phones))));
}

/* Only these pages stay below; those of a flow that is over are dropped. */
static void
replace_pages (PrWindow *self, PrPage *top)
{
    g_autoptr (PrPage) connect = NULL;
    AdwNavigationPage *pages[2] = { adw_navigation_view_find_page (self->view, "connect"), ADW_NAVIGATION_PAGE (top) };

    adw_navigation_view_replace (self->view, pages, top ? 2 : 1);
}

/* The phone that came or went meanwhile is now shown, or waited for. */
static void
return_from_reading (PrWindow *self)
{
    if (self->watched && pr_phone_get_mode (self->watched) == PR_PHONE_MODE_GONE)
        show_start (self, NULL);
    else if (!is_reading (self) && pr_plan_get_phone (self->plan))
        advance (self);
}

/* What was answered on a page that the person left by Back is open again. */
static void
popped_cb (PrWindow *self, AdwNavigationPage *page)
{
    if (PR_IS_CONFIRM_PAGE (page))
        pr_plan_set_readiness_passed (self->plan, FALSE);
    else if (PR_IS_READINESS_PAGE (page))
        pr_plan_set_goal (self->plan, pr_backup_pages_is_choosing (self->backups) ? PR_GOAL_PUT_BACK : PR_GOAL_NONE);
    else if (PR_IS_BACKUPS_PAGE (page) && pr_plan_get_goal (self->plan) == PR_GOAL_PUT_BACK)
        pr_plan_set_goal (self->plan, PR_GOAL_NONE);
    else if (PR_IS_BACKUPS_PAGE (page))
        return_from_reading (self);
    else if (PR_IS_PHONE_PAGE (page))
        pr_plan_set_phone (self->plan, NULL);
    else if ((pr_advice_pages_has (page) || pr_page_is_aside (page)) && !self->job && !is_reading (self))
        return_from_reading (self);
}

/* --- The job --- */

static void
forget_job (PrWindow *self)
{
    g_clear_object (&self->job);
}

/* Back to where one chooses what to do with this phone, or to waiting for one. */
static void
show_start (PrWindow *self, PrPhone *phone)
{
    gboolean there = phone && pr_phone_get_mode (phone) != PR_PHONE_MODE_GONE;

    pr_plan_set_phone (self->plan, NULL);
    replace_pages (self, NULL);
    if (!there)
        return;
    pr_plan_set_phone (self->plan, phone);
    show_phone (self);
}

/* A download is a step on the way to something: Readiness of that is where it leads, however it ended. */
static void
return_from_download (PrWindow *self)
{
    const char *path = pr_download_get_path (PR_DOWNLOAD (pr_job_get_operation (self->job)));

    if (path)
        pr_plan_set_file (self->plan, path);
    pr_job_acknowledge (self->job);
    forget_job (self);
    replace_pages (self, NULL);
    show_phone (self);
    advance (self);
}

static void
closed_cb (PrWindow *self)
{
    if (pr_job_get_goal (self->job) == PR_GOAL_DOWNLOAD) {
        return_from_download (self);
        return;
    }
    g_autoptr (PrPhone) phone = g_object_ref (pr_job_get_phone (self->job));

    pr_job_acknowledge (self->job);
    forget_job (self);
    if (!g_queue_is_empty (&self->left)) {
        show_next_left_run (self);
        return;
    }
    show_start (self, phone);
}

static void
again_cb (PrWindow *self, guint goal)
{
    if (goal == PR_GOAL_DOWNLOAD) {
        return_from_download (self);
        download_cb (self);
        return;
    }
    g_autoptr (PrPhone) phone = g_object_ref (pr_job_get_phone (self->job));

    pr_job_acknowledge (self->job);
    forget_job (self);
    show_start (self, phone);
    if (pr_plan_get_phone (self->plan) != phone || !pr_plan_goal_is_possible (self->plan, goal))
        return;
    pr_plan_set_goal (self->plan, goal);
    if (goal == PR_GOAL_PUT_BACK)
        pr_plan_set_backup (self->plan, self->put_back);
    advance (self);
}

/* What the work has changed in it; a phone that does not trust this computer is not asked for that by itself. */
static void
read_anew (PrWindow *self, PrPhone *phone)
{
    if (pr_phone_get_trust (phone) == PR_TRUST_TRUSTED)
        pr_phone_list_refresh (self->phones, phone);
}

static void start_job (PrWindow *self, PrOperation *operation, PrGoal goal, const char *title, const char *version);

/* What was confirmed goes on with the same phone and file; nobody is asked, and it is never done twice. */
static void
retry_cb (PrWindow *self)
{
    g_autoptr (PrJob) failed = g_steal_pointer (&self->job);
    g_autoptr (PrOperation) operation = pr_reinstall_retry (PR_REINSTALL (pr_job_get_operation (failed)));

    pr_job_acknowledge (failed);
    start_job (self, operation, pr_job_get_goal (failed), pr_job_get_title (failed), pr_job_get_version (failed));
}

static void
show_result (PrWindow *self)
{
    PrPage *page = pr_result_page_new (self->plan, pr_job_get_operation (self->job), pr_job_get_goal (self->job),
                                       pr_job_get_title (self->job), pr_job_get_version (self->job));

    g_signal_connect_object (page, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (page, "again", G_CALLBACK (again_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (page, "retry", G_CALLBACK (retry_cb), self, G_CONNECT_SWAPPED);
    replace_pages (self, page);
    g_free (self->last);
    self->last =
        pr_report_create (pr_job_get_operation (self->job), pr_plan_goal_get_action (pr_job_get_goal (self->job)));
    if (pr_operation_get_state (pr_job_get_operation (self->job)) == PR_OPERATION_SUCCEEDED)
        pr_advice_pages_note_done (self->advice, pr_job_get_goal (self->job));
    read_anew (self, pr_job_get_phone (self->job));
}

static gboolean
is_downloaded (PrWindow *self)
{
    return pr_job_get_goal (self->job) == PR_GOAL_DOWNLOAD &&
           pr_operation_get_state (pr_job_get_operation (self->job)) == PR_OPERATION_SUCCEEDED;
}

static void
over_cb (PrWindow *self)
{
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.link", TRUE);
    if (is_downloaded (self))
        return_from_download (self);
    else
        show_result (self);
    if (self->leaving)
        adw_dialog_force_close (self->leaving); /* its question is answered by itself */
    if (!gtk_widget_get_visible (GTK_WIDGET (self)))
        gtk_window_destroy (GTK_WINDOW (self));
}

static void
start_job (PrWindow *self, PrOperation *operation, PrGoal goal, const char *title, const char *version)
{
    self->job = pr_job_new (operation, goal, title, version, GTK_WINDOW (self));
    g_signal_connect_object (self->job, "over", G_CALLBACK (over_cb), self, G_CONNECT_SWAPPED);
    pr_plan_set_phone (self->plan, pr_operation_get_phone (operation));
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.link", FALSE);
    pr_job_start (self->job);
    if (self->job && !pr_operation_is_over (operation))
        replace_pages (self, pr_progress_page_new (self->plan, operation, goal, title, pr_job_is_awake (self->job)));
}

/* What was chosen for the phone stays chosen meanwhile. */
static void
download_cb (PrWindow *self)
{
    g_autoptr (PrOperation) operation = pr_plan_create_download (self->plan);
    g_autofree char *title = g_strdup (pr_phone_get_title (pr_plan_get_phone (self->plan)));

    if (operation)
        start_job (self, operation, PR_GOAL_DOWNLOAD, title,
                   pr_firmware_get_facts (pr_plan_get_version (self->plan))->version);
}

static void
start_planned (PrWindow *self)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrOperation) operation = pr_plan_create_operation (self->plan, &error);
    g_autofree char *title = g_strdup (pr_phone_get_title (pr_plan_get_phone (self->plan)));
    g_autofree char *version = g_strdup (pr_plan_get_file_version (self->plan));

    if (!operation) {
        /* the confirmation has grown old meanwhile: Readiness asks again */
        pr_plan_set_readiness_passed (self->plan, FALSE);
        advance (self);
        return;
    }
    if (pr_plan_get_goal (self->plan) == PR_GOAL_PUT_BACK)
        g_set_object (&self->put_back, pr_plan_get_backup (self->plan));
    start_job (self, operation, pr_plan_get_goal (self->plan), title, version);
}

/* Runs that an earlier start of the program left: shown as if they had been begun here. */
static void
show_next_left_run (PrWindow *self)
{
    g_autoptr (PrOperation) operation = g_queue_pop_head (&self->left);
    PrGoal goal;

    if (!operation)
        return;
    goal = pr_reinstall_get_keep_data (PR_REINSTALL (operation)) ? PR_GOAL_UPDATE : PR_GOAL_RESTORE;
    start_job (self, operation, goal, pr_reinstall_get_title (PR_REINSTALL (operation)), NULL);
}

/* --- From question to page --- */

static void
advance (PrWindow *self)
{
    if (self->job)
        return;
    switch (pr_plan_get_next_question (self->plan)) {
    case PR_QUESTION_PHONE:
        show_start (self, NULL);
        break;
    case PR_QUESTION_GOAL:
        show_phone (self);
        break;
    case PR_QUESTION_BACKUP:
        pr_backup_pages_ask_backup (self->backups);
        break;
    case PR_QUESTION_PASSWORD:
        pr_backup_pages_ask_passwords (self->backups);
        break;
    case PR_QUESTION_READINESS:
        show_page (self, "readiness", pr_readiness_page_new);
        break;
    case PR_QUESTION_CONFIRM:
        show_page (self, "confirm", pr_confirm_page_new);
        break;
    case PR_QUESTION_NONE:
        start_planned (self);
        break;
    default:
        g_return_if_reached ();
    }
}

/* A phone that leaves before anything was chosen for it is waited for anew. */
static void
mode_changed_cb (PrWindow *self)
{
    if (self->job || pr_phone_get_mode (self->watched) != PR_PHONE_MODE_GONE)
        return;
    if (shows (self, "phone") || shows (self, "goal"))
        show_start (self, NULL);
}

static void
watch_phone (PrWindow *self)
{
    PrPhone *phone = pr_plan_get_phone (self->plan);

    if (self->watched == phone)
        return;
    if (self->watched)
        g_signal_handlers_disconnect_by_data (self->watched, self);
    g_set_object (&self->watched, phone);
    if (phone)
        g_signal_connect_object (phone, "notify::mode", G_CALLBACK (mode_changed_cb), self, G_CONNECT_SWAPPED);
}

/* --- Advice --- */

/* From wherever no work is being done. */
static void
show_advice_pages (GtkWidget *widget, const char *action, GVariant *target)
{
    PrAdvicePages *advice = PR_WINDOW (widget)->advice;

    if (PR_WINDOW (widget)->job)
        return;
    if (g_str_equal (action, "win.compare"))
        pr_advice_pages_show_ways (advice);
    else if (g_str_equal (action, "win.buttons"))
        pr_advice_pages_show_buttons (advice);
    else
        pr_advice_pages_show_symptoms (advice, g_str_equal (g_variant_get_string (target, NULL), "windows"));
}

/* What is there for the phone that was chosen, while no work is being done. */
static void
show_of_phone (GtkWidget *widget, const char *action, GVariant *target)
{
    PrWindow *self = PR_WINDOW (widget);

    if (self->job || !pr_plan_get_phone (self->plan))
        return;
    if (g_str_equal (action, "win.hand-over"))
        show_page (self, "hand-over", pr_hand_over_page_new);
    else if (g_str_equal (action, "win.goals"))
        show_page (self, "goal", pr_goal_page_new);
    else
        show_page (self, "profiles", pr_profiles_page_new);
}

/* --- The link --- */

/* A look at the cable answers no question: one comes back from it to where one was. Help may be open above it. */
static void
show_link (GtkWidget *widget, const char *action, GVariant *target)
{
    PrWindow *self = PR_WINDOW (widget);
    AdwDialog *dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self));

    if (self->job && !pr_job_is_over (self->job))
        return;
    if (dialog)
        adw_dialog_close (dialog);
    if (adw_navigation_view_find_page (self->view, "link"))
        adw_navigation_view_pop_to_tag (self->view, "link");
    else
        adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (
                                                  pr_link_page_new (self->plan, pr_phone_list_get_link (self->phones),
                                                                    !self->job)));
}

/* From what was found about the phone to what helps. */
static void
show_advice (GtkWidget *widget, const char *action, GVariant *target)
{
    PrSymptom symptom = g_variant_get_uint32 (target);

    if (!PR_WINDOW (widget)->job && symptom < PR_N_SYMPTOMS)
        pr_advice_pages_show_advice (PR_WINDOW (widget)->advice, symptom);
}

/* --- Backups --- */

/* From wherever no work is being done. */
static void
show_backups (GtkWidget *widget, const char *action, GVariant *target)
{
    if (!PR_WINDOW (widget)->job)
        pr_backup_pages_show_list (PR_WINDOW (widget)->backups);
}

/* Instead of what was about to be done; that can be chosen again once it is done. */
static void
back_up_first_cb (PrWindow *self)
{
    g_autoptr (PrPhone) phone = g_object_ref (pr_plan_get_phone (self->plan));

    show_start (self, phone);
    if (!pr_plan_goal_is_possible (self->plan, PR_GOAL_BACK_UP))
        return;
    pr_plan_set_goal (self->plan, PR_GOAL_BACK_UP);
    advance (self);
}

/* --- Help --- */

static void
show_help_here (GtkWidget *widget, const char *action, GVariant *target)
{
    AdwNavigationPage *page = adw_navigation_view_get_visible_page (PR_WINDOW (widget)->view);

    if (PR_IS_HELP_DIALOG (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (widget))))
        return;
    pr_help_dialog_present (widget, PR_IS_PAGE (page) ? pr_page_get_guide (PR_PAGE (page)) : NULL);
}

static void
show_report (GtkWidget *widget, const char *action, GVariant *target)
{
    adw_dialog_present (pr_report_dialog_new (PR_WINDOW (widget)->phones, PR_WINDOW (widget)->last), widget);
}

/* --- Closing --- */

static void
leave_cb (AdwAlertDialog *dialog, const char *response, PrWindow *self)
{
    if (!g_str_equal (response, PR_JOB_LEAVE))
        return;
    if (!self->job || pr_job_is_over (self->job))
        gtk_window_destroy (GTK_WINDOW (self));
    else
        gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
ask_to_leave (PrWindow *self)
{
    AdwDialog *dialog = pr_job_new_leave_dialog ();

    g_signal_connect_object (dialog, "response", G_CALLBACK (leave_cb), self, G_CONNECT_DEFAULT);
    g_set_weak_pointer (&self->leaving, dialog);
    adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* While a dialog is open this is not reached: libadwaita closes the dialog instead, and keeps the window's keys from
 * it. */
static gboolean
pr_window_close_request (GtkWindow *window)
{
    PrWindow *self = PR_WINDOW (window);

    if (self->job && !pr_job_is_over (self->job)) {
        ask_to_leave (self);
        return GDK_EVENT_STOP;
    }
    return GTK_WINDOW_CLASS (pr_window_parent_class)->close_request (window);
}

/* --- The object --- */

static void
bind_size (PrWindow *self)
{
    self->settings = g_settings_new (PR_APP_ID);
    g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
    g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
    g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static void
pr_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_BANNER)
        g_value_set_string (value, PR_WINDOW (object)->banner);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_BANNER)
        PR_WINDOW (object)->banner = g_value_dup_string (value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_window_dispose (GObject *object)
{
    PrWindow *self = PR_WINDOW (object);

    if (self->watched)
        g_signal_handlers_disconnect_by_data (self->watched, self);
    g_clear_weak_pointer (&self->leaving);
    g_clear_object (&self->watched);
    g_clear_object (&self->job);
    g_clear_object (&self->advice);
    g_clear_object (&self->put_back);
    g_clear_object (&self->backups);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_WINDOW);
    g_queue_clear_full (&self->left, g_object_unref);
    g_clear_object (&self->settings);
    g_clear_object (&self->plan);
    g_clear_object (&self->phones);
    g_clear_pointer (&self->banner, g_free);
    g_clear_pointer (&self->last, g_free);
    G_OBJECT_CLASS (pr_window_parent_class)->dispose (object);
}

static void
pr_window_class_init (PrWindowClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->get_property = pr_window_get_property;
    object_class->set_property = pr_window_set_property;
    object_class->dispose = pr_window_dispose;
    GTK_WINDOW_CLASS (klass)->close_request = pr_window_close_request;

    properties[PROP_BANNER] = g_param_spec_string ("banner", NULL, NULL, NULL,
                                                   G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);

    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-window.ui");
    gtk_widget_class_bind_template_child (widget_class, PrWindow, toasts);
    gtk_widget_class_bind_template_child (widget_class, PrWindow, view);
    gtk_widget_class_bind_template_callback (widget_class, has_banner);
    gtk_widget_class_bind_template_callback (widget_class, popped_cb);
    gtk_widget_class_install_action (widget_class, "win.fix", "s", show_advice_pages);
    gtk_widget_class_install_action (widget_class, "win.buttons", NULL, show_advice_pages);
    gtk_widget_class_install_action (widget_class, "win.compare", NULL, show_advice_pages);
    gtk_widget_class_install_action (widget_class, "win.goals", NULL, show_of_phone);
    gtk_widget_class_install_action (widget_class, "win.hand-over", NULL, show_of_phone);
    gtk_widget_class_install_action (widget_class, "win.backups", NULL, show_backups);
    pr_help_dialog_install_actions (widget_class);
    gtk_widget_class_install_action (widget_class, "win.help-here", NULL, show_help_here);
    gtk_widget_class_install_action (widget_class, "win.link", NULL, show_link);
    gtk_widget_class_install_action (widget_class, "win.profiles", NULL, show_of_phone);
    gtk_widget_class_install_action (widget_class, "win.advice", "u", show_advice);
    gtk_widget_class_install_action (widget_class, "win.report", NULL, show_report);
}

static void
pr_window_init (PrWindow *self)
{
    g_queue_init (&self->left);
    gtk_widget_init_template (GTK_WIDGET (self));
}

static void
take_left_runs (PrWindow *self)
{
    g_autoptr (GPtrArray) runs = pr_reinstall_list_left_runs (self->phones);

    for (guint i = 0; i < runs->len; i++)
        g_queue_push_tail (&self->left, g_object_ref (runs->pdata[i]));
}

PrWindow *
pr_window_new (GtkApplication *application, PrPhoneList *phones, PrPlan *plan, const char *banner)
{
    PrWindow *self = g_object_new (PR_TYPE_WINDOW, "application", application, "banner", banner, NULL);

    self->phones = g_object_ref (phones);
    self->plan = g_object_ref (plan);
    bind_size (self);
    g_signal_connect_object (plan, "notify::phone", G_CALLBACK (watch_phone), self, G_CONNECT_SWAPPED);
    adw_navigation_view_add (self->view, ADW_NAVIGATION_PAGE (follow_page (self, pr_connect_page_new (plan, phones))));
    self->advice = pr_advice_pages_new (self->view, plan);
    g_signal_connect_object (self->advice, "answered", G_CALLBACK (advance), self, G_CONNECT_SWAPPED);
    self->backups = pr_backup_pages_new (self->view, self->toasts, phones, plan);
    g_signal_connect_object (self->backups, "answered", G_CALLBACK (advance), self, G_CONNECT_SWAPPED);
    pr_backup_pages_recover (self->backups, g_settings_get_uint (self->settings, "earlier-versions"));
    take_left_runs (self);
    show_next_left_run (self);
    return self;
}

gboolean
pr_window_can_end (PrWindow *self)
{
    PrOperation *operation = self->job ? pr_job_get_operation (self->job) : NULL;

    return !operation || pr_operation_is_over (operation) || PR_IS_REINSTALL (operation) || PR_IS_DOWNLOAD (operation);
}
