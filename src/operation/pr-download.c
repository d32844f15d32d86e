// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-download.h"

#include "pr-fetch.h"

#include <glib/gi18n.h>

struct _PrDownload {
    PrOperation parent_instance;

    /* owned */
    PrServers *servers;
    PrFirmwareFolder *folder;
    PrFirmware *firmware;
    PrFetch *fetch; /* from when it is prepared */
    char *path;     /* the worker's until it has ended */

    guint64 limit;
    PrFetchState last; /* the worker's */
    gboolean paused;
};

enum { ASK, RECEIVE, CHECK };

#define LIES_STILL N_ ("The phone is not needed for this. Nothing on it changes.")

static const PrStep steps[] = {
    [ASK] = { N_ ("Ask the Server"), LIES_STILL, "pr-phone-%s-symbolic", 1, 5 },
    [RECEIVE] = { N_ ("Download the System"), LIES_STILL, "pr-progress-symbolic", 97, 1200 },
    [CHECK] = { N_ ("Check What Arrived"), LIES_STILL, "pr-progress-symbolic", 2, 30 },
};

G_DEFINE_FINAL_TYPE (PrDownload, pr_download, PR_TYPE_OPERATION)

static PrNote
get_note (PrFetchState state)
{
    switch (state) {
    case PR_FETCH_RESTING:
        return PR_NOTE_BROKE_OFF;
    case PR_FETCH_PAUSED:
        return PR_NOTE_PAUSED;
    case PR_FETCH_OTHER:
        return PR_NOTE_ELSEWHERE;
    case PR_FETCH_ASKING:
    case PR_FETCH_RECEIVING:
    case PR_FETCH_CHECKING:
    default:
        return PR_NOTE_NONE;
    }
}

/* What there is to tell when it goes over to something else. */
static void
tell (PrDownload *self, const PrFetchProgress *progress)
{
    static const char *const states[] = {
        [PR_FETCH_ASKING] = "asking the server", [PR_FETCH_RECEIVING] = "receiving",
        [PR_FETCH_RESTING] = "it broke off",     [PR_FETCH_PAUSED] = "paused",
        [PR_FETCH_OTHER] = "another process",    [PR_FETCH_CHECKING] = "computing the digest",
    };
    g_autofree char *line =
        g_strdup_printf ("%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes, %.1f MB/s", states[progress->state],
                         progress->done, progress->total, progress->speed / 1e6);

    if (progress->state != self->last)
        pr_operation_add_detail (PR_OPERATION (self), line);
    self->last = progress->state;
}

static void
progress_cb (const PrFetchProgress *progress, gpointer data)
{
    PrOperation *operation = data;

    tell (data, progress);
    pr_operation_set_note (operation, get_note (progress->state));
    if (progress->done == 0 || progress->total == 0)
        return;
    pr_operation_enter_step (operation, RECEIVE);
    pr_operation_report (operation, (double) progress->done / (double) progress->total);
}

/* What has just come stays, however large it is. */
static void
clean (PrDownload *self)
{
    g_autoptr (PrFileLock) lock = pr_firmware_folder_use (self->folder, self->path, NULL);

    if (lock && self->limit > 0)
        pr_firmware_folder_clean (self->folder, self->limit);
}

static gboolean
pr_download_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrDownload *self = PR_DOWNLOAD (operation);

    self->path = pr_fetch_run (self->fetch, cancellable, error);
    if (!self->path)
        return FALSE;
    pr_operation_enter_step (operation, CHECK);
    clean (self);
    pr_operation_report (operation, 1);
    return TRUE;
}

static gboolean
pr_download_prepare (PrOperation *operation, GError **error)
{
    PrDownload *self = PR_DOWNLOAD (operation);
    g_autoptr (GError) failure = NULL;
    g_autoptr (PrWeb) web = pr_servers_make_web (self->servers, &failure);

    if (!web) {
        g_set_error (error, PR_ERROR, PR_ERROR_UNTRUSTED_SERVER, "reading the certificates: %s", failure->message);
        return FALSE;
    }
    self->fetch = pr_fetch_new (web, self->folder, self->firmware);
    pr_fetch_set_progress_func (self->fetch, progress_cb, self);
    return TRUE;
}

static void
pr_download_finalize (GObject *object)
{
    PrDownload *self = PR_DOWNLOAD (object);

    g_clear_object (&self->fetch);
    g_clear_object (&self->folder);
    g_clear_object (&self->firmware);
    g_clear_pointer (&self->servers, pr_servers_unref);
    g_free (self->path);
    G_OBJECT_CLASS (pr_download_parent_class)->finalize (object);
}

static void
pr_download_class_init (PrDownloadClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_download_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->prepare = pr_download_prepare;
    operation_class->run = pr_download_run;
}

static void
pr_download_init (PrDownload *self)
{
}

PrOperation *
pr_download_new (PrPhone *phone, PrServers *servers, const char *folder, PrFirmware *firmware)
{
    PrDownload *self = g_object_new (PR_TYPE_DOWNLOAD, "phone", phone, NULL);

    self->servers = pr_servers_ref (servers);
    self->folder = pr_firmware_folder_new (folder);
    self->firmware = g_object_ref (firmware);
    return PR_OPERATION (self);
}

void
pr_download_set_limit (PrDownload *self, guint64 limit)
{
    self->limit = limit;
}

void
pr_download_set_paused (PrDownload *self, gboolean paused)
{
    self->paused = paused;
    if (self->fetch)
        pr_fetch_set_paused (self->fetch, paused);
}

gboolean
pr_download_get_paused (PrDownload *self)
{
    return self->paused;
}

const char *
pr_download_get_path (PrDownload *self)
{
    return pr_operation_get_state (PR_OPERATION (self)) == PR_OPERATION_SUCCEEDED ? self->path : NULL;
}
