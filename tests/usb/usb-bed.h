/* For the tests of phone-reset-usb and of what starts it: a test bed with phones made of sysfs attributes alone, and
 * the program as a child whose lines are read with a limit.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define BED_SERIAL "test-bed"
#define BED_ECID "001122334455667A"
#define BED_BOOT_SERIAL "CPID:8110 CPRV:11 CPFM:03 SCEP:01 BDID:18 ECID:" BED_ECID " IBFL:1D SRNM:[F17VIRTUAL01]"
#define BED_UDID "00008110" BED_ECID

typedef struct _Bed Bed;

/* @root_serial: of the root hub */
Bed *bed_new (const char *root_serial);
void bed_free (Bed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bed, bed_free)

/* @port: below bus 1, "1-1" or "1-2.4"; @serial may hold anything but a NUL; NULL for none. No event. */
void bed_add (Bed *self, const char *port, guint address, guint product, const char *serial, const char *speed);
void bed_event (Bed *self, const char *port, const char *action);
void bed_remove (Bed *self, const char *port); /* with its event */
/* Takes the device away as bed_remove() does, but nobody hears of it. */
void bed_remove_silently (Bed *self, const char *port);
/* The device at @port as it is after a change of mode that nobody saw. No event. */
void bed_change (Bed *self, const char *port, guint address, guint product, const char *serial);
/* A file of the device or interface @name, "1-1" or "1-0:1.0", and what is in it. No event. */
void bed_write (Bed *self, const char *name, const char *file, const char *content);
/* As if a program had claimed the phone at @port. No event. */
void bed_claim (Bed *self, const char *port);
/* What a child needs to see it, "NAME=value". */
const char *const *bed_environment (Bed *self);
char *bed_path (Bed *self, const char *path);

typedef struct _Helper Helper;

/* @bed: (nullable): without one it sees the real system */
Helper *helper_new (Bed *bed, const char *const *argv);
void helper_free (Helper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Helper, helper_free)
void helper_write (Helper *self, const char *line);

/* The next line within @seconds but "listed"; NULL when there is none. */
JsonObject *helper_read (Helper *self, double seconds);
/* The next line must come, and its event be this. */
JsonObject *helper_expect (Helper *self, const char *event);
/* Waits for its end, after its input was closed. */
int helper_status (Helper *self);
