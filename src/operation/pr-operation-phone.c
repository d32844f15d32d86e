// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-operation-phone.h"

#include "pr-services.h"

#define PAUSE 2 /* seconds, before a phone that did not answer is asked again */

gboolean
pr_operation_check_normal (PrOperation *self, GError **error)
{
    PrPhone *phone = pr_operation_get_phone (self);

    if (pr_phone_get_udid (phone) && pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_UNPLUGGED, "the phone is not there in normal mode");
    return FALSE;
}

static gboolean
is_same (PrOperation *self, guint64 read, GError **error)
{
    if (read == pr_operation_get_ecid (self))
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_WRONG_PHONE, "another phone answers now");
    return FALSE;
}

gboolean
pr_operation_check_confirmed (PrOperation *self,
                              PrConfirmation *confirmation,
                              gint64 at,
                              const char *action,
                              const char *file,
                              GCancellable *cancellable,
                              GError **error)
{
    guint64 read = 0;

    return pr_services_read_ecid (pr_operation_get_udid (self), &read, cancellable, error) &&
           is_same (self, read, error) && pr_confirmation_check_at (confirmation, at, read, action, file, error);
}

gboolean
pr_operation_await_leaving (PrOperation *self,
                            guint changes,
                            double seconds,
                            PrError code,
                            GCancellable *cancellable,
                            GError **error)
{
    return pr_phone_peek_changes (pr_operation_get_phone (self)) != changes ||
           pr_operation_wait_for (self, 1 << PR_PHONE_MODE_GONE, seconds, cancellable, code, error);
}

gboolean
pr_operation_await_return (PrOperation *self,
                           double notice,
                           double seconds,
                           PrError code,
                           GCancellable *cancellable,
                           GError **error)
{
    if (!pr_phone_wait (pr_operation_get_phone (self), 1 << PR_PHONE_MODE_NORMAL, notice, cancellable, NULL))
        pr_operation_set_note (self, PR_NOTE_UNPLUGGED);
    if (!pr_operation_wait_for (self, 1 << PR_PHONE_MODE_NORMAL, seconds, cancellable, code, error))
        return FALSE;
    pr_operation_set_note (self, PR_NOTE_NONE);
    return TRUE;
}

gboolean
pr_operation_await_answer (PrOperation *self, double seconds, GCancellable *cancellable, GError **error)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    g_autoptr (GError) reason = NULL;
    guint64 read = 0;

    while (!pr_services_read_ecid (pr_operation_get_udid (self), &read, cancellable, &reason)) {
        if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_get_monotonic_time () > end) {
            g_propagate_error (error, g_steal_pointer (&reason));
            return FALSE;
        }
        g_clear_error (&reason);
        pr_phone_wait (pr_operation_get_phone (self), 0, PAUSE, cancellable, NULL);
    }
    return is_same (self, read, error);
}
