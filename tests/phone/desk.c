// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"

#include "pr-phone-enums.h"

PrUsbWatch *
desk_start_usb (PrTestPhone *virtual)
{
    const char *argv[] = { g_getenv ("PR_TEST_USB"), "--testbed", pr_test_phone_environment (virtual, "TESTBED"),
                           NULL };
    g_autofree char *folder = g_strconcat ("UMOCKDEV_DIR=", pr_test_phone_environment (virtual, "UMOCKDEV_DIR"), NULL);
    g_autofree char *preload = g_strconcat ("LD_PRELOAD=", pr_test_phone_environment (virtual, "LD_PRELOAD"), NULL);
    const char *const environment[] = { folder, preload, NULL };
    PrUsbWatch *usb;

    g_assert_nonnull (argv[0]);
    usb = pr_usb_watch_new (argv, environment);
    pr_usb_watch_start (usb);
    return usb;
}

Desk *
desk_new (PrTestPhone *virtual)
{
    Desk *self = g_new0 (Desk, 1);

    pr_test_phone_use (virtual);
    self->virtual = virtual;
    self->usb = desk_start_usb (virtual);
    self->list = pr_phone_list_new (self->usb, DESK_FIRST, DESK_LAST);
    return self;
}

void
desk_free (Desk *self)
{
    g_object_add_weak_pointer (G_OBJECT (self->list), (gpointer *) &self->list);
    g_object_unref (self->list);
    g_assert_null (self->list);
    g_object_unref (self->usb);
    pr_test_phone_stop (self->virtual);
    g_free (self);
}

typedef struct {
    gpointer object;
    const char *property;
    int value, now;
} Wait;

static gboolean
has_value (gpointer data)
{
    Wait *wait = data;
    GValue value = G_VALUE_INIT, number = G_VALUE_INIT;

    g_object_get_property (wait->object, wait->property, &value);
    wait->now = G_VALUE_HOLDS_ENUM (&value) ? g_value_get_enum (&value) : 0;
    if (!G_VALUE_HOLDS_ENUM (&value)) {
        g_value_init (&number, G_TYPE_INT);
        g_assert_true (g_value_transform (&value, &number));
        wait->now = g_value_get_int (&number);
    }
    g_value_unset (&value);
    return wait->now == wait->value;
}

void
desk_await (gpointer object, const char *property, int value, double seconds)
{
    Wait wait = { object, property, value, 0 };

    if (!pr_test_run_until (has_value, &wait, seconds))
        g_error ("%s stays %d, and does not become %d within %.0f s", property, wait.now, value, seconds);
}

typedef struct {
    PrPhoneList *list;
    guint64 ecid;
} Arrival;

static gboolean
is_known (gpointer data)
{
    Arrival *arrival = data;

    return pr_phone_list_find (arrival->list, arrival->ecid) != NULL;
}

PrPhone *
desk_expect (Desk *self, guint64 ecid, PrPhoneMode mode)
{
    Arrival arrival = { self->list, ecid };
    PrPhone *phone;

    if (!pr_test_run_until (is_known, &arrival, 20))
        g_error ("the phone did not come");
    phone = pr_phone_list_find (self->list, ecid);
    desk_await (phone, "mode", (int) mode, 20);
    return phone;
}

static gboolean
never (gpointer data)
{
    return FALSE;
}

void
desk_run_for (double seconds)
{
    g_assert_false (pr_test_run_until (never, NULL, seconds));
}
