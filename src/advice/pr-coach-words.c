// SPDX-License-Identifier: GPL-3.0-or-later
/* What the coach says besides the steps: corrections, and the end.
 *
 * source: Apple Support, Use Emergency SOS: holding side and volume starts it; DFU mode shows a black screen */
#include "pr-coach-private.h"

#include <glib/gi18n.h>

#define SIGN(sign) (1u << PR_SIGN_##sign)

static const struct {
    PrCoachTask task;
    PrPhoneMode mode;
    const char *text;
} faults_of_mode[] = {
    { PR_COACH_FORCE_RESTART, PR_PHONE_MODE_RECOVERY,
      N_ ("It came to recovery mode: the buttons were held past the logo, or it cannot start. You can leave that mode "
          "in "
          "this window.") },
    { PR_COACH_FORCE_RESTART, PR_PHONE_MODE_DFU,
      N_ ("It came to DFU mode, which stays black. Do the same once more, and let go when the logo appears.") },
    { PR_COACH_RECOVERY, PR_PHONE_MODE_NORMAL,
      N_ ("It started as usual: you let go too early. Keep holding past the logo, until you see a cable.") },
    { PR_COACH_RECOVERY, PR_PHONE_MODE_DFU,
      N_ ("It came to DFU mode. That lies deeper than recovery mode: force restart it, and try again.") },
    { PR_COACH_DFU, PR_PHONE_MODE_NORMAL,
      N_ ("It started as usual: the first hold was too short, or a button slipped. Nothing has happened, try again.") },
    { PR_COACH_DFU, PR_PHONE_MODE_RECOVERY,
      N_ ("It came to recovery mode: one button was let go too late. Try again from here.") },
    { PR_COACH_SHUT_DOWN, PR_PHONE_MODE_NORMAL,
      N_ ("It started again. A cable can do that: take it out, and try again.") },
    { PR_COACH_SHUT_DOWN, PR_PHONE_MODE_RECOVERY,
      N_ ("It came to recovery mode. You can leave that mode in this window.") },
};

static const struct {
    PrCoachTask task;
    PrSign sign;
    const char *text;
} faults_of_sign[] = {
    { PR_COACH_FORCE_RESTART, PR_SIGN_PICTURE,
      N_ ("That is recovery mode: the buttons were held past the logo. You can leave it in this window.") },
    { PR_COACH_FORCE_RESTART, PR_SIGN_NOTHING,
      N_ ("Press the volume buttons quickly, one after the other, and hold on longer. Charge the phone for half an "
          "hour if it stays black.") },
    { PR_COACH_RECOVERY, PR_SIGN_LOGO,
      N_ ("The logo is not the end yet: you let go too early. Keep holding past it, until you see a cable.") },
    { PR_COACH_RECOVERY, PR_SIGN_NOTHING,
      N_ ("Press the volume buttons quickly, one after the other, and hold on longer. The cable has to be in this "
          "computer.") },
    { PR_COACH_DFU, PR_SIGN_LOGO,
      N_ ("In DFU mode the screen stays black. With a logo, a button was held too long: try again, and watch the "
          "seconds.") },
    { PR_COACH_DFU, PR_SIGN_PICTURE,
      N_ ("That is recovery mode: one button was let go too late. Try again from here.") },
    { PR_COACH_DFU, PR_SIGN_BLACK,
      N_ ("Black, but this window sees no DFU mode: the phone may just be off. Force restart it, and try again.") },
    { PR_COACH_DFU, PR_SIGN_NOTHING,
      N_ ("Press the volume buttons quickly, one after the other, before the long hold. The cable has to be in this "
          "computer.") },
    { PR_COACH_SHUT_DOWN, PR_SIGN_LOGO, N_ ("It started again. Let go of all buttons as soon as the slider appears.") },
    { PR_COACH_SHUT_DOWN, PR_SIGN_NOTHING, N_ ("A frozen screen shows no slider. A force restart works then.") },
    { PR_COACH_SOFT_RESET, PR_SIGN_NOTHING,
      N_ ("Hold on until it vibrates, up to 15 seconds, and leave the screen alone. Charge it if it stays dark.") },
    { PR_COACH_HARD_RESET, PR_SIGN_LOGO,
      N_ ("It started as usual. When it vibrates, let go and hold Volume Down at once, without a pause.") },
    { PR_COACH_HARD_RESET, PR_SIGN_NOTHING,
      N_ ("The four keys have to follow quickly. It often takes three tries; or switch it off, and start from "
          "there.") },
    { PR_COACH_HARD_RESET_OFF, PR_SIGN_LOGO,
      N_ ("It started as usual. Hold Volume Down before you touch Power, and do not let go of it.") },
    { PR_COACH_HARD_RESET_OFF, PR_SIGN_NOTHING,
      N_ ("The four keys have to follow quickly. It often takes three tries.") },
};

const char *
pr_coach_find_fault_of_mode (PrCoachTask task, PrPhoneMode mode)
{
    for (gsize i = 0; i < G_N_ELEMENTS (faults_of_mode); i++)
        if (faults_of_mode[i].task == task && faults_of_mode[i].mode == mode)
            return faults_of_mode[i].text;
    return NULL;
}

const char *
pr_coach_find_fault_of_sign (PrCoachTask task, PrSign sign)
{
    for (gsize i = 0; i < G_N_ELEMENTS (faults_of_sign); i++)
        if (faults_of_sign[i].task == task && faults_of_sign[i].sign == sign)
            return faults_of_sign[i].text;
    return NULL;
}

const char *
pr_coach_find_done_text (PrCoachTask task)
{
    static const char *const texts[PR_N_COACH_TASKS] = {
        [PR_COACH_FORCE_RESTART] = N_ ("It restarts. Let go of all buttons. Nothing was lost."),
        [PR_COACH_RECOVERY] = N_ ("It is in recovery mode. Let go of all buttons."),
        [PR_COACH_DFU] = N_ ("It is in DFU mode, and its screen stays black. Let go of all buttons."),
        [PR_COACH_SHUT_DOWN] = N_ ("It is off."),
        [PR_COACH_SOFT_RESET] = N_ ("It restarts. Let go of all buttons. Nothing was lost."),
        [PR_COACH_HARD_RESET] = N_ ("It is as new. Sign in with the same Microsoft account to get a backup back."),
        [PR_COACH_HARD_RESET_OFF] = N_ ("It is as new. Sign in with the same Microsoft account to get a backup back."),
    };

    return texts[task];
}

const char *
pr_coach_find_ready_text (PrCoachTask task, gboolean needs_cable)
{
    if (needs_cable)
        return N_ ("Connect the phone to this computer, and take it in both hands.");
    /* source: mobilephone-tutor.com, 2013-10: 40 % of charge */
    if (task == PR_COACH_HARD_RESET)
        return N_ ("Charge it to 40 % first, and take a memory card out.");
    if (task == PR_COACH_HARD_RESET_OFF)
        return N_ ("Charge it to 40 % first, take a memory card out, and switch it off.");
    return N_ ("Take the phone in both hands, and find its buttons.");
}

guint
pr_coach_find_signs (PrCoachTask task)
{
    static const guint signs[PR_N_COACH_TASKS] = {
        [PR_COACH_FORCE_RESTART] = SIGN (LOGO) | SIGN (PICTURE) | SIGN (SLIDER) | SIGN (NOTHING),
        [PR_COACH_RECOVERY] = SIGN (PICTURE) | SIGN (LOGO) | SIGN (SLIDER) | SIGN (NOTHING),
        [PR_COACH_DFU] = SIGN (BLACK) | SIGN (LOGO) | SIGN (PICTURE) | SIGN (SLIDER) | SIGN (NOTHING),
        [PR_COACH_SHUT_DOWN] = SIGN (SLIDER) | SIGN (BLACK) | SIGN (LOGO) | SIGN (NOTHING),
        [PR_COACH_SOFT_RESET] = SIGN (VIBRATION) | SIGN (LOGO) | SIGN (BLACK) | SIGN (NOTHING),
        [PR_COACH_HARD_RESET] = SIGN (VIBRATION) | SIGN (MARK) | SIGN (LANGUAGE) | SIGN (LOGO) | SIGN (NOTHING),
        [PR_COACH_HARD_RESET_OFF] = SIGN (VIBRATION) | SIGN (MARK) | SIGN (LANGUAGE) | SIGN (LOGO) | SIGN (NOTHING),
    };

    return signs[task];
}
