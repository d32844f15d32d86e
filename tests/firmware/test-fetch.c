// SPDX-License-Identifier: GPL-3.0-or-later
#include "shop.h"

#include <string.h>

#define MIB (1024 * 1024)
#define NUMBERS "[server]\nsize-mib=8\n"

/* --- What arrives --- */

static void
test_whole (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open ("");
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autofree char *path = shop_fetch (shop, firmware, &error);

    g_assert_no_error (error);
    shop_assert_file (path, firmware);
    g_assert_cmpuint (shop_get_sent (shop), ==, pr_firmware_get_facts (firmware)->size);
    g_assert_cmpuint (shop_count_files (shop, ".part") + shop_count_files (shop, ".marks"), ==, 0);
    g_autofree char *again = shop_fetch (shop, firmware, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (again, ==, path);
    g_assert_cmpuint (pr_test_phone_log_count (shop->phone, "download-request", NULL), ==, 1);
}

/* Servers and the ways in which an answer ends early; how often it must be asked; whether the file arrives whole. */
static const struct {
    const char *name;
    const char *scenario;
    guint requests;
    gboolean arrives;
} cuts[] = {
    { "cut 32 times", "[server]\nsize-mib=32\n[faults]\ndownload-cut=1040000\n", 33, TRUE },
    { "cut at the last byte", NUMBERS "[faults]\ndownload-cut=8388607\n", 2, TRUE },
    { "a weak mark and a date", NUMBERS "etag=weak\n[faults]\ndownload-cut=3000000\n", 3, TRUE },
    { "only a mark", NUMBERS "last-modified=false\n[faults]\ndownload-cut=3000000\n", 3, TRUE },
    { "no mark at all", NUMBERS "etag=none\nlast-modified=false\n[faults]\ndownload-cut=3000000\n", 3, TRUE },
    { "no ranges", NUMBERS "ranges=false\n[faults]\ndownload-cut=3000000\n", 4, FALSE },
    { "stands still", NUMBERS "[faults]\ndownload-stalls=3000000\n", 3, TRUE },
    { "sent on once", NUMBERS "[faults]\ndownload-redirect=again\n", 1, TRUE },
    { "a drop at a time", NUMBERS "[faults]\ndownload-cut=1000\n", 6, FALSE },
};

static void
test_cuts (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (cuts); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (Shop) shop = shop_open (cuts[i].scenario);
        g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
        g_autofree char *path = shop_fetch (shop, firmware, &error);
        guint requests = pr_test_phone_log_count (shop->phone, "download-request", NULL);

        g_test_message ("%s: %u requests, %" G_GUINT64_FORMAT " bytes, %s", cuts[i].name, requests,
                        shop_get_sent (shop), path != NULL ? path : error->message);
        g_assert_cmpuint (requests, ==, cuts[i].requests);
        g_assert_cmpint (path != NULL, ==, cuts[i].arrives);
        if (path == NULL) {
            g_assert_error (error, PR_ERROR, PR_ERROR_NO_DOWNLOAD);
            g_assert_cmpuint (shop_count_files (shop, ".ipsw"), ==, 0);
            continue;
        }
        shop_assert_file (path, firmware);
        g_assert_cmpuint (shop_get_sent (shop), <=, pr_firmware_get_facts (firmware)->size + (requests - 1) * MIB);
    }
}

/* --- What does not --- */

static const struct {
    const char *faults;
    PrError code;
    guint parts; /* that are kept, to be continued */
} refusals[] = {
    { "download-digest=\n", PR_ERROR_WRONG_DOWNLOAD, 0 },
    { "download-length=8388600\n", PR_ERROR_WRONG_DOWNLOAD, 1 },
    { "download-length=8388700\n", PR_ERROR_WRONG_DOWNLOAD, 1 },
    { "download-status=403\n", PR_ERROR_FILE_WITHDRAWN, 1 },
    { "download-status=404\n", PR_ERROR_FILE_WITHDRAWN, 1 },
    { "download-status=410\n", PR_ERROR_FILE_WITHDRAWN, 1 },
    { "download-status=407\n", PR_ERROR_NO_DOWNLOAD, 1 },
    { "download-status=503\n", PR_ERROR_NO_DOWNLOAD, 1 },
    { "download-status=511\n", PR_ERROR_SIGN_IN_FIRST, 1 },
    { "download-redirect=http\n", PR_ERROR_UNTRUSTED_SERVER, 1 },
    { "download-redirect=loop\n", PR_ERROR_NO_DOWNLOAD, 1 },
    { "download-cut=0\n", PR_ERROR_NO_DOWNLOAD, 1 },
};

static void
test_refusals (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *scenario = g_strconcat (NUMBERS "[faults]\n", refusals[i].faults, NULL);
        g_autoptr (Shop) shop = shop_open (scenario);
        g_autoptr (PrFirmware) firmware = shop_get_newest (shop);

        g_assert_null (shop_fetch (shop, firmware, &error));
        g_test_message ("%s: %s", refusals[i].faults, error->message);
        g_assert_error (error, PR_ERROR, (int) refusals[i].code);
        g_assert_cmpuint (shop_count_files (shop, ".ipsw"), ==, 0);
        g_assert_cmpuint (shop_count_files (shop, ".part"), ==, refusals[i].parts);
    }
}

/* Faults that the lists meet too: the version is known from before. */
static const struct {
    const char *fault;
    PrError code;
} worse[] = {
    { "download-certificate expired", PR_ERROR_UNTRUSTED_SERVER },
    { "download-certificate other-name", PR_ERROR_UNTRUSTED_SERVER },
    { "download-certificate self-signed", PR_ERROR_UNTRUSTED_SERVER },
    { "captive-portal", PR_ERROR_SIGN_IN_FIRST },
    { "servers-down", PR_ERROR_NO_DOWNLOAD },
};

typedef struct {
    PrFetch *fetch;
    GCancellable *cancellable;
    guint64 at;
    gint64 stopped;
    guint paused;
    guint64 done;
    gboolean backwards;
    double speed;
    double seconds_left;
} Watch;

static void
stop_cb (const PrFetchProgress *progress, gpointer data)
{
    Watch *watch = data;

    if (progress->done < watch->at || watch->stopped != 0)
        return;
    watch->stopped = g_get_monotonic_time ();
    g_cancellable_cancel (watch->cancellable);
}

static void
fetch_half (Shop *shop, PrFirmware *firmware)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrFetch) fetch = pr_fetch_new (shop->web, shop->folder, firmware);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Watch watch = { .cancellable = cancellable, .at = 4 * MIB };

    pr_test_phone_tell (shop->phone, "fault download-slow 16384");
    pr_fetch_set_progress_func (fetch, stop_cb, &watch);
    g_assert_null (pr_fetch_run (fetch, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    pr_test_phone_tell (shop->phone, "mend download-slow");
}

/* Half of it has come; then the fault; then it is mended, and only the other half is fetched. */
static void
test_mended (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (worse); i++) {
        g_autoptr (GError) error = NULL, failure = NULL;
        g_autoptr (Shop) shop = shop_open (NUMBERS);
        g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
        g_autofree char *name = g_strndup (worse[i].fault, strcspn (worse[i].fault, " "));

        fetch_half (shop, firmware);
        guint64 sent = shop_get_sent (shop);
        pr_test_phone_tell (shop->phone, "fault %s", worse[i].fault);
        g_assert_null (shop_fetch (shop, firmware, &failure));
        g_test_message ("%s: %s", worse[i].fault, failure->message);
        g_assert_error (failure, PR_ERROR, (int) worse[i].code);
        g_assert_cmpuint (shop_get_sent (shop), <=, sent + MIB);
        pr_test_phone_tell (shop->phone, "mend %s", name);
        g_autofree char *path = shop_fetch (shop, firmware, &error);
        g_assert_no_error (error);
        shop_assert_file (path, firmware);
        g_assert_cmpuint (shop_get_sent (shop), <=, 9 * MIB);
    }
}

/* A server that is busy is asked again when it says, not before. */
static void
test_retry_after (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open (NUMBERS);
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    gint64 start = g_get_monotonic_time ();

    pr_test_phone_tell (shop->phone, "fault download-status 503 2");
    g_assert_null (shop_fetch (shop, firmware, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NO_DOWNLOAD);
    g_assert_cmpint (g_get_monotonic_time () - start, >=, 10 * G_USEC_PER_SEC);
    g_assert_cmpuint (pr_test_phone_log_count (shop->phone, "web-request", NULL), ==,
                      2 + 6 + 1); /* lists, tries, probe */
}

/* --- A file that changes --- */

/* (transfer full): what the lists say of the file that takes the place of the first. */
static char *
get_second_digest (void)
{
    g_autoptr (Shop) shop = shop_open (NUMBERS "[faults]\ndownload-changes=1\n");
    g_autoptr (PrFirmware) first = shop_get_newest (shop);
    g_autoptr (GError) error = NULL;

    /* by the time that all of it is there it is the second */
    g_assert_null (shop_fetch (shop, first, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_WRONG_DOWNLOAD);
    g_autoptr (PrFirmware) second = shop_get_newest (shop);
    g_assert_cmpstr (pr_firmware_get_facts (first)->digest, !=, pr_firmware_get_facts (second)->digest);
    return g_strdup (pr_firmware_get_facts (second)->digest);
}

/* Three quarters are there when another file takes its place; the server's marks say so, or it does not look at ours,
 * or there are none and only the digest tells. */
static void
test_changes (void)
{
    static const char *const servers[] = {
        "[faults]\ndownload-changes=6291456\n",
        "[faults]\ndownload-changes=6291456\ndownload-ignores-if-range=\n",
        "etag=none\n[faults]\ndownload-changes=6291456\ndownload-ignores-if-range=\n",
        "etag=none\nlast-modified=false\n[faults]\ndownload-changes=6291456\n",
    };
    g_autofree char *digest = get_second_digest ();

    for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *scenario = g_strconcat (NUMBERS, servers[i], NULL);
        g_autoptr (Shop) shop = shop_open (scenario);
        g_autoptr (PrFirmware) first = shop_get_newest (shop);
        PrFirmwareFacts facts = *pr_firmware_get_facts (first);

        facts.digest = digest;
        g_autoptr (PrFirmware) second = pr_firmware_new (&facts);
        g_autofree char *path = shop_fetch (shop, second, &error);
        g_assert_no_error (error);
        shop_assert_file (path, second);
        g_test_message ("%u: %" G_GUINT64_FORMAT " bytes", i, shop_get_sent (shop));
        g_assert_cmpuint (shop_get_sent (shop), >=, facts.size + 6 * MIB);
    }
}

/* --- Stop, pause, go on --- */

static void
test_cancelled (void)
{
    g_autoptr (GError) error = NULL, cancelled = NULL;
    g_autoptr (Shop) shop = shop_open (NUMBERS "[faults]\ndownload-slow=4096\n");
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (PrFetch) fetch = pr_fetch_new (shop->web, shop->folder, firmware);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Watch watch = { .cancellable = cancellable, .at = 2 * MIB };

    pr_fetch_set_progress_func (fetch, stop_cb, &watch);
    g_assert_null (pr_fetch_run (fetch, cancellable, &cancelled));
    g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint (g_get_monotonic_time () - watch.stopped, <, 2 * G_USEC_PER_SEC);
    g_assert_cmpuint (shop_count_files (shop, ".part"), ==, 1);
    pr_test_phone_tell (shop->phone, "mend download-slow");
    g_autofree char *path = shop_fetch (shop, firmware, &error);
    g_assert_no_error (error);
    shop_assert_file (path, firmware);
    g_assert_cmpuint (shop_get_sent (shop), <=, 9 * MIB);
    g_assert_true (pr_test_phone_log_has (shop->phone, "download-request", "partial", "yes", NULL));
}

/* A silent server does not hold up who wants to stop. */
static gpointer
cancel_later (gpointer cancellable)
{
    g_usleep (G_USEC_PER_SEC / 2);
    g_cancellable_cancel (cancellable);
    return NULL;
}

static void
test_cancelled_in_silence (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open_with (NUMBERS "[faults]\ndownload-stalls=0\n", 30);
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (PrFetch) fetch = pr_fetch_new (shop->web, shop->folder, firmware);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    gint64 start = g_get_monotonic_time ();
    GThread *thread = g_thread_new ("cancel", cancel_later, cancellable);

    g_assert_null (pr_fetch_run (fetch, cancellable, &error));
    g_thread_join (thread);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

static gpointer
unpause_later (gpointer fetch)
{
    g_usleep (G_USEC_PER_SEC);
    pr_fetch_set_paused (fetch, FALSE);
    return NULL;
}

static void
pause_cb (const PrFetchProgress *progress, gpointer data)
{
    Watch *watch = data;

    watch->backwards |= progress->state == PR_FETCH_RECEIVING && progress->done < watch->done;
    watch->done = MAX (watch->done, progress->done);
    watch->speed = MAX (watch->speed, progress->speed);
    watch->seconds_left = MAX (watch->seconds_left, progress->seconds_left);
    watch->paused += progress->state == PR_FETCH_PAUSED;
    if (progress->state != PR_FETCH_RECEIVING || progress->done < watch->at || watch->stopped != 0)
        return;
    watch->stopped = 1;
    pr_fetch_set_paused (watch->fetch, TRUE);
    g_thread_unref (g_thread_new ("unpause", unpause_later, watch->fetch));
}

static void
test_paused (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open (NUMBERS "[faults]\ndownload-slow=4096\n");
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (PrFetch) fetch = pr_fetch_new (shop->web, shop->folder, firmware);
    Watch watch = { .fetch = fetch, .at = 6 * MIB };

    pr_fetch_set_progress_func (fetch, pause_cb, &watch);
    g_autofree char *path = pr_fetch_run (fetch, NULL, &error);
    g_assert_no_error (error);
    shop_assert_file (path, firmware);
    g_assert_cmpuint (pr_test_phone_log_count (shop->phone, "download-request", NULL), ==, 2);
    g_assert_cmpuint (watch.paused, >=, 5);
    g_assert_false (watch.backwards);
    g_assert_cmpfloat (watch.speed, >, 1.0 * MIB);
    g_assert_cmpfloat (watch.speed, <, 8.0 * MIB);
    g_assert_cmpfloat (watch.seconds_left, >, 0.1);
    g_assert_cmpfloat (watch.seconds_left, <, 8);
    g_assert_cmpuint (shop_get_sent (shop), <=, 10 * MIB);
}

/* --- Proxies --- */

static void
test_proxy (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open (NUMBERS);
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (GProxyResolver) proxies =
        g_simple_proxy_resolver_new (pr_test_phone_environment (shop->phone, "WEB_PROXY"), NULL);
    g_autoptr (GTlsDatabase) trust =
        g_tls_file_database_new (pr_test_phone_environment (shop->phone, "WEB_AUTHORITY"), NULL);
    g_autoptr (PrWeb) web = g_object_new (PR_TYPE_WEB, "trust", trust, "proxies", proxies, "probe", NULL, NULL);
    g_autoptr (PrFetch) fetch = pr_fetch_new (web, shop->folder, firmware);
    g_autofree char *path = pr_fetch_run (fetch, NULL, &error);

    g_assert_no_error (error);
    shop_assert_file (path, firmware);
    g_assert_cmpuint (pr_test_phone_log_count (shop->phone, "web-request", "method", "CONNECT", NULL), ==, 1);
}

/* A computer whose own authorities do not know the server takes nothing from it. */
static void
test_own_authorities (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open (NUMBERS);
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (GProxyResolver) direct = g_simple_proxy_resolver_new ("direct://", NULL);
    g_autoptr (PrWeb) web = g_object_new (PR_TYPE_WEB, "proxies", direct, "probe", NULL, NULL);
    g_autoptr (PrFetch) fetch = pr_fetch_new (web, shop->folder, firmware);

    g_assert_null (pr_fetch_run (fetch, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_UNTRUSTED_SERVER);
    g_assert_cmpuint (shop_get_sent (shop), ==, 0);
}

/* --- The scenarios of the guides --- */

static const PrError codes[] = { PR_ERROR_NO_VERSIONS,    PR_ERROR_NO_DOWNLOAD,   PR_ERROR_FILE_WITHDRAWN,
                                 PR_ERROR_WRONG_DOWNLOAD, PR_ERROR_SIGN_IN_FIRST, PR_ERROR_UNTRUSTED_SERVER };

/* Each code of this layer has a scenario of its name, in which it is what the person hears. */
static void
test_scenarios (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (Shop) shop = shop_open_named (pr_error_get_nick (codes[i]));
        g_autoptr (GPtrArray) versions = pr_catalog_list (shop->catalog, "iPhone14,7", NULL, NULL, &error);

        if (versions != NULL)
            g_assert_null (shop_fetch (shop, versions->pdata[0], &error));
        g_test_message ("%s: %s", pr_error_get_nick (codes[i]), error->message);
        g_assert_error (error, PR_ERROR, (int) codes[i]);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/fetch/whole", test_whole);
    g_test_add_func ("/fetch/cuts", test_cuts);
    g_test_add_func ("/fetch/refusals", test_refusals);
    g_test_add_func ("/fetch/mended", test_mended);
    g_test_add_func ("/fetch/retry-after", test_retry_after);
    g_test_add_func ("/fetch/changes", test_changes);
    g_test_add_func ("/fetch/cancelled", test_cancelled);
    g_test_add_func ("/fetch/cancelled-in-silence", test_cancelled_in_silence);
    g_test_add_func ("/fetch/paused", test_paused);
    g_test_add_func ("/fetch/proxy", test_proxy);
    g_test_add_func ("/fetch/own-authorities", test_own_authorities);
    g_test_add_func ("/fetch/scenarios", test_scenarios);
    return g_test_run ();
}
