// SPDX-License-Identifier: GPL-3.0-or-later
/* The rules for Windows Phones, which no computer under Linux can talk to: only their owner's hands can.
 *
 * source: Microsoft Community wiki, How to soft- and hard reset your Windows Phone, and the reports below it; IT Pro
 * Today, Resetting a Lumia Using the Hardware Buttons */
#include "pr-advice-rules.h"

#define SOFT_FIRST                                                                                                     \
    RULE (SOFT_RESET, N_ ("It is like taking the battery out for a moment. Nothing is lost, and it mends most."))

#define SAVE_FIRST                                                                                                     \
    RULE (WINDOWS_BACK_UP, N_ ("What was backed up comes back when you sign in with the same Microsoft account."))

/* The system version stays as it is in both. */
#define EMPTY_IT                                                                                                       \
    RULE (WINDOWS_RESET, N_ ("It sets the phone to how it was when new. It is the safest way while Settings opens.")), \
        RULE (HARD_RESET, N_ ("The same by its buttons, for a phone that does not let you into Settings."))

#define ALL_THAT_IS_LEFT                                                                                               \
    RULE (RECOVERY_TOOL, N_ ("It writes the system itself anew, which no reset does.")),                               \
        RULE (SERVICE, N_ ("Neither reset has helped, so a part of the phone may be broken."))

static const PrRule app[] = {
    SOFT_FIRST,
    SAVE_FIRST,
    EMPTY_IT,
    ALL_THAT_IS_LEFT,
};

static const PrRule frozen[] = {
    RULE (CHARGE, N_ ("An empty battery looks just like a broken phone.")),
    SOFT_FIRST,
    SAVE_FIRST,
    EMPTY_IT,
    ALL_THAT_IS_LEFT,
};

/* Twenty resets did not help the one who asked; nobody is known whom a hard reset helped. */
static const PrRule airplane[] = {
    SOFT_FIRST,
    RULE (SERVICE, N_ ("Airplane mode that stays on points to the radio. People report that neither reset cures it.")),
};

static const PrRule card[] = {
    RULE (CHECK_CARD, N_ ("Take the card out and try it in a computer: mostly the card or its contacts are at fault.")),
    SOFT_FIRST,
    RULE (SERVICE, N_ ("A card that no reset brings back points to its slot. A hard reset would only cost you data.")),
};

/* A hard reset keeps the system version, so it cannot undo an update. */
static const PrRule preview[] = {
    RULE (SOFT_RESET, N_ ("If the update is not installed yet, this can stop it. Nothing is lost.")),
    SAVE_FIRST,
    RULE (RECOVERY_TOOL, N_ ("Only this brings the older system back: a reset keeps the version that is there.")),
    RULE (SERVICE, N_ ("Without a Windows computer, a shop can do it.")),
};

static const PrRule pin[] = {
    RULE (WAIT, N_ ("Leave it at its charger: two thousand minutes are a day and a half, and nothing is lost.")),
    RULE (SOFT_RESET, N_ ("It costs nothing to try, but the wait mostly goes on.")),
    RULE (HARD_RESET, N_ ("Without the PIN it can only be emptied. What was backed up comes back with your account.")),
    RULE (RECOVERY_TOOL, N_ ("For a phone that a hard reset does not empty.")),
    RULE (SERVICE, N_ ("Nobody can read out a PIN. A shop can empty the phone.")),
};

static const PrRule account[] = {
    SAVE_FIRST,
    RULE (WINDOWS_RESET, N_ ("The first account of a Windows Phone is only changed by emptying it.")),
    RULE (HARD_RESET, N_ ("The same by its buttons, for a phone that does not let you into Settings.")),
    ALL_THAT_IS_LEFT,
};

static const PrRule give_away[] = {
    RULE (CHECK_CARD, N_ ("Take your memory card out: a reset does not empty it.")),
    SAVE_FIRST,
    RULE (WINDOWS_RESET, N_ ("Its next owner can then sign in with an account of their own.")),
    RULE (HARD_RESET, N_ ("The same by its buttons, for a phone that does not let you into Settings.")),
    ALL_THAT_IS_LEFT,
};

static const PrRule gears[] = {
    RULE (WAIT, N_ ("Usually the gears turn for half an hour, in rare cases for two.")),
    RULE (RUN_EMPTY, N_ ("After two hours, let the battery run out. Then charge it and look.")),
    RULE (HARD_RESET, N_ ("It was being emptied already, so trying it once more costs nothing.")),
    RULE (RECOVERY_TOOL, N_ ("Some older Lumias never finish by themselves. This writes their system anew.")),
    RULE (SERVICE, N_ ("When the recovery tool fails too, a part of the phone may be broken.")),
};

#define AT(symptom) [PR_SYMPTOM_WINDOWS_##symptom - PR_SYMPTOM_FIRST_WINDOWS]

const PrSymptomRules pr_advice_windows_rules[PR_N_SYMPTOMS - PR_SYMPTOM_FIRST_WINDOWS] = {
    AT (APP) = { N_ ("An app or the camera does not open"), N_ ("It did before"), RULES (app) },
    AT (BATTERY) = { N_ ("The battery drains fast"), N_ ("Faster than it used to"), RULES (app) },
    AT (ODD) = { N_ ("It behaves oddly"), N_ ("And nothing explains it"), RULES (app) },
    AT (FROZEN) = { N_ ("It does not react"), N_ ("Or does not turn on"), RULES (frozen) },
    AT (AIRPLANE) = { N_ ("Airplane mode stays on"), N_ ("And cannot be switched off"), RULES (airplane) },
    AT (CARD) = { N_ ("The SD card is not read"), N_ ("Or apps on it do not open"), RULES (card) },
    AT (PREVIEW) = { N_ ("I do not want a preview update"), N_ ("It came through the Insider program"),
                     RULES (preview) },
    AT (PIN) = { N_ ("It asks me to wait thousands of minutes"), N_ ("After wrong PINs"), RULES (pin) },
    AT (ACCOUNT) = { N_ ("I want another Microsoft account on it"), N_ ("Instead of its first one"), RULES (account) },
    AT (GIVE_AWAY) = { N_ ("I give it away"), N_ ("Or sell it"), RULES (give_away) },
    AT (GEARS) = { N_ ("The gears never stop turning"), N_ ("During a hard reset"), RULES (gears) },
};
