// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-words.h"

#include <glib/gi18n.h>

#define IDENTITY_LETTERS 4

static const PrGoalWords words[] = {
    [PR_GOAL_RESTART] = {
        .title = N_("Restart"),
        .text = N_("As if you switched it off and on. Nothing is lost."),
        .icon = "system-reboot-symbolic",
        .time = N_("1 min"),
        .running = N_("Restarting %s"),
        .done = N_("It Has Restarted"),
        .done_text = N_("%s answers again."),
    },
    [PR_GOAL_SHUT_DOWN] = {
        .title = N_("Shut Down"),
        .text = N_("Switches it off. Nothing is lost."),
        .icon = "system-shutdown-symbolic",
        .time = N_("20 s"),
        .running = N_("Shutting Down %s"),
        .done = N_("It Is Off"),
        .done_text = N_("%s has left. It starts when you hold its side or top button, or plug it in again."),
    },
    [PR_GOAL_ENTER_RECOVERY] = {
        .title = N_("Start Recovery Mode"),
        .text = N_("A small system that waits for this computer. Nothing is lost, and you can leave it."),
        .icon = "pr-port-symbolic",
        .time = N_("30 s"),
        .before = N_("Before Recovery Mode"),
        .running = N_("Sending %s to Recovery Mode"),
        .done = N_("It Is in Recovery Mode"),
        .done_text = N_("%s waits for this computer. Nothing on it has changed."),
    },
    [PR_GOAL_LEAVE_RECOVERY] = {
        .title = N_("Leave Recovery Mode"),
        .text = N_("It may start as usual when it leaves this mode. Nothing is lost by trying."),
        .icon = "system-reboot-symbolic",
        .time = N_("3 min"),
        .running = N_("Bringing %s Out of Recovery Mode"),
        .done = N_("It Started Again"),
        .done_text = N_("%s has left recovery mode. Nothing on it was changed."),
    },
    [PR_GOAL_UPDATE] = {
        .title = N_("Update"),
        .text = N_("A new copy of the system. Photos, apps and settings are kept."),
        .icon = "pr-anew-symbolic",
        .css_class = "accent",
        .time = N_("40 min"),
        .before = N_("Before You Update"),
        .question = N_("Update %s?"),
        .button = N_("Update"),
        .consent = N_("This is my phone, or I may update it"),
        .running = N_("Updating %s"),
        .done = N_("It Has a Fresh System"),
        .done_text = N_("%s was updated and has started. Photos, apps and settings were kept."),
        .gone = { N_("Nothing of yours"), N_("The old copy of the system is replaced") },
        .stays = { N_("Photos, messages and apps"), N_("Settings, passwords, cards"), N_("What is in iCloud") },
    },
    [PR_GOAL_RESTORE] = {
        .title = N_("Restore %s"),
        .text = N_("A new copy of the system. Everything else is erased."),
        .icon = "pr-lost-symbolic",
        .css_class = "error",
        .time = N_("1 hour"),
        .before = N_("Before You Erase"),
        .question = N_("Erase and Restore %s?"),
        .button = N_("Erase and Restore"),
        .destroys = TRUE,
        .consent = N_("This is my phone, or I may erase it"),
        .running = N_("Restoring %s"),
        .done = N_("It Is as New"),
        .done_text = N_("%s was erased and has a new copy of the system."),
        .gone = { N_("Photos, messages and apps"), N_("Settings, passwords, cards"), N_("The old copy of the system") },
        .stays = { N_("What is in iCloud"), N_("Backups that you made"), N_("The link to its Apple Account") },
    },
    [PR_GOAL_ERASE] = {
        .title = N_("Erase"),
        .text = N_("Everything of yours is erased. The system stays, and nothing is downloaded."),
        .icon = "pr-lost-symbolic",
        .css_class = "error",
        .time = N_("10 min"),
        .before = N_("Before You Erase"),
        .ready = N_("Ready to Erase"),
        .question = N_("Erase %s?"),
        .button = N_("Erase"),
        .destroys = TRUE,
        .consent = N_("This is my phone, or I may erase it"),
        .running = N_("Erasing %s"),
        .done = N_("It Is Erased"),
        .done_text = N_("%s was erased and greets whoever sets it up."),
        .gone = { N_("Photos, messages and apps"), N_("Settings, passwords, cards"),
                  N_("For good: the phone deletes the key to all of it") },
        .stays = { N_("The system on the phone"), N_("What is in iCloud"), N_("Backups that you made") },
    },
    [PR_GOAL_DOWNLOAD] = {
        .title = N_("Download"),
        .running = N_("Downloading for %s"),
        .untouched = N_("What has arrived stays, and the next download goes on from there"),
        .stopped = N_("Nothing on the phone was changed. What has arrived stays, and the next download goes on from there."),
        .done = N_("It Is Downloaded"),
        .done_text = N_("The system for %s is on this computer."),
    },
    [PR_GOAL_BACK_UP] = {
        .title = N_("Back Up Now"),
        .text = N_("A copy of what is on it, in a folder of this computer."),
        .icon = "document-save-symbolic",
        .time = N_("20 min"),
        .before = N_("Before You Back Up"),
        .about = N_("Nothing on %s is changed by a backup."),
        .ready = N_("Ready to Back Up"),
        .button = N_("Back Up"),
        .running = N_("Backing Up %s"),
        .untouched = N_("Nothing on the phone changes, and the backup from before stays"),
        .stopped = N_("Nothing on the phone was changed. The backup from before is as it was."),
        .done = N_("It Is Backed Up"),
        .done_text = N_("A new backup of %s is on this computer."),
    },
    [PR_GOAL_PUT_BACK] = {
        .title = N_("Put a Backup Back"),
        .text = N_("What is on it is replaced by what is in a backup."),
        .icon = "document-revert-symbolic",
        .time = N_("30 min"),
        .before = N_("Before You Put It Back"),
        .about = N_("What is on %s will be replaced. Nothing on it has changed yet."),
        .ready = N_("Ready to Put It Back"),
        .question = N_("Put the Backup Back onto %s?"),
        .button = N_("Put It Back"),
        .consent = N_("This is my phone, or I may replace what is on it"),
        .destroys = TRUE,
        .running = N_("Putting the Backup Back onto %s"),
        .cut = N_("The phone would hold only a part of the backup"),
        .cut_text = N_("The phone holds only a part of the backup now, and may not start as usual. You can put the backup "
                       "back again: it is not changed by this."),
        .done = N_("The Backup Is Back"),
        .done_text = N_("%s has started again. Leave the cable in for a while: it still sorts its things and loads apps."),
        .gone = { N_("What is newer than the backup"), N_("Messages, app data and settings that the backup replaces") },
        .gone_if_same = N_("Everything that the backup does not have"),
        .stays = { N_("The system that is on the phone"), N_("The backup itself"), N_("What is in iCloud") },
    },
    [PR_GOAL_ENCRYPT] = {
        .title = N_("Turn On Encryption"),
        .icon = "dialog-password-symbolic",
        .running = N_("Turning On Encryption for %s"),
        .done = N_("Backups Are Encrypted Now"),
        .done_text = N_("The next backup of %s copies everything anew, with passwords and Health data. Keep the password "
                        "safe: nobody can recover it."),
    },
    [PR_GOAL_CHANGE_PASSWORD] = {
        .title = N_("Change the Backup Password"),
        .icon = "dialog-password-symbolic",
        .running = N_("Changing the Backup Password of %s"),
        .done = N_("The Password Is Changed"),
        .done_text = N_("New backups of %s open with the new password, older ones with the old."),
    },
    [PR_GOAL_DECRYPT] = {
        .title = N_("Turn Off Encryption"),
        .icon = "dialog-password-symbolic",
        .running = N_("Turning Off Encryption for %s"),
        .done = N_("Encryption Is Off"),
        .done_text = N_("New backups of %s hold no passwords and no Health data. Older ones still need their password."),
    },
};

const PrGoalWords *
pr_words_of_goal (PrGoal goal)
{
    g_return_val_if_fail (goal > PR_GOAL_NONE && goal < G_N_ELEMENTS (words), NULL);
    return &words[goal];
}

char *
pr_words_fill (const char *text, const char *what)
{
    GString *filled = g_string_new (_ (text));

    g_string_replace (filled, "%s", what, 0);
    return g_string_free_and_steal (filled);
}

static gboolean
is_product (const char *product, const char *prefix)
{
    return product && g_str_has_prefix (product, prefix);
}

const char *
pr_words_kind (PrPhone *phone)
{
    return pr_words_kind_of (pr_phone_get_product_type (phone));
}

const char *
pr_words_kind_of (const char *product_type)
{
    if (is_product (product_type, "iPad"))
        return "iPad";
    return is_product (product_type, "iPod") ? "iPod touch" : "iPhone";
}

const char *
pr_words_system (PrPhone *phone)
{
    return pr_words_system_of (pr_phone_get_product_type (phone));
}

const char *
pr_words_system_of (const char *product_type)
{
    return is_product (product_type, "iPad") ? "iPadOS" : "iOS";
}

char *
pr_words_model (PrPhone *phone)
{
    const char *model = pr_phone_get_model_name (phone);
    const char *version = pr_phone_get_version (phone);

    if (!model)
        model = pr_words_kind (phone);
    return version ? g_strdup_printf ("%s · %s %s", model, pr_words_system (phone), version) : g_strdup (model);
}

char *
pr_words_mode (PrPhone *phone)
{
    switch (pr_phone_get_mode (phone)) {
    case PR_PHONE_MODE_GONE:
        return g_strdup (_ ("Not connected now"));
    case PR_PHONE_MODE_RECOVERY:
        return g_strdup (_ ("In recovery mode"));
    case PR_PHONE_MODE_DFU:
        return g_strdup (_ ("In DFU mode"));
    case PR_PHONE_MODE_RESTORE:
        return g_strdup (_ ("In the middle of a restore"));
    case PR_PHONE_MODE_NORMAL:
    default:
        return NULL;
    }
}

/* A name that one can type on any keyboard; others are asked for by a number. */
static gboolean
is_easy_to_type (const char *name)
{
    for (const char *at = name; at && *at; at = g_utf8_next_char (at)) {
        gunichar letter = g_utf8_get_char (at);
        if (!g_unichar_isprint (letter) || g_unichar_type (letter) == G_UNICODE_OTHER_SYMBOL)
            return FALSE;
    }
    return name && *name && g_utf8_strlen (name, -1) <= 40;
}

static char *
end_of (const char *text)
{
    gsize length = strlen (text);

    return g_strdup (length > IDENTITY_LETTERS ? text + length - IDENTITY_LETTERS : text);
}

/* The name, where it can be typed; else the end of one of the numbers. */
static char *
ask_for (const char *name, const char *number, const char *number_request, char **request)
{
    char *end;

    if (is_easy_to_type (name)) {
        *request = g_strdup_printf (_ ("Type the name: %s"), name);
        return g_strdup (name);
    }
    end = end_of (number);
    *request = pr_words_fill (number_request, end);
    return end;
}

char *
pr_words_identity (PrPhone *phone, char **request)
{
    g_autofree char *ecid = g_strdup_printf ("%016" G_GINT64_MODIFIER "X", pr_phone_get_ecid (phone));
    const char *serial = pr_phone_get_serial (phone);

    return ask_for (pr_phone_get_name (phone), serial ? serial : ecid,
                    serial ? N_ ("Type the end of the serial number: %s")
                           : N_ ("Type the end of the number (ECID): %s"),
                    request);
}

char *
pr_words_identity_of (const char *name, const char *udid, char **request)
{
    return ask_for (name, udid, N_ ("Type the end of the number (UDID): %s"), request);
}

char *
pr_words_end_of_serial (PrPhone *phone)
{
    g_autofree char *end = NULL;

    if (!pr_phone_get_serial (phone))
        return NULL;
    end = end_of (pr_phone_get_serial (phone));
    /* Translators: the last letters of the number that is printed on the box */
    return g_strdup_printf (_ ("serial number ends in %s"), end);
}

char *
pr_words_storage (PrPhone *phone)
{
    guint64 total = pr_phone_get_storage_total (phone);
    guint64 left = pr_phone_get_storage_free (phone);

    if (total == 0 || left > total)
        return NULL;
    /* Translators: gigabytes */
    return g_strdup_printf (_ ("%.0f of %.0f GB in use"), (total - left) / 1e9, total / 1e9);
}

char *
pr_words_battery (PrPhone *phone)
{
    int battery = pr_phone_get_battery (phone);

    if (battery < 0)
        return NULL;
    /* Translators: per cent of the battery */
    return g_strdup_printf (pr_phone_get_charging (phone) == PR_ANSWER_YES ? _ ("%d %%, charging") : _ ("%d %%"),
                            battery);
}

static int
days_between (GDateTime *earlier, GDateTime *later)
{
    g_autoptr (GDate) a = g_date_new_dmy (g_date_time_get_day_of_month (earlier), g_date_time_get_month (earlier),
                                          g_date_time_get_year (earlier));
    g_autoptr (GDate) b = g_date_new_dmy (g_date_time_get_day_of_month (later), g_date_time_get_month (later),
                                          g_date_time_get_year (later));

    return g_date_days_between (a, b);
}

static char *
format_date (GDateTime *date, const char *this_year, const char *other_year)
{
    g_autoptr (GDateTime) local = g_date_time_to_local (date);
    g_autoptr (GDateTime) now = g_date_time_new_now_local ();
    int days = days_between (local, now);

    if (days == 0)
        /* Translators: a date and time, see strftime */
        return g_date_time_format (local, _ ("Today, %H:%M"));
    if (days == 1)
        return g_date_time_format (local, _ ("Yesterday, %H:%M"));
    return g_date_time_format (local,
                               g_date_time_get_year (local) == g_date_time_get_year (now) ? this_year : other_year);
}

char *
pr_words_date (GDateTime *date)
{
    return format_date (date, _ ("%-d %B"), _ ("%-d %B %Y"));
}

char *
pr_words_moment (GDateTime *date)
{
    return format_date (date, _ ("%-d %B, %H:%M"), _ ("%-d %B %Y, %H:%M"));
}

char *
pr_words_duration (double seconds)
{
    int whole = (int) (seconds + 0.5);
    int minutes = (whole + 30) / 60;

    if (whole < 100)
        /* Translators: seconds */
        return g_strdup_printf (_ ("%d s"), whole);
    if (minutes < 100)
        /* Translators: minutes */
        return g_strdup_printf (_ ("%d min"), minutes);
    /* Translators: hours and minutes */
    return g_strdup_printf (_ ("%d h %d min"), minutes / 60, minutes % 60);
}

char *
pr_words_time_left (double seconds)
{
    g_autofree char *time = NULL;

    if (seconds < 0)
        return g_strdup (_ ("It is not known how long this takes"));
    if (seconds < 10)
        return g_strdup (_ ("A few seconds left"));
    time = pr_words_duration (seconds < 100 ? ((int) seconds + 9) / 10 * 10 : seconds);
    /* Translators: "About 14 min left" */
    return g_strdup_printf (_ ("About %s left"), time);
}

char *
pr_words_drawing (const char *pattern, PrPhone *phone)
{
    const char *family = phone ? pr_phone_get_family (phone) : NULL;
    g_autoptr (GString) name = g_string_new (pattern);

    if (family && g_str_has_prefix (family, "tablet") && strstr (pattern, "%s"))
        return g_strdup ("pr-tablet-symbolic");
    g_string_replace (name, "%s", family ? family : "notch", 0);
    return g_string_free (g_steal_pointer (&name), FALSE);
}

char *
pr_words_portrait (PrPhone *phone)
{
    const char *family = pr_phone_get_family (phone);

    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_RECOVERY)
        return g_strdup ("pr-state-recovery-symbolic");
    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_RESTORE)
        return g_strdup ("pr-progress-symbolic");
    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL && (!family || g_str_equal (family, "notch")))
        return g_strdup ("pr-state-normal-symbolic");
    return pr_words_drawing ("pr-phone-%s-symbolic", phone);
}

char *
pr_words_hubs (PrPhone *phone)
{
    int hubs = pr_phone_get_hub_depth (phone);

    if (hubs == 0)
        return g_strdup (_ ("Straight in"));
    return g_strdup_printf (ngettext ("Through %d hub", "Through %d hubs", hubs), hubs);
}

char *
pr_words_path (const char *path)
{
    g_autofree char *name = g_filename_display_name (path);
    const char *home = g_get_home_dir ();

    if (g_str_has_prefix (name, home) && name[strlen (home)] == '/')
        return g_strconcat ("~", name + strlen (home), NULL);
    return g_steal_pointer (&name);
}
