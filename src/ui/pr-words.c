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
        .consent = N_("This is my phone, or I may erase it"),
        .running = N_("Restoring %s"),
        .done = N_("It Is as New"),
        .done_text = N_("%s was erased and has a new copy of the system."),
        .gone = { N_("Photos, messages and apps"), N_("Settings, passwords, cards"), N_("The old copy of the system") },
        .stays = { N_("What is in iCloud"), N_("Backups that you made"), N_("The link to its Apple Account") },
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
is_product (PrPhone *phone, const char *prefix)
{
    const char *product = phone ? pr_phone_get_product_type (phone) : NULL;

    return product && g_str_has_prefix (product, prefix);
}

const char *
pr_words_kind (PrPhone *phone)
{
    if (is_product (phone, "iPad"))
        return "iPad";
    return is_product (phone, "iPod") ? "iPod touch" : "iPhone";
}

const char *
pr_words_system (PrPhone *phone)
{
    return is_product (phone, "iPad") ? "iPadOS" : "iOS";
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

char *
pr_words_identity (PrPhone *phone, char **request)
{
    g_autofree char *ecid = g_strdup_printf ("%016" G_GINT64_MODIFIER "X", pr_phone_get_ecid (phone));
    char *end;

    if (is_easy_to_type (pr_phone_get_name (phone))) {
        *request = g_strdup_printf (_ ("Type the name: %s"), pr_phone_get_name (phone));
        return g_strdup (pr_phone_get_name (phone));
    }
    end = end_of (pr_phone_get_serial (phone) ? pr_phone_get_serial (phone) : ecid);
    *request = g_strdup_printf (pr_phone_get_serial (phone) ? _ ("Type the end of the serial number: %s")
                                                            : _ ("Type the end of the number (ECID): %s"),
                                end);
    return end;
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

char *
pr_words_date (GDateTime *date)
{
    g_autoptr (GDateTime) local = g_date_time_to_local (date);
    g_autoptr (GDateTime) now = g_date_time_new_now_local ();
    int days = days_between (local, now);

    if (days == 0)
        /* Translators: a date and time, see strftime */
        return g_date_time_format (local, _ ("Today, %H:%M"));
    if (days == 1)
        return g_date_time_format (local, _ ("Yesterday, %H:%M"));
    if (g_date_time_get_year (local) == g_date_time_get_year (now))
        return g_date_time_format (local, _ ("%-d %B"));
    return g_date_time_format (local, _ ("%-d %B %Y"));
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
