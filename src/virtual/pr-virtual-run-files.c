// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a backup on their way to the computer, and their rows in the manifest.
#include "pr-virtual-run.h"

#include <openssl/rand.h>

#include "pr-virtual-hostile.h"

#define PIECE 32752            /* bytes of a file that are made at once; whole blocks of AES */
#define DIGEST_LIMIT (1 << 20) /* bytes of the largest file that has a digest in the manifest */

static gboolean
send_piece (PrVirtualRun *self, EVP_CIPHER_CTX *cipher, guint8 *buffer, gsize length)
{
    guint8 sealed[PIECE + EVP_MAX_BLOCK_LENGTH];
    int n = 0;
    pr_virtual_content_fill (self->content, buffer, length);
    if (self->sum != NULL)
        EVP_DigestUpdate (self->sum, buffer, length);
    if (cipher == NULL)
        return pr_virtual_link_data (self->link, buffer, length);
    EVP_CipherUpdate (cipher, sealed, &n, buffer, (int) length);
    return pr_virtual_link_data (self->link, sealed, n);
}

static gboolean
send_padding (PrVirtualRun *self, EVP_CIPHER_CTX *cipher)
{
    guint8 block[EVP_MAX_BLOCK_LENGTH];
    int n = 0;
    if (cipher == NULL)
        return TRUE;
    EVP_CipherFinal_ex (cipher, block, &n);
    return pr_virtual_link_data (self->link, block, n);
}

static gboolean
send_content (PrVirtualRun *self, const PrVirtualFile *file, EVP_CIPHER_CTX *cipher)
{
    guint8 buffer[PIECE];
    guint64 seed = pr_virtual_files_seed (self->backup->files, file->family);
    pr_virtual_content_open (self->content, seed, file->number, file->version);
    for (guint64 left = file->size; left > 0;) {
        gsize now = MIN (left, sizeof buffer);
        if (!send_piece (self, cipher, buffer, now))
            return FALSE;
        left -= now;
    }
    return send_padding (self, cipher);
}

static EVP_CIPHER_CTX *
make_key (PrVirtualRun *self, PrVirtualRow *row)
{
    guint8 key[PR_VIRTUAL_KEY_SIZE];
    if (self->bag == NULL)
        return NULL;
    RAND_bytes (key, sizeof key);
    pr_virtual_keybag_wrap (self->bag, row->class, key, row->key);
    row->has_key = TRUE;
    return pr_virtual_cipher_new (key, TRUE, TRUE);
}

static gboolean
send_whole (PrVirtualRun *self, const PrVirtualFile *file, PrVirtualRow *row)
{
    g_autoptr (EVP_CIPHER_CTX) cipher = make_key (self, row);
    EVP_MD_CTX *sum = self->sum;
    row->has_digest = file->size <= DIGEST_LIMIT;
    if (row->has_digest)
        EVP_DigestInit_ex (sum, pr_virtual_digest (), NULL);
    else
        self->sum = NULL;
    gboolean sent = send_content (self, file, cipher);
    self->sum = sum;
    if (row->has_digest)
        EVP_DigestFinal_ex (sum, row->digest, NULL);
    return sent && pr_virtual_link_end_file (self->link, 0, "");
}

/* A file that cannot be read is not in the manifest either, unless an older state of it is. */
static gboolean
report_unread (PrVirtualRun *self, guint index)
{
    g_autofree char *text = g_strdup_printf ("The file could not be read (code %u)", self->link->error_code);
    self->marks[index] = PR_VIRTUAL_RUN_NOT_READ;
    self->link->error_at_file = G_MAXUINT64;
    return pr_virtual_link_end_file (self->link, self->link->error_code, text);
}

static gboolean
send_file (PrVirtualRun *self, guint index)
{
    const PrVirtualFile *file = pr_virtual_run_file (self, index);
    PrVirtualFilePath path;
    PrVirtualRow row;
    char id[PR_VIRTUAL_ID_SIZE], phone_name[2 * PR_VIRTUAL_PATH_SIZE], host_name[2 * PR_VIRTUAL_PATH_SIZE];
    pr_virtual_file_get_path (file, &path);
    pr_virtual_manifest_make_id (path.domain, path.path, id);
    pr_virtual_backup_describe (self->backup, file, &path, &row);
    g_snprintf (phone_name, sizeof phone_name, "/.b/5/%s/%s", path.domain, path.path);
    g_snprintf (host_name, sizeof host_name, "%s/Snapshot/%.2s/%s", self->backup->target, id, id);
    if (!pr_virtual_link_begin_file (self->link, phone_name, host_name))
        return FALSE;
    if (self->link->files + 1 == self->link->error_at_file)
        return report_unread (self, index);
    return send_whole (self, file, &row) &&
           (pr_virtual_manifest_add (self->manifest, &row) ||
            pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest"));
}

static guint64
count_batch_bytes (PrVirtualRun *self, guint first)
{
    guint64 bytes = 0, left = self->batch;
    for (guint i = first; i < self->files->len && left > 0; i++) {
        if (self->marks[i] != PR_VIRTUAL_RUN_TO_SEND)
            continue;
        bytes += pr_virtual_run_file (self, i)->size;
        left--;
    }
    return bytes;
}

/* Sends up to a batch, from @index on. */
static gboolean
send_batch (PrVirtualRun *self, guint *index)
{
    self->link->progress = self->count > 0 ? 80.0 * (double) self->link->files / (double) self->count : 80;
    if (!pr_virtual_run_is_wanted (self) ||
        !pr_virtual_link_begin_upload (self->link, count_batch_bytes (self, *index)))
        return FALSE;
    for (guint64 left = self->batch; *index < self->files->len && left > 0; ++*index) {
        if (self->marks[*index] != PR_VIRTUAL_RUN_TO_SEND)
            continue;
        if (!send_file (self, *index))
            return FALSE;
        left--;
    }
    return pr_virtual_link_end_upload (self->link);
}

gboolean
pr_virtual_run_send_files (PrVirtualRun *self)
{
    if (!pr_virtual_link_phase (self->link, "files") || !pr_virtual_hostile_strike (self->backup))
        return FALSE;
    self->link->files = self->link->bytes = 0;
    for (guint i = pr_virtual_run_next (self, 0); i < self->files->len; i = pr_virtual_run_next (self, i))
        if (!send_batch (self, &i))
            return FALSE;
    return self->link->files < self->link->cut_at_file || pr_virtual_link_cut (self->link);
}
