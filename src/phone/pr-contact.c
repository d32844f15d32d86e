// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-contact.h"

#include "pr-model.h"
#include "pr-mux.h"
#include "pr-worker.h"

#define GRACE 3 /* seconds that a phone has to say who it is before it is shown with what the bus tells */
#define RETRY 2 /* seconds until a phone that is locked, or did not answer, is asked again */

/* What answers behind usbmuxd: normal and restore mode look the same on the bus. */
typedef enum {
    KIND_UNKNOWN,
    KIND_NORMAL,
    KIND_RESTORE,
} Kind;

struct _PrContact {
    PrContactFunc changed;
    gpointer data;
    PrPhone *phone;

    /* usbmuxd */
    guint device;
    Kind kind;
    gboolean guess;         /* it did not say who it is in time */
    gboolean guess_in_work; /* … and an operation was working on it then */

    /* the bus */
    char *port;
    PrPhoneMode bus_mode; /* NORMAL may be restore mode; GONE while it is not seen */

    PrWorker *reading;
    PrWorker *asking;
    gboolean read_again;
    guint grace_timer;
    guint retry_timer;
};

static void update (PrContact *self);

static void
busy_cb (PrContact *self)
{
    update (self);
}

PrContact *
pr_contact_new (PrContactFunc changed, gpointer data)
{
    PrContact *self = g_new0 (PrContact, 1);

    self->changed = changed;
    self->data = data;
    self->phone = g_object_new (PR_TYPE_PHONE, NULL);
    g_signal_connect_swapped (self->phone, "notify::busy", G_CALLBACK (busy_cb), self);
    return self;
}

static void
drop_workers (PrContact *self)
{
    g_clear_pointer (&self->reading, pr_worker_drop);
    g_clear_pointer (&self->asking, pr_worker_drop);
    self->read_again = FALSE;
    g_clear_handle_id (&self->retry_timer, g_source_remove);
}

void
pr_contact_free (PrContact *self)
{
    drop_workers (self);
    g_clear_handle_id (&self->grace_timer, g_source_remove);
    g_signal_handlers_disconnect_by_data (self->phone, self);
    g_clear_object (&self->phone);
    g_free (self->port);
    g_free (self);
}

PrPhone *
pr_contact_get_phone (PrContact *self)
{
    return self->phone;
}

guint
pr_contact_get_device (PrContact *self)
{
    return self->device;
}

gboolean
pr_contact_has_port (PrContact *self, const char *port)
{
    return self->port != NULL && g_strcmp0 (self->port, port) == 0;
}

gboolean
pr_contact_is_present (PrContact *self)
{
    return self->device != 0 || self->port != NULL;
}

gboolean
pr_contact_is_anonymous (PrContact *self)
{
    return pr_phone_get_ecid (self->phone) == 0 && pr_phone_get_udid (self->phone) == NULL;
}

/* A guess is good enough to show something, but nothing that an operation may wait for: of a phone that comes back
 * while it is worked on, only its own word counts. What was shown before the operation began stays. */
static gboolean
may_guess (PrContact *self)
{
    return self->guess && !(self->guess_in_work && pr_phone_get_busy (self->phone));
}

/* Recovery and DFU mode are seen on the bus alone; there, it knows at once. Behind usbmuxd, the phone's own word
 * counts. An old UDID says nothing of the ECID, which is waited for: the phone may be one that is known already. */
static PrPhoneMode
judge_mode (PrContact *self)
{
    gboolean is_identified = pr_phone_get_ecid (self->phone) != 0;

    if (self->bus_mode != PR_PHONE_MODE_GONE && self->bus_mode != PR_PHONE_MODE_NORMAL)
        return self->bus_mode;
    if (!pr_contact_is_present (self))
        return PR_PHONE_MODE_GONE;
    if (self->kind == KIND_RESTORE && (is_identified || may_guess (self)))
        return PR_PHONE_MODE_RESTORE;
    if ((self->kind == KIND_NORMAL && is_identified) || may_guess (self))
        return PR_PHONE_MODE_NORMAL;
    return PR_PHONE_MODE_GONE;
}

static void
update (PrContact *self)
{
    PrPhoneMode mode = judge_mode (self);

    if (mode == PR_PHONE_MODE_GONE)
        g_object_set (self->phone, "trust", PR_TRUST_UNKNOWN, "steady-since", (gint64) 0, NULL);
    else if (pr_phone_get_mode (self->phone) == PR_PHONE_MODE_GONE)
        g_object_set (self->phone, "steady-since", g_get_monotonic_time (), NULL);
    g_object_set (self->phone, "mode", mode, NULL);
    self->changed (self, self->data);
}

static void
grace_cb (gpointer user_data)
{
    PrContact *self = user_data;

    self->grace_timer = 0;
    self->guess = TRUE;
    self->guess_in_work = pr_phone_get_busy (self->phone);
    update (self);
}

static void
start_grace (PrContact *self)
{
    g_clear_handle_id (&self->grace_timer, g_source_remove);
    self->guess = FALSE;
    self->grace_timer = g_timeout_add_seconds_once (GRACE, grace_cb, self);
}

/* Whatever comes next is another start of the phone. */
static void
forget_kind (PrContact *self)
{
    drop_workers (self);
    g_clear_handle_id (&self->grace_timer, g_source_remove);
    self->kind = KIND_UNKNOWN;
    self->guess = FALSE;
    if (self->bus_mode == PR_PHONE_MODE_NORMAL)
        start_grace (self);
}

static void
retry_cb (gpointer user_data)
{
    PrContact *self = user_data;

    self->retry_timer = 0;
    pr_contact_read (self);
}

static void
retry_later (PrContact *self)
{
    if (self->retry_timer == 0)
        self->retry_timer = g_timeout_add_seconds_once (RETRY, retry_cb, self);
}

/* A reading puts no question, so it knows less than an asking that is under way, or that was refused. */
static gboolean
knows_less (PrContact *self, const PrFacts *facts)
{
    if (facts->part != PR_FACTS_IDENTITY || facts->trust == PR_TRUST_TRUSTED)
        return FALSE;
    return self->asking != NULL ||
           (facts->trust == PR_TRUST_NEVER && pr_phone_get_trust (self->phone) == PR_TRUST_REFUSED);
}

static void
learn (PrContact *self, const PrFacts *facts)
{
    PrFacts view = *facts;
    guint64 ecid = pr_facts_get_ecid (&view);

    if (facts->part == PR_FACTS_KIND)
        self->kind = facts->restored ? KIND_RESTORE : KIND_NORMAL;
    if (knows_less (self, facts))
        view.trust = pr_phone_get_trust (self->phone);
    if (ecid != 0 && pr_phone_get_ecid (self->phone) == 0)
        g_object_set (self->phone, "ecid", ecid, NULL);
    pr_facts_apply (&view, self->phone);
    update (self);
}

static void
read_cb (const PrFacts *facts, gboolean over, gboolean answered, gpointer user_data)
{
    PrContact *self = user_data;

    if (over) {
        g_clear_pointer (&self->reading, pr_worker_drop);
        if (self->read_again)
            pr_contact_read (self);
        else if (!answered || (self->asking == NULL && pr_phone_get_trust (self->phone) == PR_TRUST_LOCKED))
            retry_later (self);
        return;
    }
    learn (self, facts);
}

/* What was asked for is read anew when the phone agreed, and when it stopped to answer: then nothing is known. */
static void
asked_cb (const PrFacts *facts, gboolean over, gboolean answered, gpointer user_data)
{
    PrContact *self = user_data;

    if (!over) {
        /* trusted is said when the reading that follows has proved it */
        if (facts->trust != PR_TRUST_TRUSTED)
            g_object_set (self->phone, "trust", facts->trust, NULL);
        else
            self->read_again = TRUE;
        return;
    }
    g_clear_pointer (&self->asking, pr_worker_drop);
    if (self->read_again || !answered)
        pr_contact_read (self);
}

void
pr_contact_read (PrContact *self)
{
    const char *udid = pr_phone_get_udid (self->phone);

    if (self->device == 0 || udid == NULL)
        return;
    self->read_again = self->reading != NULL;
    g_clear_handle_id (&self->retry_timer, g_source_remove);
    if (self->reading == NULL)
        self->reading = pr_worker_start_reading (udid, read_cb, self);
}

void
pr_contact_ask_for_trust (PrContact *self)
{
    if (self->device == 0 || self->asking != NULL || pr_phone_get_mode (self->phone) != PR_PHONE_MODE_NORMAL)
        return;
    self->asking = pr_worker_start_asking (pr_phone_get_udid (self->phone), asked_cb, self);
}

void
pr_contact_attach (PrContact *self, guint device, const char *udid)
{
    guint64 ecid = pr_mux_get_ecid (udid);

    if (self->device != 0 && self->device != device)
        pr_contact_detach (self);
    self->device = device;
    g_object_set (self->phone, "udid", udid, NULL);
    if (ecid != 0)
        g_object_set (self->phone, "ecid", ecid, NULL);
    if (self->kind == KIND_UNKNOWN)
        start_grace (self);
    update (self);
    pr_contact_read (self);
}

void
pr_contact_detach (PrContact *self)
{
    self->device = 0;
    forget_kind (self);
    update (self);
}

void
pr_contact_lose_daemon (PrContact *self)
{
    self->device = 0;
    if (self->bus_mode != PR_PHONE_MODE_NORMAL) {
        pr_contact_detach (self);
        return;
    }
    drop_workers (self);
    g_object_set (self->phone, "trust", PR_TRUST_UNKNOWN, NULL);
    if (self->kind == KIND_UNKNOWN)
        start_grace (self);
    update (self);
}

static PrPhoneMode
parse_mode (const char *mode)
{
    static const struct {
        const char *name;
        PrPhoneMode mode;
    } modes[] = {
        { "normal", PR_PHONE_MODE_NORMAL }, { "recovery", PR_PHONE_MODE_RECOVERY }, { "dfu", PR_PHONE_MODE_DFU },
        { "wtf", PR_PHONE_MODE_DFU },       { "restore", PR_PHONE_MODE_RESTORE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
        if (g_strcmp0 (mode, modes[i].name) == 0)
            return modes[i].mode;
    return PR_PHONE_MODE_NORMAL;
}

static PrAccess
parse_access (const char *access)
{
    if (g_strcmp0 (access, "good") == 0)
        return PR_ACCESS_GOOD;
    return g_strcmp0 (access, "refused") == 0 ? PR_ACCESS_REFUSED : PR_ACCESS_UNKNOWN;
}

static void
set_if_known (PrPhone *phone, const char *property, const char *value)
{
    if (value != NULL)
        g_object_set (phone, property, value, NULL);
}

static void
apply_model (PrPhone *phone, const PrUsbDevice *device)
{
    const char *name = pr_model_get_name (device->product_type);

    set_if_known (phone, "board", device->board);
    set_if_known (phone, "serial", device->serial_number);
    set_if_known (phone, "model-name", name != NULL ? name : device->model_name);
    if (device->product_type != NULL)
        g_object_set (phone, "product-type", device->product_type, "family", pr_model_get_family (device->product_type),
                      NULL);
}

void
pr_contact_see (PrContact *self, const PrUsbDevice *device, guint64 ecid, const char *udid)
{
    PrPhoneMode mode = parse_mode (device->mode);
    gboolean is_new;

    if (self->bus_mode != PR_PHONE_MODE_GONE && mode != self->bus_mode)
        pr_contact_unsee (self);
    is_new = self->port == NULL;
    g_free (self->port);
    self->port = g_strdup (device->port);
    self->bus_mode = mode;
    if (ecid != 0)
        g_object_set (self->phone, "ecid", ecid, NULL);
    set_if_known (self->phone, "udid", udid);
    g_object_set (self->phone, "port", device->port, "speed", MAX (device->speed, 0), "hub-depth",
                  MAX (device->hub_depth, -1), "recovery-access", parse_access (device->access), NULL);
    apply_model (self->phone, device);
    if (is_new && mode == PR_PHONE_MODE_NORMAL && self->device == 0)
        start_grace (self);
    update (self);
}

/* usbmuxd says itself when the phone leaves it, at times a little later. */
void
pr_contact_unsee (PrContact *self)
{
    g_clear_pointer (&self->port, g_free);
    self->bus_mode = PR_PHONE_MODE_GONE;
    if (self->device == 0)
        forget_kind (self);
    update (self);
}
