// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-services.h"

#define FIRST_PORT 49152 /* where iOS gives ports out */
#define MAX_TICKETS 256

static const struct {
    const char *name;
    PrVirtualServiceFunc serve;
} table[] = {
    { "com.apple.afc", pr_virtual_afc_serve },
    { "com.apple.mobile.MCInstall", pr_virtual_management_serve },
    { "com.apple.mobile.diagnostics_relay", pr_virtual_diagnostics_serve },
    { "com.apple.mobile.installation_proxy", pr_virtual_apps_serve },
    { "com.apple.mobile.notification_proxy", pr_virtual_notes_serve },
    { "com.apple.mobilebackup2", pr_virtual_backup_serve },
    { "com.apple.preboardservice_v2", pr_virtual_preboard_serve },
    { "com.apple.springboardservices", pr_virtual_icons_serve },
};

struct _PrVirtualTicket {
    PrVirtualServiceFunc serve;
    char *host_id;
};

struct _PrVirtualServices {
    PrVirtualPhone *phone;
    PrVirtualPairing *pairing;

    GMutex mutex;        /* what follows is shared */
    GHashTable *tickets; /* port → PrVirtualTicket */
    guint16 last_port;
};

static void
free_ticket (gpointer data)
{
    PrVirtualTicket *ticket = data;
    g_free (ticket->host_id);
    g_free (ticket);
}

/* Open ports do not outlive the connection to the computer. */
static void
bus_cb (PrVirtualPhone *phone, PrVirtualMode mode, gpointer data)
{
    PrVirtualServices *self = data;
    g_mutex_lock (&self->mutex);
    g_hash_table_remove_all (self->tickets);
    g_mutex_unlock (&self->mutex);
}

PrVirtualServices *
pr_virtual_services_new (PrVirtualPhone *phone, PrVirtualPairing *pairing)
{
    PrVirtualServices *self = g_new0 (PrVirtualServices, 1);
    self->phone = phone;
    self->pairing = pairing;
    g_mutex_init (&self->mutex);
    self->tickets = g_hash_table_new_full (NULL, NULL, NULL, free_ticket);
    self->last_port = FIRST_PORT;
    pr_virtual_phone_watch_bus (phone, bus_cb, self);
    return self;
}

void
pr_virtual_services_free (PrVirtualServices *self)
{
    g_hash_table_unref (self->tickets);
    g_mutex_clear (&self->mutex);
    g_free (self);
}

static guint16
add_ticket (PrVirtualServices *self, PrVirtualTicket *ticket)
{
    guint16 port = 0;
    g_mutex_lock (&self->mutex);
    if (g_hash_table_size (self->tickets) < MAX_TICKETS) {
        do
            self->last_port = self->last_port < G_MAXUINT16 ? self->last_port + 1 : FIRST_PORT;
        while (g_hash_table_contains (self->tickets, GUINT_TO_POINTER (self->last_port)));
        port = self->last_port;
        g_hash_table_insert (self->tickets, GUINT_TO_POINTER (port), ticket);
    }
    g_mutex_unlock (&self->mutex);
    if (port == 0)
        free_ticket (ticket);
    return port;
}

guint16
pr_virtual_services_open (PrVirtualServices *self, const char *name, const char *host_id)
{
    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        if (!g_str_equal (table[i].name, name))
            continue;
        PrVirtualTicket *ticket = g_new0 (PrVirtualTicket, 1);
        ticket->serve = table[i].serve;
        ticket->host_id = g_strdup (host_id);
        return add_ticket (self, ticket);
    }
    return 0;
}

PrVirtualTicket *
pr_virtual_services_take (PrVirtualServices *self, guint16 port)
{
    gpointer ticket = NULL;
    g_mutex_lock (&self->mutex);
    g_hash_table_steal_extended (self->tickets, GUINT_TO_POINTER (port), NULL, &ticket);
    g_mutex_unlock (&self->mutex);
    return ticket;
}

void
pr_virtual_services_serve (PrVirtualServices *self, PrVirtualTicket *ticket, int fd)
{
    PrVirtualStream stream = { .fd = fd };
    if (pr_virtual_pairing_accept (self->pairing, ticket->host_id, &stream))
        ticket->serve (self->phone, &stream);
    pr_virtual_tls_end (&stream);
    free_ticket (ticket);
}
