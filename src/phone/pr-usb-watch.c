// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-usb-watch-private.h"

#include <string.h>

#include "pr-phone-enums.h"

enum {
    PROP_STATE = 1,
    PROP_WINDOWS_PHONE,
};

enum {
    ATTACHED,
    DETACHED,
    OVER_CURRENT,
    N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrUsbWatch, pr_usb_watch, G_TYPE_OBJECT)

void
pr_usb_watch_set_state (PrUsbWatch *self, PrUsbWatchState state)
{
    gboolean changed;

    g_mutex_lock (&self->mutex);
    changed = self->state != state;
    self->state = state;
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
    if (changed)
        g_object_notify (G_OBJECT (self), "state");
}

void
pr_usb_watch_emit_attached (PrUsbWatch *self, const PrUsbDevice *device)
{
    g_signal_emit (self, signals[ATTACHED], 0, device);
}

void
pr_usb_watch_emit_detached (PrUsbWatch *self, const char *port)
{
    g_signal_emit (self, signals[DETACHED], 0, port);
}

void
pr_usb_watch_emit_over_current (PrUsbWatch *self, const char *port)
{
    g_signal_emit (self, signals[OVER_CURRENT], 0, port);
}

void
pr_usb_watch_set_windows_phone (PrUsbWatch *self, const char *port, const char *name)
{
    if (name != NULL)
        g_hash_table_replace (self->windows, g_strdup (port), g_strdup (name));
    else if (!g_hash_table_remove (self->windows, port))
        return;
    g_object_notify (G_OBJECT (self), "windows-phone");
}

static void
pr_usb_watch_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_WINDOWS_PHONE)
        g_value_set_string (value, pr_usb_watch_get_windows_phone (PR_USB_WATCH (object)));
    else
        g_value_set_enum (value, pr_usb_watch_get_state (PR_USB_WATCH (object)));
}

static void
pr_usb_watch_dispose (GObject *object)
{
    PrUsbWatch *self = PR_USB_WATCH (object);

    pr_usb_watch_drop_child (self);
    pr_usb_watch_close_input (self);
    G_OBJECT_CLASS (pr_usb_watch_parent_class)->dispose (object);
}

static void
pr_usb_watch_finalize (GObject *object)
{
    PrUsbWatch *self = PR_USB_WATCH (object);

    g_strfreev (self->argv);
    g_strfreev (self->environment);
    g_hash_table_unref (self->ports);
    g_hash_table_unref (self->stale_ports);
    g_hash_table_unref (self->windows);
    g_ptr_array_unref (self->calls);
    g_cond_clear (&self->cond);
    g_mutex_clear (&self->mutex);
    G_OBJECT_CLASS (pr_usb_watch_parent_class)->finalize (object);
}

static void
pr_usb_watch_class_init (PrUsbWatchClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);

    object_class->get_property = pr_usb_watch_get_property;
    object_class->dispose = pr_usb_watch_dispose;
    object_class->finalize = pr_usb_watch_finalize;
    g_object_class_install_property (object_class, PROP_STATE,
                                     g_param_spec_enum ("state", NULL, NULL, PR_TYPE_USB_WATCH_STATE,
                                                        PR_USB_WATCH_STARTING,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_property (object_class, PROP_WINDOWS_PHONE,
                                     g_param_spec_string ("windows-phone", NULL, NULL, NULL,
                                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    signals[ATTACHED] = g_signal_new ("attached", PR_TYPE_USB_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[DETACHED] = g_signal_new ("detached", PR_TYPE_USB_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[OVER_CURRENT] = g_signal_new ("over-current", PR_TYPE_USB_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pr_usb_watch_init (PrUsbWatch *self)
{
    g_mutex_init (&self->mutex);
    g_cond_init (&self->cond);
    self->input = -1;
    self->calls = g_ptr_array_new ();
    self->ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->stale_ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->windows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

PrUsbWatch *
pr_usb_watch_new (const char *const *argv, const char *const *environment)
{
    PrUsbWatch *self;

    g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);
    self = g_object_new (PR_TYPE_USB_WATCH, NULL);
    self->argv = g_strdupv ((char **) argv);
    self->environment = g_strdupv ((char **) environment);
    return self;
}

void
pr_usb_watch_start (PrUsbWatch *self)
{
    g_return_if_fail (PR_IS_USB_WATCH (self));
    if (self->child != NULL || self->restart_id != 0)
        return;
    memset (self->deaths, 0, sizeof self->deaths);
    pr_usb_watch_set_state (self, PR_USB_WATCH_STARTING);
    pr_usb_watch_start_child (self);
}

PrUsbWatchState
pr_usb_watch_get_state (PrUsbWatch *self)
{
    PrUsbWatchState state;

    g_return_val_if_fail (PR_IS_USB_WATCH (self), PR_USB_WATCH_GONE);
    g_mutex_lock (&self->mutex);
    state = self->state;
    g_mutex_unlock (&self->mutex);
    return state;
}

const char *
pr_usb_watch_get_windows_phone (PrUsbWatch *self)
{
    GHashTableIter iter;
    const char *name = NULL;

    g_return_val_if_fail (PR_IS_USB_WATCH (self), NULL);
    g_hash_table_iter_init (&iter, self->windows);
    g_hash_table_iter_next (&iter, NULL, (gpointer *) &name);
    return name;
}
