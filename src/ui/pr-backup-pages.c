// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-pages.h"

#include "pr-backup-page.h"
#include "pr-backups-page.h"
#include "pr-password-dialog.h"

#include <glib/gi18n.h>

#define LIST "backups"
#define ONE "backup"
#define CHOICE "choose-backup"

struct _PrBackupPages {
    GObject parent_instance;

    /* owned */
    PrPhoneList *phones;
    PrPlan *plan;

    /* weak: of the window */
    AdwNavigationView *view;
    AdwToastOverlay *toasts;
};

enum { ANSWERED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrBackupPages, pr_backup_pages, G_TYPE_OBJECT)

static void
answered (PrBackupPages *self)
{
    g_signal_emit (self, signals[ANSWERED], 0);
}

static gboolean
shows (PrBackupPages *self, const char *tag)
{
    AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->view);

    return page && g_strcmp0 (adw_navigation_page_get_tag (page), tag) == 0;
}

static void
add_toast (PrBackupPages *self, AdwToast *toast)
{
    adw_toast_overlay_add_toast (self->toasts, toast);
}

/* --- A backup's own page --- */

static PrPhone *
find_only_phone (PrBackupPages *self)
{
    g_autoptr (PrPhone) first = g_list_model_get_item (G_LIST_MODEL (self->phones), 0);

    return g_list_model_get_n_items (G_LIST_MODEL (self->phones)) == 1 ? g_steal_pointer (&first) : NULL;
}

static void
put_back_cb (PrBackupPages *self, PrBackup *backup)
{
    g_autoptr (PrPhone) only = find_only_phone (self);

    if (!pr_plan_get_phone (self->plan))
        pr_plan_set_phone (self->plan, only);
    if (!pr_plan_goal_is_possible (self->plan, PR_GOAL_PUT_BACK))
        return;
    pr_plan_set_goal (self->plan, PR_GOAL_PUT_BACK);
    pr_plan_set_backup (self->plan, backup);
    answered (self);
}

static void
deleted_cb (PrBackupPages *self)
{
    if (shows (self, ONE))
        adw_navigation_view_pop (self->view);
    add_toast (self, adw_toast_new (_ ("The backup is in the trash now.")));
}

static void
open_cb (PrBackupPages *self, PrBackup *backup)
{
    PrPage *page = pr_backup_page_new (self->plan, self->phones, backup);

    g_signal_connect_object (page, "put-back", G_CALLBACK (put_back_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (page, "deleted", G_CALLBACK (deleted_cb), self, G_CONNECT_SWAPPED);
    adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (page));
}

/* --- The list --- */

static void
show (PrBackupPages *self, const char *tag, gboolean choosing)
{
    PrPage *page;

    if (shows (self, tag))
        return;
    if (adw_navigation_view_find_page (self->view, tag)) {
        adw_navigation_view_pop_to_tag (self->view, tag);
        return;
    }
    page = pr_backups_page_new (self->plan, choosing);
    g_signal_connect_object (page, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (page, "answered", G_CALLBACK (answered), self, G_CONNECT_SWAPPED);
    adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (page));
}

void
pr_backup_pages_show_list (PrBackupPages *self)
{
    show (self, LIST, FALSE);
}

void
pr_backup_pages_ask_backup (PrBackupPages *self)
{
    show (self, CHOICE, TRUE);
}

gboolean
pr_backup_pages_are_shown (PrBackupPages *self)
{
    return shows (self, LIST) || shows (self, ONE);
}

gboolean
pr_backup_pages_is_choosing (PrBackupPages *self)
{
    return adw_navigation_view_find_page (self->view, CHOICE) != NULL;
}

/* --- Passwords --- */

static void
entered_cb (PrBackupPages *self, const char *old, const char *fresh, PrPasswordDialog *dialog)
{
    pr_plan_set_passwords (self->plan, old, fresh);
    pr_password_dialog_accept (dialog);
    answered (self);
}

/* Closed without an answer: then nothing is wanted. */
static void
closed_cb (PrBackupPages *self)
{
    if (pr_plan_get_next_question (self->plan) == PR_QUESTION_PASSWORD)
        pr_plan_set_goal (self->plan, PR_GOAL_NONE);
}

static PrPasswordPurpose
get_purpose (PrGoal goal)
{
    if (goal == PR_GOAL_ENCRYPT)
        return PR_PASSWORD_NEW;
    return goal == PR_GOAL_DECRYPT ? PR_PASSWORD_OFF : PR_PASSWORD_CHANGE;
}

void
pr_backup_pages_ask_passwords (PrBackupPages *self)
{
    PrPasswordDialog *dialog = pr_password_dialog_new (get_purpose (pr_plan_get_goal (self->plan)),
                                                       pr_phone_get_udid (pr_plan_get_phone (self->plan)));

    g_signal_connect_object (dialog, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (dialog, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
    adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self->view));
}

/* --- What a crash has left --- */

static void
tell (PrBackupPages *self, guint count, const char *text)
{
    AdwToast *toast;

    if (count == 0)
        return;
    toast = adw_toast_new (text);
    adw_toast_set_timeout (toast, 0);
    adw_toast_set_button_label (toast, _ ("Show Backups"));
    adw_toast_set_action_name (toast, "win.backups");
    add_toast (self, toast);
}

static void
recovered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrBackupPages) self = data;
    g_autoptr (GError) error = NULL;
    PrBackupRecovery found = { 0 };

    if (!pr_backup_library_recover_finish (PR_BACKUP_LIBRARY (source), result, &found, &error)) {
        g_info ("clearing up the backups: %s", error->message);
        return;
    }
    if (!self->toasts)
        return; /* the window was closed meanwhile */
    tell (self, found.finished, _ ("A backup that was complete when the program ended is in its place now."));
    tell (self, found.rolled_back, _ ("An unfinished backup was undone. The one from before is as it was."));
    tell (self, found.dropped, _ ("An unfinished backup was cleared away. Nothing that was finished was lost."));
    pr_backup_library_refresh (PR_BACKUP_LIBRARY (source), NULL, NULL, NULL);
}

void
pr_backup_pages_recover (PrBackupPages *self, guint keep_versions)
{
    pr_backup_library_recover (pr_plan_get_library (self->plan), keep_versions, NULL, recovered_cb,
                               g_object_ref (self));
}

/* --- The object --- */

static void
pr_backup_pages_dispose (GObject *object)
{
    PrBackupPages *self = PR_BACKUP_PAGES (object);

    g_clear_weak_pointer (&self->view);
    g_clear_weak_pointer (&self->toasts);
    g_clear_object (&self->plan);
    g_clear_object (&self->phones);
    G_OBJECT_CLASS (pr_backup_pages_parent_class)->dispose (object);
}

static void
pr_backup_pages_class_init (PrBackupPagesClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = pr_backup_pages_dispose;
    signals[ANSWERED] =
        g_signal_new ("answered", PR_TYPE_BACKUP_PAGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_backup_pages_init (PrBackupPages *self)
{
}

PrBackupPages *
pr_backup_pages_new (AdwNavigationView *view, AdwToastOverlay *toasts, PrPhoneList *phones, PrPlan *plan)
{
    PrBackupPages *self = g_object_new (PR_TYPE_BACKUP_PAGES, NULL);

    g_set_weak_pointer (&self->view, view);
    g_set_weak_pointer (&self->toasts, toasts);
    self->phones = g_object_ref (phones);
    self->plan = g_object_ref (plan);
    return self;
}
