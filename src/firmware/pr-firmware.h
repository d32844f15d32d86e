/* One system version for one model, as a list of versions has it: what it is called, where its file is, and how the
 * file is known again.
 *
 * Immutable; any thread. Everything in it was checked: it may come from a server or from a file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

/* Does Apple's server still sign it? A hint of the lists; the truth is the signing server's answer. */
typedef enum {
    PR_SIGNED_UNKNOWN,
    PR_SIGNED_YES,
    PR_SIGNED_NO,
} PrSigned;

typedef struct {
    const char *product_type; /* "iPhone14,7" */
    const char *version;      /* "17.6.1" */
    const char *build;        /* "21G93" */
    const char *address;      /* of the file */
    const char *digest;       /* SHA-1 or SHA-256 in hex */
    guint64 size;             /* bytes; 0: not known */
    gint64 released;          /* seconds since 1970; 0: not known */
    PrSigned is_signed;
} PrFirmwareFacts;

#define PR_TYPE_FIRMWARE (pr_firmware_get_type ())
G_DECLARE_FINAL_TYPE (PrFirmware, pr_firmware, PR, FIRMWARE, GObject)

/**
 * pr_firmware_new:
 * @facts: copied; an address that begins with http: becomes one with https:
 *
 * Returns: (transfer full) (nullable): %NULL when the facts make no sense, or have no digest to know the file by
 */
PrFirmware *pr_firmware_new (const PrFirmwareFacts *facts);

const PrFirmwareFacts *pr_firmware_get_facts (PrFirmware *self);
const char *pr_firmware_get_file_name (PrFirmware *self); /* the last part of its address: a safe name for a file */

/* (transfer full): @self where it knows something, else what @other knows. They must be of the same build. */
PrFirmware *pr_firmware_merge (PrFirmware *self, PrFirmware *other);

/* Newest first; of equal versions the one with the later build. For g_ptr_array_sort_values(). */
int pr_firmware_compare (gconstpointer a, gconstpointer b);
