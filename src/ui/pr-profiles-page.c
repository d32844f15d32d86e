// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-profiles-page.h"

#include "pr-guide.h"
#include "pr-profile-dialog.h"
#include "pr-profile-words.h"
#include "pr-read-profiles.h"
#include "pr-remove-profile.h"
#include "pr-state-row.h"

#include <glib/gi18n.h>

struct _PrProfilesPage {
    PrPage parent_instance;

    /* owned */
    PrPhone *phone;
    PrProfileList *shown;  /* NULL: nothing was read yet */
    GCancellable *reading; /* NULL: nothing is read now */
    PrOperation *work;     /* NULL: nothing is removed now */
    PrProfile *removed;    /* that is */
    GPtrArray *buttons;    /* of the list; borrowed from it */

    /* template */
    GtkStack *stack;
    GtkWidget *refresh;
    AdwBanner *away;
    GtkWidget *outcome;
    PrStateRow *found;
    GtkWidget *found_help;
    PrStateRow *owner;
    GtkListBox *list;
    AdwStatusPage *failed;
    GtkWidget *failed_help;
};

G_DEFINE_FINAL_TYPE (PrProfilesPage, pr_profiles_page, PR_TYPE_PAGE)

static gboolean
is_there (PrProfilesPage *self)
{
    return pr_phone_get_mode (self->phone) == PR_PHONE_MODE_NORMAL;
}

/* What can be asked of the phone now. */
static void
update (PrProfilesPage *self)
{
    gboolean ready = is_there (self) && !self->work;

    adw_banner_set_revealed (self->away, !is_there (self));
    gtk_widget_set_sensitive (self->refresh, ready && !self->reading);
    for (guint i = 0; i < self->buttons->len; i++)
        gtk_widget_set_sensitive (self->buttons->pdata[i], ready && !pr_phone_get_busy (self->phone));
    adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), self->work == NULL);
}

/* --- What came of it --- */

static void
show_found (PrProfilesPage *self, PrCheckState state, const char *title, const char *text, const char *nick)
{
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->found), title);
    pr_state_row_set_state (self->found, state);
    pr_state_row_set_value (self->found, text);
    gtk_widget_set_visible (self->found_help, nick != NULL);
    if (nick)
        gtk_actionable_set_action_target (GTK_ACTIONABLE (self->found_help), "s", nick);
    gtk_widget_set_visible (self->outcome, TRUE);
    pr_page_announce (PR_PAGE (self), title);
}

static void
show_removed (PrProfilesPage *self)
{
    g_autofree char *text = pr_profile_words_gone (pr_remove_profile_get_apps_gone (PR_REMOVE_PROFILE (self->work)));
    /* Translators: the name of a profile */
    g_autofree char *title = g_strdup_printf (_ ("“%s” Is Gone"), self->removed->name);

    show_found (self, PR_CHECK_GOOD, title, text, NULL);
}

static const char *
get_nick (const GError *error)
{
    return pr_error_get_nick (error->domain == PR_ERROR ? (PrError) error->code : PR_ERROR_BAD_ANSWER);
}

static void
show_kept (PrProfilesPage *self, const GError *error)
{
    const char *nick = get_nick (error);
    g_autoptr (PrGuide) guide = pr_guide_load (nick);

    show_found (self, PR_CHECK_WARNING, pr_guide_get_title (guide), pr_guide_get_summary (guide), nick);
}

/* --- Removing --- */

static void mode_cb (PrProfilesPage *self);

static void
state_cb (PrProfilesPage *self, GParamSpec *pspec, PrOperation *work)
{
    const GError *error = pr_operation_get_error (work);

    if (!pr_operation_is_over (work))
        return;
    if (error)
        show_kept (self, error);
    else
        show_removed (self);
    pr_operation_acknowledge (work);
    g_signal_handlers_disconnect_by_data (work, self);
    g_clear_object (&self->work);
    mode_cb (self);
}

static void
agreed_cb (PrProfilesPage *self, PrConfirmation *confirmation, PrProfileDialog *dialog)
{
    PrProfile *profile = pr_profile_dialog_get_profile (dialog);
    /* Translators: the name of a profile */
    g_autofree char *title = g_strdup_printf (_ ("Removing “%s”"), profile->name);

    if (self->work)
        return;
    g_clear_pointer (&self->removed, pr_profile_unref);
    self->removed = pr_profile_ref (profile);
    show_found (self, PR_CHECK_PENDING, title, _ ("Leave the phone plugged in and unlocked."), NULL);
    self->work = pr_remove_profile_new (self->phone, profile, confirmation);
    g_signal_connect_object (self->work, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
    update (self);
    pr_operation_start (self->work);
}

static void
remove_cb (PrProfilesPage *self, GtkWidget *button)
{
    PrProfile *profile = g_object_get_data (G_OBJECT (button), "profile");
    AdwDialog *dialog = pr_profile_dialog_new (self->phone, profile, self->shown->apps);

    g_signal_connect_object (dialog, "agreed", G_CALLBACK (agreed_cb), self, G_CONNECT_SWAPPED);
    adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* --- The list --- */

/* Its name says which one; a button's own label would name it otherwise. */
static GtkWidget *
create_button (PrProfilesPage *self, PrProfile *profile)
{
    GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "child", gtk_label_new (_ ("Remove…")), NULL);
    /* Translators: the name of a profile */
    g_autofree char *name = g_strdup_printf (_ ("Remove “%s”…"), profile->name);

    gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_object_set_data_full (G_OBJECT (button), "profile", pr_profile_ref (profile), (GDestroyNotify) pr_profile_unref);
    g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
    g_ptr_array_add (self->buttons, button);
    return button;
}

static GtkWidget *
create_row (PrProfilesPage *self, PrProfile *profile)
{
    g_autofree char *facts = pr_profile_words_facts (profile);
    GtkWidget *row =
        g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", profile->name, "subtitle", facts, NULL);

    if (pr_profile_may_go (profile))
        adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_button (self, profile));
    return row;
}

static void
show_owner (PrProfilesPage *self)
{
    static const PrCheckState states[] = {
        [PR_ANSWER_UNKNOWN] = PR_CHECK_NOT_KNOWN,
        [PR_ANSWER_NO] = PR_CHECK_GOOD,
        [PR_ANSWER_YES] = PR_CHECK_WARNING,
    };
    PrAnswer managed;
    g_autofree char *owner = pr_profile_words_owner (self->phone, self->shown->profiles, &managed);

    pr_state_row_set_state (self->owner, states[managed]);
    pr_state_row_set_value (self->owner, owner);
}

/* The keyboard stays in the list when its rows are made anew. */
static void
fill_list (PrProfilesPage *self, GPtrArray *profiles)
{
    gboolean focused = gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != NULL;

    g_ptr_array_set_size (self->buttons, 0);
    gtk_list_box_remove_all (self->list);
    for (guint i = 0; i < profiles->len; i++)
        gtk_list_box_append (self->list, create_row (self, profiles->pdata[i]));
    if (focused)
        gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
show_list (PrProfilesPage *self, PrProfileList *list)
{
    gboolean anything = list->profiles->len > 0 || pr_phone_get_supervised (self->phone) == PR_ANSWER_YES;

    g_clear_pointer (&self->shown, pr_profile_list_free);
    self->shown = list;
    fill_list (self, list->profiles);
    show_owner (self);
    gtk_stack_set_visible_child_name (self->stack,
                                      anything || gtk_widget_get_visible (self->outcome) ? "list" : "empty");
}

/* What was read before stays. */
static void
show_failure (PrProfilesPage *self, const GError *error)
{
    const char *nick = get_nick (error);
    g_autoptr (PrGuide) guide = pr_guide_load (nick);

    if (self->shown) {
        show_found (self, PR_CHECK_WARNING, pr_guide_get_title (guide), pr_guide_get_summary (guide), nick);
        return;
    }
    adw_status_page_set_title (self->failed, pr_guide_get_title (guide));
    adw_status_page_set_description (self->failed, pr_guide_get_summary (guide));
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->failed_help), "s", nick);
    gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrProfilesPage) self = data;
    g_autoptr (GError) error = NULL;
    PrProfileList *list = pr_read_profiles_finish (PR_PHONE (source), result, &error);

    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the page was left */
    g_clear_object (&self->reading);
    if (list)
        show_list (self, list);
    else
        show_failure (self, error);
    update (self);
}

static void
refresh_cb (PrProfilesPage *self)
{
    if (self->reading || self->work)
        return;
    if (!self->shown)
        gtk_stack_set_visible_child_name (self->stack, "looking");
    self->reading = g_cancellable_new ();
    update (self);
    pr_read_profiles (self->phone, self->reading, read_cb, g_object_ref (self));
}

/* A phone that is back may have other profiles. */
static void
mode_cb (PrProfilesPage *self)
{
    update (self);
    if (is_there (self) && pr_phone_get_trust (self->phone) == PR_TRUST_TRUSTED)
        refresh_cb (self);
}

/* --- The object --- */

static const char *
pr_profiles_page_get_guide (PrPage *page)
{
    return "profiles";
}

static void
pr_profiles_page_constructed (GObject *object)
{
    PrProfilesPage *self = PR_PROFILES_PAGE (object);

    G_OBJECT_CLASS (pr_profiles_page_parent_class)->constructed (object);
    self->phone = g_object_ref (pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self))));
    g_signal_connect_object (self->phone, "notify::mode", G_CALLBACK (mode_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->phone, "notify::trust", G_CALLBACK (mode_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->phone, "notify::busy", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    refresh_cb (self);
}

static void
pr_profiles_page_dispose (GObject *object)
{
    PrProfilesPage *self = PR_PROFILES_PAGE (object);

    g_cancellable_cancel (self->reading);
    g_clear_object (&self->reading);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_PROFILES_PAGE);
    g_clear_object (&self->work);
    g_clear_object (&self->phone);
    g_clear_pointer (&self->buttons, g_ptr_array_unref);
    g_clear_pointer (&self->removed, pr_profile_unref);
    g_clear_pointer (&self->shown, pr_profile_list_free);
    G_OBJECT_CLASS (pr_profiles_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrProfilesPage, name)

static void
pr_profiles_page_class_init (PrProfilesPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    PR_PAGE_CLASS (klass)->is_aside = TRUE;
    G_OBJECT_CLASS (klass)->constructed = pr_profiles_page_constructed;
    G_OBJECT_CLASS (klass)->dispose = pr_profiles_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_profiles_page_get_guide;
    g_type_ensure (PR_TYPE_STATE_ROW);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-profiles-page.ui");
    CHILD (stack);
    CHILD (refresh);
    CHILD (away);
    CHILD (outcome);
    CHILD (found);
    CHILD (found_help);
    CHILD (owner);
    CHILD (list);
    CHILD (failed);
    CHILD (failed_help);
    gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
}

static void
pr_profiles_page_init (PrProfilesPage *self)
{
    self->buttons = g_ptr_array_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_profiles_page_new (PrPlan *plan)
{
    return g_object_new (PR_TYPE_PROFILES_PAGE, "plan", plan, NULL);
}
