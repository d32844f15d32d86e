// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-worker.h"

#include "pr-lockdown.h"

#define PATIENCE 120 /* seconds that a person has to answer */
#define PAUSE 1      /* seconds between two questions */

struct _PrWorker {
    gatomicrefcount references; /* the owner's and the thread's */
    char *udid;
    GCancellable *cancellable;

    /* main thread only */
    PrWorkerFunc func; /* NULL once dropped */
    gpointer data;
};

/* On its way from the thread to the main loop. */
typedef struct {
    PrWorker *worker;
    PrFacts *facts;
    gboolean over;
    gboolean answered;
} Message;

static void
unref (PrWorker *self)
{
    if (!g_atomic_ref_count_dec (&self->references))
        return;
    g_object_unref (self->cancellable);
    g_free (self->udid);
    g_free (self);
}

static PrWorker *
ref (PrWorker *self)
{
    g_atomic_ref_count_inc (&self->references);
    return self;
}

static gboolean
deliver_cb (gpointer user_data)
{
    Message *message = user_data;
    PrWorker *worker = message->worker;

    if (worker->func != NULL)
        worker->func (message->facts, message->over, message->answered, worker->data);
    return G_SOURCE_REMOVE;
}

static void
free_message (gpointer data)
{
    Message *message = data;

    g_clear_pointer (&message->facts, pr_facts_free);
    unref (message->worker);
    g_free (message);
}

static void
post (PrWorker *self, PrFacts *facts, gboolean over, gboolean answered)
{
    Message *message = g_new (Message, 1);

    *message = (Message) { ref (self), facts, over, answered };
    g_idle_add_full (G_PRIORITY_DEFAULT, deliver_cb, message, free_message);
}

static void
learnt_cb (PrFacts *facts, gpointer user_data)
{
    post (user_data, facts, FALSE, FALSE);
}

static gpointer
read_in_thread (gpointer data)
{
    PrWorker *self = data;
    gboolean answered = pr_facts_read (self->udid, learnt_cb, self, self->cancellable, NULL);

    post (self, NULL, TRUE, answered);
    unref (self);
    return NULL;
}

static void
tell_trust (PrWorker *self, PrTrust trust)
{
    PrFacts *facts = g_new0 (PrFacts, 1);

    facts->part = PR_FACTS_TRUST;
    facts->trust = trust;
    post (self, facts, FALSE, FALSE);
}

static gboolean
offer (PrWorker *self, PrPairing **pairing, GError **error)
{
    g_autoptr (PrLockdown) lockdown = pr_lockdown_open (self->udid, self->cancellable, error);

    if (lockdown == NULL)
        return FALSE;
    if (*pairing == NULL)
        *pairing = pr_lockdown_prepare_pairing (lockdown, self->cancellable, error);
    return *pairing != NULL && pr_lockdown_pair (lockdown, *pairing, self->cancellable, error);
}

/* Whether it is worth to ask again. */
static gboolean
is_open (PrTrust trust)
{
    return trust == PR_TRUST_WAITING || trust == PR_TRUST_LOCKED;
}

/* Sleeps, but not past a cancellation. */
static void
pause_for (PrWorker *self, int seconds)
{
    GPollFD poll;

    if (!g_cancellable_make_pollfd (self->cancellable, &poll)) {
        g_usleep (seconds * G_USEC_PER_SEC);
        return;
    }
    g_poll (&poll, 1, seconds * 1000);
    g_cancellable_release_fd (self->cancellable);
}

static gboolean
ask (PrWorker *self)
{
    gint64 deadline = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
    g_autoptr (PrPairing) pairing = NULL;

    while (g_get_monotonic_time () < deadline && !g_cancellable_is_cancelled (self->cancellable)) {
        g_autoptr (GError) error = NULL;
        PrTrust trust;

        if (offer (self, &pairing, &error)) {
            tell_trust (self, PR_TRUST_TRUSTED);
            return TRUE;
        }
        trust = pr_facts_judge_trust (error);
        if (trust == PR_TRUST_UNKNOWN)
            return FALSE;
        tell_trust (self, trust);
        if (!is_open (trust))
            return TRUE;
        pause_for (self, PAUSE);
    }
    tell_trust (self, PR_TRUST_NEVER);
    return TRUE;
}

static gpointer
ask_in_thread (gpointer data)
{
    PrWorker *self = data;
    gboolean answered = ask (self);

    post (self, NULL, TRUE, answered);
    unref (self);
    return NULL;
}

static PrWorker *
start (const char *name, GThreadFunc thread, const char *udid, PrWorkerFunc func, gpointer data)
{
    PrWorker *self = g_new0 (PrWorker, 1);

    g_atomic_ref_count_init (&self->references);
    self->udid = g_strdup (udid);
    self->cancellable = g_cancellable_new ();
    self->func = func;
    self->data = data;
    g_thread_unref (g_thread_new (name, thread, ref (self)));
    return self;
}

PrWorker *
pr_worker_start_reading (const char *udid, PrWorkerFunc func, gpointer data)
{
    return start ("read-phone", read_in_thread, udid, func, data);
}

PrWorker *
pr_worker_start_asking (const char *udid, PrWorkerFunc func, gpointer data)
{
    return start ("ask-for-trust", ask_in_thread, udid, func, data);
}

void
pr_worker_drop (PrWorker *self)
{
    self->func = NULL;
    g_cancellable_cancel (self->cancellable);
    unref (self);
}
