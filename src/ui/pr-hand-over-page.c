// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-hand-over-page.h"

#include "pr-backup-words.h"
#include "pr-state-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define TICKED "pr-hand-over-ticked"

struct _PrHandOverPage {
    PrPage parent_instance;

    PrPhone *phone; /* owned */

    /* template */
    GtkLabel *which;
    GtkCheckButton *watch;
    GtkCheckButton *codes;
    GtkCheckButton *signed_out;
    PrStateRow *backup;
    PrStateRow *find_my;
    PrStateRow *managed;
    GtkWidget *erase;
};

G_DEFINE_FINAL_TYPE (PrHandOverPage, pr_hand_over_page, PR_TYPE_PAGE)

static PrPlan *
get_plan (PrHandOverPage *self)
{
    return pr_page_get_plan (PR_PAGE (self));
}

static void
set_row (PrStateRow *row, PrCheckState state, const char *value)
{
    pr_state_row_set_state (row, state);
    pr_state_row_set_value (row, value);
}

/* --- What this computer sees --- */

/* The better of the one here, if it was looked into, and the one in iCloud. */
static void
update_backup (PrHandOverPage *self)
{
    PrBackup *own = pr_backup_library_find (pr_plan_get_library (get_plan (self)), pr_phone_get_udid (self->phone));
    GDateTime *cloud = pr_phone_get_last_cloud_backup (self->phone);
    gboolean here = own && pr_backup_get_health (own) == PR_BACKUP_HEALTH_GOOD && pr_backup_get_date (own) &&
                    pr_check_is_fresh (pr_backup_get_date (own));
    g_autofree char *date = here ? pr_backup_words_date (own) : cloud ? pr_words_date (cloud) : NULL;
    /* Translators: a date */
    g_autofree char *text =
        date ? g_strdup_printf (here ? _ ("On this computer, %s") : _ ("In iCloud, %s"), date) : NULL;

    if (here || pr_check_is_fresh (cloud))
        set_row (self->backup, PR_CHECK_GOOD, text);
    else
        set_row (self->backup, PR_CHECK_WARNING, text ? text : _ ("None that is known to be good. Back up now."));
    gtk_widget_set_sensitive (GTK_WIDGET (self->backup), pr_plan_goal_is_possible (get_plan (self), PR_GOAL_BACK_UP));
}

static void
update_find_my (PrHandOverPage *self)
{
    PrCheckState state = pr_check_judge_phone (PR_CHECK_FIND_MY, self->phone, TRUE, NULL);

    set_row (self->find_my, state,
             state == PR_CHECK_GOOD      ? _ ("Off")
             : state == PR_CHECK_WARNING ? _ ("On. Nobody else could use the phone.")
                                         : _ ("Not known. The phone itself shows it."));
}

static void
update_managed (PrHandOverPage *self)
{
    PrCheckState state = pr_check_judge_phone (PR_CHECK_SUPERVISION, self->phone, TRUE, NULL);
    const char *organization = pr_phone_get_organization (self->phone);

    if (state == PR_CHECK_WARNING)
        set_row (self->managed, PR_CHECK_BLOCKING, organization ? organization : _ ("An organisation"));
    else
        set_row (self->managed, state, state == PR_CHECK_GOOD ? _ ("Nobody") : _ ("Not known"));
}

static void
update (PrHandOverPage *self)
{
    update_backup (self);
    update_find_my (self);
    update_managed (self);
    gtk_widget_set_sensitive (self->erase, !pr_phone_get_busy (self->phone) &&
                                               pr_plan_goal_is_possible (get_plan (self), PR_GOAL_ERASE));
}

/* --- What only the person sees --- */

static void
ticked_cb (PrHandOverPage *self)
{
    guint ticked;

    if (!self->phone)
        return; /* the template is still being filled */
    ticked = (guint) gtk_check_button_get_active (self->watch) |
             (guint) gtk_check_button_get_active (self->codes) << 1 |
             (guint) gtk_check_button_get_active (self->signed_out) << 2;
    g_object_set_data (G_OBJECT (self->phone), TICKED, GUINT_TO_POINTER (ticked));
}

static void
show_ticked (PrHandOverPage *self, guint ticked)
{
    gtk_check_button_set_active (self->watch, ticked & 1);
    gtk_check_button_set_active (self->codes, (ticked & 2) != 0);
    gtk_check_button_set_active (self->signed_out, (ticked & 4) != 0);
}

/* --- What the person does --- */

static void
back_up_cb (PrHandOverPage *self)
{
    pr_plan_set_goal (get_plan (self), PR_GOAL_BACK_UP);
    pr_page_answered (PR_PAGE (self));
}

static void
erase_cb (PrHandOverPage *self)
{
    pr_plan_set_goal (get_plan (self), PR_GOAL_ERASE);
    pr_plan_set_hand_over (get_plan (self), PR_ANSWER_YES);
    pr_page_answered (PR_PAGE (self));
}

static const char *
pr_hand_over_page_get_guide (PrPage *page)
{
    return "erase-all";
}

static void
pr_hand_over_page_constructed (GObject *object)
{
    PrHandOverPage *self = PR_HAND_OVER_PAGE (object);
    PrPhone *phone = pr_plan_get_phone (get_plan (self));

    G_OBJECT_CLASS (pr_hand_over_page_parent_class)->constructed (object);
    show_ticked (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (phone), TICKED)));
    self->phone = g_object_ref (phone);
    gtk_label_set_label (self->which, pr_phone_get_title (phone));
    g_signal_connect_object (phone, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (pr_plan_get_library (get_plan (self)), "items-changed", G_CALLBACK (update_backup), self,
                             G_CONNECT_SWAPPED);
    update (self);
}

static void
pr_hand_over_page_dispose (GObject *object)
{
    PrHandOverPage *self = PR_HAND_OVER_PAGE (object);

    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_HAND_OVER_PAGE);
    g_clear_object (&self->phone);
    G_OBJECT_CLASS (pr_hand_over_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrHandOverPage, name)

static void
pr_hand_over_page_class_init (PrHandOverPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = pr_hand_over_page_constructed;
    G_OBJECT_CLASS (klass)->dispose = pr_hand_over_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_hand_over_page_get_guide;
    g_type_ensure (PR_TYPE_STATE_ROW);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-hand-over-page.ui");
    CHILD (which);
    CHILD (watch);
    CHILD (codes);
    CHILD (signed_out);
    CHILD (backup);
    CHILD (find_my);
    CHILD (managed);
    CHILD (erase);
    gtk_widget_class_bind_template_callback (widget_class, ticked_cb);
    gtk_widget_class_bind_template_callback (widget_class, back_up_cb);
    gtk_widget_class_bind_template_callback (widget_class, erase_cb);
}

static void
pr_hand_over_page_init (PrHandOverPage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_hand_over_page_new (PrPlan *plan)
{
    return g_object_new (PR_TYPE_HAND_OVER_PAGE, "plan", plan, NULL);
}
