// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-row.h"

#include "pr-backup-words.h"
#include "pr-state-row.h"

#include <glib/gi18n.h>

struct _PrBackupRow {
    AdwBin parent_instance;

    PrBackup *backup; /* owned */
    char *summary;    /* owned */

    /* template */
    AdwBin *picture;
    GtkLabel *title;
    GtkLabel *facts;
    GtkLabel *state;
};

typedef enum {
    PROP_BACKUP = 1,
    PROP_SUMMARY,
    N_PROPS,
} PrBackupRowProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrBackupRow, pr_backup_row, ADW_TYPE_BIN)

/* Earlier versions share what did not change with the newest: one decayed file is missing in all of them. */
static char *
say_state (PrBackup *backup)
{
    const char *state;

    pr_backup_words_state (backup, &state);
    return pr_backup_get_earlier (backup)
               /* Translators: how the verification stands, "Verified · earlier version, …" */
               ? g_strdup_printf (_ ("%s · earlier version, shares files with the newest: no independent copy"), state)
               : g_strdup (state);
}

static void
update (PrBackupRow *self)
{
    g_autofree char *title = pr_backup_words_date (self->backup);
    g_autofree char *facts = pr_backup_words_facts (self->backup);
    g_autofree char *state = say_state (self->backup);

    adw_bin_set_child (self->picture, pr_state_picture_new (pr_backup_words_state (self->backup, NULL)));
    gtk_label_set_label (self->title, title);
    gtk_label_set_label (self->facts, facts);
    gtk_label_set_label (self->state, state);
    g_free (self->summary);
    self->summary = g_strjoin (", ", title, facts, state, NULL);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUMMARY]);
}

static void
forget (PrBackupRow *self)
{
    if (self->backup)
        g_signal_handlers_disconnect_by_data (self->backup, self);
    g_clear_object (&self->backup);
}

static void
pr_backup_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrBackupRow *self = PR_BACKUP_ROW (object);

    switch ((PrBackupRowProps) prop_id) {
    case PROP_BACKUP:
        g_value_set_object (value, self->backup);
        break;
    case PROP_SUMMARY:
        g_value_set_string (value, self->summary);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_backup_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_BACKUP)
        pr_backup_row_set_backup (PR_BACKUP_ROW (object), g_value_get_object (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_backup_row_dispose (GObject *object)
{
    forget (PR_BACKUP_ROW (object));
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_BACKUP_ROW);
    G_OBJECT_CLASS (pr_backup_row_parent_class)->dispose (object);
}

static void
pr_backup_row_finalize (GObject *object)
{
    g_free (PR_BACKUP_ROW (object)->summary);
    G_OBJECT_CLASS (pr_backup_row_parent_class)->finalize (object);
}

static void
pr_backup_row_class_init (PrBackupRowClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->get_property = pr_backup_row_get_property;
    object_class->set_property = pr_backup_row_set_property;
    object_class->dispose = pr_backup_row_dispose;
    object_class->finalize = pr_backup_row_finalize;

    properties[PROP_BACKUP] =
        g_param_spec_object ("backup", NULL, NULL, PR_TYPE_BACKUP, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
    properties[PROP_SUMMARY] =
        g_param_spec_string ("summary", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);

    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-backup-row.ui");
    gtk_widget_class_bind_template_child (widget_class, PrBackupRow, picture);
    gtk_widget_class_bind_template_child (widget_class, PrBackupRow, title);
    gtk_widget_class_bind_template_child (widget_class, PrBackupRow, facts);
    gtk_widget_class_bind_template_child (widget_class, PrBackupRow, state);
}

static void
pr_backup_row_init (PrBackupRow *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pr_backup_row_new (void)
{
    return g_object_new (PR_TYPE_BACKUP_ROW, NULL);
}

void
pr_backup_row_set_backup (PrBackupRow *self, PrBackup *backup)
{
    if (self->backup == backup)
        return;
    forget (self);
    if (!backup)
        return;
    self->backup = g_object_ref (backup);
    g_signal_connect_object (backup, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    update (self);
}
