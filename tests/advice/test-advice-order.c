/* What holds of every answer: for each symptom, each state and each set of steps that were tried.
 *
 * The order of mildness, and what erases, are written here once more, by hand: the code must agree.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-advice-enums.h"
#include "pr-advice.h"

#define IS_TRIED(tried, remedy) (((tried) & PR_TRIED (PR_REMEDY_##remedy)) != 0)

/* The written order of mildness. */
static const PrRemedy order[] = {
    /* look, wait, ask */
    PR_REMEDY_WAIT,
    PR_REMEDY_CHECK_CABLE,
    PR_REMEDY_CHARGE,
    PR_REMEDY_CHECK_COMPUTER,
    PR_REMEDY_TRUST,
    PR_REMEDY_CHECK_BATTERY,
    PR_REMEDY_CHECK_NETWORK,
    PR_REMEDY_CHECK_USED,
    PR_REMEDY_CHECK_CARD,
    PR_REMEDY_LOOK_FOR_COPIES,
    PR_REMEDY_OLD_PASSCODE,
    PR_REMEDY_ASK_OWNER,
    PR_REMEDY_ASK_ORGANISATION,
    /* start anew */
    PR_REMEDY_RESTART,
    PR_REMEDY_LEAVE_RECOVERY,
    PR_REMEDY_FORCE_RESTART,
    PR_REMEDY_SOFT_RESET,
    PR_REMEDY_RUN_EMPTY,
    /* repair on the phone */
    PR_REMEDY_RECOVERY_ASSISTANT,
    PR_REMEDY_UPDATE_ON_PHONE,
    PR_REMEDY_MAKE_ROOM,
    PR_REMEDY_REMOVE_PROFILE,
    PR_REMEDY_RESET_SETTINGS,
    /* save, and a new system that keeps data */
    PR_REMEDY_BACK_UP,
    PR_REMEDY_WINDOWS_BACK_UP,
    PR_REMEDY_SIGN_OUT,
    PR_REMEDY_UPDATE,
    /* replace, erase */
    PR_REMEDY_PUT_BACK,
    PR_REMEDY_NEARBY,
    PR_REMEDY_SECURITY_LOCKOUT,
    PR_REMEDY_ERASE,
    PR_REMEDY_AS_NEW,
    PR_REMEDY_WINDOWS_RESET,
    PR_REMEDY_HARD_RESET,
    PR_REMEDY_RESTORE,
    PR_REMEDY_DFU_RESTORE,
    PR_REMEDY_RECOVERY_TOOL,
    /* service */
    PR_REMEDY_SERVICE,
};

static guint place[PR_N_REMEDIES]; /* in that order */

static void
learn_order (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (order); i++)
        place[order[i]] = i;
}

static gboolean
loses (PrRemedy remedy)
{
    return place[remedy] >= place[PR_REMEDY_PUT_BACK] && remedy != PR_REMEDY_SERVICE;
}

/* The enumeration is in the written order and has no hole, and what it says of losses is so. */
static void
test_order (void)
{
    g_assert_cmpuint (G_N_ELEMENTS (order), ==, PR_N_REMEDIES - 1);
    for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
        const PrRemedyFacts *facts = pr_remedy_get_facts (order[i]);

        g_assert_cmpint (order[i], ==, i + 1);
        g_assert_cmpint (pr_remedy_loses_data (order[i]), ==, loses (order[i]));
        g_assert_nonnull (facts->title);
        g_assert_nonnull (facts->guide);
        g_assert_cmpuint (facts->least, <=, facts->most);
        if (facts->download)
            g_assert_nonnull (facts->needs);
    }
    /* a PIN that was entered wrongly too often asks for days, a start that hangs for an hour: no one time is true */
    g_assert_cmpuint (pr_remedy_get_facts (PR_REMEDY_WAIT)->most, ==, 0);
}

/* All states that matter for the rules; their number in @n_states. */
static PrKnown *
make_states (guint *n_states)
{
    static const struct {
        PrPhoneMode mode;
        PrTrust trust;
    } links[] = {
        { PR_PHONE_MODE_GONE, PR_TRUST_UNKNOWN },     { PR_PHONE_MODE_NORMAL, PR_TRUST_NEVER },
        { PR_PHONE_MODE_NORMAL, PR_TRUST_LOCKED },    { PR_PHONE_MODE_NORMAL, PR_TRUST_TRUSTED },
        { PR_PHONE_MODE_RECOVERY, PR_TRUST_UNKNOWN }, { PR_PHONE_MODE_DFU, PR_TRUST_UNKNOWN },
        { PR_PHONE_MODE_RESTORE, PR_TRUST_UNKNOWN },
    };
    static const guint systems[] = { 0, 1205, 1501, 1806, 2600 };
    guint n = G_N_ELEMENTS (links) * G_N_ELEMENTS (systems) << 8;
    PrKnown *states = g_new0 (PrKnown, n);

    for (guint i = 0; i < n; i++) {
        guint link = (i >> 8) % G_N_ELEMENTS (links), system = (i >> 8) / G_N_ELEMENTS (links);

        states[i] = (PrKnown) {
            .mode = links[link].mode,
            .trust = links[link].trust,
            .system = systems[system],
            .nearby = i & 1 ? PR_ANSWER_NO : PR_ANSWER_UNKNOWN,
            .backup = i & 2 ? PR_ANSWER_YES : PR_ANSWER_UNKNOWN,
            .find_my = i & 4 ? PR_ANSWER_NO : PR_ANSWER_YES,
            .locked = i & 8 ? PR_ANSWER_YES : PR_ANSWER_NO,
            .managed = i & 16 ? PR_ANSWER_YES : PR_ANSWER_UNKNOWN,
            .charged = i & 32 ? PR_ANSWER_YES : PR_ANSWER_NO,
            .has_room = i & 64 ? PR_ANSWER_YES : PR_ANSWER_NO,
            .starts = i & 128 ? PR_ANSWER_NO : PR_ANSWER_YES,
        };
    }
    *n_states = n;
    return states;
}

static void
fail (PrSymptom symptom, const PrKnown *known, PrTried tried, PrRemedy remedy, const char *why)
{
    g_autoptr (GEnumClass) symptoms = g_type_class_ref (PR_TYPE_SYMPTOM);
    g_autoptr (GEnumClass) remedies = g_type_class_ref (PR_TYPE_REMEDY);

    g_error ("%s, mode %d, trust %d, system %u, tried %" G_GINT64_MODIFIER "x: %s: %s",
             g_enum_get_value (symptoms, symptom)->value_nick, known->mode, known->trust, known->system, tried,
             g_enum_get_value (remedies, remedy)->value_nick, why);
}

/* A symptom of a system that does not run as it should: for these, "update before erase" is the rule of Apple too. */
static gboolean
is_broken_system (PrSymptom symptom)
{
    return symptom == PR_SYMPTOM_FROZEN || symptom == PR_SYMPTOM_APPLE_LOGO || symptom == PR_SYMPTOM_RESTARTS ||
           symptom == PR_SYMPTOM_RECOVERY_SCREEN || symptom == PR_SYMPTOM_CRASHES;
}

/* Never: whom the phone belongs to has not agreed, or no reset is known to cure it. */
static gboolean
must_never_lose (PrSymptom symptom, const PrKnown *known)
{
    switch ((int) symptom) {
    case PR_SYMPTOM_STRANGERS_ACCOUNT:
    case PR_SYMPTOM_NO_CHARGE:
    case PR_SYMPTOM_NOT_SEEN:
    case PR_SYMPTOM_WINDOWS_AIRPLANE:
    case PR_SYMPTOM_WINDOWS_CARD:
        return TRUE;
    case PR_SYMPTOM_BOUGHT_USED:
        return known->managed == PR_ANSWER_YES || known->locked == PR_ANSWER_YES;
    case PR_SYMPTOM_SELLING:
        return known->managed == PR_ANSWER_YES;
    case PR_SYMPTOM_SETUP_STUCK:
        return known->locked == PR_ANSWER_YES;
    case PR_SYMPTOM_BLACK_SCREEN:
        return known->mode == PR_PHONE_MODE_NORMAL; /* a dark screen over a running phone */
    default:
        return FALSE;
    }
}

/* (nullable): which milder step, that the fact sheet knows, should have come first? */
static const char *
find_milder_on_phone (PrSymptom symptom, const PrKnown *known, PrTried tried)
{
    gboolean talks = known->mode == PR_PHONE_MODE_NORMAL && known->trust == PR_TRUST_TRUSTED;

    if (is_broken_system (symptom) && !IS_TRIED (tried, FORCE_RESTART))
        return "a force restart";
    if (is_broken_system (symptom) && known->mode != PR_PHONE_MODE_RESTORE && !IS_TRIED (tried, UPDATE))
        return "an update that keeps data";
    if (known->mode == PR_PHONE_MODE_RECOVERY && !IS_TRIED (tried, LEAVE_RECOVERY))
        return "to leave recovery mode";
    /* one that is being set up holds nothing yet */
    if (talks && known->backup != PR_ANSWER_YES && symptom != PR_SYMPTOM_SETUP_STUCK && !IS_TRIED (tried, BACK_UP))
        return "a backup";
    if (symptom == PR_SYMPTOM_SLOW && !IS_TRIED (tried, RESET_SETTINGS) && known->mode <= PR_PHONE_MODE_NORMAL)
        return "Reset All Settings";
    if (symptom == PR_SYMPTOM_SELLING && known->find_my != PR_ANSWER_NO && !IS_TRIED (tried, SIGN_OUT))
        return "to turn off Find My";
    if (symptom == PR_SYMPTOM_FORGOT_PASSCODE && known->managed == PR_ANSWER_YES && !IS_TRIED (tried, ASK_ORGANISATION))
        return "to ask the organisation";
    return NULL;
}

static const char *
find_milder_on_windows (PrSymptom symptom, const PrKnown *known, PrTried tried, PrRemedy remedy)
{
    gboolean is_wish = symptom == PR_SYMPTOM_WINDOWS_ACCOUNT || symptom == PR_SYMPTOM_WINDOWS_GIVE_AWAY;

    if (symptom != PR_SYMPTOM_WINDOWS_GEARS && !is_wish && !IS_TRIED (tried, SOFT_RESET))
        return "a soft reset";
    if (symptom == PR_SYMPTOM_WINDOWS_PIN && !IS_TRIED (tried, WAIT))
        return "to wait";
    if (symptom == PR_SYMPTOM_WINDOWS_PREVIEW && remedy == PR_REMEDY_HARD_RESET)
        return "nothing: it keeps the system version";
    if (symptom == PR_SYMPTOM_WINDOWS_PIN || symptom == PR_SYMPTOM_WINDOWS_GEARS || known->starts == PR_ANSWER_NO)
        return NULL;
    return remedy == PR_REMEDY_HARD_RESET && !IS_TRIED (tried, WINDOWS_RESET) ? "Settings" : NULL;
}

static void
check_loss (PrSymptom symptom, const PrKnown *known, PrTried tried, PrRemedy remedy)
{
    const char *milder = pr_symptom_is_windows (symptom) ? find_milder_on_windows (symptom, known, tried, remedy)
                                                         : find_milder_on_phone (symptom, known, tried);

    if (must_never_lose (symptom, known))
        fail (symptom, known, tried, remedy, "it must never lose data");
    if (milder)
        fail (symptom, known, tried, remedy, milder);
}

/* What the phone has not got, or what is not asked of it in its state. */
static gboolean
cannot_be (const PrKnown *known, PrRemedy remedy)
{
    gboolean runs = known->mode == PR_PHONE_MODE_GONE || known->mode == PR_PHONE_MODE_NORMAL;

    switch ((int) remedy) {
    case PR_REMEDY_SECURITY_LOCKOUT:
        return !runs || (known->system && known->system < 1502) || known->find_my == PR_ANSWER_NO;
    case PR_REMEDY_OLD_PASSCODE:
        return !runs || (known->system && known->system < 1700);
    case PR_REMEDY_RECOVERY_ASSISTANT:
        return known->system && known->system < 2600;
    case PR_REMEDY_NEARBY:
        return known->nearby == PR_ANSWER_NO;
    case PR_REMEDY_LEAVE_RECOVERY:
        return known->mode != PR_PHONE_MODE_RECOVERY;
    case PR_REMEDY_ASK_ORGANISATION:
        return known->managed != PR_ANSWER_YES;
    case PR_REMEDY_RESTART:
    case PR_REMEDY_UPDATE_ON_PHONE:
    case PR_REMEDY_RESET_SETTINGS:
    case PR_REMEDY_BACK_UP:
    case PR_REMEDY_PUT_BACK:
    case PR_REMEDY_ERASE:
        return !runs;
    default:
        return FALSE;
    }
}

/* The bits of @tried among the rungs of @possible, whose number is @n_possible. */
static PrTried
spread (guint bits, const PrRemedy *possible, guint n_possible)
{
    PrTried tried = 0;

    for (guint i = 0; i < n_possible; i++)
        if (bits & (1u << i))
            tried |= PR_TRIED (possible[i]);
    return tried;
}

/* @possible is in the order of the ladder. */
static void
check (PrSymptom symptom, const PrKnown *known, PrTried tried, const PrRemedy *possible, guint n_possible)
{
    PrAdvice advice = pr_advice_give (symptom, known, tried);
    PrRemedy mildest = PR_REMEDY_NONE;

    for (guint i = 0; i < n_possible; i++)
        if (!(tried & PR_TRIED (possible[i])) && (!mildest || place[possible[i]] < place[mildest]))
            mildest = possible[i];
    if (!mildest && loses (advice.remedy))
        fail (symptom, known, tried, advice.remedy, "everything was tried, and it erases again");
    if (mildest && advice.remedy != mildest)
        fail (symptom, known, tried, advice.remedy, "there is a milder step");
    if (loses (advice.remedy))
        check_loss (symptom, known, tried, advice.remedy);
    if (cannot_be (known, advice.remedy))
        fail (symptom, known, tried, advice.remedy, "it cannot be done there");
    if (!advice.reason)
        fail (symptom, known, tried, advice.remedy, "no reason is given");
}

static guint64
check_state (PrSymptom symptom, const PrKnown *known)
{
    PrAdvice ladder = pr_advice_give (symptom, known, 0);
    PrRemedy possible[PR_MOST_RUNGS];
    PrTried impossible = 0;
    guint n = 0;

    for (guint i = 0; i < ladder.n_rungs; i++) {
        g_assert_cmpint (ladder.rungs[i].state, !=, PR_RUNG_TRIED);
        if (ladder.rungs[i].state == PR_RUNG_NOT_NOW)
            impossible |= PR_TRIED (ladder.rungs[i].remedy);
        else
            possible[n++] = ladder.rungs[i].remedy;
    }
    g_assert_cmpuint (n, >=, 1);
    for (guint bits = 0; bits < 1u << n; bits++)
        check (symptom, known, spread (bits, possible, n) | (bits & 1 ? impossible : 0), possible, n);
    return 1u << n;
}

/* No computer here talks to a Windows Phone; whether one starts is asked of nothing else. */
static gboolean
can_be (PrSymptom symptom, const PrKnown *known)
{
    if (!pr_symptom_is_windows (symptom))
        return known->starts == PR_ANSWER_YES;
    return known->mode == PR_PHONE_MODE_GONE && known->system == 0;
}

static void
test_everything (void)
{
    guint n_states;
    g_autofree PrKnown *states = make_states (&n_states);
    guint64 n_answers = 0;

    for (guint i = 0; i < n_states; i++)
        for (guint symptom = 0; symptom < PR_N_SYMPTOMS; symptom++)
            if (can_be (symptom, &states[i]))
                n_answers += check_state (symptom, &states[i]);
    g_test_message ("%u states, %" G_GUINT64_FORMAT " answers", n_states, n_answers);
}

/* Each ladder goes up, without a step twice, and ends where nothing is lost. */
static void
test_ladders (void)
{
    const PrKnown nothing = { 0 };

    for (guint symptom = 0; symptom < PR_N_SYMPTOMS; symptom++) {
        PrAdvice ladder = pr_advice_give (symptom, &nothing, 0);

        g_assert_nonnull (pr_symptom_get_title (symptom));
        g_assert_nonnull (pr_symptom_get_text (symptom));
        for (guint i = 1; i < ladder.n_rungs; i++)
            if (place[ladder.rungs[i - 1].remedy] >= place[ladder.rungs[i].remedy])
                fail (symptom, &nothing, 0, ladder.rungs[i].remedy, "it is not higher than the rung below");
        g_assert_false (loses (ladder.rungs[ladder.n_rungs - 1].remedy));
    }
}

/* What is not known is never taken for the better: knowing less never leads to a harsher step at once. */
static void
test_unknown (void)
{
    const PrKnown nothing = { 0 };

    for (guint symptom = 0; symptom < PR_N_SYMPTOMS; symptom++) {
        PrAdvice advice = pr_advice_give (symptom, &nothing, 0);

        if (loses (advice.remedy))
            fail (symptom, &nothing, 0, advice.remedy, "the first advice to a stranger loses data");
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    learn_order ();
    g_test_add_func ("/advice/order", test_order);
    g_test_add_func ("/advice/ladders", test_ladders);
    g_test_add_func ("/advice/unknown", test_unknown);
    g_test_add_func ("/advice/everything", test_everything);
    return g_test_run ();
}
