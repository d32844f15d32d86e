// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-way-row.h"

#include "pr-advice-words.h"
#include "pr-words.h"

#include <glib/gi18n.h>

enum { DATA, SETTINGS, SYSTEM, TIME, NEEDS };

struct _PrWayRow {
    AdwPreferencesRow parent_instance;
    PrPlan *plan; /* owned */
    PrWay way;
    GtkSizeGroup *terms; /* owned */
    GtkWidget *arrow;    /* borrowed: of the line */

    /* template */
    GtkBox *line;
    GtkWidget *line_tag;
    GtkLabel *line_fixes;
    GtkBox *card;
    GtkWidget *card_tag;
    GtkLabel *card_time;
    GtkLabel *card_fixes;
    GtkRevealer *details;
    GtkBox *facts;
    GtkWidget *why;
    GtkLabel *reason;
    GtkButton *follow;
};

enum { FOLLOW, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrWayRow, pr_way_row, ADW_TYPE_PREFERENCES_ROW)

/* --- What becomes of things --- */

static const struct {
    const char *icon;
    const char *css_class; /* calm where nothing is lost, so that the eye finds the losses in one sweep */
    gboolean stands_out;
} looks[] = {
    [PR_FATE_KEPT] = { "pr-keep-symbolic", "dimmed", FALSE },
    [PR_FATE_RESET] = { "pr-anew-symbolic", "warning", TRUE },
    [PR_FATE_ERASED] = { "pr-lost-symbolic", "error", TRUE },
    [PR_FATE_NEW_COPY] = { "pr-anew-symbolic", "accent", TRUE },
    [PR_FATE_FROM_BACKUP] = { "pr-anew-symbolic", "accent", TRUE },
};

/* In the table, below the head of the column */
static const char *
get_word (PrFate fate, int column)
{
    switch (fate) {
    case PR_FATE_RESET:
        return _ ("Reset");
    case PR_FATE_ERASED:
        return _ ("Erased");
    case PR_FATE_NEW_COPY:
        return _ ("New copy");
    case PR_FATE_FROM_BACKUP:
        return _ ("From backup");
    case PR_FATE_KEPT:
    default:
        return column == SYSTEM ? _ ("Stays") : _ ("Kept");
    }
}

/* On a card, and for who hears it */
static const char *const sentences[][PR_FATE_FROM_BACKUP + 1] = {
    [DATA] = { [PR_FATE_KEPT] = N_ ("Photos and apps kept"),
               [PR_FATE_ERASED] = N_ ("Photos and apps erased"),
               [PR_FATE_FROM_BACKUP] = N_ ("Photos and apps from the backup") },
    [SETTINGS] = { [PR_FATE_KEPT] = N_ ("Settings kept"),
                   [PR_FATE_RESET] = N_ ("Settings reset"),
                   [PR_FATE_ERASED] = N_ ("Settings erased"),
                   [PR_FATE_FROM_BACKUP] = N_ ("Settings from the backup") },
    [SYSTEM] = { [PR_FATE_KEPT] = N_ ("The system stays"), [PR_FATE_NEW_COPY] = N_ ("A new copy of the system") },
};

static PrFate
get_fate (const PrWayFacts *facts, int column)
{
    return column == DATA ? facts->data : column == SETTINGS ? facts->settings : facts->system;
}

static gboolean
keeps_all (const PrWayFacts *facts)
{
    return facts->data == PR_FATE_KEPT && facts->settings == PR_FATE_KEPT && facts->system == PR_FATE_KEPT;
}

static GtkWidget *
create_label (const char *text)
{
    return g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE, NULL);
}

/* @wide: takes the whole line, for text that may need it */
static GtkWidget *
create_fate (PrFate fate, const char *text, gboolean wide)
{
    GtkWidget *box = g_object_new (GTK_TYPE_BOX, "spacing", 6, "valign", GTK_ALIGN_CENTER, NULL);
    GtkWidget *label = create_label (text);

    gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_IMAGE, "icon-name", looks[fate].icon, "accessible-role",
                                                 GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    gtk_box_append (GTK_BOX (box), label);
    gtk_widget_set_hexpand (label, wide);
    gtk_widget_add_css_class (box, looks[fate].css_class);
    if (looks[fate].stands_out)
        gtk_widget_add_css_class (label, "heading");
    return box;
}

/* --- The line and the card --- */

static void
add_cell (PrWayRow *self, GtkWidget *cell, GtkSizeGroup *column)
{
    gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
    gtk_size_group_add_widget (column, cell);
    gtk_box_append (self->line, cell);
}

static void
fill_line (PrWayRow *self, const PrWayFacts *facts, GtkSizeGroup *const columns[PR_N_WAY_COLUMNS])
{
    for (int column = DATA; column <= SYSTEM; column++) {
        PrFate fate = get_fate (facts, column);

        add_cell (self, create_fate (fate, get_word (fate, column), FALSE), columns[column]);
    }
    add_cell (self, create_label (_ (facts->time)), columns[TIME]);
    add_cell (self, create_label (_ (facts->needs)), columns[NEEDS]);
    self->arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "pan-down-symbolic", "accessible-role",
                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
    gtk_widget_add_css_class (self->arrow, "dimmed");
    gtk_box_append (self->line, self->arrow);
    gtk_label_set_label (self->line_fixes, _ (facts->fixes));
}

static void
fill_card (PrWayRow *self, const PrWayFacts *facts)
{
    gtk_label_set_label (self->card_time, _ (facts->time));
    gtk_label_set_label (self->card_fixes, _ (facts->fixes));
    if (keeps_all (facts)) {
        gtk_box_append (self->card, create_fate (PR_FATE_KEPT, _ ("Everything stays as it is"), TRUE));
        return;
    }
    for (int column = DATA; column <= SYSTEM; column++) {
        PrFate fate = get_fate (facts, column);

        gtk_box_append (self->card, create_fate (fate, _ (sentences[column][fate]), TRUE));
    }
}

/* --- Below --- */

static void
add_fact (PrWayRow *self, const char *term, const char *text)
{
    GtkWidget *box = g_object_new (GTK_TYPE_BOX, "spacing", 12, NULL);
    GtkWidget *label = create_label (term);

    gtk_widget_add_css_class (label, "dimmed");
    gtk_widget_set_valign (label, GTK_ALIGN_START);
    gtk_size_group_add_widget (self->terms, label);
    gtk_box_append (GTK_BOX (box), label);
    gtk_box_append (GTK_BOX (box), create_label (text));
    gtk_box_insert_child_after (self->facts, box, gtk_widget_get_prev_sibling (GTK_WIDGET (self->follow)));
}

static void
fill_details (PrWayRow *self, const PrWayFacts *facts)
{
    g_autofree char *where = pr_words_fill (facts->where, pr_words_kind (pr_plan_get_phone (self->plan)));

    add_fact (self, _ ("Erases"), _ (facts->erases));
    add_fact (self, _ ("Keeps"), _ (facts->keeps));
    add_fact (self, _ ("Needs"),
              _ (pr_remedy_get_facts (facts->remedy)->needs ? pr_remedy_get_facts (facts->remedy)->needs
                                                            : facts->needs));
    if (pr_remedy_get_facts (facts->remedy)->download)
        add_fact (self, _ ("Downloads"), _ ("The system file, several gigabytes, once"));
    add_fact (self, _ ("Where"), where);
    add_fact (self, _ ("Also called"), _ (facts->names));
    add_fact (self, _ ("Good to know"), _ (facts->beware));
}

static gboolean
is_open (PrWayRow *self)
{
    return gtk_revealer_get_reveal_child (self->details);
}

static void
set_open (PrWayRow *self, gboolean open)
{
    gtk_revealer_set_reveal_child (self->details, open);
    gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow), open ? "pan-up-symbolic" : "pan-down-symbolic");
    gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
}

static void
follow_cb (PrWayRow *self)
{
    g_signal_emit (self, signals[FOLLOW], 0);
}

/* --- For who hears it --- */

/* The whole line, cell by cell. */
static void
say_row (PrWayRow *self, gboolean recommended)
{
    const PrWayFacts *facts = pr_way_get_facts (self->way);
    const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
    g_autoptr (GString) text = g_string_new (title);

    if (recommended)
        g_string_append_printf (text, ", %s", _ ("Recommended"));
    for (int column = DATA; column <= SYSTEM; column++)
        g_string_append_printf (text, ", %s", _ (sentences[column][get_fate (facts, column)]));
    /* Translators: one line of a table, read out: how long it takes, and what it needs */
    g_string_append_printf (text, _ (", takes %s, needs: %s"), _ (facts->time), _ (facts->needs));
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ (facts->fixes), -1);
}

/* --- The object --- */

static void
pr_way_row_dispose (GObject *object)
{
    PrWayRow *self = PR_WAY_ROW (object);

    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_WAY_ROW);
    g_clear_object (&self->terms);
    g_clear_object (&self->plan);
    G_OBJECT_CLASS (pr_way_row_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrWayRow, name)

static void
pr_way_row_class_init (PrWayRowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_way_row_dispose;
    signals[FOLLOW] = g_signal_new ("follow", PR_TYPE_WAY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-way-row.ui");
    CHILD (line);
    CHILD (line_tag);
    CHILD (line_fixes);
    CHILD (card);
    CHILD (card_tag);
    CHILD (card_time);
    CHILD (card_fixes);
    CHILD (details);
    CHILD (facts);
    CHILD (why);
    CHILD (reason);
    CHILD (follow);
    gtk_widget_class_bind_template_callback (widget_class, follow_cb);
}

static void
pr_way_row_init (PrWayRow *self)
{
    self->terms = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrWayRow *
pr_way_row_new (PrPlan *plan, PrWay way, GtkSizeGroup *const columns[PR_N_WAY_COLUMNS])
{
    const PrWayFacts *facts = pr_way_get_facts (way);
    g_autofree char *title = pr_words_fill (facts->title, pr_words_kind (pr_plan_get_phone (plan)));
    PrWayRow *self = g_object_new (PR_TYPE_WAY_ROW, "title", title, NULL);

    self->plan = g_object_ref (plan);
    self->way = way;
    fill_line (self, facts, columns);
    fill_card (self, facts);
    fill_details (self, facts);
    set_open (self, FALSE);
    say_row (self, FALSE);
    pr_way_row_update (self);
    return self;
}

PrWay
pr_way_row_get_way (PrWayRow *self)
{
    return self->way;
}

void
pr_way_row_set_narrow (PrWayRow *self, gboolean narrow)
{
    GtkWidget *last = GTK_WIDGET (self->follow);

    gtk_widget_set_visible (GTK_WIDGET (self->line), !narrow);
    gtk_widget_set_visible (GTK_WIDGET (self->card), narrow);
    gtk_widget_set_halign (last, narrow ? GTK_ALIGN_CENTER : GTK_ALIGN_END);
    gtk_size_group_set_mode (self->terms, narrow ? GTK_SIZE_GROUP_NONE : GTK_SIZE_GROUP_HORIZONTAL);
    for (GtkWidget *fact = gtk_widget_get_next_sibling (self->why); fact != last;
         fact = gtk_widget_get_next_sibling (fact)) {
        gtk_orientable_set_orientation (GTK_ORIENTABLE (fact),
                                        narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
        gtk_box_set_spacing (GTK_BOX (fact), narrow ? 0 : 12);
    }
}

void
pr_way_row_toggle (PrWayRow *self)
{
    set_open (self, !is_open (self));
}

void
pr_way_row_recommend (PrWayRow *self, const char *reason)
{
    gtk_widget_set_visible (self->line_tag, reason != NULL);
    gtk_widget_set_visible (self->card_tag, reason != NULL);
    gtk_widget_set_visible (self->why, reason != NULL);
    gtk_label_set_label (self->reason, reason ? reason : "");
    if (reason) {
        gtk_widget_add_css_class (GTK_WIDGET (self), "marked");
        gtk_widget_add_css_class (GTK_WIDGET (self->follow), "suggested-action");
        set_open (self, TRUE);
    } else {
        gtk_widget_remove_css_class (GTK_WIDGET (self), "marked");
        gtk_widget_remove_css_class (GTK_WIDGET (self->follow), "suggested-action");
    }
    say_row (self, reason != NULL);
}

void
pr_way_row_update (PrWayRow *self)
{
    g_autofree char *way_on = pr_advice_words_way_on (self->plan, pr_way_get_facts (self->way)->remedy);

    gtk_button_set_label (self->follow, way_on);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->follow), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
}
