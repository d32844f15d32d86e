// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-ipsw.h"
#include "pr-signing-relay.h"
#include "shop.h"
#include "tool-bed.h"

#include <plist/plist.h>
#include <string.h>

#define ECID G_GUINT64_CONSTANT (0x001122334455667A)
#define PATIENCE 120 /* seconds for a restore */

/* --- A relay for the system made for the phone --- */

typedef struct {
    Shop *shop;
    char *path; /* of the system file */
    GHashTable *digests;
    PrSigningRelay *relay;
} Bed;

static Bed *
bed_open (const char *scenario, gboolean keep_data)
{
    g_autoptr (GError) error = NULL;
    Bed *self = g_new0 (Bed, 1);

    self->shop = shop_open (scenario);
    self->path = bed_find_system (self->shop->phone);
    g_autoptr (PrIpsw) ipsw = pr_ipsw_open (self->path, NULL, &error);
    g_assert_no_error (error);
    self->digests = pr_ipsw_get_digests (ipsw, "d27ap", keep_data, &error);
    g_assert_no_error (error);
    const PrSigningWanted wanted = { .ecid = ECID, .digests = self->digests };
    self->relay =
        pr_signing_relay_new (self->shop->web, pr_test_phone_environment (self->shop->phone, "SECURE_SIGNING_SERVER"),
                              &wanted, keep_data, &error);
    g_assert_no_error (error);
    return self;
}

static void
bed_close (Bed *self)
{
    pr_signing_relay_free (self->relay);
    g_hash_table_unref (self->digests);
    g_free (self->path);
    shop_close (self->shop);
    g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bed, bed_close)

/* --- Requests of our own --- */

static void
set_data (plist_t dict, const char *key, GBytes *bytes)
{
    plist_dict_set_item (dict, key, plist_new_data (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static GBytes *
make_request (GHashTable *digests, guint64 ecid)
{
    plist_t request = plist_new_dict ();
    g_autoptr (GBytes) nonce = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
    GHashTableIter iter;
    gpointer name, digest;
    char *xml = NULL;
    uint32_t length = 0;

    plist_dict_set_item (request, "@ApImg4Ticket", plist_new_bool (1));
    plist_dict_set_item (request, "ApECID", plist_new_uint (ecid));
    set_data (request, "ApNonce", nonce);
    set_data (request, "SepNonce", nonce);
    g_hash_table_iter_init (&iter, digests);
    while (g_hash_table_iter_next (&iter, &name, &digest)) {
        plist_t part = plist_new_dict ();

        if (g_str_equal (name, "UniqueBuildID")) {
            set_data (request, name, digest);
            plist_free (part);
            continue;
        }
        set_data (part, "Digest", digest);
        plist_dict_set_item (request, name, part);
    }
    plist_to_xml (request, &xml, &length);
    GBytes *bytes = g_bytes_new (xml, length);
    plist_mem_free (xml);
    plist_free (request);
    return bytes;
}

/* (transfer full): what the relay answers, "" where it answers with another status than 200 */
static char *
post (PrSigningRelay *relay, GBytes *request)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *address = g_strconcat (pr_signing_relay_get_address (relay), "/TSS/controller?action=2", NULL);
    g_autoptr (SoupSession) session = soup_session_new ();
    g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_POST, address);
    gsize length;

    soup_message_set_request_body_from_bytes (message, "text/xml", request);
    g_autoptr (GBytes) answer = soup_session_send_and_read (session, message, NULL, &error);
    g_assert_no_error (error);
    if (soup_message_get_status (message) != SOUP_STATUS_OK)
        return g_strdup ("");
    const char *text = g_bytes_get_data (answer, &length);
    return g_strndup (text, length);
}

static void
assert_failure (PrSigningRelay *relay, PrError code, const char *text)
{
    g_autoptr (GError) failure = pr_signing_relay_dup_failure (relay);

    g_test_message ("%s", failure != NULL ? failure->message : "no failure");
    g_assert_error (failure, PR_ERROR, (int) code);
    g_assert_nonnull (strstr (failure->message, text));
    g_assert_cmpuint (pr_signing_relay_get_n_tickets (relay), ==, 0);
}

static void
test_forwarded (void)
{
    g_autoptr (Bed) bed = bed_open ("", FALSE);
    g_autoptr (GBytes) request = make_request (bed->digests, ECID);
    g_autofree char *answer = post (bed->relay, request);

    g_assert_true (g_str_has_prefix (answer, "STATUS=0&MESSAGE=SUCCESS&REQUEST_STRING=<?xml"));
    g_assert_null (pr_signing_relay_dup_failure (bed->relay));
    g_assert_cmpuint (pr_signing_relay_get_n_tickets (bed->relay), ==, 1);
    g_assert_true (pr_test_phone_log_has (bed->shop->phone, "web-request", "path", "/TSS/controller?action=2", "secure",
                                          "yes", NULL));
}

/* Takes its time over it. */
static void
hear_cb (const GError *failure, gpointer heard)
{
    g_usleep (G_USEC_PER_SEC / 2);
    g_atomic_int_set ((int *) heard, failure != NULL ? failure->code : -1);
}

/* The tool may end as soon as it has its answer: by then it is known what that was. */
static void
test_heard_first (void)
{
    g_autoptr (Bed) bed = bed_open ("", FALSE);
    g_autoptr (GBytes) request = make_request (bed->digests, ECID), other = make_request (bed->digests, ECID + 1);
    g_autofree char *refusal = NULL, *ticket = NULL;
    int heard = -2;

    pr_signing_relay_set_func (bed->relay, hear_cb, &heard);
    refusal = post (bed->relay, other);
    g_assert_cmpint (g_atomic_int_get (&heard), ==, PR_ERROR_WRONG_PHONE);
    ticket = post (bed->relay, request);
    g_assert_cmpint (g_atomic_int_get (&heard), ==, -1);
}

static gpointer
allow_later (gpointer relay)
{
    g_usleep (G_USEC_PER_SEC);
    pr_signing_relay_allow (relay);
    return NULL;
}

static gpointer
refuse_later (gpointer relay)
{
    g_usleep (G_USEC_PER_SEC / 2);
    pr_signing_relay_refuse (relay);
    return NULL;
}

/* The ticket waits for the word; what was refused once stays so. */
static void
test_withheld (void)
{
    g_autoptr (Bed) bed = bed_open ("", TRUE), other = bed_open ("", TRUE);
    g_autoptr (GBytes) request = make_request (bed->digests, ECID);
    gint64 start = g_get_monotonic_time ();
    GThread *thread = g_thread_new ("allow", allow_later, bed->relay);
    g_autofree char *answer = post (bed->relay, request);

    g_thread_join (thread);
    g_assert_true (g_str_has_prefix (answer, "STATUS=0&"));
    g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC);
    thread = g_thread_new ("refuse", refuse_later, other->relay);
    g_autofree char *refused = post (other->relay, request);
    g_thread_join (thread);
    pr_signing_relay_allow (other->relay);
    g_autofree char *again = post (other->relay, request);
    g_assert_true (g_str_has_prefix (refused, "STATUS=100&"));
    g_assert_true (g_str_has_prefix (again, "STATUS=100&"));
    assert_failure (other->relay, PR_ERROR_WOULD_ERASE, "something else");
    g_assert_false (pr_test_phone_log_has (other->shop->phone, "signing-asked", NULL));
}

static void
test_other_requests (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Bed) bed = bed_open ("", TRUE);
    g_autoptr (PrIpsw) ipsw = pr_ipsw_open (bed->path, NULL, &error);
    g_autoptr (GHashTable) erasing = pr_ipsw_get_digests (ipsw, "d27ap", FALSE, &error);
    g_autoptr (GBytes) erase = make_request (erasing, ECID), neighbour = make_request (bed->digests, ECID + 1);
    g_autoptr (GBytes) nonsense = g_bytes_new_static ("<plist>", 7);

    g_assert_no_error (error);
    pr_signing_relay_allow (bed->relay);
    g_autofree char *one = post (bed->relay, erase);
    g_assert_true (g_str_has_prefix (one, "STATUS=100&"));
    assert_failure (bed->relay, PR_ERROR_WOULD_ERASE, "another");
    g_autofree char *two = post (bed->relay, neighbour);
    g_assert_true (g_str_has_prefix (two, "STATUS=100&"));
    assert_failure (bed->relay, PR_ERROR_WRONG_PHONE, "112233445566");
    g_autofree char *three = post (bed->relay, nonsense);
    g_assert_true (g_str_has_prefix (three, "STATUS=100&"));
    assert_failure (bed->relay, PR_ERROR_BAD_ANSWER, "");
    g_assert_false (pr_test_phone_log_has (bed->shop->phone, "signing-asked", NULL));
}

static const struct {
    const char *fault;
    PrError code;
    const char *text;
} faults[] = {
    { "signing-refuses 94", PR_ERROR_SIGNING_REFUSED, "STATUS=94&MESSAGE=This device isn't eligible" },
    { "servers-down", PR_ERROR_NO_SIGNING, "refused" },
    { "download-certificate self-signed", PR_ERROR_UNTRUSTED_SERVER, "certificate" },
    { "captive-portal", PR_ERROR_NO_SIGNING, "no sense" },
};

/* The tool is told what its server would have said; the reason is kept. */
static void
test_faults (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_autoptr (Bed) bed = bed_open ("", FALSE);
        g_autoptr (GBytes) request = make_request (bed->digests, ECID);

        pr_test_phone_tell (bed->shop->phone, "fault %s", faults[i].fault);
        g_autofree char *answer = post (bed->relay, request);
        g_assert_false (g_str_has_prefix (answer, "STATUS=0"));
        g_autoptr (GError) failure = pr_signing_relay_dup_failure (bed->relay);
        g_test_message ("%s: %s", faults[i].fault, failure->message);
        g_assert_error (failure, PR_ERROR, (int) faults[i].code);
        g_assert_nonnull (strstr (failure->message, faults[i].text));
    }
}

static gpointer
post_thread (gpointer data)
{
    Bed *bed = data;
    g_autoptr (GBytes) request = make_request (bed->digests, ECID);

    return post (bed->relay, request);
}

/* A relay that is not needed any more lets go of who waits. */
static void
test_ended (void)
{
    Bed *bed = bed_open ("", TRUE);
    GThread *thread = g_thread_new ("post", post_thread, bed);
    gint64 start;

    g_usleep (G_USEC_PER_SEC / 2);
    start = g_get_monotonic_time ();
    pr_signing_relay_refuse (bed->relay);
    g_free (g_thread_join (thread));
    bed_close (bed);
    g_assert_cmpint (g_get_monotonic_time () - start, <, 15 * G_USEC_PER_SEC);
}

/* --- The real tool --- */

static Tool *
start_tool (Bed *bed, const char *options)
{
    g_autofree char *command = g_strdup_printf ("stdbuf -oL idevicerestore -i " BED_ECID " -y -P -d -s %s%s %s",
                                                pr_signing_relay_get_address (bed->relay), options, bed->path);

    return tool_start (bed->shop->phone, command);
}

static void
test_update (void)
{
    g_autoptr (Bed) bed = bed_open ("[pace]\nseconds=3\n", TRUE);
    g_autoptr (Tool) tool = start_tool (bed, "");

    tool_wait_said (tool, "without erasing user data", PATIENCE);
    g_assert_cmpuint (pr_signing_relay_get_n_tickets (bed->relay), ==, 0);
    pr_signing_relay_allow (bed->relay);
    tool_expect (tool, PATIENCE, 0, "Status: Restore Finished");
    bed_expect_state (bed->shop->phone, "updated", "1", 10);
    bed_expect_state (bed->shop->phone, "data", "kept", 1);
    g_assert_cmpuint (pr_signing_relay_get_n_tickets (bed->relay), >=, 1);
}

/* An update that was started as something else, and nobody listens to what the tool says: no ticket, and the phone did
 * not even leave iOS. */
static void
test_erase_instead (void)
{
    g_autoptr (Bed) bed = bed_open ("[pace]\nseconds=3\n", TRUE);
    g_autoptr (Tool) tool = start_tool (bed, " -e");

    pr_signing_relay_allow (bed->relay);
    tool_wait_said (tool, "erase all device data", PATIENCE);
    g_assert_cmpint (tool_wait (tool, PATIENCE), !=, 0);
    assert_failure (bed->relay, PR_ERROR_WOULD_ERASE, "another");
    bed_expect_state (bed->shop->phone, "data", "kept", 1);
    bed_expect_state (bed->shop->phone, "mode", "normal", 1);
    bed_expect_state (bed->shop->phone, "restored", "0", 1);
    g_assert_false (pr_test_phone_log_has (bed->shop->phone, "signing-asked", NULL));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/signing-relay/forwarded", test_forwarded);
    g_test_add_func ("/signing-relay/heard-first", test_heard_first);
    g_test_add_func ("/signing-relay/withheld", test_withheld);
    g_test_add_func ("/signing-relay/other-requests", test_other_requests);
    g_test_add_func ("/signing-relay/faults", test_faults);
    g_test_add_func ("/signing-relay/ended", test_ended);
    g_test_add_func ("/signing-relay/update", test_update);
    g_test_add_func ("/signing-relay/erase-instead", test_erase_instead);
    return g_test_run ();
}
