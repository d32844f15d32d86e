// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-choice.h"

#include "pr-coach-names.h"
#include "pr-model.h"

#include <glib/gi18n.h>

struct _PrCoachChoice {
    AdwBin parent_instance;
    gboolean windows;
    char *product_type; /* owned, nullable */

    /* template */
    AdwToggleGroup *resets;
    AdwComboRow *tasks;
    AdwComboRow *models;
    AdwComboRow *kinds;
    AdwSwitchRow *off;
    AdwSwitchRow *slow;
    GtkCheckButton *consent;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrCoachChoice, pr_coach_choice, ADW_TYPE_BIN)

static PrWindowsKind
get_kind (PrCoachChoice *self)
{
    return PR_WINDOWS_LUMIA + adw_combo_row_get_selected (self->kinds);
}

static gboolean
has_windows (PrCoachChoice *self, PrCoachTask task)
{
    PrCoachSequence sequence;

    return pr_coach_find_windows_sequence (get_kind (self), task, &sequence);
}

/* Some can only be reset from off, some only while they are on. */
static PrCoachTask
get_windows_task (PrCoachChoice *self)
{
    if (adw_toggle_group_get_active (self->resets) != 1)
        return PR_COACH_SOFT_RESET;
    if (adw_switch_row_get_active (self->off) || !has_windows (self, PR_COACH_HARD_RESET))
        return PR_COACH_HARD_RESET_OFF;
    return PR_COACH_HARD_RESET;
}

PrCoachTask
pr_coach_choice_get_task (PrCoachChoice *self)
{
    return self->windows ? get_windows_task (self) : adw_combo_row_get_selected (self->tasks);
}

gboolean
pr_coach_choice_is_windows (PrCoachChoice *self)
{
    return self->windows;
}

static const char *
get_product_type (PrCoachChoice *self)
{
    guint chosen = adw_combo_row_get_selected (self->models);

    if (self->product_type)
        return self->product_type;
    return chosen < pr_coach_n_models ? pr_coach_models[chosen].product_type : NULL;
}

const char *
pr_coach_choice_get_family (PrCoachChoice *self)
{
    const char *family = self->windows ? "windows" : pr_model_get_family (get_product_type (self));

    return family ? family : "notch";
}

gboolean
pr_coach_choice_get_slow (PrCoachChoice *self)
{
    return adw_switch_row_get_active (self->slow);
}

gboolean
pr_coach_choice_may_begin (PrCoachChoice *self)
{
    return !gtk_widget_get_visible (GTK_WIDGET (self->consent)) || gtk_check_button_get_active (self->consent);
}

gboolean
pr_coach_choice_find (PrCoachChoice *self, PrPhoneMode mode, PrCoachSequence *sequence)
{
    PrCoachTask task = pr_coach_choice_get_task (self);

    if (self->windows)
        return pr_coach_find_windows_sequence (get_kind (self), task, sequence);
    return pr_coach_find_sequence (get_product_type (self), task, mode == PR_PHONE_MODE_RECOVERY, sequence);
}

static void
show_rows (PrCoachChoice *self)
{
    gboolean hard = self->windows && adw_toggle_group_get_active (self->resets) == 1;
    gboolean both = has_windows (self, PR_COACH_HARD_RESET) && has_windows (self, PR_COACH_HARD_RESET_OFF);

    gtk_widget_set_visible (GTK_WIDGET (self->resets), self->windows);
    gtk_widget_set_visible (GTK_WIDGET (self->tasks), !self->windows);
    gtk_widget_set_visible (GTK_WIDGET (self->models), !self->windows && !self->product_type);
    gtk_widget_set_visible (GTK_WIDGET (self->kinds), self->windows);
    gtk_widget_set_visible (GTK_WIDGET (self->off), hard && both);
    gtk_widget_set_visible (GTK_WIDGET (self->consent), hard);
}

static void
changed_cb (PrCoachChoice *self)
{
    if (!self->consent) /* still being made */
        return;
    show_rows (self);
    g_signal_emit (self, signals[CHANGED], 0);
}

void
pr_coach_choice_set_task (PrCoachChoice *self, PrCoachTask task)
{
    self->windows = task >= PR_COACH_SOFT_RESET;
    if (self->windows)
        adw_toggle_group_set_active (self->resets, task == PR_COACH_SOFT_RESET ? 0 : 1);
    else
        adw_combo_row_set_selected (self->tasks, task);
    changed_cb (self);
}

void
pr_coach_choice_set_product_type (PrCoachChoice *self, const char *product_type)
{
    if (g_set_str (&self->product_type, product_type))
        changed_cb (self);
}

/* --- The object --- */

static void
fill_lists (PrCoachChoice *self)
{
    g_autoptr (GtkStringList) tasks = gtk_string_list_new (NULL);
    g_autoptr (GtkStringList) models = gtk_string_list_new (NULL);
    g_autoptr (GtkStringList) kinds = gtk_string_list_new (NULL);

    for (PrCoachTask task = 0; task < PR_COACH_SOFT_RESET; task++)
        gtk_string_list_append (tasks, pr_coach_names_task (task));
    for (guint i = 0; i < pr_coach_n_models; i++)
        gtk_string_list_append (models, _ (pr_coach_models[i].name));
    for (PrWindowsKind kind = PR_WINDOWS_LUMIA; kind < PR_N_WINDOWS; kind++)
        gtk_string_list_append (kinds, _ (pr_coach_windows_names[kind]));
    adw_combo_row_set_model (self->tasks, G_LIST_MODEL (tasks));
    adw_combo_row_set_model (self->models, G_LIST_MODEL (models));
    adw_combo_row_set_model (self->kinds, G_LIST_MODEL (kinds));
}

static void
pr_coach_choice_dispose (GObject *object)
{
    PrCoachChoice *self = PR_COACH_CHOICE (object);

    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_COACH_CHOICE);
    g_clear_pointer (&self->product_type, g_free);
    G_OBJECT_CLASS (pr_coach_choice_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrCoachChoice, name)

static void
pr_coach_choice_class_init (PrCoachChoiceClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_coach_choice_dispose;
    signals[CHANGED] =
        g_signal_new ("changed", PR_TYPE_COACH_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-coach-choice.ui");
    CHILD (resets);
    CHILD (tasks);
    CHILD (models);
    CHILD (kinds);
    CHILD (off);
    CHILD (slow);
    CHILD (consent);
    gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
pr_coach_choice_init (PrCoachChoice *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    fill_lists (self);
    show_rows (self);
}
