// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-verify-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 16 /* of AES */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

/* An encrypted file is padded; phones were seen to leave that out of files whose size needs none. */
static gboolean
is_size (PrBackupCheck *check, gint64 told, gint64 found)
{
    if (told < 0)
        return TRUE;
    if (!check->report.encrypted)
        return told == found;
    return found == (told + BLOCK) / BLOCK * BLOCK || found == (told + BLOCK - 1) / BLOCK * BLOCK;
}

static void
check_padding (PrBackupCheck *check, const PrBackupRow *row, const guint8 *key, gint64 size)
{
    g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
    guint8 data[2 * BLOCK] = { 0 }, plain[2 * BLOCK];
    gint64 at = MAX (size - 2 * BLOCK, 0);
    gsize length = (gsize) (size - at);
    g_autofd int fd = openat (check->folder, row->id, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int n = 0, last = 0;

    if (size % BLOCK != 0) {
        pr_backup_check_fault (check, "%s is cut short", row->id);
        return;
    }
    /* one block has the zero vector before it */
    if (size == 0 || fd < 0 || pread (fd, data + (2 * BLOCK - length), length, (off_t) at) != (gssize) length) {
        if (size > 0)
            pr_backup_check_fault (check, "%s cannot be read", row->id);
        return;
    }
    EVP_DecryptInit_ex (context, EVP_aes_256_cbc (), NULL, key, data);
    if (EVP_DecryptUpdate (context, plain, &n, data + BLOCK, BLOCK) != 1 ||
        (EVP_DecryptFinal_ex (context, plain + n, &last) != 1 && row->size % BLOCK != 0))
        pr_backup_check_fault (check, "%s does not decrypt", row->id);
}

static void
check_key (PrBackupCheck *check, const PrBackupRow *row, gint64 size)
{
    PrKeybag *keybag = pr_backup_manifest_get_keybag (check->manifest);
    guint8 key[PR_KEYBAG_KEY];
    g_autoptr (GError) reason = NULL;

    if (keybag == NULL || row->key == NULL)
        return;
    if (!pr_keybag_unwrap (keybag, row->key, row->key_length, key, &reason))
        pr_backup_check_fault (check, "%s: %s", row->id, reason->message);
    else
        check_padding (check, row, key, size);
    OPENSSL_cleanse (key, sizeof key);
}

static void
check_row_file (PrBackupCheck *check, const PrBackupRow *row)
{
    g_autofree char *path = g_strdup_printf ("%.2s/%s", row->id, row->id);
    const PrBackupDigest *digest = pr_backup_digest_find (check->bucket, path);
    struct stat status;

    if (check->folder < 0 || fstatat (check->folder, row->id, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
        !S_ISREG (status.st_mode)) {
        pr_backup_check_fault (check, "%s (%s) is missing", row->path != NULL ? row->path : "a file", row->id);
        return;
    }
    check->report.files++;
    check->report.bytes += (guint64) status.st_size;
    if (digest != NULL && digest->size != (guint64) status.st_size)
        pr_backup_check_fault (check, "%s has %" G_GINT64_FORMAT " bytes, and %" G_GUINT64_FORMAT " arrived", row->id,
                               (gint64) status.st_size, digest->size);
    else if (!is_size (check, row->size, status.st_size) && digest == NULL)
        pr_backup_check_fault (check, "%s has %" G_GINT64_FORMAT " bytes instead of %" G_GINT64_FORMAT, row->id,
                               (gint64) status.st_size, row->size);
    else if (!is_size (check, row->size, status.st_size))
        check->report.differing++;
    if (check->deep && row->size > 0)
        check_key (check, row, status.st_size);
}

static gboolean
check_part (PrBackupCheck *check, guint number, GError **error)
{
    g_autoptr (GError) reason = NULL;
    PrBackupRow row;

    while (pr_backup_manifest_next (check->manifest, number, &row, &reason)) {
        if (row.flags != PR_BACKUP_ROW_FILE)
            continue;
        if (g_cancellable_set_error_if_cancelled (check->cancellable, error) ||
            !pr_backup_check_load (check,
                                   (guint) (g_ascii_xdigit_value (row.id[0]) * 16 + g_ascii_xdigit_value (row.id[1])),
                                   error))
            return FALSE;
        check_row_file (check, &row);
    }
    if (reason == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

/* --- In two threads --- */

typedef struct {
    PrBackupCheck check; /* owns only what it loads and finds */
    guint number;
    gboolean ok;
    GError *error;
} Part;

static gpointer
run_part (gpointer data)
{
    Part *part = data;

    part->ok = check_part (&part->check, part->number, &part->error);
    return NULL;
}

static void
add_report (PrBackupReport *sum, const PrBackupReport *report)
{
    sum->files += report->files;
    sum->bytes += report->bytes;
    sum->differing += report->differing;
    sum->faults += report->faults;
}

/* Takes what @part found. Returns whether its rows could be read. */
static gboolean
take_part (PrBackupCheck *check, Part *part, GError **error)
{
    add_report (&check->report, &part->check.report);
    if (check->first == NULL)
        check->first = g_steal_pointer (&part->check.first);
    g_clear_error (&part->check.first);
    g_clear_pointer (&part->check.bucket, g_array_unref);
    g_clear_fd (&part->check.folder, NULL);
    if (part->ok)
        return TRUE;
    if (error != NULL && *error == NULL)
        g_propagate_error (error, g_steal_pointer (&part->error));
    g_clear_error (&part->error);
    return FALSE;
}

/* The phone is idle by now, so that nobody else wants the second processor. */
gboolean
pr_backup_check_rows (PrBackupCheck *check, GError **error)
{
    Part parts[PR_BACKUP_MANIFEST_PARTS];
    GThread *threads[PR_BACKUP_MANIFEST_PARTS];
    gboolean ok = TRUE;

    if (check->deep && !pr_backup_manifest_check (check->manifest, error))
        return FALSE;
    for (guint i = 0; i < PR_BACKUP_MANIFEST_PARTS; i++) {
        parts[i] = (Part) { .number = i,
                            .check = { .root = check->root,
                                       .deep = check->deep,
                                       .manifest = check->manifest,
                                       .record = check->record,
                                       .cancellable = check->cancellable,
                                       .report.encrypted = check->report.encrypted,
                                       .bucket_number = G_MAXUINT,
                                       .folder = -1 } };
        threads[i] = g_thread_new ("verify", run_part, &parts[i]);
    }
    for (guint i = 0; i < PR_BACKUP_MANIFEST_PARTS; i++) {
        g_thread_join (threads[i]);
        ok = take_part (check, &parts[i], error) && ok;
    }
    return ok;
}
