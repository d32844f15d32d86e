// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-page.h"

#include "pr-backup-secret.h"
#include "pr-backup-words.h"
#include "pr-delete-backup.h"
#include "pr-delete-dialog.h"
#include "pr-guide.h"
#include "pr-password-dialog.h"
#include "pr-state-row.h"
#include "pr-verify.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrBackupPage {
    PrPage parent_instance;

    /* owned */
    PrPhoneList *phones;
    PrBackupLibrary *library;
    PrBackup *backup;
    PrOperation *work;        /* the verification that runs; NULL */
    PrPasswordDialog *asking; /* while its answer is tried; NULL */
    char *password;           /* of the verification that runs; wiped */
    GCancellable *leaving;    /* the page goes */

    gboolean deleting;

    /* template */
    GtkImage *drawing;
    GtkLabel *headline;
    GtkLabel *meaning;
    GtkWidget *verify_row;
    GtkWidget *verify;
    GtkWidget *running;
    GtkLabel *doing;
    GtkWidget *bar;
    GtkLabel *left;
    PrStateRow *found;
    GtkActionable *found_help;
    AdwPreferencesGroup *facts;
    GtkWidget *delete;
    GtkWidget *put_back;
    GtkLabel *waits;
};

enum { PUT_BACK, DELETED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrBackupPage, pr_backup_page, PR_TYPE_PAGE)

/* --- What is known --- */

static void
add_fact (PrBackupPage *self, const char *title, const char *value)
{
    GtkWidget *row;

    if (!value)
        return;
    row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", value,
                        "subtitle-selectable", TRUE, NULL);
    gtk_widget_add_css_class (row, "property");
    adw_preferences_group_add (self->facts, row);
}

static char *
say_phone (PrBackup *backup)
{
    g_autofree char *name = pr_backup_words_phone (backup);
    g_autofree char *model = pr_backup_words_model (backup);

    return model && !g_str_equal (model, name) ? g_strdup_printf ("%s, %s", name, model) : g_strdup (name);
}

static void
list_facts (PrBackupPage *self)
{
    g_autofree char *phone = say_phone (self->backup);
    g_autofree char *system = pr_backup_words_system (self->backup);
    g_autofree char *date = pr_backup_words_date (self->backup);
    g_autofree char *size = pr_backup_words_size (self->backup);
    g_autofree char *place = pr_words_path (pr_backup_get_path (self->backup));

    add_fact (self, _ ("Phone"), phone);
    add_fact (self, _ ("System"), system);
    add_fact (self, _ ("Made"), date);
    add_fact (self, _ ("Size"), size);
    add_fact (self, _ ("Encryption"),
              pr_backup_get_encrypted (self->backup) ? _ ("Encrypted with the backup password")
                                                     : _ ("Not encrypted: holds no passwords and no Health data"));
    if (pr_backup_get_earlier (self->backup))
        add_fact (self, _ ("Earlier Version"),
                  _ ("Shares unchanged files with the newest backup of this phone. It is not an independent copy."));
    add_fact (self, _ ("Place"), place);
}

static void
show_health (PrBackupPage *self)
{
    static const char *const drawings[] = {
        [PR_BACKUP_HEALTH_INCOMPLETE] = "pr-lost-contact-symbolic",
        [PR_BACKUP_HEALTH_UNCHECKED] = "pr-unsure-symbolic",
        [PR_BACKUP_HEALTH_UNPROVEN] = "pr-unsure-symbolic",
        [PR_BACKUP_HEALTH_GOOD] = "pr-safe-symbolic",
        [PR_BACKUP_HEALTH_DAMAGED] = "pr-sad-symbolic",
    };
    const char *headline = pr_backup_words_headline (self->backup);

    if (gtk_widget_get_mapped (GTK_WIDGET (self)) && !g_str_equal (gtk_label_get_label (self->headline), headline))
        pr_page_announce (PR_PAGE (self), headline);
    gtk_image_set_from_icon_name (self->drawing, drawings[pr_backup_get_health (self->backup)]);
    gtk_label_set_label (self->headline, headline);
    gtk_label_set_label (self->meaning, pr_backup_words_meaning (self->backup));
}

/* --- Onto which phone --- */

static PrPhone *
find_phone (PrBackupPage *self)
{
    PrPhone *chosen = pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self)));
    g_autoptr (PrPhone) only = g_list_model_get_item (G_LIST_MODEL (self->phones), 0);

    if (chosen || g_list_model_get_n_items (G_LIST_MODEL (self->phones)) != 1)
        return chosen;
    return only; /* the list keeps it */
}

/* What is missing before it can be put back; NULL for nothing. */
static const char *
say_waits (PrBackupPage *self)
{
    PrPhone *phone = find_phone (self);

    if (pr_backup_get_health (self->backup) == PR_BACKUP_HEALTH_INCOMPLETE)
        return _ ("A backup that was not finished cannot be put back");
    if (self->work || self->deleting)
        return _ ("Waits for what is being done with it");
    if (!phone && g_list_model_get_n_items (G_LIST_MODEL (self->phones)) > 1)
        return _ ("Choose one of the phones first");
    if (!phone || pr_phone_get_mode (phone) != PR_PHONE_MODE_NORMAL)
        return _ ("Plug in the phone that is to have it, and unlock it");
    if (pr_phone_get_busy (phone))
        return _ ("The phone is busy");
    return NULL;
}

static void
update_put_back (PrBackupPage *self)
{
    const char *waits = say_waits (self);
    /* Translators: the name of a phone */
    g_autofree char *onto = waits ? NULL
                                  : g_strdup_printf (_ ("Onto %s. You are asked before anything happens."),
                                                     pr_phone_get_title (find_phone (self)));

    gtk_widget_set_sensitive (self->put_back, waits == NULL);
    gtk_label_set_label (self->waits, waits ? waits : onto);
    gtk_widget_set_sensitive (self->delete, !self->work && !self->deleting);
    gtk_widget_set_sensitive (self->verify, !self->deleting);
}

static void
put_back_cb (PrBackupPage *self)
{
    if (!say_waits (self))
        g_signal_emit (self, signals[PUT_BACK], 0, self->backup);
}

/* --- The verification --- */

static void start_verify (PrBackupPage *self, gboolean deep);

static void
show_found (PrBackupPage *self, PrCheckState state, const char *title, const char *value, const char *guide)
{
    pr_state_row_set_state (self->found, state);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->found), title);
    pr_state_row_set_value (self->found, value);
    gtk_widget_set_visible (GTK_WIDGET (self->found_help), guide != NULL);
    if (guide)
        gtk_actionable_set_action_target (self->found_help, "s", guide);
    gtk_widget_set_visible (GTK_WIDGET (self->found), TRUE);
}

static void
show_good (PrBackupPage *self, const PrBackupReport *report)
{
    g_autofree char *size = g_format_size (report->bytes);
    g_autofree char *count = g_strdup_printf ("%'" G_GUINT64_FORMAT, report->files);
    /* Translators: a number of files, and how large they are together */
    g_autofree char *all =
        g_strdup_printf (ngettext ("%s file, %s", "%s files, %s", (gulong) MIN (report->files, G_MAXULONG)), count,
                         size);
    g_autofree char *text =
        report->recorded > 0
            ? g_strdup_printf (_ ("%s, each as it was when it arrived"), all)
            : g_strdup_printf (_ ("%s, each there with its size. Its maker recorded nothing more to compare."), all);

    show_found (self, PR_CHECK_GOOD, _ ("Nothing Is Missing"), text, NULL);
}

static void
show_failure (PrBackupPage *self, const GError *error)
{
    const char *nick = error->domain == PR_ERROR ? pr_error_get_nick (error->code) : NULL;
    g_autoptr (PrGuide) guide = nick ? pr_guide_load (nick) : NULL;

    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    show_found (self, PR_CHECK_BLOCKING, guide ? pr_guide_get_title (guide) : _ ("It Could Not Be Read"),
                guide ? pr_guide_get_summary (guide) : error->message, nick);
}

static void
show_running (PrBackupPage *self, gboolean runs)
{
    gtk_widget_set_visible (self->verify_row, !runs);
    gtk_widget_set_visible (self->running, runs);
    if (runs)
        gtk_widget_set_visible (GTK_WIDGET (self->found), FALSE);
    update_put_back (self);
}

static void
forget_password (PrBackupPage *self)
{
    g_clear_pointer (&self->password, pr_backup_secret_free);
}

/* The quick one that only proved the password; what it found is not all that was wanted. */
static void
proven (PrBackupPage *self, const GError *error)
{
    g_autoptr (PrPasswordDialog) dialog = g_steal_pointer (&self->asking);

    if (g_error_matches (error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD)) {
        forget_password (self);
        self->asking = g_steal_pointer (&dialog);
        pr_password_dialog_refuse (self->asking, _ ("That is not the password of this backup."));
    } else if (error) {
        forget_password (self);
        adw_dialog_force_close (ADW_DIALOG (dialog));
        show_failure (self, error);
    } else {
        pr_password_dialog_accept (dialog);
        start_verify (self, TRUE);
    }
}

static void
ended_cb (PrBackupPage *self)
{
    g_autoptr (PrOperation) work = NULL;
    const GError *error;

    if (!self->work || !pr_operation_is_over (self->work))
        return;
    work = g_steal_pointer (&self->work);
    error = pr_operation_get_error (work);
    show_running (self, FALSE);
    if (self->asking) {
        proven (self, error);
        return;
    }
    forget_password (self);
    if (error)
        show_failure (self, error);
    else if (pr_operation_get_state (work) == PR_OPERATION_SUCCEEDED)
        show_good (self, pr_verify_get_report (PR_VERIFY (work)));
    if (gtk_widget_get_mapped (GTK_WIDGET (self)))
        gtk_widget_grab_focus (self->verify);
}

static void
show_left (PrBackupPage *self)
{
    double seconds = self->work ? pr_operation_get_seconds_left (self->work) : -1;
    g_autofree char *text = pr_words_time_left (seconds);

    gtk_label_set_label (self->left, text);
}

static void
start_verify (PrBackupPage *self, gboolean deep)
{
    self->work = pr_verify_new (self->backup, self->password, deep);
    gtk_label_set_label (self->doing, deep ? _ ("Reading every file…") : _ ("Opening it with the password…"));
    g_object_bind_property (self->work, "fraction", self->bar, "fraction", G_BINDING_SYNC_CREATE);
    g_signal_connect_object (self->work, "notify::seconds-left", G_CALLBACK (show_left), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->work, "notify::state", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
    show_left (self);
    show_running (self, TRUE);
    pr_operation_start (self->work);
}

static void
entered_cb (PrBackupPage *self, const char *password)
{
    self->password = pr_backup_secret_copy (password);
    start_verify (self, FALSE);
}

/* Closed while it was tried, or without an answer. */
static void
closed_cb (PrBackupPage *self)
{
    if (!self->asking)
        return;
    g_clear_object (&self->asking);
    if (self->work)
        pr_operation_cancel (self->work);
}

static void
verify_cb (PrBackupPage *self)
{
    if (self->work)
        return;
    if (!pr_backup_get_encrypted (self->backup)) {
        start_verify (self, TRUE);
        return;
    }
    g_clear_object (&self->asking);
    self->asking = g_object_ref_sink (pr_password_dialog_new (PR_PASSWORD_OPEN, pr_backup_get_udid (self->backup)));
    g_signal_connect_object (self->asking, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->asking, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
    adw_dialog_present (ADW_DIALOG (self->asking), GTK_WIDGET (self));
}

static void
stop_cb (PrBackupPage *self)
{
    if (self->work)
        pr_operation_cancel (self->work);
}

/* --- Files and trash --- */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (GError) error = NULL;

    if (!gtk_file_launcher_open_containing_folder_finish (GTK_FILE_LAUNCHER (source), result, &error))
        g_info ("showing the folder: %s", error->message);
}

static void
show_cb (PrBackupPage *self)
{
    g_autoptr (GFile) file = g_file_new_for_path (pr_backup_get_path (self->backup));
    g_autoptr (GtkFileLauncher) launcher = gtk_file_launcher_new (file);

    gtk_file_launcher_open_containing_folder (launcher, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                              self->leaving, opened_cb, NULL);
}

static void
show_not_deleted (PrBackupPage *self, const GError *error)
{
    const char *nick = error->domain == PR_ERROR ? pr_error_get_nick (error->code) : NULL;
    const char *why = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)
                          ? _ ("The disk that it is on has no trash. Delete it in Files, if you are sure.")
                          : error->message;

    show_found (self, PR_CHECK_WARNING, _ ("It Was Not Moved to the Trash"), why, nick);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrBackupPage) self = data;
    g_autoptr (GError) error = NULL;

    gboolean deleted = pr_backup_delete_finish (PR_BACKUP (source), result, &error);

    self->deleting = FALSE;
    if (!self->backup)
        return; /* the page was left */
    update_put_back (self);
    if (deleted)
        g_signal_emit (self, signals[DELETED], 0);
    else
        show_not_deleted (self, error);
}

static void
agreed_cb (PrBackupPage *self, PrConfirmation *confirmation)
{
    self->deleting = TRUE;
    update_put_back (self);
    pr_backup_delete (self->backup, self->library, confirmation, NULL, deleted_cb, g_object_ref (self));
}

static void
delete_cb (PrBackupPage *self)
{
    AdwDialog *dialog = pr_delete_dialog_new (self->library, self->backup);

    g_signal_connect_object (dialog, "agreed", G_CALLBACK (agreed_cb), self, G_CONNECT_SWAPPED);
    adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* --- The object --- */

static const char *
pr_backup_page_get_guide (PrPage *page)
{
    PrBackupPage *self = PR_BACKUP_PAGE (page);

    return pr_backup_get_health (self->backup) == PR_BACKUP_HEALTH_DAMAGED ? pr_error_get_nick (PR_ERROR_BACKUP_DAMAGED)
                                                                           : "backups-here";
}

static void
pr_backup_page_dispose (GObject *object)
{
    PrBackupPage *self = PR_BACKUP_PAGE (object);

    if (self->work)
        pr_operation_cancel (self->work);
    g_cancellable_cancel (self->leaving);
    g_clear_object (&self->leaving);
    g_clear_object (&self->work);
    g_clear_object (&self->asking);
    forget_password (self);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_BACKUP_PAGE);
    g_clear_object (&self->backup);
    g_clear_object (&self->library);
    g_clear_object (&self->phones);
    G_OBJECT_CLASS (pr_backup_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrBackupPage, name)

static void
pr_backup_page_class_init (PrBackupPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_backup_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_backup_page_get_guide;
    signals[PUT_BACK] = g_signal_new ("put-back", PR_TYPE_BACKUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, PR_TYPE_BACKUP);
    signals[DELETED] =
        g_signal_new ("deleted", PR_TYPE_BACKUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    g_type_ensure (PR_TYPE_STATE_ROW);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-backup-page.ui");
    CHILD (drawing);
    CHILD (headline);
    CHILD (meaning);
    CHILD (verify_row);
    CHILD (verify);
    CHILD (running);
    CHILD (doing);
    CHILD (bar);
    CHILD (left);
    CHILD (found);
    CHILD (found_help);
    CHILD (facts);
    CHILD (delete);
    CHILD (put_back);
    CHILD (waits);
    gtk_widget_class_bind_template_callback (widget_class, verify_cb);
    gtk_widget_class_bind_template_callback (widget_class, stop_cb);
    gtk_widget_class_bind_template_callback (widget_class, show_cb);
    gtk_widget_class_bind_template_callback (widget_class, delete_cb);
    gtk_widget_class_bind_template_callback (widget_class, put_back_cb);
}

static void
pr_backup_page_init (PrBackupPage *self)
{
    self->leaving = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_backup_page_new (PrPlan *plan, PrPhoneList *phones, PrBackup *backup)
{
    PrBackupPage *self = g_object_new (PR_TYPE_BACKUP_PAGE, "plan", plan, NULL);
    g_autofree char *name = pr_backup_words_phone (backup);

    self->phones = g_object_ref (phones);
    self->library = g_object_ref (pr_plan_get_library (plan));
    self->backup = g_object_ref (backup);
    adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), name);
    g_signal_connect_object (backup, "notify::health", G_CALLBACK (show_health), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (phones, "items-changed", G_CALLBACK (update_put_back), self, G_CONNECT_SWAPPED);
    list_facts (self);
    show_health (self);
    update_put_back (self);
    return PR_PAGE (self);
}
