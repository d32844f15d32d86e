// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-readiness-page.h"

#include "pr-check-row.h"
#include "pr-check-words.h"
#include "pr-erase-choice.h"
#include "pr-password-dialog.h"
#include "pr-put-back-choice.h"
#include "pr-state-row.h"
#include "pr-version-choice.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrReadinessPage {
    PrPage parent_instance;

    /* owned */
    GPtrArray *good_rows; /* borrowed rows of the expander */
    GCancellable *choosing;
    PrPasswordDialog *asking; /* while what was typed there is tried; NULL */

    PrGoal goal;

    /* template */
    GtkLabel *headline;
    GtkLabel *about;
    GtkWidget *mend_group;
    GtkListBox *mend;
    GtkWidget *look_group;
    GtkListBox *look;
    AdwBin *choice;
    GtkListBox *rest;
    AdwExpanderRow *good;
    GtkWidget *other_file;
    GtkButton *next;
    GtkLabel *waits;

    guint rebuild_source;
    guint counts[PR_CHECK_NOT_KNOWN + 1];
};

enum { BACK_UP, DOWNLOAD, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrReadinessPage, pr_readiness_page, PR_TYPE_PAGE)

static PrPlan *
get_plan (PrReadinessPage *self)
{
    return pr_page_get_plan (PR_PAGE (self));
}

static PrCheck *
get_check (PrReadinessPage *self, guint position)
{
    return g_list_model_get_item (pr_plan_get_checks (get_plan (self)), position);
}

/* --- The rows --- */

static void
clear_rows (PrReadinessPage *self)
{
    gtk_list_box_remove_all (self->mend);
    gtk_list_box_remove_all (self->look);
    for (guint i = 0; i < self->good_rows->len; i++)
        adw_expander_row_remove (self->good, self->good_rows->pdata[i]);
    g_ptr_array_set_size (self->good_rows, 0);
    for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (self->rest, 1));)
        gtk_list_box_remove (self->rest, GTK_WIDGET (row));
    memset (self->counts, 0, sizeof self->counts);
}

static void
add_quiet_row (PrReadinessPage *self, PrCheck *check)
{
    g_autoptr (PrCheckWords) words = pr_check_words_new (check, get_plan (self));
    PrCheckState state = pr_check_get_state (check);
    GtkWidget *row = GTK_WIDGET (pr_state_row_new (words->title, state, words->value));

    if (state == PR_CHECK_GOOD) {
        adw_expander_row_add_row (self->good, row);
        g_ptr_array_add (self->good_rows, row);
    } else {
        gtk_list_box_append (self->rest, row);
    }
}

static void
add_row (PrReadinessPage *self, PrCheck *check)
{
    PrCheckState state = pr_check_get_state (check);

    self->counts[state]++;
    if (state == PR_CHECK_BLOCKING)
        gtk_list_box_append (self->mend, pr_check_row_new (check, get_plan (self)));
    else if (state == PR_CHECK_WARNING || state == PR_CHECK_NOT_KNOWN)
        gtk_list_box_append (self->look, pr_check_row_new (check, get_plan (self)));
    else
        add_quiet_row (self, check);
}

static void
name_good_checks (PrReadinessPage *self)
{
    g_autoptr (GString) names = g_string_new (NULL);
    guint n_good = self->counts[PR_CHECK_GOOD];
    g_autofree char *title = g_strdup_printf (ngettext ("%u Check Is Good", "%u Checks Are Good", n_good), n_good);

    for (guint i = 0; i < self->good_rows->len; i++)
        g_string_append_printf (names, "%s%s", i ? ", " : "",
                                adw_preferences_row_get_title (self->good_rows->pdata[i]));
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->good), title);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->good), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    adw_expander_row_set_subtitle (self->good, names->str);
    gtk_widget_set_visible (GTK_WIDGET (self->good), n_good > 0);
    gtk_widget_set_visible (GTK_WIDGET (self->rest), n_good + self->counts[PR_CHECK_PENDING] > 0);
}

/* --- The keyboard, which stays where it was when the rows are made anew --- */

static PrCheckRow *
find_focused_row (PrReadinessPage *self, const char **child)
{
    GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
    GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

    if (!focus || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
        return NULL;
    *child = gtk_buildable_get_buildable_id (GTK_BUILDABLE (focus));
    return PR_CHECK_ROW (gtk_widget_get_ancestor (focus, PR_TYPE_CHECK_ROW));
}

static void
focus_row_in (GtkListBox *list, PrCheckKind kind, const char *child)
{
    GtkListBoxRow *row;

    for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)); i++)
        if (pr_check_row_get_kind (PR_CHECK_ROW (row)) == kind)
            pr_check_row_focus (PR_CHECK_ROW (row), child);
}

/* --- The words around them --- */

static const PrGoalWords *
get_words (PrReadinessPage *self)
{
    return pr_words_of_goal (self->goal);
}

static char *
say_headline (PrReadinessPage *self)
{
    guint n_mend = self->counts[PR_CHECK_BLOCKING];
    guint n_look = self->counts[PR_CHECK_WARNING] + self->counts[PR_CHECK_NOT_KNOWN];

    if (n_mend == 1)
        return g_strdup (_ ("One Thing to Mend First"));
    if (n_mend > 1)
        return g_strdup_printf (ngettext ("%u Thing to Mend First", "%u Things to Mend First", n_mend), n_mend);
    if (self->counts[PR_CHECK_PENDING] > 0)
        return g_strdup (_ ("Looking at Everything First"));
    if (n_look == 1)
        return g_strdup (_ ("One Thing to Look At"));
    if (n_look > 1)
        return g_strdup_printf (ngettext ("%u Thing to Look At", "%u Things to Look At", n_look), n_look);
    return g_strdup (get_words (self)->ready ? _ (get_words (self)->ready) : _ ("Everything Is Ready"));
}

static char *
say_about (PrReadinessPage *self)
{
    PrPlan *plan = get_plan (self);
    PrPhone *phone = pr_plan_get_phone (plan);

    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_GONE)
        return g_strdup_printf (_ ("%s is not connected. Plug it in again."), pr_phone_get_title (phone));
    if (get_words (self)->about)
        return pr_words_fill (get_words (self)->about, pr_phone_get_title (phone));
    return g_strdup_printf (pr_plan_goal_erases (self->goal) ? _ ("%s will be erased. Nothing on it has changed yet.")
                                                             : _ ("Nothing on %s has changed yet."),
                            pr_phone_get_title (phone));
}

/* What Continue waits for: the first check that is not settled, what has to be mended before what has to be read. */
static char *
say_waits (PrReadinessPage *self)
{
    static const PrCheckState order[] = { PR_CHECK_BLOCKING, PR_CHECK_PENDING, PR_CHECK_WARNING, PR_CHECK_NOT_KNOWN };
    guint n_checks = g_list_model_get_n_items (pr_plan_get_checks (get_plan (self)));

    if (self->goal == PR_GOAL_ERASE && pr_plan_get_hand_over (get_plan (self)) == PR_ANSWER_UNKNOWN)
        return g_strdup (_ ("Waits for your word on who gets the phone"));
    for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
        for (guint position = 0; position < n_checks; position++) {
            g_autoptr (PrCheck) check = get_check (self, position);
            g_autoptr (PrCheckWords) words = NULL;
            if (pr_check_get_state (check) != order[i] || pr_check_is_settled (check))
                continue;
            words = pr_check_words_new (check, get_plan (self));
            return g_strdup (words->waits);
        }
    }
    if (!pr_plan_is_ready (get_plan (self)))
        return g_strdup (_ ("Waits for the phone"));
    return g_strdup (get_words (self)->question ? _ ("You are asked once more before anything happens")
                                                : _ ("This starts at once"));
}

static void
update_words (PrReadinessPage *self)
{
    g_autofree char *headline = say_headline (self);
    g_autofree char *about = say_about (self);
    g_autofree char *waits = say_waits (self);

    if (!g_str_equal (gtk_label_get_label (self->headline), headline) && gtk_widget_get_mapped (GTK_WIDGET (self)))
        pr_page_announce (PR_PAGE (self), headline);
    gtk_label_set_label (self->headline, headline);
    gtk_label_set_label (self->about, about);
    gtk_label_set_label (self->waits, waits);
    gtk_widget_set_sensitive (GTK_WIDGET (self->next), pr_plan_is_ready (get_plan (self)));
}

static void answer_password (PrReadinessPage *self);

static void
make_rows (PrReadinessPage *self)
{
    guint n_checks = g_list_model_get_n_items (pr_plan_get_checks (get_plan (self)));

    clear_rows (self);
    for (guint i = 0; i < n_checks; i++) {
        g_autoptr (PrCheck) check = get_check (self, i);
        add_row (self, check);
    }
}

static gboolean
rebuild_cb (gpointer data)
{
    PrReadinessPage *self = data;
    g_autofree char *child = NULL;
    const char *name = NULL;
    PrCheckRow *focused = find_focused_row (self, &name);
    PrCheckKind kind = focused ? pr_check_row_get_kind (focused) : PR_N_CHECKS;

    self->rebuild_source = 0;
    child = g_strdup (name); /* the rows take their names with them */
    make_rows (self);
    gtk_widget_set_visible (self->mend_group, self->counts[PR_CHECK_BLOCKING] > 0);
    gtk_widget_set_visible (self->look_group, self->counts[PR_CHECK_WARNING] + self->counts[PR_CHECK_NOT_KNOWN] > 0);
    gtk_widget_set_visible (self->other_file, pr_plan_get_file (get_plan (self)) != NULL);
    name_good_checks (self);
    update_words (self);
    answer_password (self);
    if (focused) {
        focus_row_in (self->mend, kind, child);
        focus_row_in (self->look, kind, child);
    }
    return G_SOURCE_REMOVE;
}

/* Several checks change at once when the phone comes or goes: one rebuild for all of them. */
static void
rebuild (PrReadinessPage *self)
{
    if (self->rebuild_source == 0)
        self->rebuild_source = g_idle_add_full (G_PRIORITY_DEFAULT, rebuild_cb, self, NULL);
}

static void
checks_changed_cb (PrReadinessPage *self, guint position, guint removed, guint added)
{
    for (guint i = position; i < position + added; i++) {
        g_autoptr (PrCheck) check = get_check (self, i);
        g_signal_connect_object (check, "notify::state", G_CALLBACK (rebuild), self, G_CONNECT_SWAPPED);
        g_signal_connect_object (check, "notify::accepted", G_CALLBACK (update_words), self, G_CONNECT_SWAPPED);
    }
    rebuild (self);
}

/* --- What the person does --- */

static void
next_cb (PrReadinessPage *self)
{
    pr_plan_set_readiness_passed (get_plan (self), TRUE);
    pr_page_answered (PR_PAGE (self));
}

static void
again_cb (PrReadinessPage *self)
{
    pr_plan_check_again (get_plan (self));
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrReadinessPage) self = data;
    g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);

    if (file && g_file_peek_path (file))
        pr_plan_set_file (get_plan (self), g_file_peek_path (file));
}

static void
choose_file (GtkWidget *widget, const char *action, GVariant *target)
{
    PrReadinessPage *self = PR_READINESS_PAGE (widget);
    g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
    g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

    gtk_file_filter_set_name (filter, _ ("System files (.ipsw)"));
    gtk_file_filter_add_suffix (filter, "ipsw");
    gtk_file_dialog_set_title (dialog, _ ("Choose a System File"));
    gtk_file_dialog_set_default_filter (dialog, filter);
    gtk_file_dialog_open (dialog, GTK_WINDOW (gtk_widget_get_root (widget)), self->choosing, file_chosen_cb,
                          g_object_ref (self));
}

/* --- The password --- */

/* Both kinds of check are looked into with it; that one of them still says something else is not the password's fault.
 */
static gboolean
is_refused (PrReadinessPage *self, gboolean *pending)
{
    guint n_checks = g_list_model_get_n_items (pr_plan_get_checks (get_plan (self)));
    gboolean refused = FALSE;

    *pending = FALSE;
    for (guint i = 0; i < n_checks; i++) {
        g_autoptr (PrCheck) check = get_check (self, i);
        PrCheckKind kind = pr_check_get_kind (check);
        if (kind != PR_CHECK_PASSWORD && kind != PR_CHECK_BACKUP)
            continue;
        *pending |= pr_check_get_state (check) == PR_CHECK_PENDING;
        refused |= g_error_matches (pr_check_get_error (check), PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    }
    return refused;
}

static void
answer_password (PrReadinessPage *self)
{
    gboolean pending;
    gboolean refused = is_refused (self, &pending);

    if (!self->asking || pending)
        return;
    if (refused)
        pr_password_dialog_refuse (self->asking, _ ("That is not the password of the backups."));
    else
        pr_password_dialog_accept (self->asking);
}

static void
entered_cb (PrReadinessPage *self, const char *password)
{
    pr_plan_try_password (get_plan (self), password);
    answer_password (self);
}

static void
asked_cb (PrReadinessPage *self)
{
    g_clear_object (&self->asking);
}

static void
enter_password (GtkWidget *widget, const char *action, GVariant *target)
{
    PrReadinessPage *self = PR_READINESS_PAGE (widget);
    PrBackup *backup = pr_plan_get_backup (get_plan (self));
    const char *udid = backup ? pr_backup_get_udid (backup) : pr_phone_get_udid (pr_plan_get_phone (get_plan (self)));

    g_clear_object (&self->asking);
    self->asking = g_object_ref_sink (pr_password_dialog_new (PR_PASSWORD_OPEN, udid));
    g_signal_connect_object (self->asking, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->asking, "closed", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
    adw_dialog_present (ADW_DIALOG (self->asking), widget);
}

/* Another goal: the page of this one goes. */
static void
back_up_first (GtkWidget *widget, const char *action, GVariant *target)
{
    g_signal_emit (widget, signals[BACK_UP], 0);
}

static void
download (GtkWidget *widget, const char *action, GVariant *target)
{
    g_signal_emit (widget, signals[DOWNLOAD], 0);
}

/* What is chosen before the checks say what they think of it. */
static void
make_choice (PrReadinessPage *self)
{
    if (self->goal == PR_GOAL_PUT_BACK)
        adw_bin_set_child (self->choice, pr_put_back_choice_new (get_plan (self)));
    else if (self->goal == PR_GOAL_ERASE)
        adw_bin_set_child (self->choice, pr_erase_choice_new (get_plan (self)));
    else if (self->goal == PR_GOAL_UPDATE || self->goal == PR_GOAL_RESTORE)
        adw_bin_set_child (self->choice, pr_version_choice_new (get_plan (self)));
    gtk_widget_set_visible (GTK_WIDGET (self->choice), adw_bin_get_child (self->choice) != NULL);
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
    const char *path = g_file_peek_path (g_value_get_object (value));

    if (!path)
        return FALSE;
    pr_plan_set_file (get_plan (data), path);
    return TRUE;
}

static const char *
pr_readiness_page_get_guide (PrPage *page)
{
    return PR_READINESS_PAGE (page)->goal == PR_GOAL_BACK_UP ? "backups-here" : "before-you-start";
}

static void
follow_plan (PrReadinessPage *self)
{
    PrPlan *plan = get_plan (self);
    GListModel *checks = pr_plan_get_checks (plan);

    g_signal_connect_object (checks, "items-changed", G_CALLBACK (checks_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (plan, "notify::ready", G_CALLBACK (update_words), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (plan, "notify::hand-over", G_CALLBACK (rebuild), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (plan, "notify::file", G_CALLBACK (rebuild), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (plan, "notify::versions", G_CALLBACK (rebuild), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (pr_plan_get_phone (plan), "notify::mode", G_CALLBACK (update_words), self,
                             G_CONNECT_SWAPPED);
    checks_changed_cb (self, 0, 0, g_list_model_get_n_items (checks));
    g_clear_handle_id (&self->rebuild_source, g_source_remove);
    rebuild_cb (self);
}

static void
pr_readiness_page_constructed (GObject *object)
{
    PrReadinessPage *self = PR_READINESS_PAGE (object);
    GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

    G_OBJECT_CLASS (pr_readiness_page_parent_class)->constructed (object);
    self->goal = pr_plan_get_goal (get_plan (self));
    adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _ (get_words (self)->before));
    if (!get_words (self)->question)
        gtk_button_set_label (self->next, _ (get_words (self)->button ? get_words (self)->button : N_ ("Continue")));
    make_choice (self);
    g_signal_connect (drop, "drop", G_CALLBACK (dropped_cb), self);
    gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
    follow_plan (self);
}

static void
pr_readiness_page_dispose (GObject *object)
{
    PrReadinessPage *self = PR_READINESS_PAGE (object);

    g_clear_handle_id (&self->rebuild_source, g_source_remove);
    g_cancellable_cancel (self->choosing);
    g_clear_object (&self->choosing);
    g_clear_object (&self->asking);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_READINESS_PAGE);
    G_OBJECT_CLASS (pr_readiness_page_parent_class)->dispose (object);
}

static void
pr_readiness_page_finalize (GObject *object)
{
    g_ptr_array_unref (PR_READINESS_PAGE (object)->good_rows);
    G_OBJECT_CLASS (pr_readiness_page_parent_class)->finalize (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrReadinessPage, name)

static void
bind_template (GtkWidgetClass *widget_class)
{
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-readiness-page.ui");
    CHILD (headline);
    CHILD (about);
    CHILD (mend_group);
    CHILD (mend);
    CHILD (look_group);
    CHILD (look);
    CHILD (choice);
    CHILD (rest);
    CHILD (good);
    CHILD (other_file);
    CHILD (next);
    CHILD (waits);
    gtk_widget_class_bind_template_callback (widget_class, next_cb);
    gtk_widget_class_bind_template_callback (widget_class, again_cb);
    gtk_widget_class_install_action (widget_class, "readiness.choose-file", NULL, choose_file);
    gtk_widget_class_install_action (widget_class, "readiness.enter-password", NULL, enter_password);
    gtk_widget_class_install_action (widget_class, "readiness.back-up", NULL, back_up_first);
    gtk_widget_class_install_action (widget_class, "readiness.download", NULL, download);
}

static void
pr_readiness_page_class_init (PrReadinessPageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);

    object_class->constructed = pr_readiness_page_constructed;
    object_class->dispose = pr_readiness_page_dispose;
    object_class->finalize = pr_readiness_page_finalize;
    PR_PAGE_CLASS (klass)->get_guide = pr_readiness_page_get_guide;
    signals[BACK_UP] =
        g_signal_new ("back-up", PR_TYPE_READINESS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[DOWNLOAD] =
        g_signal_new ("download", PR_TYPE_READINESS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pr_readiness_page_init (PrReadinessPage *self)
{
    self->good_rows = g_ptr_array_new ();
    self->choosing = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_readiness_page_new (PrPlan *plan)
{
    return g_object_new (PR_TYPE_READINESS_PAGE, "plan", plan, NULL);
}
