// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-names.h"

#include <glib/gi18n.h>

const PrCoachModel pr_coach_models[] = {
    { N_ ("iPhone X or later, with Face ID"), "iPhone14,7" },
    { N_ ("iPhone 8, iPhone SE (2nd or 3rd generation)"), "iPhone10,1" },
    { N_ ("iPhone 7"), "iPhone9,1" },
    { N_ ("iPhone 6 or 6s"), "iPhone8,1" },
    { N_ ("iPhone 5s or earlier, iPhone SE (1st generation)"), "iPhone8,4" },
    { N_ ("iPad without a Home button"), "iPad13,18" },
    { N_ ("iPad with a Home button"), "iPad7,5" },
    { N_ ("iPod touch (7th generation)"), "iPod9,1" },
    { N_ ("iPod touch (6th generation or earlier)"), "iPod7,1" },
};
const guint pr_coach_n_models = G_N_ELEMENTS (pr_coach_models);

const char *const pr_coach_windows_names[PR_N_WINDOWS] = {
    [PR_WINDOWS_LUMIA] = N_ ("Lumia with Windows Phone 8 or later"),
    [PR_WINDOWS_LUMIA_7] = N_ ("Lumia 710, 800 or 900"),
    [PR_WINDOWS_HTC] = N_ ("HTC 8X or 8S"),
    [PR_WINDOWS_HTC_HD2] = N_ ("HTC HD2"),
    [PR_WINDOWS_SAMSUNG] = N_ ("Samsung Ativ S"),
    [PR_WINDOWS_HUAWEI] = N_ ("Huawei W1"),
};

static const struct {
    const char *name;
    const char *guide;
} tasks[PR_N_COACH_TASKS] = {
    [PR_COACH_FORCE_RESTART] = { N_ ("Force Restart"), "force-restart" },
    [PR_COACH_RECOVERY] = { N_ ("Recovery Mode"), "recovery-mode" },
    [PR_COACH_DFU] = { N_ ("DFU Mode"), "dfu-mode" },
    [PR_COACH_SHUT_DOWN] = { N_ ("Shut Down"), "restart" },
    [PR_COACH_SOFT_RESET] = { N_ ("Soft Reset"), "windows-soft-reset" },
    [PR_COACH_HARD_RESET] = { N_ ("Hard Reset"), "windows-hard-reset" },
    [PR_COACH_HARD_RESET_OFF] = { N_ ("Hard Reset"), "windows-hard-reset" },
};

const char *
pr_coach_names_task (PrCoachTask task)
{
    return _ (tasks[task].name);
}

const char *
pr_coach_names_guide (PrCoachTask task)
{
    return tasks[task].guide;
}

char *
pr_coach_names_buttons (guint buttons, const char *family)
{
    gboolean windows = g_str_equal (family, "windows");
    gboolean tablet = g_str_equal (family, "tablet"); /* turned round, its volume buttons change their meaning */
    const struct {
        guint button;
        const char *name;
    } names[] = {
        { PR_BUTTON_VOLUME_UP, tablet ? _ ("Near Volume Button") : _ ("Volume Up") },
        { PR_BUTTON_VOLUME_DOWN, tablet ? _ ("Far Volume Button") : _ ("Volume Down") },
        { PR_BUTTON_HOME, _ ("Home") },
        { PR_BUTTON_SIDE, windows ? _ ("Power") : _ ("Side Button") },
        { PR_BUTTON_TOP, _ ("Top Button") },
        { PR_BUTTON_CAMERA, _ ("Camera") },
    };
    g_autoptr (GString) text = g_string_new (NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (buttons & names[i].button)
            g_string_append_printf (text, "%s%s", text->len ? " + " : "", names[i].name);
    return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
pr_coach_names_step (const PrCoachStep *step, const char *family)
{
    g_autofree char *buttons = pr_coach_names_buttons (step->buttons, family);

    switch (step->move) {
    case PR_MOVE_PRESS:
        /* Translators: one or more buttons of a phone */
        return g_strdup_printf (_ ("Press %s"), buttons);
    case PR_MOVE_HOLD:
        /* Translators: one or more buttons of a phone */
        return g_strdup_printf (_ ("Hold %s"), buttons);
    case PR_MOVE_SLIDE:
        return g_strdup (_ ("Drag the Slider"));
    case PR_MOVE_WAIT:
    default:
        return g_strdup (_ ("Hands Off"));
    }
}

const char *
pr_coach_names_sign (PrSign sign)
{
    static const char *const names[PR_N_SIGNS] = {
        [PR_SIGN_LOGO] = N_ ("I See the Logo"),
        [PR_SIGN_PICTURE] = N_ ("I See a Cable"),
        [PR_SIGN_BLACK] = N_ ("The Screen Is Black"),
        [PR_SIGN_SLIDER] = N_ ("I See a Slider"),
        [PR_SIGN_SOS] = N_ ("I See SOS"),
        [PR_SIGN_VIBRATION] = N_ ("It Vibrated"),
        [PR_SIGN_MARK] = N_ ("I See “!”"),
        [PR_SIGN_LANGUAGE] = N_ ("It Asks for a Language"),
        [PR_SIGN_NOTHING] = N_ ("Nothing Happens"),
    };

    return names[sign] ? _ (names[sign]) : NULL;
}
