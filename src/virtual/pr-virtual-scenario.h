/* Scenario files: which phone it is, and what goes wrong when. The format is in data/scenarios/README.md.
 *
 * Main thread only; nothing is kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

/* The range of ECIDs that no phone of Apple has, or at least none that this project will ever meet: guard rail 11
 * refuses every other one while a demonstration runs. */
#define PR_VIRTUAL_FIRST_ECID G_GUINT64_CONSTANT (0x0011223344550000)
#define PR_VIRTUAL_LAST_ECID G_GUINT64_CONSTANT (0x001122334455FFFF)

/**
 * pr_virtual_scenario_load:
 * @name: the name of an installed scenario ("anna"), or a path of a file
 *
 * A scenario that says `like=OTHER` in [scenario] begins as OTHER.ini beside it; an empty value takes a key away (but
 * a fault without an argument has one).
 *
 * Returns: (transfer full): the scenario; %NULL with @error
 */
GKeyFile *pr_virtual_scenario_load (const char *name, GError **error);

/**
 * pr_virtual_scenario_identify:
 * @identity: (out): its strings are interned
 *
 * Fills in what [phone] leaves out, by the model.
 *
 * Returns: %FALSE with @error for an unknown model or an ECID outside the range
 */
gboolean pr_virtual_scenario_identify (GKeyFile *scenario, PrVirtualIdentity *identity, GError **error);
