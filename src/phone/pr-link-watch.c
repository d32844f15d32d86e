// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-link-watch.h"

#include "pr-computer.h"

#define LOOK_SECONDS 1             /* at what time alone changes */
#define DAEMONS_EVERY 30           /* looks */
#define MAX_FOLLOWED 64            /* phones */
#define SILENT_AFTER 20            /* seconds on the bus without an answer: longer than any of our questions waits */
#define SLEPT (2 * G_USEC_PER_SEC) /* less is a clock that was put right */

struct _PrLinkWatch {
    GObject parent_instance;

    GListModel *phones; /* borrowed */
    PrUsbWatch *usb;
    PrLinkHistory *history;
    GHashTable *silent;  /* of port: asked in vain in this stay, and said so */
    GPtrArray *followed; /* of PrPhone */
    GHashTable *places;  /* PrPhone → port at which it was last */
    gint64 slept;
    guint daemons;
    guint looks;
    guint timer;
    guint tell_source;
    gboolean busy;    /* an operation runs on a phone */
    GArray *findings; /* of PrFinding: as told last */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrLinkWatch, pr_link_watch, G_TYPE_OBJECT)

/* --- Findings, as values of the phones --- */

static gboolean
are_same (const GArray *a, const GArray *b)
{
    if (!a || !b || a->len != b->len)
        return (a ? a->len : 0) == 0 && (b ? b->len : 0) == 0;
    for (guint i = 0; i < a->len; i++) {
        const PrFinding *one = &g_array_index (a, PrFinding, i), *other = &g_array_index (b, PrFinding, i);
        if (one->kind != other->kind || one->count != other->count || one->sureness != other->sureness ||
            !g_str_equal (one->port, other->port))
            return FALSE;
    }
    return TRUE;
}

/* (transfer full): those of @port, and those of no port */
static GArray *
choose (const GArray *findings, const char *port)
{
    GArray *chosen = g_array_new (FALSE, FALSE, sizeof (PrFinding));

    for (guint i = 0; i < findings->len; i++) {
        const PrFinding *finding = &g_array_index (findings, PrFinding, i);
        if (!*finding->port || g_strcmp0 (finding->port, port) == 0)
            g_array_append_val (chosen, *finding);
    }
    return chosen;
}

/* A phone that has just left still has what was found at its port. */
static void
tell_phone (PrLinkWatch *self, PrPhone *phone, const GArray *findings)
{
    const char *port = pr_phone_get_port (phone);
    g_autoptr (GArray) chosen = NULL;

    if (port)
        g_hash_table_insert (self->places, phone, g_strdup (port));
    chosen = choose (findings, g_hash_table_lookup (self->places, phone));
    if (!are_same (chosen, pr_phone_get_findings (phone)))
        g_object_set (phone, "findings", chosen, NULL);
}

static void
tell (PrLinkWatch *self)
{
    g_clear_pointer (&self->findings, g_array_unref);
    self->findings = pr_link_watch_find (self);
    for (guint i = 0; i < self->followed->len; i++)
        tell_phone (self, g_ptr_array_index (self->followed, i), self->findings);
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
tell_cb (gpointer data)
{
    PrLinkWatch *self = data;

    self->tell_source = 0;
    tell (self);
}

/* One thing that happens is often several events: what they mean is worked out once for all of the same turn. */
static void
tell_soon (PrLinkWatch *self)
{
    if (self->tell_source == 0)
        self->tell_source = g_idle_add_once (tell_cb, self);
}

static void
add (PrLinkWatch *self, PrLinkEvent *event)
{
    event->time = g_get_monotonic_time ();
    pr_link_history_add (self->history, event);
    tell_soon (self);
}

static void
add_plain (PrLinkWatch *self, PrLinkEventKind kind, const char *port, guint count)
{
    PrLinkEvent event = { .kind = kind, .hub_depth = -1, .count = count };

    g_strlcpy (event.port, port, sizeof event.port);
    add (self, &event);
}

/* --- The phones --- */

static void
answer_cb (PrLinkWatch *self, GParamSpec *pspec, PrPhone *phone)
{
    const char *name = pr_phone_get_name (phone);
    PrLinkEvent event = { .kind = PR_LINK_ANSWERED, .hub_depth = -1, .trust = pr_phone_get_trust (phone) };

    if (pr_phone_get_mode (phone) != PR_PHONE_MODE_NORMAL || !pr_phone_get_port (phone) ||
        event.trust == PR_TRUST_UNKNOWN)
        return;
    g_strlcpy (event.port, pr_phone_get_port (phone), sizeof event.port);
    g_strlcpy (event.name, name ? name : "", sizeof event.name);
    add (self, &event);
}

static gboolean
is_any_busy (PrLinkWatch *self)
{
    for (guint i = 0; i < self->followed->len; i++)
        if (pr_phone_get_busy (g_ptr_array_index (self->followed, i)))
            return TRUE;
    return FALSE;
}

/* While any operation runs, modes change because we want it. */
static void
busy_cb (PrLinkWatch *self)
{
    gboolean busy = is_any_busy (self);

    if (busy == self->busy)
        return;
    self->busy = busy;
    add_plain (self, busy ? PR_LINK_EXPECTED : PR_LINK_SETTLED, "", 0);
}

/* One run has a few phones; a thing on the bus that claims to be ever new ones may not fill the memory. */
static void
make_room (PrLinkWatch *self)
{
    for (guint i = 0; i < self->followed->len && self->followed->len >= MAX_FOLLOWED; i++) {
        PrPhone *phone = g_ptr_array_index (self->followed, i);
        if (pr_phone_get_busy (phone))
            continue;
        g_signal_handlers_disconnect_by_data (phone, self);
        g_hash_table_remove (self->places, phone);
        g_ptr_array_remove_index (self->followed, i);
        return;
    }
}

static void
follow (PrLinkWatch *self, PrPhone *phone)
{
    if (g_ptr_array_find (self->followed, phone, NULL))
        return;
    make_room (self);
    g_ptr_array_add (self->followed, g_object_ref (phone));
    g_signal_connect_object (phone, "notify::trust", G_CALLBACK (answer_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (phone, "notify::name", G_CALLBACK (answer_cb), self, G_CONNECT_SWAPPED);
    /* who is at a port may be learnt after what was found there */
    g_signal_connect_object (phone, "notify::port", G_CALLBACK (tell_soon), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (phone, "notify::busy", G_CALLBACK (busy_cb), self, G_CONNECT_SWAPPED);
    answer_cb (self, NULL, phone);
}

static void
items_changed_cb (PrLinkWatch *self, guint position, guint removed, guint added)
{
    for (guint i = 0; i < added; i++) {
        g_autoptr (PrPhone) phone = g_list_model_get_item (self->phones, position + i);
        follow (self, phone);
    }
}

/* usbmuxd may tell of a phone, and the phone answer, before the helper has seen it. */
static void
repeat_answer (PrLinkWatch *self, const char *port)
{
    for (guint i = 0; i < self->followed->len; i++) {
        PrPhone *phone = g_ptr_array_index (self->followed, i);
        if (g_strcmp0 (pr_phone_get_port (phone), port) == 0)
            answer_cb (self, NULL, phone);
    }
}

/* --- The bus --- */

static PrPhoneMode
read_mode (const char *mode)
{
    if (g_str_equal (mode, "recovery"))
        return PR_PHONE_MODE_RECOVERY;
    if (g_str_equal (mode, "dfu") || g_str_equal (mode, "wtf"))
        return PR_PHONE_MODE_DFU;
    return g_str_equal (mode, "restore") ? PR_PHONE_MODE_RESTORE : PR_PHONE_MODE_NORMAL;
}

static void
attached_cb (PrLinkWatch *self, const PrUsbDevice *device)
{
    PrLinkEvent event = {
        .kind = PR_LINK_ATTACHED,
        .mode = read_mode (device->mode),
        .ecid = device->ecid,
        .speed = device->speed,
        .hub_depth = device->hub_depth,
        .unpowered = device->unpowered,
        .held = device->held,
        .suspended = device->suspended,
        .count = (guint) device->retries,
    };

    g_strlcpy (event.port, device->port, sizeof event.port);
    add (self, &event);
    repeat_answer (self, device->port);
}

static void
detached_cb (PrLinkWatch *self, const char *port)
{
    g_hash_table_remove (self->silent, port);
    add_plain (self, PR_LINK_DETACHED, port, 0);
}

static void
over_current_cb (PrLinkWatch *self, const char *port)
{
    add_plain (self, PR_LINK_OVER_CURRENT, port, 0);
}

/* --- Time --- */

static void
look_for_silence (PrLinkWatch *self, PrPhone *phone)
{
    const char *port = pr_phone_get_port (phone);
    gint64 since = pr_phone_get_steady_since (phone);

    if (!port || !since || pr_phone_get_mode (phone) != PR_PHONE_MODE_NORMAL ||
        pr_phone_get_trust (phone) != PR_TRUST_UNKNOWN || g_hash_table_contains (self->silent, port) ||
        g_get_monotonic_time () - since < SILENT_AFTER * G_USEC_PER_SEC)
        return;
    g_hash_table_add (self->silent, g_strdup (port));
    add_plain (self, PR_LINK_SILENT, port, 0);
}

static void
look_for_sleep (PrLinkWatch *self)
{
    gint64 slept = pr_computer_get_slept ();
    gboolean long_enough = slept - self->slept >= SLEPT;

    self->slept = slept;
    if (long_enough)
        add_plain (self, PR_LINK_SLEPT, "", 0);
}

static void
look_for_daemons (PrLinkWatch *self)
{
    guint daemons = pr_computer_count_daemons ();

    if (daemons != self->daemons)
        add_plain (self, PR_LINK_DAEMONS, "", daemons);
    self->daemons = daemons;
}

/* A finding may come, or go, only because time went by. */
static void
look_at_findings (PrLinkWatch *self)
{
    g_autoptr (GArray) findings = pr_link_watch_find (self);

    if (!are_same (findings, self->findings))
        tell (self);
}

static gboolean
look_cb (gpointer data)
{
    PrLinkWatch *self = data;

    for (guint i = 0; i < self->followed->len; i++)
        look_for_silence (self, g_ptr_array_index (self->followed, i));
    look_for_sleep (self);
    if (self->looks++ % DAEMONS_EVERY == 0)
        look_for_daemons (self);
    look_at_findings (self);
    return G_SOURCE_CONTINUE;
}

/* --- The object --- */

static void
pr_link_watch_finalize (GObject *object)
{
    PrLinkWatch *self = PR_LINK_WATCH (object);

    g_clear_handle_id (&self->timer, g_source_remove);
    g_clear_handle_id (&self->tell_source, g_source_remove);
    g_clear_pointer (&self->findings, g_array_unref);
    g_clear_object (&self->usb);
    g_ptr_array_unref (self->followed);
    g_hash_table_unref (self->places);
    g_hash_table_unref (self->silent);
    pr_link_history_free (self->history);
    G_OBJECT_CLASS (pr_link_watch_parent_class)->finalize (object);
}

static void
pr_link_watch_class_init (PrLinkWatchClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_link_watch_finalize;
    signals[CHANGED] =
        g_signal_new ("changed", PR_TYPE_LINK_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_link_watch_init (PrLinkWatch *self)
{
    self->history = pr_link_history_new ();
    self->silent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->followed = g_ptr_array_new_with_free_func (g_object_unref);
    self->places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    self->slept = pr_computer_get_slept ();
}

PrLinkWatch *
pr_link_watch_new (GListModel *phones, PrUsbWatch *usb)
{
    PrLinkWatch *self = g_object_new (PR_TYPE_LINK_WATCH, NULL);

    self->phones = phones;
    g_set_object (&self->usb, usb);
    if (pr_computer_is_virtual ())
        add_plain (self, PR_LINK_IN_MACHINE, "", 0);
    g_signal_connect_object (phones, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
    items_changed_cb (self, 0, 0, g_list_model_get_n_items (phones));
    if (self->usb) {
        g_signal_connect_object (self->usb, "attached", G_CALLBACK (attached_cb), self, G_CONNECT_SWAPPED);
        g_signal_connect_object (self->usb, "detached", G_CALLBACK (detached_cb), self, G_CONNECT_SWAPPED);
        g_signal_connect_object (self->usb, "over-current", G_CALLBACK (over_current_cb), self, G_CONNECT_SWAPPED);
    }
    self->timer = g_timeout_add_seconds (LOOK_SECONDS, look_cb, self);
    return self;
}

PrLinkHistory *
pr_link_watch_get_history (PrLinkWatch *self)
{
    return self->history;
}

GArray *
pr_link_watch_find (PrLinkWatch *self)
{
    return pr_link_history_find (self->history, g_get_monotonic_time ());
}

void
pr_link_watch_say_charges (PrLinkWatch *self)
{
    add_plain (self, PR_LINK_CHARGES, "", 0);
}
