// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-result-page.h"

#include "pr-back-up.h"
#include "pr-erase.h"
#include "pr-failure-rows.h"
#include "pr-goal-row.h"
#include "pr-guide-view.h"
#include "pr-handover-dialog.h"
#include "pr-link-words.h"
#include "pr-reinstall.h"
#include "pr-report.h"
#include "pr-save-report.h"
#include "pr-state-row.h"
#include "pr-verdict-words.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define RETRY_AFTER 3 /* seconds */

struct _PrResultPage {
    PrPage parent_instance;

    /* owned */
    PrOperation *operation;
    GCancellable *saving;
    char *phone_title;
    char *version;        /* that was to be installed; NULL */
    PrHandover *handover; /* NULL: nobody else gets the phone */

    PrGoal goal;
    gboolean was_gone;  /* since it failed */
    guint retry_source; /* the phone is back */

    /* template */
    AdwToastOverlay *toasts;
    GtkImage *drawing;
    GtkLabel *headline;
    GtkLabel *text;
    GtkWidget *checked_group;
    GtkListBox *checked;
    GtkWidget *next_group;
    GtkListBox *next;
    GtkWidget *link;
    GtkListBox *beside;
    AdwBin *guide;
    GtkListBox *ways;
    GtkWidget *details_list;
    GtkLabel *details;
    GtkWidget *save;
    GtkWidget *close;
    GtkWidget *handover_button;
    GtkWidget *again;
};

enum { CLOSED, AGAIN, RETRY, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrResultPage, pr_result_page, PR_TYPE_PAGE)

static void
say (PrResultPage *self, const char *drawing, const char *headline, const char *text)
{
    gtk_image_set_from_icon_name (self->drawing, drawing);
    gtk_label_set_label (self->headline, headline);
    gtk_label_set_label (self->text, text);
    adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), headline);
}

/* --- Done --- */

static gboolean
is_install (PrResultPage *self)
{
    return self->goal == PR_GOAL_UPDATE || self->goal == PR_GOAL_RESTORE;
}

static void
add_finding (PrResultPage *self, PrCheckState state, const char *title, const char *value)
{
    gtk_list_box_append (self->checked, GTK_WIDGET (pr_state_row_new (title, state, value)));
    gtk_widget_set_visible (self->checked_group, TRUE);
}

static void
add_checked (PrResultPage *self, const char *title)
{
    add_finding (self, PR_CHECK_GOOD, title, NULL);
}

/* What the new backup is, and plainly what it lacks. */
static void
list_backup (PrResultPage *self)
{
    const PrBackupReport *report = pr_back_up_get_report (PR_BACK_UP (self->operation));
    g_autofree char *size = g_format_size (report->bytes);
    g_autofree char *count = g_strdup_printf ("%'" G_GUINT64_FORMAT, report->files);
    /* Translators: a number of files, and how large they are together */
    g_autofree char *all =
        g_strdup_printf (ngettext ("%s file, %s", "%s files, %s", (gulong) MIN (report->files, G_MAXULONG)), count,
                         size);

    gtk_list_box_remove_all (self->checked);
    add_finding (self, PR_CHECK_GOOD, _ ("Copied"), all);
    if (report->proven)
        add_finding (self, PR_CHECK_GOOD, _ ("Verified"), _ ("Its list opens, and every file is there with its size."));
    else
        add_finding (self, PR_CHECK_NOT_KNOWN, _ ("Whether It Opens Is Not Known"),
                     _ ("Everything that arrived is there. Its password was not tried."));
    if (report->encrypted)
        add_finding (self, PR_CHECK_GOOD, _ ("Encrypted"), _ ("Passwords and Health data are in it."));
    else
        add_finding (self, PR_CHECK_WARNING, _ ("Not Encrypted"), _ ("Passwords and Health data are not in it."));
}

/* --- Erased --- */

static PrErase *
get_erase (PrResultPage *self)
{
    return PR_ERASE (self->operation);
}

static gboolean
was_for_hand_over (PrResultPage *self)
{
    return self->goal == PR_GOAL_ERASE && pr_erase_get_hand_over (get_erase (self));
}

/* Who keeps the phone need not know whom else it would serve. */
static void
list_verdict (PrResultPage *self)
{
    const PrVerdict *verdict = pr_erase_get_verdict (get_erase (self));
    PrVerdictSign n_signs = was_for_hand_over (self) ? PR_N_VERDICT_SIGNS : PR_VERDICT_FIND_MY;

    gtk_list_box_remove_all (self->checked);
    for (PrVerdictSign sign = 0; sign < n_signs; sign++) {
        const char *value = pr_verdict_words_value (sign, verdict->good[sign]);
        if (value)
            add_finding (self, pr_verdict_words_state (verdict->good[sign]), pr_verdict_words_title (sign), value);
    }
    if (was_for_hand_over (self))
        add_finding (self, PR_CHECK_NOT_KNOWN, _ ("Not Seen from Here"),
                     _ ("An organisation that claims it at activation, a blocked number (IMEI), an unpaid contract"));
}

static void
show_guide (PrResultPage *self, PrGuide *guide)
{
    adw_bin_set_child (self->guide, g_object_new (PR_TYPE_GUIDE_VIEW, "guide", guide, "show-title", FALSE, NULL));
}

/* Erased it is; whether that is enough for somebody else, is another question. */
static void
say_verdict (PrResultPage *self)
{
    PrVerdictWords words = pr_verdict_words (pr_erase_get_verdict (get_erase (self)));
    g_autofree char *text = pr_words_fill (words.text, self->phone_title);
    g_autoptr (PrGuide) guide = words.guide ? pr_guide_load (words.guide) : NULL;

    say (self, words.drawing, _ (words.headline), text);
    if (guide)
        show_guide (self, guide);
}

/* Only what was really looked at; the phone tells its version a moment after it has started. */
static void
list_checked (PrResultPage *self)
{
    PrPhone *phone = pr_operation_get_phone (self->operation);
    g_autofree char *installed = NULL;

    if (self->goal == PR_GOAL_BACK_UP) {
        list_backup (self);
        return;
    }
    if (self->goal == PR_GOAL_ERASE) {
        list_verdict (self);
        return;
    }
    gtk_list_box_remove_all (self->checked);
    if (is_install (self))
        add_checked (self, _ ("The installer reported that it is finished"));
    if (pr_phone_get_mode (phone) != PR_PHONE_MODE_NORMAL)
        return;
    add_checked (self, _ ("It has started and answers"));
    if (!self->version || g_strcmp0 (self->version, pr_phone_get_version (phone)) != 0)
        return;
    /* Translators: "iOS 17.6.1 is installed" */
    installed = g_strdup_printf (_ ("%s %s is installed"), pr_words_system (phone), self->version);
    add_checked (self, installed);
}

static void
add_next (PrResultPage *self, const char *title, const char *subtitle, const char *guide)
{
    GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle, "use-markup", FALSE,
                                   "activatable", TRUE, NULL);

    gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.help");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", guide);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic", "accessible-role",
                                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    gtk_list_box_append (self->next, row);
    gtk_widget_set_visible (self->next_group, TRUE);
}

/* Taken down now: the phone may be gone, and somebody else's, when it is asked for. */
static void
prepare_handover (PrResultPage *self)
{
    self->handover = pr_erase_create_handover (get_erase (self));
    pr_handover_note_backup (self->handover, pr_plan_get_backup (pr_page_get_plan (PR_PAGE (self))));
    gtk_widget_set_visible (self->handover_button, TRUE);
}

static void
list_hand_over (PrResultPage *self)
{
    add_next (self, _ ("Take Out the SIM Card"),
              pr_erase_get_keep_plan (get_erase (self)) ? _ ("The phone was asked to keep its eSIM")
                                                        : _ ("The phone was asked to erase its eSIM"),
              "esim");
    add_next (self, _ ("Remove It from Your Apple Account"), _ ("The list of devices there, and iCloud.com/find"),
              "find-my");
}

static void
list_next (PrResultPage *self)
{
    gboolean greets = self->goal == PR_GOAL_RESTORE || self->goal == PR_GOAL_ERASE;

    if (was_for_hand_over (self)) {
        list_hand_over (self);
        prepare_handover (self);
        return;
    }
    if (greets)
        add_next (self, _ ("Set It Up"), _ ("As new, from a backup, or from another phone"), "after-restore");
    if (greets)
        add_next (self, _ ("Put a Backup Back"), _ ("From this computer, in the middle of the setup"),
                  "put-back-at-hello");
    if (self->goal == PR_GOAL_BACK_UP)
        add_next (self, _ ("What No Backup Holds"), _ ("Sign-in codes, cards, and what is only in iCloud"),
                  "not-in-backups");
    if (self->goal == PR_GOAL_ENCRYPT || self->goal == PR_GOAL_CHANGE_PASSWORD)
        add_next (self, _ ("Write the Password Down"), _ ("What a lost one means"), "lost-backup-password");
}

static void
show_done (PrResultPage *self)
{
    const PrGoalWords *words = pr_words_of_goal (self->goal);
    g_autofree char *text = pr_words_fill (words->done_text, self->phone_title);

    if (was_for_hand_over (self))
        say_verdict (self);
    else
        say (self, "pr-done-symbolic", _ (words->done), text);
    list_checked (self);
    g_signal_connect_object (pr_operation_get_phone (self->operation), "notify::version", G_CALLBACK (list_checked),
                             self, G_CONNECT_SWAPPED);
    list_next (self);
    gtk_widget_set_visible (self->again, FALSE);
    gtk_widget_set_visible (self->save, is_install (self) || self->goal == PR_GOAL_ERASE);
    gtk_widget_set_visible (self->details_list, is_install (self) || self->goal == PR_GOAL_ERASE);
    gtk_widget_add_css_class (self->close, "suggested-action");
}

/* --- Stopped --- */

static void
show_stopped (PrResultPage *self)
{
    const char *stopped = pr_words_of_goal (self->goal)->stopped;
    gboolean untouched = pr_operation_get_stop (self->operation) == PR_STOP_AT_ONCE;

    say (self, "pr-state-normal-symbolic", _ ("Stopped in Time"),
         stopped     ? _ (stopped)
         : untouched ? _ ("Nothing on the phone was changed.")
                     : _ ("The phone was brought out of recovery mode. Nothing on it was changed."));
}

/* --- Failed --- */

/* The mildest first, and nothing that erases. What has just failed is what Try Again is for; a phone that cannot leave
 * recovery mode has an incomplete system, which an update mends. */
static void
show_ways (PrResultPage *self)
{
    PrPhone *phone = pr_operation_get_phone (self->operation);
    gboolean in_recovery = pr_phone_get_mode (phone) == PR_PHONE_MODE_RECOVERY;

    gtk_list_box_remove_all (self->ways);
    if (in_recovery && self->goal != PR_GOAL_LEAVE_RECOVERY)
        gtk_list_box_append (self->ways, pr_goal_row_new (PR_GOAL_LEAVE_RECOVERY, phone));
    if (in_recovery && (self->goal == PR_GOAL_RESTORE || self->goal == PR_GOAL_LEAVE_RECOVERY))
        gtk_list_box_append (self->ways, pr_goal_row_new (PR_GOAL_UPDATE, phone));
    gtk_widget_set_visible (GTK_WIDGET (self->ways), in_recovery);
}

/* What the link did says more than the number with which it ended; how data and phone stand the guide still says. */
static void
explain_by_link (PrResultPage *self, const PrFinding *fault, PrGuide *guide)
{
    g_autofree char *headline = pr_link_words_title (fault);
    g_autofree char *story = pr_link_words_story (fault);
    g_autofree char *text = g_strjoin ("\n\n", story, pr_guide_get_summary (guide), NULL);

    say (self, "pr-lost-contact-symbolic", headline, text);
}

/* That the computer is a virtual one may be the cause, and is told beside what happened. */
static void
explain_by_guide (PrResultPage *self, const PrFinding *fault, PrGuide *guide)
{
    const char *drawing = pr_guide_get_drawing (guide);
    const char *cause = fault ? pr_link_words_text (fault) : NULL;
    g_autofree char *headline = cause ? pr_link_words_title (fault) : NULL;
    g_autofree char *text = cause ? g_strdup_printf ("%s\n\n%s: %s", pr_guide_get_summary (guide), headline, cause)
                                  : g_strdup (pr_guide_get_summary (guide));

    say (self, drawing ? drawing : "pr-lost-contact-symbolic", pr_guide_get_title (guide), text);
}

/* Whatever an installation ended with, another cable or port may be all that it takes; but where the link is not the
 * cause, what is comes first. A guide about the link has the same way on. */
static void
offer_link (PrResultPage *self, gboolean is_cause, PrGuide *guide)
{
    GtkWidget *above = is_cause ? self->next_group : GTK_WIDGET (self->guide);

    gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (self->link)), self->link, above);
    gtk_widget_set_visible (self->link, (is_cause || is_install (self)) && !pr_guide_get_live (guide));
}

static void
explain (PrResultPage *self, PrGuide *guide)
{
    const PrFinding *fault = pr_operation_get_link_fault (self->operation);
    gboolean is_cause = fault && fault->kind != PR_FINDING_IN_MACHINE;

    if (is_cause)
        explain_by_link (self, fault, guide);
    else
        explain_by_guide (self, fault, guide);
    offer_link (self, is_cause, guide);
}

/* What the link did may be understood only now. */
static void
explain_again (PrResultPage *self)
{
    g_autoptr (PrGuide) guide = pr_guide_load (pr_error_get_nick (pr_operation_get_error (self->operation)->code));

    explain (self, guide);
}

/* --- Once more by itself, when the phone is plugged in again --- */

static gboolean
can_retry (PrResultPage *self)
{
    return PR_IS_REINSTALL (self->operation) && pr_reinstall_can_retry (PR_REINSTALL (self->operation));
}

static gboolean
retry_cb (gpointer data)
{
    PrResultPage *self = data;

    self->retry_source = 0;
    if (can_retry (self) && pr_phone_get_mode (pr_operation_get_phone (self->operation)) == PR_PHONE_MODE_RECOVERY)
        g_signal_emit (self, signals[RETRY], 0);
    return G_SOURCE_REMOVE;
}

/* A moment after it has come: whoever still wiggles the plug is not hurried. */
static void
watch_return (PrResultPage *self)
{
    PrPhoneMode mode = pr_phone_get_mode (pr_operation_get_phone (self->operation));

    self->was_gone |= mode == PR_PHONE_MODE_GONE;
    g_clear_handle_id (&self->retry_source, g_source_remove);
    if (mode == PR_PHONE_MODE_RECOVERY && self->was_gone && can_retry (self))
        self->retry_source = g_timeout_add_seconds (RETRY_AFTER, retry_cb, self);
}

/* What there is to know beside the guide. In the first days of a release waiting comes before trying again. */
static void
show_beside (PrResultPage *self)
{
    const GError *error = pr_operation_get_error (self->operation);
    GtkWidget *wait = pr_failure_row_wait (pr_page_get_plan (PR_PAGE (self)), error, self->version);
    GtkWidget *number = pr_failure_row_number (self->operation);

    gtk_list_box_remove_all (self->beside);
    if (can_retry (self))
        gtk_list_box_append (self->beside, pr_failure_row_retry ());
    if (wait)
        gtk_list_box_append (self->beside, wait);
    if (number)
        gtk_list_box_append (self->beside, number);
    gtk_widget_set_visible (GTK_WIDGET (self->beside), wait || number || can_retry (self));
    if (!wait)
        return;
    gtk_widget_remove_css_class (self->again, "suggested-action");
    gtk_widget_add_css_class (self->close, "suggested-action");
}

static void
show_failed (PrResultPage *self)
{
    PrPhone *phone = pr_operation_get_phone (self->operation);
    g_autoptr (PrGuide) guide = pr_guide_load (pr_error_get_nick (pr_operation_get_error (self->operation)->code));

    explain (self, guide);
    g_signal_connect_object (phone, "notify::findings", G_CALLBACK (explain_again), self, G_CONNECT_SWAPPED);
    show_guide (self, guide);
    g_signal_connect_object (phone, "notify::mode", G_CALLBACK (show_ways), self, G_CONNECT_SWAPPED);
    show_ways (self);
    show_beside (self);
    watch_return (self);
    g_signal_connect_object (phone, "notify::mode", G_CALLBACK (watch_return), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (pr_page_get_plan (PR_PAGE (self)), "notify::versions", G_CALLBACK (show_beside), self,
                             G_CONNECT_SWAPPED);
}

/* The phone that can be tried again is the one that is there. */
static void
update_again (PrResultPage *self)
{
    PrPhone *phone = pr_operation_get_phone (self->operation);

    gtk_widget_set_sensitive (self->again, pr_phone_get_mode (phone) != PR_PHONE_MODE_GONE);
}

static void
show_details (PrResultPage *self)
{
    g_autofree char *report = pr_report_create (self->operation, pr_plan_goal_get_action (self->goal));

    gtk_label_set_label (self->details, report);
}

static void
show_ending (PrResultPage *self)
{
    PrOperationState state = pr_operation_get_state (self->operation);

    if (state == PR_OPERATION_SUCCEEDED)
        show_done (self);
    else if (state == PR_OPERATION_CANCELLED)
        show_stopped (self);
    else
        show_failed (self);
    show_details (self);
    /* the one that is suggested, which is to close it too where waiting helps */
    g_object_set (self, "start", gtk_widget_has_css_class (self->close, "suggested-action") ? self->close : self->again,
                  NULL);
    g_signal_connect_object (pr_operation_get_phone (self->operation), "notify::mode", G_CALLBACK (update_again), self,
                             G_CONNECT_SWAPPED);
    update_again (self);
}

/* --- What the person does --- */

static void
close_cb (PrResultPage *self)
{
    g_signal_emit (self, signals[CLOSED], 0);
}

static void
again_cb (PrResultPage *self)
{
    g_signal_emit (self, signals[AGAIN], 0, (guint) self->goal);
}

static void
handover_cb (PrResultPage *self)
{
    adw_dialog_present (pr_handover_dialog_new (self->handover), GTK_WIDGET (self));
}

static void
way_cb (PrResultPage *self, GtkWidget *row)
{
    g_signal_emit (self, signals[AGAIN], 0, (guint) pr_goal_row_get_goal (row));
}

static void
save_cb (PrResultPage *self)
{
    pr_save_report (GTK_WIDGET (self), gtk_label_get_label (self->details), self->toasts, self->saving);
}

static const char *
pr_result_page_get_guide (PrPage *page)
{
    PrResultPage *self = PR_RESULT_PAGE (page);
    const GError *error = pr_operation_get_error (self->operation);

    if (!error && self->goal == PR_GOAL_BACK_UP)
        return "backups-here";
    if (!error && was_for_hand_over (self))
        return "look-at-hello";
    if (!error)
        return self->goal == PR_GOAL_RESTORE || self->goal == PR_GOAL_ERASE ? "after-restore" : NULL;
    return error->domain == PR_ERROR ? pr_error_get_nick (error->code) : NULL;
}

static void
pr_result_page_dispose (GObject *object)
{
    PrResultPage *self = PR_RESULT_PAGE (object);

    g_clear_handle_id (&self->retry_source, g_source_remove);
    g_cancellable_cancel (self->saving);
    g_clear_object (&self->saving);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_RESULT_PAGE);
    g_clear_object (&self->operation);
    g_clear_pointer (&self->phone_title, g_free);
    g_clear_pointer (&self->version, g_free);
    g_clear_pointer (&self->handover, pr_handover_free);
    G_OBJECT_CLASS (pr_result_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrResultPage, name)

static void
pr_result_page_class_init (PrResultPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_result_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_result_page_get_guide;
    signals[CLOSED] =
        g_signal_new ("closed", PR_TYPE_RESULT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[RETRY] =
        g_signal_new ("retry", PR_TYPE_RESULT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[AGAIN] = g_signal_new ("again", PR_TYPE_RESULT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_UINT);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-result-page.ui");
    CHILD (toasts);
    CHILD (drawing);
    CHILD (headline);
    CHILD (text);
    CHILD (checked_group);
    CHILD (checked);
    CHILD (next_group);
    CHILD (next);
    CHILD (link);
    CHILD (beside);
    CHILD (guide);
    CHILD (ways);
    CHILD (details_list);
    CHILD (details);
    CHILD (save);
    CHILD (close);
    CHILD (handover_button);
    CHILD (again);
    gtk_widget_class_bind_template_callback (widget_class, close_cb);
    gtk_widget_class_bind_template_callback (widget_class, again_cb);
    gtk_widget_class_bind_template_callback (widget_class, handover_cb);
    gtk_widget_class_bind_template_callback (widget_class, way_cb);
    gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
pr_result_page_init (PrResultPage *self)
{
    self->saving = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_result_page_new (PrPlan *plan, PrOperation *operation, PrGoal goal, const char *title, const char *version)
{
    PrResultPage *self = g_object_new (PR_TYPE_RESULT_PAGE, "plan", plan, NULL);

    self->operation = g_object_ref (operation);
    self->goal = goal;
    self->phone_title = g_strdup (title);
    self->version = g_strdup (version);
    show_ending (self);
    return PR_PAGE (self);
}
