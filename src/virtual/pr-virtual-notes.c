// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-notes.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pr-virtual-services.h"

#define MAX_WATCHED 256

typedef struct {
    PrVirtualPhone *phone;
    PrVirtualStream *stream;
    int wake;            /* eventfd: something is pending */
    GHashTable *watched; /* names; this and what follows under the lock */
    GPtrArray *pending;  /* names to tell */
} Watcher;

/* One phone a process. */
static struct {
    GMutex mutex;
    GPtrArray *watchers;
    guint cancellations;
} notes;

void
pr_virtual_notes_post (PrVirtualPhone *phone, const char *name)
{
    pr_virtual_phone_saw (phone, "notification", "name", name, NULL);
    g_mutex_lock (&notes.mutex);
    for (guint i = 0; notes.watchers != NULL && i < notes.watchers->len; i++) {
        Watcher *watcher = notes.watchers->pdata[i];
        if (!g_hash_table_contains (watcher->watched, name))
            continue;
        g_ptr_array_add (watcher->pending, g_strdup (name));
        eventfd_write (watcher->wake, 1);
    }
    g_mutex_unlock (&notes.mutex);
}

guint
pr_virtual_notes_cancellations (void)
{
    g_mutex_lock (&notes.mutex);
    guint count = notes.cancellations;
    g_mutex_unlock (&notes.mutex);
    return count;
}

/* --- The service --- */

static gboolean
send_command (Watcher *self, const char *command, const char *name)
{
    g_auto (plist_t) message = plist_new_dict ();
    plist_dict_set_item (message, "Command", plist_new_string (command));
    if (name != NULL)
        plist_dict_set_item (message, "Name", plist_new_string (name));
    return pr_virtual_stream_send (self->stream, message);
}

static gboolean
tell_pending (Watcher *self)
{
    eventfd_t unread;
    eventfd_read (self->wake, &unread);
    g_mutex_lock (&notes.mutex);
    g_autoptr (GPtrArray) names = g_steal_pointer (&self->pending);
    self->pending = g_ptr_array_new_with_free_func (g_free);
    g_mutex_unlock (&notes.mutex);
    for (guint i = 0; i < names->len; i++)
        if (!send_command (self, "RelayNotification", names->pdata[i]))
            return FALSE;
    return TRUE;
}

static void
watch (Watcher *self, const char *name)
{
    g_mutex_lock (&notes.mutex);
    if (g_hash_table_size (self->watched) < MAX_WATCHED)
        g_hash_table_add (self->watched, g_strdup (name));
    g_mutex_unlock (&notes.mutex);
    pr_virtual_phone_saw (self->phone, "observed", "name", name, NULL);
}

static void
take_post (Watcher *self, const char *name)
{
    pr_virtual_phone_saw (self->phone, "posted", "name", name, NULL);
    if (g_str_equal (name, PR_VIRTUAL_NOTE_CANCEL)) {
        g_mutex_lock (&notes.mutex);
        notes.cancellations++;
        g_mutex_unlock (&notes.mutex);
    }
    pr_virtual_notes_post (self->phone, name);
}

/* Returns: whether more may come. */
static gboolean
obey (Watcher *self, plist_t request)
{
    const char *command = pr_virtual_dict_text (request, "Command");
    const char *name = pr_virtual_dict_text (request, "Name");
    if (g_strcmp0 (command, "ObserveNotification") == 0 && name != NULL)
        watch (self, name);
    else if (g_strcmp0 (command, "PostNotification") == 0 && name != NULL)
        take_post (self, name);
    else if (g_strcmp0 (command, "Shutdown") == 0)
        return send_command (self, "ProxyDeath", NULL) && FALSE;
    return TRUE;
}

static gboolean
serve_one (Watcher *self)
{
    g_auto (plist_t) request = pr_virtual_stream_receive (self->stream);
    return request != NULL && obey (self, request);
}

/* Reading and writing are this thread's alone, which is how TLS wants it. */
static gboolean
wait_and_serve (Watcher *self)
{
    struct pollfd fds[] = { { .fd = self->stream->fd, .events = POLLIN }, { .fd = self->wake, .events = POLLIN } };
    gboolean unread = SSL_pending (self->stream->ssl) > 0;
    if (TEMP_FAILURE_RETRY (poll (fds, G_N_ELEMENTS (fds), unread ? 0 : -1)) < 0)
        return FALSE;
    if (fds[1].revents != 0 && !tell_pending (self))
        return FALSE;
    return (!unread && fds[0].revents == 0) || serve_one (self);
}

static void
join (Watcher *self)
{
    g_mutex_lock (&notes.mutex);
    if (notes.watchers == NULL)
        notes.watchers = g_ptr_array_new ();
    g_ptr_array_add (notes.watchers, self);
    g_mutex_unlock (&notes.mutex);
}

static void
leave (Watcher *self)
{
    g_mutex_lock (&notes.mutex);
    g_ptr_array_remove_fast (notes.watchers, self);
    if (notes.watchers->len == 0)
        g_clear_pointer (&notes.watchers, g_ptr_array_unref);
    g_mutex_unlock (&notes.mutex);
}

void
pr_virtual_notes_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    Watcher self = {
        .phone = phone,
        .stream = stream,
        .wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK),
        .watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
        .pending = g_ptr_array_new_with_free_func (g_free),
    };
    join (&self);
    while (wait_and_serve (&self))
        continue;
    leave (&self);
    g_hash_table_unref (self.watched);
    g_ptr_array_unref (self.pending);
    close (self.wake);
}
