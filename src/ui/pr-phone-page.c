// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-phone-page.h"

#include "pr-backup-tasks.h"
#include "pr-backup-words.h"
#include "pr-goal-row.h"
#include "pr-main-menu.h"
#include "pr-state-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrPhonePage {
    PrPage parent_instance;

    /* owned */
    PrPhoneList *phones;
    PrPhone *phone;
    PrPhoneMode shown_mode; /* for which the goals are shown */

    /* template */
    GtkImage *portrait;
    GtkLabel *model;
    GtkLabel *mode;
    GtkLevelBar *storage_bar;
    GtkLabel *storage;
    GtkWidget *battery_box;
    GtkImage *battery_picture;
    GtkLabel *battery;
    GtkLabel *advice;
    GtkWidget *leave;
    GtkWidget *others;
    GtkWidget *tasks;
    GtkWidget *fix;
    GtkWidget *hand_over;
    PrBackupTasks *backups;
    GtkWidget *goals_group;
    GtkListBox *goals;
    PrStateRow *trust;
    GtkButton *ask;
    PrStateRow *unreadable;
    PrStateRow *find_my;
    PrStateRow *activation_lock;
    PrStateRow *own_backup;
    PrStateRow *cloud_backup;
    PrStateRow *computer_backup;
    PrStateRow *managed;
    PrStateRow *cable;
};

typedef enum {
    PROP_PHONES = 1,
    PROP_GOALS_TITLE,
    PROP_FIND_MY_ON,
    N_PROPS,
} PrPhonePageProps;

enum { FIX, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrPhonePage, pr_phone_page, PR_TYPE_PAGE)

static void
set_row (PrStateRow *row, PrCheckState state, const char *value)
{
    pr_state_row_set_state (row, state);
    pr_state_row_set_value (row, value);
}

static gboolean
talks (PrPhonePage *self)
{
    return pr_phone_get_mode (self->phone) == PR_PHONE_MODE_NORMAL &&
           pr_phone_get_trust (self->phone) == PR_TRUST_TRUSTED;
}

static void
update_trust (PrPhonePage *self)
{
    static const struct {
        PrCheckState state;
        const char *value;
        const char *button;
    } looks[] = {
        [PR_TRUST_UNKNOWN] = { PR_CHECK_PENDING, N_ ("Asking the phone…"), NULL },
        [PR_TRUST_NEVER] = { PR_CHECK_WARNING, N_ ("Not trusted yet. Unlock the phone, then ask it."), N_ ("Ask") },
        [PR_TRUST_WAITING] = { PR_CHECK_PENDING, N_ ("Look at the phone and tap Trust."), NULL },
        [PR_TRUST_REFUSED] = { PR_CHECK_WARNING,
                               N_ ("Trust was refused on the phone. Unplug it and plug it in again, then ask."),
                               N_ ("Ask Again") },
        [PR_TRUST_LOCKED] = { PR_CHECK_WARNING, N_ ("Unlock the phone with its passcode."), N_ ("Try Again") },
        [PR_TRUST_STALE] = { PR_CHECK_WARNING, N_ ("The phone does not know it any more."), N_ ("Ask Again") },
        [PR_TRUST_TRUSTED] = { PR_CHECK_GOOD, N_ ("Trusted"), NULL },
    };
    PrTrust trust = pr_phone_get_trust (self->phone);
    const char *button = looks[trust].button;

    set_row (self->trust, looks[trust].state, _ (looks[trust].value));
    gtk_widget_set_visible (GTK_WIDGET (self->ask), button != NULL);
    if (button)
        gtk_button_set_label (self->ask, _ (button));
}

static void
update_find_my (PrPhonePage *self)
{
    PrAnswer on = pr_phone_get_find_my (self->phone);

    if (on == PR_ANSWER_NO)
        set_row (self->find_my, PR_CHECK_GOOD, _ ("Off"));
    else if (on == PR_ANSWER_YES)
        set_row (self->find_my, PR_CHECK_WARNING, _ ("On. Turn it off before you hand the phone over."));
    else
        set_row (self->find_my, PR_CHECK_NOT_KNOWN, _ ("Not known"));
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIND_MY_ON]);
}

static void
update_activation_lock (PrPhonePage *self)
{
    PrAnswer on = pr_phone_get_activation_lock (self->phone);

    if (on == PR_ANSWER_NO)
        set_row (self->activation_lock, PR_CHECK_GOOD, _ ("Off"));
    else if (on == PR_ANSWER_YES)
        set_row (self->activation_lock, PR_CHECK_WARNING, _ ("On. It asks for its Apple Account after erasing."));
    else
        set_row (self->activation_lock, PR_CHECK_NOT_KNOWN, _ ("Not known"));
}

static void
update_backup (PrStateRow *row, GDateTime *date, const char *otherwise)
{
    g_autofree char *text = date ? pr_words_date (date) : NULL;

    set_row (row, date ? PR_CHECK_GOOD : PR_CHECK_NOT_KNOWN, date ? text : otherwise);
}

/* The same run, as the phone and as we have dated it. */
#define SAME_RUN (6 * G_TIME_SPAN_HOUR)

static PrBackupLibrary *
get_library (PrPhonePage *self)
{
    return pr_plan_get_library (pr_page_get_plan (PR_PAGE (self)));
}

static void
update_own_backup (PrPhonePage *self, PrBackup *own)
{
    g_autofree char *date = own ? pr_backup_words_date (own) : NULL;
    g_autofree char *text = NULL;
    const char *state;

    pr_state_row_set_waiting (self->own_backup, own == NULL);
    if (!own) {
        pr_state_row_set_value (self->own_backup, _ ("None yet"));
        return;
    }
    pr_state_row_set_state (self->own_backup, pr_backup_words_state (own, &state));
    /* Translators: when a backup was made, and how its verification stands */
    text = g_strdup_printf (_ ("%s · %s"), date, state);
    pr_state_row_set_value (self->own_backup, text);
}

/* The phone tells when it was last backed up to any computer: only where that was not this one it is news. */
static void
update_other_backup (PrPhonePage *self, PrBackup *own)
{
    GDateTime *told = pr_phone_get_last_computer_backup (self->phone);
    GDateTime *known = own ? pr_backup_get_date (own) : NULL;
    gboolean elsewhere = told && (!known || g_date_time_difference (told, known) > SAME_RUN);
    g_autofree char *date = elsewhere ? pr_words_date (told) : NULL;
    /* Translators: a date */
    g_autofree char *text =
        date ? g_strdup_printf (_ ("%s. Whether it is good cannot be seen from here."), date) : NULL;

    gtk_widget_set_visible (GTK_WIDGET (self->computer_backup), elsewhere && talks (self));
    set_row (self->computer_backup, PR_CHECK_NOT_KNOWN, text);
}

static void
update_computer_backups (PrPhonePage *self)
{
    PrBackup *own = pr_backup_library_find (get_library (self), pr_phone_get_udid (self->phone));

    update_own_backup (self, own);
    update_other_backup (self, own);
}

static void
update_managed (PrPhonePage *self)
{
    PrAnswer managed = pr_phone_get_supervised (self->phone);
    const char *organization = pr_phone_get_organization (self->phone);

    if (managed == PR_ANSWER_NO)
        set_row (self->managed, PR_CHECK_GOOD, _ ("Nobody, as far as can be told"));
    else if (managed == PR_ANSWER_YES)
        set_row (self->managed, PR_CHECK_WARNING, organization ? organization : _ ("An organisation"));
    else
        set_row (self->managed, PR_CHECK_NOT_KNOWN, _ ("Not known"));
}

static void
update_cable (PrPhonePage *self)
{
    int hubs = pr_phone_get_hub_depth (self->phone);
    g_autofree char *text = NULL;

    if (hubs < 0) {
        set_row (self->cable, PR_CHECK_NOT_KNOWN, _ ("Not known"));
        return;
    }
    text = pr_words_hubs (self->phone);
    set_row (self->cable, hubs < 2 ? PR_CHECK_GOOD : PR_CHECK_WARNING, text);
}

static void
update_storage (PrPhonePage *self)
{
    g_autofree char *text = talks (self) ? pr_words_storage (self->phone) : NULL;
    guint64 total = pr_phone_get_storage_total (self->phone);

    gtk_widget_set_visible (GTK_WIDGET (self->storage_bar), text != NULL);
    gtk_label_set_label (self->storage, text ? text : "");
    if (text)
        gtk_level_bar_set_value (self->storage_bar, (total - pr_phone_get_storage_free (self->phone)) / (double) total);
}

static void
update_battery (PrPhonePage *self)
{
    g_autofree char *text = talks (self) ? pr_words_battery (self->phone) : NULL;
    int tenth = CLAMP (pr_phone_get_battery (self->phone), 0, 100) / 10 * 10;
    gboolean charging = pr_phone_get_charging (self->phone) == PR_ANSWER_YES;
    g_autofree char *icon = g_strdup_printf (tenth == 100 && charging ? "battery-level-100-charged-symbolic"
                                                                      : "battery-level-%d%s-symbolic",
                                             tenth, charging ? "-charging" : "");

    gtk_widget_set_visible (self->battery_box, text != NULL);
    gtk_label_set_label (self->battery, text ? text : "");
    gtk_image_set_from_icon_name (self->battery_picture, icon);
}

static const char *
get_advice (PrPhoneMode mode)
{
    switch (mode) {
    case PR_PHONE_MODE_RECOVERY:
        return _ ("It may start as usual when it leaves this mode. Nothing is lost by trying.");
    case PR_PHONE_MODE_DFU:
        return _ (
            "Its screen stays black. Hold the buttons for a forced restart to leave this mode, or install a system.");
    case PR_PHONE_MODE_RESTORE:
        return _ ("A program is installing its system, or was ended before it was done.");
    case PR_PHONE_MODE_GONE:
    case PR_PHONE_MODE_NORMAL:
    default:
        return NULL;
    }
}

static void
update_hero (PrPhonePage *self)
{
    PrPhoneMode mode = pr_phone_get_mode (self->phone);
    g_autofree char *portrait = pr_words_portrait (self->phone);
    g_autofree char *model = pr_words_model (self->phone);
    g_autofree char *mode_text = pr_words_mode (self->phone);
    const char *advice = get_advice (mode);

    gtk_image_set_from_icon_name (self->portrait, portrait);
    gtk_label_set_label (self->model, model);
    gtk_label_set_label (self->mode, mode_text ? mode_text : "");
    gtk_widget_set_visible (GTK_WIDGET (self->mode), mode_text != NULL);
    gtk_label_set_label (self->advice, advice ? advice : "");
    gtk_widget_set_visible (GTK_WIDGET (self->advice), advice != NULL);
    gtk_widget_set_visible (self->leave, mode == PR_PHONE_MODE_RECOVERY);
    update_storage (self);
    update_battery (self);
}

/* In recovery and DFU mode there is little to choose from, and it stands right here. */
static void
update_goals (PrPhonePage *self)
{
    static const PrGoal goals[] = { PR_GOAL_UPDATE, PR_GOAL_RESTORE };
    PrPhoneMode mode = pr_phone_get_mode (self->phone);
    gboolean here = mode == PR_PHONE_MODE_RECOVERY || mode == PR_PHONE_MODE_DFU;

    gtk_widget_set_visible (self->tasks, here || mode == PR_PHONE_MODE_NORMAL);
    gtk_widget_set_visible (self->goals_group, here);
    gtk_widget_set_sensitive (self->leave, !pr_phone_get_busy (self->phone));
    gtk_widget_set_sensitive (self->fix, !pr_phone_get_busy (self->phone));
    gtk_widget_set_sensitive (self->hand_over, !pr_phone_get_busy (self->phone));
    gtk_widget_set_visible (self->hand_over,
                            pr_plan_goal_is_possible (pr_page_get_plan (PR_PAGE (self)), PR_GOAL_ERASE));
    if (self->shown_mode == mode)
        return;
    self->shown_mode = mode;
    gtk_list_box_remove_all (self->goals);
    for (guint i = 0; here && i < G_N_ELEMENTS (goals); i++)
        gtk_list_box_append (self->goals, pr_goal_row_new (goals[i], self->phone));
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GOALS_TITLE]);
}

static void
update_visible_rows (PrPhonePage *self)
{
    gboolean normal = pr_phone_get_mode (self->phone) == PR_PHONE_MODE_NORMAL;
    gboolean trusted = talks (self);

    gtk_widget_set_visible (GTK_WIDGET (self->trust), normal);
    gtk_widget_set_visible (GTK_WIDGET (self->unreadable), !trusted);
    gtk_widget_set_visible (GTK_WIDGET (self->find_my), trusted);
    gtk_widget_set_visible (GTK_WIDGET (self->activation_lock), trusted);
    gtk_widget_set_visible (GTK_WIDGET (self->cloud_backup), trusted);
    gtk_widget_set_visible (GTK_WIDGET (self->own_backup), trusted);
    gtk_widget_set_visible (GTK_WIDGET (self->managed), trusted);
}

static void
update (PrPhonePage *self)
{
    update_hero (self);
    update_goals (self);
    update_visible_rows (self);
    update_trust (self);
    update_find_my (self);
    update_activation_lock (self);
    update_backup (self->cloud_backup, pr_phone_get_last_cloud_backup (self->phone),
                   pr_phone_get_cloud_backup (self->phone) == PR_ANSWER_NO ? _ ("Switched off") : _ ("Not known"));
    update_computer_backups (self);
    update_managed (self);
    update_cable (self);
}

static void
phones_changed_cb (PrPhonePage *self)
{
    gtk_widget_set_visible (self->others, g_list_model_get_n_items (G_LIST_MODEL (self->phones)) > 1);
}

static void
set_goal (PrPhonePage *self, PrGoal goal)
{
    pr_plan_set_goal (pr_page_get_plan (PR_PAGE (self)), goal);
    pr_page_answered (PR_PAGE (self));
}

static void
leave_cb (PrPhonePage *self)
{
    set_goal (self, PR_GOAL_LEAVE_RECOVERY);
}

static void
fix_cb (PrPhonePage *self)
{
    g_signal_emit (self, signals[FIX], 0);
}

static void
goal_cb (PrPhonePage *self, GtkWidget *row)
{
    set_goal (self, pr_goal_row_get_goal (row));
}

static void
ask_cb (PrPhonePage *self)
{
    pr_phone_list_refresh (self->phones, self->phone);
}

static const char *
pr_phone_page_get_guide (PrPage *page)
{
    PrPhone *phone = PR_PHONE_PAGE (page)->phone;

    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_RECOVERY || pr_phone_get_mode (phone) == PR_PHONE_MODE_DFU)
        return "recovery-mode";
    return pr_phone_get_trust (phone) == PR_TRUST_TRUSTED ? NULL : pr_error_get_nick (PR_ERROR_TRUST_PENDING);
}

static void
pr_phone_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrPhonePage *self = PR_PHONE_PAGE (object);

    switch ((PrPhonePageProps) prop_id) {
    case PROP_PHONES:
        g_value_set_object (value, self->phones);
        break;
    case PROP_GOALS_TITLE:
        g_value_set_string (value, self->shown_mode == PR_PHONE_MODE_RECOVERY ? _ ("If It Comes Back Here")
                                                                              : _ ("What Can Be Done"));
        break;
    case PROP_FIND_MY_ON:
        g_value_set_boolean (value, self->phone && pr_phone_get_find_my (self->phone) == PR_ANSWER_YES);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_phone_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_PHONES)
        PR_PHONE_PAGE (object)->phones = g_value_dup_object (value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_phone_page_constructed (GObject *object)
{
    PrPhonePage *self = PR_PHONE_PAGE (object);

    G_OBJECT_CLASS (pr_phone_page_parent_class)->constructed (object);
    self->phone = g_object_ref (pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self))));
    g_signal_connect_object (self->phone, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (get_library (self), "items-changed", G_CALLBACK (update_computer_backups), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (self->phones, "items-changed", G_CALLBACK (phones_changed_cb), self, G_CONNECT_SWAPPED);
    phones_changed_cb (self);
    pr_backup_tasks_set_phone (self->backups, self->phone, get_library (self));
    update (self);
}

static void
pr_phone_page_dispose (GObject *object)
{
    PrPhonePage *self = PR_PHONE_PAGE (object);

    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_PHONE_PAGE);
    g_clear_object (&self->phone);
    g_clear_object (&self->phones);
    G_OBJECT_CLASS (pr_phone_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrPhonePage, name)

static void
bind_template (GtkWidgetClass *widget_class)
{
    g_type_ensure (PR_TYPE_BACKUP_TASKS);
    g_type_ensure (PR_TYPE_MAIN_MENU);
    g_type_ensure (PR_TYPE_STATE_ROW);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-phone-page.ui");
    CHILD (portrait);
    CHILD (model);
    CHILD (mode);
    CHILD (storage_bar);
    CHILD (storage);
    CHILD (battery_box);
    CHILD (battery_picture);
    CHILD (battery);
    CHILD (advice);
    CHILD (leave);
    CHILD (others);
    CHILD (tasks);
    CHILD (fix);
    CHILD (hand_over);
    CHILD (backups);
    CHILD (goals_group);
    CHILD (goals);
    CHILD (trust);
    CHILD (ask);
    CHILD (unreadable);
    CHILD (find_my);
    CHILD (activation_lock);
    CHILD (own_backup);
    CHILD (cloud_backup);
    CHILD (computer_backup);
    CHILD (managed);
    CHILD (cable);
    gtk_widget_class_bind_template_callback (widget_class, leave_cb);
    gtk_widget_class_bind_template_callback (widget_class, fix_cb);
    gtk_widget_class_bind_template_callback (widget_class, goal_cb);
    gtk_widget_class_bind_template_callback (widget_class, ask_cb);
    gtk_widget_class_bind_template_callback (widget_class, set_goal);
}

static void
pr_phone_page_class_init (PrPhonePageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pr_phone_page_get_property;
    object_class->set_property = pr_phone_page_set_property;
    object_class->constructed = pr_phone_page_constructed;
    object_class->dispose = pr_phone_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_phone_page_get_guide;

    properties[PROP_PHONES] = g_param_spec_object ("phones", NULL, NULL, PR_TYPE_PHONE_LIST,
                                                   G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    properties[PROP_GOALS_TITLE] = g_param_spec_string ("goals-title", NULL, NULL, NULL, read);
    properties[PROP_FIND_MY_ON] = g_param_spec_boolean ("find-my-on", NULL, NULL, FALSE, read);
    g_object_class_install_properties (object_class, N_PROPS, properties);
    signals[FIX] = g_signal_new ("fix", PR_TYPE_PHONE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pr_phone_page_init (PrPhonePage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_phone_page_new (PrPlan *plan, PrPhoneList *phones)
{
    return g_object_new (PR_TYPE_PHONE_PAGE, "plan", plan, "phones", phones, NULL);
}
