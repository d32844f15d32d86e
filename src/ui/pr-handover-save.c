// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-handover-save.h"

#include "pr-handover-sheet.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef struct {
    char *name; /* of both files, without an ending */
    GBytes *sheet, *data;
    GFile *folder;
    AdwToastOverlay *toasts;
    GCancellable *cancellable;
} Saving;

static void
saving_free (Saving *self)
{
    g_free (self->name);
    g_clear_pointer (&self->sheet, g_bytes_unref);
    g_clear_pointer (&self->data, g_bytes_unref);
    g_clear_object (&self->folder);
    g_object_unref (self->toasts);
    g_object_unref (self->cancellable);
    g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
tell (Saving *self, const GError *error)
{
    if (!error)
        adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("The sheet and its data were saved.")));
    else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        adw_toast_overlay_add_toast (self->toasts, adw_toast_new (error->message));
}

/* --- The files --- */

static void
replace (Saving *self, const char *ending, GBytes *bytes, GAsyncReadyCallback callback)
{
    g_autofree char *name = g_strconcat (self->name, ending, NULL);
    g_autoptr (GFile) file = g_file_get_child (self->folder, name);

    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, self->cancellable, callback,
                                         self);
}

static void
data_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (Saving) self = data;
    g_autoptr (GError) error = NULL;

    g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
    tell (self, error);
}

static void
sheet_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (Saving) self = data;
    g_autoptr (GError) error = NULL;

    if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error)) {
        tell (self, error);
        return;
    }
    Saving *saving = g_steal_pointer (&self);
    replace (saving, ".json", saving->data, data_saved_cb);
}

static void
folder_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (Saving) self = data;

    self->folder = gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, NULL);
    if (!self->folder)
        return;
    Saving *saving = g_steal_pointer (&self);
    replace (saving, ".pdf", saving->sheet, sheet_saved_cb);
}

/* --- What is in them --- */

/* GTK prints into files alone. */
static GBytes *
render (const PrHandover *handover, gboolean masked, GError **error)
{
    g_autoptr (GtkPrintOperation) operation = pr_handover_sheet_new (handover, masked);
    g_autofree char *path = NULL, *text = NULL;
    gsize length = 0;
    gboolean ok;
    int fd = g_file_open_tmp ("phone-reset-XXXXXX.pdf", &path, error);

    if (fd < 0)
        return NULL;
    g_close (fd, NULL);
    gtk_print_operation_set_export_filename (operation, path);
    ok = gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, error) !=
             GTK_PRINT_OPERATION_RESULT_ERROR &&
         g_file_get_contents (path, &text, &length, error);
    g_unlink (path);
    return ok ? g_bytes_new_take (g_steal_pointer (&text), length) : NULL;
}

static char *
create_name (const PrHandover *handover, gboolean masked)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *time = g_date_time_format (handover->erased ? handover->erased : now, "%Y%m%d-%H%M%S");

    /* each has its own code, and must not replace the other */
    return g_strdup_printf ("hand-over-%s%s", time, masked ? "" : "-whole");
}

void
pr_handover_save (GtkWidget *parent,
                  const PrHandover *handover,
                  gboolean masked,
                  AdwToastOverlay *toasts,
                  GCancellable *cancellable)
{
    g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
    g_autofree char *json = pr_handover_to_json (handover, masked);
    g_autoptr (Saving) self = g_new0 (Saving, 1);
    g_autoptr (GError) error = NULL;

    self->toasts = g_object_ref (toasts);
    self->cancellable = g_object_ref (cancellable);
    self->name = create_name (handover, masked);
    self->data = g_bytes_new (json, strlen (json));
    self->sheet = render (handover, masked, &error);
    if (!self->sheet) {
        tell (self, error);
        return;
    }
    gtk_file_dialog_set_title (dialog, _ ("Folder for the Report"));
    gtk_file_dialog_select_folder (dialog, GTK_WINDOW (gtk_widget_get_root (parent)), cancellable, folder_chosen_cb,
                                   g_steal_pointer (&self));
}
