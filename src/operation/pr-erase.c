// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-erase.h"

#include "pr-operation-phone.h"
#include "pr-services.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#define ACTION "erase"
#define FIRST_VERSION 11    /* go-ios issue 489: iOS 10 answers CommandFormatError */
#define LEAVE_SECONDS 120   /* from its consent to leaving the bus */
#define NOTICE_SECONDS 600  /* past which the cable may be out */
#define RETURN_SECONDS 3600 /* [assumed] a phone that deletes its keys is back in minutes */
#define ANSWER_SECONDS 300

struct _PrErase {
    PrOperation parent_instance;

    gboolean hand_over;
    gboolean keep_plan;
    PrConfirmation *confirmation; /* owned */
    PrAnswer supervised;          /* as it was read before */
    PrVerdict verdict;            /* the worker's, until it is over */
    PrHandover *before;           /* owned: who it was */
};

enum { ASK, LEAVE, RETURN, LOOK };

static const PrStep steps[] = {
    [ASK] = { N_ ("Asking the Phone"), N_ ("Nothing is erased yet. Keep it unlocked."), "pr-state-normal-symbolic", 2,
              5 },
    [LEAVE] = { N_ ("Beginning to Erase"), N_ ("Its screen turns black."), "pr-phone-%s-symbolic", 8, 15 },
    [RETURN] = { N_ ("Erasing"), N_ ("The phone shows a logo and a bar. Leave it plugged in until it greets you."),
                 "pr-progress-symbolic", 80, 180 },
    [LOOK] = { N_ ("Checking That It Is Empty"), N_ ("The phone greets its new owner."), "pr-phone-%s-symbolic", 10,
               20 },
};

G_DEFINE_FINAL_TYPE (PrErase, pr_erase, PR_TYPE_OPERATION)

/* Guard rail 4, right before: it may have been turned on since it was looked at. */
static gboolean
check_find_my (PrErase *self, GCancellable *cancellable, GError **error)
{
    PrAnswer find_my = PR_ANSWER_UNKNOWN;

    if (!pr_services_read_find_my (pr_operation_get_udid (PR_OPERATION (self)), &find_my, cancellable, error))
        return FALSE;
    self->verdict.good[PR_VERDICT_FIND_MY] = pr_verdict_invert (find_my);
    if (!self->hand_over || find_my != PR_ANSWER_YES)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_FIND_MY_ON, "IsAssociated is true");
    return FALSE;
}

static gboolean
ask (PrErase *self, GCancellable *cancellable, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);

    if (!check_find_my (self, cancellable, error) ||
        !pr_operation_check_confirmed (operation, self->confirmation, g_get_monotonic_time (), ACTION, NULL,
                                       cancellable, error) ||
        !pr_operation_enter_zone (operation, PR_STOP_NOT, error))
        return FALSE;
    return pr_services_erase (pr_operation_get_udid (operation), self->keep_plan, NULL, error);
}

static void
note_sign (PrErase *self, PrVerdictSign sign, PrAnswer good)
{
    static const char *const answers[] = { "not told", "bad", "good" };
    g_autofree char *line = g_strdup_printf ("%s: %s", pr_verdict_get_evidence (sign), answers[good]);

    self->verdict.good[sign] = good;
    pr_operation_add_detail (PR_OPERATION (self), line);
}

/* The phone is empty by now: what it does not tell any more is no failure. */
static void
judge (PrErase *self)
{
    PrGreeting greeting = { 0 };

    pr_services_read_greeting (pr_operation_get_udid (PR_OPERATION (self)), &greeting, NULL, NULL);
    note_sign (self, PR_VERDICT_SAME_PHONE, PR_ANSWER_YES);
    note_sign (self, PR_VERDICT_EMPTY, PR_ANSWER_YES);
    note_sign (self, PR_VERDICT_FIND_MY, self->verdict.good[PR_VERDICT_FIND_MY]);
    note_sign (self, PR_VERDICT_ACTIVATION_LOCK, pr_verdict_invert (greeting.activation_lock));
    note_sign (self, PR_VERDICT_ACTIVATION, pr_verdict_invert (greeting.activated));
    note_sign (self, PR_VERDICT_SETUP, pr_verdict_invert (greeting.set_up));
    note_sign (self, PR_VERDICT_MANAGEMENT, pr_verdict_invert (self->supervised));
    self->verdict = pr_verdict_judge (self->verdict);
}

/* What it says of itself is no proof: that it knows this computer no more is. */
static gboolean
look (PrErase *self, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);
    PrAnswer erased = PR_ANSWER_UNKNOWN;

    pr_operation_enter_step (operation, LOOK);
    if (!pr_operation_await_answer (operation, ANSWER_SECONDS, NULL, error) ||
        !pr_services_read_erased (pr_operation_get_udid (operation), &erased, NULL, error))
        return FALSE;
    if (erased == PR_ANSWER_YES) {
        judge (self);
        return TRUE;
    }
    g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_ERASED, "it still trusts this computer, or is locked");
    return FALSE;
}

static gboolean
pr_erase_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrErase *self = PR_ERASE (operation);
    guint changes = pr_phone_peek_changes (pr_operation_get_phone (operation));

    if (!ask (self, cancellable, error))
        return FALSE;
    pr_operation_enter_step (operation, LEAVE);
    if (!pr_operation_await_leaving (operation, changes, LEAVE_SECONDS, PR_ERROR_ERASE_NOT_STARTED, NULL, error))
        return FALSE;
    pr_operation_enter_step (operation, RETURN);
    return pr_operation_await_return (operation, NOTICE_SECONDS, RETURN_SECONDS, PR_ERROR_ERASE_UNSEEN, NULL, error) &&
           look (self, error);
}

gboolean
pr_erase_is_known_to (const char *version)
{
    return version && atoi (version) >= FIRST_VERSION;
}

static gboolean
pr_erase_prepare (PrOperation *operation, GError **error)
{
    PrPhone *phone = pr_operation_get_phone (operation);
    const char *version = pr_phone_get_version (phone);

    if (!pr_operation_check_normal (operation, error))
        return FALSE;
    PR_ERASE (operation)->supervised = pr_phone_get_supervised (phone);
    g_clear_pointer (&PR_ERASE (operation)->before, pr_handover_free);
    PR_ERASE (operation)->before = pr_handover_new (phone);
    if (pr_erase_is_known_to (version))
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_ERASE_REFUSED, "system %s knows no such request", version ? version : "?");
    return FALSE;
}

static void
pr_erase_finalize (GObject *object)
{
    g_clear_pointer (&PR_ERASE (object)->confirmation, pr_confirmation_unref);
    g_clear_pointer (&PR_ERASE (object)->before, pr_handover_free);
    G_OBJECT_CLASS (pr_erase_parent_class)->finalize (object);
}

static void
pr_erase_class_init (PrEraseClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_erase_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->prepare = pr_erase_prepare;
    operation_class->run = pr_erase_run;
}

static void
pr_erase_init (PrErase *self)
{
}

PrOperation *
pr_erase_new (PrPhone *phone, gboolean hand_over, gboolean keep_plan, PrConfirmation *confirmation)
{
    PrErase *self = g_object_new (PR_TYPE_ERASE, "phone", phone, NULL);

    self->hand_over = hand_over;
    self->keep_plan = keep_plan;
    self->confirmation = confirmation ? pr_confirmation_ref (confirmation) : NULL;
    return PR_OPERATION (self);
}

gboolean
pr_erase_get_hand_over (PrErase *self)
{
    return self->hand_over;
}

gboolean
pr_erase_get_keep_plan (PrErase *self)
{
    return self->keep_plan;
}

const PrVerdict *
pr_erase_get_verdict (PrErase *self)
{
    return &self->verdict;
}

PrHandover *
pr_erase_create_handover (PrErase *self)
{
    PrHandover *handover = pr_handover_copy (self->before);

    pr_handover_note_erased (handover, pr_operation_get_phone (PR_OPERATION (self)), self->keep_plan, &self->verdict);
    return handover;
}
