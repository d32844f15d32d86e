// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-handover-dialog.h"

#include "pr-handover-save.h"
#include "pr-handover-sheet.h"
#include "pr-handover-words.h"
#include "pr-paper.h"
#include "pr-state-row.h"

struct _PrHandoverDialog {
    AdwDialog parent_instance;

    /* owned */
    PrHandover *handover;
    GCancellable *saving;

    /* template */
    AdwToastOverlay *toasts;
    GtkLabel *headline;
    AdwSwitchRow *whole;
    GtkBox *sections;
    GtkLabel *limits;
    GtkWidget *save;
};

G_DEFINE_FINAL_TYPE (PrHandoverDialog, pr_handover_dialog, ADW_TYPE_DIALOG)

static GtkWidget *
create_row (const PrHandoverLine *line)
{
    if (line->has_state)
        return GTK_WIDGET (pr_state_row_new (line->title, line->state, line->value));
    AdwActionRow *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", line->title, "subtitle-selectable", TRUE,
                                      "use-markup", FALSE, NULL);

    adw_action_row_set_subtitle (row, line->value);
    gtk_widget_add_css_class (GTK_WIDGET (row), "property");
    return GTK_WIDGET (row);
}

static void
clear (GtkBox *box)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))))
        gtk_box_remove (box, child);
}

static void
show_cb (PrHandoverDialog *self)
{
    g_autoptr (GPtrArray) lines = pr_handover_words_lines (self->handover, !adw_switch_row_get_active (self->whole));
    AdwPreferencesGroup *group = NULL;

    clear (self->sections);
    for (guint i = 0; i < lines->len; i++) {
        const PrHandoverLine *line = lines->pdata[i];

        if (line->section) {
            group = ADW_PREFERENCES_GROUP (g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", line->section, NULL));
            gtk_box_append (self->sections, GTK_WIDGET (group));
        }
        adw_preferences_group_add (group, create_row (line));
    }
}

static void
print_cb (PrHandoverDialog *self)
{
    g_autoptr (GtkPrintOperation) operation =
        pr_handover_sheet_new (self->handover, !adw_switch_row_get_active (self->whole));

    pr_paper_print (operation, GTK_WIDGET (self));
}

static void
save_cb (PrHandoverDialog *self)
{
    pr_handover_save (GTK_WIDGET (self), self->handover, !adw_switch_row_get_active (self->whole), self->toasts,
                      self->saving);
}

static void
pr_handover_dialog_dispose (GObject *object)
{
    PrHandoverDialog *self = PR_HANDOVER_DIALOG (object);

    g_cancellable_cancel (self->saving);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_HANDOVER_DIALOG);
    g_clear_object (&self->saving);
    g_clear_pointer (&self->handover, pr_handover_free);
    G_OBJECT_CLASS (pr_handover_dialog_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrHandoverDialog, name)

static void
pr_handover_dialog_class_init (PrHandoverDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_handover_dialog_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-handover-dialog.ui");
    CHILD (toasts);
    CHILD (headline);
    CHILD (whole);
    CHILD (sections);
    CHILD (limits);
    CHILD (save);
    gtk_widget_class_bind_template_callback (widget_class, show_cb);
    gtk_widget_class_bind_template_callback (widget_class, print_cb);
    gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
pr_handover_dialog_init (PrHandoverDialog *self)
{
    self->saving = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pr_handover_dialog_new (const PrHandover *handover)
{
    PrHandoverDialog *self = g_object_new (PR_TYPE_HANDOVER_DIALOG, NULL);

    self->handover = pr_handover_copy (handover);
    gtk_label_set_label (self->headline, pr_handover_words_headline (handover));
    gtk_label_set_label (self->limits, pr_handover_words_limits ());
    adw_dialog_set_focus (ADW_DIALOG (self), self->save);
    show_cb (self);
    return ADW_DIALOG (self);
}
