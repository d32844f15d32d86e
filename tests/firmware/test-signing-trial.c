/* A signing request on trial: what the server is asked, and what follows from each of its answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-plist.h"
#include "pr-signing-request.h"
#include "pr-signing-trial.h"
#include "shop.h"
#include "tool-bed.h"

#define ECID G_GUINT64_CONSTANT (0x001122334455667A)

static Shop *shop; /* of all cases */
static const PrSigningTrial erase = { .ecid = ECID, .board = "d27ap" };
static const PrSigningTrial update = { .ecid = ECID, .board = "d27ap", .keep_data = TRUE };

static PrIpsw *
open_system (void)
{
    g_autofree char *path = bed_find_system (shop->phone);
    g_autoptr (GError) error = NULL;
    PrIpsw *ipsw = pr_ipsw_open (path, NULL, &error);

    g_assert_no_error (error);
    return ipsw;
}

static gboolean
try (const PrSigningTrial *trial, GError **error)
{
    g_autoptr (PrIpsw) ipsw = open_system ();

    return pr_signing_trial_run (trial, ipsw, shop->web,
                                 pr_test_phone_environment (shop->phone, "SECURE_SIGNING_SERVER"), NULL, error);
}

/* What is asked on trial is what the relay would let pass, and what keeps data is another thing than what erases. */
static void
test_request (void)
{
    g_autoptr (PrIpsw) ipsw = open_system ();
    g_autoptr (GError) error = NULL;
    g_autoptr (GHashTable) digests = pr_ipsw_get_digests (ipsw, "d27ap", TRUE, &error);
    const PrSigningWanted wanted = { .ecid = ECID, .digests = digests };
    g_autoptr (GBytes) keeping = pr_signing_trial_write (&update, ipsw, &error);
    g_autoptr (GBytes) erasing = pr_signing_trial_write (&erase, ipsw, &error);

    g_assert_no_error (error);
    g_assert_true (pr_signing_request_check (keeping, &wanted, &error));
    g_assert_no_error (error);
    g_assert_false (pr_signing_request_check (erasing, &wanted, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_WOULD_ERASE);
}

/* Every number and every part that the real tool names for the same phone and file, and no other. */
static void
test_parts (void)
{
    g_autoptr (PrIpsw) ipsw = open_system ();
    g_autoptr (GBytes) text = pr_signing_trial_write (&update, ipsw, NULL);
    gsize length;
    const char *data = g_bytes_get_data (text, &length);
    g_auto (plist_t) request = pr_plist_from_memory (data, length);
    plist_t part = pr_plist_get_item (request, "RestoreRamDisk", PLIST_DICT);
    guint64 number = 0, bytes = 0;

    g_assert_true (pr_plist_get_number (request, "ApChipID", &number));
    g_assert_cmphex (number, ==, 0x8110);
    g_assert_true (pr_plist_get_number (request, "ApECID", &number));
    g_assert_cmphex (number, ==, ECID);
    plist_get_data_ptr (pr_plist_get_item (request, "ApNonce", PLIST_DATA), &bytes);
    g_assert_cmpuint (bytes, ==, 32);
    plist_get_data_ptr (pr_plist_get_item (request, "SepNonce", PLIST_DATA), &bytes);
    g_assert_cmpuint (bytes, ==, 20);
    g_assert_cmpint (pr_plist_get_answer (part, "EPRO"), ==, PR_ANSWER_YES);
    g_assert_cmpint (pr_plist_get_answer (part, "ESEC"), ==, PR_ANSWER_YES);
    g_assert_null (plist_dict_get_item (part, "Info"));
    g_assert_nonnull (pr_plist_get_item (part, "Digest", PLIST_DATA));
    /* "OS" has neither a digest nor rules */
    g_assert_null (plist_dict_get_item (request, "OS"));
}

static void
test_granted (void)
{
    g_autoptr (GError) error = NULL;

    g_assert_true (try (&update, &error));
    g_assert_no_error (error);
    g_assert_true (try (&erase, &error));
    g_assert_no_error (error);
    g_assert_true (pr_test_phone_log_has (shop->phone, "signing-request", "ecid", "0x001122334455667a", NULL));
    /* the phone is none the wiser */
    g_assert_false (pr_test_phone_log_has (shop->phone, "enter-recovery", NULL));
}

static const struct {
    const char *fault;
    PrError code;
} faults[] = {
    { "signing-refuses 94", PR_ERROR_SIGNING_REFUSED },
    { "signing-refuses 69", PR_ERROR_SIGNING_REFUSED },
    { "signing-refuses 100", PR_ERROR_BAD_ANSWER },
    { "servers-down", PR_ERROR_NO_SIGNING },
    { "download-certificate self-signed", PR_ERROR_UNTRUSTED_SERVER },
    { "captive-portal", PR_ERROR_NO_SIGNING },
};

static void
test_faults (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_auto (GStrv) words = g_strsplit (faults[i].fault, " ", 2);
        g_autoptr (GError) error = NULL;

        pr_test_phone_tell (shop->phone, "fault %s", faults[i].fault);
        g_assert_false (try (&erase, &error));
        g_test_message ("%s: %s", faults[i].fault, error->message);
        g_assert_error (error, PR_ERROR, (int) faults[i].code);
        pr_test_phone_tell (shop->phone, "mend %s", words[0]);
    }
}

int
main (int argc, char **argv)
{
    int result;

    g_test_init (&argc, &argv, NULL);
    shop = shop_open ("");
    g_test_add_func ("/signing-trial/request", test_request);
    g_test_add_func ("/signing-trial/parts", test_parts);
    g_test_add_func ("/signing-trial/granted", test_granted);
    g_test_add_func ("/signing-trial/faults", test_faults);
    result = g_test_run ();
    shop_close (shop);
    return result;
}
