// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-usb-recovery.h"

#include <libirecovery.h>

#include "pr-usb-access.h"

#define LIMIT (10 * G_USEC_PER_SEC)
/* How long a phone may take to leave the bus after it was told to restart. */
#define LEAVE_LIMIT (5 * G_USEC_PER_SEC)

typedef struct irecv_client_private Client;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, irecv_close)

static gboolean
is_there (const PrUsbPhone *phone)
{
    g_autoptr (PrUsbPhone) now = pr_usb_phone_read (phone->port);

    return now != NULL && pr_usb_phone_is_same (phone, now);
}

static PrUsbResult
fail (const PrUsbPhone *phone, PrUsbResult result, const char *what, irecv_error_t error, char **message)
{
    *message = g_strdup_printf ("%s: %s", what, irecv_strerror (error));
    return is_there (phone) ? result : PR_USB_GONE;
}

/* libirecovery says "unable to connect" for everything that goes wrong before it claims an interface, and keeps why to
 * itself. */
static PrUsbResult
fail_to_open (const PrUsbPhone *phone, irecv_error_t error, char **message)
{
    if (pr_usb_access_test (phone) != PR_USB_ACCESS_GOOD)
        return fail (phone, PR_USB_NO_ACCESS, "opening the phone", error, message);
    if (error == IRECV_E_USB_INTERFACE || error == IRECV_E_USB_CONFIGURATION)
        return fail (phone, PR_USB_BUSY, "taking the phone's interface", error, message);
    return fail (phone, PR_USB_PROTOCOL, "opening the phone", error, message);
}

/* libirecovery does not tell whether a command arrived, so what can be seen is asked instead: that the phone is still
 * there, and that no transfer ran into its own limit. */
static PrUsbResult
check (const PrUsbPhone *phone, const char *what, irecv_error_t error, gint64 end, char **message)
{
    if (error != IRECV_E_SUCCESS)
        return fail (phone, error == IRECV_E_TIMEOUT ? PR_USB_TIMEOUT : PR_USB_PROTOCOL, what, error, message);
    if (!is_there (phone)) {
        *message = g_strdup_printf ("%s: the phone left", what);
        return PR_USB_GONE;
    }
    if (g_get_monotonic_time () < end)
        return PR_USB_DONE;
    *message = g_strdup_printf ("%s: took too long", what);
    return PR_USB_TIMEOUT;
}

static PrUsbResult
wait_for_leave (const PrUsbPhone *phone, char **message)
{
    gint64 end = g_get_monotonic_time () + LEAVE_LIMIT;

    while (g_get_monotonic_time () < end) {
        if (!is_there (phone))
            return PR_USB_DONE;
        g_usleep (100 * 1000);
    }
    *message = g_strdup ("restarting: the phone stayed in recovery mode");
    return PR_USB_TIMEOUT;
}

PrUsbResult
pr_usb_recovery_leave (const PrUsbPhone *phone, char **message)
{
    g_autoptr (Client) client = NULL;
    gint64 end = g_get_monotonic_time () + LIMIT;
    irecv_error_t error;
    PrUsbResult result;

    if (pr_usb_access_test (phone) != PR_USB_ACCESS_GOOD)
        return fail (phone, PR_USB_NO_ACCESS, "opening the phone", IRECV_E_UNABLE_TO_CONNECT, message);
    error = irecv_open_with_ecid (&client, phone->ecid);
    if (error != IRECV_E_SUCCESS) {
        client = NULL; /* it is closed, but not cleared */
        return fail_to_open (phone, error, message);
    }
    error = irecv_setenv (client, "auto-boot", "true");
    result = check (phone, "setting auto-boot", error, end, message);
    if (result != PR_USB_DONE)
        return result;
    error = irecv_saveenv (client);
    result = check (phone, "saving auto-boot", error, end, message);
    if (result != PR_USB_DONE)
        return result;
    irecv_reboot (client); /* the phone may be off before it has answered */
    return wait_for_leave (phone, message);
}

const char *
pr_usb_result_to_string (PrUsbResult result)
{
    switch (result) {
    case PR_USB_NO_ACCESS:
        return "access";
    case PR_USB_BUSY:
        return "busy";
    case PR_USB_GONE:
        return "gone";
    case PR_USB_TIMEOUT:
        return "timeout";
    case PR_USB_DONE:
    case PR_USB_PROTOCOL:
    default:
        return "protocol";
    }
}
