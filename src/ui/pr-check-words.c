// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-check-words.h"

#include "pr-guide.h"
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

static char *
describe_backup (PrPhone *phone)
{
    GDateTime *cloud = pr_phone_get_last_cloud_backup (phone);
    GDateTime *computer = pr_phone_get_last_computer_backup (phone);

    if (!cloud && !computer)
        return NULL;
    return pr_words_date (!computer || (cloud && g_date_time_compare (cloud, computer) > 0) ? cloud : computer);
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
    case PR_CHECK_BACKUP:
        return describe_backup (phone);
    case PR_CHECK_FIND_MY:
        return g_strdup (_ ("Off"));
    case PR_CHECK_SUPERVISION:
        return g_strdup (_ ("Nobody"));
    case PR_CHECK_BATTERY:
        return pr_words_battery (phone);
    case PR_CHECK_LINK:
        return pr_words_hubs (phone);
    case PR_CHECK_SETUP:
    case PR_CHECK_PLACE:
    case PR_CHECK_FITS:
    case PR_CHECK_INTACT:
    case PR_CHECK_ENCRYPTION:
    case PR_CHECK_PASSWORD:
    case PR_CHECK_ROOM:
    case PR_CHECK_UNSEEN:
    case PR_N_CHECKS:
    default:
        return NULL;
    }
}

static char *
describe_title (PrCheckKind kind, PrCheckState state, PrPhone *phone)
{
    const char *organization = pr_phone_get_organization (phone);

    if (state == PR_CHECK_WARNING && kind == PR_CHECK_SUPERVISION)
        /* Translators: the name of a company or school */
        return organization ? g_strdup_printf (_ ("Managed by %s"), organization)
                            : g_strdup (_ ("An Organisation Manages It"));
    if (state == PR_CHECK_WARNING && kind == PR_CHECK_LINK)
        return pr_words_hubs (phone);
    if (state == PR_CHECK_WARNING)
        return g_strdup (_ (words[kind].warning));
    return g_strdup (state == PR_CHECK_NOT_KNOWN ? _ (words[kind].unknown) : _ (words[kind].name));
}

static char *
describe_text (PrCheckKind kind, PrCheckState state, PrPhone *phone)
{
    g_autofree char *backup = kind == PR_CHECK_BACKUP ? describe_backup (phone) : NULL;

    if (kind == PR_CHECK_BACKUP && state == PR_CHECK_WARNING)
        /* Translators: a date */
        return g_strdup_printf (_ ("It is from %s. What is newer is only on the phone."), backup);
    if (kind == PR_CHECK_BACKUP)
        return g_strdup (_ ("What is on the phone may be nowhere else."));
    return g_strdup (_ (words[kind].text));
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
describe_blocker (PrCheckWords *self, PrCheck *check)
{
    const GError *error = pr_check_get_error (check);

    if (error && error->domain == PR_ERROR)
        take_guide (self, error);
    if (self->title)
        return;
    self->title = g_strdup (_ ("Choose a System File"));
    self->text = g_strdup (_ ("It ends in .ipsw and is made for one family of models. It is read before the phone is "
                              "touched."));
}

PrCheckWords *
pr_check_words_new (PrCheck *check, PrPlan *plan)
{
    PrCheckWords *self = g_new0 (PrCheckWords, 1);
    PrPhone *phone = pr_plan_get_phone (plan);
    PrCheckKind kind = pr_check_get_kind (check);
    PrCheckState state = pr_check_get_state (check);

    self->waits = g_strdup (_ (words[kind].waits));
    if (state == PR_CHECK_BLOCKING) {
        describe_blocker (self, check);
        return self;
    }
    self->title = describe_title (kind, state, phone);
    if (state == PR_CHECK_GOOD) {
        self->value = describe_value (kind, plan);
    } else if (state == PR_CHECK_WARNING || state == PR_CHECK_NOT_KNOWN) {
        self->text = describe_text (kind, state, phone);
        self->consent =
            g_strdup (_ (state == PR_CHECK_NOT_KNOWN && words[kind].unknown_consent ? words[kind].unknown_consent
                                                                                    : words[kind].consent));
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
