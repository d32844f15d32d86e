/* Which process is it, and end it with everything below it. Plain C: shared with the supervisor. Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* When did it start, in clock ticks since the computer did? With the number it names one process for good; 0: gone.
 * Source: proc_pid_stat(5), field 22. */
uint64_t pr_process_start_time (pid_t pid);

/* Signals @pid only if it is still the process that started at @start_time. Returns whether it was. */
bool pr_process_signal (pid_t pid, uint64_t start_time, int number);

/**
 * pr_process_end_children:
 * @seconds: at most that long
 * @leader: a child whose end the caller wants to know of, or 0
 * @status: (out): set to the wait status of @leader if it is seen here
 *
 * Kills every process below the caller, also those that left their group or session: needs PR_SET_CHILD_SUBREAPER, by
 * which orphans become children of the caller. Returns whether none is left.
 */
bool pr_process_end_children (double seconds, pid_t leader, int *status);
