// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-remove-profile.h"

#include "pr-operation-phone.h"
#include "pr-services.h"

#include <glib/gi18n.h>

#define LOOK_SECONDS 30 /* [assumed] a phone that takes apps along is done with it by then */
#define GONE_SECONDS 8  /* without a word from it, after which the person is told */
#define PAUSE 1

struct _PrRemoveProfile {
    PrOperation parent_instance;

    PrProfile *profile;           /* owned */
    PrConfirmation *confirmation; /* owned; NULL */
    int apps_gone;
};

enum { ASK, LOOK };

static const PrStep steps[] = {
    [ASK] = { N_ ("Asking the Phone"), N_ ("Nothing is removed yet. Keep it unlocked."), "pr-state-normal-symbolic", 1,
              5 },
    [LOOK] = { N_ ("Looking Whether It Is Gone"), N_ ("The phone removes what the profile has set."),
               "pr-managed-symbolic", 1, 15 },
};

G_DEFINE_FINAL_TYPE (PrRemoveProfile, pr_remove_profile, PR_TYPE_OPERATION)

/* It may have been changed, or made anew under the same name, since the person saw it. */
static gboolean
check_profile (PrRemoveProfile *self, const PrProfile *now, GError **error)
{
    if (g_strcmp0 (now->uuid, self->profile->uuid) != 0) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "another profile of that name is there now");
        return FALSE;
    }
    if (pr_profile_may_go (now))
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_PROFILE_KEPT, "PayloadRemovalDisallowed is true");
    return FALSE;
}

static gboolean
ask (PrRemoveProfile *self, const PrProfile *now, GCancellable *cancellable, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);
    g_autofree char *key = pr_profile_dup_key (self->profile);

    return check_profile (self, now, error) &&
           pr_operation_check_confirmed (operation, self->confirmation, g_get_monotonic_time (),
                                         PR_REMOVE_PROFILE_ACTION, key, cancellable, error) &&
           pr_operation_enter_zone (operation, PR_STOP_NOT, error) &&
           pr_services_remove_profile (pr_operation_get_udid (operation), self->profile, NULL, error);
}

static gboolean
is_gone (PrRemoveProfile *self, GError **error)
{
    const char *udid = pr_operation_get_udid (PR_OPERATION (self));
    g_autoptr (GPtrArray) left = pr_services_list_profiles (udid, NULL, error);

    if (!left || !pr_profile_find (left, self->profile->identifier))
        return left != NULL;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_PROFILE_KEPT, "the phone agreed, and lists it still");
    return FALSE;
}

static gboolean
is_past (gint64 since, int seconds)
{
    return g_get_monotonic_time () - since > seconds * G_USEC_PER_SEC;
}

/* What it answers is no proof: what it lists is. A phone that cannot be asked may have removed it, or not. */
static gboolean
look (PrRemoveProfile *self, GError **error)
{
    gint64 begun = g_get_monotonic_time (), heard = begun;

    pr_operation_enter_step (PR_OPERATION (self), LOOK);
    while (TRUE) {
        g_autoptr (GError) reason = NULL;

        if (is_gone (self, &reason))
            return TRUE;
        gboolean kept = g_error_matches (reason, PR_ERROR, PR_ERROR_PROFILE_KEPT);
        if (kept)
            heard = g_get_monotonic_time ();
        if (is_past (begun, LOOK_SECONDS) || is_past (heard, GONE_SECONDS)) {
            g_set_error_literal (error, PR_ERROR, kept ? PR_ERROR_PROFILE_KEPT : PR_ERROR_PROFILE_UNSEEN,
                                 reason->message);
            return FALSE;
        }
        pr_phone_wait (pr_operation_get_phone (PR_OPERATION (self)), 0, PAUSE, NULL, NULL);
    }
}

static int
count_gone (GHashTable *before, GHashTable *after)
{
    GHashTableIter iter;
    gpointer app;
    int n = 0;

    if (!before || !after)
        return -1;
    g_hash_table_iter_init (&iter, before);
    while (g_hash_table_iter_next (&iter, &app, NULL))
        n += !g_hash_table_contains (after, app);
    return n;
}

static gboolean
pr_remove_profile_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrRemoveProfile *self = PR_REMOVE_PROFILE (operation);
    const char *udid = pr_operation_get_udid (operation);
    g_autoptr (GPtrArray) profiles = pr_services_list_profiles (udid, cancellable, error);
    PrProfile *now = profiles ? pr_profile_find (profiles, self->profile->identifier) : NULL;
    g_autoptr (GHashTable) before = NULL, after = NULL;

    if (!now)
        return profiles != NULL;
    before = pr_services_read_apps (udid, cancellable);
    if (!ask (self, now, cancellable, error) || !look (self, error))
        return FALSE;
    after = pr_services_read_apps (udid, NULL);
    self->apps_gone = count_gone (before, after);
    return TRUE;
}

static void
pr_remove_profile_finalize (GObject *object)
{
    PrRemoveProfile *self = PR_REMOVE_PROFILE (object);

    pr_profile_unref (self->profile);
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    G_OBJECT_CLASS (pr_remove_profile_parent_class)->finalize (object);
}

static void
pr_remove_profile_class_init (PrRemoveProfileClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_remove_profile_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->prepare = pr_operation_check_normal;
    operation_class->run = pr_remove_profile_run;
}

static void
pr_remove_profile_init (PrRemoveProfile *self)
{
    self->apps_gone = -1;
}

PrOperation *
pr_remove_profile_new (PrPhone *phone, PrProfile *profile, PrConfirmation *confirmation)
{
    PrRemoveProfile *self = g_object_new (PR_TYPE_REMOVE_PROFILE, "phone", phone, NULL);

    self->profile = pr_profile_ref (profile);
    self->confirmation = confirmation ? pr_confirmation_ref (confirmation) : NULL;
    return PR_OPERATION (self);
}

int
pr_remove_profile_get_apps_gone (PrRemoveProfile *self)
{
    g_return_val_if_fail (pr_operation_is_over (PR_OPERATION (self)), -1);

    return self->apps_gone;
}
