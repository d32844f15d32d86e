// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-drawing.h"

#include <math.h>

#define N_LAYERS 7
#define MARK (N_LAYERS - 1)
#define LEAST_OPACITY 0.55
#define SIZE 300

struct _PrCoachDrawing {
    AdwBin parent_instance;
    int size;
    char *family; /* owned */
    guint held;   /* of PrButtons */
    GtkWidget *overlay;
    GtkWidget *phone;
    GtkWidget *layers[N_LAYERS];
};

typedef enum {
    PROP_SIZE = 1,
    N_PROPS,
} PrCoachDrawingProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrCoachDrawing, pr_coach_drawing, ADW_TYPE_BIN)

/* in the order of PrButtons, then the mark on the screen */
static const char *const names[N_LAYERS] = { "up", "down", "side", "top", "home", "camera", "mark" };

static GtkWidget *
create_layer (void)
{
    GtkWidget *image =
        g_object_new (GTK_TYPE_IMAGE, "pixel-size", SIZE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

    gtk_widget_add_css_class (image, "art");
    return image;
}

static void
set_size (PrCoachDrawing *self, int size)
{
    self->size = size;
    gtk_image_set_pixel_size (GTK_IMAGE (self->phone), size);
    for (int i = 0; i < N_LAYERS; i++)
        gtk_image_set_pixel_size (GTK_IMAGE (self->layers[i]), size);
}

static void
pr_coach_drawing_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_SIZE)
        g_value_set_int (value, PR_COACH_DRAWING (object)->size);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_coach_drawing_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_SIZE)
        set_size (PR_COACH_DRAWING (object), g_value_get_int (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_coach_drawing_finalize (GObject *object)
{
    g_free (PR_COACH_DRAWING (object)->family);
    G_OBJECT_CLASS (pr_coach_drawing_parent_class)->finalize (object);
}

static void
pr_coach_drawing_class_init (PrCoachDrawingClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);

    object_class->get_property = pr_coach_drawing_get_property;
    object_class->set_property = pr_coach_drawing_set_property;
    object_class->finalize = pr_coach_drawing_finalize;
    properties[PROP_SIZE] =
        g_param_spec_int ("size", NULL, NULL, 1, 1000, SIZE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);
}

/* Buttons stay where they are, also where one reads from right to left. */
static void
pr_coach_drawing_init (PrCoachDrawing *self)
{
    self->overlay = gtk_overlay_new ();
    self->phone = create_layer ();
    gtk_widget_set_direction (self->overlay, GTK_TEXT_DIR_LTR);
    gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->phone);
    for (int i = 0; i < N_LAYERS; i++) {
        self->layers[i] = create_layer ();
        gtk_widget_set_visible (self->layers[i], FALSE);
        gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->layers[i]);
    }
    self->size = SIZE;
    adw_bin_set_child (ADW_BIN (self), self->overlay);
}

static void
show_layer (PrCoachDrawing *self, int i, gboolean held)
{
    g_autofree char *icon =
        g_strdup_printf ("pr-coach-%s-%s%s-symbolic", self->family, names[i], held && i != MARK ? "-held" : "");
    GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
    gboolean has = gtk_icon_theme_has_icon (theme, icon);

    gtk_widget_set_visible (self->layers[i], has && (held || i != MARK));
    if (has)
        gtk_image_set_from_icon_name (GTK_IMAGE (self->layers[i]), icon);
}

/* The large mark stays on the screen of a Windows Phone from when it appeared until the keys were pressed. */
static gboolean
shows_mark (PrCoach *coach)
{
    guint step = pr_coach_get_step (coach);
    const PrCoachStep *steps = pr_coach_get_sequence (coach)->steps;

    if (pr_coach_get_state (coach) != PR_COACH_MOVING || steps[step].move != PR_MOVE_PRESS)
        return FALSE;
    for (guint i = 0; i < step; i++)
        if (steps[i].until == PR_SIGN_MARK)
            return TRUE;
    return FALSE;
}

static guint
get_buttons (PrCoach *coach)
{
    PrCoachState state = pr_coach_get_state (coach);

    if (state == PR_COACH_MOVING)
        return pr_coach_get_held (coach);
    /* where the fingers go first */
    return state == PR_COACH_READY || state == PR_COACH_COUNTING_IN ? pr_coach_get_sequence (coach)->steps[0].buttons
                                                                    : 0;
}

void
pr_coach_drawing_show (PrCoachDrawing *self, const char *family, PrCoach *coach)
{
    g_autofree char *phone = g_strdup_printf ("pr-coach-%s-symbolic", family);

    g_set_str (&self->family, family);
    self->held = coach ? get_buttons (coach) : 0;
    gtk_image_set_from_icon_name (GTK_IMAGE (self->phone), phone);
    for (int i = 0; i < MARK; i++)
        show_layer (self, i, (self->held & (1u << i)) != 0);
    show_layer (self, MARK, coach && shows_mark (coach));
    pr_coach_drawing_breathe (self, 0);
}

void
pr_coach_drawing_breathe (PrCoachDrawing *self, double seconds)
{
    double swing = (1 + cos (2 * G_PI * seconds)) / 2;
    double opacity = adw_get_enable_animations (GTK_WIDGET (self)) ? LEAST_OPACITY + (1 - LEAST_OPACITY) * swing : 1;

    for (int i = 0; i < MARK; i++)
        gtk_widget_set_opacity (self->layers[i], self->held & (1u << i) ? opacity : 1);
}
