// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-ipsw.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>
#include <glib/gstdio.h>

#include "pr-virtual-img4.h"
#include "pr-virtual-wire.h"

#define IMAGE "094-54321-001.dmg"
#define DOS_DATE ((44 << 9) | (7 << 5) | 29) /* of every entry: 2024-07-29 */

typedef enum {
    LOADED_BY_IBOOT = 1 << 0,
    FIRMWARE_PAYLOAD = 1 << 1,
    FUD = 1 << 2,
} Flags;

typedef struct {
    const char *name; /* in the manifest */
    const char *path; /* %s: the board */
    const char *type; /* in the file */
    const char *sent; /* the type under which idevicerestore sends it; NULL: the same */
    guint kib;        /* of payload */
    Flags flags;
} Component;

typedef struct {
    PrVirtualPhone *phone;
    char *product, *board, *version, *build;
    guint chip_id, board_id;
    zip_t *zip;
    GHashTable *files; /* path → GBytes: what the archive holds, alive until it is closed */
    gboolean deflated;
    char *image_sha256;
} Maker;

/* What differs between an erase and an update is the ramdisk alone, as in Apple's. */
static const Component components[] = {
    { "AOP", "Firmware/AOP/aopfw-virtual.im4p", "aopf", NULL, 30, LOADED_BY_IBOOT | FUD },
    { "AppleLogo", "Firmware/all_flash/applelogo@2x~iphone.im4p", "logo", NULL, 12, FIRMWARE_PAYLOAD },
    { "Ap,SystemVolumeCanonicalMetadata", "Firmware/" IMAGE ".mtree", "msys", NULL, 8, 0 },
    { "BatteryLow0", "Firmware/all_flash/batterylow0@2x~iphone.im4p", "bat0", NULL, 12, FIRMWARE_PAYLOAD },
    { "DeviceTree", "Firmware/all_flash/DeviceTree.%s.im4p", "dtre", NULL, 40, FIRMWARE_PAYLOAD },
    { "KernelCache", "kernelcache.release.%s", "krnl", NULL, 600, 0 },
    { "LLB", "Firmware/all_flash/LLB.%s.RELEASE.im4p", "illb", NULL, 60, 0 },
    { "RecoveryMode", "Firmware/all_flash/recoverymode@2x~iphone.im4p", "recm", NULL, 12, FIRMWARE_PAYLOAD },
    { "RestoreDeviceTree", "Firmware/all_flash/DeviceTree.%s.im4p", "dtre", "rdtr", 40, 0 },
    { "RestoreKernelCache", "kernelcache.release.%s", "krnl", "rkrn", 600, 0 },
    { "RestoreLogo", "Firmware/all_flash/applelogo@2x~iphone.im4p", "logo", "rlgo", 12, 0 },
    { "RestoreSEP", "Firmware/all_flash/sep-firmware.%s.RELEASE.im4p", "sepi", "rsep", 90, 0 },
    { "RestoreTrustCache", "Firmware/094-12345-001.dmg.trustcache", "trst", "rtsc", 3, LOADED_BY_IBOOT },
    { "SEP", "Firmware/all_flash/sep-firmware.%s.RELEASE.im4p", "sepi", NULL, 90, 0 },
    { "StaticTrustCache", "Firmware/" IMAGE ".trustcache", "trst", NULL, 3, FIRMWARE_PAYLOAD },
    { "iBEC", "Firmware/dfu/iBEC.%s.RELEASE.im4p", "ibec", NULL, 215, 0 },
    { "iBSS", "Firmware/dfu/iBSS.%s.RELEASE.im4p", "ibss", NULL, 120, 0 },
    { "iBoot", "Firmware/all_flash/iBoot.%s.RELEASE.im4p", "ibot", NULL, 180, FIRMWARE_PAYLOAD },
};
static const Component erase_ramdisk = { "RestoreRamDisk", "094-12345-001.dmg", "rdsk", NULL, 680, 0 };
static const Component update_ramdisk = { "RestoreRamDisk", "094-12345-002.dmg", "rdsk", NULL, 680, 0 };

/* --- Contents --- */

/* Bytes that look like nothing and compress badly, always the same for @seed (xorshift64). */
static void
fill (guint8 *data, gsize size, const char *seed)
{
    guint64 state = 0x9e3779b97f4a7c15;

    for (const char *at = seed; *at != '\0'; at++)
        state = (state ^ (guint8) *at) * 0x100000001b3;
    for (gsize i = 0; i < size; i++) {
        if (i % 8 == 0) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }
        data[i] = state >> (8 * (i % 8));
    }
}

/* @start, a zero byte, and numbers up to @size. */
static GBytes *
make_payload (const char *start, gsize size)
{
    guint8 *data = g_malloc (size);

    fill (data, size, start);
    g_strlcpy ((char *) data, start, size);
    return g_bytes_new_take (data, size);
}

static char *
path_of (Maker *self, const Component *component)
{
    g_auto (GStrv) parts = g_strsplit (component->path, "%s", 2);

    return g_strjoinv (self->board, parts);
}

/* The key file at the start of a ramdisk. */
static char *
ramdisk_text (Maker *self, const Component *ramdisk)
{
    return g_strdup_printf ("[ramdisk]\nbehavior=%s\nversion=%s\nbuild=%s\n",
                            ramdisk == &erase_ramdisk ? "Erase" : "Update", self->version, self->build);
}

static GBytes *
payload_of (Maker *self, const Component *component, const char *path)
{
    g_autofree char *text = NULL;

    if (g_str_has_suffix (path, IMAGE ".root_hash"))
        return g_bytes_new (self->image_sha256, strlen (self->image_sha256));
    if (g_str_equal (component->type, "rdsk"))
        text = ramdisk_text (self, component);
    else
        text = g_strdup_printf ("%s %s %s", path, self->version, self->build);
    return make_payload (text, component->kib * 1024);
}

/* The digest under which the ticket will know it: of the file as it is sent. */
static GBytes *
digest_as_sent (const Component *component, const char *path, GBytes *payload)
{
    g_autoptr (GBytes) im4p =
        pr_virtual_im4p_new (component->sent != NULL ? component->sent : component->type, path, payload);

    return pr_virtual_im4p_digest (im4p);
}

/* --- The archive --- */

static gboolean
fail_zip (Maker *self, GError **error)
{
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, zip_strerror (self->zip));
    return FALSE;
}

/* Under @path, once. Stored, as Apple stores the system image, unless @deflated. */
static gboolean
add_file (Maker *self, const char *path, GBytes *bytes, gboolean deflated, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data (bytes, &size);
    zip_source_t *source;
    zip_int64_t index;

    if (g_hash_table_contains (self->files, path))
        return TRUE;
    g_hash_table_insert (self->files, g_strdup (path), g_bytes_ref (bytes));
    source = zip_source_buffer (self->zip, data, size, 0);
    if (source == NULL)
        return fail_zip (self, error);
    index = zip_file_add (self->zip, path, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free (source);
        return fail_zip (self, error);
    }
    zip_file_set_dostime (self->zip, index, 0, DOS_DATE, 0);
    zip_set_file_compression (self->zip, index, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, deflated ? 1 : 0);
    return TRUE;
}

static gboolean
add_plist (Maker *self, const char *path, plist_t plist, GError **error)
{
    g_autoptr (GBytes) bytes = NULL;
    char *text = NULL;
    guint32 length = 0;

    plist_to_xml (plist, &text, &length);
    bytes = g_bytes_new_with_free_func (text, length, plist_mem_free, text);
    return add_file (self, path, bytes, TRUE, error);
}

static gboolean
add_image (Maker *self, GError **error)
{
    gsize size = MAX (1, pr_virtual_phone_setting_number (self->phone, "firmware", "size-mib", 8)) * 1024 * 1024;
    g_autofree char *start = g_strdup_printf ("system %s", self->build);
    g_autoptr (GBytes) image = make_payload (start, size);

    self->image_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, image);
    return add_file (self, IMAGE, image, self->deflated, error);
}

/* --- The manifest --- */

static void
set_flag (plist_t dict, const char *key, gboolean value)
{
    if (value)
        plist_dict_set_item (dict, key, plist_new_bool (1));
}

/* Adds the file and its entry in @manifest. */
static gboolean
add_component (Maker *self, plist_t manifest, const Component *component, GError **error)
{
    g_autofree char *path = path_of (self, component);
    g_autoptr (GBytes) payload = payload_of (self, component, path);
    g_autoptr (GBytes) im4p = pr_virtual_im4p_new (component->type, path, payload);
    g_autoptr (GBytes) digest = digest_as_sent (component, path, payload);
    plist_t entry = plist_new_dict ();
    plist_t info = plist_new_dict ();

    plist_dict_set_item (info, "Path", plist_new_string (path));
    set_flag (info, "IsLoadedByiBoot", component->flags & LOADED_BY_IBOOT);
    set_flag (info, "IsFirmwarePayload", component->flags & FIRMWARE_PAYLOAD);
    set_flag (info, "IsFUDFirmware", component->flags & FUD);
    pr_virtual_dict_set_bytes (entry, "Digest", digest);
    plist_dict_set_item (entry, "Trusted", plist_new_bool (1));
    plist_dict_set_item (entry, "Info", info);
    plist_dict_set_item (manifest, component->name, entry);
    return add_file (self, path, im4p, TRUE, error);
}

/* The root hash is made of the system image, so it is no row of the table. */
static gboolean
add_system_volume (Maker *self, plist_t manifest, GError **error)
{
    static const Component root_hash = { "SystemVolume", "Firmware/" IMAGE ".root_hash", "isys", NULL, 1, 0 };
    plist_t entry = plist_new_dict ();
    plist_t info = plist_new_dict ();

    plist_dict_set_item (info, "Path", plist_new_string (IMAGE));
    plist_dict_set_item (entry, "Info", info);
    plist_dict_set_item (manifest, "OS", entry);
    return add_component (self, manifest, &root_hash, error);
}

static plist_t
describe_variant (Maker *self, gboolean erases)
{
    plist_t info = plist_new_dict ();

    plist_dict_set_item (info, "BuildNumber", plist_new_string (self->build));
    plist_dict_set_item (info, "BuildTrain", plist_new_string ("Virtual"));
    plist_dict_set_item (info, "DeviceClass", plist_new_string (self->board));
    plist_dict_set_item (info, "RestoreBehavior", plist_new_string (erases ? "Erase" : "Update"));
    plist_dict_set_item (info, "Variant",
                         plist_new_string (erases ? "Customer Erase Install (IPSW)"
                                                  : "Customer Upgrade Install (IPSW)"));
    return info;
}

static void
set_hex (plist_t dict, const char *key, guint value)
{
    g_autofree char *text = g_strdup_printf ("0x%02X", value);

    plist_dict_set_item (dict, key, plist_new_string (text));
}

/* Twenty bytes that only this build and variant has. */
static GBytes *
build_id (Maker *self, gboolean erases)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
    guint8 octets[20];
    gsize size = sizeof octets;
    g_autofree char *text = g_strdup_printf ("%s %s %s", self->product, self->build, erases ? "Erase" : "Update");

    g_checksum_update (sum, (const guint8 *) text, -1);
    g_checksum_get_digest (sum, octets, &size);
    return g_bytes_new (octets, size);
}

static plist_t
make_identity (Maker *self, gboolean erases, GError **error)
{
    g_auto (plist_t) identity = plist_new_dict ();
    g_autoptr (GBytes) id = build_id (self, erases);
    g_autofree char *long_version = g_strdup_printf ("%s.0.0,0", self->build);
    plist_t manifest = plist_new_dict ();

    set_hex (identity, "ApBoardID", self->board_id);
    set_hex (identity, "ApChipID", self->chip_id);
    set_hex (identity, "ApSecurityDomain", 1);
    plist_dict_set_item (identity, "Ap,OSLongVersion", plist_new_string (long_version));
    plist_dict_set_item (identity, "Info", describe_variant (self, erases));
    plist_dict_set_item (identity, "Manifest", manifest);
    plist_dict_set_item (identity, "ProductMarketingVersion", plist_new_string (self->version));
    pr_virtual_dict_set_bytes (identity, "UniqueBuildID", id);
    for (guint i = 0; i < G_N_ELEMENTS (components); i++) {
        if (!add_component (self, manifest, &components[i], error))
            return NULL;
    }
    if (!add_component (self, manifest, erases ? &erase_ramdisk : &update_ramdisk, error) ||
        !add_system_volume (self, manifest, error))
        return NULL;
    return g_steal_pointer (&identity);
}

/* What both plists of an archive say. */
static plist_t
describe_firmware (Maker *self)
{
    plist_t firmware = plist_new_dict ();
    plist_t products = plist_new_array ();

    plist_array_append_item (products, plist_new_string (self->product));
    plist_dict_set_item (firmware, "SupportedProductTypes", products);
    plist_dict_set_item (firmware, "ProductVersion", plist_new_string (self->version));
    plist_dict_set_item (firmware, "ProductBuildVersion", plist_new_string (self->build));
    return firmware;
}

static gboolean
add_manifest (Maker *self, gboolean updates, GError **error)
{
    g_auto (plist_t) manifest = describe_firmware (self);
    plist_t identities = plist_new_array ();

    plist_dict_set_item (manifest, "BuildIdentities", identities);
    plist_dict_set_item (manifest, "ManifestVersion", plist_new_uint (0));
    for (guint i = 0; i < (updates ? 2 : 1); i++) {
        plist_t identity = make_identity (self, i == 0, error);

        if (identity == NULL)
            return FALSE;
        plist_array_append_item (identities, identity);
    }
    return add_plist (self, "BuildManifest.plist", manifest, error);
}

static gboolean
add_restore_plist (Maker *self, GError **error)
{
    g_auto (plist_t) restore = describe_firmware (self);
    plist_t images = plist_new_dict ();

    plist_dict_set_item (images, "User", plist_new_string (IMAGE));
    plist_dict_set_item (restore, "SystemRestoreImages", images);
    plist_dict_set_item (restore, "ProductType", plist_new_string (self->product));
    return add_plist (self, "Restore.plist", restore, error);
}

/* --- All of it --- */

static void
set_up (Maker *self, PrVirtualPhone *phone, const char *kind)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (phone);
    gboolean other = g_str_equal (kind, "other-model");

    self->phone = phone;
    self->product = g_strdup (other ? "iPhone13,2" : identity->product);
    self->board = g_strdup (other ? "d53gap" : identity->board);
    self->chip_id = other ? 0x8101 : identity->chip_id;
    self->board_id = other ? 0x0c : identity->board_id;
    self->version = pr_virtual_phone_setting (phone, "firmware", "version", "17.6.1");
    self->build = pr_virtual_phone_setting (phone, "firmware", "build", "21G93");
    self->deflated = pr_virtual_phone_setting_flag (phone, "firmware", "deflated", FALSE);
    self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

static void
tear_down (Maker *self)
{
    if (self->zip != NULL)
        zip_discard (self->zip);
    g_hash_table_unref (self->files);
    g_free (self->product);
    g_free (self->board);
    g_free (self->version);
    g_free (self->build);
    g_free (self->image_sha256);
}

static gboolean
open_zip (Maker *self, const char *path, GError **error)
{
    int code = 0;

    self->zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (self->zip != NULL)
        return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be written (libzip %d)", path, code);
    return FALSE;
}

static gboolean
write_archive (Maker *self, const char *path, gboolean updates, GError **error)
{
    if (!open_zip (self, path, error) || !add_image (self, error) || !add_manifest (self, updates, error) ||
        !add_restore_plist (self, error))
        return FALSE;
    if (zip_close (self->zip) != 0)
        return fail_zip (self, error);
    self->zip = NULL;
    return TRUE;
}

/* As a download that was broken off leaves it. */
static gboolean
cut (const char *path, GError **error)
{
    GStatBuf status;

    if (g_stat (path, &status) == 0 && truncate (path, status.st_size / 2) == 0)
        return TRUE;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path, g_strerror (errno));
    return FALSE;
}

gboolean
pr_virtual_ipsw_make (PrVirtualPhone *phone, const char *folder, GError **error)
{
    g_autofree char *kind = pr_virtual_phone_setting (phone, "firmware", "kind", "both");
    g_autofree char *name = NULL;
    g_autofree char *path = NULL;
    Maker maker = { 0 };
    gboolean good;

    if (g_mkdir_with_parents (folder, 0700) != 0) {
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
        return FALSE;
    }
    set_up (&maker, phone, kind);
    name = g_strdup_printf ("%s_%s_%s_Restore.ipsw", maker.product, maker.version, maker.build);
    path = g_build_filename (folder, name, NULL);
    good = write_archive (&maker, path, !g_str_equal (kind, "erase-only"), error) &&
           (!g_str_equal (kind, "truncated") || cut (path, error));
    tear_down (&maker);
    return good;
}
