/* The control socket: a person, or a test, says what happens to the phone, and asks how it is. The lines are in
 * data/scenarios/README.md.
 *
 * Lives on the main loop.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

typedef struct _PrVirtualControl PrVirtualControl;

/* What lines mean to the rest of the program; on the main loop. */
typedef struct {
    void (*quit) (gpointer data);
    void (*describe) (JsonObject *state, gpointer data); /* adds to `state` */
    void (*trust) (gboolean yes, gpointer data);         /* the person's tap */
    void (*faults_changed) (gpointer data);
    gpointer data;
} PrVirtualControlHooks;

/* Listens at FOLDER/control. */
PrVirtualControl *pr_virtual_control_new (PrVirtualPhone *phone, const PrVirtualControlHooks *hooks, GError **error);
void pr_virtual_control_free (PrVirtualControl *self);
