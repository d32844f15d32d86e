/* The coach beside the virtual phone: what its buttons do is seen on USB, and ends the coaching by itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "desk.h"
#include "pr-coach.h"

#define COUNT_IN 3
#define SECONDS 60

typedef struct {
    Desk *desk;
    PrPhone *phone;
    PrCoach *coach;
} Stage;

static void
mode_cb (PrPhone *phone, GParamSpec *pspec, gpointer data)
{
    pr_coach_set_mode (data, pr_phone_get_mode (phone));
}

static gboolean
has_product_type (gpointer data)
{
    return pr_phone_get_product_type (data) != NULL;
}

/* The phone in @mode, and its coach in the first step of @task. */
static void
set_up (Stage *stage, const char *scenario, PrPhoneMode mode, PrCoachTask task)
{
    PrCoachSequence sequence;

    stage->desk = desk_new (pr_test_phone_start_text (scenario));
    stage->phone = desk_expect (stage->desk, DESK_ECID, mode);
    g_assert_true (pr_test_run_until (has_product_type, stage->phone, SECONDS));
    g_assert_true (pr_coach_find_sequence (pr_phone_get_product_type (stage->phone), task,
                                           mode == PR_PHONE_MODE_RECOVERY, &sequence));
    stage->coach = pr_coach_new (&sequence, mode);
    g_signal_connect (stage->phone, "notify::mode", G_CALLBACK (mode_cb), stage->coach);
    pr_coach_start (stage->coach);
    pr_coach_tick (stage->coach, COUNT_IN);
    g_assert_cmpint (pr_coach_get_state (stage->coach), ==, PR_COACH_MOVING);
}

static void
tear_down (Stage *stage)
{
    g_signal_handlers_disconnect_by_data (stage->phone, stage->coach);
    pr_coach_free (stage->coach);
    desk_free (stage->desk);
}

typedef struct {
    PrCoach *coach;
    PrCoachState state;
} Expected;

static gboolean
is_in_state (gpointer data)
{
    Expected *expected = data;

    return pr_coach_get_state (expected->coach) == expected->state;
}

static void
await (Stage *stage, PrCoachState state)
{
    Expected expected = { stage->coach, state };

    if (!pr_test_run_until (is_in_state, &expected, SECONDS))
        g_error ("the coach is in state %d, and not %d", pr_coach_get_state (stage->coach), state);
}

typedef struct {
    const char *scenario;
    PrPhoneMode before;
    PrCoachTask task;
    const char *buttons; /* where the buttons bring the phone */
    PrCoachState state;
} Case;

static const Case cases[] = {
    { "[phone]\n", PR_PHONE_MODE_NORMAL, PR_COACH_FORCE_RESTART, "boot normal", PR_COACH_DONE },
    { "[phone]\nmode=recovery\n", PR_PHONE_MODE_RECOVERY, PR_COACH_FORCE_RESTART, "boot normal", PR_COACH_DONE },
    { "[phone]\n", PR_PHONE_MODE_NORMAL, PR_COACH_RECOVERY, "boot recovery", PR_COACH_DONE },
    { "[phone]\n", PR_PHONE_MODE_NORMAL, PR_COACH_DFU, "boot dfu", PR_COACH_DONE },
    { "[phone]\nmode=recovery\n", PR_PHONE_MODE_RECOVERY, PR_COACH_DFU, "boot dfu", PR_COACH_DONE },
    { "[phone]\n", PR_PHONE_MODE_NORMAL, PR_COACH_FORCE_RESTART, "boot recovery", PR_COACH_CORRECTING },
    { "[phone]\n", PR_PHONE_MODE_NORMAL, PR_COACH_RECOVERY, "boot normal", PR_COACH_CORRECTING },
    { "[phone]\n", PR_PHONE_MODE_NORMAL, PR_COACH_DFU, "boot recovery", PR_COACH_CORRECTING },
};

static void
test_buttons (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Stage stage;

        g_test_message ("%zu", i);
        set_up (&stage, cases[i].scenario, cases[i].before, cases[i].task);
        pr_test_phone_tell (stage.desk->virtual, "%s", cases[i].buttons);
        await (&stage, cases[i].state);
        tear_down (&stage);
    }
}

/* A wrong try: the person sees the logo, is corrected, tries again, and comes to DFU mode. */
static void
test_second_try (void)
{
    Stage stage;

    set_up (&stage, "[phone]\n", PR_PHONE_MODE_NORMAL, PR_COACH_DFU);
    pr_coach_see (stage.coach, PR_SIGN_LOGO);
    g_assert_cmpint (pr_coach_get_state (stage.coach), ==, PR_COACH_CORRECTING);
    pr_coach_start (stage.coach);
    pr_coach_tick (stage.coach, COUNT_IN);
    pr_test_phone_tell (stage.desk->virtual, "boot dfu");
    await (&stage, PR_COACH_DONE);
    g_assert_cmpuint (pr_coach_get_tries (stage.coach), ==, 2);
    tear_down (&stage);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/coach-phone/buttons", test_buttons);
    g_test_add_func ("/coach-phone/second-try", test_second_try);
    return g_test_run ();
}
