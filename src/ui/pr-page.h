/* Base of the wizard's pages: what each has of the plan, and where the keyboard is when it is shown.
 *
 * A page reads and writes the plan; it never pushes another page. When its question is answered it says so with
 * pr_page_answered(), and the window shows the page of the next question. Main thread only.
 *
 * Properties: "plan" (PrPlan, construct only), "start" (GtkWidget: has the focus when the page was shown).
 * Signal: "answered".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_PAGE (pr_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (PrPage, pr_page, PR, PAGE, AdwNavigationPage)

struct _PrPageClass {
    AdwNavigationPageClass parent_class;
    /* The guide for F1 on this page; NULL for the list of all. */
    const char *(*get_guide) (PrPage *self);
    /* It answers no question of the plan: one reads, and comes back from it to where one was. */
    gboolean is_aside;
};

PrPlan *pr_page_get_plan (PrPage *self);
/* (nullable): id of the guide that explains what is on the page now */
const char *pr_page_get_guide (PrPage *self);
/* @page: (nullable) */
gboolean pr_page_is_aside (AdwNavigationPage *page);
void pr_page_answered (PrPage *self);
/**
 * pr_page_follow_phone:
 * @signal: of PrPhone: "notify", or "notify::mode"
 * @callback: gets the page as its first argument
 *
 * From now on @callback is called at every such signal of the plan's phone, and when the plan has another one, or none.
 */
void pr_page_follow_phone (PrPage *self, const char *signal, GCallback callback);
/* Has a screen reader say @text, without moving anything. */
void pr_page_announce (PrPage *self, const char *text);
