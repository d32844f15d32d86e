// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-check-words.h"

#include "pr-backup-words.h"
#include "pr-guide.h"
#include "pr-link-words.h"
#include "pr-words.h"

#include <glib/gi18n.h>

/* The words of each check as it stands; what depends on the phone is filled in below. N_(), NULL where it cannot be. */
typedef struct {
    const char *name;    /* while it is pending, and when it is good */
    const char *warning; /* title */
    const char *unknown; /* title */
    const char *text;    /* of both */
    const char *consent;
    const char *unknown_consent; /* NULL: the same */
    const char *waits;
    const char *guide;
} Words;

static const Words words[] = {
    [PR_CHECK_FILE] = { .name = N_("System File"), .waits = N_("Waits for a system file") },
    [PR_CHECK_TOOL] = { .name = N_("Installer"), .waits = N_("Waits for the installer") },
    [PR_CHECK_ACCESS] = {
        .name = N_("Recovery Mode"),
        .unknown = N_("It Is Not Known Whether Recovery Mode Can Be Reached"),
        .text = N_("If this computer may not talk to it there, the phone waits in recovery mode until it may."),
        .consent = N_("Try it all the same"),
        .waits = N_("Waits for your word on recovery mode"),
        .guide = "no-usb-permission",
    },
    [PR_CHECK_TRUST] = { .name = N_("Trust"), .waits = N_("Waits for the phone to trust this computer") },
    [PR_CHECK_SETUP] = {
        .name = N_("Setup"),
        .unknown = N_("Whether It Is Set Up Is Not Known"),
        .text = N_("A phone in the middle of its setup takes a backup at one place only."),
        .consent = N_("It is set up, or waits for a computer"),
        .waits = N_("Waits for the setup of the phone"),
        .guide = "put-back-at-hello",
    },
    [PR_CHECK_PLACE] = {
        .name = N_("Backup Folder"),
        .unknown = N_("Nothing Is Known About the Backup Folder"),
        .text = N_("How fast it is, and what it can do, is not known."),
        .consent = N_("Use it all the same"),
        .waits = N_("Waits for your word on the backup folder"),
        .guide = "backups-here",
    },
    [PR_CHECK_FITS] = {
        .name = N_("Backup Fits"),
        .warning = N_("The Backup Is of Another Kind of Device"),
        .unknown = N_("Whether the Backup Fits Is Not Known"),
        .text = N_("A phone takes what it knows from it. What the other one had alone is left out."),
        .consent = N_("Try it all the same"),
        .waits = N_("Waits for your word on whether it fits"),
        .guide = "backup-misfit",
    },
    [PR_CHECK_INTACT] = {
        .name = N_("Backup Is Whole"),
        .warning = N_("The Backup Was Not Verified"),
        .unknown = N_("The Backup Was Not Verified"),
        .text = N_("Whether all of its files are there is not known."),
        .consent = N_("Put it back all the same"),
        .waits = N_("Waits for the backup to be looked into"),
        .guide = "backup-damaged",
    },
    [PR_CHECK_ENCRYPTION] = {
        .name = N_("Encryption"),
        .warning = N_("The Backup Will Not Be Encrypted"),
        .unknown = N_("Whether It Will Be Encrypted Is Not Known"),
        .text = N_("Without encryption passwords and Health data are left out."),
        .consent = N_("I can do without these"),
        .waits = N_("Waits for your word on encryption"),
        .guide = "backups-here",
    },
    [PR_CHECK_PASSWORD] = {
        .name = N_("Backup Password"),
        .warning = N_("The Password Was Not Tried Yet"),
        .unknown = N_("The Password Was Not Tried Yet"),
        .text = N_("The phone encrypts its backups. Only with the password it can be told whether they open."),
        .consent = N_("Go on without trying it"),
        .waits = N_("Waits for the backup password"),
        .guide = "lost-backup-password",
    },
    [PR_CHECK_ROOM] = {
        .name = N_("Room"),
        .warning = N_("Room Is Scarce"),
        .unknown = N_("How Much Room Is Needed Is Not Known"),
        .consent = N_("There is room enough"),
        .waits = N_("Waits for your word on the room"),
        .guide = "backup-disk-full",
    },
    [PR_CHECK_BACKUP] = {
        .name = N_("Last Backup"),
        .warning = N_("The Last Backup Is Old"),
        .unknown = N_("No Backup Is Known"),
        .consent = N_("I can do without a newer backup"),
        .waits = N_("Waits for your word on the backup"),
        .guide = "backup-first",
    },
    [PR_CHECK_FIND_MY] = {
        .name = N_("Find My"),
        .warning = N_("Find My Is On"),
        .unknown = N_("Find My Cannot Be Read Now"),
        .text = N_("Afterwards the phone may ask for the Apple Account it belongs to."),
        .consent = N_("I know the password of that Apple Account"),
        .waits = N_("Waits for your word on Find My"),
        .guide = "find-my",
    },
    [PR_CHECK_SUPERVISION] = {
        .name = N_("Managed by"),
        .unknown = N_("It Is Not Known Who Manages It"),
        .text = N_("A phone that an organisation manages is managed again afterwards."),
        .consent = N_("I am, or have leave of, this organisation"),
        .unknown_consent = N_("No organisation manages it, or I have its leave"),
        .waits = N_("Waits for your word on who manages it"),
        .guide = "supervised",
    },
    [PR_CHECK_BATTERY] = {
        .name = N_("Battery"),
        .warning = N_("The Battery Is Low"),
        .unknown = N_("The Battery Cannot Be Read Now"),
        .text = N_("Let it charge first. A phone that runs empty in the middle has to begin again."),
        .consent = N_("It is charged enough"),
        .waits = N_("Waits for your word on the battery"),
        .guide = "charge",
    },
    [PR_CHECK_LINK] = {
        .name = N_("Cable"),
        .unknown = N_("The Cable’s Way Is Not Known"),
        .text = N_("Plug the phone straight into the computer. Through two hubs it rarely works."),
        .consent = N_("Try it this way"),
        .waits = N_("Waits for your word on the cable"),
        .guide = "hub",
    },
    [PR_CHECK_UNSEEN] = {
        .name = N_("What No Backup Holds"),
        .warning = N_("What No Backup Holds"),
        .text = N_("Sign-in codes, cards, what is only in iCloud, and apps that do not back up. Move them first."),
        .consent = N_("I have looked after these"),
        .waits = N_("Waits for your word on what no backup holds"),
        .guide = "before-you-start",
    },
};

/* --- The last backup: here, in iCloud, or on another computer --- */

static PrBackup *
get_own (PrPlan *plan)
{
    return pr_backup_library_find (pr_plan_get_library (plan), pr_phone_get_udid (pr_plan_get_phone (plan)));
}

static GDateTime *
get_newer (GDateTime *one, GDateTime *other)
{
    return !other || (one && g_date_time_compare (one, other) > 0) ? one : other;
}

static char *
describe_backup (PrPlan *plan)
{
    PrPhone *phone = pr_plan_get_phone (plan);
    PrBackup *own = get_own (plan);
    GDateTime *cloud = pr_phone_get_last_cloud_backup (phone);
    GDateTime *newest = get_newer (cloud, pr_phone_get_last_computer_backup (phone));

    newest = get_newer (newest, own ? pr_backup_get_date (own) : NULL);
    return newest ? pr_words_date (newest) : NULL;
}

static gboolean
is_unproven (PrPlan *plan)
{
    PrBackup *own = get_own (plan);

    return own && pr_backup_get_health (own) == PR_BACKUP_HEALTH_UNPROVEN;
}

/* Where the good one is: the one here only where it was verified. */
static char *
describe_good_backup (PrPlan *plan)
{
    PrBackup *own = get_own (plan);
    GDateTime *cloud = pr_phone_get_last_cloud_backup (pr_plan_get_phone (plan));
    gboolean here = own && pr_backup_get_health (own) == PR_BACKUP_HEALTH_GOOD && pr_backup_get_date (own) &&
                    get_newer (pr_backup_get_date (own), cloud) == pr_backup_get_date (own);
    g_autofree char *date = NULL;

    if (!here && !cloud)
        return describe_backup (plan);
    date = pr_words_date (here ? pr_backup_get_date (own) : cloud);
    return g_strdup_printf (here ? _ ("On this computer, %s") : _ ("In iCloud, %s"), date);
}

static char *
describe_room (PrPlan *plan)
{
    g_autofree char *needed = g_format_size (pr_plan_get_room_needed (plan));
    g_autofree char *left = g_format_size (pr_plan_get_room_free (plan));

    if (pr_plan_get_room_needed (plan) == 0)
        /* Translators: a size, "20 GB" */
        return g_strdup_printf (_ ("%s are free."), left);
    /* Translators: two sizes, "20 GB" */
    return g_strdup_printf (_ ("About %s are needed, %s are free."), needed, left);
}

static char *
describe_value (PrCheckKind kind, PrPlan *plan)
{
    PrPhone *phone = pr_plan_get_phone (plan);

    switch (kind) {
    case PR_CHECK_FILE:
        return g_strdup_printf ("%s %s", pr_words_system (phone), pr_plan_get_file_version (plan));
    case PR_CHECK_TOOL:
        return g_strdup (_ ("Ready"));
    case PR_CHECK_ACCESS:
        return g_strdup (_ ("Can be reached"));
    case PR_CHECK_TRUST:
        return g_strdup (pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL ? _ ("Trusted") : _ ("Not needed now"));
    case PR_CHECK_SETUP:
        return g_strdup (_ ("Done"));
    case PR_CHECK_PLACE:
        return pr_words_path (pr_backup_library_get_folder (pr_plan_get_library (plan)));
    case PR_CHECK_FITS:
        return pr_backup_words_system (pr_plan_get_backup (plan));
    case PR_CHECK_INTACT:
        return g_strdup (_ ("Verified"));
    case PR_CHECK_ENCRYPTION:
        return g_strdup (pr_phone_get_encrypts (phone) == PR_ANSWER_YES
                             ? _ ("On: passwords and Health data are included")
                             : _ ("Off: passwords and Health data are left out"));
    case PR_CHECK_PASSWORD:
        return g_strdup (_ ("Right"));
    case PR_CHECK_ROOM:
        return describe_room (plan);
    case PR_CHECK_BACKUP:
        return describe_good_backup (plan);
    case PR_CHECK_FIND_MY:
        return g_strdup (_ ("Off"));
    case PR_CHECK_SUPERVISION:
        return g_strdup (_ ("Nobody"));
    case PR_CHECK_BATTERY:
        return pr_words_battery (phone);
    case PR_CHECK_LINK:
        return pr_words_hubs (phone);
    case PR_CHECK_UNSEEN:
    case PR_N_CHECKS:
    default:
        return NULL;
    }
}

/* What was found about the link names itself. */
static void
describe_finding (PrCheckWords *self, const PrFinding *finding)
{
    const char *guide = pr_link_words_guide (finding->kind);

    self->title = pr_link_words_title (finding);
    self->text = g_strdup (pr_link_words_text (finding));
    self->consent = pr_link_words_consent (finding);
    self->guide = g_strdup (guide ? guide : words[PR_CHECK_LINK].guide);
}

static char *
describe_title (PrCheckKind kind, PrCheckState state, PrPlan *plan)
{
    PrPhone *phone = pr_plan_get_phone (plan);
    const char *organization = pr_phone_get_organization (phone);

    if (state == PR_CHECK_WARNING && kind == PR_CHECK_PLACE)
        return g_strdup (pr_plan_place_is_slow (plan) ? _ ("The Backup Folder Is Slow")
                                                      : _ ("The Backup Folder Is on Another Kind of Disk"));
    if (state == PR_CHECK_NOT_KNOWN && kind == PR_CHECK_BACKUP && is_unproven (plan))
        return g_strdup (_ ("Whether the Backup Opens Is Not Known"));

    if (state == PR_CHECK_WARNING && kind == PR_CHECK_SUPERVISION)
        /* Translators: the name of a company or school */
        return organization ? g_strdup_printf (_ ("Managed by %s"), organization)
                            : g_strdup (_ ("An Organisation Manages It"));
    if (state == PR_CHECK_WARNING)
        return g_strdup (_ (words[kind].warning));
    return g_strdup (state == PR_CHECK_NOT_KNOWN ? _ (words[kind].unknown) : _ (words[kind].name));
}

static char *
describe_backup_text (PrCheckState state, PrPlan *plan)
{
    g_autofree char *date = describe_backup (plan);

    if (state == PR_CHECK_WARNING)
        /* Translators: a date */
        return g_strdup_printf (_ ("It is from %s. What is newer is only on the phone."), date);
    if (is_unproven (plan))
        return g_strdup (_ ("The one on this computer is encrypted. Its password shows whether it opens."));
    return g_strdup (_ ("What is on the phone may be nowhere else."));
}

static char *
describe_room_text (PrPlan *plan)
{
    g_autofree char *room = describe_room (plan);

    if (!pr_plan_needs_journal (plan))
        return g_steal_pointer (&room);
    return g_strjoin (" ", room, _ ("The backup from before would be changed itself, with a journal that can undo it."),
                      NULL);
}

/* Nobody but the person can see it, and somebody else will need it to be so. */
static gboolean
must_be_looked_up (PrCheckKind kind, PrCheckState state, PrPlan *plan)
{
    return kind == PR_CHECK_FIND_MY && state == PR_CHECK_NOT_KNOWN && pr_plan_get_hand_over (plan) == PR_ANSWER_YES;
}

static char *
describe_text (PrCheckKind kind, PrCheckState state, PrPlan *plan)
{
    if (must_be_looked_up (kind, state, plan))
        return g_strdup (_ ("The phone itself shows it. While Find My is on, nobody else can use the phone."));
    if (kind == PR_CHECK_BACKUP)
        return describe_backup_text (state, plan);
    if (kind == PR_CHECK_ROOM)
        return describe_room_text (plan);
    if (kind == PR_CHECK_PLACE && state == PR_CHECK_WARNING)
        return g_strdup (
            pr_plan_place_is_slow (plan)
                ? _ ("It is on the network or on a slow disk. A backup takes longer there.")
                : _ ("It cannot share files between backups. Each one is copied whole and needs more room."));
    return g_strdup (_ (words[kind].text));
}

static char *
describe_consent (PrCheckKind kind, PrCheckState state, PrPlan *plan)
{
    if (must_be_looked_up (kind, state, plan))
        return g_strdup (_ ("I looked there, and Find My is off"));
    if (kind == PR_CHECK_ROOM && pr_plan_needs_journal (plan))
        return g_strdup (_ ("Change the backup from before"));
    return g_strdup (_ (state == PR_CHECK_NOT_KNOWN && words[kind].unknown_consent ? words[kind].unknown_consent
                                                                                   : words[kind].consent));
}

/* What can be done about it right here. */
static void
offer_ways (PrCheckWords *self, PrCheckKind kind, PrCheckState state, PrPlan *plan)
{
    if (state == PR_CHECK_GOOD || state == PR_CHECK_PENDING)
        return;
    self->asks_password =
        kind == PR_CHECK_PASSWORD || (kind == PR_CHECK_BACKUP && state == PR_CHECK_NOT_KNOWN && is_unproven (plan));
    self->offers_backup = kind == PR_CHECK_BACKUP && pr_plan_goal_is_possible (plan, PR_GOAL_BACK_UP);
}

/* What is in the way has a guide, and its words are the row's. */
static void
take_guide (PrCheckWords *self, const GError *error)
{
    g_autoptr (PrGuide) guide = NULL;

    self->guide = g_strdup (pr_error_get_nick (error->code));
    guide = pr_guide_load (self->guide);
    if (!guide)
        return;
    self->title = g_strdup (pr_guide_get_title (guide));
    self->text = g_strdup (pr_guide_get_summary (guide));
}

static void
describe_blocker (PrCheckWords *self, PrCheck *check, PrPlan *plan)
{
    const GError *error = pr_check_get_error (check);

    if (error && error->domain == PR_ERROR)
        take_guide (self, error);
    if (self->title)
        return;
    if (pr_check_get_kind (check) == PR_CHECK_PASSWORD) {
        self->title = g_strdup (_ ("The Password of the Backup Is Needed"));
        self->text = g_strdup (_ ("It is encrypted. Without its password it cannot be put back."));
        self->guide = g_strdup (words[PR_CHECK_PASSWORD].guide);
        return;
    }
    if (pr_plan_get_version (plan)) {
        self->offers_download = TRUE;
        self->title = g_strdup (_ ("There Is No System File Yet"));
        self->text = g_strdup (_ ("Download it above, or choose one that you have. It ends in .ipsw."));
        return;
    }
    self->title = g_strdup (_ ("Choose a System File"));
    self->text = g_strdup (_ ("It ends in .ipsw and is made for one family of models. It is read before the phone is "
                              "touched."));
}

PrCheckWords *
pr_check_words_new (PrCheck *check, PrPlan *plan)
{
    PrCheckWords *self = g_new0 (PrCheckWords, 1);
    PrCheckKind kind = pr_check_get_kind (check);
    PrCheckState state = pr_check_get_state (check);

    self->waits = g_strdup (_ (words[kind].waits));
    offer_ways (self, kind, state, plan);
    if (state == PR_CHECK_BLOCKING) {
        describe_blocker (self, check, plan);
        return self;
    }
    if (pr_check_get_finding (check)) {
        describe_finding (self, pr_check_get_finding (check));
        return self;
    }
    self->title = describe_title (kind, state, plan);
    if (state == PR_CHECK_GOOD) {
        self->value = describe_value (kind, plan);
    } else if (state == PR_CHECK_WARNING || state == PR_CHECK_NOT_KNOWN) {
        self->text = describe_text (kind, state, plan);
        self->consent = describe_consent (kind, state, plan);
        self->guide = g_strdup (words[kind].guide);
    }
    return self;
}

void
pr_check_words_free (PrCheckWords *self)
{
    g_free (self->title);
    g_free (self->text);
    g_free (self->value);
    g_free (self->consent);
    g_free (self->waits);
    g_free (self->guide);
    g_free (self);
}
