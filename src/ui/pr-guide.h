/* One page of help: what was found, how phone and data stand, and what to do, step by step.
 *
 * The words are in data/guides/<id>.blp; the id of a guide for a failure is the nick of its PrError. GtkBuilder fills
 * it, which needs no display, and nothing changes it afterwards. Main thread only.
 *
 * Properties: "id" (set by the loader); "title", "summary", "heading" (over the steps; may be missing) and "keywords"
 * (what people may search for, between spaces), all translated; "numbers" (the error numbers that this is the page of,
 * between spaces; a number that other pages only mention is among their keywords); "ranges" (families of numbers that
 * are not listed one by one, "3100-3999", between spaces); "drawing" (name of an icon); "topic"; "unordered" (the steps
 * are ways to choose from, and are not numbered); "live" (what the link does now is worth seeing beside it); "steps"
 * (GListModel of PrGuideStep).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "pr-guide-step.h"

/* In the order in which they are listed. */
typedef enum {
    PR_GUIDE_TOPIC_HOW_TO,
    PR_GUIDE_TOPIC_CONNECTION,
    PR_GUIDE_TOPIC_TRUST,
    PR_GUIDE_TOPIC_SYSTEM_FILE,
    PR_GUIDE_TOPIC_WORK,
} PrGuideTopic;

#define PR_GUIDE_N_TOPICS (PR_GUIDE_TOPIC_WORK + 1)

#define PR_TYPE_GUIDE (pr_guide_get_type ())
G_DECLARE_FINAL_TYPE (PrGuide, pr_guide, PR, GUIDE, GObject)

/**
 * pr_guide_load:
 * @id: the name of a file in data/guides/, without ".blp"
 *
 * Returns: (transfer full) (nullable): the guide in the person's language; %NULL when there is none of that name
 */
PrGuide *pr_guide_load (const char *id);

/* (transfer full): every guide, by topic, and by title within a topic. */
GListModel *pr_guide_list_all (void);

const char *pr_guide_get_id (PrGuide *self);
const char *pr_guide_get_title (PrGuide *self);
const char *pr_guide_get_summary (PrGuide *self);
const char *pr_guide_get_heading (PrGuide *self);  /* (nullable) */
const char *pr_guide_get_keywords (PrGuide *self); /* (nullable) */
const char *pr_guide_get_numbers (PrGuide *self);  /* (nullable) */
const char *pr_guide_get_ranges (PrGuide *self);   /* (nullable) */
const char *pr_guide_get_drawing (PrGuide *self);
PrGuideTopic pr_guide_get_topic (PrGuide *self);
gboolean pr_guide_get_unordered (PrGuide *self);
gboolean pr_guide_get_live (PrGuide *self);
GListModel *pr_guide_get_steps (PrGuide *self);
