// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-put-back-choice.h"

#include "pr-backup-words.h"

#include <glib/gi18n.h>

struct _PrPutBackChoice {
    AdwPreferencesGroup parent_instance;

    PrPlan *plan; /* owned */

    /* template */
    AdwActionRow *backup;
    GtkCheckButton *same;
    GtkCheckButton *other;
};

G_DEFINE_FINAL_TYPE (PrPutBackChoice, pr_put_back_choice, ADW_TYPE_PREFERENCES_GROUP)

static void
toggled_cb (PrPutBackChoice *self)
{
    if (self->plan)
        pr_plan_set_same_phone (self->plan, gtk_check_button_get_active (self->same));
}

static void
show_backup (PrPutBackChoice *self, PrBackup *backup)
{
    g_autofree char *phone = pr_backup_words_phone (backup);
    g_autofree char *date = pr_backup_words_date (backup);
    g_autofree char *facts = pr_backup_words_facts (backup);
    g_autofree char *subtitle = g_strdup_printf ("%s · %s", date, facts);

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->backup), phone);
    adw_action_row_set_subtitle (self->backup, subtitle);
}

static void
pr_put_back_choice_dispose (GObject *object)
{
    PrPutBackChoice *self = PR_PUT_BACK_CHOICE (object);

    g_clear_object (&self->plan);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_PUT_BACK_CHOICE);
    G_OBJECT_CLASS (pr_put_back_choice_parent_class)->dispose (object);
}

static void
pr_put_back_choice_class_init (PrPutBackChoiceClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_put_back_choice_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-put-back-choice.ui");
    gtk_widget_class_bind_template_child (widget_class, PrPutBackChoice, backup);
    gtk_widget_class_bind_template_child (widget_class, PrPutBackChoice, same);
    gtk_widget_class_bind_template_child (widget_class, PrPutBackChoice, other);
    gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
pr_put_back_choice_init (PrPutBackChoice *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pr_put_back_choice_new (PrPlan *plan)
{
    PrPutBackChoice *self = g_object_new (PR_TYPE_PUT_BACK_CHOICE, NULL);

    show_backup (self, pr_plan_get_backup (plan));
    gtk_check_button_set_active (pr_plan_get_same_phone (plan) ? self->same : self->other, TRUE);
    self->plan = g_object_ref (plan);
    return GTK_WIDGET (self);
}
