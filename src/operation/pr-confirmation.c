// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-confirmation.h"

#include "pr-error.h"

#include <gio/gio.h>

#define GOOD_FOR (60 * G_USEC_PER_SEC)

struct _PrConfirmation {
    guint64 ecid;
    char *action;
    char *file;
    gint64 made;
};

/* What two people would call the same name: outer blanks, case, and the kind of apostrophe or blank do not count. */
static char *
fold (const char *text)
{
    g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autoptr (GString) plain = NULL;
    g_autofree char *stripped = NULL;

    if (!normal)
        return NULL;
    plain = g_string_new (normal);
    g_string_replace (plain, "’", "'", 0);
    g_string_replace (plain, "‘", "'", 0);
    g_string_replace (plain, "\u00a0", " ", 0);
    stripped = g_strstrip (g_strdup (plain->str));
    return g_utf8_casefold (stripped, -1);
}

gboolean
pr_confirmation_matches (const char *expected, const char *typed)
{
    g_autofree char *wanted = fold (expected ? expected : "");
    g_autofree char *given = fold (typed ? typed : "");

    return wanted && given && *wanted && g_str_equal (wanted, given);
}

PrConfirmation *
pr_confirmation_new (guint64 ecid,
                     const char *action,
                     const char *file,
                     const char *expected,
                     const char *typed,
                     gboolean owns)
{
    PrConfirmation *self;

    g_return_val_if_fail (action, NULL);

    if (!owns || ecid == 0 || !pr_confirmation_matches (expected, typed))
        return NULL;
    self = g_atomic_rc_box_new0 (PrConfirmation);
    self->ecid = ecid;
    self->action = g_strdup (action);
    self->file = g_strdup (file);
    self->made = g_get_monotonic_time ();
    return self;
}

PrConfirmation *
pr_confirmation_ref (PrConfirmation *self)
{
    return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
    PrConfirmation *self = data;

    g_free (self->action);
    g_free (self->file);
}

void
pr_confirmation_unref (PrConfirmation *self)
{
    g_atomic_rc_box_release_full (self, clear);
}

gboolean
pr_confirmation_check (PrConfirmation *self, guint64 ecid, const char *action, const char *file, GError **error)
{
    return pr_confirmation_check_at (self, g_get_monotonic_time (), ecid, action, file, error);
}

gboolean
pr_confirmation_check_again (PrConfirmation *self, guint64 ecid, const char *action, const char *file, GError **error)
{
    if (!self) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "nobody confirmed this");
        return FALSE;
    }
    if (self->ecid != ecid) {
        g_set_error (error, PR_ERROR, PR_ERROR_WRONG_PHONE, "confirmed for another phone");
        return FALSE;
    }
    if (!g_str_equal (self->action, action) || g_strcmp0 (self->file, file) != 0) {
        g_set_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "confirmed for %s, not for %s", self->action, action);
        return FALSE;
    }
    return TRUE;
}

gboolean
pr_confirmation_check_at (PrConfirmation *self,
                          gint64 now,
                          guint64 ecid,
                          const char *action,
                          const char *file,
                          GError **error)
{
    if (!pr_confirmation_check_again (self, ecid, action, file, error))
        return FALSE;
    if (now - self->made > GOOD_FOR) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "confirmed more than 60 s ago");
        return FALSE;
    }
    return TRUE;
}
