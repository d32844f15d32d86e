// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-reinstall.h"

#include "config.h"
#include "pr-kept-pairing.h"
#include "pr-operation-phone.h"
#include "pr-recovery-mode.h"
#include "pr-restore-tool.h"
#include "pr-system-file.h"

#include <glib/gi18n.h>

#define POLL_SECONDS 0.1
#define HOLD_SECONDS 5
#define LOST_SECONDS 5    /* away this long where no change of mode is under way: the cable is out */
#define NOTICE_SECONDS 4  /* away this long in a change of mode: say so, the tool's own limit decides */
#define SETTLE_SECONDS 30 /* after a stop: until the phone shows itself in recovery mode again */
#define RETURN_SECONDS 300
#define RETRY_WITHIN (10 * 60 * G_USEC_PER_SEC)
#define FOLLOWED_RETURN_SECONDS 20 /* its phone may have been taken away long ago */

struct _PrReinstall {
    PrOperation parent_instance;
    /* owned */
    PrUsbWatch *usb;
    PrConfirmation *confirmation;
    PrRestoreTool *tool; /* set at once when following a run that was left behind */
    char *file;
    PrServers *servers;
    char *folder;
    GStrv environment;
    char *product_type;
    char *board;
    char *version;
    char *title;

    int status; /* the phone's; the worker's until it has ended */
    gint64 ended;
    gboolean retry;   /* it is one */
    gboolean retried; /* there was one */
    gboolean keep_data;
    gboolean followed; /* an earlier start of the app began it */
    gboolean from_normal;
    gboolean trusted;
    gboolean holding; /* phone-reset-usb is asked to stay away, which is counted for all operations */
};

enum { CHECK_FILE, SIGN, START, PREPARE, SEND, CHECK, FINISH, RETURN };

static const PrStep steps[] = {
    [CHECK_FILE] = { N_ ("Check the System File"), N_ ("The phone can lie still. Nothing on it changes yet."),
                     "pr-state-normal-symbolic", 3, 20 },
    [SIGN] = { N_ ("Ask for Permission to Install"), N_ ("Apple’s server signs this system for this very phone."),
               "pr-state-normal-symbolic", 4, 20 },
    [START] = { N_ ("Start the Installer"), N_ ("The phone restarts a few times and shows a logo."),
                "pr-state-recovery-symbolic", 13, 90 },
    [PREPARE] = { N_ ("Prepare the Storage"), N_ ("The phone shows a logo and a bar."), "pr-progress-symbolic", 10,
                  60 },
    [SEND] = { N_ ("Write the System"), N_ ("The phone shows a logo and a bar. Leave the cable in."),
               "pr-progress-symbolic", 35, 600 },
    [CHECK] = { N_ ("Check What Was Written"), N_ ("The phone shows a logo and a bar."), "pr-progress-symbolic", 13,
                240 },
    [FINISH] = { N_ ("Finish the Installation"), N_ ("The bar on the phone is nearly full."), "pr-progress-symbolic",
                 12, 240 },
    [RETURN] = { N_ ("Start the Phone"), N_ ("The phone starts by itself. The first start takes longer."),
                 "pr-progress-symbolic", 10, 120 },
};

static const guint step_of_phase[] = {
    [PR_RESTORE_PHASE_FIND] = SIGN,       [PR_RESTORE_PHASE_SIGN] = SIGN,   [PR_RESTORE_PHASE_START] = START,
    [PR_RESTORE_PHASE_PREPARE] = PREPARE, [PR_RESTORE_PHASE_SEND] = SEND,   [PR_RESTORE_PHASE_CHECK] = CHECK,
    [PR_RESTORE_PHASE_FINISH] = FINISH,   [PR_RESTORE_PHASE_DONE] = FINISH,
};

/* What following the tool needs from one look to the next. */
typedef struct {
    PrRestoreState *state; /* owned */
    PrRestoreEnd end;
    PrStop zone;
    gint64 away_since; /* monotonic; 0 while the phone is on the bus */
    gboolean lost;
} Watch;

G_DEFINE_FINAL_TYPE (PrReinstall, pr_reinstall, PR_TYPE_OPERATION)

static const char *
get_action (PrReinstall *self)
{
    return self->keep_data ? "update" : "restore";
}

/* Guard rail 2: our own reader proves what this file would do before the tool sees it. */
static gboolean
check_file (PrReinstall *self, GCancellable *cancellable, GError **error)
{
    PrSystemFileQuery query = {
        .path = self->file,
        .product_type = self->product_type,
        .board = self->board,
        .version = self->version,
        .ecid = pr_operation_get_ecid (PR_OPERATION (self)),
        .keep_data = self->keep_data,
    };

    return pr_system_file_check (&query, cancellable, error);
}

/* Guard rail 1. In recovery and DFU mode nobody can be asked: there the tool picks the phone by the ECID that it is
 * told.
 */
static gboolean
check_identity (PrReinstall *self, GCancellable *cancellable, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);
    if (self->retry)
        return pr_confirmation_check_again (self->confirmation, pr_operation_get_ecid (operation), get_action (self),
                                            self->file, error);
    if (self->from_normal)
        return pr_operation_check_confirmed (operation, self->confirmation, g_get_monotonic_time (), get_action (self),
                                             self->file, cancellable, error);
    return pr_confirmation_check (self->confirmation, pr_operation_get_ecid (operation), get_action (self), self->file,
                                  error);
}

/* Guard rail 2: no ticket reaches the tool but through the relay, which knows what was chosen. */
static GStrv
build_relay (PrReinstall *self)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

    g_strv_builder_add_many (builder, PR_LIBEXECDIR "/phone-reset-signing-relay", "--board", self->board, "--file",
                             self->file, "--ecid", NULL);
    g_strv_builder_take (builder, g_strdup_printf ("%" G_GUINT64_FORMAT, pr_operation_get_ecid (PR_OPERATION (self))));
    if (self->keep_data)
        g_strv_builder_add (builder, "--keep-data");
    if (self->folder)
        g_strv_builder_add_many (builder, "--folder", self->folder, NULL);
    if (self->servers->signing)
        g_strv_builder_add_many (builder, "--server", self->servers->signing, NULL);
    if (self->servers->authority)
        g_strv_builder_add_many (builder, "--authority", self->servers->authority, NULL);
    return g_strv_builder_end (builder);
}

static gboolean
start_tool (PrReinstall *self, GCancellable *cancellable, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);
    PrRestoreRequest request = {
        .ecid = pr_operation_get_ecid (operation),
        .ipsw = self->file,
        .keep_data = self->keep_data,
        .title = self->title,
        .environment = (const char *const *) self->environment,
    };
    g_auto (GStrv) relay = NULL;

    if (!check_file (self, cancellable, error))
        return FALSE;
    pr_operation_enter_step (operation, SIGN);
    if (self->from_normal && self->trusted)
        pr_kept_pairing_save (request.ecid, pr_operation_get_udid (operation));
    if (!check_identity (self, cancellable, error))
        return FALSE;
    relay = build_relay (self);
    request.relay = (const char *const *) relay;
    self->tool = pr_restore_tool_start (&request, error);
    return self->tool != NULL;
}

/* Guard rail 7: which zone of Stop is the run in? */
static PrStop
get_zone (PrReinstall *self, const PrRestoreState *state)
{
    if (state->past_return)
        return PR_STOP_END_ANYWAY;
    if (state->entering_recovery || state->phase >= PR_RESTORE_PHASE_START)
        return PR_STOP_THEN_RECOVERY;
    return PR_STOP_AT_ONCE;
}

static gboolean
is_changing_mode (const Watch *watch)
{
    const PrRestoreState *state = watch->state;

    return state->finished ||
           (!state->past_return && (state->entering_recovery || state->phase == PR_RESTORE_PHASE_START));
}

/* Is the phone where the run cannot go on? Off the bus, or, once its system is being written, back in a mode in which
 * the tool does not look for it any more. Normal mode does not count: on the bus it looks like restore mode until the
 * phone has said which it is. */
static gboolean
is_away (PrReinstall *self, const Watch *watch)
{
    guint away = 1u << PR_PHONE_MODE_GONE;

    if (watch->state->past_return && !watch->state->finished)
        away |= 1u << PR_PHONE_MODE_RECOVERY | 1u << PR_PHONE_MODE_DFU;
    return away & (1u << pr_phone_peek_mode (pr_operation_get_phone (PR_OPERATION (self))));
}

/* Guard rail 6: a phone that left the bus where it should be there ends the run; silence alone never does. */
static void
watch_link (PrReinstall *self, Watch *watch)
{
    PrOperation *operation = PR_OPERATION (self);
    double away;

    if (!is_away (self, watch)) {
        watch->away_since = 0;
        pr_operation_set_note (operation, watch->state->wants_passcode ? PR_NOTE_PASSCODE : PR_NOTE_NONE);
        return;
    }
    if (watch->away_since == 0)
        watch->away_since = g_get_monotonic_time ();
    away = (g_get_monotonic_time () - watch->away_since) / (double) G_USEC_PER_SEC;
    if (!is_changing_mode (watch))
        watch->lost = away > LOST_SECONDS;
    else if (away > NOTICE_SECONDS && !watch->state->finished)
        pr_operation_set_note (operation, PR_NOTE_UNPLUGGED);
}

static void
show_state (PrReinstall *self, const PrRestoreState *state)
{
    PrOperation *operation = PR_OPERATION (self);
    g_autoptr (GPtrArray) lines = pr_restore_tool_take_lines (self->tool);

    for (guint i = 0; i < lines->len; i++)
        pr_operation_add_detail (operation, lines->pdata[i]);
    pr_operation_enter_step (operation, step_of_phase[state->phase]);
    if (state->fraction >= 0)
        pr_operation_report (operation, state->fraction);
}

/* Why the run has to be ended by us, if it has to. */
static gboolean
check_run (PrReinstall *self, Watch *watch, GCancellable *cancellable, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);
    PrStop zone = get_zone (self, watch->state);

    if (self->keep_data && watch->state->erases) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_WOULD_ERASE, "the tool said that it will erase");
        return FALSE;
    }
    if (pr_operation_ended_anyway (operation)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_ENDED_EARLY, "the person ended it");
        return FALSE;
    }
    if (zone != watch->zone && !pr_operation_enter_zone (operation, zone, error))
        return FALSE;
    watch->zone = zone;
    if (zone != PR_STOP_END_ANYWAY && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    return !watch->lost || pr_restore_tool_judge (watch->state, &watch->end, TRUE, error);
}

/* Follows the tool to its end, or to the point where we have to end it. */
static gboolean
follow (PrReinstall *self, Watch *watch, GCancellable *cancellable, GError **error)
{
    while (!watch->end.ended) {
        if (pr_restore_tool_next (self->tool, watch->state, &watch->end, POLL_SECONDS))
            show_state (self, watch->state);
        watch_link (self, watch);
        if (!check_run (self, watch, cancellable, error)) {
            pr_restore_tool_kill (self->tool);
            return FALSE;
        }
    }
    return pr_restore_tool_judge (watch->state, &watch->end, FALSE, error);
}

/* Once for what was held: an operation on another phone may hold too. */
static void
release (PrReinstall *self)
{
    g_autoptr (GError) ignored = NULL;

    if (self->holding)
        pr_usb_watch_call (self->usb, "release", 0, HOLD_SECONDS, NULL, &ignored);
    self->holding = FALSE;
}

static gboolean
bring_out (PrReinstall *self, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);

    if (!pr_operation_wait_for (operation, 1 << PR_PHONE_MODE_RECOVERY | 1 << PR_PHONE_MODE_NORMAL, SETTLE_SECONDS,
                                NULL, PR_ERROR_NO_RECOVERY_RETURN, error))
        return FALSE;
    if (pr_phone_peek_mode (pr_operation_get_phone (operation)) == PR_PHONE_MODE_NORMAL)
        return TRUE;
    return pr_leave_recovery_ask (operation, self->usb, NULL, error) &&
           pr_leave_recovery_await (operation, NULL, error);
}

/* Guard rail 8: a phone that we sent to recovery mode and then stopped is brought out of it. It may have been leaving
 * for its next boot stage just then; what it was told arrived nowhere, which libirecovery does not notice, and it is
 * told once more in the stage that it comes to. */
static gboolean
clean_up (PrReinstall *self, GError **error)
{
    g_autoptr (GError) failure = NULL;

    release (self);
    if (bring_out (self, &failure))
        return TRUE;
    if (g_error_matches (failure, PR_ERROR, PR_ERROR_BACK_IN_RECOVERY) ||
        g_error_matches (failure, PR_ERROR, PR_ERROR_UNPLUGGED))
        return bring_out (self, error);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}

/* After a stop the person reads that it was stopped, or why the phone could not be brought back. */
static void
end_stopped (PrReinstall *self, const Watch *watch, GError **error)
{
    g_autoptr (GError) failure = NULL;

    if (watch->zone != PR_STOP_THEN_RECOVERY || clean_up (self, &failure))
        return;
    g_clear_error (error);
    g_propagate_error (error, g_steal_pointer (&failure));
}

static gboolean
await_return (PrReinstall *self, GCancellable *cancellable, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);
    PrPhone *phone = pr_operation_get_phone (operation);
    guint modes = 1 << PR_PHONE_MODE_NORMAL | 1 << PR_PHONE_MODE_RECOVERY;

    pr_operation_enter_step (operation, RETURN);
    if (self->followed)
        pr_phone_wait (phone, modes, FOLLOWED_RETURN_SECONDS, cancellable, NULL);
    else if (!pr_operation_wait_for (operation, modes, RETURN_SECONDS, cancellable, PR_ERROR_NO_RESTART, error))
        return FALSE;
    if (pr_phone_peek_mode (phone) == PR_PHONE_MODE_RECOVERY) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BACK_IN_RECOVERY, "it started and came back in recovery mode");
        return FALSE;
    }
    if (self->keep_data && pr_operation_get_udid (operation))
        pr_kept_pairing_put_back (pr_operation_get_ecid (operation), pr_operation_get_udid (operation), cancellable);
    return TRUE;
}

/* While the tool has the phone, nobody else may open it: two claimants get EBUSY. A run that was left behind goes on
 * also where the helper cannot be asked. */
static gboolean
hold (PrReinstall *self, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) failure = NULL;

    self->holding = pr_usb_watch_call (self->usb, "hold", 0, HOLD_SECONDS, cancellable, &failure);
    if (self->holding || self->followed)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}

static gboolean
work (PrReinstall *self, Watch *watch, GCancellable *cancellable, GError **error)
{
    if (!self->tool && !start_tool (self, cancellable, error))
        return FALSE;
    if (!follow (self, watch, cancellable, error)) {
        if (error && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            end_stopped (self, watch, error);
        return FALSE;
    }
    return TRUE;
}

static gboolean
pr_reinstall_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrReinstall *self = PR_REINSTALL (operation);
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    Watch watch = { .state = state };
    gboolean done;

    if (!hold (self, cancellable, error))
        return FALSE;
    done = work (self, &watch, cancellable, error);
    self->status = state->apple_status;
    self->ended = g_get_monotonic_time ();
    release (self);
    return done && await_return (self, cancellable, error);
}

static gboolean
pr_reinstall_prepare (PrOperation *operation, GError **error)
{
    PrReinstall *self = PR_REINSTALL (operation);
    PrPhone *phone = pr_operation_get_phone (operation);

    if (self->followed)
        return TRUE;
    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_GONE) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_UNPLUGGED, "the phone is not connected");
        return FALSE;
    }
    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_RESTORE) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BUSY, "another program restores the phone");
        return FALSE;
    }
    if (self->retry && pr_phone_get_mode (phone) != PR_PHONE_MODE_RECOVERY) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "it is not where it was left");
        return FALSE;
    }
    if (pr_phone_get_recovery_access (phone) == PR_ACCESS_REFUSED) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_USB_PERMISSION, "recovery devices may not be opened here");
        return FALSE;
    }
    self->from_normal = pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL;
    self->trusted = pr_phone_get_trust (phone) == PR_TRUST_TRUSTED;
    self->product_type = g_strdup (pr_phone_get_product_type (phone));
    self->board = g_strdup (pr_phone_get_board (phone));
    self->version = g_strdup (pr_phone_get_version (phone));
    self->title = g_strdup (pr_phone_get_title (phone));
    return TRUE;
}

static void
pr_reinstall_acknowledge (PrOperation *operation)
{
    PrReinstall *self = PR_REINSTALL (operation);

    if (self->tool && pr_operation_is_over (operation))
        pr_restore_tool_acknowledge (self->tool);
}

static void
pr_reinstall_finalize (GObject *object)
{
    PrReinstall *self = PR_REINSTALL (object);

    g_clear_object (&self->usb);
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    g_clear_object (&self->tool);
    g_free (self->file);
    g_clear_pointer (&self->servers, pr_servers_unref);
    g_free (self->folder);
    g_strfreev (self->environment);
    g_free (self->product_type);
    g_free (self->board);
    g_free (self->version);
    g_free (self->title);
    G_OBJECT_CLASS (pr_reinstall_parent_class)->finalize (object);
}

static void
pr_reinstall_class_init (PrReinstallClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_reinstall_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->prepare = pr_reinstall_prepare;
    operation_class->run = pr_reinstall_run;
    operation_class->acknowledge = pr_reinstall_acknowledge;
}

static void
pr_reinstall_init (PrReinstall *self)
{
}

PrOperation *
pr_reinstall_new (PrPhone *phone, PrUsbWatch *usb, const PrReinstallOptions *options, PrConfirmation *confirmation)
{
    PrReinstall *self = g_object_new (PR_TYPE_REINSTALL, "phone", phone, NULL);

    self->usb = g_object_ref (usb);
    self->confirmation = confirmation ? pr_confirmation_ref (confirmation) : NULL;
    self->file = g_strdup (options->file);
    self->keep_data = options->keep_data;
    self->folder = g_strdup (options->folder);
    self->servers = options->servers ? pr_servers_ref (options->servers) : pr_servers_new (NULL);
    self->environment = g_strdupv ((GStrv) options->environment);
    return PR_OPERATION (self);
}

static PrOperation *
follow_left_run (PrPhoneList *phones, PrRestoreTool *tool)
{
    g_autoptr (PrPhone) phone = pr_phone_list_expect (phones, pr_restore_tool_get_ecid (tool));
    PrReinstall *self = g_object_new (PR_TYPE_REINSTALL, "phone", phone, NULL);

    self->usb = g_object_ref (pr_phone_list_get_usb (phones));
    self->tool = g_object_ref (tool);
    self->followed = TRUE;
    self->title = g_strdup (pr_restore_tool_get_title (tool));
    self->keep_data = pr_restore_tool_get_keep_data (tool);
    return PR_OPERATION (self);
}

GPtrArray *
pr_reinstall_list_left_runs (PrPhoneList *phones)
{
    g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();
    GPtrArray *operations = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint i = 0; i < runs->len; i++)
        g_ptr_array_add (operations, follow_left_run (phones, runs->pdata[i]));
    return operations;
}

gboolean
pr_reinstall_get_keep_data (PrReinstall *self)
{
    return self->keep_data;
}

gboolean
pr_reinstall_can_retry (PrReinstall *self)
{
    PrOperation *operation = PR_OPERATION (self);

    return pr_operation_get_state (operation) == PR_OPERATION_FAILED &&
           g_error_matches (pr_operation_get_error (operation), PR_ERROR, PR_ERROR_UNPLUGGED_IN_WORK) &&
           !pr_operation_get_link_fault (operation) && self->confirmation && !self->retry && !self->retried &&
           g_get_monotonic_time () - self->ended < RETRY_WITHIN;
}

PrOperation *
pr_reinstall_retry (PrReinstall *failed)
{
    PrReinstallOptions options = {
        .file = failed->file,
        .folder = failed->folder,
        .keep_data = failed->keep_data,
        .servers = failed->servers,
        .environment = (const char *const *) failed->environment,
    };
    PrOperation *operation;

    g_return_val_if_fail (pr_reinstall_can_retry (failed), NULL);

    operation =
        pr_reinstall_new (pr_operation_get_phone (PR_OPERATION (failed)), failed->usb, &options, failed->confirmation);
    PR_REINSTALL (operation)->retry = TRUE;
    failed->retried = TRUE;
    return operation;
}

int
pr_reinstall_get_status (PrReinstall *self)
{
    return pr_operation_is_over (PR_OPERATION (self)) ? self->status : 0;
}

const char *
pr_reinstall_get_title (PrReinstall *self)
{
    return self->title;
}
