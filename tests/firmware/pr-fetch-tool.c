/* pr-fetch-tool ADDRESS SIZE DIGEST FOLDER AUTHORITY: one download in a process of its own, for tests of several, and
 * to measure. Prints how much memory it took beyond what it had before, and then the path of the file, or the nick of
 * the error and its message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-error.h"
#include "pr-fetch.h"

#include <sys/resource.h>

static gboolean
print_state (PrFetchState *state, PrFetchState now)
{
    gboolean changed = *state != now;

    *state = now;
    return changed;
}

/* One line when the bytes begin to come, and one when it is another process's turn. */
static void
progress_cb (const PrFetchProgress *progress, gpointer state)
{
    if (!print_state (state, progress->state))
        return;
    if (progress->state == PR_FETCH_RECEIVING)
        g_print ("receiving\n");
    if (progress->state == PR_FETCH_OTHER)
        g_print ("other\n");
}

/* KiB, at most so far. */
static long
get_memory (void)
{
    struct rusage usage = { 0 };

    getrusage (RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static PrWeb *
make_web (const char *authority)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GTlsDatabase) trust = g_tls_file_database_new (authority, &error);
    g_autoptr (GProxyResolver) direct = g_simple_proxy_resolver_new ("direct://", NULL);

    if (trust == NULL)
        g_error ("%s", error->message);
    return g_object_new (PR_TYPE_WEB, "trust", trust, "proxies", direct, "probe", NULL, "patience", 2.0, NULL);
}

int
main (int argc, char **argv)
{
    g_autoptr (GError) error = NULL;
    PrFetchState state = PR_FETCH_CHECKING;

    if (argc != 6)
        g_error ("usage: pr-fetch-tool ADDRESS SIZE DIGEST FOLDER AUTHORITY");
    g_autoptr (PrFirmware) firmware = pr_firmware_new (&(PrFirmwareFacts) {
        .product_type = "iPhone14,7",
        .version = "17.6.1",
        .build = "21G93",
        .address = argv[1],
        .size = g_ascii_strtoull (argv[2], NULL, 10),
        .digest = argv[3],
    });
    g_autoptr (PrWeb) web = make_web (argv[5]);
    g_autoptr (PrFirmwareFolder) folder = pr_firmware_folder_new (argv[4]);
    g_autoptr (PrFetch) fetch = pr_fetch_new (web, folder, firmware);

    pr_fetch_set_progress_func (fetch, progress_cb, &state);
    long memory = get_memory ();
    g_autofree char *path = pr_fetch_run (fetch, NULL, &error);
    g_print ("memory %ld\n", get_memory () - memory);
    if (path != NULL)
        g_print ("%s\n", path);
    else
        g_print ("%s: %s\n", error->domain == PR_ERROR ? pr_error_get_nick ((PrError) error->code) : "other",
                 error->message);
    return path != NULL ? 0 : 1;
}
