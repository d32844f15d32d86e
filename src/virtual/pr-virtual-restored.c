// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-restored.h"

#include <string.h>

#include "pr-virtual-img4.h"
#include "pr-virtual-ticket.h"
#include "pr-virtual-wire.h"

#define PROTOCOL_VERSION 15
#define STATUS_FAIL 14
#define STATUS_PAUSE 2.0 /* seconds that the phone leaves the computer to read that it failed */
#define START_PAUSE 2.0

typedef enum {
    ALWAYS,
    WHEN_ERASING,
    WHEN_UPDATING,
} When;

/* One restore. */
typedef struct {
    PrVirtualPhone *phone;
    int fd;
    gboolean erases;
    char *version, *build; /* of the system that the ramdisk installs */
    char *image_sha256;    /* of the system image that came */
} Restore;

typedef gboolean (*StepFunc) (Restore *self, GError **error);

typedef struct {
    const char *name; /* in the log */
    int operation;    /* that the computer is told; 0: none */
    double share;     /* of the phone's own work */
    gboolean counted; /* told in tenths; else only once */
    StepFunc run;     /* NULL: only work */
    When when;
} Step;

/* --- Messages --- */

static gboolean
send_message (Restore *self, plist_t message, GError **error)
{
    if (pr_virtual_wire_send (self->fd, message))
        return TRUE;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "The computer is gone");
    return FALSE;
}

static plist_t
new_message (const char *type)
{
    plist_t message = plist_new_dict ();

    plist_dict_set_item (message, "MsgType", plist_new_string (type));
    return message;
}

static gboolean
tell_progress (Restore *self, int operation, int percent, GError **error)
{
    g_auto (plist_t) message = new_message ("ProgressMsg");

    plist_dict_set_item (message, "Operation", plist_new_int (operation));
    plist_dict_set_item (message, "Progress", plist_new_int (percent));
    return send_message (self, message, error);
}

static gboolean
tell_checkpoint (Restore *self, guint id, const char *name, gboolean complete, GError **error)
{
    g_auto (plist_t) message = new_message ("CheckpointMsg");

    plist_dict_set_item (message, "CHECKPOINT_ID", plist_new_uint (id));
    plist_dict_set_item (message, "CHECKPOINT_NAME", plist_new_string (name));
    plist_dict_set_item (message, "CHECKPOINT_RESULT", plist_new_uint (0));
    plist_dict_set_item (message, "CHECKPOINT_COMPLETE", plist_new_bool (complete));
    return send_message (self, message, error);
}

/* Asks the computer for @kind; @argument (NULL for none) is a key of the arguments, with a text or, without one, true.
 */
static gboolean
send_request (Restore *self, const char *kind, const char *argument, const char *text, GError **error)
{
    g_auto (plist_t) message = new_message ("DataRequestMsg");
    plist_t arguments = plist_new_dict ();

    if (argument != NULL)
        plist_dict_set_item (arguments, argument, text != NULL ? plist_new_string (text) : plist_new_bool (1));
    plist_dict_set_item (message, "DataType", plist_new_string (kind));
    plist_dict_set_item (message, "Arguments", arguments);
    pr_virtual_phone_saw (self->phone, "asked-for", "kind", kind, "name", text != NULL ? text : "", NULL);
    return send_message (self, message, error);
}

static plist_t
ask (Restore *self, const char *kind, const char *argument, const char *text, GError **error)
{
    plist_t answer = NULL;

    if (!send_request (self, kind, argument, text, error))
        return NULL;
    answer = pr_virtual_wire_receive (self->fd);
    if (answer == NULL)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "The computer is gone");
    return answer;
}

/* --- What it got --- */

/* Believes @file only as the boot loader would; @type NULL: any. (transfer full): what is inside. */
static GBytes *
open_image (Restore *self, GBytes *file, const char *key, const char *type, GError **error)
{
    g_autoptr (PrVirtualImage) image = NULL;
    g_autofree char *digest = NULL;

    if (file == NULL) {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is missing", key);
        return NULL;
    }
    digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, file);
    pr_virtual_phone_saw (self->phone, "data", "key", key, "sha256", digest, NULL);
    image = pr_virtual_image_open (self->phone, file, error);
    if (image == NULL)
        return NULL;
    if (type == NULL || g_str_equal (image->type, type))
        return g_bytes_ref (image->payload);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is of type %s", key, image->type);
    return NULL;
}

static gboolean
check_image (Restore *self, plist_t answer, const char *key, const char *type, GError **error)
{
    g_autoptr (GBytes) file = pr_virtual_dict_bytes (answer, key);
    g_autoptr (GBytes) payload = open_image (self, file, key, type, error);

    return payload != NULL;
}

static gboolean
ask_image (Restore *self, const char *kind, const char *key, const char *type, GError **error)
{
    g_auto (plist_t) answer = ask (self, kind, NULL, NULL, error);

    return answer != NULL && check_image (self, answer, key, type, error);
}

static gboolean
get_root_ticket (Restore *self, GError **error)
{
    g_auto (plist_t) answer = ask (self, "RootTicket", NULL, NULL, error);
    g_autoptr (GBytes) nonce = pr_virtual_phone_ap_nonce (self->phone);
    g_autoptr (GBytes) ticket = NULL;

    if (answer == NULL)
        return FALSE;
    ticket = pr_virtual_dict_bytes (answer, "RootTicketData");
    if (ticket == NULL) {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The ticket is missing");
        return FALSE;
    }
    if (pr_virtual_ticket_check (ticket, pr_virtual_phone_identity (self->phone)->ecid, nonce, error))
        return TRUE;
    pr_virtual_phone_count (self->phone, "tickets-refused");
    return FALSE;
}

static gboolean
get_fud_image (Restore *self, const char *name, GError **error)
{
    g_auto (plist_t) answer = ask (self, "FUDData", "ImageName", name, error);

    return answer != NULL && check_image (self, answer, "FUDImageData", NULL, error);
}

static gboolean
get_fud (Restore *self, GError **error)
{
    g_auto (plist_t) answer = ask (self, "FUDData", "FUDImageList", NULL, error);
    plist_t list;

    if (answer == NULL)
        return FALSE;
    list = plist_dict_get_item (answer, "FUDImageList");
    for (guint i = 0; PLIST_IS_ARRAY (list) && i < plist_array_get_size (list); i++) {
        plist_t name = plist_array_get_item (list, i);

        if (PLIST_IS_STRING (name) && !get_fud_image (self, plist_get_string_ptr (name, NULL), error))
            return FALSE;
    }
    return TRUE;
}

/* From here on the old system cannot start any more; and with an erase nor is there anything left to read. */
static gboolean
create_filesystem (Restore *self, GError **error)
{
    if (!tell_checkpoint (self, 0x614, "create_filesystem_partitions", FALSE, error))
        return FALSE;
    pr_virtual_phone_erase_data (self->phone);
    pr_virtual_phone_set_system (self->phone, NULL, NULL, FALSE);
    return tell_checkpoint (self, 0x614, "create_filesystem_partitions", TRUE, error);
}

static gboolean
get_system_image (Restore *self, GError **error)
{
    pr_virtual_phone_set_system (self->phone, NULL, NULL, FALSE);
    pr_virtual_asr_expect ();
    if (!send_request (self, "SystemImageData", NULL, NULL, error))
        return FALSE;
    self->image_sha256 = pr_virtual_asr_wait (self->phone, self->fd, error);
    return self->image_sha256 != NULL;
}

/* The root hash is signed, and here it holds the SHA-256 of the system image. */
static gboolean
get_root_hash (Restore *self, GError **error)
{
    g_auto (plist_t) answer = ask (self, "SystemImageRootHash", NULL, NULL, error);
    g_autoptr (GBytes) file = NULL;
    g_autoptr (GBytes) payload = NULL;
    gsize size;
    const char *data;

    if (answer == NULL)
        return FALSE;
    file = pr_virtual_dict_bytes (answer, "SystemImageRootHashFile");
    payload = open_image (self, file, "SystemImageRootHashFile", "isys", error);
    if (payload == NULL)
        return FALSE;
    data = g_bytes_get_data (payload, &size);
    if (size == strlen (self->image_sha256) && memcmp (data, self->image_sha256, size) == 0)
        return TRUE;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The system image is not the one that was signed");
    return FALSE;
}

static gboolean
get_canonical_metadata (Restore *self, GError **error)
{
    return ask_image (self, "SystemImageCanonicalMetadata", "SystemImageCanonicalMetadataFile", "msys", error);
}

static gboolean
get_kernel (Restore *self, GError **error)
{
    return ask_image (self, "KernelCache", "KernelCacheFile", "krnl", error);
}

static gboolean
get_device_tree (Restore *self, GError **error)
{
    return ask_image (self, "DeviceTree", "DeviceTreeFile", "dtre", error);
}

static gboolean
check_nor_images (Restore *self, plist_t images, GError **error)
{
    g_autofree void *iter = NULL;
    gboolean good = TRUE;

    if (!PLIST_IS_DICT (images))
        return TRUE;
    plist_dict_new_iter (images, &iter);
    while (good) {
        char *key = NULL;
        plist_t value = NULL;

        plist_dict_next_item (images, iter, &key, &value);
        if (key == NULL)
            break;
        good = check_image (self, images, key, NULL, error);
        plist_mem_free (key);
    }
    return good;
}

static gboolean
get_nor (Restore *self, GError **error)
{
    g_auto (plist_t) answer = ask (self, "NORData", "FlashVersion1", NULL, error);

    return answer != NULL && check_image (self, answer, "LlbImageData", "illb", error) &&
           check_nor_images (self, plist_dict_get_item (answer, "NorImageData"), error) &&
           check_image (self, answer, "RestoreSEPImageData", "rsep", error) &&
           check_image (self, answer, "SEPImageData", "sepi", error);
}

static gboolean
get_fdr_trust (Restore *self, GError **error)
{
    g_auto (plist_t) answer = ask (self, "FDRTrustData", NULL, NULL, error);

    return answer != NULL;
}

static gboolean
load_sep (Restore *self, GError **error)
{
    return tell_checkpoint (self, 0x647, "load_sep_os", FALSE, error) &&
           tell_checkpoint (self, 0x647, "load_sep_os", TRUE, error);
}

/* The faults status and amr-error. */
static gboolean
meet_fault (Restore *self, GError **error)
{
    int status = (int) pr_virtual_phone_fault_number (self->phone, "status", 0);

    if (status == 0)
        return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The phone could not verify its system (status %d)", status);
    return FALSE;
}

/* --- The course of a restore; the share of the upload is in pr-virtual-asr.c --- */

static const Step steps[] = {
    { "logs", 44, 0.01, FALSE, load_sep, ALWAYS },
    { "ticket", 0, 0, FALSE, get_root_ticket, ALWAYS },
    { "nand", 28, 0.03, FALSE, get_fud, ALWAYS },
    { "fud", 36, 0.05, TRUE, NULL, ALWAYS },
    { "nand-firmware", 58, 0.03, FALSE, NULL, ALWAYS },
    { "partitions", 11, 0.03, FALSE, NULL, WHEN_ERASING },
    { "filesystem", 12, 0.05, FALSE, create_filesystem, WHEN_ERASING },
    { "check-data", 15, 0.05, FALSE, NULL, WHEN_UPDATING },
    { "system-image", 0, 0, FALSE, get_system_image, ALWAYS },
    { "status", 0, 0, FALSE, meet_fault, ALWAYS },
    { "verify", 14, 0.15, TRUE, NULL, ALWAYS },
    { "check", 15, 0.05, FALSE, get_root_hash, ALWAYS },
    { "metadata", 0, 0, FALSE, get_canonical_metadata, ALWAYS },
    { "seal", 77, 0.04, FALSE, NULL, ALWAYS },
    { "mount", 16, 0.02, FALSE, get_kernel, ALWAYS },
    { "kernel", 27, 0.02, FALSE, get_device_tree, ALWAYS },
    { "device-tree", 61, 0.02, FALSE, get_nor, ALWAYS },
    { "firmware", 18, 0.1, TRUE, get_fdr_trust, ALWAYS },
    { "baseband", 19, 0.05, TRUE, NULL, ALWAYS },
    { "migrate", 41, 0.03, FALSE, NULL, WHEN_UPDATING },
    { "var", 17, 0.03, FALSE, NULL, ALWAYS },
    { "key-bag", 50, 0.01, FALSE, NULL, ALWAYS },
    { "unmount", 29, 0.01, FALSE, NULL, ALWAYS },
};

static gboolean
do_counted_work (Restore *self, const Step *step, double seconds, GError **error)
{
    for (int percent = 10; percent <= 100; percent += 10) {
        pr_virtual_phone_work (self->phone, seconds / 10);
        if (!tell_progress (self, step->operation, percent, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
do_step (Restore *self, const Step *step, GError **error)
{
    double seconds = step->share * pr_virtual_phone_setting_number (self->phone, "pace", "seconds", 20);

    pr_virtual_phone_saw (self->phone, "step", "name", step->name, NULL);
    if (step->operation != 0 && !tell_progress (self, step->operation, 0, error))
        return FALSE;
    if (step->counted && !do_counted_work (self, step, seconds, error))
        return FALSE;
    if (!step->counted)
        pr_virtual_phone_work (self->phone, seconds);
    return step->run == NULL || step->run (self, error);
}

static gboolean
do_steps (Restore *self, GError **error)
{
    When other = self->erases ? WHEN_UPDATING : WHEN_ERASING;

    for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
        if (pr_virtual_phone_mode (self->phone) != PR_VIRTUAL_RESTORE) {
            g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The phone was restarted");
            return FALSE;
        }
        if (steps[i].when != other && !do_step (self, &steps[i], error))
            return FALSE;
    }
    return TRUE;
}

/* --- Its beginning and its end --- */

/* What the ramdisk is, it says in a key file at its start, which ends in a zero byte. */
static gboolean
read_ramdisk (Restore *self, GError **error)
{
    g_autofree char *path = g_build_filename (pr_virtual_phone_folder (self->phone), "ramdisk", NULL);
    g_autofree char *text = NULL;
    g_autofree char *behavior = NULL;
    g_autoptr (GKeyFile) file = g_key_file_new ();

    if (!g_file_get_contents (path, &text, NULL, error) ||
        !g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, error))
        return FALSE;
    behavior = g_key_file_get_string (file, "ramdisk", "behavior", error);
    self->version = g_key_file_get_string (file, "ramdisk", "version", NULL);
    self->build = g_key_file_get_string (file, "ramdisk", "build", NULL);
    self->erases = g_strcmp0 (behavior, "Update") != 0;
    return behavior != NULL;
}

static void
tell_status (Restore *self, int status, const GError *failure)
{
    g_auto (plist_t) message = new_message ("StatusMsg");
    int amr_error = (int) pr_virtual_phone_fault_number (self->phone, "amr-error", status);

    plist_dict_set_item (message, "Status", plist_new_int (status));
    if (status != 0)
        plist_dict_set_item (message, "AMRError", plist_new_int (amr_error));
    if (failure != NULL)
        plist_dict_set_item (message, "Log", plist_new_string (failure->message));
    pr_virtual_wire_send (self->fd, message);
}

static gboolean
wait_for_goodbye (Restore *self)
{
    for (;;) {
        g_auto (plist_t) message = pr_virtual_wire_receive (self->fd);
        g_auto (plist_t) reply = plist_new_dict ();

        if (message == NULL)
            return FALSE;
        if (pr_virtual_dict_text (message, "Request") == NULL)
            continue; /* ReceivedFinalStatusMsg */
        plist_dict_set_item (reply, "Result", plist_new_string ("Success"));
        return pr_virtual_wire_send (self->fd, reply);
    }
}

/* The new system starts by itself, whatever the boot loader was told before. */
static void
finish (Restore *self)
{
    pr_virtual_phone_setenv (self->phone, "auto-boot", "true");
    pr_virtual_phone_setenv (self->phone, "boot-args", "");
    pr_virtual_phone_saveenv (self->phone);
    pr_virtual_phone_set_system (self->phone, self->version, self->build, TRUE);
    pr_virtual_phone_saw (self->phone, "restore-finished", "kind", self->erases ? "erase" : "update", NULL);
    tell_status (self, 0, NULL);
    wait_for_goodbye (self);
}

static void
give_up (Restore *self, const GError *failure)
{
    int status = (int) pr_virtual_phone_fault_number (self->phone, "status", STATUS_FAIL);

    pr_virtual_phone_saw (self->phone, "restore-failed", "why", failure->message, NULL);
    if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
        g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    tell_status (self, status, failure);
    pr_virtual_phone_work (self->phone, STATUS_PAUSE);
}

/* A restore ends in a restart of the phone, unless somebody else restarted it. */
static void
restore (PrVirtualPhone *phone, int fd, plist_t request)
{
    Restore self = { .phone = phone, .fd = fd };
    g_autoptr (GError) failure = NULL;

    pr_virtual_phone_saw (phone, "restore-started", NULL);
    if (read_ramdisk (&self, &failure) && do_steps (&self, &failure))
        finish (&self);
    else
        give_up (&self, failure);
    if (pr_virtual_phone_mode (phone) == PR_VIRTUAL_RESTORE && !pr_virtual_phone_ending (phone))
        pr_virtual_phone_boot (phone, pr_virtual_phone_boot_target (phone), START_PAUSE);
    g_free (self.version);
    g_free (self.build);
    g_free (self.image_sha256);
}

/* --- Questions before it --- */

static plist_t
describe_type (PrVirtualPhone *phone)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (phone);
    g_autofree char *model = g_ascii_strup (identity->board, -1);
    plist_t reply = plist_new_dict ();

    plist_dict_set_item (reply, "Type", plist_new_string ("com.apple.mobile.restored"));
    plist_dict_set_item (reply, "RestoreProtocolVersion", plist_new_uint (PROTOCOL_VERSION));
    plist_dict_set_item (reply, "HardwareModel", plist_new_string (model));
    plist_dict_set_item (reply, "SerialNumber", plist_new_string (identity->serial));
    return reply;
}

static plist_t
describe_hardware (PrVirtualPhone *phone)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (phone);
    plist_t hardware = plist_new_dict ();

    plist_dict_set_item (hardware, "BoardID", plist_new_uint (identity->board_id));
    plist_dict_set_item (hardware, "ChipID", plist_new_uint (identity->chip_id));
    plist_dict_set_item (hardware, "UniqueChipID", plist_new_uint (identity->ecid));
    plist_dict_set_item (hardware, "ProductionMode", plist_new_bool (1));
    plist_dict_set_item (hardware, "SupportsImage4", plist_new_bool (1));
    return hardware;
}

static plist_t
answer (PrVirtualPhone *phone, plist_t message, const char *request)
{
    plist_t reply;

    if (g_str_equal (request, "QueryType"))
        return describe_type (phone);
    reply = plist_new_dict ();
    if (!g_str_equal (request, "QueryValue"))
        plist_dict_set_item (reply, "Result", plist_new_string ("Success"));
    else if (g_strcmp0 (pr_virtual_dict_text (message, "QueryKey"), "HardwareInfo") == 0)
        plist_dict_set_item (reply, "HardwareInfo", describe_hardware (phone));
    return reply;
}

/* Answers one request. FALSE: the conversation is over. */
static gboolean
serve_request (PrVirtualPhone *phone, int fd)
{
    g_auto (plist_t) message = pr_virtual_wire_receive (fd);
    g_auto (plist_t) reply = NULL;
    const char *request = message != NULL ? pr_virtual_dict_text (message, "Request") : NULL;

    if (request == NULL)
        return FALSE;
    pr_virtual_phone_saw (phone, "restored", "request", request, NULL);
    if (g_str_equal (request, "StartRestore")) {
        restore (phone, fd, message);
        return FALSE;
    }
    reply = answer (phone, message, request);
    if (!pr_virtual_wire_send (fd, reply))
        return FALSE;
    if (g_str_equal (request, "Reboot"))
        pr_virtual_phone_boot (phone, pr_virtual_phone_boot_target (phone), START_PAUSE);
    return !g_str_equal (request, "Goodbye") && !g_str_equal (request, "Reboot");
}

void
pr_virtual_restored_serve (PrVirtualPhone *phone, int fd)
{
    while (serve_request (phone, fd))
        continue;
}
