/* One thing to do in a guide. Filled by GtkBuilder from data/guides/, and not changed afterwards.
 *
 * Properties: "title" and "text" (for people, translated); "command" (not translated: what can be copied to a terminal,
 * one command a line); "systems" (not translated: whom each of these lines is for, line by line); "guide" (the id of
 * the guide that goes on from here); "drawing" (the name of an icon: what the phone looks like then, or where to press;
 * it shows what the words say, and nothing that they do not). All but the title may be missing. Main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#define PR_TYPE_GUIDE_STEP (pr_guide_step_get_type ())
G_DECLARE_FINAL_TYPE (PrGuideStep, pr_guide_step, PR, GUIDE_STEP, GObject)

const char *pr_guide_step_get_title (PrGuideStep *self);
const char *pr_guide_step_get_text (PrGuideStep *self);    /* (nullable) */
const char *pr_guide_step_get_command (PrGuideStep *self); /* (nullable) */
const char *pr_guide_step_get_systems (PrGuideStep *self); /* (nullable) */
/* @system: (nullable): whom @command is for */
typedef void (*PrGuideCommandFunc) (const char *command, const char *system, gpointer data);

/* Calls @func for each line of "command", with its line of "systems". */
void pr_guide_step_foreach_command (PrGuideStep *self, PrGuideCommandFunc func, gpointer data);
const char *pr_guide_step_get_guide (PrGuideStep *self);   /* (nullable) */
const char *pr_guide_step_get_drawing (PrGuideStep *self); /* (nullable) */
