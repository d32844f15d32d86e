// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-phone-list.h"

#include "pr-contact.h"
#include "pr-mux-watch.h"
#include "pr-mux.h"
#include "pr-phone-enums.h"

#define MAX_REMEMBERED 64 /* phones of one run; only a hostile thing on the bus is more than that */

struct _PrPhoneList {
    GObject parent_instance;

    PrUsbWatch *usb;
    PrMuxWatch *mux;
    PrLinkWatch *link;
    guint64 first_ecid;
    guint64 last_ecid;
    GPtrArray *contacts; /* of PrContact: all phones of this run */
    GPtrArray *shown;    /* of PrPhone: what the list model has */
};

enum { PROP_DAEMON = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrPhoneList,
                               pr_phone_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static PrContact *
get_contact (PrPhoneList *self, guint i)
{
    return g_ptr_array_index (self->contacts, i);
}

static PrContact *
find_ecid (PrPhoneList *self, guint64 ecid)
{
    for (guint i = 0; ecid != 0 && i < self->contacts->len; i++)
        if (pr_phone_get_ecid (pr_contact_get_phone (get_contact (self, i))) == ecid)
            return get_contact (self, i);
    return NULL;
}

static PrContact *
find_udid (PrPhoneList *self, const char *udid)
{
    for (guint i = 0; udid != NULL && i < self->contacts->len; i++) {
        const char *known = pr_phone_get_udid (pr_contact_get_phone (get_contact (self, i)));

        if (known != NULL && g_ascii_strcasecmp (known, udid) == 0)
            return get_contact (self, i);
    }
    return NULL;
}

static PrContact *
find_port (PrPhoneList *self, const char *port)
{
    for (guint i = 0; i < self->contacts->len; i++)
        if (pr_contact_has_port (get_contact (self, i), port))
            return get_contact (self, i);
    return NULL;
}

static PrContact *
find_device (PrPhoneList *self, guint device)
{
    for (guint i = 0; device != 0 && i < self->contacts->len; i++)
        if (pr_contact_get_device (get_contact (self, i)) == device)
            return get_contact (self, i);
    return NULL;
}

static PrContact *
find_phone (PrPhoneList *self, PrPhone *phone)
{
    for (guint i = 0; i < self->contacts->len; i++)
        if (pr_contact_get_phone (get_contact (self, i)) == phone)
            return get_contact (self, i);
    return NULL;
}

/* A phone whose ECID is not known is only anybody's business when all phones are. */
static gboolean
is_in_range (PrPhoneList *self, guint64 ecid)
{
    if (ecid == 0)
        return self->first_ecid == 0 && self->last_ecid == G_MAXUINT64;
    return ecid >= self->first_ecid && ecid <= self->last_ecid;
}

/* A phone in work stays in the list while it changes its mode, which takes it off the bus for some seconds. */
static void
show (PrPhoneList *self, PrPhone *phone, gboolean visible)
{
    guint position;
    gboolean is_shown = g_ptr_array_find (self->shown, phone, &position);

    if (visible && !is_shown) {
        g_ptr_array_add (self->shown, g_object_ref (phone));
        g_list_model_items_changed (G_LIST_MODEL (self), self->shown->len - 1, 0, 1);
    } else if (!visible && is_shown) {
        g_ptr_array_remove_index (self->shown, position);
        g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
}

static void
forget (PrPhoneList *self, PrContact *contact)
{
    show (self, pr_contact_get_phone (contact), FALSE);
    g_ptr_array_remove (self->contacts, contact);
}

/* Another contact that is the same phone: one that was known from another mode when this one, of the older kind of
 * UDID, had not told its ECID yet. */
static PrContact *
find_twin (PrPhoneList *self, PrContact *contact)
{
    guint64 ecid = pr_phone_get_ecid (pr_contact_get_phone (contact));

    for (guint i = 0; ecid != 0 && i < self->contacts->len; i++) {
        PrContact *other = get_contact (self, i);

        if (other != contact && pr_phone_get_ecid (pr_contact_get_phone (other)) == ecid)
            return other;
    }
    return NULL;
}

static void
contact_cb (PrContact *contact, gpointer user_data)
{
    PrPhoneList *self = user_data;
    PrPhone *phone = pr_contact_get_phone (contact);
    PrContact *twin = find_twin (self, contact);

    if (twin != NULL && pr_contact_get_device (contact) != 0) {
        guint device = pr_contact_get_device (contact);
        g_autofree char *udid = g_strdup (pr_phone_get_udid (phone));

        forget (self, contact);
        pr_contact_attach (twin, device, udid);
        return;
    }
    show (self, phone, pr_phone_get_mode (phone) != PR_PHONE_MODE_GONE || pr_phone_get_busy (phone));
}

static void
prune (PrPhoneList *self)
{
    for (guint i = 0; i < self->contacts->len && self->contacts->len >= MAX_REMEMBERED; i++) {
        PrContact *contact = get_contact (self, i);

        if (!pr_contact_is_present (contact) && !pr_phone_get_busy (pr_contact_get_phone (contact))) {
            g_ptr_array_remove_index (self->contacts, i);
            return;
        }
    }
}

static PrContact *
add (PrPhoneList *self)
{
    PrContact *contact = pr_contact_new (contact_cb, self);

    prune (self);
    g_ptr_array_add (self->contacts, contact);
    return contact;
}

static void
mux_attached_cb (PrPhoneList *self, guint device, const char *udid)
{
    PrContact *contact = find_ecid (self, pr_mux_get_ecid (udid));
    PrContact *former = find_device (self, device);
    guint64 ecid = pr_mux_get_ecid (udid);

    if (contact == NULL)
        contact = find_udid (self, udid);
    if (contact != NULL)
        ecid = pr_phone_get_ecid (pr_contact_get_phone (contact));
    if (!is_in_range (self, ecid))
        return;
    if (contact == NULL)
        contact = add (self);
    if (former != NULL && former != contact)
        pr_contact_detach (former);
    pr_contact_attach (contact, device, udid);
}

static void
mux_detached_cb (PrPhoneList *self, guint device)
{
    PrContact *contact = find_device (self, device);

    if (contact != NULL)
        pr_contact_detach (contact);
}

static void
mux_paired_cb (PrPhoneList *self, guint device)
{
    PrContact *contact = find_device (self, device);

    if (contact != NULL)
        pr_contact_read (contact);
}

static void
daemon_cb (PrPhoneList *self)
{
    if (pr_mux_watch_get_daemon (self->mux) == PR_ANSWER_NO)
        for (guint i = 0; i < self->contacts->len; i++)
            if (pr_contact_get_device (get_contact (self, i)) != 0)
                pr_contact_lose_daemon (get_contact (self, i));
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DAEMON]);
}

/* Who is at a port may be learnt late: then what was seen there without a name gets one, or was a known phone. */
static PrContact *
choose_contact (PrPhoneList *self, const char *port, guint64 ecid, const char *udid)
{
    PrContact *here = find_port (self, port);
    PrContact *known = find_ecid (self, ecid);

    if (known == NULL)
        known = find_udid (self, udid);
    if (known == NULL && here != NULL && (pr_contact_is_anonymous (here) || (ecid == 0 && udid == NULL)))
        return here;
    if (here != NULL && here != known) {
        pr_contact_unsee (here);
        if (pr_contact_is_anonymous (here))
            forget (self, here);
    }
    return known;
}

static void
usb_attached_cb (PrPhoneList *self, PrUsbDevice *device)
{
    g_autofree char *udid = pr_mux_create_udid (device->serial);
    guint64 ecid = device->ecid != 0 ? device->ecid : pr_mux_get_ecid (udid);
    PrContact *contact = choose_contact (self, device->port, ecid, udid);

    if (ecid == 0 && contact != NULL)
        ecid = pr_phone_get_ecid (pr_contact_get_phone (contact));
    if (device->port == NULL || !is_in_range (self, ecid))
        return;
    if (contact == NULL)
        contact = add (self);
    pr_contact_see (contact, device, ecid, udid);
}

static void
usb_detached_cb (PrPhoneList *self, const char *port)
{
    PrContact *contact = find_port (self, port);

    if (contact == NULL)
        return;
    pr_contact_unsee (contact);
    if (pr_contact_is_anonymous (contact))
        forget (self, contact);
}

static GType
get_item_type (GListModel *model)
{
    return PR_TYPE_PHONE;
}

static guint
get_n_items (GListModel *model)
{
    return PR_PHONE_LIST (model)->shown->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
    GPtrArray *shown = PR_PHONE_LIST (model)->shown;

    return position < shown->len ? g_object_ref (g_ptr_array_index (shown, position)) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
    interface->get_item_type = get_item_type;
    interface->get_n_items = get_n_items;
    interface->get_item = get_item;
}

static void
pr_phone_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    g_value_set_enum (value, pr_phone_list_get_daemon (PR_PHONE_LIST (object)));
}

static void
pr_phone_list_finalize (GObject *object)
{
    PrPhoneList *self = PR_PHONE_LIST (object);

    g_clear_object (&self->link);
    pr_mux_watch_stop (self->mux);
    g_signal_handlers_disconnect_by_data (self->mux, self);
    g_object_unref (self->mux);
    if (self->usb != NULL)
        g_signal_handlers_disconnect_by_data (self->usb, self);
    g_clear_object (&self->usb);
    g_ptr_array_unref (self->contacts);
    g_ptr_array_unref (self->shown);
    G_OBJECT_CLASS (pr_phone_list_parent_class)->finalize (object);
}

static void
pr_phone_list_class_init (PrPhoneListClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);

    object_class->get_property = pr_phone_list_get_property;
    object_class->finalize = pr_phone_list_finalize;
    props[PROP_DAEMON] = g_param_spec_enum ("daemon", NULL, NULL, PR_TYPE_ANSWER, PR_ANSWER_UNKNOWN,
                                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pr_phone_list_init (PrPhoneList *self)
{
    self->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_contact_free);
    self->shown = g_ptr_array_new_with_free_func (g_object_unref);
    self->mux = pr_mux_watch_new ();
    g_signal_connect_swapped (self->mux, "attached", G_CALLBACK (mux_attached_cb), self);
    g_signal_connect_swapped (self->mux, "detached", G_CALLBACK (mux_detached_cb), self);
    g_signal_connect_swapped (self->mux, "paired", G_CALLBACK (mux_paired_cb), self);
    g_signal_connect_swapped (self->mux, "notify::daemon", G_CALLBACK (daemon_cb), self);
}

PrPhoneList *
pr_phone_list_new (PrUsbWatch *usb, guint64 first_ecid, guint64 last_ecid)
{
    PrPhoneList *self = g_object_new (PR_TYPE_PHONE_LIST, NULL);

    self->first_ecid = first_ecid;
    self->last_ecid = last_ecid;
    if (usb != NULL) {
        self->usb = g_object_ref (usb);
        g_signal_connect_swapped (usb, "attached", G_CALLBACK (usb_attached_cb), self);
        g_signal_connect_swapped (usb, "detached", G_CALLBACK (usb_detached_cb), self);
    }
    self->link = pr_link_watch_new (G_LIST_MODEL (self), usb);
    pr_mux_watch_start (self->mux);
    return self;
}

PrUsbWatch *
pr_phone_list_get_usb (PrPhoneList *self)
{
    g_return_val_if_fail (PR_IS_PHONE_LIST (self), NULL);
    return self->usb;
}

PrLinkWatch *
pr_phone_list_get_link (PrPhoneList *self)
{
    g_return_val_if_fail (PR_IS_PHONE_LIST (self), NULL);
    return self->link;
}

PrAnswer
pr_phone_list_get_daemon (PrPhoneList *self)
{
    g_return_val_if_fail (PR_IS_PHONE_LIST (self), PR_ANSWER_UNKNOWN);
    return pr_mux_watch_get_daemon (self->mux);
}

PrPhone *
pr_phone_list_find (PrPhoneList *self, guint64 ecid)
{
    PrContact *contact;

    g_return_val_if_fail (PR_IS_PHONE_LIST (self), NULL);
    contact = find_ecid (self, ecid);
    return contact != NULL ? pr_contact_get_phone (contact) : NULL;
}

PrPhone *
pr_phone_list_expect (PrPhoneList *self, guint64 ecid)
{
    PrContact *contact;

    g_return_val_if_fail (PR_IS_PHONE_LIST (self) && ecid != 0, NULL);
    contact = find_ecid (self, ecid);
    if (contact == NULL) {
        contact = add (self);
        g_object_set (pr_contact_get_phone (contact), "ecid", ecid, NULL);
    }
    return g_object_ref (pr_contact_get_phone (contact));
}

static gboolean
wants_trust (PrPhone *phone)
{
    PrTrust trust = pr_phone_get_trust (phone);

    return trust != PR_TRUST_TRUSTED && trust != PR_TRUST_UNKNOWN;
}

void
pr_phone_list_refresh (PrPhoneList *self, PrPhone *phone)
{
    PrContact *contact;

    g_return_if_fail (PR_IS_PHONE_LIST (self));
    contact = find_phone (self, phone);
    if (contact == NULL)
        return;
    if (wants_trust (phone))
        pr_contact_ask_for_trust (contact);
    else
        pr_contact_read (contact);
}

void
pr_phone_list_ask_for_trust (PrPhoneList *self, PrPhone *phone)
{
    PrContact *contact;

    g_return_if_fail (PR_IS_PHONE_LIST (self));
    contact = find_phone (self, phone);
    if (contact != NULL)
        pr_contact_ask_for_trust (contact);
}
