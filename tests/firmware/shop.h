/* What the tests of firmware/ share: a virtual phone with its servers, and everything that is needed to ask them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-catalog.h"
#include "pr-error.h"
#include "pr-fetch.h"
#include "pr-test.h"

/* Seconds without a byte after which a server counts as silent: short, because tests wait for it. */
#ifdef __SANITIZE_ADDRESS__
#define SHOP_PATIENCE 5.0
#else
#define SHOP_PATIENCE 2.0
#endif

typedef struct {
    PrTestPhone *phone;
    PrWeb *web;
    PrCatalog *catalog;
    PrFirmwareFolder *folder;
    char *path; /* of a new folder; the system files are in "files" below it, the copies of lists in "copies" */
} Shop;

/* @scenario: text that is laid over the usual one. */
Shop *shop_open (const char *scenario);
/* The same of a scenario that has a name, and with another patience. */
Shop *shop_open_with (const char *scenario, double patience);
Shop *shop_open_named (const char *scenario);
void shop_close (Shop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shop, shop_close)

/* (transfer full): the newest version in the lists. Fails the test if there is none. */
PrFirmware *shop_get_newest (Shop *self);
/* (transfer full) (nullable) */
char *shop_fetch (Shop *self, PrFirmware *firmware, GError **error);
guint64 shop_get_sent (Shop *self); /* bytes of the file that the server sent so far */

/* Fails the test unless the file at @path is whole. */
void shop_assert_file (const char *path, PrFirmware *firmware);
/* How many files in the folder end in @suffix; ours included. */
guint shop_count_files (Shop *self, const char *suffix);
