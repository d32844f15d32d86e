/* Reads an IPSW: for which models it is, which version, and whether it can be installed keeping data.
 *
 * Blocking; any thread but the main one. The file is hostile until proven otherwise: sizes and counts are bounded
 * before anything is allocated, and nothing is written to disk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#define PR_TYPE_IPSW (pr_ipsw_get_type ())
G_DECLARE_FINAL_TYPE (PrIpsw, pr_ipsw, PR, IPSW, GObject)

/* Errors: PR_ERROR_FILE_DAMAGED; G_IO_ERROR for a file that cannot be opened at all. */
PrIpsw *pr_ipsw_open (const char *path, GCancellable *cancellable, GError **error);

const char *pr_ipsw_get_path (PrIpsw *self);
const char *pr_ipsw_get_version (PrIpsw *self); /* "17.6.1" */
const char *pr_ipsw_get_build (PrIpsw *self);   /* "21G93" */
guint64 pr_ipsw_get_size (PrIpsw *self);        /* bytes of the archive */
gboolean pr_ipsw_supports (PrIpsw *self, const char *product_type);

/**
 * pr_ipsw_check:
 * @product_type: "iPhone14,7"
 * @board: "d27ap"
 * @keep_data: an update, which must not erase
 *
 * Proves that the file can do this for this phone (guard rail 2): for an update exactly one identity of this board
 * has the variant "Customer Upgrade Install (IPSW)" and the restore behaviour Update; for a restore at least one
 * has an erase variant; and every part that the identity names is in the archive, whole.
 *
 * Errors: PR_ERROR_WRONG_MODEL, _NO_KEEPING_DATA, _FILE_DAMAGED
 */
gboolean pr_ipsw_check (PrIpsw *self, const char *product_type, const char *board, gboolean keep_data, GError **error);

/* Compares versions by their numbers: "17.6.1" > "17.6", "17.10" > "17.9". Any thread. */
int pr_ipsw_compare_versions (const char *a, const char *b);

/**
 * pr_ipsw_get_digests:
 *
 * What the identity is made of that pr_ipsw_check() finds for this phone: the digest of each of its parts by name, and
 * "UniqueBuildID". For the signing relay.
 *
 * Errors: PR_ERROR_WRONG_MODEL, _NO_KEEPING_DATA
 *
 * Returns: (transfer full) (element-type utf8 GBytes) (nullable)
 */
GHashTable *pr_ipsw_get_digests (PrIpsw *self, const char *board, gboolean keep_data, GError **error);

/* The same identity, an XML property list as the archive's manifest has it. The errors are the same. */
GBytes *pr_ipsw_dup_identity (PrIpsw *self, const char *board, gboolean keep_data, GError **error);
