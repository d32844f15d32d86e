// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-handover-words.h"

#include "config.h"
#include "pr-verdict-words.h"

#include <glib/gi18n.h>

static void
free_line (PrHandoverLine *line)
{
    g_free (line->value);
    g_free (line);
}

/* Takes @value. What is not known is said. */
static PrHandoverLine *
add (GPtrArray *lines, const char *section, const char *title, char *value)
{
    PrHandoverLine *line = g_new0 (PrHandoverLine, 1);

    line->section = section;
    line->title = title;
    line->value = value ? value : g_strdup (_ ("Not known"));
    g_ptr_array_add (lines, line);
    return line;
}

static char *
dup_number (const char *number, gboolean masked)
{
    return masked ? pr_handover_mask (number) : g_strdup (number);
}

static void
add_phone (GPtrArray *lines, const PrHandover *handover, gboolean masked)
{
    g_autofree char *system = handover->build ? g_strdup_printf ("%s (%s)", handover->version, handover->build)
                                              : g_strdup (handover->version);

    add (lines, _ ("The Phone"), _ ("Model"), g_strdup (handover->model ? handover->model : handover->product_type));
    add (lines, NULL, _ ("Capacity"), handover->capacity > 0 ? g_format_size (handover->capacity) : NULL);
    add (lines, NULL, _ ("Serial Number"), dup_number (handover->serial, masked));
    add (lines, NULL, _ ("IMEI"), dup_number (handover->imei, masked));
    add (lines, NULL, _ ("System Version"), g_steal_pointer (&system));
}

/* On paper no day is today. */
static char *
dup_moment (GDateTime *moment)
{
    g_autoptr (GDateTime) local = moment ? g_date_time_to_local (moment) : NULL;

    return local ? g_date_time_format (local, "%x, %H:%M") : NULL;
}

static char *
dup_backup (const PrHandover *handover)
{
    g_autofree char *date = dup_moment (handover->backup);

    if (!date)
        return g_strdup (_ ("None on this computer"));
    if (handover->backup_health == PR_BACKUP_HEALTH_GOOD)
        /* Translators: %s is a date */
        return g_strdup_printf (_ ("%s, verified"), date);
    return g_strdup_printf (_ ("%s, not verified"), date);
}

static void
add_deeds (GPtrArray *lines, const PrHandover *handover)
{
    add (lines, _ ("What Was Done"), _ ("Seen to Be Empty"), dup_moment (handover->erased));
    add (lines, NULL, _ ("eSIM"),
         g_strdup (handover->keeps_plan ? _ ("The phone was asked to keep it")
                                        : _ ("The phone was asked to erase it")));
    add (lines, NULL, _ ("Last Backup on This Computer"), dup_backup (handover));
}

/* Everything that was looked at is told, also what had no answer. */
static void
add_checks (GPtrArray *lines, const PrHandover *handover)
{
    for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++) {
        PrAnswer good = handover->verdict.good[sign];
        const char *value = pr_verdict_words_value (sign, good);
        PrHandoverLine *line =
            add (lines, sign == 0 ? _ ("What Was Checked") : NULL, pr_verdict_words_title (sign), g_strdup (value));

        line->has_state = TRUE;
        line->state = pr_verdict_words_state (good);
    }
}

GPtrArray *
pr_handover_words_lines (const PrHandover *handover, gboolean masked)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) free_line);

    add_phone (lines, handover, masked);
    add_deeds (lines, handover);
    add_checks (lines, handover);
    add (lines, _ ("Made With"), "Phone Reset", g_strdup (PR_VERSION));
    return lines;
}

const char *
pr_handover_words_headline (const PrHandover *handover)
{
    return _ (pr_verdict_words (&handover->verdict).headline);
}

const char *
pr_handover_words_limits (void)
{
    return _ ("Says what this computer saw at that time, and no more. An organisation that claims the phone at its "
              "activation, a blocked number and an unpaid contract are seen by no computer.");
}

const char *
pr_handover_words_code (void)
{
    return _ (
        "The code holds the digest of the data file that was saved with this sheet: it tells whether that file was "
        "changed. It is no signature, and does not say who wrote it.");
}

const char *
pr_handover_words_state (PrCheckState state)
{
    if (state == PR_CHECK_GOOD)
        return _ ("Good");
    return state == PR_CHECK_NOT_KNOWN ? _ ("Not known") : _ ("Not good");
}
