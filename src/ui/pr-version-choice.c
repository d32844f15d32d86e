// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-version-choice.h"

#include "pr-guide.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrVersionChoice {
    AdwPreferencesGroup parent_instance;

    PrPlan *plan;    /* owned */
    gboolean making; /* the list of versions */

    /* template */
    AdwComboRow *version;
    AdwActionRow *state;
    GtkWidget *download;
    GtkWidget *help;
};

G_DEFINE_FINAL_TYPE (PrVersionChoice, pr_version_choice, ADW_TYPE_PREFERENCES_GROUP)

static void
selected_cb (PrVersionChoice *self)
{
    GPtrArray *versions = self->plan ? pr_plan_get_versions (self->plan) : NULL;
    guint selected = adw_combo_row_get_selected (self->version);

    if (!self->making && versions && selected < versions->len)
        pr_plan_set_version (self->plan, versions->pdata[selected]);
}

/* --- The list --- */

static char *
describe_version (PrVersionChoice *self, guint index)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (pr_plan_get_versions (self->plan)->pdata[index]);
    const char *system = pr_words_system (pr_plan_get_phone (self->plan));

    if (index == 0)
        /* Translators: "iOS 17.6.1, the newest" */
        return g_strdup_printf (_ ("%s %s, the newest"), system, facts->version);
    return g_strdup_printf ("%s %s (%s)", system, facts->version, facts->build);
}

static void
make_list (PrVersionChoice *self)
{
    GPtrArray *versions = pr_plan_get_versions (self->plan);
    g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
    guint selected = 0;

    for (guint i = 0; versions && i < versions->len; i++) {
        g_autofree char *name = describe_version (self, i);
        gtk_string_list_append (names, name);
        if (versions->pdata[i] == pr_plan_get_version (self->plan))
            selected = i;
    }
    self->making = TRUE;
    adw_combo_row_set_model (self->version, G_LIST_MODEL (names));
    adw_combo_row_set_selected (self->version, selected);
    self->making = FALSE;
    gtk_widget_set_visible (GTK_WIDGET (self->version), versions != NULL);
}

/* --- How it stands with the chosen one --- */

static void
say (PrVersionChoice *self, const char *title, const char *subtitle)
{
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->state), title);
    adw_action_row_set_subtitle (self->state, subtitle ? subtitle : "");
}

static void
say_error (PrVersionChoice *self, const GError *error)
{
    const char *nick = pr_error_get_nick (error->domain == PR_ERROR ? (PrError) error->code : PR_ERROR_NO_VERSIONS);
    g_autoptr (PrGuide) guide = pr_guide_load (nick);

    say (self, guide ? pr_guide_get_title (guide) : nick, guide ? pr_guide_get_summary (guide) : NULL);
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->help), "s", nick);
}

static void
say_download (PrVersionChoice *self)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (pr_plan_get_version (self->plan));
    g_autofree char *size = facts->size > 0 ? g_format_size (facts->size) : NULL;
    g_autofree char *text = NULL;

    if (pr_plan_has_version (self->plan)) {
        say (self, _ ("It Is on This Computer"), pr_plan_get_file (self->plan));
        return;
    }
    /* Translators: a size, "6.2 GB" */
    text = size ? g_strdup_printf (_ ("%s from Apple. You can pause, and go on another day."), size)
                : g_strdup (_ ("Several gigabytes from Apple. You can pause, and go on another day."));
    say (self, _ ("It Has to Be Downloaded"), text);
}

static void
show_state (PrVersionChoice *self)
{
    const GError *error = pr_plan_get_versions_error (self->plan);
    gboolean chosen = pr_plan_get_version (self->plan) != NULL;

    if (error)
        say_error (self, error);
    else if (chosen)
        say_download (self);
    else
        say (self, _ ("Asking Which Versions There Are…"), NULL);
    gtk_widget_set_visible (self->help, error != NULL);
    gtk_widget_set_visible (self->download, !error && chosen && !pr_plan_has_version (self->plan));
}

/* A list that is days old may not have the newest. */
static char *
describe_age (gint64 seconds)
{
    int days = (int) (seconds / (24 * 60 * 60));

    if (seconds == 0)
        return NULL;
    if (days == 0)
        return g_strdup (_ ("From a list of today. No server could be asked just now."));
    return g_strdup_printf (ngettext ("From a list that is %d day old. No server could be asked just now.",
                                      "From a list that is %d days old. No server could be asked just now.",
                                      (gulong) days),
                            days);
}

static void
show_age (PrVersionChoice *self)
{
    g_autofree char *text = describe_age (pr_plan_get_versions_age (self->plan));

    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
}

static void
versions_changed_cb (PrVersionChoice *self)
{
    make_list (self);
    show_age (self);
    show_state (self);
}

static void
pr_version_choice_dispose (GObject *object)
{
    PrVersionChoice *self = PR_VERSION_CHOICE (object);

    g_clear_object (&self->plan);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_VERSION_CHOICE);
    G_OBJECT_CLASS (pr_version_choice_parent_class)->dispose (object);
}

static void
pr_version_choice_class_init (PrVersionChoiceClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_version_choice_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-version-choice.ui");
    gtk_widget_class_bind_template_child (widget_class, PrVersionChoice, version);
    gtk_widget_class_bind_template_child (widget_class, PrVersionChoice, state);
    gtk_widget_class_bind_template_child (widget_class, PrVersionChoice, download);
    gtk_widget_class_bind_template_child (widget_class, PrVersionChoice, help);
    gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
pr_version_choice_init (PrVersionChoice *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pr_version_choice_new (PrPlan *plan)
{
    PrVersionChoice *self = g_object_new (PR_TYPE_VERSION_CHOICE, NULL);

    self->plan = g_object_ref (plan);
    g_signal_connect_object (plan, "notify::versions", G_CALLBACK (versions_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (plan, "notify::file", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
    versions_changed_cb (self);
    return GTK_WIDGET (self);
}
