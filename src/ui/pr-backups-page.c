// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backups-page.h"

#include "pr-backup-row.h"
#include "pr-backup-words.h"
#include "pr-folders-dialog.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrBackupsPage {
    PrPage parent_instance;

    /* owned */
    PrBackupLibrary *library;
    GHashTable *newest; /* UDID → position of its newest backup in the library: the order of the groups */
    GCancellable *reading;

    gboolean choosing;

    /* template */
    GtkStack *stack;
    GtkListView *list;
    GtkLabel *place;
};

enum { OPEN, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrBackupsPage, pr_backups_page, PR_TYPE_PAGE)

/* --- The order: the phone with the newest backup first; the library is sorted by date already --- */

static void
rank_phones (PrBackupsPage *self)
{
    guint n_backups = g_list_model_get_n_items (G_LIST_MODEL (self->library));

    g_hash_table_remove_all (self->newest);
    for (guint i = 0; i < n_backups; i++) {
        g_autoptr (PrBackup) backup = g_list_model_get_item (G_LIST_MODEL (self->library), i);
        const char *udid = pr_backup_get_udid (backup);

        if (!g_hash_table_contains (self->newest, udid))
            g_hash_table_insert (self->newest, g_strdup (udid), GUINT_TO_POINTER (i));
    }
}

static guint
get_rank (PrBackupsPage *self, gconstpointer backup)
{
    return GPOINTER_TO_UINT (g_hash_table_lookup (self->newest, pr_backup_get_udid ((PrBackup *) backup)));
}

static int
compare_phones (gconstpointer a, gconstpointer b, gpointer data)
{
    guint first = get_rank (data, a), second = get_rank (data, b);

    return (first > second) - (first < second);
}

/* Only finished ones can be put back. */
static gboolean
is_offered (gpointer item, gpointer data)
{
    PrBackupsPage *self = data;

    return !self->choosing || pr_backup_get_health (item) != PR_BACKUP_HEALTH_INCOMPLETE;
}

static GtkSelectionModel *
create_model (PrBackupsPage *self)
{
    GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_offered, self, NULL));
    GListModel *offered =
        G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->library)), filter));
    GtkSortListModel *sorted = gtk_sort_list_model_new (offered, NULL);
    g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_phones, self, NULL));

    gtk_sort_list_model_set_section_sorter (sorted, sorter);
    return GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (sorted)));
}

/* --- The rows --- */

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    GtkWidget *row = pr_backup_row_new ();

    gtk_list_item_set_child (item, row);
    g_object_bind_property (row, "summary", item, "accessible-label", G_BINDING_DEFAULT);
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    pr_backup_row_set_backup (PR_BACKUP_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    pr_backup_row_set_backup (PR_BACKUP_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
setup_header_cb (GtkSignalListItemFactory *factory, GtkListHeader *header, gpointer data)
{
    GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "accessible-role",
                                     GTK_ACCESSIBLE_ROLE_HEADING, NULL);

    gtk_widget_add_css_class (label, "heading");
    gtk_list_header_set_child (header, label);
}

static void
bind_header_cb (GtkSignalListItemFactory *factory, GtkListHeader *header, gpointer data)
{
    g_autofree char *name = pr_backup_words_phone (gtk_list_header_get_item (header));

    gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), name);
}

static void
fill_list (PrBackupsPage *self)
{
    g_autoptr (GtkListItemFactory) rows = gtk_signal_list_item_factory_new ();
    g_autoptr (GtkListItemFactory) headers = gtk_signal_list_item_factory_new ();
    g_autoptr (GtkSelectionModel) model = create_model (self);

    g_signal_connect (rows, "setup", G_CALLBACK (setup_row_cb), NULL);
    g_signal_connect (rows, "bind", G_CALLBACK (bind_row_cb), NULL);
    g_signal_connect (rows, "unbind", G_CALLBACK (unbind_row_cb), NULL);
    g_signal_connect (headers, "setup", G_CALLBACK (setup_header_cb), NULL);
    g_signal_connect (headers, "bind", G_CALLBACK (bind_header_cb), NULL);
    gtk_list_view_set_factory (self->list, rows);
    gtk_list_view_set_header_factory (self->list, headers);
    gtk_list_view_set_model (self->list, model);
}

/* --- What stands around them --- */

static void
show_place (PrBackupsPage *self)
{
    g_autofree char *path = pr_words_path (pr_backup_library_get_folder (self->library));
    /* Translators: the path of a folder */
    g_autofree char *text = g_strdup_printf (_ ("Kept in %s"), path);

    gtk_label_set_label (self->place, text);
}

static void
update (PrBackupsPage *self)
{
    gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->library)) > 0;

    gtk_stack_set_visible_child_name (self->stack, any ? "list" : self->reading ? "looking" : "empty");
    show_place (self);
}

static void
changed_cb (PrBackupsPage *self)
{
    rank_phones (self);
    update (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrBackupsPage) self = data;
    g_autoptr (GError) error = NULL;

    if (!pr_backup_library_refresh_finish (PR_BACKUP_LIBRARY (source), result, &error) &&
        g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_clear_object (&self->reading);
    update (self);
}

static void
refresh_cb (PrBackupsPage *self)
{
    g_cancellable_cancel (self->reading);
    g_clear_object (&self->reading);
    self->reading = g_cancellable_new ();
    pr_backup_library_refresh (self->library, self->reading, read_cb, g_object_ref (self));
    update (self);
}

/* --- What the person does --- */

static void
activate_cb (PrBackupsPage *self, guint position)
{
    g_autoptr (PrBackup) backup = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

    if (!backup)
        return;
    if (self->choosing) {
        pr_plan_set_backup (pr_page_get_plan (PR_PAGE (self)), backup);
        pr_page_answered (PR_PAGE (self));
    } else {
        g_signal_emit (self, signals[OPEN], 0, backup);
    }
}

static void
show_folders (GtkWidget *widget, const char *action, GVariant *target)
{
    adw_dialog_present (pr_folders_dialog_new (PR_BACKUPS_PAGE (widget)->library), widget);
}

static const char *
pr_backups_page_get_guide (PrPage *page)
{
    return "backups-here";
}

static void
pr_backups_page_showing (AdwNavigationPage *page)
{
    ADW_NAVIGATION_PAGE_CLASS (pr_backups_page_parent_class)->showing (page);
    refresh_cb (PR_BACKUPS_PAGE (page));
}

static void
pr_backups_page_dispose (GObject *object)
{
    PrBackupsPage *self = PR_BACKUPS_PAGE (object);

    g_cancellable_cancel (self->reading);
    g_clear_object (&self->reading);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_BACKUPS_PAGE);
    g_clear_object (&self->library);
    G_OBJECT_CLASS (pr_backups_page_parent_class)->dispose (object);
}

static void
pr_backups_page_finalize (GObject *object)
{
    g_hash_table_unref (PR_BACKUPS_PAGE (object)->newest);
    G_OBJECT_CLASS (pr_backups_page_parent_class)->finalize (object);
}

static void
pr_backups_page_class_init (PrBackupsPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_backups_page_dispose;
    G_OBJECT_CLASS (klass)->finalize = pr_backups_page_finalize;
    ADW_NAVIGATION_PAGE_CLASS (klass)->showing = pr_backups_page_showing;
    PR_PAGE_CLASS (klass)->get_guide = pr_backups_page_get_guide;
    signals[OPEN] = g_signal_new ("open", PR_TYPE_BACKUPS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  PR_TYPE_BACKUP);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-backups-page.ui");
    gtk_widget_class_bind_template_child (widget_class, PrBackupsPage, stack);
    gtk_widget_class_bind_template_child (widget_class, PrBackupsPage, list);
    gtk_widget_class_bind_template_child (widget_class, PrBackupsPage, place);
    gtk_widget_class_bind_template_callback (widget_class, activate_cb);
    gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
    gtk_widget_class_install_action (widget_class, "backups.folders", NULL, show_folders);
}

static void
pr_backups_page_init (PrBackupsPage *self)
{
    self->newest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_backups_page_new (PrPlan *plan, gboolean choosing)
{
    PrBackupsPage *self = g_object_new (PR_TYPE_BACKUPS_PAGE, "plan", plan, NULL);

    self->library = g_object_ref (pr_plan_get_library (plan));
    self->choosing = choosing;
    if (choosing) {
        adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _ ("Which Backup?"));
        adw_navigation_page_set_tag (ADW_NAVIGATION_PAGE (self), "choose-backup");
    }
    /* before the list: its order is that of the ranks */
    g_signal_connect_object (self->library, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->library, "notify::folder", G_CALLBACK (refresh_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->library, "notify::added", G_CALLBACK (refresh_cb), self, G_CONNECT_SWAPPED);
    changed_cb (self);
    fill_list (self);
    return PR_PAGE (self);
}
