// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-usb-node.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/usbdevice_fs.h>

#include "pr-virtual-iboot.h"

#define INTERFACES 2
#define SETUP_SIZE 8
#define URB_LIMIT (1024 * 1024) /* bytes; libirecovery sends 32 KiB at a time */

/* Requests to the boot loader: bmRequestType << 8 | bRequest */
enum {
    REQUEST_STRING = 0x8006,
    REQUEST_COMMAND = 0x4000,
    REQUEST_START = 0x4001, /* a command that starts something: go, bootx, reset */
    REQUEST_ANSWER = 0xc000,
    REQUEST_BEGIN_FILE = 0x4100,
    REQUEST_DOWNLOAD = 0x2101, /* in recovery mode, with no data: a poke that means nothing */
    REQUEST_CLEAR_STATUS = 0x2104,
    REQUEST_ABORT = 0x2106,
    REQUEST_GET_STATUS = 0xa103,
    REQUEST_GET_STATE = 0xa105,
};

struct _PrVirtualUsbNode {
    gint references;
    GMutex mutex;
    PrVirtualPhone *phone;
    PrVirtualMode mode;
    PrVirtualIboot *iboot; /* NULL in normal and restore mode */
    gboolean opened, gone;
    gpointer owner[INTERFACES]; /* the Opening that claimed it */
};

/* One open() of the node by one client; libusb's URBs come back in the order in which they were handed in. */
typedef struct {
    PrVirtualUsbNode *node;
    GQueue done; /* of UMockdevIoctlData: URBs that were done and not fetched yet */
} Opening;

typedef struct {
    guint16 request, value, length;
    guint8 *data; /* what follows the setup packet */
} Control;

static void
unref_node (PrVirtualUsbNode *self)
{
    if (!g_atomic_int_dec_and_test (&self->references))
        return;
    g_clear_pointer (&self->iboot, pr_virtual_iboot_unref);
    g_mutex_clear (&self->mutex);
    g_free (self);
}

/* --- Control transfers: what the phone does with a request. All return the bytes moved, or -errno. --- */

static int
fill (const Control *control, const void *answer, gsize size)
{
    gsize moved = MIN (size, control->length);

    if (moved > 0)
        memcpy (control->data, answer, moved);
    return moved;
}

static char *
string_at (PrVirtualUsbNode *self, guint index)
{
    gboolean boot_loader = self->iboot != NULL;

    if (index == 1)
        return boot_loader ? pr_virtual_iboot_nonces (self->phone) : NULL;
    if (index == 2)
        return g_strdup ("Apple Inc.");
    if (index == 3 && self->mode == PR_VIRTUAL_DFU)
        return g_strdup ("Apple Mobile Device (DFU Mode)");
    if (index == 3)
        return g_strdup (boot_loader ? "Apple Mobile Device (Recovery Mode)" : "iPhone");
    if (index == 4 && boot_loader)
        return pr_virtual_iboot_serial (self->phone, self->mode);
    return NULL;
}

/* A string descriptor holds at most 126 characters of UTF-16; ours are ASCII. */
static int
tell_string (PrVirtualUsbNode *self, const Control *control)
{
    static const guint8 languages[] = { 4, 3, 0x09, 0x04 };
    g_autofree char *text = NULL;
    guint8 descriptor[254] = { 0 };
    gsize count;

    if (control->value >> 8 != 3)
        return -EPIPE;
    if (control->value == 0x0300)
        return fill (control, languages, sizeof languages);
    text = string_at (self, control->value & 0xff);
    if (text == NULL)
        return -EPIPE;
    count = MIN (strlen (text), 126);
    descriptor[0] = 2 + 2 * count;
    descriptor[1] = 3;
    for (gsize i = 0; i < count; i++)
        descriptor[2 + 2 * i] = text[i];
    return fill (control, descriptor, descriptor[0]);
}

static int
do_command (PrVirtualUsbNode *self, const Control *control)
{
    g_autofree char *line = g_strndup ((const char *) control->data, control->length);
    g_autofree char *valid = g_utf8_make_valid (line, -1);

    return pr_virtual_iboot_command (self->iboot, valid) ? control->length : -EPIPE;
}

static int
tell_answer (PrVirtualUsbNode *self, const Control *control)
{
    g_autoptr (GBytes) answer = pr_virtual_iboot_answer (self->iboot);
    gsize size;
    const void *data = g_bytes_get_data (answer, &size);

    return fill (control, data, size);
}

static int
tell_state (PrVirtualUsbNode *self, const Control *control, gboolean whole_status)
{
    guint8 state = pr_virtual_iboot_download_state (self->iboot);
    guint8 status[6] = { 0, 50, 0, 0, state, 0 }; /* no error, ask again after 50 ms */

    if (!whole_status)
        return fill (control, &state, 1);
    pr_virtual_iboot_status_told (self->iboot);
    return fill (control, status, sizeof status);
}

static int
recovery_request (PrVirtualUsbNode *self, const Control *control)
{
    switch (control->request) {
    case REQUEST_COMMAND:
    case REQUEST_START:
        return do_command (self, control);
    case REQUEST_ANSWER:
        return tell_answer (self, control);
    case REQUEST_BEGIN_FILE:
        pr_virtual_iboot_begin_file (self->iboot);
        return 0;
    case REQUEST_DOWNLOAD:
        return 0;
    default:
        return -EPIPE;
    }
}

static int
dfu_request (PrVirtualUsbNode *self, const Control *control)
{
    switch (control->request) {
    case REQUEST_GET_STATE:
        return tell_state (self, control, FALSE);
    case REQUEST_GET_STATUS:
        return tell_state (self, control, TRUE);
    case REQUEST_DOWNLOAD:
        pr_virtual_iboot_download (self->iboot, control->data, control->length);
        return control->length;
    case REQUEST_CLEAR_STATUS:
    case REQUEST_ABORT:
        pr_virtual_iboot_abort_download (self->iboot);
        return 0;
    default:
        return -EPIPE;
    }
}

static int
do_control (PrVirtualUsbNode *self, const Control *control)
{
    if (control->request == REQUEST_STRING)
        return tell_string (self, control);
    if (self->iboot == NULL)
        return -EPIPE;
    return self->mode == PR_VIRTUAL_DFU ? dfu_request (self, control) : recovery_request (self, control);
}

/* --- URBs --- */

static int
do_control_urb (PrVirtualUsbNode *self, UMockdevIoctlData *buffer, int length)
{
    const guint8 *setup = buffer->data;
    Control control;

    if (length < SETUP_SIZE)
        return -EINVAL;
    control.request = setup[0] << 8 | setup[1];
    control.value = setup[3] << 8 | setup[2];
    control.length = MIN (setup[7] << 8 | setup[6], length - SETUP_SIZE);
    control.data = buffer->data + SETUP_SIZE;
    return do_control (self, &control);
}

static int
do_bulk_urb (PrVirtualUsbNode *self, guint8 endpoint, const guint8 *data, int length)
{
    if (self->iboot == NULL || self->mode == PR_VIRTUAL_DFU)
        return -EPIPE;
    if (endpoint & 0x80)
        return 0; /* the boot loader's console says nothing */
    return pr_virtual_iboot_take (self->iboot, data, length) ? length : -EPIPE;
}

/* Does the work of @urb at once; bytes moved or -errno. @data is the client's URB. */
static int
do_urb (PrVirtualUsbNode *self, UMockdevIoctlData *data, const struct usbdevfs_urb *urb)
{
    g_autoptr (UMockdevIoctlData) buffer = NULL;
    int moved;

    if (urb->buffer_length < 0 || urb->buffer_length > URB_LIMIT)
        return -EINVAL;
    if (urb->buffer_length > 0) {
        buffer =
            umockdev_ioctl_data_resolve (data, G_STRUCT_OFFSET (struct usbdevfs_urb, buffer), urb->buffer_length, NULL);
        if (buffer == NULL)
            return -EFAULT;
    }
    if (urb->type != USBDEVFS_URB_TYPE_CONTROL)
        return do_bulk_urb (self, urb->endpoint, buffer != NULL ? buffer->data : NULL, urb->buffer_length);
    if (buffer == NULL)
        return -EINVAL;
    moved = do_control_urb (self, buffer, urb->buffer_length);
    if (moved > 0 && buffer->data[0] & 0x80) {
        g_autofree guint8 *answer = g_memdup2 (buffer->data + SETUP_SIZE, moved);

        umockdev_ioctl_data_update (buffer, SETUP_SIZE, answer, moved);
    }
    return moved;
}

static int
submit (Opening *opening, UMockdevIoctlData *arg)
{
    g_autoptr (UMockdevIoctlData) data = umockdev_ioctl_data_resolve (arg, 0, sizeof (struct usbdevfs_urb), NULL);
    struct usbdevfs_urb urb;
    int moved;

    if (data == NULL)
        return -EFAULT;
    memcpy (&urb, data->data, sizeof urb);
    moved = do_urb (opening->node, data, &urb);
    urb.status = MIN (moved, 0);
    urb.actual_length = MAX (moved, 0);
    umockdev_ioctl_data_update (data, G_STRUCT_OFFSET (struct usbdevfs_urb, status), (guint8 *) &urb.status,
                                sizeof urb.status);
    umockdev_ioctl_data_update (data, G_STRUCT_OFFSET (struct usbdevfs_urb, actual_length),
                                (guint8 *) &urb.actual_length, sizeof urb.actual_length);
    g_queue_push_tail (&opening->done, g_steal_pointer (&data));
    return 0;
}

static int
reap (Opening *opening, UMockdevIoctlData *arg, gboolean gone)
{
    g_autoptr (UMockdevIoctlData) urb = g_queue_pop_head (&opening->done);
    g_autoptr (UMockdevIoctlData) data = NULL;

    if (urb == NULL)
        return gone ? -ENODEV : -EAGAIN;
    data = umockdev_ioctl_data_resolve (arg, 0, sizeof (gpointer), NULL);
    if (data == NULL)
        return -EFAULT;
    umockdev_ioctl_data_set_ptr (data, 0, urb);
    return 0;
}

/* --- Claims --- */

static int
interface_number (UMockdevIoctlData *arg)
{
    g_autoptr (UMockdevIoctlData) data = umockdev_ioctl_data_resolve (arg, 0, sizeof (guint), NULL);
    guint number;

    if (data == NULL)
        return -EFAULT;
    memcpy (&number, data->data, sizeof number);
    return number < INTERFACES ? (int) number : -ENOENT;
}

static int
claim (Opening *opening, UMockdevIoctlData *arg)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&opening->node->mutex);
    int number = interface_number (arg);
    gpointer *owner;

    if (number < 0)
        return number;
    owner = &opening->node->owner[number];
    if (*owner != NULL && *owner != opening) {
        pr_virtual_phone_saw (opening->node->phone, "claim-refused", NULL);
        return -EBUSY;
    }
    if (*owner == NULL && number == 0) /* the one for files, which every client of ours takes */
        pr_virtual_phone_saw (opening->node->phone, "claimed", NULL);
    *owner = opening;
    return 0;
}

static int
release (Opening *opening, UMockdevIoctlData *arg)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&opening->node->mutex);
    int number = interface_number (arg);

    if (number < 0)
        return number;
    if (opening->node->owner[number] != opening)
        return -EINVAL;
    opening->node->owner[number] = NULL;
    return 0;
}

/* umockdev tells of no close(): the end of the client object is it. */
static void
free_opening (gpointer data)
{
    Opening *opening = data;
    PrVirtualUsbNode *node = opening->node;

    g_mutex_lock (&node->mutex);
    for (guint i = 0; i < INTERFACES; i++) {
        if (node->owner[i] == opening)
            node->owner[i] = NULL;
    }
    g_mutex_unlock (&node->mutex);
    g_queue_clear_full (&opening->done, (GDestroyNotify) umockdev_ioctl_data_unref);
    g_free (opening);
    unref_node (node);
}

static Opening *
opening_of (PrVirtualUsbNode *self, UMockdevIoctlClient *client)
{
    Opening *opening = g_object_get_data (G_OBJECT (client), "opening");

    if (opening != NULL)
        return opening;
    opening = g_new0 (Opening, 1);
    g_atomic_int_inc (&self->references);
    opening->node = self;
    g_queue_init (&opening->done);
    g_object_set_data_full (G_OBJECT (client), "opening", opening, free_opening);
    return opening;
}

/* --- ioctl --- */

static int
tell_capabilities (UMockdevIoctlData *arg)
{
    g_autoptr (UMockdevIoctlData) data = umockdev_ioctl_data_resolve (arg, 0, sizeof (guint32), NULL);
    guint32 capabilities = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                           USBDEVFS_CAP_REAP_AFTER_DISCONNECT;

    if (data == NULL)
        return -EFAULT;
    umockdev_ioctl_data_update (data, 0, (guint8 *) &capabilities, sizeof capabilities);
    return 0;
}

static int
bus_reset (PrVirtualUsbNode *self)
{
    if (self->iboot != NULL)
        pr_virtual_iboot_bus_reset (self->iboot);
    return 0;
}

static int
answer (Opening *opening, gulong request, UMockdevIoctlData *arg, gboolean gone)
{
    if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
        return reap (opening, arg, gone);
    if (gone)
        return -ENODEV;
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        return tell_capabilities (arg);
    case USBDEVFS_CLAIMINTERFACE:
        return claim (opening, arg);
    case USBDEVFS_RELEASEINTERFACE:
        return release (opening, arg);
    case USBDEVFS_SUBMITURB:
        return submit (opening, arg);
    case USBDEVFS_RESET:
        return bus_reset (opening->node);
    case USBDEVFS_SETINTERFACE:
    case USBDEVFS_SETCONFIGURATION:
    case USBDEVFS_CLEAR_HALT:
    case USBDEVFS_RESETEP:
        return 0;
    case USBDEVFS_GETDRIVER:
        return -ENODATA;
    case USBDEVFS_DISCARDURB:
        return -EINVAL;
    default:
        return -ENOTTY;
    }
}

static gboolean
handle_ioctl_cb (UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data)
{
    PrVirtualUsbNode *self = data;
    Opening *opening = opening_of (self, client);
    gboolean gone;
    int result;

    g_mutex_lock (&self->mutex);
    self->opened = TRUE;
    gone = self->gone;
    g_mutex_unlock (&self->mutex);
    result = answer (opening, umockdev_ioctl_client_get_request (client), umockdev_ioctl_client_get_arg (client), gone);
    umockdev_ioctl_client_complete (client, result < 0 ? -1 : 0, result < 0 ? -result : 0);
    return TRUE;
}

static void
forget_node_cb (gpointer data, GClosure *closure)
{
    unref_node (data);
}

PrVirtualUsbNode *
pr_virtual_usb_node_new (PrVirtualPhone *phone, PrVirtualMode mode, UMockdevTestbed *testbed, const char *node)
{
    PrVirtualUsbNode *self = g_new0 (PrVirtualUsbNode, 1);
    g_autoptr (UMockdevIoctlBase) base = umockdev_ioctl_base_new ();

    self->references = 2; /* the caller's and the handler's */
    g_mutex_init (&self->mutex);
    self->phone = phone;
    self->mode = mode;
    if (mode != PR_VIRTUAL_NORMAL && mode != PR_VIRTUAL_RESTORE)
        self->iboot = pr_virtual_iboot_new (phone, mode);
    g_signal_connect_data (base, "handle-ioctl", G_CALLBACK (handle_ioctl_cb), self, forget_node_cb, 0);
    if (!umockdev_testbed_attach_ioctl (testbed, node, base, NULL))
        g_warning ("The test bed does not answer at %s", node);
    return self;
}

gboolean
pr_virtual_usb_node_opened (PrVirtualUsbNode *self)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    return self->opened;
}

void
pr_virtual_usb_node_leave (PrVirtualUsbNode *self)
{
    g_mutex_lock (&self->mutex);
    self->gone = TRUE;
    g_mutex_unlock (&self->mutex);
    unref_node (self);
}
