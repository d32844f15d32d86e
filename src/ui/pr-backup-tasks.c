// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-tasks.h"

#include "pr-backup-words.h"
#include "pr-operation-enums.h"

#include <glib/gi18n.h>

struct _PrBackupTasks {
    AdwPreferencesGroup parent_instance;

    /* owned */
    PrPhone *phone;
    PrBackupLibrary *library;

    /* template */
    AdwActionRow *back_up;
    AdwActionRow *put_back;
    AdwExpanderRow *encryption;
    GtkWidget *encrypt;
    GtkWidget *change_password;
    GtkWidget *decrypt;
};

enum { GOAL, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrBackupTasks, pr_backup_tasks, ADW_TYPE_PREFERENCES_GROUP)

static void
update_encryption (PrBackupTasks *self)
{
    PrAnswer on = pr_phone_get_encrypts (self->phone);
    gboolean forced = pr_phone_get_must_encrypt (self->phone) == PR_ANSWER_YES;
    const char *text = _ ("Not known");

    if (forced && on == PR_ANSWER_YES)
        text = _ ("On, as the organisation that manages it wants");
    else if (forced)
        text = _ ("Off, but the organisation that manages it wants it on");
    else if (on == PR_ANSWER_YES)
        text = _ ("On: they also hold passwords and Health data");
    else if (on == PR_ANSWER_NO)
        text = _ ("Off: passwords and Health data are left out");
    adw_expander_row_set_subtitle (self->encryption, text);
    gtk_widget_set_visible (self->encrypt, on == PR_ANSWER_NO);
    gtk_widget_set_visible (self->change_password, on == PR_ANSWER_YES);
    gtk_widget_set_visible (self->decrypt, on == PR_ANSWER_YES && !forced);
    adw_expander_row_set_enable_expansion (self->encryption, on != PR_ANSWER_UNKNOWN);
    gtk_widget_set_visible (GTK_WIDGET (self->encryption), pr_phone_get_trust (self->phone) == PR_TRUST_TRUSTED);
}

static void
say_last (PrBackupTasks *self)
{
    PrBackup *last = pr_backup_library_find (self->library, pr_phone_get_udid (self->phone));
    g_autofree char *date = last ? pr_backup_words_date (last) : NULL;
    /* Translators: a date */
    g_autofree char *text = date ? g_strdup_printf (_ ("Last time: %s"), date) : NULL;

    adw_action_row_set_subtitle (self->back_up,
                                 text ? text : _ ("A copy of what is on it, in a folder of this computer"));
}

static void
update (PrBackupTasks *self)
{
    guint n_backups = g_list_model_get_n_items (G_LIST_MODEL (self->library));
    g_autofree char *count =
        n_backups ? g_strdup_printf (ngettext ("%u backup on this computer", "%u backups on this computer", n_backups),
                                     n_backups)
                  : g_strdup (_ ("None on this computer yet"));
    gboolean busy = pr_phone_get_busy (self->phone);

    update_encryption (self);
    adw_action_row_set_subtitle (self->put_back, count);
    gtk_widget_set_visible (GTK_WIDGET (self), pr_phone_get_mode (self->phone) == PR_PHONE_MODE_NORMAL);
    gtk_widget_set_sensitive (GTK_WIDGET (self->back_up), !busy);
    say_last (self);
    gtk_widget_set_sensitive (GTK_WIDGET (self->put_back), !busy && n_backups > 0);
    gtk_widget_set_sensitive (GTK_WIDGET (self->encryption), !busy);
}

static void
want (PrBackupTasks *self, PrGoal goal)
{
    g_signal_emit (self, signals[GOAL], 0, goal);
}

static void
back_up_cb (PrBackupTasks *self)
{
    want (self, PR_GOAL_BACK_UP);
}

static void
put_back_cb (PrBackupTasks *self)
{
    want (self, PR_GOAL_PUT_BACK);
}

static void
encrypt_cb (PrBackupTasks *self)
{
    want (self, PR_GOAL_ENCRYPT);
}

static void
change_password_cb (PrBackupTasks *self)
{
    want (self, PR_GOAL_CHANGE_PASSWORD);
}

static void
decrypt_cb (PrBackupTasks *self)
{
    want (self, PR_GOAL_DECRYPT);
}

static void
pr_backup_tasks_dispose (GObject *object)
{
    PrBackupTasks *self = PR_BACKUP_TASKS (object);

    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_BACKUP_TASKS);
    g_clear_object (&self->library);
    g_clear_object (&self->phone);
    G_OBJECT_CLASS (pr_backup_tasks_parent_class)->dispose (object);
}

static void
pr_backup_tasks_class_init (PrBackupTasksClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_backup_tasks_dispose;
    signals[GOAL] = g_signal_new ("goal", PR_TYPE_BACKUP_TASKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  PR_TYPE_GOAL);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-backup-tasks.ui");
    gtk_widget_class_bind_template_child (widget_class, PrBackupTasks, back_up);
    gtk_widget_class_bind_template_child (widget_class, PrBackupTasks, put_back);
    gtk_widget_class_bind_template_child (widget_class, PrBackupTasks, encryption);
    gtk_widget_class_bind_template_child (widget_class, PrBackupTasks, encrypt);
    gtk_widget_class_bind_template_child (widget_class, PrBackupTasks, change_password);
    gtk_widget_class_bind_template_child (widget_class, PrBackupTasks, decrypt);
    gtk_widget_class_bind_template_callback (widget_class, back_up_cb);
    gtk_widget_class_bind_template_callback (widget_class, put_back_cb);
    gtk_widget_class_bind_template_callback (widget_class, encrypt_cb);
    gtk_widget_class_bind_template_callback (widget_class, change_password_cb);
    gtk_widget_class_bind_template_callback (widget_class, decrypt_cb);
}

static void
pr_backup_tasks_init (PrBackupTasks *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
pr_backup_tasks_set_phone (PrBackupTasks *self, PrPhone *phone, PrBackupLibrary *library)
{
    self->phone = g_object_ref (phone);
    self->library = g_object_ref (library);
    g_signal_connect_object (phone, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (library, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    update (self);
}
