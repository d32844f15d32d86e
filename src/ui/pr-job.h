/* One operation as the window has it: keeps the computer awake while it runs, tells by a notification how it ended.
 *
 * PrOperation cannot do this, since it has no GTK; PrWindow would be two things in one.
 *
 * Signal: "over". Main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"
#include "pr-reinstall.h"

#include <adwaita.h>

#define PR_TYPE_JOB (pr_job_get_type ())
G_DECLARE_FINAL_TYPE (PrJob, pr_job, PR, JOB, GObject)

/**
 * pr_job_new:
 * @title: of the phone, as it was called when the job began
 * @version: (nullable): the system version that is to be installed
 * @window: (transfer none): outlives the job
 */
PrJob *pr_job_new (PrOperation *operation, PrGoal goal, const char *title, const char *version, GtkWindow *window);
/* Keeps the program alive until it is over. */
void pr_job_start (PrJob *self);
/* Did the session promise not to sleep and not to log out? */
gboolean pr_job_is_awake (PrJob *self);
gboolean pr_job_is_over (PrJob *self);
PrOperation *pr_job_get_operation (PrJob *self);
PrPhone *pr_job_get_phone (PrJob *self);
PrGoal pr_job_get_goal (PrJob *self);
const char *pr_job_get_title (PrJob *self);
const char *pr_job_get_version (PrJob *self);
/* The person has seen how it ended. */
void pr_job_acknowledge (PrJob *self);

#define PR_JOB_LEAVE "leave"
/* Asks whether to close the window while a job runs; the response is PR_JOB_LEAVE, or another. */
AdwDialog *pr_job_new_leave_dialog (void);
