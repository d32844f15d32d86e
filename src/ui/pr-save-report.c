// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-save-report.h"

#include <glib/gi18n.h>

typedef struct {
    char *text;
    AdwToastOverlay *toasts;   /* owned */
    GCancellable *cancellable; /* owned */
} Saving;

static void
saving_free (Saving *self)
{
    g_free (self->text);
    g_object_unref (self->toasts);
    g_object_unref (self->cancellable);
    g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (Saving) self = data;
    g_autoptr (GError) error = NULL;

    if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
        adw_toast_overlay_add_toast (self->toasts,
                                     adw_toast_new (
                                         _ ("The report was saved. Name, numbers and your folder are masked in it.")));
    else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        adw_toast_overlay_add_toast (self->toasts, adw_toast_new (error->message));
}

static void
place_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (Saving) self = data;
    g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);
    g_autoptr (GBytes) bytes = g_bytes_new (self->text, strlen (self->text));
    GCancellable *cancellable = self->cancellable;

    if (file)
        g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, cancellable, saved_cb,
                                             g_steal_pointer (&self));
}

void
pr_save_report (GtkWidget *parent, const char *text, AdwToastOverlay *toasts, GCancellable *cancellable)
{
    g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
    Saving *self = g_new0 (Saving, 1);

    self->text = g_strdup (text);
    self->toasts = g_object_ref (toasts);
    self->cancellable = g_object_ref (cancellable);
    gtk_file_dialog_set_title (dialog, _ ("Save Report"));
    gtk_file_dialog_set_initial_name (dialog, "phone-reset-report.txt");
    gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (parent)), cancellable, place_chosen_cb, self);
}
