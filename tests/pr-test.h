/* What the tests share: a virtual phone that is started, asked and ended; programs that are run with a limit; waiting
 * on the main loop. Everything here fails the test (g_error, with the reason) rather than return an error, unless its
 * comment says otherwise, and every wait has an end.
 *
 * For the main thread of a test program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct _PrTestPhone PrTestPhone;

/**
 * pr_test_phone_start:
 * @scenario: the name of a file in data/scenarios ("anna"), or a path ending in .ini
 *
 * Blocks until it is ready (30 s).
 *
 * Returns: (transfer full): a running virtual phone; end it with pr_test_phone_stop()
 */
PrTestPhone *pr_test_phone_start (const char *scenario);

/* Starts one of a scenario written on the spot: @text is laid over the scenario that its like= names. */
PrTestPhone *pr_test_phone_start_text (const char *text);

/* Ends it by closing its input, and checks that it ended well and left nothing. */
void pr_test_phone_stop (PrTestPhone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTestPhone, pr_test_phone_stop)

/* Its process, for a test that ends it otherwise; pr_test_phone_stop() is then not called, but _forget(). */
GSubprocess *pr_test_phone_process (PrTestPhone *self);
void pr_test_phone_forget (PrTestPhone *self);

/* (nullable): one of the variables of data/scenarios/README.md, "CONTROL"; NULL when it did not say it. */
const char *pr_test_phone_environment (PrTestPhone *self, const char *name);

/* Sets USBMUXD_SOCKET_ADDRESS for this process, for tests that call libimobiledevice themselves. */
void pr_test_phone_use (PrTestPhone *self);

/**
 * pr_test_phone_control:
 * @line: what to say to its control socket; a printf format
 *
 * Returns: (transfer full): the JSON object that it answered (10 s)
 */
JsonObject *pr_test_phone_control (PrTestPhone *self, const char *line, ...) G_GNUC_PRINTF (2, 3);

/* The same where the answer does not matter but for "ok", which must be true. */
void pr_test_phone_tell (PrTestPhone *self, const char *line, ...) G_GNUC_PRINTF (2, 3);

/* (transfer full): @member of its `state`, as text ("true", "3", "normal"); NULL when it is not there. */
char *pr_test_phone_state (PrTestPhone *self, const char *member);

/* Waits until @member of its `state` is @value. Returns: whether that came within @seconds. */
gboolean pr_test_phone_wait_state (PrTestPhone *self, const char *member, const char *value, double seconds);

/**
 * pr_test_phone_log_count:
 * @event: of a log line
 * @...: pairs of key and value that the line must have, NULL-terminated
 *
 * Returns: how many such lines its log has so far
 */
guint pr_test_phone_log_count (PrTestPhone *self, const char *event, ...) G_GNUC_NULL_TERMINATED;
#define pr_test_phone_log_has(...) (pr_test_phone_log_count (__VA_ARGS__) > 0)

/**
 * pr_test_run:
 * @argv: program and arguments, NULL-terminated
 * @environment: (nullable): "NAME=value" to add, NULL-terminated
 * @seconds: its limit; past it, it is killed and -1 returned
 * @output: (out) (optional) (transfer full): what it wrote on standard output
 * @errors: (out) (optional) (transfer full): what it wrote on standard error
 *
 * Its standard input is empty.
 *
 * Returns: its exit status; 128 + signal when a signal ended it
 */
int pr_test_run (const char *const *argv, const char *const *environment, double seconds, char **output, char **errors);

/* pr_test_run() of a command that speaks to @phone over usbmuxd: USBMUXD_SOCKET_ADDRESS is set; 30 s. @command is
 * split at spaces. */
int pr_test_phone_run (PrTestPhone *phone, const char *command, char **output, char **errors);

/* Turns the default main context until @condition (@data) is TRUE. Returns: whether it became so in @seconds. */
typedef gboolean (*PrTestCondition) (gpointer data);
gboolean pr_test_run_until (PrTestCondition condition, gpointer data, double seconds);

/* (transfer full): a new empty folder; pr_test_remove_folder() removes it with all that is in it. */
char *pr_test_make_folder (void);
void pr_test_remove_folder (const char *path);

/* For phones that are started from now on and whose servers are left in the middle of an answer: glib-networking
 * forgets the error of a write to a client that has gone, so leaks are looked for in this process alone. */
void pr_test_ignore_leaks_of_phone (void);
