// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-report-dialog.h"

#include "pr-diagnosis.h"
#include "pr-save-report.h"

#include <glib/gi18n.h>

struct _PrReportDialog {
    AdwDialog parent_instance;

    /* owned */
    PrPhoneList *phones;
    char *last;
    GCancellable *looking; /* and saving */

    /* template */
    AdwToastOverlay *toasts;
    GtkStack *stack;
    GtkTextView *text;
    GtkWidget *copy;
    GtkWidget *save;
};

G_DEFINE_FINAL_TYPE (PrReportDialog, pr_report_dialog, ADW_TYPE_DIALOG)

static char *
get_text (PrReportDialog *self)
{
    char *text = NULL;

    g_object_get (gtk_text_view_get_buffer (self->text), "text", &text, NULL);
    return text;
}

static void
show_report (PrReportDialog *self, const PrTools *tools)
{
    g_autoptr (PrDiagnosis) diagnosis = pr_diagnosis_new (self->phones, tools);
    g_autofree char *now = pr_diagnosis_to_text (diagnosis);
    g_autofree char *text = self->last ? g_strjoin ("\n", now, self->last, NULL) : g_strdup (now);

    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text, -1);
    gtk_stack_set_visible_child_name (self->stack, "text");
    gtk_widget_set_sensitive (self->copy, TRUE);
    gtk_widget_set_sensitive (self->save, TRUE);
}

static void
probe_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    g_task_return_pointer (task, pr_tools_probe (cancellable), (GDestroyNotify) pr_tools_free);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrTools) tools = g_task_propagate_pointer (G_TASK (result), NULL);

    if (tools) /* else the dialog was closed meanwhile */
        show_report (PR_REPORT_DIALOG (source), tools);
}

static void
copy_cb (PrReportDialog *self)
{
    g_autofree char *text = get_text (self);

    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Copied")));
}

static void
save_cb (PrReportDialog *self)
{
    g_autofree char *text = get_text (self);

    pr_save_report (GTK_WIDGET (self), text, self->toasts, self->looking);
}

static void
pr_report_dialog_closed (AdwDialog *dialog)
{
    g_cancellable_cancel (PR_REPORT_DIALOG (dialog)->looking);
}

static void
pr_report_dialog_dispose (GObject *object)
{
    PrReportDialog *self = PR_REPORT_DIALOG (object);

    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_REPORT_DIALOG);
    g_clear_object (&self->looking);
    g_clear_object (&self->phones);
    g_clear_pointer (&self->last, g_free);
    G_OBJECT_CLASS (pr_report_dialog_parent_class)->dispose (object);
}

static void
pr_report_dialog_class_init (PrReportDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_report_dialog_dispose;
    ADW_DIALOG_CLASS (klass)->closed = pr_report_dialog_closed;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-report-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, PrReportDialog, toasts);
    gtk_widget_class_bind_template_child (widget_class, PrReportDialog, stack);
    gtk_widget_class_bind_template_child (widget_class, PrReportDialog, text);
    gtk_widget_class_bind_template_child (widget_class, PrReportDialog, copy);
    gtk_widget_class_bind_template_child (widget_class, PrReportDialog, save);
    gtk_widget_class_bind_template_callback (widget_class, copy_cb);
    gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
pr_report_dialog_init (PrReportDialog *self)
{
    self->looking = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pr_report_dialog_new (PrPhoneList *phones, const char *last)
{
    PrReportDialog *self = g_object_new (PR_TYPE_REPORT_DIALOG, NULL);
    g_autoptr (GTask) task = g_task_new (self, self->looking, probed_cb, NULL);

    self->phones = g_object_ref (phones);
    self->last = g_strdup (last);
    g_task_run_in_thread (task, probe_in_thread);
    return ADW_DIALOG (self);
}
