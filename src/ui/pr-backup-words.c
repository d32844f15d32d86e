// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-words.h"

#include "pr-model.h"
#include "pr-words.h"

#include <glib/gi18n.h>

static const struct {
    PrCheckState state;
    const char *text;
    const char *headline;
    const char *meaning;
} looks[] = {
    [PR_BACKUP_HEALTH_INCOMPLETE] = {
        PR_CHECK_WARNING,
        N_ ("Not finished"),
        N_ ("It Was Not Finished"),
        N_ ("It was cut short or is being made now. It cannot be put back."),
    },
    [PR_BACKUP_HEALTH_UNCHECKED] = {
        PR_CHECK_NOT_KNOWN,
        N_ ("Not verified yet"),
        N_ ("Not Verified Yet"),
        N_ ("Another program made it or has changed it since. Verify it before you rely on it."),
    },
    [PR_BACKUP_HEALTH_UNPROVEN] = {
        PR_CHECK_NOT_KNOWN,
        N_ ("Cannot be told without its password"),
        N_ ("Whether It Opens Is Not Known"),
        N_ ("Its files are what they were. Whether the password that you know opens them shows when you verify it."),
    },
    [PR_BACKUP_HEALTH_GOOD] = {
        PR_CHECK_GOOD,
        N_ ("Verified"),
        N_ ("This Backup Is Good"),
        N_ ("Every file that it lists was found with its right size."),
    },
    [PR_BACKUP_HEALTH_DAMAGED] = {
        PR_CHECK_BLOCKING,
        N_ ("Damaged"),
        N_ ("This Backup Is Damaged"),
        N_ ("Files in it are missing or are not what they were. Keep it until you have a better one."),
    },
};

char *
pr_backup_words_model (PrBackup *backup)
{
    const char *product = pr_backup_get_product_type (backup);

    if (!product)
        return NULL;
    return g_strdup (pr_model_get_name (product) ? pr_model_get_name (product) : pr_words_kind_of (product));
}

char *
pr_backup_words_phone (PrBackup *backup)
{
    const char *name = pr_backup_get_name (backup);
    char *model = name && *name ? NULL : pr_backup_words_model (backup);

    if (name && *name)
        return g_strdup (name);
    return model ? model : g_strdup (_ ("Unknown Phone"));
}

char *
pr_backup_words_system (PrBackup *backup)
{
    const char *version = pr_backup_get_version (backup);

    return version ? g_strdup_printf ("%s %s", pr_words_system_of (pr_backup_get_product_type (backup)), version)
                   : NULL;
}

char *
pr_backup_words_date (PrBackup *backup)
{
    GDateTime *date = pr_backup_get_date (backup);

    return date ? pr_words_moment (date) : g_strdup (_ ("Date not known"));
}

char *
pr_backup_words_size (PrBackup *backup)
{
    gint64 size = pr_backup_get_size (backup);

    return size >= 0 ? g_format_size ((guint64) size) : NULL;
}

static void
add (GPtrArray *parts, char *text)
{
    if (text)
        g_ptr_array_add (parts, text);
}

char *
pr_backup_words_facts (PrBackup *backup)
{
    g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

    add (parts, pr_backup_words_system (backup));
    add (parts, pr_backup_words_size (backup));
    add (parts, g_strdup (pr_backup_get_encrypted (backup) ? _ ("encrypted") : _ ("not encrypted")));
    g_ptr_array_add (parts, NULL);
    return g_strjoinv (" · ", (GStrv) parts->pdata);
}

PrCheckState
pr_backup_words_state (PrBackup *backup, const char **text)
{
    PrBackupHealth health = pr_backup_get_health (backup);

    if (text)
        *text = _ (looks[health].text);
    return looks[health].state;
}

const char *
pr_backup_words_headline (PrBackup *backup)
{
    return _ (looks[pr_backup_get_health (backup)].headline);
}

const char *
pr_backup_words_meaning (PrBackup *backup)
{
    return _ (looks[pr_backup_get_health (backup)].meaning);
}
