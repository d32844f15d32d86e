/* The machine that leads through a sequence: time, what the person sees, what the phone does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-coach.h"

#define COUNT_IN 3
#define SLOW_COUNT_IN 8

static PrCoach *
make (const char *product_type, PrCoachTask task, PrPhoneMode mode)
{
    PrCoachSequence sequence;

    g_assert_true (pr_coach_find_sequence (product_type, task, mode == PR_PHONE_MODE_RECOVERY, &sequence));
    return pr_coach_new (&sequence, mode);
}

static PrCoach *
make_windows (PrWindowsKind kind, PrCoachTask task)
{
    PrCoachSequence sequence;

    g_assert_true (pr_coach_find_windows_sequence (kind, task, &sequence));
    return pr_coach_new (&sequence, PR_PHONE_MODE_GONE);
}

/* Started, and the count-in is over. */
static PrCoach *
make_moving (const char *product_type, PrCoachTask task, PrPhoneMode mode)
{
    PrCoach *coach = make (product_type, task, mode);

    pr_coach_start (coach);
    pr_coach_tick (coach, COUNT_IN);
    g_assert_cmpint (pr_coach_get_state (coach), ==, PR_COACH_MOVING);
    return coach;
}

static void
assert_state (PrCoach *coach, PrCoachState state)
{
    g_assert_cmpint (pr_coach_get_state (coach), ==, state);
    g_assert_nonnull (pr_coach_get_text (coach));
}

static void
assert_says (const char *text, const char *part)
{
    if (!text || !strstr (text, part))
        g_error ("“%s” does not say “%s”", text ? text : "", part);
}

static void
test_ready (void)
{
    g_autoptr (PrCoach) coach = make ("iPhone14,7", PR_COACH_RECOVERY, PR_PHONE_MODE_NORMAL);

    assert_state (coach, PR_COACH_READY);
    assert_says (pr_coach_get_text (coach), "Connect the phone");
    assert_says (pr_coach_get_warning (coach), "emergency call");
    g_assert_cmpuint (pr_coach_get_tries (coach), ==, 0);
    g_assert_cmpuint (pr_coach_get_signs (coach), ==, 0);
    pr_coach_tick (coach, 100);
    pr_coach_see (coach, PR_SIGN_PICTURE);
    pr_coach_set_mode (coach, PR_PHONE_MODE_GONE);
    pr_coach_set_mode (coach, PR_PHONE_MODE_RECOVERY);
    assert_state (coach, PR_COACH_READY);
}

/* Step by step through DFU mode of a phone without a Home button: presses by the clock, holds with their seconds, and
 * which finger comes off. */
static void
test_clock (void)
{
    g_autoptr (PrCoach) coach = make ("iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);

    pr_coach_start (coach);
    assert_state (coach, PR_COACH_COUNTING_IN);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, 0);
    pr_coach_tick (coach, 1);
    g_assert_cmpfloat_with_epsilon (pr_coach_get_seconds (coach), 2, 0.001);
    pr_coach_tick (coach, 2);
    assert_state (coach, PR_COACH_MOVING);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_VOLUME_UP);
    pr_coach_tick (coach, 1);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_VOLUME_DOWN);
    pr_coach_tick (coach, 1);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_SIDE);
    pr_coach_tick (coach, 9.5);
    g_assert_cmpfloat_with_epsilon (pr_coach_get_seconds (coach), 9.5, 0.001);
    pr_coach_tick (coach, 0.5);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_SIDE | PR_BUTTON_VOLUME_DOWN);
    g_assert_cmpuint (pr_coach_get_released (coach), ==, 0);
    pr_coach_tick (coach, 5);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_VOLUME_DOWN);
    g_assert_cmpuint (pr_coach_get_released (coach), ==, PR_BUTTON_SIDE);
    pr_coach_tick (coach, 10);
    assert_state (coach, PR_COACH_ASKING);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, 0);
}

/* One tick that is late (a busy computer) ends where many small ones do. */
static void
test_late_tick (void)
{
    g_autoptr (PrCoach) fine = make ("iPad13,18", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrCoach) coarse = make ("iPad13,18", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);

    pr_coach_start (fine);
    pr_coach_start (coarse);
    for (guint i = 0; i < 18 * 8; i++)
        pr_coach_tick (fine, 0.125);
    pr_coach_tick (coarse, 18);
    g_assert_cmpuint (pr_coach_get_step (fine), ==, pr_coach_get_step (coarse));
    g_assert_cmpfloat_with_epsilon (pr_coach_get_seconds (fine), pr_coach_get_seconds (coarse), 0.001);
    pr_coach_tick (coarse, 1e9);
    assert_state (coarse, PR_COACH_ASKING);
}

/* Every sequence comes to an end by the clock alone. */
static void
test_ends (void)
{
    for (PrCoachTask task = PR_COACH_FORCE_RESTART; task <= PR_COACH_SHUT_DOWN; task++) {
        g_autoptr (PrCoach) coach = make ("iPhone99,1", task, PR_PHONE_MODE_NORMAL);

        pr_coach_start (coach);
        for (guint i = 0; i < 300; i++)
            pr_coach_tick (coach, 1);
        assert_state (coach, PR_COACH_ASKING);
    }
}

typedef struct {
    const char *product_type;
    PrCoachTask task;
    PrPhoneMode before;
    PrPhoneMode arrives;
    const char *fault; /* NULL: it worked */
} Arrival;

static const Arrival arrivals[] = {
    { "iPhone14,7", PR_COACH_FORCE_RESTART, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_NORMAL, NULL },
    { "iPhone8,1", PR_COACH_FORCE_RESTART, PR_PHONE_MODE_RECOVERY, PR_PHONE_MODE_NORMAL, NULL },
    { "iPad99,1", PR_COACH_FORCE_RESTART, PR_PHONE_MODE_GONE, PR_PHONE_MODE_NORMAL, NULL },
    { "iPhone14,7", PR_COACH_FORCE_RESTART, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_RECOVERY, "held past the logo" },
    { "iPhone14,7", PR_COACH_FORCE_RESTART, PR_PHONE_MODE_RECOVERY, PR_PHONE_MODE_RECOVERY, "leave that mode" },
    { "iPhone14,7", PR_COACH_RECOVERY, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_RECOVERY, NULL },
    { "iPhone9,1", PR_COACH_RECOVERY, PR_PHONE_MODE_GONE, PR_PHONE_MODE_RECOVERY, NULL },
    { "iPad13,18", PR_COACH_RECOVERY, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_NORMAL, "too early" },
    { "iPhone14,7", PR_COACH_RECOVERY, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_DFU, "deeper" },
    { "iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_DFU, NULL },
    { "iPhone8,1", PR_COACH_DFU, PR_PHONE_MODE_RECOVERY, PR_PHONE_MODE_DFU, NULL },
    { "iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_NORMAL, "too short" },
    { "iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_RECOVERY, "too late" },
    { "iPhone14,7", PR_COACH_SHUT_DOWN, PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_NORMAL, "cable" },
};

/* The phone leaves the bus, and comes back in some mode: the coach ends by itself, or says what went wrong. */
static void
test_arrivals (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (arrivals); i++) {
        const Arrival *it = &arrivals[i];
        g_autoptr (PrCoach) coach = make_moving (it->product_type, it->task, it->before);

        g_test_message ("%zu", i);
        pr_coach_set_mode (coach, PR_PHONE_MODE_GONE);
        assert_state (coach, PR_COACH_MOVING);
        pr_coach_set_mode (coach, it->arrives);
        assert_state (coach, it->fault ? PR_COACH_CORRECTING : PR_COACH_DONE);
        if (it->fault)
            assert_says (pr_coach_get_text (coach), it->fault);
    }
}

/* It was there all the time: that proves nothing. */
static void
test_no_news (void)
{
    g_autoptr (PrCoach) restart = make_moving ("iPhone14,7", PR_COACH_FORCE_RESTART, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrCoach) recovery = make_moving ("iPhone14,7", PR_COACH_RECOVERY, PR_PHONE_MODE_RECOVERY);

    pr_coach_set_mode (restart, PR_PHONE_MODE_NORMAL);
    assert_state (restart, PR_COACH_MOVING);
    pr_coach_set_mode (recovery, PR_PHONE_MODE_RECOVERY);
    assert_state (recovery, PR_COACH_MOVING);
}

/* It comes late, while the coach asks, or after a correction, or in a pause: it still ends by itself. */
static void
test_late_arrival (void)
{
    g_autoptr (PrCoach) asking = make_moving ("iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrCoach) correcting = make_moving ("iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrCoach) paused = make_moving ("iPhone14,7", PR_COACH_RECOVERY, PR_PHONE_MODE_NORMAL);

    pr_coach_tick (asking, 60);
    assert_state (asking, PR_COACH_ASKING);
    pr_coach_set_mode (asking, PR_PHONE_MODE_DFU);
    assert_state (asking, PR_COACH_DONE);
    pr_coach_tick (correcting, 60);
    pr_coach_see (correcting, PR_SIGN_BLACK);
    assert_state (correcting, PR_COACH_CORRECTING);
    pr_coach_set_mode (correcting, PR_PHONE_MODE_DFU);
    assert_state (correcting, PR_COACH_DONE);
    pr_coach_pause (paused);
    pr_coach_set_mode (paused, PR_PHONE_MODE_RECOVERY);
    assert_state (paused, PR_COACH_DONE);
}

/* "It has switched off" while the button is held, in force restart only a word in between. */
static void
test_hint_when_off (void)
{
    g_autoptr (PrCoach) coach = make_moving ("iPhone14,7", PR_COACH_FORCE_RESTART, PR_PHONE_MODE_NORMAL);

    pr_coach_tick (coach, 2);
    g_assert_null (pr_coach_get_hint (coach));
    pr_coach_set_mode (coach, PR_PHONE_MODE_GONE);
    assert_says (pr_coach_get_hint (coach), "Keep holding");
    pr_coach_see (coach, PR_SIGN_LOGO);
    assert_state (coach, PR_COACH_DONE);
    g_assert_null (pr_coach_get_hint (coach));
    g_assert_null (pr_coach_get_warning (coach));
}

static void
test_shut_down (void)
{
    g_autoptr (PrCoach) cabled = make_moving ("iPhone14,7", PR_COACH_SHUT_DOWN, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrCoach) alone = make_moving ("iPhone8,1", PR_COACH_SHUT_DOWN, PR_PHONE_MODE_GONE);

    g_assert_cmpuint (pr_coach_get_held (cabled), ==, PR_BUTTON_SIDE | PR_BUTTON_VOLUME_DOWN);
    pr_coach_see (cabled, PR_SIGN_SLIDER);
    assert_says (pr_coach_get_text (cabled), "not the one for SOS");
    g_assert_cmpuint (pr_coach_get_released (cabled), ==, PR_BUTTON_SIDE | PR_BUTTON_VOLUME_DOWN);
    pr_coach_set_mode (cabled, PR_PHONE_MODE_GONE);
    assert_state (cabled, PR_COACH_DONE);
    pr_coach_see (alone, PR_SIGN_SLIDER);
    pr_coach_see (alone, PR_SIGN_BLACK);
    assert_state (alone, PR_COACH_DONE);
}

typedef struct {
    const char *product_type;
    PrCoachTask task;
    double after; /* seconds after the count-in; 100: while it asks */
    PrSign sign;
    PrCoachState state;
    const char *says; /* in the hint while it moves on, else in the text */
} Sight;

static const Sight sights[] = {
    { "iPhone14,7", PR_COACH_FORCE_RESTART, 8, PR_SIGN_LOGO, PR_COACH_DONE, "restarts" },
    { "iPhone14,7", PR_COACH_FORCE_RESTART, 8, PR_SIGN_SLIDER, PR_COACH_MOVING, "keep holding" },
    { "iPhone14,7", PR_COACH_FORCE_RESTART, 8, PR_SIGN_NOTHING, PR_COACH_MOVING, "Keep holding" },
    { "iPhone14,7", PR_COACH_FORCE_RESTART, 100, PR_SIGN_NOTHING, PR_COACH_CORRECTING, "hold on longer" },
    { "iPhone14,7", PR_COACH_FORCE_RESTART, 100, PR_SIGN_PICTURE, PR_COACH_CORRECTING, "recovery mode" },
    { "iPhone14,7", PR_COACH_RECOVERY, 8, PR_SIGN_LOGO, PR_COACH_MOVING, "not the end yet" },
    { "iPhone14,7", PR_COACH_RECOVERY, 100, PR_SIGN_LOGO, PR_COACH_CORRECTING, "let go too early" },
    { "iPhone14,7", PR_COACH_RECOVERY, 8, PR_SIGN_PICTURE, PR_COACH_DONE, "recovery mode" },
    { "iPad13,18", PR_COACH_RECOVERY, 100, PR_SIGN_PICTURE, PR_COACH_DONE, "recovery mode" },
    { "iPhone14,7", PR_COACH_DFU, 8, PR_SIGN_LOGO, PR_COACH_CORRECTING, "stays black" },
    { "iPhone8,1", PR_COACH_DFU, 12, PR_SIGN_LOGO, PR_COACH_CORRECTING, "stays black" },
    { "iPhone9,1", PR_COACH_DFU, 100, PR_SIGN_PICTURE, PR_COACH_CORRECTING, "recovery mode" },
    { "iPhone14,7", PR_COACH_DFU, 100, PR_SIGN_BLACK, PR_COACH_CORRECTING, "may just be off" },
    { "iPhone14,7", PR_COACH_DFU, 8, PR_SIGN_BLACK, PR_COACH_MOVING, "Keep holding" },
    { "iPhone14,7", PR_COACH_SHUT_DOWN, 100, PR_SIGN_NOTHING, PR_COACH_MOVING, NULL },
    { "iPhone14,7", PR_COACH_SHUT_DOWN, 300, PR_SIGN_NOTHING, PR_COACH_CORRECTING, "force restart" },
};

static void
test_sights (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (sights); i++) {
        const Sight *it = &sights[i];
        g_autoptr (PrCoach) coach = make_moving (it->product_type, it->task, PR_PHONE_MODE_GONE);

        g_test_message ("%zu", i);
        pr_coach_tick (coach, it->after);
        pr_coach_see (coach, it->sign);
        if (it->says)
            assert_state (coach, it->state);
        if (it->says)
            assert_says (it->state == PR_COACH_MOVING ? pr_coach_get_hint (coach) : pr_coach_get_text (coach),
                         it->says);
    }
}

/* The SOS slider stops everything, at every moment, says how to cancel, and what to do otherwise; then it goes on. */
static void
test_sos (void)
{
    static const double moments[] = { 0, 1, 2.5, 13, 100 };

    for (gsize i = 0; i < G_N_ELEMENTS (moments); i++) {
        g_autoptr (PrCoach) coach = make_moving ("iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);

        pr_coach_tick (coach, moments[i]);
        g_assert_true (pr_coach_get_signs (coach) & (1u << PR_SIGN_SOS));
        pr_coach_see (coach, PR_SIGN_SOS);
        assert_state (coach, PR_COACH_CORRECTING);
        assert_says (pr_coach_get_text (coach), "Cancel the emergency call");
        g_assert_cmpuint (pr_coach_get_held (coach), ==, 0);
        pr_coach_start (coach);
        assert_state (coach, PR_COACH_COUNTING_IN);
        g_assert_cmpuint (pr_coach_get_tries (coach), ==, 2);
    }
}

/* Before the hold of side and volume the warning is there again, and not during what is harmless. */
static void
test_warning_before_hold (void)
{
    g_autoptr (PrCoach) coach = make_moving ("iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrCoach) home = make_moving ("iPhone8,1", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);

    g_assert_null (pr_coach_get_warning (coach));
    pr_coach_tick (coach, 2);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_SIDE);
    assert_says (pr_coach_get_warning (coach), "emergency call");
    pr_coach_tick (coach, 10);
    assert_says (pr_coach_get_warning (coach), "emergency call");
    pr_coach_tick (coach, 5);
    g_assert_null (pr_coach_get_warning (coach));
    g_assert_null (pr_coach_get_warning (home));
    g_assert_false (pr_coach_get_signs (home) & (1u << PR_SIGN_SOS));
}

static void
test_pause (void)
{
    g_autoptr (PrCoach) coach = make_moving ("iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);

    pr_coach_tick (coach, 5);
    pr_coach_pause (coach);
    assert_state (coach, PR_COACH_PAUSED);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, 0);
    pr_coach_tick (coach, 100);
    pr_coach_next (coach);
    assert_state (coach, PR_COACH_PAUSED);
    pr_coach_resume (coach);
    assert_state (coach, PR_COACH_COUNTING_IN);
    g_assert_cmpuint (pr_coach_get_step (coach), ==, 0);
    g_assert_cmpuint (pr_coach_get_tries (coach), ==, 1);
    pr_coach_resume (coach);
    assert_state (coach, PR_COACH_COUNTING_IN);
}

/* Slow hands get more time to press and to begin, but a hold is a hold. */
static void
test_slow (void)
{
    g_autoptr (PrCoach) coach = make ("iPhone14,7", PR_COACH_DFU, PR_PHONE_MODE_NORMAL);

    pr_coach_set_slow (coach, TRUE);
    pr_coach_start (coach);
    pr_coach_tick (coach, COUNT_IN);
    assert_state (coach, PR_COACH_COUNTING_IN);
    pr_coach_tick (coach, SLOW_COUNT_IN - COUNT_IN);
    assert_state (coach, PR_COACH_MOVING);
    pr_coach_tick (coach, 2.9);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_VOLUME_UP);
    pr_coach_tick (coach, 3.1);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_SIDE);
    pr_coach_tick (coach, 10);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_SIDE | PR_BUTTON_VOLUME_DOWN);
}

/* "I have done it" after a press; a hold cannot be cut short. */
static void
test_next (void)
{
    g_autoptr (PrCoach) coach = make_moving ("iPhone14,7", PR_COACH_RECOVERY, PR_PHONE_MODE_NORMAL);

    pr_coach_next (coach);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_VOLUME_DOWN);
    pr_coach_next (coach);
    pr_coach_tick (coach, 5);
    pr_coach_next (coach);
    assert_state (coach, PR_COACH_MOVING);
    pr_coach_tick (coach, 6);
    pr_coach_next (coach);
    assert_state (coach, PR_COACH_ASKING);
}

/* After three tries another way is offered: by Settings, or by the cable. */
static void
test_tries (void)
{
    g_autoptr (PrCoach) coach = make ("iPhone14,7", PR_COACH_SHUT_DOWN, PR_PHONE_MODE_NORMAL);

    for (guint i = 1; i <= 3; i++) {
        g_assert_false (pr_coach_offers_other_way (coach));
        pr_coach_start (coach);
        pr_coach_start (coach); /* a second press of the button is no second try */
        g_assert_cmpuint (pr_coach_get_tries (coach), ==, i);
        pr_coach_tick (coach, 1000);
        pr_coach_see (coach, PR_SIGN_NOTHING);
        assert_state (coach, PR_COACH_CORRECTING);
    }
    g_assert_true (pr_coach_offers_other_way (coach));
    assert_says (pr_coach_get_sequence (coach)->other_way, "Settings › General › Shut Down");
}

/* The hard reset of a Lumia, as Microsoft's wiki has it: vibration, release, hold, "!", four keys, gears, language. */
static void
test_lumia_hard (void)
{
    static const guint keys[] = { PR_BUTTON_VOLUME_UP, PR_BUTTON_VOLUME_DOWN, PR_BUTTON_SIDE, PR_BUTTON_VOLUME_DOWN };
    g_autoptr (PrCoach) coach = make_windows (PR_WINDOWS_LUMIA, PR_COACH_HARD_RESET);

    assert_says (pr_coach_get_warning (coach), "erases everything");
    pr_coach_start (coach);
    pr_coach_tick (coach, COUNT_IN + 12);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_SIDE | PR_BUTTON_VOLUME_DOWN);
    assert_says (pr_coach_get_warning (coach), "does not ask again");
    pr_coach_see (coach, PR_SIGN_VIBRATION);
    g_assert_cmpuint (pr_coach_get_held (coach), ==, PR_BUTTON_VOLUME_DOWN);
    g_assert_cmpuint (pr_coach_get_released (coach), ==, PR_BUTTON_SIDE);
    pr_coach_see (coach, PR_SIGN_MARK);
    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
        g_assert_cmpuint (pr_coach_get_held (coach), ==, keys[i]);
        pr_coach_tick (coach, 1);
    }
    g_assert_cmpuint (pr_coach_get_held (coach), ==, 0);
    pr_coach_tick (coach, 1800);
    assert_state (coach, PR_COACH_MOVING);
    pr_coach_see (coach, PR_SIGN_LANGUAGE);
    assert_state (coach, PR_COACH_DONE);
    assert_says (pr_coach_get_text (coach), "same Microsoft account");
}

static void
test_lumia_corrections (void)
{
    g_autoptr (PrCoach) coach = make_windows (PR_WINDOWS_LUMIA, PR_COACH_HARD_RESET);

    pr_coach_start (coach);
    pr_coach_tick (coach, COUNT_IN + 12);
    pr_coach_see (coach, PR_SIGN_VIBRATION);
    pr_coach_see (coach, PR_SIGN_LOGO);
    assert_state (coach, PR_COACH_CORRECTING);
    assert_says (pr_coach_get_text (coach), "at once");
    pr_coach_start (coach);
    pr_coach_tick (coach, COUNT_IN + 3 * 3600);
    assert_state (coach, PR_COACH_ASKING);
    pr_coach_see (coach, PR_SIGN_NOTHING);
    assert_says (pr_coach_get_text (coach), "three tries");
    g_assert_cmpuint (pr_coach_get_tries (coach), ==, 2);
}

static void
test_lumia_soft (void)
{
    g_autoptr (PrCoach) coach = make_windows (PR_WINDOWS_LUMIA, PR_COACH_SOFT_RESET);

    g_assert_null (pr_coach_get_warning (coach));
    pr_coach_start (coach);
    pr_coach_tick (coach, COUNT_IN + 11);
    assert_says (pr_coach_get_text (coach), "Do not touch the screen");
    pr_coach_see (coach, PR_SIGN_VIBRATION);
    assert_state (coach, PR_COACH_DONE);
    assert_says (pr_coach_get_text (coach), "Nothing was lost");
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/coach/ready", test_ready);
    g_test_add_func ("/coach/clock", test_clock);
    g_test_add_func ("/coach/clock/late", test_late_tick);
    g_test_add_func ("/coach/clock/ends", test_ends);
    g_test_add_func ("/coach/arrivals", test_arrivals);
    g_test_add_func ("/coach/arrivals/no-news", test_no_news);
    g_test_add_func ("/coach/arrivals/late", test_late_arrival);
    g_test_add_func ("/coach/off", test_hint_when_off);
    g_test_add_func ("/coach/shut-down", test_shut_down);
    g_test_add_func ("/coach/sights", test_sights);
    g_test_add_func ("/coach/sos", test_sos);
    g_test_add_func ("/coach/sos/before", test_warning_before_hold);
    g_test_add_func ("/coach/pause", test_pause);
    g_test_add_func ("/coach/slow", test_slow);
    g_test_add_func ("/coach/next", test_next);
    g_test_add_func ("/coach/tries", test_tries);
    g_test_add_func ("/coach/lumia/hard", test_lumia_hard);
    g_test_add_func ("/coach/lumia/corrections", test_lumia_corrections);
    g_test_add_func ("/coach/lumia/soft", test_lumia_soft);
    return g_test_run ();
}
