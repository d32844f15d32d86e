// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-iboot.h"

#include <string.h>

#include "pr-virtual-img4.h"

#define FILE_LIMIT (256 * 1024 * 1024) /* bytes; a real ramdisk has some 100 MB */
#define LEAVES_AFTER (64 * 1024)       /* bytes of iBEC that arrive before the fault gone-in-ibec */
#define RETURN_PAUSE 1.3               /* seconds that a boot stage needs to come back */
#define RESTORE_PAUSE 2.0              /* and that the restore system needs */

/* USB DFU 1.1, table 6.1.2 */
enum {
    DFU_IDLE = 2,
    DFU_DOWNLOAD_IDLE = 5,
    DFU_MANIFEST = 7,
    DFU_MANIFEST_WAIT_RESET = 8,
};

struct _PrVirtualIboot {
    gint references;
    GMutex mutex;
    PrVirtualPhone *phone;
    PrVirtualMode mode;
    GByteArray *file; /* being received, or received and not used by a command yet */
    char *answer;
    guint8 download_state;
    gboolean has_ramdisk, has_device_tree; /* loaded and trusted */
    gboolean leaving;                      /* on its way off the bus: takes nothing any more */
};

PrVirtualIboot *
pr_virtual_iboot_new (PrVirtualPhone *phone, PrVirtualMode mode)
{
    PrVirtualIboot *self = g_new0 (PrVirtualIboot, 1);

    self->references = 1;
    g_mutex_init (&self->mutex);
    self->phone = phone;
    self->mode = mode;
    self->file = g_byte_array_new ();
    self->download_state = DFU_IDLE;
    return self;
}

PrVirtualIboot *
pr_virtual_iboot_ref (PrVirtualIboot *self)
{
    g_atomic_int_inc (&self->references);
    return self;
}

void
pr_virtual_iboot_unref (PrVirtualIboot *self)
{
    if (!g_atomic_int_dec_and_test (&self->references))
        return;
    g_mutex_clear (&self->mutex);
    g_byte_array_unref (self->file);
    g_free (self->answer);
    g_free (self);
}

static char *
hex (GBytes *bytes)
{
    GString *text = g_string_new (NULL);
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    for (gsize i = 0; i < size; i++)
        g_string_append_printf (text, "%02X", data[i]);
    return g_string_free (text, FALSE);
}

/* The fields as libirecovery reads them; bit 2 of IBFL says that it knows Image4. */
char *
pr_virtual_iboot_serial (PrVirtualPhone *phone, PrVirtualMode mode)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (phone);
    g_autofree char *start =
        g_strdup_printf ("CPID:%04X CPRV:11 CPFM:03 SCEP:01 BDID:%02X ECID:%016" G_GINT64_MODIFIER "X",
                         identity->chip_id, identity->board_id, identity->ecid);

    if (mode == PR_VIRTUAL_DFU)
        return g_strconcat (start, " IBFL:3C SRTG:[iBoot-7459.0.0.132.1]", NULL);
    return g_strconcat (start, " IBFL:1D SRNM:[", identity->serial, "]", NULL);
}

char *
pr_virtual_iboot_nonces (PrVirtualPhone *phone)
{
    g_autoptr (GBytes) ap_nonce = pr_virtual_phone_ap_nonce (phone);
    g_autoptr (GBytes) sep_nonce = pr_virtual_phone_sep_nonce (phone);
    g_autofree char *ap = hex (ap_nonce);
    g_autofree char *sep = hex (sep_nonce);

    return g_strdup_printf (" NONC:%s SNON:%s", ap, sep);
}

/* --- Commands --- */

static const char *
boot_stage (PrVirtualIboot *self)
{
    if (self->mode == PR_VIRTUAL_IBSS)
        return "1";
    return self->mode == PR_VIRTUAL_IBEC ? "2" : "0";
}

/* Values that are the boot loader's own; all others are NVRAM. */
static char *
look_up (PrVirtualIboot *self, const char *name)
{
    static const struct {
        const char *name, *value;
    } own[] = {
        { "build-version", "iBoot-10151.140.19" },
        { "build-style", "RELEASE" },
        { "ramdisk-size", "0x20000000" },
    };

    if (g_str_equal (name, "boot-stage"))
        return g_strdup (boot_stage (self));
    for (guint i = 0; i < G_N_ELEMENTS (own); i++) {
        if (g_str_equal (name, own[i].name))
            return g_strdup (own[i].value);
    }
    return pr_virtual_phone_getenv (self->phone, name);
}

static gboolean
get_value (PrVirtualIboot *self, const char *name)
{
    g_free (self->answer);
    self->answer = look_up (self, name);
    return TRUE;
}

static gboolean
set_value (PrVirtualIboot *self, const char *arguments)
{
    g_auto (GStrv) parts = g_strsplit (arguments, " ", 2);

    if (parts[0] == NULL || *parts[0] == '\0')
        return FALSE;
    pr_virtual_phone_setenv (self->phone, parts[0], parts[1] != NULL ? parts[1] : "");
    return TRUE;
}

static gboolean
save_values (PrVirtualIboot *self, const char *arguments)
{
    pr_virtual_phone_saveenv (self->phone);
    return TRUE;
}

static void
leave (PrVirtualIboot *self, PrVirtualMode mode, double pause)
{
    self->leaving = TRUE;
    pr_virtual_phone_boot (self->phone, mode, pause);
}

static gboolean
restart (PrVirtualIboot *self, const char *arguments)
{
    leave (self, pr_virtual_phone_boot_target (self->phone), RESTORE_PAUSE);
    return TRUE;
}

/* Checks and takes away the file that was sent last; NULL when it is none of @types or not trusted. */
static PrVirtualImage *
use_file (PrVirtualIboot *self, const char *const *types)
{
    g_autoptr (GBytes) file = g_byte_array_free_to_bytes (g_steal_pointer (&self->file));
    g_autoptr (PrVirtualImage) image = NULL;
    g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, file);
    g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (file));

    self->file = g_byte_array_new ();
    image = pr_virtual_image_open (self->phone, file, NULL);
    pr_virtual_phone_saw (self->phone, "file", "type", image != NULL ? image->type : "refused", "size", size, "sha256",
                          digest, NULL);
    if (image == NULL || (types != NULL && !g_strv_contains (types, image->type)))
        return NULL;
    return g_steal_pointer (&image);
}

static gboolean
start_stage (PrVirtualIboot *self, const char *arguments)
{
    static const char *const types[] = { "ibec", "ibss", NULL };
    g_autoptr (PrVirtualImage) image = use_file (self, types);
    g_autofree char *lost = pr_virtual_phone_fault (self->phone, "ibec-never-returns");

    if (image == NULL)
        return FALSE;
    leave (self, lost != NULL ? PR_VIRTUAL_OFF : PR_VIRTUAL_IBEC, RETURN_PAUSE);
    return TRUE;
}

/* Where the restore system finds its ramdisk. */
static gboolean
keep_ramdisk (PrVirtualIboot *self, GBytes *payload)
{
    g_autofree char *path = g_build_filename (pr_virtual_phone_folder (self->phone), "ramdisk", NULL);
    gsize size;
    const char *data = g_bytes_get_data (payload, &size);

    return g_file_set_contents (path, data, size, NULL);
}

static gboolean
load_ramdisk (PrVirtualIboot *self, const char *arguments)
{
    static const char *const types[] = { "rdsk", NULL };
    g_autoptr (PrVirtualImage) image = use_file (self, types);

    self->has_ramdisk = image != NULL && keep_ramdisk (self, image->payload);
    return self->has_ramdisk;
}

static gboolean
load_device_tree (PrVirtualIboot *self, const char *arguments)
{
    static const char *const types[] = { "rdtr", NULL };
    g_autoptr (PrVirtualImage) image = use_file (self, types);

    self->has_device_tree = image != NULL;
    return self->has_device_tree;
}

static gboolean
load_sep (PrVirtualIboot *self, const char *arguments)
{
    static const char *const types[] = { "rsep", NULL };
    g_autoptr (PrVirtualImage) image = use_file (self, types);

    return image != NULL;
}

static gboolean
load_firmware (PrVirtualIboot *self, const char *arguments)
{
    g_autoptr (PrVirtualImage) image = use_file (self, NULL);

    return image != NULL;
}

/* With a file before it, that is the picture; else one that it has. */
static gboolean
show_picture (PrVirtualIboot *self, const char *arguments)
{
    return self->file->len == 0 || load_firmware (self, arguments);
}

static gboolean
start_restore (PrVirtualIboot *self, const char *arguments)
{
    static const char *const types[] = { "rkrn", NULL };
    g_autoptr (PrVirtualImage) image = use_file (self, types);
    g_autofree char *lost = pr_virtual_phone_fault (self->phone, "restore-mode-never");

    if (image == NULL || !self->has_ramdisk || !self->has_device_tree)
        return FALSE;
    leave (self, lost != NULL ? PR_VIRTUAL_OFF : PR_VIRTUAL_RESTORE, RESTORE_PAUSE);
    return TRUE;
}

static gboolean
do_nothing (PrVirtualIboot *self, const char *arguments)
{
    return TRUE;
}

static const struct {
    const char *name;
    gboolean (*run) (PrVirtualIboot *self, const char *arguments);
} commands[] = {
    { "getenv", get_value },        { "setenv", set_value },
    { "setenvnp", set_value },      { "saveenv", save_values },
    { "go", start_stage },          { "bootx", start_restore },
    { "ramdisk", load_ramdisk },    { "devicetree", load_device_tree },
    { "rsepfirmware", load_sep },   { "firmware", load_firmware },
    { "setpicture", show_picture }, { "bgcolor", do_nothing },
    { "reboot", restart },          { "reset", restart },
    { "fsboot", restart },
};

static gboolean
run_command (PrVirtualIboot *self, const char *line)
{
    g_auto (GStrv) parts = g_strsplit (line, " ", 2);

    for (guint i = 0; i < G_N_ELEMENTS (commands) && parts[0] != NULL; i++) {
        if (g_str_equal (parts[0], commands[i].name))
            return commands[i].run (self, parts[1] != NULL ? parts[1] : "");
    }
    return TRUE; /* as a real one: it says "Permission Denied" on its screen, not on the bus */
}

gboolean
pr_virtual_iboot_command (PrVirtualIboot *self, const char *line)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
    gboolean good;

    if (self->leaving)
        return FALSE;
    pr_virtual_phone_saw (self->phone, "command", "line", line, NULL);
    good = run_command (self, line);
    if (!good)
        pr_virtual_phone_saw (self->phone, "command-refused", "line", line, NULL);
    return good;
}

GBytes *
pr_virtual_iboot_answer (PrVirtualIboot *self)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    if (self->answer == NULL || *self->answer == '\0')
        return g_bytes_new (NULL, 0);
    return g_bytes_new (self->answer, strlen (self->answer) + 1);
}

/* --- Files --- */

void
pr_virtual_iboot_begin_file (PrVirtualIboot *self)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    g_byte_array_set_size (self->file, 0);
}

static gboolean
cable_pulled (PrVirtualIboot *self)
{
    g_autofree char *gone = pr_virtual_phone_fault (self->phone, "gone-in-ibec");

    if (gone == NULL || self->mode != PR_VIRTUAL_RECOVERY || self->file->len < LEAVES_AFTER)
        return FALSE;
    self->leaving = TRUE;
    pr_virtual_phone_set_plugged (self->phone, FALSE);
    return TRUE;
}

gboolean
pr_virtual_iboot_take (PrVirtualIboot *self, const guint8 *data, gsize size)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    if (self->leaving || size > FILE_LIMIT - self->file->len || cable_pulled (self))
        return FALSE;
    if (size > 0)
        g_byte_array_append (self->file, data, size);
    return TRUE;
}

/* --- DFU --- */

void
pr_virtual_iboot_download (PrVirtualIboot *self, const guint8 *data, gsize size)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    if (size == 0) {
        self->download_state = DFU_MANIFEST;
        return;
    }
    if (self->download_state != DFU_DOWNLOAD_IDLE)
        g_byte_array_set_size (self->file, 0);
    if (size > FILE_LIMIT - self->file->len)
        return;
    g_byte_array_append (self->file, data, size);
    self->download_state = DFU_DOWNLOAD_IDLE;
}

guint8
pr_virtual_iboot_download_state (PrVirtualIboot *self)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    return self->download_state;
}

void
pr_virtual_iboot_status_told (PrVirtualIboot *self)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    if (self->download_state == DFU_MANIFEST)
        self->download_state = DFU_MANIFEST_WAIT_RESET;
}

void
pr_virtual_iboot_abort_download (PrVirtualIboot *self)
{
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    g_byte_array_set_size (self->file, 0);
    self->download_state = DFU_IDLE;
}

/* The suffix: 8 bytes of ids and version, "UFD", its length (16) and a CRC. */
static gboolean
drop_suffix (GByteArray *file)
{
    if (file->len < 16 || memcmp (file->data + file->len - 8, "UFD\x10", 4) != 0)
        return FALSE;
    g_byte_array_set_size (file, file->len - 16);
    return TRUE;
}

void
pr_virtual_iboot_bus_reset (PrVirtualIboot *self)
{
    static const char *const types[] = { "ibss", NULL };
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
    g_autoptr (PrVirtualImage) image = NULL;

    if (self->leaving || self->mode != PR_VIRTUAL_DFU || self->download_state < DFU_MANIFEST)
        return;
    self->download_state = DFU_IDLE;
    if (drop_suffix (self->file))
        image = use_file (self, types);
    if (image != NULL)
        leave (self, PR_VIRTUAL_IBSS, RETURN_PAUSE);
    else
        pr_virtual_phone_saw (self->phone, "command-refused", "line", "DFU reset", NULL);
}
