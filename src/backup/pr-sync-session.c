// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-sync-session.h"

#include "pr-afc.h"
#include "pr-error.h"

#define PROXY "com.apple.mobile.notification_proxy"
#define AFC "com.apple.afc"
#define LOCK_FILE "/com.apple.itunes.lock_sync"
#define LOCK_TRIES 50
#define LOCK_PAUSE (200 * 1000) /* microseconds */
#define WATCH_LIMIT (24 * 3600)

struct _PrSyncSession {
    PrWire *poster;
    PrAfc *afc;
    guint64 file;
    gboolean locked;
    /* of the watch */
    PrWire *watch;
    GThread *thread;
    GCancellable *stop;
    PrSyncFunc func;
    gpointer data;
};

static const struct {
    const char *name;
    PrSyncNotice notice;
} notices[] = {
    { "com.apple.LocalAuthentication.ui.presented", PR_SYNC_ASKS_PASSCODE },
    { "com.apple.LocalAuthentication.ui.dismissed", PR_SYNC_ASKED_PASSCODE },
    { "com.apple.itunes-client.syncCancelRequest", PR_SYNC_CANCELLED },
};

static gboolean
command (PrWire *wire, const char *what, const char *name, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = plist_new_dict ();

    plist_dict_set_item (request, "Command", plist_new_string (what));
    plist_dict_set_item (request, "Name", plist_new_string (name));
    return pr_wire_send_plist (wire, request, cancellable, error);
}

static gboolean
post (PrSyncSession *self, const char *name, GCancellable *cancellable, GError **error)
{
    return command (self->poster, "PostNotification", name, cancellable, error);
}

/* --- The watch --- */

static gpointer
watch (gpointer data)
{
    PrSyncSession *self = data;

    for (;;) {
        g_auto (plist_t) message = pr_wire_receive_plist (self->watch, self->stop, NULL);
        g_autofree char *name = pr_plist_dup_word (message, "Name");

        if (message == NULL)
            return NULL;
        for (gsize i = 0; i < G_N_ELEMENTS (notices); i++)
            if (g_strcmp0 (name, notices[i].name) == 0)
                self->func (notices[i].notice, self->data);
    }
}

static gboolean
start_watch (PrSyncSession *self, PrLockdown *lockdown, GCancellable *cancellable, GError **error)
{
    self->watch = pr_lockdown_start_service (lockdown, PROXY, cancellable, error);
    if (self->watch == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (notices); i++)
        if (!command (self->watch, "ObserveNotification", notices[i].name, cancellable, error))
            return FALSE;
    pr_wire_set_limit (self->watch, WATCH_LIMIT);
    self->thread = g_thread_new ("backup-notices", watch, self);
    return TRUE;
}

/* --- The lock --- */

static gboolean
try_lock (PrSyncSession *self, GCancellable *cancellable, GError **error)
{
    for (guint i = 0; i < LOCK_TRIES; i++) {
        g_autoptr (GError) reason = NULL;

        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
        if (pr_afc_lock (self->afc, self->file, cancellable, &reason)) {
            self->locked = TRUE;
            return TRUE;
        }
        if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_BUSY)) {
            g_propagate_error (error, g_steal_pointer (&reason));
            return FALSE;
        }
        g_usleep (LOCK_PAUSE);
    }
    g_set_error_literal (error, PR_ERROR, PR_ERROR_SYNC_LOCKED, "another program holds " LOCK_FILE);
    return FALSE;
}

static gboolean
take_lock (PrSyncSession *self, GCancellable *cancellable, GError **error)
{
    return post (self, "com.apple.itunes-mobdev.syncWillStart", cancellable, error) &&
           pr_afc_open (self->afc, LOCK_FILE, PR_AFC_READ_WRITE, &self->file, cancellable, error) &&
           post (self, "com.apple.itunes-mobdev.syncLockRequest", cancellable, error) &&
           try_lock (self, cancellable, error) &&
           post (self, "com.apple.itunes-mobdev.syncDidStart", cancellable, error);
}

PrSyncSession *
pr_sync_session_begin (PrLockdown *lockdown, PrSyncFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrSyncSession) self = g_new0 (PrSyncSession, 1);
    PrWire *afc;

    self->func = func;
    self->data = data;
    self->stop = g_cancellable_new ();
    /* First, for nothing answers the wish to be told: the phone has as long as the rest takes to read it. */
    if (!start_watch (self, lockdown, cancellable, error))
        return NULL;
    self->poster = pr_lockdown_start_service (lockdown, PROXY, cancellable, error);
    afc = self->poster != NULL ? pr_lockdown_start_service (lockdown, AFC, cancellable, error) : NULL;
    if (afc == NULL)
        return NULL;
    self->afc = pr_afc_new (afc);
    return take_lock (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

static void
give_back (PrSyncSession *self)
{
    pr_afc_unlock (self->afc, self->file, NULL, NULL);
    pr_afc_close (self->afc, self->file, NULL, NULL);
    post (self, "com.apple.itunes-mobdev.syncDidFinish", NULL, NULL);
}

void
pr_sync_session_end (PrSyncSession *self)
{
    if (self->locked)
        give_back (self);
    g_cancellable_cancel (self->stop);
    g_clear_pointer (&self->thread, g_thread_join);
    g_clear_pointer (&self->watch, pr_wire_close);
    g_clear_pointer (&self->afc, pr_afc_free);
    g_clear_pointer (&self->poster, pr_wire_close);
    g_clear_object (&self->stop);
    g_free (self);
}

void
pr_sync_session_cancel (PrSyncSession *self)
{
    post (self, "com.apple.itunes-client.syncCancelRequest", NULL, NULL);
}

gboolean
pr_sync_session_put_apps (PrSyncSession *self, GBytes *apps, GCancellable *cancellable, GError **error)
{
    guint64 file;

    pr_afc_make_folder (self->afc, "/iTunesRestore", cancellable, NULL);
    return pr_afc_open (self->afc, "/iTunesRestore/RestoreApplications.plist", PR_AFC_WRITE, &file, cancellable,
                        error) &&
           pr_afc_write (self->afc, file, apps, cancellable, error) &&
           pr_afc_close (self->afc, file, cancellable, error);
}
