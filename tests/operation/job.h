/* For tests that run an operation as the window does, without a window.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "desk.h"
#include "pr-plan.h"

/* What a job can end with, beside the codes of PrError. */
#define JOB_DONE (-1)
#define JOB_CANCELLED (-2)

/* Turns the main loop until @operation is over; it must be within @seconds. Returns: how it ended */
int job_wait (PrOperation *operation, double seconds);

/* (transfer full): those of the virtual phone */
PrServers *job_make_servers (PrTestPhone *virtual);

/* Starts @operation (transfer full), and checks that it ends with @expected within @seconds. */
void job_run (PrOperation *operation, int expected, double seconds);

/* Takes @plan, and waits until its looks have ended too. */
void job_end_plan (PrPlan *plan);
/* Returns: (transfer none) (nullable): the plan's check of this kind */
PrCheck *job_find_check (PrPlan *plan, PrCheckKind kind);
/* What a person does who accepts whatever can be accepted, and goes on. */
void job_accept_all (PrPlan *plan);
/* Is every check of the plan? */
gboolean job_is_settled (PrPlan *plan);

/* (transfer none): the virtual phone, once it has told what it tells everybody */
PrPhone *job_expect_phone (Desk *desk);
/* (transfer full): one of the test's own, about which all is known and good that an erase asks for */
PrPhone *job_make_phone_to_erase (guint64 ecid);

/* For walks. Returns: which of @n steps comes next; @often, @stride bytes apart, is how many of a thousand each gets */
guint job_choose (const int *often, gsize stride, guint n);

/* Turns the main loop until @operation is in @step. */
void job_wait_step (PrOperation *operation, guint step, double seconds);

/* pr_usb_watch_call() in a thread of its own, with 10 s. Returns: -1, or the code of its PrError */
int job_call_usb (PrUsbWatch *usb, const char *command);
