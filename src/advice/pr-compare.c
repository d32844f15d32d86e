// SPDX-License-Identifier: GPL-3.0-or-later
/* source: Apple Platform Security and Deployment: revive keeps data, restore erases; what each button is called
 * source: an article on Restore, Reset and Erase: the table of the four, 20 to 35 minutes for a restore, download of 10
 * to 25, about 7 GB; a backup from the computer in 15 to 45 minutes, from iCloud in 1 to 8 hours */
#include "pr-compare.h"

#include <glib/gi18n.h>

static const PrWayFacts ways[PR_N_WAYS] = {
    [PR_WAY_RESTART] = {
        .group = PR_WAYS_KEEP,
        .remedy = PR_REMEDY_RESTART,
        .title = N_("Restart"),
        .data = PR_FATE_KEPT,
        .settings = PR_FATE_KEPT,
        .system = PR_FATE_KEPT,
        .time = N_("1 min"),
        .needs = N_("Nothing"),
        .fixes = N_("It is slow, or one app hangs"),
        .erases = N_("Nothing."),
        .keeps = N_("Everything: photos, apps, settings and the system."),
        .where = N_("In this window, or Settings › General › Shut Down, and on again"),
        .names = N_("Reboot, soft reset"),
        .beware = N_("It needs a screen that reacts, or a phone that answers this computer."),
    },
    [PR_WAY_FORCE_RESTART] = {
        .group = PR_WAYS_KEEP,
        .remedy = PR_REMEDY_FORCE_RESTART,
        .title = N_("Force Restart"),
        .data = PR_FATE_KEPT,
        .settings = PR_FATE_KEPT,
        .system = PR_FATE_KEPT,
        .time = N_("2 min"),
        .needs = N_("Buttons"),
        .fixes = N_("The screen does not react"),
        .erases = N_("Nothing. Only what an app had not saved yet is lost."),
        .keeps = N_("Everything: photos, apps, settings and the system."),
        .where = N_("On the buttons of the phone"),
        .names = N_("Hard reset, forced reboot"),
        .beware = N_("Apple people call this a hard reset. For Windows Phone, and for many shops, that word means to "
                     "erase everything."),
    },
    [PR_WAY_RESET_SETTINGS] = {
        .group = PR_WAYS_KEEP,
        .remedy = PR_REMEDY_RESET_SETTINGS,
        .title = N_("Reset All Settings"),
        .data = PR_FATE_KEPT,
        .settings = PR_FATE_RESET,
        .system = PR_FATE_KEPT,
        .time = N_("5 min"),
        .needs = N_("Passcode"),
        .fixes = N_("Wi-Fi, keyboard or display act up, or it stays slow"),
        .erases = N_("Network, keyboard and display settings, the wallpaper, and the order of the Home Screen."),
        .keeps = N_("Photos, messages, apps, accounts and the system."),
        .where = N_("Settings › General › Transfer or Reset %s › Reset › Reset All Settings"),
        .names = N_("Reset settings, soft reset"),
        .beware = N_("No computer can do this one. Its neighbours in that list erase, so read before you tap."),
    },
    [PR_WAY_UPDATE] = {
        .group = PR_WAYS_KEEP,
        .remedy = PR_REMEDY_UPDATE,
        .title = N_("Update"),
        .data = PR_FATE_KEPT,
        .settings = PR_FATE_KEPT,
        .system = PR_FATE_NEW_COPY,
        .recovers_broken_system = TRUE,
        .time = N_("40 min"),
        .needs = N_("Computer"),
        .fixes = N_("It starts over and over, or an update broke off"),
        .erases = N_("Nothing of yours. The old copy of the system gives way to a new one."),
        .keeps = N_("Photos, messages, apps and settings."),
        .where = N_("In this window; in recovery mode too"),
        .names = N_("Reinstall, repair, revive"),
        .beware = N_("This window refuses an update that would erase. A backup is still wise."),
    },
    [PR_WAY_ERASE] = {
        .group = PR_WAYS_ERASE,
        .remedy = PR_REMEDY_ERASE,
        .title = N_("Erase All Content and Settings"),
        .data = PR_FATE_ERASED,
        .settings = PR_FATE_ERASED,
        .system = PR_FATE_KEPT,
        .time = N_("10 min"),
        .needs = N_("Passcode"),
        .fixes = N_("You hand a working phone on"),
        .erases = N_("Everything of yours, and its link to your Apple Account. It asks about an eSIM."),
        .keeps = N_("The system as it is, and what is in iCloud."),
        .where = N_("Settings › General › Transfer or Reset %s › Erase All Content and Settings"),
        .names = N_("Factory reset, wipe; on other phones hard reset"),
        .beware = N_("With Find My on, it asks for your Apple Account. A broken system stays broken."),
    },
    [PR_WAY_RESTORE] = {
        .group = PR_WAYS_ERASE,
        .remedy = PR_REMEDY_RESTORE,
        .title = N_("Restore %s"),
        .data = PR_FATE_ERASED,
        .settings = PR_FATE_ERASED,
        .system = PR_FATE_NEW_COPY,
        .recovers_broken_system = TRUE,
        .time = N_("1 hour"),
        .needs = N_("Computer"),
        .fixes = N_("The system is broken, or the passcode forgotten"),
        .erases = N_("Everything of yours, and the old copy of the system."),
        .keeps = N_("What is in iCloud, your backups, and the lock to the Apple Account."),
        .where = N_("In this window; in Finder, Apple Devices or iTunes"),
        .names = N_("Factory restore, clean install; from DFU mode, DFU restore"),
        .beware = N_("It does not bring your data back: that is “Restore Backup”. It lifts no Activation Lock."),
    },
    [PR_WAY_PUT_BACK] = {
        .group = PR_WAYS_BRING_BACK,
        .remedy = PR_REMEDY_PUT_BACK,
        .title = N_("Restore Backup"),
        .data = PR_FATE_FROM_BACKUP,
        .settings = PR_FATE_FROM_BACKUP,
        .system = PR_FATE_KEPT,
        .time = N_("20 min or more"),
        .needs = N_("A backup"),
        .fixes = N_("Your data shall come back after an erase, or to another phone"),
        .erases = N_("What is on the phone gives way to what is in the backup."),
        .keeps = N_("The system as it is. The backup itself stays too."),
        .where = N_("In this window; in Finder, Apple Devices or iTunes; from iCloud only while setting up"),
        .names = N_("Restore from backup, put a backup back"),
        .beware = N_("It mends no broken system, and brings back the trouble if that was in the backup."),
    },
};

static const PrCompareQuestion questions[] = {
    { N_ ("What are the two meanings of “Restore”?"),
      N_ ("“Restore iPhone” erases the phone and gives it a new system. “Restore Backup” puts a backup back on it. One "
          "takes data away, the other brings it."),
      "restore-iphone" },
    { N_ ("Can the buttons alone erase an iPhone?"),
      N_ ("No. Buttons can restart it, or bring it to recovery mode. Only a computer or the phone itself erases it. On "
          "a "
          "Windows Phone they can, without a warning."),
      "force-restart" },
    { N_ ("Are my photos gone for good after an erase?"),
      N_ ("On the phone, yes: the key that they were written with is destroyed. They come back from iCloud or from a "
          "backup, and from nowhere else."),
      "find-copies" },
    { N_ ("Does an erase take the Apple Account off?"),
      N_ ("“Erase All Content and Settings” does. A restore from recovery mode does not: the phone then asks for the "
          "account that it knew."),
      "activation-lock" },
    { N_ ("Does a VPN survive?"),
      N_ ("One that you set up yourself is erased. One from an organisation comes back with its management."),
      "profiles" },
    { N_ ("What if it is not my phone?"),
      N_ ("Restore only what is yours, or what you may erase. A phone that you found stays locked to its owner: give "
          "it "
          "back."),
      "activation-lock" },
    { N_ ("What do Apple and others mean by “hard reset”?"),
      N_ ("For iPhones mostly a force restart, which loses nothing. For Windows Phones and in many shops an erase of "
          "everything. Ask which one is meant."),
      "force-restart" },
    { NULL },
};

const PrWayFacts *
pr_way_get_facts (PrWay way)
{
    g_return_val_if_fail (way < PR_N_WAYS, NULL);
    return &ways[way];
}

gboolean
pr_way_of_remedy (PrRemedy remedy, PrWay *way)
{
    for (guint i = 0; i < PR_N_WAYS; i++) {
        if (ways[i].remedy != remedy)
            continue;
        *way = i;
        return TRUE;
    }
    return FALSE;
}

const PrCompareQuestion *
pr_compare_get_questions (void)
{
    return questions;
}
