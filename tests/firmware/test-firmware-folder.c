// SPDX-License-Identifier: GPL-3.0-or-later
#include "shop.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-file-digest.h"

/* --- A folder and some files --- */

typedef struct {
    char *path;
    PrFirmwareFolder *folder;
    PrTestPhone *phone;
    char *original; /* the system made for this phone */
    PrFirmware *firmware;
} Fixture;

static char *
find_original (PrTestPhone *phone)
{
    const char *path = pr_test_phone_environment (phone, "FIRMWARE_FOLDER");
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

    return g_build_filename (path, g_dir_read_name (folder), NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
    struct stat status;

    fixture->path = pr_test_make_folder ();
    fixture->folder = pr_firmware_folder_new (fixture->path);
    fixture->phone = pr_test_phone_start ("anna");
    fixture->original = find_original (fixture->phone);
    g_autofree char *digest =
        pr_file_digest_compute (fixture->original, "0123456789012345678901234567890123456789", NULL, NULL);
    g_assert_no_errno (stat (fixture->original, &status));
    fixture->firmware = pr_firmware_new (&(PrFirmwareFacts) {
        .product_type = "iPhone14,7",
        .version = "17.6.1",
        .build = "21G93",
        .address = "https://localhost/iPhone14,7_17.6.1_21G93_Restore.ipsw",
        .digest = digest,
        .size = (guint64) status.st_size,
    });
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
    g_object_unref (fixture->firmware);
    g_object_unref (fixture->folder);
    pr_test_remove_folder (fixture->path);
    pr_test_phone_stop (fixture->phone);
    g_free (fixture->original);
    g_free (fixture->path);
}

/* (transfer full): a copy of the original by a name of its own, as a person puts it there */
static char *
drop_in (Fixture *fixture, const char *name)
{
    g_autoptr (GFile) from = g_file_new_for_path (fixture->original);
    char *path = g_build_filename (fixture->path, name, NULL);
    g_autoptr (GFile) to = g_file_new_for_path (path);

    g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
    return path;
}

/* Changes one byte in the middle, and nothing that can be seen from outside. */
static void
spoil (const char *path)
{
    struct stat status;
    g_autofd int fd = open (path, O_RDWR);
    guint8 byte;

    g_assert_no_errno (fstat (fd, &status));
    g_assert_cmpint (pread (fd, &byte, 1, status.st_size / 2), ==, 1);
    byte ^= 1;
    g_assert_cmpint (pwrite (fd, &byte, 1, status.st_size / 2), ==, 1);
    g_assert_no_errno (futimens (fd, (struct timespec[]) { status.st_atim, status.st_mtim }));
}

/* Puts the original there by way of a download's end. */
static char *
take (Fixture *fixture, PrFirmware *firmware)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrFileLock) lock = pr_firmware_folder_lock (fixture->folder, firmware, &error);
    g_assert_no_error (error);
    g_autoptr (PrPartial) partial = pr_firmware_folder_open_partial (fixture->folder, firmware, &error);
    g_autofree char *bytes = NULL;
    gsize length;
    const PrPartialMarks marks = { .size = pr_firmware_get_facts (firmware)->size };

    g_assert_no_error (error);
    g_assert_true (g_file_get_contents (fixture->original, &bytes, &length, NULL));
    g_assert_true (pr_partial_begin (partial, &marks, &error));
    g_assert_true (pr_partial_append (partial, bytes, length, &error));
    g_assert_true (pr_partial_check (partial, NULL, &error));
    char *path = pr_firmware_folder_take (fixture->folder, firmware, partial, &error);
    g_assert_no_error (error);
    return path;
}

static void
assert_found (Fixture *fixture, const char *path)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *found = pr_firmware_folder_find (fixture->folder, fixture->firmware, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (found, ==, path);
}

/* --- Recognizing --- */

static void
test_dropped_in (Fixture *fixture, gconstpointer data)
{
    assert_found (fixture, NULL);
    g_autofree char *path = drop_in (fixture, "from a memory stick.ipsw");
    assert_found (fixture, path);
    /* by its stamp now */
    assert_found (fixture, path);
    g_autoptr (GPtrArray) files = pr_firmware_folder_list (fixture->folder);
    g_assert_cmpuint (files->len, ==, 1);
    const PrFirmwareFile *file = files->pdata[0];
    g_assert_cmpstr (file->version, ==, "17.6.1");
    g_assert_cmpstr (file->build, ==, "21G93");
    g_assert_cmpuint (file->size, ==, pr_firmware_get_facts (fixture->firmware)->size);
    g_assert_false (file->downloaded);
    g_assert_false (file->in_use);
}

/* Apple's list says no sizes: then the manifest tells which files to look at. */
static void
test_size_unknown (Fixture *fixture, gconstpointer data)
{
    PrFirmwareFacts facts = *pr_firmware_get_facts (fixture->firmware);
    g_autofree char *path = drop_in (fixture, "a.ipsw");

    facts.size = 0;
    g_autoptr (PrFirmware) firmware = pr_firmware_new (&facts);
    facts.build = "21G94";
    g_autoptr (PrFirmware) other = pr_firmware_new (&facts);
    g_autofree char *found = pr_firmware_folder_find (fixture->folder, firmware, NULL, NULL);
    g_autofree char *nothing = pr_firmware_folder_find (fixture->folder, other, NULL, NULL);
    g_assert_cmpstr (found, ==, path);
    g_assert_null (nothing);
}

static void
test_spoiled (Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = drop_in (fixture, "a.ipsw");

    spoil (path);
    assert_found (fixture, NULL);
    /* and once it had been right, too */
    g_autofree char *other = drop_in (fixture, "b.ipsw");
    assert_found (fixture, other);
    spoil (other);
    assert_found (fixture, NULL);
}

static void
test_not_ours_to_trust (Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = drop_in (fixture, "text.ipsw");
    g_autofree char *pipe = g_build_filename (fixture->path, "pipe.ipsw", NULL);
    g_autofree char *link = g_build_filename (fixture->path, "link.ipsw", NULL);
    g_autofree char *hidden = drop_in (fixture, ".hidden.ipsw");

    g_assert_true (g_file_set_contents (text, "hello", -1, NULL));
    g_assert_no_errno (mkfifo (pipe, 0600));
    g_assert_no_errno (symlink ("/nowhere", link));
    assert_found (fixture, NULL);
    g_autoptr (GPtrArray) files = pr_firmware_folder_list (fixture->folder);
    g_assert_cmpuint (files->len, ==, 1);
    g_assert_null (((PrFirmwareFile *) files->pdata[0])->build);
    g_assert_cmpuint (pr_firmware_folder_clean (fixture->folder, 0), ==, 0);
    g_assert_true (g_file_test (hidden, G_FILE_TEST_EXISTS));
}

/* A person's file of the same name is not replaced. */
static void
test_same_name (Fixture *fixture, gconstpointer data)
{
    g_autofree char *theirs = drop_in (fixture, pr_firmware_get_file_name (fixture->firmware));

    spoil (theirs);
    g_autofree char *path = take (fixture, fixture->firmware);
    g_assert_true (g_str_has_suffix (path, "_Restore-2.ipsw"));
    g_assert_true (g_file_test (theirs, G_FILE_TEST_EXISTS));
    assert_found (fixture, path);
}

/* --- Cleaning --- */

static PrFirmware *
rename_firmware (Fixture *fixture, guint number)
{
    PrFirmwareFacts facts = *pr_firmware_get_facts (fixture->firmware);
    g_autofree char *address = g_strdup_printf ("https://localhost/%u.ipsw", number);

    facts.address = address;
    return pr_firmware_new (&facts);
}

static gboolean
exists (const char *path)
{
    return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_clean (Fixture *fixture, gconstpointer data)
{
    guint64 size = pr_firmware_get_facts (fixture->firmware)->size;
    g_autofree char *theirs = drop_in (fixture, "theirs.ipsw");
    char *paths[3];

    for (guint i = 0; i < 3; i++) {
        g_autoptr (PrFirmware) firmware = rename_firmware (fixture, i);

        paths[i] = take (fixture, firmware);
        g_usleep (1100 * G_TIME_SPAN_MILLISECOND); /* ages are in seconds */
    }
    g_autoptr (PrFileLock) use = pr_firmware_folder_use (fixture->folder, paths[0], NULL);
    g_assert_nonnull (use);
    g_assert_cmpuint (pr_firmware_folder_clean (fixture->folder, 4 * size), ==, 0);
    /* the first was used last, so the second is the oldest */
    g_assert_cmpuint (pr_firmware_folder_clean (fixture->folder, 3 * size), ==, size);
    g_assert_true (exists (paths[0]) && !exists (paths[1]) && exists (paths[2]) && exists (theirs));
    /* what is in use stays, and so does what a person put there */
    g_assert_cmpuint (pr_firmware_folder_clean (fixture->folder, 0), ==, size);
    g_assert_true (exists (paths[0]) && !exists (paths[2]) && exists (theirs));
    g_clear_pointer (&use, pr_file_lock_free);
    g_assert_cmpuint (pr_firmware_folder_clean (fixture->folder, 0), ==, size);
    g_assert_true (!exists (paths[0]) && exists (theirs));
    for (guint i = 0; i < 3; i++)
        g_free (paths[i]);
}

/* Where a download was, a person has put a file of theirs: it is not ours any more. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = take (fixture, fixture->firmware);

    g_assert_no_errno (g_unlink (path));
    g_autofree char *theirs = drop_in (fixture, pr_firmware_get_file_name (fixture->firmware));
    g_assert_cmpstr (theirs, ==, path);
    g_assert_cmpuint (pr_firmware_folder_clean (fixture->folder, 0), ==, 0);
    g_assert_true (exists (path));
    assert_found (fixture, path);
}

static void
test_old_parts (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GError) error = NULL;
    const PrPartialMarks marks = { .size = 1000 };
    g_autofree char *path =
        g_strdup_printf ("%s/.phone-reset/%s.part", fixture->path, pr_firmware_get_file_name (fixture->firmware));
    gint64 old = g_get_real_time () / G_USEC_PER_SEC - 31 * 24 * 60 * 60;
    const struct timespec times[] = { { old, 0 }, { old, 0 } };
    g_autoptr (PrFileLock) lock = pr_firmware_folder_lock (fixture->folder, fixture->firmware, &error);
    g_autoptr (PrPartial) partial = pr_firmware_folder_open_partial (fixture->folder, fixture->firmware, &error);

    g_assert_true (pr_partial_begin (partial, &marks, &error));
    g_assert_true (pr_partial_append (partial, "some", 4, &error));
    pr_firmware_folder_clean (fixture->folder, 0);
    g_assert_true (exists (path));
    g_assert_no_errno (utimensat (AT_FDCWD, path, times, 0));
    pr_firmware_folder_clean (fixture->folder, 0);
    g_assert_true (exists (path)); /* somebody is at it */
    g_clear_pointer (&lock, pr_file_lock_free);
    pr_firmware_folder_clean (fixture->folder, 0);
    g_assert_false (exists (path));
}

/* --- Locks --- */

static void
test_locks (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GError) busy = NULL, error = NULL, gone = NULL;
    g_autoptr (PrFileLock) lock = pr_firmware_folder_lock (fixture->folder, fixture->firmware, &error);

    g_assert_no_error (error);
    g_assert_null (pr_firmware_folder_lock (fixture->folder, fixture->firmware, &busy));
    g_assert_error (busy, G_IO_ERROR, G_IO_ERROR_BUSY);
    g_autofree char *path = drop_in (fixture, "a.ipsw");
    g_autoptr (PrFileLock) one = pr_firmware_folder_use (fixture->folder, path, &error);
    g_autoptr (PrFileLock) other = pr_firmware_folder_use (fixture->folder, path, &error);
    g_assert_no_error (error);
    g_autoptr (GPtrArray) files = pr_firmware_folder_list (fixture->folder);
    g_assert_true (((PrFirmwareFile *) files->pdata[0])->in_use);
    g_assert_no_errno (g_unlink (path));
    g_assert_null (pr_firmware_folder_use (fixture->folder, path, &gone));
    g_assert_error (gone, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
    g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    add ("/firmware-folder/dropped-in", test_dropped_in);
    add ("/firmware-folder/size-unknown", test_size_unknown);
    add ("/firmware-folder/spoiled", test_spoiled);
    add ("/firmware-folder/not-ours-to-trust", test_not_ours_to_trust);
    add ("/firmware-folder/same-name", test_same_name);
    add ("/firmware-folder/clean", test_clean);
    add ("/firmware-folder/replaced", test_replaced);
    add ("/firmware-folder/old-parts", test_old_parts);
    add ("/firmware-folder/locks", test_locks);
    return g_test_run ();
}
