// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-link-words.h"

#include "pr-words.h"

#include <glib/gi18n.h>

typedef struct {
    const char *title; /* N_(); NULL: with its number, below */
    const char *text;  /* N_() */
    const char *guide;
} Words;

static const Words words[] = {
    [PR_FINDING_OVER_CURRENT] = {
        .title = N_ ("The Port Was Switched Off"),
        .text = N_ ("More current flowed than it can give, so the computer cut its power. A damaged cable or plug does that."),
        .guide = "hub",
    },
    [PR_FINDING_NO_POWER] = {
        .title = N_ ("The Hub Gives Too Little Power"),
        .text = N_ ("It has no power supply of its own, and the phone asks for more than it may hand on."),
        .guide = "hub",
    },
    [PR_FINDING_LOOSE_CONTACT] = {
        .text = N_ ("It came and went within seconds. That is the cable, its plug, or the port."),
        .guide = "hub",
    },
    [PR_FINDING_SLEPT] = {
        .title = N_ ("The Computer Slept Meanwhile"),
        .text = N_ ("A phone loses the connection when the computer sleeps."),
    },
    [PR_FINDING_TWO_DAEMONS] = {
        .title = N_ ("Two Phone Services Run"),
        .text = N_ ("They take the phone from each other. Only one usbmuxd may run."),
        .guide = "no-daemon",
    },
    [PR_FINDING_HELD] = {
        .title = N_ ("Another Program Holds the Phone"),
        .text = N_ ("Only one program at a time can talk to a phone in this mode."),
        .guide = "busy",
    },
    [PR_FINDING_BOOT_LOOP] = {
        .text = N_ ("It appears, never answers, and vanishes again. That is the phone, and not the cable."),
        .guide = "off-or-frozen",
    },
    [PR_FINDING_HANGS] = {
        .title = N_ ("It Is Connected and Does Not Answer"),
        .text = N_ ("Its system has not come up for two minutes. A first start after an update can take ten."),
        .guide = "off-or-frozen",
    },
    [PR_FINDING_ASKS] = {
        .title = N_ ("It Asks for a Computer"),
        .text = N_ ("It is in recovery mode, and nobody here sent it there."),
        .guide = "recovery-mode",
    },
    [PR_FINDING_HUBS] = {
        .text = N_ ("Restoring rarely works that way. Plug the phone straight into the computer."),
        .guide = "hub",
    },
    [PR_FINDING_SLOW] = {
        .title = N_ ("The Connection Is Far Too Slow"),
        .text = N_ ("Every iPhone and iPad can do 480 Mb/s. A damaged cable falls back to less."),
        .guide = "hub",
    },
    [PR_FINDING_LOCKED] = {
        .title = N_ ("It Is Locked"),
        .text = N_ ("It answers once its passcode was entered."),
        .guide = "locked",
    },
    [PR_FINDING_NOT_TRUSTED] = {
        .title = N_ ("It Does Not Trust This Computer"),
        .text = N_ ("The link is fine. The phone wants to be asked first."),
        .guide = "trust-pending",
    },
    [PR_FINDING_SAME_NAME] = {
        .title = N_ ("Two Phones Have the Same Name"),
        .text = N_ ("Look at the end of the serial number before you choose one."),
    },
    [PR_FINDING_CHARGE_ONLY] = {
        .title = N_ ("It Charges, but Is Not Seen"),
        .text = N_ ("Perhaps this cable has no wires for data. Some are sold for charging only."),
        .guide = "not-seen",
    },
    [PR_FINDING_IN_MACHINE] = {
        .title = N_ ("This Computer Is a Virtual One"),
        .text = N_ ("It must be given the phone anew whenever the phone changes its mode, and that often fails."),
        .guide = "not-seen",
    },
    [PR_FINDING_BELOW_BEST] = {
        .title = N_ ("It Could Be Faster"),
        .text = N_ ("Nothing is wrong. With another cable or port this model reaches more."),
    },
};

static const PrTryWords tries[] = {
    [PR_TRY_WAIT] = { N_ ("Wait a little"), N_ ("Ten minutes after an update are normal"), "pr-waiting-symbolic" },
    [PR_TRY_UNLOCK] = { N_ ("Unlock the phone"), N_ ("Enter its passcode, and leave its screen on"),
                        "pr-state-normal-symbolic" },
    [PR_TRY_TRUST] = { N_ ("Tap Trust on the phone"), N_ ("Unplug it and plug it in again if it does not ask"),
                       "pr-good-symbolic" },
    [PR_TRY_CABLE] = { N_ ("Try another cable"), N_ ("Cables wear out close to the plug"), "pr-link-symbolic" },
    [PR_TRY_DIRECT_PORT] = { N_ ("Plug straight into the computer"),
                             N_ ("Hubs in keyboards and monitors are a frequent cause"), "computer-symbolic" },
    [PR_TRY_OTHER_PORT] = { N_ ("Try another port"), N_ ("One at the back of the computer, if it has any"),
                            "pr-port-symbolic" },
    [PR_TRY_CLOSE_OTHERS] = { N_ ("Close other programs that use the phone"),
                              N_ ("Photo importers and virtual machines hold it too"), "window-close-symbolic" },
    [PR_TRY_RESTART_COMPUTER] = { N_ ("Restart the computer"), N_ ("It sorts out ports and services"),
                                  "system-reboot-symbolic" },
    [PR_TRY_CHARGE] = { N_ ("Let it charge for an hour"), N_ ("With its own charger: an empty battery restarts it"),
                        "battery-level-30-charging-symbolic" },
    [PR_TRY_FORCE_RESTART] = { N_ ("Force a restart"), N_ ("By its buttons. Nothing is lost"),
                               "system-shutdown-symbolic", "win.buttons" },
    [PR_TRY_LEAVE_RECOVERY] = { N_ ("Leave recovery mode"), N_ ("It may start as usual. Nothing is lost by trying"),
                                "system-reboot-symbolic" },
    [PR_TRY_UPDATE] = { N_ ("Update it"), N_ ("A new copy of the system. Photos, apps and settings are kept"),
                        "pr-anew-symbolic" },
    [PR_TRY_OTHER_COMPUTER] = { N_ ("Try another computer"), N_ ("To know which side it is"), "computer-symbolic" },
};

char *
pr_link_words_title (const PrFinding *finding)
{
    unsigned long count = finding->count;

    if (finding->kind == PR_FINDING_LOOSE_CONTACT)
        return g_strdup_printf (ngettext ("The Cable Lost Contact %lu Time", "The Cable Lost Contact %lu Times", count),
                                count);
    if (finding->kind == PR_FINDING_BOOT_LOOP)
        return g_strdup_printf (ngettext ("It Restarted by Itself %lu Time", "It Restarted by Itself %lu Times", count),
                                count);
    if (finding->kind == PR_FINDING_HUBS)
        return g_strdup_printf (ngettext ("There Is %lu Hub Between", "There Are %lu Hubs Between", count), count);
    return g_strdup (_ (words[finding->kind].title));
}

const char *
pr_link_words_text (const PrFinding *finding)
{
    g_return_val_if_fail (finding->kind < PR_N_FINDINGS, NULL);
    if (finding->kind == PR_FINDING_HUBS && !pr_finding_is_mild (finding))
        return _ ("Nobody is known to have restored a phone that way. Plug it straight into the computer.");
    return _ (words[finding->kind].text);
}

char *
pr_link_words_story (const PrFinding *finding)
{
    gint64 span = finding->last - finding->first;
    g_autofree char *duration = NULL;

    if (finding->kind != PR_FINDING_LOOSE_CONTACT || span < G_USEC_PER_SEC)
        return g_strdup (pr_link_words_text (finding));
    duration = pr_words_duration ((double) span / G_USEC_PER_SEC);
    /* Translators: %s is a duration, "40 s" */
    return g_strdup_printf (_ ("It came and went within %s. That is the cable, its plug, or the port."), duration);
}

char *
pr_link_words_consent (const PrFinding *finding)
{
    unsigned long count = finding->count;

    if (finding->kind == PR_FINDING_HUBS)
        return g_strdup_printf (ngettext ("Try it through %lu hub all the same", "Try it through %lu hubs all the same",
                                          count),
                                count);
    if (finding->kind == PR_FINDING_LOOSE_CONTACT)
        return g_strdup (_ ("Try it with this cable all the same"));
    return g_strdup (_ ("Try it this way all the same"));
}

const char *
pr_link_words_guide (PrFindingKind kind)
{
    g_return_val_if_fail (kind < PR_N_FINDINGS, NULL);
    return words[kind].guide;
}

const PrTryWords *
pr_link_words_try (PrTry what)
{
    g_return_val_if_fail (what > PR_TRY_END && what < G_N_ELEMENTS (tries), NULL);
    return &tries[what];
}
