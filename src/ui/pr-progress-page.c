// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-progress-page.h"

#include "pr-download.h"
#include "pr-operation-enums.h"
#include "pr-state-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define SHOWN_LINES 12 /* of the details, the newest */

struct _PrProgressPage {
    PrPage parent_instance;

    /* owned */
    PrOperation *operation;
    GPtrArray *rows; /* borrowed PrStateRows, one a step */
    guint clock_source;
    guint settle_source; /* until then, Stop cannot be pressed */

    gint64 step_started; /* monotonic */
    guint step;
    gboolean awake;
    PrGoal goal;

    /* template */
    AdwBanner *banner;
    GtkImage *drawing;
    GtkLabel *then;
    GtkListBox *steps;
    GtkButton *pause;
    GtkButton *stop;
    GtkLabel *zone;
};

typedef enum {
    PROP_OPERATION = 1,
    PROP_AWAKE,
    PROP_GOAL,
    N_PROPS,
} PrProgressPageProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrProgressPage, pr_progress_page, PR_TYPE_PAGE)

/* --- What the template asks for --- */

static char *
say_percent (PrProgressPage *self, double fraction)
{
    /* Translators: per cent */
    return g_strdup_printf (_ ("%d %%"), (int) (fraction * 100));
}

static char *
say_time_left (PrProgressPage *self, double seconds)
{
    return pr_words_time_left (seconds);
}

static char *
last_lines (PrProgressPage *self, const char *text, gboolean expanded)
{
    const char *start;

    if (!expanded || !text || !*text)
        return g_strdup (_ ("Nothing yet"));
    start = text + strlen (text) - 1;
    for (int lines = 0; start > text && lines < SHOWN_LINES; start--)
        lines += start[-1] == '\n';
    return g_strdup (start > text ? start + 1 : text);
}

/* --- Steps --- */

static void
create_rows (PrProgressPage *self)
{
    guint n_steps;
    const PrStep *steps = pr_operation_get_steps (self->operation, &n_steps);

    for (guint i = 0; i < n_steps; i++) {
        g_autofree char *usual = pr_words_duration (steps[i].usual);
        /* Translators: how long a step takes, "about 3 min" */
        g_autofree char *value = g_strdup_printf (_ ("about %s"), usual);
        PrStateRow *row = pr_state_row_new (_ (steps[i].title), PR_CHECK_PENDING, value);

        pr_state_row_set_waiting (row, TRUE);
        gtk_list_box_append (self->steps, GTK_WIDGET (row));
        g_ptr_array_add (self->rows, row);
    }
}

static void
show_time (PrProgressPage *self, gboolean over)
{
    double seconds = (g_get_monotonic_time () - self->step_started) / (double) G_USEC_PER_SEC;
    g_autofree char *time = pr_words_duration (seconds);
    /* Translators: how long a step has taken until now, "6 min so far" */
    g_autofree char *so_far = g_strdup_printf (_ ("%s so far"), time);

    pr_state_row_set_value (self->rows->pdata[self->step], over ? time : so_far);
}

static gboolean
clock_cb (gpointer data)
{
    show_time (data, FALSE);
    return G_SOURCE_CONTINUE;
}

/* Steps that were passed over in one leap have no time of their own. */
static void
end_steps (PrProgressPage *self, guint until)
{
    show_time (self, TRUE);
    for (guint i = self->step; i < until; i++) {
        PrStateRow *row = self->rows->pdata[i];
        gtk_widget_remove_css_class (GTK_WIDGET (row), "marked");
        if (i > self->step)
            pr_state_row_set_value (row, NULL);
        pr_state_row_set_state (row, PR_CHECK_GOOD);
        pr_state_row_set_waiting (row, FALSE);
    }
}

/* What the phone's screen shows now; what it asks for is more than what it does. */
static void
show_drawing (PrProgressPage *self)
{
    guint n_steps;
    const PrStep *now = &pr_operation_get_steps (self->operation, &n_steps)[self->step];
    g_autofree char *drawing = pr_words_drawing (now->drawing, pr_operation_get_phone (self->operation));
    PrNote note = pr_operation_get_note (self->operation);

    if (note == PR_NOTE_PASSCODE)
        gtk_image_set_from_icon_name (self->drawing, "pr-shows-passcode-symbolic");
    else if (note == PR_NOTE_TRUST)
        gtk_image_set_from_icon_name (self->drawing, "pr-shows-trust-symbolic");
    else
        gtk_image_set_from_icon_name (self->drawing, drawing);
}

static void
begin_step (PrProgressPage *self, guint step)
{
    guint n_steps;
    const PrStep *now = &pr_operation_get_steps (self->operation, &n_steps)[step];

    self->step = step;
    self->step_started = g_get_monotonic_time ();
    show_drawing (self);
    gtk_label_set_label (self->then, _ (now->then));
    pr_state_row_set_waiting (self->rows->pdata[step], FALSE);
    gtk_widget_add_css_class (self->rows->pdata[step], "marked");
    show_time (self, FALSE);
}

static void
step_changed_cb (PrProgressPage *self)
{
    guint n_steps;
    guint step = pr_operation_get_step (self->operation);
    const PrStep *steps = pr_operation_get_steps (self->operation, &n_steps);

    end_steps (self, step);
    begin_step (self, step);
    pr_page_announce (PR_PAGE (self), _ (steps[step].title));
}

/* --- What the phone needs, and what Stop means --- */

static void
note_changed_cb (PrProgressPage *self)
{
    static const char *const notes[] = {
        [PR_NOTE_NONE] = NULL,
        [PR_NOTE_TRUST] = N_ ("Look at your phone and tap Trust"),
        [PR_NOTE_PASSCODE] = N_ ("Look at your phone: it asks for its passcode"),
        [PR_NOTE_UNPLUGGED] = N_ ("The phone has left. If it does not come back by itself, check the cable."),
        [PR_NOTE_LONGER] = N_ ("This step takes longer than usual. That alone is no reason to stop."),
        [PR_NOTE_PAUSED] = N_ ("Paused. What has arrived stays."),
        [PR_NOTE_BROKE_OFF] = N_ ("The connection broke off. It is tried again by itself."),
        [PR_NOTE_ELSEWHERE] = N_ ("Another window is downloading this file. This one waits for it."),
    };
    const char *note = notes[pr_operation_get_note (self->operation)];

    /* a screen reader finds the words of a banner that is folded away */
    adw_banner_set_title (self->banner, note ? _ (note) : "");
    if (note)
        pr_page_announce (PR_PAGE (self), _ (note));
    adw_banner_set_revealed (self->banner, note != NULL);
    show_drawing (self);
}

static void
zone_changed_cb (PrProgressPage *self)
{
    static const struct {
        const char *button;
        const char *meaning;
    } zones[] = {
        [PR_STOP_AT_ONCE] = { N_ ("Stop"), N_ ("Nothing on the phone has changed yet") },
        [PR_STOP_THEN_RECOVERY] = { N_ ("Stop"),
                                    N_ ("The phone is then brought out of recovery mode. Nothing is lost.") },
        [PR_STOP_END_ANYWAY] = { N_ ("End Anyway…"),
                                 N_ ("The phone would need an update or a restore to start again") },
        [PR_STOP_NOT] = { N_ ("Stop"), N_ ("This is over soon and cannot be stopped") },
    };
    PrStop zone = pr_operation_get_stop (self->operation);
    const PrGoalWords *words = pr_words_of_goal (self->goal);
    const char *own = zone == PR_STOP_AT_ONCE ? words->untouched : zone == PR_STOP_END_ANYWAY ? words->cut : NULL;
    gboolean stopping = pr_operation_get_state (self->operation) == PR_OPERATION_STOPPING;

    gtk_button_set_label (self->stop, _ (zones[zone].button));
    gtk_widget_set_sensitive (GTK_WIDGET (self->stop),
                              zone != PR_STOP_NOT && self->settle_source == 0 &&
                                  pr_operation_get_state (self->operation) == PR_OPERATION_RUNNING);
    gtk_label_set_label (self->zone, stopping ? _ ("Stopping…") : _ (own ? own : zones[zone].meaning));
}

static void
settled_cb (gpointer data)
{
    PrProgressPage *self = data;

    self->settle_source = 0;
    zone_changed_cb (self);
}

/* Stop stands where the button was that started the work: the second click of two is not meant for it. */
static void
let_settle (PrProgressPage *self)
{
    int double_click_ms;

    g_object_get (gtk_settings_get_default (), "gtk-double-click-time", &double_click_ms, NULL);
    self->settle_source = g_timeout_add_once (double_click_ms, settled_cb, self);
}

static void
end_anyway_cb (AdwAlertDialog *dialog, const char *response, PrProgressPage *self)
{
    if (g_str_equal (response, "end"))
        pr_operation_end_anyway (self->operation);
}

static void
ask_end_anyway (PrProgressPage *self)
{
    const PrGoalWords *words = pr_words_of_goal (self->goal);
    const char *text = words->cut_text ? _ (words->cut_text)
                       : pr_plan_goal_erases (self->goal)
                           ? _ ("The phone’s system is incomplete now, and it will not start. You would have to update "
                                "or restore it later. What was erased stays erased.")
                           : _ ("The phone’s system is incomplete now, and it will not start. You would have to update "
                                "it again, which keeps your data. If that cannot be finished any more, only a restore "
                                "is left, and it erases everything.");
    AdwDialog *dialog = adw_alert_dialog_new (_ ("End It Now?"), text);

    adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "stay", _ ("_Keep Going"), "end", _ ("_End Anyway"),
                                    NULL);
    adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "end", ADW_RESPONSE_DESTRUCTIVE);
    adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "stay");
    adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "stay");
    g_signal_connect_object (dialog, "response", G_CALLBACK (end_anyway_cb), self, G_CONNECT_DEFAULT);
    g_signal_connect_object (self->operation, "notify::state", G_CALLBACK (adw_dialog_force_close), dialog,
                             G_CONNECT_SWAPPED);
    adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* A click that comes too late is answered by the operation itself: then the third zone has begun. */
static void
stop_cb (PrProgressPage *self)
{
    if (pr_operation_get_stop (self->operation) != PR_STOP_END_ANYWAY && pr_operation_cancel (self->operation))
        return;
    if (pr_operation_get_state (self->operation) == PR_OPERATION_RUNNING)
        ask_end_anyway (self);
}

/* Only a download can be paused: nothing waits at its other end. */
static void
show_pause (PrProgressPage *self)
{
    gboolean can = PR_IS_DOWNLOAD (self->operation);

    gtk_widget_set_visible (GTK_WIDGET (self->pause), can);
    if (can)
        gtk_button_set_label (self->pause,
                              pr_download_get_paused (PR_DOWNLOAD (self->operation)) ? _ ("Go On") : _ ("Pause"));
}

static void
pause_cb (PrProgressPage *self)
{
    PrDownload *download = PR_DOWNLOAD (self->operation);

    pr_download_set_paused (download, !pr_download_get_paused (download));
    show_pause (self);
}

static const char *
pr_progress_page_get_guide (PrPage *page)
{
    switch (pr_operation_get_note (PR_PROGRESS_PAGE (page)->operation)) {
    case PR_NOTE_UNPLUGGED:
        return "hub";
    case PR_NOTE_TRUST:
        return pr_error_get_nick (PR_ERROR_TRUST_PENDING);
    case PR_NOTE_PASSCODE:
        return pr_error_get_nick (PR_ERROR_LOCKED);
    case PR_NOTE_BROKE_OFF:
        return pr_error_get_nick (PR_ERROR_NO_DOWNLOAD);
    case PR_NOTE_NONE:
    case PR_NOTE_LONGER:
    case PR_NOTE_PAUSED:
    case PR_NOTE_ELSEWHERE:
    default:
        return NULL;
    }
}

static void
follow_operation (PrProgressPage *self)
{
    PrOperation *operation = self->operation;

    create_rows (self);
    begin_step (self, pr_operation_get_step (operation));
    g_signal_connect_object (operation, "notify::step", G_CALLBACK (step_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (operation, "notify::note", G_CALLBACK (note_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (operation, "notify::stop", G_CALLBACK (zone_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (operation, "notify::state", G_CALLBACK (zone_changed_cb), self, G_CONNECT_SWAPPED);
    note_changed_cb (self);
    show_pause (self);
    let_settle (self);
    zone_changed_cb (self);
    self->clock_source = g_timeout_add_seconds (1, clock_cb, self);
}

static void
pr_progress_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrProgressPage *self = PR_PROGRESS_PAGE (object);

    switch ((PrProgressPageProps) prop_id) {
    case PROP_OPERATION:
        g_value_set_object (value, self->operation);
        break;
    case PROP_AWAKE:
        g_value_set_boolean (value, self->awake);
        break;
    case PROP_GOAL:
        g_value_set_enum (value, self->goal);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_progress_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    PrProgressPage *self = PR_PROGRESS_PAGE (object);

    switch ((PrProgressPageProps) prop_id) {
    case PROP_OPERATION:
        self->operation = g_value_dup_object (value);
        break;
    case PROP_AWAKE:
        self->awake = g_value_get_boolean (value);
        break;
    case PROP_GOAL:
        self->goal = g_value_get_enum (value);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_progress_page_constructed (GObject *object)
{
    G_OBJECT_CLASS (pr_progress_page_parent_class)->constructed (object);
    follow_operation (PR_PROGRESS_PAGE (object));
}

static void
pr_progress_page_dispose (GObject *object)
{
    PrProgressPage *self = PR_PROGRESS_PAGE (object);

    g_clear_handle_id (&self->clock_source, g_source_remove);
    g_clear_handle_id (&self->settle_source, g_source_remove);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_PROGRESS_PAGE);
    g_clear_pointer (&self->rows, g_ptr_array_unref);
    g_clear_object (&self->operation);
    G_OBJECT_CLASS (pr_progress_page_parent_class)->dispose (object);
}

static void
pr_progress_page_class_init (PrProgressPageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pr_progress_page_get_property;
    object_class->set_property = pr_progress_page_set_property;
    object_class->constructed = pr_progress_page_constructed;
    object_class->dispose = pr_progress_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_progress_page_get_guide;

    properties[PROP_OPERATION] = g_param_spec_object ("operation", NULL, NULL, PR_TYPE_OPERATION, flags);
    properties[PROP_AWAKE] = g_param_spec_boolean ("awake", NULL, NULL, TRUE, flags);
    properties[PROP_GOAL] = g_param_spec_enum ("goal", NULL, NULL, PR_TYPE_GOAL, PR_GOAL_NONE, flags);
    g_object_class_install_properties (object_class, N_PROPS, properties);

    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-progress-page.ui");
    gtk_widget_class_bind_template_child (widget_class, PrProgressPage, banner);
    gtk_widget_class_bind_template_child (widget_class, PrProgressPage, drawing);
    gtk_widget_class_bind_template_child (widget_class, PrProgressPage, then);
    gtk_widget_class_bind_template_child (widget_class, PrProgressPage, steps);
    gtk_widget_class_bind_template_child (widget_class, PrProgressPage, pause);
    gtk_widget_class_bind_template_child (widget_class, PrProgressPage, stop);
    gtk_widget_class_bind_template_child (widget_class, PrProgressPage, zone);
    gtk_widget_class_bind_template_callback (widget_class, say_percent);
    gtk_widget_class_bind_template_callback (widget_class, say_time_left);
    gtk_widget_class_bind_template_callback (widget_class, last_lines);
    gtk_widget_class_bind_template_callback (widget_class, pause_cb);
    gtk_widget_class_bind_template_callback (widget_class, stop_cb);
}

static void
pr_progress_page_init (PrProgressPage *self)
{
    self->rows = g_ptr_array_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_progress_page_new (PrPlan *plan, PrOperation *operation, PrGoal goal, const char *title, gboolean awake)
{
    g_autofree char *name = pr_words_fill (pr_words_of_goal (goal)->running, title);

    return g_object_new (PR_TYPE_PROGRESS_PAGE, "plan", plan, "operation", operation, "goal", goal, "title", name,
                         "awake", awake, NULL);
}
