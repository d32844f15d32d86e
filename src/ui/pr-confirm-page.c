// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-confirm-page.h"

#include "pr-backup-words.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrConfirmPage {
    PrPage parent_instance;

    char *expected; /* owned: what has to be typed */
    char *file;     /* owned: the system file or the backup that was on the page */
    PrGoal goal;
    guint64 ecid;
    gboolean answered;

    /* template */
    GtkImage *portrait;
    GtkLabel *headline;
    GtkLabel *which;
    GtkBox *lost_lines;
    GtkBox *stays_lines;
    GtkLabel *what;
    GtkWidget *esim;
    GtkCheckButton *keep_esim;
    GtkCheckButton *erase_esim;
    AdwPreferencesRow *consent;
    GtkCheckButton *owns;
    AdwEntryRow *entry;
    GtkWidget *matches;
    GtkButton *button;
    GtkLabel *waits;
};

G_DEFINE_FINAL_TYPE (PrConfirmPage, pr_confirm_page, PR_TYPE_PAGE)

static PrPlan *
get_plan (PrConfirmPage *self)
{
    return pr_page_get_plan (PR_PAGE (self));
}

static gboolean
typed_matches (PrConfirmPage *self)
{
    return pr_confirmation_matches (self->expected, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

/* What is still missing; NULL when it can start. */
static const char *
say_waits (PrConfirmPage *self)
{
    PrPlan *plan = get_plan (self);

    if (pr_phone_get_mode (pr_plan_get_phone (plan)) == PR_PHONE_MODE_GONE)
        return _ ("The phone is not connected. Plug it in again.");
    if (pr_plan_get_next_question (plan) != PR_QUESTION_CONFIRM ||
        g_strcmp0 (pr_plan_get_confirmed_file (plan), self->file) != 0)
        return _ ("Something has changed. Go back and look at the checks again.");
    if (self->goal == PR_GOAL_ERASE && pr_plan_get_keep_esim (plan) == PR_ANSWER_UNKNOWN)
        return _ ("Waits for your word on the eSIM");
    if (!gtk_check_button_get_active (self->owns))
        return _ ("Waits for your word that you may do this");
    if (!typed_matches (self))
        return _ ("Waits for what is asked for above");
    return NULL;
}

static void
update (PrConfirmPage *self)
{
    const char *waits;

    if (!self->expected)
        return; /* the template is still being filled */
    waits = say_waits (self);
    gtk_widget_set_visible (self->matches, typed_matches (self));
    gtk_widget_set_sensitive (GTK_WIDGET (self->button), waits == NULL && !self->answered);
    gtk_label_set_label (self->waits, waits ? waits : _ ("This starts at once"));
}

/* Nothing is chosen at the start. A phone that was told nothing would erase it. */
static void
esim_cb (PrConfirmPage *self)
{
    if (gtk_check_button_get_active (self->keep_esim))
        pr_plan_set_keep_esim (get_plan (self), PR_ANSWER_YES);
    else if (gtk_check_button_get_active (self->erase_esim))
        pr_plan_set_keep_esim (get_plan (self), PR_ANSWER_NO);
    update (self);
}

/* A second press of Enter or of the button finds the first one's answer. */
static void
start_cb (PrConfirmPage *self)
{
    PrPlan *plan = get_plan (self);
    PrConfirmation *confirmation;

    if (self->answered || say_waits (self))
        return;
    confirmation = pr_confirmation_new (self->ecid, pr_plan_goal_get_action (self->goal), self->file, self->expected,
                                        gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                                        gtk_check_button_get_active (self->owns));
    if (!confirmation)
        return;
    self->answered = TRUE;
    pr_plan_take_confirmation (plan, confirmation);
    pr_page_answered (PR_PAGE (self));
}

static void
add_line (GtkBox *box, const char *text)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_box_append (box, label);
}

static void
fill_cards (PrConfirmPage *self, const PrGoalWords *words)
{
    for (guint i = 0; i < G_N_ELEMENTS (words->gone) && words->gone[i]; i++)
        add_line (self->lost_lines, _ (words->gone[i]));
    if (words->gone_if_same && pr_plan_get_same_phone (get_plan (self)))
        add_line (self->lost_lines, _ (words->gone_if_same));
    for (guint i = 0; i < G_N_ELEMENTS (words->stays) && words->stays[i]; i++)
        add_line (self->stays_lines, _ (words->stays[i]));
}

static void
say_which (PrConfirmPage *self, PrPhone *phone)
{
    const char *model = pr_phone_get_model_name (phone);
    g_autofree char *serial = pr_words_end_of_serial (phone);
    g_autofree char *text = g_strjoin (", ", model ? model : pr_words_kind (phone), serial, NULL);

    gtk_label_set_label (self->which, text);
}

static char *
describe_what (PrConfirmPage *self, PrPhone *phone)
{
    PrPlan *plan = get_plan (self);
    PrBackup *backup = pr_plan_get_backup (plan);
    g_autofree char *name = NULL;
    g_autofree char *date = NULL;

    if (self->goal != PR_GOAL_PUT_BACK)
        /* Translators: "iOS 17.6.1 will be installed." */
        return g_strdup_printf (_ ("%s %s will be installed."), pr_words_system (phone),
                                pr_plan_get_file_version (plan));
    name = pr_backup_words_phone (backup);
    date = pr_backup_words_date (backup);
    /* Translators: the name of a phone, and a date */
    return g_strdup_printf (_ ("The backup of %s will be put back: %s."), name, date);
}

static void
say_what (PrConfirmPage *self, PrPhone *phone)
{
    g_autofree char *text = self->goal != PR_GOAL_ERASE ? describe_what (self, phone) : NULL;

    gtk_label_set_label (self->what, text ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (self->what), text != NULL);
    gtk_widget_set_visible (self->esim, self->goal == PR_GOAL_ERASE);
}

static void
fill (PrConfirmPage *self)
{
    const PrGoalWords *words = pr_words_of_goal (self->goal);
    PrPhone *phone = pr_plan_get_phone (get_plan (self));
    g_autofree char *question = pr_words_fill (words->question, pr_phone_get_title (phone));
    g_autofree char *portrait = pr_words_portrait (phone);
    g_autofree char *request = NULL;

    self->expected = pr_words_identity (phone, &request);
    adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), question);
    gtk_label_set_label (self->headline, question);
    gtk_image_set_from_icon_name (self->portrait, portrait);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry), request);
    adw_preferences_row_set_title (self->consent, _ (words->consent));
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->owns), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (words->consent), -1);
    gtk_button_set_label (self->button, _ (words->button));
    gtk_widget_add_css_class (GTK_WIDGET (self->button), words->destroys ? "destructive-action" : "suggested-action");
    fill_cards (self, words);
    say_which (self, phone);
    say_what (self, phone);
}

static const char *
pr_confirm_page_get_guide (PrPage *page)
{
    return "before-you-start";
}

static void
pr_confirm_page_constructed (GObject *object)
{
    PrConfirmPage *self = PR_CONFIRM_PAGE (object);
    PrPlan *plan = get_plan (self);
    PrPhone *phone = pr_plan_get_phone (plan);

    G_OBJECT_CLASS (pr_confirm_page_parent_class)->constructed (object);
    self->goal = pr_plan_get_goal (plan);
    self->ecid = pr_phone_get_ecid (phone);
    self->file = g_strdup (pr_plan_get_confirmed_file (plan));
    fill (self);
    g_signal_connect_object (plan, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (phone, "notify::mode", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    update (self);
}

static void
pr_confirm_page_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_CONFIRM_PAGE);
    G_OBJECT_CLASS (pr_confirm_page_parent_class)->dispose (object);
}

static void
pr_confirm_page_finalize (GObject *object)
{
    PrConfirmPage *self = PR_CONFIRM_PAGE (object);

    g_free (self->expected);
    g_free (self->file);
    G_OBJECT_CLASS (pr_confirm_page_parent_class)->finalize (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrConfirmPage, name)

static void
pr_confirm_page_class_init (PrConfirmPageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->constructed = pr_confirm_page_constructed;
    object_class->dispose = pr_confirm_page_dispose;
    object_class->finalize = pr_confirm_page_finalize;
    PR_PAGE_CLASS (klass)->get_guide = pr_confirm_page_get_guide;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-confirm-page.ui");
    CHILD (portrait);
    CHILD (headline);
    CHILD (which);
    CHILD (lost_lines);
    CHILD (stays_lines);
    CHILD (what);
    CHILD (esim);
    CHILD (keep_esim);
    CHILD (erase_esim);
    CHILD (consent);
    CHILD (owns);
    CHILD (entry);
    CHILD (matches);
    CHILD (button);
    CHILD (waits);
    gtk_widget_class_bind_template_callback (widget_class, update);
    gtk_widget_class_bind_template_callback (widget_class, start_cb);
    gtk_widget_class_bind_template_callback (widget_class, esim_cb);
}

static void
pr_confirm_page_init (PrConfirmPage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_confirm_page_new (PrPlan *plan)
{
    return g_object_new (PR_TYPE_CONFIRM_PAGE, "plan", plan, NULL);
}
