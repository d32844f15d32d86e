// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-compare-page.h"

#include "pr-plan-advice.h"
#include "pr-way-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define N_GROUPS (PR_WAYS_BRING_BACK + 1)

struct _PrComparePage {
    PrPage parent_instance;

    PrSymptom symptom;
    PrTried tried;
    gboolean narrow;
    PrWay recommended;                       /* PR_N_WAYS: none */
    GtkSizeGroup *columns[PR_N_WAY_COLUMNS]; /* owned */

    /* borrowed */
    GtkWidget *heads[N_GROUPS];
    GtkListBox *lists[N_GROUPS];
    PrWayRow *rows[PR_N_WAYS];

    /* template */
    GtkLabel *elsewhere;
    GtkBox *ways;
    AdwPreferencesGroup *questions;
};

typedef enum {
    PROP_NARROW = 1,
    N_PROPS,
} PrComparePageProps;

enum { FOLLOW, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrComparePage, pr_compare_page, PR_TYPE_PAGE)

static PrPlan *
get_plan (PrComparePage *self)
{
    return pr_page_get_plan (PR_PAGE (self));
}

/* --- What is recommended --- */

static gboolean
find_advice (PrComparePage *self, PrAdvice *advice)
{
    PrSymptom symptom = self->symptom;

    pr_plan_guess_symptom (pr_plan_get_phone (get_plan (self)), &symptom);
    if (symptom >= PR_N_SYMPTOMS || pr_symptom_is_windows (symptom))
        return FALSE;
    *advice = pr_plan_get_advice (get_plan (self), symptom, self->tried);
    return TRUE;
}

/* What is milder than all of these, or stronger, has no row here. */
static void
show_elsewhere (PrComparePage *self, PrRemedy remedy)
{
    g_autofree char *text = NULL;

    gtk_widget_set_visible (GTK_WIDGET (self->elsewhere), remedy != PR_REMEDY_NONE);
    if (remedy == PR_REMEDY_NONE)
        return;
    /* Translators: the name of a remedy, such as "Charge It" */
    text = g_strdup_printf (_ ("Recommended now is none of these: %s."), _ (pr_remedy_get_facts (remedy)->title));
    gtk_label_set_label (self->elsewhere, text);
}

static void
recommend (PrComparePage *self)
{
    PrAdvice advice = { .remedy = PR_REMEDY_NONE };
    PrWay way = PR_N_WAYS;
    gboolean here = find_advice (self, &advice) && pr_way_of_remedy (advice.remedy, &way);

    show_elsewhere (self, here ? PR_REMEDY_NONE : advice.remedy);
    if (way == self->recommended)
        return;
    if (self->recommended < PR_N_WAYS)
        pr_way_row_recommend (self->rows[self->recommended], NULL);
    if (way < PR_N_WAYS)
        pr_way_row_recommend (self->rows[way], _ (advice.reason));
    self->recommended = way;
}

static void
update (PrComparePage *self)
{
    if (!self->rows[0])
        return;
    recommend (self);
    for (PrWay way = 0; way < PR_N_WAYS; way++)
        pr_way_row_update (self->rows[way]);
}

/* --- The table --- */

static void
follow_cb (PrComparePage *self, PrWayRow *row)
{
    g_signal_emit (self, signals[FOLLOW], 0, pr_way_get_facts (pr_way_row_get_way (row))->remedy);
}

static void
add_head (PrComparePage *self, GtkWidget *head, const char *text, GtkSizeGroup *column)
{
    GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "valign", GTK_ALIGN_END, NULL);

    gtk_widget_add_css_class (label, "caption");
    gtk_widget_add_css_class (label, "dimmed");
    gtk_size_group_add_widget (column, label);
    gtk_box_append (GTK_BOX (head), label);
}

/* The heads of the columns stand beside the heading of their group; each line says them itself to who hears it. */
static GtkWidget *
create_heads (PrComparePage *self)
{
    PrPhone *phone = pr_plan_get_phone (get_plan (self));
    const char *texts[PR_N_WAY_COLUMNS] = { _ ("Photos and apps"), _ ("Settings"),
                                            phone ? pr_words_system (phone) : _ ("System"), _ ("Time"), _ ("Needs") };
    /* the arrow and the margin of the lines */
    GtkWidget *heads = g_object_new (GTK_TYPE_BOX, "spacing", 18, "margin-end", 51, "halign", GTK_ALIGN_END, NULL);

    for (int i = 0; i < PR_N_WAY_COLUMNS; i++)
        add_head (self, heads, texts[i], self->columns[i]);
    return heads;
}

static void
row_activated_cb (PrComparePage *self, PrWayRow *row)
{
    pr_way_row_toggle (row);
}

static GtkWidget *
create_list (PrComparePage *self, const char *title)
{
    GtkWidget *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);

    gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    gtk_widget_add_css_class (list, "boxed-list");
    g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
    return list;
}

static void
add_group (PrComparePage *self, PrWayGroup group, const char *title)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *heading = g_object_new (GTK_TYPE_LABEL, "label", title, "xalign", 0.0, "hexpand", TRUE, "wrap", TRUE,
                                       "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);

    gtk_widget_add_css_class (heading, "heading");
    self->heads[group] = create_heads (self);
    self->lists[group] = GTK_LIST_BOX (create_list (self, title));
    gtk_box_append (GTK_BOX (line), heading);
    gtk_box_append (GTK_BOX (line), self->heads[group]);
    gtk_box_append (GTK_BOX (box), line);
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lists[group]));
    gtk_box_append (self->ways, box);
}

static void
add_ways (PrComparePage *self)
{
    add_group (self, PR_WAYS_KEEP, _ ("Keeps Your Data"));
    add_group (self, PR_WAYS_ERASE, _ ("Erases Everything"));
    add_group (self, PR_WAYS_BRING_BACK, _ ("Brings Data Back"));
    for (PrWay way = 0; way < PR_N_WAYS; way++) {
        self->rows[way] = pr_way_row_new (get_plan (self), way, self->columns);
        gtk_list_box_append (self->lists[pr_way_get_facts (way)->group], GTK_WIDGET (self->rows[way]));
        g_signal_connect_object (self->rows[way], "follow", G_CALLBACK (follow_cb), self, G_CONNECT_SWAPPED);
    }
    g_object_set (self, "start", self->rows[0], NULL);
}

static void
show_shape (PrComparePage *self)
{
    for (int group = 0; group < N_GROUPS; group++) {
        GtkWidget *list = GTK_WIDGET (self->lists[group]);

        gtk_widget_set_visible (self->heads[group], !self->narrow);
        gtk_widget_remove_css_class (list, self->narrow ? "boxed-list" : "boxed-list-separate");
        gtk_widget_add_css_class (list, self->narrow ? "boxed-list-separate" : "boxed-list");
    }
    for (PrWay way = 0; way < PR_N_WAYS; way++)
        pr_way_row_set_narrow (self->rows[way], self->narrow);
}

/* --- The questions --- */

static void
add_question (PrComparePage *self, const PrCompareQuestion *question, gboolean first)
{
    GtkWidget *row = g_object_new (ADW_TYPE_EXPANDER_ROW, "title", _ (question->question), "use-markup", FALSE,
                                   "expanded", first, NULL);
    GtkWidget *answer = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ (question->answer), "use-markup", FALSE, NULL);
    GtkWidget *more = g_object_new (GTK_TYPE_BUTTON, "icon-name", "help-about-symbolic", "valign", GTK_ALIGN_CENTER,
                                    "tooltip-text", _ ("Show More"), NULL);

    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (question->question), -1);
    gtk_widget_add_css_class (more, "flat");
    gtk_widget_add_css_class (more, "circular");
    gtk_actionable_set_action_name (GTK_ACTIONABLE (more), "win.help");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (more), "s", question->guide);
    adw_action_row_add_suffix (ADW_ACTION_ROW (answer), more);
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row), answer);
    adw_preferences_group_add (self->questions, row);
}

static void
add_questions (PrComparePage *self)
{
    const PrCompareQuestion *questions = pr_compare_get_questions ();

    for (int i = 0; questions[i].question; i++)
        add_question (self, &questions[i], i == 0);
}

static const char *
pr_compare_page_get_guide (PrPage *page)
{
    return "how-long";
}

/* --- The object --- */

static void
pr_compare_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_NARROW)
        g_value_set_boolean (value, PR_COMPARE_PAGE (object)->narrow);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_compare_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    PrComparePage *self = PR_COMPARE_PAGE (object);

    if (prop_id != PROP_NARROW) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
        return;
    }
    self->narrow = g_value_get_boolean (value);
    show_shape (self);
}

static void
pr_compare_page_constructed (GObject *object)
{
    PrComparePage *self = PR_COMPARE_PAGE (object);

    G_OBJECT_CLASS (pr_compare_page_parent_class)->constructed (object);
    add_ways (self);
    add_questions (self);
}

static void
pr_compare_page_dispose (GObject *object)
{
    PrComparePage *self = PR_COMPARE_PAGE (object);

    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_COMPARE_PAGE);
    for (int i = 0; i < PR_N_WAY_COLUMNS; i++)
        g_clear_object (&self->columns[i]);
    G_OBJECT_CLASS (pr_compare_page_parent_class)->dispose (object);
}

static void
pr_compare_page_class_init (PrComparePageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->get_property = pr_compare_page_get_property;
    object_class->set_property = pr_compare_page_set_property;
    object_class->constructed = pr_compare_page_constructed;
    object_class->dispose = pr_compare_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_compare_page_get_guide;

    properties[PROP_NARROW] =
        g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);
    signals[FOLLOW] = g_signal_new ("follow", PR_TYPE_COMPARE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    1, G_TYPE_UINT);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-compare-page.ui");
    gtk_widget_class_bind_template_child (widget_class, PrComparePage, elsewhere);
    gtk_widget_class_bind_template_child (widget_class, PrComparePage, ways);
    gtk_widget_class_bind_template_child (widget_class, PrComparePage, questions);
}

static void
pr_compare_page_init (PrComparePage *self)
{
    self->recommended = PR_N_WAYS;
    self->symptom = PR_N_SYMPTOMS;
    for (int i = 0; i < PR_N_WAY_COLUMNS; i++)
        self->columns[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_compare_page_new (PrPlan *plan, PrSymptom symptom, PrTried tried)
{
    PrComparePage *self = g_object_new (PR_TYPE_COMPARE_PAGE, "plan", plan, NULL);

    self->symptom = symptom;
    self->tried = tried;
    pr_page_follow_phone (PR_PAGE (self), "notify", G_CALLBACK (update));
    update (self);
    return PR_PAGE (self);
}
