// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-mobile-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

#include "pr-backup-info.h"
#include "pr-backup-manifest.h"
#include "pr-backup-transfer.h"
#include "pr-device-link.h"
#include "pr-error.h"
#include "pr-lockdown.h"
#include "pr-plist.h"
#include "pr-sync-session.h"

#define SERVICE "com.apple.mobilebackup2"
#define SILENCE 120
#define PREPARING 600

/* One conversation with the phone. */
typedef struct {
    const char *udid;
    PrMobileBackupOptions options;
    PrLockdown *lockdown;
    PrSyncSession *sync; /* (nullable) */
    PrDeviceLink *link;
    GMutex telling; /* progress, and telling it: two threads know something */
    PrMobileBackupProgress progress;
    char *content; /* (nullable): that came with the phone's last word */
    gboolean restores, crossed;
    PrError cut; /* what it is when the phone or the cable ends it now */
} Talk;

static void
talk_clear (Talk *talk)
{
    g_clear_pointer (&talk->link, pr_device_link_close);
    g_clear_pointer (&talk->sync, pr_sync_session_end);
    g_clear_pointer (&talk->lockdown, pr_lockdown_close);
    g_clear_pointer (&talk->content, g_free);
    g_mutex_clear (&talk->telling);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, talk_clear)

/* --- Progress --- */

/* With the lock held, so that what is told last is also what was learnt last. */
static void
report (Talk *talk)
{
    if (talk->options.func != NULL)
        talk->options.func (&talk->progress, talk->options.data);
}

static void
enter (Talk *talk, PrMobileBackupStage stage)
{
    g_mutex_lock (&talk->telling);
    talk->progress.stage = MAX (talk->progress.stage, stage);
    report (talk);
    g_mutex_unlock (&talk->telling);
}

/* The point of no return, which the caller may refuse to cross. */
static gboolean
cross (Talk *talk, GError **error)
{
    if (talk->crossed)
        return TRUE;
    talk->crossed = talk->options.cross == NULL || talk->options.cross (talk->options.data, error);
    if (talk->crossed && talk->restores)
        talk->cut = PR_ERROR_PUT_BACK_CUT;
    return talk->crossed;
}

/* A restoring phone that asks for a file is about to change; its manifests alone it only looks at. */
static gboolean
send_cb (const char *path, gpointer data, GError **error)
{
    Talk *talk = data;

    return !talk->restores || g_ascii_isupper (*path) || cross (talk, error);
}

static void
transfer_cb (const PrBackupTransferState *state, gpointer data)
{
    Talk *talk = data;

    g_mutex_lock (&talk->telling);
    talk->progress.fraction = MAX (talk->progress.fraction, state->percent / 100);
    talk->progress.bytes = state->bytes;
    talk->progress.files = state->files;
    if (state->bytes > 0 && (!talk->restores || talk->crossed))
        talk->progress.stage = MAX (talk->progress.stage, PR_MOBILE_BACKUP_STAGE_FILES);
    report (talk);
    g_mutex_unlock (&talk->telling);
}

/* In the thread that listens to the phone, while the other one waits for a message. */
static void
sync_cb (PrSyncNotice notice, gpointer data)
{
    Talk *talk = data;

    if (notice == PR_SYNC_CANCELLED) /* the phone itself says so in its last word */
        return;
    g_mutex_lock (&talk->telling);
    talk->progress.asks_passcode = notice == PR_SYNC_ASKS_PASSCODE;
    report (talk);
    g_mutex_unlock (&talk->telling);
}

/* --- Opening --- */

static plist_t
create_request (Talk *talk, const char *name)
{
    plist_t request = plist_new_dict ();

    plist_dict_set_item (request, "MessageName", plist_new_string (name));
    plist_dict_set_item (request, "TargetIdentifier", plist_new_string (talk->udid));
    return request;
}

static plist_t
create_hello (void)
{
    plist_t hello = plist_new_dict (), versions = plist_new_array ();

    plist_array_append_item (versions, plist_new_real (2.0));
    plist_array_append_item (versions, plist_new_real (2.1));
    plist_dict_set_item (hello, "MessageName", plist_new_string ("Hello"));
    plist_dict_set_item (hello, "SupportedProtocolVersions", versions);
    return hello;
}

static gboolean
say_hello (Talk *talk, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) answer = NULL;
    const char *name;
    plist_t content;
    guint64 code = 0;

    if (!pr_device_link_send_process (talk->link, create_hello (), cancellable, error))
        return FALSE;
    answer = pr_device_link_receive (talk->link, &name, cancellable, error);
    if (answer == NULL)
        return FALSE;
    content = plist_array_get_item (answer, 1);
    if (g_str_equal (name, "DLMessageProcessMessage") && pr_plist_get_number (content, "ErrorCode", &code) && code == 0)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER,
                 "mobilebackup2 answered the greeting with code %" G_GUINT64_FORMAT, code);
    return FALSE;
}

static gboolean
open_lockdown (Talk *talk, GCancellable *cancellable, GError **error)
{
    talk->lockdown = pr_lockdown_open (talk->udid, cancellable, error);
    if (talk->lockdown == NULL)
        return FALSE;
    if (pr_lockdown_is_restored (talk->lockdown)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BUSY, "the phone is in restore mode");
        return FALSE;
    }
    return pr_lockdown_start_session (talk->lockdown, cancellable, error);
}

static gboolean
open_link (Talk *talk, GCancellable *cancellable, GError **error)
{
    PrWire *wire = pr_lockdown_start_escrow_service (talk->lockdown, SERVICE, cancellable, error);

    if (wire == NULL)
        return FALSE;
    talk->link = pr_device_link_open (wire, talk->options.silence, cancellable, error);
    return talk->link != NULL && say_hello (talk, cancellable, error);
}

/* @locks: does it keep others from synchronizing? */
static gboolean
open_talk (Talk *talk,
           const char *udid,
           const PrMobileBackupOptions *options,
           gboolean locks,
           GCancellable *cancellable,
           GError **error)
{
    talk->udid = udid;
    if (options != NULL)
        talk->options = *options;
    talk->options.silence = talk->options.silence > 0 ? talk->options.silence : SILENCE;
    talk->options.preparing = talk->options.preparing > 0 ? talk->options.preparing : PREPARING;
    if (talk->options.phone_code != NULL)
        *talk->options.phone_code = 0;
    if (!open_lockdown (talk, cancellable, error) || !open_link (talk, cancellable, error))
        return FALSE;
    if (locks)
        talk->sync = pr_sync_session_begin (talk->lockdown, sync_cb, talk, cancellable, error);
    return !locks || talk->sync != NULL;
}

/* --- The phone's last word --- */

/* Numbers of MBErrorDomain, from libimobiledevice's issue threads 187, 429, 1193, 1379, 1582, 1601 and SparseBox. */
static const struct {
    gint64 number;
    PrError code, restoring;
} numbers[] = {
    { 105, PR_ERROR_BACKUP_DISK_FULL, PR_ERROR_PHONE_FULL },
    { 106, PR_ERROR_PHONE_FULL, PR_ERROR_PHONE_FULL },
    { 202, PR_ERROR_BACKUP_CUT, PR_ERROR_PUT_BACK_CUT },
    { 203, PR_ERROR_BACKUP_CUT, PR_ERROR_BACKUP_MISFIT },
    { 204, PR_ERROR_BACKUP_CUT, PR_ERROR_BACKUP_DAMAGED },
    { 205, PR_ERROR_BACKUP_CUT, PR_ERROR_BACKUP_DAMAGED },
    { 207, PR_ERROR_WRONG_BACKUP_PASSWORD, PR_ERROR_WRONG_BACKUP_PASSWORD },
    { 208, PR_ERROR_PASSCODE_NOT_ENTERED, PR_ERROR_PASSCODE_NOT_ENTERED },
    { 209, PR_ERROR_BACKUP_CUT, PR_ERROR_BACKUP_DAMAGED },
    { 211, PR_ERROR_FIND_MY_ON, PR_ERROR_FIND_MY_ON },
    { 212, PR_ERROR_SETUP_UNFINISHED, PR_ERROR_SETUP_UNFINISHED },
};

static PrError
read_code (gint64 number, gboolean restores)
{
    for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
        if (numbers[i].number == ABS (number))
            return restores ? numbers[i].restoring : numbers[i].code;
    return PR_ERROR_BACKUP_REFUSED;
}

static gboolean
judge_end (Talk *talk, plist_t message, const PrBackupTransferState *state, GError **error)
{
    plist_t content = plist_array_get_item (message, 1);
    g_autofree char *text = pr_plist_dup_text (content, "ErrorDescription");
    plist_t note = pr_plist_get_item (content, "Content", PLIST_STRING);
    guint64 code;

    if (!pr_plist_get_number (content, "ErrorCode", &code)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone ended without a code");
        return FALSE;
    }
    if (note != NULL)
        talk->content = g_strdup (plist_get_string_ptr (note, NULL));
    if (code == 0)
        return TRUE;
    if (talk->options.phone_code != NULL)
        *talk->options.phone_code = (gint64) code;
    g_set_error (error, PR_ERROR, read_code ((gint64) code, talk->restores),
                 "the phone ended with code %" G_GINT64_FORMAT "%s%s%s", (gint64) code, text != NULL ? ": " : "",
                 text != NULL ? text : "", state->wants_room ? " (it had asked to make room on this disk)" : "");
    return FALSE;
}

/* Serves the phone until it says that it is done. */
static gboolean
serve (Talk *talk, PrBackupTransfer *transfer, GCancellable *cancellable, GError **error)
{
    const PrBackupTransferState *state = pr_backup_transfer_get_state (transfer);

    for (;;) {
        g_auto (plist_t) message = NULL;
        const char *name;

        pr_device_link_set_limit (talk->link, state->bytes > 0 ? talk->options.silence : talk->options.preparing);
        message = pr_device_link_receive (talk->link, &name, cancellable, error);
        if (message == NULL)
            return FALSE;
        pr_device_link_set_limit (talk->link, talk->options.silence);
        if (g_str_equal (name, "DLMessageProcessMessage"))
            return judge_end (talk, message, state, error);
        if (g_str_equal (name, "DLMessageDisconnect")) {
            g_set_error_literal (error, PR_ERROR, (int) talk->cut, "the phone ended the conversation");
            return FALSE;
        }
        if (!pr_backup_transfer_serve (transfer, name, message, cancellable, error))
            return FALSE;
    }
}

/* An end that is not the phone's own: it is told, so that it does not wait for us. */
static void
say_goodbye (Talk *talk, const GError *reason)
{
    if (g_error_matches (reason, PR_ERROR, PR_ERROR_UNPLUGGED))
        return;
    if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED) && talk->sync != NULL)
        pr_sync_session_cancel (talk->sync);
    pr_device_link_send_disconnect (talk->link);
}

/* What the link or the file system said, in terms of a backup. */
static void
name_error (Talk *talk, GError *reason)
{
    /* it was trusted when this began: later, a broken stream is no matter of trust */
    if (g_error_matches (reason, PR_ERROR, PR_ERROR_UNPLUGGED) ||
        g_error_matches (reason, PR_ERROR, PR_ERROR_STALE_PAIRING)) {
        reason->code = (int) talk->cut;
        return;
    }
    /* a folder that is not there, a file that is a folder: nothing that a phone names */
    if (reason->domain == G_IO_ERROR && reason->code != G_IO_ERROR_CANCELLED) {
        reason->domain = PR_ERROR;
        reason->code = PR_ERROR_BAD_ANSWER;
    }
}

static gboolean
converse (Talk *talk, plist_t request, PrBackupTransfer *transfer, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;

    enter (talk, PR_MOBILE_BACKUP_STAGE_WAIT);
    if (pr_device_link_send_process (talk->link, request, cancellable, &reason) &&
        serve (talk, transfer, cancellable, &reason)) {
        pr_device_link_send_disconnect (talk->link);
        return TRUE;
    }
    say_goodbye (talk, reason);
    name_error (talk, reason);
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

/* --- Backing up --- */

typedef struct {
    Talk *talk;
    const char *password;
    PrBackupReport *report;
} Verification;

/* A backup is not thrown away because somebody mistyped the password that was to prove it. */
static gboolean
verify (Verification *verification, int root, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;

    if (pr_backup_verify_quick (root, verification->password, verification->report, cancellable, &reason))
        return TRUE;
    if (verification->talk->options.keep_unproven && g_error_matches (reason, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD))
        return pr_backup_verify_quick (root, NULL, verification->report, cancellable, error);
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

static gboolean
verify_cb (int root, PrBackupTotals *totals, gpointer data, GCancellable *cancellable, GError **error)
{
    Verification *verification = data;

    if (!verify (verification, root, cancellable, error))
        return FALSE;
    totals->files = verification->report->files;
    totals->bytes = verification->report->bytes;
    return cross (verification->talk, error);
}

static plist_t
create_backup_request (Talk *talk, gboolean full)
{
    plist_t request = create_request (talk, "Backup");
    plist_t options = plist_new_dict ();

    if (full)
        plist_dict_set_item (options, "ForceFullBackup", plist_new_bool (TRUE));
    plist_dict_set_item (request, "SourceIdentifier", plist_new_string (talk->udid));
    plist_dict_set_item (request, "Options", options);
    return request;
}

/* What the phone calls a success is one only if it verifies. */
static gboolean
commit (PrBackupRun *run,
        const PrBackupTransferState *state,
        Verification *verification,
        GCancellable *cancellable,
        GError **error)
{
    g_autoptr (GError) reason = NULL;

    if (pr_backup_run_commit (run, verify_cb, verification, cancellable, &reason))
        return TRUE;
    if (g_error_matches (reason, PR_ERROR, PR_ERROR_BACKUP_DAMAGED)) {
        reason->code = PR_ERROR_BACKUP_CUT;
        g_prefix_error (&reason, "what arrived does not verify: ");
        if (state->refusal != NULL)
            g_prefix_error (&reason, "the phone could not read %" G_GUINT64_FORMAT " files, first %s; ", state->refused,
                            state->refusal);
    }
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

static gboolean
run_backup (Talk *talk,
            PrBackupStore *store,
            gboolean full,
            Verification *verification,
            GCancellable *cancellable,
            GError **error)
{
    g_autoptr (GBytes) info = pr_backup_info_create (talk->lockdown, talk->udid, cancellable, error);
    g_autoptr (PrBackupRun) run = NULL;
    g_autoptr (PrBackupTransfer) transfer = NULL;

    if (info == NULL)
        return FALSE;
    enter (talk, PR_MOBILE_BACKUP_STAGE_COPY);
    run = pr_backup_store_begin (store, talk->udid, cancellable, error);
    if (run == NULL || !pr_backup_run_write (run, "Info.plist", info, error))
        return FALSE;
    transfer = pr_backup_transfer_new (talk->link, run, pr_backup_run_get_root (run), talk->udid, store, transfer_cb,
                                       send_cb, talk);
    if (!converse (talk, create_backup_request (talk, full), transfer, cancellable, error))
        return FALSE;
    enter (talk, PR_MOBILE_BACKUP_STAGE_VERIFY);
    return commit (run, pr_backup_transfer_get_state (transfer), verification, cancellable, error);
}

gboolean
pr_mobile_backup_back_up (const char *udid,
                          PrBackupStore *store,
                          gboolean full,
                          const char *password,
                          const PrMobileBackupOptions *options,
                          PrBackupReport *out_report,
                          GCancellable *cancellable,
                          GError **error)
{
    g_auto (Talk) talk = { .cut = PR_ERROR_BACKUP_CUT };
    Verification verification = { &talk, password, out_report };
    g_autoptr (GError) reason = NULL;

    *out_report = (PrBackupReport) { 0 };
    if (open_talk (&talk, udid, options, TRUE, cancellable, error) &&
        run_backup (&talk, store, full, &verification, cancellable, &reason))
        return TRUE;
    /* before and after the conversation it is the disk, or somebody who changes our folder meanwhile */
    if (reason != NULL && reason->domain == G_IO_ERROR && reason->code != G_IO_ERROR_CANCELLED) {
        reason->domain = PR_ERROR;
        reason->code = PR_ERROR_BACKUP_DISK_GONE;
    }
    if (reason != NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

/* --- Putting back --- */

static plist_t
create_restore_request (Talk *talk, const PrMobileBackupWish *wish, const char *source)
{
    plist_t request = create_request (talk, "Restore");
    plist_t options = plist_new_dict ();

    plist_dict_set_item (options, "RestoreShouldReboot", plist_new_bool (!wish->no_restart));
    plist_dict_set_item (options, "RestoreDontCopyBackup", plist_new_bool (TRUE));
    plist_dict_set_item (options, "RestorePreserveSettings", plist_new_bool (wish->keep_settings));
    plist_dict_set_item (options, "RestoreSystemFiles", plist_new_bool (wish->system_files));
    plist_dict_set_item (options, "RemoveItemsNotRestored", plist_new_bool (wish->remove_others));
    if (wish->password != NULL)
        plist_dict_set_item (options, "Password", plist_new_string (wish->password));
    plist_dict_set_item (request, "SourceIdentifier", plist_new_string (source));
    plist_dict_set_item (request, "Options", options);
    return request;
}

static int
open_backup (PrBackupStore *store, const char *source, const char *path, GError **error)
{
    int root;

    if (path == NULL)
        return pr_backup_store_open_backup (store, source, error);
    root = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (root < 0)
        pr_backup_fail (error, errno, path);
    return root;
}

static gboolean
check_backup (int root, const PrMobileBackupWish *wish, GCancellable *cancellable, GError **error)
{
    PrBackupReport found;

    if (wish->verified)
        return TRUE;
    if (!pr_backup_verify_quick (root, wish->password, &found, cancellable, error))
        return FALSE;
    if (found.proven)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD, "the backup is encrypted");
    return FALSE;
}

static gboolean
put_apps (Talk *talk, int root, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) info = pr_backup_read_plist (root, "Info.plist");
    plist_t apps = pr_plist_get_item (info, "Applications", PLIST_DICT);
    g_autoptr (GBytes) text = NULL;

    if (apps == NULL)
        return TRUE;
    text = pr_plist_to_bytes (apps);
    return pr_sync_session_put_apps (talk->sync, text, cancellable, error);
}

gboolean
pr_mobile_backup_put_back (const char *udid,
                           PrBackupStore *store,
                           const PrMobileBackupWish *wish,
                           const PrMobileBackupOptions *options,
                           GCancellable *cancellable,
                           GError **error)
{
    const char *source = wish->source != NULL ? wish->source : udid;
    g_autofd int root = open_backup (store, source, wish->path, error);
    g_auto (Talk) talk = { .restores = TRUE, .cut = PR_ERROR_UNPLUGGED };
    g_autoptr (PrBackupTransfer) transfer = NULL;

    if (root < 0 || !check_backup (root, wish, cancellable, error) ||
        !open_talk (&talk, udid, options, TRUE, cancellable, error) || !put_apps (&talk, root, cancellable, error))
        return FALSE;
    transfer = pr_backup_transfer_new (talk.link, NULL, root, source, store, transfer_cb, send_cb, &talk);
    return converse (&talk, create_restore_request (&talk, wish, source), transfer, cancellable, error);
}

/* --- The rest --- */

gboolean
pr_mobile_backup_change_password (const char *udid,
                                  const char *old_password,
                                  const char *new_password,
                                  const PrMobileBackupOptions *options,
                                  GCancellable *cancellable,
                                  GError **error)
{
    g_auto (Talk) talk = { .cut = PR_ERROR_UNPLUGGED };
    g_autoptr (PrBackupTransfer) transfer = NULL;
    plist_t request;

    if (!open_talk (&talk, udid, options, TRUE, cancellable, error))
        return FALSE;
    request = create_request (&talk, "ChangePassword");
    if (old_password != NULL)
        plist_dict_set_item (request, "OldPassword", plist_new_string (old_password));
    if (new_password != NULL)
        plist_dict_set_item (request, "NewPassword", plist_new_string (new_password));
    transfer = pr_backup_transfer_new (talk.link, NULL, -1, udid, NULL, transfer_cb, send_cb, &talk);
    return converse (&talk, request, transfer, cancellable, error);
}

char *
pr_mobile_backup_read_info (const char *udid,
                            PrBackupStore *store,
                            const PrMobileBackupOptions *options,
                            GCancellable *cancellable,
                            GError **error)
{
    g_autofd int root = pr_backup_store_open_backup (store, udid, error);
    g_auto (Talk) talk = { .cut = PR_ERROR_UNPLUGGED };
    g_autoptr (PrBackupTransfer) transfer = NULL;
    plist_t request;

    if (root < 0 || !open_talk (&talk, udid, options, FALSE, cancellable, error))
        return NULL;
    request = create_request (&talk, "Info");
    plist_dict_set_item (request, "SourceIdentifier", plist_new_string (udid));
    transfer = pr_backup_transfer_new (talk.link, NULL, root, udid, store, transfer_cb, send_cb, &talk);
    if (!converse (&talk, request, transfer, cancellable, error))
        return NULL;
    return g_strdup (talk.content != NULL ? talk.content : "");
}
