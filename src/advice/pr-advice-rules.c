// SPDX-License-Identifier: GPL-3.0-or-later
/* The rules for iPhone, iPad and iPod touch, to be read from top to bottom. No rule here is about a drawing, a page or
 * an operation; the facts behind them are Apple's support pages and what is quoted at each table. */
#include "pr-advice-rules.h"

/* A phone that is being worked on is left in peace; an hour without an end is a matter of the cable. */
#define WAIT_AT_WORK                                                                                                   \
    RULE (WAIT, N_ ("It is being worked on now. Leave the cable in; some steps take long."), WHEN (PR_FACT_RESTORING))
#define CABLE_AT_WORK                                                                                                  \
    RULE (CHECK_CABLE, N_ ("A step that takes more than an hour mostly has a bad cable or port."),                     \
          WHEN (PR_FACT_RESTORING))
#define AT_WORK WAIT_AT_WORK, CABLE_AT_WORK

/* A phone in recovery mode may have nothing else. */
#define MAY_START RULE (LEAVE_RECOVERY, N_ ("It is in recovery mode, and may start as usual when it leaves."))

/* What is left for a system that does not start: update, then what erases, then service. */
#define NEW_SYSTEM                                                                                                     \
    RULE (BACK_UP, N_ ("It still answers this computer, so save your data while it does."), WHEN (PR_FACT_TALKS)),     \
        RULE (UPDATE, N_ ("A new copy of the system often mends what keeps it from starting. Your data is kept.")),    \
        RULE (NEARBY, N_ ("Another iPhone or iPad can restore it without a computer. It erases the phone."),           \
              UNLESS (PR_FACT_NORMAL)),                                                                                \
        RULE (RESTORE, N_ ("When a new system over your data did not help, an empty one can. It erases the phone.")),  \
        RULE (DFU_RESTORE, N_ ("This reaches a phone below its system, when recovery mode did not help.")),            \
        RULE (SERVICE, N_ ("Nothing that a computer can do has helped, so a part of the phone may be broken."))

/* The same for a system that runs: what is on the phone can be saved first. */
#define FRESH_START                                                                                                    \
    RULE (BACK_UP, N_ ("The next steps are bigger. With a backup, none of them can cost you anything.")),              \
        RULE (UPDATE, N_ ("This puts a whole new copy of the system under your data.")),                               \
        RULE (ERASE, N_ ("What is left lies in the settings and data. With a backup, you can start afresh.")),         \
        RULE (RESTORE, N_ ("An erase keeps the system as it is. This brings a new one too.")),                         \
        RULE (SERVICE, N_ ("A fresh system on an empty phone did not help, so a part of it may be broken."))

static const PrRule frozen[] = {
    AT_WORK,
    RULE (RESTART, N_ ("It still answers this computer, which can restart it. Nothing is lost."), WHEN (PR_FACT_TALKS)),
    MAY_START,
    RULE (FORCE_RESTART, N_ ("The buttons work on a frozen screen too. Nothing is lost.")),
    RULE (RECOVERY_ASSISTANT,
          N_ ("With iOS 26 or later the phone looks for the trouble itself when it fails to start."),
          UNLESS (PR_FACT_TALKS)),
    NEW_SYSTEM,
};

/* A phone that runs and shows nothing has a broken screen: erasing cannot mend that. */
static const PrRule black_screen[] = {
    AT_WORK,
    RULE (CHARGE,
          N_ ("An empty battery is the most common cause, and it can take long to show a sign."),
          UNLESS (PR_FACT_RECOVERY | PR_FACT_DFU)),
    MAY_START,
    RULE (FORCE_RESTART, N_ ("A phone that sleeps too deeply, or is in DFU mode, starts again by its buttons.")),
    RULE (BACK_UP, N_ ("The phone runs, only its screen is dark. Save what is on it."), WHEN (PR_FACT_TALKS)),
    RULE (UPDATE, N_ ("A new copy of the system often mends what keeps it from starting. Your data is kept.")),
    RULE (NEARBY,
          N_ ("Another iPhone or iPad can restore it without a computer. It erases the phone."),
          WHEN (PR_FACT_RECOVERY)),
    RULE (RESTORE,
          N_ ("When a new system over your data did not help, an empty one can. It erases the phone."),
          UNLESS (PR_FACT_NORMAL)),
    RULE (DFU_RESTORE,
          N_ ("This reaches a phone below its system, when recovery mode did not help."),
          UNLESS (PR_FACT_NORMAL)),
    RULE (SERVICE, N_ ("The screen, the battery or the socket may be broken. A repair can keep your data.")),
};

static const PrRule apple_logo[] = {
    RULE (WAIT,
          N_ ("An update can take an hour at the logo, above all with a bar that moves."),
          UNLESS (PR_FACT_RECOVERY)),
    CABLE_AT_WORK,
    MAY_START,
    RULE (FORCE_RESTART, N_ ("A start that hangs once may go through the next time. Nothing is lost.")),
    RULE (RECOVERY_ASSISTANT,
          N_ ("With iOS 26 or later the phone looks for the trouble itself when it fails to start.")),
    NEW_SYSTEM,
};

static const PrRule restarts[] = {
    AT_WORK,
    RULE (CHARGE,
          N_ ("A weak battery makes a phone start over and over. Half an hour at a charger tells."),
          UNLESS (PR_FACT_RECOVERY | PR_FACT_DFU)),
    MAY_START,
    RULE (FORCE_RESTART, N_ ("One clean start can end it. Nothing is lost.")),
    RULE (RECOVERY_ASSISTANT,
          N_ ("With iOS 26 or later the phone looks for the trouble itself when it fails to start.")),
    NEW_SYSTEM,
};

static const PrRule recovery_screen[] = {
    WAIT_AT_WORK,
    RULE (CHECK_CABLE, N_ ("The phone waits for a computer, and this one does not see it yet."), WHEN (PR_FACT_AWAY)),
    RULE (LEAVE_RECOVERY, N_ ("Often it only waits, and starts as usual when it leaves this mode.")),
    RULE (FORCE_RESTART, N_ ("The buttons can bring it out of recovery mode too. Nothing is lost.")),
    RULE (RECOVERY_ASSISTANT, N_ ("With iOS 26 or later it may mend itself, if its screen offers that.")),
    NEW_SYSTEM,
};

/* source: Apple Support, If you forgot your iPhone passcode: it cannot be read out, only erased with everything else
 * source: Apple, MDM protocol: an organisation can clear the passcode of a phone that it manages */
#define LOCKED_OUT                                                                                                     \
    RULE (OLD_PASSCODE,                                                                                                \
          N_ ("For three days after a change, iOS 17 and later take the passcode that you had before.")),              \
        RULE (ASK_ORGANISATION, N_ ("Who manages this phone can often clear its passcode. Nothing is lost.")),         \
        RULE (LEAVE_RECOVERY, N_ ("Out of recovery mode you can still try a passcode, before anything is erased.")),   \
        RULE (BACK_UP, N_ ("This computer is still trusted. It may be able to save your data before it is erased."),   \
              WHEN (PR_FACT_TALKS)),                                                                                   \
        RULE (SECURITY_LOCKOUT,                                                                                        \
              N_ ("“Forgot Passcode?” or “Erase iPhone” on the lock screen needs no computer. It erases the phone.")), \
        RULE (RESTORE, N_ ("Without the passcode a phone can only be emptied. Your data comes back from a backup, or " \
                           "from iCloud if you know the Apple Account; else set it up as new.")),                      \
        RULE (DFU_RESTORE, N_ ("This erases a phone that does not come to recovery mode.")),                           \
        RULE (SERVICE,                                                                                                 \
              N_ ("Nobody can read out a passcode. Apple can help with an Apple Account, or with a broken phone."))

static const PrRule forgot_passcode[] = {
    AT_WORK,
    LOCKED_OUT,
};

static const PrRule unavailable[] = {
    RULE (WAIT,
          N_ ("If it names a time, you get another try then. Each wrong passcode makes it longer."),
          UNLESS (PR_FACT_RECOVERY | PR_FACT_DFU)),
    CABLE_AT_WORK,
    LOCKED_OUT,
};

static const PrRule crashes[] = {
    AT_WORK,
    RULE (RESTART, N_ ("After an update, a restart settles much. Nothing is lost.")),
    MAY_START,
    RULE (FORCE_RESTART, N_ ("If it hangs while it crashes, the buttons still work. Nothing is lost.")),
    RULE (UPDATE_ON_PHONE, N_ ("A newer version often mends what the last one broke. Update the apps too.")),
    RULE (MAKE_ROOM, N_ ("Apps close by themselves on a full phone.")),
    RULE (RESET_SETTINGS, N_ ("A setting that the new version does not like goes back to its start. Data is kept.")),
    FRESH_START,
};

static const PrRule battery[] = {
    RULE (WAIT, N_ ("After an update a phone works in the background for a day or two. Then it calms down.")),
    CABLE_AT_WORK,
    RULE (CHECK_BATTERY, N_ ("A worn battery is mended by no reset. The phone says how worn it is.")),
    RULE (RESTART, N_ ("A program that runs wild in the background ends. Nothing is lost.")),
    MAY_START,
    RULE (UPDATE_ON_PHONE, N_ ("A newer version may need less. Update the apps too.")),
    RULE (RESET_SETTINGS, N_ ("Settings that keep the phone awake go back to their start. Data is kept.")),
    FRESH_START,
};

static const PrRule slow[] = {
    AT_WORK,
    RULE (RESTART, N_ ("Most slow phones only need this. Nothing is lost.")),
    MAY_START,
    RULE (UPDATE_ON_PHONE, N_ ("A newer version may be faster. Update the apps too.")),
    RULE (MAKE_ROOM, N_ ("A phone that is almost full gets slow.")),
    RULE (RESET_SETTINGS, N_ ("This is the usual next step for a slow phone. Photos, messages and apps are kept.")),
    FRESH_START,
};

static const PrRule settings[] = {
    AT_WORK,
    RULE (RESTART, N_ ("It starts the radios and the keyboard anew. Nothing is lost.")),
    MAY_START,
    RULE (UPDATE_ON_PHONE, N_ ("A newer version may have mended it.")),
    RULE (RESET_SETTINGS, N_ ("Wi-Fi, keyboard, display and Home Screen go back to their start. Data is kept.")),
    FRESH_START,
};

/* source: Apple Platform Deployment: a profile of an organisation comes back with the enrolment */
static const PrRule malware[] = {
    AT_WORK,
    RULE (ASK_ORGANISATION, N_ ("The profile may be your organisation’s own. After an erase it would come back.")),
    RULE (RESTART, N_ ("A restart ends whatever runs now. Nothing is lost.")),
    MAY_START,
    RULE (UPDATE_ON_PHONE, N_ ("The newest version closes the holes that are known.")),
    RULE (REMOVE_PROFILE, N_ ("A profile that you do not know can steer the network. It can be taken away by itself.")),
    RULE (BACK_UP, N_ ("The next steps are bigger. With a backup, none of them can cost you anything.")),
    RULE (UPDATE, N_ ("This puts a whole new copy of the system under your data.")),
    RULE (AS_NEW, N_ ("An empty phone holds nothing unwanted. A backup could bring it back, so set it up as new.")),
    RULE (RESTORE, N_ ("An erase keeps the system as it is. This brings a new one too; then set it up as new.")),
    RULE (SERVICE, N_ ("Whoever is in an account does not need the phone. Have the account looked at too.")),
};

static const PrRule storage[] = {
    AT_WORK,
    RULE (RESTART, N_ ("The phone tidies up what it kept for itself. Nothing of yours is lost.")),
    MAY_START,
    RULE (MAKE_ROOM, N_ ("You pick what may go. Most room is in videos, and in apps that you do not use.")),
    RULE (BACK_UP, N_ ("The next steps are bigger. With a backup, none of them can cost you anything.")),
    RULE (ERASE, N_ ("System data that grew without end goes away. Your backup then fills the phone again.")),
    RULE (RESTORE, N_ ("An erase keeps the system as it is. This brings a new one too.")),
    RULE (SERVICE, N_ ("If everything is needed, more storage in iCloud or a larger phone is what helps.")),
};

static const PrRule no_charge[] = {
    WAIT_AT_WORK,
    RULE (CHECK_CABLE, N_ ("Mostly it is the cable, or dust in the socket.")),
    RULE (CHARGE, N_ ("An empty battery can need an hour at another charger until it shows a sign.")),
    RULE (TRUST, N_ ("The cable works: the phone only waits for your word.")),
    RULE (RESTART, N_ ("It starts the phone’s side of the connection anew."), WHEN (PR_FACT_NORMAL)),
    MAY_START,
    RULE (FORCE_RESTART, N_ ("It helps a phone that charges but stays dark. Nothing is lost.")),
    RULE (SERVICE, N_ ("The socket or the battery may be broken. A repair can keep your data.")),
};

static const PrRule not_seen[] = {
    WAIT_AT_WORK,
    RULE (CHECK_CABLE,
          N_ ("Many cables only charge. Go straight into the computer, with another cable."),
          UNLESS (PR_FACT_RECOVERY | PR_FACT_DFU)),
    RULE (CHECK_COMPUTER,
          N_ ("A small service of this computer talks to phones. It may not be running."),
          UNLESS (PR_FACT_TALKS | PR_FACT_RECOVERY | PR_FACT_DFU)),
    RULE (TRUST, N_ ("The computer sees it, but the phone only talks to one that you trust.")),
    RULE (RESTART, N_ ("Restart the phone, and the computer too.")),
    RULE (LEAVE_RECOVERY, N_ ("It is seen in recovery mode, and may start as usual when it leaves.")),
    RULE (FORCE_RESTART, N_ ("It helps a phone that charges but does not answer. Nothing is lost.")),
    RULE (SERVICE, N_ ("If no computer sees it with any cable, its socket may be broken.")),
};

static const PrRule setup_stuck[] = {
    AT_WORK,
    RULE (CHECK_NETWORK, N_ ("Setting up needs Apple’s servers: other Wi-Fi, the right account, or some patience.")),
    RULE (ASK_OWNER,
          N_ ("It is locked to an Apple Account. Who owns that account can free it."),
          WHEN (PR_FACT_LOCKED)),
    RULE (RESTART, N_ ("Setting up goes on, or starts over. Nothing is lost.")),
    MAY_START,
    RULE (FORCE_RESTART, N_ ("If it hangs, the buttons still work. Nothing is lost.")),
    RULE (UPDATE, N_ ("Some phones need a newer system before they can be set up.")),
    RULE (RESTORE,
          N_ ("An empty phone loses nothing by it. Data that has already come back from iCloud stays there."),
          UNLESS (PR_FACT_LOCKED)),
    RULE (SERVICE, N_ ("The radio may be broken, or the account needs Apple’s help.")),
};

/* source: Apple Support, Restore from a backup; an article's rule: as new where the trouble came back with the backup
 */
static const PrRule trouble_back[] = {
    AT_WORK,
    RULE (RESTART, N_ ("After so much was copied, a restart settles much. Nothing is lost.")),
    MAY_START,
    RULE (UPDATE_ON_PHONE, N_ ("A newer version may cope with what the backup brought. Update the apps too.")),
    RULE (RESET_SETTINGS, N_ ("The settings came from the backup too. They go back to their start; data is kept.")),
    RULE (BACK_UP, N_ ("Keep what is on it now, before you start afresh.")),
    RULE (AS_NEW, N_ ("The trouble came back with the backup, so it is in there. Set the phone up as new.")),
    RULE (RESTORE, N_ ("A new system on an empty phone. Set it up as new, without the backup.")),
    RULE (SERVICE, N_ ("It happens on a phone that is as new, so a part of it may be broken.")),
};

static const PrRule data_back[] = {
    AT_WORK,
    RULE (TRUST, N_ ("A phone that trusts this computer can be saved to it.")),
    RULE (LOOK_FOR_COPIES, N_ ("Much is still somewhere: in Recently Deleted, on iCloud.com, in a backup.")),
    RULE (LEAVE_RECOVERY, N_ ("What is on the phone is still there, and it may start as usual.")),
    RULE (FORCE_RESTART, N_ ("A phone that starts again gives back what is on it."), WHEN (PR_FACT_AWAY)),
    RULE (BACK_UP, N_ ("Putting a backup back replaces what is on the phone now. Save that first.")),
    RULE (SIGN_OUT,
          N_ ("With Find My on, the phone takes no backup from a computer."),
          UNLESS (PR_FACT_NOT_RUNNING | PR_FACT_AWAY)),
    RULE (UPDATE,
          N_ ("A phone that does not start can get a new system, and keeps what is on it."),
          WHEN (PR_FACT_RECOVERY)),
    RULE (PUT_BACK, N_ ("It brings back what was on the phone on the day of the backup.")),
    RULE (ERASE, N_ ("A backup in iCloud can only be put back while a phone is being set up. It erases the phone.")),
    RULE (SERVICE,
          N_ ("What was erased and is in no backup is gone: its key is destroyed. What is on a broken phone, a "
              "repair may save.")),
};

/* Who manages a phone decides about it; handing it over stops there. */
static const PrRule selling[] = {
    AT_WORK,
    RULE (ASK_ORGANISATION, N_ ("It belongs to an organisation, which has to release it first.")),
    RULE (LEAVE_RECOVERY,
          N_ ("Out of recovery mode it can be saved, signed out and erased properly."),
          UNLESS (PR_FACT_MANAGED)),
    RULE (BACK_UP, N_ ("Your data moves to your next phone from a backup."), UNLESS (PR_FACT_MANAGED)),
    RULE (SIGN_OUT,
          N_ ("Otherwise the next owner is asked for your password, and cannot use the phone."),
          UNLESS (PR_FACT_MANAGED)),
    RULE (ERASE,
          N_ ("It takes everything of yours off the phone, in some minutes, and keeps its system."),
          UNLESS (PR_FACT_MANAGED)),
    RULE (RESTORE,
          N_ ("For a phone that cannot be erased by itself: a new system, and nothing of yours."),
          UNLESS (PR_FACT_MANAGED)),
    RULE (DFU_RESTORE, N_ ("This erases a phone that does not come to recovery mode."), UNLESS (PR_FACT_MANAGED)),
    RULE (SERVICE,
          N_ ("Who takes it in trade can erase it, once it is off your Apple Account."),
          UNLESS (PR_FACT_MANAGED)),
};

static const PrRule bought_used[] = {
    AT_WORK,
    RULE (CHECK_USED, N_ ("A minute shows whether it is locked, managed or worn. Do it while the seller is there.")),
    RULE (ASK_OWNER,
          N_ ("It is locked to an Apple Account. Only the seller can free it, also from afar."),
          WHEN (PR_FACT_LOCKED)),
    RULE (ASK_ORGANISATION, N_ ("An organisation manages it. Give it back, or have the seller get it released.")),
    RULE (LEAVE_RECOVERY, N_ ("Out of recovery mode it shows whose it is."), UNLESS (PR_FACT_LOCKED | PR_FACT_MANAGED)),
    RULE (BACK_UP,
          N_ ("If you have put things of your own on it, save them."),
          UNLESS (PR_FACT_LOCKED | PR_FACT_MANAGED)),
    RULE (ERASE,
          N_ ("Start with an empty phone: nothing of a stranger’s stays on it."),
          UNLESS (PR_FACT_LOCKED | PR_FACT_MANAGED)),
    RULE (RESTORE,
          N_ ("It brings a system that comes from Apple, and nothing else."),
          UNLESS (PR_FACT_LOCKED | PR_FACT_MANAGED)),
    RULE (SERVICE, N_ ("With proof of purchase, Apple can look into a lock. No program can lift it.")),
};

/* source: Apple Support, Activation Lock: it survives every erase; only the account lifts it, or Apple with proof */
static const PrRule strangers_account[] = {
    AT_WORK,
    RULE (ASK_OWNER, N_ ("Only this account lifts the lock. Its owner can do it from afar, on iCloud.com/find.")),
    RULE (ASK_ORGANISATION, N_ ("The account may be your organisation’s, which can free the phone.")),
    RULE (SERVICE, N_ ("With proof of purchase, ask Apple. A phone that was found or stolen is given back.")),
};

const PrSymptomRules pr_advice_phone_rules[PR_SYMPTOM_FIRST_WINDOWS] = {
    [PR_SYMPTOM_FROZEN] = { N_ ("It is frozen"), N_ ("The screen shows something, and does not react"),
                            RULES (frozen) },
    [PR_SYMPTOM_BLACK_SCREEN] = { N_ ("The screen stays black"), N_ ("It does not turn on, or shows nothing"),
                                  RULES (black_screen) },
    [PR_SYMPTOM_APPLE_LOGO] = { N_ ("It is stuck at the Apple logo"), N_ ("With or without a bar"),
                                RULES (apple_logo) },
    [PR_SYMPTOM_RESTARTS] = { N_ ("It restarts by itself"), N_ ("Over and over, or many times a day"),
                              RULES (restarts) },
    [PR_SYMPTOM_RECOVERY_SCREEN] = { N_ ("It shows a cable and a computer"), N_ ("The recovery screen came by itself"),
                                     RULES (recovery_screen) },
    [PR_SYMPTOM_FORGOT_PASSCODE] = { N_ ("I forgot the passcode"), N_ ("The phone itself works"),
                                     RULES (forgot_passcode) },
    [PR_SYMPTOM_UNAVAILABLE] = { N_ ("It says “unavailable” or “disabled”"), N_ ("After too many wrong passcodes"),
                                 RULES (unavailable) },
    [PR_SYMPTOM_CRASHES] = { N_ ("It crashes since an update"), N_ ("Apps close, or the system hangs"),
                             RULES (crashes) },
    [PR_SYMPTOM_BATTERY] = { N_ ("The battery drains fast"), N_ ("Faster than it used to"), RULES (battery) },
    [PR_SYMPTOM_SLOW] = { N_ ("It is slow"), N_ ("Everything takes longer than it did"), RULES (slow) },
    [PR_SYMPTOM_SETTINGS] = { N_ ("Wi-Fi, keyboard or display act up"), N_ ("Something that has a setting is wrong"),
                              RULES (settings) },
    [PR_SYMPTOM_MALWARE] = { N_ ("I fear that somebody is in it"), N_ ("Malware, or a profile that I do not know"),
                             RULES (malware) },
    [PR_SYMPTOM_STORAGE] = { N_ ("Its storage is full"), N_ ("No more photos, no update"), RULES (storage) },
    [PR_SYMPTOM_NO_CHARGE] = { N_ ("It does not charge or connect"), N_ ("Nothing happens with a cable"),
                               RULES (no_charge) },
    [PR_SYMPTOM_NOT_SEEN] = { N_ ("The computer does not see it"), N_ ("It charges, but is not in this window"),
                              RULES (not_seen) },
    [PR_SYMPTOM_SETUP_STUCK] = { N_ ("Setting up does not get on"),
                                 N_ ("At activation, or while data comes from iCloud"), RULES (setup_stuck) },
    [PR_SYMPTOM_TROUBLE_BACK] = { N_ ("The trouble is back after a restore"), N_ ("It came back with the backup"),
                                  RULES (trouble_back) },
    [PR_SYMPTOM_DATA_BACK] = { N_ ("I want my data back"), N_ ("Photos, messages or contacts are missing"),
                               RULES (data_back) },
    [PR_SYMPTOM_SELLING] = { N_ ("I sell it, or give it away"), N_ ("Or trade it in"), RULES (selling) },
    [PR_SYMPTOM_BOUGHT_USED] = { N_ ("I bought it used"), N_ ("And want it clean and free"), RULES (bought_used) },
    [PR_SYMPTOM_STRANGERS_ACCOUNT] = { N_ ("It asks for a stranger’s Apple Account"),
                                       N_ ("Or says “iPhone Locked to Owner”"), RULES (strangers_account) },
};
