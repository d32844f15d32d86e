/* The real tools, run beside a test that goes on: in a private folder, with what the virtual phone says they need.
 *
 * For the main thread. A tool that does not do what it should fails the test here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-test.h"

#define BED_UDID "00008110-001122334455667A" /* of the phone in data/scenarios/anna.ini */
#define BED_ECID "0x001122334455667A"

typedef struct _Tool Tool;

/**
 * tool_start:
 * @command: split at spaces
 *
 * Under the umockdev preload, so that it sees the phone's USB bus, and with the phone's usbmuxd.
 *
 * Returns: (transfer full): the tool, running
 */
Tool *tool_start (PrTestPhone *phone, const char *command);

/**
 * restore_start:
 * @options: beside those that every run of ours has: which phone, which signing server, no questions, plain progress
 *
 * idevicerestore with the system that was made for @phone; with PR_TEST_IDEVICERESTORE set, that program instead.
 */
Tool *restore_start (PrTestPhone *phone, const char *options);
/* The same of the system file @ipsw. */
Tool *restore_start_file (PrTestPhone *phone, const char *options, const char *ipsw);
/* (transfer full): where the system made for @phone is. */
char *bed_find_system (PrTestPhone *phone);

/* Waits for its end. Returns: its exit status, 128 + signal, or -1 when it was killed because @seconds had passed. */
int tool_wait (Tool *self, double seconds);
/* What it has said so far on both streams; output is the tool's to hold back until it ends. Valid until the next call.
 */
const char *tool_said (Tool *self);
/* tool_wait() must give @status, and then it must have said @text. */
void tool_expect (Tool *self, double seconds, int status, const char *text);
/* Waits until it has said @text. */
void tool_wait_said (Tool *self, const char *text, double seconds);
gboolean tool_is_running (Tool *self);
/* (transfer none): a file in its folder. */
const char *tool_folder (Tool *self);
/* Kills it when it still runs. */
void tool_free (Tool *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tool, tool_free)

/* @member of the phone's state must become @value within @seconds. */
void bed_expect_state (PrTestPhone *phone, const char *member, const char *value, double seconds);
/* The phone's log must get a line with @event within @seconds. */
void bed_wait_log (PrTestPhone *phone, const char *event, double seconds);
