// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-state-row.h"

#include "pr-operation-enums.h"

#include <glib/gi18n.h>

#define LONG_VALUE 18 /* characters; with more the row would be crushed at 360 px */

struct _PrStateRow {
    AdwActionRow parent_instance;

    /* template-like children, borrowed */
    GtkWidget *picture;
    GtkLabel *end;

    PrCheckState state;
    gboolean waiting;
    char *value; /* owned */
};

typedef enum {
    PROP_STATE = 1,
    PROP_WAITING,
    PROP_VALUE,
    N_PROPS,
} PrStateRowProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrStateRow, pr_state_row, ADW_TYPE_ACTION_ROW)

/* What a screen reader says for the picture. */
static const struct {
    const char *icon;
    const char *css_class;
    const char *word;
} looks[] = {
    [PR_CHECK_PENDING] = { NULL, NULL, N_ ("Being looked at") },
    [PR_CHECK_GOOD] = { "pr-good-symbolic", "success", N_ ("Good") },
    [PR_CHECK_WARNING] = { "pr-warning-symbolic", "warning", N_ ("Warning") },
    [PR_CHECK_BLOCKING] = { "pr-blocking-symbolic", "error", N_ ("In the way") },
    [PR_CHECK_NOT_KNOWN] = { "pr-unknown-symbolic", "dimmed", N_ ("Not known") },
};

static GtkWidget *
create_spinner (void)
{
    GtkWidget *spinner = adw_spinner_new ();

    gtk_widget_set_size_request (spinner, 16, 16);
    return spinner;
}

static GtkWidget *
create_image (const char *icon, const char *css_class, const char *word)
{
    GtkWidget *image = gtk_image_new_from_icon_name (icon);

    gtk_widget_add_css_class (image, css_class);
    gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
    return image;
}

GtkWidget *
pr_state_picture_new (PrCheckState state)
{
    GtkWidget *picture = looks[state].icon
                             ? create_image (looks[state].icon, looks[state].css_class, _ (looks[state].word))
                             : create_spinner ();

    gtk_widget_set_valign (picture, GTK_ALIGN_CENTER);
    gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (looks[state].word), -1);
    return picture;
}

static void
update_picture (PrStateRow *self)
{
    if (self->picture)
        adw_action_row_remove (ADW_ACTION_ROW (self), self->picture);
    self->picture = self->waiting ? create_image ("pr-waiting-symbolic", "dimmed", _ ("Not begun"))
                                  : pr_state_picture_new (self->state);
    adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->picture);
}

static void
update_value (PrStateRow *self)
{
    gboolean is_long = self->value && g_utf8_strlen (self->value, -1) > LONG_VALUE;

    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), is_long ? self->value : NULL);
    gtk_label_set_label (self->end, self->value && !is_long ? self->value : "");
    gtk_widget_set_visible (GTK_WIDGET (self->end), self->value && !is_long);
}

static void
pr_state_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrStateRow *self = PR_STATE_ROW (object);

    switch ((PrStateRowProps) prop_id) {
    case PROP_STATE:
        g_value_set_enum (value, self->state);
        break;
    case PROP_WAITING:
        g_value_set_boolean (value, self->waiting);
        break;
    case PROP_VALUE:
        g_value_set_string (value, self->value);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_state_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    PrStateRow *self = PR_STATE_ROW (object);

    switch ((PrStateRowProps) prop_id) {
    case PROP_STATE:
        pr_state_row_set_state (self, g_value_get_enum (value));
        break;
    case PROP_WAITING:
        pr_state_row_set_waiting (self, g_value_get_boolean (value));
        break;
    case PROP_VALUE:
        pr_state_row_set_value (self, g_value_get_string (value));
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_state_row_finalize (GObject *object)
{
    g_free (PR_STATE_ROW (object)->value);
    G_OBJECT_CLASS (pr_state_row_parent_class)->finalize (object);
}

static void
pr_state_row_class_init (PrStateRowClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pr_state_row_get_property;
    object_class->set_property = pr_state_row_set_property;
    object_class->finalize = pr_state_row_finalize;

    properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PR_TYPE_CHECK_STATE, PR_CHECK_PENDING, flags);
    properties[PROP_WAITING] = g_param_spec_boolean ("waiting", NULL, NULL, FALSE, flags);
    properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, flags);
    g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_state_row_init (PrStateRow *self)
{
    self->end = GTK_LABEL (gtk_label_new (NULL));
    gtk_label_set_wrap (self->end, TRUE);
    gtk_label_set_natural_wrap_mode (self->end, GTK_NATURAL_WRAP_NONE);
    gtk_label_set_xalign (self->end, 1);
    gtk_label_set_justify (self->end, GTK_JUSTIFY_RIGHT);
    gtk_widget_add_css_class (GTK_WIDGET (self->end), "dimmed");
    gtk_widget_add_css_class (GTK_WIDGET (self->end), "numeric");
    adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->end));
    adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
    update_picture (self);
    update_value (self);
}

PrStateRow *
pr_state_row_new (const char *title, PrCheckState state, const char *value)
{
    return g_object_new (PR_TYPE_STATE_ROW, "title", title, "state", state, "value", value, NULL);
}

void
pr_state_row_set_state (PrStateRow *self, PrCheckState state)
{
    if (self->state == state)
        return;
    self->state = state;
    update_picture (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
pr_state_row_set_waiting (PrStateRow *self, gboolean waiting)
{
    if (self->waiting == waiting)
        return;
    self->waiting = waiting;
    update_picture (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING]);
}

void
pr_state_row_set_value (PrStateRow *self, const char *value)
{
    if (!g_set_str (&self->value, value))
        return;
    update_value (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}
