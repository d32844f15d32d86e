/* pr-ipsw-tool FILE…: reads system files as the program does, each in the same process, and prints for all of them what
 * it took: "SECONDS KIB NICK", where NICK is that of the last error or "good". A process of its own, so that nothing
 * else counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-error.h"
#include "pr-ipsw.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* KiB, the most that this process had since it was started as this program. */
static long
get_memory (void)
{
    g_autofree char *text = NULL;
    long memory = -1;

    g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
    const char *line = strstr (text, "VmHWM:");
    g_assert_cmpint (line != NULL ? sscanf (line, "VmHWM: %ld kB", &memory) : 0, ==, 1);
    return memory;
}

static double
get_seconds (void)
{
    struct timespec time;

    g_assert_no_errno (clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time));
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static void
read_file (const char *path, GError **error)
{
    g_autoptr (PrIpsw) ipsw = pr_ipsw_open (path, NULL, error);

    if (ipsw != NULL && pr_ipsw_check (ipsw, "iPhone14,7", "d27ap", TRUE, error))
        pr_ipsw_check (ipsw, "iPhone14,7", "d27ap", FALSE, error);
}

int
main (int argc, char **argv)
{
    g_autoptr (GError) error = NULL;

    for (int i = 1; i < argc; i++) {
        g_clear_error (&error);
        read_file (argv[i], &error);
    }
    g_print ("%.3f %ld %s\n", get_seconds (), get_memory (),
             error == NULL               ? "good"
             : error->domain == PR_ERROR ? pr_error_get_nick ((PrError) error->code)
                                         : "unreadable");
    return 0;
}
