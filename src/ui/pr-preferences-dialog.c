// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-preferences-dialog.h"

#include "pr-firmware-folder.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define GB G_GUINT64_CONSTANT (1000000000)

struct _PrPreferencesDialog {
    AdwPreferencesDialog parent_instance;

    /* owned */
    GSettings *settings;
    PrFirmwareFolder *folder; /* NULL: there is none */
    GCancellable *looking;

    /* template */
    GtkWidget *limit;
    AdwActionRow *place;
    GtkWidget *clean;
    GtkListBox *files;
    AdwPreferencesPage *servers;
    AdwEntryRow *version_list;
    AdwEntryRow *ipsw_list;
    AdwEntryRow *signing_server;
};

G_DEFINE_FINAL_TYPE (PrPreferencesDialog, pr_preferences_dialog, ADW_TYPE_PREFERENCES_DIALOG)

gboolean
pr_preferences_is_address (const char *address)
{
    g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

    return uri && g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 && g_uri_get_host (uri) && *g_uri_get_host (uri);
}

guint64
pr_preferences_get_limit (GSettings *settings)
{
    return g_settings_get_uint (settings, "firmware-limit") * GB;
}

/* --- What is there --- */

static char *
describe_file (const PrFirmwareFile *file)
{
    g_autofree char *size = g_format_size (file->size);
    g_autofree char *date = NULL;
    g_autoptr (GDateTime) used = g_date_time_new_from_unix_local (file->used);

    if (file->in_use)
        /* Translators: a size, "6.2 GB" */
        return g_strdup_printf (_ ("%s, in use now"), size);
    if (!file->downloaded)
        return g_strdup_printf (_ ("%s, put there by you: it stays"), size);
    date = used ? pr_words_date (used) : g_strdup ("?");
    /* Translators: a size and a date, "6.2 GB, last used 3 May" */
    return g_strdup_printf (_ ("%s, last used %s"), size, date);
}

static GtkWidget *
create_row (const PrFirmwareFile *file)
{
    g_autofree char *base = g_path_get_basename (file->path);
    g_autofree char *name = g_filename_display_name (base);
    g_autofree char *text = describe_file (file);
    GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name, "subtitle", text,
                                   "title-lines", 2, NULL);

    if (file->version)
        adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_label_new (file->version));
    return row;
}

static void
look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    g_task_return_pointer (task, pr_firmware_folder_list (data), (GDestroyNotify) g_ptr_array_unref);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    PrPreferencesDialog *self = PR_PREFERENCES_DIALOG (source);
    g_autoptr (GPtrArray) files = g_task_propagate_pointer (G_TASK (result), NULL);

    if (!files)
        return; /* it was closed */
    gtk_list_box_remove_all (self->files);
    for (guint i = 0; i < files->len; i++)
        gtk_list_box_append (self->files, create_row (files->pdata[i]));
}

static GTask *
make_task (PrPreferencesDialog *self, GAsyncReadyCallback callback)
{
    GTask *task = g_task_new (self, self->looking, callback, NULL);

    g_task_set_task_data (task, g_object_ref (self->folder), g_object_unref);
    return task;
}

static void
show_files (PrPreferencesDialog *self)
{
    g_autoptr (GTask) task = make_task (self, looked_cb);

    g_task_run_in_thread (task, look);
}

/* --- Cleaning --- */

typedef struct {
    PrFirmwareFolder *folder; /* owned */
    guint64 limit;
} Cleaning;

static void
cleaning_free (gpointer data)
{
    g_object_unref (((Cleaning *) data)->folder);
    g_free (data);
}

static void
clean (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Cleaning *cleaning = data;
    guint64 freed = pr_firmware_folder_clean (cleaning->folder, cleaning->limit);

    g_task_return_pointer (task, g_format_size (freed), g_free);
}

static void
cleaned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    PrPreferencesDialog *self = PR_PREFERENCES_DIALOG (source);
    g_autofree char *freed = g_task_propagate_pointer (G_TASK (result), NULL);
    g_autofree char *text = NULL;

    if (!freed)
        return;
    /* Translators: a size, "6.2 GB" */
    text = g_strdup_printf (_ ("%s were freed"), freed);
    adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (self), adw_toast_new (text));
    gtk_widget_set_sensitive (self->clean, TRUE);
    show_files (self);
}

static void
clean_cb (PrPreferencesDialog *self)
{
    g_autoptr (GTask) task = g_task_new (self, self->looking, cleaned_cb, NULL);
    Cleaning *cleaning = g_new0 (Cleaning, 1);
    guint64 limit = pr_preferences_get_limit (self->settings);

    cleaning->folder = g_object_ref (self->folder);
    cleaning->limit = limit > 0 ? limit : G_MAXUINT64;
    g_task_set_task_data (task, cleaning, cleaning_free);
    gtk_widget_set_sensitive (self->clean, FALSE);
    g_task_run_in_thread (task, clean);
}

/* --- Servers --- */

/* What cannot be asked is not kept; the row says so. */
static void
apply_cb (PrPreferencesDialog *self, AdwEntryRow *row)
{
    const char *key = g_object_get_data (G_OBJECT (row), "key");
    g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
    gboolean good = *address == '\0' || pr_preferences_is_address (address);

    if (good)
        g_settings_set_string (self->settings, key, address);
    else
        adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (self),
                                          adw_toast_new (_ ("Only addresses that begin with https:// are used")));
    if (good)
        gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
    else
        gtk_widget_add_css_class (GTK_WIDGET (row), "error");
}

static void
show_address (PrPreferencesDialog *self, AdwEntryRow *row, const char *key)
{
    g_autofree char *address = g_settings_get_string (self->settings, key);

    g_object_set_data (G_OBJECT (row), "key", (gpointer) key);
    gtk_editable_set_text (GTK_EDITABLE (row), address);
}

static void
pr_preferences_dialog_dispose (GObject *object)
{
    PrPreferencesDialog *self = PR_PREFERENCES_DIALOG (object);

    g_cancellable_cancel (self->looking);
    g_clear_object (&self->looking);
    g_clear_object (&self->settings);
    g_clear_object (&self->folder);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_PREFERENCES_DIALOG);
    G_OBJECT_CLASS (pr_preferences_dialog_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrPreferencesDialog, name)

static void
pr_preferences_dialog_class_init (PrPreferencesDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_preferences_dialog_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-preferences-dialog.ui");
    CHILD (limit);
    CHILD (place);
    CHILD (clean);
    CHILD (files);
    CHILD (servers);
    CHILD (version_list);
    CHILD (ipsw_list);
    CHILD (signing_server);
    gtk_widget_class_bind_template_callback (widget_class, clean_cb);
    gtk_widget_class_bind_template_callback (widget_class, apply_cb);
}

static void
pr_preferences_dialog_init (PrPreferencesDialog *self)
{
    self->looking = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pr_preferences_dialog_new (GSettings *settings, const char *folder, gboolean servers)
{
    PrPreferencesDialog *self = g_object_new (PR_TYPE_PREFERENCES_DIALOG, NULL);
    g_autofree char *path = folder ? pr_words_path (folder) : g_strdup ("");

    self->settings = g_object_ref (settings);
    self->folder = folder ? pr_firmware_folder_new (folder) : NULL;
    g_settings_bind (settings, "firmware-limit", self->limit, "value", G_SETTINGS_BIND_DEFAULT);
    adw_action_row_set_subtitle (self->place, path);
    gtk_widget_set_sensitive (self->clean, folder != NULL);
    show_address (self, self->version_list, "version-list");
    show_address (self, self->ipsw_list, "ipsw-list");
    show_address (self, self->signing_server, "signing-server");
    if (!servers)
        adw_preferences_dialog_remove (ADW_PREFERENCES_DIALOG (self), self->servers);
    if (folder)
        show_files (self);
    return ADW_DIALOG (self);
}
