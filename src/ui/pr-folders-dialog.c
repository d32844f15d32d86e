// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-folders-dialog.h"

#include "pr-words.h"

#include <glib/gi18n.h>

#define OWN_NAME "Phone Backups" /* made in a folder that holds other things */

struct _PrFoldersDialog {
    AdwDialog parent_instance;

    PrBackupLibrary *library; /* owned */
    GCancellable *choosing;   /* owned */

    /* template */
    AdwActionRow *kept;
    GtkListBox *added;
    GtkWidget *change;
};

G_DEFINE_FINAL_TYPE (PrFoldersDialog, pr_folders_dialog, ADW_TYPE_DIALOG)

/* --- The folders that are added --- */

static void
set_added (PrFoldersDialog *self, GStrvBuilder *builder)
{
    g_auto (GStrv) folders = g_strv_builder_end (builder);

    pr_backup_library_set_added (self->library, (const char *const *) folders);
}

static void
add_folder (PrFoldersDialog *self, const char *folder)
{
    const char *const *before = pr_backup_library_get_added (self->library);
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

    if (before && g_strv_contains (before, folder))
        return;
    if (before)
        g_strv_builder_addv (builder, (const char **) before);
    g_strv_builder_add (builder, folder);
    set_added (self, builder);
}

static void
remove_cb (PrFoldersDialog *self, GtkWidget *button)
{
    const char *const *before = pr_backup_library_get_added (self->library);
    const char *gone = g_object_get_data (G_OBJECT (button), "folder");
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

    for (guint i = 0; before && before[i]; i++)
        if (!g_str_equal (before[i], gone))
            g_strv_builder_add (builder, before[i]);
    set_added (self, builder);
}

static GtkWidget *
create_row (PrFoldersDialog *self, const char *folder)
{
    g_autofree char *path = pr_words_path (folder);
    /* Translators: the path of a folder */
    g_autofree char *name = g_strdup_printf (_ ("Show %s No More"), path);
    GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", path, NULL);
    GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "icon-name", "list-remove-symbolic", "valign", GTK_ALIGN_CENTER,
                                      "tooltip-text", name, NULL);

    gtk_widget_add_css_class (button, "flat");
    g_object_set_data_full (G_OBJECT (button), "folder", g_strdup (folder), g_free);
    g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    return row;
}

/* The last row, which adds one, stays. */
static void
show_added (PrFoldersDialog *self)
{
    const char *const *folders = pr_backup_library_get_added (self->library);

    while (gtk_list_box_get_row_at_index (self->added, 1))
        gtk_list_box_remove (self->added, GTK_WIDGET (gtk_list_box_get_row_at_index (self->added, 0)));
    for (guint i = 0; folders && folders[i]; i++)
        gtk_list_box_insert (self->added, create_row (self, folders[i]), (int) i);
}

static void
show_kept (PrFoldersDialog *self)
{
    g_autofree char *path = pr_words_path (pr_backup_library_get_folder (self->library));

    adw_action_row_set_subtitle (self->kept, path);
}

/* --- Choosing --- */

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrFoldersDialog) self = data;
    g_autoptr (GFile) file = gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, NULL);

    if (file && g_file_peek_path (file))
        add_folder (self, g_file_peek_path (file));
}

static gboolean
is_empty (const char *folder)
{
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

    return dir && !g_dir_read_name (dir);
}

static gboolean
has_own_name (const char *folder)
{
    g_autofree char *name = g_path_get_basename (folder);

    return g_str_equal (name, OWN_NAME);
}

/* Backups do not lie about among other things: they get a folder of their own. */
static char *
find_own (const char *chosen)
{
    return has_own_name (chosen) || is_empty (chosen) ? g_strdup (chosen) : g_build_filename (chosen, OWN_NAME, NULL);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrFoldersDialog) self = data;
    g_autoptr (GFile) file = gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, NULL);
    g_autofree char *old = g_strdup (pr_backup_library_get_folder (self->library));
    g_autofree char *folder = NULL;

    if (!file || !g_file_peek_path (file))
        return;
    folder = find_own (g_file_peek_path (file));
    if (g_str_equal (folder, old))
        return;
    if (g_file_test (old, G_FILE_TEST_IS_DIR) && !is_empty (old))
        add_folder (self, old);
    pr_backup_library_set_folder (self->library, folder);
}

static void
choose (PrFoldersDialog *self, const char *title, GAsyncReadyCallback callback)
{
    g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

    gtk_file_dialog_set_title (dialog, title);
    gtk_file_dialog_select_folder (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->choosing,
                                   callback, g_object_ref (self));
}

static void
change_cb (PrFoldersDialog *self)
{
    choose (self, _ ("Where New Backups Are Kept"), changed_cb);
}

static void
add_cb (PrFoldersDialog *self)
{
    choose (self, _ ("A Folder With Backups"), added_cb);
}

static void
pr_folders_dialog_dispose (GObject *object)
{
    PrFoldersDialog *self = PR_FOLDERS_DIALOG (object);

    g_cancellable_cancel (self->choosing);
    g_clear_object (&self->choosing);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_FOLDERS_DIALOG);
    g_clear_object (&self->library);
    G_OBJECT_CLASS (pr_folders_dialog_parent_class)->dispose (object);
}

static void
pr_folders_dialog_class_init (PrFoldersDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_folders_dialog_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-folders-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, PrFoldersDialog, kept);
    gtk_widget_class_bind_template_child (widget_class, PrFoldersDialog, added);
    gtk_widget_class_bind_template_child (widget_class, PrFoldersDialog, change);
    gtk_widget_class_bind_template_callback (widget_class, change_cb);
    gtk_widget_class_bind_template_callback (widget_class, add_cb);
}

static void
pr_folders_dialog_init (PrFoldersDialog *self)
{
    self->choosing = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pr_folders_dialog_new (PrBackupLibrary *library)
{
    PrFoldersDialog *self = g_object_new (PR_TYPE_FOLDERS_DIALOG, NULL);

    self->library = g_object_ref (library);
    g_signal_connect_object (library, "notify::folder", G_CALLBACK (show_kept), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (library, "notify::added", G_CALLBACK (show_added), self, G_CONNECT_SWAPPED);
    show_kept (self);
    show_added (self);
    return ADW_DIALOG (self);
}
