// SPDX-License-Identifier: GPL-3.0-or-later
/* What is asked of the helper, by threads that wait for the answer. */
#include "pr-usb-watch-private.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pr-error.h"

/* On the stack of the thread that waits for it. */
typedef struct {
    gint64 request;
    gboolean survives; /* a restart of the helper fulfils it */
    gboolean answered;
    GError *error;
} Call;

/* With the mutex. Never blocks: a helper that does not read is as good as one that does not answer. */
static gboolean
send_line (PrUsbWatch *self, gint64 request, const char *command, guint64 ecid)
{
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    g_autofree char *ecid_text = g_strdup_printf ("0x%016" G_GINT64_MODIFIER "x", ecid);
    g_autofree char *json = NULL, *line = NULL;

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "request");
    json_builder_add_int_value (builder, request);
    json_builder_set_member_name (builder, "command");
    json_builder_add_string_value (builder, command);
    json_builder_set_member_name (builder, "ecid");
    json_builder_add_string_value (builder, ecid_text);
    json_builder_end_object (builder);
    root = json_builder_get_root (builder);
    json = json_to_string (root, FALSE);
    line = g_strconcat (json, "\n", NULL);
    return self->input >= 0 &&
           send (self->input, line, strlen (line), MSG_NOSIGNAL | MSG_DONTWAIT) == (gssize) strlen (line);
}

static void
answer (Call *call, const GError *error)
{
    if (call->answered)
        return;
    call->answered = TRUE;
    call->error = error != NULL ? g_error_copy (error) : NULL;
}

void
pr_usb_watch_fail_calls (PrUsbWatch *self, gboolean all)
{
    g_autoptr (GError) error = g_error_new (PR_ERROR, PR_ERROR_HELPER_GONE, "phone-reset-usb ended");

    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->calls->len; i++) {
        Call *call = g_ptr_array_index (self->calls, i);

        if (all || !call->survives)
            answer (call, error);
    }
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
}

void
pr_usb_watch_send_holds (PrUsbWatch *self)
{
    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->holds; i++)
        send_line (self, ++self->last_request, "hold", 0);
    for (guint i = 0; i < self->calls->len; i++) {
        Call *call = g_ptr_array_index (self->calls, i);

        if (call->survives)
            answer (call, NULL);
    }
    g_mutex_unlock (&self->mutex);
}

void
pr_usb_watch_answer (PrUsbWatch *self, gint64 request, const GError *error)
{
    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->calls->len; i++) {
        Call *call = g_ptr_array_index (self->calls, i);

        if (call->request == request)
            answer (call, error);
    }
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
}

void
pr_usb_watch_close_input (PrUsbWatch *self)
{
    g_mutex_lock (&self->mutex);
    if (self->input >= 0)
        close (self->input);
    self->input = -1;
    g_mutex_unlock (&self->mutex);
}

/* With the mutex: until something happened, the limit, or cancellation, which is heard a tenth of a second late at
 * most. */
static gboolean
wait (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    gint64 slice = MIN (end, g_get_monotonic_time () + G_USEC_PER_SEC / 10);

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    if (g_get_monotonic_time () >= end) {
        g_set_error (error, PR_ERROR, PR_ERROR_NO_ANSWER, "phone-reset-usb did not answer in time");
        return FALSE;
    }
    g_cond_wait_until (&self->cond, &self->mutex, slice);
    return TRUE;
}

/* With the mutex: until the helper runs. */
static gboolean
wait_for_helper (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    while (self->state == PR_USB_WATCH_STARTING || (self->state == PR_USB_WATCH_RUNNING && self->dying))
        if (!wait (self, end, cancellable, error))
            return FALSE;
    if (self->state == PR_USB_WATCH_RUNNING)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_HELPER_GONE, "phone-reset-usb does not run");
    return FALSE;
}

/* With the mutex. */
static gboolean
wait_for_answer (PrUsbWatch *self, Call *call, gint64 end, GCancellable *cancellable, GError **error)
{
    gboolean in_time = TRUE;

    g_ptr_array_add (self->calls, call);
    while (!call->answered && in_time)
        in_time = wait (self, end, cancellable, error);
    g_ptr_array_remove_fast (self->calls, call);
    if (!in_time || call->error == NULL)
        return in_time;
    g_propagate_error (error, g_steal_pointer (&call->error));
    return FALSE;
}

/* With the mutex, and the helper running. What is said about holds need not arrive: a helper that does not take it is
 * about to be replaced, and the next one is told first how often to hold. */
static gboolean
say_about_holds (PrUsbWatch *self, const char *command, gint64 end, GCancellable *cancellable, GError **error)
{
    Call call = { .request = ++self->last_request, .survives = TRUE };

    send_line (self, call.request, command, 0);
    return wait_for_answer (self, &call, end, cancellable, error);
}

/* With the mutex. */
static gboolean
ask_for_work (PrUsbWatch *self,
              const char *command,
              guint64 ecid,
              gint64 end,
              GCancellable *cancellable,
              GError **error)
{
    while (wait_for_helper (self, end, cancellable, error)) {
        Call call = { .request = ++self->last_request };

        if (send_line (self, call.request, command, ecid))
            return wait_for_answer (self, &call, end, cancellable, error);
        self->dying = TRUE;
    }
    return FALSE;
}

/* With the mutex. A hold that was not confirmed is taken back, so that both sides count the same. */
static gboolean
hold (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    if (!wait_for_helper (self, end, cancellable, error))
        return FALSE;
    self->holds++;
    if (say_about_holds (self, "hold", end, cancellable, error))
        return TRUE;
    self->holds--;
    send_line (self, ++self->last_request, "release", 0);
    return FALSE;
}

/* With the mutex. Whatever the helper says, it is not held any more by whom it is asked for. */
static gboolean
release (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    gboolean runs;

    if (self->holds == 0) {
        g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "nothing is held");
        return FALSE;
    }
    runs = wait_for_helper (self, end, cancellable, error);
    self->holds--;
    return runs && say_about_holds (self, "release", end, cancellable, error);
}

static gboolean
call_helper (PrUsbWatch *self, const char *command, guint64 ecid, gint64 end, GCancellable *cancellable, GError **error)
{
    if (g_strcmp0 (command, "hold") == 0)
        return hold (self, end, cancellable, error);
    if (g_strcmp0 (command, "release") == 0)
        return release (self, end, cancellable, error);
    return ask_for_work (self, command, ecid, end, cancellable, error);
}

static gboolean
kill_cb (gpointer data)
{
    PrUsbWatch *self = data;
    gboolean dying;

    g_mutex_lock (&self->mutex);
    dying = self->dying;
    g_mutex_unlock (&self->mutex);
    if (self->child != NULL && dying)
        g_subprocess_force_exit (self->child->process);
    return G_SOURCE_REMOVE;
}

/* With the mutex. A helper that let a limit pass is taken to hang, and what hangs in a USB call lets go of it only by
 * its end. */
static void
kill_soon (PrUsbWatch *self, guint run)
{
    if (self->run != run)
        return;
    self->dying = TRUE;
    g_idle_add_full (G_PRIORITY_DEFAULT, kill_cb, g_object_ref (self), g_object_unref);
}

gboolean
pr_usb_watch_call (PrUsbWatch *self,
                   const char *command,
                   guint64 ecid,
                   double seconds,
                   GCancellable *cancellable,
                   GError **error)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    g_autoptr (GError) failure = NULL;
    gboolean done;
    guint run;

    g_return_val_if_fail (PR_IS_USB_WATCH (self) && command != NULL, FALSE);
    g_mutex_lock (&self->mutex);
    run = self->run;
    done = call_helper (self, command, ecid, end, cancellable, &failure);
    if (g_get_monotonic_time () >= end && g_error_matches (failure, PR_ERROR, PR_ERROR_NO_ANSWER))
        kill_soon (self, run);
    g_mutex_unlock (&self->mutex);
    if (done)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}
