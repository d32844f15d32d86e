/* The drawing of the coach breathes, and holds still for whom motion is too much.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-coach-drawing.h"

/* The least and the greatest opacity of what is over the phone, in one breath. */
typedef struct {
    double least, greatest;
} Breath;

static void
look (GtkWidget *widget, Breath *breath)
{
    if (GTK_IS_IMAGE (widget) && gtk_widget_get_visible (widget)) {
        breath->least = MIN (breath->least, gtk_widget_get_opacity (widget));
        breath->greatest = MAX (breath->greatest, gtk_widget_get_opacity (widget));
    }
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
        look (child, breath);
}

static Breath
breathe (gboolean animations)
{
    g_autoptr (GtkWidget) drawing = g_object_ref_sink (g_object_new (PR_TYPE_COACH_DRAWING, NULL));
    g_autoptr (PrCoach) coach = NULL;
    PrCoachSequence sequence;
    Breath breath = { 1, 0 };

    g_object_set (gtk_settings_get_default (), "gtk-enable-animations", animations, NULL);
    g_assert_true (pr_coach_find_sequence ("iPhone14,7", PR_COACH_FORCE_RESTART, FALSE, &sequence));
    coach = pr_coach_new (&sequence, PR_PHONE_MODE_NORMAL);
    pr_coach_drawing_show (PR_COACH_DRAWING (drawing), "notch", coach);
    for (double seconds = 0; seconds < 1; seconds += 0.1) {
        pr_coach_drawing_breathe (PR_COACH_DRAWING (drawing), seconds);
        look (drawing, &breath);
    }
    return breath;
}

static void
test_breathes (void)
{
    Breath breath = breathe (TRUE);

    g_assert_cmpfloat (breath.greatest, ==, 1);
    g_assert_cmpfloat (breath.least, <, 0.7);
}

static void
test_holds_still (void)
{
    Breath breath = breathe (FALSE);

    g_assert_cmpfloat (breath.greatest, ==, 1);
    g_assert_cmpfloat (breath.least, ==, 1);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    adw_init ();
    gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                      "/org/example/PhoneReset/icons");
    g_test_add_func ("/coach-drawing/breathes", test_breathes);
    g_test_add_func ("/coach-drawing/holds-still", test_holds_still);
    return g_test_run ();
}
