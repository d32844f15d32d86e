/* The table of advice: for what people say, and what is known of the phone, which step comes next.
 *
 * Written from what Apple's and Microsoft's support pages and the reports of others say, not from the rules: each line
 * is to be read as "who says this of such a phone, and has tried that, is told to …".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-advice-enums.h"
#include "pr-advice.h"

#define T(remedy) PR_TRIED (PR_REMEDY_##remedy)

#define READ                                                                                                           \
    .mode = PR_PHONE_MODE_NORMAL, .trust = PR_TRUST_TRUSTED, .charged = PR_ANSWER_YES, .has_room = PR_ANSWER_YES,      \
    .managed = PR_ANSWER_NO, .locked = PR_ANSWER_NO

/* The phones of the table. */
static const PrKnown unseen; /* none is connected */
static const PrKnown well = { READ, .system = 1806, .nearby = PR_ANSWER_NO, .find_my = PR_ANSWER_YES };
static const PrKnown newest = { READ, .system = 2600, .nearby = PR_ANSWER_YES, .find_my = PR_ANSWER_YES };
static const PrKnown old = { READ, .system = 1205, .nearby = PR_ANSWER_NO, .find_my = PR_ANSWER_NO };
static const PrKnown saved = { READ, .system = 1806, .nearby = PR_ANSWER_NO, .find_my = PR_ANSWER_NO,
                               .backup = PR_ANSWER_YES };
static const PrKnown full = { .mode = PR_PHONE_MODE_NORMAL,
                              .trust = PR_TRUST_TRUSTED,
                              .system = 1806,
                              .charged = PR_ANSWER_YES,
                              .has_room = PR_ANSWER_NO };
static const PrKnown empty = { .mode = PR_PHONE_MODE_NORMAL,
                               .trust = PR_TRUST_TRUSTED,
                               .system = 1806,
                               .charged = PR_ANSWER_NO };
static const PrKnown stranger = { .mode = PR_PHONE_MODE_NORMAL, .trust = PR_TRUST_NEVER };
static const PrKnown shut = { .mode = PR_PHONE_MODE_NORMAL, .trust = PR_TRUST_LOCKED, .system = 1806 };
static const PrKnown shut_old = { .mode = PR_PHONE_MODE_NORMAL, .trust = PR_TRUST_LOCKED, .system = 1501 };
static const PrKnown shut_15_2 = { .mode = PR_PHONE_MODE_NORMAL, .trust = PR_TRUST_LOCKED, .system = 1502 };
static const PrKnown managed = { .mode = PR_PHONE_MODE_NORMAL,
                                 .trust = PR_TRUST_TRUSTED,
                                 .system = 1806,
                                 .managed = PR_ANSWER_YES };
static const PrKnown owned = { .mode = PR_PHONE_MODE_NORMAL, .trust = PR_TRUST_NEVER, .locked = PR_ANSWER_YES };
static const PrKnown recovery = { .mode = PR_PHONE_MODE_RECOVERY, .system = 1806, .nearby = PR_ANSWER_NO };
static const PrKnown recovery_new = { .mode = PR_PHONE_MODE_RECOVERY, .system = 2601, .nearby = PR_ANSWER_YES };
static const PrKnown recovery_unknown = { .mode = PR_PHONE_MODE_RECOVERY };
static const PrKnown dfu = { .mode = PR_PHONE_MODE_DFU };
static const PrKnown restoring = { .mode = PR_PHONE_MODE_RESTORE };
static const PrKnown lumia_on = { .starts = PR_ANSWER_YES };
static const PrKnown lumia_off = { .starts = PR_ANSWER_NO };

static const struct {
    PrSymptom symptom;
    const PrKnown *known;
    PrTried tried;
    PrRemedy remedy;
} cases[] = {
#define CASE(symptom, known, tried, remedy) { PR_SYMPTOM_##symptom, &known, tried, PR_REMEDY_##remedy }
    /* frozen: restart by the computer while it answers, else by the buttons; then a new system, data kept */
    CASE (FROZEN, unseen, 0, FORCE_RESTART),
    CASE (FROZEN, well, 0, RESTART),
    CASE (FROZEN, well, T (RESTART), FORCE_RESTART),
    CASE (FROZEN, well, T (RESTART) | T (FORCE_RESTART), BACK_UP),
    CASE (FROZEN, well, T (RESTART) | T (FORCE_RESTART) | T (BACK_UP), UPDATE),
    CASE (FROZEN, saved, T (RESTART) | T (FORCE_RESTART), UPDATE),
    CASE (FROZEN, saved, T (RESTART) | T (FORCE_RESTART) | T (UPDATE), RESTORE),
    CASE (FROZEN, shut, 0, FORCE_RESTART),
    CASE (FROZEN, stranger, 0, FORCE_RESTART),
    CASE (FROZEN, recovery, 0, LEAVE_RECOVERY),
    CASE (FROZEN, recovery, T (LEAVE_RECOVERY), FORCE_RESTART),
    CASE (FROZEN, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART), UPDATE),
    CASE (FROZEN, restoring, 0, WAIT),
    CASE (FROZEN, restoring, T (WAIT), CHECK_CABLE),
    CASE (FROZEN, unseen, T (FORCE_RESTART), RECOVERY_ASSISTANT),
    CASE (FROZEN, unseen, T (FORCE_RESTART) | T (RECOVERY_ASSISTANT), UPDATE),

    /* black: the battery first; DFU mode is black too; a phone that runs has a broken screen */
    CASE (BLACK_SCREEN, unseen, 0, CHARGE),
    CASE (BLACK_SCREEN, unseen, T (CHARGE), FORCE_RESTART),
    CASE (BLACK_SCREEN, unseen, T (CHARGE) | T (FORCE_RESTART), UPDATE),
    CASE (BLACK_SCREEN, unseen, T (CHARGE) | T (FORCE_RESTART) | T (UPDATE), RESTORE),
    CASE (BLACK_SCREEN, unseen, T (CHARGE) | T (FORCE_RESTART) | T (UPDATE) | T (RESTORE), DFU_RESTORE),
    CASE (BLACK_SCREEN, dfu, 0, FORCE_RESTART),
    CASE (BLACK_SCREEN, dfu, T (FORCE_RESTART), UPDATE),
    CASE (BLACK_SCREEN, recovery, 0, LEAVE_RECOVERY),
    CASE (BLACK_SCREEN, well, 0, FORCE_RESTART),
    CASE (BLACK_SCREEN, empty, 0, CHARGE),
    CASE (BLACK_SCREEN, well, T (FORCE_RESTART), BACK_UP),
    CASE (BLACK_SCREEN, saved, T (FORCE_RESTART), UPDATE),
    CASE (BLACK_SCREEN, saved, T (FORCE_RESTART) | T (UPDATE), SERVICE),
    CASE (BLACK_SCREEN, shut, T (CHARGE) | T (FORCE_RESTART) | T (UPDATE), SERVICE),
    CASE (BLACK_SCREEN, restoring, 0, WAIT),

    /* the Apple logo: an update takes time; then as for a system that does not start */
    CASE (APPLE_LOGO, unseen, 0, WAIT),
    CASE (APPLE_LOGO, unseen, T (WAIT), FORCE_RESTART),
    CASE (APPLE_LOGO, unseen, T (WAIT) | T (FORCE_RESTART), RECOVERY_ASSISTANT),
    CASE (APPLE_LOGO, recovery, 0, LEAVE_RECOVERY),
    CASE (APPLE_LOGO, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART), UPDATE),
    CASE (APPLE_LOGO, recovery_new, T (LEAVE_RECOVERY) | T (FORCE_RESTART), RECOVERY_ASSISTANT),
    CASE (APPLE_LOGO, recovery_new, T (LEAVE_RECOVERY) | T (FORCE_RESTART) | T (RECOVERY_ASSISTANT), UPDATE),
    CASE (APPLE_LOGO,
          recovery_new,
          T (LEAVE_RECOVERY) | T (FORCE_RESTART) | T (RECOVERY_ASSISTANT) | T (UPDATE),
          NEARBY),
    CASE (APPLE_LOGO, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART) | T (UPDATE), RESTORE),
    CASE (APPLE_LOGO, restoring, 0, WAIT),
    CASE (APPLE_LOGO, restoring, T (WAIT), CHECK_CABLE),

    /* it starts over and over: charge half an hour, the phone's own repair, update, only then erase */
    CASE (RESTARTS, unseen, 0, CHARGE),
    CASE (RESTARTS, unseen, T (CHARGE), FORCE_RESTART),
    CASE (RESTARTS, unseen, T (CHARGE) | T (FORCE_RESTART), RECOVERY_ASSISTANT),
    CASE (RESTARTS, unseen, T (CHARGE) | T (FORCE_RESTART) | T (RECOVERY_ASSISTANT), UPDATE),
    CASE (RESTARTS, well, 0, FORCE_RESTART),
    CASE (RESTARTS, well, T (FORCE_RESTART), BACK_UP),
    CASE (RESTARTS, newest, T (FORCE_RESTART), RECOVERY_ASSISTANT),
    CASE (RESTARTS, recovery, 0, LEAVE_RECOVERY),
    CASE (RESTARTS, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART), UPDATE),
    CASE (RESTARTS, recovery_new, T (LEAVE_RECOVERY) | T (FORCE_RESTART) | T (RECOVERY_ASSISTANT) | T (UPDATE), NEARBY),

    /* the recovery screen */
    CASE (RECOVERY_SCREEN, unseen, 0, CHECK_CABLE),
    CASE (RECOVERY_SCREEN, unseen, T (CHECK_CABLE), FORCE_RESTART),
    CASE (RECOVERY_SCREEN, recovery, 0, LEAVE_RECOVERY),
    CASE (RECOVERY_SCREEN, recovery_unknown, 0, LEAVE_RECOVERY),
    CASE (RECOVERY_SCREEN, recovery, T (LEAVE_RECOVERY), FORCE_RESTART),
    CASE (RECOVERY_SCREEN, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART), UPDATE),
    CASE (RECOVERY_SCREEN, recovery_unknown, T (LEAVE_RECOVERY) | T (FORCE_RESTART), RECOVERY_ASSISTANT),
    CASE (RECOVERY_SCREEN, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART) | T (UPDATE), RESTORE),
    CASE (RECOVERY_SCREEN, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART) | T (UPDATE) | T (RESTORE), DFU_RESTORE),
    CASE (RECOVERY_SCREEN,
          recovery,
          T (LEAVE_RECOVERY) | T (FORCE_RESTART) | T (UPDATE) | T (RESTORE) | T (DFU_RESTORE),
          SERVICE),
    CASE (RECOVERY_SCREEN, dfu, 0, FORCE_RESTART),
    CASE (RECOVERY_SCREEN, restoring, 0, WAIT),

    /* a passcode that nobody knows: the previous one for 72 hours from iOS 17 on; who manages the phone can clear it;
     * the lock screen from iOS 15.2 on with Find My; else recovery mode */
    CASE (FORGOT_PASSCODE, unseen, 0, OLD_PASSCODE),
    CASE (FORGOT_PASSCODE, shut, 0, OLD_PASSCODE),
    CASE (FORGOT_PASSCODE, shut, T (OLD_PASSCODE), SECURITY_LOCKOUT),
    CASE (FORGOT_PASSCODE, shut, T (OLD_PASSCODE) | T (SECURITY_LOCKOUT), RESTORE),
    CASE (FORGOT_PASSCODE, well, T (OLD_PASSCODE), BACK_UP),
    CASE (FORGOT_PASSCODE, saved, T (OLD_PASSCODE), RESTORE),
    CASE (FORGOT_PASSCODE, old, 0, BACK_UP),
    CASE (FORGOT_PASSCODE, old, T (BACK_UP), RESTORE),
    CASE (FORGOT_PASSCODE, shut_old, 0, RESTORE),
    CASE (FORGOT_PASSCODE, shut_15_2, 0, SECURITY_LOCKOUT),
    CASE (FORGOT_PASSCODE, managed, T (OLD_PASSCODE), ASK_ORGANISATION),
    CASE (FORGOT_PASSCODE, recovery, 0, LEAVE_RECOVERY),
    CASE (FORGOT_PASSCODE, recovery, T (LEAVE_RECOVERY), RESTORE),
    CASE (FORGOT_PASSCODE, recovery, T (LEAVE_RECOVERY) | T (RESTORE), DFU_RESTORE),
    CASE (FORGOT_PASSCODE, restoring, 0, WAIT),

    CASE (UNAVAILABLE, unseen, 0, WAIT),
    CASE (UNAVAILABLE, unseen, T (WAIT), OLD_PASSCODE),
    CASE (UNAVAILABLE, shut, T (WAIT) | T (OLD_PASSCODE), SECURITY_LOCKOUT),
    CASE (UNAVAILABLE, old, T (WAIT), BACK_UP),
    CASE (UNAVAILABLE, old, T (WAIT) | T (BACK_UP), RESTORE),
    CASE (UNAVAILABLE, managed, T (WAIT) | T (OLD_PASSCODE), ASK_ORGANISATION),
    CASE (UNAVAILABLE, recovery, T (LEAVE_RECOVERY), RESTORE),
    CASE (UNAVAILABLE, unseen, T (WAIT) | T (OLD_PASSCODE) | T (SECURITY_LOCKOUT), RESTORE),

    /* crashes after an update: restart, a newer version, Reset All Settings, and only what survives these */
    CASE (CRASHES, unseen, 0, RESTART),
    CASE (CRASHES, well, T (RESTART), FORCE_RESTART),
    CASE (CRASHES, well, T (RESTART) | T (FORCE_RESTART), UPDATE_ON_PHONE),
    CASE (CRASHES, full, T (RESTART) | T (FORCE_RESTART) | T (UPDATE_ON_PHONE), MAKE_ROOM),
    CASE (CRASHES, well, T (RESTART) | T (FORCE_RESTART) | T (UPDATE_ON_PHONE), RESET_SETTINGS),
    CASE (CRASHES, well, T (RESTART) | T (FORCE_RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS), BACK_UP),
    CASE (CRASHES, saved, T (RESTART) | T (FORCE_RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS), UPDATE),
    CASE (CRASHES,
          saved,
          T (RESTART) | T (FORCE_RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS) | T (UPDATE),
          ERASE),
    CASE (CRASHES, recovery, 0, LEAVE_RECOVERY),
    CASE (CRASHES, recovery, T (LEAVE_RECOVERY) | T (FORCE_RESTART), UPDATE),

    CASE (BATTERY, well, 0, WAIT),
    CASE (BATTERY, well, T (WAIT), CHECK_BATTERY),
    CASE (BATTERY, well, T (WAIT) | T (CHECK_BATTERY), RESTART),
    CASE (BATTERY, well, T (WAIT) | T (CHECK_BATTERY) | T (RESTART), UPDATE_ON_PHONE),
    CASE (BATTERY, well, T (WAIT) | T (CHECK_BATTERY) | T (RESTART) | T (UPDATE_ON_PHONE), RESET_SETTINGS),
    CASE (BATTERY,
          saved,
          T (WAIT) | T (CHECK_BATTERY) | T (RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS),
          UPDATE),

    /* slow: not a case for a restore; Reset All Settings first */
    CASE (SLOW, unseen, 0, RESTART),
    CASE (SLOW, well, T (RESTART), UPDATE_ON_PHONE),
    CASE (SLOW, full, T (RESTART) | T (UPDATE_ON_PHONE), MAKE_ROOM),
    CASE (SLOW, well, T (RESTART) | T (UPDATE_ON_PHONE), RESET_SETTINGS),
    CASE (SLOW, well, T (RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS), BACK_UP),
    CASE (SLOW, saved, T (RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS), UPDATE),

    CASE (SETTINGS, well, 0, RESTART),
    CASE (SETTINGS, well, T (RESTART), UPDATE_ON_PHONE),
    CASE (SETTINGS, well, T (RESTART) | T (UPDATE_ON_PHONE), RESET_SETTINGS),
    CASE (SETTINGS, saved, T (RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS), UPDATE),

    /* malware or an unknown profile: an organisation's comes back, so ask; else it goes by itself; as new at the end */
    CASE (MALWARE, well, 0, RESTART),
    CASE (MALWARE, well, T (RESTART), UPDATE_ON_PHONE),
    CASE (MALWARE, well, T (RESTART) | T (UPDATE_ON_PHONE), REMOVE_PROFILE),
    CASE (MALWARE, well, T (RESTART) | T (UPDATE_ON_PHONE) | T (REMOVE_PROFILE), BACK_UP),
    CASE (MALWARE, saved, T (RESTART) | T (UPDATE_ON_PHONE) | T (REMOVE_PROFILE), UPDATE),
    CASE (MALWARE, saved, T (RESTART) | T (UPDATE_ON_PHONE) | T (REMOVE_PROFILE) | T (UPDATE), AS_NEW),
    CASE (MALWARE, managed, 0, ASK_ORGANISATION),
    CASE (MALWARE, managed, T (ASK_ORGANISATION) | T (RESTART) | T (UPDATE_ON_PHONE), BACK_UP),

    CASE (STORAGE, full, 0, RESTART),
    CASE (STORAGE, full, T (RESTART), MAKE_ROOM),
    CASE (STORAGE, unseen, T (RESTART), MAKE_ROOM),
    CASE (STORAGE, full, T (RESTART) | T (MAKE_ROOM), BACK_UP),
    CASE (STORAGE, full, T (RESTART) | T (MAKE_ROOM) | T (BACK_UP), ERASE),

    /* no charge, not seen: cables, ports, trust, the service of this computer */
    CASE (NO_CHARGE, unseen, 0, CHECK_CABLE),
    CASE (NO_CHARGE, unseen, T (CHECK_CABLE), CHARGE),
    CASE (NO_CHARGE, unseen, T (CHECK_CABLE) | T (CHARGE), FORCE_RESTART),
    CASE (NO_CHARGE, unseen, T (CHECK_CABLE) | T (CHARGE) | T (FORCE_RESTART), SERVICE),
    CASE (NO_CHARGE, stranger, T (CHECK_CABLE) | T (CHARGE), TRUST),
    CASE (NOT_SEEN, unseen, 0, CHECK_CABLE),
    CASE (NOT_SEEN, unseen, T (CHECK_CABLE), CHECK_COMPUTER),
    CASE (NOT_SEEN, unseen, T (CHECK_CABLE) | T (CHECK_COMPUTER), RESTART),
    CASE (NOT_SEEN, unseen, T (CHECK_CABLE) | T (CHECK_COMPUTER) | T (RESTART), FORCE_RESTART),
    CASE (NOT_SEEN, stranger, T (CHECK_CABLE) | T (CHECK_COMPUTER), TRUST),
    CASE (NOT_SEEN, shut, T (CHECK_CABLE) | T (CHECK_COMPUTER), TRUST),
    CASE (NOT_SEEN, recovery, 0, LEAVE_RECOVERY),
    CASE (NOT_SEEN, dfu, 0, FORCE_RESTART),

    CASE (SETUP_STUCK, unseen, 0, CHECK_NETWORK),
    CASE (SETUP_STUCK, stranger, T (CHECK_NETWORK), RESTART),
    CASE (SETUP_STUCK, owned, T (CHECK_NETWORK), ASK_OWNER),
    CASE (SETUP_STUCK, stranger, T (CHECK_NETWORK) | T (RESTART), FORCE_RESTART),
    CASE (SETUP_STUCK, stranger, T (CHECK_NETWORK) | T (RESTART) | T (FORCE_RESTART), UPDATE),
    CASE (SETUP_STUCK, stranger, T (CHECK_NETWORK) | T (RESTART) | T (FORCE_RESTART) | T (UPDATE), RESTORE),
    CASE (SETUP_STUCK,
          owned,
          T (CHECK_NETWORK) | T (ASK_OWNER) | T (RESTART) | T (FORCE_RESTART) | T (UPDATE),
          SERVICE),

    /* the trouble came back with the backup: as new */
    CASE (TROUBLE_BACK, well, 0, RESTART),
    CASE (TROUBLE_BACK, well, T (RESTART), UPDATE_ON_PHONE),
    CASE (TROUBLE_BACK, well, T (RESTART) | T (UPDATE_ON_PHONE), RESET_SETTINGS),
    CASE (TROUBLE_BACK, well, T (RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS), BACK_UP),
    CASE (TROUBLE_BACK, saved, T (RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS), AS_NEW),
    CASE (TROUBLE_BACK, saved, T (RESTART) | T (UPDATE_ON_PHONE) | T (RESET_SETTINGS) | T (AS_NEW), RESTORE),

    /* data back: look for copies, save what is there, and only then replace it */
    CASE (DATA_BACK, unseen, 0, LOOK_FOR_COPIES),
    CASE (DATA_BACK, well, 0, LOOK_FOR_COPIES),
    CASE (DATA_BACK, stranger, 0, TRUST),
    CASE (DATA_BACK, well, T (LOOK_FOR_COPIES), BACK_UP),
    CASE (DATA_BACK, well, T (LOOK_FOR_COPIES) | T (BACK_UP), SIGN_OUT),
    CASE (DATA_BACK, well, T (LOOK_FOR_COPIES) | T (BACK_UP) | T (SIGN_OUT), PUT_BACK),
    CASE (DATA_BACK, saved, T (LOOK_FOR_COPIES), PUT_BACK),
    CASE (DATA_BACK, saved, T (LOOK_FOR_COPIES) | T (PUT_BACK), ERASE),
    CASE (DATA_BACK, recovery, T (LOOK_FOR_COPIES), LEAVE_RECOVERY),
    CASE (DATA_BACK, recovery, T (LOOK_FOR_COPIES) | T (LEAVE_RECOVERY), UPDATE),
    CASE (DATA_BACK, recovery, T (LOOK_FOR_COPIES) | T (LEAVE_RECOVERY) | T (UPDATE), SERVICE),
    CASE (DATA_BACK, saved, T (LOOK_FOR_COPIES) | T (PUT_BACK) | T (ERASE), SERVICE),

    /* handing it over: backup, Find My off, erase; a managed one stops at the organisation */
    CASE (SELLING, well, 0, BACK_UP),
    CASE (SELLING, well, T (BACK_UP), SIGN_OUT),
    CASE (SELLING, well, T (BACK_UP) | T (SIGN_OUT), ERASE),
    CASE (SELLING, saved, 0, ERASE),
    CASE (SELLING, saved, T (ERASE), RESTORE),
    CASE (SELLING, managed, 0, ASK_ORGANISATION),
    CASE (SELLING, managed, T (ASK_ORGANISATION) | T (BACK_UP) | T (SIGN_OUT), ASK_ORGANISATION),
    CASE (SELLING, recovery, 0, LEAVE_RECOVERY),
    CASE (SELLING, recovery, T (LEAVE_RECOVERY), SIGN_OUT),
    CASE (SELLING, recovery, T (LEAVE_RECOVERY) | T (SIGN_OUT), RESTORE),
    CASE (SELLING, unseen, 0, BACK_UP),

    /* bought used, a stranger's account: only legal ways, no erase of a locked phone */
    CASE (BOUGHT_USED, unseen, 0, CHECK_USED),
    CASE (BOUGHT_USED, owned, T (CHECK_USED), ASK_OWNER),
    CASE (BOUGHT_USED, owned, T (CHECK_USED) | T (ASK_OWNER), SERVICE),
    CASE (BOUGHT_USED, managed, T (CHECK_USED), ASK_ORGANISATION),
    CASE (BOUGHT_USED, managed, T (CHECK_USED) | T (ASK_ORGANISATION), SERVICE),
    CASE (BOUGHT_USED, well, T (CHECK_USED), BACK_UP),
    CASE (BOUGHT_USED, saved, T (CHECK_USED), ERASE),
    CASE (STRANGERS_ACCOUNT, unseen, 0, ASK_OWNER),
    CASE (STRANGERS_ACCOUNT, owned, 0, ASK_OWNER),
    CASE (STRANGERS_ACCOUNT, owned, T (ASK_OWNER), SERVICE),
    CASE (STRANGERS_ACCOUNT, managed, T (ASK_OWNER), ASK_ORGANISATION),
    CASE (STRANGERS_ACCOUNT, recovery, T (ASK_OWNER), SERVICE),

    /* Windows Phone: soft reset first, Settings before the buttons, and what neither reset cures */
    CASE (WINDOWS_APP, lumia_on, 0, SOFT_RESET),
    CASE (WINDOWS_APP, lumia_on, T (SOFT_RESET), WINDOWS_BACK_UP),
    CASE (WINDOWS_APP, lumia_on, T (SOFT_RESET) | T (WINDOWS_BACK_UP), WINDOWS_RESET),
    CASE (WINDOWS_APP, lumia_on, T (SOFT_RESET) | T (WINDOWS_BACK_UP) | T (WINDOWS_RESET), HARD_RESET),
    CASE (WINDOWS_BATTERY, lumia_on, 0, SOFT_RESET),
    CASE (WINDOWS_ODD, unseen, 0, SOFT_RESET),
    CASE (WINDOWS_ODD, lumia_off, T (SOFT_RESET), HARD_RESET),
    CASE (WINDOWS_ODD, lumia_off, T (SOFT_RESET) | T (HARD_RESET), RECOVERY_TOOL),
    CASE (WINDOWS_FROZEN, lumia_off, 0, CHARGE),
    CASE (WINDOWS_FROZEN, lumia_off, T (CHARGE), SOFT_RESET),
    CASE (WINDOWS_FROZEN, lumia_off, T (CHARGE) | T (SOFT_RESET), HARD_RESET),
    CASE (WINDOWS_AIRPLANE, lumia_on, 0, SOFT_RESET),
    CASE (WINDOWS_AIRPLANE, lumia_on, T (SOFT_RESET), SERVICE),
    CASE (WINDOWS_CARD, lumia_on, 0, CHECK_CARD),
    CASE (WINDOWS_CARD, lumia_on, T (CHECK_CARD), SOFT_RESET),
    CASE (WINDOWS_CARD, lumia_on, T (CHECK_CARD) | T (SOFT_RESET), SERVICE),
    CASE (WINDOWS_PREVIEW, lumia_on, 0, SOFT_RESET),
    CASE (WINDOWS_PREVIEW, lumia_on, T (SOFT_RESET), WINDOWS_BACK_UP),
    CASE (WINDOWS_PREVIEW, lumia_on, T (SOFT_RESET) | T (WINDOWS_BACK_UP), RECOVERY_TOOL),
    CASE (WINDOWS_PIN, lumia_on, 0, WAIT),
    CASE (WINDOWS_PIN, lumia_on, T (WAIT) | T (SOFT_RESET), HARD_RESET),
    CASE (WINDOWS_ACCOUNT, lumia_on, 0, WINDOWS_BACK_UP),
    CASE (WINDOWS_ACCOUNT, lumia_on, T (WINDOWS_BACK_UP), WINDOWS_RESET),
    CASE (WINDOWS_GIVE_AWAY, lumia_on, 0, CHECK_CARD),
    CASE (WINDOWS_GIVE_AWAY, lumia_on, T (CHECK_CARD) | T (WINDOWS_BACK_UP), WINDOWS_RESET),
    CASE (WINDOWS_GIVE_AWAY, lumia_off, T (CHECK_CARD), HARD_RESET),
    CASE (WINDOWS_GEARS, lumia_off, 0, WAIT),
    CASE (WINDOWS_GEARS, lumia_off, T (WAIT), RUN_EMPTY),
    CASE (WINDOWS_GEARS, lumia_off, T (WAIT) | T (RUN_EMPTY), HARD_RESET),
    CASE (WINDOWS_GEARS, lumia_off, T (WAIT) | T (RUN_EMPTY) | T (HARD_RESET), RECOVERY_TOOL),
};

static const char *
nick (GType type, int value)
{
    g_autoptr (GEnumClass) values = g_type_class_ref (type);

    return g_enum_get_value (values, value)->value_nick;
}

static void
test_table (void)
{
    gboolean wrong = FALSE;

    g_assert_cmpuint (G_N_ELEMENTS (cases), >=, 150);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        PrAdvice advice = pr_advice_give (cases[i].symptom, cases[i].known, cases[i].tried);

        if (advice.remedy == cases[i].remedy)
            continue;
        wrong = TRUE;
        g_test_message ("case %zu, %s: %s, and not %s", i, nick (PR_TYPE_SYMPTOM, cases[i].symptom),
                        nick (PR_TYPE_REMEDY, advice.remedy), nick (PR_TYPE_REMEDY, cases[i].remedy));
    }
    g_assert_false (wrong);
}

/* Every symptom stands in the table. */
static void
test_whole (void)
{
    gboolean seen[PR_N_SYMPTOMS] = { FALSE };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        seen[cases[i].symptom] = TRUE;
    for (guint i = 0; i < PR_N_SYMPTOMS; i++)
        g_assert_true (seen[i]);
}

/* The ladder around the step: what was tried is ticked off, milder ones that cannot be done stay in sight. */
static void
test_ladder (void)
{
    PrAdvice advice = pr_advice_give (PR_SYMPTOM_FROZEN, &recovery, T (LEAVE_RECOVERY));
    guint n_recommended = 0;

    for (guint i = 0; i < advice.n_rungs; i++) {
        const PrRung *rung = &advice.rungs[i];

        g_assert_nonnull (rung->reason);
        n_recommended += rung->state == PR_RUNG_RECOMMENDED;
        if (rung->remedy == PR_REMEDY_RESTART || rung->remedy == PR_REMEDY_WAIT)
            g_assert_cmpint (rung->state, ==, PR_RUNG_NOT_NOW);
        if (rung->remedy == PR_REMEDY_LEAVE_RECOVERY)
            g_assert_cmpint (rung->state, ==, PR_RUNG_TRIED);
        if (rung->remedy == PR_REMEDY_UPDATE || rung->remedy == PR_REMEDY_SERVICE)
            g_assert_cmpint (rung->state, ==, PR_RUNG_OPEN);
    }
    g_assert_cmpuint (n_recommended, ==, 1);
}

static void
test_systems (void)
{
    static const struct {
        const char *version;
        guint system;
    } systems[] = {
        { "18.6.2", 1806 },   { "26.0", 2600 }, { "15.2", 1502 }, { "9", 900 },
        { NULL, 0 },          { "", 0 },        { "x", 0 },       { "17.-1", 0 },
        { "17.x", 0 },        { "-3.1", 0 },    { "17.100", 0 },  { "99999999999999999999", 0 },
        { "17.6.1.1", 1706 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (systems); i++)
        g_assert_cmpuint (pr_known_parse_system (systems[i].version), ==, systems[i].system);
}

/* Recovery Assistant came with 26.0, the previous passcode with 17.0, the erase from the lock screen with 15.2. */
static void
test_boundaries (void)
{
    static const struct {
        guint system;
        PrFactSet facts;
    } systems[] = {
        { 0, 0 },
        { 1501, PR_FACT_BEFORE_15_2 | PR_FACT_BEFORE_17 | PR_FACT_BEFORE_26 },
        { 1502, PR_FACT_BEFORE_17 | PR_FACT_BEFORE_26 },
        { 1607, PR_FACT_BEFORE_17 | PR_FACT_BEFORE_26 },
        { 1700, PR_FACT_BEFORE_26 },
        { 1807, PR_FACT_BEFORE_26 },
        { 2599, PR_FACT_BEFORE_26 },
        { 2600, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (systems); i++) {
        PrKnown known = { .system = systems[i].system };

        g_assert_cmphex (pr_known_get_facts (&known), ==, systems[i].facts | PR_FACT_AWAY);
    }
}

/* source: Apple Support, Restore an iPhone or iPad with a nearby device: the list of models */
static void
test_nearby (void)
{
    static const struct {
        const char *product_type;
        PrAnswer answer;
    } models[] = {
        { "iPhone16,1", PR_ANSWER_YES },   { "iPhone16,2", PR_ANSWER_YES },     { "iPhone17,5", PR_ANSWER_YES },
        { "iPhone18,4", PR_ANSWER_YES },   { "iPhone15,4", PR_ANSWER_NO },      { "iPhone15,2", PR_ANSWER_NO },
        { "iPhone1,1", PR_ANSWER_NO },     { "iPhone99,1", PR_ANSWER_UNKNOWN }, { NULL, PR_ANSWER_UNKNOWN },
        { "", PR_ANSWER_UNKNOWN },         { "iPad13,1", PR_ANSWER_NO },        { "iPad13,16", PR_ANSWER_YES },
        { "iPad13,18", PR_ANSWER_NO },     { "iPad13,4", PR_ANSWER_YES },       { "iPad14,1", PR_ANSWER_NO },
        { "iPad14,3", PR_ANSWER_YES },     { "iPad14,11", PR_ANSWER_YES },      { "iPad15,7", PR_ANSWER_YES },
        { "iPad16,1", PR_ANSWER_YES },     { "iPad17,4", PR_ANSWER_YES },       { "iPad8,1", PR_ANSWER_NO },
        { "iPad99,1", PR_ANSWER_UNKNOWN }, { "iPod9,1", PR_ANSWER_NO },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (models); i++) {
        g_test_message ("%s", models[i].product_type ? models[i].product_type : "NULL");
        g_assert_cmpint (pr_known_can_nearby (models[i].product_type), ==, models[i].answer);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/advice/table", test_table);
    g_test_add_func ("/advice/table/whole", test_whole);
    g_test_add_func ("/advice/ladder", test_ladder);
    g_test_add_func ("/advice/systems", test_systems);
    g_test_add_func ("/advice/boundaries", test_boundaries);
    g_test_add_func ("/advice/nearby", test_nearby);
    return g_test_run ();
}
