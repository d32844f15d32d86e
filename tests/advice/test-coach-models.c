/* Every model that libirecovery knows, and some that nobody knows yet: which buttons, how long.
 *
 * The sequences are written here from Apple's support pages as strings, and the family of a model is worked out here by
 * its number, so that neither comes from the code.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libirecovery.h>
#include <stdio.h>

#include "pr-coach.h"

/* One step: "+U" press volume up, "D" volume down, "S" side, "T" top, "H" home, "C" camera; "=SD 5-5" hold side and
 * down;
 * "~" slide; "…" hands off. */
static char *
describe (const PrCoachSequence *sequence)
{
    static const char letters[] = "UDSTHC";
    static const char moves[] = {
        [PR_MOVE_PRESS] = '+', [PR_MOVE_HOLD] = '=', [PR_MOVE_SLIDE] = '~', [PR_MOVE_WAIT] = '.'
    };
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < sequence->n_steps; i++) {
        const PrCoachStep *step = &sequence->steps[i];

        g_string_append_printf (text, "%s%c", i > 0 ? " " : "", moves[step->move]);
        for (guint bit = 0; letters[bit]; bit++)
            if (step->buttons & (1u << bit))
                g_string_append_c (text, letters[bit]);
        if (step->move == PR_MOVE_HOLD)
            g_string_append_printf (text, " %u-%u", step->least, step->most);
    }
    return g_string_free (text, FALSE);
}

typedef enum { A_SIDE, A_TOP, B_SIDE, B_TOP, C_HOME, C_BARE, D, N_FAMILIES } Family;

/* The seconds of a restart: 10 with Home or volume, 10 to 20 with the side button, 20 to 30 with the top button. */
static const char *const expected[N_FAMILIES][4] = {
    [A_SIDE] = { "=SH 10-10", "=SH 10-20", "=SH 10-10 =H 8-13", "=S 2-5 ~" },
    [A_TOP] = { "=TH 10-10", "=TH 10-20", "=TH 10-10 =H 8-13", "=T 2-5 ~" },
    [B_SIDE] = { "=DS 10-10", "=DS 10-20", "=DS 10-10 =D 8-8", "=S 2-5 ~" },
    [B_TOP] = { "=DT 10-10", "=DT 10-20", "=DT 10-10 =D 8-8", "=T 2-5 ~" },
    [C_HOME] = { "+U +D =S 10-20", "+U +D =S 10-30", "+U +D =S 10-10 =DS 5-5 =D 8-10", "=S 2-5 ~" },
    [C_BARE] = { "+U +D =S 10-20", "+U +D =S 10-30", "+U +D =S 10-10 =DS 5-5 =D 8-10", "=DS 2-5 ~" },
    [D] = { "+U +D =T 20-30", "+U +D =T 20-40", "+U +D =T 10-10 =DT 5-5 =D 8-10", "=DT 2-5 ~" },
};

static Family
find_iphone_family (int major, int minor)
{
    if (major <= 8)
        return major >= 7 && !(major == 8 && minor == 4) ? A_SIDE : A_TOP; /* the SE of 2016 has it on top */
    if (major == 9)
        return B_SIDE;
    if (major == 10)
        return minor == 3 || minor == 6 ? C_BARE : C_HOME;                               /* the X has no Home button */
    return (major == 12 && minor == 8) || (major == 14 && minor == 6) ? C_HOME : C_BARE; /* SE of 2020 and 2022 */
}

static Family
find_family (const char *product_type)
{
    int major, minor;

    if (sscanf (product_type, "iPhone%d,%d", &major, &minor) == 2)
        return find_iphone_family (major, minor);
    if (sscanf (product_type, "iPod%d,%d", &major, &minor) == 2)
        return major == 9 ? B_TOP : A_TOP;
    if (sscanf (product_type, "iPad%d,%d", &major, &minor) == 2)
        return major <= 7 || major == 11 || major == 12 ? A_TOP : D;
    return N_FAMILIES;
}

static void
check_model (const char *product_type)
{
    Family family = find_family (product_type);

    g_test_message ("%s", product_type);
    for (PrCoachTask task = PR_COACH_FORCE_RESTART; task <= PR_COACH_SHUT_DOWN; task++) {
        PrCoachSequence sequence;
        gboolean found = pr_coach_find_sequence (product_type, task, FALSE, &sequence);
        g_autofree char *steps = NULL;

        g_assert_cmpint (found, ==, family != N_FAMILIES);
        if (!found)
            continue;
        steps = describe (&sequence);
        g_assert_cmpstr (steps, ==, expected[family][task]);
        g_assert_false (sequence.erases);
        g_assert_cmpint (sequence.needs_cable, ==, task == PR_COACH_RECOVERY || task == PR_COACH_DFU);
        g_assert_nonnull (sequence.other_way);
    }
}

/* Every entry of the table, televisions and watches too: these have no coach. */
static void
test_library (void)
{
    guint n = 0, n_phones = 0;

    for (irecv_device_t known = irecv_devices_get_all (); known->product_type; known++, n++) {
        check_model (known->product_type);
        n_phones += find_family (known->product_type) != N_FAMILIES;
    }
    g_test_message ("%u entries, %u with buttons", n, n_phones);
    g_assert_cmpuint (n_phones, >, 150);
}

static void
test_unknown (void)
{
    static const char *const models[] = { "iPhone99,1", "iPad99,1", "iPhone18,9", "iPod7,1", "iPod9,1" };

    for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
        check_model (models[i]);
}

static void
test_no_phone (void)
{
    static const char *const models[] = { NULL, "", "iPhone", "iPod99,1", "AppleTV5,3", "iPhone14", "[iPhone14,7]" };
    PrCoachSequence sequence;

    for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
        g_assert_false (pr_coach_find_sequence (models[i], PR_COACH_FORCE_RESTART, FALSE, &sequence));
    g_assert_false (pr_coach_find_sequence ("iPhone14,7", PR_COACH_HARD_RESET, FALSE, &sequence));
}

/* From recovery mode a phone with a Home button needs 8 seconds only. */
static void
test_from_recovery (void)
{
    static const struct {
        const char *product_type;
        const char *steps;
    } models[] = {
        { "iPhone8,1", "=SH 8-8 =H 8-13" },
        { "iPad7,5", "=TH 8-8 =H 8-13" },
        { "iPhone9,1", "=DS 10-10 =D 8-8" },
        { "iPhone14,7", "+U +D =S 10-10 =DS 5-5 =D 8-10" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (models); i++) {
        PrCoachSequence sequence;
        g_autofree char *steps = NULL;

        g_assert_true (pr_coach_find_sequence (models[i].product_type, PR_COACH_DFU, TRUE, &sequence));
        steps = describe (&sequence);
        g_assert_cmpstr (steps, ==, models[i].steps);
    }
}

/* Emergency SOS: wherever side and volume are held, or follow each other; an iPad makes no such call. */
static void
test_warning (void)
{
    static const struct {
        const char *product_type;
        PrCoachTask task;
        gboolean warns;
    } cases[] = {
        { "iPhone14,7", PR_COACH_FORCE_RESTART, TRUE }, { "iPhone14,7", PR_COACH_RECOVERY, TRUE },
        { "iPhone14,7", PR_COACH_DFU, TRUE },           { "iPhone14,7", PR_COACH_SHUT_DOWN, TRUE },
        { "iPhone99,1", PR_COACH_SHUT_DOWN, TRUE },     { "iPhone10,1", PR_COACH_SHUT_DOWN, FALSE },
        { "iPhone9,1", PR_COACH_FORCE_RESTART, TRUE },  { "iPhone8,1", PR_COACH_FORCE_RESTART, FALSE },
        { "iPhone8,1", PR_COACH_DFU, FALSE },           { "iPad13,18", PR_COACH_DFU, FALSE },
        { "iPad99,1", PR_COACH_FORCE_RESTART, FALSE },  { "iPod9,1", PR_COACH_RECOVERY, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        PrCoachSequence sequence;

        g_assert_true (pr_coach_find_sequence (cases[i].product_type, cases[i].task, FALSE, &sequence));
        g_assert_cmpint (sequence.warns_of_sos, ==, cases[i].warns);
    }
}

/* Windows Phones, as Microsoft's wiki and the magazines have them. NULL: no way by buttons is known. "S" is Power. */
static void
test_windows (void)
{
    static const struct {
        PrWindowsKind kind;
        const char *soft, *hard, *hard_off;
    } kinds[] = {
        { PR_WINDOWS_LUMIA, "=DS 10-15", "=DS 10-15 =D 1-15 +U +D +S +D .", "=D 1-2 =DS 1-15 +U +D +S +D ." },
        { PR_WINDOWS_LUMIA_7, "=S 10-10 +S", NULL, "=DSC 1-15 =DC 5-10 ." },
        { PR_WINDOWS_HTC, "=DS 5-10", NULL, "=D 1-15 +U +D +S +D ." },
        { PR_WINDOWS_HTC_HD2, NULL, NULL, "=UDS 1-15 +U ." },
        { PR_WINDOWS_SAMSUNG, "=S 11-15", NULL, NULL },
        { PR_WINDOWS_HUAWEI, "=S 1-15", NULL, NULL },
        { PR_WINDOWS_NONE, NULL, NULL, NULL },
    };

    g_assert_cmpuint (G_N_ELEMENTS (kinds), ==, PR_N_WINDOWS);
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
        const char *const wanted[] = { kinds[i].soft, kinds[i].hard, kinds[i].hard_off };

        for (PrCoachTask task = PR_COACH_SOFT_RESET; task <= PR_COACH_HARD_RESET_OFF; task++) {
            PrCoachSequence sequence;
            gboolean found = pr_coach_find_windows_sequence (kinds[i].kind, task, &sequence);
            g_autofree char *steps = found ? describe (&sequence) : NULL;

            g_assert_cmpstr (steps, ==, wanted[task - PR_COACH_SOFT_RESET]);
            if (found)
                g_assert_cmpint (sequence.erases, ==, task != PR_COACH_SOFT_RESET);
            if (found)
                g_assert_false (sequence.warns_of_sos);
        }
    }
}

/* Half an hour of gears is usual, two hours are rare, and each wait has an end. */
static void
test_gears (void)
{
    PrCoachSequence sequence;
    const PrCoachStep *gears;

    g_assert_true (pr_coach_find_windows_sequence (PR_WINDOWS_LUMIA, PR_COACH_HARD_RESET, &sequence));
    gears = &sequence.steps[sequence.n_steps - 1];
    g_assert_cmpint (gears->move, ==, PR_MOVE_WAIT);
    g_assert_cmpuint (gears->most, ==, 30 * 60);
    g_assert_cmpuint (gears->patience, ==, 2 * 60 * 60);
    for (guint i = 0; i < sequence.n_steps; i++)
        g_assert_cmpuint (sequence.steps[i].patience, >, 0);
}

/* The black screen of a Lumia: five seconds, then Power. */
static void
test_lumia_force_restart (void)
{
    PrCoachSequence sequence;
    g_autofree char *steps = NULL;

    g_assert_true (pr_coach_find_windows_sequence (PR_WINDOWS_LUMIA, PR_COACH_FORCE_RESTART, &sequence));
    steps = describe (&sequence);
    g_assert_cmpstr (steps, ==, "=DS 5-5 +S");
}

/* Which remedies need buttons, and when no more. */
static void
test_tasks (void)
{
    static const struct {
        PrRemedy remedy;
        PrPhoneMode mode;
        int task; /* -1: no buttons */
    } cases[] = {
        { PR_REMEDY_FORCE_RESTART, PR_PHONE_MODE_NORMAL, PR_COACH_FORCE_RESTART },
        { PR_REMEDY_UPDATE, PR_PHONE_MODE_GONE, PR_COACH_RECOVERY },
        { PR_REMEDY_UPDATE, PR_PHONE_MODE_NORMAL, -1 },
        { PR_REMEDY_UPDATE, PR_PHONE_MODE_RECOVERY, -1 },
        { PR_REMEDY_RESTORE, PR_PHONE_MODE_GONE, PR_COACH_RECOVERY },
        { PR_REMEDY_NEARBY, PR_PHONE_MODE_RECOVERY, -1 },
        { PR_REMEDY_DFU_RESTORE, PR_PHONE_MODE_RECOVERY, PR_COACH_DFU },
        { PR_REMEDY_DFU_RESTORE, PR_PHONE_MODE_DFU, -1 },
        { PR_REMEDY_SOFT_RESET, PR_PHONE_MODE_GONE, PR_COACH_SOFT_RESET },
        { PR_REMEDY_HARD_RESET, PR_PHONE_MODE_GONE, PR_COACH_HARD_RESET },
        { PR_REMEDY_BACK_UP, PR_PHONE_MODE_NORMAL, -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        PrCoachTask task;
        gboolean found = pr_coach_find_task (cases[i].remedy, cases[i].mode, &task);

        g_assert_cmpint (found ? (int) task : -1, ==, cases[i].task);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/coach/models/library", test_library);
    g_test_add_func ("/coach/models/unknown", test_unknown);
    g_test_add_func ("/coach/models/no-phone", test_no_phone);
    g_test_add_func ("/coach/models/from-recovery", test_from_recovery);
    g_test_add_func ("/coach/models/warning", test_warning);
    g_test_add_func ("/coach/tasks", test_tasks);
    g_test_add_func ("/coach/windows", test_windows);
    g_test_add_func ("/coach/windows/gears", test_gears);
    g_test_add_func ("/coach/windows/force-restart", test_lumia_force_restart);
    return g_test_run ();
}
